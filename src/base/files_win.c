#include "base/files.h"

#include "base/mem.h"
#include "base/wide.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <windows.h>

/* One read or write of the C library's takes an unsigned int. */
enum { PIECE_MAX_BYTES = 1 << 30 };

static bool fail(void) {
    errno = wide_errno(GetLastError());
    return false;
}

int file_open(const char *path, FileUse use) {
    static const int FLAGS[] = {
        [FILE_USE_READ] = _O_RDONLY,
        [FILE_USE_CREATE] = _O_WRONLY | _O_CREAT | _O_TRUNC,
        [FILE_USE_CREATE_NEW] = _O_WRONLY | _O_CREAT | _O_EXCL,
        [FILE_USE_WRITE] = _O_WRONLY,
    };
    wchar_t *name = wide_path(path);
    if (name == NULL) {
        return -1;
    }
    const int file = _wopen(name, FLAGS[use] | _O_BINARY | _O_NOINHERIT, _S_IREAD | _S_IWRITE);
    free(name);
    if (file < 0 && errno == EACCES && file_kind(path) == FILE_KIND_FOLDER) {
        errno = EISDIR; /* as the other systems say it */
    }
    return file;
}

int64_t file_read(int file, void *bytes, size_t size_bytes) {
    return _read(file, bytes,
                 size_bytes < PIECE_MAX_BYTES ? (unsigned)size_bytes : PIECE_MAX_BYTES);
}

int64_t file_write(int file, const void *bytes, size_t size_bytes) {
    return _write(file, bytes,
                  size_bytes < PIECE_MAX_BYTES ? (unsigned)size_bytes : PIECE_MAX_BYTES);
}

bool file_cut(int file, int64_t size_bytes) {
    return _chsize_s(file, size_bytes) == 0;
}

bool file_sync(int file) {
    const HANDLE handle = (HANDLE)_get_osfhandle(file);
    return GetFileType(handle) != FILE_TYPE_DISK || FlushFileBuffers(handle) || fail();
}

bool file_close(int file) {
    return _close(file) == 0;
}

FILE *file_stream(const char *path) {
    wchar_t *name = wide_path(path);
    FILE *stream = name == NULL ? NULL : _wfopen(name, L"rbN");
    free(name);
    return stream;
}

static HANDLE open_to_ask(const wchar_t *name) {
    return CreateFileW(name, FILE_READ_ATTRIBUTES,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                       FILE_FLAG_BACKUP_SEMANTICS, NULL);
}

