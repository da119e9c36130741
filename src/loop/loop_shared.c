/* Locks, semaphores and events, line by line as asyncio's locks.py has them: a task that waits
 * stays in the list until it has the thread again, even where it was woken or cancelled. */
#include "loop/loop_shared.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void loop_shared_make(Loop *loop) {
    const Program *program = loop->program;
    loop->shared = mem_alloc(program->object_count, sizeof *loop->shared);
    for (uint32_t i = 0; i < program->object_count; i++) {
        const ProgramObject *object = &program->objects[i];
        const bool is_queue = object->kind == OBJECT_QUEUE;
        loop->shared[i] = (Shared){.kind = object->kind,
                                   .name = object->name,
                                   .value = is_queue ? 0 : object->count,
                                   .most = is_queue ? object->count : 0,
                                   .waiters = {NONE, NONE},
                                   .putters = {NONE, NONE}};
    }
}

void loop_shared_free(Loop *loop) {
    for (uint32_t i = 0; i < loop->program->object_count; i++) {
        while (loop->shared[i].first != NULL) {
            Item *item = loop->shared[i].first;
            loop->shared[i].first = item->next;
            free(item);
        }
        free(loop->shared[i].holders);
        free(loop->shared[i].channel);
    }
    free(loop->shared);
}

static uint32_t name_text(Loop *loop, const Shared *shared) {
    const char *name = loop->program->names[shared->name].text;
    return loop_text_intern(loop, name, strlen(name));
}

void loop_shared_tell(Loop *loop, const Task *task, SyncWhat what, const Shared *shared,
                      const Item *value) {
    if (loop->log == NULL) {
        return;
    }
    loop_clock_read(loop);
    Event event = loop_event(EV_SYNC);
    event.task = task->id;
    event.a = (uint8_t)what;
    event.text = name_text(loop, shared);
    event.x = value == NULL ? -1 : (int64_t)loop_text_intern(loop, value->text, value->length);
    loop_emit_recorded(loop, &event);
}

/* ---- waiting ---- */

static void waiters_add(Loop *loop, WaitList *list, Task *task) {
    ASSERT(!task->is_listed);
    task->is_listed = true;
    task->prev = list->last;
    task->next = NONE;
    if (list->last == NONE) {
        list->first = task->slot;
    } else {
        task_at(loop, list->last)->next = task->slot;
    }
    list->last = task->slot;
}

void loop_waiters_remove(Loop *loop, WaitList *list, Task *task) {
    ASSERT(task->is_listed);
    task->is_listed = false;
    if (task->prev == NONE) {
        list->first = task->next;
    } else {
        task_at(loop, task->prev)->next = task->next;
    }
    if (task->next == NONE) {
        list->last = task->prev;
    } else {
        task_at(loop, task->next)->prev = task->prev;
    }
    task->next = NONE;
    task->prev = NONE;
}

void loop_shared_wait(Loop *loop, Task *task, Shared *shared, WaitList *list) {
    static const WaitOn WAITS[] = {[OBJECT_LOCK] = WAIT_LOCK,
                                   [OBJECT_SEMAPHORE] = WAIT_SEMAPHORE,
                                   [OBJECT_EVENT] = WAIT_EVENT,
                                   [OBJECT_QUEUE] = WAIT_QUEUE};
    waiters_add(loop, list, task);
    loop_clock_read_for_log(loop);
    loop_task_wait(loop, task, WAKE_SYNC, WAITS[shared->kind], TARGET_NAME,
                   name_text(loop, shared));
}

/* Whether any task waits whose future was not cancelled: one that was woken counts. */
static bool has_waiters(const Loop *loop, const Shared *shared) {
    for (uint32_t slot = shared->waiters.first; slot != NONE; slot = task_at(loop, slot)->next) {
        if ((task_at(loop, slot)->cancel & CANCEL_CUT) == 0) {
            return true;
        }
    }
    return false;
}

/* Lock._wake_up_first: the very first, and only where it is not done. */
static void wake_first(Loop *loop, Shared *shared) {
    if (shared->waiters.first != NONE && task_is_pending(task_at(loop, shared->waiters.first))) {
        loop_task_make_ready(loop, task_at(loop, shared->waiters.first), READY_RESUMED);
    }
}

/* Semaphore._wake_up_next: the first that is not done; its place is taken for it now. */
static void wake_next(Loop *loop, Shared *shared) {
    for (uint32_t slot = shared->waiters.first; slot != NONE; slot = task_at(loop, slot)->next) {
        if (task_is_pending(task_at(loop, slot))) {
            shared->value--;
            loop_task_make_ready(loop, task_at(loop, slot), READY_RESUMED);
            return;
        }
    }
}

/* ---- locks and semaphores ---- */

static void holder_add(Shared *shared, const Task *task) {
    if (shared->holders == NULL) {
        const uint32_t most = shared->kind == OBJECT_LOCK ? 1 : HOLDERS_MAX;
        shared->holders = mem_alloc(most, sizeof *shared->holders);
    }
    if (shared->holder_count == HOLDERS_MAX) {
        shared->unnamed_holders++;
        return;
    }
    shared->holders[shared->holder_count++] =
        (Holder){.task = task->id, .base = task->base, .number = task->number};
}

/* Whoever releases gives back what it took last; a task that took none, one that has no name here,
 * else the oldest. */
