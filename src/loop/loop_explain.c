/* What became of a run, in words. */
#include "loop/loop_channels.h"
#include "loop/loop_impl.h"
#include "loop/loop_scopes.h"
#include "loop/loop_shared.h"

#include "base/mem.h"

#include <stdlib.h>

void loop_explain_errors(const Loop *loop, Buf *out) {
    for (size_t i = 0; i < loop->failure_count; i++) {
        const Failure *failure = &loop->failures[i];
        if (failure->retrieved) {
            continue;
        }
        buf_append_text(out, "task ");
        loop_task_name(loop, failure->base, failure->number, out);
        buf_append_text(out, " failed: ");
        loop_error_append(out, &loop->errors[failure->error]);
        buf_append_char(out, '\n');
    }
}

void loop_explain_refusals(const Loop *loop, Buf *out) {
    const size_t kept = loop->refusal_count < REFUSALS_MAX ? loop->refusal_count : REFUSALS_MAX;
    for (size_t i = 0; i < kept; i++) {
        const Refusal *refusal = &loop->refusals[i];
        buf_append_text(out, "task ");
        loop_task_name(loop, refusal->base, refusal->number, out);
        buf_printf(out, ": %s\n", refusal->text);
    }
    if (loop->refusal_count > kept) {
        buf_printf(out, "and %zu more\n", loop->refusal_count - kept);
    }
}

static int compare_ids(const void *a, const void *b) {
    const Task *const *left = a;
    const Task *const *right = b;
    return ((*left)->id > (*right)->id) - ((*left)->id < (*right)->id);
}

/* The tasks that wait, by id; the caller frees. */
static const Task **waiting_tasks(const Loop *loop, size_t *count) {
    const Task **waiting = mem_alloc(loop->alive, sizeof *waiting);
    *count = 0;
    for (uint32_t slot = 0; slot < loop->slots; slot++) {
        const Task *task = task_at(loop, slot);
        if (task->state == STATE_WAITING) {
            ASSERT(*count < loop->alive);
            waiting[(*count)++] = task;
        }
    }
    qsort(waiting, *count, sizeof(Task *), compare_ids);
    return waiting;
}

static const Shared *waited_for(const Loop *loop, const Task *task) {
    return loop_shared_of(loop, &loop->program->code[task->pc - 1]);
}

/* The tasks of its scope, of which there may be many. */
static void explain_tasks(const Loop *loop, const Task *task, Buf *out) {
    enum { SAID_MAX = 16 };
    const Scope *scope = loop_scope_at(loop, task->of.target);
    uint32_t said = 0;
    buf_append_text(out, scope->count == 1 ? "task" : "tasks");
    for (uint32_t at = scope->first; at != NONE && said < SAID_MAX; said++) {
        const Task *target = loop_link_task(loop, at);
        buf_append_text(out, said > 0 ? ", " : " ");
        loop_task_name(loop, target->base, target->number, out);
        at = loop_link_at(loop, at)->younger;
    }
    if (scope->count > said) {
        buf_printf(out, " and %u more", (unsigned)(scope->count - said));
    }
}

static void explain_target(const Loop *loop, const Task *task, Buf *out) {
    if (task->waits_on == WAIT_TASKS) {
        explain_tasks(loop, task, out);
        return;
    }
    buf_printf(out, "%s ", WAIT_ON_WORDS[task->waits_on]);
    if (task->waits_on == WAIT_TASK) {
        const Task *target = task_at(loop, task->of.target);
        loop_task_name(loop, target->base, target->number, out);
        return;
    }
    if (task->waits_on == WAIT_CHANNEL) {
        loop_channel_explain(loop, task, out);
        return;
    }
    const Shared *shared = waited_for(loop, task);
    buf_append_text(out, loop->program->names[shared->name].text);
    if (shared->kind == OBJECT_LOCK) {
        buf_append_text(out, ", held by ");
        loop_task_name(loop, shared->holder_base, shared->holder_number, out);
    } else if (shared->kind == OBJECT_QUEUE) {
        buf_append_text(out, shared->value == 0 ? ", which is empty" : ", which is full");
    }
}

void loop_explain_deadlock(const Loop *loop, Buf *out) {
    if (loop->end.reason != STOP_DEADLOCK) {
        return;
    }
    size_t count = 0;
    const Task **waiting = waiting_tasks(loop, &count);
    for (size_t i = 0; i < count; i++) {
        buf_append_text(out, "task ");
        loop_task_name(loop, waiting[i]->base, waiting[i]->number, out);
        buf_append_text(out, " waits for ");
        explain_target(loop, waiting[i], out);
        buf_append_char(out, '\n');
    }
    free(waiting);
}

void loop_deadlock_json(const Loop *loop, Buf *out) {
    size_t count = 0;
    const Task **waiting = waiting_tasks(loop, &count);
    buf_append_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s{\"task\":%u,\"on\":\"%s\",\"target\":", i > 0 ? "," : "",
                   (unsigned)waiting[i]->id, WAIT_ON_WORDS[waiting[i]->waits_on]);
        if (waiting[i]->waits_on == WAIT_TASKS) {
            loop_scope_append_ids(loop, waiting[i]->of.target, out);
            buf_append_char(out, '}');
        } else if (waiting[i]->waits_on == WAIT_TASK) {
            buf_printf(out, "%u}", (unsigned)task_at(loop, waiting[i]->of.target)->id);
        } else if (waiting[i]->waits_on == WAIT_CHANNEL) {
            buf_append_char(out, '"');
            loop_channel_name(loop, waiting[i], out);
            buf_append_text(out, "\"}");
        } else {
            const char *name = loop->program->names[waited_for(loop, waiting[i])->name].text;
            buf_printf(out, "\"%s\"}", name);
        }
    }
    buf_append_char(out, ']');
    free(waiting);
}
