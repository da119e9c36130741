/* The words that captions are made of: how a wait, an operation, a step or a limit is called.
 * Internal to view/ (caption.c and the lanes' labels).
 *
 * Threads: any; reads the log and the timeline alone. */
#ifndef LOOPSCOPE_VIEW_CAPTION_WORDS_H
#define LOOPSCOPE_VIEW_CAPTION_WORDS_H

#include "base/buf.h"
#include "base/format.h"
#include "trace/timeline.h"

/* A wait in a sentence ("its write of 64 KiB"), on a card ("write 64 KiB", "its sleep of 100 ms")
 * or as a lane's label ("write 64 KiB", "sleep 100 ms"). */
typedef enum WordsStyle { WORDS_SENTENCE, WORDS_CARD, WORDS_LABEL } WordsStyle;

const char *words_task(const Timeline *timeline, uint32_t task);
const char *words_os(const Log *log); /* "the OS", or "the simulated OS" */

/* A duration that somebody asked for, seen a few microseconds later: "100 ms", not "99.998 ms". */
char *words_duration(char out[FORMAT_MAX], uint64_t ns);

/* At most max_chars characters of `text` on one line, with an ellipsis where it was longer. */
void words_cut(const char *text, size_t max_chars, Buf *out);

/* "step 3", "step 3.1" (inside a block), "step 2 of fetch", from a step's JSON Pointer. */
void words_step(const char *pointer, Buf *out);
void words_step_number(const char *pointer, Buf *out); /* "3", "3.1" */

/* What the `task_waiting` event says; it stands at n or later in the log. */
void words_wait(const Timeline *timeline, const Event *waiting, uint64_t n, WordsStyle style,
                Buf *out);
/* "The write to a.txt is finished", or has failed: that wait is over. */
void words_wait_over(const Timeline *timeline, const Event *waiting, uint64_t n, Buf *out);

/* The word of the step that asks for it: "open", "receive". */
const char *words_verb(IoCall call);
/* "write 65 536 B", "open". */
void words_op(IoCall call, int64_t bytes, Buf *out);

/* An operation's event (io_submitted, io_blocking): "write 64 KiB to a.txt"; "write to a.txt";
 * "64 KiB are written to a.txt" or what went wrong. */
void words_io_request(const Timeline *timeline, const Event *io, Buf *out);
void words_io_noun(const Timeline *timeline, const Event *io, Buf *out);
void words_io_result(const Timeline *timeline, const Event *io, int64_t result, uint32_t error_text,
                     Buf *out);

/* The same of an io_completed; of a channel: "pipe.b is ready to receive, so it can be tried". */
void words_io_completion(const Timeline *timeline, const Event *io, int64_t result,
                         uint32_t error_text, Buf *out);

/* What words_wait says of an operation that was asked of the system. */
void words_io_wait(const Timeline *timeline, const Event *io, WordsStyle style, Buf *out);

/* Why a task waits at something shared, after event n: ", which anna holds" of a lock, "" of what
 * explains itself. `state` stands there. */
void words_shared_why(const State *state, uint32_t name, Buf *out);

/* Who did what an io_blocking tells: "a keeps the thread until the OS has done it: ". */
void words_io_actor(const Timeline *timeline, const Event *blocking, uint32_t running, Buf *out);

/* "set a's sleep": a callback_ready event's purpose and whom it serves. */
void words_callback(const Timeline *timeline, const Event *ready, Buf *out);

/* "1 GiB written": a limit and its value. */
void words_limit(const char *what, uint64_t value, Buf *out);

/* ---- the events that explain one at n; NULL where they stand too far back to look for ---- */

const Event *words_op_submitted(const Timeline *timeline, uint32_t op);
const Event *words_timer_set(const Log *log, uint64_t n, uint32_t timer);
const Event *words_callback_ready(const Log *log, uint64_t n, uint32_t callback);
const Event *words_last_wait(const Log *log, uint64_t n, uint32_t task, uint64_t *wait_n);

#endif
