/* Captions: what one poll waits for, how waits and tasks end, whom an error hits. */
#include "view_told.h"

/* Three tasks, all made by the program; the first has the thread. */
static void three_tasks(Told *told) {
    told_begin(told, "epoll");
    tape_new(&told->tape, 0, "anna");
    tape_new(&told->tape, 1, "bert");
    tape_new(&told->tape, 2, "cleo");
    tape_plain(&told->tape, EV_LOOP_START);
    tape_iteration(&told->tape, 1, 3);
    tape_task(&told->tape, EV_TASK_RUNNING, 0);
}

static void one_call_waits_for_all(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    const uint32_t first = submit(&told, 0, IO_WRITE, VIA_IO_URING, "a.txt", 1);
    tape_waiting(&told.tape, 0, WAIT_IO, TARGET_OP, first);
    tape_task(&told.tape, EV_TASK_RUNNING, 1);
    const uint32_t second = submit(&told, 1, IO_WRITE, VIA_IO_URING, "b.txt", 1);
    tape_waiting(&told.tape, 1, WAIT_IO, TARGET_OP, second);
    tape_poll(&told.tape, -1);
    assert_string_equal(last(&told), "Nothing is ready, so the loop sleeps inside epoll_wait: one "
                                     "call waits for 2 operations at once.");
    tape_polled(&told.tape, 1, 1);
    complete(&told, first, 1, NULL);
    tape_poll(&told.tape, -1);
    assert_string_equal(last(&told), "Nothing is ready, so the loop sleeps inside epoll_wait; the "
                                     "OS works on 1 operation.");
    told_finish(&told);
}

static void what_has_arrived_is_asked_for_once(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    const uint32_t first = submit(&told, 0, IO_WRITE, VIA_IO_URING, "a.txt", 1);
    tape_waiting(&told.tape, 0, WAIT_IO, TARGET_OP, first);
    tape_task(&told.tape, EV_TASK_RUNNING, 1);
    const uint32_t second = submit(&told, 1, IO_WRITE, VIA_IO_URING, "b.txt", 1);
    tape_arrived(&told.tape, second);
    tape_arrived(&told.tape, first);
    tape_waiting(&told.tape, 1, WAIT_IO, TARGET_OP, second);
    tape_poll(&told.tape, -1);
    assert_string_equal(last(&told), "Nothing is ready, so the loop asks in epoll_wait, once for "
                                     "all: 2 operations are finished.");
    told_finish(&told);
}

static void who_yields_alone_lets_nobody_go_first(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    tape_ready(&told.tape, 0, READY_YIELDED);
    assert_string_equal(last(&told), "anna lets the others go first: it joins the back of the "
                                     "ready queue.");
    tape_task(&told.tape, EV_TASK_RUNNING, 1);
    tape_task(&told.tape, EV_TASK_FINISHED, 1);
    tape_iteration(&told.tape, 2, 1);
    tape_task(&told.tape, EV_TASK_RUNNING, 0);
    tape_ready(&told.tape, 0, READY_YIELDED);
    assert_string_equal(last(&told), "anna lets the others go first, but nobody else is ready: it "
                                     "joins the ready queue.");
    told_finish(&told);
}

static void an_error_goes_to_who_awaits(void **state) {
    (void)state;
    Told told;
    three_tasks(&told);
    tape_waiting(&told.tape, 0, WAIT_TASK, TARGET_TASK, 1);
    tape_task(&told.tape, EV_TASK_RUNNING, 1);
    tape_said(&told.tape, EV_TASK_FAILED, 1, "boom");
    assert_string_equal(last(&told), "bert failed: boom. Its error goes to anna.");
    tape_ready(&told.tape, 0, READY_RESUMED);
    tape_task(&told.tape, EV_TASK_RUNNING, 2);
    tape_timer(&told.tape, 0, 2, 5000);
    tape_waiting(&told.tape, 2, WAIT_TIMER, TARGET_TIMER, 0);
    tape_iteration(&told.tape, 2, 1);
    tape_task(&told.tape, EV_TASK_RUNNING, 0);
    tape_said(&told.tape, EV_TASK_FAILED, 0, "boom");
    assert_string_equal(last(&told), "anna failed: boom. The other task goes on.");
    told_finish(&told);

    three_tasks(&told);
    tape_waiting_name(&told.tape, 0, WAIT_TASKS, TARGET_TASKS, "[1,2]");
    tape_task(&told.tape, EV_TASK_RUNNING, 1);
    tape_said(&told.tape, EV_TASK_FAILED, 1, "boom"); /* a gather may go on, or not */
    assert_string_equal(last(&told), "bert failed: boom.");
    told_finish(&told);

    three_tasks(&told);
    tape_said(&told.tape, EV_TASK_FAILED, 0, "boom");
    assert_string_equal(last(&told), "anna failed: boom. The others go on.");
    told_finish(&told);
}

