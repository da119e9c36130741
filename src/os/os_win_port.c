/* The Windows back end: an I/O completion port. Reads, writes, sends and receives are overlapped;
 * what has no overlapped form (open, flush, close) and OS_THREAD's functions go to helper threads,
 * whose results arrive at the same port. So everything that is told was fetched from the port, in
 * the order in which it came there. */
#include "base/assert.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/wide.h"
#include "os/back_end.h"
#include "os/file_table.h"
#include "os/op_list.h"
#include "os/os_win.h"
#include "os/os_win_calls.h"
#include "os/plain.h"
#include "os/pool.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <windows.h>

enum { ENTRIES_MAX = 128, NS_PER_MS = 1000000, TIMER_MS = 1 };

typedef struct Win {
    Os os;
    HANDLE port;
    Workspace workspace;
    FileTable files;
    Pool *pool;
    WinCalls calls;
    OpList finished; /* not yet told */
    OsOp *unpeeked;  /* of them: from here on os_peek may find some that it has not shown */
    _Atomic bool woken;
    bool sockets_started;
} Win;

static Win *win_of(Os *os) {
    return (Win *)os;
}

/* A packet that can't be posted is a loop that never wakes: there is no going on. */
static void post(Win *win, ULONG_PTR key) {
    ASSERT(PostQueuedCompletionStatus(win->port, 0, key, NULL));
}

/* ---- handing over ---------------------------------------------------------------------------- */

static void hand_over(Win *win, OsOp *op, int target) {
    op->back_end[WIN_SLOT_TARGET] = (uint64_t)(int64_t)target;
    if (op->call == OS_WRITE || op->call == OS_READ || win_is_on_socket(op)) {
        op->via = OS_VIA_OVERLAPPED;
        win_calls_begin(&win->calls, op);
    } else {
        op->via = OS_VIA_THREADS;
        pool_submit(win->pool, op);
    }
}

/* As on the other systems: a close is handed over once its file is idle. */
static void submit_close(Win *win, OsOp *op) {
    FileEntry *entry = file_table_find(&win->files, op->file);
    op->via = OS_VIA_THREADS;
    if (entry == NULL) {
        hand_over(win, op, -1);
    } else if (entry->busy > 0) {
        entry->closer = op;
    } else {
        entry->open = false;
        hand_over(win, op, (int)op->file);
    }
}

/* -1 for a handle that is not open here: the system itself refuses it. */
static void win_submit(Os *os, OsOp *op) {
    Win *win = win_of(os);
    if (op->call == OS_OPENAT || op->call == OS_THREAD) {
        hand_over(win, op, -1);
    } else if (op->call == OS_CLOSE) {
        submit_close(win, op);
    } else {
        FileEntry *entry = file_table_find(&win->files, op->file);
        const bool fits = entry != NULL && entry->is_socket == win_is_on_socket(op);
        if (fits) {
            entry->busy++;
        }
        hand_over(win, op, fits ? (int)op->file : -1);
    }
}

static void win_cancel(Os *os, OsOp *op) {
    (void)os;
    ASSERT(win_is_on_socket(op) && op->state == OS_OP_IN_FLIGHT);
    op->back_end[WIN_SLOT_PEEKED] = 1; /* as on the other systems: no look shows it before */
    win_calls_cancel(op);
}

/* ---- finishing ------------------------------------------------------------------------------- */

static int adopt_handle(Win *win, int64_t file) {
    if (CreateIoCompletionPort(win_handle((int)file), win->port, WIN_KEY_OVERLAPPED, 0) == NULL) {
        const int error = -wide_errno(GetLastError());
        CloseHandle(win_handle((int)file));
        return error;
    }
    file_table_add(&win->files, (int)file);
    return 0;
}

static void opened(Win *win, OsOp *op) {
    if (op->result >= 0) {
        op->file = (OsFile)op->result;
        op->result = adopt_handle(win, op->file);
        op->file = op->result == 0 ? op->file : OS_FILE_NONE;
    }
}

