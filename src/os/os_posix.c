/* The real back ends: a notifier (epoll) in front, an engine (io_uring or helper threads) behind,
 * and between them what both need: which files are ours, when a close may go, how to wait. */
#include "base/assert.h"
#include "base/clock.h"
#include "base/mem.h"
#include "os/back_end.h"
#include "os/engine.h"
#include "os/file_table.h"
#include "os/plain.h"
#include "os/sockets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How long to leave an engine alone that could not hand everything over. */
enum { PUSH_AGAIN_NS = 1000000 };

typedef struct Posix {
    Os os;
    OsTable table;
    Notifier notifier;
    Workspace workspace;
    FileTable files;
    Engine *engine;
    Engine *helpers; /* what runs OS_THREAD; may be the engine itself */
    OpList finished; /* reaped, not yet told */
    OsOp *unpeeked;  /* of them: from here on os_peek may find some that it has not shown */
    bool is_helped;  /* OS_THREAD was asked for: the helpers may have something to tell */
} Posix;

static Posix *posix_of(Os *os) {
    return (Posix *)os;
}

/* The engine's look is the whole answer while nobody else has anything to show. */
static void look_anew(Posix *posix) {
    const bool is_engine_alone = !posix->is_helped && posix->unpeeked == NULL;
    posix->os.look = is_engine_alone ? posix->engine->look : (OsLook){0};
}

/* ---- handing over ---------------------------------------------------------------------------- */

static void hand_over(Posix *posix, OsOp *op, int target) {
    op->back_end[SLOT_TARGET] = (uint64_t)(int64_t)target;
    posix->engine->table->submit(posix->engine, op);
}

/* A close is handed over once its file is idle: an operation that reached the system after it would
 * find another file under the number. Python's file objects wait in the same way, on their lock. */
static void submit_close(Posix *posix, OsOp *op) {
    FileEntry *entry = file_table_find(&posix->files, op->file);
    if (entry == NULL) {
        hand_over(posix, op, -1);
    } else if (entry->busy > 0) {
        entry->closer = op;
    } else {
        if (entry->is_socket) {
            socket_leave(&posix->notifier, &posix->files, op->file);
        }
        entry->open = false;
        hand_over(posix, op, (int)op->file);
    }
}

/* What ended without the system: told by the next wait, and no look shows it before. */
static void finish_now(Posix *posix, OsOp *op, int64_t result) {
    op->result = result;
    op->back_end[SLOT_PEEKED] = 1;
    op_list_append(&posix->finished, op);
    posix->files.is_stirred = true;
    notifier_signal(&posix->notifier);
}

/* NULL where the handle is no end of a channel that is open here. */
static FileEntry *find_socket(Posix *posix, OsFile file) {
    FileEntry *entry = file_table_find(&posix->files, file);
    return entry != NULL && entry->is_socket ? entry : NULL;
}

static void submit_on_channel(Posix *posix, OsOp *op) {
    FileEntry *entry = find_socket(posix, op->file);
    const int error =
        entry == NULL ? -EBADF : socket_wait(&posix->notifier, &posix->files, entry, op);
    if (error < 0) {
        finish_now(posix, op, error);
    }
}

static void posix_cancel(Os *os, OsOp *op) {
    Posix *posix = posix_of(os);
    FileEntry *entry = find_socket(posix, op->file);
    if (entry != NULL && socket_withdraw(&posix->notifier, entry, op)) {
        finish_now(posix, op, -ECANCELED);
    }
}

/* -1 for a handle that is not open here: the system itself answers EBADF. */
static void posix_submit(Os *os, OsOp *op) {
    Posix *posix = posix_of(os);
    if (op->call == OS_SEND || op->call == OS_RECV) {
        submit_on_channel(posix, op);
    } else if (op->call == OS_THREAD) {
        posix->is_helped = true;
        look_anew(posix);
        posix->helpers->table->submit(posix->helpers, op);
    } else if (op->call == OS_OPENAT) {
        hand_over(posix, op, -1);
    } else if (op->call == OS_CLOSE) {
        submit_close(posix, op);
    } else {
        FileEntry *entry = file_table_find(&posix->files, op->file);
        if (entry != NULL) {
            entry->busy++;
        }
        hand_over(posix, op, entry == NULL ? -1 : (int)op->file);
    }
}

static void posix_push(Os *os) {
    Engine *engine = posix_of(os)->engine;
    (void)engine->table->push(engine);
}

/* ---- finishing ------------------------------------------------------------------------------- */

static void opened(Posix *posix, OsOp *op) {
    if (op->result >= 0) {
        op->file = (OsFile)op->result;
        file_table_add(&posix->files, (int)op->file);
        op->result = 0;
    }
}

static void release(Posix *posix, const OsOp *op) {
    FileEntry *entry = file_table_entry(&posix->files, op->file);
    ASSERT(entry != NULL && entry->busy > 0);
    entry->busy--;
    if (entry->busy == 0 && entry->closer != NULL) {
        OsOp *closer = entry->closer;
        *entry = (FileEntry){0};
        hand_over(posix, closer, (int)closer->file);
    }
}

