/* The player over a recording: where the viewer stands, driven by an invented clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_player.h"

/* ---- stepping ---- */

static void a_step_plays_one_motion(void **state) {
    (void)state;
    Rig rig;
    rig_three(&rig);
    assert_false(player_moving(&rig.player));
    act(&rig, ACTION_STEP);
    assert_int_equal(rig.player.cursor, 1);
    assert_true(rig.player.phase == 0);
    assert_true(player_moving(&rig.player));
    float before = 0;
    for (int i = 0; i < 200 && player_moving(&rig.player); i++) {
        tick(&rig, 10);
        assert_true(rig.player.phase >= before && rig.player.phase <= 1);
        before = rig.player.phase;
    }
    assert_true(rig.player.phase == 1);
    assert_int_equal(rig.player.cursor, 1);
    assert_false(tick(&rig, 10)); /* at rest nothing changes */
    rig_finish(&rig);
}

static void a_step_in_a_motion_completes_it(void **state) {
    (void)state;
    Rig rig;
    rig_three(&rig);
    act(&rig, ACTION_STEP);
    tick(&rig, 10);
    tick(&rig, 20);
    assert_true(rig.player.phase > 0 && rig.player.phase < 1);
    act(&rig, ACTION_STEP);
    assert_int_equal(rig.player.cursor, 2);
    assert_true(rig.player.phase == 0);
    rig_finish(&rig);
}

static void a_step_back_runs_backwards(void **state) {
    (void)state;
    Rig rig;
    rig_three(&rig);
    player_act(&rig.player, rig.timeline, ACTION_SEEK, 20);
    act(&rig, ACTION_STEP_BACK);
    assert_int_equal(rig.player.cursor, 20); /* event 19 is still on its way out */
    float before = 1;
    for (int i = 0; i < 200 && rig.player.backwards; i++) {
        tick(&rig, 10);
        if (rig.player.backwards) {
            assert_true(rig.player.phase <= before);
            before = rig.player.phase;
        }
    }
    assert_int_equal(rig.player.cursor, 19);
    assert_true(rig.player.phase == 1);
    act(&rig, ACTION_STEP_BACK);
    act(&rig, ACTION_STEP_BACK); /* completes the first */
    assert_int_equal(rig.player.cursor, 18);
    tick(&rig, 1);
    tick(&rig, 40);
    const float half = rig.player.phase;
    assert_true(half < 1);
    act(&rig, ACTION_STEP); /* turns round in the middle */
    assert_int_equal(rig.player.cursor, 18);
    assert_true(rig.player.phase == half && !rig.player.backwards);
    rig_finish(&rig);
}

static void the_ends_hold(void **state) {
    (void)state;
    Rig rig;
    rig_three(&rig);
    act(&rig, ACTION_STEP_BACK);
    assert_int_equal(rig.player.cursor, 0);
    assert_false(player_moving(&rig.player));
    act(&rig, ACTION_END);
    tick(&rig, 16);
    assert_int_equal(rig.player.cursor, count(&rig));
    assert_false(player_moving(&rig.player));
    act(&rig, ACTION_STEP);
    assert_int_equal(rig.player.cursor, count(&rig));
    act(&rig, ACTION_HOME);
    assert_int_equal(rig.player.cursor, 0);
    player_act(&rig.player, rig.timeline, ACTION_SEEK, 1 << 30);
    assert_int_equal(rig.player.cursor, count(&rig));
    player_act(&rig.player, rig.timeline, ACTION_SCRUB, -5);
    assert_int_equal(rig.player.cursor, 0);
    rig_finish(&rig);
}

static void every_step_can_be_taken_back(void **state) {
    (void)state;
    Rig rig;
    rig_three(&rig);
    rig.player.reduced_motion = true;
    for (uint64_t i = 0; i < count(&rig); i++) {
        act(&rig, ACTION_STEP);
        assert_int_equal(rig.player.cursor, i + 1);
        assert_true(rig.player.phase == 1);
    }
    for (uint64_t i = count(&rig); i > 0; i--) {
        act(&rig, ACTION_STEP_BACK);
        assert_int_equal(rig.player.cursor, i - 1);
    }
    rig_finish(&rig);
}

