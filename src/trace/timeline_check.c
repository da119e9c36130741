/* Which event may come next. Every run passes through here, so every run tests the loop; and a file
 * passes through here before anything in it is used as an index. */
#include "base/printf_like.h"
#include "trace/timeline_index.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static bool fail(Timeline *timeline, const char *format, ...) PRINTF_LIKE(2, 3);
static bool fail(Timeline *timeline, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(timeline->error.message, sizeof timeline->error.message, format, args);
    va_end(args);
    timeline->error.n = timeline->count;
    timeline->failed = true;
    return false;
}

static const char *phase_word(TaskPhase phase) {
    static const char *const WORDS[TASK_PHASE_COUNT] = {
        "absent", "new", "ready", "running", "waiting", "finished", "failed", "cancelled"};
    return WORDS[phase];
}

/* ---- what an event may rest on ---- */

static bool turn_is_over(const LoopInfo *loop) {
    return loop->running == EVENT_NONE &&
           (loop->phase != LOOP_RUNNING || loop->turn_done == loop->turn_ready);
}

static bool need_task(Timeline *timeline, uint32_t task) {
    return task < timeline->head.loop.tasks || fail(timeline, "there is no task %" PRIu32, task);
}

static bool need_phase(Timeline *timeline, uint32_t task, TaskPhase phase) {
    if (!need_task(timeline, task)) {
        return false;
    }
    const TaskPhase is = (TaskPhase)timeline->tasks[task].phase;
    return is == phase || fail(timeline, "task %" PRIu32 " is %s, not %s", task, phase_word(is),
                               phase_word(phase));
}

static bool need_next_id(Timeline *timeline, const char *what, uint32_t id, uint64_t next) {
    return id == next ||
           fail(timeline, "%s %" PRIu32 " is out of sequence: %" PRIu64 " is next", what, id, next);
}

static bool need_turn(Timeline *timeline) {
    const Fold *head = &timeline->head;
    if (head->loop.phase != LOOP_RUNNING) {
        return fail(timeline, "no turn is running handles");
    }
    if (head->loop.running != EVENT_NONE) {
        return fail(timeline, "task %" PRIu32 " has the thread", head->loop.running);
    }
    return head->loop.turn_done < head->loop.turn_ready ||
           fail(timeline, "the turn's %" PRIu64 " handles have all run", head->loop.turn_ready);
}

/* First in, first out: the handle that begins is the one that was queued first. */
static bool need_front(Timeline *timeline, EventKind queued_by, uint32_t id) {
    const Fold *head = &timeline->head;
    if (!need_turn(timeline)) {
        return false;
    }
    if (head->begun == head->queued) {
        return fail(timeline, "the ready queue is empty");
    }
    const Event *front = event_at(timeline, timeline->handles[head->begun].queued_n);
    const uint32_t is = front->kind == EV_TASK_READY ? front->task : front->id;
    return (front->kind == queued_by && is == id) ||
           fail(timeline, "%s %" PRIu32 " is at the front of the ready queue",
                front->kind == EV_TASK_READY ? "task" : "callback", is);
}

static bool need_open_op(Timeline *timeline, uint32_t op) {
    if (op >= timeline->head.ops) {
        return fail(timeline, "there is no operation %" PRIu32, op);
    }
    return timeline->ops[op].completed_n == NEVER ||
           fail(timeline, "operation %" PRIu32 " was completed before", op);
}

static bool need_armed_timer(Timeline *timeline, uint32_t timer) {
    if (timer >= timeline->head.timers) {
        return fail(timeline, "there is no timer %" PRIu32, timer);
    }
    return timeline->timers[timer].end_n == NEVER ||
           fail(timeline, "timer %" PRIu32 " was fired or cancelled before", timer);
}

/* ---- the loop's own events ---- */

static bool check_poll(Timeline *timeline, const Event *event) {
    const LoopPhase phase = timeline->head.loop.phase;
    if (event->x < -1) {
        return fail(timeline, "a timeout below zero");
    }
    return phase != LOOP_BEFORE || fail(timeline, "the loop has not started");
}

static bool check_polled(Timeline *timeline, const Event *event) {
    if (event->x < 0 || event->y < 1) {
        return fail(timeline, "an answer without a call, or with fewer than no events");
    }
    return timeline->head.loop.phase == LOOP_ASKING || fail(timeline, "the loop has not asked");
}

