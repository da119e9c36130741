/* Errors in tasks: what they say, whom they reach, and runs that can't go on. */
#include "loop_rig.h"

#include <unistd.h>

static const EventKind ALL_BUT_ENDS[] = {
    EV_LOOP_START,   EV_POLL,           EV_POLLED,       EV_ITERATION,    EV_TASK_CREATED,
    EV_TASK_READY,   EV_TASK_RUNNING,   EV_STEP,         EV_TASK_WAITING, EV_IO_SUBMITTED,
    EV_IO_COMPLETED, EV_CALLBACK_READY, EV_CALLBACK_RUN, EV_TIMER_SET,    EV_TIMER_FIRED,
    EV_IO_BLOCKING,  EV_IO_ARRIVED,     EV_LOOP_STOP};

static void expect_ends(const Rig *rig, const char *wanted) {
    rig_expect_but(rig, wanted, ALL_BUT_ENDS, sizeof ALL_BUT_ENDS / sizeof ALL_BUT_ENDS[0]);
}

static void expect_text(const Rig *rig, void (*explain)(const Loop *, Buf *), const char *wanted) {
    Buf got = {0};
    explain(rig->loop, &got);
    assert_string_equal(buf_text(&got), wanted);
    buf_finish(&got);
}

static Rig one_task(void) {
    Rig rig = rig_make();
    rig_task(&rig, "t", rig_body(&rig, "t"));
    return rig;
}

static void a_refused_open_names_the_path(void **state) {
    (void)state;
    for (RigHow how = RIG_ASYNC; how <= RIG_BLOCKING; how++) {
        Rig rig = one_task();
        rig_open(&rig, "it's/missing.txt", "f", OPEN_READ, how);
        rig_log(&rig, "never");
        rig_end(&rig);
        rig_run(&rig);
        expect_ends(&rig, "task_failed 0 OSError: [Errno 2] No such file or directory: "
                          "\"it's/missing.txt\"\n");
        expect_text(&rig, loop_explain_errors,
                    "task t failed: OSError: [Errno 2] No such file or directory: "
                    "\"it's/missing.txt\"\n");
        expect_text(&rig, loop_explain_refusals, "");
        assert_int_equal(rig.end.reason, STOP_DONE);
        assert_int_equal(rig.end.failed, 1);
        assert_int_equal(rig.end.errors_lost, 1);
        rig_finish(&rig);
    }
}

/* The loop itself notices a closed handle: its descriptor may be another file's by now. */
static void a_closed_handle_is_bad(void **state) {
    (void)state;
    for (int step = 0; step < 4; step++) {
        Rig rig = one_task();
        rig_open(&rig, "a", "f", OPEN_WRITE, RIG_ASYNC);
        rig_on_file(&rig, OP_CLOSE, "f", RIG_ASYNC);
        if (step == 0) {
            rig_write(&rig, "x", "f", RIG_ASYNC);
        } else if (step == 1) {
            rig_on_file(&rig, OP_FSYNC, "f", RIG_ASYNC);
        } else if (step == 2) {
            rig_on_file(&rig, OP_CLOSE, "f", RIG_BLOCKING);
        } else {
            rig_read(&rig, 1, "f", "x", RIG_ASYNC);
        }
        rig_end(&rig);
        rig_run(&rig);
        expect_ends(&rig, "task_failed 0 OSError: [Errno 9] Bad file descriptor\n");
        assert_int_equal(rig_count(&rig, EV_IO_SUBMITTED), 2);
        rig_finish(&rig);
    }
}

/* A wrongly opened one is refused by the system itself. */
static void a_wrongly_opened_handle_is_bad(void **state) {
    (void)state;
    const OsBackend backends[] = {OS_BACKEND_SIM, back_end_sure()};
    for (size_t i = 0; i < 2; i++) {
        Rig rig = one_task();
        rig_open(&rig, "a", "f", OPEN_WRITE, RIG_ASYNC);
        rig_read(&rig, 4, "f", "x", RIG_ASYNC);
        rig_end(&rig);
        rig_run_on(&rig, backends[i]);
        expect_ends(&rig, "task_failed 0 OSError: [Errno 9] Bad file descriptor\n");
        assert_int_equal(rig_count(&rig, EV_IO_SUBMITTED), 2);
        rig_finish(&rig);
    }
}

