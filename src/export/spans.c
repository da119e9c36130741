#include "export/spans.h"

#include "base/mem.h"

#include <stdlib.h>

enum { BLOCK_EVENTS_MIN = 1 << 18, BLOCKS_MAX = 16, NEVER = -1 };

struct Spans {
    const Log *log;
    uint64_t count;
    uint64_t end_ns; /* the last event's */
    uint64_t block_events;
    uint64_t block; /* its first event; count: none yet */
    uint32_t *ends; /* by event of the block: the event that ends its phase, or NEVER */
    uint32_t *open; /* by task: the event of the block whose phase is open, or NEVER */
    uint32_t task_count;
};

Spans *spans_create(const Log *log, uint64_t count, uint32_t task_count) {
    Spans *spans = mem_alloc(1, sizeof *spans);
    const uint64_t part = count / BLOCKS_MAX + 1;
    spans->log = log;
    spans->count = count;
    spans->end_ns = count == 0 ? 0 : log_event(log, count - 1)->t_ns;
    spans->block_events = part > BLOCK_EVENTS_MIN ? part : BLOCK_EVENTS_MIN;
    spans->block_events = spans->block_events < count ? spans->block_events : count;
    spans->block = count;
    spans->ends = mem_alloc(spans->block_events, sizeof *spans->ends);
    spans->open = mem_alloc(task_count, sizeof *spans->open);
    spans->task_count = task_count;
    return spans;
}

void spans_destroy(Spans *spans) {
    if (spans == NULL) {
        return;
    }
    free(spans->ends);
    free(spans->open);
    free(spans);
}

bool spans_is_phase(const Event *event) {
    switch ((EventKind)event->kind) {
    case EV_TASK_READY:
    case EV_TASK_RUNNING:
    case EV_TASK_WAITING:
    case EV_TASK_FINISHED:
    case EV_TASK_FAILED:
    case EV_TASK_CANCELLED:
        return true;
    default:
        return false;
    }
}

/* Events of the block first, then as many more as end the phases that it leaves open. */
static void fill(Spans *spans, uint64_t n) {
    spans->block = n - n % spans->block_events;
    const uint64_t block_end = spans->block + spans->block_events;
    memset(spans->ends, NEVER, spans->block_events * sizeof *spans->ends);
    memset(spans->open, NEVER, spans->task_count * sizeof *spans->open);
    uint64_t open_count = 0;
    for (uint64_t i = spans->block; i < spans->count && (i < block_end || open_count > 0); i++) {
        const Event *event = log_event(spans->log, i);
        if (!spans_is_phase(event) || event->task >= spans->task_count) {
            continue;
        }
        uint32_t *open = &spans->open[event->task];
        if (*open != (uint32_t)NEVER) {
            spans->ends[*open - spans->block] = (uint32_t)i;
            *open = (uint32_t)NEVER;
            open_count--;
        }
        if (i < block_end) {
            *open = (uint32_t)i;
            open_count++;
        }
    }
}

static uint64_t time_ns(const Spans *spans, uint64_t n) {
    return n < spans->count ? log_event(spans->log, n)->t_ns : spans->end_ns;
}

uint64_t spans_phase_end_ns(Spans *spans, uint64_t n) {
    if (spans->block == spans->count || n - spans->block >= spans->block_events) {
        fill(spans, n);
    }
    return time_ns(spans, spans->ends[n - spans->block]);
}

uint64_t spans_step_end_ns(const Spans *spans, uint64_t n) {
    const uint32_t task = log_event(spans->log, n)->task;
    for (uint64_t i = n + 1; i < spans->count; i++) {
        const Event *event = log_event(spans->log, i);
        if (event->task == task && (event->kind == EV_STEP || spans_is_phase(event))) {
            return event->t_ns;
        }
    }
    return spans->end_ns;
}

/* What ends a phase of the loop: LOOP phases end each other, a callback ends at the next handle. */
static uint64_t next_of(const Spans *spans, uint64_t n, const bool ends[EV_KIND_COUNT]) {
    uint64_t i = n + 1;
    while (i < spans->count && !ends[log_event(spans->log, i)->kind]) {
        i++;
    }
    return time_ns(spans, i);
}

uint64_t spans_callback_end_ns(const Spans *spans, uint64_t n) {
    static const bool ENDS[EV_KIND_COUNT] = {
        [EV_POLL] = true,         [EV_POLLED] = true,       [EV_ITERATION] = true,
        [EV_CALLBACK_RUN] = true, [EV_TASK_RUNNING] = true, [EV_TIMER_FIRED] = true,
        [EV_LOOP_STOP] = true};
    return next_of(spans, n, ENDS);
}

uint64_t spans_loop_end_ns(const Spans *spans, uint64_t n) {
    static const bool TAKING_ENDS[EV_KIND_COUNT] = {
        [EV_POLL] = true, [EV_POLLED] = true, [EV_ITERATION] = true, [EV_LOOP_STOP] = true};
    static const bool TURN_ENDS[EV_KIND_COUNT] = {[EV_POLL] = true,
                                                  [EV_POLLED] = true,
                                                  [EV_ITERATION] = true,
                                                  [EV_TIMER_FIRED] = true,
                                                  [EV_LOOP_STOP] = true};
    const bool turn = log_event(spans->log, n)->kind == EV_ITERATION;
    return next_of(spans, n, turn ? TURN_ENDS : TAKING_ENDS);
}
