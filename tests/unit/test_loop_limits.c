/* The run's limits: a step that would pass one is not begun; what is in flight is waited for. */
#include "loop_rig.h"

#include <pthread.h>

static void expect_limit(const Rig *rig, const char *name, uint64_t value) {
    assert_int_equal(rig->end.reason, STOP_LIMIT);
    assert_string_equal(rig->end.limit, name);
    assert_int_equal(rig->end.limit_value, value);
    if (rig->log == NULL) {
        return;
    }
    assert_int_equal(rig_count(rig, EV_LIMIT), 1);
    const Event *stop = log_event(rig->log, log_count(rig->log) - 1);
    assert_int_equal(stop->kind, EV_LOOP_STOP);
    assert_int_equal(stop->a, STOP_LIMIT);
    for (uint64_t n = 0; n < log_count(rig->log); n++) {
        const Event *event = log_event(rig->log, n);
        if (event->kind == EV_LIMIT) {
            assert_string_equal(log_text(rig->log, event->text, NULL), name);
            assert_int_equal(event->x, (int64_t)value);
        }
    }
}

static void expect_all_completed(const Rig *rig) {
    assert_int_equal(rig_count(rig, EV_IO_SUBMITTED), rig_count(rig, EV_IO_COMPLETED));
}

/* Two writers of 3 x 100 bytes; 500 may be written: the sixth write is not begun. */
static void bytes_are_counted_when_a_write_begins(void **state) {
    (void)state;
    for (RigHow how = RIG_ASYNC; how <= RIG_BLOCKING; how++) {
        Rig rig = rig_make();
        const Piece name = {.kind = PIECE_TASK};
        const uint32_t path = program_add_template(rig.builder, &name, 1);
        const uint32_t w = rig_body(&rig, "w");
        rig_open_template(&rig, path, "f", OPEN_WRITE, how);
        const uint32_t repeat = rig_repeat(&rig, 3);
        rig_fill(&rig, 100, "f", how);
        rig_repeat_end(&rig, repeat);
        rig_end(&rig);
        program_add_task(rig.builder, "w", w, 2, true);
        rig.limits.bytes = 500;
        rig_run(&rig);
        expect_limit(&rig, "bytes", 500);
        expect_all_completed(&rig);
        uint64_t writes = 0, steps = 0;
        for (uint64_t n = 0; n < log_count(rig.log); n++) {
            const Event *event = log_event(rig.log, n);
            const bool is_io = event->kind == EV_IO_SUBMITTED || event->kind == EV_IO_BLOCKING;
            writes += is_io && event->a == IO_WRITE;
            steps +=
                event->kind == EV_STEP && strcmp(log_text(rig.log, event->text, NULL), "/2") == 0;
        }
        assert_int_equal(writes, 5);
        assert_int_equal(steps, 5);
        rig_finish(&rig);
    }
}

static void a_text_counts_as_bytes_too(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    rig_open(&rig, "a", "f", OPEN_WRITE, RIG_ASYNC);
    rig_write(&rig, "12345", "f", RIG_ASYNC);
    rig_write(&rig, "12345", "f", RIG_ASYNC);
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig.limits.bytes = 9;
    rig_run(&rig);
    expect_limit(&rig, "bytes", 9);
    rig_finish(&rig);
}

static void exactly_the_limit_is_allowed(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t child = rig_body(&rig, "child");
    rig_end(&rig);
    const uint32_t body = rig_body(&rig, "t");
    rig_open(&rig, "a", "f", OPEN_WRITE, RIG_ASYNC);
    rig_write(&rig, "12345", "f", RIG_ASYNC);
    rig_fill(&rig, 5, "f", RIG_BLOCKING);
    rig_spawn(&rig, child, NULL);
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig.limits.bytes = 10;
    rig.limits.tasks = 2;
    rig.limits.files = 1;
    rig_run(&rig);
    assert_int_equal(rig.end.reason, STOP_DONE);
    assert_int_equal(rig.end.failed, 0);
    rig_finish(&rig);
}

