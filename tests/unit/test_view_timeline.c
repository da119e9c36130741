/* The timeline: its axis, its lanes, its areas; where a press on it leads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/timeline_panel.h"
#include "view_panes.h"

static void scrubbing_reaches_every_time(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        show.input.width_px = SIZES[i][0];
        show.input.height_px = SIZES[i][1];
        show_at(&show, 50);
        const Layout layout = layout_of(&show);
        const Canvas canvas = {.layout = &layout,
                               .u = layout.u,
                               .text_scale = 1,
                               .doc = &show.doc,
                               .input = &show.input};
        Axis axis;
        axis_make(&axis, &canvas);
        uint64_t last = 0;
        for (float x = 0; x < (float)show.input.width_px; x += 3) {
            const uint64_t cursor = view_scrub(&show.doc, &show.input, x);
            assert_true(cursor >= last && cursor <= log_count(show.log));
            last = cursor;
        }
        assert_int_equal(last, log_count(show.log));
        for (uint64_t n = 0; n < log_count(show.log); n++) { /* there and back */
            const uint64_t t_ns = log_event(show.log, n)->t_ns;
            const uint64_t cursor =
                view_scrub(&show.doc, &show.input, axis_x(&axis, (double)t_ns) + 0.5f);
            assert_true(cursor > n);
        }
        const Hit *hit = scene_hit_at(&show.scene, axis.x0 + 200, axis.ticks_y);
        assert_int_equal(hit->action, ACTION_SCRUB);
    }
    show_finish(&show);
}

static void the_playhead_stands_at_the_cursor(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    const Color thread = theme_get(THEME_DARK)->thread;
    float last = 0;
    for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor++) {
        show_at(&show, cursor);
        const Layout layout = layout_of(&show);
        float x = -1;
        for (size_t i = 0; i < show.scene.draw_count; i++) {
            const Draw *draw = &show.scene.draws[i];
            if (draw->kind == DRAW_POLYLINE && same_color(draw->stroke, thread) &&
                show.scene.points[draw->first].y > layout.timeline.y) {
                x = show.scene.points[draw->first].x;
            }
        }
        assert_true(x >= last);
        last = x;
    }
    show_finish(&show);
}

static void a_growing_axis_stands_still_between_its_steps(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.doc.live = true;
    const Layout layout = layout_of(&show);
    const Canvas canvas = {
        .layout = &layout, .u = layout.u, .text_scale = 1, .doc = &show.doc, .input = &show.input};
    uint64_t last = 0;
    int changes = 0;
    for (uint64_t n = 1; n <= log_count(show.log); n++) {
        Log *part = log_create();
        log_set_header(part, log_header(show.log));
        for (uint32_t text = 0; text < log_text_count(show.log); text++) {
            const char *bytes = log_text(show.log, text, NULL);
            log_intern(part, bytes, strlen(bytes));
        }
        for (uint64_t k = 0; k < n; k++) {
            log_append(part, log_event(show.log, k));
        }
        show.doc.timeline = timeline_create(part);
        assert_true(timeline_follow(show.doc.timeline, UINT64_MAX));
        Axis axis;
        axis_make(&axis, &canvas);
        assert_true(axis.to_ns >= last);
        assert_true(axis.to_ns >= timeline_end_ns(show.doc.timeline));
        changes += axis.to_ns != last;
        last = axis.to_ns;
        timeline_destroy(show.doc.timeline);
        log_destroy(part);
    }
    assert_true(changes <= 12); /* from 100 us to 1.3 ms in rounds, not with each of 103 events */
    show_finish(&show);
}

/* Jobs whose names are job-0, job-1 ... */
static ViewTask *jobs_make(uint32_t count, char (*names)[16]) {
    ViewTask *tasks = calloc(count, sizeof *tasks);
    for (uint32_t i = 0; i < count; i++) {
        snprintf(names[i], 16, "job-%u", i);
        tasks[i].name = names[i];
        tasks[i].steps[0] = (ViewStep){VIEW_OPEN, 50000 + (uint64_t)i % 7 * 1000};
        tasks[i].steps[1] = (ViewStep){VIEW_WRITE, 100000 + (uint64_t)i % 11 * 9000};
        tasks[i].steps[2] = (ViewStep){VIEW_CLOSE, 30000};
    }
    return tasks;
}

