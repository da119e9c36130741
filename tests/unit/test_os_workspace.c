/* The guard: nothing that a path says, and nothing that lies in the folder, leads out of it. Every
 * case runs with openat2 and with the walk that stands in for it; the opens also go through the
 * back ends. */
#include "os_fixture.h"
#include "os_places.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef struct Guard {
    char folder[512];  /* the workspace */
    char outside[512]; /* what must never change: a folder with the file "secret" */
    Workspace workspace;
} Guard;

static void put_socket(const char *folder, const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", folder, name);
    assert_true(length > 0 && (size_t)length < sizeof address.sun_path);
    const int end = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(end >= 0);
    assert_int_equal(bind(end, (struct sockaddr *)&address, sizeof address), 0);
    close(end);
}

/* A folder with everything in it that might lead out, or that is no file. */
static void guard_set_up(Guard *guard) {
    char path[1024];
    make_folder(guard->folder, sizeof guard->folder);
    make_folder(guard->outside, sizeof guard->outside);
    put_file(guard->outside, "secret", "secret");
    put_file(guard->folder, "plain", "plain");
    put_folder(guard->folder, "sub");
    put_file(guard->folder, "sub/plain", "sub");
    put_link(guard->folder, "link-file", path_in(guard->outside, "secret", path));
    put_link(guard->folder, "link-folder", guard->outside);
    put_link(guard->folder, "link-inside", "plain");
    put_link(guard->folder, "link-sub", "sub");
    put_link(guard->folder, "link-up", "..");
    put_link(guard->folder, "link-self", "link-self");
    put_link(guard->folder, "link-nowhere", path_in(guard->outside, "fresh", path));
    put_link(guard->folder, "link-proc", "/proc/self/cwd");
    put_link(guard->folder, "sub/link-root", "/");
    assert_int_equal(mkfifo(path_in(guard->folder, "fifo", path), 0600), 0);
    put_socket(guard->folder, "socket");
    Diags diags = {0};
    assert_true(workspace_init(&guard->workspace, guard->folder, &diags));
    diags_finish(&diags);
}

static void guard_tear_down(Guard *guard) {
    workspace_finish(&guard->workspace);
    assert_true(holds(guard->outside, "secret", "secret"));
    assert_false(exists(guard->outside, "fresh"));
    assert_true(workspace_remove(guard->folder));
    assert_true(holds(guard->outside, "secret", "secret")); /* removing followed no link */
    assert_true(workspace_remove(guard->outside));
}

/* Runs `body` once with openat2, if it is here, and once with the walk. */
static void on_both_ways(void (*body)(Guard *guard)) {
    Guard guard;
    guard_set_up(&guard);
    if (!guard.workspace.openat2_works) {
        print_message("SKIPPED: openat2 is not available here\n");
    } else {
        body(&guard);
    }
    guard_tear_down(&guard);
    guard_set_up(&guard);
    guard.workspace.openat2_works = false;
    body(&guard);
    guard_tear_down(&guard);
}

typedef struct Refusal {
    const char *path;
    int write_error; /* modes "w" and "a" */
    int read_error;
} Refusal;

static const Refusal REFUSALS[] = {
    {"", -EPERM, -EPERM},
    {"/", -EPERM, -EPERM},
    {"/etc/passwd", -EPERM, -EPERM},
    {"//etc/passwd", -EPERM, -EPERM},
    {"..", -EPERM, -EPERM},
    {"../secret", -EPERM, -EPERM},
    {"sub/../../secret", -EPERM, -EPERM},
    {"sub/../sub/../../secret", -EPERM, -EPERM},
    {"./../secret", -EPERM, -EPERM},
    {"nothing/../../secret", -EPERM, -EPERM},
    {"link-file", -EPERM, -EPERM},
    {"link-folder/secret", -EPERM, -EPERM},
    {"link-folder/fresh", -EPERM, -EPERM},
    {"link-folder/fresh/file", -EPERM, -EPERM},
    {"link-inside", -EPERM, -EPERM},
    {"link-sub/plain", -EPERM, -EPERM},
    {"link-sub/../plain", -EPERM, -EPERM},
    {"link-up/secret", -EPERM, -EPERM},
    {"link-self", -EPERM, -EPERM},
    {"link-nowhere", -EPERM, -EPERM},
    {"link-proc/fresh", -EPERM, -EPERM},
    {"sub/link-root/etc/passwd", -EPERM, -EPERM},
    {"sub/../link-file", -EPERM, -EPERM},
    {"fifo", -EPERM, -EPERM},
    {"socket", -EPERM, -EPERM},
    {"sub", -EISDIR, -EISDIR},
    {"sub/", -EISDIR, -EISDIR},
    {"sub/.", -EISDIR, -EISDIR},
    {"sub/..", -EISDIR, -EISDIR},
    {".", -EISDIR, -EISDIR},
    {"./", -EISDIR, -EISDIR},
    {"fresh/", -EISDIR, -ENOENT},
    {"plain/", -EISDIR, -ENOTDIR},
    {"plain/x", -ENOTDIR, -ENOTDIR},
    {"plain/../x", -ENOTDIR, -ENOTDIR},
};
enum { REFUSAL_COUNT = sizeof REFUSALS / sizeof REFUSALS[0] };

