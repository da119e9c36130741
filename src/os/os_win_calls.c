#include "os/os_win_calls.h"

#include "base/assert.h"
#include "base/mem.h"
#include "base/wide.h"
#include "os/os_win.h"
#include "os/plain.h"

#include <errno.h>
#include <stdlib.h>
#include <windows.h>

enum { PEEK_MAX = 64 };

/* The system writes into it while it is in flight, so it never moves. */
struct WinCall {
    OVERLAPPED overlapped;
    OsOp *op;
    uint64_t done_bytes;
    DWORD refused; /* why the system did not begin it */
    WinCall *next, *previous;
};

static WinCall *take(WinCalls *calls, OsOp *op) {
    WinCall *call = calls->spare;
    if (call != NULL) {
        calls->spare = call->next;
    } else {
        call = mem_alloc(1, sizeof *call);
    }
    *call = (WinCall){.op = op, .previous = calls->last};
    *(call->previous != NULL ? &call->previous->next : &calls->first) = call;
    calls->last = call;
    op->back_end[WIN_SLOT_CALL] = (uintptr_t)call;
    return call;
}

static void give_back(WinCalls *calls, WinCall *call) {
    *(call->previous != NULL ? &call->previous->next : &calls->first) = call->next;
    *(call->next != NULL ? &call->next->previous : &calls->last) = call->previous;
    call->next = calls->spare;
    calls->spare = call;
}

void win_calls_finish(WinCalls *calls) {
    ASSERT(calls->first == NULL);
    while (calls->spare != NULL) {
        WinCall *call = calls->spare;
        calls->spare = call->next;
        free(call);
    }
}

bool win_is_on_socket(const OsOp *op) {
    return op->call == OS_SEND || op->call == OS_RECV;
}

int win_target(const OsOp *op) {
    return (int)(int64_t)op->back_end[WIN_SLOT_TARGET];
}

/* ---- beginning ------------------------------------------------------------------------------- */

static DWORD begin_on_file(WinCall *call) {
    const OsOp *op = call->op;
    const uint64_t left = op->size_bytes - call->done_bytes;
    const DWORD size_bytes = left < PLAIN_CHUNK_BYTES ? (DWORD)left : PLAIN_CHUNK_BYTES;
    /* All bits set means the end. */
    const uint64_t offset = op->offset < 0 ? UINT64_MAX : (uint64_t)op->offset + call->done_bytes;
    call->overlapped = (OVERLAPPED){.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
    const HANDLE handle = win_handle(win_target(op));
    char *data = op->data + call->done_bytes;
    const BOOL begun = op->call == OS_WRITE
                           ? WriteFile(handle, data, size_bytes, NULL, &call->overlapped)
                           : ReadFile(handle, data, size_bytes, NULL, &call->overlapped);
    return begun ? ERROR_SUCCESS : GetLastError();
}

/* The system sends a packet also where all was done at once; only of what it refuses Windows says
 * nothing more, so we send that one. */
static void begin(WinCalls *calls, WinCall *call) {
    const bool on_socket = win_is_on_socket(call->op);
    const DWORD error = on_socket
                            ? win_socket_begin(call->op, win_target(call->op), &call->overlapped)
                            : begin_on_file(call);
    const bool begun = on_socket ? win_socket_is_begun(error)
                                 : error == ERROR_SUCCESS || error == ERROR_IO_PENDING;
    if (!begun) {
        call->refused = error;
        ASSERT(PostQueuedCompletionStatus(calls->port, 0, WIN_KEY_REFUSED, &call->overlapped));
    }
}

void win_calls_begin(WinCalls *calls, OsOp *op) {
    begin(calls, take(calls, op));
}

/* Where it has just ended by itself there is nothing to cancel. */
void win_calls_cancel(const OsOp *op) {
    WinCall *call = (WinCall *)(uintptr_t)op->back_end[WIN_SLOT_CALL];
    (void)CancelIoEx(win_handle(win_target(op)), &call->overlapped);
}

/* ---- ending ---------------------------------------------------------------------------------- */

static int64_t error_result(const OsOp *op, DWORD error) {
    const int64_t result = win_is_on_socket(op) ? -wide_errno(error) : win_file_error(error);
    return op->call == OS_SEND && (result == -ECONNRESET || result == -ECONNABORTED) ? -EPIPE
                                                                                     : result;
}

/* The part of a write that is missing goes on its way; true where nothing is missing any more. */
static bool is_whole(WinCalls *calls, WinCall *call, DWORD moved) {
    OsOp *op = call->op;
    call->done_bytes += moved;
    op->result = (int64_t)call->done_bytes;
    if (op->call != OS_WRITE || call->done_bytes == op->size_bytes) {
        return true;
    }
    if (moved == 0) {
        op->result = -EIO; /* no progress and no reason given */
        return true;
    }
    begin(calls, call);
    return false;
}

OsOp *win_calls_arrived(WinCalls *calls, void *overlapped, bool was_refused) {
    WinCall *call = CONTAINING_RECORD(overlapped, WinCall, overlapped);
    OsOp *op = call->op;
    DWORD moved = 0;
    DWORD error = call->refused;
    if (!was_refused && error != ERROR_SUCCESS) {
        return NULL; /* Wine sends a packet all the same (a full disk); ours comes behind it */
    }
    if (!was_refused) {
        const BOOL good =
            GetOverlappedResult(win_handle(win_target(op)), &call->overlapped, &moved, FALSE);
        error = good ? ERROR_SUCCESS : GetLastError();
    }
    if (error == ERROR_HANDLE_EOF && op->call == OS_READ) {
        error = ERROR_SUCCESS; /* nothing to read there: 0 bytes */
    }
    if (op->call == OS_RECV && win_target(op) >= 0 && error != ERROR_OPERATION_ABORTED) {
        op->result = error == ERROR_SUCCESS ? 0 : error_result(op, error);
        op->is_readiness = true; /* bytes, the end or an error: whoever tries will see */
    } else if (error != ERROR_SUCCESS) {
        op->result = error_result(op, error);
    } else if (!is_whole(calls, call, moved)) {
        return NULL;
    }
    give_back(calls, call);
    return op;
}

/* The system writes an operation's status, and then nothing more, where we can read it. */
static bool is_over(const WinCall *call) {
    const volatile ULONG_PTR *status = &call->overlapped.Internal;
    const volatile ULONG_PTR *moved = &call->overlapped.InternalHigh;
    const OsOp *op = call->op;
    if (call->refused != ERROR_SUCCESS || *status == (ULONG_PTR)STATUS_PENDING) {
        return false;
    }
    return op->call != OS_WRITE || *status != 0 || call->done_bytes + *moved == op->size_bytes;
}

OsOp *win_calls_peek(const WinCalls *calls) {
    int looked = 0;
    for (const WinCall *call = calls->first; call != NULL && looked < PEEK_MAX; call = call->next) {
        const bool shown = call->op->back_end[WIN_SLOT_PEEKED] != 0;
        if (!shown && !win_is_on_socket(call->op) && is_over(call)) {
            return call->op;
        }
        looked++;
    }
    return NULL;
}
