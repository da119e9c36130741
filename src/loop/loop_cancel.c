/* Cancelling, as asyncio's Task.cancel does it: what the task waits for is cancelled where it can
 * be, else the task gets the error when it has the thread next. */
#include "loop/loop_channels.h"
#include "loop/loop_impl.h"
#include "loop/loop_scopes.h"
#include "loop/loop_shared.h"

#include "base/mem.h"

static void tell_request(Loop *loop, const Task *task, Canceller canceller) {
    if (loop->log == NULL) {
        return;
    }
    loop_clock_read(loop);
    Event event = loop_event(EV_CANCEL_REQUESTED);
    event.task = task->id;
    event.b = (uint8_t)canceller.by;
    event.id = canceller.task;
    loop_emit_recorded(loop, &event);
}

/* The future that the task waits for is cancelled: that wakes the task. */
static void cut(Loop *loop, Task *task) {
    switch ((WaitOn)task->waits_on) {
    case WAIT_TIMER:
        if (task->of.timer != NONE) { /* else it fired; its callback is queued, and does nothing */
            loop_timer_cancel(loop, task->of.timer);
            task->of.timer = NONE;
        }
        break;
    case WAIT_IO:
    case WAIT_THREAD:
        loop_io_leave(task);
        task->wake = WAKE_GO_ON;
        break;
    case WAIT_CHANNEL:
        loop_channel_leave(loop, task);
        task->wake = WAKE_GO_ON;
        break;
    default:
        break;
    }
    task->cancel |= CANCEL_CUT;
    loop_task_make_ready(loop, task, READY_CANCELLED);
}

/* ---- what a task passes on ---- */

static bool gathers(const Task *task) {
    return task->state == STATE_WAITING && task->wake == WAKE_GATHER;
}

static bool awaits(const Task *task) {
    return task->state == STATE_WAITING && task->wake == WAKE_TASK;
}

/* Tasks that await one another, each the next. Asking would go round for ever. */
static bool awaits_in_ring(const Loop *loop, const Task *task) {
    uint32_t hops = 0;
    while (awaits(task)) {
        if (hops++ == loop->alive) {
            return true;
        }
        task = task_at(loop, task->of.target);
    }
    return false;
}

static void stop_push(Loop *loop, uint32_t task, uint32_t from) {
    Scopes *scopes = &loop->scopes;
    const size_t before = scopes->stop_cap;
    scopes->stops =
        mem_grow(scopes->stops, &scopes->stop_cap, scopes->stop_count + 1, sizeof *scopes->stops);
    scopes->stops[scopes->stop_count++] = (CancelStop){.task = task, .from = from};
    loop->used[LIMIT_MEMORY] += (scopes->stop_cap - before) * sizeof *scopes->stops;
}

/* _GatheringFuture.cancel(): all its tasks are asked; false where all of them have ended. */
static bool ask_gathered(Loop *loop, const Task *task) {
    const Scope *scope = loop_scope_at(loop, task->of.target);
    bool any = false;
    for (uint32_t at = scope->last; at != NONE; at = loop_link_at(loop, at)->elder) {
        if (!task_has_ended(loop_link_task(loop, at))) {
            stop_push(loop, loop_link_at(loop, at)->task, task->id);
            any = true;
        }
    }
    return any;
}

/* Cancels what the task waits for: at once, or by asking the tasks that it waits for, which go on
 * the stack with the mark of the way back below them. False where that is done already. */
static bool cancel_future(Loop *loop, Task *task) {
    if (!awaits(task) && !gathers(task)) {
        cut(loop, task);
        return true;
    }
    task->is_above = true;
    stop_push(loop, task->slot, NONE);
    if (awaits(task)) {
        stop_push(loop, task->of.target, task->id);
    } else if (!ask_gathered(loop, task)) {
        loop->scopes.stop_count--; /* nothing below: there is no way back */
        task->is_above = false;
        return false;
    }
    return true;
}

/* ---- asking ---- */

static void cancel_one(Loop *loop, Task *task, Canceller canceller) {
    if (task_has_ended(task)) {
        if (task->state == STATE_FAILED) { /* asyncio keeps silent about its error from now on */
            loop->failures[task->of.failure].retrieved = true;
        }
        return;
    }
    tell_request(loop, task, canceller);
    loop_cancels_add(loop, task);
    if (task->state != STATE_WAITING || !cancel_future(loop, task)) {
        task->cancel |= CANCEL_ASKED;
    }
}

