/* How long operations took, by kind: from submission to completion, or on the spot.
 *
 * Ownership: op_stats_finish frees. Threads: any, up to a count that was seen. */
#ifndef LOOPSCOPE_TRACE_OP_STATS_H
#define LOOPSCOPE_TRACE_OP_STATS_H

#include "trace/log.h"

typedef struct OpKindStats {
    uint64_t *took_ns; /* sorted */
    size_t count;
    uint64_t failed; /* of them */
} OpKindStats;

typedef struct OpStats {
    OpKindStats awaited[IO_CALL_COUNT];  /* handed to the system, and completed */
    OpKindStats blocking[IO_CALL_COUNT]; /* done on the spot */
    uint64_t unfinished;                 /* submitted and not completed */
} OpStats;

void op_stats_make(OpStats *stats, const Log *log, uint64_t count);
void op_stats_finish(OpStats *stats);

/* The time that `percent` of them took at most (the nearest rank); 0 where there is none. */
uint64_t op_stats_percentile_ns(const OpKindStats *kind, unsigned percent);

#endif
