/* loopscope run SCENARIO: the run without a window. Standard output carries what the scenario's
 * `log` steps print and nothing else; the story, the table and all trouble go to standard error. */
#include "app/narrate.h"
#include "app/options.h"
#include "app/printer.h"
#include "app/run_end.h"
#include "base/assert.h"
#include "export/export.h"
#include "export/narration.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FOLLOW_TIMEOUT_NS = 20 * 1000 * 1000, FOLLOW_EVENTS_MAX = 4096, GATHER_NS = 1000 * 1000 };

typedef struct Follower {
    const Options *options;
    Session *session;
    const Log *log;
    TraceWriter *writer;
    Timeline *timeline; /* only to narrate */
    State *state;
    Buf text;
    uint64_t seen;
    Printer *printer;
    bool trace_broken;
} Follower;

static void narrate(Follower *follower, uint64_t n) {
    const bool legal =
        timeline_follow(follower->timeline, n + 1 - timeline_count(follower->timeline));
    ASSERT(legal);
    narration_line(follower->state, n, &follower->text);
}

static void follow(Follower *follower, uint64_t count) {
    for (; follower->seen < count; follower->seen++) {
        const Event *event = log_event(follower->log, follower->seen);
        if (follower->timeline != NULL) {
            if (event->kind == EV_OUTPUT) {
                printer_follow(follower->printer, follower->seen + 1);
            }
            narrate(follower, follower->seen);
            if (follower->text.size_bytes > 65536 || event->kind == EV_OUTPUT) {
                fwrite(follower->text.data, 1, follower->text.size_bytes, stderr);
                buf_clear(&follower->text);
            }
        }
    }
    printer_follow(follower->printer, count);
    fwrite(buf_text(&follower->text), 1, follower->text.size_bytes, stderr);
    buf_clear(&follower->text);
    Diags diags = {0};
    if (follower->writer != NULL && !follower->trace_broken) {
        follower->trace_broken = !trace_writer_follow(follower->writer, &diags);
        command_report(&diags);
    }
}

/* Waits for more, and a moment longer so that more comes: a loop that woke its follower for each
 * event would do little else. */
static void wait_for_more(Follower *follower, uint64_t count) {
    log_wait(session_log(follower->session), count, FOLLOW_TIMEOUT_NS);
    if (!log_finished(follower->log)) {
        nanosleep(&(struct timespec){.tv_nsec = GATHER_NS}, NULL);
    }
}

/* Reads the history as it is written, until the last event. */
static void follow_to_end(Follower *follower) {
    for (;;) {
        const bool finished = log_finished(follower->log);
        const uint64_t count = log_count(follower->log);
        const uint64_t some =
            count - follower->seen > FOLLOW_EVENTS_MAX ? follower->seen + FOLLOW_EVENTS_MAX : count;
        follow(follower, some);
        if (finished && some == count) {
            return;
        }
        if (some == count) {
            wait_for_more(follower, count);
        }
    }
}

static void tell_before(const Options *options, const Session *session) {
    if (options->quiet) {
        return;
    }
    if (session_fallback_reason(session) != NULL) {
        fprintf(stderr, "loopscope: %s; helper threads do the file work\n",
                session_fallback_reason(session));
    }
    if (session_folder(session) == NULL) {
        fprintf(stderr, "loopscope: a simulated OS (seed %llu): no real file is touched\n",
                (unsigned long long)options->seed);
    } else {
        fprintf(stderr, "loopscope: files are written to %s%s\n", session_folder(session),
                session_folder_stays(session) ? "" : " (removed at the end)");
    }
}

static void follower_finish(Follower *follower) {
    state_destroy(follower->state);
    timeline_destroy(follower->timeline);
    buf_finish(&follower->text);
}

/* Opens what the follower needs; the loop still stands before its first event. */
static bool follower_prepare(Follower *follower, Diags *diags) {
    const Options *options = follower->options;
    if (options->trace != NULL) {
        follower->writer = trace_writer_create(follower->log, options->trace, diags);
        if (follower->writer == NULL) {
            return false;
        }
    }
    if (options->narrate && !options->quiet) {
        follower->timeline = timeline_create(follower->log);
        follower->state = state_create(follower->timeline);
    }
    return true;
}

static int run_session(const Options *options, Session *session, Printer *printer) {
    Diags diags = {0};
    Follower follower = {
        .options = options, .session = session, .log = session_log(session), .printer = printer};
    printer_set_log(printer, follower.log);
    session_end_on_interrupt(session);
    if (!session_start(session, &diags) || !follower_prepare(&follower, &diags)) {
        command_report(&diags);
        return EXIT_USAGE;
    }
    tell_before(options, session);
    session_allow(session, UINT64_MAX);
    follow_to_end(&follower);
    const LoopEnd end = session_join(session);
    session_end_on_interrupt(NULL);
    if (follower.writer != NULL && !trace_writer_close(follower.writer, &diags)) {
        follower.trace_broken = true;
    }
    command_report(&diags);
    if (options->summary) {
        narrate_summary(follower.log, &follower.text);
        fputs(buf_text(&follower.text), stderr);
    }
    const int status =
        run_end_tell(session, &end, printer_is_broken(follower.printer) || follower.trace_broken);
    follower_finish(&follower);
    return status;
}

int cmd_run(const Options *options) {
    Diags diags = {0};
    Scenario *scenario = scenario_load(options->arguments[0], &diags);
    command_report(&diags);
    if (scenario == NULL) {
        return EXIT_USAGE;
    }
    Printer printer;
    printer_init(&printer);
    Session *session = session_create(scenario,
                                      &(SessionConfig){.backend = options->backend,
                                                       .seed = options->seed,
                                                       .workdir = options->workdir,
                                                       .keep = options->keep,
                                                       .limits = options->limits,
                                                       .print = printer_print,
                                                       .print_user = &printer},
                                      &diags);
    command_report(&diags);
    const int status = session == NULL ? EXIT_USAGE : run_session(options, session, &printer);
    session_destroy(session);
    printer_finish(&printer);
    scenario_destroy(scenario);
    return status;
}