static void expect_result(const char *path, OsMode mode, int64_t expected, int64_t got) {
    if (expected != got) {
        print_error("\"%s\" mode %d: expected %d, got %d\n", path, (int)mode, (int)expected,
                    (int)got);
    }
    assert_int_equal(expected, got);
}

static void refuse_all(Guard *guard) {
    for (size_t i = 0; i < REFUSAL_COUNT; i++) {
        const Refusal *refusal = &REFUSALS[i];
        for (OsMode mode = OS_MODE_W; mode <= OS_MODE_R; mode++) {
            expect_result(refusal->path, mode,
                          mode == OS_MODE_R ? refusal->read_error : refusal->write_error,
                          workspace_open(&guard->workspace, refusal->path, mode));
        }
    }
    assert_false(exists(guard->folder, "fresh"));
    assert_true(holds(guard->folder, "plain", "plain"));
    assert_true(holds(guard->folder, "sub/plain", "sub"));
}

static void test_refusals(void **state) {
    (void)state;
    on_both_ways(refuse_all);
}

/* The same list through each real back end, asynchronous and on the spot. */
static void test_refusals_of_back_ends(void **state) {
    (void)state;
    const BackEnds here = back_ends();
    for (size_t b = 0; b < here.count && here.all[b] != OS_BACKEND_SIM; b++) {
        Guard guard;
        guard_set_up(&guard);
        Os *os = create_os(here.all[b], guard.folder, 0);
        for (size_t i = 0; os != NULL && i < REFUSAL_COUNT; i++) {
            const Refusal *refusal = &REFUSALS[i];
            for (OsMode mode = OS_MODE_W; mode <= OS_MODE_R; mode++) {
                const int expected = mode == OS_MODE_R ? refusal->read_error : refusal->write_error;
                OsOp op = op_open(refusal->path, mode);
                expect_result(refusal->path, mode, expected, run_op(os, &op));
                os_perform(os, &op);
                expect_result(refusal->path, mode, expected, op.result);
            }
        }
        os_destroy(os);
        guard_tear_down(&guard);
    }
}

static void open_devices(Guard *guard) {
    char path[1024];
    struct stat null;
    assert_int_equal(stat("/dev/null", &null), 0);
    if (mknod(path_in(guard->folder, "null", path), S_IFCHR | 0600, null.st_rdev) < 0) {
        print_message("SKIPPED: devices can't be made here: %s\n", strerror(errno));
        return;
    }
    for (OsMode mode = OS_MODE_W; mode <= OS_MODE_R; mode++) {
        /* A file system mounted without devices says EACCES itself. */
        const int got = workspace_open(&guard->workspace, "null", mode);
        assert_true(got == -EPERM || got == -EACCES);
    }
}

static void test_devices(void **state) {
    (void)state;
    on_both_ways(open_devices);
}

/* A FIFO with somebody at its other end opens at once, and must be refused all the same. */
static void open_fifo_in_use(Guard *guard) {
    char path[1024];
    const int other = open(path_in(guard->folder, "fifo", path), O_RDWR | O_NONBLOCK);
    assert_true(other >= 0);
    for (OsMode mode = OS_MODE_W; mode <= OS_MODE_R; mode++) {
        assert_int_equal(workspace_open(&guard->workspace, "fifo", mode), -EPERM);
    }
    close(other);
}