static bool check_iteration(Timeline *timeline, const Event *event) {
    const LoopInfo *loop = &timeline->head.loop;
    if (loop->phase == LOOP_BEFORE || !turn_is_over(loop)) {
        return fail(timeline, "the turn before is not over, or none may begin");
    }
    if ((uint64_t)event->x != loop->iteration + 1) {
        return fail(timeline, "iteration %" PRIu64 " is next", loop->iteration + 1);
    }
    return (uint64_t)event->y == loop->ready_handles ||
           fail(timeline, "%" PRIu64 " handles are ready", loop->ready_handles);
}

static bool check_timer_fired(Timeline *timeline, const Event *event) {
    const LoopInfo *loop = &timeline->head.loop;
    if (loop->phase == LOOP_BEFORE || !turn_is_over(loop)) {
        return fail(timeline, "timers fire between the OS's answer and the handles");
    }
    return need_armed_timer(timeline, event->id);
}

static bool check_completed(Timeline *timeline, const Event *event) {
    const LoopInfo *loop = &timeline->head.loop;
    if (loop->phase != LOOP_TAKING || loop->polled_events == 0) {
        return fail(timeline, "a completion that no answer of the OS brought");
    }
    return need_open_op(timeline, event->id);
}

static bool check_arrived(Timeline *timeline, const Event *event) {
    return need_open_op(timeline, event->id) &&
           (timeline->ops[event->id].arrived_n == NEVER ||
            fail(timeline, "operation %" PRIu32 " was seen finished before", event->id));
}

static bool check_stop(Timeline *timeline, const Event *event) {
    if (event->a > STOP_ERROR) {
        return fail(timeline, "an unknown reason");
    }
    return event->a != STOP_DONE ||
           (turn_is_over(&timeline->head.loop) && !timeline->head.draining) ||
           fail(timeline, "the loop is not done: its turn is not over");
}

/* ---- tasks and callbacks ---- */

static bool check_created(Timeline *timeline, const Event *event) {
    const LoopInfo *loop = &timeline->head.loop;
    if (!need_next_id(timeline, "task", event->task, loop->tasks)) {
        return false;
    }
    if (event->id != EVENT_NONE) {
        return need_phase(timeline, event->id, TASK_RUNNING);
    }
    /* Submitted before the start, or made by a callback, as a server's are in Python. */
    return loop->running == EVENT_NONE ||
           fail(timeline, "a task without a parent while task %" PRIu32 " runs", loop->running);
}

/* A wait for several tasks may end with the first of them. */
static bool check_one_ended(Timeline *timeline, uint32_t task, const Event *wait) {
    const char *list = log_text(timeline->log, wait->text, NULL);
    uint32_t id = 0;
    bool any = false;
    while (!any && event_ids_next(&list, &id)) {
        any = timeline->task_ended[id] != NEVER;
    }
    return any || fail(timeline, "task %" PRIu32 " waits for tasks of which none has ended", task);
}

static bool need_tasks(Timeline *timeline, const Event *wait) {
    if (wait->text == EVENT_NONE) {
        return fail(timeline, "a wait for tasks that names none");
    }
    const char *list = log_text(timeline->log, wait->text, NULL);
    uint32_t id = 0;
    while (event_ids_next(&list, &id)) {
        if (!need_task(timeline, id)) {
            return false;
        }
    }
    return true;
}

/* What a resumed task waited for must be over. */
static bool check_wait_over(Timeline *timeline, uint32_t task) {
    const TaskRecord *record = &timeline->tasks[task];
    const Handle *stint = task_stint(timeline, record, record->stint_count - 1);
    const Event *wait = event_at(timeline, stint->end_n);
    switch ((TargetKind)wait->b) {
    case TARGET_OP:
        return timeline->ops[wait->id].completed_n != NEVER ||
               fail(timeline, "task %" PRIu32 " waits for operation %" PRIu32, task, wait->id);
    case TARGET_TIMER:
        return timeline->timers[wait->id].end_n != NEVER ||
               fail(timeline, "task %" PRIu32 " waits for timer %" PRIu32, task, wait->id);
    case TARGET_TASK:
        return timeline->task_ended[wait->id] != NEVER ||
               fail(timeline, "task %" PRIu32 " waits for task %" PRIu32, task, wait->id);
    case TARGET_TASKS:
        return check_one_ended(timeline, task, wait);
    default:
        return true;
    }
}

