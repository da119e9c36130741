/* Where a filter or a limit takes something away: AUTO falls back and says why, and everything goes
 * on working. Each case runs in a child, since a filter can't be lifted. */
#include "os_child.h"

#include <dirent.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

/* Makes the system calls numbered `first` and `second` fail with `error` from now on. */
static bool forbid(int first, int second, int error) {
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)first, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)second, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ((unsigned)error & SECCOMP_RET_DATA)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog filter = {.len = sizeof program / sizeof program[0], .filter = program};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/* A file from its open to its close, with folders, an append and a read back. */
static bool round_trip(Os *os) {
    char text[] = "still works";
    char back[32];
    OsOp op = op_open("a/b/file", OS_MODE_W);
    CHILD_EXPECT(child_run(os, &op) == 0);
    const OsFile out = op.file;
    op = op_write(out, text, 5, 0);
    CHILD_EXPECT(child_run(os, &op) == 5);
    op = op_write(out, text + 5, 6, 5);
    CHILD_EXPECT(child_run(os, &op) == 6);
    op = op_file(OS_FSYNC, out);
    CHILD_EXPECT(child_run(os, &op) == 0);
    op = op_file(OS_CLOSE, out);
    CHILD_EXPECT(child_run(os, &op) == 0);
    op = op_open("a/b/../b/file", OS_MODE_R);
    CHILD_EXPECT(child_run(os, &op) == 0);
    const OsFile in = op.file;
    op = op_read(in, back, sizeof back, 0);
    CHILD_EXPECT(child_run(os, &op) == 11 && memcmp(back, text, 11) == 0);
    op = op_file(OS_CLOSE, in);
    os_perform(os, &op);
    CHILD_EXPECT(op.result == 0);
    static const char *const OUT[] = {"../x", "/etc/passwd", "a/../../x", "", "link/x"};
    for (size_t i = 0; i < sizeof OUT / sizeof OUT[0]; i++) {
        op = op_open(OUT[i], OS_MODE_W);
        CHILD_EXPECT(child_run(os, &op) == -EPERM);
        os_perform(os, &op);
        CHILD_EXPECT(op.result == -EPERM);
    }
    return true;
}

typedef struct Trial {
    int call; /* what is forbidden */
    int error;
    OsBackend expected;
    const char *reason; /* what the reason must say, or NULL for none */
    const char *folder;
} Trial;

static bool try_auto(void *argument) {
    const Trial *trial = argument;
    CHILD_EXPECT(trial->call < 0 || forbid(trial->call, trial->call, trial->error));
    Os *os = create_os(OS_BACKEND_AUTO, trial->folder, 0);
    CHILD_EXPECT(os != NULL);
    CHILD_EXPECT(os_backend(os) == trial->expected);
    const char *reason = os_fallback_reason(os);
    CHILD_EXPECT((reason == NULL) == (trial->reason == NULL));
    if (trial->reason != NULL && strstr(reason, trial->reason) == NULL) {
        print_error("the reason is \"%s\", not \"%s\"\n", reason, trial->reason);
        return false;
    }
    CHILD_EXPECT(round_trip(os));
    os_destroy(os);
    if (trial->expected == OS_BACKEND_THREADS) { /* asked for by name, there is no falling back */
        Diags diags = {0};
        const OsConfig config = {.backend = OS_BACKEND_IO_URING, .workspace = trial->folder};
        CHILD_EXPECT(os_create(&config, &diags) == NULL);
        CHILD_EXPECT(diags.count == 1);
        CHILD_EXPECT(strstr(diags.items[0].message, trial->reason) != NULL);
        diags_finish(&diags);
    }
    return true;
}

/* The best that there is without any filter. */
static OsBackend best_here(const char *folder) {
    Os *os = create_os(OS_BACKEND_AUTO, folder, 0);
    assert_non_null(os);
    const OsBackend best = os_backend(os);
    if (os_fallback_reason(os) != NULL) {
        print_message("without a filter: %s\n", os_fallback_reason(os));
    }
    os_destroy(os);
    return best;
}

