/* loopscope explore SCENARIO: many runs on the simulated OS, each with another order in which the
 * operations of the system are finished; and what they come to. */
#include "app/options.h"
#include "app/session.h"
#include "base/format.h"
#include "trace/outcomes.h"

#include <inttypes.h>
#include <string.h>

enum { OUTCOMES_SHOWN_MAX = 10, LINES_SHOWN_MAX = 20 };

typedef struct Exploration {
    const Options *options;
    Scenario *scenario;
    Outcomes outcomes;
    uint64_t troubled; /* runs that `run` would end with status 1 */
    int status;        /* of what ended it before its time; EXIT_DONE: nothing did */
} Exploration;

/* One run; false where the exploration ends here. */
static bool explore_seed(Exploration *exploration, uint64_t seed) {
    Diags diags = {0};
    Session *session = session_create(exploration->scenario,
                                      &(SessionConfig){.backend = OS_BACKEND_SIM,
                                                       .seed = seed,
                                                       .limits = exploration->options->limits},
                                      &diags);
    if (session == NULL || !session_start(session, &diags)) {
        command_report(&diags);
        session_destroy(session);
        exploration->status = EXIT_USAGE;
        return false;
    }
    session_end_on_interrupt(session);
    session_allow(session, UINT64_MAX);
    const LoopEnd end = session_join(session);
    session_end_on_interrupt(NULL);
    const bool interrupted = end.reason == STOP_INTERRUPTED || session_was_interrupted();
    exploration->status = interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
    if (end.reason != STOP_INTERRUPTED) {
        outcomes_add(&exploration->outcomes, session_log(session), seed);
        exploration->troubled += end.reason != STOP_DONE || end.errors_lost > 0;
    }
    session_destroy(session);
    return !interrupted;
}

/* ---- the report ---- */

static void print_lines(const char *text) {
    size_t shown = 0, left = 0;
    for (const char *line = text; *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        if (shown < LINES_SHOWN_MAX) {
            printf("    %.*s\n", (int)length, line);
            shown++;
        } else {
            left++;
        }
        line += length + (line[length] == '\n');
    }
    if (left > 0) {
        printf("    ... and %zu more lines\n", left);
    }
}

static void print_outcome(const Outcome *outcome, size_t number, uint64_t runs) {
    printf("\n%zu. %" PRIu64 " of %" PRIu64 " runs; seed %" PRIu64 " shows it\n", number,
           outcome->count, runs, outcome->seed);
    print_lines(outcome->printed);
    printf("  ends: %s\n", outcome->reason != STOP_DONE ? STOP_REASON_WORDS[outcome->reason]
                           : outcome->ended[0] != '\0'  ? "not every task finished"
                                                        : "every task finished");
    print_lines(outcome->ended);
}

static void print_report(const Exploration *exploration) {
    const Outcomes *outcomes = &exploration->outcomes;
    const char *file = exploration->options->arguments[0];
    printf("%s: %" PRIu64 " run%s on the simulated OS (sim), %zu distinct outcome%s\n", file,
           outcomes->runs, outcomes->runs == 1 ? "" : "s", outcomes->count,
           outcomes->count == 1 ? "" : "s");
    for (size_t i = 0; i < outcomes->count && i < OUTCOMES_SHOWN_MAX; i++) {
        print_outcome(&outcomes->items[i], i + 1, outcomes->runs);
    }
    if (outcomes->count > OUTCOMES_SHOWN_MAX) {
        printf("\n... and %zu more; --json says them all\n", outcomes->count - OUTCOMES_SHOWN_MAX);
    }
    if (exploration->troubled > 0) {
        printf("\n%" PRIu64 " run%s with an error that reached nobody, a deadlock or a limit\n",
               exploration->troubled, exploration->troubled == 1 ? "" : "s");
    }
    printf("\nSee one again: loopscope %s --backend sim --seed %" PRIu64 "\n", file,
           outcomes->items[outcomes->count - 1].seed);
}

static void put_lines(const char *text, Buf *out) {
    buf_append_char(out, '[');
    for (const char *line = text; *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        buf_append_text(out, line == text ? "" : ", ");
        buf_append_json(out, line, length);
        line += length + (line[length] == '\n');
    }
    buf_append_char(out, ']');
}

static void print_json(const Exploration *exploration) {
    const Outcomes *outcomes = &exploration->outcomes;
    const char *file = exploration->options->arguments[0];
    Buf out = {0};
    buf_append_text(&out, "{\"file\": ");
    buf_append_json(&out, file, strlen(file));
    buf_printf(&out, ", \"backend\": \"sim\", \"runs\": %" PRIu64 ", \"troubled\": %" PRIu64,
               outcomes->runs, exploration->troubled);
    buf_append_text(&out, ", \"outcomes\": [");
    for (size_t i = 0; i < outcomes->count; i++) {
        const Outcome *outcome = &outcomes->items[i];
        buf_printf(&out, "%s{\"count\": %" PRIu64 ", \"seed\": %" PRIu64 ", \"reason\": \"%s\"",
                   i == 0 ? "" : ", ", outcome->count, outcome->seed,
                   STOP_REASON_WORDS[outcome->reason]);
        buf_append_text(&out, ", \"printed\": ");
        put_lines(outcome->printed, &out);
        buf_append_text(&out, ", \"ended\": ");
        put_lines(outcome->ended, &out);
        buf_append_char(&out, '}');
    }
    buf_append_text(&out, "]}\n");
    fwrite(buf_text(&out), 1, out.size_bytes, stdout);
    buf_finish(&out);
}

int cmd_explore(const Options *options) {
    Diags diags = {0};
    Exploration exploration = {.options = options,
                               .scenario = scenario_load(options->arguments[0], &diags)};
    if (options->runs == 0) {
        diags_add(&diags, "loopscope", "--runs must be at least 1");
    }
    const bool good = exploration.scenario != NULL && options->runs > 0;
    command_report(&diags);
    for (uint64_t i = 0; good && i < options->runs; i++) {
        if (!explore_seed(&exploration, options->seed + i)) {
            break;
        }
    }
    outcomes_sort(&exploration.outcomes);
    if (exploration.outcomes.count > 0) { /* interrupted: what there is until then */
        (options->json ? print_json : print_report)(&exploration);
    }
    const int status = !good                             ? EXIT_USAGE
                       : exploration.status != EXIT_DONE ? exploration.status
                       : exploration.troubled > 0        ? EXIT_TROUBLE
                                                         : EXIT_DONE;
    outcomes_finish(&exploration.outcomes);
    scenario_destroy(exploration.scenario);
    return status;
}
