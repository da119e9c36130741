/* One table of screens in their states, each drawn whole: what holds for every picture is asked of
 * every row, at every size, theme and text size (test_view_contrast.c, test_ui_room.c). A new
 * screen or state is a row. Include after cmocka.h.
 *
 * Ownership: stand_open/stand_close. Threads: the test's. */
#ifndef LOOPSCOPE_TESTS_VIEW_SCREENS_H
#define LOOPSCOPE_TESTS_VIEW_SCREENS_H

#include "view_panel_screens.h"

/* ---- the main screen ---- */

static inline void open_one(Stand *stand) {
    stand_run(stand, VIEW_THREE, 1);
}
static inline void open_two(Stand *stand) {
    stand_run(stand, VIEW_THREE, 2);
}
static inline void open_five(Stand *stand) {
    static const ViewTask TASKS[] = {
        VIEW_WRITER("write-a", 290, 374, 240), VIEW_WRITER("write-b", 350, 228, 210),
        VIEW_WRITER("write-c", 265, 250, 230), VIEW_WRITER("write-d", 300, 150, 200),
        VIEW_WRITER("write-e", 310, 160, 210)};
    stand_run(stand, TASKS, 5);
}
static inline void open_eight(Stand *stand) {
    static const ViewTask TASKS[] = {
        VIEW_WRITER("write-a", 290, 374, 240), VIEW_WRITER("write-b", 350, 228, 210),
        VIEW_WRITER("write-c", 265, 250, 230), VIEW_WRITER("write-d", 300, 150, 200),
        VIEW_WRITER("write-e", 310, 160, 210), VIEW_WRITER("write-f", 320, 170, 220),
        VIEW_WRITER("write-g", 330, 180, 230), VIEW_WRITER("write-h", 340, 190, 240)};
    stand_run(stand, TASKS, 8);
}
static inline void open_long_names(Stand *stand) {
    static const ViewTask TASKS[] = {
        VIEW_WRITER("the-writer-of-the-first-report", 290, 374, 240),
        VIEW_WRITER("the-writer-of-the-second-report", 350, 228, 210),
        {"a-sleeper-with-a-name-that-is-long", {{VIEW_SLEEP, 1234567890}, {VIEW_LOG, 0}}}};
    stand_run(stand, TASKS, 3);
}

static inline void open_three(Stand *stand) {
    stand_run(stand, VIEW_THREE, 3);
}
static inline void open_sleepers(Stand *stand) {
    stand_run(stand, VIEW_SLEEPERS, 3);
}
static inline void open_frozen(Stand *stand) {
    stand_run(stand, VIEW_FROZEN, 4);
}
static inline void open_shared(Stand *stand) {
    stand_over(stand, tapes_shared("io_uring"));
}
static inline void open_waits(Stand *stand) {
    stand_over(stand, tapes_waits("sim"));
}
static inline void open_ring(Stand *stand) {
    stand_over(stand, tapes_ring(3));
}
static inline void open_ring_of_eight(Stand *stand) {
    stand_over(stand, tapes_ring(8));
}
static inline void open_ring_of_forty(Stand *stand) {
    stand_over(stand, tapes_ring(40));
}
static inline void open_chain(Stand *stand) {
    stand_over(stand, tapes_chain(3, WAIT_EVENT));
}

static inline void open_crowd(Stand *stand) {
    stand_over(stand, tapes_crowd(23000));
    stand_at(stand, log_count(stand->show.log));
}

static inline void open_followed(Stand *stand) {
    open_ring_of_forty(stand);
    stand->show.input.followed[0] = 17;
    stand->show.input.followed[1] = 3;
    stand->show.input.followed_count = 2;
}

static inline void open_filtered(Stand *stand) {
    open_ring_of_forty(stand);
    filter_set(&stand->filter, "thinker?2");
    filter_follow(&stand->filter, stand->show.doc.timeline);
    stand->show.input.filter = &stand->filter;
    stand->show.input.filtering = true;
}

static inline void open_live(Stand *stand) {
    open_three(stand);
    stand->show.doc.live = true;
}

