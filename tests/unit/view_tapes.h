/* Hand-made runs for the view's tests: what tasks share, everything that can be waited for,
 * cancelling, deadlocks. Include after cmocka.h.
 *
 * Ownership: the log is the caller's. Threads: the test's. */
#ifndef LOOPSCOPE_TESTS_VIEW_TAPES_H
#define LOOPSCOPE_TESTS_VIEW_TAPES_H

#include "trace_fixture.h"

TAPE_UNUSED static void tapes_header(Tape *tape, const char *backend) {
    const bool sim = strcmp(backend, "sim") == 0;
    const TraceHeader header = {.title = "Hand-made",
                                .scenario = "",
                                .backend = backend,
                                .notifier = sim ? "sim" : "epoll",
                                .has_seed = sim,
                                .seed = 1,
                                .started = "",
                                .source = ""};
    log_set_header(tape->log, &header);
}

TAPE_UNUSED static Tape tapes_begin(const char *const *names, uint32_t count, const char *backend) {
    Tape tape = tape_make();
    tape.step_ns = 0;
    tapes_header(&tape, backend);
    for (uint32_t i = 0; i < count; i++) {
        tape_new(&tape, i, names[i]);
    }
    tape_plain(&tape, EV_LOOP_START);
    tape.step_ns = 20000;
    tape_iteration(&tape, 1, count);
    return tape;
}

TAPE_UNUSED static void tapes_run(Tape *tape, uint32_t task, const char *at) {
    tape_task(tape, EV_TASK_RUNNING, task);
    tape_said(tape, EV_STEP, task, at);
}

TAPE_UNUSED static void tapes_sleep(Tape *tape, uint32_t timer, uint32_t task, int64_t for_ns) {
    tape_timer(tape, timer, task, (int64_t)tape->t_ns + for_ns);
    tape_waiting(tape, task, WAIT_TIMER, TARGET_TIMER, timer);
}

/* The loop sleeps until the timer is due; its callback wakes the task in iteration `turn`. */
TAPE_UNUSED static void tapes_wake(Tape *tape, uint32_t timer, uint32_t callback, uint32_t task,
                                   int64_t turn) {
    tape_poll(tape, 10000000);
    tape->t_ns += 10000000;
    tape_polled(tape, 0, 1);
    tape_fired(tape, timer, callback);
    tape_callback(tape, callback, "set the sleep's result", task);
    tape_iteration(tape, turn, 1);
    tape_callback_run(tape, callback, false);
    tape_ready(tape, task, READY_RESUMED);
    tape_iteration(tape, turn + 1, 1);
}

/* A lock with a line, a semaphore, a queue that was empty and is full, an event. */
TAPE_UNUSED static Log *tapes_shared(const char *backend) {
    static const char *const NAMES[] = {"anna", "bert", "carl", "dora", "emil", "fred"};
    Tape tape = tapes_begin(NAMES, 6, backend);
    Tape *t = &tape;
    tapes_run(t, 0, "/tasks/0/steps/0");
    tape_sync(t, 0, SYNC_ACQUIRED, "door", NULL);
    tapes_sleep(t, 0, 0, 10000000);
    tapes_run(t, 1, "/tasks/1/steps/0");
    tape_waiting_name(t, 1, WAIT_LOCK, TARGET_NAME, "door");
    tapes_run(t, 2, "/tasks/2/steps/0");
    tape_waiting_name(t, 2, WAIT_LOCK, TARGET_NAME, "door");
    tapes_run(t, 3, "/tasks/3/steps/0");
    tape_waiting_name(t, 3, WAIT_EVENT, TARGET_NAME, "go");
    tapes_run(t, 4, "/tasks/4/steps/0");
    tape_waiting_name(t, 4, WAIT_QUEUE, TARGET_NAME, "jobs");
    tapes_run(t, 5, "/tasks/5/steps/0");
    tape_sync(t, 5, SYNC_ACQUIRED, "seats", NULL);
    tape_sync(t, 5, SYNC_ACQUIRED, "seats", NULL);
    tape_waiting_name(t, 5, WAIT_SEMAPHORE, TARGET_NAME, "seats");
    tapes_wake(t, 0, 0, 0, 2);
    tapes_run(t, 0, "/tasks/0/steps/1");
    tape_sync(t, 0, SYNC_RELEASED, "door", NULL);
    tape_ready(t, 1, READY_RESUMED);
    tape_sync(t, 0, SYNC_SET, "go", NULL);
    tape_ready(t, 3, READY_RESUMED);
    tape_sync(t, 0, SYNC_PUT, "jobs", "one");
    tape_ready(t, 4, READY_RESUMED);
    tape_sync(t, 0, SYNC_PUT, "jobs", "two");
    tape_sync(t, 0, SYNC_PUT, "jobs", "three");
    tape_waiting_name(t, 0, WAIT_QUEUE, TARGET_NAME, "jobs");
    tape_iteration(t, 4, 3);
    tapes_run(t, 1, "/tasks/1/steps/1");
    tape_sync(t, 1, SYNC_ACQUIRED, "door", NULL);
    tape_sync(t, 1, SYNC_CLEARED, "go", NULL);
    tape_task(t, EV_TASK_FINISHED, 1); /* and never frees it */
    tapes_run(t, 3, "/tasks/3/steps/1");
    tape_task(t, EV_TASK_FINISHED, 3);
    tapes_run(t, 4, "/tasks/4/steps/1");
    tape_sync(t, 4, SYNC_GOT, "jobs", "one");
    tape_ready(t, 0, READY_RESUMED);
    tape_waiting_name(t, 4, WAIT_EVENT, TARGET_NAME, "go");
    tape_iteration(t, 5, 1);
    tapes_run(t, 0, "/tasks/0/steps/2");
    tape_sync(t, 0, SYNC_PUT, "jobs", "four");
    tape_waiting_name(t, 0, WAIT_LOCK, TARGET_NAME, "door");
    tape_said(t, EV_DEADLOCK, EVENT_NONE, "[{\"task\":0,\"on\":\"lock\",\"target\":\"door\"}]");
    tape_stop(t, STOP_DEADLOCK);
    return tape.log;
}

