/* Golden scenes of the panels beside the stage, each alone: the timeline, the answer to why, the
 * list of events, the help sheet, a crowd that is searched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_checks.h"
#include "view_tapes.h"

#include "view/inspect.h"
#include "view/timeline_panel.h"
#include "view/why_panel.h"

typedef void DrawPanel(const Canvas *canvas);

static void golden(Show *show, DrawPanel *draw, uint64_t cursor, const char *name) {
    show_begin_at(show, cursor, 1);
    draw(&show->canvas);
    check_golden_scene(&show->scene, name);
}

static void timeline_draw(const Canvas *canvas) {
    panel_timeline(canvas);
    timeline_hover_draw(canvas);
}

static void show_three(Show *show) {
    show_open(show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
}

/* ---- the timeline ---- */

static void the_timeline_of_few_tasks(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    const uint64_t at = find_event(&show, EV_IO_ARRIVED, EVENT_NONE, 0);
    golden(&show, timeline_draw, at, "timeline-whole");
    show.input.span = view_zoom(&show.doc, &show.input, 400000, 0.2);
    golden(&show, timeline_draw, at, "timeline-zoomed");
    show.input.span = (TimeSpan){0};
    Axis axis;
    axis_make(&axis, &show.canvas);
    show.input.pointer_x = axis_x(&axis, 400000);
    show.input.pointer_y = axis_lane_y(&axis, 1);
    golden(&show, timeline_draw, at, "timeline-hover");
    show.input.pointer_x = show.input.pointer_y = -1;
    show.doc.live = true;
    golden(&show, timeline_draw, at, "timeline-behind");
    golden(&show, timeline_draw, log_count(show.log), "timeline-live");
    show_close(&show);
}

/* Beside a long sleep all that the others do is narrower than a bar can be. */
static void the_timeline_folds_what_is_narrow(void **state) {
    (void)state;
    static const ViewTask TASKS[] = {{"sleeper", {{VIEW_SLEEP, 900000000}}},
                                     VIEW_WRITER("write-b", 290, 374, 240),
                                     VIEW_WRITER("write-c", 350, 228, 210)};
    Show show;
    show_open(&show, TASKS, 3, VIA_IO_URING, "io_uring");
    golden(&show, timeline_draw, log_count(show.log), "timeline-folded");
    show_close(&show);
}

static void the_timeline_of_a_frozen_loop(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_FROZEN, 4, VIA_IO_URING, "io_uring");
    golden(&show, timeline_draw, find_event(&show, EV_LOOP_BLOCKED, EVENT_NONE, 0),
           "timeline-frozen");
    show_close(&show);
}

static void the_timeline_of_many_tasks(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_ring(40));
    show.input.followed[0] = 17;
    show.input.followed[1] = 3;
    show.input.followed_count = 2;
    golden(&show, timeline_draw, 100, "timeline-many");
    show_close(&show);
}

/* ---- why, inspect, help ---- */

static void why_draw(const Canvas *canvas) {
    Layout layout = *canvas->layout;
    const Rect box = why_place(&layout);
    panel_why(canvas, box);
}

static void why_it_waits_or_not(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.input.selected = 1;
    golden(&show, why_draw, find_event(&show, EV_TASK_READY, 1, 0), "why-ready");
    golden(&show, why_draw, find_event(&show, EV_TASK_WAITING, 1, 1), "why-waits");
    golden(&show, why_draw, find_event(&show, EV_TASK_FINISHED, 1, 0), "why-done");
    show_close(&show);
    show_over(&show, tapes_shared("io_uring"));
    show.input.selected = 2;
    golden(&show, why_draw, find_event(&show, EV_TASK_WAITING, 2, 0), "why-lock");
    show_close(&show);
}

static void events_one_by_one(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.input.mode = MODE_INSPECT;
    const uint64_t at = find_event(&show, EV_IO_COMPLETED, EVENT_NONE, 3);
    golden(&show, panel_inspect, at, "inspect");
    show.input.copied = true;
    golden(&show, panel_inspect, at, "inspect-copied");
    show.input.copied = false;
    EventFilter filter = {.looked_at = 0};
    event_filter_set(&filter, "task:write-b write");
    event_filter_follow(&filter, show.doc.timeline, UINT64_MAX);
    show.input.events = &filter;
    show.input.filtering = true;
    golden(&show, panel_inspect, at, "inspect-filter");
    event_filter_finish(&filter);
    show_close(&show);
}

static void help_draw(const Canvas *canvas) {
    panel_help(canvas, SCREEN_MAIN);
}

static void the_help_sheet(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    golden(&show, help_draw, 0, "help");
    show_size(&show, 1024, 640, 1.35f);
    golden(&show, help_draw, 0, "help-small");
    show_close(&show);
}

/* ---- a crowd ---- */

static void a_crowd_is_searched_and_followed(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_ring(40));
    golden(&show, panel_stage, 100, "stage-crowd");
    TaskFilter filter = {.looked_at = 0};
    filter_set(&filter, "thinker?2");
    filter_follow(&filter, show.doc.timeline);
    show.input.filter = &filter;
    show.input.filtering = true;
    golden(&show, panel_stage, 100, "stage-crowd-filter");
    show.input.filter = NULL;
    show.input.filtering = false;
    show.input.followed[0] = 17;
    show.input.followed[1] = 3;
    show.input.followed_count = 2;
    golden(&show, panel_stage, 100, "stage-crowd-followed");
    filter_finish(&filter);
    show_close(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_timeline_of_few_tasks),
        cmocka_unit_test(the_timeline_folds_what_is_narrow),
        cmocka_unit_test(the_timeline_of_a_frozen_loop),
        cmocka_unit_test(the_timeline_of_many_tasks),
        cmocka_unit_test(why_it_waits_or_not),
        cmocka_unit_test(events_one_by_one),
        cmocka_unit_test(the_help_sheet),
        cmocka_unit_test(a_crowd_is_searched_and_followed),
    };
    return cmocka_run_group_tests_name("view/golden", tests, NULL, NULL);
}
