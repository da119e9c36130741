/* The turn: asyncio's BaseEventLoop._run_once as one readable function a phase. docs/loop.md tells
 * the same as a lesson. */
#include "loop/loop_channels.h"
#include "loop/loop_impl.h"
#include "loop/loop_scopes.h"
#include "loop/loop_shared.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_EVENTS = 8 };

static const char WHAT_SLEEP[] = "set the sleep's result";

/* ---- before and after ---- */

static uint32_t *texts_make(const Loop *loop, uint32_t count) {
    if (loop->log == NULL) {
        return NULL;
    }
    uint32_t *texts = mem_resize(NULL, count, sizeof *texts);
    memset(texts, 0xFF, count * sizeof *texts); /* NONE */
    return texts;
}

Loop *loop_create(const LoopConfig *config) {
    ASSERT(config->program != NULL && config->os != NULL);
    Loop *loop = mem_alloc(1, sizeof *loop);
    loop->root = loop;
    loop->program = config->program;
    loop->os = config->os;
    loop->log = config->log;
    loop->gate = config->log != NULL ? config->gate : NULL;
    loop->look = os_look(config->os);
    loop->peeks_channels = os_peeks_channels(config->os);
    loop->print = config->print;
    loop->print_user = config->print_user;
    loop->free_slot = NONE;
    loop->free_error = ERROR_NONE;
    loop->checks_left = CHECK_EVERY_INSTRS;
    loop_limits_apply(loop, &config->limits);
    loop_bases_make(loop);
    loop_shared_make(loop);
    loop_scopes_make(loop);
    loop->submitted = mem_resize(NULL, loop->program->task_count, sizeof *loop->submitted);
    memset(loop->submitted, 0xFF, loop->program->task_count * sizeof *loop->submitted);
    loop->pointer_texts = texts_make(loop, loop->program->pointer_count);
    loop->template_texts = texts_make(loop, loop->program->template_count);
    return loop;
}

void loop_destroy(Loop *loop) {
    if (loop == NULL) {
        return;
    }
    loop_tasks_free(loop);
    while (loop->free_io != NULL) {
        Io *io = loop->free_io;
        loop->free_io = io->next;
        free(io);
    }
    loop_errors_free(loop);
    loop_shared_free(loop);
    loop_scopes_free(loop);
    free(loop->ready.handles);
    loop_timers_free(&loop->timers);
    free(loop->fill);
    free(loop->send_fill);
    free(loop->spare);
    free(loop->bases);
    free(loop->base_of_task);
    free(loop->base_of_body);
    free(loop->base_of_name);
    free(loop->submitted);
    free(loop->pointer_texts);
    free(loop->template_texts);
    buf_finish(&loop->scratch);
    free(loop);
}

void loop_interrupt(Loop *loop) {
    atomic_store_explicit(&loop->interrupted, true, memory_order_relaxed);
    os_wake(loop->os);
}

/* ---- the tasks that stand before the first turn ---- */

static bool submit_one(Loop *loop, uint32_t index, uint32_t copy) {
    if (!loop_fits(loop, LIMIT_TASKS, 1) ||
        !loop_fits(loop, LIMIT_MEMORY, sizeof(Task) + sizeof(Handle)) ||
        !loop_fits_events(loop, 2)) {
        return false;
    }
    const ProgramTask *submitted = &loop->program->tasks[index];
    Task *task = loop_task_create(loop, submitted->body, loop->base_of_task[index],
                                  submitted->numbered ? copy : NONE, NULL, PROGRAM_NONE);
    if (!submitted->numbered) {
        loop_task_refer(task); /* its name is everybody's, to the end */
        loop->submitted[index] = task->slot;
    }
    return true;
}

static void submit_tasks(Loop *loop) {
    for (uint32_t i = 0; i < loop->program->task_count; i++) {
        for (uint32_t copy = 0; copy < loop->program->tasks[i].count; copy++) {
            if (!submit_one(loop, i, copy)) {
                return;
            }
        }
    }
}

static void start(Loop *loop) {
    loop->what_sleep = loop_text_intern(loop, WHAT_SLEEP, sizeof WHAT_SLEEP - 1);
    Event event = loop_event(EV_LOOP_START);
    loop_emit(loop, &event);
    loop->start_ns = os_now_ns(loop->os);
    loop->started = true;
}

/* ---- phases 1 to 3 ---- */

static uint64_t round_up(double value) {
    const uint64_t whole = (uint64_t)value;
    return whole + ((double)whole < value);
}

