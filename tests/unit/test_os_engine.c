/* What no ordinary file shows on demand: writes that the system cuts short again and again. The
 * engines' limit for one write is lowered, so that each takes many, as one above 2 GiB does. */
#include "os_fixture.h"

#include "os/engine.h"

#include <unistd.h>

enum { CHUNK_BYTES = 1000, SIZE_BYTES = 64 * 1024 + 7, PATIENCE_MS = 2000 };

typedef struct Bench {
    char folder[512];
    Notifier notifier;
    Workspace workspace;
    Engine *engine;
} Bench;

static bool bench_set_up(Bench *bench, OsBackend backend) {
    Diags diags = {0};
    Buf reason = {0};
    make_folder(bench->folder, sizeof bench->folder);
    assert_true(notifier_init(&bench->notifier, &diags));
    assert_true(workspace_init(&bench->workspace, bench->folder, &diags));
    bench->engine = backend == OS_BACKEND_IO_URING
                        ? engine_uring_create(&bench->notifier, &bench->workspace, 2, &reason)
                        : engine_threads_create(&bench->notifier, &bench->workspace, 2, &reason);
    if (bench->engine == NULL) {
        print_message("SKIPPED: %s\n", buf_text(&reason));
    }
    buf_finish(&reason);
    diags_finish(&diags);
    return bench->engine != NULL;
}

static void bench_tear_down(Bench *bench) {
    if (bench->engine != NULL) {
        bench->engine->table->destroy(bench->engine);
    }
    workspace_finish(&bench->workspace);
    notifier_finish(&bench->notifier);
    assert_true(workspace_remove(bench->folder));
}

/* One wait of the notifier's, and all that it said together. */
static int wait_once(Notifier *notifier, int64_t timeout_ns, unsigned *notices) {
    const int count = notifier_wait(notifier, timeout_ns);
    *notices = 0;
    for (int i = 0; i < count; i++) {
        *notices |= notifier->notices[i].what;
    }
    return count;
}

/* To the end, one notice after the other; counts the notices that brought nothing to tell. */
static unsigned engine_run(Bench *bench, OsOp *op, int file) {
    Engine *engine = bench->engine;
    unsigned in_vain = 0;
    OpList finished = {0};
    op->back_end[SLOT_TARGET] = (uint64_t)(int64_t)file;
    engine->table->submit(engine, op);
    (void)engine->table->push(engine);
    while (finished.first == NULL) {
        unsigned notices = 0;
        if (engine->table->rest != NULL) {
            engine->table->rest(engine, true);
        }
        const int events = wait_once(&bench->notifier, -1, &notices);
        if (events == -EINTR) { /* the kernel borrows this thread to start a worker of the ring's */
            continue;
        }
        assert_true(events == 1 || events == 2); /* a ring, and the signal that announced it */
        assert_int_equal(notices, NOTICE_ENGINE);
        const OsOp *seen = engine->table->peek(engine);
        assert_true(seen == NULL || seen == op);
        engine->table->reap(engine, &finished);
        if (finished.first == NULL) {
            assert_null(seen); /* what a look shows is not cut short */
            in_vain++;
        }
    }
    assert_ptr_equal(op_list_take_all(&finished), op);
    assert_null(op->next);
    assert_null(engine->table->peek(engine));
    return in_vain;
}

static char *pattern(size_t size_bytes) {
    char *data = mem_alloc(size_bytes, 1);
    for (size_t i = 0; i < size_bytes; i++) {
        data[i] = (char)(i * 31 >> 3);
    }
    return data;
}

static void expect_file(const Bench *bench, const char *name, const char *data, size_t size_bytes) {
    const int file = workspace_open(&bench->workspace, name, OS_MODE_R);
    assert_true(file >= 0);
    char *back = mem_alloc(size_bytes + 1, 1);
    assert_int_equal(read(file, back, size_bytes + 1), size_bytes);
    assert_memory_equal(back, data, size_bytes);
    free(back);
    close(file);
}

static void write_in_chunks(OsBackend backend) {
    Bench bench = {.engine = NULL};
    if (bench_set_up(&bench, backend)) {
        bench.engine->chunk_bytes = CHUNK_BYTES;
        char *data = pattern(SIZE_BYTES);
        const int at = workspace_open(&bench.workspace, "at", OS_MODE_W);
        OsOp op = op_write(at, data, SIZE_BYTES, 0);
        const unsigned in_vain = engine_run(&bench, &op, at);
        assert_int_equal(op.result, SIZE_BYTES);
        /* At most two notices a chunk: of the ring, and of a worker that was asked to wake us when
         * its chunk was just being taken. */
        assert_true(in_vain <= (backend == OS_BACKEND_IO_URING ? 2 * SIZE_BYTES / CHUNK_BYTES : 0));
        assert_int_equal(op.size_bytes, SIZE_BYTES); /* the caller's fields stay his */
        assert_ptr_equal(op.data, data);
        expect_file(&bench, "at", data, SIZE_BYTES);
        close(at);

        const int end = workspace_open(&bench.workspace, "end", OS_MODE_A);
        for (int i = 0; i < 2; i++) {
            op = op_write(end, data + i * (SIZE_BYTES / 2), SIZE_BYTES / 2, -1);
            engine_run(&bench, &op, end);
            assert_int_equal(op.result, SIZE_BYTES / 2);
        }
        expect_file(&bench, "end", data, SIZE_BYTES / 2 * 2);
        close(end);
        free(data);
    }
    bench_tear_down(&bench);
}