static void tasks_are_counted_as_they_are_made(void **state) {
    (void)state;
    for (int unlogged = 0; unlogged < 2; unlogged++) {
        Rig rig = rig_make();
        rig.unlogged = unlogged == 1;
        const uint32_t child = rig_body(&rig, "child");
        rig_end(&rig);
        const uint32_t body = rig_body(&rig, "t");
        const uint32_t repeat = rig_repeat(&rig, UINT64_C(1) << 53);
        rig_spawn(&rig, child, "c");
        rig_await(&rig, "c");
        rig_repeat_end(&rig, repeat);
        rig_end(&rig);
        rig_task(&rig, "t", body);
        rig.limits.tasks = 50;
        rig_run(&rig);
        expect_limit(&rig, "tasks", 50);
        if (rig.log != NULL) {
            assert_int_equal(rig_count(&rig, EV_TASK_CREATED), 50);
        }
        rig_finish(&rig);
    }
}

static void submitting_too_many_ends_the_run_before_it_begins(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    rig_log(&rig, "never");
    rig_end(&rig);
    program_add_task(rig.builder, "t", body, UINT32_MAX, true);
    rig.limits.tasks = 20;
    rig_run(&rig);
    expect_limit(&rig, "tasks", 20);
    assert_int_equal(rig_count(&rig, EV_TASK_CREATED), 20);
    assert_int_equal(rig_count(&rig, EV_TASK_RUNNING), 0);
    assert_int_equal(rig_count(&rig, EV_LOOP_START), 1);
    rig_finish(&rig);
}

/* What is closed, and what could not be opened, does not count any more. */
static void files_are_counted_while_they_are_open(void **state) {
    (void)state;
    for (RigHow how = RIG_ASYNC; how <= RIG_BLOCKING; how++) {
        Rig rig = rig_make();
        const uint32_t bad = rig_body(&rig, "bad");
        rig_open(&rig, "missing", "f", OPEN_READ, how);
        rig_end(&rig);
        const uint32_t body = rig_body(&rig, "t");
        const uint32_t repeat = rig_repeat(&rig, 10);
        rig_open(&rig, "a", "f", OPEN_WRITE, how);
        rig_on_file(&rig, OP_CLOSE, "f", how);
        rig_spawn(&rig, bad, NULL);
        rig_sleep(&rig, MS);
        rig_repeat_end(&rig, repeat);
        rig_open(&rig, "a", "f", OPEN_WRITE, how);
        rig_open(&rig, "b", "f", OPEN_WRITE, how); /* the name moves on, the file stays open */
        rig_log(&rig, "two");
        rig_open(&rig, "c", "g", OPEN_WRITE, how);
        rig_end(&rig);
        rig_task(&rig, "t", body);
        rig.limits.files = 2;
        rig_run(&rig);
        expect_limit(&rig, "files", 2);
        rig_expect_output(&rig, "two\n");
        rig_finish(&rig);
    }
}

/* The turn's handles are cut short by the limit; nothing is appended beyond it but how it ends. */
static void events_end_the_run_before_they_pass_the_limit(void **state) {
    (void)state;
    for (uint64_t limit = 1; limit < 120; limit++) {
        Rig rig = rig_make();
        const uint32_t body = rig_body(&rig, "t");
        const uint32_t repeat = rig_repeat(&rig, 100);
        rig_log(&rig, "text");
        rig_sleep(&rig, 0);
        rig_repeat_end(&rig, repeat);
        rig_end(&rig);
        program_add_task(rig.builder, "t", body, 3, true);
        rig.limits.events = limit;
        rig_run(&rig);
        expect_limit(&rig, "events", limit);
        assert_true(log_count(rig.log) <= limit + 4); /* loop_start, iteration, limit, loop_stop */
        rig_finish(&rig);
    }
}