static void it_is_told_which_awaited_tasks_ended(void **state) {
    (void)state;
    Told told;
    for (int both = 0; both < 2; both++) {
        three_tasks(&told);
        tape_waiting_name(&told.tape, 0, WAIT_TASKS, TARGET_TASKS, "[1,2]");
        tape_task(&told.tape, EV_TASK_RUNNING, 1);
        tape_task(&told.tape, EV_TASK_FINISHED, 1);
        tape_task(&told.tape, EV_TASK_RUNNING, 2);
        if (both == 1) {
            tape_task(&told.tape, EV_TASK_FINISHED, 2);
        }
        tape_ready(&told.tape, 0, READY_RESUMED);
        assert_string_equal(last(&told),
                            both == 1 ? "Both tasks that it waits for have ended, so anna joins "
                                        "the back of the ready queue."
                                      : "bert has ended, so anna joins the back of the ready "
                                        "queue.");
        told_finish(&told);
    }
}

/* How the last sentence counts `tasks` of which the first `failed` fail, the next are cancelled. */
static const char *all_ended(Told *told, uint32_t tasks, uint32_t failed, uint32_t cancelled) {
    told_begin(told, "epoll");
    for (uint32_t i = 0; i < tasks; i++) {
        tape_new(&told->tape, i, "t");
    }
    tape_plain(&told->tape, EV_LOOP_START);
    tape_iteration(&told->tape, 1, tasks);
    for (uint32_t i = 0; i < tasks; i++) {
        tape_task(&told->tape, EV_TASK_RUNNING, i);
        if (i < failed) {
            tape_said(&told->tape, EV_TASK_FAILED, i, "boom");
        } else {
            tape_task(&told->tape, i < failed + cancelled ? EV_TASK_CANCELLED : EV_TASK_FINISHED,
                      i);
        }
    }
    tape_stop(&told->tape, STOP_DONE);
    return last(told);
}

static void the_end_is_counted_in_words(void **state) {
    (void)state;
    static const struct {
        uint32_t tasks, failed, cancelled;
        const char *words;
    } ROWS[] = {
        {1, 0, 0, "The only task is done: the loop stops."},
        {1, 1, 0, "The only task has ended, with an error: the loop stops."},
        {1, 0, 1, "The only task has ended, cancelled: the loop stops."},
        {2, 0, 0, "Both tasks are done: the loop stops."},
        {2, 0, 1, "Both tasks have ended, 1 of them cancelled: the loop stops."},
        {3, 0, 0, "All 3 tasks are done: the loop stops."},
        {3, 2, 0, "All 3 tasks have ended, 2 of them with an error: the loop stops."},
        {4, 1, 2,
         "All 4 tasks have ended, 1 of them with an error and 2 cancelled: the loop stops."},
        {1000, 0, 0, "All 1\u202f000 tasks are done: the loop stops."},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        Told told;
        assert_string_equal(all_ended(&told, ROWS[i].tasks, ROWS[i].failed, ROWS[i].cancelled),
                            ROWS[i].words);
        told_finish(&told);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_call_waits_for_all),
        cmocka_unit_test(what_has_arrived_is_asked_for_once),
        cmocka_unit_test(who_yields_alone_lets_nobody_go_first),
        cmocka_unit_test(an_error_goes_to_who_awaits),
        cmocka_unit_test(it_is_told_which_awaited_tasks_ended),
        cmocka_unit_test(the_end_is_counted_in_words),
    };
    return cmocka_run_group_tests_name("view/caption ends", tests, NULL, NULL);
}
