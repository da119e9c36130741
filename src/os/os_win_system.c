/* Windows: a completion port for everything. */
#include "os/os_win.h"
#include "os/system.h"

#include "base/wide.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

const SystemBackend SYSTEM_BACKENDS[] = {
    {OS_BACKEND_IOCP,
     "reads and writes are overlapped, helper threads open, flush and close; all of it arrives at "
     "a completion port",
     os_win_create},
    {OS_BACKEND_AUTO, NULL, NULL},
};

/* Linux's number and words for an error. The C library here has the same numbers up to 34 and made
 * up its own beyond; its words differ here and there. */
typedef struct ErrorRow {
    int error, number;
    const char *text;
} ErrorRow;

static const ErrorRow ERRORS[] = {
    {EPERM, 1, "Operation not permitted"},
    {ENOENT, 2, "No such file or directory"},
    {EINTR, 4, "Interrupted system call"},
    {EIO, 5, "Input/output error"},
    {EBADF, 9, "Bad file descriptor"},
    {EAGAIN, 11, "Resource temporarily unavailable"},
    {ENOMEM, 12, "Cannot allocate memory"},
    {EACCES, 13, "Permission denied"},
    {EBUSY, 16, "Device or resource busy"},
    {EEXIST, 17, "File exists"},
    {EXDEV, 18, "Invalid cross-device link"},
    {ENOTDIR, 20, "Not a directory"},
    {EISDIR, 21, "Is a directory"},
    {EINVAL, 22, "Invalid argument"},
    {ENFILE, 23, "Too many open files in system"},
    {EMFILE, 24, "Too many open files"},
    {EFBIG, 27, "File too large"},
    {ENOSPC, 28, "No space left on device"},
    {EROFS, 30, "Read-only file system"},
    {EPIPE, 32, "Broken pipe"},
    {ENAMETOOLONG, 36, "File name too long"},
    {ENOTEMPTY, 39, "Directory not empty"},
    {ELOOP, 40, "Too many levels of symbolic links"},
    {EILSEQ, 84, "Invalid or incomplete multibyte or wide character"},
    {ECONNABORTED, 103, "Software caused connection abort"},
    {ECONNRESET, 104, "Connection reset by peer"},
    {ENOBUFS, 105, "No buffer space available"},
    {ENOTCONN, 107, "Transport endpoint is not connected"},
    {ETIMEDOUT, 110, "Connection timed out"},
    {ECONNREFUSED, 111, "Connection refused"},
    {ECANCELED, 125, "Operation canceled"},
};

static const ErrorRow *row_of(int error) {
    for (size_t i = 0; i < sizeof ERRORS / sizeof ERRORS[0]; i++) {
        if (ERRORS[i].error == error) {
            return &ERRORS[i];
        }
    }
    return NULL;
}

int os_error_number(int error) {
    const ErrorRow *row = row_of(error);
    return row == NULL ? error : row->number;
}

const char *os_error_text(int error) {
    const ErrorRow *row = row_of(error);
    return row == NULL ? strerror(error) : row->text;
}

/* A write of one byte, and what the port says of it; true where it came. */
static bool try_write(HANDLE file, HANDLE port, Buf *out) {
    OVERLAPPED overlapped = {.Offset = 0};
    DWORD moved = 0;
    ULONG_PTR key = 0;
    OVERLAPPED *told = NULL;
    const bool at_once = WriteFile(file, "x", 1, NULL, &overlapped);
    const DWORD error = at_once ? ERROR_SUCCESS : GetLastError();
    if (!at_once && error != ERROR_IO_PENDING) {
        return false;
    }
    buf_append_text(out, at_once ? "an overlapped WriteFile to a regular file = TRUE"
                                 : "an overlapped WriteFile to a regular file = ERROR_IO_PENDING");
    return GetQueuedCompletionStatus(port, &moved, &key, &told, INFINITE) && moved == 1;
}

void system_try_file(const char *folder, Buf *out) {
    Buf path = {0};
    buf_printf(&path, "%s\\regular", folder);
    wchar_t *name = wide_path(buf_text(&path));
    const HANDLE file = name == NULL
                            ? INVALID_HANDLE_VALUE
                            : CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_NEW,
                                          FILE_FLAG_OVERLAPPED | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    const HANDLE port =
        file == INVALID_HANDLE_VALUE ? NULL : CreateIoCompletionPort(file, NULL, 1, 1);
    if (port != NULL && try_write(file, port, out)) {
        buf_append_text(out, ": its completion arrived at the port");
    } else {
        char *text = wide_error_text(GetLastError());
        buf_printf(out, "%sit could not be tried: %s", out->size_bytes > 0 ? "; " : "", text);
        free(text);
    }
    if (file != INVALID_HANDLE_VALUE) {
        CloseHandle(file);
    }
    if (port != NULL) {
        CloseHandle(port);
    }
    free(name);
    buf_finish(&path);
}
