/* The timeline follows a log, and answers questions about the whole of it. */
#include "trace/timeline_index.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>

static void add_frame(Timeline *timeline) {
    timeline->frames = mem_grow(timeline->frames, &timeline->frame_cap, timeline->frame_count + 1,
                                sizeof *timeline->frames);
    timeline->frames[timeline->frame_count++] = timeline->head;
}

Timeline *timeline_create(const Log *log) {
    Timeline *timeline = mem_alloc(1, sizeof *timeline);
    timeline->log = log;
    fold_init(&timeline->head);
    add_frame(timeline);
    return timeline;
}

Timeline *timeline_create_brief(const Log *log) {
    Timeline *timeline = timeline_create(log);
    timeline->forgets = true;
    return timeline;
}

void timeline_destroy(Timeline *timeline) {
    if (timeline != NULL) {
        index_free(timeline);
        free(timeline);
    }
}

bool timeline_follow(Timeline *timeline, uint64_t max_events) {
    const uint64_t there = log_count(timeline->log) - timeline->count;
    const uint64_t more = there < max_events ? there : max_events;
    for (uint64_t i = 0; i < more && !timeline->failed; i++) {
        const Event *event = event_at(timeline, timeline->count);
        if (timeline_check(timeline, event)) {
            index_event(timeline, event);
            fold_apply(timeline, &timeline->head, event, timeline->count);
            timeline->count++;
            if (timeline->forgets) {
                index_forget(timeline);
            } else if (timeline->count % FRAME_EVENTS == 0) {
                add_frame(timeline);
            }
        }
    }
    return !timeline->failed;
}

uint64_t timeline_count(const Timeline *timeline) {
    return timeline->count;
}

const Log *timeline_log(const Timeline *timeline) {
    return timeline->log;
}

const TimelineError *timeline_error(const Timeline *timeline) {
    return timeline->failed ? &timeline->error : NULL;
}

uint64_t timeline_index_size_bytes(const Timeline *timeline) {
    return index_size_bytes(timeline);
}

/* ---- the whole recording ---- */

uint64_t timeline_end_ns(const Timeline *timeline) {
    return timeline->head.loop.now_ns;
}

uint32_t timeline_task_count(const Timeline *timeline) {
    return (uint32_t)timeline->head.loop.tasks;
}

uint64_t timeline_task_created(const Timeline *timeline, uint32_t task) {
    ASSERT(task < timeline->head.loop.tasks);
    return timeline->tasks[task].created_n;
}

uint32_t timeline_task_name(const Timeline *timeline, uint32_t task) {
    return event_at(timeline, timeline_task_created(timeline, task))->text;
}

uint64_t timeline_count_at(const Timeline *timeline, uint64_t t_ns) {
    uint64_t low = 0, high = timeline->count;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (time_of(timeline, middle) <= t_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* How many iteration events have numbers below n. */
static uint32_t iterations_below(const Timeline *timeline, uint64_t n) {
    uint32_t low = 0, high = timeline->iterations.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (timeline->iterations.items[middle] < n) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint64_t timeline_next_iteration(const Timeline *timeline, uint64_t count) {
    const uint32_t next = iterations_below(timeline, count);
    return next < timeline->iterations.count ? (uint64_t)timeline->iterations.items[next] + 1
                                             : timeline->count;
}

uint64_t timeline_prev_iteration(const Timeline *timeline, uint64_t count) {
    if (count == 0) {
        return 0;
    }
    const uint32_t below = iterations_below(timeline, count - 1);
    return below == 0 ? 0 : (uint64_t)timeline->iterations.items[below - 1] + 1;
}

uint64_t timeline_output_count(const Timeline *timeline) {
    return timeline->outputs.count;
}

uint64_t timeline_output(const Timeline *timeline, uint64_t k) {
    ASSERT(k < timeline->outputs.count);
    return timeline->outputs.items[k];
}

uint32_t timeline_op_count(const Timeline *timeline) {
    return timeline->head.ops;
}

static uint64_t event_or_none(uint32_t n) {
    return n == NEVER ? UINT64_MAX : n;
}

OpEvents timeline_op(const Timeline *timeline, uint32_t op) {
    ASSERT(op < timeline->head.ops);
    const OpRecord *record = &timeline->ops[op];
    return (OpEvents){.submitted_n = record->submitted_n,
                      .arrived_n = event_or_none(record->arrived_n),
                      .completed_n = event_or_none(record->completed_n)};
}
