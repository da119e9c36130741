/* Queues, line by line as asyncio's queues.py has them: whoever is woken looks again. */
#include "loop/loop_shared.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static bool is_full(const Shared *queue) {
    return queue->most > 0 && queue->value >= queue->most;
}

static Item *item_make(Loop *loop, const Text *text) {
    Item *item = mem_alloc(1, sizeof *item + text->length + 1);
    item->length = text->length;
    if (text->length > 0) {
        memcpy(item->text, text->data, text->length);
    }
    loop->used[LIMIT_MEMORY] += sizeof *item + text->length + 1;
    return item;
}

void loop_item_free(Loop *loop, Item *item) {
    if (item != NULL) {
        loop->used[LIMIT_MEMORY] -= sizeof *item + item->length + 1;
        free(item);
    }
}

/* Queue._wakeup_next: out of the list until one is found whose future is not done. */
static void wake_next(Loop *loop, WaitList *list) {
    while (list->first != NONE) {
        Task *task = task_at(loop, list->first);
        loop_waiters_remove(loop, list, task);
        if (task_is_pending(task)) {
            loop_task_make_ready(loop, task, READY_RESUMED);
            return;
        }
    }
}

static StepResult put_or_wait(Loop *loop, Task *task, Shared *queue) {
    if (is_full(queue)) {
        loop_shared_wait(loop, task, queue, &queue->putters);
        return STEP_PAUSED;
    }
    Item *item = task->item;
    task->item = NULL;
    if (queue->last == NULL) {
        queue->first = item;
    } else {
        queue->last->next = item;
    }
    queue->last = item;
    queue->value++;
    loop_shared_tell(loop, task, SYNC_PUT, queue, item);
    wake_next(loop, &queue->waiters);
    return STEP_ON;
}

StepResult loop_step_put(Loop *loop, Task *task, const Instr *instr) {
    Text text;
    const StepResult begun = loop_step_begin_text(loop, task, instr, &text);
    if (begun != STEP_ON) {
        return begun;
    }
    task->item = item_make(loop, &text);
    return put_or_wait(loop, task, loop_shared_of(loop, instr));
}

static StepResult get_or_wait(Loop *loop, Task *task, const Instr *instr, Shared *queue) {
    if (queue->value == 0) {
        loop_shared_wait(loop, task, queue, &queue->waiters);
        return STEP_PAUSED;
    }
    Item *item = queue->first;
    queue->first = item->next;
    queue->last = queue->first == NULL ? NULL : queue->last;
    queue->value--;
    loop_shared_tell(loop, task, SYNC_GOT, queue, item);
    if (instr->arg != PROGRAM_NONE) {
        NameSlot *slot = loop_names_set(loop, task, instr->arg, NAME_TEXT);
        slot->at.text = mem_copy_text(item->text, item->length);
        slot->length = item->length;
        loop->used[LIMIT_MEMORY] += item->length + 1;
    }
    loop_item_free(loop, item);
    wake_next(loop, &queue->putters);
    return STEP_ON;
}

StepResult loop_step_get(Loop *loop, Task *task, const Instr *instr) {
    if (!loop_step_begin(loop, task, instr)) {
        return STEP_STOPPED;
    }
    return get_or_wait(loop, task, instr, loop_shared_of(loop, instr));
}

StepResult loop_queue_take(Loop *loop, Task *task, const Instr *instr) {
    Shared *queue = loop_shared_of(loop, instr);
    return instr->op == OP_PUT ? put_or_wait(loop, task, queue)
                               : get_or_wait(loop, task, instr, queue);
}

void loop_queue_let_go(Loop *loop, Task *task, const Instr *instr, bool was_cut) {
    Shared *queue = loop_shared_of(loop, instr);
    const bool puts = instr->op == OP_PUT;
    WaitList *list = puts ? &queue->putters : &queue->waiters;
    if (task->is_listed) {
        loop_waiters_remove(loop, list, task);
    }
    if (puts) {
        loop_item_free(loop, task->item);
        task->item = NULL;
    }
    if (!was_cut && !(puts ? is_full(queue) : queue->value == 0)) {
        wake_next(loop, list);
    }
}