TAPE_UNUSED static void tapes_submit(Tape *tape, uint32_t op, uint32_t task, IoCall call, IoVia via,
                                     const char *place, int64_t bytes, WaitOn on) {
    Event event = event_make(EV_IO_SUBMITTED);
    event.id = op;
    event.task = task;
    event.a = (uint8_t)call;
    event.c = (uint8_t)via;
    event.text = place == NULL ? EVENT_NONE : tape_text(tape, place);
    event.x = bytes;
    event.y = -1;
    tape_add(tape, event);
    tape_waiting(tape, task, on, TARGET_OP, op);
}

TAPE_UNUSED static void waits_begin(Tape *t, bool sim) {
    tapes_run(t, 0, "/tasks/0/steps/0");
    tape_spawned(t, 6, "work", 0, "/tasks/0/steps/0");
    tape_ready(t, 6, READY_CREATED);
    tape_spawned(t, 7, "more", 0, "/tasks/0/steps/1");
    tape_ready(t, 7, READY_CREATED);
    tape_timer(t, 0, 0, 60000000); /* a timeout around the gather */
    tape_waiting_name(t, 0, WAIT_TASKS, TARGET_TASKS, "[6,7,5]");
    tapes_run(t, 1, "/tasks/1/steps/0");
    tapes_submit(t, 0, 1, IO_SEND, sim ? VIA_SIM : VIA_EPOLL, "pipe.a", 10485760, WAIT_CHANNEL);
    tapes_run(t, 2, "/tasks/2/steps/0");
    tapes_submit(t, 1, 2, IO_RECV, sim ? VIA_SIM : VIA_EPOLL, "pipe.b", 4096, WAIT_CHANNEL);
    tapes_run(t, 3, "/tasks/3/steps/0");
    tapes_submit(t, 2, 3, IO_THREAD, sim ? VIA_SIM : VIA_THREADS, NULL, -1, WAIT_THREAD);
    tapes_run(t, 4, "/tasks/4/steps/0");
    tape_waiting(t, 4, WAIT_TASK, TARGET_TASK, 5);
    tapes_run(t, 5, "/tasks/5/steps/0");
    tape_task(t, EV_TASK_FINISHED, 5);
    tape_callback(t, 0, "tell gather that fred is done", 0);
    tape_callback(t, 1, "wake those who await fred", EVENT_NONE);
    tape_iteration(t, 2, 4);
    tapes_run(t, 6, "/coroutines/work/0");
    tapes_sleep(t, 1, 6, 90000000);
    tapes_run(t, 7, "/coroutines/more/0");
    tapes_submit(t, 3, 7, IO_WRITE, sim ? VIA_SIM : VIA_IO_URING, "a.txt", 65536, WAIT_IO);
    tape_callback_run(t, 0, false);
    tape_callback_run(t, 1, false);
    tape_ready(t, 4, READY_RESUMED);
}

TAPE_UNUSED static void waits_cancel(Tape *t) {
    tape_iteration(t, 3, 1);
    tapes_run(t, 4, "/tasks/4/steps/1");
    tape_cancel(t, 6, CANCEL_BY_TASK, 4);
    tape_timer_cancelled(t, 1);
    tape_ready(t, 6, READY_CANCELLED);
    tape_cancel(t, 3, CANCEL_BY_GROUP, EVENT_NONE);
    tape_ready(t, 3, READY_CANCELLED); /* its thread runs on without it */
    tape_ready(t, 4, READY_YIELDED);
    tape_arrived(t, 0);
    tape_poll(t, 0);
    tape_polled(t, 1, 1); /* several completions in one batch */
    tape_completed(t, 0, 10485760);
    tape_ready(t, 1, READY_RESUMED);
    tape_completed(t, 1, 4096);
    tape_ready(t, 2, READY_RESUMED);
    tape_completed(t, 3, -28);
    tape_ready(t, 7, READY_RESUMED);
}

