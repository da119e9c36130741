/* The run's limits (docs/scenario.md, Safety): a step that would pass one is not begun. */
#include "loop/loop_impl.h"

#include <string.h>

static const char *const LIMIT_WORDS[LIMIT_COUNT] = {
    [LIMIT_BYTES] = "bytes", [LIMIT_TIME] = "time",   [LIMIT_MEMORY] = "memory",
    [LIMIT_TASKS] = "tasks", [LIMIT_FILES] = "files", [LIMIT_EVENTS] = "events"};

LoopLimits loop_limits_default(void) {
    return (LoopLimits){.bytes = UINT64_C(1) << 30,
                        .time_ns = UINT64_C(60000000000),
                        .memory_bytes = UINT64_C(1) << 30,
                        .tasks = 1000000,
                        .files = 1024,
                        .events = 20000000};
}

static uint64_t lower(uint64_t run, uint64_t scenario) {
    return scenario < run ? scenario : run;
}

void loop_limits_apply(Loop *loop, const LoopLimits *limits) {
    const ProgramLimits *own = &loop->program->limits;
    loop->max[LIMIT_BYTES] = lower(limits->bytes, own->bytes);
    loop->max[LIMIT_TIME] = lower(limits->time_ns, own->time_ns);
    loop->max[LIMIT_MEMORY] = lower(limits->memory_bytes, own->memory_bytes);
    loop->max[LIMIT_TASKS] = lower(limits->tasks, own->tasks);
    loop->max[LIMIT_FILES] = lower(limits->files, own->files);
    loop->max[LIMIT_EVENTS] = lower(limits->events, own->events);
}

void loop_stop(Loop *loop, StopReason reason) {
    ASSERT(!loop->stopping);
    loop->stopping = true;
    loop->end.reason = reason;
    atomic_store_explicit(&loop->halted, reason != STOP_DONE, memory_order_relaxed);
}

void loop_stop_at_limit(Loop *loop, LimitKind kind) {
    loop_stop(loop, STOP_LIMIT);
    loop->limit = kind;
    loop->end.limit = LIMIT_WORDS[kind];
    loop->end.limit_value = loop->max[kind];
    loop_clock_read_for_log(loop);
    Event event = loop_event(EV_LIMIT);
    event.text = loop_text_intern(loop, LIMIT_WORDS[kind], strlen(LIMIT_WORDS[kind]));
    event.x = loop->max[kind] > INT64_MAX ? INT64_MAX : (int64_t)loop->max[kind];
    loop_emit(loop, &event);
}

static uint64_t used_of(Loop *loop, LimitKind kind) {
    if (kind == LIMIT_EVENTS) {
        return loop_events(loop);
    }
    if (kind == LIMIT_TASKS) { /* no thread has any */
        return loop->used[kind];
    }
    const uint64_t taken = atomic_load_explicit(&loop->root->taken[kind], memory_order_relaxed);
    return loop->apart != NULL && kind == LIMIT_MEMORY ? loop_apart_memory(loop)
                                                       : loop->used[kind] + taken;
}

bool loop_fits(Loop *loop, LimitKind kind, uint64_t more) {
    ASSERT(kind != LIMIT_TIME);
    const uint64_t used = used_of(loop, kind);
    if (used <= loop->max[kind] && more <= loop->max[kind] - used) {
        return true;
    }
    loop_stop_at_limit(loop, kind);
    return false;
}

bool loop_take(Loop *loop, LimitKind kind, uint64_t more) {
    _Atomic uint64_t *taken = &loop->root->taken[kind];
    uint64_t before = atomic_load_explicit(taken, memory_order_relaxed);
    do {
        if (before > loop->max[kind] || more > loop->max[kind] - before) {
            loop_stop_at_limit(loop, kind);
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(taken, &before, before + more,
                                                    memory_order_relaxed, memory_order_relaxed));
    return true;
}

bool loop_check(Loop *loop) {
    loop->checks_left = CHECK_EVERY_INSTRS;
    if (loop_is_interrupted(loop)) {
        loop_stop(loop, STOP_INTERRUPTED);
        return false;
    }
    if (os_backend(loop->os) == OS_BACKEND_SIM && !loop->check_is_early) {
        os_spend(loop->os, CHECK_EVERY_INSTRS * SIM_INSTR_NS);
    }
    os_push(loop->os);
    if (loop->check_is_early) { /* just behind what took long, whose end was mostly looked at */
        loop_clock_freshen(loop);
        loop_clock_mark(loop);
    } else {
        loop_clock_read(loop);
    }
    loop->check_is_early = false;
    loop->checked_ns = loop->now_ns;
    return loop_fits_time(loop, 0);
}
