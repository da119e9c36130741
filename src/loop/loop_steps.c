/* One function a step, in one table: what a task does while it has the thread. */
#include "loop/loop_channels.h"
#include "loop/loop_impl.h"
#include "loop/loop_scopes.h"
#include "loop/loop_shared.h"

#include "base/mem.h"

/* Events that one step may append at most, but for those of tasks that it wakes. */
enum { STEP_EVENTS = 4 };

static bool begin_recorded(Loop *loop, const Task *task, const Instr *instr) {
    if (!loop->first_step) { /* the first one begins when its handle does */
        loop_clock_freshen(loop);
    }
    loop->first_step = false;
    if (!loop_fits_events(loop, STEP_EVENTS) || !loop_fits_time(loop, 0)) {
        return false;
    }
    Event step = loop_event(EV_STEP);
    step.task = task->id;
    step.text = loop_text_of_pointer(loop, instr->at);
    loop_emit_recorded(loop, &step);
    return true;
}

bool loop_step_begin(Loop *loop, const Task *task, const Instr *instr) {
    return loop->log == NULL || begin_recorded(loop, task, instr);
}

StepResult loop_step_begin_text(Loop *loop, Task *task, const Instr *instr, Text *out) {
    uint32_t unset = NONE;
    const bool is_constant = loop_text_constant(loop, instr->arg, out);
    const uint64_t length =
        is_constant ? out->length : loop_text_measure(loop, task, instr->arg, &unset);
    if (unset == NONE && !loop_fits_memory(loop, length)) {
        return STEP_STOPPED;
    }
    if (!loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    if (unset != NONE) {
        return loop_raise_unset(loop, unset);
    }
    if (!is_constant) {
        *out = loop_text_expand(loop, task, instr->arg);
        loop->is_clock_fresh = false;
    }
    return STEP_ON;
}

static StepResult step_say(Loop *loop, Task *task, const Instr *instr, EventKind kind) {
    Text text;
    const StepResult begun = loop_step_begin_text(loop, task, instr, &text);
    if (begun == STEP_ON && loop->apart != NULL) {
        return loop_apart_print(loop, &text);
    }
    if (begun != STEP_ON || loop->log == NULL) {
        return begun;
    }
    Event event = loop_event(kind);
    event.task = task->id;
    if (text.constant) {
        uint32_t *known = &loop->template_texts[instr->arg];
        if (*known == NONE) {
            *known = loop_text_intern(loop, text.data, text.length);
        }
        event.text = *known;
    } else {
        event.text = loop_text_add(loop, text.data, text.length);
    }
    loop_emit_recorded(loop, &event);
    return STEP_ON;
}

static StepResult step_log(Loop *loop, Task *task, const Instr *instr) {
    return step_say(loop, task, instr, EV_OUTPUT);
}

static StepResult step_note(Loop *loop, Task *task, const Instr *instr) {
    return step_say(loop, task, instr, EV_NOTE);
}

/* A comment: the audience is asked when the step shows. */
static StepResult step_ask(Loop *loop, Task *task, const Instr *instr) {
    return loop_step_begin(loop, task, instr) ? STEP_ON : STEP_STOPPED;
}

/* Holds the thread, for real; looks up now and then so that an interruption need not wait. */
static StepResult step_compute(Loop *loop, Task *task, const Instr *instr) {
    loop_clock_read(loop);
    if (!loop_fits_time(loop, instr->imm) || !loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    const uint64_t end_ns = os_now_ns(loop->os) + instr->imm;
    for (uint64_t now_ns = end_ns - instr->imm; now_ns < end_ns && !loop_is_interrupted(loop);
         now_ns = os_now_ns(loop->os)) {
        os_spend(loop->os, end_ns - now_ns < SLICE_NS ? end_ns - now_ns : SLICE_NS);
    }
    loop_check_soon(loop);
    return STEP_ON;
}

static StepResult step_sleep(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    if (instr->imm == 0) { /* asyncio's bare yield: no timer, only a turn */
        loop_clock_read_for_log(loop);
        loop_task_make_ready(loop, task, READY_YIELDED);
        return STEP_PAUSED;
    }
    loop_clock_read(loop);
    const uint32_t timer = loop_timer_set(loop, instr->imm, task->slot, task->id);
    task->of.timer = timer;
    loop_task_wait(loop, task, WAKE_GO_ON, WAIT_TIMER, TARGET_TIMER, timer);
    return STEP_PAUSED;
}

static StepResult step_spawn(Loop *loop, Task *task, const Instr *instr) {
    const bool is_grouped = (instr->flags & INSTR_GROUPED) != 0;
    if (!loop_fits(loop, LIMIT_TASKS, 1) ||
        !loop_fits(loop, LIMIT_MEMORY,
                   sizeof(Task) + sizeof(Handle) + (is_grouped ? sizeof(Link) : 0)) ||
        !loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    const uint32_t group = is_grouped ? loop_group_innermost(task) : NONE;
    if (is_grouped && loop_scope_at(loop, group)->is_aborting) {
        return loop_group_refuse(loop, group);
    }
    const uint32_t base = instr->name != PROGRAM_NONE ? loop->base_of_name[instr->name]
                                                      : loop->base_of_body[instr->arg];
    Task *child =
        loop_task_create(loop, instr->arg, base, loop_spawn_number(loop, base), task, instr->at);
    if (instr->name != PROGRAM_NONE) {
        loop_task_refer(child);
        loop_names_set(loop, task, instr->name, NAME_TASK)->task = child->slot;
    }
    if (is_grouped) {
        loop_link_add(loop, group, child);
    }
    return STEP_ON;
}

Task *loop_named_task(const Loop *loop, const Task *task, uint32_t name) {
    const Name *global = &loop->program->names[name];
    if (global->global) {
        const uint32_t slot = global->task == PROGRAM_NONE ? NONE : loop->submitted[global->task];
        return slot == NONE ? NULL : task_at(loop, slot);
    }
    const NameSlot *slot = loop_names_find(task, name);
    return slot != NULL && slot->kind == NAME_TASK ? task_at(loop, slot->task) : NULL;
}

static StepResult step_await(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    Task *target = loop_named_task(loop, task, instr->name);
    if (target == NULL) {
        return loop_raise_unset(loop, instr->name);
    }
    if (target->is_spoilt && !task_has_ended(target)) { /* its mark of "somebody yields me" stays */
        static const char TEXT[] = "await wasn't used with future";
        return loop_raise_error(loop, "RuntimeError", TEXT, sizeof TEXT - 1);
    }
    if (target ==
        task) { /* CPython notices when the task yields itself, and tells it a turn later */
        loop_clock_read_for_log(loop);
        loop_task_make_ready(loop, task, READY_YIELDED);
        task->wake = WAKE_SELF;
        task->is_spoilt = true;
        return STEP_PAUSED;
    }
    if (target->state == STATE_FINISHED) {
        return STEP_ON; /* control is not given up */
    }
    if (target->state == STATE_CANCELLED) {
        loop->raised = ERROR_CANCELLED;
        return STEP_RAISED;
    }
    if (target->state == STATE_FAILED) {
        loop->failures[target->of.failure].retrieved = true;
        loop->raised = loop->failures[target->of.failure].error;
        return STEP_RAISED;
    }
    loop_task_refer(target);
    task->of.target = target->slot;
    loop_done_add(loop, target, task->slot);
    loop_clock_read_for_log(loop);
    loop_task_wait(loop, task, WAKE_TASK, WAIT_TASK, TARGET_TASK, target->id);
    return STEP_PAUSED;
}

static StepResult step_call(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_fits(loop, LIMIT_MEMORY, sizeof(uint64_t)) || !loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    if (task->call_depth == CALL_DEPTH_MAX) {
        static const char TEXT[] = "maximum recursion depth exceeded";
        return loop_raise_error(loop, "RecursionError", TEXT, sizeof TEXT - 1);
    }
    task->call_depth++;
    loop_task_frame_push(loop, task, frame_make(FRAME_CALL, task->pc));
    task->pc = loop->program->bodies[instr->arg].entry;
    return STEP_ON;
}

static StepResult step_return(Loop *loop, Task *task, const Instr *instr) {
    (void)loop;
    (void)instr;
    if (task->frame_count == 0) {
        return STEP_ENDED;
    }
    const uint64_t frame = task_frames(task)[--task->frame_count];
    ASSERT(frame_kind(frame) == FRAME_CALL && task->call_depth > 0);
    task->call_depth--;
    task->pc = (uint32_t)frame_value(frame);
    return STEP_ON;
}

static StepResult step_repeat(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_fits(loop, LIMIT_MEMORY, sizeof(uint64_t)) || !loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    if (instr->imm == 0) {
        task->pc = instr->arg;
    } else {
        loop_task_frame_push(loop, task, frame_make(FRAME_REPEAT, 0));
    }
    return STEP_ON;
}

static StepResult step_next(Loop *loop, Task *task, const Instr *instr) {
    ASSERT(task->frame_count > 0);
    uint64_t *frame = &task_frames(task)[task->frame_count - 1];
    ASSERT(frame_kind(*frame) == FRAME_REPEAT);
    const uint64_t i = frame_value(*frame) + 1;
    if (i < loop->program->code[instr->arg].imm) {
        *frame = frame_make(FRAME_REPEAT, i);
        task->pc = instr->arg + 1;
    } else {
        task->frame_count--;
    }
    return STEP_ON;
}

const StepFunction LOOP_STEPS[OP_CODE_COUNT] = {
    [OP_LOG] = step_log,
    [OP_NOTE] = step_note,
    [OP_ASK] = step_ask,
    [OP_COMPUTE] = step_compute,
    [OP_SLEEP] = step_sleep,
    [OP_OPEN] = loop_step_open,
    [OP_WRITE_TEXT] = loop_step_write_text,
    [OP_WRITE_FILL] = loop_step_write_fill,
    [OP_READ] = loop_step_read,
    [OP_FSYNC] = loop_step_fsync,
    [OP_CLOSE] = loop_step_close,
    [OP_SPAWN] = step_spawn,
    [OP_AWAIT] = step_await,
    [OP_CALL] = step_call,
    [OP_RETURN] = step_return,
    [OP_REPEAT] = step_repeat,
    [OP_NEXT] = step_next,
    [OP_CANCEL] = loop_step_cancel,
    [OP_WITH] = loop_step_with,
    [OP_WITHOUT] = loop_step_without,
    [OP_ACQUIRE] = loop_step_acquire,
    [OP_RELEASE] = loop_step_release,
    [OP_WAIT_EVENT] = loop_step_wait_event,
    [OP_SET_EVENT] = loop_step_set_event,
    [OP_CLEAR_EVENT] = loop_step_clear_event,
    [OP_PUT] = loop_step_put,
    [OP_GET] = loop_step_get,
    [OP_SEND_TEXT] = loop_step_send_text,
    [OP_SEND_FILL] = loop_step_send_fill,
    [OP_RECEIVE] = loop_step_receive,
    [OP_SHUT] = loop_step_shut,
    [OP_RAISE] = loop_step_raise,
    [OP_TRY] = loop_step_try,
    [OP_TRIED] = loop_step_tried,
    [OP_EXCEPTED] = loop_step_excepted,
    [OP_FINALLY] = loop_step_finally,
    [OP_FINISHED] = loop_step_finished,
    [OP_GATHER] = loop_step_gather,
    [OP_WAIT] = loop_step_wait,
    [OP_GROUP] = loop_step_group,
    [OP_GROUPED] = loop_step_grouped,
    [OP_TIMEOUT] = loop_step_timeout,
    [OP_TIMED] = loop_step_timed,
    [OP_THREAD] = loop_step_thread,
};
