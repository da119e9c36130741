/* Cancelling, as asyncio's Task.cancel does it: what the task waits for is cancelled where it can
 * be, else the task gets the error when it has the thread next. */
#include "loop/loop_impl.h"
#include "loop/loop_io.h"
#include "loop/loop_shared.h"

static void tell_request(Loop *loop, const Task *task, const Task *by) {
    if (loop->log == NULL) {
        return;
    }
    loop_clock_read(loop);
    Event event = loop_event(EV_CANCEL_REQUESTED);
    event.task = task->id;
    event.b = CANCEL_BY_TASK;
    event.id = by->id;
    loop_emit_recorded(loop, &event);
}

static void cut_timer(Loop *loop, Task *task) {
    if (task->of.timer == NONE) {
        return; /* it fired; its callback is queued, and will do nothing */
    }
    Event event = loop_event(EV_TIMER_CANCELLED);
    event.id = task->of.timer;
    loop_emit(loop, &event);
    task->of.timer = NONE;
    loop->timers.dead++;
}

/* The future that the task waits for is cancelled: that wakes the task. */
static void cut(Loop *loop, Task *task) {
    switch ((WaitOn)task->waits_on) {
    case WAIT_TIMER:
        cut_timer(loop, task);
        break;
    case WAIT_IO:
        loop_io_leave(task);
        task->wake = WAKE_GO_ON;
        break;
    default:
        break;
    }
    task->cancel |= CANCEL_CUT;
    loop_task_make_ready(loop, task, READY_CANCELLED);
}

static bool awaits_in_ring(const Loop *loop, const Task *task) {
    uint32_t hops = 0;
    while (task->state == STATE_WAITING && task->waits_on == WAIT_TASK) {
        if (hops++ == loop->alive) {
            return true;
        }
        task = task_at(loop, task->of.target);
    }
    return false;
}

bool loop_task_cancel(Loop *loop, Task *task, const Task *by) {
    if (awaits_in_ring(loop, task)) {
        return false;
    }
    while (!task_has_ended(task)) {
        tell_request(loop, task, by);
        if (task->state != STATE_WAITING) {
            task->cancel |= CANCEL_ASKED;
            break;
        }
        if (task->waits_on != WAIT_TASK) {
            cut(loop, task);
            break;
        }
        by = task; /* it passes the request on, and is woken by the end of the other */
        task = task_at(loop, task->of.target);
    }
    return true;
}

void loop_cancel_wait(Loop *loop, Task *task) {
    ASSERT(task->state == STATE_WAITING && task->cancel == CANCEL_ASKED);
    task->cancel = 0;
    if (task->waits_on != WAIT_TASK) {
        cut(loop, task);
    } else if (!loop_task_cancel(loop, task_at(loop, task->of.target), task)) {
        task->cancel = 0; /* the tasks of the ring wait for each other as before */
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
    case WAKE_GO_ON:
    case WAKE_RETRY:
    case WAKE_SELF:
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
    if (!loop_task_cancel(loop, target, task)) {
        static const char TEXT[] = "maximum recursion depth exceeded while calling a Python object";
        return loop_raise_error(loop, "RecursionError", TEXT, sizeof TEXT - 1);
    }
    return STEP_ON;
}
