/* Totals: against a small run worked out by hand, and against the timeline's states. */
#include "trace_random.h"

#include "trace/stats.h"

static void a_small_run(void **unused) {
    (void)unused;
    Tape tape = tape_make();
    tape.step_ns = 100;
    tape_new(&tape, 0, "a");                                         /* ready at 100 */
    tape_new(&tape, 1, "b");                                         /* ready at 300 */
    tape_plain(&tape, EV_LOOP_START);                                /* 400 */
    tape_iteration(&tape, 1, 2);                                     /* 500 */
    tape_task(&tape, EV_TASK_RUNNING, 0);                            /* 600 */
    tape_said(&tape, EV_STEP, 0, "/0");                              /* 700 */
    tape_submit(&tape, 0, 0, IO_WRITE, IO_MODE_NONE, "a", 64, 0);    /* 800 */
    tape_waiting(&tape, 0, WAIT_IO, TARGET_OP, 0);                   /* 900 */
    tape_task(&tape, EV_TASK_RUNNING, 1);                            /* 1000 */
    tape_said(&tape, EV_STEP, 1, "/0");                              /* 1100 */
    tape_said(&tape, EV_STEP, 1, "/1");                              /* 1200 */
    tape_blocking(&tape, 1, IO_READ, IO_MODE_NONE, "a", 100, 0, 36); /* 1300 */
    tape_said(&tape, EV_TASK_FAILED, 1, "ValueError: no");           /* 1400 */
    tape_poll(&tape, -1);                                            /* 1500 */
    tape.t_ns = 5000;
    tape_polled(&tape, 1, 2);            /* 5000 */
    tape_completed(&tape, 0, 64);        /* 5100 */
    tape_ready(&tape, 0, READY_RESUMED); /* 5200 */
    TraceStats stats;
    trace_stats_make(&stats, tape.log, log_count(tape.log));
    assert_int_equal(stats.task_count, 2);
    assert_string_equal(log_text(tape.log, stats.tasks[0].name, NULL), "a");
    assert_int_equal(stats.tasks[0].end, TASK_READY);
    assert_int_equal(stats.tasks[0].run_ns, 300);
    assert_int_equal(stats.tasks[0].ready_ns, 500);
    assert_int_equal(stats.tasks[0].wait_ns, 4300);
    assert_int_equal(stats.tasks[0].steps, 1);
    assert_int_equal(stats.tasks[0].bytes, 64);
    assert_int_equal(stats.tasks[1].end, TASK_FAILED);
    assert_int_equal(stats.tasks[1].run_ns, 400);
    assert_int_equal(stats.tasks[1].ready_ns, 700);
    assert_int_equal(stats.tasks[1].wait_ns, 0);
    assert_int_equal(stats.tasks[1].steps, 2);
    assert_int_equal(stats.tasks[1].bytes, 36);
    assert_int_equal(stats.iterations, 1);
    assert_int_equal(stats.polls, 1);
    assert_int_equal(stats.calls, 2);
    assert_int_equal(stats.looks, 0);
    assert_int_equal(stats.asleep_ns, 3500);
    assert_int_equal(stats.longest_hold_ns, 400);
    assert_int_equal(stats.longest_hold_task, 1);
    assert_int_equal(stats.end_ns, 5200);
    assert_false(stats.stopped);
    trace_stats_finish(&stats);
    tape_poll(&tape, 0);
    tape_polled(&tape, 0, 3);
    tape_stop(&tape, STOP_INTERRUPTED);
    trace_stats_make(&stats, tape.log, log_count(tape.log));
    assert_true(stats.stopped);
    assert_int_equal(stats.reason, STOP_INTERRUPTED);
    assert_int_equal(stats.calls, 5);
    assert_int_equal(stats.looks, 3);
    trace_stats_finish(&stats);
    tape_finish(&tape);
}

static void a_callback_can_hold_longest(void **unused) {
    (void)unused;
    Tape tape = tape_make();
    tape_new(&tape, 0, "a");
    tape_callback(&tape, 0, "slow", 0);
    tape_plain(&tape, EV_LOOP_START);
    tape_iteration(&tape, 1, 2);
    tape_task(&tape, EV_TASK_RUNNING, 0);
    tape_task(&tape, EV_TASK_FINISHED, 0);
    tape_callback_run(&tape, 0, false);
    tape.t_ns += 990;
    tape_stop(&tape, STOP_DONE);
    TraceStats stats;
    trace_stats_make(&stats, tape.log, log_count(tape.log));
    assert_int_equal(stats.longest_hold_ns, 1000);
    assert_int_equal(stats.longest_hold_task, EVENT_NONE);
    trace_stats_finish(&stats);
    tape_finish(&tape);
}

static void totals_are_those_of_the_states(void **unused) {
    (void)unused;
    for (uint64_t seed = 50; seed < 56; seed++) {
        Log *log = random_log(seed, 3, 12, 3000);
        Timeline *timeline = timeline_create(log);
        assert_true(timeline_follow(timeline, UINT64_MAX));
        State *state = state_create(timeline);
        for (uint64_t count = 0; count <= log_count(log); count += 97) {
            TraceStats stats;
            trace_stats_make(&stats, log, count);
            state_seek(state, count);
            const LoopInfo *loop = state_loop(state);
            assert_int_equal(stats.task_count, loop->tasks);
            assert_int_equal(stats.iterations, loop->iteration);
            assert_int_equal(stats.polls, loop->polls);
            assert_int_equal(stats.calls, loop->calls);
            assert_int_equal(stats.end_ns, loop->now_ns);
            for (uint32_t task = 0; task < stats.task_count; task++) {
                const TaskInfo info = state_task(state, task);
                assert_int_equal(stats.tasks[task].end, info.phase);
                assert_int_equal(stats.tasks[task].run_ns, info.run_ns);
                assert_int_equal(stats.tasks[task].ready_ns, info.ready_ns);
                assert_int_equal(stats.tasks[task].wait_ns, info.wait_ns);
                assert_int_equal(stats.tasks[task].steps, info.steps);
            }
            trace_stats_finish(&stats);
        }
        state_destroy(state);
        timeline_destroy(timeline);
        log_destroy(log);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_run),
        cmocka_unit_test(a_callback_can_hold_longest),
        cmocka_unit_test(totals_are_those_of_the_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
