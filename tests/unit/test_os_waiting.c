/* One suite for every back end: waiting, waking, looking, and thousands in flight. */
#include "os_fixture.h"

#include <pthread.h>
#include <time.h>

/* ---- time ------------------------------------------------------------------------------------ */

static const int64_t TIMEOUTS_NS[] = {0, 1, 300, 999, 1000, 50000, 999999, 1000001, 3500000};
enum { TIMEOUT_COUNT = sizeof TIMEOUTS_NS / sizeof TIMEOUTS_NS[0] };

static void timeouts_are_never_early(Fixture *fixture) {
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < TIMEOUT_COUNT; i++) {
            OsWait info;
            const uint64_t begin_ns = os_now_ns(fixture->os);
            assert_null(os_wait(fixture->os, TIMEOUTS_NS[i], &info));
            const uint64_t took_ns = os_now_ns(fixture->os) - begin_ns;
            assert_true(took_ns >= (uint64_t)TIMEOUTS_NS[i]);
            assert_int_equal(info.events, 0);
            assert_true(info.calls >= 1);
            if (!is_real(fixture) && TIMEOUTS_NS[i] > 0) {
                assert_int_equal(took_ns, TIMEOUTS_NS[i]);
                assert_int_equal(info.calls, 1);
            }
        }
    }
}

/* Time goes on while a program only asks: what is in flight ends without a sleep. */
static void asking_without_sleep_gets_there(Fixture *fixture) {
    OsOp op = op_open("f", OS_MODE_W);
    os_submit(fixture->os, &op);
    OsOp *told = NULL;
    while (told == NULL) {
        OsWait info;
        told = os_wait(fixture->os, 0, &info);
        assert_int_equal(info.calls, 1);
    }
    assert_ptr_equal(told, &op);
    assert_int_equal(op.result, 0);
}

static void spending_takes_its_time(Fixture *fixture) {
    const uint64_t begin_ns = os_now_ns(fixture->os);
    const clock_t cpu = clock();
    os_spend(fixture->os, 20000000);
    const uint64_t took_ns = os_now_ns(fixture->os) - begin_ns;
    assert_true(took_ns >= 20000000);
    if (is_real(fixture)) { /* really computing: the processor's time, not only the clock's */
        assert_true(clock() - cpu > CLOCKS_PER_SEC / 1000);
    } else {
        assert_int_equal(took_ns, 20000000);
    }
    os_spend(fixture->os, 0);
}

/* ---- waking ---------------------------------------------------------------------------------- */

static void *wake_soon(void *argument) {
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    os_wake(argument);
    return NULL;
}

static void another_thread_wakes(Fixture *fixture) {
    for (int i = 0; i < 3; i++) {
        pthread_t waker;
        assert_int_equal(pthread_create(&waker, NULL, wake_soon, fixture->os), 0);
        OsWait info;
        assert_null(os_wait(fixture->os, -1, &info)); /* nothing else could end it */
        assert_int_equal(info.events, 1);
        assert_true(info.calls >= 1);
        pthread_join(waker, NULL);
    }
}

/* A wake is not lost when nobody sleeps, and many are one. */
static void wakes_are_kept_and_merged(Fixture *fixture) {
    for (int i = 0; i < 100000; i++) {
        os_wake(fixture->os);
    }
    OsWait info;
    assert_null(os_wait(fixture->os, -1, &info));
    assert_int_equal(info.events, 1);
    assert_null(os_wait(fixture->os, 0, &info));
    assert_int_equal(info.events, 0);
    os_wake(fixture->os);
    assert_null(os_wait(fixture->os, -1, &info));
    assert_int_equal(info.events, 1);
}

static void a_wake_loses_no_completion(Fixture *fixture) {
    OsOp op = op_open("f", OS_MODE_W);
    os_submit(fixture->os, &op);
    os_wake(fixture->os);
    uint32_t told = 0;
    bool woken = false;
    while (told == 0 || !woken) {
        OsWait info;
        OsOp *batch = os_wait(fixture->os, -1, &info);
        told += batch != NULL;
        woken = woken || batch == NULL || info.events > 1;
        assert_true(info.events > 0);
    }
    assert_int_equal(told, 1);
    assert_int_equal(op.result, 0);
}

/* ---- completions ----------------------------------------------------------------------------- */

enum { MANY = 5000, MANY_FILES = 10 };

