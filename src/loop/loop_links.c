/* Scopes and links: their records; and the done callbacks of a task, a ring in the order in which
 * they were added. An entry of the ring is a waiting task or a link. */
#include "loop/loop_scopes.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* ---- records ---- */

void loop_scopes_make(Loop *loop) {
    loop->scopes = (Scopes){.free = NONE, .free_link = NONE};
    memset(loop->scopes.what, 0xFF, sizeof loop->scopes.what); /* NONE */
}

void loop_scopes_free(Loop *loop) {
    free(loop->scopes.all);
    free(loop->scopes.links);
    free(loop->scopes.stops);
}

uint32_t loop_scope_open(Loop *loop, ScopeKind kind, const Task *task) {
    Scopes *scopes = &loop->scopes;
    uint32_t scope = scopes->free;
    if (scope != NONE) {
        scopes->free = scopes->all[scope].next;
    } else {
        scopes->all = mem_grow(scopes->all, &scopes->cap, scopes->count + 1, sizeof(Scope));
        scope = (uint32_t)scopes->count++;
        ASSERT(scope < IS_OTHER);
    }
    scopes->all[scope] = (Scope){.kind = (uint8_t)kind,
                                 .task = task->slot,
                                 .task_id = task->id,
                                 .first = NONE,
                                 .last = NONE,
                                 .error = ERROR_NONE,
                                 .timer = NONE};
    loop->used[LIMIT_MEMORY] += sizeof(Scope);
    return scope;
}

void loop_scope_close(Loop *loop, uint32_t index) {
    Scope *scope = loop_scope_at(loop, index);
    ASSERT(scope->kind != SCOPE_FREE && scope->count == 0);
    *scope = (Scope){.kind = SCOPE_FREE, .next = loop->scopes.free};
    loop->scopes.free = index;
    loop->used[LIMIT_MEMORY] -= sizeof(Scope);
}

static uint32_t link_take(Loop *loop) {
    Scopes *scopes = &loop->scopes;
    uint32_t link = scopes->free_link;
    if (link != NONE) {
        scopes->free_link = scopes->links[link].younger;
    } else {
        scopes->links =
            mem_grow(scopes->links, &scopes->link_cap, scopes->link_count + 1, sizeof(Link));
        link = (uint32_t)scopes->link_count++;
        ASSERT(link < IS_OTHER);
    }
    loop->used[LIMIT_MEMORY] += sizeof(Link);
    return link;
}

/* ---- the ring of done callbacks ---- */

static uint32_t *next_of(Loop *loop, uint32_t entry) {
    return (entry & IS_OTHER) != 0 ? &loop_link_at(loop, entry & ~IS_OTHER)->next
                                   : &task_at(loop, entry)->next;
}

static uint32_t *prev_of(Loop *loop, uint32_t entry) {
    return (entry & IS_OTHER) != 0 ? &loop_link_at(loop, entry & ~IS_OTHER)->prev
                                   : &task_at(loop, entry)->prev;
}

void loop_done_add(Loop *loop, Task *task, uint32_t entry) {
    const uint32_t last = task->last_waiter == NONE ? entry : task->last_waiter;
    const uint32_t first = last == entry ? entry : *next_of(loop, last);
    *next_of(loop, entry) = first;
    *prev_of(loop, entry) = last;
    *next_of(loop, last) = entry;
    *prev_of(loop, first) = entry;
    task->last_waiter = entry;
}

static void done_remove(Loop *loop, Task *task, uint32_t entry) {
    const uint32_t next = *next_of(loop, entry), prev = *prev_of(loop, entry);
    if (next == entry) {
        task->last_waiter = NONE;
    } else {
        *next_of(loop, prev) = next;
        *prev_of(loop, next) = prev;
        task->last_waiter = task->last_waiter == entry ? prev : task->last_waiter;
    }
    *next_of(loop, entry) = NONE;
    *prev_of(loop, entry) = NONE;
}

