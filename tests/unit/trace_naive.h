/* The state by the plainest means: every task, operation and timer a record, every event applied in
 * turn. What the timeline answers is compared with this.
 *
 * Ownership: naive_finish frees. Threads: the test's. */
#ifndef LOOPSCOPE_TESTS_TRACE_NAIVE_H
#define LOOPSCOPE_TESTS_TRACE_NAIVE_H

#include "trace/timeline.h"
#include "trace_fixture.h"

typedef struct NaiveOp {
    Event submitted;
    uint64_t n, arrived_n, arrived_ns;
    bool arrived, open;
} NaiveOp;

typedef struct NaiveTimer {
    TimerInfo info;
    bool armed;
} NaiveTimer;

typedef struct Naive {
    const Log *log;
    uint64_t count;
    LoopInfo loop;
    TaskInfo *tasks;
    size_t task_cap;
    ReadyItem *queue;
    size_t first, end, queue_cap;
    NaiveOp *ops;
    size_t op_count, op_cap;
    NaiveTimer *timers;
    size_t timer_count, timer_cap;
} Naive;

TAPE_UNUSED static Naive naive_make(const Log *log) {
    Naive naive = {.log = log};
    naive.loop.running = EVENT_NONE;
    naive.loop.running_callback = EVENT_NONE;
    naive.loop.poll_timeout_ns = -1;
    return naive;
}

TAPE_UNUSED static void naive_finish(Naive *naive) {
    free(naive->tasks);
    free(naive->queue);
    free(naive->ops);
    free(naive->timers);
}

static void naive_phase(Naive *naive, const Event *event, TaskPhase phase) {
    TaskInfo *task = &naive->tasks[event->task];
    naive->loop.phase_counts[task->phase]--;
    naive->loop.phase_counts[phase]++;
    task->phase = phase;
    task->since_ns = event->t_ns;
    task->since_n = naive->count;
    task->on = WAIT_IO;
    task->target_kind = TARGET_NONE;
    task->target_id = EVENT_NONE;
    task->target_text = EVENT_NONE;
}

static void naive_gives_back(Naive *naive, uint32_t task) {
    if (naive->loop.running == task) {
        naive->loop.running = EVENT_NONE;
        if (naive->loop.turn_done == naive->loop.turn_ready) {
            naive->loop.phase = LOOP_STARTED;
        }
    }
}

static void naive_enqueue(Naive *naive, ReadyItem item, const Event *event) {
    item.since_n = naive->count;
    item.since_ns = event->t_ns;
    naive->queue = mem_grow(naive->queue, &naive->queue_cap, naive->end + 1, sizeof item);
    naive->queue[naive->end++] = item;
}

static void naive_begins(Naive *naive, const Event *event, uint32_t task, uint32_t callback) {
    naive->first++;
    naive->loop.running = task;
    naive->loop.running_callback = callback;
    naive->loop.running_since_ns = event->t_ns;
    naive->loop.turn_done++;
}

static void naive_task(Naive *naive, const Event *event) {
    TaskInfo *task = event->task < naive->loop.tasks ? &naive->tasks[event->task] : NULL;
    switch ((EventKind)event->kind) {
    case EV_TASK_CREATED:
        naive->tasks =
            mem_grow(naive->tasks, &naive->task_cap, (size_t)event->task + 1, sizeof *naive->tasks);
        naive->tasks[event->task] =
            (TaskInfo){.name = event->text, .parent = event->id, .at = EVENT_NONE};
        naive->loop.tasks++;
        naive->loop.phase_counts[TASK_ABSENT]++;
        naive_phase(naive, event, TASK_NEW);
        break;
    case EV_TASK_READY:
        naive_gives_back(naive, event->task);
        naive_phase(naive, event, TASK_READY);
        naive_enqueue(naive, (ReadyItem){.id = event->task, .task = EVENT_NONE, .what = EVENT_NONE},
                      event);
        break;
    case EV_TASK_RUNNING:
        naive_begins(naive, event, event->task, EVENT_NONE);
        naive_phase(naive, event, TASK_RUNNING);
        task->cancel_requested = false;
        break;
    case EV_TASK_WAITING:
        naive_gives_back(naive, event->task);
        naive_phase(naive, event, TASK_WAITING);
        task->on = (WaitOn)event->a;
        task->target_kind = (TargetKind)event->b;
        task->target_id = event->id;
        task->target_text = event->text;
        break;
    case EV_STEP:
        task->at = event->text;
        task->steps++;
        break;
    case EV_CANCEL_REQUESTED:
        task->cancel_requested = true;
        break;
    case EV_TASK_FINISHED:
    case EV_TASK_FAILED:
    case EV_TASK_CANCELLED:
        naive_gives_back(naive, event->task);
        naive_phase(naive, event,
                    event->kind == EV_TASK_FINISHED ? TASK_FINISHED
                    : event->kind == EV_TASK_FAILED ? TASK_FAILED
                                                    : TASK_CANCELLED);
        task->cancel_requested = false;
        break;
    case EV_OUTPUT:
        naive->loop.outputs++;
        break;
    default:
        break;
    }
}