static void a_loop_without_pauses_meets_the_limit_on_time(void **state) {
    (void)state;
    for (int unlogged = 0; unlogged < 2; unlogged++) {
        for (int empty = 0; empty < 2; empty++) {
            Rig rig = rig_make();
            rig.unlogged = unlogged == 1;
            const uint32_t inner = rig_body(&rig, "inner");
            rig_end(&rig);
            const uint32_t body = rig_body(&rig, "t");
            const uint32_t repeat = rig_repeat(&rig, UINT64_C(1) << 53);
            if (empty == 0) {
                rig_call(&rig, inner);
            }
            rig_repeat_end(&rig, repeat);
            rig_end(&rig);
            rig_task(&rig, "t", body);
            rig.limits.time_ns = 2 * MS;
            rig_run_on(&rig, empty == 0 ? back_end_sure() : OS_BACKEND_SIM);
            expect_limit(&rig, "time", 2 * MS);
            rig_finish(&rig);
        }
    }
}

/* The loop does not sleep beyond its time. */
static void a_sleep_is_cut_by_the_limit_on_time(void **state) {
    (void)state;
    for (int unlogged = 0; unlogged < 2; unlogged++) {
        Rig rig = rig_make();
        rig.unlogged = unlogged == 1;
        const uint32_t body = rig_body(&rig, "t");
        rig_log(&rig, "sleeps");
        rig_sleep(&rig, UINT64_C(1000000000) * 1000000000);
        rig_log(&rig, "never");
        rig_end(&rig);
        rig_task(&rig, "t", body);
        rig.limits.time_ns = 7 * MS;
        rig_run(&rig);
        expect_limit(&rig, "time", 7 * MS);
        if (rig.log != NULL) {
            assert_int_equal(log_event(rig.log, log_count(rig.log) - 1)->t_ns, 7 * MS);
        }
        rig_finish(&rig);
    }
}

/* It is known beforehand how long it computes. */
static void a_compute_that_would_pass_the_limit_is_not_begun(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    rig_timed(&rig, OP_COMPUTE, 4 * MS);
    rig_log(&rig, "one");
    rig_timed(&rig, OP_COMPUTE, 4 * MS);
    rig_log(&rig, "two");
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig.limits.time_ns = 7 * MS;
    rig_run(&rig);
    expect_limit(&rig, "time", 7 * MS);
    rig_expect_output(&rig, "one\n");
    assert_int_equal(rig_count(&rig, EV_STEP), 2);
    rig_finish(&rig);
}

/* {text}{text} written and read back doubles a text each round. */
static void a_text_that_grows_without_end_meets_the_limit_on_memory(void **state) {
    (void)state;
    for (int unlogged = 0; unlogged < 2; unlogged++) {
        Rig rig = rig_make();
        rig.unlogged = unlogged == 1;
        const uint32_t body = rig_body(&rig, "t");
        const uint32_t text = rig_name(&rig, "text");
        const Piece pieces[] = {{.kind = PIECE_NAME, .name = text},
                                {.kind = PIECE_NAME, .name = text}};
        const uint32_t doubled = program_add_template(rig.builder, pieces, 2);
        rig_open(&rig, "a", "f", OPEN_WRITE, RIG_BLOCKING);
        rig_write(&rig, "0123456789", "f", RIG_BLOCKING);
        rig_open(&rig, "a", "g", OPEN_READ, RIG_BLOCKING);
        rig_read(&rig, 10, "g", "text", RIG_BLOCKING);
        const uint32_t repeat = rig_repeat(&rig, 1000);
        rig_open(&rig, "a", "f", OPEN_WRITE, RIG_BLOCKING);
        rig_write_template(&rig, doubled, "f", RIG_BLOCKING);
        rig_on_file(&rig, OP_CLOSE, "f", RIG_BLOCKING);
        rig_open(&rig, "a", "g", OPEN_READ, RIG_BLOCKING);
        rig_read(&rig, 700000, "g", "text", RIG_BLOCKING);
        rig_on_file(&rig, OP_CLOSE, "g", RIG_BLOCKING);
        rig_repeat_end(&rig, repeat);
        rig_end(&rig);
        rig_task(&rig, "t", body);
        rig.limits.memory_bytes = 1000000;
        rig_run(&rig);
        expect_limit(&rig, "memory", 1000000);
        rig_finish(&rig);
    }
}

