/* What holds tasks together or holds a task to a time: gather, wait, task groups and timeouts.
 * Internal to loop/.
 *
 * All of it is rare, so nothing of it stands in a task's record. A scope is one such step while it
 * lasts. A link is one task in it, and stands among that task's done callbacks (asyncio's
 * add_done_callback). Both go by their index, since their arrays move when they grow.
 *
 * Ownership: the Loop's; a link refers to its task. Threads: the loop's. */
#ifndef LOOPSCOPE_LOOP_LOOP_SCOPES_H
#define LOOPSCOPE_LOOP_LOOP_SCOPES_H

#include "loop/loop_impl.h"

struct Scope {
    uint8_t kind;              /* ScopeKind */
    bool is_left : 1;          /* its task is through; a callback may be queued still */
    bool is_done : 1;          /* a gather: `error` is how it ended */
    bool is_first : 1;         /* a wait: for one of them */
    bool was_asked : 1;        /* a gather: its tasks were cancelled through it */
    bool is_aborting : 1;      /* a group: asyncio's _aborting */
    bool cancelled_parent : 1; /* a group: its _parent_cancel_requested */
    bool passes_on : 1;        /* a group: ends with CancelledError where no task failed */
    bool is_queued : 1;        /* a timeout: its callback stands in the ready queue */
    bool is_expiring : 1;      /* a timeout: it cancelled its task */
    uint32_t task;             /* slot: whose step it is; while it is not left */
    uint32_t task_id;
    uint32_t first, last; /* links, in the order in which they were given or spawned */
    uint32_t count;       /* of them */
    uint32_t left;        /* a wait: callbacks that have not run */
    uint32_t error;       /* how a gather, or a group's block, ended: an error, or ERROR_NONE */
    uint32_t errors;      /* a group: tasks that failed */
    uint32_t timer;       /* a timeout: its id, until it fires; then NONE */
    uint32_t cancels;     /* a timeout: requests since it began that nobody has taken back */
    uint32_t next;        /* free ones */
};

struct Link {
    uint32_t next, prev; /* among the task's done callbacks; NONE: it stands in the ready queue */
    uint32_t younger, elder; /* in its scope; or the free ones through `younger` */
    uint32_t scope;
    uint32_t task; /* slot */
};

/* ---- loop_links.c: scopes, and the tasks in them ---- */

/* A scope of this task; its index. */
uint32_t loop_scope_open(Loop *loop, ScopeKind kind, const Task *task);
void loop_scope_close(Loop *loop, uint32_t scope);

static inline Scope *loop_scope_at(const Loop *loop, uint32_t scope) {
    return &loop->scopes.all[scope];
}

static inline Link *loop_link_at(const Loop *loop, uint32_t link) {
    return &loop->scopes.links[link];
}

/* The task joins the scope. Where it has ended, the callback is queued at once. */
void loop_link_add(Loop *loop, uint32_t scope, Task *task);
void loop_link_remove(Loop *loop, uint32_t link);

/* Of a scope's tasks, the one of this link; NONE behind the last. */
static inline Task *loop_link_task(const Loop *loop, uint32_t link) {
    return task_at(loop, loop_link_at(loop, link)->task);
}

/* A done callback behind the others: the slot of a task that awaits this one, or a link. */
void loop_done_add(Loop *loop, Task *task, uint32_t entry);

/* The task has ended: its done callbacks are queued. */
void loop_done_queue(Loop *loop, Task *task);

/* The task waits for those of the scope. */
StepResult loop_scope_wait(Loop *loop, Task *task, uint32_t scope, Wake wake);

/* Whether the scope's task waits for it: asyncio's future of it is not done. */
bool loop_scope_is_pending(const Loop *loop, uint32_t scope);

/* "[0,2]": the ids of the tasks in the scope, into an empty buffer. */
void loop_scope_append_ids(const Loop *loop, uint32_t scope, Buf *out);

/* A callback that a link queued runs. */
void loop_link_run(Loop *loop, uint32_t link);

void loop_scopes_make(Loop *loop);
void loop_scopes_free(Loop *loop);

/* ---- loop_gather.c ---- */

StepResult loop_step_gather(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_wait(Loop *loop, Task *task, const Instr *instr);

/* One of its tasks has ended. */
void loop_gather_count(Loop *loop, uint32_t scope, const Task *ended);
void loop_wait_count(Loop *loop, uint32_t scope);

/* The task that waited has the thread again; or it leaves, since it was cancelled. */
StepResult loop_gather_take(Loop *loop, Task *task);
void loop_gather_let_go(Loop *loop, Task *task);
void loop_wait_let_go(Loop *loop, Task *task);

/* ---- loop_group.c ---- */

StepResult loop_step_group(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_grouped(Loop *loop, Task *task, const Instr *instr);
uint32_t loop_group_innermost(Task *task);

/* create_task() of a group that is being cancelled. */
StepResult loop_group_refuse(Loop *loop, uint32_t scope);
void loop_group_count(Loop *loop, uint32_t scope, const Task *ended);

/* An error, or ERROR_NONE, leaves the block; the group's frame is the innermost. */
StepResult loop_group_leave(Loop *loop, Task *task, uint32_t error);
StepResult loop_group_take(Loop *loop, Task *task);

/* ---- loop_timeout.c ---- */

StepResult loop_step_timeout(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_timed(Loop *loop, Task *task, const Instr *instr);

/* loop->raised leaves the block: it may become a TimeoutError. The frame is gone. */
void loop_timeout_unwind(Loop *loop, Task *task, uint32_t scope);
void loop_timeout_fire(Loop *loop, uint32_t scope); /* its timer is due */
void loop_timeout_run(Loop *loop, uint32_t scope);  /* the callback's turn has come */

/* asyncio's Task.cancel() and uncancel() count. Nobody asks but timeouts, how often it was since
 * they began. */
void loop_cancels_add(Loop *loop, Task *task);
void loop_cancels_take_back(Loop *loop, Task *task);

#endif
