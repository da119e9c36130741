/* The two queues of the loop: what is ready, first in first out, and what is due, soonest first. */
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

/* Equal deadlines: the one that was set first. Ids may wrap around, their distance does not. */
static bool timer_is_before(const Timer *a, const Timer *b) {
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : (int32_t)(a->id - b->id) < 0;
}

void loop_timers_push(Timers *timers, Timer timer) {
    timers->heap = mem_grow(timers->heap, &timers->cap, timers->count + 1, sizeof timer);
    size_t at = timers->count++;
    while (at > 0 && timer_is_before(&timer, &timers->heap[(at - 1) / 4])) {
        timers->heap[at] = timers->heap[(at - 1) / 4];
        at = (at - 1) / 4;
    }
    timers->heap[at] = timer;
}

bool loop_timer_is_alive(const Loop *loop, const Timer *timer) {
    if ((timer->of & IS_OTHER) != 0) {
        const Scope *scope = loop_scope_at(loop, timer->of & ~IS_OTHER);
        return scope->kind == SCOPE_TIMEOUT && scope->timer == timer->id;
    }
    const Task *task = task_at(loop, timer->of);
    return task->state == STATE_WAITING && task->waits_on == WAIT_TIMER &&
           task->of.timer == timer->id;
}

static void sweep_all(Loop *loop) {
    Timers *timers = &loop->timers;
    const size_t count = timers->count;
    timers->count = 0;
    timers->dead = 0;
    for (size_t i = 0; i < count; i++) { /* what is pushed lies before what is still to be read */
        const Timer timer = timers->heap[i];
        if (loop_timer_is_alive(loop, &timer)) {
            loop_timers_push(timers, timer);
        }
    }
}

void loop_timers_sweep(Loop *loop) {
    Timers *timers = &loop->timers;
    if (timers->dead > timers->count / 2) {
        sweep_all(loop);
    }
    while (timers->dead > 0 && !loop_timer_is_alive(loop, &timers->heap[0])) {
        loop_timers_pop(timers);
        timers->dead--;
    }
}

Timer loop_timers_pop(Timers *timers) {
    ASSERT(timers->count > 0);
    Timer *heap = timers->heap;
    const Timer top = heap[0];
    const Timer last = heap[--timers->count];
    size_t at = 0;
    for (size_t child = 1; child < timers->count; child = at * 4 + 1) {
        const size_t end = child + 4 < timers->count ? child + 4 : timers->count;
        size_t least = child;
        for (size_t i = child + 1; i < end; i++) {
            least = timer_is_before(&heap[i], &heap[least]) ? i : least;
        }
        if (!timer_is_before(&heap[least], &last)) {
            break;
        }
        heap[at] = heap[least];
        at = least;
    }
    heap[at] = last;
    return top;
}

uint32_t loop_timer_set(Loop *loop, uint64_t in_ns, uint32_t of, uint32_t task_id) {
    const Timer timer = {.due_ns = loop->now_ns + in_ns, .id = loop->timers_made++, .of = of};
    loop_timers_push(&loop->timers, timer);
    if (loop->log != NULL) {
        Event set = loop_event(EV_TIMER_SET);
        set.id = timer.id;
        set.task = task_id;
        set.x = (int64_t)timer.due_ns;
        loop_emit_recorded(loop, &set);
    }
    return timer.id;
}

void loop_timer_cancel(Loop *loop, uint32_t timer) {
    Event event = loop_event(EV_TIMER_CANCELLED);
    event.id = timer;
    loop_emit(loop, &event);
    loop->timers.dead++;
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

static void tell_queued(Loop *loop, HandleKind kind, uint32_t of, uint32_t id) {
    Event ready = loop_event(EV_CALLBACK_READY);
    ready.id = id;
    if (kind == HANDLE_SLEEP) {
        ready.text = loop->what_sleep;
        ready.task = task_at(loop, of)->id;
    } else {
        const uint32_t scope = kind == HANDLE_LINK ? loop_link_at(loop, of)->scope : of;
        ready.text = text_of_scope(loop, (ScopeKind)loop_scope_at(loop, scope)->kind);
        ready.task = loop_scope_at(loop, scope)->task_id;
    }
    loop_emit_recorded(loop, &ready);
}

void loop_callback_queue(Loop *loop, HandleKind kind, uint32_t of) {
    const uint32_t id = loop->callbacks_made++;
    if (loop->log != NULL) {
        tell_queued(loop, kind, of, id);
    }
    ring_push(&loop->ready, (Handle){.of = of, .kind = kind});
}

void loop_callback_begin(Loop *loop, bool is_cancelled) {
    Event run = loop_event(EV_CALLBACK_RUN);
    run.id = loop->callbacks_run++;
    run.a = is_cancelled;
    loop_emit(loop, &run);
    loop_clock_read_for_log(loop);
}