static void test_fifo_in_use(void **state) {
    (void)state;
    on_both_ways(open_fifo_in_use);
}

static void open_what_is_fine(Guard *guard) {
    static const char *const PATHS[] = {"new",
                                        "sub/new",
                                        "sub/../new2",
                                        "./sub/./new3",
                                        "sub//new4",
                                        "made/a/../b/new5",
                                        "...",
                                        "..a/b..",
                                        " ",
                                        "-",
                                        "made/x/y/z/new6"};
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        assert_true(workspace_path_allowed(PATHS[i]));
        for (OsMode mode = OS_MODE_W; mode <= OS_MODE_R; mode++) {
            const int file = workspace_open(&guard->workspace, PATHS[i], mode);
            expect_result(PATHS[i], mode, 1, file >= 0);
            const int flags = fcntl(file, F_GETFL);
            assert_int_equal(flags & O_NONBLOCK, 0);
            assert_int_equal((flags & O_APPEND) != 0, mode == OS_MODE_A);
            assert_int_equal(flags & O_ACCMODE, mode == OS_MODE_R ? O_RDONLY : O_WRONLY);
            assert_true((fcntl(file, F_GETFD) & FD_CLOEXEC) != 0);
            close(file);
        }
    }
    assert_true(exists(guard->folder, "made/a"));
    assert_int_equal(workspace_open(&guard->workspace, "none/../plain", OS_MODE_R), -ENOENT);
    assert_false(exists(guard->folder, "none"));
    /* A hard link is the file itself, wherever else it has a name. */
    char from[1024];
    char to[1024];
    assert_int_equal(
        link(path_in(guard->folder, "plain", from), path_in(guard->folder, "hard", to)), 0);
    const int file = workspace_open(&guard->workspace, "hard", OS_MODE_R);
    assert_true(file >= 0);
    close(file);
}

static void test_allowed(void **state) {
    (void)state;
    on_both_ways(open_what_is_fine);
}

/* ---- folders --------------------------------------------------------------------------------- */

static void make_folders(Guard *guard) {
    const Workspace *workspace = &guard->workspace;
    char path[1024];
    assert_int_equal(workspace_make_folders(workspace, "a/b/c"), 0);
    assert_true(exists(guard->folder, "a/b"));
    assert_false(exists(guard->folder, "a/b/c"));
    assert_int_equal(workspace_make_folders(workspace, "a/b/c"), 0); /* there already */
    assert_int_equal(workspace_make_folders(workspace, "only-a-name"), 0);
    assert_false(exists(guard->folder, "only-a-name"));
    assert_int_equal(workspace_make_folders(workspace, "plain/x/y"), -ENOTDIR);
    assert_int_equal(workspace_make_folders(workspace, "link-folder/fresh/x"), -EPERM);
    assert_int_equal(workspace_make_folders(workspace, "link-nowhere/x"), -EPERM);
    assert_int_equal(workspace_make_folders(workspace, "a/../../fresh/x"), -EPERM);
    assert_int_equal(workspace_make_folders(workspace, "/tmp/fresh/x"), -EPERM);
    assert_int_equal(workspace_make_folders(workspace, ""), -EPERM);
    put_link(guard->folder, "a/out", path_in(guard->outside, "", path));
    assert_int_equal(workspace_make_folders(workspace, "a/out/fresh/x"), -EPERM);
}

static void test_folders(void **state) {
    (void)state;
    on_both_ways(make_folders);
}

/* ---- somebody exchanges a folder for a link while we open ------------------------------------ */

typedef struct Swapper {
    const Guard *guard;
    _Atomic bool stop;
    unsigned swaps;
} Swapper;

static void *swap_folder(void *argument) {
    Swapper *swapper = argument;
    const int dir = swapper->guard->workspace.dir;
    while (!atomic_load(&swapper->stop)) {
        (void)renameat(dir, "moving", dir, "moved");
        (void)symlinkat(swapper->guard->outside, dir, "moving");
        (void)unlinkat(dir, "moving", 0);
        (void)renameat(dir, "moved", dir, "moving");
        swapper->swaps++;
    }
    return NULL;
}