static void few_tasks_have_lanes_many_have_areas(void **state) {
    (void)state;
    static const uint32_t COUNTS[] = {1, 6, 8, 8, 9, 60, 1000};
    static char names[1000][16];
    for (size_t i = 0; i < sizeof COUNTS / sizeof COUNTS[0]; i++) {
        ViewTask *tasks = jobs_make(COUNTS[i], names);
        Show show;
        show_begin(&show, view_log_make(tasks, COUNTS[i], VIA_IO_URING, "io_uring"), tasks, 1);
        show.input.width_px = i % 2 == 1 ? 1024 : 1600;
        show.input.height_px = i % 2 == 1 ? 640 : 900;
        show_at(&show, log_count(show.log) / 2);
        check_texts(&show);
        const bool lanes = COUNTS[i] <= 8;
        assert_int_equal(find_text(&show.scene, "Loop") != NULL &&
                             find_text_n(&show.scene, "Loop", 1) != NULL,
                         lanes); /* the other one is the program's name */
        assert_int_equal(find_text(&show.scene, " ready") != NULL &&
                             find_text(&show.scene, " ended") != NULL,
                         !lanes);
        for (uint32_t task = 0; lanes && task < COUNTS[i]; task++) {
            assert_non_null(find_hit(&show.scene, ACTION_SELECT_TASK, task));
        }
        assert_true(show.scene.draw_count < 2500); /* however many tasks there are */
        show_finish(&show);
        free(tasks);
    }
}

static void the_followed_task_keeps_its_lane(void **state) {
    (void)state;
    static char names[200][16];
    ViewTask *tasks = jobs_make(200, names);
    Show show;
    show_begin(&show, view_log_make(tasks, 200, VIA_IO_URING, "io_uring"), tasks, 1);
    show.input.selected = 123;
    show_at(&show, log_count(show.log) / 2);
    bool pinned = false;
    const Layout layout = layout_of(&show);
    for (int n = 0; find_text_n(&show.scene, "job-123", n) != NULL; n++) {
        pinned |= find_text_n(&show.scene, "job-123", n)->rect.y > layout.timeline.y;
    }
    assert_true(pinned);
    show_finish(&show);
    free(tasks);
}

/* ---- zoom, pan, what lies under the pointer ---- */

static Axis axis_of(const Show *show, Layout *layout) {
    *layout = layout_of(show);
    const Canvas canvas = {.layout = layout,
                           .u = layout->u,
                           .text_scale = show->input.text_scale,
                           .doc = &show->doc,
                           .input = &show->input};
    Axis axis;
    axis_make(&axis, &canvas);
    return axis;
}

static void a_zoom_keeps_the_time_under_the_pointer(void **state) {
    (void)state;
    Show show;
    Layout layout;
    show_three(&show);
    show_at(&show, 40);
    const uint64_t at_ns = 333000;
    Axis axis = axis_of(&show, &layout);
    const float before = axis_x(&axis, (double)at_ns);
    for (int i = 0; i < 60; i++) {
        show.input.span = view_zoom(&show.doc, &show.input, at_ns, 0.8);
        axis = axis_of(&show, &layout);
        const float error_px = axis.to_ns - axis.from_ns < 5000 ? 2.0f : 0.6f; /* whole ns */
        assert_true(fabsf(axis_x(&axis, (double)at_ns) - before) <= error_px);
        show_at(&show, 40);
        check_texts(&show);
    }
    assert_int_equal(axis.to_ns - axis.from_ns, 1000); /* down to a microsecond, and no further */
    for (int i = 0; i < 60; i++) {
        show.input.span = view_zoom(&show.doc, &show.input, at_ns, 1.25);
    }
    assert_int_equal(show.input.span.to_ns, 0); /* the whole run again */
    show_finish(&show);
}

