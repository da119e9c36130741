/* Timeouts, as asyncio's timeouts.py has them (CPython 3.12): a timer whose callback cancels the
 * task, and an end of the block that knows whether the CancelledError there is its own. */
#include "loop/loop_scopes.h"

/* The innermost timeout that the task is in; NULL where there is none. */
static Scope *innermost(const Loop *loop, Task *task) {
    const uint64_t *frames = task_frames(task);
    for (uint32_t i = loop->scopes.timeouts > 0 ? task->frame_count : 0; i > 0; i--) {
        if (frame_kind(frames[i - 1]) == FRAME_TIMEOUT) {
            return loop_scope_at(loop, (uint32_t)frame_value(frames[i - 1]));
        }
    }
    return NULL;
}

void loop_cancels_add(Loop *loop, Task *task) {
    Scope *scope = innermost(loop, task);
    if (scope != NULL) {
        scope->cancels++;
    }
}

void loop_cancels_take_back(Loop *loop, Task *task) {
    Scope *scope = innermost(loop, task);
    if (scope != NULL) {
        ASSERT(scope->cancels > 0); /* whoever takes back has asked, within it */
        scope->cancels--;
    }
}

StepResult loop_step_timeout(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_fits(loop, LIMIT_MEMORY, sizeof(Scope) + sizeof(uint64_t)) ||
        !loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    const uint32_t index = loop_scope_open(loop, SCOPE_TIMEOUT, task);
    loop_task_frame_push(loop, task, frame_make(FRAME_TIMEOUT, index));
    loop->scopes.timeouts++;
    loop_clock_read(loop);
    if (instr->imm == 0) { /* its time is over: asyncio sets no timer then */
        loop_timeout_fire(loop, index);
        return STEP_ON;
    }
    loop_scope_at(loop, index)->timer =
        loop_timer_set(loop, instr->imm, index | IS_OTHER, task->id);
    return STEP_ON;
}

/* The end of the block, with an error or ERROR_NONE; whether that is this timeout's own. */
static bool leave(Loop *loop, Task *task, uint32_t index, uint32_t error) {
    Scope *scope = loop_scope_at(loop, index);
    if (scope->timer != NONE) {
        loop_clock_read_for_log(loop);
        loop_timer_cancel(loop, scope->timer);
    }
    loop->scopes.timeouts--;
    bool is_own = false;
    if (scope->is_expiring) {
        ASSERT(scope->cancels > 0);
        scope->cancels--;
        is_own = scope->cancels == 0 && error == ERROR_CANCELLED;
    }
    Scope *outer = scope->cancels > 0 ? innermost(loop, task) : NULL;
    if (outer != NULL) {
        outer->cancels += scope->cancels;
    }
    scope->is_left = true;
    if (!scope->is_queued) {
        loop_scope_close(loop, index);
    }
    return is_own;
}

StepResult loop_step_timed(Loop *loop, Task *task, const Instr *instr) {
    (void)instr;
    ASSERT(task->frame_count > 0);
    const uint64_t frame = task_frames(task)[--task->frame_count];
    ASSERT(frame_kind(frame) == FRAME_TIMEOUT);
    leave(loop, task, (uint32_t)frame_value(frame), ERROR_NONE);
    return STEP_ON;
}

void loop_timeout_unwind(Loop *loop, Task *task, uint32_t index) {
    if (leave(loop, task, index, loop->raised)) {
        loop_raise_error(loop, "TimeoutError", "", 0);
    }
}

void loop_timeout_fire(Loop *loop, uint32_t index) {
    Scope *scope = loop_scope_at(loop, index);
    scope->timer = NONE;
    scope->is_queued = true;
    loop_callback_queue(loop, HANDLE_TIMEOUT, index);
}

void loop_timeout_run(Loop *loop, uint32_t index) {
    Scope *scope = loop_scope_at(loop, index);
    loop_callback_begin(loop, scope->is_left);
    scope->is_queued = false;
    if (scope->is_left) { /* the block ended before its turn came */
        loop_scope_close(loop, index);
        return;
    }
    static const Canceller BY_TIMEOUT = {.by = CANCEL_BY_TIMEOUT, .task = NONE};
    scope->is_expiring = loop_task_cancel(loop, task_at(loop, scope->task), BY_TIMEOUT);
}
