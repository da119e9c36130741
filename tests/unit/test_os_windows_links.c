/* Links that lead out of the workspace, on Windows: each kind that the system lets us make is
 * refused, and removing the run's folder removes the link alone. Junctions and symbolic links where
 * Windows makes them; Wine makes none, so there links of the system beneath it. */
#include "os_fixture.h"

#include "base/files.h"
#include "base/wide.h"

#include <windows.h>
#include <winioctl.h>

/* The other place, and what lies in it. */
static const char SECRET[] = "stays as it is";

typedef struct Outside {
    char folder[512];
    char secret[600];
} Outside;

static void outside_make(Outside *outside) {
    make_folder(outside->folder, sizeof outside->folder);
    snprintf(outside->secret, sizeof outside->secret, "%s\\secret", outside->folder);
    FILE *file = fopen(outside->secret, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(SECRET, 1, sizeof SECRET, file), sizeof SECRET);
    assert_int_equal(fclose(file), 0);
}

/* Nothing was added and nothing changed. */
static void outside_check(const Outside *outside) {
    char got[64] = "";
    FILE *file = fopen(outside->secret, "rb");
    assert_non_null(file);
    assert_int_equal(fread(got, 1, sizeof got, file), sizeof SECRET);
    assert_string_equal(got, SECRET);
    assert_int_equal(fclose(file), 0);
    FileFolder *listing = file_folder_open(outside->folder);
    assert_non_null(listing);
    assert_string_equal(file_folder_next(listing), "secret");
    assert_null(file_folder_next(listing));
    file_folder_close(listing);
}

/* ---- making links ---------------------------------------------------------------------------- */

/* From `link` to `target`; true where it is there. */
typedef bool MakeLink(const wchar_t *link, const wchar_t *target);

static bool is_there(const wchar_t *path) {
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

/* What a junction is: a folder with a reparse point that holds another folder's name. */
typedef struct Junction {
    DWORD tag;
    WORD data_bytes, reserved;
    WORD name_offset, name_bytes, shown_offset, shown_bytes;
    wchar_t names[600];
} Junction;

static bool make_junction(const wchar_t *link, const wchar_t *target) {
    Junction junction = {.tag = IO_REPARSE_TAG_MOUNT_POINT};
    swprintf(junction.names, sizeof junction.names / sizeof junction.names[0], L"\\??\\%ls",
             target);
    junction.name_bytes = (WORD)(wcslen(junction.names) * sizeof(wchar_t));
    junction.shown_offset = (WORD)(junction.name_bytes + sizeof(wchar_t));
    junction.data_bytes = (WORD)(junction.name_bytes + 12);
    if (!CreateDirectoryW(link, NULL)) {
        return false;
    }
    const HANDLE handle =
        CreateFileW(link, GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                    FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    DWORD unused = 0;
    const bool made = handle != INVALID_HANDLE_VALUE &&
                      DeviceIoControl(handle, FSCTL_SET_REPARSE_POINT, &junction,
                                      (DWORD)junction.data_bytes + 8, NULL, 0, &unused, NULL);
    CloseHandle(handle);
    if (!made) {
        RemoveDirectoryW(link);
    }
    return made;
}

enum { UNPRIVILEGED = 2 }; /* SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE */

static bool make_symbolic(const wchar_t *link, const wchar_t *target) {
    const bool to_folder = (GetFileAttributesW(target) & FILE_ATTRIBUTE_DIRECTORY) != 0;
    const DWORD kind = to_folder ? SYMBOLIC_LINK_FLAG_DIRECTORY : 0;
    return CreateSymbolicLinkW(link, target, kind | UNPRIVILEGED) && is_there(link);
}

typedef char *CDECL UnixName(const wchar_t *name);

/* Under Wine alone, a program of the system beneath, `words` around its names of two files. Such a
 * process has no end that is told: `link` is looked at until it is there, or gone. */
static bool run_beneath(const wchar_t *program, const char *words, const wchar_t *link,
                        const wchar_t *target, bool there) {
    union {
        FARPROC any;
        UnixName *unix_name;
    } wine = {.any = GetProcAddress(GetModuleHandleW(L"kernel32"), "wine_get_unix_file_name")};
    if (wine.any == NULL) {
        return false;
    }
    char *from = wine.unix_name(link);
    char *to = wine.unix_name(target);
    Buf line = {0};
    buf_printf(&line, "%s \"%s\" \"%s\"", words, to, from);
    wchar_t *wide = wide_from_utf8(buf_text(&line));
    STARTUPINFOW start = {.cb = sizeof start};
    PROCESS_INFORMATION made = {0};
    if (CreateProcessW(program, wide, NULL, NULL, FALSE, 0, NULL, NULL, &start, &made)) {
        CloseHandle(made.hProcess);
        CloseHandle(made.hThread);
    }
    for (int i = 0; i < 500 && is_there(link) != there; i++) {
        Sleep(10);
    }
    HeapFree(GetProcessHeap(), 0, from);
    HeapFree(GetProcessHeap(), 0, to);
    free(wide);
    buf_finish(&line);
    return is_there(link) == there;
}

static bool make_beneath(const wchar_t *link, const wchar_t *target) {
    return run_beneath(L"Z:\\bin\\ln", "ln -s", link, target, true);
}

static const struct {
    const char *name;
    MakeLink *make;
    bool to_files;
} KINDS[] = {
    {"a junction", make_junction, false},
    {"a symbolic link", make_symbolic, true},
    {"a link of the system beneath", make_beneath, true},
};

enum { KIND_COUNT = sizeof KINDS / sizeof KINDS[0] };

static bool put_link(const Fixture *fixture, size_t kind, const char *name, const char *target) {
    char whole[1024];
    snprintf(whole, sizeof whole, "%s\\%s", fixture->folder, name);
    wchar_t *link = wide_path(whole);
    wchar_t *to = wide_path(target);
    const bool made = KINDS[kind].make(link, to);
    free(link);
    free(to);
    return made;
}

/* Wine removes no link of the system beneath, and of one to a file it removes the file. */
static void remove_beneath(const Fixture *fixture, const char *name) {
    char whole[1024];
    snprintf(whole, sizeof whole, "%s\\%s", fixture->folder, name);
    wchar_t *link = wide_path(whole);
    assert_true(run_beneath(L"Z:\\bin\\rm", "rm -f", link, link, false));
    free(link);
}

/* ---- the cases ------------------------------------------------------------------------------- */

static void expect_refused(Os *os, const char *path) {
    for (OsMode mode = OS_MODE_R; mode <= OS_MODE_A; mode++) {
        const int64_t result = open_result(os, path, mode);
        if (result != -EPERM) {
            fail_msg("\"%s\", mode %d: %d", path, (int)mode, (int)result);
        }
    }
}

static void links_to_folders(Fixture *fixture) {
    Outside outside;
    size_t made = 0;
    outside_make(&outside);
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        char name[16], path[64];
        snprintf(name, sizeof name, "to-folder-%u", (unsigned)kind);
        const bool here = put_link(fixture, kind, name, outside.folder);
        print_message("%s to a folder: %s\n", KINDS[kind].name, here ? "made" : "not here");
        if (here) {
            made++;
            expect_refused(fixture->os, name);
            snprintf(path, sizeof path, "%s/secret", name);
            expect_refused(fixture->os, path);
            snprintf(path, sizeof path, "%s/sub/new", name);
            assert_int_equal(open_result(fixture->os, path, OS_MODE_W), -EPERM);
            assert_int_equal(open_result(fixture->os, path, OS_MODE_A), -EPERM);
        }
        if (here && KINDS[kind].make == make_beneath) {
            remove_beneath(fixture, name);
        }
    }
    assert_true(made > 0);
    outside_check(&outside);
    assert_true(workspace_remove(outside.folder));
}

/* The run's folder goes with the links in it, and not with what they lead to. */
static void links_are_removed_alone(Fixture *fixture) {
    (void)fixture;
    Outside outside;
    outside_make(&outside);
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        Fixture other = {.backend = OS_BACKEND_IOCP};
        make_folder(other.folder, sizeof other.folder);
        const bool here = put_link(&other, kind, "link", outside.folder);
        const bool beneath = here && KINDS[kind].make == make_beneath;
        assert_int_equal(workspace_remove(other.folder), !beneath);
        outside_check(&outside);
        if (beneath) {
            remove_beneath(&other, "link");
            assert_true(workspace_remove(other.folder));
        }
    }
    assert_true(workspace_remove(outside.folder));
}