static void a_pan_stays_within_the_run_and_the_cursor_is_followed(void **state) {
    (void)state;
    Show show;
    Layout layout;
    show_three(&show);
    show_at(&show, 40);
    show.input.span = view_pan(&show.doc, &show.input, 100);
    assert_int_equal(show.input.span.to_ns, 0); /* all is seen: nothing to move */
    show.input.span = view_zoom(&show.doc, &show.input, 100000, 0.1);
    const TimeSpan first = show.input.span;
    show.input.span = view_pan(&show.doc, &show.input, 200);
    assert_true(show.input.span.from_ns > first.from_ns);
    assert_int_equal(show.input.span.to_ns - show.input.span.from_ns, first.to_ns - first.from_ns);
    show.input.span = view_pan(&show.doc, &show.input, 1e7f);
    const Axis axis = axis_of(&show, &layout);
    assert_true(axis.to_ns <= axis.whole_ns);
    show.input.span = view_pan(&show.doc, &show.input, -1e7f);
    assert_int_equal(show.input.span.from_ns, 0);
    const uint64_t end_ns = timeline_end_ns(show.doc.timeline);
    show.input.span = view_reveal(&show.doc, &show.input, end_ns);
    assert_true(show.input.span.from_ns <= end_ns && end_ns <= show.input.span.to_ns);
    const TimeSpan same = view_reveal(&show.doc, &show.input, end_ns);
    assert_int_equal(same.from_ns, show.input.span.from_ns);
    show_finish(&show);
}

/* The middle of the first long wait of a task, and its part. */
static uint64_t wait_of(const Show *show, uint32_t task, LifePart *wait) {
    for (uint64_t part = 0;; part++) {
        *wait = timeline_life(show->doc.timeline, task, part);
        if (wait->phase == TASK_WAITING) {
            return (wait->start_ns + wait->end_ns) / 2;
        }
    }
}

/* The mark of an end stands right of it, where the future begins. */
static void an_end_is_no_future_once_it_is_told(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    const Theme *theme = theme_get(THEME_DARK);
    const Color veil = color_fade(theme->panel, TIMELINE_VEIL);
    int ends = 0;
    for (uint64_t cursor = 1; cursor < log_count(show.log); cursor++) {
        if (log_event(show.log, cursor - 1)->kind != EV_TASK_FINISHED) {
            continue;
        }
        show_at(&show, cursor);
        size_t veiled = 0, marked = 0;
        for (size_t i = 0; i < show.scene.draw_count; i++) {
            const Draw *draw = &show.scene.draws[i];
            if (draw->kind == DRAW_RECT && same_color(draw->fill, veil)) {
                veiled = i;
            } else if (draw->kind == DRAW_POLYLINE && draw->count == 3 &&
                       same_color(draw->stroke, theme->ink2)) {
                marked = i;
            }
        }
        assert_true(veiled > 0 && marked > veiled);
        ends++;
    }
    assert_int_equal(ends, 3);
    show_finish(&show);
}

static void a_click_on_a_wait_leads_to_what_ended_it(void **state) {
    (void)state;
    Show show;
    Layout layout;
    show_three(&show);
    show_at(&show, 40);
    for (uint32_t task = 0; task < 3; task++) {
        LifePart wait;
        const uint64_t middle_ns = wait_of(&show, task, &wait);
        const Axis axis = axis_of(&show, &layout);
        const LaneClick click = view_lane_click(
            &show.doc, &show.input, axis_x(&axis, (double)middle_ns), axis_lane_y(&axis, task));
        assert_int_equal(click.task, task);
        assert_true(click.cursor > wait.start_n && click.cursor <= wait.end_n);
        const Event *woke = log_event(show.log, click.cursor - 1);
        assert_int_equal(woke->kind, EV_IO_COMPLETED);
        assert_int_equal(woke->id, log_event(show.log, wait.start_n)->id);
        /* on a bar it only selects */
        const LaneClick bar =
            view_lane_click(&show.doc, &show.input, axis_x(&axis, (double)wait.start_ns) - 2,
                            axis_lane_y(&axis, task));
        assert_int_equal(bar.task, task);
        assert_true(bar.cursor == UINT64_MAX);
    }
    const LaneClick beside = view_lane_click(&show.doc, &show.input, 800, layout.timeline.y + 4);
    assert_int_equal(beside.task, EVENT_NONE);
    show_finish(&show);
}

