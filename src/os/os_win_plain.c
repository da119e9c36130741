/* File operations as calls that return when they are done, on handles that are open for overlapped
 * work: each waits for its own event. An event whose lowest bit is set keeps the completion from
 * the port. */
#include "os/plain.h"

#include "base/assert.h"
#include "base/system.h"
#include "base/wide.h"
#include "os/os_win.h"

#include <errno.h>
#include <stdio.h>
#include <windows.h>

/* Refused for want of access: the handle was opened for something else, and the POSIX word for that
 * is EBADF. Who may open the file at all was decided by the open. */
int64_t win_file_error(unsigned long error) {
    return error == ERROR_ACCESS_DENIED ? -EBADF : -wide_errno(error);
}

typedef struct Piece {
    int file;
    char *data;
    uint32_t size_bytes;
    int64_t offset; /* -1: the end */
    bool is_write;
} Piece;

/* Bytes, 0 at the end of the file, or -errno. */
static int64_t move_piece(const Piece *piece, HANDLE event) {
    const uint64_t offset = (uint64_t)piece->offset; /* all bits set means the end */
    OVERLAPPED overlapped = {.Offset = (DWORD)offset,
                             .OffsetHigh = (DWORD)(offset >> 32),
                             .hEvent = (HANDLE)((uintptr_t)event | 1u)};
    const HANDLE handle = win_handle(piece->file);
    DWORD moved = 0;
    const BOOL begun = piece->is_write
                           ? WriteFile(handle, piece->data, piece->size_bytes, NULL, &overlapped)
                           : ReadFile(handle, piece->data, piece->size_bytes, NULL, &overlapped);
    DWORD error = begun ? ERROR_SUCCESS : GetLastError();
    if (error == ERROR_SUCCESS || error == ERROR_IO_PENDING) {
        WaitForSingleObject(event, INFINITE);
        error = GetOverlappedResult(handle, &overlapped, &moved, FALSE) ? ERROR_SUCCESS
                                                                        : GetLastError();
    }
    if (error == ERROR_HANDLE_EOF) {
        return 0;
    }
    return error == ERROR_SUCCESS ? (int64_t)moved : win_file_error(error);
}

static int64_t write_whole(const OsOp *op, int file, uint32_t chunk_bytes, HANDLE event) {
    uint64_t done = 0;
    do {
        const uint64_t left = op->size_bytes - done;
        const Piece piece = {.file = file,
                             .data = op->data + done,
                             .size_bytes = left < chunk_bytes ? (uint32_t)left : chunk_bytes,
                             .offset = op->offset < 0 ? -1 : op->offset + (int64_t)done,
                             .is_write = true};
        const int64_t wrote = move_piece(&piece, event);
        if (wrote < 0) {
            return wrote;
        }
        if (wrote == 0 && piece.size_bytes > 0) {
            return -EIO; /* no progress and no reason given */
        }
        done += (uint64_t)wrote;
    } while (done < op->size_bytes);
    return (int64_t)done;
}

static int64_t move_bytes(const OsOp *op, int file, uint32_t chunk_bytes) {
    const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (event == NULL) {
        return -wide_errno(GetLastError());
    }
    const Piece all = {.file = file,
                       .data = op->data,
                       .size_bytes = (uint32_t)op->size_bytes,
                       .offset = op->offset};
    const int64_t result =
        op->call == OS_READ ? move_piece(&all, event) : write_whole(op, file, chunk_bytes, event);
    CloseHandle(event);
    return result;
}

int64_t plain_do(const Workspace *workspace, const OsOp *op, int target, uint32_t chunk_bytes) {
    switch (op->call) {
    case OS_OPENAT:
        return workspace_open(workspace, op->path, op->mode);
    case OS_WRITE:
    case OS_READ:
        return move_bytes(op, target, chunk_bytes);
    case OS_FSYNC:
        return FlushFileBuffers(win_handle(target)) ? 0 : win_file_error(GetLastError());
    default:
        ASSERT(op->call == OS_CLOSE);
        return target >= 0 && CloseHandle(win_handle(target)) ? 0 : -EBADF;
    }
}

void plain_helper_begin(uint32_t number) {
    char name[16];
    snprintf(name, sizeof name, "helper-%u", number);
    system_thread_name(name);
}

long plain_cores(void) {
    return (long)GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
}
