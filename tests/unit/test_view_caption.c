/* Captions: tasks, the OS, timers: each event has its sentence, with names in it, cause first. */
#include "view_told.h"

/* ---- the beginning and the tasks ---- */

static void tasks_are_told_by_name(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    assert_string_equal(sentence(&told, 0),
                        "Task anna is created: the program hands it to the loop.");
    assert_string_equal(sentence(&told, 1), "anna joins the back of the ready queue.");
    assert_string_equal(sentence(&told, 4), "The event loop starts: 2 tasks are ready.");
    assert_string_equal(sentence(&told, 5), "Iteration 1 starts: 2 tasks are ready.");
    assert_string_equal(sentence(&told, 6),
                        "anna is first in the queue, so it gets the thread and begins.");
    tape_said(&told.tape, EV_STEP, 0, "/tasks/0/steps/2");
    assert_string_equal(last(&told), "anna has the thread and begins step 3.");
    tape_said(&told.tape, EV_STEP, 0, "/tasks/0/steps/2/steps/0");
    assert_string_equal(last(&told), "anna has the thread and begins step 3.1.");
    tape_said(&told.tape, EV_STEP, 0, "/tasks/0/steps/2/try/1");
    assert_string_equal(last(&told), "anna has the thread and begins step 3.2.");
    tape_said(&told.tape, EV_STEP, 0, "/tasks/0/steps/2/except/0/steps/1");
    assert_string_equal(last(&told), "anna has the thread and begins step 3.e1.2.");
    tape_said(&told.tape, EV_STEP, 0, "/coroutines/except/1/finally/0");
    assert_string_equal(last(&told), "anna has the thread and begins step 2.f1 of except.");
    tape_said(&told.tape, EV_STEP, 0, "/coroutines/fetch/1");
    assert_string_equal(last(&told), "anna has the thread and begins step 2 of fetch.");
    tape_spawned(&told.tape, 2, "child", 0, "/coroutines/fetch/1");
    assert_string_equal(last(&told), "anna creates the task child.");
    tape_said(&told.tape, EV_OUTPUT, 0, "hello");
    assert_string_equal(last(&told), "anna prints “hello”.");
    tape_said(&told.tape, EV_NOTE, 0, "Look at this.");
    assert_string_equal(last(&told), "Look at this.");
    told_finish(&told);
}

static void nothing_is_told_that_is_not_so(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    tape_spawned(&told.tape, 2, "child", 0, "/coroutines/fetch/1");
    tape_ready(&told.tape, 2, READY_CREATED);
    tape_task(&told.tape, EV_TASK_FINISHED, 0);
    tape_task(&told.tape, EV_TASK_RUNNING, 1);
    tape_ready(&told.tape, 1, READY_YIELDED);
    tape_poll(&told.tape, 0);
    assert_non_null(strstr(last(&told), "Work is ready, so the loop only looks"));
    tape_polled(&told.tape, 0, 1);
    tape_iteration(&told.tape, 2, 2);
    tape_task(&told.tape, EV_TASK_RUNNING, 2);
    tape_said(&told.tape, EV_TASK_FAILED, 2, "boom"); /* a group would end the others */
    assert_string_equal(last(&told), "child failed: boom.");
    tape_task(&told.tape, EV_TASK_RUNNING, 1);
    tape_task(&told.tape, EV_TASK_FINISHED, 1);
    tape_poll(&told.tape, 0);
    assert_non_null(strstr(last(&told), "Nothing but sockets is waited for, so the loop only"));
    told_finish(&told);
}