TAPE_UNUSED static void waits_end(Tape *t) {
    tape_iteration(t, 4, 6);
    tape_task(t, EV_TASK_RUNNING, 6);
    tape_task(t, EV_TASK_CANCELLED, 6);
    tape_callback(t, 2, "tell gather that work is cancelled", 0);
    tapes_run(t, 3, "/tasks/3/steps/1");
    tape_task(t, EV_TASK_CANCELLED, 3);
    tapes_run(t, 4, "/tasks/4/steps/2");
    tape_task(t, EV_TASK_FINISHED, 4);
    tapes_run(t, 1, "/tasks/1/steps/1");
    tape_task(t, EV_TASK_FINISHED, 1);
    tapes_run(t, 2, "/tasks/2/steps/1");
    tape_task(t, EV_TASK_FINISHED, 2);
    tape_task(t, EV_TASK_RUNNING, 7);
    tape_said(t, EV_TASK_FAILED, 7, "OSError: [Errno 28] No space left on device");
    tape_callback(t, 3, "tell gather that more failed", 0);
    tape_poll(t, 0);
    tape_polled(t, 0, 1);
    tape_iteration(t, 5, 2);
    tape_callback_run(t, 2, false);
    tape_callback_run(t, 3, true);
    tape_poll(t, 60000000);
    t->t_ns += 60000000;
    tape_polled(t, 1, 1);
    tape_completed(t, 2, 0);
    tape_fired(t, 0, 4);
    tape_callback(t, 4, "end anna's timeout", 0);
    tape_iteration(t, 6, 1);
    tape_callback_run(t, 4, false);
    tape_cancel(t, 0, CANCEL_BY_TIMEOUT, EVENT_NONE);
    tape_ready(t, 0, READY_CANCELLED);
    tape_iteration(t, 7, 1);
    tapes_run(t, 0, "/tasks/0/steps/2");
    tape_said(t, EV_TASK_FAILED, 0, "TimeoutError");
    tape_stop(t, STOP_DONE);
}

/* Every kind of wait at once: gather, a channel's two ends, a thread, a file, a task, a sleep; a
 * timeout that cuts one short; callbacks that are not tasks; a task that is cancelled in the queue.
 */
TAPE_UNUSED static Log *tapes_waits(const char *backend) {
    static const char *const NAMES[] = {"anna", "bert", "carl", "dora", "emil", "fred"};
    const bool sim = strcmp(backend, "sim") == 0;
    Tape tape = tapes_begin(NAMES, 6, backend);
    waits_begin(&tape, sim);
    waits_cancel(&tape);
    waits_end(&tape);
    return tape.log;
}

/* A send that takes two goes: its callback tries, and asks for the channel again. */
TAPE_UNUSED static Log *tapes_channel(void) {
    static const char *const NAMES[] = {"anna"};
    Tape tape = tapes_begin(NAMES, 1, "io_uring");
    Tape *t = &tape;
    tapes_run(t, 0, "/tasks/0/steps/0");
    tapes_submit(t, 0, 0, IO_SEND, VIA_EPOLL, "pipe.a", 1000, WAIT_CHANNEL);
    for (uint32_t go = 0; go < 2; go++) {
        tape_poll(t, -1);
        tape_polled(t, 1, 1);
        tape_completed(t, go, 0);
        tape_callback(t, go, "send to pipe.a", 0);
        tape_iteration(t, (int64_t)go + 2, 1);
        tape_callback_run(t, go, false);
        tape_blocking(t, 0, IO_SEND, IO_MODE_NONE, "pipe.a", 1000, 0, 500);
        if (go == 0) {
            Event again = event_make(EV_IO_SUBMITTED);
            again.id = 1;
            again.task = 0;
            again.a = IO_SEND;
            again.c = VIA_EPOLL;
            again.text = tape_text(t, "pipe.a");
            again.x = 500;
            tape_add(t, again);
        }
    }
    tape_ready(t, 0, READY_RESUMED);
    tape_iteration(t, 4, 1);
    tape_task(t, EV_TASK_RUNNING, 0);
    tape_task(t, EV_TASK_FINISHED, 0);
    tape_stop(t, STOP_DONE);
    return tape.log;
}

