/* Functions on helper threads, on every back end: OS_THREAD, and files that go there and back. */
#include "os_fixture.h"

#include <stdatomic.h>

enum { PARTS = 5 };

/* What a function works with; the operation's `user`. */
typedef struct Work {
    Os *os;
    OsFile file; /* lent, or what the function opened */
    OsOp inner;
    int parts; /* done */
    uint64_t began_ns, ended_ns;
    atomic_int *running; /* functions at the same time, where the test counts them */
    int running_most;
} Work;

static Work *work_of(OsOp *op) {
    return op->user;
}

static OsOp op_thread(Work *work, bool (*run)(OsOp *op)) {
    return (OsOp){.call = OS_THREAD, .file = OS_FILE_NONE, .run = run, .user = work, .offset = -1};
}

/* `test` on each back end that can be had here, in a fresh folder. */
static void on_each(void (*test)(Os *os)) {
    const BackEnds built = back_ends();
    for (size_t i = 0; i < built.count; i++) {
        char folder[512];
        make_folder(folder, sizeof folder);
        Os *os = create_os(built.all[i], folder, 0);
        if (os == NULL) {
            print_message("SKIPPED: %s\n", os_backend_name(built.all[i]));
        } else {
            test(os);
            os_destroy(os);
        }
        assert_true(workspace_remove(folder));
    }
}

static bool write_parts(OsOp *op) {
    static char TEXT[] = "part\n";
    Work *work = work_of(op);
    if (work->parts == 0) {
        work->began_ns = os_now_ns(work->os);
        work->inner = op_open("by-thread", OS_MODE_W);
        os_thread_perform(work->os, &work->inner);
        work->file = work->inner.file;
    }
    work->inner = op_write(work->file, TEXT, sizeof TEXT - 1, (int64_t)sizeof TEXT * work->parts);
    work->inner.offset = (int64_t)(sizeof TEXT - 1) * work->parts;
    os_thread_perform(work->os, &work->inner);
    os_spend(work->os, 1000000);
    work->ended_ns = os_now_ns(work->os);
    return ++work->parts < PARTS;
}

/* It opens and writes; what it leaves open is adopted, and is an ordinary file from then on. */
static void opens_and_writes(Os *os) {
    Work work = {.os = os};
    OsOp op = op_thread(&work, write_parts);
    const uint64_t submitted_ns = os_now_ns(os);
    os_submit(os, &op);
    assert_int_equal(op.via, os_backend(os) == OS_BACKEND_SIM ? OS_VIA_SIM : OS_VIA_THREADS);
    wait_for(os, 1);
    assert_int_equal(op.result, 0);
    assert_int_equal(work.parts, PARTS);
    assert_true(work.began_ns >= submitted_ns);
    assert_true(work.ended_ns - work.began_ns >= PARTS * UINT64_C(1000000));
    assert_true(os_now_ns(os) >= work.ended_ns);
    os_adopt(os, work.file);
    assert_int_equal(write_text(os, work.file, "end\n", 5 * PARTS), 4);
    assert_int_equal(close_file(os, work.file), 0);
    char data[64] = "";
    const OsFile file = open_file(os, "by-thread", OS_MODE_R);
    OsOp back = op_read(file, data, sizeof data - 1, 0);
    assert_int_equal(run_op(os, &back), 5 * PARTS + 4);
    assert_string_equal(data, "part\npart\npart\npart\npart\nend\n");
}

static void test_opens_and_writes(void **state) {
    (void)state;
    on_each(opens_and_writes);
}

static bool close_lent(OsOp *op) {
    Work *work = work_of(op);
    work->inner = op_file(OS_CLOSE, work->file);
    os_thread_perform(work->os, &work->inner);
    return false;
}

/* A file that was lent and closed: its number may mean another file at once, nobody minds. */
static void closes_a_lent_file(Os *os) {
    for (int i = 0; i < 50; i++) {
        Work work = {.os = os, .file = open_file(os, "lent", OS_MODE_W)};
        OsOp op = op_thread(&work, close_lent);
        os_lend(os, work.file);
        os_submit(os, &op);
        OsOp other = op_open("other", OS_MODE_W);
        os_perform(os, &other); /* while the thread closes */
        wait_for(os, 1);
        assert_int_equal(work.inner.result, 0);
        assert_int_equal(write_text(os, other.file, "x", 0), 1);
        assert_int_equal(close_file(os, other.file), 0);
        assert_int_equal(write_text(os, work.file, "x", 0), -EBADF);
    }
}

static void test_closes_a_lent_file(void **state) {
    (void)state;
    on_each(closes_a_lent_file);
}

static bool outside(OsOp *op) {
    Work *work = work_of(op);
    work->inner = op_open("../outside", OS_MODE_W);
    os_thread_perform(work->os, &work->inner);
    return false;
}

static void stays_in_the_workspace(Os *os) {
    Work work = {.os = os};
    OsOp op = op_thread(&work, outside);
    os_submit(os, &op);
    wait_for(os, 1);
    assert_int_equal(op.result, 0);
    assert_int_equal(work.inner.result, -EPERM);
}

static void test_stays_in_the_workspace(void **state) {
    (void)state;
    on_each(stays_in_the_workspace);
}

static bool meet(OsOp *op) {
    Work *work = work_of(op);
    if (work->parts++ == 0) {
        atomic_fetch_add(work->running, 1);
    }
    os_spend(work->os, 100000);
    work->running_most = atomic_load(work->running);
    return work->running_most < 2;
}

/* Two functions run at the same time: each goes on until it has seen the other. */
static void two_at_once(Os *os) {
    atomic_int running = 0;
    Work works[2] = {{.os = os, .running = &running}, {.os = os, .running = &running}};
    OsOp ops[2] = {op_thread(&works[0], meet), op_thread(&works[1], meet)};
    os_submit(os, &ops[0]);
    os_submit(os, &ops[1]);
    wait_for(os, 2);
    assert_int_equal(works[0].running_most, 2);
    assert_int_equal(works[1].running_most, 2);
}

static void test_two_at_once(void **state) {
    (void)state;
    on_each(two_at_once);
}

/* The end is seen before it is told, where somebody looks; and told once. */
static void is_seen_by_a_look(Os *os) {
    Work work = {.os = os, .file = open_file(os, "seen", OS_MODE_W)};
    os_lend(os, work.file);
    OsOp op = op_thread(&work, close_lent);
    os_submit(os, &op);
    OsOp *seen = NULL;
    while (seen == NULL) {
        os_spend(os, 10000);
        seen = os_peek(os);
    }
    assert_ptr_equal(seen, &op);
    assert_null(os_peek(os));
    assert_ptr_equal(os_wait(os, -1, NULL), &op);
    assert_null(os_peek(os));
}

static void test_is_seen_by_a_look(void **state) {
    (void)state;
    on_each(is_seen_by_a_look);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opens_and_writes),       cmocka_unit_test(test_closes_a_lent_file),
        cmocka_unit_test(test_stays_in_the_workspace), cmocka_unit_test(test_two_at_once),
        cmocka_unit_test(test_is_seen_by_a_look),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
