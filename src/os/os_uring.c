/* io_uring: operations are entries in a queue shared with the kernel, whose own worker threads do
 * them (IOSQE_ASYNC: always; else some file systems write inside the submitting call and hold the
 * loop). Completions appear in a second shared queue; epoll watches the ring's descriptor.
 *
 * Nothing is ever lost: what does not fit into the submission queue waits in ours, and completions
 * that do not fit into theirs wait in the kernel (IORING_FEAT_NODROP) until we make room. */
#include "base/assert.h"
#include "base/mem.h"
#include "os/engine.h"
#include "os/openat2.h"

#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { SQ_ENTRIES = 256, CQ_ENTRIES_MAX = 16384, CQ_ENTRIES_MIN = 1024 };
enum { GATHERED_MAX = 32, WORKERS_MAX = 32, RETRIES_MAX = 16, MODES = OS_MODE_R + 1 };

typedef struct Uring {
    Engine engine;
    struct io_uring ring;
    Notifier *notifier;
    const Workspace *workspace;
    struct open_how how[MODES];
    OpList backlog;   /* not yet in the submission queue */
    OpList refused;   /* the system would not take them; told at the next reap */
    unsigned peek_at; /* position in the completion queue up to which os_peek has looked */
} Uring;

static Uring *uring_of(Engine *engine) {
    return (Uring *)engine;
}

/* ---- handing over ---------------------------------------------------------------------------- */

static void fill_entry(const Uring *uring, struct io_uring_sqe *entry, OsOp *op) {
    const int target = (int)(int64_t)op->back_end[SLOT_TARGET];
    const uint64_t done = op->back_end[SLOT_DONE];
    const uint64_t left = op->size_bytes - done;
    const uint32_t chunk_bytes = uring->engine.chunk_bytes;
    const unsigned chunk = left < chunk_bytes ? (unsigned)left : chunk_bytes;
    switch (op->call) {
    case OS_OPENAT:
        /* A path that leaves by its text alone is the kernel's to refuse, too; "/" stands for
         * all of them, so that each is refused with the same EXDEV, the empty one included. */
        io_uring_prep_openat2(entry, uring->workspace->dir,
                              workspace_path_allowed(op->path) ? op->path : "/",
                              (struct open_how *)&uring->how[op->mode]);
        break;
    case OS_WRITE:
        io_uring_prep_write(entry, target, op->data + done, chunk,
                            op->offset < 0 ? UINT64_MAX : (uint64_t)op->offset + done);
        break;
    case OS_READ:
        io_uring_prep_read(entry, target, op->data, (unsigned)op->size_bytes, (uint64_t)op->offset);
        break;
    case OS_FSYNC:
        io_uring_prep_fsync(entry, target, 0);
        break;
    case OS_CLOSE:
        io_uring_prep_close(entry, target);
        break;
    default:
        ASSERT(false); /* no file operation */
    }
    entry->flags |= IOSQE_ASYNC;
    io_uring_sqe_set_data(entry, op);
}

/* The system calls for what stands in the submission queue. 0, -EAGAIN where the kernel takes it
 * later (it stays in the queue), or why it never will. */
static int enter(Uring *uring) {
    int taken = 0;
    do {
        taken = io_uring_submit(&uring->ring);
    } while (taken == -EINTR);
    if (taken == -EBUSY || taken == -EAGAIN || taken == 0) {
        return -EAGAIN;
    }
    return taken < 0 ? taken : 0;
}

/* The entries that the kernel will never take stay in the queue: they are made harmless. */
static void refuse_queued(Uring *uring, int error) {
    const struct io_uring_sq *queue = &uring->ring.sq;
    for (unsigned at = *queue->khead; at != queue->sqe_tail; at++) {
        struct io_uring_sqe *entry = &queue->sqes[at & queue->ring_mask];
        OsOp *op = (OsOp *)(uintptr_t)entry->user_data;
        if (op != NULL) {
            io_uring_prep_nop(entry);
            io_uring_sqe_set_data(entry, NULL);
            op->result = error;
            op_list_append(&uring->refused, op);
            notifier_signal(uring->notifier);
        }
    }
}

