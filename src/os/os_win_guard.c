/* The workspace guard on Windows.
 *
 * Each name of a path is opened by itself, relative to the handle of the folder before it, and a
 * reparse point (junction, symbolic link, mount point) is opened as what it is and refused, and so
 * is what the system itself places in another folder than it was opened in. So nothing that lies in
 * the folder, nor anybody who exchanges a folder while we walk, can lead out.
 * The system's own reading of whole paths, which knows drives, devices and streams, is never asked:
 * what it would make of a name is refused by its text.
 *
 * Handles are kept as ints, as descriptors are elsewhere: Windows promises that 32 bits do. */
#include "os/workspace.h"

#include "base/assert.h"
#include "base/mem.h"
#include "base/wide.h"
#include "os/os_win.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <winternl.h>

enum {
    NAME_MAX_UNITS = 255,
    OWN_NAME_MAX_UNITS = 2048,
    SHARE_ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE
};

static const ACCESS_MASK FOLDER_ACCESS =
    FILE_LIST_DIRECTORY | FILE_TRAVERSE | FILE_READ_ATTRIBUTES | SYNCHRONIZE;

HANDLE win_handle(int file) {
    return file < 0 ? NULL : (HANDLE)(intptr_t)file;
}

bool workspace_init(Workspace *workspace, const char *folder, Diags *diags) {
    *workspace = (Workspace){.dir = -1};
    wchar_t *name = wide_path(folder);
    const HANDLE handle = name == NULL
                              ? INVALID_HANDLE_VALUE
                              : CreateFileW(name, FOLDER_ACCESS, SHARE_ALL, NULL, OPEN_EXISTING,
                                            FILE_FLAG_BACKUP_SEMANTICS, NULL);
    const int error = name == NULL ? errno : wide_errno(GetLastError());
    BY_HANDLE_FILE_INFORMATION info;
    free(name);
    if (handle == INVALID_HANDLE_VALUE) {
        diags_add(diags, folder, "can't use this folder as the workspace: %s",
                  os_error_text(error));
        return false;
    }
    if (!GetFileInformationByHandle(handle, &info) ||
        (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0) {
        CloseHandle(handle);
        diags_add(diags, folder, "can't use this folder as the workspace: %s",
                  os_error_text(ENOTDIR));
        return false;
    }
    workspace->dir = (int)(intptr_t)handle;
    return true;
}

void workspace_finish(Workspace *workspace) {
    if (workspace->dir >= 0) {
        CloseHandle(win_handle(workspace->dir));
    }
    workspace->dir = -1;
}

/* ---- one name -------------------------------------------------------------------------------- */

/* What an open of one name asks for. */
typedef struct Want {
    ACCESS_MASK access;
    ULONG disposition;
    ULONG options;
} Want;

static int status_error(NTSTATUS status) {
    return -wide_errno(RtlNtStatusToDosError(status));
}

static OBJECT_ATTRIBUTES attributes_of(HANDLE folder, UNICODE_STRING *name) {
    return (OBJECT_ATTRIBUTES){.Length = sizeof(OBJECT_ATTRIBUTES),
                               .RootDirectory = folder,
                               .ObjectName = name,
                               .Attributes = OBJ_CASE_INSENSITIVE};
}

static bool is_link(HANDLE handle) {
    FILE_ATTRIBUTE_TAG_INFO tag;
    return GetFileInformationByHandleEx(handle, FileAttributeTagInfo, &tag, sizeof tag) &&
           (tag.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
}

/* The system's own name of what is open, with its length; false where it tells none. */
static bool own_name(HANDLE handle, wchar_t *out, DWORD *units) {
    *units = GetFinalPathNameByHandleW(handle, out, OWN_NAME_MAX_UNITS, VOLUME_NAME_NT);
    return *units > 0 && *units < OWN_NAME_MAX_UNITS;
}

/* A second look, by names: a link that does not look like one leads to another folder. Wine's
 * handles of links are such. Where there are no names there is nothing to compare. */
static bool leads_away(HANDLE handle, HANDLE folder) {
    wchar_t *names = mem_alloc(2 * OWN_NAME_MAX_UNITS, sizeof *names);
    wchar_t *there = names + OWN_NAME_MAX_UNITS;
    DWORD here_units = 0;
    DWORD there_units = 0;
    bool away = false;
    if (own_name(folder, names, &here_units) && own_name(handle, there, &there_units)) {
        const bool slash = names[here_units - 1] == L'\\'; /* the root of a drive */
        away = there_units <= here_units || wmemcmp(names, there, here_units) != 0 ||
               (!slash && there[here_units] != L'\\');
    }
    free(names);
    return away;
}

/* Opens `name` in `folder`, never through a link: a handle, -EPERM for a link, or -errno. */
static int open_name(HANDLE folder, wchar_t *name, const Want *want) {
    const size_t units = wcslen(name);
    if (units > NAME_MAX_UNITS) {
        return -ENAMETOOLONG;
    }
    UNICODE_STRING text = {.Length = (USHORT)(units * sizeof *name),
                           .MaximumLength = (USHORT)(units * sizeof *name),
                           .Buffer = name};
    OBJECT_ATTRIBUTES attributes = attributes_of(folder, &text);
    HANDLE handle = NULL;
    IO_STATUS_BLOCK block;
    const NTSTATUS status = NtCreateFile(&handle, want->access, &attributes, &block, NULL,
                                         FILE_ATTRIBUTE_NORMAL, SHARE_ALL, want->disposition,
                                         want->options | FILE_OPEN_REPARSE_POINT, NULL, 0);
    if (status < 0) {
        return status_error(status);
    }
    if (is_link(handle) || leads_away(handle, folder)) {
        CloseHandle(handle);
        return -EPERM;
    }
    return (int)(intptr_t)handle;
}

static int enter(int folder, wchar_t *name, bool make) {
    const Want want = {.access = FOLDER_ACCESS,
                       .disposition = make ? FILE_OPEN_IF : FILE_OPEN,
                       .options = FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT};
    return open_name(win_handle(folder), name, &want);
}

/* ---- the walk -------------------------------------------------------------------------------- */

/* The names of a path, "." and ".." resolved by its text: no link is ever on the way, so that is
 * where they lead. */
typedef struct Names {
    wchar_t *text; /* the path, cut at its separators */
    wchar_t **names;
    size_t count;
    bool is_folder; /* "x/", "x/." and "x/.." name folders, whatever x is */
} Names;

static void names_finish(Names *names) {
    free(names->text);
    free(names->names);
}

static int names_split(Names *names, const char *path) {
    *names = (Names){.text = wide_from_utf8(path)};
    if (names->text == NULL) {
        return -EINVAL;
    }
    names->names = mem_alloc(wcslen(names->text) + 1, sizeof *names->names);
    for (wchar_t *at = names->text; at != NULL;) {
        wchar_t *slash = wcschr(at, L'/');
        if (slash != NULL) {
            *slash = L'\0';
        }
        const bool dots = wcscmp(at, L".") == 0 || wcscmp(at, L"..") == 0 || *at == L'\0';
        names->is_folder = dots;
        if (wcscmp(at, L"..") == 0) {
            ASSERT(names->count > 0); /* workspace_path_allowed */
            names->count--;
        } else if (!dots) {
            names->names[names->count++] = at;
        }
        at = slash == NULL ? NULL : slash + 1;
    }
    return 0;
}

/* From the workspace through the first `count` names: the last folder's handle, or -errno. */
static int walk(const Workspace *workspace, const Names *names, size_t count, bool make) {
    int here = workspace->dir;
    for (size_t i = 0; i < count && here >= 0; i++) {
        const int next = enter(here, names->names[i], make);
        if (here != workspace->dir) {
            CloseHandle(win_handle(here));
        }
        here = next;
    }
    return here;
}

static void leave(const Workspace *workspace, int folder) {
    if (folder >= 0 && folder != workspace->dir) {
        CloseHandle(win_handle(folder));
    }
}

int workspace_make_folders(const Workspace *workspace, const char *path) {
    if (!workspace_path_allowed(path)) {
        return -EPERM;
    }
    Names names;
    int folder = names_split(&names, path);
    if (folder == 0 && names.count > 0) {
        folder = walk(workspace, &names, names.count - 1, true);
        leave(workspace, folder);
    }
    names_finish(&names);
    return folder < 0 ? folder : 0;
}

/* ---- opening a file -------------------------------------------------------------------------- */

static Want want_of(OsMode mode) {
    static const ACCESS_MASK ABOUT = FILE_READ_ATTRIBUTES | SYNCHRONIZE;
    switch (mode) {
    case OS_MODE_W:
        return (Want){ABOUT | FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES, FILE_OPEN_IF, 0};
    case OS_MODE_A: /* without FILE_WRITE_DATA the system itself puts every write at the end */
        return (Want){ABOUT | FILE_APPEND_DATA | FILE_WRITE_ATTRIBUTES, FILE_OPEN_IF, 0};
    default:
        ASSERT(mode == OS_MODE_R);
        return (Want){ABOUT | FILE_READ_DATA, FILE_OPEN, 0};
    }
}

/* After the open, so that nothing is emptied that turns out not to be a regular file. */
static int admit(HANDLE handle, OsMode mode) {
    FILE_END_OF_FILE_INFO empty = {.EndOfFile.QuadPart = 0};
    BY_HANDLE_FILE_INFORMATION info;
    if (GetFileType(handle) != FILE_TYPE_DISK || !GetFileInformationByHandle(handle, &info)) {
        return -EPERM;
    }
    if ((info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
        return -EISDIR;
    }
    const bool emptied = mode != OS_MODE_W || SetFileInformationByHandle(handle, FileEndOfFileInfo,
                                                                         &empty, sizeof empty);
    return emptied ? 0 : -wide_errno(GetLastError());
}

static int open_last(int folder, wchar_t *name, OsMode mode) {
    const Want want = want_of(mode);
    const int file = open_name(win_handle(folder), name, &want);
    if (file < 0) {
        return file;
    }
    const int admitted = admit(win_handle(file), mode);
    if (admitted < 0) {
        CloseHandle(win_handle(file));
        return admitted;
    }
    return file;
}

static int open_names(const Workspace *workspace, const Names *names, OsMode mode) {
    if (names->is_folder || names->count == 0) {
        const int folder = walk(workspace, names, names->count, false);
        leave(workspace, folder);
        return folder < 0 && mode == OS_MODE_R ? folder : -EISDIR;
    }
    const int folder = walk(workspace, names, names->count - 1, mode != OS_MODE_R);
    const int file = folder < 0 ? folder : open_last(folder, names->names[names->count - 1], mode);
    leave(workspace, folder);
    return file;
}

int workspace_open(const Workspace *workspace, const char *path, OsMode mode) {
    if (!workspace_path_allowed(path)) {
        return -EPERM;
    }
    Names names;
    int file = names_split(&names, path);
    if (file == 0) {
        file = open_names(workspace, &names, mode);
    }
    names_finish(&names);
    return file;
}
