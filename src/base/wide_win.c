#include "base/wide.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

enum { SURROGATE_HIGH = 0xD800, SURROGATE_LOW = 0xDC00, SURROGATE_END = 0xE000, PLANE_1 = 0x10000 };

/* CreateDirectory wants room for a name of 8.3 below a path of MAX_PATH. */
enum { PLAIN_PATH_MAX = MAX_PATH - 13 };

static const wchar_t WHOLE[] = L"\\\\?\\";
static const wchar_t WHOLE_SHARE[] = L"\\\\?\\UNC\\";

wchar_t *wide_from_utf8(const char *text) {
    const size_t length = strlen(text);
    if (utf8_valid_prefix(text, length) < length) {
        errno = EILSEQ;
        return NULL;
    }
    wchar_t *wide = mem_alloc(length + 1, sizeof *wide);
    size_t used = 0;
    for (size_t i = 0; i < length;) {
        uint32_t code = 0;
        i += utf8_decode(text + i, length - i, &code, NULL);
        if (code >= PLANE_1) {
            wide[used++] = (wchar_t)(SURROGATE_HIGH + ((code - PLANE_1) >> 10));
            code = SURROGATE_LOW + ((code - PLANE_1) & 0x3FF);
        }
        wide[used++] = (wchar_t)code;
    }
    return wide;
}

static bool is_high(wchar_t unit) {
    return unit >= SURROGATE_HIGH && unit < SURROGATE_LOW;
}

static bool is_low(wchar_t unit) {
    return unit >= SURROGATE_LOW && unit < SURROGATE_END;
}

char *wide_to_utf8(const wchar_t *text) {
    const size_t length = wcslen(text);
    char *out = mem_alloc(length * 3 + 1, 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        uint32_t code = text[i];
        if (is_high(text[i]) && is_low(text[i + 1])) {
            code = PLANE_1 + ((code - SURROGATE_HIGH) << 10) + (text[++i] - SURROGATE_LOW);
        } else if (is_high(text[i]) || is_low(text[i])) {
            code = UTF8_REPLACEMENT;
        }
        used += utf8_encode(code, out + used);
    }
    return out;
}

/* `path` from the drive or the share on, with \\?\ in front: no limit but 32,767 applies. */
static wchar_t *make_whole(wchar_t *path) {
    const DWORD needed = GetFullPathNameW(path, 0, NULL, NULL);
    wchar_t *full = mem_alloc((size_t)needed + 1, sizeof *full);
    GetFullPathNameW(path, needed + 1, full, NULL);
    free(path);
    const bool share = wcsncmp(full, L"\\\\", 2) == 0;
    const wchar_t *front = share ? WHOLE_SHARE : WHOLE;
    const wchar_t *rest = full + (share ? 2 : 0);
    wchar_t *whole = mem_alloc(wcslen(front) + wcslen(rest) + 1, sizeof *whole);
    wcscpy(whole, front);
    wcscat(whole, rest);
    free(full);
    return whole;
}

static wchar_t *path_of(const char *path, size_t plain_max_units) {
    wchar_t *wide = wide_from_utf8(path);
    if (wide == NULL) {
        return NULL;
    }
    for (wchar_t *at = wide; *at != L'\0'; at++) {
        *at = *at == L'/' ? L'\\' : *at;
    }
    const bool is_whole = wcsncmp(wide, WHOLE, wcslen(WHOLE)) == 0;
    return is_whole || wcslen(wide) <= plain_max_units ? wide : make_whole(wide);
}

wchar_t *wide_path(const char *path) {
    return path_of(path, PLAIN_PATH_MAX);
}

wchar_t *wide_path_whole(const char *path) {
    return path_of(path, 0);
}

char *wide_path_to_utf8(const wchar_t *path) {
    const size_t share = wcslen(WHOLE_SHARE);
    if (wcsncmp(path, WHOLE_SHARE, share) == 0) {
        char *rest =
            wide_to_utf8(path + share - 2); /* "C\server": the C gives its place to a '\' */
        rest[0] = '\\';
        return rest;
    }
    return wide_to_utf8(wcsncmp(path, WHOLE, wcslen(WHOLE)) == 0 ? path + wcslen(WHOLE) : path);
}