/* ---- playing ---- */

static void playing_keeps_its_pace(void **state) {
    (void)state;
    for (int pace = 0; pace < PACE_COUNT - 1; pace++) {
        Rig rig;
        rig_three(&rig);
        rig.player.one_by_one = true; /* a beat of several events counts as one */
        player_act(&rig.player, rig.timeline, ACTION_SET_PACE, pace);
        act(&rig, ACTION_PLAY_PAUSE);
        tick(&rig, 16);
        assert_true(rig.player.cursor >= 1); /* the first event comes at once */
        const uint64_t first = rig.player.cursor;
        const double seconds = fmin(20, 0.6 * (double)count(&rig) / PACES[pace]);
        const uint64_t ticks = (uint64_t)(seconds * 1000 / 10);
        for (uint64_t i = 0; i < ticks; i++) {
            tick(&rig, 10);
        }
        const double shown = (double)(rig.player.cursor - first);
        const double expected = (double)ticks * 0.01 * PACES[pace];
        assert_true(fabs(shown - expected) <= 1.5);
        rig_finish(&rig);
    }
}

static void playing_stops_at_the_end_and_begins_anew(void **state) {
    (void)state;
    Rig rig;
    rig_three(&rig);
    player_act(&rig.player, rig.timeline, ACTION_SET_PACE, 8);
    act(&rig, ACTION_PLAY_PAUSE);
    for (int i = 0; i < 1000 && rig.player.playing; i++) {
        tick(&rig, 16);
    }
    assert_false(rig.player.playing);
    assert_int_equal(rig.player.cursor, count(&rig));
    act(&rig, ACTION_PLAY_PAUSE);
    assert_int_equal(rig.player.cursor, 0);
    assert_true(rig.player.playing);
    rig_finish(&rig);
}

static void full_speed_is_at_the_end_each_tick(void **state) {
    (void)state;
    Rig rig;
    rig_three(&rig);
    player_act(&rig.player, rig.timeline, ACTION_SET_PACE, PACE_COUNT - 1);
    act(&rig, ACTION_PLAY_PAUSE);
    tick(&rig, 16);
    assert_int_equal(rig.player.cursor, count(&rig));
    rig_finish(&rig);
}