static void test_chunks_of_ring(void **state) {
    (void)state;
    write_in_chunks(OS_BACKEND_IO_URING);
}

static void test_chunks_of_helpers(void **state) {
    (void)state;
    write_in_chunks(OS_BACKEND_THREADS);
}

/* Many at once, each cut short many times, while others overtake them: nothing is mixed up. */
static void test_many_in_chunks(void **state) {
    (void)state;
    enum { FILES = 40, EACH_BYTES = 20001 };
    Bench bench = {.engine = NULL};
    if (bench_set_up(&bench, OS_BACKEND_IO_URING)) {
        Engine *engine = bench.engine;
        engine->chunk_bytes = 777;
        char *data = pattern(EACH_BYTES + FILES);
        OsOp ops[FILES];
        char names[FILES][16];
        for (int i = 0; i < FILES; i++) {
            snprintf(names[i], sizeof names[i], "f%d", i);
            const int file = workspace_open(&bench.workspace, names[i], OS_MODE_W);
            ops[i] = op_write(file, data + i, EACH_BYTES, 0);
            ops[i].back_end[SLOT_TARGET] = (uint64_t)file;
            engine->table->submit(engine, &ops[i]);
        }
        for (int told = 0; told < FILES;) {
            OpList finished = {0};
            engine->table->block(engine);
            engine->table->reap(engine, &finished);
            for (const OsOp *op = finished.first; op != NULL; op = op->next) {
                assert_int_equal(op->result, EACH_BYTES);
                told++;
            }
        }
        for (int i = 0; i < FILES; i++) {
            expect_file(&bench, names[i], data + i, EACH_BYTES);
            close((int)ops[i].file);
        }
        free(data);
    }
    bench_tear_down(&bench);
}

/* Readiness is seen without the call that the trace counts. */
static void test_notifier_is_ready(void **state) {
    (void)state;
    Notifier notifier;
    Diags diags = {0};
    unsigned notices = 0;
    assert_true(notifier_init(&notifier, &diags));
    assert_false(notifier_is_ready(&notifier, 0));
    notifier_signal(&notifier);
    assert_true(notifier_is_ready(&notifier, PATIENCE_MS));
    assert_int_equal(wait_once(&notifier, -1, &notices), 1);
    assert_int_equal(notices, NOTICE_ENGINE);
    assert_false(notifier_is_ready(&notifier, 0)); /* told once */
    notifier_wake(&notifier);
    notifier_signal(&notifier);
    assert_int_equal(wait_once(&notifier, 0, &notices), 2);
    assert_int_equal(notices, NOTICE_ENGINE | NOTICE_WAKE);
    assert_int_equal(wait_once(&notifier, 0, &notices), 0);
    assert_int_equal(notices, 0);
    notifier_finish(&notifier);
    diags_finish(&diags);
}

/* Many are handed over with one system call. Whoever reads the clock asks whether there was one. */
static void test_what_is_gathered_made_no_call(void **state) {
    (void)state;
    enum { FIRST = 20, ALL = 40 };
    Bench bench = {.engine = NULL};
    if (bench_set_up(&bench, OS_BACKEND_IO_URING)) {
        Engine *engine = bench.engine;
        char *data = pattern(ALL);
        OsOp ops[ALL];
        const int file = workspace_open(&bench.workspace, "f", OS_MODE_W);
        int calls = 0;
        for (int i = 0; i < ALL; i++) {
            ops[i] = op_write(file, data + i, 1, i);
            ops[i].back_end[SLOT_TARGET] = (uint64_t)file;
            engine->table->submit(engine, &ops[i]);
            assert_true(i >= FIRST || ops[i].is_instant);
            calls += !ops[i].is_instant;
        }
        assert_int_equal(calls, 1);
        for (int told = 0; told < ALL;) {
            OpList finished = {0};
            engine->table->block(engine);
            engine->table->reap(engine, &finished);
            for (const OsOp *op = finished.first; op != NULL; op = op->next) {
                assert_int_equal(op->result, 1);
                told++;
            }
        }
        expect_file(&bench, "f", data, ALL);
        close(file);
        free(data);
    }
    bench_tear_down(&bench);
}

/* The myth that this project is about: epoll does not take regular files, an io_uring it does. */
static void test_epoll_refuses_files(void **state) {
    (void)state;
    Bench bench = {.engine = NULL};
    if (bench_set_up(&bench, OS_BACKEND_THREADS)) {
        const int file = workspace_open(&bench.workspace, "f", OS_MODE_W);
        assert_int_equal(notifier_watch(&bench.notifier, file), -EPERM);
        close(file);
    }
    bench_tear_down(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chunks_of_ring),
        cmocka_unit_test(test_chunks_of_helpers),
        cmocka_unit_test(test_many_in_chunks),
        cmocka_unit_test(test_notifier_is_ready),
        cmocka_unit_test(test_epoll_refuses_files),
        cmocka_unit_test(test_what_is_gathered_made_no_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
