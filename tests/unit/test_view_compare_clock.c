/* One moment in two runs: steps, turns, seeking, playing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_two.h"

static uint64_t shown(const Two *two) {
    return two->clock.counts[0] + two->clock.counts[1];
}

static uint64_t all(const Two *two) {
    return timeline_count(two->timelines[0]) + timeline_count(two->timelines[1]);
}

static uint64_t time_of(const Two *two, size_t run, uint64_t n) {
    return log_event(two->shows[run].log, n)->t_ns;
}

static void act(Two *two, Action action, int64_t argument) {
    compare_clock_act(&two->clock, two->timelines, action, argument);
}

/* Nothing shown is later than the moment, and nothing left out is earlier. */
static void check_moment(const Two *two) {
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        const uint64_t count = two->clock.counts[run];
        if (count > 0) {
            assert_true(time_of(two, run, count - 1) <= two->clock.at_ns);
        }
        if (count < timeline_count(two->timelines[run])) {
            assert_true(time_of(two, run, count) >= two->clock.at_ns);
        }
    }
}

static void steps_visit_every_event_of_both_once(void **state) {
    (void)state;
    Two two;
    two_open(&two);
    act(&two, ACTION_HOME, 0);
    assert_int_equal(shown(&two), 0);
    uint64_t counts[1024][COMPARE_RUNS], steps = 0;
    for (; steps < all(&two); steps++) {
        memcpy(counts[steps], two.clock.counts, sizeof counts[steps]);
        act(&two, ACTION_STEP, 0);
        assert_int_equal(shown(&two), steps + 1);
        check_moment(&two);
    }
    assert_true(compare_clock_at_end(&two.clock, two.timelines));
    act(&two, ACTION_STEP, 0); /* nothing is left */
    assert_int_equal(shown(&two), all(&two));
    while (steps > 0) {
        act(&two, ACTION_STEP_BACK, 0);
        steps--;
        assert_memory_equal(counts[steps], two.clock.counts, sizeof counts[steps]);
    }
    act(&two, ACTION_STEP_BACK, 0);
    assert_int_equal(shown(&two), 0);
    two_close(&two);
}

static void seeking_shows_all_up_to_that_moment(void **state) {
    (void)state;
    Two two;
    two_open(&two);
    for (int64_t t_ns = -5; t_ns < 4000000; t_ns += 37777) {
        act(&two, ACTION_SEEK, t_ns);
        assert_int_equal(two.clock.at_ns, t_ns < 0 ? 0 : t_ns);
        for (size_t run = 0; run < COMPARE_RUNS; run++) {
            assert_int_equal(two.clock.counts[run],
                             timeline_count_at(two.timelines[run], two.clock.at_ns));
        }
    }
    two_close(&two);
}

static void turns_go_forwards_and_back(void **state) {
    (void)state;
    Two two;
    two_open(&two);
    act(&two, ACTION_HOME, 0);
    uint64_t times[256], count = 0, turns = 0;
    for (uint64_t n = 0; n < log_count(two.shows[1].log); n++) {
        turns += log_event(two.shows[1].log, n)->kind == EV_ITERATION;
    }
    while (!compare_clock_at_end(&two.clock, two.timelines)) {
        act(&two, ACTION_NEXT_ITERATION, 0);
        assert_true(count < 256 && (count == 0 || two.clock.at_ns >= times[count - 1]));
        times[count++] = two.clock.at_ns;
    }
    assert_true(count >= turns);
    while (shown(&two) > 0) {
        const uint64_t before = two.clock.at_ns;
        act(&two, ACTION_PREV_ITERATION, 0);
        assert_true(two.clock.at_ns < before || shown(&two) == 0);
    }
    two_close(&two);
}

static void playing_moves_both_by_one_clock(void **state) {
    (void)state;
    Two two;
    two_open(&two);
    const uint64_t end_ns = two.clock.at_ns;
    act(&two, ACTION_SET_PACE, 8); /* 100 times slower */
    assert_true(COMPARE_PACES[8] == 100);
    act(&two, ACTION_PLAY_PAUSE, 0); /* at the end: from the beginning */
    assert_int_equal(shown(&two), 0);
    uint64_t now_ns = 1000000000;
    assert_true(compare_clock_tick(&two.clock, two.timelines, now_ns) || two.clock.playing);
    compare_clock_tick(&two.clock, two.timelines, now_ns += 20000000);
    assert_int_equal(two.clock.at_ns, 200000);
    check_moment(&two);
    act(&two, ACTION_PLAY_PAUSE, 0);
    assert_false(compare_clock_tick(&two.clock, two.timelines, now_ns += 20000000));
    act(&two, ACTION_PLAY_PAUSE, 0); /* the time at rest is not played */
    compare_clock_tick(&two.clock, two.timelines, now_ns += 20000000);
    assert_int_equal(two.clock.at_ns, 200000);
    for (int i = 0; i < 100000 && two.clock.playing; i++) {
        compare_clock_tick(&two.clock, two.timelines, now_ns += 16000000);
    }
    assert_false(two.clock.playing);
    assert_int_equal(two.clock.at_ns, end_ns);
    assert_true(compare_clock_at_end(&two.clock, two.timelines));
    two_close(&two);
}

static void the_newest_is_shown_while_they_run(void **state) {
    (void)state;
    Two two;
    two_open(&two);
    Timeline *const first[COMPARE_RUNS] = {two.timelines[0], NULL};
    compare_clock_init(&two.clock);
    assert_true(compare_clock_tick(&two.clock, first, 1));
    assert_int_equal(two.clock.counts[0], timeline_count(first[0]));
    assert_int_equal(two.clock.counts[1], 0);
    compare_clock_act(&two.clock, first, ACTION_STEP_BACK, 0);
    assert_false(compare_clock_tick(&two.clock, two.timelines, 2)); /* it looks back */
    compare_clock_act(&two.clock, two.timelines, ACTION_END, 0);
    assert_true(compare_clock_at_end(&two.clock, two.timelines));
    two_close(&two);
}

static void the_pace_fits_and_has_words(void **state) {
    (void)state;
    CompareClock clock;
    char text[64];
    compare_clock_init(&clock);
    for (uint64_t end_ns = 1; end_ns < UINT64_C(1000000000000); end_ns *= 7) {
        compare_clock_fit(&clock, end_ns);
        const double seconds = COMPARE_PACES[clock.pace] * (double)end_ns / 1e9;
        assert_true(seconds <= 12 || clock.pace == COMPARE_PACE_COUNT - 1);
        assert_true(seconds > 3 || clock.pace == 0);
    }
    clock.pace = COMPARE_PACE_COUNT - 1;
    assert_string_equal(compare_pace_text(&clock, text), "as fast as it was");
    clock.pace--;
    assert_string_equal(compare_pace_text(&clock, text), "3 times slower");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_visit_every_event_of_both_once),
        cmocka_unit_test(seeking_shows_all_up_to_that_moment),
        cmocka_unit_test(turns_go_forwards_and_back),
        cmocka_unit_test(playing_moves_both_by_one_clock),
        cmocka_unit_test(the_newest_is_shown_while_they_run),
        cmocka_unit_test(the_pace_fits_and_has_words),
    };
    return cmocka_run_group_tests_name("view/compare_clock", tests, NULL, NULL);
}
