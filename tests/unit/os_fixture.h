/* What the tests of os/ share: a fresh back end in a fresh folder for each case, and short names
 * for single operations. A suite is a table of cases; each runs on every back end that this
 * machine has, and the simulated one. */
#ifndef LOOPSCOPE_TESTS_OS_FIXTURE_H
#define LOOPSCOPE_TESTS_OS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "back_ends.h"
#include "base/assert.h"
#include "base/mem.h"
#include "os/os.h"
#include "os/workspace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Fixture {
    OsBackend backend;
    char folder[512];
    Os *os;
} Fixture;

enum {
    ONLY_REAL = 1,     /* needs a real system's limits or links */
    ONLY_READINESS = 2 /* where all of a channel's operations tell readiness */
};

typedef struct Case {
    const char *name;
    void (*run)(Fixture *fixture);
    unsigned only; /* ONLY_...; 0: everywhere */
} Case;

enum { WAIT_PATIENCE_NS = 2000000000 };

static inline Os *create_os(OsBackend backend, const char *folder, uint32_t threads_max) {
    Diags diags = {0};
    const OsConfig config = {
        .backend = backend, .workspace = folder, .seed = 7, .threads_max = threads_max};
    Os *os = os_create(&config, &diags);
    for (size_t i = 0; i < diags.count; i++) {
        print_message("%s: %s\n", diags.items[i].file, diags.items[i].message);
    }
    ASSERT((os == NULL) == (diags.count > 0)); /* not cmocka's: children call this, too */
    diags_finish(&diags);
    return os;
}

static inline void make_folder(char *out, size_t size_bytes) {
    Diags diags = {0};
    assert_true(workspace_make_temporary(out, size_bytes, &diags));
    assert_int_equal(diags.count, 0);
    diags_finish(&diags);
}

static inline bool is_real(const Fixture *fixture) {
    return fixture->backend != OS_BACKEND_SIM;
}

/* ---- operations ------------------------------------------------------------------------------ */

static inline OsOp op_open(const char *path, OsMode mode) {
    return (OsOp){.call = OS_OPENAT, .path = path, .mode = mode};
}

static inline OsOp op_write(OsFile file, char *data, uint64_t size_bytes, int64_t offset) {
    return (OsOp){
        .call = OS_WRITE, .file = file, .data = data, .size_bytes = size_bytes, .offset = offset};
}

static inline OsOp op_read(OsFile file, char *data, uint64_t size_bytes, int64_t offset) {
    return (OsOp){
        .call = OS_READ, .file = file, .data = data, .size_bytes = size_bytes, .offset = offset};
}

static inline OsOp op_file(OsCall call, OsFile file) {
    return (OsOp){.call = call, .file = file};
}

/* Waits until `count` operations were told; each must be one of ours, idle, told once. */
static inline void wait_for(Os *os, uint32_t count) {
    while (count > 0) {
        OsWait info;
        const uint32_t before = os_in_flight(os);
        uint32_t told = 0;
        for (OsOp *op = os_wait(os, WAIT_PATIENCE_NS, &info); op != NULL; op = op->next) {
            assert_int_equal(op->state, OS_OP_IDLE);
            told++;
        }
        assert_true(info.calls >= 1);
        assert_true(told > 0 && info.events > 0);
        assert_true(told <= count);
        assert_int_equal(os_in_flight(os), before - told);
        count -= told;
    }
}

static inline int64_t run_op(Os *os, OsOp *op) {
    os_submit(os, op);
    assert_int_equal(op->state, OS_OP_IN_FLIGHT);
    wait_for(os, 1);
    assert_int_equal(op->state, OS_OP_IDLE);
    return op->result;
}

static inline OsFile open_file(Os *os, const char *path, OsMode mode) {
    OsOp op = op_open(path, mode);
    assert_int_equal(run_op(os, &op), 0);
    assert_true(op.file != OS_FILE_NONE);
    return op.file;
}

static inline int64_t open_result(Os *os, const char *path, OsMode mode) {
    OsOp op = op_open(path, mode);
    const int64_t result = run_op(os, &op);
    assert_true((result == 0) == (op.file != OS_FILE_NONE));
    return result;
}

