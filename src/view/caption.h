/* Captions: every event told in one sentence, present tense, cause first. A table, a row a kind;
 * the window and `run --narrate` read the same.
 *
 * Threads: one reader at a time (the State is looked at, not moved). */
#ifndef LOOPSCOPE_VIEW_CAPTION_H
#define LOOPSCOPE_VIEW_CAPTION_H

#include "base/buf.h"
#include "trace/timeline.h"
#include "view/beat.h"

/* Appends the sentence for event n, at most about 90 characters where names are short. `state` must
 * stand after event n (count n + 1). Tasks are called by their names. */
void caption_event(const State *state, uint64_t n, Buf *out);

/* The same for several events that are shown as one; `state` stands after one of them. */
void caption_beat(const State *state, const Beat *beat, Buf *out);

/* The task that the caption is about, for its badge; EVENT_NONE where there is none. */
uint32_t caption_task(const State *state, uint64_t n);

/* What a waiting task waits for: "write 64 KiB", "its sleep of 100 ms", "the result of b". */
void caption_wait(const State *state, const TaskInfo *task, Buf *out);

/* "write 65536 B", "open", as the operation's card says it. */
void caption_op(const Timeline *timeline, const OpInfo *op, Buf *out);

/* The call that asks the system, as written in code: "epoll_wait()". */
const char *caption_wait_call(const Log *log);

#endif