/* Hands over what stands in the queue; true where it is empty then. */
static bool empty_queue(Uring *uring) {
    int error = 0;
    while (io_uring_sq_ready(&uring->ring) > 0 && error == 0) {
        error = enter(uring);
    }
    if (error < 0 && error != -EAGAIN) {
        refuse_queued(uring, error);
    }
    return error == 0;
}

static bool put_entry(Uring *uring, OsOp *op) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&uring->ring);
    if (entry != NULL) {
        fill_entry(uring, entry, op);
    }
    return entry != NULL;
}

static bool uring_push(Engine *engine) {
    Uring *uring = uring_of(engine);
    bool emptied = empty_queue(uring);
    while (emptied && uring->backlog.first != NULL) {
        while (uring->backlog.first != NULL && put_entry(uring, uring->backlog.first)) {
            op_list_take(&uring->backlog);
        }
        emptied = empty_queue(uring);
    }
    return !emptied;
}

/* One system call hands over what many submits have gathered: see os_push. */
static void uring_submit(Engine *engine, OsOp *op) {
    Uring *uring = uring_of(engine);
    if (uring->backlog.first != NULL || !put_entry(uring, op)) {
        op_list_append(&uring->backlog, op);
        (void)uring_push(engine);
    } else if (io_uring_sq_ready(&uring->ring) >= GATHERED_MAX) {
        (void)empty_queue(uring);
    } else {
        op->is_instant = true;
    }
}

/* ---- completions ----------------------------------------------------------------------------- */

typedef enum Outcome { FINISHED, CUT_SHORT, TRY_AGAIN, FOLDERS_MISSING } Outcome;

/* What a completion means; pure, so that a look and a reap agree. */
static Outcome outcome_of(const OsOp *op, int result) {
    const bool retriable =
        (result == -EINTR && op->call != OS_CLOSE) || (result == -EAGAIN && op->call == OS_OPENAT);
    if (retriable && op->back_end[SLOT_RETRIES] < RETRIES_MAX) {
        return TRY_AGAIN;
    }
    if (op->call == OS_OPENAT && op->back_end[SLOT_FOLDERS] == 0 &&
        workspace_path_allowed(op->path) && workspace_wants_folders(op->path, op->mode, result)) {
        return FOLDERS_MISSING;
    }
    if (op->call == OS_WRITE && result > 0 &&
        op->back_end[SLOT_DONE] + (uint64_t)result < op->size_bytes) {
        return CUT_SHORT;
    }
    return FINISHED;
}

static int64_t final_result(const OsOp *op, int result) {
    if (op->call == OS_OPENAT && result < 0) {
        return workspace_open_error(result);
    }
    if (op->call == OS_OPENAT) {
        const int admitted = workspace_admit(result);
        return admitted < 0 ? admitted : result;
    }
    if (op->call == OS_WRITE && result >= 0) {
        const uint64_t done = op->back_end[SLOT_DONE] + (uint64_t)result;
        return done < op->size_bytes ? -EIO : (int64_t)done; /* no progress, no reason given */
    }
    return result;
}

/* Takes one completion: the operation is finished, or goes back for what is missing. */
static void take(Uring *uring, OsOp *op, int result, OpList *finished) {
    switch (outcome_of(op, result)) {
    case FINISHED:
        op->result = final_result(op, result);
        op_list_append(finished, op);
        return;
    case CUT_SHORT:
        op->back_end[SLOT_DONE] += (uint64_t)result;
        break;
    case TRY_AGAIN:
        op->back_end[SLOT_RETRIES]++;
        break;
    case FOLDERS_MISSING:
        op->back_end[SLOT_FOLDERS] = 1;
        const int made = workspace_make_folders(uring->workspace, op->path);
        if (made < 0) {
            op->result = made;
            op_list_append(finished, op);
            return;
        }
        break;
    }
    uring_submit(&uring->engine, op);
}