static void links_to_files(Fixture *fixture) {
    static const char *const names[KIND_COUNT] = {"a-to-file", "b-to-file", "c-to-file"};
    Outside outside;
    size_t made = 0;
    outside_make(&outside);
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        if (KINDS[kind].to_files && put_link(fixture, kind, names[kind], outside.secret)) {
            made++;
            expect_refused(fixture->os, names[kind]);
            if (KINDS[kind].make == make_beneath) {
                remove_beneath(fixture, names[kind]);
            }
        }
    }
    print_message("links to files: %u kinds made\n", (unsigned)made);
    outside_check(&outside);
    assert_true(workspace_remove(outside.folder));
}

/* One that stays inside is refused all the same, as on Linux. */
static void links_that_stay_inside(Fixture *fixture) {
    char folder[600];
    size_t made = 0;
    write_file(fixture->os, "sub/deep/f", "x");
    snprintf(folder, sizeof folder, "%s\\sub\\deep", fixture->folder);
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        char name[16], path[64];
        snprintf(name, sizeof name, "inside-%u", (unsigned)kind);
        snprintf(path, sizeof path, "%s/f", name);
        if (put_link(fixture, kind, name, folder)) {
            made++;
            expect_refused(fixture->os, path);
            if (KINDS[kind].make == make_beneath) {
                remove_beneath(fixture, name);
            }
        }
    }
    assert_true(made > 0);
    expect_text(fixture->os, "sub/deep/f", "x");
}

int main(void) {
    static const Case CASES[] = {
        {"links to folders", links_to_folders, ONLY_REAL},
        {"links to files", links_to_files, ONLY_REAL},
        {"links are removed alone", links_are_removed_alone, ONLY_REAL},
        {"links that stay inside", links_that_stay_inside, ONLY_REAL},
    };
    return run_cases("windows links", CASES, sizeof CASES / sizeof CASES[0]);
}
