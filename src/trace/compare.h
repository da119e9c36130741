/* Two runs side by side: what each came to, which of their tasks go together, and the first event
 * in which their orders part.
 *
 * The order is what tasks do and what reaches them. Times are no part of it, nor is what only times
 * decide: when and how often the loop asks the system, how turns are cut, what was seen to arrive.
 * Nor is the back end, nor notes. Where the two runs are of different scenarios, a step is known by
 * what it does, not by its place in the file. Tasks are called by their names.
 *
 * Ownership: comparison_finish frees; the logs are the caller's. Threads: any, up to the counts. */
#ifndef LOOPSCOPE_TRACE_COMPARE_H
#define LOOPSCOPE_TRACE_COMPARE_H

#include "trace/stats.h"

enum { COMPARE_RUNS = 2 };

/* Tasks that go together: the k-th of a name in one run and the k-th of that name in the other. */
typedef struct ComparePair {
    uint32_t task[COMPARE_RUNS]; /* EVENT_NONE: that run has none */
} ComparePair;

typedef struct CompareDifference {
    bool any;
    uint64_t alike;           /* events of the order that are the same before it */
    uint64_t n[COMPARE_RUNS]; /* the event that the other run does not have here; UINT64_MAX: this
                                 run's order ends before it */
} CompareDifference;

typedef struct Comparison {
    TraceStats stats[COMPARE_RUNS];
    ComparePair *pairs; /* in the first run's order of making; the second's others behind */
    size_t pair_count;
    CompareDifference first;
} Comparison;

void comparison_make(Comparison *comparison, const Log *const logs[COMPARE_RUNS],
                     const uint64_t counts[COMPARE_RUNS]);
void comparison_finish(Comparison *comparison);

/* The pair that a run's task is in; pair_count where there is none. */
size_t comparison_pair_of(const Comparison *comparison, size_t run, uint32_t task);

/* The second's total time over the first's; 0 where the first took no time. */
double comparison_ratio(const Comparison *comparison);

#endif
