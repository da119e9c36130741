/* Timers, the next one first. New ones go to a heap, or to the end of a sorted run where they are
 * later than everything in it: sleeps of one length all do. A heap that outgrows the run is sorted
 * into it, so that a million timers cost a sort and not a million walks down a heap. */
#include "loop/loop_impl.h"
#include "loop/loop_scopes.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEAP_SORTED_FROM = 1024, /* timers; a smaller heap stands in the cache, and is fast enough */
    INSERTION_MAX = 48,      /* so few are sorted by insertion */
    DIGITS = 256,
    DUE_LEVELS = sizeof(uint64_t),
    LEVELS = DUE_LEVELS + sizeof(uint32_t), /* bytes of due_ns, then of the id */
};

/* Equal deadlines: the one that was set first. Ids may wrap around, their distance does not. */
static bool timer_is_before(const Timer *a, const Timer *b) {
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : (int32_t)(a->id - b->id) < 0;
}

/* ---- the heap: four children each, so there are few levels, and they share a cache line ---- */

static void heap_push(Timers *timers, Timer timer) {
    timers->heap = mem_grow(timers->heap, &timers->heap_cap, timers->heap_count + 1, sizeof timer);
    Timer *heap = timers->heap;
    size_t at = timers->heap_count++;
    while (at > 0 && timer_is_before(&timer, &heap[(at - 1) / 4])) {
        heap[at] = heap[(at - 1) / 4];
        at = (at - 1) / 4;
    }
    heap[at] = timer;
}

static Timer heap_pop(Timers *timers) {
    Timer *heap = timers->heap;
    const Timer top = heap[0];
    const Timer last = heap[--timers->heap_count];
    size_t at = 0;
    for (size_t child = 1; child < timers->heap_count; child = at * 4 + 1) {
        const size_t end = child + 4 < timers->heap_count ? child + 4 : timers->heap_count;
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

/* ---- sorting in place, byte by byte from the highest ---- */

static unsigned digit_of(const Timer *timer, unsigned level, uint32_t least_id) {
    return level < DUE_LEVELS ? (unsigned)(timer->due_ns >> (8 * (DUE_LEVELS - 1 - level))) % DIGITS
                              : (timer->id - least_id) >> (8 * (LEVELS - 1 - level)) & (DIGITS - 1);
}

static void sort_by_insertion(Timer *timers, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const Timer timer = timers[i];
        size_t at = i;
        for (; at > 0 && timer_is_before(&timer, &timers[at - 1]); at--) {
            timers[at] = timers[at - 1];
        }
        timers[at] = timer;
    }
}

/* Where each digit's timers end; false where all have the same one. */
static bool count_digits(const Timer *timers, size_t count, unsigned level, uint32_t least_id,
                         size_t ends[DIGITS]) {
    memset(ends, 0, DIGITS * sizeof *ends);
    for (size_t i = 0; i < count; i++) {
        ends[digit_of(&timers[i], level, least_id)]++;
    }
    const bool differ = ends[digit_of(&timers[0], level, least_id)] < count;
    for (size_t digit = 1; digit < DIGITS; digit++) {
        ends[digit] += ends[digit - 1];
    }
    return differ;
}

/* Every timer goes to where those of its digit stand; then each digit's are sorted by the next. */
static void sort(Timer *timers, size_t count, unsigned level, uint32_t least_id) {
    if (count <= INSERTION_MAX) {
        sort_by_insertion(timers, count);
        return;
    }
    size_t ends[DIGITS], next[DIGITS];
    while (!count_digits(timers, count, level, least_id, ends)) {
        level++;
        ASSERT(level < LEVELS); /* no two have the same id */
    }
    next[0] = 0;
    memcpy(&next[1], ends, sizeof next - sizeof next[0]);
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        while (next[digit] < ends[digit]) {
            Timer timer = timers[next[digit]];
            for (unsigned home = digit_of(&timer, level, least_id); home != digit;
                 home = digit_of(&timer, level, least_id)) {
                Timer *to = &timers[next[home]++];
                const Timer displaced = *to;
                *to = timer;
                timer = displaced;
            }
            timers[next[digit]++] = timer;
        }
    }
    for (size_t digit = 0, first = 0; digit < DIGITS; first = ends[digit++]) {
        sort(timers + first, ends[digit] - first, level + 1, least_id);
    }
}

