/* What back ends on POSIX systems must do besides: the descriptors, limits and
 * signals of a process. */
#include "os_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

/* A descriptor of the program itself is nobody's handle. */
static void foreign_descriptors_are_safe(Fixture *fixture) {
    char path[] = "/tmp/loopscope-foreign-XXXXXX";
    const int foreign = mkstemp(path);
    assert_true(foreign >= 0);
    assert_int_equal(write_text(fixture->os, foreign, "spoilt", 0), -EBADF);
    assert_int_equal(close_file(fixture->os, foreign), -EBADF);
    OsOp op = op_write(foreign, path, 4, 0);
    os_perform(fixture->os, &op);
    assert_int_equal(op.result, -EBADF);
    op = op_file(OS_CLOSE, foreign);
    os_perform(fixture->os, &op);
    assert_int_equal(op.result, -EBADF);
    struct stat what;
    assert_int_equal(fstat(foreign, &what), 0);
    assert_int_equal(what.st_size, 0);
    close(foreign);
    unlink(path);
}

static int count_descriptors(void) {
    int count = 0;
    for (int i = 0; i < 1024; i++) {
        count += fcntl(i, F_GETFD) >= 0;
    }
    return count;
}

static void destroy_closes_the_rest(Fixture *fixture) {
    enum { PATIENCE_MS = 2000 };
    const int before = count_descriptors();
    Os *os = create_os(fixture->backend, fixture->folder, 0);
    assert_non_null(os);
    open_file(os, "left-open-1", OS_MODE_W);
    open_file(os, "left-open-2", OS_MODE_W);
    OsOp op = op_open("left-open-3", OS_MODE_W);
    os_perform(os, &op);
    assert_int_equal(op.result, 0);
    assert_true(count_descriptors() >= before + 3);
    os_destroy(os);
    int after = count_descriptors();
    for (int i = 0; i < PATIENCE_MS && after != before; i++) { /* a library may tidy up later */
        usleep(1000);
        after = count_descriptors();
    }
    assert_int_equal(after, before);
}

/* A limit in the middle of a write: the part that fits is cut short by the system, the rest goes
 * after it and gets the error, which is the operation's result. */
static void file_size_limit(Fixture *fixture) {
    enum { LIMIT_BYTES = 4096, SIZE_BYTES = 10000 };
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit small = {.rlim_cur = LIMIT_BYTES, .rlim_max = before.rlim_max};
    char *data = mem_alloc(SIZE_BYTES, 1);
    const OsFile file = open_file(fixture->os, "limited", OS_MODE_W);
    void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    OsOp op = op_write(file, data, SIZE_BYTES, 0);
    const int64_t whole = run_op(fixture->os, &op);
    op = op_write(file, data, LIMIT_BYTES, 0);
    const int64_t fits = run_op(fixture->os, &op);
    op = op_write(file, data, 1, LIMIT_BYTES);
    os_perform(fixture->os, &op);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, old);
    assert_int_equal(whole, -EFBIG);
    assert_int_equal(fits, LIMIT_BYTES);
    assert_int_equal(op.result, -EFBIG);
    assert_int_equal(close_file(fixture->os, file), 0);
    expect_bytes(fixture->os, "limited", data, LIMIT_BYTES);
    free(data);
}

/* A handler can reach nothing but a global. */
static Os *volatile alarm_os;
static volatile sig_atomic_t alarms;

static void on_alarm(int number) {
    (void)number;
    alarms++;
    if (alarm_os != NULL) {
        os_wake(alarm_os);
    }
}

static void set_alarm_every(int first_us, int interval_us) {
    const struct itimerval timer = {.it_value = {.tv_usec = first_us},
                                    .it_interval = {.tv_usec = interval_us}};
    assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static void a_signal_handler_wakes(Fixture *fixture) {
    const struct sigaction action = {.sa_handler = on_alarm};
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    alarms = 0;
    alarm_os = fixture->os;
    set_alarm_every(10000, 0);
    OsWait info;
    assert_null(os_wait(fixture->os, -1, &info));
    assert_int_equal(alarms, 1);
    assert_int_equal(info.events, 1);
    alarm_os = NULL;
}

/* Signals that concern somebody else interrupt the system's call, not the wait. */
static void other_signals_cut_nothing_short(Fixture *fixture) {
    enum { TIMEOUT_NS = 40000000 };
    const struct sigaction action = {.sa_handler = on_alarm};
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    alarms = 0;
    set_alarm_every(5000, 5000);
    OsWait info;
    const uint64_t begin_ns = os_now_ns(fixture->os);
    assert_null(os_wait(fixture->os, TIMEOUT_NS, &info));
    const uint64_t took_ns = os_now_ns(fixture->os) - begin_ns;
    set_alarm_every(0, 0);
    assert_true(took_ns >= TIMEOUT_NS);
    assert_int_equal(info.events, 0);
    assert_true(alarms > 0);
    assert_true(info.calls > 1);
}

int main(void) {
    static const Case CASES[] = {
        {"the program's own descriptors are out of reach", foreign_descriptors_are_safe, true},
        {"destroying closes what is open", destroy_closes_the_rest, true},
        {"a file at the size limit: EFBIG", file_size_limit, true},
        {"a signal handler wakes", a_signal_handler_wakes, false},
        {"other signals cut nothing short", other_signals_cut_nothing_short, true},
    };
    return run_cases("os_posix", CASES, sizeof CASES / sizeof CASES[0]);
}
