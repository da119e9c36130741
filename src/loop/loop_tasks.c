/* Tasks: their records, their frames, how they are queued, run, wait and end. */
#include "loop/loop_impl.h"
#include "loop/loop_io.h"
#include "loop/loop_scopes.h"
#include "loop/loop_shared.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { TASK_COST_BYTES = sizeof(Task) + sizeof(Handle) };

/* ---- records ---- */

static Task *record_take(Loop *loop) {
    if (loop->free_slot != NONE) {
        Task *task = task_at(loop, loop->free_slot);
        ASSERT(task->state == STATE_FREE);
        loop->free_slot = task->next;
        return task;
    }
    const uint32_t slot = loop->slots++;
    if (slot / TASKS_PER_CHUNK >= loop->chunk_count) {
        loop->chunks =
            mem_grow(loop->chunks, &loop->chunk_cap, loop->chunk_count + 1, sizeof *loop->chunks);
        loop->chunks[loop->chunk_count++] = mem_alloc(TASKS_PER_CHUNK, sizeof(Task));
    }
    Task *task = task_at(loop, slot);
    task->slot = slot;
    return task;
}

static void record_give_back(Loop *loop, Task *task) {
    ASSERT(task->refs == 0 && task_has_ended(task));
    task->state = STATE_FREE;
    task->next = loop->free_slot;
    loop->free_slot = task->slot;
    loop->used[LIMIT_MEMORY] -= TASK_COST_BYTES;
}

void loop_task_refer(Task *task) {
    task->refs++;
}

void loop_task_release(Loop *loop, Task *task) {
    ASSERT(task->refs > 0);
    task->refs--;
    if (task->refs == 0 && task_has_ended(task)) {
        record_give_back(loop, task);
    }
}

/* ---- frames ---- */

void loop_task_frame_push(Loop *loop, Task *task, uint64_t frame) {
    const uint32_t cap = UINT32_C(1) << task->frame_cap_log2;
    if (task->frame_count == cap) {
        const bool is_first = cap == INLINE_FRAMES;
        uint64_t *heap = mem_resize(is_first ? NULL : task->frames.heap, cap * 2, sizeof *heap);
        if (is_first) {
            memcpy(heap, task->frames.here, sizeof task->frames.here);
        }
        loop->used[LIMIT_MEMORY] += (cap + (is_first ? cap : 0)) * sizeof *heap;
        task->frames.heap = heap;
        task->frame_cap_log2++;
    }
    task_frames(task)[task->frame_count++] = frame;
}

void loop_task_frames_free(Loop *loop, Task *task) {
    if (task->frame_cap_log2 > INLINE_FRAMES_LOG2) {
        loop->used[LIMIT_MEMORY] -= (UINT64_C(1) << task->frame_cap_log2) * sizeof(uint64_t);
        free(task->frames.heap);
    }
    task->frame_count = 0;
    task->frame_cap_log2 = INLINE_FRAMES_LOG2;
}

/* ---- life ---- */

Task *loop_task_create(Loop *loop, uint32_t body, uint32_t base, uint32_t number,
                       const Task *parent, uint32_t at) {
    Task *task = record_take(loop);
    *task = (Task){.id = loop->tasks_made++,
                   .slot = task->slot,
                   .pc = loop->program->bodies[body].entry,
                   .base = base,
                   .number = number,
                   .last_waiter = NONE,
                   .next = NONE,
                   .prev = NONE,
                   .of = {.failure = NONE},
                   .frame_cap_log2 = INLINE_FRAMES_LOG2,
                   .is_copy = parent == NULL && number != NONE};
    loop->used[LIMIT_MEMORY] += TASK_COST_BYTES;
    loop->used[LIMIT_TASKS]++;
    loop->alive++;
    if (loop->log != NULL) {
        buf_clear(&loop->scratch);
        loop_task_name(loop, base, number, &loop->scratch);
        Event created = loop_event(EV_TASK_CREATED);
        created.task = task->id;
        created.text = loop_text_intern(loop, loop->scratch.data, loop->scratch.size_bytes);
        created.id = parent != NULL ? parent->id : EVENT_NONE;
        created.x = parent != NULL ? (int64_t)loop_text_of_pointer(loop, at) : -1;
        loop_emit(loop, &created);
    }
    loop_task_make_ready(loop, task, READY_CREATED);
    return task;
}

/* The events of a task that need no more than a word. */
static void tell(Loop *loop, EventKind kind, const Task *task, uint8_t word) {
    Event event = loop_event(kind);
    event.task = task->id;
    event.a = word;
    loop_emit_recorded(loop, &event);
}

void loop_task_make_ready(Loop *loop, Task *task, ReadyWhy why) {
    task->state = STATE_READY;
    if (loop->log != NULL) {
        tell(loop, EV_TASK_READY, task, (uint8_t)why);
    }
    ring_push(&loop->ready, (Handle){.of = task->slot, .kind = HANDLE_TASK});
}

void loop_task_wait(Loop *loop, Task *task, Wake wake, WaitOn on, TargetKind kind,
                    uint32_t target) {
    task->state = STATE_WAITING;
    task->wake = (uint8_t)wake;
    task->waits_on = (uint8_t)on;
    if (loop->log != NULL) {
        Event waiting = loop_event(EV_TASK_WAITING);
        waiting.task = task->id;
        waiting.a = (uint8_t)on;
        waiting.b = (uint8_t)kind;
        if (kind == TARGET_NAME || kind == TARGET_TASKS) {
            waiting.text = target;
        } else {
            waiting.id = target;
        }
        loop_emit_recorded(loop, &waiting);
    }
    if (task->cancel != 0) {
        loop_cancel_wait(loop, task);
    }
}

