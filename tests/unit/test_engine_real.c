/* Every shipped scenario, really run: on io_uring and on helper threads. The invariants of
 * docs/trace.md hold, and the files are what the trace says. */
#include "engine_rig.h"

typedef struct Disk {
    const char *folder;
    size_t files;
} Disk;

static void expect_size(void *context, const char *path, int64_t size_bytes) {
    Disk *disk = context;
    char full[1024];
    snprintf(full, sizeof full, "%s/%s", disk->folder, path);
    assert_true(size_bytes >= 0); /* the shipped ones end no file part-way */
    Buf bytes = {0};
    engine_read_file(full, &bytes);
    assert_int_equal(bytes.size_bytes, size_bytes);
    buf_finish(&bytes);
    disk->files++;
}

static size_t lines_of(const Buf *text) {
    size_t lines = 0;
    for (size_t i = 0; i < text->size_bytes; i++) {
        lines += text->data[i] == '\n';
    }
    return lines;
}

/* Invariant 6, and no file beside those that the trace names. */
static void expect_files(EngineRun *run, Buf *tree) {
    Disk disk = {.folder = run->folder};
    trace_check_files(run->log, expect_size, &disk);
    engine_tree(run->folder, "", tree);
    size_t names = 0;
    char **files = engine_files(run->folder, "", &names);
    for (size_t i = 0; i < names; i++) {
        free(files[i]);
    }
    free(files);
    assert_true(disk.files == 0 ? names == 0 : lines_of(tree) == disk.files);
}

/* Who does it: a socket is the notifier's own, a thread is one whatever the back end; on Windows
 * only some calls have an overlapped form. */
static IoVia honest_via(const Event *submitted, OsBackend backend) {
    const bool port = backend == OS_BACKEND_IOCP;
    switch ((IoCall)submitted->a) {
    case IO_SEND:
    case IO_RECV:
        return port ? VIA_OVERLAPPED : backend == OS_BACKEND_KQUEUE ? VIA_KQUEUE : VIA_EPOLL;
    case IO_WRITE:
    case IO_READ:
        return port ? VIA_OVERLAPPED : backend == OS_BACKEND_IO_URING ? VIA_IO_URING : VIA_THREADS;
    case IO_THREAD:
        return VIA_THREADS;
    default:
        return backend == OS_BACKEND_IO_URING ? VIA_IO_URING : VIA_THREADS;
    }
}

static void expect_honest_via(EngineRun *run, OsBackend backend) {
    for (uint64_t n = 0; n < log_count(run->log); n++) {
        const Event *event = log_event(run->log, n);
        if (event->kind == EV_IO_SUBMITTED) {
            assert_int_equal(event->c, honest_via(event, backend));
        }
    }
}

/* One lesson is about a run that can't come to its end. */
static StopReason wanted_end(const char *scenario) {
    return strcmp(strrchr(scenario, '/'), "/deadlock.json") == 0 ? STOP_DEADLOCK : STOP_DONE;
}

static bool runs_well(const char *scenario, OsBackend backend, Buf *tree) {
    EngineRun run;
    const bool there = engine_start(&run, scenario, backend, 0);
    if (there) {
        assert_int_equal(run.end.reason, wanted_end(scenario));
        rig_check(run.log);
        expect_files(&run, tree);
        expect_honest_via(&run, backend);
    }
    engine_finish(&run);
    return there;
}

static void scenario_really_runs(void **state) {
    const char *scenario = *state;
    Buf first = {0};
    assert_true(runs_well(scenario, back_end_sure(), &first));
    const BackEnds here = back_ends();
    for (size_t i = 0; i < here.count; i++) {
        Buf tree = {0};
        if (here.all[i] != OS_BACKEND_SIM && runs_well(scenario, here.all[i], &tree)) {
            assert_string_equal(buf_text(&tree), buf_text(&first)); /* the same bytes */
        }
        buf_finish(&tree);
    }
    buf_finish(&first);
}

static void three_writers_write_what_they_say(void **state) {
    (void)state;
    EngineRun run;
    assert_true(engine_start(&run, "scenarios/three-writers.json", OS_BACKEND_AUTO, 0));
    size_t count = 0;
    char **files = engine_files(run.folder, "", &count);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        Buf bytes = {0};
        engine_read_file(files[i], &bytes);
        assert_int_equal(bytes.size_bytes, 64 * 1024);
        for (size_t k = 0; k < bytes.size_bytes; k++) {
            assert_int_equal(bytes.data[k], 'x');
        }
        buf_finish(&bytes);
        free(files[i]);
    }
    free(files);
    assert_int_equal(rig_count(&(Rig){.log = run.log}, EV_IO_COMPLETED), 12);
    engine_finish(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(three_writers_write_what_they_say)};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + engine_run_each("real", "scenarios", scenario_really_runs);
}