static void what_is_under_the_pointer_is_told(void **state) {
    (void)state;
    Show show;
    Layout layout;
    show_three(&show);
    show_at(&show, 40);
    LifePart wait;
    const uint64_t middle_ns = wait_of(&show, 1, &wait);
    const Axis axis = axis_of(&show, &layout);
    show.input.pointer_x = axis_x(&axis, (double)middle_ns);
    show.input.pointer_y = axis_lane_y(&axis, 1);
    show_at(&show, 40);
    assert_non_null(find_text(&show.scene, "write-b waits "));
    assert_non_null(find_text(&show.scene, "a click leads to what woke it"));
    show.input.pointer_x = axis_x(&axis, (double)wait.start_ns) - 8;
    show_at(&show, 40);
    assert_non_null(find_text(&show.scene, "write-b runs for "));
    show.input.pointer_y = axis.loop_y;
    show_at(&show, 40);
    assert_non_null(find_text(&show.scene, "Iteration 1 runs 3 handles in "));
    show_finish(&show);
}

static void a_run_that_goes_on_tells_how_far_behind_one_is(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show_at(&show, log_count(show.log));
    assert_null(find_text(&show.scene, "LIVE"));
    show.doc.live = true;
    show_at(&show, log_count(show.log));
    assert_non_null(find_text(&show.scene, "LIVE"));
    show_at(&show, 40);
    assert_null(find_text(&show.scene, "LIVE"));
    assert_non_null(find_text(&show.scene, " behind"));
    const Hit *hit = find_hit(&show.scene, ACTION_END, 0);
    assert_non_null(hit);
    assert_non_null(strstr(hit->tip, "End"));
    show_finish(&show);
}

/* Of the frozen loop's lanes: how far the danger's line under a lane reaches, in ms; 0: none. */
static double lost_ms(const Show *show, uint32_t lane) {
    Layout layout;
    const Axis axis = axis_of(show, &layout);
    const Color danger = theme_get(THEME_DARK)->danger;
    double total = 0;
    for (size_t i = 0; i < show->scene.draw_count; i++) {
        const Draw *draw = &show->scene.draws[i];
        const float below = draw->rect.y - axis_lane_y(&axis, lane);
        if (draw->kind == DRAW_RECT && same_color(draw->fill, danger) && below > 0 &&
            below < axis.lane_h / 2) {
            total += (double)axis_span_ns(&axis, draw->rect.w) / 1e6;
        }
    }
    return total;
}

/* work-a computes for 400 ms; one was ready, another's timer was due. */
static void what_a_frozen_loop_costs_is_underlined(void **state) {
    (void)state;
    Show show;
    show_begin(&show, view_log_make(VIEW_FROZEN, 4, VIA_IO_URING, "io_uring"), VIEW_FROZEN, 4);
    show_at(&show, after_kind(&show, EV_LOOP_BLOCKED, 0));
    assert_float_equal(lost_ms(&show, 0), 0, 0.1); /* it has the thread */
    assert_float_equal(lost_ms(&show, 1), 400, 2);
    assert_float_equal(lost_ms(&show, 2), 0, 0.1); /* nobody looked when its write was finished */
    assert_float_equal(lost_ms(&show, 3), 300, 2); /* due after 100 ms */
    assert_non_null(find_text(&show.scene, ": frozen"));
    show_finish(&show);
    show_three(&show);
    show_at(&show, log_count(show.log));
    assert_null(find_text(&show.scene, ": frozen"));
    for (uint32_t lane = 0; lane < 3; lane++) {
        assert_float_equal(lost_ms(&show, lane), 0, 0);
    }
    show_finish(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scrubbing_reaches_every_time),
        cmocka_unit_test(the_playhead_stands_at_the_cursor),
        cmocka_unit_test(a_growing_axis_stands_still_between_its_steps),
        cmocka_unit_test(few_tasks_have_lanes_many_have_areas),
        cmocka_unit_test(the_followed_task_keeps_its_lane),
        cmocka_unit_test(a_zoom_keeps_the_time_under_the_pointer),
        cmocka_unit_test(a_pan_stays_within_the_run_and_the_cursor_is_followed),
        cmocka_unit_test(an_end_is_no_future_once_it_is_told),
        cmocka_unit_test(a_click_on_a_wait_leads_to_what_ended_it),
        cmocka_unit_test(what_is_under_the_pointer_is_told),
        cmocka_unit_test(a_run_that_goes_on_tells_how_far_behind_one_is),
        cmocka_unit_test(what_a_frozen_loop_costs_is_underlined),
    };
    return cmocka_run_group_tests_name("view/timeline", tests, NULL, NULL);
}
