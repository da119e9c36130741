/* The operating system, as the loop sees it: submit operations, wait for completions.
 *
 * Completion-based (after TigerBeetle's io/ and libxev): the caller owns the operation's memory;
 * os_submit never fails, a failure is a completion; os_wait returns a batch, not callbacks.
 * Timers live in the loop and reach the OS as a timeout only. One conformance suite runs on
 * every back end.
 *
 * The life of an operation: IDLE -> (os_submit) IN_FLIGHT -> (os_wait returns it) IDLE again
 * with its result. While it is in flight the caller may not touch it, its data or its path.
 *
 * A close is handed over once nothing else is in flight on its file; whatever is submitted on
 * that handle after it is answered with EBADF, as is a handle that was not opened here.
 *
 * Channels: os_pair gives two connected ends. A send or a receive is tried with os_perform, which
 * never waits; what would have to wait is submitted. Most systems tell *readiness* then: the
 * completion moved nothing and says "try again" (is_readiness). Where the system tells completion,
 * it carries the bytes that were moved. An end is closed with os_perform, while nothing is in
 * flight on it.
 *
 * Back ends: Linux, io_uring with its completions arriving in epoll_wait (epoll itself refuses
 * regular files with EPERM); helper threads and an eventfd that epoll watches; sockets watched by
 * epoll itself; a seeded simulation with a virtual clock, files and channels in memory, that
 * touches nothing real.
 *
 * Signals: a program that may run under a file size limit ignores SIGXFSZ, else an operation on
 * the spot beyond it ends the program instead of failing with EFBIG. A send to a closed end gives
 * EPIPE and never a signal.
 *
 * Threads: everything on the loop's thread, except os_wake (any thread, async-signal-safe) and what
 * OS_THREAD's function may call. */
#ifndef LOOPSCOPE_OS_OS_H
#define LOOPSCOPE_OS_OS_H

#include "base/buf.h"
#include "base/diag.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum OsBackend {
    OS_BACKEND_AUTO, /* the best that this machine offers */
    OS_BACKEND_IO_URING,
    OS_BACKEND_THREADS,
    OS_BACKEND_KQUEUE,
    OS_BACKEND_IOCP,
    OS_BACKEND_SIM,
    OS_BACKEND_COUNT
} OsBackend;

/* The same order as trace's IoCall, so that the loop maps without a table. */
typedef enum OsCall {
    OS_OPENAT,
    OS_WRITE,
    OS_READ,
    OS_FSYNC,
    OS_CLOSE,
    OS_SEND,
    OS_RECV,
    OS_THREAD /* a function on a helper thread; submitted only */
} OsCall;

typedef enum OsMode { OS_MODE_NONE, OS_MODE_W, OS_MODE_A, OS_MODE_R } OsMode;

/* The same order as trace's IoVia. */
typedef enum OsVia {
    OS_VIA_IO_URING,
    OS_VIA_THREADS,
    OS_VIA_EPOLL,
    OS_VIA_KQUEUE,
    OS_VIA_OVERLAPPED,
    OS_VIA_SIM
} OsVia;

typedef enum OsOpState { OS_OP_IDLE, OS_OP_IN_FLIGHT } OsOpState;

typedef intptr_t OsFile; /* a descriptor, a HANDLE or an index, as the back end likes */
#define OS_FILE_NONE ((OsFile)-1)

typedef struct OsOp OsOp;
struct OsOp {
    OsCall call;
    OsMode mode;           /* OS_OPENAT */
    OsFile file;           /* in for all with a file; out of a successful OS_OPENAT */
    const char *path;      /* OS_OPENAT: below the workspace, '/' between names */
    char *data;            /* OS_WRITE and OS_SEND source, OS_READ and OS_RECV target */
    uint64_t size_bytes;   /* asked for; OS_READ, OS_RECV at most OS_READ_MAX_BYTES */
    bool (*run)(OsOp *op); /* OS_THREAD: a part of its function; true: there is more to do */
    int64_t result;        /* bytes done (writes are whole), 0, or -errno of this system */
    OsOp *next;        /* links the batch that os_wait returns; the back end's while in flight */
    int64_t offset;    /* where to read or write; -1: append (OS_MODE_A) */
    bool is_readiness; /* OS_SEND, OS_RECV: the result moved nothing; perform it now */
    bool is_instant;   /* no call was made: os_perform knew that nothing lies in the channel, or
                            * os_submit has it wait for the next os_push */
    OsVia via;         /* set by os_submit: how it is really done */
    OsOpState state;
    void *user;           /* the caller's */
    uint64_t back_end[6]; /* the back end's while in flight */
};

