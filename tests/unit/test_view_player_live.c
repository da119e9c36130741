/* The player over a live run: the loop is never ahead of the picture, and no gate stays shut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_player.h"

static Log *three(void) {
    return view_log_make(VIEW_THREE, 3, VIA_IO_URING, "io_uring");
}

/* Whether the event at n only follows up what one wait brought: nothing of the program runs. */
static bool is_loops_own(const Log *log, uint64_t n) {
    while (n > 0 && log_event(log, n)->kind != EV_POLLED) {
        const uint8_t kind = log_event(log, n--)->kind;
        if (kind != EV_IO_COMPLETED && kind != EV_TIMER_FIRED && kind != EV_TASK_READY &&
            kind != EV_CALLBACK_READY && kind != EV_ITERATION) {
            return false;
        }
    }
    return n > 0;
}

/* But for the rest of one wait, which is told as a whole. */
static void the_loop_is_never_ahead_of_the_picture(void **state) {
    (void)state;
    for (int pace = 0; pace < PACE_COUNT - 1; pace++) {
        Rig rig;
        rig_live(&rig, three());
        live_on(&rig, 100);
        assert_int_equal(log_count(rig.log), 0); /* held before the first event */
        player_act(&rig.player, rig.timeline, ACTION_SET_PACE, pace);
        act(&rig, ACTION_PLAY_PAUSE);
        for (int i = 0; i < 200; i++) {
            live_on(&rig, 100);
            tick(&rig, 16);
            const double owed = 1 + 16 * PACES[pace] / 1000;
            for (uint64_t n = rig.player.cursor + (uint64_t)owed; n < log_count(rig.log); n++) {
                assert_true(is_loops_own(rig.log, n));
            }
        }
        if (rig.player.playing) {
            act(&rig, ACTION_PLAY_PAUSE);
        }
        assert_int_equal(player_wants(&rig.player, rig.timeline), rig.player.cursor);
        rig_finish(&rig);
    }
}

static void a_live_step_waits_for_its_event(void **state) {
    (void)state;
    Rig rig;
    rig_live(&rig, three());
    act(&rig, ACTION_STEP);
    assert_int_equal(player_wants(&rig.player, rig.timeline), 1);
    tick(&rig, 16); /* nothing has come yet */
    assert_int_equal(rig.player.cursor, 0);
    live_on(&rig, 100);
    assert_true(tick(&rig, 16));
    assert_int_equal(rig.player.cursor, 1);
    assert_true(rig.player.phase == 0 && !rig.player.has_target);
    live_on(&rig, 100);
    assert_int_equal(log_count(rig.log), 1);
    rig_finish(&rig);
}

static void no_step_of_a_quick_hand_is_lost(void **state) {
    (void)state;
    Rig rig;
    rig_live(&rig, three());
    for (int i = 0; i < 3; i++) {
        act(&rig, ACTION_STEP);
    }
    assert_int_equal(player_wants(&rig.player, rig.timeline), 3);
    live_on(&rig, 100);
    for (int i = 0; i < 3; i++) {
        tick(&rig, 16);
    }
    assert_int_equal(rig.player.cursor, 3);
    assert_false(rig.player.has_target);
    rig_finish(&rig);
}

static void steps_do_not_pile_up_while_the_loop_sleeps(void **state) {
    (void)state;
    Rig rig;
    rig_live(&rig, three());
    do {
        act(&rig, ACTION_STEP);
        live_on(&rig, 100);
        tick(&rig, 16);
    } while (log_event(rig.log, log_count(rig.log) - 1)->kind != EV_POLL);
    const uint64_t asleep_at = rig.player.cursor;
    for (int i = 0; i < 3; i++) {
        act(&rig, ACTION_STEP);
    }
    assert_int_equal(player_wants(&rig.player, rig.timeline), asleep_at + 1);
    rig_finish(&rig);
}

static void what_came_late_is_not_made_up_for(void **state) {
    (void)state;
    Rig rig;
    rig_live(&rig, three());
    act(&rig, ACTION_PLAY_PAUSE);
    for (int i = 0; i < 500; i++) { /* the loop is asleep for eight seconds */
        tick(&rig, 16);
    }
    assert_int_equal(rig.player.cursor, 0);
    live_on(&rig, 100);
    tick(&rig, 16);
    assert_int_equal(rig.player.cursor, 1);
    live_on(&rig, 100);
    tick(&rig, 16);
    assert_int_equal(rig.player.cursor, 1); /* the next is due half a second later */
    rig_finish(&rig);
}

static void a_live_iteration_is_not_passed(void **state) {
    (void)state;
    Rig rig;
    rig_live(&rig, three());
    for (uint64_t turn = 1; turn <= 8; turn++) {
        act(&rig, ACTION_NEXT_ITERATION);
        for (int i = 0; i < 1000 && rig.player.has_target; i++) {
            live_on(&rig, 100);
            tick(&rig, 16);
        }
        assert_int_equal(last_shown(&rig)->kind, EV_ITERATION);
        assert_int_equal(last_shown(&rig)->x, turn);
        assert_int_equal(log_count(rig.log), rig.player.cursor);
        live_on(&rig, 100);
        assert_int_equal(log_count(rig.log), rig.player.cursor);
    }
    act(&rig, ACTION_NEXT_ITERATION); /* there is no ninth: the run ends */
    for (int i = 0; i < 1000 && rig.player.has_target; i++) {
        live_on(&rig, 100);
        tick(&rig, 16);
    }
    assert_int_equal(rig.player.cursor, log_count(rig.source));
    assert_false(player_moving(&rig.player));
    rig_finish(&rig);
}

