/* What the files of the captions share: what a sentence is told from, and who tells of the loop.
 *
 * Threads: as caption.h. */
#ifndef LOOPSCOPE_VIEW_CAPTION_TOLD_H
#define LOOPSCOPE_VIEW_CAPTION_TOLD_H

#include "base/format.h"
#include "view/caption.h"
#include "view/caption_words.h"

#include <string.h>

/* What a row gets: the event, and the state after it. */
typedef struct Told {
    const State *state;
    const Timeline *timeline;
    const Log *log;
    const LoopInfo *loop;
    const Event *event;
    uint64_t n;
} Told;

static inline const char *text_of(const Told *told, uint32_t text) {
    return log_text(told->log, text, NULL);
}

static inline const char *task_of(const Told *told, uint32_t task) {
    return task == EVENT_NONE ? "the loop" : words_task(told->timeline, task);
}

/* The name of the call that asks, without its brackets: "epoll_wait". */
static inline void append_wait_call(const Told *told, Buf *out) {
    const char *call = caption_wait_call(told->log);
    buf_append(out, call, strcspn(call, "("));
}

static inline const char *the_os(const Told *told) {
    return words_os(told->log);
}

static inline const char *The_os(const Told *told) {
    return the_os(told)[4] == 's' ? "The simulated OS" : "The OS";
}

static inline const char *plural(uint64_t count) {
    return count == 1 ? "" : "s";
}

/* ---- caption_loop.c: the loop itself ---- */

void caption_tell_loop_start(const Told *told, Buf *out);
void caption_tell_poll(const Told *told, Buf *out);
void caption_tell_polled(const Told *told, Buf *out);
void caption_tell_iteration(const Told *told, Buf *out);
void caption_tell_loop_stop(const Told *told, Buf *out);
void caption_tell_loop_blocked(const Told *told, Buf *out);
void caption_tell_deadlock(const Told *told, Buf *out);
void caption_tell_limit(const Told *told, Buf *out);

#endif
