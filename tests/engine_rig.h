/* A rig for tests of the engine as a whole: a scenario's file, run on a back end, with its
 * workspace to look at afterwards.
 *
 * Ownership: engine_finish frees all and removes the workspace. Threads: the test's. */
#ifndef LOOPSCOPE_TESTS_ENGINE_RIG_H
#define LOOPSCOPE_TESTS_ENGINE_RIG_H

#include "loop_rig.h"

#include "base/files.h"
#include "base/mem.h"
#include "export/export.h"
#include "scenario/scenario.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct EngineRun {
    Scenario *scenario;
    Os *os;
    Log *log;
    Loop *loop;
    LoopEnd end;
    char folder[256]; /* "" on the simulation */
    pthread_mutex_t lock;
    Buf printed; /* what a terminal would show, with `lock` */
    void (*print)(void *user, const char *text, size_t length); /* for threads; or NULL */
    uint64_t printed_count; /* events that were looked at for it */
    OsFault *fault;         /* of the simulation; or NULL */
} EngineRun;

/* With the lock held: what the loop printed so far. */
RIG_UNUSED static void engine_print_loop(EngineRun *run) {
    for (; run->printed_count < log_count(run->log); run->printed_count++) {
        const Event *event = log_event(run->log, run->printed_count);
        if (event->kind == EV_OUTPUT && event->a == 0) {
            size_t length = 0;
            const char *text = log_text(run->log, event->text, &length);
            buf_append(&run->printed, text, length);
            buf_append_char(&run->printed, '\n');
        }
    }
}

RIG_UNUSED static void engine_print(void *user, const char *text, size_t length) {
    EngineRun *run = user;
    pthread_mutex_lock(&run->lock);
    engine_print_loop(run);
    buf_append(&run->printed, text, length);
    buf_append_char(&run->printed, '\n');
    pthread_mutex_unlock(&run->lock);
}

RIG_UNUSED static void engine_fail_with(const char *what, const Diags *diags) {
    Buf text = {0};
    for (size_t i = 0; i < diags->count; i++) {
        diag_format(&diags->items[i], &text);
    }
    fail_msg("%s: %s", what, buf_text(&text));
}

/* False where the machine has no such back end. */
RIG_UNUSED static bool engine_start_limited(EngineRun *run, const char *file, OsBackend backend,
                                            uint64_t seed, LoopLimits limits) {
    Diags diags = {0};
    *run = (EngineRun){
        .print = run->print, .fault = run->fault, .scenario = scenario_load(file, &diags)};
    if (run->scenario == NULL) {
        engine_fail_with(file, &diags);
    }
    if (backend != OS_BACKEND_SIM) {
        assert_true(workspace_make_temporary(run->folder, sizeof run->folder, &diags));
    }
    run->os = os_create(
        &(OsConfig){
            .backend = backend, .workspace = run->folder, .seed = seed, .fault = run->fault},
        &diags);
    diags_finish(&diags);
    if (run->os == NULL) {
        return false;
    }
    pthread_mutex_init(&run->lock, NULL);
    run->log = log_create();
    log_set_header(run->log, &(TraceHeader){.title = run->scenario->title,
                                            .scenario = file,
                                            .backend = os_backend_name(os_backend(run->os)),
                                            .notifier = os_notifier_name(run->os),
                                            .seed = seed,
                                            .has_seed = backend == OS_BACKEND_SIM,
                                            .pid = 1,
                                            .tid = 1,
                                            .started = "2000-01-01T00:00:00Z",
                                            .source = "",
                                            .source_size_bytes = 0});
    run->loop = loop_create(&(LoopConfig){.program = run->scenario->program,
                                          .os = run->os,
                                          .log = run->log,
                                          .print = run->print != NULL ? run->print : engine_print,
                                          .print_user = run,
                                          .limits = limits});
    run->end = loop_run(run->loop);
    return true;
}

RIG_UNUSED static bool engine_start(EngineRun *run, const char *file, OsBackend backend,
                                    uint64_t seed) {
    run->print = NULL;
    run->fault = NULL;
    return engine_start_limited(run, file, backend, seed, loop_limits_default());
}

