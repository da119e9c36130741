/* The invariants of a trace (docs/trace.md, "What always holds"), checked from the events alone.
 *
 * Independent of the timeline's fold on purpose: two readers of one contract.
 * Ownership: the caller's. Threads: any, on a log that is finished. */
#ifndef LOOPSCOPE_TRACE_CHECK_H
#define LOOPSCOPE_TRACE_CHECK_H

#include "base/diag.h"
#include "trace/log.h"

/* Checks invariants 1 to 5 and 7, ids in sequence and times that never decrease. Adds a diagnostic
 * (file: "trace", line: n + 2) for each breach, at most a hundred. True where there is none. */
bool trace_check(const Log *log, Diags *diags);

/* Invariant 6: the size that each file must have, from opens and completed writes in order. Calls
 * `each` once a path; size_bytes -1 where the trace cannot tell (an error part-way). */
void trace_check_files(const Log *log,
                       void (*each)(void *context, const char *path, int64_t size_bytes),
                       void *context);

#endif
