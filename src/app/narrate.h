/* What a run came to: the table at its end.
 *
 * Threads: the reader's. */
#ifndef LOOPSCOPE_APP_NARRATE_H
#define LOOPSCOPE_APP_NARRATE_H

#include "base/buf.h"
#include "trace/stats.h"

/* Appends the table of `run --summary`: a line a task (at most 20 of them), then the loop. */
void narrate_summary(const Log *log, Buf *out);

/* The same table from what was counted, with at most tasks_max tasks. */
void narrate_stats(const Log *log, const TraceStats *stats, uint32_t tasks_max, Buf *out);

#endif
