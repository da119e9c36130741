/* What runs of one scenario come to, and which of them come to the same: what they print, in which
 * order, and how each task and the whole end. Times are no part of it.
 *
 * Ownership: outcomes_finish frees; outcome texts are the set's. Threads: one. */
#ifndef LOOPSCOPE_TRACE_OUTCOMES_H
#define LOOPSCOPE_TRACE_OUTCOMES_H

#include "base/buf.h"
#include "trace/log.h"

typedef struct Outcome {
    char *printed;  /* a line each, as it was printed */
    char *ended;    /* a line a task that did not just finish: "b failed: OSError: ..." */
    uint32_t tasks; /* all of them */
    StopReason reason;
    uint64_t count; /* runs that came to this */
    uint64_t seed;  /* of the first of them */
} Outcome;

typedef struct Outcomes {
    Outcome *items;
    size_t count, cap;
    uint64_t runs;
} Outcomes;

/* Adds a whole run. */
void outcomes_add(Outcomes *outcomes, const Log *log, uint64_t seed);

/* The most frequent first; of those that are as frequent, the one that was seen first. */
void outcomes_sort(Outcomes *outcomes);
void outcomes_finish(Outcomes *outcomes);

#endif
