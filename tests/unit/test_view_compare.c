/* The screen of two runs: what it says, where things stand, and golden scenes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_checks.h"
#include "view_tapes.h"
#include "view_two.h"

#include "view/timeline_panel.h"

static const int SIZES[][2] = {{1024, 640}, {1280, 720}, {1600, 900}, {1920, 1080}, {3840, 2160}};
enum { SIZE_COUNT = sizeof SIZES / sizeof SIZES[0] };

static void golden_screens(void **state) {
    (void)state;
    Two two;
    two_open(&two);
    two_draw(&two);
    check_golden_scene(&two.scene, "compare");
    compare_clock_act(&two.clock, two.timelines, ACTION_SEEK,
                      (int64_t)compare_mark_ns(&two.input, 1));
    ViewInput *input = &two.shows[0].input;
    TimePane pane;
    const ViewInput axis = compare_pane_input(&two.input, 0, &pane);
    input->span = view_zoom(two.input.docs[0], &axis, two.clock.at_ns, 0.1);
    two.input.selected = 1;
    two.input.told = LANE_TASK;
    two.input.told_run = 1;
    two.input.told_task = 1;
    two.input.told_ns = two.clock.at_ns + 50000;
    two_draw(&two);
    check_golden_scene(&two.scene, "compare-zoomed");
    two_close(&two);
}

static void the_first_runs_alone(void **state) {
    (void)state;
    Two two;
    two_open(&two);
    two.shows[0].doc.live = true;
    two.input.docs[1] = NULL;
    two.input.comparison = NULL;
    two_draw(&two);
    assert_true(shows_text(&two.scene, "The first run is under way."));
    assert_true(shows_text(&two.scene, "comes next"));
    assert_true(shows_text(&two.scene, "so far"));
    check_golden_scene(&two.scene, "compare-first-runs");
    two_close(&two);
}

static void the_times_and_the_orders_are_told(void **state) {
    (void)state;
    Two two;
    two_open(&two);
    two_draw(&two);
    assert_true(shows_text(&two.scene, "times as long as the second."));
    assert_true(shows_text(&two.scene, "Then it differs."));
    assert_true(shows_text(&two.scene, "Linux: io_uring + epoll"));
    assert_true(shows_text(&two.scene, "helper threads + epoll"));
    assert_true(shows_text(&two.scene, "run now"));
    two.input.saved[0] = true;
    two_draw(&two);
    assert_true(shows_text(&two.scene, "saved run"));
    two_close(&two);
}

static void a_simulation_is_no_measurement(void **state) {
    (void)state;
    Two two;
    show_open(&two.shows[0], TWO_BLOCKING, 3, VIA_SIM, "sim");
    show_open(&two.shows[1], TWO_ASYNC, 3, VIA_THREADS, "threads");
    two_begin(&two);
    two_draw(&two);
    assert_true(shows_text(&two.scene, "One of the two is simulated: its times are made up."));
    assert_true(shows_text(&two.scene, "simulated OS"));
    assert_false(shows_text(&two.scene, "times as long"));
    two_close(&two);
}

static void the_same_run_twice_has_no_flag(void **state) {
    (void)state;
    Two two;
    show_open(&two.shows[0], TWO_ASYNC, 3, VIA_THREADS, "threads");
    show_open(&two.shows[1], TWO_ASYNC, 3, VIA_IO_URING, "io_uring");
    two_begin(&two);
    two_draw(&two);
    assert_true(shows_text(&two.scene, "The order of events is the same in both"));
    assert_true(shows_text(&two.scene, "Both take about as long."));
    assert_false(shows_text(&two.scene, "Go there"));
    assert_int_equal(compare_mark_ns(&two.input, 0), UINT64_MAX);
    two_close(&two);
}

/* One axis: a moment has the same x in both, near and far. */
static void both_share_an_axis(void **state) {
    (void)state;
    Two two;
    two_open(&two);
    for (size_t round = 0; round < 3; round++) {
        float x[COMPARE_RUNS];
        for (size_t run = 0; run < COMPARE_RUNS; run++) {
            TimePane pane;
            const ViewInput input = compare_pane_input(&two.input, run, &pane);
            Layout layout;
            axis_layout(&layout, &input);
            const Canvas canvas = {.layout = &layout,
                                   .u = layout.u,
                                   .text_scale = 1,
                                   .doc = two.input.docs[run],
                                   .input = &input};
            Axis axis;
            axis_make(&axis, &canvas);
            x[run] = axis_x(&axis, 700000);
            assert_int_equal(compare_run_at(&two.input, axis.loop_y), run);
            assert_true(pane.end_ns >= timeline_end_ns(two.timelines[0]));
        }
        assert_true(x[0] == x[1]);
        TimePane pane;
        const ViewInput input = compare_pane_input(&two.input, round % 2, &pane);
        two.shows[0].input.span = view_zoom(two.input.docs[round % 2], &input, 700000, 0.5);
    }
    two_close(&two);
}

