/* What the timeline keeps of every event so that the past is found again. */
#include "trace/timeline_index.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>

/* Grows by a quarter: the promise is at most 16 bytes an event, room included. */
void *index_grow(void *items, uint32_t *cap, uint32_t need, size_t size_bytes) {
    if (need <= *cap) {
        return items;
    }
    *cap += *cap / 4 + 8;
    ASSERT(need <= *cap);
    return mem_resize(items, *cap, size_bytes);
}

void index_list_add(U32List *list, uint64_t value) {
    list->items = index_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
    list->items[list->count++] = (uint32_t)value;
}

/* ---- what is open: operations, timers ---- */

typedef uint32_t ClosedAt(const Timeline *timeline, uint32_t id);

static uint32_t op_closed_at(const Timeline *timeline, uint32_t op) {
    return timeline->ops[op].completed_n;
}

static uint32_t timer_closed_at(const Timeline *timeline, uint32_t timer) {
    return timeline->timers[timer].end_n;
}

/* The last list that was made at or before `count`, or NULL. */
static const OpenList *open_list_before(const OpenLists *open, uint64_t count) {
    uint32_t low = 0, high = open->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (open->lists[middle].n <= count) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? NULL : &open->lists[low - 1];
}

static void open_each(const Timeline *timeline, const OpenLists *open, ClosedAt *closed_at,
                      uint64_t count, uint32_t made, OpenEach *each, void *context) {
    const OpenList *list = open_list_before(open, count);
    uint32_t id = 0;
    if (list != NULL) {
        const bool is_last = list == &open->lists[open->count - 1];
        const uint32_t end = is_last ? open->ids.count : list[1].first;
        for (uint32_t i = list->first; i < end; i++) {
            const uint32_t listed = open->ids.items[i];
            if (closed_at(timeline, listed) >= count && !each(context, listed)) {
                return;
            }
        }
        id = list->made;
    }
    for (; id < made; id++) {
        if (closed_at(timeline, id) >= count && !each(context, id)) {
            return;
        }
    }
}

void open_ops_each(const Timeline *timeline, uint64_t count, uint32_t made, OpenEach *each,
                   void *context) {
    open_each(timeline, &timeline->open_ops, op_closed_at, count, made, each, context);
}

void open_timers_each(const Timeline *timeline, uint64_t count, uint32_t made, OpenEach *each,
                      void *context) {
    open_each(timeline, &timeline->open_timers, timer_closed_at, count, made, each, context);
}

static bool list_open(void *context, uint32_t id) {
    index_list_add(context, id);
    return true;
}

/* Before id number `made`: lists anew what is open, once as many ids were made as the list is long,
 * so that lists are short against the events that they serve, and quickly read. */
static void open_lists_follow(const Timeline *timeline, OpenLists *open, ClosedAt *closed_at,
                              uint32_t made, uint64_t now_open) {
    const uint32_t since = made - (open->count == 0 ? 0 : open->lists[open->count - 1].made);
    if (since < OPEN_LIST_IDS_MIN || since < now_open) {
        return;
    }
    U32List ids = {0};
    open_each(timeline, open, closed_at, timeline->count, made, list_open, &ids);
    open->lists = index_grow(open->lists, &open->cap, open->count + 1, sizeof *open->lists);
    open->lists[open->count++] =
        (OpenList){.n = (uint32_t)timeline->count, .made = made, .first = open->ids.count};
    for (uint32_t i = 0; i < ids.count; i++) {
        index_list_add(&open->ids, ids.items[i]);
    }
    free(ids.items);
}

/* ---- tasks ---- */

uint32_t handle_steps_end(const Timeline *timeline, uint32_t handle) {
    const bool another_began = handle + 1 < timeline->head.begun;
    return another_began ? timeline->handles[handle + 1].steps_before : timeline->steps.count;
}

void life_add_stint(const Timeline *timeline, const TaskRecord *task, uint32_t stint,
                    LifeSum *sum) {
    const uint32_t *stints = task_stints(task);
    const Handle *handle = &timeline->handles[stints[stint]];
    const Handle *next = &timeline->handles[stints[stint + 1]];
    const uint64_t run_ns = time_of(timeline, handle->run_n);
    const uint64_t end_ns = time_of(timeline, handle->end_n);
    const uint32_t steps_end = handle_steps_end(timeline, stints[stint]);
    sum->ready_ns += run_ns - time_of(timeline, handle->queued_n);
    sum->run_ns += end_ns - run_ns;
    sum->wait_ns += time_of(timeline, next->queued_n) - end_ns;
    sum->waits += next->queued_n != handle->end_n;
    if (steps_end > handle->steps_before) {
        sum->steps += steps_end - handle->steps_before;
        sum->last_step_n = timeline->steps.items[steps_end - 1];
    }
}