static bool check_cancelled_ready(Timeline *timeline, uint32_t task) {
    const TaskRecord *record = &timeline->tasks[task];
    const TaskPhase phase = (TaskPhase)record->phase;
    if (phase != TASK_WAITING && phase != TASK_RUNNING) {
        return fail(timeline, "task %" PRIu32 " is %s and can't be woken", task, phase_word(phase));
    }
    const Handle *stint = task_stint(timeline, record, record->stint_count - 1);
    return (record->last_cancel != NEVER &&
            timeline->cancels[record->last_cancel].n > stint->run_n) ||
           fail(timeline, "nobody asked to cancel task %" PRIu32, task);
}

static bool check_ready(Timeline *timeline, const Event *event) {
    switch ((ReadyWhy)event->a) {
    case READY_CREATED:
        return need_phase(timeline, event->task, TASK_NEW);
    case READY_YIELDED:
        return need_phase(timeline, event->task, TASK_RUNNING);
    case READY_RESUMED:
        return need_phase(timeline, event->task, TASK_WAITING) &&
               check_wait_over(timeline, event->task);
    case READY_CANCELLED:
        return need_task(timeline, event->task) && check_cancelled_ready(timeline, event->task);
    }
    return fail(timeline, "an unknown reason to be ready");
}

static bool check_waiting(Timeline *timeline, const Event *event) {
    if (!need_phase(timeline, event->task, TASK_RUNNING)) {
        return false;
    }
    if (event->a >= WAIT_ON_COUNT) {
        return fail(timeline, "an unknown thing to wait for");
    }
    switch ((TargetKind)event->b) {
    case TARGET_OP:
        return event->id < timeline->head.ops ||
               fail(timeline, "there is no operation %" PRIu32, event->id);
    case TARGET_TIMER:
        return event->id < timeline->head.timers ||
               fail(timeline, "there is no timer %" PRIu32, event->id);
    case TARGET_TASK:
        return need_task(timeline, event->id);
    case TARGET_TASKS:
        return need_tasks(timeline, event);
    case TARGET_NONE:
    case TARGET_NAME:
        return true;
    }
    return fail(timeline, "an unknown kind of target");
}

/* A send that the system itself does (overlapped), and of which a part is done: the rest is handed
 * over while the answers are taken, and the task waits on. */
static bool goes_on(const Timeline *timeline, const Event *event) {
    uint64_t n = timeline->count;
    while (n > 0 && event_at(timeline, n - 1)->kind == EV_IO_ARRIVED) {
        n--;
    }
    const Event *before = n > 0 ? event_at(timeline, n - 1) : event;
    if (before->kind != EV_IO_COMPLETED || event->kind != EV_IO_SUBMITTED) {
        return false;
    }
    const Event *part = event_at(timeline, timeline->ops[before->id].submitted_n);
    return part->a == IO_SEND && part->c == VIA_OVERLAPPED && part->task == event->task;
}

/* A task does its operations itself; those on a channel its callback tries again while it waits. */
static bool need_worker(Timeline *timeline, const Event *event) {
    const LoopInfo *loop = &timeline->head.loop;
    const bool on_channel = event->a == IO_SEND || event->a == IO_RECV;
    if (loop->phase == LOOP_TAKING && event->a == IO_SEND && goes_on(timeline, event)) {
        return need_phase(timeline, event->task, TASK_WAITING);
    }
    if (!on_channel || loop->phase != LOOP_RUNNING || loop->running_callback == EVENT_NONE) {
        return need_phase(timeline, event->task, TASK_RUNNING);
    }
    const Handle *handle = &timeline->handles[timeline->head.begun - 1];
    return event_at(timeline, handle->queued_n)->task == event->task ||
           fail(timeline, "the callback that runs does not serve task %" PRIu32, event->task);
}

static bool check_blocking(Timeline *timeline, const Event *event) {
    if (event->a >= IO_CALL_COUNT) {
        return fail(timeline, "an unknown call");
    }
    return event_io_in_thread(event) ? need_task(timeline, event->task)
                                     : need_worker(timeline, event);
}

static bool check_submitted(Timeline *timeline, const Event *event) {
    if (event->a >= IO_CALL_COUNT || event->c >= VIA_COUNT) {
        return fail(timeline, "an unknown call or way");
    }
    return need_next_id(timeline, "operation", event->id, timeline->head.ops) &&
           need_worker(timeline, event);
}

static bool check_cancel_requested(Timeline *timeline, const Event *event) {
    return need_task(timeline, event->task) &&
           (event->b != CANCEL_BY_TASK || need_task(timeline, event->id));
}

