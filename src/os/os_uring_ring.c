#include "os/os_uring_ring.h"

#include "os/openat2.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SQ_ENTRIES = 256, CQ_ENTRIES_MAX = 16384, CQ_ENTRIES_MIN = 1024, TRIAL_ENTRIES = 4 };
enum { WORKERS_MAX = 32 };

/* ---- setting up ------------------------------------------------------------------------------ */

/* One sentence for the user, without a full stop. `call` is what was refused. */
static void explain(Buf *reason, const char *call, int error) {
    switch (error) {
    case EPERM:
    case EACCES:
        buf_printf(reason, "%s is forbidden here (%s): a container or a seccomp filter refuses it",
                   call, error == EPERM ? "EPERM" : "EACCES");
        break;
    case ENOSYS:
        buf_printf(reason,
                   "%s is not there (ENOSYS): the kernel has none, or a seccomp filter hides it",
                   call);
        break;
    case ENOMEM:
        buf_printf(reason,
                   "%s got no memory (ENOMEM): the limit on locked memory (ulimit -l) is "
                   "too low",
                   call);
        break;
    case EMFILE:
    case ENFILE:
        buf_printf(reason, "%s got no descriptor: too many files are open", call);
        break;
    default:
        buf_printf(reason, "%s doesn't work here: %s", call, os_error_text(error));
        break;
    }
}

/* How the kernel's workers tell, the best first.
 *
 * DEFER_TASKRUN (Linux 6.1): a worker only notes that an operation has ended; the entry is put into
 * the completion queue, and what the operation took is freed, when the loop's thread asks for it,
 * many in one go. TASKRUN_FLAG shows in shared memory that there is something to ask for. The ring
 * belongs to the thread that enables it.
 *
 * COOP_TASKRUN (5.19): a worker puts its entry there itself, and leaves to this thread only to free
 * what the operation took: not at once by an interrupt, but when it enters the kernel anyhow. */
static const unsigned WAYS[] = {IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SINGLE_ISSUER |
                                    IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_R_DISABLED,
                                IORING_SETUP_COOP_TASKRUN, 0};

/* The completion queue as large as memory allows: less to flush when thousands end at once. */
static int set_up(struct io_uring *ring, unsigned flags) {
    int error = -ENOMEM;
    for (unsigned size = CQ_ENTRIES_MAX; size >= CQ_ENTRIES_MIN && error == -ENOMEM; size /= 4) {
        struct io_uring_params params = {.flags = IORING_SETUP_CQSIZE | flags, .cq_entries = size};
        error = io_uring_queue_init_params(SQ_ENTRIES, ring, &params);
    }
    return error;
}

/* The notifier tells of a ring while something lies in its completion queue. What is noted only is
 * told by the notifier's signal, once something is noted after uring_ring_order_wake. */
static int connect_notifier(struct io_uring *ring, Notifier *notifier) {
    const int watched = notifier_watch(notifier, ring->ring_fd);
    return watched < 0 || !uring_ring_is_deferred(ring)
               ? watched
               : io_uring_register_eventfd(ring, notifier->signal);
}

/* The kernel's own limit is four of its workers for each core. Enough for what computes; but an
 * fsync sleeps, and the file system serves many that sleep at once in one go. Refused (before Linux
 * 5.15): its own limit stays. Writes are not under it: the kernel sorts an entry with IOSQE_ASYNC
 * before it looks at the file, and then a write might be one to a pipe, which may never end. */
static void raise_workers(struct io_uring *ring) {
    unsigned workers[] = {0, 0}; /* those for files, those for what may never end; 0: only ask */
    if (io_uring_register_iowq_max_workers(ring, workers) == 0 && workers[0] < WORKERS_MAX) {
        (void)io_uring_register_iowq_max_workers(ring, (unsigned[]){WORKERS_MAX, 0});
    }
}

/* ---- completions ----------------------------------------------------------------------------- */

/* The system call itself: liburing has a function for it, which some of its versions (2.3) forgot
 * to export. */
int uring_ring_enable(struct io_uring *ring) {
    const bool is_disabled = (ring->flags & IORING_SETUP_R_DISABLED) != 0;
    return is_disabled && syscall(SYS_io_uring_register, ring->ring_fd,
                                  IORING_REGISTER_ENABLE_RINGS, NULL, 0) < 0
               ? -errno
               : 0;
}

/* One call puts a few into the queue, and the flag is raised again. It may also be raised, and stay
 * so, with nothing behind it: a worker notes first and raises it then, and what it noted may have
 * been put into the queue in between. */
void uring_ring_fetch(struct io_uring *ring) {
    unsigned before = 0;
    do {
        before = *ring->cq.ktail;
        (void)io_uring_get_events(ring);
    } while (*ring->cq.ktail != before && uring_ring_is_behind(ring));
}

/* What ended just before the order has told nobody: it is asked for by a call, not by the flag,
 * since only a call is sure to see what a worker that saw no order had noted by then. */
void uring_ring_order_wake(struct io_uring *ring) {
    if (uring_ring_is_deferred(ring) && io_uring_cq_ready(ring) == 0) {
        (void)io_uring_cq_eventfd_toggle(ring, true);
        atomic_thread_fence(memory_order_seq_cst);
        (void)io_uring_get_events(ring);
    }
}

void uring_ring_cancel_wake(struct io_uring *ring) {
    if (uring_ring_is_deferred(ring)) {
        (void)io_uring_cq_eventfd_toggle(ring, false);
    }
}

