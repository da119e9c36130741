/* Locks, semaphores, events and queues: what is told, deadlocks, and memory that is given back. */
#include "loop_rig.h"

static void rig_on_name(Rig *rig, OpCode op, const char *name) {
    rig_on_file(rig, op, name, RIG_ASYNC);
}

static void rig_object(Rig *rig, ObjectKind kind, const char *name, uint64_t count) {
    program_add_object(rig->builder, kind, rig_name(rig, name), count);
}

static void rig_put(Rig *rig, const char *text, const char *queue) {
    Instr instr = rig_instr(rig, OP_PUT);
    instr.arg = rig_text(rig, text);
    instr.name = rig_name(rig, queue);
    program_add_instr(rig->builder, instr);
}

static void rig_with_end(Rig *rig) {
    program_add_instr(rig->builder, program_instr(OP_WITHOUT, PROGRAM_NONE));
}

static const EventKind TURNS[] = {EV_POLL, EV_POLLED,       EV_ITERATION,
                                  EV_STEP, EV_TASK_CREATED, EV_LOOP_START};

static void expect(const Rig *rig, const char *wanted) {
    rig_expect_but(rig, wanted, TURNS, sizeof TURNS / sizeof TURNS[0]);
}

/* The lock is free from its release on; the first of those that wait takes it a turn later. */
static void a_lock_is_handed_over(void **state) {
    (void)state;
    Rig rig = rig_make();
    rig_object(&rig, OBJECT_LOCK, "m", 0);
    rig_task(&rig, "a", rig_body(&rig, "a"));
    rig_on_name(&rig, OP_WITH, "m");
    rig_sleep(&rig, 0);
    rig_with_end(&rig);
    rig_end(&rig);
    rig_task(&rig, "b", rig_body(&rig, "b"));
    rig_on_name(&rig, OP_ACQUIRE, "m");
    rig_on_name(&rig, OP_RELEASE, "m");
    rig_end(&rig);
    rig_run(&rig);
    expect(&rig, "task_ready 0 created\n"
                 "task_ready 1 created\n"
                 "task_running 0\n"
                 "sync 0 m\n"
                 "task_ready 0 yielded\n"
                 "task_running 1\n"
                 "task_waiting 1 on lock 4294967295\n"
                 "task_running 0\n"
                 "sync 0 m\n"
                 "task_ready 1 resumed\n"
                 "task_finished 0\n"
                 "task_running 1\n"
                 "sync 1 m\n"
                 "sync 1 m\n"
                 "task_finished 1\n"
                 "loop_stop done\n");
    rig_finish(&rig);
}

static void releasing_what_nobody_holds_is_an_error(void **state) {
    (void)state;
    Rig rig = rig_make();
    rig_object(&rig, OBJECT_LOCK, "m", 0);
    rig_object(&rig, OBJECT_SEMAPHORE, "s", 0);
    rig_task(&rig, "a", rig_body(&rig, "a"));
    rig_on_name(&rig, OP_RELEASE, "s"); /* a semaphore only has one place more */
    rig_on_name(&rig, OP_ACQUIRE, "s");
    rig_on_name(&rig, OP_WITH, "m");
    rig_on_name(&rig, OP_RELEASE, "m");
    rig_with_end(&rig);
    rig_end(&rig);
    rig_run(&rig);
    Buf told = {0};
    loop_explain_errors(rig.loop, &told);
    assert_string_equal(buf_text(&told), "task a failed: RuntimeError: Lock is not acquired.\n");
    buf_finish(&told);
    rig_finish(&rig);
}

static void a_deadlock_tells_who_waits_for_what(void **state) {
    (void)state;
    Rig rig = rig_make();
    rig_object(&rig, OBJECT_LOCK, "m", 0);
    rig_object(&rig, OBJECT_SEMAPHORE, "s", 0);
    rig_object(&rig, OBJECT_EVENT, "e", 0);
    rig_object(&rig, OBJECT_QUEUE, "q", 1);
    rig_task(&rig, "a", rig_body(&rig, "a"));
    rig_on_name(&rig, OP_ACQUIRE, "m");
    rig_on_name(&rig, OP_ACQUIRE, "m");
    rig_end(&rig);
    rig_task(&rig, "b", rig_body(&rig, "b"));
    rig_on_name(&rig, OP_WITH, "s");
    rig_with_end(&rig);
    rig_end(&rig);
    rig_task(&rig, "c", rig_body(&rig, "c"));
    rig_on_name(&rig, OP_WAIT_EVENT, "e");
    rig_end(&rig);
    rig_task(&rig, "d", rig_body(&rig, "d"));
    rig_put(&rig, "one", "q");
    rig_put(&rig, "two", "q");
    rig_end(&rig);
    rig_task(&rig, "f", rig_body(&rig, "f"));
    rig_await(&rig, "c");
    rig_end(&rig);
    rig_run(&rig);
    assert_int_equal(rig.end.reason, STOP_DEADLOCK);
    Buf told = {0};
    loop_explain_deadlock(rig.loop, &told);
    assert_string_equal(
        buf_text(&told),
        "task a waits for lock \"m\", held by itself\n"
        "task b waits for a place in semaphore \"s\", which nobody is left to release\n"
        "task c waits for event \"e\", which nobody is left to set\n"
        "task d waits for queue \"q\", which is full and nobody is left to empty\n"
        "task f waits for task c\n");
    buf_finish(&told);
    const Event *deadlock = log_event(rig.log, log_count(rig.log) - 2);
    assert_int_equal(deadlock->kind, EV_DEADLOCK);
    assert_string_equal(log_text(rig.log, deadlock->text, NULL),
                        "[{\"task\":0,\"on\":\"lock\",\"target\":\"m\"},"
                        "{\"task\":1,\"on\":\"semaphore\",\"target\":\"s\"},"
                        "{\"task\":2,\"on\":\"event\",\"target\":\"e\"},"
                        "{\"task\":3,\"on\":\"queue\",\"target\":\"q\"},"
                        "{\"task\":4,\"on\":\"task\",\"target\":2}]");
    rig_finish(&rig);
}

/* What lies in a queue is memory of the run; what was taken out is none any more. */
static void a_queue_counts_as_memory(void **state) {
    (void)state;
    for (int taken = 0; taken < 2; taken++) {
        Rig rig = rig_make();
        rig.unlogged = true;
        rig.limits.memory_bytes = 4096;
        rig_object(&rig, OBJECT_QUEUE, "q", 0);
        rig_task(&rig, "a", rig_body(&rig, "a"));
        const uint32_t repeat = rig_repeat(&rig, 1000);
        rig_put(&rig, "a text of some length", "q");
        if (taken == 1) {
            rig_on_name(&rig, OP_GET, "q");
        }
        rig_repeat_end(&rig, repeat);
        rig_end(&rig);
        rig_run(&rig);
        assert_int_equal(rig.end.reason, taken == 1 ? STOP_DONE : STOP_LIMIT);
        rig_finish(&rig);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_is_handed_over),
        cmocka_unit_test(releasing_what_nobody_holds_is_an_error),
        cmocka_unit_test(a_deadlock_tells_who_waits_for_what),
        cmocka_unit_test(a_queue_counts_as_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