static void ends_are_told(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    told.tape.t_ns = 1600000;
    tape_task(&told.tape, EV_TASK_FINISHED, 0);
    assert_string_equal(last(&told), "anna is done after 1\u202f600\u202fµs, of which it ran "
                                     "1\u202f600\u202fµs.");
    tape_task(&told.tape, EV_TASK_RUNNING, 1);
    tape_said(&told.tape, EV_TASK_FAILED, 1, "[Errno 28] No space left on device");
    assert_string_equal(last(&told), "bert failed: [Errno 28] No space left on device.");
    Event stop = event_make(EV_LOOP_STOP);
    tape_add(&told.tape, stop);
    assert_string_equal(last(&told),
                        "Both tasks have ended, 1 of them with an error: the loop stops.");
    told_finish(&told);

    two_tasks(&told);
    tape_said(&told.tape, EV_TASK_FAILED, 0, "boom");
    assert_string_equal(last(&told), "anna failed: boom. The other task goes on.");
    tape_task(&told.tape, EV_TASK_RUNNING, 1);
    tape_task(&told.tape, EV_TASK_CANCELLED, 1);
    assert_string_equal(last(&told), "bert is cancelled and will not continue.");
    told_finish(&told);

    two_tasks(&told);
    tape_said(&told.tape, EV_TASK_FAILED, 0,
              "OSError: [Errno 2] No such file or directory: 'missing.txt'");
    assert_string_equal(last(&told), "anna failed: OSError: No such file or directory: "
                                     "'missing.txt'. The other task goes on.");
    told_finish(&told);

    two_tasks(&told);
    tape_said(&told.tape, EV_TASK_FAILED, 0,
              "RuntimeError: a message of so many words that nobody would read it to its end");
    assert_string_equal(last(&told), "anna failed: RuntimeError: a message of so many words that "
                                     "nobody would read … The other task goes on.");
    told_finish(&told);
}

/* ---- asking the OS ---- */

static void asking_says_why_and_how_long(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    Tape *tape = &told.tape;
    const uint32_t op = submit(&told, 0, IO_WRITE, VIA_IO_URING, "a.txt", 65536);
    assert_string_equal(last(&told), "anna asks the OS to write 64 KiB to a.txt.");
    tape_waiting(tape, 0, WAIT_IO, TARGET_OP, op);
    assert_string_equal(last(&told), "anna is paused: it waits for its write of 64 KiB.");
    tape_task(tape, EV_TASK_RUNNING, 1);
    Event arrived = event_make(EV_IO_ARRIVED);
    arrived.id = op;
    tape_add(tape, arrived);
    assert_string_equal(last(&told), "The write to a.txt is finished, but bert holds the only "
                                     "thread: the event waits.");
    tape_task(tape, EV_TASK_FINISHED, 1);
    tape_poll(tape, -1);
    assert_string_equal(last(&told), "Nothing is ready, so the loop asks in epoll_wait: "
                                     "1 operation is finished already.");
    tape->t_ns += 373990;
    tape_polled(tape, 1, 1);
    assert_string_equal(last(&told), "The OS wakes the loop after 374\u202fµs: there is news.");
    complete(&told, op, 65536, NULL);
    assert_string_equal(last(&told), "The OS reports through epoll: 64 KiB are written to a.txt.");
    tape_ready(tape, 0, READY_RESUMED);
    assert_string_equal(last(&told), "The write to a.txt is finished, so anna joins the back of "
                                     "the ready queue.");
    tape_iteration(tape, 2, 1);
    tape_task(tape, EV_TASK_RUNNING, 0);
    const uint32_t fast = submit(&told, 0, IO_WRITE, VIA_IO_URING, "b.txt", 1);
    arrived.id = fast;
    tape_add(tape, arrived);
    assert_string_equal(last(&told), "The write to b.txt is finished already, before anna has "
                                     "paused: the event waits.");
    const uint32_t next = submit(&told, 0, IO_FSYNC, VIA_IO_URING, "a.txt", -1);
    assert_string_equal(last(&told), "anna asks the OS to flush a.txt to the disk.");
    tape_waiting(tape, 0, WAIT_IO, TARGET_OP, next);
    assert_string_equal(last(&told), "anna is paused: it waits for a.txt to reach the disk.");
    tape_poll(tape, -1);
    assert_string_equal(last(&told), "Nothing is ready, so the loop asks in epoll_wait: "
                                     "1 operation is finished already.");
    tape_polled(tape, 1, 1);
    complete(&told, fast, 1, NULL);
    tape_poll(tape, -1);
    assert_string_equal(last(&told), "Nothing is ready, so the loop sleeps inside epoll_wait; "
                                     "the OS works on 1 operation.");
    tape_polled(tape, 1, 1);
    complete(&told, next, -5, "Input/output error");
    assert_string_equal(last(&told), "The OS reports through epoll: the flush of a.txt failed: "
                                     "Input/output error.");
    tape_ready(tape, 0, READY_RESUMED);
    assert_string_equal(last(&told), "The flush of a.txt has failed, so anna joins the back of "
                                     "the ready queue.");
    told_finish(&told);
}

