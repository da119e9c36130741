/* The story of a run in words: a sentence an event, and the table at the end.
 *
 * Threads: the reader's. */
#ifndef LOOPSCOPE_APP_NARRATE_H
#define LOOPSCOPE_APP_NARRATE_H

#include "base/buf.h"
#include "trace/timeline.h"

/* Appends event n as a line: its time, its number and its sentence. Moves `state` to after n. */
void narrate_event(State *state, uint64_t n, Buf *out);

/* Appends the table of `run --summary`: a line a task (at most 20 of them), then the loop. */
void narrate_summary(const Log *log, Buf *out);

#endif
