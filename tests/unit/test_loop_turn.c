/* The turn: which handles run when, and what is told about it. On the simulation, so exactly. */
#include "loop_rig.h"

static void submitted_tasks_stand_before_the_start(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "hello");
    rig_log(&rig, "hi");
    rig_end(&rig);
    rig_task(&rig, "hello", body);
    const uint32_t copies = rig_body(&rig, "copies");
    rig_end(&rig);
    program_add_task(rig.builder, "copies", copies, 2, true);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 hello\n"
                     "task_ready 0 created\n"
                     "task_created 1 copies-0\n"
                     "task_ready 1 created\n"
                     "task_created 2 copies-1\n"
                     "task_ready 2 created\n"
                     "loop_start\n"
                     "iteration 1: 3\n"
                     "task_running 0\n"
                     "step 0 /0\n"
                     "output 0 hi\n"
                     "task_finished 0\n"
                     "task_running 1\n"
                     "task_finished 1\n"
                     "task_running 2\n"
                     "task_finished 2\n"
                     "loop_stop done\n");
    for (uint64_t n = 0; n <= 6; n++) {
        assert_int_equal(log_event(rig.log, n)->t_ns, 0);
    }
    assert_int_equal(rig.end.reason, STOP_DONE);
    assert_int_equal(rig.end.failed, 0);
    rig_finish(&rig);
}

static void a_bare_yield_waits_for_the_next_turn(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t a = rig_body(&rig, "a");
    rig_sleep(&rig, 0);
    rig_log(&rig, "a");
    rig_end(&rig);
    const uint32_t b = rig_body(&rig, "b");
    rig_log(&rig, "b");
    rig_end(&rig);
    rig_task(&rig, "a", a);
    rig_task(&rig, "b", b);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 a\ntask_ready 0 created\n"
                     "task_created 1 b\ntask_ready 1 created\n"
                     "loop_start\n"
                     "iteration 1: 2\n"
                     "task_running 0\nstep 0 /0\ntask_ready 0 yielded\n"
                     "task_running 1\nstep 1 /2\noutput 1 b\ntask_finished 1\n"
                     "iteration 2: 1\n"
                     "task_running 0\nstep 0 /1\noutput 0 a\ntask_finished 0\n"
                     "loop_stop done\n");
    rig_finish(&rig);
}

static void a_sleep_takes_its_timer_its_callback_and_a_turn(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t a = rig_body(&rig, "a");
    rig_sleep(&rig, 5 * MS);
    rig_end(&rig);
    rig_task(&rig, "a", a);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 a\ntask_ready 0 created\n"
                     "loop_start\n"
                     "iteration 1: 1\n"
                     "task_running 0\nstep 0 /0\ntimer_set 0 0\ntask_waiting 0 on timer 0\n"
                     "poll until\npolled\n"
                     "timer_fired 0 callback 0\ncallback_ready 0 0\n"
                     "iteration 2: 1\n"
                     "callback_run 0\ntask_ready 0 resumed\n"
                     "iteration 3: 1\n"
                     "task_running 0\ntask_finished 0\n"
                     "loop_stop done\n");
    const Event *set = log_event(rig.log, 6);
    assert_int_equal(set->kind, EV_TIMER_SET);
    assert_int_equal(set->x, (int64_t)(set->t_ns + 5 * MS));
    const Event *poll = log_event(rig.log, 8);
    assert_int_equal(poll->kind, EV_POLL);
    assert_int_equal(poll->x, 5 * MS); /* whole milliseconds, rounded up */
    assert_true((int64_t)poll->t_ns + poll->x >= set->x);
    const Event *fired = log_event(rig.log, 10);
    assert_true(fired->t_ns >= (uint64_t)set->x);
    rig_finish(&rig);
}

/* Neither the timers' heap nor the clock may change the order of equal deadlines. */
static void equal_deadlines_fire_in_the_order_in_which_they_were_set(void **state) {
    (void)state;
    enum { TASKS = 37 };
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "s");
    rig_sleep(&rig, 5 * MS);
    rig_end(&rig);
    program_add_task(rig.builder, "s", body, TASKS, true);
    rig_run(&rig);
    uint32_t fired = 0;
    int64_t due = 0;
    for (uint64_t n = 0; n < log_count(rig.log); n++) {
        const Event *event = log_event(rig.log, n);
        if (event->kind == EV_TIMER_SET) {
            due = due == 0 ? event->x : due;
            assert_int_equal(event->x, due);
        } else if (event->kind == EV_TIMER_FIRED) {
            assert_int_equal(event->id, fired++);
        }
    }
    assert_int_equal(fired, TASKS);
    rig_finish(&rig);
}

