/* io_uring: operations are entries in a queue shared with the kernel, whose own worker threads do
 * them (IOSQE_ASYNC: always; else some file systems write inside the submitting call and hold the
 * loop). Completions appear in a second shared queue; epoll watches the ring's descriptor. How they
 * come there is os_uring_ring.h's matter.
 *
 * Nothing is ever lost: what does not fit into the submission queue waits in ours, and completions
 * that do not fit into theirs wait in the kernel (IORING_FEAT_NODROP) until we make room. */
#include "base/assert.h"
#include "base/mem.h"
#include "os/engine.h"
#include "os/openat2.h"
#include "os/os_uring_ring.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum { GATHERED_MAX = 32, RETRIES_MAX = 16, LOOKS_SPARED = 64, MODES = OS_MODE_R + 1 };

typedef struct Uring {
    Engine engine;
    struct io_uring ring;
    Notifier *notifier;
    const Workspace *workspace;
    struct open_how how[MODES];
    bool is_disabled; /* the ring: nothing was submitted yet */
    OpList backlog;   /* not yet in the submission queue */
    OpList refused;   /* the system would not take them; told at the next reap */
    unsigned peek_at; /* position in the completion queue up to which os_peek has looked */
    unsigned spared;  /* looks that will not ask the kernel */
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
        uring->spared = LOOKS_SPARED;
        taken = uring_ring_is_deferred(&uring->ring) ? io_uring_submit_and_get_events(&uring->ring)
                                                     : io_uring_submit(&uring->ring);
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
    uring->spared = 0; /* much time may pass until the next look */
    engine->needs_push = !emptied;
    return !emptied;
}

/* One system call hands over what many submits have gathered: see os_push. */
static void uring_submit(Engine *engine, OsOp *op) {
    Uring *uring = uring_of(engine);
    if (uring->is_disabled) {
        uring->is_disabled = false;
        (void)uring_ring_enable(&uring->ring); /* else each submit is refused, with its error */
    }
    engine->needs_push = true;
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

/* True where an entry is there to be taken. What overflowed is fetched, too. */
static bool has_entry(Uring *uring, struct io_uring_cqe **entry) {
    return (io_uring_cq_ready(&uring->ring) > 0 || io_uring_cq_has_overflow(&uring->ring)) &&
           io_uring_peek_cqe(&uring->ring, entry) == 0;
}

static void reap_queue(Uring *uring, OpList *finished) {
    struct io_uring_cqe *entry = NULL;
    if (io_uring_cq_ready(&uring->ring) == 0 && uring_ring_is_behind(&uring->ring)) {
        uring_ring_fetch(&uring->ring);
    }
    while (has_entry(uring, &entry)) {
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
    uring_ring_cancel_wake(&uring->ring);
    op_list_append_all(finished, &uring->refused);
    reap_queue(uring, finished);
    uring->peek_at = *uring->ring.cq.khead;
    (void)uring_push(engine);
    uring->spared = LOOKS_SPARED;
    engine->needs_push = true;
}

/* The queue does not show what the workers only noted. It is asked for by the first look behind
 * whatever may have taken long (each comes with a push), and else now and then: one call brings
 * many, and the flag may stay raised with nothing behind it. */
static void catch_up(Uring *uring) {
    if (uring->spared > 0) {
        uring->spared--;
    } else if (uring_ring_is_behind(&uring->ring)) {
        uring_ring_fetch(&uring->ring);
        uring->spared = LOOKS_SPARED;
        uring->engine.needs_push = true;
    }
}

/* Reads the queue's tail, which the kernel moves, in shared memory. */
static OsOp *uring_peek(Engine *engine) {
    Uring *uring = uring_of(engine);
    const struct io_uring_cq *queue = &uring->ring.cq;
    if (uring->peek_at == io_uring_smp_load_acquire(queue->ktail)) {
        catch_up(uring);
    }
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

/* What is noted is put into the queue before the notifier is asked, which tells of the queue alone;
 * and where it may sleep, a worker is to wake it. */
static void uring_rest(Engine *engine, bool may_sleep) {
    Uring *uring = uring_of(engine);
    uring_ring_cancel_wake(&uring->ring);
    if (uring_ring_is_behind(&uring->ring)) {
        uring_ring_fetch(&uring->ring);
    }
    if (may_sleep) {
        uring_ring_order_wake(&uring->ring);
    }
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
    .rest = uring_rest,
    .block = uring_block,
};

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
    if (!uring_ring_init(&uring->ring, notifier, workspace, reason)) {
        free(uring);
        return NULL;
    }
    uring->is_disabled = true;
    uring->peek_at = *uring->ring.cq.khead;
    uring->engine.look = (OsLook){
        .tail = (const _Atomic unsigned *)uring->ring.cq.ktail,
        .seen = &uring->peek_at,
        .flags = (const _Atomic unsigned *)uring->ring.sq.kflags,
        .behind = IORING_SQ_TASKRUN,
    };
    return &uring->engine;
}