/* Takes what the engine has finished and notes what it means for the files. */
static void reap(Posix *posix) {
    OpList fresh = {0};
    posix->engine->table->reap(posix->engine, &fresh);
    if (posix->helpers != posix->engine) {
        posix->helpers->table->reap(posix->helpers, &fresh);
    }
    for (OsOp *op = op_list_take(&fresh); op != NULL; op = op_list_take(&fresh)) {
        if (op->call == OS_OPENAT) {
            opened(posix, op);
        } else if (op->call != OS_CLOSE && op->call != OS_THREAD &&
                   (int64_t)op->back_end[SLOT_TARGET] >= 0) {
            release(posix, op);
        }
        op_list_append(&posix->finished, op);
        if (posix->unpeeked == NULL) {
            posix->unpeeked = op;
        }
    }
    look_anew(posix);
}

static OsOp *posix_peek(Os *os) {
    Posix *posix = posix_of(os);
    for (OsOp *op = posix->unpeeked; op != NULL; op = op->next) {
        posix->unpeeked = op->next;
        if (op->back_end[SLOT_PEEKED] == 0) {
            op->back_end[SLOT_PEEKED] = 1;
            return op;
        }
    }
    OsOp *op = posix->engine->table->peek(posix->engine);
    return op != NULL || !posix->is_helped ? op : posix->helpers->table->peek(posix->helpers);
}

/* ---- waiting --------------------------------------------------------------------------------- */

/* The clock is read without need, too: ThreadSanitizer runs a signal's handler only at the end of a
 * call that it knows, and of the notifier's it may know none. */
static int64_t remaining_ns(int64_t timeout_ns, uint64_t begin_ns) {
    const uint64_t spent_ns = clock_now_ns() - begin_ns;
    if (timeout_ns <= 0) {
        return timeout_ns;
    }
    return spent_ns >= (uint64_t)timeout_ns ? 0 : timeout_ns - (int64_t)spent_ns;
}

/* What one answer of the notifier's means: operations that finished, in its order. Returns what it
 * said of our own. */
static unsigned take_notices(Posix *posix, int count) {
    unsigned all = 0;
    for (int i = 0; i < count; i++) {
        const Notice *notice = &posix->notifier.notices[i];
        if (notice->file >= 0) {
            FileEntry *entry = find_socket(posix, notice->file);
            ASSERT(entry != NULL);
            socket_ready(&posix->notifier, entry, notice, &posix->finished);
        } else if ((notice->what & ~all & NOTICE_ENGINE) != 0) {
            reap(posix);
        }
        all |= notice->file >= 0 ? 0 : notice->what;
    }
    return all;
}

/* Asks again after what brings nothing: a signal (or the kernel borrowing this thread to start
 * one of io_uring's workers, which looks the same), a notice of something already taken, a write
 * that was cut short and goes on, a system that wakes a moment early. */
static OsOp *posix_wait(Os *os, int64_t timeout_ns, OsWait *info) {
    Posix *posix = posix_of(os);
    const uint64_t begin_ns = timeout_ns > 0 ? clock_now_ns() : 0;
    int64_t left_ns = timeout_ns;
    for (;;) {
        const bool stuck = posix->engine->needs_push && posix->engine->table->push(posix->engine);
        const bool nap = stuck && (left_ns < 0 || left_ns > PUSH_AGAIN_NS);
        if (posix->engine->table->rest != NULL) {
            posix->engine->table->rest(posix->engine, left_ns != 0);
        }
        const int events = notifier_wait(&posix->notifier, nap ? PUSH_AGAIN_NS : left_ns);
        ASSERT(events >= 0 || events == -EINTR);
        info->calls++;
        info->events = events > 0 ? (uint32_t)events : 0;
        if (events >= 0) {
            posix->files.is_stirred = false;
            posix->files.waits++;
        }
        const unsigned notices = take_notices(posix, events);
        /* Only what was notified is told: `finished` may hold more, its signal is on the way. */
        if ((notices & NOTICE_WAKE) != 0 || (events > 0 && posix->finished.first != NULL)) {
            break;
        }
        left_ns = remaining_ns(timeout_ns, begin_ns);
        if (left_ns == 0 && events >= 0) {
            break;
        }
    }
    if (info->events == 0) {
        return NULL;
    }
    posix->unpeeked = NULL;
    look_anew(posix);
    return op_list_take_all(&posix->finished);
}

static void posix_wake(Os *os) {
    notifier_wake(&posix_of(os)->notifier);
}

/* ---- on this thread -------------------------------------------------------------------------- */

/* A close on this thread waits for what is in flight on its file. What ends meanwhile is told by
 * the next os_wait: the signal makes the notifier say so. */
static void settle(Posix *posix, OsFile file) {
    const FileEntry *entry = file_table_entry(&posix->files, file);
    while (entry->busy > 0) {
        posix->engine->table->block(posix->engine);
        reap(posix);
        entry = file_table_entry(&posix->files, file);
    }
    if (posix->finished.first != NULL) {
        notifier_signal(&posix->notifier);
    }
}