RIG_UNUSED static void engine_finish(EngineRun *run) {
    loop_destroy(run->loop);
    os_destroy(run->os);
    log_destroy(run->log);
    scenario_destroy(run->scenario);
    buf_finish(&run->printed);
    if (run->folder[0] != '\0') {
        assert_true(workspace_remove(run->folder));
    }
}

/* What the tasks printed, as `run` prints it. */
RIG_UNUSED static void engine_output(EngineRun *run, Buf *out) {
    engine_print_loop(run);
    buf_append(out, buf_text(&run->printed), run->printed.size_bytes);
}

RIG_UNUSED static void engine_read_file(const char *path, Buf *out) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char bytes[4096];
    for (size_t got = 0; (got = fread(bytes, 1, sizeof bytes, file)) > 0;) {
        buf_append(out, bytes, got);
    }
    fclose(file);
}

static int engine_by_name(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The names in a folder, in order; the caller frees each and all. */
static char **engine_names(const char *folder, size_t *count) {
    FileFolder *listing = file_folder_open(folder);
    assert_non_null(listing);
    char **names = NULL;
    size_t cap = 0;
    *count = 0;
    for (const char *name; (name = file_folder_next(listing)) != NULL;) {
        names = mem_grow(names, &cap, *count + 1, sizeof *names);
        names[(*count)++] = mem_copy_text(name, strlen(name));
    }
    file_folder_close(listing);
    if (*count > 0) {
        qsort(names, *count, sizeof *names, engine_by_name);
    }
    return names;
}

/* Every file below `folder`: its name, its size and its bytes; long ones as a sum over them. */
RIG_UNUSED static void engine_tree(const char *folder, const char *below, Buf *out) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, below);
    size_t count = 0;
    char **names = engine_names(path, &count);
    for (size_t i = 0; i < count; i++) {
        char name[512];
        char full[1024];
        snprintf(name, sizeof name, "%s%s%s", below, below[0] == '\0' ? "" : "/", names[i]);
        snprintf(full, sizeof full, "%s/%s", folder, name);
        if (file_kind(full) == FILE_KIND_FOLDER) {
            engine_tree(folder, name, out);
        } else {
            Buf bytes = {0};
            engine_read_file(full, &bytes);
            uint64_t sum = UINT64_C(14695981039346656037); /* FNV-1a */
            for (size_t k = 0; k < bytes.size_bytes; k++) {
                sum = (sum ^ (unsigned char)bytes.data[k]) * UINT64_C(1099511628211);
            }
            buf_printf(out, "%s %zu %016llx %.200s\n", name, bytes.size_bytes,
                       (unsigned long long)sum, buf_text(&bytes));
            buf_finish(&bytes);
        }
        free(names[i]);
    }
    free(names);
}

/* The files of a folder with this ending, in order; the caller frees each and all. */
RIG_UNUSED static char **engine_files(const char *folder, const char *ending, size_t *count) {
    size_t found = 0;
    char **names = engine_names(folder, &found);
    char **files = mem_alloc(found + 1, sizeof *files);
    *count = 0;
    for (size_t i = 0; i < found; i++) {
        const size_t length = strlen(names[i]);
        if (length > strlen(ending) && strcmp(names[i] + length - strlen(ending), ending) == 0) {
            Buf path = {0};
            buf_printf(&path, "%s/%s", folder, names[i]);
            files[(*count)++] = path.data;
        }
        free(names[i]);
    }
    free(names);
    return files;
}

/* One test a file, named after it; its state is the file's path. */
RIG_UNUSED static int engine_run_each(const char *group, const char *folder,
                                      CMUnitTestFunction function) {
    size_t count = 0;
    char **files = engine_files(folder, ".json", &count);
    struct CMUnitTest *tests = calloc(count + 1, sizeof *tests);
    assert_non_null(tests);
    for (size_t i = 0; i < count; i++) {
        tests[i] =
            (struct CMUnitTest){.name = files[i], .test_func = function, .initial_state = files[i]};
    }
    const int failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++) {
        free(files[i]);
    }
    free(files);
    free(tests);
    return count == 0 ? 1 : failed;
}

#endif
