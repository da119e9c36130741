/* Why: what ended a wait, and what the selected task does, for whom it waits, who woke it.
 * Internal to view/.
 *
 * Threads: the viewer's; reads the log and the timeline alone. Every search is bounded. */
#ifndef LOOPSCOPE_VIEW_WHY_H
#define LOOPSCOPE_VIEW_WHY_H

#include "base/buf.h"
#include "trace/timeline.h"

/* The event that ended the wait `part` of a task's life: a completion, a timer, another task's end,
 * something given back. UINT64_MAX where the wait goes on; the event that made the task ready where
 * its cause stands too far back. */
uint64_t why_woken(const Timeline *timeline, uint32_t task, uint64_t part);

/* "a runs for 92 µs", "a waits 374 µs for its write of 64 KiB": a part of a task's life. */
void why_part_words(const Timeline *timeline, uint32_t task, const LaneSegment *part, Buf *out);

#endif
