/* What tasks share: locks, semaphores, events and queues, and the tasks that wait for them.
 * Internal to loop/.
 *
 * Ownership: the Loop's; a text that a task waits to put is the task's. Threads: the loop's. */
#ifndef LOOPSCOPE_LOOP_LOOP_SHARED_H
#define LOOPSCOPE_LOOP_LOOP_SHARED_H

#include "loop/loop_impl.h"

/* Tasks in the order in which they began to wait; asyncio's deque of futures. */
typedef struct WaitList {
    uint32_t first, last; /* slots, or NONE */
} WaitList;

/* A text in a queue. */
struct Item {
    Item *next;
    size_t length;
    char text[];
};

/* A task that has a lock, or a place of a semaphore. */
typedef struct Holder {
    uint32_t task; /* id */
    uint32_t base, number;
} Holder;

enum { HOLDERS_MAX = 16 }; /* that are remembered by name */

struct Shared {
    ObjectKind kind;
    uint32_t name;
    bool locked;      /* a lock's; of an event: it is set */
    uint64_t value;   /* a semaphore's; of a queue: how many items it holds */
    uint64_t most;    /* a queue's maxsize; 0: unbounded */
    WaitList waiters; /* of a queue: those that get */
    WaitList putters;
    Channel *channel; /* a channel's */
    Item *first, *last;
    Holder *holders; /* the oldest first; NULL where nobody has had it */
    uint32_t holder_count;
    uint64_t unnamed_holders; /* beyond HOLDERS_MAX */
};

/* ---- loop_shared.c, loop_queues.c ---- */

void loop_shared_make(Loop *loop);
void loop_shared_free(Loop *loop);
StepResult loop_step_with(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_without(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_acquire(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_release(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_wait_event(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_set_event(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_clear_event(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_put(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_get(Loop *loop, Task *task, const Instr *instr);

static inline Shared *loop_shared_of(const Loop *loop, const Instr *instr) {
    return &loop->shared[loop->program->names[instr->name].object];
}

void loop_shared_tell(Loop *loop, const Task *task, SyncWhat what, const Shared *shared,
                      const Item *value);
void loop_shared_wait(Loop *loop, Task *task, Shared *shared, WaitList *list);
void loop_waiters_remove(Loop *loop, WaitList *list, Task *task);
static inline bool task_is_pending(const Task *task) {
    return task->state == STATE_WAITING; /* of one in a WaitList: its future has no result yet */
}

/* release() of a lock or semaphore; raises where it is not held. */
StepResult loop_shared_release(Loop *loop, const Task *task, Shared *shared);

/* The task that waited has the thread: the rest of its step, or what it leaves where cancelled. */
StepResult loop_shared_take(Loop *loop, Task *task);
void loop_shared_let_go(Loop *loop, Task *task, bool was_cut);
StepResult loop_queue_take(Loop *loop, Task *task, const Instr *instr);
void loop_queue_let_go(Loop *loop, Task *task, const Instr *instr, bool was_cut);
void loop_item_free(Loop *loop, Item *item); /* accepts NULL */

#endif