/* Those on the stack, each with all that it passes on before the next; NULL, or the one that was
 * asked from below: the others are not reached any more. Gathers of gathers of the same tasks may
 * ask them over and over, so the limits are looked at. */
static const Task *cancel_stacked(Loop *loop) {
    Scopes *scopes = &loop->scopes;
    const Task *ring = NULL;
    for (uint32_t asked = 1; scopes->stop_count > 0; asked++) {
        const CancelStop stop = scopes->stops[--scopes->stop_count];
        Task *task = task_at(loop, stop.task);
        if (stop.from == NONE) {
            task->is_above = false;
            if (ring == NULL && gathers(task)) { /* _cancel_requested, which a ring never reaches */
                loop_scope_at(loop, task->of.target)->was_asked = true;
            }
        } else if (ring == NULL && !loop->stopping) {
            ring = task->is_above ? task : NULL;
            if (asked % CHECK_EVERY_INSTRS == 0 && loop_check(loop)) {
                loop_fits(loop, LIMIT_EVENTS, CHECK_EVERY_INSTRS);
            }
            if (ring == NULL && !loop->stopping) {
                cancel_one(loop, task, (Canceller){.by = CANCEL_BY_TASK, .task = stop.from});
            }
        }
    }
    return ring;
}

const Task *loop_task_ask(Loop *loop, Task *task, Canceller canceller) {
    if (awaits_in_ring(loop, task)) {
        return task;
    }
    cancel_one(loop, task, canceller);
    return cancel_stacked(loop);
}

bool loop_task_cancel(Loop *loop, Task *task, Canceller canceller) {
    return loop_task_ask(loop, task, canceller) == NULL;
}

StepResult loop_raise_ring(Loop *loop, const Task *ring) {
    static const char WORDS[] = "maximum recursion depth exceeded while calling a Python object";
    static const size_t SHORT = sizeof "maximum recursion depth exceeded" - 1; /* in gather */
    const size_t length = awaits_in_ring(loop, ring) ? sizeof WORDS - 1 : SHORT;
    return loop_raise_error(loop, "RecursionError", WORDS, length);
}

void loop_cancel_wait(Loop *loop, Task *task) {
    ASSERT(task->state == STATE_WAITING && task->cancel == CANCEL_ASKED);
    /* The tasks of a ring go on waiting for each other; if this one is woken at all, it is still to
     * be cancelled: asyncio keeps _must_cancel where the future's cancel() raises. */
    if (awaits_in_ring(loop, task)) {
        return;
    }
    task->cancel = 0;
    const bool is_asked = cancel_future(loop, task);
    if (cancel_stacked(loop) != NULL || !is_asked) {
        task->cancel |= CANCEL_ASKED;
    }
}

/* What the task would have taken, had it not been cancelled: it is lost, as in asyncio. */
static void let_go(Loop *loop, Task *task) {
    switch ((Wake)task->wake) {
    case WAKE_IO:
        loop_io_release(loop, task->io);
        task->io = NULL;
        break;
    case WAKE_TASK: {
        Task *target = task_at(loop, task->of.target);
        if (target->state == STATE_FAILED) {
            loop->failures[target->of.failure].retrieved = true;
        }
        task->of.target = NONE;
        loop_task_release(loop, target);
        break;
    }
    case WAKE_SYNC:
        loop_shared_let_go(loop, task, (task->cancel & CANCEL_CUT) != 0);
        break;
    case WAKE_GATHER:
        loop_gather_let_go(loop, task);
        break;
    case WAKE_WAIT:
        loop_wait_let_go(loop, task);
        break;
    case WAKE_GO_ON:
    case WAKE_RETRY:
    case WAKE_SELF:
    case WAKE_GROUP: /* goes on leaving, cancelled or not */
        break;
    }
}

StepResult loop_cancel_take(Loop *loop, Task *task) {
    let_go(loop, task);
    task->wake = WAKE_GO_ON;
    task->cancel = 0;
    loop->raised = ERROR_CANCELLED;
    return STEP_RAISED;
}

StepResult loop_step_cancel(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    Task *target = loop_named_task(loop, task, instr->name);
    if (target == NULL) {
        return loop_raise_unset(loop, instr->name);
    }
    const Canceller canceller = {.by = CANCEL_BY_TASK, .task = task->id};
    const Task *ring = loop_task_ask(loop, target, canceller);
    if (ring != NULL) {
        return loop_raise_ring(loop, ring);
    }
    return loop->stopping ? STEP_STOPPED : STEP_ON;
}