static inline int64_t write_text(Os *os, OsFile file, const char *text, int64_t offset) {
    OsOp op = op_write(file, (char *)(uintptr_t)text, strlen(text), offset);
    return run_op(os, &op);
}

static inline int64_t close_file(Os *os, OsFile file) {
    OsOp op = op_file(OS_CLOSE, file);
    return run_op(os, &op);
}

static inline void write_file(Os *os, const char *path, const char *text) {
    const OsFile file = open_file(os, path, OS_MODE_W);
    assert_int_equal(write_text(os, file, text, 0), (int64_t)strlen(text));
    assert_int_equal(close_file(os, file), 0);
}

/* The whole file, read through the back end, is `size_bytes` of `data`. */
static inline void expect_bytes(Os *os, const char *path, const char *data, size_t size_bytes) {
    const OsFile file = open_file(os, path, OS_MODE_R);
    char *got = mem_alloc(size_bytes + 1, 1);
    OsOp op = op_read(file, got, size_bytes + 1, 0);
    assert_int_equal(run_op(os, &op), (int64_t)size_bytes);
    assert_memory_equal(got, data, size_bytes);
    free(got);
    assert_int_equal(close_file(os, file), 0);
}

static inline void expect_text(Os *os, const char *path, const char *text) {
    expect_bytes(os, path, text, strlen(text));
}

/* The same bytes on the real disk, without the back end. */
static inline void expect_on_disk(const Fixture *fixture, const char *path, const char *data,
                                  size_t size_bytes) {
    if (!is_real(fixture)) {
        return;
    }
    char whole[1024];
    snprintf(whole, sizeof whole, "%s/%s", fixture->folder, path);
    FILE *file = fopen(whole, "rb");
    assert_non_null(file);
    char *got = mem_alloc(size_bytes + 1, 1);
    assert_int_equal(fread(got, 1, size_bytes + 1, file), size_bytes);
    assert_memory_equal(got, data, size_bytes);
    free(got);
    fclose(file);
}

/* ---- the suite ------------------------------------------------------------------------------- */

typedef struct Run {
    const Case *what;
    OsBackend backend;
} Run;

static inline void run_case(void **state) {
    const Run *run = *state;
    Fixture fixture = {.backend = run->backend};
    make_folder(fixture.folder, sizeof fixture.folder);
    fixture.os = create_os(run->backend, fixture.folder, 0);
    assert_non_null(fixture.os);
    assert_int_equal(os_backend(fixture.os), run->backend);
    run->what->run(&fixture);
    os_destroy(fixture.os);
    assert_true(workspace_remove(fixture.folder));
}

static inline bool backend_is_here(OsBackend backend) {
    char folder[512];
    make_folder(folder, sizeof folder);
    Os *os = create_os(backend, folder, 0);
    assert_true(workspace_remove(folder));
    os_destroy(os);
    if (os == NULL) {
        print_message("SKIPPED: the cases on %s\n", os_backend_name(backend));
    }
    return os != NULL;
}

static inline int run_cases(const char *suite, const Case *cases, size_t count) {
    enum { NAME_MAX_BYTES = 128 };
    const BackEnds built = back_ends();
    struct CMUnitTest *tests = mem_alloc(count * built.count, sizeof *tests);
    Run *runs = mem_alloc(count * built.count, sizeof *runs);
    char(*names)[NAME_MAX_BYTES] = mem_alloc(count * built.count, sizeof *names);
    size_t used = 0;
    for (size_t b = 0; b < built.count; b++) {
        const OsBackend backend = built.all[b];
        const bool here = backend_is_here(backend);
        for (size_t i = 0; here && i < count; i++) {
            if (cases[i].only == ONLY_READINESS && backend == OS_BACKEND_IOCP) {
                continue;
            }
            if (cases[i].only == ONLY_REAL && backend == OS_BACKEND_SIM) {
                continue;
            }
            runs[used] = (Run){&cases[i], backend};
            snprintf(names[used], sizeof names[used], "%s: %s", os_backend_name(backend),
                     cases[i].name);
            tests[used] = (struct CMUnitTest){
                .name = names[used], .test_func = run_case, .initial_state = &runs[used]};
            used++;
        }
    }
    const int failed = _cmocka_run_group_tests(suite, tests, used, NULL, NULL);
    free(tests);
    free(runs);
    free(names);
    return failed;
}

#endif
