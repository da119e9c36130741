/* System calls in their system's words, as the panel of calls shows them.
 *
 * Threads: any; no state. */
#ifndef LOOPSCOPE_VIEW_CALL_WORDS_H
#define LOOPSCOPE_VIEW_CALL_WORDS_H

#include "trace/log.h"

enum { CALL_MAX_BYTES = 256, CALL_NAME_MAX_BYTES = 96 };

/* What a call gave back; `error_text` is the log's, or EVENT_NONE. */
typedef struct CallAnswer {
    bool known;
    int64_t result;
    uint32_t error_text;
} CallAnswer;

/* "write", "open" */
const char *call_plain_name(IoCall call);

/* Whether an io_submitted or io_blocking is about an end of a channel. */
bool call_on_channel(const Event *event);

/* The name of its file (without folders) or its end; of a long one the begin and the end, so that
 * it does not push the answer out. */
void call_short_name(const Log *log, const Event *event, char out[CALL_NAME_MAX_BYTES]);

/* For an io_submitted to io_uring: "io_uring_enter(1) = 1", or "io_uring entry" where nobody could
 * hold the run, and one call hands over many. For one that a helper thread or an overlapped call
 * serves, or an io_blocking:
 * "pwrite64(a.txt) = 4096", "sendto(pipe.a, 1048576) = 219264", "sendto(pipe.a, 1) = -1 EPIPE",
 * "WriteFile(a.txt) ...". How much was asked for stands there where the answer is another number:
 * of what is in flight its card tells. */
void call_words(const Log *log, const Event *event, const CallAnswer *answer,
                char out[CALL_MAX_BYTES]);

/* The call by which a poll that may sleep, or one that may not, is made: "epoll_wait". */
void call_wait_name(const Log *log, bool may_sleep, char out[CALL_NAME_MAX_BYTES]);

/* For a poll, and the polled that answers it or NULL: "epoll_wait(0) = 1" of one that may not
 * sleep, "epoll_pwait2({0, 5000000}) = 2", "kevent(NULL) ...",
 * "GetQueuedCompletionStatusEx(INFINITE) = TRUE, 1": of the arguments the timeout, as the system
 * got it. Of several calls the last one's answer, and no timeout. */
void call_wait_words(const Log *log, const Event *poll, const Event *polled,
                     char out[CALL_MAX_BYTES]);

#endif
