/* The one place where a loop sleeps: a kernel queue that is watched for three things, the engine's
 * own descriptor (io_uring's ring), a signal from the engine's threads, and a wake from anybody.
 *
 * Linux: an epoll and two eventfds. The eventfds are watched edge-triggered: each write is told
 * once, and nobody needs to read them empty.
 *
 * Threads: notifier_wait on the loop's; notifier_signal and notifier_wake on any, also in a signal
 * handler. */
#ifndef LOOPSCOPE_OS_NOTIFIER_H
#define LOOPSCOPE_OS_NOTIFIER_H

#include "base/diag.h"

#include <stdbool.h>
#include <stdint.h>

enum { NOTICE_WAKE = 1, NOTICE_ENGINE = 2 };

typedef struct Notifier {
    int queue;
    int wake;
    int signal;
    bool precise; /* the call that takes nanoseconds works, as far as we know */
} Notifier;

extern const char *const NOTIFIER_NAME; /* "epoll" */

bool notifier_init(Notifier *notifier, Diags *diags);
void notifier_finish(Notifier *notifier);

/* Watches `file` too, as NOTICE_ENGINE, for as long as it is readable. 0 or -errno. */
int notifier_watch(Notifier *notifier, int file);

/* One call of the system's: at most timeout_ns (-1: no limit; shorter where its limits demand,
 * never cut by rounding). *notices says what came. How many events the call returned, or -errno
 * (-EINTR). */
int notifier_wait(Notifier *notifier, int64_t timeout_ns, unsigned *notices);

/* True as soon as an event is there, without the call that notifier_wait makes: for trying out an
 * engine before the run. Waits at most timeout_ms. */
bool notifier_is_ready(const Notifier *notifier, int timeout_ms);

void notifier_wake(const Notifier *notifier);
void notifier_signal(const Notifier *notifier); /* NOTICE_ENGINE */

#endif