static void release(Win *win, OsOp *op) {
    FileEntry *entry = file_table_entry(&win->files, op->file);
    ASSERT(entry != NULL && entry->busy > 0);
    if (op->is_readiness && op->result < 0) {
        entry->error = (int)-op->result; /* told by whoever tries to receive */
        op->result = 0;
    }
    entry->busy--;
    if (entry->busy == 0 && entry->closer != NULL) {
        OsOp *closer = entry->closer;
        *entry = (FileEntry){0};
        hand_over(win, closer, (int)closer->file);
    }
}

/* What is told from now on. */
static void finish(Win *win, OsOp *op) {
    if (op->call == OS_OPENAT) {
        opened(win, op);
    } else if (op->call != OS_CLOSE && op->call != OS_THREAD && win_target(op) >= 0) {
        release(win, op);
    }
    op_list_append(&win->finished, op);
    if (win->unpeeked == NULL) {
        win->unpeeked = op;
    }
}

static void reap_pool(Win *win) {
    OpList fresh = {0};
    pool_reap(win->pool, &fresh);
    for (OsOp *op = op_list_take(&fresh); op != NULL; op = op_list_take(&fresh)) {
        finish(win, op);
    }
}

static void arrived(Win *win, const OVERLAPPED_ENTRY *entry) {
    OsOp *op = win_calls_arrived(&win->calls, entry->lpOverlapped,
                                 entry->lpCompletionKey == WIN_KEY_REFUSED);
    if (op != NULL) {
        finish(win, op);
    }
}

/* ---- looking --------------------------------------------------------------------------------- */

static OsOp *show(OsOp *op) {
    op->back_end[WIN_SLOT_PEEKED] = 1;
    return op;
}

static OsOp *win_peek(Os *os) {
    Win *win = win_of(os);
    for (OsOp *op = win->unpeeked; op != NULL; op = op->next) {
        win->unpeeked = op->next;
        if (op->back_end[WIN_SLOT_PEEKED] == 0) {
            return show(op);
        }
    }
    OsOp *op = pool_peek(win->pool);
    op = op != NULL ? op : win_calls_peek(&win->calls);
    return op != NULL ? show(op) : NULL;
}

/* ---- waiting --------------------------------------------------------------------------------- */

/* Rounded up: a timer must not fire early. */
static DWORD rounded_ms(int64_t timeout_ns) {
    const int64_t ms = timeout_ns / NS_PER_MS + (timeout_ns % NS_PER_MS != 0);
    return timeout_ns < 0 ? INFINITE : ms >= INFINITE ? INFINITE - 1 : (DWORD)ms;
}

static int64_t remaining_ns(int64_t timeout_ns, uint64_t begin_ns) {
    const uint64_t spent_ns = clock_now_ns() - begin_ns;
    if (timeout_ns <= 0) {
        return timeout_ns;
    }
    return spent_ns >= (uint64_t)timeout_ns ? 0 : timeout_ns - (int64_t)spent_ns;
}

/* True where os_wake was called. */
static bool take_entries(Win *win, const OVERLAPPED_ENTRY *entries, ULONG count) {
    bool woken = false;
    for (ULONG i = 0; i < count; i++) {
        switch (entries[i].lpCompletionKey) {
        case WIN_KEY_WAKE:
            atomic_store(&win->woken, false);
            woken = true;
            break;
        case WIN_KEY_POOL:
            reap_pool(win);
            break;
        default:
            arrived(win, &entries[i]);
        }
    }
    return woken;
}

/* Asks again after what brings nothing: a packet about what was taken already, a write that goes
 * on, a system that wakes a moment early. */
