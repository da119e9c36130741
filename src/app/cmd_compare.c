/* loopscope compare A B: two runs, in the window or as a table. */
#include "app/compare_spec.h"
#include "app/compare_table.h"
#include "app/gui.h"
#include "app/resources.h"
#include "app/run_end.h"
#include "export/export.h"

/* One of the two, run to its end or read from its file. */
typedef struct Side {
    Scenario *scenario; /* NULL for a trace */
    Session *session;
    Log *loaded; /* NULL for a scenario */
    const Log *log;
    int status;
} Side;

static bool side_read(Side *side, const char *file) {
    Diags diags = {0};
    side->loaded = trace_read(file, &diags);
    side->log = side->loaded;
    if (side->loaded != NULL) {
        command_check_log(side->loaded, file, &diags);
    }
    side->status = diags.count == 0 ? EXIT_DONE : EXIT_TROUBLE; /* what is good is compared */
    command_report(&diags);
    return side->loaded != NULL;
}

static void side_tell(const Side *side, const char *file, bool quiet) {
    if (quiet) {
        return;
    }
    const char *reason = session_fallback_reason(side->session);
    if (reason != NULL) {
        fprintf(stderr, "loopscope: %s; helper threads do the file work\n", reason);
    }
    if (session_folder(side->session) != NULL && session_folder_stays(side->session)) {
        fprintf(stderr, "loopscope: files of %s are written to %s\n", file,
                session_folder(side->session));
    }
}

static bool side_run(Side *side, const char *file, const Options *options) {
    Diags diags = {0};
    side->scenario = scenario_load(file, &diags);
    if (side->scenario != NULL) {
        side->session = session_create(side->scenario,
                                       &(SessionConfig){.backend = options->backend,
                                                        .seed = options->seed,
                                                        .workdir = options->workdir,
                                                        .keep = options->keep,
                                                        .limits = options->limits},
                                       &diags);
    }
    if (side->session != NULL) {
        session_end_on_interrupt(side->session);
    }
    const bool started = side->session != NULL && session_start(side->session, &diags);
    command_report(&diags);
    if (!started) {
        return false;
    }
    if (session_was_interrupted()) { /* while it was being made */
        session_interrupt(side->session);
    }
    side_tell(side, file, options->quiet);
    session_allow(side->session, UINT64_MAX);
    const LoopEnd end = session_join(side->session);
    session_end_on_interrupt(NULL);
    side->log = session_log(side->session);
    side->status = run_end_tell(side->session, &end, false);
    if (session_was_interrupted()) { /* at whatever moment: the other run is not wanted any more */
        side->status = EXIT_INTERRUPTED;
    }
    return side->status != EXIT_INTERRUPTED;
}

static bool side_make(Side *side, const CompareSpec *spec, const Options *both, size_t run) {
    char folder[COMPARE_FOLDER_MAX];
    Options options;
    const char *file = spec->file[run];
    side->status = EXIT_USAGE;
    if (resources_is_trace(file)) {
        return side_read(side, file);
    }
    if (!compare_spec_options(spec, both, run, folder, &options)) {
        fprintf(stderr, "loopscope: %s: the folder's name is too long\n", both->workdir);
        return false;
    }
    return side_run(side, file, &options);
}

static void side_finish(Side *side) {
    session_destroy(side->session);
    scenario_destroy(side->scenario);
    log_destroy(side->loaded);
}

static void print_comparison(const Options *options, const CompareSpec *spec, const Side sides[]) {
    char names[COMPARE_RUNS][128];
    CompareTable table = {0};
    uint64_t counts[COMPARE_RUNS];
    compare_spec_names(spec, names);
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        table.logs[run] = sides[run].log;
        table.timelines[run] = timeline_create(sides[run].log);
        timeline_follow(table.timelines[run], UINT64_MAX); /* as far as it is good */
        counts[run] = timeline_count(table.timelines[run]);
        table.names[run] = names[run];
        table.files[run] = spec->file[run];
        table.recorded[run] = sides[run].loaded != NULL;
    }
    Comparison comparison;
    Buf out = {0};
    comparison_make(&comparison, table.logs, counts);
    table.comparison = &comparison;
    (options->json ? compare_table_json : compare_table_text)(&table, &out);
    fwrite(buf_text(&out), 1, out.size_bytes, stdout);
    buf_finish(&out);
    comparison_finish(&comparison);
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        timeline_destroy(table.timelines[run]);
    }
}

static int compare_printed(const Options *options, const CompareSpec *spec) {
    Side sides[COMPARE_RUNS] = {0};
    bool good = true;
    int status = EXIT_DONE;
    for (size_t run = 0; good && run < COMPARE_RUNS; run++) {
        good = side_make(&sides[run], spec, options, run);
        status = sides[run].status > status ? sides[run].status : status;
    }
    if (good) {
        print_comparison(options, spec, sides);
    }
    side_finish(&sides[0]);
    side_finish(&sides[1]);
    return status;
}

int cmd_compare(const Options *options) {
    const CompareSpec spec =
        compare_spec_make(options, options->arguments[0], options->arguments[1]);
    return options->no_window || options->json ? compare_printed(options, &spec)
                                               : gui_compare(options, &spec);
}
