/* The timeline's insides, shared by the files timeline*.c alone.
 *
 * Nothing here is a copy of the state of every task. What can be found again is found again:
 *
 *  - The ready queue is first in, first out, so at any event it is a window over one sequence, that
 *    of everything that was ever queued (`handles`). A handle also remembers when it began to run
 *    and by which event its task gave the thread back, so the handles of a task are its life.
 *  - Only the task that has the thread begins steps, so a handle's steps are a range of one
 *    sequence of all steps.
 *  - Operations and timers know the events that opened and closed them; what is open at an event
 *    is found from the last list of open ones (OpenLists) and the ids made since.
 *  - A lock, a semaphore, an event or a queue knows the events that changed it, with sums now and
 *    then; so its holders and its length are a short walk away.
 *  - What is left is small and has one size (Fold). It is stored every FRAME_EVENTS events, and
 *    carried on from there.
 *
 * So a seek costs the same for three tasks and for a million. */
#ifndef LOOPSCOPE_TRACE_TIMELINE_INDEX_H
#define LOOPSCOPE_TRACE_TIMELINE_INDEX_H

#include "trace/timeline.h"

#define NEVER UINT32_MAX /* an event that did not happen (yet) */

enum {
    FRAME_EVENTS = 256,
    STINTS_PER_SUM = 16,
    MARKS_PER_SUM = 16,
    SHARED_PER_SUM = 16,
    OPEN_LIST_IDS_MIN = 256,
    HANDLES_INLINE = 2,
};

/* A growing array of numbers. */
typedef struct U32List {
    uint32_t *items;
    uint32_t count, cap;
} U32List;

/* One entry of the ready queue, from the event that queued it on. */
typedef struct Handle {
    uint32_t queued_n;     /* task_ready or callback_ready */
    uint32_t run_n;        /* task_running or callback_run */
    uint32_t end_n;        /* of a task: the event by which it gave the thread back */
    uint32_t steps_before; /* `step` events before run_n */
} Handle;

/* The sums of a task's life up to the beginning of its stint number k x STINTS_PER_SUM, k >= 1. A
 * stint is one handle and the wait that follows it. */
typedef struct LifeSum {
    uint64_t run_ns, wait_ns, ready_ns;
    uint32_t steps;
    uint32_t last_step_n; /* or NEVER */
    uint32_t waits;
} LifeSum;

typedef struct TaskRecord {
    uint32_t created_n;
    uint32_t stint_count, stint_cap;
    uint32_t last_cancel; /* index into cancels, or NEVER */
    union {
        uint32_t few[HANDLES_INLINE];
        uint32_t *many;
    } stints; /* indexes into handles */
    LifeSum *sums;
    LifeSum *before; /* the stints that were forgotten (timeline_forget.c), or NULL */
    uint8_t phase;   /* TaskPhase after the last event taken in */
} TaskRecord;

typedef struct CancelRecord {
    uint32_t n;
    uint32_t before; /* the task's request before this one, or NEVER */
} CancelRecord;

typedef struct OpRecord {
    uint32_t submitted_n, arrived_n, completed_n;
} OpRecord;

typedef struct TimerRecord {
    uint32_t set_n, end_n;
    uint64_t due_ns;
} TimerRecord;

/* What stands at something shared before its entry number k x SHARED_PER_SUM. */
typedef struct SharedSum {
    int32_t level;
    uint32_t waiters;
    uint32_t syncs_end; /* behind the last entry that is a `sync`; 0: none yet */
} SharedSum;

/* Something shared, by its name: the events that changed who has it or who waits for it. */
typedef struct SharedRecord {
    uint32_t name;
    SharedKind kind;
    U32List entries;
    SharedSum *sums;
    uint32_t sum_cap;
    SharedSum head; /* after all entries */
} SharedRecord;

/* Which ids were open after the first n events; ids below `made` only. */
typedef struct OpenList {
    uint32_t n;
    uint32_t made;
    uint32_t first; /* into ids; up to the next list's */
} OpenList;

typedef struct OpenLists {
    OpenList *lists;
    uint32_t count, cap;
    U32List ids;
} OpenLists;

/* The part of the state that has one size, after some number of events. */
typedef struct Fold {
    LoopInfo loop;
    uint32_t queued; /* handles ever queued */
    uint32_t begun;  /* of them, begun: the queue is [begun, queued) */
    uint32_t steps;  /* `step` events */
    uint32_t ops;    /* submitted */
    uint32_t timers; /* set */
    bool draining;   /* the run ends within a turn: nothing runs any more */
} Fold;

