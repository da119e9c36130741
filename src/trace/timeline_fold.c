/* The fold: how an event that is known to be legal changes the part of the state that has one size.
 * A legal event says where its task came from; only what a task waited for is looked up. */
#include "trace/timeline_index.h"

#include "base/assert.h"

void fold_init(Fold *fold) {
    *fold = (Fold){0};
    fold->loop.running = EVENT_NONE;
    fold->loop.running_callback = EVENT_NONE;
    fold->loop.poll_timeout_ns = -1;
}

static void move_task(LoopInfo *loop, TaskPhase from, TaskPhase to) {
    loop->phase_counts[from]--;
    loop->phase_counts[to]++;
}

/* The task that has the thread gives it back. */
static void end_hold(LoopInfo *loop) {
    loop->running = EVENT_NONE;
    if (loop->phase == LOOP_RUNNING && loop->turn_done == loop->turn_ready) {
        loop->phase = LOOP_STARTED;
    }
}

static void apply_task_ready(const Timeline *timeline, Fold *fold, const Event *event) {
    LoopInfo *loop = &fold->loop;
    TaskPhase from = event->a == READY_CREATED ? TASK_NEW : TASK_WAITING;
    if (event->task == loop->running) {
        from = TASK_RUNNING;
        end_hold(loop);
    } else if (from == TASK_WAITING) {
        const Event *wait = wait_before(timeline, event->task, fold->queued);
        ASSERT(wait != NULL && loop->waiting_on[wait->a] > 0);
        loop->waiting_on[wait->a]--;
    }
    move_task(loop, from, TASK_READY);
    loop->ready_handles++;
    fold->queued++;
}

static void begin_handle(Fold *fold, const Event *event, uint32_t task, uint32_t callback) {
    LoopInfo *loop = &fold->loop;
    loop->running = task;
    loop->running_callback = callback;
    loop->running_since_ns = event->t_ns;
    loop->turn_done++;
    loop->ready_handles--;
    fold->begun++;
}

static void end_task(LoopInfo *loop, TaskPhase to) {
    move_task(loop, TASK_RUNNING, to);
    end_hold(loop);
}

static void begin_phase(LoopInfo *loop, LoopPhase phase) {
    loop->phase = phase;
    loop->running_callback = EVENT_NONE;
}

static void apply_poll(Fold *fold, const Event *event) {
    LoopInfo *loop = &fold->loop;
    fold->draining = fold->draining || loop->running != EVENT_NONE ||
                     (loop->phase == LOOP_RUNNING && loop->turn_done < loop->turn_ready);
    begin_phase(loop, LOOP_ASKING);
    loop->poll_start_ns = event->t_ns;
    loop->poll_timeout_ns = event->x;
}

static void apply_polled(LoopInfo *loop, const Event *event) {
    loop->phase = LOOP_TAKING;
    loop->polled_events = (uint64_t)event->x;
    loop->polls++;
    loop->calls += (uint64_t)event->y;
}

static void apply_iteration(LoopInfo *loop, const Event *event) {
    begin_phase(loop, LOOP_RUNNING);
    loop->iteration = (uint64_t)event->x;
    loop->turn_ready = (uint64_t)event->y;
    loop->turn_done = 0;
}

static void count_written(LoopInfo *loop, const Event *io, int64_t result) {
    if (io->a == IO_WRITE && result > 0) {
        loop->bytes_written += (uint64_t)result;
    }
}

static void apply_completed(const Timeline *timeline, Fold *fold, const Event *event, uint64_t n) {
    const OpRecord *op = &timeline->ops[event->id];
    fold->loop.in_flight--;
    fold->loop.arrived -= op->arrived_n < n;
    count_written(&fold->loop, event_at(timeline, op->submitted_n), event->x);
}

static void apply_to_tasks(const Timeline *timeline, Fold *fold, const Event *event) {
    LoopInfo *loop = &fold->loop;
    switch ((EventKind)event->kind) {
    case EV_TASK_CREATED:
        loop->tasks++;
        loop->phase_counts[TASK_NEW]++;
        break;
    case EV_TASK_READY:
        apply_task_ready(timeline, fold, event);
        break;
    case EV_CALLBACK_READY:
        loop->ready_handles++;
        fold->queued++;
        break;
    case EV_CALLBACK_RUN:
        begin_handle(fold, event, EVENT_NONE, event->id);
        break;
    case EV_TASK_RUNNING:
        begin_handle(fold, event, event->task, EVENT_NONE);
        move_task(loop, TASK_READY, TASK_RUNNING);
        break;
    case EV_TASK_WAITING:
        end_task(loop, TASK_WAITING);
        loop->waiting_on[event->a]++;
        break;
    case EV_TASK_FINISHED:
        end_task(loop, TASK_FINISHED);
        break;
    case EV_TASK_FAILED:
        end_task(loop, TASK_FAILED);
        break;
    case EV_TASK_CANCELLED:
        end_task(loop, TASK_CANCELLED);
        break;
    case EV_STEP:
        fold->steps++;
        break;
    default: /* tells, and changes nothing here */
        break;
    }
}

void fold_apply(const Timeline *timeline, Fold *fold, const Event *event, uint64_t n) {
    LoopInfo *loop = &fold->loop;
    loop->now_ns = event->t_ns;
    switch ((EventKind)event->kind) {
    case EV_LOOP_START:
        loop->phase = LOOP_STARTED;
        break;
    case EV_POLL:
        apply_poll(fold, event);
        break;
    case EV_POLLED:
        apply_polled(loop, event);
        break;
    case EV_ITERATION:
        apply_iteration(loop, event);
        break;
    case EV_IO_SUBMITTED:
        loop->in_flight++;
        fold->ops++;
        break;
    case EV_IO_ARRIVED:
        loop->arrived++;
        break;
    case EV_IO_COMPLETED:
        apply_completed(timeline, fold, event, n);
        break;
    case EV_IO_BLOCKING:
        count_written(loop, event, event_io_result(event));
        break;
    case EV_TIMER_SET:
        loop->timers++;
        fold->timers++;
        break;
    case EV_TIMER_FIRED:
        begin_phase(loop, LOOP_TIMERS);
        loop->timers--;
        break;
    case EV_TIMER_CANCELLED:
        loop->timers--;
        break;
    case EV_OUTPUT:
        loop->outputs++;
        break;
    case EV_DEADLOCK:
        loop->deadlocked = true;
        break;
    case EV_LOOP_STOP:
        begin_phase(loop, LOOP_STOPPED);
        loop->stop_reason = (StopReason)event->a;
        break;
    default:
        apply_to_tasks(timeline, fold, event);
        break;
    }
}

void fold_seek(const Timeline *timeline, Fold *fold, uint64_t *count, uint64_t target) {
    ASSERT(target <= timeline->count);
    if (timeline->forgets) {
        ASSERT(target == timeline->count);
        *fold = timeline->head;
        *count = target;
        return;
    }
    const uint64_t frame = target / FRAME_EVENTS;
    uint64_t n = *count;
    if (n > target || n < frame * FRAME_EVENTS) {
        ASSERT(frame < timeline->frame_count);
        *fold = timeline->frames[frame];
        n = frame * FRAME_EVENTS;
    }
    for (; n < target; n++) {
        fold_apply(timeline, fold, event_at(timeline, n), n);
    }
    *count = target;
}
