#include "view/task_body.h"

/* The text of the step that spawned it, or EVENT_NONE: it was submitted. */
static uint32_t spawned_at(const Timeline *timeline, uint32_t task) {
    const uint64_t made = timeline_task_created(timeline, task);
    const int64_t at = log_event(timeline_log(timeline), made)->x;
    return at >= 0 ? (uint32_t)at : EVENT_NONE;
}

static uint32_t spawned_body(const Timeline *timeline, const Program *program, uint32_t at) {
    const uint32_t pc = program_step_at(program, log_text(timeline_log(timeline), at, NULL));
    const bool spawns = pc != PROGRAM_NONE && program->code[pc].op == OP_SPAWN;
    return spawns ? program->code[pc].arg : PROGRAM_NONE;
}

/* Submitted tasks have the first ids, in the order of the file. */
static uint32_t submitted_index(const Program *program, uint32_t task) {
    uint64_t behind = 0;
    for (uint32_t i = 0; i < program->task_count; i++) {
        behind += program->tasks[i].count;
        if (task < behind) {
            return i;
        }
    }
    return PROGRAM_NONE;
}

uint32_t task_body(const Timeline *timeline, const Program *program, uint32_t task) {
    if (program == NULL) {
        return PROGRAM_NONE;
    }
    const uint32_t at = spawned_at(timeline, task);
    if (at != EVENT_NONE) {
        return spawned_body(timeline, program, at);
    }
    const uint32_t index = submitted_index(program, task);
    return index == PROGRAM_NONE ? PROGRAM_NONE : program->tasks[index].body;
}

bool task_body_place(const Timeline *timeline, const Program *program, uint32_t task, Buf *out) {
    const uint32_t body = task_body(timeline, program, task);
    if (body == PROGRAM_NONE) {
        return false;
    }
    if (spawned_at(timeline, task) == EVENT_NONE) {
        buf_printf(out, "/tasks/%u", submitted_index(program, task));
    } else {
        buf_printf(out, "/coroutines/%s", program->bodies[body].name);
    }
    return true;
}