static void in_fresh_folder(void (*body)(const char *folder, OsBackend best)) {
    char folder[512];
    char link[1024];
    make_folder(folder, sizeof folder);
    snprintf(link, sizeof link, "%s/link", folder);
    assert_int_equal(symlink("/tmp", link), 0);
    body(folder, best_here(folder));
    assert_true(workspace_remove(folder));
}

static void forbid_ring(const char *folder, OsBackend best) {
    const struct {
        int call;
        int error;
        const char *reason;
    } trials[] = {
        {SYS_io_uring_setup, EPERM,
         "io_uring is forbidden here (EPERM): a container or a seccomp filter refuses it"},
        {SYS_io_uring_setup, EACCES, "io_uring is forbidden here (EACCES)"},
        {SYS_io_uring_setup, ENOSYS, "io_uring is not there (ENOSYS)"},
        {SYS_io_uring_setup, ENOMEM, "(ENOMEM): the limit on locked memory"},
        {SYS_io_uring_setup, EMFILE, "too many files are open"},
        {SYS_io_uring_enter, EPERM, "io_uring_enter is forbidden here (EPERM)"},
        {SYS_io_uring_enter, EACCES, "io_uring_enter is forbidden here (EACCES)"},
        {SYS_io_uring_enter, ENOSYS, "io_uring_enter is not there (ENOSYS)"},
    };
    if (best != OS_BACKEND_IO_URING) {
        print_message("SKIPPED: io_uring is missing here already\n");
        return;
    }
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        Trial trial = {trials[i].call, trials[i].error, OS_BACKEND_THREADS, trials[i].reason,
                       folder};
        assert_true(in_child(try_auto, &trial));
    }
}

static void test_without_ring(void **state) {
    (void)state;
    in_fresh_folder(forbid_ring);
}

/* The ring can't be enabled by the loop's thread: it is set up as on older kernels, where the
 * workers put their completions into the queue themselves. */
static void forbid_deferred_ring(const char *folder, OsBackend best) {
    static const int ERRORS[] = {EPERM, ENOSYS, EINVAL};
    for (size_t i = 0; i < sizeof ERRORS / sizeof ERRORS[0]; i++) {
        Trial trial = {SYS_io_uring_register, ERRORS[i], best, NULL, folder};
        assert_true(in_child(try_auto, &trial));
    }
}

static void test_without_deferred_ring(void **state) {
    (void)state;
    in_fresh_folder(forbid_deferred_ring);
}

/* The walk stands in for openat2; the ring, which opens by itself, is not concerned. */
static void forbid_openat2(const char *folder, OsBackend best) {
    static const int ERRORS[] = {EPERM, ENOSYS, EACCES};
    for (size_t i = 0; i < 3; i++) {
        Trial trial = {SYS_openat2, ERRORS[i], best, NULL, folder};
        assert_true(in_child(try_auto, &trial));
    }
}

static void test_without_openat2(void **state) {
    (void)state;
    in_fresh_folder(forbid_openat2);
}

static bool neither_ring_nor_openat2(void *argument) {
    CHILD_EXPECT(forbid(SYS_io_uring_setup, SYS_openat2, EPERM));
    Os *os = create_os(OS_BACKEND_AUTO, argument, 0);
    CHILD_EXPECT(os != NULL && os_backend(os) == OS_BACKEND_THREADS);
    CHILD_EXPECT(round_trip(os));
    os_destroy(os);
    return true;
}

static void forbid_both(const char *folder, OsBackend best) {
    (void)best;
    assert_true(in_child(neither_ring_nor_openat2, (char *)(uintptr_t)folder));
}

static void test_without_both(void **state) {
    (void)state;
    in_fresh_folder(forbid_both);
}