/* An idle operation, nothing asked yet but the call and where. The back end's part is cleared when
 * it is handed over. */
static inline void os_op_init(OsOp *op, OsCall call, OsFile file, void *user) {
    op->call = call;
    op->mode = OS_MODE_NONE;
    op->file = file;
    op->path = NULL;
    op->data = NULL;
    op->size_bytes = 0;
    op->offset = -1;
    op->run = NULL;
    op->result = 0;
    op->is_readiness = op->is_instant = false;
    op->state = OS_OP_IDLE;
    op->user = user;
    op->next = NULL;
}

enum { OS_READ_MAX_BYTES = 0x7ffff000 }; /* as Linux's read(2) */

/* What a wait did, for the trace's `polled`. */
typedef struct OsWait {
    uint32_t events; /* what the (last) call returned */
    uint32_t calls;  /* how often epoll_wait (kevent, ...) was called, at least 1 */
} OsWait;

/* What the simulation lets go wrong: its at-th operation on a file or a channel (from 1; what a
 * thread's function does counts, too). A write has its first bytes_done bytes written and then
 * fails; a close fails, and closes all the same. */
typedef struct OsFault {
    uint64_t at;
    int error; /* an errno; 0: it moves at most bytes_done (1 at least), and succeeds */
    uint64_t bytes_done;
    uint64_t seen; /* out: operations so far; the fault has fired where this is not below `at` */
} OsFault;

typedef struct OsConfig {
    OsBackend backend;
    const char *workspace; /* an existing folder; unused by sim. Everything stays below it */
    uint64_t seed;         /* sim */
    OsFault *fault;        /* sim; or NULL */
    uint32_t threads_max;  /* helper threads; 0: the default (min(32, cores + 4), as asyncio's) */
} OsConfig;

typedef struct Os Os;

/* NULL and a diagnostic where the back end can't be had here (never for AUTO on a working system).
 * Probing really submits an operation and sees it complete. */
Os *os_create(const OsConfig *config, Diags *diags);

/* Nothing may be in flight. Closes files that are left open. Accepts NULL. */
void os_destroy(Os *os);

OsBackend os_backend(const Os *os);             /* which one it is, never AUTO */
const char *os_backend_name(OsBackend backend); /* "io_uring", "threads", "kqueue", "iocp", "sim" */
bool os_backend_parse(const char *name, OsBackend *out);
/* Who does the work and who wakes the loop, a few words; NULL: not built for this system. */
const char *os_backend_about(OsBackend backend);
/* What this system's notifier says when it is asked to watch a regular file in `folder`: tried. */
void os_try_file(const char *folder, Buf *out);
const char *os_notifier_name(const Os *os); /* "epoll", "kqueue", "iocp", "sim" */
const char *os_sleeps_in(const Os *os);     /* "epoll_pwait2", "kevent", ...; "" where simulated */
const char *os_fallback_reason(const Os *os); /* AUTO fell back: why, one sentence; else NULL */

/* Hands the operation to the OS; a back end may gather some and hand them over in one system call:
 * by the next os_push, os_wait, os_perform of a file call or os_spend at the latest. It may be
 * finished when this returns, but is only told by os_wait. */
void os_submit(Os *os, OsOp *op);

/* Hands over what os_submit has gathered. For callers that will be busy elsewhere for long. */
void os_push(Os *os);

/* Asks the OS. Waits until a completion is there, os_wake was called, or timeout_ns is over (never
 * early); 0 looks without sleeping, -1 waits without limit. Returns the completed operations as a
 * list through `next`, in the order in which the OS finished them; NULL where there are none. */
