/* The fold over a log of any events, looked at from several places; for the fuzz targets. */
#ifndef LOOPSCOPE_TESTS_FUZZ_FOLD_H
#define LOOPSCOPE_TESTS_FUZZ_FOLD_H

#include "base/assert.h"
#include "export/export.h"
#include "trace/timeline.h"

enum { FOLD_SOME = 16, FOLD_COLUMNS = 7 };

static inline void fold_look_at_tasks(const State *state) {
    const Timeline *timeline = state_timeline(state);
    const uint64_t end_ns = timeline_end_ns(timeline);
    for (uint32_t task = 0; task < timeline_task_count(timeline) && task < FOLD_SOME; task++) {
        LaneSegment lane[FOLD_SOME];
        ASSERT(state_task(state, task).phase < TASK_PHASE_COUNT);
        timeline_lane(timeline, task, 0, end_ns, 0, lane, FOLD_SOME);
        timeline_lane(timeline, task, end_ns / 3, end_ns, end_ns / 5 + 1, lane, FOLD_SOME);
    }
}

static inline void fold_look_at(const State *state) {
    ReadyItem ready[FOLD_SOME];
    OpInfo ops[FOLD_SOME];
    TimerInfo timers[FOLD_SOME];
    LoopSegment turns[FOLD_SOME];
    uint32_t waiting[FOLD_SOME], counts[FOLD_COLUMNS][TASK_PHASE_COUNT];
    const Timeline *timeline = state_timeline(state);
    const LoopInfo *loop = state_loop(state);
    const uint64_t end_ns = timeline_end_ns(timeline);
    ASSERT(state_ready(state, ready, FOLD_SOME) == loop->ready_handles);
    ASSERT(state_ops(state, ops, FOLD_SOME) == loop->in_flight);
    ASSERT(state_timers(state, timers, FOLD_SOME) == loop->timers);
    ASSERT(state_waiting(state, waiting, FOLD_SOME) == loop->phase_counts[TASK_WAITING]);
    fold_look_at_tasks(state);
    timeline_loop_lane(timeline, 0, end_ns, 0, turns, FOLD_SOME);
    timeline_counts(timeline, 0, end_ns, FOLD_COLUMNS, counts);
    ASSERT(timeline_next_iteration(timeline, state_count(state)) >= state_count(state));
    ASSERT(timeline_prev_iteration(timeline, state_count(state)) <= state_count(state));
}

/* Takes the log in bit by bit; then goes to its end, its beginning, and places between. */
static inline void fold_log(const Log *log) {
    Timeline *timeline = timeline_create(log);
    while (timeline_follow(timeline, 5) && timeline_count(timeline) < log_count(log)) {
    }
    const uint64_t count = timeline_count(timeline);
    ASSERT((count == log_count(log)) == (timeline_error(timeline) == NULL));
    State *state = state_create(timeline);
    const uint64_t places[] = {count, 0, count / 2, count / 3, count - count / 4, count};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        state_seek(state, places[i]);
        ASSERT(state_count(state) == places[i]);
        fold_look_at(state);
    }
    state_destroy(state);
    timeline_destroy(timeline);
}

static inline void fold_append_trace(const Log *log, Buf *out) {
    export_header_line(log, out);
    for (uint64_t n = 0; n < log_count(log); n++) {
        export_event_line(log, n, out);
    }
}

#endif