LifeSum life_before(const Timeline *timeline, const TaskRecord *task, uint32_t stint) {
    const uint32_t sums = stint / STINTS_PER_SUM;
    LifeSum sum = {.last_step_n = NEVER};
    if (sums > 0) {
        sum = task->sums[sums - 1];
    } else if (task->before != NULL) {
        sum = *task->before;
    }
    for (uint32_t i = sums * STINTS_PER_SUM; i < stint; i++) {
        life_add_stint(timeline, task, i, &sum);
    }
    return sum;
}

/* How long a task's array of sums is: so many are asked for that it can be found from the count. */
static uint32_t sums_cap(uint32_t count) {
    uint32_t cap = 2;
    while (cap < count) {
        cap += cap / 4 + 2;
    }
    return cap;
}

static void add_sum(Timeline *timeline, TaskRecord *task) {
    const uint32_t index = task->stint_count / STINTS_PER_SUM - 1; /* sum k stands at k - 1 */
    const uint32_t cap = sums_cap(index + 1);
    if (index == 0 || cap != sums_cap(index)) {
        task->sums = mem_resize(task->sums, cap, sizeof *task->sums);
    }
    LifeSum sum = life_before(timeline, task, index * STINTS_PER_SUM);
    for (uint32_t stint = index * STINTS_PER_SUM; stint < (index + 1) * STINTS_PER_SUM; stint++) {
        life_add_stint(timeline, task, stint, &sum);
    }
    task->sums[index] = sum;
}

static void add_stint(Timeline *timeline, TaskRecord *task, uint32_t handle) {
    if (task->stint_count == task->stint_cap) {
        const bool was_inline = task->stint_cap == HANDLES_INLINE;
        const uint32_t cap = task->stint_cap + task->stint_cap / 4 + 4;
        uint32_t *many = mem_resize(was_inline ? NULL : task->stints.many, cap, sizeof *many);
        for (uint32_t i = 0; was_inline && i < HANDLES_INLINE; i++) {
            many[i] = task->stints.few[i];
        }
        task->stints.many = many;
        task->stint_cap = cap;
    }
    uint32_t *stints = task->stint_cap > HANDLES_INLINE ? task->stints.many : task->stints.few;
    stints[task->stint_count] = handle;
    if (task->stint_count > 0 && task->stint_count % STINTS_PER_SUM == 0) {
        add_sum(timeline, task);
    }
    task->stint_count++;
}

static void index_created(Timeline *timeline, const Event *event) {
    uint32_t cap = timeline->task_cap;
    timeline->tasks =
        index_grow(timeline->tasks, &timeline->task_cap, event->task + 1, sizeof *timeline->tasks);
    timeline->task_ended =
        index_grow(timeline->task_ended, &cap, event->task + 1, sizeof *timeline->task_ended);
    timeline->tasks[event->task] = (TaskRecord){.created_n = (uint32_t)timeline->count,
                                                .stint_cap = HANDLES_INLINE,
                                                .last_cancel = NEVER,
                                                .phase = TASK_NEW};
    timeline->task_ended[event->task] = NEVER;
}

static void end_stint(Timeline *timeline, TaskRecord *task, TaskPhase phase) {
    ASSERT(task->stint_count > 0);
    const uint32_t handle = task_stints(task)[task->stint_count - 1];
    timeline->handles[handle].end_n = (uint32_t)timeline->count;
    task->phase = (uint8_t)phase;
}

static uint32_t add_handle(Timeline *timeline) {
    const uint32_t index = timeline->head.queued;
    timeline->handles =
        index_grow(timeline->handles, &timeline->handle_cap, index + 1, sizeof *timeline->handles);
    timeline->handles[index] = (Handle){.queued_n = (uint32_t)timeline->count,
                                        .run_n = NEVER,
                                        .end_n = NEVER,
                                        .steps_before = NEVER};
    return index;
}

