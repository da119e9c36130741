/* The two queues of the loop: what is ready, first in first out, and what is due, soonest first. */
#include "loop/loop_impl.h"

#include "base/mem.h"

#include <stdlib.h>

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
    const Task *task = task_at(loop, timer->task);
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
