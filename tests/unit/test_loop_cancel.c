/* Cancelling: what is told, in which order, and what becomes of what the task waited for. */
#include "loop_rig.h"

static void rig_on_name(Rig *rig, OpCode op, const char *name) {
    rig_on_file(rig, op, name, RIG_ASYNC);
}

static const EventKind TURNS[] = {EV_POLL, EV_POLLED, EV_ITERATION, EV_STEP, EV_LOOP_START};

static void expect(const Rig *rig, const char *wanted) {
    rig_expect_but(rig, wanted, TURNS, sizeof TURNS / sizeof TURNS[0]);
}

static void a_sleep_is_cut_and_one_that_has_not_begun_never_begins(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t nap = rig_body(&rig, "nap");
    rig_sleep(&rig, 1000000 * MS); /* 1,000 s: nobody waits for it */
    rig_end(&rig);
    rig_task(&rig, "boss", rig_body(&rig, "boss"));
    rig_spawn(&rig, nap, "asleep");
    rig_sleep(&rig, 0);
    rig_spawn(&rig, nap, "unborn");
    rig_on_name(&rig, OP_CANCEL, "asleep");
    rig_on_name(&rig, OP_CANCEL, "asleep");
    rig_on_name(&rig, OP_CANCEL, "unborn");
    rig_end(&rig);
    rig_run(&rig);
    expect(&rig, "task_created 0 boss\n"
                 "task_ready 0 created\n"
                 "task_running 0\n"
                 "task_created 1 asleep by 0 at /1\n"
                 "task_ready 1 created\n"
                 "task_ready 0 yielded\n"
                 "task_running 1\n"
                 "timer_set 1 0\n"
                 "task_waiting 1 on timer 0\n"
                 "task_running 0\n"
                 "task_created 2 unborn by 0 at /3\n"
                 "task_ready 2 created\n"
                 "cancel_requested 1\n"
                 "timer_cancelled\n"
                 "task_ready 1 cancelled\n"
                 "cancel_requested 1\n"
                 "cancel_requested 2\n"
                 "task_finished 0\n"
                 "task_running 2\n"
                 "task_cancelled 2\n"
                 "task_running 1\n"
                 "task_cancelled 1\n"
                 "loop_stop done\n");
    assert_int_equal(rig.end.failed, 0);
    rig_finish(&rig);
}

/* a awaits b: the request goes on to b, and a is woken by b's end, a turn later. */
static void a_request_is_passed_on(void **state) {
    (void)state;
    Rig rig = rig_make();
    rig_task(&rig, "a", rig_body(&rig, "a"));
    rig_await(&rig, "b");
    rig_end(&rig);
    rig_task(&rig, "b", rig_body(&rig, "b"));
    rig_sleep(&rig, MS);
    rig_end(&rig);
    rig_task(&rig, "c", rig_body(&rig, "c"));
    rig_on_name(&rig, OP_CANCEL, "a");
    rig_end(&rig);
    rig_run(&rig);
    static const EventKind MORE[] = {EV_POLL,         EV_POLLED,     EV_ITERATION, EV_STEP,
                                     EV_TASK_CREATED, EV_LOOP_START, EV_TIMER_SET};
    rig_expect_but(&rig,
                   "task_ready 0 created\n"
                   "task_ready 1 created\n"
                   "task_ready 2 created\n"
                   "task_running 0\n"
                   "task_waiting 0 on task 1\n"
                   "task_running 1\n"
                   "task_waiting 1 on timer 0\n"
                   "task_running 2\n"
                   "cancel_requested 0\n"
                   "cancel_requested 1\n"
                   "timer_cancelled\n"
                   "task_ready 1 cancelled\n"
                   "task_finished 2\n"
                   "task_running 1\n"
                   "task_cancelled 1\n"
                   "task_ready 0 resumed\n"
                   "task_running 0\n"
                   "task_cancelled 0\n"
                   "loop_stop done\n",
                   MORE, sizeof MORE / sizeof MORE[0]);
    rig_finish(&rig);
}

/* Python asks round and round until its stack is full. */
static void tasks_that_await_each_other_are_not_cancelled(void **state) {
    (void)state;
    Rig rig = rig_make();
    rig_task(&rig, "a", rig_body(&rig, "a"));
    rig_await(&rig, "b");
    rig_end(&rig);
    rig_task(&rig, "b", rig_body(&rig, "b"));
    rig_await(&rig, "a");
    rig_end(&rig);
    rig_task(&rig, "c", rig_body(&rig, "c"));
    rig_on_name(&rig, OP_CANCEL, "a");
    rig_end(&rig);
    rig_run(&rig);
    assert_int_equal(rig.end.reason, STOP_DEADLOCK);
    assert_int_equal(rig_count(&rig, EV_CANCEL_REQUESTED), 0);
    Buf told = {0};
    loop_explain_errors(rig.loop, &told);
    assert_string_equal(buf_text(&told),
                        "task c failed: RecursionError: maximum recursion depth exceeded while "
                        "calling a Python object\n");
    buf_finish(&told);
    rig_finish(&rig);
}

/* The operation runs to its end after its task; its file goes with it; the run waits. */
static void an_operation_is_left_behind(void **state) {
    (void)state;
    const OsBackend backends[] = {OS_BACKEND_SIM, back_end_sure()};
    for (size_t i = 0; i < 2; i++) {
        Rig rig = rig_make();
        rig_task(&rig, "w", rig_body(&rig, "w"));
        rig_open(&rig, "a", "f", OPEN_WRITE, RIG_BLOCKING);
        rig_fill(&rig, 1 << 20, "f", RIG_ASYNC);
        rig_log(&rig, "never");
        rig_end(&rig);
        rig_task(&rig, "x", rig_body(&rig, "x"));
        rig_on_name(&rig, OP_CANCEL, "w");
        rig_end(&rig);
        rig_run_on(&rig, backends[i]);
        assert_int_equal(rig.end.reason, STOP_DONE);
        assert_int_equal(rig_count(&rig, EV_IO_SUBMITTED), 1);
        assert_int_equal(rig_count(&rig, EV_IO_COMPLETED), 1);
        assert_int_equal(rig_count(&rig, EV_TASK_CANCELLED), 1);
        rig_expect_output(&rig, "");
        rig_finish(&rig);
    }
}

/* Many sleeps that nobody waits for any more do not pile up in the heap. */
static void cancelled_timers_are_dropped(void **state) {
    (void)state;
    enum { ROUNDS = 20000 };
    Rig rig = rig_make();
    rig.unlogged = true;
    const uint32_t nap = rig_body(&rig, "nap");
    rig_sleep(&rig, 1000000 * MS);
    rig_end(&rig);
    rig_task(&rig, "boss", rig_body(&rig, "boss"));
    const uint32_t repeat = rig_repeat(&rig, ROUNDS);
    rig_spawn(&rig, nap, "t");
    rig_sleep(&rig, 0);
    rig_on_name(&rig, OP_CANCEL, "t");
    rig_sleep(&rig, 0);
    rig_repeat_end(&rig, repeat);
    rig_sleep(&rig, MS);
    rig_end(&rig);
    rig_run(&rig);
    assert_int_equal(rig.end.reason, STOP_DONE);
    assert_int_equal(rig.end.failed, 0);
    rig_finish(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sleep_is_cut_and_one_that_has_not_begun_never_begins),
        cmocka_unit_test(a_request_is_passed_on),
        cmocka_unit_test(tasks_that_await_each_other_are_not_cancelled),
        cmocka_unit_test(an_operation_is_left_behind),
        cmocka_unit_test(cancelled_timers_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