static bool check_of_task(Timeline *timeline, const Event *event) {
    switch ((EventKind)event->kind) {
    case EV_TASK_CREATED:
        return check_created(timeline, event);
    case EV_TASK_READY:
        return check_ready(timeline, event);
    case EV_CALLBACK_READY:
        return need_next_id(timeline, "callback", event->id, timeline->callbacks) &&
               (event->task == EVENT_NONE || need_task(timeline, event->task));
    case EV_CALLBACK_RUN:
        return need_front(timeline, EV_CALLBACK_READY, event->id);
    case EV_TASK_RUNNING:
        return need_phase(timeline, event->task, TASK_READY) &&
               need_front(timeline, EV_TASK_READY, event->task);
    case EV_TASK_WAITING:
        return check_waiting(timeline, event);
    case EV_STEP:
    case EV_TASK_FINISHED:
    case EV_TASK_FAILED:
    case EV_TASK_CANCELLED:
        return need_phase(timeline, event->task, TASK_RUNNING);
    case EV_OUTPUT:
    case EV_NOTE:
        return need_task(timeline, event->task);
    case EV_SYNC:
        return need_task(timeline, event->task) &&
               (event->a <= SYNC_GOT || fail(timeline, "an unknown thing done"));
    case EV_LOOP_BLOCKED:
        return event->task == EVENT_NONE || need_task(timeline, event->task);
    case EV_CANCEL_REQUESTED:
        return check_cancel_requested(timeline, event);
    case EV_IO_BLOCKING:
        return check_blocking(timeline, event);
    default: /* deadlock, limit: a sentence about the run */
        return true;
    }
}

static bool check_kind(Timeline *timeline, const Event *event) {
    switch ((EventKind)event->kind) {
    case EV_LOOP_START:
        return timeline->head.loop.phase == LOOP_BEFORE ||
               fail(timeline, "the loop has started before");
    case EV_POLL:
        return check_poll(timeline, event);
    case EV_POLLED:
        return check_polled(timeline, event);
    case EV_ITERATION:
        return check_iteration(timeline, event);
    case EV_IO_SUBMITTED:
        return check_submitted(timeline, event);
    case EV_IO_ARRIVED:
        return check_arrived(timeline, event);
    case EV_IO_COMPLETED:
        return check_completed(timeline, event);
    case EV_TIMER_SET:
        return need_next_id(timeline, "timer", event->id, timeline->head.timers) &&
               (event->task == EVENT_NONE || need_task(timeline, event->task));
    case EV_TIMER_FIRED:
        return check_timer_fired(timeline, event);
    case EV_TIMER_CANCELLED:
        return need_armed_timer(timeline, event->id);
    case EV_LOOP_STOP:
        return check_stop(timeline, event);
    default:
        return check_of_task(timeline, event);
    }
}

/* A poll within a turn ends the run: what is in flight is waited for, and nothing runs any more. */
static bool runs_something(EventKind kind) {
    switch (kind) {
    case EV_ITERATION:
    case EV_TASK_CREATED:
    case EV_CALLBACK_RUN:
    case EV_TASK_RUNNING:
    case EV_STEP:
    case EV_TASK_WAITING:
    case EV_IO_SUBMITTED:
    case EV_TIMER_SET:
    case EV_TIMER_FIRED:
    case EV_TASK_FINISHED:
    case EV_TASK_FAILED:
    case EV_TASK_CANCELLED:
        return true;
    default:
        return false;
    }
}

bool timeline_check(Timeline *timeline, const Event *event) {
    const LoopInfo *loop = &timeline->head.loop;
    if (event->kind >= EV_KIND_COUNT) {
        return fail(timeline, "an unknown kind of event");
    }
    if (event->t_ns < loop->now_ns) {
        return fail(timeline, "time runs backwards");
    }
    if (loop->phase == LOOP_STOPPED) {
        return fail(timeline, "%s follows the end of the run", EVENT_KINDS[event->kind].name);
    }
    if (loop->phase == LOOP_ASKING && event->kind != EV_POLLED) {
        return fail(timeline, "%s comes between poll and polled", EVENT_KINDS[event->kind].name);
    }
    if (timeline->head.draining && runs_something((EventKind)event->kind)) {
        return fail(timeline, "%s comes after a turn that was broken off",
                    EVENT_KINDS[event->kind].name);
    }
    return check_kind(timeline, event);
}
