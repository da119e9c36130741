/* macOS and the BSDs: a kqueue in front, helper threads behind it. kqueue takes a regular file and
 * calls it writable for ever, which says nothing, and macOS can't report asynchronous file calls to
 * it; so files are the helpers' work, and they make an EVFILT_USER event of the queue go off. A
 * socket is watched itself: EVFILT_READ and EVFILT_WRITE are two entries, each told by itself.
 *
 * Triggers that come before the queue is looked at are one event (EV_CLEAR), as many as there were:
 * the list of what is finished is the pool's. An event is known by its ident, never by its udata:
 * the change that triggers it would overwrite that. */
#include "base/assert.h"
#include "base/mem.h"
#include "os/engine.h"
#include "os/notifier.h"
#include "os/system.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/types.h>

#include <sys/event.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
    OWN_EVENTS = 2, /* idents of EVFILT_USER: NOTICE_WAKE and NOTICE_ENGINE */
    NS_PER_S = 1000000000,
    TIMEOUT_MAX_S = 24 * 60 * 60, /* some refuse or misread years; the caller asks again */
};

const char *const NOTIFIER_NAME = "kqueue";
const OsVia NOTIFIER_VIA = OS_VIA_KQUEUE;
const bool NOTIFIER_TELLS_ONCE = false;

/* ---- the queue ------------------------------------------------------------------------------- */

/* One change, at once. 0 or -errno. */
static int change(const Notifier *notifier, int ident, short filter, unsigned short flags,
                  unsigned fflags) {
    struct kevent event;
    EV_SET(&event, (uintptr_t)ident, filter, flags, fflags, 0, NULL);
    int done = -1;
    do {
        done = kevent(notifier->queue, &event, 1, NULL, 0, NULL);
    } while (done < 0 && errno == EINTR);
    return done < 0 ? -errno : 0;
}

bool notifier_init(Notifier *notifier, Diags *diags) {
    *notifier = (Notifier){.queue = kqueue(), .sleeps_in = "kevent"};
    int error = notifier->queue < 0 ? -errno : 0;
    if (error == 0) {
        (void)fcntl(notifier->queue, F_SETFD, FD_CLOEXEC);
        error = change(notifier, NOTICE_WAKE, EVFILT_USER, EV_ADD | EV_CLEAR, 0);
    }
    if (error == 0) {
        error = change(notifier, NOTICE_ENGINE, EVFILT_USER, EV_ADD | EV_CLEAR, 0);
    }
    if (error < 0) {
        diags_add(diags, "--backend", "kqueue can't be set up: %s", os_error_text(-error));
        notifier_finish(notifier);
    }
    return error == 0;
}

void notifier_finish(Notifier *notifier) {
    if (notifier->queue >= 0) {
        close(notifier->queue);
    }
    notifier->queue = -1;
    free(notifier->notices);
    free(notifier->events);
    notifier->notices = NULL;
    notifier->events = NULL;
}

static int watch_for(Notifier *notifier, int file, short filter, bool was, bool is) {
    if (was == is) {
        return 0;
    }
    const int error = change(notifier, file, filter, is ? EV_ADD : EV_DELETE, 0);
    if (error == 0) {
        notifier->sockets += (size_t)is;
        notifier->sockets -= (size_t)was;
    }
    return error;
}

int notifier_watch_socket(Notifier *notifier, int file, unsigned was, unsigned is) {
    const int error = watch_for(notifier, file, EVFILT_READ, (was & NOTICE_READABLE) != 0,
                                (is & NOTICE_READABLE) != 0);
    return error < 0 ? error
                     : watch_for(notifier, file, EVFILT_WRITE, (was & NOTICE_WRITABLE) != 0,
                                 (is & NOTICE_WRITABLE) != 0);
}

/* One place for each that may be ready: what did not fit would come a turn late. */
static void make_room(Notifier *notifier) {
    const size_t need = notifier->sockets + OWN_EVENTS;
    notifier->events =
        mem_grow(notifier->events, &notifier->event_cap, need, sizeof(struct kevent));
    notifier->notices =
        mem_grow(notifier->notices, &notifier->notice_cap, need, sizeof *notifier->notices);
    ASSERT(notifier->event_cap <= notifier->notice_cap && notifier->event_cap <= INT_MAX);
}

static Notice notice_of(const struct kevent *event) {
    if (event->filter == EVFILT_USER) {
        return (Notice){.file = -1, .what = (unsigned)event->ident};
    }
    ASSERT(event->filter == EVFILT_READ || event->filter == EVFILT_WRITE);
    return (Notice){
        .file = (int)event->ident,
        .what = event->filter == EVFILT_READ ? NOTICE_READABLE : NOTICE_WRITABLE,
        .error = (event->flags & EV_EOF) != 0 ? (int)event->fflags : 0,
    };
}

int notifier_wait(Notifier *notifier, int64_t timeout_ns) {
    make_room(notifier);
    const int64_t timeout_s = timeout_ns / NS_PER_S;
    const struct timespec timeout = {
        .tv_sec = (time_t)(timeout_s < TIMEOUT_MAX_S ? timeout_s : TIMEOUT_MAX_S),
        .tv_nsec = (long)(timeout_s < TIMEOUT_MAX_S ? timeout_ns % NS_PER_S : 0)};
    struct kevent *events = notifier->events;
    const int count = kevent(notifier->queue, NULL, 0, events, (int)notifier->event_cap,
                             timeout_ns < 0 ? NULL : &timeout);
    if (count < 0) {
        return -errno;
    }
    for (int i = 0; i < count; i++) {
        notifier->notices[i] = notice_of(&events[i]);
    }
    return count;
}

static void trigger(const Notifier *notifier, int ident) {
    const int saved = errno; /* this may be a signal handler */
    const int error = change(notifier, ident, EVFILT_USER, 0, NOTE_TRIGGER);
    ASSERT(error == 0);
    errno = saved;
}

void notifier_wake(const Notifier *notifier) {
    trigger(notifier, NOTICE_WAKE);
}

void notifier_signal(const Notifier *notifier) {
    trigger(notifier, NOTICE_ENGINE);
}

/* ---- the back end ---------------------------------------------------------------------------- */

static Os *create_kqueue(const OsConfig *config, Buf *reason, Diags *diags) {
    return os_posix_create(OS_BACKEND_KQUEUE, engine_threads_create, config, reason, diags);
}

const SystemBackend SYSTEM_BACKENDS[] = {
    {OS_BACKEND_KQUEUE,
     "helper threads do the calls, EVFILT_USER wakes kqueue; sockets are watched themselves",
     create_kqueue},
    {OS_BACKEND_AUTO, NULL, NULL},
};

void system_try_file(const char *folder, Buf *out) {
    Buf path = {0};
    buf_printf(&path, "%s/regular", folder);
    const int file = open(buf_text(&path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const int queue = kqueue();
    struct kevent event;
    const struct timespec at_once = {0};
    EV_SET(&event, (uintptr_t)file, EVFILT_WRITE, EV_ADD, 0, 0, NULL);
    const int told = kevent(queue, &event, 1, &event, 1, &at_once);
    if (told == 1 && (event.flags & EV_ERROR) == 0) {
        buf_append_text(out,
                        "kevent(EVFILT_WRITE) calls a regular file writable at once, and always: "
                        "they go to helper threads");
    } else {
        buf_printf(out, "kevent(EVFILT_WRITE) of a regular file = %d: they go to helper threads",
                   told);
    }
    if (queue >= 0) {
        close(queue);
    }
    if (file >= 0) {
        close(file);
        (void)unlink(buf_text(&path));
    }
    buf_finish(&path);
}