OsOp *os_wait(Os *os, int64_t timeout_ns, OsWait *info);

/* The next operation that has finished at the OS but was not yet returned by os_wait, each once;
 * NULL where there is none or the system offers no look. Cheap: a system call only where memory
 * says that something has finished, and brings many. */
OsOp *os_peek(Os *os);

/* For who looks before every event: os_peek has nothing to show while os_look_is_empty, which only
 * reads memory. The back end keeps it; it lives as long as the Os. */
typedef struct OsLook {
    const _Atomic unsigned *tail;  /* moves with what finishes; NULL: ask os_peek */
    const unsigned *seen;          /* how far os_peek has looked */
    const _Atomic unsigned *flags; /* `behind` is among them: more has finished, os_peek asks */
    unsigned behind;
} OsLook;

const OsLook *os_look(const Os *os);

static inline bool os_look_is_empty(const OsLook *look) {
    return look->tail != NULL &&
           atomic_load_explicit(look->tail, memory_order_acquire) == *look->seen &&
           (atomic_load_explicit(look->flags, memory_order_acquire) & look->behind) == 0;
}

/* True where os_peek may show a send or a receive; elsewhere the notifier alone tells of them. */
bool os_peeks_channels(const Os *os);

uint32_t os_in_flight(const Os *os);

/* How long what one end of a channel did may take to make the other ready; 0 where that is at
 * once, as with sockets of one machine's kernel. */
int64_t os_channel_delay_ns(const Os *os);

/* Does the operation on this thread, now, as an ordinary file call would; sets result (and
 * file). OS_SEND and OS_RECV try once: the bytes moved, which may be fewer than asked for, 0 at
 * the end of what the other end sent, or -EAGAIN where they would have to wait. */
void os_perform(Os *os, OsOp *op);

/* For what OS_THREAD runs. Its function is called on a helper thread again and again until it
 * returns false (on the simulation, in virtual time). In it only os_thread_perform (a file call
 * that blocks this thread and not the loop's), os_now_ns, os_spend and os_wake may be called; it
 * works on files that were lent to it or that it opened. os_lend and os_adopt are the loop's:
 * between them nothing is in flight on the file and nobody else uses it; what it opened and did
 * not close has to be adopted, too. A result of -EAGAIN says that no thread could be had. */
void os_thread_perform(Os *os, OsOp *op);
void os_lend(Os *os, OsFile file);
void os_adopt(Os *os, OsFile file);

/* A connected pair of stream sockets that never block; each end sends and receives. At most one
 * send and one receive may be in flight on an end. False with *error, an errno, where the system
 * has none left. */
bool os_pair(Os *os, OsFile ends[2], int *error);

/* Withdraws an OS_SEND or OS_RECV that is in flight: a later os_wait, which it wakes, tells it with
 * -ECANCELED, or with what had already happened. */
void os_cancel(Os *os, OsOp *op);

/* True where nothing lies in the channel for this receive, and the back end knows it without asking
 * the system: os_perform would say so, and os_submit has it wait. */
bool os_must_wait(Os *os, const OsOp *op);

/* True where no send or receive that is in flight can have become ready since the last os_wait:
 * both ends of a channel are this program's, and nothing moved that one of them waits for. An
 * os_wait that does not sleep would tell of no channel then. */
bool os_channels_are_still(const Os *os);

/* Makes a sleeping os_wait return. Any thread, also from a signal handler. */
void os_wake(Os *os);

/* The clock: monotonic ns; the simulation's virtual one. */
uint64_t os_now_ns(Os *os);

/* Keeps this thread busy for `ns` (really computing); the simulation moves its clock. */
void os_spend(Os *os, uint64_t ns);

/* An errno as messages and traces show it: this system's own number, but on Windows, where the C
 * library made up those above 34, Linux's. */
int os_error_number(int error);

/* The text for an errno ("No space left on device"), as Python's os.strerror gives it; on Windows
 * in Linux's words. */
const char *os_error_text(int error);

#endif
