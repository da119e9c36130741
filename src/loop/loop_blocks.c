/* Blocks that catch or guard: try, except, finally, and how an error finds its way out of them. */
#include "loop/loop_impl.h"
#include "loop/loop_scopes.h"
#include "loop/loop_shared.h"

static uint64_t frame_pop(Task *task, FrameKind kind) {
    ASSERT(task->frame_count > 0);
    const uint64_t frame = task_frames(task)[--task->frame_count];
    ASSERT(frame_kind(frame) == kind);
    return frame_value(frame);
}

StepResult loop_step_raise(Loop *loop, Task *task, const Instr *instr) {
    Text text;
    const StepResult begun = loop_step_begin_text(loop, task, instr, &text);
    return begun != STEP_ON ? begun
                            : loop_raise_error(loop, "RuntimeError", text.data, text.length);
}

StepResult loop_step_try(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_fits(loop, LIMIT_MEMORY, 2 * sizeof(uint64_t)) ||
        !loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    if (instr->imm != 0) {
        loop_task_frame_push(loop, task, frame_make(FRAME_FINALLY, instr->imm));
    }
    if (instr->arg != PROGRAM_NONE) {
        loop_task_frame_push(loop, task, frame_make(FRAME_EXCEPT, instr->arg));
    }
    return STEP_ON;
}

StepResult loop_step_tried(Loop *loop, Task *task, const Instr *instr) {
    (void)loop;
    frame_pop(task, FRAME_EXCEPT);
    task->pc = instr->arg;
    return STEP_ON;
}

StepResult loop_step_excepted(Loop *loop, Task *task, const Instr *instr) {
    (void)instr;
    loop_error_drop(loop, (uint32_t)frame_pop(task, FRAME_HANDLING));
    return STEP_ON;
}

StepResult loop_step_finally(Loop *loop, Task *task, const Instr *instr) {
    (void)instr;
    frame_pop(task, FRAME_FINALLY);
    loop_task_frame_push(loop, task, frame_make(FRAME_LEAVING, ERROR_NONE));
    return STEP_ON;
}

StepResult loop_step_finished(Loop *loop, Task *task, const Instr *instr) {
    (void)instr;
    const uint32_t error = (uint32_t)frame_pop(task, FRAME_LEAVING);
    if (error == ERROR_NONE) {
        return STEP_ON;
    }
    loop->raised = error;
    return STEP_RAISED;
}

StepResult loop_unwind(Loop *loop, Task *task) {
    while (task->frame_count > 0) {
        const uint64_t frame = task_frames(task)[--task->frame_count];
        const uint32_t value = (uint32_t)frame_value(frame);
        switch (frame_kind(frame)) {
        case FRAME_CALL:
            task->call_depth--;
            break;
        case FRAME_REPEAT:
            break;
        case FRAME_EXCEPT:
            if (loop->raised == ERROR_CANCELLED) { /* no Exception: it passes by */
                break;
            }
            task->pc = value;
            loop_task_frame_push(loop, task, frame_make(FRAME_HANDLING, loop->raised));
            return STEP_ON;
        case FRAME_FINALLY:
            task->pc = value;
            loop_task_frame_push(loop, task, frame_make(FRAME_LEAVING, loop->raised));
            return STEP_ON;
        case FRAME_WITH: {
            const uint32_t error = loop->raised;
            if (loop_shared_release(loop, task, &loop->shared[value]) == STEP_RAISED) {
                loop_error_drop(loop, error); /* what release() raised takes its place */
            }
            break;
        }
        case FRAME_HANDLING: /* another error takes its place */
        case FRAME_LEAVING:
            loop_error_drop(loop, value);
            break;
        case FRAME_GROUP: { /* the frame stays until its tasks are through */
            task->frame_count++;
            const StepResult left = loop_group_leave(loop, task, loop->raised);
            if (left != STEP_RAISED) {
                return left;
            }
            break;
        }
        case FRAME_TIMEOUT:
            loop_timeout_unwind(loop, task, value);
            break;
        }
    }
    return STEP_RAISED;
}