/* Three tasks' run with a note put in after the given event. */
static Log *log_with_note(uint64_t after) {
    Log *whole = view_log_make(VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    Log *log = log_create();
    log_set_header(log, log_header(whole));
    for (uint32_t text = 0; text < log_text_count(whole); text++) {
        const char *bytes = log_text(whole, text, NULL);
        log_intern(log, bytes, strlen(bytes));
    }
    for (uint64_t n = 0; n < log_count(whole); n++) {
        log_append(log, log_event(whole, n));
        if (n == after) {
            Event note = event_make(EV_NOTE);
            note.t_ns = log_event(whole, n)->t_ns;
            note.task = log_event(whole, n)->task;
            note.text = log_intern(log, "Look", 4);
            log_append(log, &note);
        }
    }
    log_finish(log);
    log_destroy(whole);
    return log;
}

static void playing_stops_at_a_note(void **state) {
    (void)state;
    for (int pace = 0; pace < PACE_COUNT; pace += 4) {
        Rig rig;
        rig_record(&rig, log_with_note(9)); /* event 9: a step begins */
        assert_int_equal(log_event(rig.log, 9)->kind, EV_STEP);
        player_act(&rig.player, rig.timeline, ACTION_SET_PACE, pace);
        act(&rig, ACTION_PLAY_PAUSE);
        for (int i = 0; i < 3000 && rig.player.playing; i++) {
            tick(&rig, 16);
        }
        assert_int_equal(rig.player.cursor, 11);
        assert_int_equal(last_shown(&rig)->kind, EV_NOTE);
        act(&rig, ACTION_PLAY_PAUSE); /* and goes on behind it, once it is there */
        for (int i = 0; i < 12 && rig.player.cursor == 11; i++) {
            tick(&rig, 16);
        }
        assert_true(rig.player.cursor > 11);
        rig_finish(&rig);
    }
}

static void travel_gets_shorter_and_ends(void **state) {
    (void)state;
    Rig rig;
    rig_three(&rig);
    Event event = event_make(EV_TASK_FINISHED);
    assert_int_equal(player_motion_ms(&rig.player, &event), 600); /* a single step: in full */
    rig.player.playing = true;
    for (int pace = 0; pace < PACE_COUNT; pace++) {
        rig.player.pace = pace;
        const uint32_t ms = player_motion_ms(&rig.player, &event);
        const double interval_ms = 1000 / PACES[pace];
        if (PACES[pace] > 12) {
            assert_int_equal(ms, 0);
        } else if (PACES[pace] > 3) {
            assert_true(ms > 0 && ms <= 240 && ms <= interval_ms);
        } else {
            assert_true(ms >= 333 && ms <= interval_ms);
        }
    }
    rig.player.pace = 0;
    rig.player.reduced_motion = true;
    assert_int_equal(player_motion_ms(&rig.player, &event), 0);
    rig_finish(&rig);
}

static void the_pace_stays_in_its_table(void **state) {
    (void)state;
    Rig rig;
    char text[64];
    rig_three(&rig);
    for (int i = 0; i < 40; i++) {
        act(&rig, ACTION_FASTER);
    }
    assert_int_equal(rig.player.pace, PACE_COUNT - 1);
    assert_string_equal(player_pace_text(&rig.player, text), "full speed");
    for (int i = 0; i < 40; i++) {
        act(&rig, ACTION_SLOWER);
        assert_true(strlen(player_pace_text(&rig.player, text)) > 5);
    }
    assert_int_equal(rig.player.pace, 0);
    assert_string_equal(text, "1 event every 2 s");
    assert_true(PACES[PACE_DEFAULT] == 2);
    rig_finish(&rig);
}

/* ---- iterations ---- */

static void iterations_in_a_recording(void **state) {
    (void)state;
    Rig rig;
    rig_three(&rig);
    int turns = 0;
    while (rig.player.cursor < count(&rig)) {
        const uint64_t old = rig.player.cursor;
        act(&rig, ACTION_NEXT_ITERATION);
        tick(&rig, 16);
        assert_true(rig.player.cursor > old);
        turns += last_shown(&rig)->kind == EV_ITERATION;
    }
    assert_int_equal(turns, 8);
    while (rig.player.cursor > 0) {
        const uint64_t old = rig.player.cursor;
        act(&rig, ACTION_PREV_ITERATION);
        assert_true(rig.player.cursor < old);
        turns -= rig.player.cursor > 0 && last_shown(&rig)->kind == EV_ITERATION;
    }
    assert_int_equal(turns, 0);
    rig_finish(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_plays_one_motion),
        cmocka_unit_test(a_step_in_a_motion_completes_it),
        cmocka_unit_test(a_step_back_runs_backwards),
        cmocka_unit_test(the_ends_hold),
        cmocka_unit_test(every_step_can_be_taken_back),
        cmocka_unit_test(playing_keeps_its_pace),
        cmocka_unit_test(playing_stops_at_the_end_and_begins_anew),
        cmocka_unit_test(full_speed_is_at_the_end_each_tick),
        cmocka_unit_test(playing_stops_at_a_note),
        cmocka_unit_test(travel_gets_shorter_and_ends),
        cmocka_unit_test(the_pace_stays_in_its_table),
        cmocka_unit_test(iterations_in_a_recording),
    };
    return cmocka_run_group_tests_name("view/player", tests, NULL, NULL);
}
