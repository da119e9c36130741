/* The run's own folder: made fresh, and removed with all that it holds. */
#include "os/workspace.h"

#include "base/files.h"
#include "base/mem.h"
#include "base/wide.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define FOLDER_PREFIX "loopscope-"

enum { NAME_TRIES = 100, TEMPORARY_MAX_UNITS = 4096 };

/* A user's temporary folder is closed to other users, and what is made in it inherits that. */
bool workspace_make_temporary(char *out, size_t size_bytes, Diags *diags) {
    wchar_t wide[TEMPORARY_MAX_UNITS];
    const DWORD units = GetTempPathW(TEMPORARY_MAX_UNITS, wide);
    if (units == 0 || units >= TEMPORARY_MAX_UNITS) {
        diags_add(diags, "TEMP", "can't make a folder for the run: there is no temporary folder");
        return false;
    }
    char *parent = wide_path_to_utf8(wide);
    bool made = false;
    bool fits = true;
    for (unsigned i = 0; i < NAME_TRIES && !made && fits; i++) {
        LARGE_INTEGER ticks;
        QueryPerformanceCounter(&ticks);
        const int length =
            snprintf(out, size_bytes, "%s" FOLDER_PREFIX "%lx%06llx%x", parent,
                     GetCurrentProcessId(), (unsigned long long)ticks.QuadPart & 0xFFFFFF, i);
        fits = length > 0 && (size_t)length < size_bytes;
        wchar_t *name = fits ? wide_path(out) : NULL;
        made = name != NULL && CreateDirectoryW(name, NULL);
        errno = wide_errno(GetLastError());
        fits = fits && (made || errno == EEXIST);
        free(name);
    }
    if (!made) {
        diags_add(diags, parent, "can't make a folder for the run: %s", os_error_text(errno));
    }
    free(parent);
    return made;
}

/* What is being emptied, and a number for the next name that nothing in it has. */
typedef struct Removal {
    const wchar_t *root;
    unsigned serial;
} Removal;

static wchar_t *join(const wchar_t *folder, const wchar_t *name) {
    wchar_t *whole = mem_alloc(wcslen(folder) + wcslen(name) + 2, sizeof *whole);
    wcscpy(whole, folder);
    wcscat(whole, L"\\");
    wcscat(whole, name);
    return whole;
}

/* Moves a folder from deep below to the top under a fresh name, so that neither the depth of the
 * tree nor the length of its paths matters. */
static bool lift(Removal *removal, const wchar_t *folder) {
    for (;;) {
        wchar_t fresh[32];
        swprintf(fresh, sizeof fresh / sizeof fresh[0], L".removing-%u", removal->serial++);
        wchar_t *to = join(removal->root, fresh);
        const bool moved = MoveFileExW(folder, to, 0);
        const DWORD error = moved ? ERROR_SUCCESS : GetLastError();
        free(to);
        if (moved || (error != ERROR_ALREADY_EXISTS && error != ERROR_FILE_EXISTS)) {
            return moved;
        }
    }
}

/* Removes what is found where it can go at once; of a link the link itself. */
static bool remove_entry(const wchar_t *path, DWORD attributes) {
    if ((attributes & FILE_ATTRIBUTE_READONLY) != 0) {
        SetFileAttributesW(path, attributes & ~(DWORD)FILE_ATTRIBUTE_READONLY);
    }
    return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? RemoveDirectoryW(path)
                                                        : DeleteFileW(path);
}

static bool is_dots(const wchar_t *name) {
    return wcscmp(name, L".") == 0 || wcscmp(name, L"..") == 0;
}

static bool is_filled_folder(DWORD attributes) {
    return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 &&
           (attributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0;
}

typedef bool EntryVisit(Removal *removal, const wchar_t *path, DWORD attributes);

static bool visit_entries(Removal *removal, const wchar_t *folder, EntryVisit *visit,
                          size_t *count) {
    wchar_t *pattern = join(folder, L"*");
    WIN32_FIND_DATAW found;
    const HANDLE search = FindFirstFileW(pattern, &found);
    free(pattern);
    if (search == INVALID_HANDLE_VALUE) {
        return false;
    }
    bool ok = true;
    do {
        if (!is_dots(found.cFileName)) {
            wchar_t *path = join(folder, found.cFileName);
            ok = visit(removal, path, found.dwFileAttributes);
            free(path);
            (*count)++;
        }
    } while (ok && FindNextFileW(search, &found));
    FindClose(search);
    return ok;
}

/* In a folder of the root: files go, filled folders move up to the root. */
static bool empty_entry(Removal *removal, const wchar_t *path, DWORD attributes) {
    return remove_entry(path, attributes) || (is_filled_folder(attributes) && lift(removal, path));
}

static bool sweep_entry(Removal *removal, const wchar_t *path, DWORD attributes) {
    size_t unused = 0;
    return remove_entry(path, attributes) ||
           (is_filled_folder(attributes) && visit_entries(removal, path, empty_entry, &unused) &&
            remove_entry(path, attributes));
}

/* Only a folder that workspace_make_temporary may have made, by its name. */
bool workspace_remove(const char *folder) {
    if (strncmp(file_base_name(folder), FOLDER_PREFIX, sizeof FOLDER_PREFIX - 1) != 0) {
        return false;
    }
    wchar_t *root = wide_path_whole(folder);
    const DWORD attributes = root == NULL ? INVALID_FILE_ATTRIBUTES : GetFileAttributesW(root);
    bool ok = attributes != INVALID_FILE_ATTRIBUTES && is_filled_folder(attributes);
    Removal removal = {.root = root};
    for (size_t left = 1; ok && left > 0;) {
        left = 0;
        ok = visit_entries(&removal, root, sweep_entry, &left);
    }
    ok = ok && RemoveDirectoryW(root);
    free(root);
    return ok;
}
