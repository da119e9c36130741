#include "trace/stats.h"

#include "base/mem.h"

#include <stdlib.h>

/* What a walk over the events carries on. */
typedef struct Walk {
    TraceStats *stats;
    size_t task_cap;
    uint64_t *since_ns; /* by task: when it entered the phase that `end` names */
    size_t since_cap;
    const Event **ops; /* submissions, by op id */
    size_t op_count, op_cap;
    uint64_t poll_ns;
    bool may_sleep; /* in that poll */
    bool holding;   /* a handle has the thread */
    uint64_t hold_ns;
    uint32_t hold_task;
} Walk;

static void add_task(Walk *walk, const Event *event) {
    TraceStats *stats = walk->stats;
    const size_t count = (size_t)stats->task_count + 1;
    stats->tasks = mem_grow(stats->tasks, &walk->task_cap, count, sizeof *stats->tasks);
    walk->since_ns = mem_grow(walk->since_ns, &walk->since_cap, count, sizeof *walk->since_ns);
    stats->tasks[stats->task_count] = (TaskStats){.name = event->text, .end = TASK_NEW};
    walk->since_ns[stats->task_count++] = event->t_ns;
}

static void enter(Walk *walk, const Event *event, TaskPhase phase) {
    TaskStats *task = &walk->stats->tasks[event->task];
    const uint64_t spent_ns = event->t_ns - walk->since_ns[event->task];
    if (task->end == TASK_RUNNING) {
        task->run_ns += spent_ns;
        task->longest_hold_ns = spent_ns > task->longest_hold_ns ? spent_ns : task->longest_hold_ns;
    }
    task->ready_ns += task->end == TASK_READY ? spent_ns : 0;
    task->wait_ns += task->end == TASK_WAITING ? spent_ns : 0;
    task->end = phase;
    walk->since_ns[event->task] = event->t_ns;
}

static void end_hold(Walk *walk, uint64_t now_ns) {
    TraceStats *stats = walk->stats;
    if (walk->holding && now_ns - walk->hold_ns > stats->longest_hold_ns) {
        stats->longest_hold_ns = now_ns - walk->hold_ns;
        stats->longest_hold_task = walk->hold_task;
    }
    walk->holding = false;
}

static void begin_hold(Walk *walk, uint64_t now_ns, uint32_t task) {
    end_hold(walk, now_ns);
    walk->holding = true;
    walk->hold_ns = now_ns;
    walk->hold_task = task;
}

static void count_bytes(Walk *walk, const Event *io, int64_t result) {
    const bool moves =
        io->a == IO_WRITE || io->a == IO_READ || io->a == IO_SEND || io->a == IO_RECV;
    if (moves && result > 0 && io->task < walk->stats->task_count) {
        walk->stats->tasks[io->task].bytes += (uint64_t)result;
    }
}

static void take_of_loop(Walk *walk, const Event *event) {
    TraceStats *stats = walk->stats;
    switch ((EventKind)event->kind) {
    case EV_POLL:
        end_hold(walk, event->t_ns);
        walk->poll_ns = event->t_ns;
        walk->may_sleep = event->x != 0;
        break;
    case EV_POLLED:
        stats->polls++;
        stats->calls += (uint64_t)event->y;
        stats->looks += walk->may_sleep ? 0 : (uint64_t)event->y;
        stats->asleep_ns += event->t_ns - walk->poll_ns;
        break;
    case EV_ITERATION:
        end_hold(walk, event->t_ns);
        stats->iterations++;
        break;
    case EV_TIMER_FIRED:
        end_hold(walk, event->t_ns);
        break;
    case EV_CALLBACK_RUN:
        begin_hold(walk, event->t_ns, EVENT_NONE);
        break;
    case EV_LOOP_STOP:
        end_hold(walk, event->t_ns);
        stats->stopped = true;
        stats->reason = (StopReason)event->a;
        break;
    case EV_IO_SUBMITTED:
        walk->ops = mem_grow(walk->ops, &walk->op_cap, walk->op_count + 1, sizeof *walk->ops);
        walk->ops[walk->op_count++] = event;
        break;
    case EV_IO_COMPLETED:
        if (event->id < walk->op_count) {
            count_bytes(walk, walk->ops[event->id], event->x);
        }
        break;
    case EV_IO_BLOCKING:
        count_bytes(walk, event, event_io_result(event));
        break;
    default:
        break;
    }
}

static void take_of_task(Walk *walk, const Event *event) {
    switch ((EventKind)event->kind) {
    case EV_TASK_READY:
        if (walk->stats->tasks[event->task].end == TASK_RUNNING) {
            end_hold(walk, event->t_ns);
        }
        enter(walk, event, TASK_READY);
        break;
    case EV_TASK_RUNNING:
        begin_hold(walk, event->t_ns, event->task);
        enter(walk, event, TASK_RUNNING);
        break;
    case EV_TASK_WAITING:
        end_hold(walk, event->t_ns);
        enter(walk, event, TASK_WAITING);
        break;
    case EV_TASK_FINISHED:
        end_hold(walk, event->t_ns);
        enter(walk, event, TASK_FINISHED);
        break;
    case EV_TASK_FAILED:
        end_hold(walk, event->t_ns);
        enter(walk, event, TASK_FAILED);
        break;
    case EV_TASK_CANCELLED:
        end_hold(walk, event->t_ns);
        enter(walk, event, TASK_CANCELLED);
        break;
    case EV_STEP:
        walk->stats->tasks[event->task].steps++;
        break;
    default:
        break;
    }
}

/* Those that have not ended: what they did up to the last event. */
static void finish_tasks(Walk *walk) {
    TraceStats *stats = walk->stats;
    for (uint32_t task = 0; task < stats->task_count; task++) {
        const Event now = {.t_ns = stats->end_ns, .task = task};
        enter(walk, &now, stats->tasks[task].end);
    }
}

void trace_stats_make(TraceStats *stats, const Log *log, uint64_t count) {
    *stats = (TraceStats){.longest_hold_task = EVENT_NONE};
    Walk walk = {.stats = stats};
    for (uint64_t n = 0; n < count; n++) {
        const Event *event = log_event(log, n);
        stats->end_ns = event->t_ns;
        if (event->kind == EV_TASK_CREATED) {
            add_task(&walk, event);
        } else if (event->task < stats->task_count) {
            take_of_task(&walk, event);
        }
        take_of_loop(&walk, event);
    }
    end_hold(&walk, stats->end_ns);
    finish_tasks(&walk);
    free(walk.since_ns);
    free(walk.ops);
}

void trace_stats_finish(TraceStats *stats) {
    free(stats->tasks);
    *stats = (TraceStats){0};
}