static inline void open_zoomed(Stand *stand) {
    open_three(stand);
    stand->show.input.span = view_zoom(&stand->show.doc, &stand->show.input, 400000, 0.2);
}

static inline void open_microseconds(Stand *stand) {
    open_three(stand);
    stand->show.input.span = view_zoom(&stand->show.doc, &stand->show.input, 400000, 0.001);
}

static inline void open_json(Stand *stand) {
    open_three(stand);
    stand->show.input.code_view = CODE_JSON;
}

static inline void open_code_drawer(Stand *stand) {
    open_three(stand);
    stand->show.input.code_drawer = true;
}

static inline void open_output_drawer(Stand *stand) {
    open_three(stand);
    stand->show.input.output_drawer = true;
}

static const ScreenRow SCREENS[] = {
    {"one", open_one, stand_main, SCREEN_AT_ONE_MOMENT},
    {"two", open_two, stand_main, SCREEN_AT_ONE_MOMENT},
    {"five", open_five, stand_main, SCREEN_AT_ALL_MOMENTS},
    {"eight", open_eight, stand_main, SCREEN_AT_ALL_MOMENTS},
    {"long names", open_long_names, stand_main, SCREEN_AT_ALL_MOMENTS | SCREEN_WITH_LONG_TEXTS},
    {"three", open_three, stand_main, SCREEN_AT_ALL_MOMENTS},
    {"sleepers", open_sleepers, stand_main, SCREEN_AT_ALL_MOMENTS},
    {"frozen", open_frozen, stand_main, SCREEN_AT_ALL_MOMENTS},
    {"shared", open_shared, stand_main, SCREEN_AT_ALL_MOMENTS},
    {"waits", open_waits, stand_main, SCREEN_AT_ALL_MOMENTS | SCREEN_WITH_LONG_TEXTS},
    {"ring", open_ring, stand_main, SCREEN_AT_ALL_MOMENTS},
    {"ring of eight", open_ring_of_eight, stand_main, SCREEN_AT_ALL_MOMENTS},
    {"chain", open_chain, stand_main, SCREEN_AT_ALL_MOMENTS},
    {"crowd", open_ring_of_forty, stand_main, SCREEN_AT_ALL_MOMENTS},
    {"crowd of thousands", open_crowd, stand_main, SCREEN_AT_ONE_MOMENT},
    {"followed", open_followed, stand_main, SCREEN_AT_ONE_MOMENT},
    {"filtered", open_filtered, stand_main, SCREEN_AT_ONE_MOMENT},
    {"live", open_live, stand_main, SCREEN_AT_ONE_MOMENT},
    {"zoomed", open_zoomed, stand_main, SCREEN_AT_ALL_MOMENTS},
    {"microseconds", open_microseconds, stand_main, SCREEN_AT_ONE_MOMENT},
    {"json", open_json, stand_main, SCREEN_AT_ONE_MOMENT},
    {"code drawer", open_code_drawer, stand_main, SCREEN_AT_ONE_MOMENT},
    {"output drawer", open_output_drawer, stand_main, SCREEN_AT_ONE_MOMENT},
    PANEL_SCREENS,
};

enum { SCREEN_ROWS = sizeof SCREENS / sizeof SCREENS[0] };

static inline void stand_open(Stand *stand, const ScreenRow *row, const Metrics *metrics) {
    *stand = (Stand){.metrics = metrics};
    row->open(stand);
}

static inline void stand_close(Stand *stand) {
    filter_finish(&stand->filter);
    event_filter_finish(&stand->events);
    diags_finish(&stand->problems);
    predict_finish(&stand->predict);
    if (stand->has_two) {
        two_close(&stand->two);
    }
    listing_finish(&stand->json);
    show_close(&stand->show);
}

/* Which moments of a row are looked at. */
static inline uint64_t stand_first(const Stand *stand, const ScreenRow *row) {
    return (row->kind & SCREEN_AT_ALL_MOMENTS) != 0 ? 0 : stand->show.player.cursor;
}
static inline uint64_t stand_last(const Stand *stand, const ScreenRow *row) {
    return (row->kind & SCREEN_AT_ALL_MOMENTS) != 0 ? log_count(stand->show.log)
                                                    : stand->show.player.cursor;
}

#endif
