/* Runs many scenarios in one process, for tests/conformance/run.py.
 *
 * Each line of standard input is a scenario's file and a folder, with a tab between. In the folder
 * it leaves twin.py, and for each back end NAME: NAME.out (what the tasks printed), NAME.status
 * (what `loopscope run` would end with) and NAME/ (the workspace). Names of back ends may be given
 * as arguments; a back end that the machine does not have leaves nothing. */
#include "base/files.h"
#include "loop/loop.h"
#include "scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 1 };

static void fail(const char *what, const char *path) {
    fprintf(stderr, "%s: %s\n", what, path);
    exit(2);
}

static void write_file(const char *folder, const char *name, const char *ending, const Buf *text) {
    Buf path = {0};
    buf_printf(&path, "%s/%s%s", folder, name, ending);
    FILE *file = fopen(path.data, "wb");
    if (file == NULL || fwrite(buf_text(text), 1, text->size_bytes, file) != text->size_bytes ||
        fclose(file) != 0) {
        fail("can't write", path.data);
    }
    buf_finish(&path);
}

static void write_twin(const Scenario *scenario, const char *folder) {
    Listing listing;
    Buf text = {0};
    scenario_list_python(scenario, &listing);
    for (uint32_t i = 0; i < listing.count; i++) {
        buf_printf(&text, "%*s%s\n", (int)(4 * listing.lines[i].indent), "", listing.lines[i].text);
    }
    write_file(folder, "twin", ".py", &text);
    buf_finish(&text);
    listing_finish(&listing);
}

/* What `run` prints. */
static void append_output(const Log *log, Buf *out) {
    for (uint64_t n = 0; n < log_count(log); n++) {
        const Event *event = log_event(log, n);
        if (event->kind == EV_OUTPUT) {
            size_t length = 0;
            const char *text = log_text(log, event->text, &length);
            buf_append(out, text, length);
            buf_append_char(out, '\n');
        }
    }
}

static void run_on(const Scenario *scenario, OsBackend backend, const char *name,
                   const char *folder) {
    Buf workspace = {0}, output = {0}, status = {0};
    Diags diags = {0};
    buf_printf(&workspace, "%s/%s", folder, name);
    if (!file_make_folder(workspace.data)) {
        fail("can't make", workspace.data);
    }
    Os *os = os_create(&(OsConfig){.backend = backend, .workspace = workspace.data, .seed = SEED},
                       &diags);
    diags_finish(&diags);
    if (os != NULL) {
        Log *log = log_create();
        log_set_header(log, &(TraceHeader){.title = scenario->title,
                                           .scenario = scenario->file,
                                           .backend = os_backend_name(os_backend(os)),
                                           .notifier = os_notifier_name(os),
                                           .pid = 1,
                                           .tid = 1,
                                           .started = "2000-01-01T00:00:00Z",
                                           .source = ""});
        Loop *loop = loop_create(&(LoopConfig){
            .program = scenario->program, .os = os, .log = log, .limits = loop_limits_default()});
        const LoopEnd end = loop_run(loop);
        append_output(log, &output);
        buf_printf(&status, "%d", end.reason == STOP_DONE && end.errors_lost == 0 ? 0 : 1);
        write_file(folder, name, ".out", &output);
        write_file(folder, name, ".status", &status);
        loop_destroy(loop);
        os_destroy(os);
        log_destroy(log);
    }
    buf_finish(&workspace);
    buf_finish(&output);
    buf_finish(&status);
}

static bool is_wanted(const char *name, int argc, char **argv) {
    bool wanted = argc < 2;
    for (int i = 1; i < argc; i++) {
        wanted = wanted || strcmp(argv[i], name) == 0;
    }
    return wanted;
}

static void run_all(const char *file, const char *folder, int argc, char **argv) {
    Diags diags = {0};
    Scenario *scenario = scenario_load(file, &diags);
    if (scenario == NULL) {
        Buf text = {0};
        for (size_t i = 0; i < diags.count; i++) {
            diag_format(&diags.items[i], &text);
        }
        fail(buf_text(&text), file);
    }
    write_twin(scenario, folder);
    for (OsBackend backend = OS_BACKEND_AUTO; backend < OS_BACKEND_COUNT; backend++) {
        const char *name = os_backend_name(backend);
        if (os_backend_about(backend) != NULL && is_wanted(name, argc, argv)) {
            run_on(scenario, backend, name, folder);
        }
    }
    scenario_destroy(scenario);
}

int main(int argc, char **argv) {
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *tab = strchr(line, '\t');
        if (tab == NULL) {
            fail("no folder", line);
        }
        *tab = '\0';
        run_all(line, tab + 1, argc, argv);
    }
    return 0;
}
