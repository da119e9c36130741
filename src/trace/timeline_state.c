/* The state at an event: a cursor that carries the fold, and looks the rest up. */
#include "trace/timeline_index.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct State {
    Timeline *timeline;
    uint64_t count;
    Fold fold;
};

State *state_create(Timeline *timeline) {
    State *state = mem_alloc(1, sizeof *state);
    state->timeline = timeline;
    fold_init(&state->fold);
    return state;
}

void state_destroy(State *state) {
    free(state);
}

void state_seek(State *state, uint64_t count) {
    fold_seek(state->timeline, &state->fold, &state->count, count);
}

uint64_t state_count(const State *state) {
    return state->count;
}

const Timeline *state_timeline(const State *state) {
    return state->timeline;
}

const LoopInfo *state_loop(const State *state) {
    return &state->fold.loop;
}

/* ---- a task ---- */

/* How many of the task's stints were queued by the first `count` events. */
static uint32_t stints_before(const Timeline *timeline, const TaskRecord *task, uint64_t count) {
    uint32_t low = 0, high = task->stint_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (task_stint(timeline, task, middle)->queued_n < count) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static TaskPhase phase_after(const Event *end) {
    switch ((EventKind)end->kind) {
    case EV_TASK_WAITING:
        return TASK_WAITING;
    case EV_TASK_FINISHED:
        return TASK_FINISHED;
    case EV_TASK_FAILED:
        return TASK_FAILED;
    default:
        ASSERT(end->kind == EV_TASK_CANCELLED);
        return TASK_CANCELLED;
    }
}

static void tell_wait(TaskInfo *info, const Event *wait) {
    info->on = (WaitOn)wait->a;
    info->target_kind = (TargetKind)wait->b;
    info->target_id = wait->id;
    info->target_text = wait->text;
}

static void add_steps(const State *state, uint32_t first, uint32_t end, TaskInfo *info) {
    const Timeline *timeline = state->timeline;
    if (end > first) {
        info->steps += end - first;
        info->at = event_at(timeline, timeline->steps.items[end - 1])->text;
    }
}

/* The stint that the task is in, or is over while the wait that follows it is not. */
static void tell_last_stint(const State *state, uint32_t index, TaskInfo *info) {
    const Timeline *timeline = state->timeline;
    const Handle *handle = &timeline->handles[index];
    const uint64_t now_ns = state->fold.loop.now_ns;
    if (handle->run_n >= state->count) {
        info->phase = TASK_READY;
        info->since_n = handle->queued_n;
        info->since_ns = time_of(timeline, info->since_n);
        info->ready_ns += now_ns - info->since_ns;
        return;
    }
    const uint64_t run_ns = time_of(timeline, handle->run_n);
    info->ready_ns += run_ns - time_of(timeline, handle->queued_n);
    if (handle->end_n >= state->count) {
        info->phase = TASK_RUNNING;
        info->since_n = handle->run_n;
        info->since_ns = run_ns;
        info->run_ns += now_ns - run_ns;
        add_steps(state, handle->steps_before, state->fold.steps, info);
        return;
    }
    const Event *end = event_at(timeline, handle->end_n);
    info->phase = phase_after(end);
    info->since_n = handle->end_n;
    info->since_ns = end->t_ns;
    info->run_ns += end->t_ns - run_ns;
    add_steps(state, handle->steps_before, handle_steps_end(timeline, index), info);
    if (info->phase == TASK_WAITING) {
        info->wait_ns += now_ns - end->t_ns;
        tell_wait(info, end);
    }
}

/* A request to cancel counts until the task next gets the thread, where it is delivered. */
static bool cancel_is_pending(const State *state, const TaskRecord *task, const TaskInfo *info,
                              uint32_t run_n) {
    if (info->phase >= TASK_FINISHED) {
        return false;
    }
    uint32_t cancel = task->last_cancel;
    while (cancel != NEVER && state->timeline->cancels[cancel].n >= state->count) {
        cancel = state->timeline->cancels[cancel].before;
    }
    return cancel != NEVER && (run_n == NEVER || state->timeline->cancels[cancel].n > run_n);
}

/* The last event before the cursor by which the task got the thread, or NEVER. */
static uint32_t last_run(const State *state, const TaskRecord *task, uint32_t stints) {
    for (uint32_t i = stints; i > 0; i--) {
        const uint32_t run_n = task_stint(state->timeline, task, i - 1)->run_n;
        if (run_n < state->count) {
            return run_n; /* the last stint's, or the one's before it */
        }
    }
    return NEVER;
}

TaskInfo state_task(const State *state, uint32_t task) {
    TaskInfo info = {.phase = TASK_ABSENT,
                     .name = EVENT_NONE,
                     .parent = EVENT_NONE,
                     .at = EVENT_NONE,
                     .target_id = EVENT_NONE,
                     .target_text = EVENT_NONE};
    if (task >= state->fold.loop.tasks) {
        return info;
    }
    const Timeline *timeline = state->timeline;
    const TaskRecord *record = &timeline->tasks[task];
    const Event *created = event_at(timeline, record->created_n);
    info.phase = TASK_NEW;
    info.name = created->text;
    info.parent = created->id;
    info.since_n = record->created_n;
    info.since_ns = created->t_ns;
    const uint32_t stints = stints_before(timeline, record, state->count);
    if (stints > 0) {
        const LifeSum sum = life_before(timeline, record, stints - 1);
        info.run_ns = sum.run_ns;
        info.wait_ns = sum.wait_ns;
        info.ready_ns = sum.ready_ns;
        info.steps = sum.steps;
        info.at = sum.last_step_n == NEVER ? EVENT_NONE : event_at(timeline, sum.last_step_n)->text;
        tell_last_stint(state, task_stints(record)[stints - 1], &info);
    }
    if (record->last_cancel != NEVER) {
        info.cancel_requested =
            cancel_is_pending(state, record, &info, last_run(state, record, stints));
    }
    return info;
}

/* ---- the ready queue, waiting tasks ---- */

size_t state_ready(const State *state, ReadyItem *out, size_t cap) {
    const Timeline *timeline = state->timeline;
    const size_t count = state->fold.queued - state->fold.begun;
    for (size_t i = 0; i < count && i < cap; i++) {
        const uint32_t n = timeline->handles[state->fold.begun + i].queued_n;
        const Event *queued = event_at(timeline, n);
        const bool is_callback = queued->kind == EV_CALLBACK_READY;
        out[i] = (ReadyItem){.is_callback = is_callback,
                             .id = is_callback ? queued->id : queued->task,
                             .task = is_callback ? queued->task : EVENT_NONE,
                             .what = is_callback ? queued->text : EVENT_NONE,
                             .since_ns = queued->t_ns,
                             .since_n = n};
    }
    return count;
}

/* A task that lives, has not the thread and is not queued waits; or it is new, which the last event
 * alone can have made it. So no task's life is looked up, only who is queued. */
static void mark_not_waiting(const State *state, uint8_t *marks) {
    const Timeline *timeline = state->timeline;
    for (uint32_t i = state->fold.begun; i < state->fold.queued; i++) {
        const Event *queued = event_at(timeline, timeline->handles[i].queued_n);
        if (queued->kind == EV_TASK_READY) {
            marks[queued->task / 8] |= (uint8_t)(1u << queued->task % 8);
        }
    }
    const uint32_t running = state->fold.loop.running;
    if (running != EVENT_NONE) {
        marks[running / 8] |= (uint8_t)(1u << running % 8);
    }
}

static bool is_new(const State *state, uint32_t task) {
    const TaskRecord *record = &state->timeline->tasks[task];
    return record->stint_count == 0 ||
           task_stint(state->timeline, record, 0)->queued_n >= state->count;
}

size_t state_waiting(const State *state, uint32_t *out, size_t cap) {
    const LoopInfo *loop = &state->fold.loop;
    const size_t count = (size_t)loop->phase_counts[TASK_WAITING];
    const size_t wanted = count < cap ? count : cap;
    if (wanted == 0) {
        return count;
    }
    uint8_t *marks = mem_alloc((size_t)loop->tasks / 8 + 1, 1);
    mark_not_waiting(state, marks);
    size_t found = 0;
    for (uint32_t task = 0; found < wanted; task++) {
        ASSERT(task < loop->tasks);
        const bool lives = state->timeline->task_ended[task] >= state->count;
        const bool marked = (marks[task / 8] >> task % 8 & 1) != 0;
        if (lives && !marked && (loop->phase_counts[TASK_NEW] == 0 || !is_new(state, task))) {
            out[found++] = task;
        }
    }
    free(marks);
    return count;
}

/* ---- operations ---- */

static void tell_op(const State *state, uint32_t op, OpInfo *out) {
    const Timeline *timeline = state->timeline;
    const OpRecord *record = &timeline->ops[op];
    const Event *submitted = event_at(timeline, record->submitted_n);
    const bool arrived = record->arrived_n < state->count;
    *out = (OpInfo){.op = op,
                    .task = submitted->task,
                    .call = (IoCall)submitted->a,
                    .via = (IoVia)submitted->c,
                    .mode = (IoMode)submitted->b,
                    .path = submitted->text,
                    .bytes = submitted->x,
                    .offset = submitted->y,
                    .submitted_n = record->submitted_n,
                    .submitted_ns = submitted->t_ns,
                    .arrived = arrived,
                    .arrived_n = arrived ? record->arrived_n : 0,
                    .arrived_ns = arrived ? time_of(timeline, record->arrived_n) : 0};
}

typedef struct OpsOut {
    const State *state;
    OpInfo *out;
    size_t count, cap;
} OpsOut;

static bool take_op(void *context, uint32_t op) {
    OpsOut *ops = context;
    if (ops->count < ops->cap) {
        tell_op(ops->state, op, &ops->out[ops->count++]);
    }
    return ops->count < ops->cap;
}

size_t state_ops(const State *state, OpInfo *out, size_t cap) {
    OpsOut ops = {.state = state, .out = out, .cap = cap};
    if (cap > 0) {
        open_ops_each(state->timeline, state->count, state->fold.ops, take_op, &ops);
    }
    return (size_t)state->fold.loop.in_flight;
}

bool state_op(const State *state, uint32_t op, OpInfo *out) {
    if (op >= state->fold.ops || state->timeline->ops[op].completed_n < state->count) {
        return false;
    }
    tell_op(state, op, out);
    return true;
}

/* ---- timers: the soonest `cap` of them, by a heap whose top is the latest of those kept ---- */

typedef struct TimersOut {
    const Timeline *timeline;
    TimerInfo *heap;
    size_t count, cap;
} TimersOut;

static bool timer_is_later(const TimerInfo *a, const TimerInfo *b) {
    return a->due_ns != b->due_ns ? a->due_ns > b->due_ns : a->timer > b->timer;
}

static void heap_sink(TimerInfo *heap, size_t count, TimerInfo item) {
    size_t at = 0;
    for (size_t child = 1; child < count; child = at * 2 + 1) {
        child += child + 1 < count && timer_is_later(&heap[child + 1], &heap[child]);
        if (!timer_is_later(&heap[child], &item)) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = item;
}

static void heap_rise(TimerInfo *heap, size_t at, TimerInfo item) {
    while (at > 0 && timer_is_later(&item, &heap[(at - 1) / 2])) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = item;
}

static bool take_timer(void *context, uint32_t timer) {
    TimersOut *timers = context;
    const TimerRecord *record = &timers->timeline->timers[timer];
    TimerInfo item = {.timer = timer, .due_ns = record->due_ns};
    if (timers->count < timers->cap) {
        heap_rise(timers->heap, timers->count++, item);
    } else if (timer_is_later(&timers->heap[0], &item)) {
        heap_sink(timers->heap, timers->count, item);
    }
    return true;
}

size_t state_timers(const State *state, TimerInfo *out, size_t cap) {
    const Timeline *timeline = state->timeline;
    TimersOut timers = {.timeline = timeline, .heap = out, .cap = cap};
    if (cap > 0) {
        open_timers_each(timeline, state->count, state->fold.timers, take_timer, &timers);
    }
    for (size_t left = timers.count; left > 1; left--) {
        const TimerInfo latest = out[0];
        heap_sink(out, left - 1, out[left - 1]);
        out[left - 1] = latest;
    }
    for (size_t i = 0; i < timers.count; i++) {
        const Event *set = event_at(timeline, timeline->timers[out[i].timer].set_n);
        out[i].task = set->task;
        out[i].set_ns = set->t_ns;
    }
    return (size_t)state->fold.loop.timers;
}

typedef struct DueCount {
    const Timeline *timeline;
    uint64_t now_ns;
    size_t count;
} DueCount;

static bool count_due(void *context, uint32_t timer) {
    DueCount *due = context;
    due->count += due->timeline->timers[timer].due_ns <= due->now_ns;
    return true;
}

size_t state_timers_due(const State *state, uint64_t now_ns) {
    DueCount due = {.timeline = state->timeline, .now_ns = now_ns};
    open_timers_each(state->timeline, state->count, state->fold.timers, count_due, &due);
    return due.count;
}

bool state_timer(const State *state, uint32_t timer, TimerInfo *out) {
    const Timeline *timeline = state->timeline;
    if (timer >= state->fold.timers || timeline->timers[timer].end_n < state->count) {
        return false;
    }
    const Event *set = event_at(timeline, timeline->timers[timer].set_n);
    *out = (TimerInfo){.timer = timer,
                       .task = set->task,
                       .set_ns = set->t_ns,
                       .due_ns = timeline->timers[timer].due_ns};
    return true;
}
