/* A screen as it stands, for tests that ask the same of many: the run, what is shown of it, and the
 * functions that set it up. Include after cmocka.h.
 *
 * Ownership: stand_open/stand_close (view_screens.h). Threads: the test's. */
#ifndef LOOPSCOPE_TESTS_VIEW_STAND_H
#define LOOPSCOPE_TESTS_VIEW_STAND_H

#include "view_checks.h"
#include "view_tapes.h"
#include "view_two.h"

#include "view/controls.h"

enum { STAND_ITEMS = 21 };

/* What the input points to lives here, too. */
typedef struct Stand {
    Show show;
    Listing json;
    TaskFilter filter;
    EventFilter events;
    Predict predict;
    ExportSheet sheet;
    Two two; /* of the screen that compares */
    bool has_two;
    TwoWays ways; /* the same two, beside the timeline */
    WelcomeItem items[STAND_ITEMS];
    WelcomeInput welcome;
    Diags problems;
    bool sets_aside;        /* a veil lies on what it is not about: nobody reads there */
    bool floats;            /* a sheet or a tip lies over all of it, wherever words are */
    const Metrics *metrics; /* what the texts are measured with */
} Stand;

typedef enum ScreenKind {
    SCREEN_AT_ONE_MOMENT = 0, /* the one that open chose */
    SCREEN_AT_ALL_MOMENTS = 1,
    SCREEN_WITH_LONG_TEXTS = 2, /* some are longer than any place for them */
} ScreenKind;

typedef struct ScreenRow {
    const char *name;
    void (*open)(Stand *stand); /* fills stand->show, and sets the moment: player.cursor */
    void (*draw)(Stand *stand); /* the whole screen at that moment, into show.scene */
    unsigned kind;              /* ScreenKind, together */
} ScreenRow;

static inline void stand_main(Stand *stand) {
    Show *show = &stand->show;
    layout_make(&show->layout, show->input.width_px, show->input.height_px, show->input.text_scale);
    view_main(&show->scene, &show->doc, &show->input, stand->metrics);
}

static inline void stand_at(Stand *stand, uint64_t cursor) {
    stand->show.player.cursor = cursor;
    stand->show.player.phase = 1;
}

static inline void stand_run(Stand *stand, const ViewTask *tasks, uint32_t count) {
    show_open(&stand->show, tasks, count, VIA_IO_URING, "io_uring");
    view_listing_make(&stand->json, tasks, count);
    stand->show.doc.listings[CODE_JSON] = &stand->json;
    stand_at(stand, log_count(stand->show.log) * 2 / 3);
}

static inline void stand_over(Stand *stand, Log *log) {
    show_over(&stand->show, log);
    stand_at(stand, log_count(log) * 2 / 3);
}

#endif