static void naive_io(Naive *naive, const Event *event) {
    switch ((EventKind)event->kind) {
    case EV_IO_SUBMITTED:
        naive->ops = mem_grow(naive->ops, &naive->op_cap, naive->op_count + 1, sizeof *naive->ops);
        naive->ops[naive->op_count++] =
            (NaiveOp){.submitted = *event, .n = naive->count, .open = true};
        break;
    case EV_IO_ARRIVED:
        naive->ops[event->id].arrived = true;
        naive->ops[event->id].arrived_n = naive->count;
        naive->ops[event->id].arrived_ns = event->t_ns;
        break;
    case EV_IO_COMPLETED:
        naive->ops[event->id].open = false;
        if (naive->ops[event->id].submitted.a == IO_WRITE && event->x > 0) {
            naive->loop.bytes_written += (uint64_t)event->x;
        }
        break;
    case EV_IO_BLOCKING:
        if (event->a == IO_WRITE && event_io_result(event) > 0) {
            naive->loop.bytes_written += (uint64_t)event_io_result(event);
        }
        break;
    case EV_TIMER_SET:
        naive->timers = mem_grow(naive->timers, &naive->timer_cap, naive->timer_count + 1,
                                 sizeof *naive->timers);
        naive->timers[naive->timer_count++] = (NaiveTimer){
            .info = {event->id, event->task, event->t_ns, (uint64_t)event->x}, .armed = true};
        break;
    case EV_TIMER_FIRED:
        naive->loop.phase = LOOP_TIMERS;
        naive->loop.running_callback = EVENT_NONE;
        naive->timers[event->id].armed = false;
        break;
    case EV_TIMER_CANCELLED:
        naive->timers[event->id].armed = false;
        break;
    default:
        break;
    }
}

static void naive_loop(Naive *naive, const Event *event) {
    LoopInfo *loop = &naive->loop;
    switch ((EventKind)event->kind) {
    case EV_LOOP_START:
        loop->phase = LOOP_STARTED;
        break;
    case EV_POLL:
        loop->phase = LOOP_ASKING;
        loop->running_callback = EVENT_NONE;
        loop->poll_start_ns = event->t_ns;
        loop->poll_timeout_ns = event->x;
        break;
    case EV_POLLED:
        loop->phase = LOOP_TAKING;
        loop->polled_events = (uint64_t)event->x;
        loop->polls++;
        loop->calls += (uint64_t)event->y;
        break;
    case EV_ITERATION:
        loop->phase = LOOP_RUNNING;
        loop->running_callback = EVENT_NONE;
        loop->iteration = (uint64_t)event->x;
        loop->turn_ready = (uint64_t)event->y;
        loop->turn_done = 0;
        break;
    case EV_CALLBACK_READY:
        naive_enqueue(
            naive,
            (ReadyItem){
                .is_callback = true, .id = event->id, .task = event->task, .what = event->text},
            event);
        break;
    case EV_CALLBACK_RUN:
        naive_begins(naive, event, EVENT_NONE, event->id);
        break;
    case EV_DEADLOCK:
        loop->deadlocked = true;
        break;
    case EV_LOOP_STOP:
        loop->phase = LOOP_STOPPED;
        loop->running_callback = EVENT_NONE;
        loop->stop_reason = (StopReason)event->a;
        break;
    default:
        break;
    }
}

static void naive_pass_time(Naive *naive, uint64_t now_ns) {
    const uint64_t passed_ns = now_ns - naive->loop.now_ns;
    for (uint64_t i = 0; i < naive->loop.tasks; i++) {
        TaskInfo *task = &naive->tasks[i];
        task->ready_ns += task->phase == TASK_READY ? passed_ns : 0;
        task->run_ns += task->phase == TASK_RUNNING ? passed_ns : 0;
        task->wait_ns += task->phase == TASK_WAITING ? passed_ns : 0;
    }
    naive->loop.now_ns = now_ns;
}

static void naive_count(Naive *naive) {
    LoopInfo *loop = &naive->loop;
    loop->ready_handles = naive->end - naive->first;
    loop->in_flight = 0;
    loop->arrived = 0;
    loop->timers = 0;
    for (size_t i = 0; i < naive->op_count; i++) {
        loop->in_flight += naive->ops[i].open;
        loop->arrived += naive->ops[i].open && naive->ops[i].arrived;
    }
    for (size_t i = 0; i < naive->timer_count; i++) {
        loop->timers += naive->timers[i].armed;
    }
    memset(loop->waiting_on, 0, sizeof loop->waiting_on);
    for (uint64_t i = 0; i < loop->tasks; i++) {
        loop->waiting_on[naive->tasks[i].on] += naive->tasks[i].phase == TASK_WAITING;
    }
}

TAPE_UNUSED static void naive_go(Naive *naive, uint64_t count) {
    while (naive->count < count) {
        const Event *event = log_event(naive->log, naive->count);
        naive_pass_time(naive, event->t_ns);
        naive_loop(naive, event);
        naive_task(naive, event);
        naive_io(naive, event);
        naive->count++;
    }
    naive_count(naive);
}

#endif