/* ---- the run: sorted, from `run_first` on ---- */

static size_t run_count(const Timers *timers) {
    return timers->count - timers->heap_count;
}

static void run_append(Timers *timers, Timer timer) {
    const size_t count = run_count(timers);
    if (timers->run_first > count) { /* more room lies before it than it takes */
        memmove(timers->run, timers->run + timers->run_first, count * sizeof *timers->run);
        timers->run_first = 0;
    }
    const size_t at = timers->run_first + count;
    timers->run = mem_grow(timers->run, &timers->run_cap, at + 1, sizeof timer);
    timers->run[at] = timer;
}

/* The heap, sorted, takes in the run from its end on, and is the run from now on. */
static void settle(Timers *timers) {
    const size_t old_count = run_count(timers), count = timers->count;
    size_t left = timers->heap_count;
    uint32_t least_id = timers->heap[0].id;
    for (size_t i = 1; i < left; i++) {
        const uint32_t id = timers->heap[i].id;
        least_id = (int32_t)(id - least_id) < 0 ? id : least_id;
    }
    sort(timers->heap, left, 0, least_id);
    Timer *run = timers->heap;
    size_t cap = timers->heap_cap;
    if (count > cap) {
        run = mem_resize(run, count, sizeof *run);
        cap = count;
    }
    const Timer *old = timers->run + timers->run_first;
    for (size_t to = count, from = old_count; from > 0;) {
        const bool is_old = left == 0 || timer_is_before(&run[left - 1], &old[from - 1]);
        run[--to] = is_old ? old[--from] : run[--left];
    }
    free(timers->run);
    *timers = (Timers){.count = count, .dead = timers->dead, .run = run, .run_cap = cap};
}

/* ---- both ---- */

void loop_timers_push(Timers *timers, Timer timer) {
    const size_t count = run_count(timers);
    if (count == 0) {
        timers->run_first = 0;
    }
    if (count == 0 || timer_is_before(&timers->run[timers->run_first + count - 1], &timer)) {
        run_append(timers, timer);
    } else {
        heap_push(timers, timer);
    }
    timers->count++;
}

const Timer *loop_timers_first(const Timers *timers) {
    if (timers->count == 0) {
        return NULL;
    }
    const Timer *run = timers->run + timers->run_first;
    const bool is_in_heap = timers->heap_count > 0 &&
                            (run_count(timers) == 0 || timer_is_before(&timers->heap[0], run));
    return is_in_heap ? &timers->heap[0] : run;
}

Timer loop_timers_pop(Timers *timers) {
    if (timers->heap_count >= HEAP_SORTED_FROM && timers->heap_count > run_count(timers)) {
        settle(timers);
    }
    const Timer *first = loop_timers_first(timers);
    ASSERT(first != NULL);
    const Timer timer = first == timers->heap && timers->heap_count > 0
                            ? heap_pop(timers)
                            : timers->run[timers->run_first++];
    timers->count--;
    return timer;
}

void loop_timers_free(Timers *timers) {
    free(timers->heap);
    free(timers->run);
    *timers = (Timers){0};
}

/* ---- the loop's ---- */

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
    const Timers old = loop->timers;
    const size_t runs = run_count(&old);
    loop->timers = (Timers){0};
    for (size_t i = 0; i < old.count; i++) {
        const Timer *timer = i < runs ? &old.run[old.run_first + i] : &old.heap[i - runs];
        if (loop_timer_is_alive(loop, timer)) {
            loop_timers_push(&loop->timers, *timer);
        }
    }
    free(old.heap);
    free(old.run);
}

void loop_timers_sweep(Loop *loop) {
    Timers *timers = &loop->timers;
    if (timers->dead > timers->count / 2) {
        sweep_all(loop);
    }
    while (timers->dead > 0 && !loop_timer_is_alive(loop, loop_timers_first(timers))) {
        loop_timers_pop(timers);
        timers->dead--;
    }
}