/* ---- trying out ------------------------------------------------------------------------------ */

typedef struct Trial {
    struct io_uring ring;
    unsigned flags;
    Notifier notifier; /* of its own: what it was told is nobody else's news */
    const Workspace *workspace;
    Buf *reason;
    bool works;
} Trial;

/* Submits the entry that is prepared and sees it complete through the notifier. False with the
 * reason where it does not. Without notifier_wait: its calls are counted by the trace. */
static bool try_entry(Trial *trial, struct io_uring_sqe *entry, int *result) {
    enum { PATIENCE_MS = 2000 };
    entry->flags |= IOSQE_ASYNC;
    io_uring_sqe_set_data(entry, NULL);
    uint64_t signals = 0; /* those of the entry before */
    (void)!read(trial->notifier.signal, &signals, sizeof signals);
    uring_ring_order_wake(&trial->ring);
    int taken = 0;
    do {
        taken = io_uring_submit(&trial->ring);
    } while (taken == -EINTR);
    if (taken < 0) {
        explain(trial->reason, "io_uring_enter", -taken);
        return false;
    }
    struct io_uring_cqe *done = NULL;
    if (taken != 1 || !notifier_is_ready(&trial->notifier, PATIENCE_MS) ||
        io_uring_peek_cqe(&trial->ring, &done) != 0) {
        buf_append_text(trial->reason,
                        "io_uring took an operation here, but epoll never saw it complete");
        return false;
    }
    *result = done->res;
    io_uring_cqe_seen(&trial->ring, done);
    return true;
}

/* An open as the run will ask for it, of the workspace itself, and its close. */
static bool try_out(Trial *trial) {
    struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
                           .resolve = openat2_resolve()};
    int result = 0;
    struct io_uring_sqe *entry = io_uring_get_sqe(&trial->ring);
    io_uring_prep_nop(entry);
    if (!try_entry(trial, entry, &result)) {
        return false;
    }
    entry = io_uring_get_sqe(&trial->ring);
    io_uring_prep_openat2(entry, trial->workspace->dir, ".", &how);
    if (!try_entry(trial, entry, &result)) {
        return false;
    }
    if (result < 0) {
        buf_printf(trial->reason,
                   "io_uring can't open files here (%s): it needs Linux 5.6 or later",
                   os_error_text(-result));
        return false;
    }
    entry = io_uring_get_sqe(&trial->ring);
    io_uring_prep_close(entry, result);
    return try_entry(trial, entry, &result);
}

static void *try_apart(void *argument) {
    Trial *trial = argument;
    const int error = io_uring_queue_init(TRIAL_ENTRIES, &trial->ring, trial->flags);
    if (error < 0) {
        explain(trial->reason, "io_uring", -error);
        return NULL;
    }
    const int watched = connect_notifier(&trial->ring, &trial->notifier);
    const int enabled = uring_ring_enable(&trial->ring);
    if (watched < 0) {
        buf_printf(trial->reason, "epoll can't watch an io_uring here: %s",
                   os_error_text(-watched));
    } else if (enabled < 0) {
        explain(trial->reason, "io_uring_register", -enabled);
    } else {
        trial->works = try_out(trial);
    }
    io_uring_queue_exit(&trial->ring);
    return NULL;
}

/* With a ring and on a thread of its own, where one can be had. The kernel's workers belong to the
 * thread that submitted, and the last of them stays as long as that does. It shares the table of
 * descriptors, which makes every call on one of them dearer, in a run that may have no file to work
 * on. */
static bool works_here(Trial *trial) {
    Diags diags = {0};
    pthread_t thread;
    if (!notifier_init(&trial->notifier, &diags)) {
        explain(trial->reason, "epoll", EMFILE);
        diags_finish(&diags);
        return false;
    }
    if (pthread_create(&thread, NULL, try_apart, trial) == 0) {
        pthread_join(thread, NULL);
    } else {
        try_apart(trial);
    }
    notifier_finish(&trial->notifier);
    return trial->works;
}

/* ---- life ------------------------------------------------------------------------------------ */

static bool init_in(unsigned flags, struct io_uring *ring, Notifier *notifier,
                    const Workspace *workspace, Buf *reason) {
    Trial trial = {.flags = flags, .workspace = workspace, .reason = reason};
    const int error = set_up(ring, flags);
    if (error < 0) {
        explain(reason, "io_uring", -error);
        return false;
    }
    raise_workers(ring);
    const int connected = connect_notifier(ring, notifier);
    if ((ring->features & IORING_FEAT_NODROP) == 0) {
        buf_append_text(reason, "this kernel's io_uring can lose completions: it needs Linux 5.6 "
                                "or later");
    } else if (connected < 0) {
        buf_printf(reason, "epoll can't watch an io_uring here: %s", os_error_text(-connected));
    } else if (works_here(&trial)) {
        uring_ring_cancel_wake(ring);
        return true;
    }
    io_uring_queue_exit(ring);
    return false;
}

bool uring_ring_init(struct io_uring *ring, Notifier *notifier, const Workspace *workspace,
                     Buf *reason) {
    bool works = false;
    for (size_t i = 0; i < sizeof WAYS / sizeof WAYS[0] && !works; i++) {
        buf_clear(reason);
        works = init_in(WAYS[i], ring, notifier, workspace, reason);
    }
    if (works) {
        buf_clear(reason);
    }
    return works;
}