static void race(Guard *guard) {
    enum { ROUNDS = 1500 };
    put_folder(guard->folder, "moving");
    Swapper swapper = {.guard = guard};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, swap_folder, &swapper), 0);
    for (int i = 0; i < ROUNDS; i++) {
        const char *path = i % 3 == 0   ? "moving/fresh"
                           : i % 3 == 1 ? "moving/x/../fresh"
                                        : "moving/fresh/deep";
        const int file = workspace_open(&guard->workspace, path, OS_MODE_W);
        if (file >= 0) {
            assert_int_equal(write(file, "x", 1), 1);
            close(file);
        }
    }
    atomic_store(&swapper.stop, true);
    pthread_join(thread, NULL);
    assert_true(swapper.swaps > 0);
    assert_false(exists(guard->outside, "fresh"));
    assert_false(exists(guard->outside, "x"));
}

static void test_race(void **state) {
    (void)state;
    on_both_ways(race);
}

/* ---- the text alone -------------------------------------------------------------------------- */

static void test_path_text(void **state) {
    (void)state;
    static const char *const ALLOWED[] = {"a",   "a/b",  "a/..",    "a/../b",    ".",
                                          "./a", "a//b", "a/b/",    "a/b/../..", "...",
                                          "..a", "a..",  "a/.../b", ".hidden"};
    static const char *const REFUSED[] = {
        "",          "/",    "/a",     "..",      "../a",           "a/../..",
        "a/../../b", "./..", "./../a", ".//../a", "a/b/../../../c", "a//../../b"};
    for (size_t i = 0; i < sizeof ALLOWED / sizeof ALLOWED[0]; i++) {
        assert_true(workspace_path_allowed(ALLOWED[i]));
    }
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        assert_false(workspace_path_allowed(REFUSED[i]));
    }
}

static void long_paths(Guard *guard) {
    enum { DEPTH = 1500 };
    static char path[2 * DEPTH + 2];
    for (size_t i = 0; i < DEPTH; i++) {
        memcpy(path + 2 * i, "d/", 2);
    }
    path[2 * DEPTH] = 'f';
    const int deep = workspace_open(&guard->workspace, path, OS_MODE_W);
    assert_true(deep >= 0); /* and workspace_remove must get it away again */
    close(deep);

    char name[300];
    memset(name, 'n', sizeof name);
    name[256] = '\0';
    assert_int_equal(workspace_open(&guard->workspace, name, OS_MODE_W), -ENAMETOOLONG);
    name[255] = '\0';
    const int longest = workspace_open(&guard->workspace, name, OS_MODE_W);
    assert_true(longest >= 0);
    close(longest);
    static char endless[10000];
    memset(endless, 'p', sizeof endless - 1);
    for (size_t i = 1; i < sizeof endless - 1; i += 2) {
        endless[i] = '/';
    }
    assert_int_equal(workspace_open(&guard->workspace, endless, OS_MODE_W), -ENAMETOOLONG);
}

static void test_long_paths(void **state) {
    (void)state;
    on_both_ways(long_paths);
}

/* ---- no folder ------------------------------------------------------------------------------- */
static void test_no_such_workspace(void **state) {
    (void)state;
    const BackEnds here = back_ends();
    for (size_t i = 0; i < here.count; i++) {
        Diags diags = {0};
        const OsConfig config = {.backend =
                                     here.all[i] == OS_BACKEND_SIM ? OS_BACKEND_AUTO : here.all[i],
                                 .workspace = "/nowhere/at/all"};
        assert_null(os_create(&config, &diags));
        assert_int_equal(diags.count, 1);
        assert_string_equal(diags.items[0].file, "/nowhere/at/all");
        assert_non_null(strstr(diags.items[0].message, "No such file or directory"));
        diags_finish(&diags);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path_text),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_refusals_of_back_ends),
        cmocka_unit_test(test_devices),
        cmocka_unit_test(test_fifo_in_use),
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_folders),
        cmocka_unit_test(test_race),
        cmocka_unit_test(test_long_paths),
        cmocka_unit_test(test_no_such_workspace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