static void reap_queue(Uring *uring, OpList *finished) {
    struct io_uring_cqe *entry = NULL;
    while (io_uring_peek_cqe(&uring->ring, &entry) == 0) { /* fetches what overflowed, too */
        OsOp *op = io_uring_cqe_get_data(entry);
        const int result = entry->res;
        io_uring_cqe_seen(&uring->ring, entry);
        if (op != NULL) {
            take(uring, op, result, finished);
        }
    }
}

static void uring_reap(Engine *engine, OpList *finished) {
    Uring *uring = uring_of(engine);
    op_list_append_all(finished, &uring->refused);
    reap_queue(uring, finished);
    uring->peek_at = *uring->ring.cq.khead;
    (void)uring_push(engine);
}

/* Reads the queue's tail, which the kernel moves, in shared memory: no system call. */
static OsOp *uring_peek(Engine *engine) {
    Uring *uring = uring_of(engine);
    const struct io_uring_cq *queue = &uring->ring.cq;
    while (uring->peek_at != io_uring_smp_load_acquire(queue->ktail)) {
        const struct io_uring_cqe *entry = &queue->cqes[uring->peek_at & queue->ring_mask];
        OsOp *op = io_uring_cqe_get_data(entry);
        uring->peek_at++;
        if (op != NULL && outcome_of(op, entry->res) == FINISHED) {
            op->back_end[SLOT_PEEKED] = 1;
            return op;
        }
    }
    return NULL;
}

static void uring_block(Engine *engine) {
    Uring *uring = uring_of(engine);
    struct io_uring_cqe *entry = NULL;
    const bool stuck = uring_push(engine);
    if (stuck) { /* perhaps nothing is in the kernel that could end: look again soon */
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    } else if (uring->refused.first == NULL) {
        (void)io_uring_wait_cqe(&uring->ring, &entry); /* an interrupted wait: the caller's loop */
    }
}

static void uring_destroy(Engine *engine) {
    Uring *uring = uring_of(engine);
    io_uring_queue_exit(&uring->ring);
    free(uring);
}

static const EngineTable URING_TABLE = {
    .via = OS_VIA_IO_URING,
    .destroy = uring_destroy,
    .submit = uring_submit,
    .reap = uring_reap,
    .peek = uring_peek,
    .push = uring_push,
    .block = uring_block,
};

/* ---- is it really there? --------------------------------------------------------------------- */

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

/* The completion queue as large as memory allows: less to flush when thousands end at once. */
static int set_up_with(struct io_uring *ring, struct io_uring_params *params, unsigned flags) {
    int error = -ENOMEM;
    for (unsigned size = CQ_ENTRIES_MAX; size >= CQ_ENTRIES_MIN && error == -ENOMEM; size /= 4) {
        *params =
            (struct io_uring_params){.flags = IORING_SETUP_CQSIZE | flags, .cq_entries = size};
        error = io_uring_queue_init_params(SQ_ENTRIES, ring, params);
    }
    return error;
}

/* A worker puts its completion into the queue itself, and leaves to this thread only to free what
 * the operation took. COOP_TASKRUN (Linux 5.19): not at once by an interrupt, but when this thread
 * enters the kernel anyhow. DEFER_TASKRUN would save more, and hide the completions until then:
 * os_peek would see nothing. */