FileKind file_kind(const char *path) {
    wchar_t *name = wide_path(path);
    const HANDLE handle = name == NULL ? INVALID_HANDLE_VALUE : open_to_ask(name);
    free(name);
    if (handle == INVALID_HANDLE_VALUE) {
        return FILE_KIND_NONE;
    }
    BY_HANDLE_FILE_INFORMATION info;
    FileKind kind = FILE_KIND_OTHER;
    if (GetFileType(handle) == FILE_TYPE_DISK && GetFileInformationByHandle(handle, &info)) {
        kind = (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? FILE_KIND_FOLDER
                                                                       : FILE_KIND_REGULAR;
    }
    CloseHandle(handle);
    return kind;
}

bool file_is_writable(const char *path) {
    wchar_t *name = wide_path(path);
    const DWORD attributes = name == NULL ? INVALID_FILE_ATTRIBUTES : GetFileAttributesW(name);
    free(name);
    if (attributes == INVALID_FILE_ATTRIBUTES) {
        return fail();
    }
    errno = EACCES;
    return (attributes & FILE_ATTRIBUTE_READONLY) == 0;
}

/* A new file takes what its folder hands down, which is what Windows' users expect. */
void file_copy_permissions(int file, const char *like) {
    (void)file;
    (void)like;
}

bool file_replace(const char *from, const char *to) {
    wchar_t *old_name = wide_path(from);
    wchar_t *new_name = wide_path(to);
    const bool done = old_name != NULL && new_name != NULL &&
                      (MoveFileExW(old_name, new_name, MOVEFILE_REPLACE_EXISTING) || fail());
    free(old_name);
    free(new_name);
    return done;
}

bool file_remove(const char *path) {
    wchar_t *name = wide_path(path);
    const bool done = name != NULL && (DeleteFileW(name) || fail());
    free(name);
    return done;
}

bool file_remove_folder(const char *path) {
    wchar_t *name = wide_path(path);
    const bool done = name != NULL && (RemoveDirectoryW(name) || fail());
    free(name);
    return done;
}

bool file_make_folder(const char *path) {
    wchar_t *name = wide_path(path);
    const bool done = name != NULL && (CreateDirectoryW(name, NULL) ||
                                       GetLastError() == ERROR_ALREADY_EXISTS || fail());
    free(name);
    return done;
}

/* The system's name for what is open; NULL where it gives none. */
static wchar_t *final_path(HANDLE handle) {
    const DWORD needed = GetFinalPathNameByHandleW(handle, NULL, 0, FILE_NAME_NORMALIZED);
    wchar_t *text = mem_alloc((size_t)needed + 1, sizeof *text);
    if (needed == 0 ||
        GetFinalPathNameByHandleW(handle, text, needed + 1, FILE_NAME_NORMALIZED) == 0) {
        free(text);
        return NULL;
    }
    return text;
}

static wchar_t *full_path(const wchar_t *name) {
    const DWORD needed = GetFullPathNameW(name, 0, NULL, NULL);
    wchar_t *text = mem_alloc((size_t)needed + 1, sizeof *text);
    GetFullPathNameW(name, needed + 1, text, NULL);
    return text;
}

char *file_real_path(const char *path) {
    wchar_t *name = wide_path(path);
    const HANDLE handle = name == NULL ? INVALID_HANDLE_VALUE : open_to_ask(name);
    char *whole = NULL;
    if (handle != INVALID_HANDLE_VALUE) {
        wchar_t *text = final_path(handle);
        if (text == NULL) { /* Wine has no long ones: whole at least, though maybe through a link */
            text = full_path(name);
        }
        whole = wide_path_to_utf8(text);
        free(text);
        CloseHandle(handle);
    } else if (name != NULL) {
        fail();
    }
    free(name);
    return whole;
}

const char *file_base_name(const char *path) {
    const char *name = path;
    for (const char *at = path; *at != '\0'; at++) {
        name = *at == '/' || *at == '\\' || *at == ':' ? at + 1 : name;
    }
    return name;
}

static bool copy_out(const wchar_t *text, char *out, size_t size_bytes) {
    char *plain = wide_to_utf8(text);
    const size_t length = strlen(plain);
    const bool fits = length > 0 && length < size_bytes;
    if (fits) {
        memcpy(out, plain, length + 1);
    }
    free(plain);
    return fits;
}

bool file_variable(const char *name, char *out, size_t size_bytes) {
    wchar_t *wide = wide_from_utf8(name);
    const wchar_t *value = wide == NULL ? NULL : _wgetenv(wide);
    const bool found = value != NULL && copy_out(value, out, size_bytes);
    free(wide);
    return found;
}

struct FileFolder {
    HANDLE search;
    bool fresh; /* `found` was not told yet */
    WIN32_FIND_DATAW found;
    char *name; /* the last one told */
};

FileFolder *file_folder_open(const char *path) {
    char *pattern = mem_alloc(strlen(path) + 3, 1);
    strcpy(pattern, path);
    strcat(pattern, "\\*");
    wchar_t *wide = wide_path(pattern);
    free(pattern);
    FileFolder *folder = mem_alloc(1, sizeof *folder);
    folder->fresh = true;
    folder->search = wide == NULL ? INVALID_HANDLE_VALUE : FindFirstFileW(wide, &folder->found);
    free(wide);
    if (folder->search == INVALID_HANDLE_VALUE) {
        fail();
        free(folder);
        return NULL;
    }
    return folder;
}

const char *file_folder_next(FileFolder *folder) {
    while (folder->fresh || FindNextFileW(folder->search, &folder->found)) {
        folder->fresh = false;
        if (wcscmp(folder->found.cFileName, L".") != 0 &&
            wcscmp(folder->found.cFileName, L"..") != 0) {
            free(folder->name);
            folder->name = wide_to_utf8(folder->found.cFileName);
            return folder->name;
        }
    }
    return NULL;
}

void file_folder_close(FileFolder *folder) {
    if (folder != NULL) {
        FindClose(folder->search);
        free(folder->name);
        free(folder);
    }
}
