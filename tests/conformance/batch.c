/* Runs many scenarios in one process, for tests/conformance/run.py.
 *
 * Each line of standard input is a scenario's file, a folder, and which back ends ("real", for all
 * of this system, "sims", or the name of one), with tabs between. In the folder it leaves twin.py,
 * and for each back end NAME: NAME.out (what the tasks printed), NAME.ends (how each task ended),
 * NAME.status (what `loopscope run` would end with, or "deadlock"), NAME.held (for how many
 * milliseconds at a time the machine kept the run from going on) and NAME/ (the workspace). A back
 * end that the machine does not have leaves nothing. The simulation runs with several seeds: sim-1,
 * sim-2 ... A trace that breaks the rules of docs/trace.md ends the process. */
#include "base/files.h"
#include "base/mem.h"
#include "loop/loop.h"
#include "scenario/scenario.h"
#include "trace/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 6 };

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

/* How each task ended, in the order in which they were made; an error without its type. */
static void append_ends(const Log *log, Buf *out) {
    static const char *const WORDS[EV_KIND_COUNT] = {[EV_TASK_FINISHED] = "finished",
                                                     [EV_TASK_CANCELLED] = "cancelled",
                                                     [EV_TASK_FAILED] = "failed "};
    uint32_t tasks = 0;
    for (uint64_t n = 0; n < log_count(log); n++) {
        tasks += log_event(log, n)->kind == EV_TASK_CREATED ? 1 : 0;
    }
    const Event **ends = mem_alloc((size_t)tasks + 1, sizeof *ends);
    for (uint64_t n = 0; n < log_count(log); n++) {
        const Event *event = log_event(log, n);
        if (WORDS[event->kind] != NULL) {
            ends[event->task] = event;
        }
    }
    for (uint32_t task = 0; task < tasks; task++) {
        buf_append_text(out, ends[task] == NULL ? "pending" : WORDS[ends[task]->kind]);
        if (ends[task] != NULL && ends[task]->kind == EV_TASK_FAILED) {
            const char *error = strstr(log_text(log, ends[task]->text, NULL), ": ");
            for (error = error == NULL ? "" : error + 2; *error != '\0'; error++) {
                buf_append_text(out, *error == '\n' ? "\\n" : (char[]){*error, '\0'});
            }
        }
        buf_append_char(out, '\n');
    }
    free((void *)ends);
}

/* The longest time that passed outside of a poll, or in a poll beyond its timeout. */
static void append_held(const Log *log, Buf *out) {
    int64_t held_ns = 0;
    for (uint64_t n = 1; n < log_count(log); n++) {
        const Event *before = log_event(log, n - 1), *event = log_event(log, n);
        const int64_t took_ns = (int64_t)(event->t_ns - before->t_ns);
        const int64_t meant_ns = before->kind != EV_POLL ? 0 : before->x < 0 ? took_ns : before->x;
        held_ns = took_ns - meant_ns > held_ns ? took_ns - meant_ns : held_ns;
    }
    buf_printf(out, "%lld", (long long)(held_ns / 1000000));
}

static void fail_with(const Diags *diags, const char *path) {
    Buf text = {0};
    for (size_t i = 0; i < diags->count; i++) {
        diag_format(&diags->items[i], &text);
    }
    fail(buf_text(&text), path);
}

static void run_on(const Scenario *scenario, OsBackend backend, uint64_t seed, const char *name,
                   const char *folder) {
    Buf workspace = {0}, output = {0}, ends = {0}, status = {0}, held = {0};
    Diags diags = {0};
    buf_printf(&workspace, "%s/%s", folder, name);
    if (!file_make_folder(workspace.data)) {
        fail("can't make", workspace.data);
    }
    Os *os = os_create(&(OsConfig){.backend = backend, .workspace = workspace.data, .seed = seed},
                       &diags);
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
        if (!trace_check(log, &diags)) {
            fail_with(&diags, workspace.data);
        }
        append_output(log, &output);
        append_ends(log, &ends);
        const bool is_good = end.reason == STOP_DONE && end.errors_lost == 0;
        buf_append_text(&status, end.reason == STOP_DEADLOCK ? "deadlock" : is_good ? "0" : "1");
        append_held(log, &held);
        write_file(folder, name, ".held", &held);
        write_file(folder, name, ".ends", &ends);
        write_file(folder, name, ".out", &output);
        write_file(folder, name, ".status", &status);
        loop_destroy(loop);
        os_destroy(os);
        log_destroy(log);
    }
    buf_finish(&workspace);
    buf_finish(&output);
    buf_finish(&ends);
    buf_finish(&status);
    buf_finish(&held);
    diags_finish(&diags);
}

static void run_sims(const Scenario *scenario, const char *folder) {
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        char name[16];
        snprintf(name, sizeof name, "sim-%u", (unsigned)seed);
        run_on(scenario, OS_BACKEND_SIM, seed, name, folder);
    }
}

static void run_all(const char *file, const char *folder, const char *wanted) {
    Diags diags = {0};
    Scenario *scenario = scenario_load(file, &diags);
    if (scenario == NULL) {
        fail_with(&diags, file);
    }
    write_twin(scenario, folder);
    for (OsBackend backend = OS_BACKEND_AUTO + 1; backend < OS_BACKEND_COUNT; backend++) {
        if (os_backend_about(backend) != NULL && backend != OS_BACKEND_SIM &&
            (strstr(wanted, "real") != NULL || strcmp(wanted, os_backend_name(backend)) == 0)) {
            run_on(scenario, backend, 0, os_backend_name(backend), folder);
        }
    }
    if (strstr(wanted, "sims") != NULL) {
        run_sims(scenario, folder);
    }
    scenario_destroy(scenario);
}

int main(void) {
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        const char *file = strtok(line, "\t"), *folder = strtok(NULL, "\t");
        const char *wanted = strtok(NULL, "\t");
        if (folder == NULL || wanted == NULL) {
            fail("no folder, or no back end", line);
        }
        run_all(file, folder, wanted);
    }
    return 0;
}