static void many_tasks_alive_meet_the_limit_on_memory(void **state) {
    (void)state;
    for (int unlogged = 0; unlogged < 2; unlogged++) {
        Rig rig = rig_make();
        rig.unlogged = unlogged == 1;
        const uint32_t body = rig_body(&rig, "t");
        rig_spawn(&rig, body, NULL); /* and so on */
        rig_sleep(&rig, UINT64_C(1000000000) * 1000);
        rig_end(&rig);
        rig_task(&rig, "t", body);
        rig.limits.memory_bytes = 100000;
        rig_run(&rig);
        expect_limit(&rig, "memory", 100000);
        rig_finish(&rig);
    }
}

/* "read": "1GiB" of a short file is nothing special; of a long one it ends the run. */
static void a_read_may_ask_for_more_than_there_is(void **state) {
    (void)state;
    for (uint64_t size = 1000; size <= 2000000; size *= 2000) {
        Rig rig = rig_make();
        const uint32_t body = rig_body(&rig, "t");
        rig_open(&rig, "a", "f", OPEN_WRITE, RIG_ASYNC);
        rig_fill(&rig, size, "f", RIG_ASYNC);
        rig_open(&rig, "a", "f", OPEN_READ, RIG_ASYNC);
        rig_read(&rig, UINT64_C(1) << 53, "f", "x", RIG_ASYNC);
        rig_log(&rig, "read");
        rig_end(&rig);
        rig_task(&rig, "t", body);
        rig.limits.memory_bytes = 1 << 20;
        rig_run(&rig);
        if (size == 1000) {
            assert_int_equal(rig.end.reason, STOP_DONE);
            rig_expect_output(&rig, "read\n");
        } else {
            expect_limit(&rig, "memory", 1 << 20);
            rig_expect_output(&rig, "");
        }
        rig_finish(&rig);
    }
}

static void the_scenario_lowers_the_runs_limits_and_never_raises_them(void **state) {
    (void)state;
    for (int raise = 0; raise < 2; raise++) {
        Rig rig = rig_make();
        const uint32_t body = rig_body(&rig, "t");
        rig_spawn(&rig, body, NULL);
        rig_end(&rig);
        rig_task(&rig, "t", body);
        ProgramLimits own = program_no_limits();
        own.tasks = raise == 0 ? 5 : 1000;
        own.files = 3;
        program_set_limits(rig.builder, own);
        rig.limits.tasks = 40;
        rig_run(&rig);
        expect_limit(&rig, "tasks", raise == 0 ? 5 : 40);
        rig_finish(&rig);
    }
}

/* ---- interruption ---- */

static Rig endless(OsBackend backend, bool pauses) {
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    rig_open(&rig, "a", "f", OPEN_WRITE, RIG_ASYNC);
    rig_log(&rig, "begun");
    const uint32_t repeat = rig_repeat(&rig, UINT64_C(1) << 53);
    if (pauses) {
        rig_sleep(&rig, UINT64_C(1000000000) * 3600);
    }
    rig_repeat_end(&rig, repeat);
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig.limits.time_ns = UINT64_MAX >> 1;
    rig_prepare(&rig, backend);
    return rig;
}

static void *run_rig(void *context) {
    Rig *rig = context;
    rig->end = loop_run(rig->loop);
    return NULL;
}

static void interrupt_when_begun(Rig *rig) {
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run_rig, rig), 0);
    uint64_t seen = 0;
    bool begun = false;
    while (!begun) {
        const uint64_t count = log_wait(rig->log, seen, 1000000000);
        for (; seen < count; seen++) {
            begun = begun || log_event(rig->log, seen)->kind == EV_OUTPUT;
        }
    }
    loop_interrupt(rig->loop);
    pthread_join(thread, NULL);
    assert_int_equal(rig->end.reason, STOP_INTERRUPTED);
    expect_all_completed(rig);
    rig_check(rig->log);
    rig_finish(rig);
}