/* A turn of many handles must not take a tick an event. */
static void a_long_live_iteration_is_passed_quickly(void **state) {
    (void)state;
    enum { TASKS = 2000 };
    ViewTask *tasks = calloc(TASKS, sizeof *tasks);
    for (int i = 0; i < TASKS; i++) {
        tasks[i] = (ViewTask){.name = "job", .steps = {{VIEW_LOG, 0}, {VIEW_LOG, 0}}};
        tasks[i].steps[2] = (ViewStep){VIEW_SLEEP, 1000};
    }
    Rig rig;
    rig_live(&rig, view_log_make(tasks, TASKS, VIA_IO_URING, "io_uring"));
    int ticks = 0;
    for (int turn = 0; turn < 2; turn++) {
        act(&rig, ACTION_NEXT_ITERATION);
        for (; ticks < 2000 && rig.player.has_target; ticks++) {
            live_on(&rig, UINT64_MAX);
            tick(&rig, 16);
        }
        assert_int_equal(last_shown(&rig)->kind, EV_ITERATION);
        assert_int_equal(last_shown(&rig)->x, turn + 1);
    }
    assert_true(ticks < 600);
    rig_finish(&rig);
    free(tasks);
}

static void the_end_of_a_live_run(void **state) {
    (void)state;
    Rig rig;
    rig_live(&rig, three());
    act(&rig, ACTION_END);
    assert_true(player_wants(&rig.player, rig.timeline) > log_count(rig.source));
    for (int i = 0; i < 100 && rig.player.has_target; i++) {
        live_on(&rig, 7);
        tick(&rig, 16);
        assert_int_equal(rig.player.cursor, count(&rig)); /* catches up each time */
    }
    assert_int_equal(rig.player.cursor, log_count(rig.source));
    rig_finish(&rig);
}

static void space_ends_a_jump(void **state) {
    (void)state;
    Rig rig;
    rig_live(&rig, three());
    act(&rig, ACTION_END);
    live_on(&rig, 7);
    tick(&rig, 16);
    act(&rig, ACTION_PLAY_PAUSE);
    assert_false(player_moving(&rig.player));
    assert_int_equal(player_wants(&rig.player, rig.timeline), 7);
    rig_finish(&rig);
}

static void a_look_back_does_not_stop_a_run_that_was_let_go(void **state) {
    (void)state;
    Rig rig;
    rig_live(&rig, three());
    act(&rig, ACTION_END);
    live_on(&rig, 30);
    tick(&rig, 16);
    player_act(&rig.player, rig.timeline, ACTION_SEEK, 10);
    assert_int_equal(rig.player.cursor, 10);
    assert_false(player_moving(&rig.player));
    live_on(&rig, 20);
    tick(&rig, 16);
    assert_int_equal(log_count(rig.log), 50); /* it is recorded meanwhile */
    assert_int_equal(rig.player.cursor, 10);
    act(&rig, ACTION_STEP); /* from the recording */
    assert_int_equal(rig.player.cursor, 11);
    assert_true(player_wants(&rig.player, rig.timeline) > 50);
    act(&rig, ACTION_END); /* catches up */
    live_on(&rig, 5);
    tick(&rig, 16);
    assert_int_equal(rig.player.cursor, 55);
    player_act(&rig.player, rig.timeline, ACTION_SEEK, 10);
    act(&rig, ACTION_PLAY_PAUSE); /* from here on, the viewer leads again */
    act(&rig, ACTION_PLAY_PAUSE);
    assert_int_equal(player_wants(&rig.player, rig.timeline), rig.player.cursor);
    rig_finish(&rig);
}

static void a_look_back_from_a_paced_run_holds_the_loop(void **state) {
    (void)state;
    Rig rig;
    rig_live(&rig, three());
    act(&rig, ACTION_PLAY_PAUSE);
    for (int i = 0; i < 100; i++) {
        live_on(&rig, 100);
        tick(&rig, 100);
    }
    const uint64_t count = log_count(rig.log);
    assert_true(count > 5 && count < 60);
    player_act(&rig.player, rig.timeline, ACTION_SEEK, 3);
    live_on(&rig, 100);
    assert_int_equal(log_count(rig.log), count);
    assert_true(player_wants(&rig.player, rig.timeline) <= count);
    rig_finish(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_loop_is_never_ahead_of_the_picture),
        cmocka_unit_test(a_live_step_waits_for_its_event),
        cmocka_unit_test(no_step_of_a_quick_hand_is_lost),
        cmocka_unit_test(steps_do_not_pile_up_while_the_loop_sleeps),
        cmocka_unit_test(what_came_late_is_not_made_up_for),
        cmocka_unit_test(a_live_iteration_is_not_passed),
        cmocka_unit_test(a_long_live_iteration_is_passed_quickly),
        cmocka_unit_test(the_end_of_a_live_run),
        cmocka_unit_test(space_ends_a_jump),
        cmocka_unit_test(a_look_back_does_not_stop_a_run_that_was_let_go),
        cmocka_unit_test(a_look_back_from_a_paced_run_holds_the_loop),
    };
    return cmocka_run_group_tests_name("view/player live", tests, NULL, NULL);
}