/* asyncio's selectors sleep whole milliseconds, rounded up. So sleeps of one length that begin in
 * one turn end in one turn: the loop lies down after the last of them began, for at least that
 * length. A finer sleep would let the first sleeper go turns ahead of the second, as it never does
 * there.
 *
 * CPython rounds up twice, with seconds as a double in between (selectors.py, then epoll.poll):
 * what is a hair above 9 ms there becomes 10. Whoever sleeps for 10 ms then wakes in the same turn,
 * so the same arithmetic is done here. */
static uint64_t selector_timeout_ns(uint64_t ns) {
    const uint64_t ms = (ns + MILLISECOND_NS - 1) / MILLISECOND_NS;
    const double seconds = (double)ms * 1e-3;
    const uint64_t seconds_ns = round_up(seconds * 1e9);
    return (seconds_ns + MILLISECOND_NS - 1) / MILLISECOND_NS * MILLISECOND_NS;
}

/* At most channels are waited for: a socket is ready already, or none ever will be, since only the
 * tasks that wait could make it so. */
static bool nothing_is_due(const Loop *loop) {
    return loop->ready.count == 0 && loop->timers.count == 0 &&
           loop->in_flight == loop->channel_waits;
}

/* 0 where handles are ready; else until something is due; -1, no limit, where the OS alone can tell
 * what is next. Whatever is in flight is waited for even when the run's time is over, so the limit
 * on time cuts the sleep for a timer only. */
static int64_t timeout_ns(const Loop *loop) {
    if (loop->ready.count > 0) {
        return 0;
    }
    if (nothing_is_due(loop)) {
        return os_channel_delay_ns(loop->os);
    }
    if (loop->timers.count == 0) {
        return -1;
    }
    const uint64_t due_ns = loop_timers_first(&loop->timers)->due_ns;
    const uint64_t sleep_ns =
        due_ns > loop->now_ns ? selector_timeout_ns(due_ns - loop->now_ns) : 0;
    const uint64_t left_ns =
        loop->max[LIMIT_TIME] > loop->now_ns ? loop->max[LIMIT_TIME] - loop->now_ns : 0;
    return (int64_t)(sleep_ns < left_ns ? sleep_ns : left_ns);
}

static void ask_os(Loop *loop, int64_t timeout) {
    Event poll = loop_event(EV_POLL);
    poll.x = timeout;
    loop_emit(loop, &poll);
    OsWait info = {0};
    OsOp *done = os_wait(loop->os, timeout, &info);
    loop_clock_read(loop);
    Event polled = loop_event(EV_POLLED);
    polled.x = info.events;
    polled.y = info.calls;
    loop_emit_polled(loop, &polled);
    while (done != NULL) {
        OsOp *op = done;
        done = op->next; /* before the operation is used again */
        loop_io_complete(loop, op);
    }
    if (info.events <= FEW_EVENTS) {
        loop_clock_mark(loop); /* to tell of more takes time */
    }
}

/* Where handles wait and nothing is in flight that could have ended, no answer of the OS could
 * matter: not asked. */
static bool nothing_can_come(const Loop *loop) {
    return loop->ready.count > 0 &&
           (loop->in_flight == 0 ||
            (loop->in_flight == loop->channel_waits && os_channels_are_still(loop->os)));
}

static void phase_ask(Loop *loop) {
    if (loop->log != NULL || loop->timers.count > 0 || loop->ready.count == 0) {
        loop_clock_freshen(loop);
    }
    if (!nothing_can_come(loop)) {
        ask_os(loop, timeout_ns(loop));
    }
}

/* ---- phase 4 ---- */

static void phase_timers(Loop *loop) {
    if (loop->timers.count == 0) {
        return;
    }
    for (const Timer *first = loop_timers_first(&loop->timers);
         first != NULL && first->due_ns <= loop->now_ns; first = loop_timers_first(&loop->timers)) {
        const Timer timer = loop_timers_pop(&loop->timers);
        if (loop->timers.dead > 0 && !loop_timer_is_alive(loop, &timer)) {
            loop->timers.dead--;
            continue;
        }
        Event fired = loop_event(EV_TIMER_FIRED);
        fired.id = timer.id;
        fired.x = loop->callbacks_made;
        loop_emit(loop, &fired);
        if ((timer.of & IS_OTHER) == 0) {
            task_at(loop, timer.of)->of.timer = NONE;
            loop_callback_queue(loop, HANDLE_SLEEP, timer.of);
        } else {
            loop_timeout_fire(loop, timer.of & ~IS_OTHER);
        }
    }
}

/* ---- phase 5 ---- */

/* The sleep's future gets its result; its done callback is the task's wake-up, a turn later. */
static void sleep_run(Loop *loop, Task *task) {
    const bool waits = task->state == STATE_WAITING; /* else it was cancelled meanwhile */
    loop_callback_begin(loop, !waits);
    if (waits) {
        loop_task_make_ready(loop, task, READY_RESUMED);
    }
}