const Event *wait_before(const Timeline *timeline, uint32_t task, uint32_t handle) {
    const TaskRecord *record = &timeline->tasks[task];
    const uint32_t *stints = task_stints(record);
    uint32_t low = 0, high = record->stint_count;
    if (high > 0 && stints[high - 1] == handle) { /* the newest one: while the log is followed */
        low = high - 1;
    }
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (stints[middle] < handle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) {
        return NULL;
    }
    const Event *end = event_at(timeline, task_stint(timeline, record, low - 1)->end_n);
    return end->kind == EV_TASK_WAITING ? end : NULL;
}

static void index_ready(Timeline *timeline, TaskRecord *task, const Event *event) {
    if (task->phase == TASK_RUNNING) {
        end_stint(timeline, task, TASK_READY);
    } else if (task->phase == TASK_WAITING) {
        const Event *wait =
            event_at(timeline, task_stint(timeline, task, task->stint_count - 1)->end_n);
        if (wait_is_shared(wait)) {
            shared_follow(timeline, wait->text, event);
        }
    }
    task->phase = TASK_READY;
    add_stint(timeline, task, add_handle(timeline));
}

static void begin_handle(Timeline *timeline) {
    Handle *front = &timeline->handles[timeline->head.begun];
    front->run_n = (uint32_t)timeline->count;
    front->steps_before = timeline->steps.count;
}

static void index_end(Timeline *timeline, uint32_t task, TaskPhase phase) {
    end_stint(timeline, &timeline->tasks[task], phase);
    timeline->task_ended[task] = (uint32_t)timeline->count;
}

static void index_cancel(Timeline *timeline, TaskRecord *task) {
    timeline->cancels = index_grow(timeline->cancels, &timeline->cancel_cap,
                                   timeline->cancel_count + 1, sizeof *timeline->cancels);
    timeline->cancels[timeline->cancel_count] =
        (CancelRecord){.n = (uint32_t)timeline->count, .before = task->last_cancel};
    task->last_cancel = timeline->cancel_count++;
}

/* ---- the rest ---- */

static void index_op(Timeline *timeline, const Event *event) {
    open_lists_follow(timeline, &timeline->open_ops, op_closed_at, event->id,
                      timeline->head.loop.in_flight);
    timeline->ops =
        index_grow(timeline->ops, &timeline->op_cap, event->id + 1, sizeof *timeline->ops);
    timeline->ops[event->id] = (OpRecord){(uint32_t)timeline->count, NEVER, NEVER};
}

static void index_timer(Timeline *timeline, const Event *event) {
    open_lists_follow(timeline, &timeline->open_timers, timer_closed_at, event->id,
                      timeline->head.loop.timers);
    timeline->timers =
        index_grow(timeline->timers, &timeline->timer_cap, event->id + 1, sizeof *timeline->timers);
    timeline->timers[event->id] = (TimerRecord){
        .set_n = (uint32_t)timeline->count, .end_n = NEVER, .due_ns = (uint64_t)event->x};
}

static void index_mark(Timeline *timeline, const Event *event) {
    if (event->kind == EV_POLLED) {
        timeline->asleep_ns += event->t_ns - timeline->head.loop.poll_start_ns;
    }
    if (timeline->marks.count % MARKS_PER_SUM == 0) {
        const uint32_t sum = timeline->marks.count / MARKS_PER_SUM;
        timeline->asleep_sums = index_grow(timeline->asleep_sums, &timeline->asleep_cap, sum + 1,
                                           sizeof *timeline->asleep_sums);
        timeline->asleep_sums[sum] = timeline->asleep_ns;
    }
    index_list_add(&timeline->marks, timeline->count);
}

static void index_task_event(Timeline *timeline, const Event *event) {
    const bool has_task = event->task < timeline->head.loop.tasks;
    TaskRecord *task = has_task ? &timeline->tasks[event->task] : NULL;
    switch ((EventKind)event->kind) {
    case EV_TASK_READY:
        index_ready(timeline, task, event);
        break;
    case EV_TASK_RUNNING:
        task->phase = TASK_RUNNING;
        begin_handle(timeline);
        break;
    case EV_TASK_WAITING:
        end_stint(timeline, task, TASK_WAITING);
        if (wait_is_shared(event)) {
            shared_follow(timeline, event->text, event);
        }
        break;
    case EV_SYNC:
        shared_follow(timeline, event->text, event);
        break;
    case EV_TASK_FINISHED:
        index_end(timeline, event->task, TASK_FINISHED);
        break;
    case EV_TASK_FAILED:
        index_end(timeline, event->task, TASK_FAILED);
        break;
    case EV_TASK_CANCELLED:
        index_end(timeline, event->task, TASK_CANCELLED);
        break;
    case EV_CANCEL_REQUESTED:
        index_cancel(timeline, task);
        break;
    default: /* needs no place */
        break;
    }
}

