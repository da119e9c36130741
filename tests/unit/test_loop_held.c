/* The loop at the gate: its clock stops, nothing happens before it is allowed, and what the viewer
 * does never changes the order of events. */
#include "loop_rig.h"

#include <fcntl.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

static void *run_rig(void *context) {
    Rig *rig = context;
    rig->end = loop_run(rig->loop);
    return NULL;
}

static void mixed_program(Rig *rig) {
    const uint32_t child = rig_body(rig, "child");
    rig_sleep(rig, 3 * MS);
    rig_log(rig, "child");
    rig_end(rig);
    const uint32_t a = rig_body(rig, "a");
    rig_open(rig, "a", "f", OPEN_WRITE, RIG_ASYNC);
    rig_spawn(rig, child, "c");
    rig_write(rig, "text", "f", RIG_ASYNC);
    rig_on_file(rig, OP_CLOSE, "f", RIG_BLOCKING);
    rig_await(rig, "c");
    rig_end(rig);
    const uint32_t b = rig_body(rig, "b");
    const uint32_t repeat = rig_repeat(rig, 5);
    rig_sleep(rig, MS);
    rig_timed(rig, OP_COMPUTE, MS / 4);
    rig_repeat_end(rig, repeat);
    rig_end(rig);
    rig_task(rig, "a", a);
    rig_task(rig, "b", b);
}

/* On the simulation a run that is stepped through is the same run to the nanosecond. */
static void stepping_changes_nothing(void **state) {
    (void)state;
    Rig free_run = rig_make();
    mixed_program(&free_run);
    rig_run(&free_run);

    Gate gate;
    gate_init(&gate, 0);
    Rig held = rig_make();
    mixed_program(&held);
    held.gate = &gate;
    rig_prepare(&held, OS_BACKEND_SIM);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run_rig, &held), 0);
    for (uint64_t allowed = 1; !log_finished(held.log); allowed++) {
        gate_allow(&gate, allowed);
        while (log_wait(held.log, allowed - 1, 1000000) < allowed && !log_finished(held.log)) {
        }
        assert_true(log_count(held.log) <= allowed);
    }
    pthread_join(thread, NULL);
    assert_int_equal(log_count(held.log), log_count(free_run.log));
    for (uint64_t n = 0; n < log_count(held.log); n++) {
        assert_memory_equal(log_event(held.log, n), log_event(free_run.log, n), sizeof(Event));
    }
    rig_check(held.log);
    rig_finish(&held);
    rig_finish(&free_run);
    gate_finish(&gate);
}

static void wait_until_held(const Gate *gate) {
    while (!gate_is_held(gate)) {
        const struct timespec nap = {.tv_nsec = 100000};
        nanosleep(&nap, NULL);
    }
}

/* Lets events pass one at a time until the next one would follow the first `kind`. */
static void step_past(const Rig *rig, Gate *gate, EventKind kind) {
    for (uint64_t n = 0;; n++) {
        gate_allow(gate, n + 1);
        while (log_count(rig->log) <= n) {
            log_wait(rig->log, n, 1000000000);
        }
        if (log_event(rig->log, n)->kind == kind) {
            break;
        }
    }
    wait_until_held(gate);
}

/* A sleeper of 200 ms and a task of four turns, held for 300 ms in its first: were the clock to run
 * on, the sleeper would wake in between. */
static void the_clock_stops_while_the_loop_is_held(void **state) {
    (void)state;
    Gate gate;
    gate_init(&gate, 0);
    Rig rig = rig_make();
    const uint32_t sleeper = rig_body(&rig, "sleeper");
    rig_sleep(&rig, 200 * MS);
    rig_log(&rig, "sleeper");
    rig_end(&rig);
    const uint32_t turns = rig_body(&rig, "turns");
    rig_log(&rig, "begins");
    for (int i = 0; i < 4; i++) {
        rig_sleep(&rig, 0);
    }
    rig_log(&rig, "turns");
    rig_end(&rig);
    rig_task(&rig, "sleeper", sleeper);
    rig_task(&rig, "turns", turns);
    rig.gate = &gate;
    rig_prepare(&rig, back_end_sure());
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run_rig, &rig), 0);
    step_past(&rig, &gate, EV_OUTPUT);
    const uint64_t held_at_ns = log_event(rig.log, log_count(rig.log) - 1)->t_ns;
    const struct timespec pause = {.tv_nsec = 300000000};
    nanosleep(&pause, NULL);
    gate_open(&gate);
    pthread_join(thread, NULL);
    rig_expect_output(&rig, "begins\nturns\nsleeper\n");
    /* 300 ms of holding and no 300 ms on the clock: it woke 200 ms after it lay down. */
    const uint64_t end_ns = log_event(rig.log, log_count(rig.log) - 1)->t_ns;
    assert_true(end_ns >= 200 * MS);
    assert_true(end_ns - held_at_ns < 300 * MS + 200 * MS);
    assert_int_equal(rig_count(&rig, EV_LOOP_BLOCKED), 0); /* a held loop is not a blocked one */
    rig_check(rig.log);
    rig_finish(&rig);
    gate_finish(&gate);
}