static void a_name_that_is_not_set_is_a_runtime_error(void **state) {
    (void)state;
    for (int step = 0; step < 4; step++) {
        Rig rig = one_task();
        if (step == 0) {
            rig_await(&rig, "x");
        } else if (step == 1) {
            rig_write(&rig, "text", "x", RIG_ASYNC);
        } else if (step == 2) {
            rig_on_file(&rig, OP_CLOSE, "x", RIG_BLOCKING);
        } else {
            const Piece piece = {.kind = PIECE_NAME, .name = rig_name(&rig, "x")};
            rig_log_template(&rig, program_add_template(rig.builder, &piece, 1));
        }
        rig_end(&rig);
        rig_run(&rig);
        expect_ends(&rig, "task_failed 0 RuntimeError: name 'x' is not set\n");
        assert_int_equal(rig_count(&rig, EV_STEP), 1); /* it has begun, then failed */
        rig_finish(&rig);
    }
}

/* An open that failed does not set its name; names are a task's own. */
static void names_are_set_by_success_and_are_not_shared(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t other = rig_body(&rig, "other");
    rig_write(&rig, "x", "f", RIG_ASYNC);
    rig_end(&rig);
    const uint32_t body = rig_body(&rig, "t");
    rig_open(&rig, "a", "f", OPEN_WRITE, RIG_ASYNC);
    rig_spawn(&rig, other, "o");
    rig_await(&rig, "o");
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig_run(&rig);
    expect_ends(&rig, "task_failed 1 RuntimeError: name 'f' is not set\n"
                      "task_failed 0 RuntimeError: name 'f' is not set\n");
    rig_finish(&rig);
}

/* CPython notices when the task yields itself to the loop, and raises a turn later. */
static void awaiting_oneself_fails_a_turn_later(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t t = rig_body(&rig, "t");
    rig_await(&rig, "t");
    rig_end(&rig);
    const uint32_t u = rig_body(&rig, "u");
    rig_log(&rig, "u");
    rig_end(&rig);
    rig_task(&rig, "t", t);
    rig_task(&rig, "u", u);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 t\ntask_ready 0 created\n"
                     "task_created 1 u\ntask_ready 1 created\n"
                     "loop_start\niteration 1: 2\n"
                     "task_running 0\nstep 0 /0\ntask_ready 0 yielded\n"
                     "task_running 1\nstep 1 /1\noutput 1 u\ntask_finished 1\n"
                     "iteration 2: 1\n"
                     "task_running 0\n"
                     "task_failed 0 RuntimeError: Task cannot await on itself: "
                     "<Task pending name='t'>\n"
                     "loop_stop done\n");
    rig_finish(&rig);
}

static void calls_go_a_thousand_deep_and_no_deeper(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "down");
    const Piece piece = {.kind = PIECE_LOOP};
    const uint32_t index = program_add_template(rig.builder, &piece, 1);
    const uint32_t repeat = rig_repeat(&rig, 2); /* a frame between the calls' own */
    rig_log_template(&rig, index);
    rig_call(&rig, body);
    rig_repeat_end(&rig, repeat);
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig_run(&rig);
    assert_int_equal(rig_count(&rig, EV_OUTPUT), 1001); /* the task's own and a thousand calls' */
    rig_expect_but(&rig, "task_failed 0 RecursionError: maximum recursion depth exceeded\n",
                   (EventKind[]){EV_TASK_CREATED, EV_TASK_READY, EV_LOOP_START, EV_ITERATION,
                                 EV_TASK_RUNNING, EV_STEP, EV_OUTPUT, EV_LOOP_STOP},
                   8);
    rig_finish(&rig);
}

static void calls_that_return_can_go_on_for_ever(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t empty = rig_body(&rig, "empty");
    rig_end(&rig);
    const uint32_t body = rig_body(&rig, "t");
    const uint32_t repeat = rig_repeat(&rig, 5000);
    rig_call(&rig, empty);
    rig_repeat_end(&rig, repeat);
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig_run(&rig);
    assert_int_equal(rig.end.failed, 0);
    assert_int_equal(rig_count(&rig, EV_STEP), 5001);
    rig_finish(&rig);
}