static void a_sleeping_loop_can_be_interrupted(void **state) {
    (void)state;
    Rig rig = endless(back_end_sure(), true);
    interrupt_when_begun(&rig);
}

static void a_busy_task_can_be_interrupted(void **state) {
    (void)state;
    Rig rig = endless(back_end_sure(), false);
    interrupt_when_begun(&rig);
}

static void a_simulated_run_can_be_interrupted(void **state) {
    (void)state;
    Rig rig = endless(OS_BACKEND_SIM, false);
    interrupt_when_begun(&rig);
}

static void computing_can_be_interrupted(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    rig_log(&rig, "begun");
    rig_timed(&rig, OP_COMPUTE, UINT64_C(1000000000) * 3600);
    rig_log(&rig, "never");
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig.limits.time_ns = UINT64_MAX >> 1;
    rig_prepare(&rig, back_end_sure());
    interrupt_when_begun(&rig);
}

static void an_interruption_before_the_start_ends_the_run_at_once(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    rig_log(&rig, "never");
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig_prepare(&rig, OS_BACKEND_SIM);
    loop_interrupt(rig.loop);
    rig_run_prepared(&rig);
    rig_expect(&rig, "task_created 0 t\ntask_ready 0 created\nloop_start\n"
                     "loop_stop interrupted\n");
    rig_finish(&rig);
}

/* A run that ends early waits for what it has handed to the OS, and tells it. */
static void what_is_in_flight_is_waited_for(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t w = rig_body(&rig, "w");
    const Piece name = {.kind = PIECE_TASK};
    rig_open_template(&rig, program_add_template(rig.builder, &name, 1), "f", OPEN_WRITE,
                      RIG_ASYNC);
    rig_log(&rig, "never");
    rig_end(&rig);
    const uint32_t greedy = rig_body(&rig, "greedy");
    rig_spawn(&rig, greedy, NULL);
    rig_end(&rig);
    program_add_task(rig.builder, "w", w, 3, true);
    rig_task(&rig, "greedy", greedy);
    rig.limits.tasks = 4;
    rig_run(&rig);
    expect_limit(&rig, "tasks", 4);
    assert_int_equal(rig_count(&rig, EV_IO_SUBMITTED), 3);
    expect_all_completed(&rig);
    rig_expect_output(&rig, "");
    assert_int_equal(rig_count(&rig, EV_TASK_READY), 4); /* nobody is made ready any more */
    rig_finish(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_counted_when_a_write_begins),
        cmocka_unit_test(a_text_counts_as_bytes_too),
        cmocka_unit_test(exactly_the_limit_is_allowed),
        cmocka_unit_test(tasks_are_counted_as_they_are_made),
        cmocka_unit_test(submitting_too_many_ends_the_run_before_it_begins),
        cmocka_unit_test(files_are_counted_while_they_are_open),
        cmocka_unit_test(events_end_the_run_before_they_pass_the_limit),
        cmocka_unit_test(a_loop_without_pauses_meets_the_limit_on_time),
        cmocka_unit_test(a_sleep_is_cut_by_the_limit_on_time),
        cmocka_unit_test(a_compute_that_would_pass_the_limit_is_not_begun),
        cmocka_unit_test(a_text_that_grows_without_end_meets_the_limit_on_memory),
        cmocka_unit_test(many_tasks_alive_meet_the_limit_on_memory),
        cmocka_unit_test(a_read_may_ask_for_more_than_there_is),
        cmocka_unit_test(the_scenario_lowers_the_runs_limits_and_never_raises_them),
        cmocka_unit_test(a_sleeping_loop_can_be_interrupted),
        cmocka_unit_test(a_busy_task_can_be_interrupted),
        cmocka_unit_test(a_simulated_run_can_be_interrupted),
        cmocka_unit_test(computing_can_be_interrupted),
        cmocka_unit_test(an_interruption_before_the_start_ends_the_run_at_once),
        cmocka_unit_test(what_is_in_flight_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
