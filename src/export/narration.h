/* The story of a run in words: a sentence an event, as `run --narrate` and .txt have it.
 *
 * Ownership: the caller's. Threads: the reader's. */
#ifndef LOOPSCOPE_EXPORT_NARRATION_H
#define LOOPSCOPE_EXPORT_NARRATION_H

#include "base/buf.h"
#include "trace/timeline.h"

/* Appends event n as a line: its number, its time and its sentence. Moves `state` to after n. */
void narration_line(State *state, uint64_t n, Buf *out);

#endif