/* The timeouts that epoll_wait gets from CPython's asyncio for these sleeps, seen with strace. */
static void the_loop_sleeps_as_cpythons_selector(void **state) {
    (void)state;
    static const struct {
        uint64_t sleep_us;
        uint64_t timeout_ms;
    } CASES[] = {{250, 1},    {1000, 1},   {1500, 2},     {8000, 8},     {9000, 10},
                 {12000, 12}, {13000, 14}, {17000, 17},   {18000, 19},   {20000, 20},
                 {26000, 27}, {50000, 50}, {100000, 100}, {103000, 104}, {1500000, 1500}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        Rig rig = rig_make();
        const uint32_t body = rig_body(&rig, "t");
        rig_sleep(&rig, CASES[i].sleep_us * 1000);
        rig_end(&rig);
        rig_task(&rig, "t", body);
        rig_run(&rig);
        const Event *poll = log_event(rig.log, 8);
        assert_int_equal(poll->kind, EV_POLL);
        assert_int_equal(poll->x, CASES[i].timeout_ms * MS);
        rig_finish(&rig);
    }
}

/* The second sleep begins a little later, and another turn later for the third: the loop sleeps
 * whole milliseconds, so all of them end in one turn, and no sleeper gets ahead by turns. */
static void sleeps_of_one_length_end_together(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t a = rig_body(&rig, "a");
    rig_sleep(&rig, 5 * MS);
    rig_log(&rig, "a");
    rig_sleep(&rig, 0);
    rig_log(&rig, "a, a turn later");
    rig_end(&rig);
    const uint32_t b = rig_body(&rig, "b");
    rig_timed(&rig, OP_COMPUTE, MS / 10);
    rig_sleep(&rig, 5 * MS);
    rig_log(&rig, "b");
    rig_sleep(&rig, 0);
    rig_log(&rig, "b, a turn later");
    rig_end(&rig);
    const uint32_t c = rig_body(&rig, "c");
    rig_sleep(&rig, 0);
    rig_timed(&rig, OP_COMPUTE, MS / 10);
    rig_sleep(&rig, 5 * MS);
    rig_log(&rig, "c");
    rig_end(&rig);
    rig_task(&rig, "a", a);
    rig_task(&rig, "b", b);
    rig_task(&rig, "c", c);
    rig_run(&rig);
    rig_expect_output(&rig, "a\nb\nc\na, a turn later\nb, a turn later\n");
    assert_int_equal(rig_count(&rig, EV_POLL), 1);
    rig_finish(&rig);
}

static void a_spawned_task_first_runs_in_the_next_turn(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t child = rig_body(&rig, "child");
    rig_log(&rig, "child");
    rig_end(&rig);
    const uint32_t parent = rig_body(&rig, "parent");
    rig_spawn(&rig, child, "c");
    rig_spawn(&rig, child, NULL);
    rig_spawn(&rig, child, "c");
    rig_log(&rig, "parent");
    rig_end(&rig);
    rig_task(&rig, "parent", parent);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 parent\ntask_ready 0 created\n"
                     "loop_start\n"
                     "iteration 1: 1\n"
                     "task_running 0\n"
                     "step 0 /1\ntask_created 1 c by 0 at /1\ntask_ready 1 created\n"
                     "step 0 /2\ntask_created 2 child by 0 at /2\ntask_ready 2 created\n"
                     "step 0 /3\ntask_created 3 c-2 by 0 at /3\ntask_ready 3 created\n"
                     "step 0 /4\noutput 0 parent\ntask_finished 0\n"
                     "iteration 2: 3\n"
                     "task_running 1\nstep 1 /0\noutput 1 child\ntask_finished 1\n"
                     "task_running 2\nstep 2 /0\noutput 2 child\ntask_finished 2\n"
                     "task_running 3\nstep 3 /0\noutput 3 child\ntask_finished 3\n"
                     "loop_stop done\n");
    rig_finish(&rig);
}