static bool exists(const Rig *rig, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", rig->folder, name);
    return access(path, F_OK) == 0;
}

/* The viewer stands before the event: the file must not be there yet, blocking or not. */
static void nothing_is_done_before_its_event_is_allowed(void **state) {
    (void)state;
    for (RigHow how = RIG_ASYNC; how <= RIG_BLOCKING; how++) {
        Gate gate;
        gate_init(&gate, 0);
        Rig rig = rig_make();
        const uint32_t body = rig_body(&rig, "t");
        rig_open(&rig, "file", "f", OPEN_WRITE, how);
        rig_end(&rig);
        rig_task(&rig, "t", body);
        rig.gate = &gate;
        rig_prepare(&rig, back_end_sure());
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, run_rig, &rig), 0);
        step_past(&rig, &gate, EV_STEP);
        assert_false(exists(&rig, "file"));
        gate_open(&gate);
        pthread_join(thread, NULL);
        assert_true(exists(&rig, "file"));
        rig_check(rig.log);
        rig_finish(&rig);
        gate_finish(&gate);
    }
}

/* The kernel works on while the loop is held: what it finished is told with io_arrived first. */
static void what_arrives_while_held_is_told_first(void **state) {
    (void)state;
    Gate gate;
    gate_init(&gate, 0);
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    rig_open(&rig, "file", "f", OPEN_WRITE, RIG_ASYNC);
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig.gate = &gate;
    rig_prepare(&rig, back_end_sure());
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run_rig, &rig), 0);
    step_past(&rig, &gate, EV_IO_SUBMITTED);
    const uint64_t before = log_count(rig.log);
    while (!exists(&rig, "file")) {
    }
    const struct timespec pause = {.tv_nsec = 500000000}; /* from the file to the finished list */
    nanosleep(&pause, NULL);
    gate_open(&gate);
    pthread_join(thread, NULL);
    assert_int_equal(log_event(rig.log, before)->kind, EV_IO_ARRIVED);
    /* Half a second of holding is not on the clock. */
    assert_true(log_event(rig.log, before)->t_ns - log_event(rig.log, before - 1)->t_ns < 500 * MS);
    assert_int_equal(log_event(rig.log, before + 1)->kind, EV_TASK_WAITING);
    rig_check(rig.log);
    rig_finish(&rig);
    gate_finish(&gate);
}

/* Closing the window: interrupt, then open the gate. */
static void a_held_loop_can_be_interrupted(void **state) {
    (void)state;
    Gate gate;
    gate_init(&gate, 0);
    Rig rig = rig_make();
    mixed_program(&rig);
    rig.gate = &gate;
    rig_prepare(&rig, back_end_sure());
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run_rig, &rig), 0);
    step_past(&rig, &gate, EV_IO_SUBMITTED);
    loop_interrupt(rig.loop);
    gate_open(&gate);
    pthread_join(thread, NULL);
    assert_int_equal(rig.end.reason, STOP_INTERRUPTED);
    assert_int_equal(rig_count(&rig, EV_IO_SUBMITTED), rig_count(&rig, EV_IO_COMPLETED));
    rig_check(rig.log);
    rig_finish(&rig);
    gate_finish(&gate);
}

/* The viewer reads while the loop writes, at full speed. */
static void a_viewer_follows_a_running_loop(void **state) {
    (void)state;
    Gate gate;
    gate_init(&gate, 0);
    Rig rig = rig_make();
    mixed_program(&rig);
    rig.gate = &gate;
    rig_prepare(&rig, back_end_sure());
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run_rig, &rig), 0);
    gate_open(&gate);
    Timeline *timeline = timeline_create(rig.log);
    uint64_t seen = 0;
    while (!log_finished(rig.log) || timeline_count(timeline) < log_count(rig.log)) {
        seen = log_wait(rig.log, seen, 1000000);
        assert_true(timeline_follow(timeline, UINT64_MAX));
        (void)gate_is_held(&gate);
    }
    pthread_join(thread, NULL);
    timeline_destroy(timeline);
    rig_check(rig.log);
    rig_finish(&rig);
    gate_finish(&gate);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stepping_changes_nothing),
        cmocka_unit_test(the_clock_stops_while_the_loop_is_held),
        cmocka_unit_test(nothing_is_done_before_its_event_is_allowed),
        cmocka_unit_test(what_arrives_while_held_is_told_first),
        cmocka_unit_test(a_held_loop_can_be_interrupted),
        cmocka_unit_test(a_viewer_follows_a_running_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