static void every_call_has_its_words(void **state) {
    (void)state;
    static const struct {
        IoCall call;
        int64_t bytes, result;
        const char *asks, *waits, *reports;
    } ROWS[] = {
        {IO_OPENAT, -1, 0, "open f", "f to open", "f is open"},
        {IO_WRITE, 512, 512, "write 512 B to f", "its write of 512 B", "512 B are written to f"},
        {IO_READ, 4096, 0, "read 4 KiB from f", "its read of 4 KiB", "f has nothing more to read"},
        {IO_READ, 4096, 100, "read 4 KiB from f", "its read of 4 KiB", "100 B are read from f"},
        {IO_FSYNC, -1, 0, "flush f to the disk", "f to reach the disk", "f is safe on the disk"},
        {IO_CLOSE, -1, 0, "close f", "f to close", "f is closed"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        Told told;
        char text[128];
        two_tasks(&told);
        const uint32_t op = submit(&told, 0, ROWS[i].call, VIA_THREADS, "f", ROWS[i].bytes);
        snprintf(text, sizeof text, "anna asks a helper thread to %s.", ROWS[i].asks);
        assert_string_equal(last(&told), text);
        tape_waiting(&told.tape, 0, WAIT_IO, TARGET_OP, op);
        snprintf(text, sizeof text, "anna is paused: it waits for %s.", ROWS[i].waits);
        assert_string_equal(last(&told), text);
        tape_task(&told.tape, EV_TASK_RUNNING, 1);
        tape_task(&told.tape, EV_TASK_FINISHED, 1);
        tape_poll(&told.tape, -1);
        tape_polled(&told.tape, 1, 1);
        complete(&told, op, ROWS[i].result, NULL);
        snprintf(text, sizeof text, "The OS reports through epoll: %s.", ROWS[i].reports);
        assert_string_equal(last(&told), text);
        told_finish(&told);
    }
}

static void what_blocks_is_told(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    Event event = event_make(EV_IO_BLOCKING);
    event.task = 0;
    event.a = IO_WRITE;
    event.text = tape_text(&told.tape, "big.bin");
    event.x = 10 << 20;
    event.z = 120000000;
    event_set_io_result(&event, 10 << 20, 10 << 20, EVENT_NONE, false);
    tape_add(&told.tape, event);
    assert_string_equal(last(&told), "anna keeps the thread until the OS has done it: 10 MiB are "
                                     "written to big.bin, after 120\u202fms.");
    event_set_io_result(&event, 10 << 20, -28, tape_text(&told.tape, "No space left on device"),
                        false);
    tape_add(&told.tape, event);
    assert_non_null(strstr(last(&told), "write to big.bin failed: No space left on device."));
    Event blocked = event_make(EV_LOOP_BLOCKED);
    blocked.task = 0;
    blocked.x = 400000000;
    tape_add(&told.tape, blocked);
    assert_string_equal(last(&told), "anna kept the thread for 400\u202fms without an await: the "
                                     "whole loop was frozen.");
    told_finish(&told);
}

static void the_simulation_is_called_one(void **state) {
    (void)state;
    Told told;
    told_begin(&told, "sim");
    tape_new(&told.tape, 0, "anna");
    tape_plain(&told.tape, EV_LOOP_START);
    tape_iteration(&told.tape, 1, 1);
    tape_task(&told.tape, EV_TASK_RUNNING, 0);
    const uint32_t op = submit(&told, 0, IO_OPENAT, VIA_SIM, "f", -1);
    assert_non_null(strstr(last(&told), "the simulated OS"));
    Event event = event_make(EV_IO_BLOCKING);
    event.a = IO_FSYNC;
    event.task = 0;
    event.text = tape_text(&told.tape, "f");
    event_set_io_result(&event, 0, 0, EVENT_NONE, false);
    tape_add(&told.tape, event);
    assert_string_equal(last(&told), "anna keeps the thread until the simulated OS has done it: f "
                                     "is safe on the disk.");
    tape_waiting(&told.tape, 0, WAIT_IO, TARGET_OP, op);
    tape_poll(&told.tape, -1);
    assert_non_null(strstr(last(&told), "the simulated OS"));
    tape_polled(&told.tape, 1, 1);
    assert_non_null(strstr(last(&told), "The simulated OS"));
    complete(&told, op, 0, NULL);
    assert_string_equal(last(&told), "The simulated OS reports: f is open.");
    told_finish(&told);
}

/* ---- timers and callbacks ---- */

static void a_sleep_is_told_as_it_was_asked_for(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    Tape *tape = &told.tape;
    Event set = event_make(EV_TIMER_SET);
    set.id = 0;
    set.task = 0;
    set.x = (int64_t)tape->t_ns + 99998000; /* 100 ms, two microseconds ago */
    tape_add(tape, set);
    assert_string_equal(last(&told), "A timer of 100 ms is set for anna.");
    tape_waiting(tape, 0, WAIT_TIMER, TARGET_TIMER, 0);
    assert_string_equal(last(&told), "anna is paused: it waits for its sleep of 100 ms.");
    tape_task(tape, EV_TASK_RUNNING, 1);
    tape_task(tape, EV_TASK_FINISHED, 1);
    tape_poll(tape, set.x - (int64_t)tape->t_ns);
    assert_string_equal(last(&told), "Nothing is ready, so the loop sleeps inside epoll_wait, "
                                     "for at most 100 ms: a timer is next.");
    tape->t_ns = (uint64_t)set.x + 5000;
    tape_polled(tape, 0, 1);
    assert_string_equal(last(&told), "The OS has no news, but a timer is due.");
    Event fired = event_make(EV_TIMER_FIRED);
    fired.id = 0;
    fired.x = 0;
    tape_add(tape, fired);
    assert_string_equal(last(&told), "anna's 100 ms are over: its timer fires.");
    Event ready = event_make(EV_CALLBACK_READY);
    ready.id = 0;
    ready.task = 0;
    ready.text = tape_text(tape, "set the sleep's result");
    tape_add(tape, ready);
    assert_string_equal(last(&told), "A callback joins the ready queue: set the sleep's result, "
                                     "for anna.");
    tape_iteration(tape, 2, 1);
    assert_string_equal(last(&told), "Iteration 2 starts: 1 callback is ready.");
    Event run = event_make(EV_CALLBACK_RUN);
    run.id = 0;
    tape_add(tape, run);
    assert_string_equal(last(&told), "The loop runs a callback: set the sleep's result, for anna.");
    assert_int_equal(caption_task(told.state, log_count(tape->log) - 1), 0);
    tape_ready(tape, 0, READY_RESUMED);
    assert_string_equal(last(&told), "The 100 ms are over, so anna joins the back of the "
                                     "ready queue.");
    told_finish(&told);
}

static void durations_come_back_round(void **state) {
    (void)state;
    static const struct {
        uint64_t seen_ns;
        const char *meant;
    } ROWS[] = {
        {99998000, "100 ms"},    {100000000, "100 ms"}, {248999000, "249 ms"},
        {1249990000, "1.25 s"},  {248000, "250 µs"},    {4997000, "5 ms"},
        {19999000, "20 ms"},     {2000000000, "2 s"},   {61500000000, "61.5 s"},
        {123456789, "123.5 ms"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        char text[FORMAT_MAX];
        assert_string_equal(words_duration(text, ROWS[i].seen_ns), ROWS[i].meant);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_are_told_by_name),
        cmocka_unit_test(nothing_is_told_that_is_not_so),
        cmocka_unit_test(ends_are_told),
        cmocka_unit_test(asking_says_why_and_how_long),
        cmocka_unit_test(every_call_has_its_words),
        cmocka_unit_test(what_blocks_is_told),
        cmocka_unit_test(the_simulation_is_called_one),
        cmocka_unit_test(a_sleep_is_told_as_it_was_asked_for),
        cmocka_unit_test(durations_come_back_round),
    };
    return cmocka_run_group_tests_name("view/caption", tests, NULL, NULL);
}