/* ---- errors ---------------------------------------------------------------------------------- */

typedef struct ErrorRow {
    DWORD error;
    int number;
} ErrorRow;

static const ErrorRow ERRORS[] = {
    {ERROR_SUCCESS, 0},
    {ERROR_INVALID_FUNCTION, EINVAL},
    {ERROR_FILE_NOT_FOUND, ENOENT},
    {ERROR_PATH_NOT_FOUND, ENOENT},
    {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
    {ERROR_ACCESS_DENIED, EACCES},
    {ERROR_INVALID_HANDLE, EBADF},
    {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
    {ERROR_OUTOFMEMORY, ENOMEM},
    {ERROR_INVALID_DRIVE, ENOENT},
    {ERROR_NOT_SAME_DEVICE, EXDEV},
    {ERROR_WRITE_PROTECT, EROFS},
    {ERROR_NOT_READY, EIO},
    {ERROR_SHARING_VIOLATION, EACCES},
    {ERROR_LOCK_VIOLATION, EACCES},
    {ERROR_HANDLE_DISK_FULL, ENOSPC},
    {ERROR_DISK_FULL, ENOSPC},
    {ERROR_NOT_SUPPORTED, EINVAL},
    {ERROR_BAD_NETPATH, ENOENT},
    {ERROR_BAD_NET_NAME, ENOENT},
    {ERROR_FILE_EXISTS, EEXIST},
    {ERROR_ALREADY_EXISTS, EEXIST},
    {ERROR_CANNOT_MAKE, EACCES},
    {ERROR_INVALID_PARAMETER, EINVAL},
    {ERROR_BROKEN_PIPE, EPIPE},
    {ERROR_NO_DATA, EPIPE},
    {ERROR_INVALID_NAME, EINVAL}, /* as the C library has it, and so Python */
    {ERROR_BAD_PATHNAME, ENOENT},
    {ERROR_DIRECTORY, ENOTDIR},
    {ERROR_DIR_NOT_EMPTY, ENOTEMPTY},
    {ERROR_BUSY, EBUSY},
    {ERROR_FILENAME_EXCED_RANGE, ENAMETOOLONG},
    {ERROR_FILE_TOO_LARGE, EFBIG},
    {ERROR_OPERATION_ABORTED, ECANCELED},
    {ERROR_NOT_ENOUGH_QUOTA, ENOMEM},
    {ERROR_NO_SYSTEM_RESOURCES, ENOMEM},
    {ERROR_WORKING_SET_QUOTA, ENOMEM},
    {ERROR_COMMITMENT_LIMIT, ENOMEM},
    {ERROR_DELETE_PENDING, EACCES},
    {ERROR_CANT_RESOLVE_FILENAME, ELOOP},
    {ERROR_PRIVILEGE_NOT_HELD, EPERM},
    {ERROR_NETNAME_DELETED, ECONNRESET},
    {ERROR_CONNECTION_ABORTED, ECONNABORTED},
    {ERROR_CONNECTION_REFUSED, ECONNREFUSED},
    {WSAEWOULDBLOCK, EAGAIN},
    {WSAECONNRESET, ECONNRESET},
    {WSAECONNABORTED, ECONNABORTED},
    {WSAESHUTDOWN, EPIPE},
    {WSAENOBUFS, ENOBUFS},
    {WSAEMFILE, EMFILE},
    {WSAENOTSOCK, EBADF},
    {WSAEACCES, EACCES},
    {WSAEINVAL, EINVAL},
};

int wide_errno(unsigned long error) {
    for (size_t i = 0; i < sizeof ERRORS / sizeof ERRORS[0]; i++) {
        if (ERRORS[i].error == error) {
            return ERRORS[i].number;
        }
    }
    return EIO;
}

char *wide_error_text(unsigned long error) {
    wchar_t text[512];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                                  error, 0, text, sizeof text / sizeof text[0], NULL);
    while (length > 0 && (text[length - 1] == L'\n' || text[length - 1] == L'\r' ||
                          text[length - 1] == L' ' || text[length - 1] == L'.')) {
        length--;
    }
    text[length] = L'\0';
    return length > 0 ? wide_to_utf8(text) : mem_copy_text("unknown error", 13);
}
