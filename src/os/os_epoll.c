#include "os/notifier.h"

#include "base/assert.h"
#include "base/mem.h"

#include <errno.h>
#include <limits.h>
#include <linux/time_types.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OWN_EVENTS_MAX = 4, NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

/* Younger machines (arm64) have this call only with a signal mask behind it; none is given. */
#ifdef SYS_epoll_wait
#define EPOLL_WAIT SYS_epoll_wait
#else
#define EPOLL_WAIT SYS_epoll_pwait
#endif

const char *const NOTIFIER_NAME = "epoll";
const OsVia NOTIFIER_VIA = OS_VIA_EPOLL;
const bool NOTIFIER_TELLS_ONCE = true;

/* What epoll gives back with an event: a socket's number, or -1 and which of our own it is. */
static uint64_t tag(int file, unsigned notice) {
    return (uint64_t)(uint32_t)file << 32 | notice;
}

static int control(const Notifier *notifier, int what, int file, uint32_t events, uint64_t data) {
    struct epoll_event event = {.events = events, .data.u64 = data};
    return epoll_ctl(notifier->queue, what, file, &event) == 0 ? 0 : -errno;
}

static int watch(const Notifier *notifier, int file, uint32_t events, unsigned notice) {
    return control(notifier, EPOLL_CTL_ADD, file, events, tag(-1, notice));
}

/* Whether epoll_pwait2 is there, and no filter forbids it: asked for no event of no queue, which
 * the call itself refuses, for the one reason or the other. */
static bool waits_precisely(void) {
    const long done = syscall(SYS_epoll_pwait2, -1, NULL, 0, NULL, NULL, (size_t)0);
    return done < 0 && (errno == EINVAL || errno == EBADF);
}

/* One place for each that may be ready: what did not fit would come a turn late. */
static void make_room(Notifier *notifier) {
    const size_t need = notifier->sockets + OWN_EVENTS_MAX;
    notifier->events =
        mem_grow(notifier->events, &notifier->event_cap, need, sizeof(struct epoll_event));
    notifier->notices =
        mem_grow(notifier->notices, &notifier->notice_cap, need, sizeof *notifier->notices);
    ASSERT(notifier->event_cap <= notifier->notice_cap && notifier->event_cap <= INT_MAX);
}

bool notifier_init(Notifier *notifier, Diags *diags) {
    *notifier = (Notifier){.precise = waits_precisely()};
    notifier->sleeps_in = notifier->precise ? "epoll_pwait2" : "epoll_wait";
    notifier->queue = epoll_create1(EPOLL_CLOEXEC);
    notifier->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    notifier->signal = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (notifier->queue < 0 || notifier->wake < 0 || notifier->signal < 0 ||
        watch(notifier, notifier->wake, EPOLLIN | EPOLLET, NOTICE_WAKE) < 0 ||
        watch(notifier, notifier->signal, EPOLLIN | EPOLLET, NOTICE_ENGINE) < 0) {
        diags_add(diags, "--backend", "epoll can't be set up: %s", os_error_text(errno));
        notifier_finish(notifier);
        return false;
    }
    make_room(notifier);
    return true;
}

static void close_if_open(int *file) {
    if (*file >= 0) {
        close(*file);
    }
    *file = -1;
}

void notifier_finish(Notifier *notifier) {
    close_if_open(&notifier->queue);
    close_if_open(&notifier->wake);
    close_if_open(&notifier->signal);
    free(notifier->notices);
    free(notifier->events);
    notifier->notices = NULL;
    notifier->events = NULL;
}

int notifier_watch(Notifier *notifier, int file) {
    return watch(notifier, file, EPOLLIN, NOTICE_ENGINE);
}

int notifier_watch_socket(Notifier *notifier, int file, unsigned was, unsigned is) {
    if (was == is) {
        return 0;
    }
    const int what = was == 0 ? EPOLL_CTL_ADD : is == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
    const uint32_t events = (uint32_t)EPOLLET | ((is & NOTICE_READABLE) != 0 ? EPOLLIN : 0u) |
                            ((is & NOTICE_WRITABLE) != 0 ? EPOLLOUT : 0u);
    const int error = control(notifier, what, file, events, tag(file, 0));
    if (error == 0) {
        notifier->sockets += (size_t)(was == 0);
        notifier->sockets -= (size_t)(is == 0);
        make_room(notifier);
    }
    return error;
}

/* epoll_pwait2 takes nanoseconds (Linux 5.11). Not by the C library's functions: that for this call
 * is younger than some systems that have it, and in both a thread can be cancelled, which costs
 * (see system_send). */
static int wait_precisely(const Notifier *notifier, int64_t timeout_ns) {
    const struct __kernel_timespec timeout = {.tv_sec = timeout_ns / NS_PER_S,
                                              .tv_nsec = timeout_ns % NS_PER_S};
    return (int)syscall(SYS_epoll_pwait2, notifier->queue, notifier->events,
                        (int)notifier->event_cap, timeout_ns < 0 ? NULL : &timeout, NULL,
                        (size_t)0);
}

/* epoll_wait takes milliseconds: rounded up, since a timer must not fire early. Where it does not
 * sleep at all it is the cheaper of the two. */
static int wait_roughly(const Notifier *notifier, int64_t timeout_ns) {
    int timeout_ms = (int)timeout_ns;
    if (timeout_ns > 0) {
        const int64_t rounded_ms = timeout_ns / NS_PER_MS + (timeout_ns % NS_PER_MS != 0);
        timeout_ms = rounded_ms > INT_MAX ? INT_MAX : (int)rounded_ms;
    }
    return (int)syscall(EPOLL_WAIT, notifier->queue, notifier->events, (int)notifier->event_cap,
                        timeout_ms, NULL, (size_t)0);
}

/* An end that the other one left (EPOLLHUP, EPOLLERR) can be read and written: both say so. */
static Notice notice_of(const struct epoll_event *event) {
    const int file = (int)(int32_t)(event->data.u64 >> 32);
    if (file < 0) {
        return (Notice){.file = -1, .what = (unsigned)(uint32_t)event->data.u64};
    }
    return (Notice){.file = file,
                    .what = ((event->events & ~(uint32_t)EPOLLOUT) != 0 ? NOTICE_READABLE : 0u) |
                            ((event->events & ~(uint32_t)EPOLLIN) != 0 ? NOTICE_WRITABLE : 0u)};
}

int notifier_wait(Notifier *notifier, int64_t timeout_ns) {
    const bool is_precise = notifier->precise && timeout_ns != 0;
    const int count =
        is_precise ? wait_precisely(notifier, timeout_ns) : wait_roughly(notifier, timeout_ns);
    if (count < 0) {
        return -errno;
    }
    const struct epoll_event *events = notifier->events;
    for (int i = 0; i < count; i++) {
        notifier->notices[i] = notice_of(&events[i]);
    }
    return count;
}

bool notifier_is_ready(const Notifier *notifier, int timeout_ms) {
    struct pollfd queue = {.fd = notifier->queue, .events = POLLIN};
    int ready = 0;
    do {
        ready = poll(&queue, 1, timeout_ms);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

static void add_one(int file) {
    const uint64_t one = 1;
    const int saved = errno;              /* this may be a signal handler */
    (void)!write(file, &one, sizeof one); /* full: 2^64 - 2 signals are not lost, they are told */
    errno = saved;
}

void notifier_wake(const Notifier *notifier) {
    add_one(notifier->wake);
}

void notifier_signal(const Notifier *notifier) {
    add_one(notifier->signal);
}
