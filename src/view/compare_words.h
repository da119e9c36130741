/* What two runs come to, in words: for the window, the table and its JSON.
 *
 * Threads: one reader at a time of the timelines. */
#ifndef LOOPSCOPE_VIEW_COMPARE_WORDS_H
#define LOOPSCOPE_VIEW_COMPARE_WORDS_H

#include "base/buf.h"
#include "trace/compare.h"

/* "The second takes 2.9 times as long as the first."; of a real run and a simulated one, that their
 * times are not comparable. */
void compare_words_ratio(const Comparison *comparison, const Log *const logs[COMPARE_RUNS],
                         Buf *out);

/* Whether the ratio of the two times says anything: both are real, or both simulated. */
bool compare_times_tell(const Log *const logs[COMPARE_RUNS]);

/* "Their orders are the same." or "Their orders part after 12 events that are the same." */
void compare_words_alike(const Comparison *comparison, Buf *out);

/* The event of a run in which the orders part, as its caption says it; "It ends here." where that
 * run has no such event. Only where there is a difference. */
void compare_words_event(const Comparison *comparison, size_t run, Timeline *timeline, Buf *out);

/* "done", "failed", "cancelled", "not ended". */
const char *compare_words_end(TaskPhase end);

#endif
