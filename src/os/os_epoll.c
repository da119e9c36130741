#include "os/notifier.h"

#include "os/os.h"

#include <errno.h>
#include <limits.h>
#include <linux/time_types.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { EVENTS_MAX = 4, NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

const char *const NOTIFIER_NAME = "epoll";

static int watch(const Notifier *notifier, int file, uint32_t events, unsigned notice) {
    struct epoll_event event = {.events = events, .data.u32 = notice};
    return epoll_ctl(notifier->queue, EPOLL_CTL_ADD, file, &event) == 0 ? 0 : -errno;
}

bool notifier_init(Notifier *notifier, Diags *diags) {
    notifier->queue = epoll_create1(EPOLL_CLOEXEC);
    notifier->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    notifier->signal = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    notifier->precise = true;
    if (notifier->queue < 0 || notifier->wake < 0 || notifier->signal < 0 ||
        watch(notifier, notifier->wake, EPOLLIN | EPOLLET, NOTICE_WAKE) < 0 ||
        watch(notifier, notifier->signal, EPOLLIN | EPOLLET, NOTICE_ENGINE) < 0) {
        diags_add(diags, "--backend", "epoll can't be set up: %s", os_error_text(errno));
        notifier_finish(notifier);
        return false;
    }
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
}

int notifier_watch(Notifier *notifier, int file) {
    return watch(notifier, file, EPOLLIN, NOTICE_ENGINE);
}

/* epoll_pwait2 takes nanoseconds (Linux 5.11); the C library's function for it is younger than some
 * systems that have the call. */
static int wait_precisely(const Notifier *notifier, struct epoll_event *events,
                          int64_t timeout_ns) {
    const struct __kernel_timespec timeout = {.tv_sec = timeout_ns / NS_PER_S,
                                              .tv_nsec = timeout_ns % NS_PER_S};
    return (int)syscall(SYS_epoll_pwait2, notifier->queue, events, EVENTS_MAX,
                        timeout_ns < 0 ? NULL : &timeout, NULL, (size_t)0);
}

/* epoll_wait takes milliseconds: rounded up, since a timer must not fire early. */
static int wait_roughly(const Notifier *notifier, struct epoll_event *events, int64_t timeout_ns) {
    int timeout_ms = -1;
    if (timeout_ns >= 0) {
        const int64_t rounded_ms = timeout_ns / NS_PER_MS + (timeout_ns % NS_PER_MS != 0);
        timeout_ms = rounded_ms > INT_MAX ? INT_MAX : (int)rounded_ms;
    }
    return epoll_wait(notifier->queue, events, EVENTS_MAX, timeout_ms);
}

int notifier_wait(Notifier *notifier, int64_t timeout_ns, unsigned *notices) {
    struct epoll_event events[EVENTS_MAX];
    *notices = 0;
    const int count = notifier->precise ? wait_precisely(notifier, events, timeout_ns)
                                        : wait_roughly(notifier, events, timeout_ns);
    if (count < 0) {
        const int error = errno;
        if (notifier->precise && (error == ENOSYS || error == EPERM || error == EACCES)) {
            notifier->precise = false; /* an older kernel, or a filter; the caller asks again */
            return -EINTR;
        }
        return -error;
    }
    for (int i = 0; i < count; i++) {
        *notices |= events[i].data.u32;
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