static void failure_add(Loop *loop, Task *task) {
    loop->failures = mem_grow(loop->failures, &loop->failure_cap, loop->failure_count + 1,
                              sizeof *loop->failures);
    task->of.failure = (uint32_t)loop->failure_count++;
    loop->failures[task->of.failure] = (Failure){
        .task = task->id, .base = task->base, .number = task->number, .error = loop->raised};
    loop->errors[loop->raised].is_kept = true;
    loop->used[LIMIT_MEMORY] += sizeof(Failure);
}

static void tell_end(Loop *loop, const Task *task) {
    if (loop->log == NULL) {
        return;
    }
    Event end = loop_event(task->state == STATE_FAILED      ? EV_TASK_FAILED
                           : task->state == STATE_CANCELLED ? EV_TASK_CANCELLED
                                                            : EV_TASK_FINISHED);
    end.task = task->id;
    if (task->state == STATE_FAILED) {
        const Error *error = &loop->errors[loop->raised];
        buf_clear(&loop->scratch);
        loop_error_append(&loop->scratch, error);
        end.text = loop_text_intern(loop, loop->scratch.data, loop->scratch.size_bytes);
    }
    loop_emit(loop, &end);
}

static TaskState end_state(const Loop *loop, const Task *task, StepResult result) {
    if (result == STEP_RAISED) {
        return loop->raised == ERROR_CANCELLED ? STATE_CANCELLED : STATE_FAILED;
    }
    return task->cancel != 0 ? STATE_CANCELLED : STATE_FINISHED; /* it cancelled itself at last */
}

static void task_end(Loop *loop, Task *task, StepResult result) {
    loop_clock_read_for_log(loop);
    task->state = (uint8_t)end_state(loop, task, result);
    task->of.failure = NONE;
    if (task->state == STATE_FAILED) {
        failure_add(loop, task);
    }
    tell_end(loop, task);
    loop_names_free(loop, task);
    loop_task_frames_free(loop, task);
    ASSERT(loop->alive > 0);
    loop->alive--;
    loop_done_queue(loop, task);
    if (task->refs == 0) {
        record_give_back(loop, task);
    }
}

/* What it gave the thread back for is over: the rest of that step. */
static StepResult take_wake(Loop *loop, Task *task) {
    const Wake wake = (Wake)task->wake;
    if (task->cancel != 0 && wake != WAKE_GROUP) {
        return loop_cancel_take(loop, task);
    }
    task->wake = WAKE_GO_ON;
    switch (wake) {
    case WAKE_GO_ON:
    case WAKE_RETRY:
        return STEP_ON;
    case WAKE_IO: {
        Io *io = task->io;
        task->io = NULL;
        return loop_io_take_result(loop, task, io);
    }
    case WAKE_TASK: {
        Task *target = task_at(loop, task->of.target);
        const uint32_t failure = target->of.failure;
        const bool cancelled = target->state == STATE_CANCELLED;
        task->of.target = NONE;
        loop_task_release(loop, target);
        if (cancelled) {
            loop->raised = ERROR_CANCELLED;
            return STEP_RAISED;
        }
        if (failure == NONE) {
            return STEP_ON;
        }
        loop->failures[failure].retrieved = true;
        loop->raised = loop->failures[failure].error;
        return STEP_RAISED;
    }
    case WAKE_SYNC:
        return loop_shared_take(loop, task);
    case WAKE_GATHER:
        return loop_gather_take(loop, task);
    case WAKE_WAIT:
        loop_wait_let_go(loop, task);
        return STEP_ON;
    case WAKE_GROUP:
        return loop_group_take(loop, task);
    case WAKE_SELF:
        buf_clear(&loop->scratch);
        loop_task_name(loop, task->base, task->number, &loop->scratch);
        return loop_raise_runtime(loop, "Task cannot await on itself: <Task pending name='",
                                  loop->scratch.data, "'>");
    }
    ASSERT(false);
    return STEP_ON;
}

void loop_task_run(Loop *loop, Task *task) {
    ASSERT(task->state == STATE_READY);
    task->state = STATE_RUNNING;
    if (loop->log != NULL) {
        tell(loop, EV_TASK_RUNNING, task, 0);
    }
    loop->first_step = true;
    StepResult result = (task->wake | task->cancel) == 0 ? STEP_ON : take_wake(loop, task);
    while (result == STEP_ON ||
           (result == STEP_RAISED && (result = loop_unwind(loop, task)) == STEP_ON)) {
        if (--loop->checks_left == 0 && !loop_check(loop)) {
            return;
        }
        const Instr *instr = &loop->program->code[task->pc++];
        result = LOOP_STEPS[instr->op](loop, task, instr);
    }
    if (result == STEP_ENDED || result == STEP_RAISED) {
        task_end(loop, task, result);
    }
}

void loop_tasks_free(Loop *loop) {
    for (uint32_t slot = 0; slot < loop->slots; slot++) {
        Task *task = task_at(loop, slot);
        if (task->state != STATE_FREE) {
            if (task->wake == WAKE_SYNC) {
                loop_item_free(loop, task->item);
            } else if (task->io != NULL) {
                loop_io_release(loop, task->io);
            }
            loop_names_free(loop, task);
            loop_task_frames_free(loop, task);
        }
    }
    for (size_t i = 0; i < loop->chunk_count; i++) {
        free(loop->chunks[i]);
    }
    free(loop->chunks);
}