static void who_awaits_resumes_one_turn_after_the_end(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t w = rig_body(&rig, "w");
    rig_await(&rig, "work");
    rig_await(&rig, "work"); /* finished: control is not given up */
    rig_end(&rig);
    const uint32_t work = rig_body(&rig, "work");
    rig_end(&rig);
    rig_task(&rig, "w1", w);
    rig_task(&rig, "work", work);
    rig_task(&rig, "w2", w);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 w1\ntask_ready 0 created\n"
                     "task_created 1 work\ntask_ready 1 created\n"
                     "task_created 2 w2\ntask_ready 2 created\n"
                     "loop_start\n"
                     "iteration 1: 3\n"
                     "task_running 0\nstep 0 /0\ntask_waiting 0 on task 1\n"
                     "task_running 1\ntask_finished 1\ntask_ready 0 resumed\n"
                     "task_running 2\nstep 2 /0\nstep 2 /1\ntask_finished 2\n"
                     "iteration 2: 1\n"
                     "task_running 0\nstep 0 /1\ntask_finished 0\n"
                     "loop_stop done\n");
    rig_finish(&rig);
}

static void a_call_stays_in_its_task(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t inner = rig_body(&rig, "inner");
    rig_log(&rig, "inner");
    rig_end(&rig);
    const uint32_t outer = rig_body(&rig, "outer");
    const uint32_t repeat = rig_repeat(&rig, 2);
    rig_call(&rig, inner);
    rig_repeat_end(&rig, repeat);
    rig_end(&rig);
    const uint32_t a = rig_body(&rig, "a");
    rig_call(&rig, outer);
    rig_log(&rig, "back");
    rig_end(&rig);
    rig_task(&rig, "a", a);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 a\ntask_ready 0 created\n"
                     "loop_start\n"
                     "iteration 1: 1\n"
                     "task_running 0\n"
                     "step 0 /3\nstep 0 /1\n"
                     "step 0 /2\nstep 0 /0\noutput 0 inner\n"
                     "step 0 /2\nstep 0 /0\noutput 0 inner\n"
                     "step 0 /4\noutput 0 back\ntask_finished 0\n"
                     "loop_stop done\n");
    rig_finish(&rig);
}

/* Handles are ready and nothing is in flight: asking could bring nothing. */
static void the_os_is_not_asked_for_nothing(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t a = rig_body(&rig, "a");
    const uint32_t repeat = rig_repeat(&rig, 50);
    rig_sleep(&rig, 0);
    rig_repeat_end(&rig, repeat);
    rig_end(&rig);
    rig_task(&rig, "a", a);
    rig_run(&rig);
    assert_int_equal(rig_count(&rig, EV_ITERATION), 51);
    assert_int_equal(rig_count(&rig, EV_POLL), 0);
    assert_int_equal(rig_count(&rig, EV_POLLED), 0);
    rig_finish(&rig);
}

/* With something in flight a turn that has handles looks, and does not sleep. */
static void a_busy_loop_looks_for_completions_every_turn(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t a = rig_body(&rig, "a");
    rig_open(&rig, "a.txt", "f", OPEN_WRITE, RIG_ASYNC);
    rig_end(&rig);
    const uint32_t b = rig_body(&rig, "b");
    const uint32_t repeat = rig_repeat(&rig, 3);
    rig_sleep(&rig, 0);
    rig_repeat_end(&rig, repeat);
    rig_end(&rig);
    rig_task(&rig, "a", a);
    rig_task(&rig, "b", b);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 a\ntask_ready 0 created\n"
                     "task_created 1 b\ntask_ready 1 created\n"
                     "loop_start\n"
                     "iteration 1: 2\n"
                     "task_running 0\nstep 0 /0\nio_submitted 0 0 openat a.txt w\n"
                     "task_waiting 0 on io 0\n"
                     "task_running 1\nstep 1 /1\nstep 1 /2\ntask_ready 1 yielded\n"
                     "poll now\npolled\niteration 2: 1\n"
                     "task_running 1\nstep 1 /2\ntask_ready 1 yielded\n"
                     "poll now\npolled\niteration 3: 1\n"
                     "task_running 1\nstep 1 /2\ntask_ready 1 yielded\n"
                     "poll now\npolled\niteration 4: 1\n"
                     "task_running 1\ntask_finished 1\n"
                     "poll forever\npolled\nio_completed 0 -> 0\ntask_ready 0 resumed\n"
                     "iteration 5: 1\ntask_running 0\ntask_finished 0\n"
                     "loop_stop done\n");
    rig_finish(&rig);
}