static int set_up(struct io_uring *ring, struct io_uring_params *params) {
    const int error = set_up_with(ring, params, IORING_SETUP_COOP_TASKRUN);
    return error == -EINVAL ? set_up_with(ring, params, 0) : error;
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

/* Submits the entry that is prepared and sees it complete through the notifier. False with the
 * reason where it does not. Without notifier_wait: its calls are counted by the trace. */
static bool try_entry(Uring *uring, struct io_uring_sqe *entry, int *result, Buf *reason) {
    enum { PATIENCE_MS = 2000 };
    entry->flags |= IOSQE_ASYNC;
    io_uring_sqe_set_data(entry, NULL);
    int taken = 0;
    do {
        taken = io_uring_submit(&uring->ring);
    } while (taken == -EINTR);
    if (taken < 0) {
        explain(reason, "io_uring_enter", -taken);
        return false;
    }
    struct io_uring_cqe *done = NULL;
    if (taken != 1 || !notifier_is_ready(uring->notifier, PATIENCE_MS) ||
        io_uring_peek_cqe(&uring->ring, &done) != 0) {
        buf_append_text(reason, "io_uring took an operation here, but epoll never saw it complete");
        return false;
    }
    *result = done->res;
    io_uring_cqe_seen(&uring->ring, done);
    return true;
}

/* An open as the run will ask for it, of the workspace itself, and its close. */
static bool try_out(Uring *uring, Buf *reason) {
    struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
                           .resolve = openat2_resolve()};
    int result = 0;
    struct io_uring_sqe *entry = io_uring_get_sqe(&uring->ring);
    io_uring_prep_nop(entry);
    if (!try_entry(uring, entry, &result, reason)) {
        return false;
    }
    entry = io_uring_get_sqe(&uring->ring);
    io_uring_prep_openat2(entry, uring->workspace->dir, ".", &how);
    if (!try_entry(uring, entry, &result, reason)) {
        return false;
    }
    if (result < 0) {
        buf_printf(reason, "io_uring can't open files here (%s): it needs Linux 5.6 or later",
                   os_error_text(-result));
        return false;
    }
    entry = io_uring_get_sqe(&uring->ring);
    io_uring_prep_close(entry, result);
    return try_entry(uring, entry, &result, reason);
}

typedef struct Trial {
    Uring *uring;
    Buf *reason;
    bool works;
} Trial;

static void *try_apart(void *argument) {
    Trial *trial = argument;
    trial->works = try_out(trial->uring, trial->reason);
    return NULL;
}

/* On a thread of its own, where one can be had. The kernel's workers belong to the thread that
 * submitted, and the last of them stays as long as that does. It shares the table of descriptors,
 * which makes every call on one of them dearer, in a run that may have no file to work on. */
static bool works_here(Uring *uring, Buf *reason) {
    Trial trial = {.uring = uring, .reason = reason};
    pthread_t thread;
    if (pthread_create(&thread, NULL, try_apart, &trial) == 0) {
        pthread_join(thread, NULL);
    } else {
        try_apart(&trial);
    }
    return trial.works;
}

static void fill_hows(Uring *uring) {
    for (int mode = OS_MODE_W; mode < MODES; mode++) {
        const int flags = workspace_open_flags((OsMode)mode);
        uring->how[mode] = (struct open_how){.flags = (uint64_t)(unsigned)flags,
                                             .mode = (flags & O_CREAT) != 0 ? 0666 : 0,
                                             .resolve = openat2_resolve()};
    }
}

Engine *engine_uring_create(Notifier *notifier, const Workspace *workspace, uint32_t threads_max,
                            Buf *reason) {
    (void)threads_max; /* the kernel has its own */
    Uring *uring = mem_alloc(1, sizeof *uring);
    uring->engine = (Engine){.table = &URING_TABLE, .chunk_bytes = OS_READ_MAX_BYTES};
    uring->notifier = notifier;
    uring->workspace = workspace;
    fill_hows(uring);
    struct io_uring_params params;
    const int error = set_up(&uring->ring, &params);
    if (error < 0) {
        explain(reason, "io_uring", -error);
        free(uring);
        return NULL;
    }
    raise_workers(&uring->ring);
    bool works = false;
    const int watched = notifier_watch(notifier, uring->ring.ring_fd);
    if ((params.features & IORING_FEAT_NODROP) == 0) {
        buf_append_text(reason, "this kernel's io_uring can lose completions: it needs Linux 5.6 "
                                "or later");
    } else if (watched < 0) {
        buf_printf(reason, "epoll can't watch an io_uring here: %s", os_error_text(-watched));
    } else {
        works = works_here(uring, reason);
    }
    if (!works) {
        uring_destroy(&uring->engine);
        return NULL;
    }
    uring->peek_at = *uring->ring.cq.khead;
    uring->engine.look = (OsLook){(const _Atomic unsigned *)uring->ring.cq.ktail, &uring->peek_at};
    return &uring->engine;
}
