/* What is ready, first in first out. */
#include "loop/loop_impl.h"
#include "loop/loop_scopes.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void loop_ring_grow(Ring *ring) {
    const uint32_t cap = ring->cap == 0 ? 64 : ring->cap * 2;
    ASSERT(cap > ring->cap);
    Handle *handles = mem_resize(NULL, cap, sizeof *handles);
    for (uint32_t i = 0; i < ring->count; i++) {
        handles[i] = ring->handles[(ring->first + i) & (ring->cap - 1)];
    }
    free(ring->handles);
    *ring = (Ring){.handles = handles, .cap = cap, .first = 0, .count = ring->count};
}

/* ---- callbacks ---- */

/* What a scope's callback does, for people. */
static uint32_t text_of_scope(Loop *loop, ScopeKind kind) {
    static const char *const WHAT[SCOPE_KIND_COUNT] = {
        [SCOPE_GATHER] = "tell the gather that a task ended",
        [SCOPE_WAIT] = "tell the wait that a task ended",
        [SCOPE_GROUP] = "tell the group that a task ended",
        [SCOPE_TIMEOUT] = "end the timeout"};
    uint32_t *text = &loop->scopes.what[kind];
    if (*text == NONE) {
        *text = loop_text_intern(loop, WHAT[kind], strlen(WHAT[kind]));
    }
    return *text;
}

void loop_callback_queue_as(Loop *loop, Handle handle, uint32_t what, uint32_t task_id) {
    const uint32_t id = loop->callbacks_made++;
    if (loop->log != NULL) {
        Event ready = loop_event(EV_CALLBACK_READY);
        ready.id = id;
        ready.text = what;
        ready.task = task_id;
        loop_emit_recorded(loop, &ready);
    }
    ring_push(&loop->ready, handle);
}

void loop_callback_queue(Loop *loop, HandleKind kind, uint32_t of) {
    const Handle handle = {.of = of, .kind = kind};
    if (loop->log == NULL) {
        loop_callback_queue_as(loop, handle, NONE, NONE);
    } else if (kind == HANDLE_SLEEP) {
        loop_callback_queue_as(loop, handle, loop->what_sleep, task_at(loop, of)->id);
    } else {
        const uint32_t at = kind == HANDLE_LINK ? loop_link_at(loop, of)->scope : of;
        const Scope *scope = loop_scope_at(loop, at);
        const uint32_t what = text_of_scope(loop, (ScopeKind)scope->kind);
        loop_callback_queue_as(loop, handle, what, scope->task_id);
    }
}

void loop_callback_tell(Loop *loop, bool is_cancelled) {
    Event run = loop_event(EV_CALLBACK_RUN);
    run.id = loop->callbacks_run++;
    run.a = is_cancelled;
    loop_emit(loop, &run);
}

void loop_callback_begin(Loop *loop, bool is_cancelled) {
    loop_callback_tell(loop, is_cancelled);
    loop_clock_read_for_log(loop);
}