/* Older kernels lack epoll_pwait2: milliseconds then, rounded up, and every call counted. */
static bool wait_roughly(void *argument) {
    static const int64_t TIMEOUTS_NS[] = {0, 1, 1000, 999999, 1000001, 2500000};
    CHILD_EXPECT(forbid(SYS_epoll_pwait2, SYS_epoll_pwait2, ENOSYS));
    Os *os = create_os(OS_BACKEND_AUTO, argument, 0);
    CHILD_EXPECT(os != NULL);
    OsWait info;
    os_wake(os);
    CHILD_EXPECT(os_wait(os, -1, &info) == NULL);
    CHILD_EXPECT(info.events == 1 && info.calls == 1); /* that it is missing is known before */
    CHILD_EXPECT(strcmp(os_sleeps_in(os), "epoll_wait") == 0);
    for (size_t i = 0; i < sizeof TIMEOUTS_NS / sizeof TIMEOUTS_NS[0]; i++) {
        const uint64_t begin_ns = os_now_ns(os);
        CHILD_EXPECT(os_wait(os, TIMEOUTS_NS[i], &info) == NULL);
        CHILD_EXPECT(os_now_ns(os) - begin_ns >= (uint64_t)TIMEOUTS_NS[i]);
        CHILD_EXPECT(info.calls >= 1 && info.calls <= 2 && info.events == 0); /* no spinning */
    }
    CHILD_EXPECT(round_trip(os));
    os_destroy(os);
    return true;
}

static void forbid_precise_wait(const char *folder, OsBackend best) {
    (void)best;
    assert_true(in_child(wait_roughly, (char *)(uintptr_t)folder));
}

static void test_without_precise_wait(void **state) {
    (void)state;
    in_fresh_folder(forbid_precise_wait);
}

static bool never_run(OsOp *op) {
    (void)op;
    ASSERT(false);
    return false;
}

/* Not one helper thread can be had: the operation fails with EAGAIN instead of hanging for ever. */
static bool no_threads(void *argument) {
    Os *os = create_os(OS_BACKEND_THREADS, argument, 0);
    CHILD_EXPECT(os != NULL);
    CHILD_EXPECT(forbid(SYS_clone, SYS_clone3, EAGAIN));
    OsOp op = op_open("f", OS_MODE_W);
    CHILD_EXPECT(child_run(os, &op) == -EAGAIN);
    OsOp function = {.call = OS_THREAD, .run = never_run};
    CHILD_EXPECT(child_run(os, &function) == -EAGAIN);
    os_perform(os, &op); /* on this thread all is well */
    CHILD_EXPECT(op.result == 0);
    os_destroy(os);
    return true;
}

/* One was had before: it does everything. */
static bool one_thread(void *argument) {
    Os *os = create_os(OS_BACKEND_THREADS, argument, 0);
    CHILD_EXPECT(os != NULL);
    OsOp op = op_open("f", OS_MODE_W);
    CHILD_EXPECT(child_run(os, &op) == 0);
    CHILD_EXPECT(forbid(SYS_clone, SYS_clone3, EAGAIN));
    enum { WRITES = 200 };
    OsOp writes[WRITES];
    char data[] = "x";
    for (int i = 0; i < WRITES; i++) {
        writes[i] = op_write(op.file, data, 1, i);
        os_submit(os, &writes[i]);
    }
    while (os_in_flight(os) > 0) {
        (void)os_wait(os, WAIT_PATIENCE_NS, NULL);
    }
    for (int i = 0; i < WRITES; i++) {
        CHILD_EXPECT(writes[i].result == 1);
    }
    os_destroy(os);
    return true;
}

static void forbid_threads(const char *folder, OsBackend best) {
    (void)best;
    assert_true(in_child(no_threads, (char *)(uintptr_t)folder));
    assert_true(in_child(one_thread, (char *)(uintptr_t)folder));
}

static void test_without_threads(void **state) {
    (void)state;
    in_fresh_folder(forbid_threads);
}

