/* The loop: a real single-threaded event loop with asyncio's turn and asyncio's order.
 *
 * One turn (asyncio's BaseEventLoop._run_once, CPython 3.12, Lib/asyncio/base_events.py):
 *   1 the timeout: 0 where handles are ready, else until the next timer is due (rounded up to a
 *     whole millisecond, as asyncio's selectors do), else no limit;
 *   2 ask the OS (poll, polled);
 *   3 queue what completed;
 *   4 queue the timers that are due;
 *   5 run exactly the handles that were ready now (those that they queue wait for the next turn).
 *
 * Every event is written to the log before anything that depends on it happens, and after passing
 * the gate; the loop's clock stops while it is held there.
 *
 * Ownership: loop_create/loop_destroy; program, os, log and gate are the caller's and outlive it.
 * Threads: loop_run on the loop's thread; loop_interrupt on any, also in a signal handler. */
#ifndef LOOPSCOPE_LOOP_LOOP_H
#define LOOPSCOPE_LOOP_LOOP_H

#include "base/buf.h"
#include "loop/gate.h"
#include "os/os.h"
#include "program/program.h"
#include "trace/log.h"

typedef struct LoopLimits {
    uint64_t bytes;        /* written */
    uint64_t time_ns;      /* on the loop's clock */
    uint64_t memory_bytes; /* for tasks and texts */
    uint64_t tasks;        /* made */
    uint64_t files;        /* open at once */
    uint64_t events;
} LoopLimits;

LoopLimits loop_limits_default(void); /* docs/scenario.md, Safety */

typedef struct LoopConfig {
    const Program *program;
    Os *os;
    Log *log;   /* NULL: nothing is recorded (for measuring) */
    Gate *gate; /* NULL: never held */
    /* A line that a `log` inside `thread` prints, when it prints it, on whatever thread that is (on
     * the simulation, the loop's). The log's `output` comes later, with the thread's end, and has
     * `a` set to 1. NULL: nobody prints. */
    void (*print)(void *user, const char *text, size_t length);
    void *print_user;
    LoopLimits limits; /* the program's own are applied on top where they are lower */
} LoopConfig;

typedef struct LoopEnd {
    StopReason reason;
    uint32_t failed;      /* tasks that failed */
    uint32_t errors_lost; /* of them, errors that reached nobody */
    const char *limit;    /* reason LIMIT: its name as in `limits`; else NULL */
    uint64_t limit_value;
} LoopEnd;

typedef struct Loop Loop;

Loop *loop_create(const LoopConfig *config);
void loop_destroy(Loop *loop); /* accepts NULL */

/* Submits the program's tasks and runs until none is left and nothing is in flight, a deadlock, a
 * limit or an interruption. Calls log_finish. Once. */
LoopEnd loop_run(Loop *loop);

/* Ends the run in order at the next chance: what is in flight is waited for. Safe in a signal
 * handler. A loop that stands at the gate has its chance once the gate is open. */
void loop_interrupt(Loop *loop);

/* Who waits for whom in words, after a deadlock; a line per task. */
void loop_explain_deadlock(const Loop *loop, Buf *out);

/* Errors that reached nobody, a line each: "task NAME failed: ERROR". */
void loop_explain_errors(const Loop *loop, Buf *out);

/* Paths that were refused because they lead out of the workspace, a line each. */
void loop_explain_refusals(const Loop *loop, Buf *out);

#endif
