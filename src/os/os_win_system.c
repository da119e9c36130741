/* Windows: a completion port for everything. */
#include "os/os_win.h"
#include "os/system.h"

#include "base/wide.h"

#include <errno.h>
#include <stdlib.h>
#include <windows.h>

const SystemBackend SYSTEM_BACKENDS[] = {
    {OS_BACKEND_IOCP,
     "reads and writes are overlapped, helper threads open, flush and close; all of it arrives at "
     "a completion port",
     os_win_create},
    {OS_BACKEND_AUTO, NULL, NULL},
};

typedef struct NumberRow {
    int error, number;
} NumberRow;

/* Those above 34 that can come, with Linux's numbers. */
static const NumberRow NUMBERS[] = {
    {ENAMETOOLONG, 36},  {ENOTEMPTY, 39},     {ELOOP, 40},      {EILSEQ, 84},
    {ECONNABORTED, 103}, {ECONNRESET, 104},   {ENOBUFS, 105},   {ENOTCONN, 107},
    {ETIMEDOUT, 110},    {ECONNREFUSED, 111}, {ECANCELED, 125},
};

int os_error_number(int error) {
    for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++) {
        if (NUMBERS[i].error == error) {
            return NUMBERS[i].number;
        }
    }
    return error;
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