/* Each holds a lock and waits for the next one's. */
TAPE_UNUSED static Log *tapes_ring(uint32_t count) {
    char names[64][20];
    const char *pointers[64];
    assert_true(count <= 64);
    for (uint32_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "thinker%u", (unsigned)i);
        pointers[i] = names[i];
    }
    Tape tape = tapes_begin(pointers, count, "io_uring");
    for (int turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i < count; i++) {
            char fork[20];
            snprintf(fork, sizeof fork, "fork%u", (unsigned)((i + (turn > 0)) % count));
            tapes_run(&tape, i, turn == 0 ? "/tasks/0/steps/0" : "/tasks/0/steps/1");
            if (turn == 0) {
                tape_sync(&tape, i, SYNC_ACQUIRED, fork, NULL);
                tape_ready(&tape, i, READY_YIELDED);
            } else {
                tape_waiting_name(&tape, i, WAIT_LOCK, TARGET_NAME, fork);
            }
        }
        if (turn == 0) {
            tape_iteration(&tape, 2, count);
        }
    }
    tape_said(&tape, EV_DEADLOCK, EVENT_NONE, "[]");
    tape_stop(&tape, STOP_DEADLOCK);
    return tape.log;
}

/* The first and the last hold a lock each and wait for the other's; all between them stand in line
 * for the first one's. */
TAPE_UNUSED static Log *tapes_ring_afar(uint32_t count) {
    static char name[] = "thinker";
    const char **names = mem_alloc(count, sizeof *names);
    for (uint32_t i = 0; i < count; i++) {
        names[i] = name;
    }
    const uint32_t last = count - 1;
    Tape tape = tapes_begin(names, count, "io_uring");
    free(names);
    tapes_run(&tape, 0, "/tasks/0/steps/0");
    tape_sync(&tape, 0, SYNC_ACQUIRED, "fork", NULL);
    tape_ready(&tape, 0, READY_YIELDED);
    for (uint32_t i = 1; i < last; i++) {
        tapes_run(&tape, i, "/tasks/1/steps/0");
        tape_waiting_name(&tape, i, WAIT_LOCK, TARGET_NAME, "fork");
    }
    tapes_run(&tape, last, "/tasks/2/steps/0");
    tape_sync(&tape, last, SYNC_ACQUIRED, "knife", NULL);
    tape_waiting_name(&tape, last, WAIT_LOCK, TARGET_NAME, "fork");
    tape_iteration(&tape, 2, 1);
    tapes_run(&tape, 0, "/tasks/0/steps/1");
    tape_waiting_name(&tape, 0, WAIT_LOCK, TARGET_NAME, "knife");
    tape_said(&tape, EV_DEADLOCK, EVENT_NONE, "[]");
    tape_stop(&tape, STOP_DEADLOCK);
    return tape.log;
}

/* So many that they are counted in tens of thousands: half of them sleep, the others are ready. */
TAPE_UNUSED static Log *tapes_crowd(uint32_t count) {
    static const char *const FIRST[] = {"sleeper-0"};
    Tape tape = tapes_begin(FIRST, 1, "io_uring");
    tape.step_ns = 100;
    tapes_run(&tape, 0, "/tasks/0/steps/0");
    for (uint32_t i = 1; i < count; i++) {
        char name[20];
        snprintf(name, sizeof name, "sleeper-%u", (unsigned)i);
        tape_spawned(&tape, i, name, 0, "/tasks/0/steps/0");
        tape_ready(&tape, i, READY_CREATED);
    }
    tapes_sleep(&tape, 0, 0, 150000000);
    tape_iteration(&tape, 2, count - 1);
    for (uint32_t i = 1; i <= count / 2; i++) {
        tapes_run(&tape, i, "/tasks/0/steps/0");
        tapes_sleep(&tape, i, i, 150000000);
    }
    return tape.log;
}

/* Each awaits the next one; the last waits for what nobody is left to do. */
TAPE_UNUSED static Log *tapes_chain(uint32_t count, WaitOn on) {
    char names[64][20];
    const char *pointers[64] = {0};
    assert_true(count <= 64);
    for (uint32_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "link%u", (unsigned)i);
        pointers[i] = names[i];
    }
    Tape tape = tapes_begin(pointers, count, "sim");
    for (uint32_t i = 0; i < count; i++) {
        tapes_run(&tape, i, "/tasks/0/steps/0");
        if (i + 1 < count) {
            tape_waiting(&tape, i, WAIT_TASK, TARGET_TASK, i + 1);
        } else if (on == WAIT_CHANNEL) {
            tapes_submit(&tape, 0, i, IO_RECV, VIA_SIM, "pipe.b", 10, on);
        } else {
            tape_waiting_name(&tape, i, on, TARGET_NAME, "hope");
        }
    }
    tape_said(&tape, EV_DEADLOCK, EVENT_NONE, "[]");
    tape_stop(&tape, STOP_DEADLOCK);
    return tape.log;
}

#endif