/* Thousands in flight at once: every one is told, once, with its own bytes. */
static void thousands_in_flight(Fixture *fixture) {
    Os *os = fixture->os;
    OsFile files[MANY_FILES];
    OsOp *ops = mem_alloc(MANY, sizeof *ops);
    char(*data)[4] = mem_alloc(MANY, sizeof *data);
    for (int i = 0; i < MANY_FILES; i++) {
        char path[32];
        snprintf(path, sizeof path, "many-%d", i);
        files[i] = open_file(os, path, OS_MODE_W);
    }
    for (int i = 0; i < MANY; i++) {
        char text[16];
        snprintf(text, sizeof text, "%04d", i);
        memcpy(data[i], text, 4);
        ops[i] = op_write(files[i % MANY_FILES], data[i], 4, 4 * (i / MANY_FILES));
        os_submit(os, &ops[i]);
        assert_int_equal(os_in_flight(os), i + 1);
    }
    wait_for(os, MANY);
    assert_int_equal(os_in_flight(os), 0);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(ops[i].result, 4);
        assert_int_equal(ops[i].state, OS_OP_IDLE);
    }
    for (int i = 0; i < MANY_FILES; i++) {
        assert_int_equal(close_file(os, files[i]), 0);
    }
    static char expected[MANY / MANY_FILES * 4];
    for (int i = 0; i < MANY / MANY_FILES; i++) {
        memcpy(expected + 4 * i, data[i * MANY_FILES + 7], 4);
    }
    expect_bytes(os, "many-7", expected, sizeof expected);
    expect_on_disk(fixture, "many-7", expected, sizeof expected);
    free(ops);
    free(data);
}

/* Opens by the hundred, since each makes a file of its own, and their closes. */
static void hundreds_of_files(Fixture *fixture) {
    enum { FILES = 500 };
    Os *os = fixture->os;
    OsOp *ops = mem_alloc(FILES, sizeof *ops);
    char(*paths)[32] = mem_alloc(FILES, sizeof *paths);
    for (int i = 0; i < FILES; i++) {
        snprintf(paths[i], sizeof paths[i], "d%d/f%d", i % 7, i);
        ops[i] = op_open(paths[i], OS_MODE_W);
        os_submit(os, &ops[i]);
    }
    wait_for(os, FILES);
    for (int i = 0; i < FILES; i++) {
        assert_int_equal(ops[i].result, 0);
        ops[i] = op_file(OS_CLOSE, ops[i].file);
        os_submit(os, &ops[i]);
    }
    wait_for(os, FILES);
    for (int i = 0; i < FILES; i++) {
        assert_int_equal(ops[i].result, 0);
    }
    free(ops);
    free(paths);
}

/* More than any queue of the system's holds, and nobody takes completions meanwhile. */
static void queues_overflow_safely(Fixture *fixture) {
    enum { FLOOD = 40000 };
    Os *os = fixture->os;
    write_file(os, "f", "0123456789");
    const OsFile file = open_file(os, "f", OS_MODE_R);
    OsOp *ops = mem_alloc(FLOOD, sizeof *ops);
    char *data = mem_alloc(FLOOD, 1);
    for (int i = 0; i < FLOOD; i++) {
        ops[i] = op_read(file, data + i, 1, i % 10);
        os_submit(os, &ops[i]);
    }
    const OsOp *last = NULL;
    for (const OsOp *op = os_peek(os); op != NULL; op = os_peek(os)) {
        last = op;
    }
    assert_true(last == NULL || last->state == OS_OP_IN_FLIGHT);
    wait_for(os, FLOOD);
    for (int i = 0; i < FLOOD; i++) {
        assert_int_equal(ops[i].result, 1);
        assert_int_equal(data[i], '0' + i % 10);
    }
    assert_int_equal(close_file(os, file), 0);
    free(ops);
    free(data);
}

/* ---- looking --------------------------------------------------------------------------------- */

/* As the loop does it: asked only where there may be something. */
static OsOp *look(Os *os) {
    return os_look_is_empty(os_look(os)) ? NULL : os_peek(os);
}

enum { LOOKED_AT = 64 };

/* Looks until all were seen; time goes on by itself, or is spent in the simulation. */
static void peek_all(Fixture *fixture, OsOp **seen) {
    uint32_t count = 0;
    while (count < LOOKED_AT) {
        OsOp *op = look(fixture->os);
        if (op == NULL) {
            os_spend(fixture->os, 10000);
            continue;
        }
        assert_int_equal(op->state, OS_OP_IN_FLIGHT); /* seen, not told */
        for (uint32_t i = 0; i < count; i++) {
            assert_ptr_not_equal(seen[i], op);
        }
        seen[count++] = op;
    }
    assert_null(look(fixture->os));
    assert_int_equal(os_in_flight(fixture->os), LOOKED_AT);
}