/* An error is lost where nobody awaited it; who awaited it and did not catch it loses it again. */
static void an_error_reaches_those_who_await(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t w = rig_body(&rig, "w");
    rig_await(&rig, "bad");
    rig_log(&rig, "never");
    rig_end(&rig);
    const uint32_t bad = rig_body(&rig, "bad");
    rig_sleep(&rig, 0);
    rig_open(&rig, "no", "f", OPEN_READ, RIG_BLOCKING);
    rig_end(&rig);
    const uint32_t late = rig_body(&rig, "late");
    rig_sleep(&rig, 9 * MS);
    rig_await(&rig, "bad"); /* it has failed long ago */
    rig_log(&rig, "never");
    rig_end(&rig);
    rig_task(&rig, "w1", w);
    rig_task(&rig, "bad", bad);
    rig_task(&rig, "w2", w);
    rig_task(&rig, "late", late);
    rig_run(&rig);
    expect_ends(&rig, "task_failed 1 OSError: [Errno 2] No such file or directory: 'no'\n"
                      "task_failed 0 OSError: [Errno 2] No such file or directory: 'no'\n"
                      "task_failed 2 OSError: [Errno 2] No such file or directory: 'no'\n"
                      "task_failed 3 OSError: [Errno 2] No such file or directory: 'no'\n");
    assert_int_equal(rig.end.failed, 4);
    assert_int_equal(rig.end.errors_lost, 3);
    expect_text(&rig, loop_explain_errors,
                "task w1 failed: OSError: [Errno 2] No such file or directory: 'no'\n"
                "task w2 failed: OSError: [Errno 2] No such file or directory: 'no'\n"
                "task late failed: OSError: [Errno 2] No such file or directory: 'no'\n");
    rig_finish(&rig);
}

/* A record may serve several tasks in turn; a name keeps the one that it stands for. */
static void records_are_used_again_but_not_while_named(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t bad = rig_body(&rig, "bad");
    rig_open(&rig, "no", "f", OPEN_READ, RIG_BLOCKING);
    rig_end(&rig);
    const uint32_t fine = rig_body(&rig, "fine");
    rig_end(&rig);
    const uint32_t body = rig_body(&rig, "t");
    rig_spawn(&rig, bad, "kept");
    const uint32_t repeat = rig_repeat(&rig, 3000);
    rig_spawn(&rig, fine, "other");
    rig_sleep(&rig, 0);
    rig_repeat_end(&rig, repeat);
    rig_await(&rig, "other");
    rig_await(&rig, "kept");
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig.limits.memory_bytes = 1 << 20; /* three thousand records and names would not fit */
    rig.unlogged = true;
    rig_run(&rig);
    assert_int_equal(rig.end.reason, STOP_DONE);
    assert_int_equal(rig.end.failed, 2);
    assert_int_equal(rig.end.errors_lost, 1);
    expect_text(&rig, loop_explain_errors,
                "task t failed: OSError: [Errno 2] No such file or directory: 'no'\n");
    rig_finish(&rig);
}

static void paths_that_lead_out_are_refused_and_told(void **state) {
    (void)state;
    Rig rig = one_task();
    rig_open(&rig, "../out", "f", OPEN_WRITE, RIG_ASYNC);
    rig_end(&rig);
    const uint32_t u = rig_body(&rig, "u");
    rig_open(&rig, "/etc/passwd", "f", OPEN_READ, RIG_BLOCKING);
    rig_end(&rig);
    program_add_task(rig.builder, "u", u, 2, true);
    rig_run(&rig);
    expect_ends(&rig, "task_failed 0 OSError: [Errno 1] Operation not permitted: '../out'\n"
                      "task_failed 1 OSError: [Errno 1] Operation not permitted: '/etc/passwd'\n"
                      "task_failed 2 OSError: [Errno 1] Operation not permitted: '/etc/passwd'\n");
    expect_text(&rig, loop_explain_refusals,
                "task t: '../out' leads out of the workspace: refused\n"
                "task u-0: '/etc/passwd' leads out of the workspace: refused\n"
                "task u-1: '/etc/passwd' leads out of the workspace: refused\n");
    assert_int_equal(rig_count(&rig, EV_IO_SUBMITTED), 0);
    assert_int_equal(rig_count(&rig, EV_IO_BLOCKING), 0);
    rig_finish(&rig);
}

static void refusals_without_end_are_counted(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t bad = rig_body(&rig, "bad");
    rig_open(&rig, "..", "f", OPEN_WRITE, RIG_ASYNC);
    rig_end(&rig);
    program_add_task(rig.builder, "bad", bad, 103, true);
    rig_run(&rig);
    Buf got = {0};
    loop_explain_refusals(rig.loop, &got);
    assert_non_null(strstr(buf_text(&got), "task bad-99: '..' leads out"));
    assert_null(strstr(buf_text(&got), "task bad-100:"));
    assert_non_null(strstr(buf_text(&got), "\nand 3 more\n"));
    buf_finish(&got);
    rig_finish(&rig);
}