static void tell_if_blocked(Loop *loop, uint32_t task, uint64_t since_ns) {
    if (loop->now_ns - since_ns > BLOCKED_NS) {
        Event blocked = loop_event(EV_LOOP_BLOCKED);
        blocked.task = task;
        blocked.x = (int64_t)(loop->now_ns - since_ns);
        loop_emit(loop, &blocked);
    }
}

static void handle_run(Loop *loop, Handle handle) {
    const uint64_t since_ns = loop->now_ns; /* the end of the one before */
    uint32_t blocker = EVENT_NONE;
    switch ((HandleKind)handle.kind) {
    case HANDLE_TASK:
        loop->is_clock_fresh = false; /* what it waited for is taken first */
        blocker = task_at(loop, handle.of)->id;
        loop_task_run(loop, task_at(loop, handle.of));
        break;
    case HANDLE_SLEEP:
        sleep_run(loop, task_at(loop, handle.of));
        break;
    case HANDLE_LINK:
        loop_link_run(loop, handle.of);
        break;
    case HANDLE_CHANNEL:
        loop_channel_run(loop, task_at(loop, handle.of));
        break;
    case HANDLE_TIMEOUT:
        loop_timeout_run(loop, handle.of);
        break;
    }
    if (!loop->stopping) {
        tell_if_blocked(loop, blocker, since_ns);
    }
}

static void phase_handles(Loop *loop) {
    const uint32_t ready = loop->ready.count;
    if (ready == 0) {
        return; /* an empty wake-up */
    }
    loop->iteration++;
    Event iteration = loop_event(EV_ITERATION);
    iteration.x = (int64_t)loop->iteration;
    iteration.y = ready;
    loop_emit(loop, &iteration);
    for (uint32_t i = 0; i < ready && !loop->stopping; i++) {
        if (loop_is_interrupted(loop)) {
            loop_stop(loop, STOP_INTERRUPTED);
        } else if (loop->log == NULL || loop_fits_events(loop, 2)) {
            handle_run(loop, ring_pop(&loop->ready));
        }
    }
}

/* ---- the run ---- */

static void tell_deadlock(Loop *loop) {
    loop_stop(loop, STOP_DEADLOCK);
    if (loop->log == NULL) {
        return;
    }
    loop_clock_read(loop);
    Buf tasks = {0};
    loop_deadlock_json(loop, &tasks);
    Event deadlock = loop_event(EV_DEADLOCK);
    deadlock.text = loop_text_add(loop, tasks.data, tasks.size_bytes);
    loop_emit(loop, &deadlock);
    buf_finish(&tasks);
}

static void turn(Loop *loop) {
    if (loop_is_interrupted(loop)) {
        loop_stop(loop, STOP_INTERRUPTED);
        return;
    }
    if (loop->timers.dead > 0) {
        loop_timers_sweep(loop);
    }
    const bool is_idle = nothing_is_due(loop);
    const uint32_t in_flight = loop->in_flight;
    const uint32_t ops_made = loop->ops_made; /* a send that was done in part goes on as another */
    if (in_flight > 0 || !is_idle) {
        phase_ask(loop);
    }
    if (loop->stopping) { /* a thread's end told of a limit */
        return;
    }
    if (is_idle && loop->ready.count == 0 && loop->in_flight == in_flight &&
        loop->ops_made == ops_made && !loop_is_interrupted(loop)) {
        tell_deadlock(loop); /* tasks are left, and nothing can ever wake them */
        return;
    }
    phase_timers(loop);
    if (loop_fits_time(loop, 0)) {
        phase_handles(loop);
    }
}

static void count_failures(Loop *loop) {
    loop->end.failed = (uint32_t)loop->failure_count;
    for (size_t i = 0; i < loop->failure_count; i++) {
        loop->end.errors_lost += !loop->failures[i].retrieved;
    }
}

LoopEnd loop_run(Loop *loop) {
    ASSERT(!loop->started && loop->tasks_made == 0);
    submit_tasks(loop);
    loop_channels_make(loop); /* behind the first event, so whoever holds the loop has opened his */
    start(loop);
    while (!loop->stopping && (loop->alive > 0 || loop->ready.count > 0)) {
        turn(loop);
    }
    if (!loop->stopping) {
        loop_stop(loop, STOP_DONE);
    }
    loop_channels_withdraw(loop);
    while (loop->in_flight > 0) { /* what was handed over runs to its end, whatever ends the run */
        ask_os(loop, -1);
    }
    count_failures(loop);
    loop_clock_read_for_log(loop);
    Event event = loop_event(EV_LOOP_STOP);
    event.a = (uint8_t)loop->end.reason;
    loop_emit(loop, &event);
    if (loop->log != NULL) {
        log_finish(loop->log);
    }
    return loop->end;
}