static void a_look_shows_each_once_in_order(Fixture *fixture) {
    Os *os = fixture->os;
    OsOp ops[LOOKED_AT];
    OsOp *seen[LOOKED_AT];
    char data[] = "x";
    assert_null(look(os));
    const OsFile file = open_file(os, "f", OS_MODE_W);
    assert_null(look(os)); /* what was told is not shown any more */
    for (int i = 0; i < LOOKED_AT; i++) {
        ops[i] = op_write(file, data, 1, i);
        os_submit(os, &ops[i]);
    }
    peek_all(fixture, seen);
    uint32_t told = 0;
    while (told < LOOKED_AT) {
        for (OsOp *op = os_wait(os, 0, NULL); op != NULL; op = op->next) {
            assert_ptr_equal(op, seen[told]);
            assert_int_equal(op->result, 1);
            told++;
        }
    }
    assert_null(look(os));
    assert_int_equal(close_file(os, file), 0);
}

/* Never early: what a look shows has happened. An open and a read back on the spot prove it. */
static void a_look_is_never_early(Fixture *fixture) {
    enum { SIZE_BYTES = 300000, ROUNDS = 20 };
    Os *os = fixture->os;
    char *data = mem_alloc(SIZE_BYTES, 1);
    char *back = mem_alloc(SIZE_BYTES, 1);
    const OsFile out = open_file(os, "f", OS_MODE_W);
    const OsFile in = open_file(os, "f", OS_MODE_R);
    for (int round = 0; round < ROUNDS; round++) {
        memset(data, 'a' + round, SIZE_BYTES);
        OsOp write = op_write(out, data, SIZE_BYTES, 0);
        os_submit(os, &write);
        while (look(os) == NULL) {
            os_spend(os, 5000);
        }
        OsOp read = op_read(in, back, SIZE_BYTES, 0);
        os_perform(os, &read);
        assert_int_equal(read.result, SIZE_BYTES);
        assert_memory_equal(back, data, SIZE_BYTES);
        wait_for(os, 1);
        assert_int_equal(write.result, SIZE_BYTES);
    }
    assert_int_equal(close_file(os, out), 0);
    assert_int_equal(close_file(os, in), 0);
    free(data);
    free(back);
}

/* An open that must first make its folders has not arrived before it is really open. */
static void a_look_at_an_open(Fixture *fixture) {
    OsOp op = op_open("new/folder/file", OS_MODE_W);
    OsOp refused = op_open("nothing", OS_MODE_R);
    os_submit(fixture->os, &op);
    os_submit(fixture->os, &refused);
    uint32_t looks = 0;
    uint32_t told = 0;
    while (told < 2) {
        for (const OsOp *seen = look(fixture->os); seen != NULL; seen = look(fixture->os)) {
            assert_true(seen == &op || seen == &refused);
            assert_int_equal(seen->state, OS_OP_IN_FLIGHT);
            looks++;
        }
        for (OsOp *done = os_wait(fixture->os, 50000, NULL); done != NULL; done = done->next) {
            told++;
        }
    }
    assert_true(looks <= 2);
    assert_int_equal(op.result, 0);
    assert_int_equal(refused.result, -ENOENT);
    assert_null(look(fixture->os));
}

static void names_and_ways(Fixture *fixture) {
    static const OsVia VIA[OS_BACKEND_COUNT] = {[OS_BACKEND_IO_URING] = OS_VIA_IO_URING,
                                                [OS_BACKEND_THREADS] = OS_VIA_THREADS,
                                                [OS_BACKEND_KQUEUE] = OS_VIA_THREADS,
                                                [OS_BACKEND_IOCP] = OS_VIA_THREADS,
                                                [OS_BACKEND_SIM] = OS_VIA_SIM};
    OsOp op = op_open("f", OS_MODE_W);
    assert_int_equal(run_op(fixture->os, &op), 0);
    assert_int_equal(op.via, VIA[fixture->backend]);
    const char *name = os_backend_name(fixture->backend);
    assert_string_equal(
        os_notifier_name(fixture->os),
        fixture->backend == OS_BACKEND_IO_URING || fixture->backend == OS_BACKEND_THREADS ? "epoll"
                                                                                          : name);
    assert_null(os_fallback_reason(fixture->os));
}

int main(void) {
    static const Case CASES[] = {
        {"names, and how it is done", names_and_ways, false},
        {"timeouts are never early", timeouts_are_never_early, false},
        {"asking without sleep gets there", asking_without_sleep_gets_there, false},
        {"spending takes its time", spending_takes_its_time, false},
        {"another thread wakes", another_thread_wakes, false},
        {"wakes are kept, and merged", wakes_are_kept_and_merged, false},
        {"a wake loses no completion", a_wake_loses_no_completion, false},
        {"thousands in flight", thousands_in_flight, false},
        {"hundreds of files", hundreds_of_files, false},
        {"queues overflow safely", queues_overflow_safely, false},
        {"a look shows each once, in order", a_look_shows_each_once_in_order, false},
        {"a look is never early", a_look_is_never_early, false},
        {"a look at an open", a_look_at_an_open, false},
    };
    return run_cases("os_waiting", CASES, sizeof CASES / sizeof CASES[0]);
}
