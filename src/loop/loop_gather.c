/* gather and wait, callback for callback as asyncio's tasks.py has them (CPython 3.12): each of the
 * tasks counts itself in a done callback, and the callback that completes the count wakes the task
 * that waits. */
#include "loop/loop_scopes.h"

enum { LONG_LIST = 1024 }; /* a step on so many tasks takes its time: the clock is read after it */

/* The task of the list's `i`th name; NULL where it is not set. */
static Task *listed_task(const Loop *loop, const Task *task, const Instr *instr, uint64_t i) {
    return loop_named_task(loop, task, loop->program->list_names[instr->arg + i]);
}

/* Begins the step: STEP_ON where all names are set. */
static StepResult begin(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_fits(loop, LIMIT_MEMORY, sizeof(Scope) + instr->imm * sizeof(Link)) ||
        !loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    if (instr->imm >= LONG_LIST) {
        loop_check_soon(loop);
    }
    for (uint64_t i = 0; i < instr->imm; i++) {
        if (listed_task(loop, task, instr, i) == NULL) {
            return loop_raise_unset(loop, loop->program->list_names[instr->arg + i]);
        }
    }
    return STEP_ON;
}

static void retrieve(Loop *loop, const Task *ended) {
    if (ended->state == STATE_FAILED) {
        loop->failures[ended->of.failure].retrieved = true;
    }
}

/* ---- gather ---- */

/* The first that did not finish well decides; else the last one does. */
static void gather_take_end(Loop *loop, uint32_t index, const Task *ended, bool is_last) {
    Scope *scope = loop_scope_at(loop, index);
    retrieve(loop, ended); /* also when it is too late for the gather */
    if (scope->is_done) {
        return;
    }
    scope->is_done = is_last || ended->state != STATE_FINISHED;
    if (ended->state == STATE_FAILED) {
        scope->error = loop->failures[ended->of.failure].error;
    } else if (ended->state == STATE_CANCELLED || scope->was_asked) {
        scope->error = ERROR_CANCELLED;
    }
}

static StepResult raise_or_go_on(Loop *loop, uint32_t error) {
    if (error == ERROR_NONE) {
        return STEP_ON;
    }
    loop->raised = error;
    return STEP_RAISED;
}

/* The task is through with it. What its other tasks are yet to count keeps the record. */
static void gather_leave(Loop *loop, uint32_t index) {
    Scope *scope = loop_scope_at(loop, index);
    scope->is_left = true;
    if (scope->count == 0) {
        loop_scope_close(loop, index);
    }
}

StepResult loop_step_gather(Loop *loop, Task *task, const Instr *instr) {
    const StepResult begun = begin(loop, task, instr);
    if (begun != STEP_ON) {
        return begun;
    }
    const uint32_t index = loop_scope_open(loop, SCOPE_GATHER, task);
    for (uint64_t i = 0; i < instr->imm; i++) {
        Task *child = listed_task(loop, task, instr, i);
        if (!task_has_ended(child)) {
            loop_link_add(loop, index, child);
        }
    }
    uint64_t ended = 0;
    const uint64_t all_ended = instr->imm - loop_scope_at(loop, index)->count;
    for (uint64_t i = 0; i < instr->imm && ended < all_ended; i++) {
        const Task *child = listed_task(loop, task, instr, i);
        if (task_has_ended(child)) { /* counted on the spot, as from CPython 3.12 on */
            ended++;
            gather_take_end(loop, index, child, ended == instr->imm);
        }
    }
    const Scope *scope = loop_scope_at(loop, index);
    if (!scope->is_done) {
        return loop_scope_wait(loop, task, index, WAKE_GATHER);
    }
    const uint32_t error = scope->error;
    gather_leave(loop, index);
    return raise_or_go_on(loop, error);
}

void loop_gather_count(Loop *loop, uint32_t index, const Task *ended) {
    Scope *scope = loop_scope_at(loop, index);
    const bool was_done = scope->is_done;
    gather_take_end(loop, index, ended, scope->count == 0);
    if (!was_done && scope->is_done) {
        ASSERT(loop_scope_is_pending(loop, index));
        loop_task_make_ready(loop, task_at(loop, scope->task), READY_RESUMED);
    } else if (scope->is_left && scope->count == 0) {
        loop_scope_close(loop, index);
    }
}

StepResult loop_gather_take(Loop *loop, Task *task) {
    const uint32_t error = loop_scope_at(loop, task->of.target)->error;
    gather_leave(loop, task->of.target);
    task->of.target = NONE;
    return raise_or_go_on(loop, error);
}

void loop_gather_let_go(Loop *loop, Task *task) {
    gather_leave(loop, task->of.target);
    task->of.target = NONE;
}

/* ---- wait ---- */

StepResult loop_step_wait(Loop *loop, Task *task, const Instr *instr) {
    const StepResult begun = begin(loop, task, instr);
    if (begun != STEP_ON) {
        return begun;
    }
    const uint32_t index = loop_scope_open(loop, SCOPE_WAIT, task);
    loop_clock_read_for_log(loop);
    for (uint64_t i = 0; i < instr->imm; i++) {
        loop_link_add(loop, index, listed_task(loop, task, instr, i));
    }
    Scope *scope = loop_scope_at(loop, index);
    scope->left = scope->count;
    scope->is_first = (instr->flags & INSTR_FIRST) != 0;
    return loop_scope_wait(loop, task, index, WAKE_WAIT);
}

void loop_wait_count(Loop *loop, uint32_t index) {
    Scope *scope = loop_scope_at(loop, index);
    scope->left--;
    if ((scope->left == 0 || scope->is_first) && loop_scope_is_pending(loop, index)) {
        loop_task_make_ready(loop, task_at(loop, scope->task), READY_RESUMED);
    } else if (scope->is_left && scope->count == 0) {
        loop_scope_close(loop, index);
    }
}

/* remove_done_callback of all; a callback that is queued already runs all the same. */
void loop_wait_let_go(Loop *loop, Task *task) {
    const uint32_t index = task->of.target;
    task->of.target = NONE;
    for (uint32_t at = loop_scope_at(loop, index)->first; at != NONE;) {
        const Link *link = loop_link_at(loop, at);
        const uint32_t younger = link->younger;
        if (link->next != NONE) {
            loop_link_remove(loop, at);
        }
        at = younger;
    }
    Scope *scope = loop_scope_at(loop, index);
    scope->is_left = true;
    if (scope->count == 0) {
        loop_scope_close(loop, index);
    }
}