/* Texts neither leave the window nor lie over each other, at any size of both. */
static void words_have_room(void **state) {
    (void)state;
    static const float SCALES[] = {1, 1.18f, 1.35f};
    Two two;
    two_open(&two);
    for (size_t i = 0; i < SIZE_COUNT * 3; i++) {
        show_size(&two.shows[0], SIZES[i / 3][0], SIZES[i / 3][1], SCALES[i % 3]);
        two_draw(&two);
        const Rect window = {0, 0, (float)SIZES[i / 3][0], (float)SIZES[i / 3][1]};
        for (size_t a = 0; a < two.scene.draw_count; a++) {
            const Draw *left = &two.scene.draws[a];
            if (left->kind != DRAW_TEXT || left->count == 0) {
                continue;
            }
            if (!inside(draw_bounds(left), window)) {
                fail_msg("\"%.*s\" leaves the window of %dx%d", (int)left->count,
                         two.scene.text + left->first, SIZES[i / 3][0], SIZES[i / 3][1]);
            }
            for (size_t b = a + 1; b < two.scene.draw_count; b++) {
                const Draw *right = &two.scene.draws[b];
                if (right->kind == DRAW_TEXT && right->count > 0 &&
                    overlap(draw_bounds(left), draw_bounds(right))) {
                    fail_msg("%dx%d x %.2f: \"%.*s\" and \"%.*s\" lie over each other",
                             SIZES[i / 3][0], SIZES[i / 3][1], (double)SCALES[i % 3],
                             (int)left->count, two.scene.text + left->first, (int)right->count,
                             two.scene.text + right->first);
                }
            }
        }
    }
    two_close(&two);
}

static void very_many_tasks_are_counted(void **state) {
    (void)state;
    Two two;
    show_over(&two.shows[0], tapes_ring(40));
    show_over(&two.shows[1], tapes_ring(41));
    two_begin(&two);
    two_draw(&two);
    assert_true(shows_text(&two.scene, "and 3"));
    assert_int_equal(two.comparison.pair_count, 41);
    two.shows[0].input.help = true;
    two_draw(&two);
    for (int action = 0; action < ACTION_COUNT; action++) {
        const bool listed =
            ACTIONS[action].words != NULL && action_on_screen(SCREEN_COMPARE, (Action)action);
        if (listed) {
            assert_true(shows_text(&two.scene, ACTIONS[action].words));
        }
    }
    assert_false(shows_text(&two.scene, ACTIONS[ACTION_PREDICT].words));
    two_close(&two);
}

/* Where a press on the lanes of a run tells something, and the words that it tells. */
static void press(Two *two, size_t run, float share_x, float y, LanePlace place,
                  const char *words) {
    TimePane pane;
    const ViewInput input = compare_pane_input(&two->input, run, &pane);
    const float x = pane.box.x + pane.box.w * share_x;
    const LaneClick click = view_lane_click(two->input.docs[run], &input, x, pane.box.y + y);
    assert_int_equal(click.place, place);
    two->input.told = click.place;
    two->input.told_run = run;
    two->input.told_task = click.task;
    two->input.told_ns = view_time(two->input.docs[run], &input, x);
    two_draw(two);
    assert_true(shows_text(&two->scene, words));
}

static void the_loop_and_the_crowd_are_told_in_words(void **state) {
    (void)state;
    Two two;
    two_open(&two);
    press(&two, 0, 0.3f, 37, LANE_LOOP, "Iteration 1 runs 3 handles in");
    press(&two, 1, 0.3f, 37, LANE_LOOP, "The loop is in epoll_wait for");
    two_close(&two);
    show_over(&two.shows[0], tapes_ring(40));
    show_over(&two.shows[1], tapes_ring(41));
    two_begin(&two);
    press(&two, 1, 0.15f, 90, LANE_AREA, "ready or running");
    two_close(&two);
}

static void the_bars_of_a_pair_are_told_in_words(void **state) {
    (void)state;
    Two two;
    two_open(&two);
    two_draw(&two);
    assert_true(shows_text(&two.scene, "Each task's time"));
    two.input.selected = 1;
    two_draw(&two);
    assert_false(shows_text(&two.scene, "Each task's time"));
    assert_true(shows_text(&two.scene, "Ran "));
    assert_true(shows_text(&two.scene, ", ready "));
    assert_true(shows_text(&two.scene, ", waited "));
    two_close(&two);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_screens),
        cmocka_unit_test(the_first_runs_alone),
        cmocka_unit_test(the_times_and_the_orders_are_told),
        cmocka_unit_test(a_simulation_is_no_measurement),
        cmocka_unit_test(the_same_run_twice_has_no_flag),
        cmocka_unit_test(both_share_an_axis),
        cmocka_unit_test(words_have_room),
        cmocka_unit_test(very_many_tasks_are_counted),
        cmocka_unit_test(the_loop_and_the_crowd_are_told_in_words),
        cmocka_unit_test(the_bars_of_a_pair_are_told_in_words),
    };
    return cmocka_run_group_tests_name("view/compare", tests, NULL, NULL);
}