void loop_done_queue(Loop *loop, Task *task) {
    const uint32_t last = task->last_waiter;
    if (last == NONE) {
        return;
    }
    uint32_t entry = *next_of(loop, last);
    task->last_waiter = NONE;
    for (bool is_last = false; !is_last;) {
        const uint32_t at = entry;
        is_last = at == last;
        entry = *next_of(loop, at);
        *next_of(loop, at) = NONE;
        *prev_of(loop, at) = NONE;
        if ((at & IS_OTHER) != 0) {
            loop_callback_queue(loop, HANDLE_LINK, at & ~IS_OTHER);
        } else {
            loop_task_make_ready(loop, task_at(loop, at), READY_RESUMED);
        }
    }
}

/* ---- the tasks of a scope ---- */

void loop_link_add(Loop *loop, uint32_t index, Task *task) {
    const uint32_t added = link_take(loop);
    Scope *scope = loop_scope_at(loop, index);
    *loop_link_at(loop, added) = (Link){.next = NONE,
                                        .prev = NONE,
                                        .younger = NONE,
                                        .elder = scope->last,
                                        .scope = index,
                                        .task = task->slot};
    if (scope->last == NONE) {
        scope->first = added;
    } else {
        loop_link_at(loop, scope->last)->younger = added;
    }
    scope->last = added;
    scope->count++;
    loop_task_refer(task);
    if (task_has_ended(task)) {
        loop_callback_queue(loop, HANDLE_LINK, added);
    } else {
        loop_done_add(loop, task, added | IS_OTHER);
    }
}

void loop_link_remove(Loop *loop, uint32_t index) {
    Link *link = loop_link_at(loop, index);
    Scope *scope = loop_scope_at(loop, link->scope);
    Task *task = task_at(loop, link->task);
    if (link->next != NONE) {
        done_remove(loop, task, index | IS_OTHER);
    }
    if (link->elder == NONE) {
        scope->first = link->younger;
    } else {
        loop_link_at(loop, link->elder)->younger = link->younger;
    }
    if (link->younger == NONE) {
        scope->last = link->elder;
    } else {
        loop_link_at(loop, link->younger)->elder = link->elder;
    }
    scope->count--;
    *link = (Link){.younger = loop->scopes.free_link};
    loop->scopes.free_link = index;
    loop->used[LIMIT_MEMORY] -= sizeof(Link);
    loop_task_release(loop, task);
}

void loop_link_run(Loop *loop, uint32_t index) {
    const Link link = *loop_link_at(loop, index);
    const Scope *scope = loop_scope_at(loop, link.scope);
    const ScopeKind kind = (ScopeKind)scope->kind;
    Task *ended = task_at(loop, link.task);
    loop_callback_begin(loop, false);
    loop_task_refer(ended); /* it is looked at when the link is gone */
    loop_link_remove(loop, index);
    if (kind == SCOPE_GATHER) {
        loop_gather_count(loop, link.scope, ended);
    } else if (kind == SCOPE_WAIT) {
        loop_wait_count(loop, link.scope);
    } else {
        ASSERT(kind == SCOPE_GROUP);
        loop_group_count(loop, link.scope, ended);
    }
    loop_task_release(loop, ended);
}

/* ---- waiting for a scope ---- */

void loop_scope_append_ids(const Loop *loop, uint32_t index, Buf *out) {
    const uint32_t first = loop_scope_at(loop, index)->first;
    buf_append_char(out, '[');
    for (uint32_t at = first; at != NONE; at = loop_link_at(loop, at)->younger) {
        if (at != first) {
            buf_append_char(out, ',');
        }
        buf_append_u64(out, loop_link_task(loop, at)->id);
    }
    buf_append_char(out, ']');
}

StepResult loop_scope_wait(Loop *loop, Task *task, uint32_t scope, Wake wake) {
    uint32_t ids = NONE;
    if (loop->log != NULL) {
        loop_clock_read(loop);
        buf_clear(&loop->scratch);
        loop_scope_append_ids(loop, scope, &loop->scratch);
        ids = loop_text_add(loop, loop->scratch.data, loop->scratch.size_bytes);
    }
    task->of.target = scope;
    loop_task_wait(loop, task, wake, WAIT_TASKS, TARGET_TASKS, ids);
    return STEP_PAUSED;
}

bool loop_scope_is_pending(const Loop *loop, uint32_t index) {
    const Scope *scope = loop_scope_at(loop, index);
    if (scope->is_left) {
        return false;
    }
    const Task *task = task_at(loop, scope->task);
    return task->state == STATE_WAITING && task->waits_on == WAIT_TASKS && task->of.target == index;
}
