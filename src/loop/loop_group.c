/* Task groups, callback for callback as asyncio's taskgroups.py has them (CPython 3.12). Where it
 * cancels its tasks in the order of a set, here they go in the order in which they were spawned. */
#include "loop/loop_scopes.h"

static const Canceller BY_GROUP = {.by = CANCEL_BY_GROUP, .task = NONE};

StepResult loop_step_group(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_fits(loop, LIMIT_MEMORY, sizeof(Scope) + sizeof(uint64_t)) ||
        !loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    loop_task_frame_push(loop, task,
                         frame_make(FRAME_GROUP, loop_scope_open(loop, SCOPE_GROUP, task)));
    return STEP_ON;
}

uint32_t loop_group_innermost(Task *task) {
    const uint64_t *frames = task_frames(task);
    uint32_t i = task->frame_count;
    while (i > 0 && frame_kind(frames[i - 1]) != FRAME_GROUP) {
        i--;
    }
    ASSERT(i > 0); /* the compiler saw a group around this spawn */
    return (uint32_t)frame_value(frames[i - 1]);
}

/* In the words of TaskGroup.__repr__. */
StepResult loop_group_refuse(Loop *loop, uint32_t index) {
    const Scope *scope = loop_scope_at(loop, index);
    Buf text = {0};
    buf_append_text(&text, "TaskGroup <TaskGroup");
    if (scope->count > 0) {
        buf_printf(&text, " tasks=%u", (unsigned)scope->count);
    }
    if (scope->errors > 0) {
        buf_printf(&text, " errors=%u", (unsigned)scope->errors);
    }
    buf_append_text(&text, " cancelling> is shutting down");
    const StepResult result = loop_raise_error(loop, "RuntimeError", text.data, text.size_bytes);
    buf_finish(&text);
    return result;
}

/* NULL, or a task of a ring of tasks that wait for each other: the rest was not asked. */
static const Task *abort_tasks(Loop *loop, uint32_t index) {
    const Task *ring = NULL;
    loop_scope_at(loop, index)->is_aborting = true;
    for (uint32_t at = loop_scope_at(loop, index)->first;
         at != NONE && ring == NULL && !loop->stopping; at = loop_link_at(loop, at)->younger) {
        ring = loop_task_ask(loop, loop_link_task(loop, at), BY_GROUP);
    }
    return ring;
}

void loop_group_count(Loop *loop, uint32_t index, const Task *ended) {
    Scope *scope = loop_scope_at(loop, index);
    if (ended->state == STATE_FAILED) {
        loop->failures[ended->of.failure].retrieved = true;
    }
    if (scope->is_left) {
        if (scope->count == 0) {
            loop_scope_close(loop, index);
        }
        return;
    }
    Task *parent = task_at(loop, scope->task);
    if (scope->count == 0 && loop_scope_is_pending(loop, index)) {
        loop_task_make_ready(loop, parent, READY_RESUMED);
    }
    if (ended->state != STATE_FAILED) {
        return;
    }
    scope->errors++;
    if (!scope->is_aborting && !scope->cancelled_parent && abort_tasks(loop, index) == NULL) {
        loop_scope_at(loop, index)->cancelled_parent = true;
        if (!loop->stopping) {
            loop_task_cancel(loop, parent, BY_GROUP);
        }
    }
}

/* All its tasks are through: how the block ends. */
static StepResult finish(Loop *loop, Task *task, uint32_t index) {
    const Scope scope = *loop_scope_at(loop, index);
    ASSERT(frame_value(task_frames(task)[task->frame_count - 1]) == index);
    task->frame_count--;
    loop_scope_close(loop, index);
    uint32_t errors = scope.errors;
    if (scope.passes_on && errors == 0) {
        loop->raised = ERROR_CANCELLED;
        return STEP_RAISED;
    }
    if (scope.error != ERROR_NONE && scope.error != ERROR_CANCELLED) {
        errors++;
        loop_error_drop(loop, scope.error); /* nobody can take it out of the ExceptionGroup */
    }
    if (errors == 0) {
        return STEP_ON;
    }
    Buf text = {0};
    buf_printf(&text, "unhandled errors in a TaskGroup (%u sub-exception%s)", (unsigned)errors,
               errors == 1 ? "" : "s");
    const StepResult result = loop_raise_error(loop, "ExceptionGroup", text.data, text.size_bytes);
    buf_finish(&text);
    return result;
}

/* What can't be cancelled ends the block at once, and the tasks go on without it. */
static StepResult break_off(Loop *loop, Task *task, uint32_t index, const Task *ring) {
    Scope *scope = loop_scope_at(loop, index);
    ASSERT(frame_value(task_frames(task)[task->frame_count - 1]) == index && scope->count > 0);
    task->frame_count--;
    if (scope->error != ERROR_NONE && scope->error != ERROR_CANCELLED) {
        loop_error_drop(loop, scope->error);
    }
    scope->is_left = true;
    return loop_raise_ring(loop, ring);
}

static StepResult wait_or_finish(Loop *loop, Task *task, uint32_t index) {
    if (loop->stopping) {
        return STEP_STOPPED;
    }
    if (loop_scope_at(loop, index)->count > 0) {
        return loop_scope_wait(loop, task, index, WAKE_GROUP);
    }
    return finish(loop, task, index);
}

StepResult loop_group_leave(Loop *loop, Task *task, uint32_t error) {
    const uint32_t index = (uint32_t)frame_value(task_frames(task)[task->frame_count - 1]);
    Scope *scope = loop_scope_at(loop, index);
    scope->error = error;
    scope->passes_on = error == ERROR_CANCELLED;
    if (scope->cancelled_parent) { /* a task failed, so it ends with an ExceptionGroup anyway */
        loop_cancels_take_back(loop, task);
    }
    const bool aborts = error != ERROR_NONE && !scope->is_aborting;
    const Task *ring = aborts ? abort_tasks(loop, index) : NULL;
    if (ring != NULL) {
        return break_off(loop, task, index, ring);
    }
    return wait_or_finish(loop, task, index);
}

StepResult loop_step_grouped(Loop *loop, Task *task, const Instr *instr) {
    (void)instr;
    return loop_group_leave(loop, task, ERROR_NONE);
}

StepResult loop_group_take(Loop *loop, Task *task) {
    const uint32_t index = task->of.target;
    Scope *scope = loop_scope_at(loop, index);
    const bool was_cancelled = task->cancel != 0;
    task->of.target = NONE;
    task->cancel = 0;
    if (was_cancelled && !scope->is_aborting) {
        scope->passes_on = true;
        const Task *ring = abort_tasks(loop, index);
        if (ring != NULL) {
            return break_off(loop, task, index, ring);
        }
    }
    return wait_or_finish(loop, task, index);
}