static OsOp *win_wait(Os *os, int64_t timeout_ns, OsWait *info) {
    Win *win = win_of(os);
    OVERLAPPED_ENTRY entries[ENTRIES_MAX];
    const uint64_t begin_ns = clock_now_ns();
    int64_t left_ns = timeout_ns;
    for (;;) {
        ULONG count = 0;
        if (!GetQueuedCompletionStatusEx(win->port, entries, ENTRIES_MAX, &count,
                                         rounded_ms(left_ns), FALSE)) {
            ASSERT(GetLastError() == WAIT_TIMEOUT);
            count = 0;
        }
        info->calls++;
        info->events = count;
        /* Only what was fetched is told: `finished` may hold more, its packet is on the way. */
        if (take_entries(win, entries, count) || (count > 0 && win->finished.first != NULL)) {
            break;
        }
        left_ns = remaining_ns(timeout_ns, begin_ns);
        if (left_ns == 0) {
            break;
        }
    }
    if (info->events == 0) {
        return NULL;
    }
    win->unpeeked = NULL;
    return op_list_take_all(&win->finished);
}

/* One packet is enough until it is fetched. */
static void win_wake(Os *os) {
    Win *win = win_of(os);
    if (!atomic_exchange(&win->woken, true)) {
        post(win, WIN_KEY_WAKE);
    }
}

/* ---- on this thread -------------------------------------------------------------------------- */

/* A close on this thread waits for what is in flight on its file. What ends meanwhile is told by
 * the next os_wait, for which a packet is posted. */
static void settle(Win *win, OsFile file) {
    while (file_table_entry(&win->files, file)->busy > 0) {
        OVERLAPPED_ENTRY entries[ENTRIES_MAX];
        ULONG count = 0;
        if (GetQueuedCompletionStatusEx(win->port, entries, ENTRIES_MAX, &count, INFINITE, FALSE) &&
            take_entries(win, entries, count)) {
            win_wake(&win->os);
        }
    }
    if (win->finished.first != NULL) {
        post(win, WIN_KEY_POOL);
    }
}

static void close_entry(Win *win, OsOp *op, FileEntry *entry) {
    const bool is_socket = entry->is_socket;
    settle(win, op->file);
    file_table_entry(&win->files, op->file)->open = false;
    if (is_socket) {
        win_socket_close((int)op->file);
        op->result = 0;
    } else {
        op->result = plain_do(&win->workspace, op, (int)op->file, PLAIN_CHUNK_BYTES);
    }
}

/* An error that came with a completion may be lost by that: then the socket just ends. */
static int64_t try_socket(const OsOp *op, int target, FileEntry *entry) {
    const int64_t result = win_socket_try(op, target);
    if (target < 0 || op->call != OS_RECV || entry->error == 0 || result > 0) {
        return result;
    }
    const int error = entry->error;
    entry->error = 0;
    return -error;
}

static void win_perform(Os *os, OsOp *op) {
    Win *win = win_of(os);
    FileEntry *entry = op->call == OS_OPENAT ? NULL : file_table_find(&win->files, op->file);
    const int target =
        entry == NULL || entry->is_socket != win_is_on_socket(op) ? -1 : (int)op->file;
    if (entry != NULL && op->call == OS_CLOSE) {
        close_entry(win, op, entry);
    } else if (win_is_on_socket(op)) {
        op->result = try_socket(op, target, entry);
    } else {
        op->result = plain_do(&win->workspace, op, target, PLAIN_CHUNK_BYTES);
    }
    if (op->call == OS_OPENAT) {
        opened(win, op);
    }
}

/* On a helper thread: an open's handle is in the table, and bound to the port, once it is
 * adopted. */
static void win_thread_perform(Os *os, OsOp *op) {
    op->result = plain_do(&win_of(os)->workspace, op, (int)op->file, PLAIN_CHUNK_BYTES);
    if (op->call == OS_OPENAT && op->result >= 0) {
        op->file = (OsFile)op->result;
        op->result = 0;
    }
}

static void win_lend(Os *os, OsFile file) {
    FileEntry *entry = file_table_find(&win_of(os)->files, file);
    ASSERT(entry != NULL && entry->busy == 0);
    entry->open = false;
}

/* A file that was lent is bound to the port already, which is refused and no harm. */
static void win_adopt(Os *os, OsFile file) {
    Win *win = win_of(os);
    (void)CreateIoCompletionPort(win_handle((int)file), win->port, WIN_KEY_OVERLAPPED, 0);
    file_table_add(&win->files, (int)file);
}