/* asyncio's ntodo: handles that handles queue wait for the next turn, however many there are. */
static void a_turn_runs_exactly_what_was_ready(void **state) {
    (void)state;
    enum { TASKS = 500, TURNS = 7 };
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    const uint32_t repeat = rig_repeat(&rig, TURNS - 1);
    rig_sleep(&rig, 0);
    rig_repeat_end(&rig, repeat);
    rig_end(&rig);
    program_add_task(rig.builder, "t", body, TASKS, true);
    rig_run(&rig);
    uint64_t turns = 0, ran = TASKS;
    for (uint64_t n = 0; n < log_count(rig.log); n++) {
        const Event *event = log_event(rig.log, n);
        if (event->kind == EV_ITERATION) {
            assert_int_equal(event->x, (int64_t)++turns);
            assert_int_equal(event->y, TASKS);
            assert_int_equal(ran, TASKS);
            ran = 0;
        } else if (event->kind == EV_TASK_RUNNING) {
            assert_int_equal(event->task, ran++);
        }
    }
    assert_int_equal(turns, TURNS);
    rig_finish(&rig);
}

static void a_loop_of_nothing_runs_no_turn(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    const uint32_t never = rig_repeat(&rig, 0);
    rig_log(&rig, "never");
    rig_repeat_end(&rig, never);
    const uint32_t empty = rig_repeat(&rig, 3);
    rig_repeat_end(&rig, empty);
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 t\ntask_ready 0 created\n"
                     "loop_start\niteration 1: 1\n"
                     "task_running 0\nstep 0 /0\nstep 0 /2\ntask_finished 0\n"
                     "loop_stop done\n");
    rig_finish(&rig);
}

static void a_handle_that_holds_the_thread_is_told(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    rig_timed(&rig, OP_COMPUTE, 100 * MS); /* not longer than the bound */
    rig_sleep(&rig, 0);
    rig_timed(&rig, OP_COMPUTE, 60 * MS);
    rig_timed(&rig, OP_COMPUTE, 60 * MS);
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 t\ntask_ready 0 created\n"
                     "loop_start\niteration 1: 1\n"
                     "task_running 0\nstep 0 /0\nstep 0 /1\ntask_ready 0 yielded\n"
                     "iteration 2: 1\n"
                     "task_running 0\nstep 0 /2\nstep 0 /3\ntask_finished 0\nloop_blocked 0\n"
                     "loop_stop done\n");
    const Event *blocked = log_event(rig.log, log_count(rig.log) - 2);
    assert_int_equal(blocked->kind, EV_LOOP_BLOCKED);
    assert_int_equal(blocked->x, 120 * MS);
    rig_finish(&rig);
}

/* Recording must not change what happens: the same run without a log ends alike. */
static void a_run_without_a_log_is_the_same_run(void **state) {
    (void)state;
    for (int unlogged = 0; unlogged < 2; unlogged++) {
        Rig rig = rig_make();
        rig.unlogged = unlogged == 1;
        const uint32_t child = rig_body(&rig, "child");
        rig_sleep(&rig, 2 * MS);
        rig_open(&rig, "missing", "f", OPEN_READ, RIG_ASYNC);
        rig_end(&rig);
        const uint32_t body = rig_body(&rig, "t");
        const uint32_t repeat = rig_repeat(&rig, 100);
        rig_spawn(&rig, child, "c");
        rig_sleep(&rig, 0);
        rig_log(&rig, "round");
        rig_repeat_end(&rig, repeat);
        rig_await(&rig, "c");
        rig_end(&rig);
        rig_task(&rig, "t", body);
        rig_run(&rig);
        assert_int_equal(rig.end.reason, STOP_DONE);
        assert_int_equal(rig.end.failed, 101);
        assert_int_equal(rig.end.errors_lost, 100); /* the last child's was taken, t's was not */
        rig_finish(&rig);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(submitted_tasks_stand_before_the_start),
        cmocka_unit_test(a_bare_yield_waits_for_the_next_turn),
        cmocka_unit_test(a_sleep_takes_its_timer_its_callback_and_a_turn),
        cmocka_unit_test(equal_deadlines_fire_in_the_order_in_which_they_were_set),
        cmocka_unit_test(the_loop_sleeps_as_cpythons_selector),
        cmocka_unit_test(sleeps_of_one_length_end_together),
        cmocka_unit_test(a_spawned_task_first_runs_in_the_next_turn),
        cmocka_unit_test(who_awaits_resumes_one_turn_after_the_end),
        cmocka_unit_test(a_call_stays_in_its_task),
        cmocka_unit_test(the_os_is_not_asked_for_nothing),
        cmocka_unit_test(a_busy_loop_looks_for_completions_every_turn),
        cmocka_unit_test(a_turn_runs_exactly_what_was_ready),
        cmocka_unit_test(a_loop_of_nothing_runs_no_turn),
        cmocka_unit_test(a_handle_that_holds_the_thread_is_told),
        cmocka_unit_test(a_run_without_a_log_is_the_same_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
