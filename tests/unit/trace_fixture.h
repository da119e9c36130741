/* Logs made by hand, a line an event, and the includes that every test of the trace needs.
 *
 *     Tape tape = tape_make();
 *     tape_created(&tape, 0, "a");
 *     tape_at(&tape, 1000)->...
 *
 * Ownership: tape_finish frees. Threads: the test's. */
#ifndef LOOPSCOPE_TESTS_TRACE_FIXTURE_H
#define LOOPSCOPE_TESTS_TRACE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "trace/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAPE_UNUSED __attribute__((unused))

typedef struct Tape {
    Log *log;
    uint64_t t_ns;    /* of the next event */
    uint64_t step_ns; /* how far each event moves it on */
} Tape;

TAPE_UNUSED static Tape tape_make(void) {
    return (Tape){.log = log_create(), .step_ns = 10};
}

TAPE_UNUSED static void tape_finish(Tape *tape) {
    log_destroy(tape->log);
    tape->log = NULL;
}

TAPE_UNUSED static uint32_t tape_text(Tape *tape, const char *text) {
    return log_intern(tape->log, text, strlen(text));
}

TAPE_UNUSED static uint64_t tape_add(Tape *tape, Event event) {
    event.t_ns = tape->t_ns;
    tape->t_ns += tape->step_ns;
    return log_append(tape->log, &event);
}

TAPE_UNUSED static uint64_t tape_plain(Tape *tape, EventKind kind) {
    return tape_add(tape, event_make(kind));
}

TAPE_UNUSED static uint64_t tape_poll(Tape *tape, int64_t timeout_ns) {
    Event event = event_make(EV_POLL);
    event.x = timeout_ns;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_polled(Tape *tape, int64_t events, int64_t calls) {
    Event event = event_make(EV_POLLED);
    event.x = events;
    event.y = calls;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_iteration(Tape *tape, int64_t iteration, int64_t ready) {
    Event event = event_make(EV_ITERATION);
    event.x = iteration;
    event.y = ready;
    return tape_add(tape, event);
}

/* Any event that has no more than a task: running, finished, cancelled. */
TAPE_UNUSED static uint64_t tape_task(Tape *tape, EventKind kind, uint32_t task) {
    Event event = event_make(kind);
    event.task = task;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_created(Tape *tape, uint32_t task, const char *name) {
    Event event = event_make(EV_TASK_CREATED);
    event.task = task;
    event.text = tape_text(tape, name);
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_spawned(Tape *tape, uint32_t task, const char *name,
                                         uint32_t parent, const char *at) {
    Event event = event_make(EV_TASK_CREATED);
    event.task = task;
    event.text = tape_text(tape, name);
    event.id = parent;
    event.x = tape_text(tape, at);
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_ready(Tape *tape, uint32_t task, ReadyWhy why) {
    Event event = event_make(EV_TASK_READY);
    event.task = task;
    event.a = (uint8_t)why;
    return tape_add(tape, event);
}

/* Created and queued at once, as the loop does. */
TAPE_UNUSED static void tape_new(Tape *tape, uint32_t task, const char *name) {
    tape_created(tape, task, name);
    tape_ready(tape, task, READY_CREATED);
}

TAPE_UNUSED static uint64_t tape_waiting(Tape *tape, uint32_t task, WaitOn on, TargetKind kind,
                                         uint32_t id) {
    Event event = event_make(EV_TASK_WAITING);
    event.task = task;
    event.a = (uint8_t)on;
    event.b = (uint8_t)kind;
    event.id = id;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_waiting_name(Tape *tape, uint32_t task, WaitOn on, TargetKind kind,
                                              const char *target) {
    Event event = event_make(EV_TASK_WAITING);
    event.task = task;
    event.a = (uint8_t)on;
    event.b = (uint8_t)kind;
    event.text = tape_text(tape, target);
    return tape_add(tape, event);
}

/* A task and a text: step, output, note, failed. */
TAPE_UNUSED static uint64_t tape_said(Tape *tape, EventKind kind, uint32_t task, const char *text) {
    Event event = event_make(kind);
    event.task = task;
    event.text = tape_text(tape, text);
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_callback(Tape *tape, uint32_t callback, const char *what,
                                          uint32_t task) {
    Event event = event_make(EV_CALLBACK_READY);
    event.id = callback;
    event.text = tape_text(tape, what);
    event.task = task;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_callback_run(Tape *tape, uint32_t callback, bool cancelled) {
    Event event = event_make(EV_CALLBACK_RUN);
    event.id = callback;
    event.a = cancelled;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_submit(Tape *tape, uint32_t op, uint32_t task, IoCall call,
                                        IoMode mode, const char *path, int64_t bytes,
                                        int64_t offset) {
    Event event = event_make(EV_IO_SUBMITTED);
    event.id = op;
    event.task = task;
    event.a = (uint8_t)call;
    event.b = (uint8_t)mode;
    event.c = VIA_IO_URING;
    event.text = path == NULL ? EVENT_NONE : tape_text(tape, path);
    event.x = bytes;
    event.y = offset;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_arrived(Tape *tape, uint32_t op) {
    Event event = event_make(EV_IO_ARRIVED);
    event.id = op;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_completed(Tape *tape, uint32_t op, int64_t result) {
    Event event = event_make(EV_IO_COMPLETED);
    event.id = op;
    event.x = result;
    event.text = result < 0 ? tape_text(tape, "Some trouble") : EVENT_NONE;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_blocking(Tape *tape, uint32_t task, IoCall call, IoMode mode,
                                          const char *path, int64_t bytes, int64_t offset,
                                          int64_t result) {
    Event event = event_make(EV_IO_BLOCKING);
    event.task = task;
    event.a = (uint8_t)call;
    event.b = (uint8_t)mode;
    event.text = tape_text(tape, path);
    event.x = bytes;
    event.y = offset;
    event.z = 1234;
    event_set_io_result(&event, bytes < 0 ? 0 : (uint64_t)bytes, result,
                        result < 0 ? tape_text(tape, "Some trouble") : EVENT_NONE, false);
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_timer(Tape *tape, uint32_t timer, uint32_t task, int64_t due_ns) {
    Event event = event_make(EV_TIMER_SET);
    event.id = timer;
    event.task = task;
    event.x = due_ns;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_fired(Tape *tape, uint32_t timer, uint32_t callback) {
    Event event = event_make(EV_TIMER_FIRED);
    event.id = timer;
    event.x = callback;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_timer_cancelled(Tape *tape, uint32_t timer) {
    Event event = event_make(EV_TIMER_CANCELLED);
    event.id = timer;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_sync(Tape *tape, uint32_t task, SyncWhat what, const char *target,
                                      const char *value) {
    Event event = event_make(EV_SYNC);
    event.task = task;
    event.a = (uint8_t)what;
    event.text = tape_text(tape, target);
    event.x = value == NULL ? -1 : (int64_t)tape_text(tape, value);
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_cancel(Tape *tape, uint32_t task, CancelBy by, uint32_t id) {
    Event event = event_make(EV_CANCEL_REQUESTED);
    event.task = task;
    event.b = (uint8_t)by;
    event.id = id;
    return tape_add(tape, event);
}

TAPE_UNUSED static uint64_t tape_stop(Tape *tape, StopReason reason) {
    Event event = event_make(EV_LOOP_STOP);
    event.a = (uint8_t)reason;
    return tape_add(tape, event);
}

#endif