static bool win_pair(Os *os, OsFile ends[2], int *error) {
    Win *win = win_of(os);
    *error = -win_sockets_pair(win->port, WIN_KEY_OVERLAPPED, ends);
    for (int i = 0; i < 2 && *error == 0; i++) {
        file_table_add(&win->files, (int)ends[i]);
        file_table_entry(&win->files, ends[i])->is_socket = true;
    }
    return *error == 0;
}

static uint64_t win_now_ns(Os *os) {
    (void)os;
    return clock_now_ns();
}

static void win_spend(Os *os, uint64_t ns) {
    (void)os;
    os_clock_spend(ns);
}

/* ---- helper threads -------------------------------------------------------------------------- */

static void helper_run(void *user, OsOp *op) {
    const Win *win = user;
    if (op->call == OS_THREAD) {
        while (op->run(op)) {
        }
        return;
    }
    op->result = plain_do(&win->workspace, op, win_target(op), PLAIN_CHUNK_BYTES);
}

static void helper_signal(void *user) {
    post(user, WIN_KEY_POOL);
}

static void helper_begin(void *user, uint32_t number) {
    (void)user;
    plain_helper_begin(number);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void close_what_is_open(Win *win) {
    for (size_t i = 0; i < win->files.cap; i++) {
        FileEntry *entry = &win->files.entries[i];
        if (entry->open && entry->is_socket) {
            win_socket_close((int)i);
        } else if (entry->open) {
            CloseHandle(win_handle((int)i));
        }
        entry->open = false;
    }
    file_table_finish(&win->files);
}

static void win_destroy(Os *os) {
    Win *win = win_of(os);
    pool_destroy(win->pool);
    close_what_is_open(win);
    workspace_finish(&win->workspace);
    if (win->sockets_started) {
        win_sockets_stop();
    }
    if (win->port != NULL) {
        CloseHandle(win->port);
        timeEndPeriod(TIMER_MS);
    }
    win_calls_finish(&win->calls);
    free(win);
}

static const OsTable WIN_TABLE = {
    .notifier = "iocp",
    .sleeps_in = "GetQueuedCompletionStatusEx",
    .via = OS_VIA_OVERLAPPED,
    .channel_via = OS_VIA_OVERLAPPED,
    .channel_delay_ns = 1000000000, /* bytes go through the system's network, not by a call alone */
    .destroy = win_destroy,
    .submit = win_submit,
    .wait = win_wait,
    .peek = win_peek,
    .peeks_channels = true,
    .perform = win_perform,
    .thread_perform = win_thread_perform,
    .lend = win_lend,
    .adopt = win_adopt,
    .pair = win_pair,
    .cancel = win_cancel,
    .wake = win_wake,
    .now_ns = win_now_ns,
    .spend = win_spend,
};

Os *os_win_create(const OsConfig *config, Buf *reason, Diags *diags) {
    ASSERT(config->workspace != NULL);
    Win *win = mem_alloc(1, sizeof *win);
    win->os = (Os){.table = &WIN_TABLE, .backend = OS_BACKEND_IOCP};
    win->workspace.dir = -1;
    win->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    win->calls.port = win->port;
    if (win->port == NULL) {
        char *text = wide_error_text(GetLastError());
        buf_printf(reason, "there is no completion port: %s", text);
        free(text);
        win_destroy(&win->os);
        return NULL;
    }
    timeBeginPeriod(TIMER_MS); /* else a sleep ends at the next of 64 ticks a second */
    win->sockets_started = win_sockets_start() == 0;
    win->pool = pool_create(&(PoolConfig){
        .run = helper_run,
        .signal = helper_signal,
        .begin = helper_begin,
        .user = win,
        .threads_max =
            config->threads_max > 0 ? config->threads_max : pool_threads_default(plain_cores()),
    });
    if (!workspace_init(&win->workspace, config->workspace, diags)) {
        win_destroy(&win->os);
        return NULL;
    }
    return &win->os;
}