void index_event(Timeline *timeline, const Event *event) {
    const uint32_t n = (uint32_t)timeline->count;
    switch ((EventKind)event->kind) {
    case EV_POLL:
    case EV_POLLED:
        index_mark(timeline, event);
        break;
    case EV_ITERATION:
        index_mark(timeline, event);
        index_list_add(&timeline->iterations, n);
        break;
    case EV_TASK_CREATED:
        index_created(timeline, event);
        break;
    case EV_CALLBACK_READY:
        add_handle(timeline);
        timeline->callbacks++;
        break;
    case EV_CALLBACK_RUN:
        begin_handle(timeline);
        break;
    case EV_STEP:
        index_list_add(&timeline->steps, n);
        break;
    case EV_OUTPUT:
        index_list_add(&timeline->outputs, n);
        break;
    case EV_IO_SUBMITTED:
        index_op(timeline, event);
        break;
    case EV_IO_ARRIVED:
        timeline->ops[event->id].arrived_n = n;
        break;
    case EV_IO_COMPLETED:
        timeline->ops[event->id].completed_n = n;
        break;
    case EV_TIMER_SET:
        index_timer(timeline, event);
        break;
    case EV_TIMER_FIRED:
    case EV_TIMER_CANCELLED:
        timeline->timers[event->id].end_n = n;
        break;
    default:
        index_task_event(timeline, event);
        break;
    }
}

void index_free(Timeline *timeline) {
    for (uint64_t i = 0; i < timeline->head.loop.tasks; i++) {
        TaskRecord *task = &timeline->tasks[i];
        if (task->stint_cap > HANDLES_INLINE) {
            free(task->stints.many);
        }
        free(task->sums);
        free(task->before);
    }
    free(timeline->frames);
    free(timeline->handles);
    free(timeline->tasks);
    free(timeline->task_ended);
    free(timeline->steps.items);
    free(timeline->outputs.items);
    free(timeline->iterations.items);
    free(timeline->marks.items);
    free(timeline->asleep_sums);
    free(timeline->ops);
    free(timeline->timers);
    free(timeline->cancels);
    shared_free(timeline);
    free(timeline->open_ops.lists);
    free(timeline->open_ops.ids.items);
    free(timeline->open_timers.lists);
    free(timeline->open_timers.ids.items);
}

uint64_t index_size_bytes(const Timeline *timeline) {
    uint64_t tasks = 0;
    for (uint64_t i = 0; i < timeline->head.loop.tasks; i++) {
        const TaskRecord *task = &timeline->tasks[i];
        const uint32_t sums = task->stint_count == 0 ? 0 : (task->stint_count - 1) / STINTS_PER_SUM;
        tasks += task->stint_cap > HANDLES_INLINE ? task->stint_cap * sizeof(uint32_t) : 0;
        tasks += sums > 0 ? sums_cap(sums) * sizeof(LifeSum) : 0;
        tasks += task->before != NULL ? sizeof(LifeSum) : 0;
    }
    const uint64_t numbers = (uint64_t)timeline->steps.cap + timeline->outputs.cap +
                             timeline->iterations.cap + timeline->marks.cap +
                             timeline->open_ops.ids.cap + timeline->open_timers.ids.cap;
    const uint64_t lists = (uint64_t)timeline->open_ops.cap + timeline->open_timers.cap;
    return tasks + shared_size_bytes(timeline) + numbers * sizeof(uint32_t) +
           lists * sizeof(OpenList) + timeline->frame_cap * sizeof(Fold) +
           timeline->handle_cap * sizeof(Handle) +
           timeline->task_cap * (sizeof(TaskRecord) + sizeof(uint32_t)) +
           timeline->asleep_cap * sizeof(uint64_t) + timeline->op_cap * sizeof(OpRecord) +
           timeline->timer_cap * sizeof(TimerRecord) + timeline->cancel_cap * sizeof(CancelRecord);
}