static void holder_remove(Shared *shared, const Task *task) {
    uint32_t at = shared->holder_count;
    while (at > 0 && shared->holders[at - 1].task != task->id) {
        at--;
    }
    if (at == 0 && shared->unnamed_holders > 0) {
        shared->unnamed_holders--;
        return;
    }
    if (shared->holder_count == 0) { /* released, but never taken: a semaphore grows */
        return;
    }
    at = at == 0 ? 0 : at - 1;
    shared->holder_count--;
    for (; at < shared->holder_count; at++) {
        shared->holders[at] = shared->holders[at + 1];
    }
}

/* It has the lock or a place now. */
static StepResult acquired(Loop *loop, Task *task, const Instr *instr, Shared *shared) {
    holder_add(shared, task);
    loop_shared_tell(loop, task, SYNC_ACQUIRED, shared, NULL);
    if (instr->op == OP_WITH) {
        loop_task_frame_push(loop, task, frame_make(FRAME_WITH, (uint64_t)(shared - loop->shared)));
    }
    return STEP_ON;
}

StepResult loop_step_acquire(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_fits(loop, LIMIT_MEMORY, sizeof(uint64_t)) || !loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    Shared *shared = loop_shared_of(loop, instr);
    const bool is_lock = shared->kind == OBJECT_LOCK;
    if ((is_lock ? shared->locked : shared->value == 0) || has_waiters(loop, shared)) {
        loop_shared_wait(loop, task, shared, &shared->waiters);
        return STEP_PAUSED;
    }
    shared->locked = true;
    shared->value -= is_lock ? 0 : 1;
    return acquired(loop, task, instr, shared);
}

StepResult loop_step_with(Loop *loop, Task *task, const Instr *instr) {
    return loop_step_acquire(loop, task, instr);
}

StepResult loop_shared_release(Loop *loop, const Task *task, Shared *shared) {
    if (shared->kind == OBJECT_SEMAPHORE) {
        holder_remove(shared, task);
        shared->value++;
        loop_shared_tell(loop, task, SYNC_RELEASED, shared, NULL);
        wake_next(loop, shared);
        return STEP_ON;
    }
    if (!shared->locked) {
        static const char TEXT[] = "Lock is not acquired.";
        return loop_raise_error(loop, "RuntimeError", TEXT, sizeof TEXT - 1);
    }
    shared->locked = false;
    holder_remove(shared, task);
    loop_shared_tell(loop, task, SYNC_RELEASED, shared, NULL);
    wake_first(loop, shared);
    return STEP_ON;
}

StepResult loop_step_release(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    return loop_shared_release(loop, task, loop_shared_of(loop, instr));
}

StepResult loop_step_without(Loop *loop, Task *task, const Instr *instr) {
    (void)instr;
    ASSERT(task->frame_count > 0);
    const uint64_t frame = task_frames(task)[--task->frame_count];
    ASSERT(frame_kind(frame) == FRAME_WITH);
    return loop_shared_release(loop, task, &loop->shared[frame_value(frame)]);
}

/* ---- events ---- */

StepResult loop_step_wait_event(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    Shared *shared = loop_shared_of(loop, instr);
    if (shared->locked) {
        return STEP_ON;
    }
    loop_shared_wait(loop, task, shared, &shared->waiters);
    return STEP_PAUSED;
}

StepResult loop_step_set_event(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    Shared *shared = loop_shared_of(loop, instr);
    if (shared->locked) {
        return STEP_ON;
    }
    shared->locked = true;
    loop_shared_tell(loop, task, SYNC_SET, shared, NULL);
    for (uint32_t slot = shared->waiters.first; slot != NONE; slot = task_at(loop, slot)->next) {
        if (task_is_pending(task_at(loop, slot))) {
            loop_task_make_ready(loop, task_at(loop, slot), READY_RESUMED);
        }
    }
    return STEP_ON;
}

StepResult loop_step_clear_event(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    Shared *shared = loop_shared_of(loop, instr);
    if (shared->locked) {
        shared->locked = false;
        loop_shared_tell(loop, task, SYNC_CLEARED, shared, NULL);
    }
    return STEP_ON;
}

/* ---- after the wait ---- */

StepResult loop_shared_take(Loop *loop, Task *task) {
    const Instr *instr = &loop->program->code[task->pc - 1];
    Shared *shared = loop_shared_of(loop, instr);
    if (shared->kind == OBJECT_QUEUE) {
        return loop_queue_take(loop, task, instr);
    }
    loop_waiters_remove(loop, &shared->waiters, task);
    if (shared->kind == OBJECT_EVENT) {
        return STEP_ON;
    }
    if (shared->kind == OBJECT_LOCK) {
        shared->locked = true;
    } else if (shared->value > 0) {
        wake_next(loop, shared);
    }
    return acquired(loop, task, instr, shared);
}

void loop_shared_let_go(Loop *loop, Task *task, bool was_cut) {
    const Instr *instr = &loop->program->code[task->pc - 1];
    Shared *shared = loop_shared_of(loop, instr);
    if (shared->kind == OBJECT_QUEUE) {
        loop_queue_let_go(loop, task, instr, was_cut);
        return;
    }
    loop_waiters_remove(loop, &shared->waiters, task);
    if (shared->kind == OBJECT_LOCK && !shared->locked) {
        wake_first(loop, shared);
    } else if (shared->kind == OBJECT_SEMAPHORE && !was_cut) { /* the place was its already */
        shared->value++;
        wake_next(loop, shared);
    }
}