struct Timeline {
    const Log *log;
    uint64_t count; /* events taken in */
    Fold head;      /* after them */
    bool failed;
    bool forgets;
    uint64_t forget_at; /* so many entries, then what is over is forgotten */
    TimelineError error;

    Fold *frames; /* after k x FRAME_EVENTS events */
    size_t frame_count, frame_cap;

    Handle *handles;
    uint32_t handle_cap;
    TaskRecord *tasks;
    uint32_t *task_ended; /* apart: all of it is looked through at once */
    uint32_t task_cap;
    U32List steps, outputs, iterations;
    U32List marks;         /* poll, polled, iteration: where the loop's lane changes */
    uint64_t *asleep_sums; /* ns asleep before mark k x MARKS_PER_SUM */
    uint32_t asleep_cap;
    uint64_t asleep_ns;
    OpRecord *ops;
    uint32_t op_cap;
    TimerRecord *timers;
    uint32_t timer_cap;
    CancelRecord *cancels;
    uint32_t cancel_count, cancel_cap;
    uint32_t callbacks;
    SharedRecord *shared;    /* in the order in which they were first used */
    uint32_t *shared_sorted; /* the same by name */
    uint32_t shared_count, shared_cap, shared_sorted_cap;
    OpenLists open_ops, open_timers;
};

static inline const Event *event_at(const Timeline *timeline, uint64_t n) {
    return log_event(timeline->log, n);
}

static inline uint64_t time_of(const Timeline *timeline, uint64_t n) {
    return event_at(timeline, n)->t_ns;
}

static inline const uint32_t *task_stints(const TaskRecord *task) {
    return task->stint_cap > HANDLES_INLINE ? task->stints.many : task->stints.few;
}

static inline const Handle *task_stint(const Timeline *timeline, const TaskRecord *task,
                                       uint32_t stint) {
    return &timeline->handles[task_stints(task)[stint]];
}

/* ---- timeline_check.c ---- */

/* Whether `event` may come next; false sets the timeline's error. Trusts no id in it. */
bool timeline_check(Timeline *timeline, const Event *event);

/* ---- timeline_index.c ---- */

/* Takes in event n = timeline->count, which is legal; before fold_apply. */
void index_event(Timeline *timeline, const Event *event);
void index_free(Timeline *timeline);

/* The sums of `task` before its stint number `stint`. */
LifeSum life_before(const Timeline *timeline, const TaskRecord *task, uint32_t stint);

/* Carries the sums of `task` on over stint number `stint`, which another one follows. */
void life_add_stint(const Timeline *timeline, const TaskRecord *task, uint32_t stint, LifeSum *sum);

/* Where the steps of a handle end in timeline->steps; it has begun. */
uint32_t handle_steps_end(const Timeline *timeline, uint32_t handle);

/* Bytes that the index holds, room included. */
uint64_t index_size_bytes(const Timeline *timeline);

/* Calls `each` with the ids that are open after `count` events, in order, until it says false. */
typedef bool OpenEach(void *context, uint32_t id);
void open_ops_each(const Timeline *timeline, uint64_t count, uint32_t made, OpenEach *each,
                   void *context);
void open_timers_each(const Timeline *timeline, uint64_t count, uint32_t made, OpenEach *each,
                      void *context);

/* Growing by a quarter: room for `need` items. */
void *index_grow(void *items, uint32_t *cap, uint32_t need, size_t size_bytes);
void index_list_add(U32List *list, uint64_t value);

/* The wait that ends when the handle numbered `handle` queues its task; NULL where it did not wait.
 */
const Event *wait_before(const Timeline *timeline, uint32_t task, uint32_t handle);

/* ---- timeline_forget.c ---- */

/* Between two events: forgets what is over, once it is much. Handles, steps and stints get new
 * numbers; what the last event left stays as it is. */
void index_forget(Timeline *timeline);

/* ---- timeline_shared.c ---- */

/* Takes in event n = timeline->count, which did something with the thing called `name`. */
void shared_follow(Timeline *timeline, uint32_t name, const Event *event);
bool wait_is_shared(const Event *wait);
void shared_free(Timeline *timeline);
uint64_t shared_size_bytes(const Timeline *timeline);

/* ---- timeline_fold.c ---- */

void fold_init(Fold *fold);
void fold_apply(const Timeline *timeline, Fold *fold, const Event *event, uint64_t n);

/* Moves `fold`, which stands after *count events, to `target` events. */
void fold_seek(const Timeline *timeline, Fold *fold, uint64_t *count, uint64_t target);

#endif