static void posix_perform(Os *os, OsOp *op) {
    Posix *posix = posix_of(os);
    if (op->call == OS_SEND || op->call == OS_RECV) {
        op->result = socket_try(&posix->files, find_socket(posix, op->file), op);
        return;
    }
    if (op->call == OS_OPENAT) {
        op->result = plain_do(&posix->workspace, op, -1, PLAIN_CHUNK_BYTES);
        opened(posix, op);
        return;
    }
    const FileEntry *entry = file_table_find(&posix->files, op->file);
    if (entry != NULL && op->call == OS_CLOSE) {
        settle(posix, op->file);
        FileEntry *closed = file_table_entry(&posix->files, op->file);
        if (closed->is_socket) {
            socket_leave(&posix->notifier, &posix->files, op->file);
            posix->files.is_stirred = true;
        }
        closed->open = false;
    }
    op->result =
        plain_do(&posix->workspace, op, entry == NULL ? -1 : (int)op->file, PLAIN_CHUNK_BYTES);
}

/* On a helper thread: an open's descriptor is in the table once it is adopted. */
static void posix_thread_perform(Os *os, OsOp *op) {
    op->result = plain_do(&posix_of(os)->workspace, op, (int)op->file, PLAIN_CHUNK_BYTES);
    if (op->call == OS_OPENAT && op->result >= 0) {
        op->file = (OsFile)op->result;
        op->result = 0;
    }
}

static void posix_lend(Os *os, OsFile file) {
    FileEntry *entry = file_table_find(&posix_of(os)->files, file);
    ASSERT(entry != NULL && entry->busy == 0);
    entry->open = false;
}

static void posix_adopt(Os *os, OsFile file) {
    file_table_add(&posix_of(os)->files, (int)file);
}

static bool posix_pair(Os *os, OsFile ends[2], int *error) {
    *error = -sockets_pair(&posix_of(os)->files, ends);
    return *error == 0;
}

static bool posix_must_wait(Os *os, const OsOp *op) {
    const FileEntry *entry = find_socket(posix_of(os), op->file);
    return entry != NULL && socket_is_empty(entry);
}

static bool posix_channels_are_still(const Os *os) {
    return !((const Posix *)os)->files.is_stirred;
}

static uint64_t posix_now_ns(Os *os) {
    (void)os;
    return clock_now_ns();
}

static void posix_spend(Os *os, uint64_t ns) {
    (void)os;
    os_clock_spend(ns);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void posix_destroy(Os *os) {
    Posix *posix = posix_of(os);
    if (posix->helpers != NULL && posix->helpers != posix->engine) {
        posix->helpers->table->destroy(posix->helpers);
    }
    if (posix->engine != NULL) {
        posix->engine->table->destroy(posix->engine);
    }
    file_table_finish(&posix->files);
    workspace_finish(&posix->workspace);
    notifier_finish(&posix->notifier);
    free(posix);
}

Os *os_posix_create(OsBackend backend, EngineCreate *create_engine, const OsConfig *config,
                    Buf *reason, Diags *diags) {
    ASSERT(config->workspace != NULL);
    Posix *posix = mem_alloc(1, sizeof *posix);
    posix->os.backend = backend;
    posix->workspace.dir = -1;
    posix->files.waits = 1;
    if (!notifier_init(&posix->notifier, diags) ||
        !workspace_init(&posix->workspace, config->workspace, diags)) {
        posix_destroy(&posix->os);
        return NULL;
    }
    posix->engine = create_engine(&posix->notifier, &posix->workspace, config->threads_max, reason);
    if (posix->engine == NULL) {
        posix_destroy(&posix->os);
        return NULL;
    }
    posix->helpers = posix->engine->table->via == OS_VIA_THREADS
                         ? posix->engine
                         : engine_threads_create(&posix->notifier, &posix->workspace,
                                                 config->threads_max, reason);
    posix->table = (OsTable){
        .notifier = NOTIFIER_NAME,
        .sleeps_in = posix->notifier.sleeps_in,
        .via = posix->engine->table->via,
        .channel_via = NOTIFIER_VIA,
        .destroy = posix_destroy,
        .submit = posix_submit,
        .push = posix_push,
        .wait = posix_wait,
        .peek = posix_peek,
        .perform = posix_perform,
        .thread_perform = posix_thread_perform,
        .lend = posix_lend,
        .adopt = posix_adopt,
        .pair = posix_pair,
        .cancel = posix_cancel,
        .must_wait = posix_must_wait,
        .channels_are_still = posix_channels_are_still,
        .wake = posix_wake,
        .now_ns = posix_now_ns,
        .spend = posix_spend,
    };
    posix->os.table = &posix->table;
    look_anew(posix);
    return &posix->os;
}

int os_error_number(int error) {
    return error;
}

const char *os_error_text(int error) {
    return strerror(error);
}