#if !defined(_WIN32) /* making links takes a privilege there; test_os_windows.c has them */
/* What only the run can see: a link that leads out is the system's to refuse. */
static void a_link_that_leads_out_is_refused(void **state) {
    (void)state;
    for (RigHow how = RIG_ASYNC; how <= RIG_BLOCKING; how++) {
        Rig rig = one_task();
        rig_open(&rig, "link/passwd", "f", OPEN_READ, how);
        rig_end(&rig);
        rig_prepare(&rig, back_end_sure());
        char link[300];
        snprintf(link, sizeof link, "%s/link", rig.folder);
        assert_int_equal(symlink("/etc", link), 0);
        rig_run_prepared(&rig);
        expect_ends(&rig, "task_failed 0 OSError: [Errno 1] Operation not permitted: "
                          "'link/passwd'\n");
        expect_text(&rig, loop_explain_refusals,
                    "task t: 'link/passwd' leads out of the workspace or is no regular file: "
                    "refused\n");
        rig_finish(&rig);
    }
}

#endif

static void a_path_with_a_nul_is_a_value_error(void **state) {
    (void)state;
    Rig rig = one_task();
    const Piece piece = {.kind = PIECE_TEXT, .text = "a\0b", .length = 3};
    rig_open_template(&rig, program_add_template(rig.builder, &piece, 1), "f", OPEN_WRITE,
                      RIG_ASYNC);
    rig_end(&rig);
    rig_run(&rig);
    expect_ends(&rig, "task_failed 0 ValueError: embedded null byte\n");
    rig_finish(&rig);
}

static void tasks_that_await_each_other_are_a_deadlock(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t a = rig_body(&rig, "a");
    rig_await(&rig, "b");
    rig_end(&rig);
    const uint32_t b = rig_body(&rig, "b");
    rig_sleep(&rig, 3 * MS);
    rig_await(&rig, "c");
    rig_end(&rig);
    const uint32_t c = rig_body(&rig, "c");
    rig_await(&rig, "a");
    rig_end(&rig);
    const uint32_t fine = rig_body(&rig, "fine");
    rig_log(&rig, "fine");
    rig_end(&rig);
    rig_task(&rig, "a", a);
    rig_task(&rig, "b", b);
    rig_task(&rig, "c", c);
    rig_task(&rig, "fine", fine);
    rig_run(&rig);
    assert_int_equal(rig.end.reason, STOP_DEADLOCK);
    expect_ends(&rig, "output 3 fine\n"
                      "task_finished 3\n"
                      "deadlock [{\"task\":0,\"on\":\"task\",\"target\":1},"
                      "{\"task\":1,\"on\":\"task\",\"target\":2},"
                      "{\"task\":2,\"on\":\"task\",\"target\":0}]\n");
    expect_text(&rig, loop_explain_deadlock,
                "task a waits for task b, who waits for task c, who waits for task a\n");
    const Event *last = log_event(rig.log, log_count(rig.log) - 1);
    assert_int_equal(last->kind, EV_LOOP_STOP);
    assert_int_equal(last->a, STOP_DEADLOCK);
    rig_finish(&rig);
}

static void a_deadlock_is_told_without_a_log_too(void **state) {
    (void)state;
    Rig rig = rig_make();
    rig.unlogged = true;
    const uint32_t a = rig_body(&rig, "a");
    rig_await(&rig, "b");
    rig_end(&rig);
    const uint32_t b = rig_body(&rig, "b");
    rig_await(&rig, "a");
    rig_end(&rig);
    rig_task(&rig, "a", a);
    rig_task(&rig, "b", b);
    rig_run(&rig);
    assert_int_equal(rig.end.reason, STOP_DEADLOCK);
    expect_text(&rig, loop_explain_deadlock, "task a waits for task b, who waits for task a\n");
    rig_finish(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_open_names_the_path),
        cmocka_unit_test(a_closed_handle_is_bad),
        cmocka_unit_test(a_wrongly_opened_handle_is_bad),
        cmocka_unit_test(a_name_that_is_not_set_is_a_runtime_error),
        cmocka_unit_test(names_are_set_by_success_and_are_not_shared),
        cmocka_unit_test(awaiting_oneself_fails_a_turn_later),
        cmocka_unit_test(calls_go_a_thousand_deep_and_no_deeper),
        cmocka_unit_test(calls_that_return_can_go_on_for_ever),
        cmocka_unit_test(an_error_reaches_those_who_await),
        cmocka_unit_test(records_are_used_again_but_not_while_named),
        cmocka_unit_test(paths_that_lead_out_are_refused_and_told),
        cmocka_unit_test(refusals_without_end_are_counted),
#if !defined(_WIN32)
        cmocka_unit_test(a_link_that_leads_out_is_refused),
#endif
        cmocka_unit_test(a_path_with_a_nul_is_a_value_error),
        cmocka_unit_test(tasks_that_await_each_other_are_a_deadlock),
        cmocka_unit_test(a_deadlock_is_told_without_a_log_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
