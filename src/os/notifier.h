/* The one place where a loop sleeps: a kernel queue that watches the engine's own descriptor
 * (io_uring's ring), a signal from the engine's threads, a wake from anybody, and the sockets of
 * channels.
 *
 * Linux: an epoll and two eventfds. The eventfds are watched edge-triggered: each write is told
 * once, and nobody needs to read them empty.
 *
 * Threads: notifier_wait on the loop's; notifier_signal and notifier_wake on any, also in a signal
 * handler. */
#ifndef LOOPSCOPE_OS_NOTIFIER_H
#define LOOPSCOPE_OS_NOTIFIER_H

#include "os/os.h"

#include <stdbool.h>
#include <stdint.h>

/* What a notice says, and what a socket is watched for. */
enum { NOTICE_WAKE = 1, NOTICE_ENGINE = 2, NOTICE_READABLE = 4, NOTICE_WRITABLE = 8 };

typedef struct Notice {
    int file; /* a socket; -1: our own */
    unsigned what;
    int error; /* the socket's own, an errno, where the event carries it; else 0 */
} Notice;

typedef struct Notifier {
    int queue;
    int wake;
    int signal;
    bool precise;          /* Linux: the call that takes nanoseconds works */
    const char *sleeps_in; /* the name of the call that may sleep */
    Notice *notices;       /* of the last wait */
    size_t notice_cap;
    void *events; /* the system's own form of them */
    size_t event_cap;
    size_t sockets; /* that are watched */
} Notifier;

extern const char *const NOTIFIER_NAME; /* "epoll" */
extern const OsVia NOTIFIER_VIA;
/* A socket is told as readable when something comes, once; else at every wait for as long as it is
 * so. */
extern const bool NOTIFIER_TELLS_ONCE;

bool notifier_init(Notifier *notifier, Diags *diags);
void notifier_finish(Notifier *notifier);

/* Watches `file` too, as NOTICE_ENGINE, for as long as it is readable. 0 or -errno. */
int notifier_watch(Notifier *notifier, int file);

/* Watches a socket for NOTICE_READABLE and NOTICE_WRITABLE, `was` is what it was watched for, 0 for
 * nothing. What it is already when that changes is told, too. An end that the other one left is
 * both. 0 or -errno. */
int notifier_watch_socket(Notifier *notifier, int file, unsigned was, unsigned is);

/* One call of the system's: at most timeout_ns (-1: no limit; shorter where its limits demand,
 * never cut by rounding). notifier->notices says what came, in the system's order, one an event.
 * How many events the call returned, or -errno (-EINTR). */
int notifier_wait(Notifier *notifier, int64_t timeout_ns);

/* True as soon as an event is there, without the call that notifier_wait makes: for trying out an
 * engine before the run. Waits at most timeout_ms. */
bool notifier_is_ready(const Notifier *notifier, int timeout_ms);

void notifier_wake(const Notifier *notifier);
void notifier_signal(const Notifier *notifier); /* NOTICE_ENGINE */

#endif
