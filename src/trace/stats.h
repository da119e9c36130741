/* Totals derived from a log, for `run --summary` and the window.
 *
 * Ownership: trace_stats_finish frees. Threads: any, up to a count that was seen. */
#ifndef LOOPSCOPE_TRACE_STATS_H
#define LOOPSCOPE_TRACE_STATS_H

#include "trace/log.h"
#include "trace/timeline.h"

typedef struct TaskStats {
    uint32_t name;
    TaskPhase end; /* FINISHED, FAILED, CANCELLED, or where it stands */
    uint64_t run_ns, ready_ns, wait_ns;
    uint64_t longest_hold_ns; /* of the thread, at a time */
    uint64_t steps;
    uint64_t bytes; /* written and read */
} TaskStats;

typedef struct TraceStats {
    TaskStats *tasks; /* by task id */
    uint32_t task_count;
    uint64_t iterations, polls, calls;
    uint64_t looks; /* those calls whose poll may not sleep */
    uint64_t asleep_ns;
    uint64_t longest_hold_ns;   /* one handle */
    uint32_t longest_hold_task; /* or EVENT_NONE */
    uint64_t end_ns;
    StopReason reason;
    bool stopped;
} TraceStats;

void trace_stats_make(TraceStats *stats, const Log *log, uint64_t count);
void trace_stats_finish(TraceStats *stats);

#endif