/* One helper only: what it is given first it ends first. */
static void test_one_helper_keeps_the_order(void **state) {
    (void)state;
    enum { WRITES = 300 };
    char folder[512];
    make_folder(folder, sizeof folder);
    Os *os = create_os(OS_BACKEND_THREADS, folder, 1);
    const OsFile file = open_file(os, "f", OS_MODE_A);
    OsOp ops[WRITES];
    char data[WRITES];
    for (int i = 0; i < WRITES; i++) {
        data[i] = (char)('a' + i % 26);
        ops[i] = op_write(file, &data[i], 1, -1);
        os_submit(os, &ops[i]);
    }
    int told = 0;
    while (told < WRITES) {
        for (OsOp *op = os_wait(os, WAIT_PATIENCE_NS, NULL); op != NULL; op = op->next) {
            assert_ptr_equal(op, &ops[told]);
            told++;
        }
    }
    assert_int_equal(close_file(os, file), 0);
    expect_bytes(os, "f", data, WRITES);
    os_destroy(os);
    assert_true(workspace_remove(folder));
}

static int count_helpers(void) {
    DIR *list = opendir("/proc/self/task");
    assert_non_null(list);
    int count = 0;
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        char path[300];
        char name[32] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
        FILE *file = fopen(path, "r");
        if (file != NULL) {
            count += fgets(name, sizeof name, file) != NULL && strncmp(name, "helper-", 7) == 0;
            fclose(file);
        }
    }
    closedir(list);
    return count;
}

/* Helpers come when there is work, and never more than were asked for; they go with the back
 * end. */
static void test_helpers_come_and_go(void **state) {
    (void)state;
    enum { THREADS_MAX = 3, WRITES = 500 };
    char folder[512];
    make_folder(folder, sizeof folder);
    Os *os = create_os(OS_BACKEND_THREADS, folder, THREADS_MAX);
    assert_int_equal(count_helpers(), 0);
    const OsFile file = open_file(os, "f", OS_MODE_W);
    assert_int_equal(count_helpers(), 1);
    OsOp ops[WRITES];
    for (int i = 0; i < WRITES; i++) {
        ops[i] = op_write(file, folder, sizeof folder, i);
        os_submit(os, &ops[i]);
    }
    wait_for(os, WRITES);
    assert_in_range(count_helpers(), 1, THREADS_MAX);
    os_destroy(os);
    for (int i = 0; i < 2000 && count_helpers() > 0; i++) {
        usleep(1000); /* the system's list forgets a thread a moment after it was joined */
    }
    assert_int_equal(count_helpers(), 0);
    assert_true(workspace_remove(folder));
}

/* `ulimit -l 0` as an ordinary user: kernels that count the rings' memory refuse them. */
static bool no_locked_memory(void *argument) {
    const struct rlimit none = {0, 0};
    CHILD_EXPECT(chown(argument, 65534, 65534) == 0);
    if (setrlimit(RLIMIT_MEMLOCK, &none) < 0 || setgid(65534) < 0 || setuid(65534) < 0) {
        print_message("SKIPPED: can't become an ordinary user: %s\n", strerror(errno));
        return true;
    }
    Os *os = create_os(OS_BACKEND_AUTO, argument, 0);
    CHILD_EXPECT(os != NULL);
    const char *reason = os_fallback_reason(os);
    print_message("locked memory: %s\n", reason == NULL ? "not limited here" : reason);
    CHILD_EXPECT((reason == NULL) == (os_backend(os) == OS_BACKEND_IO_URING));
    CHILD_EXPECT(reason == NULL || strstr(reason, "io_uring") != NULL);
    CHILD_EXPECT(round_trip(os));
    os_destroy(os);
    return true;
}

static void limit_locked_memory(const char *folder, OsBackend best) {
    (void)best;
    if (geteuid() != 0) {
        print_message("SKIPPED: only root can become somebody else\n");
        return;
    }
    assert_true(in_child(no_locked_memory, (char *)(uintptr_t)folder));
    assert_int_equal(chown(folder, 0, 0), 0);
}

static void test_without_locked_memory(void **state) {
    (void)state;
    in_fresh_folder(limit_locked_memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_ring),
        cmocka_unit_test(test_without_deferred_ring),
        cmocka_unit_test(test_without_openat2),
        cmocka_unit_test(test_without_both),
        cmocka_unit_test(test_without_precise_wait),
        cmocka_unit_test(test_without_threads),
        cmocka_unit_test(test_without_locked_memory),
        cmocka_unit_test(test_one_helper_keeps_the_order),
        cmocka_unit_test(test_helpers_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
