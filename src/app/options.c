#include "app/options.h"

#include "base/assert.h"
#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef enum OptionKind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_COUNT,
    OPTION_SIZE,
    OPTION_DURATION,
    OPTION_NUMBER,
    OPTION_BACKEND,
    OPTION_BACKEND_B,
    OPTION_SEED_B,
    OPTION_THEME,
    OPTION_AREA,
    OPTION_AT,
    OPTION_STEPS,
} OptionKind;

typedef struct OptionRow {
    const char *name;  /* with its dashes */
    const char *value; /* in the help; NULL for a flag */
    OptionKind kind;
    unsigned groups;
    size_t offset; /* into Options */
    const char *help;
} OptionRow;

#define AT(field) offsetof(Options, field)

enum {
    RUNS = OPTION_GROUP_RUN,
    TELLS = OPTION_GROUP_TELL,
    SHOWS = OPTION_GROUP_WINDOW,
    EXPORTS = OPTION_GROUP_EXPORT,
    COMPARES = OPTION_GROUP_COMPARE,
    EXPLORES = OPTION_GROUP_EXPLORE
};

static const OptionRow ROWS[] = {
    {"--backend", "NAME", OPTION_BACKEND, RUNS, AT(backend),
     "auto, io_uring, threads, kqueue, iocp or sim (auto)"},
    {"--seed", "N", OPTION_COUNT, RUNS | EXPLORES, AT(seed),
     "of the simulated OS: the same number, the same run; explore begins with it (1)"},
    {"--runs", "N", OPTION_COUNT, EXPLORES, AT(runs), "how many, each with another seed (200)"},
    {"--backend-b", "NAME", OPTION_BACKEND_B, COMPARES, AT(backend_b),
     "of the second run (that of the first)"},
    {"--seed-b", "N", OPTION_SEED_B, COMPARES, AT(seed_b), "of the second run (that of the first)"},
    {"--no-window", NULL, OPTION_FLAG, COMPARES, AT(no_window), "a table on standard output"},
    {"--trace", "FILE", OPTION_TEXT, OPTION_GROUP_TRACE, AT(trace),
     "write the trace as the run goes on"},
    {"--workdir", "DIR", OPTION_TEXT, RUNS, AT(workdir),
     "write files here and keep them; without it a fresh folder, removed at the end"},
    {"--keep", NULL, OPTION_FLAG, RUNS, AT(keep), "do not remove the fresh folder"},
    {"--max-bytes", "SIZE", OPTION_SIZE, RUNS | EXPLORES, AT(limits.bytes), "written (1GiB)"},
    {"--max-time", "TIME", OPTION_DURATION, RUNS | EXPLORES, AT(limits.time_ns),
     "of the run (60s)"},
    {"--max-memory", "SIZE", OPTION_SIZE, RUNS | EXPLORES, AT(limits.memory_bytes),
     "for tasks and texts (1GiB)"},
    {"--max-tasks", "N", OPTION_COUNT, RUNS | EXPLORES, AT(limits.tasks), "made (1000000)"},
    {"--max-files", "N", OPTION_COUNT, RUNS | EXPLORES, AT(limits.files), "open at once (1024)"},
    {"--max-events", "N", OPTION_COUNT, RUNS | EXPLORES, AT(limits.events), "recorded (20000000)"},
    {"--narrate", NULL, OPTION_FLAG, TELLS, AT(narrate), "tell every event on standard error"},
    {"--summary", NULL, OPTION_FLAG, TELLS, AT(summary), "a table at the end, on standard error"},
    {"--quiet", NULL, OPTION_FLAG, TELLS | EXPORTS | COMPARES, AT(quiet),
     "no progress and no narration; errors show"},
    {"--theme", "NAME", OPTION_THEME, SHOWS | EXPORTS, AT(theme), "dark, light or contrast (dark)"},
    {"--font-scale", "X", OPTION_NUMBER, SHOWS | EXPORTS, AT(font_scale), "text size, 1 to 1.35"},
    {"--pace", "X", OPTION_NUMBER, SHOWS | EXPORTS, AT(pace), "events a second when playing (2)"},
    {"--results", "FILE", OPTION_TEXT, SHOWS, AT(results),
     "write here how questions were answered (P)"},
    {"--fullscreen", NULL, OPTION_FLAG, SHOWS, AT(fullscreen), "fill the screen"},
    {"--reduced-motion", NULL, OPTION_FLAG, SHOWS | EXPORTS, AT(reduced_motion), "nothing travels"},
    {"--report-frames", NULL, OPTION_FLAG, SHOWS, AT(report_frames),
     "at the end, say how long frames and keys took"},
    {"--report-scene", "FILE", OPTION_TEXT, SHOWS, AT(report_scene),
     "write here what the window shows, as text, and what can be clicked"},
    {"--output", "FILE", OPTION_TEXT, EXPORTS, AT(output), "where to; the ending says the format"},
    {"--format", "NAME", OPTION_TEXT, EXPORTS, AT(format),
     "jsonl, json, ...: whatever FILE's ending; with -o - (jsonl)"},
    {"--at", "N", OPTION_AT, EXPORTS, AT(at), "the event of a picture (the busiest moment)"},
    {"--from", "N", OPTION_COUNT, EXPORTS, AT(from),
     "the first event (0); a trace always begins there"},
    {"--to", "N", OPTION_COUNT, EXPORTS, AT(to), "the last event (the last)"},
    {"--steps", "WHICH", OPTION_STEPS, EXPORTS, AT(steps),
     "events of slides (all) or of a lesson (notes): notes, iterations, all or 3,7,12"},
    {"--size", "WxH", OPTION_AREA, EXPORTS, AT(width_px), "of pictures (1280x720)"},
    {"--json", NULL, OPTION_FLAG, OPTION_GROUP_STATS | COMPARES | EXPLORES, AT(json),
     "as JSON, all times in ns"},
    {"--help", NULL, OPTION_FLAG, ~0u, AT(help), "this text"},
};

enum { ROW_COUNT = sizeof ROWS / sizeof ROWS[0] };

static bool parse_u64(const char *text, uint64_t *out) {
    if (!isdigit((unsigned char)text[0])) {
        return false;
    }
    char *end = NULL;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    *out = value;
    return errno == 0 && *end == '\0';
}

bool options_parse_size(const char *text, uint64_t *out) {
    static const struct {
        const char *unit;
        unsigned shift;
    } UNITS[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"", 0}};
    const size_t length = strlen(text);
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        const size_t unit = strlen(UNITS[i].unit);
        if (length <= unit || length - unit > 20 ||
            strcmp(text + length - unit, UNITS[i].unit) != 0) {
            continue;
        }
        char digits[24] = {0};
        memcpy(digits, text, length - unit);
        uint64_t count = 0;
        if (!parse_u64(digits, &count) || count > (UINT64_MAX >> 1) >> UNITS[i].shift) {
            return false;
        }
        *out = count << UNITS[i].shift;
        return true;
    }
    return false;
}

bool options_parse_duration(const char *text, uint64_t *out_ns) {
    if (!isdigit((unsigned char)text[0]) && text[0] != '.') {
        return false;
    }
    char *end = NULL;
    const double value = strtod(text, &end);
    double scale = 0;
    if (*end == '\0' || strcmp(end, "s") == 0) {
        scale = 1e9;
    } else if (strcmp(end, "ms") == 0) {
        scale = 1e6;
    } else if (strcmp(end, "us") == 0) {
        scale = 1e3;
    }
    if (scale <= 0 || !isfinite(value) || value < 0 || value * scale > 1e18) {
        return false;
    }
    *out_ns = (uint64_t)(value * scale + 0.5);
    return true;
}

static bool parse_number(const char *text, double *out) {
    char *end = NULL;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out) && *out > 0;
}

/* "1280x720" into two neighbours. */
static bool parse_area(const char *text, uint64_t *width) {
    const char *cross = strchr(text, 'x');
    char digits[24] = {0};
    if (cross == NULL || cross - text >= (ptrdiff_t)sizeof digits) {
        return false;
    }
    memcpy(digits, text, (size_t)(cross - text));
    uint64_t *height = width + 1;
    return parse_u64(digits, width) && parse_u64(cross + 1, height) && *width >= 640 &&
           *width <= 7680 && *height >= 400 && *height <= 4320;
}

/* A word, or numbers with commas between. */
static bool parse_steps(const char *text) {
    static const char *const WORDS[] = {"notes", "iterations", "all"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        if (strcmp(text, WORDS[i]) == 0) {
            return true;
        }
    }
    for (;; text++) {
        if (!isdigit((unsigned char)*text)) {
            return false;
        }
        text += strspn(text, "0123456789");
        if (*text != ',') {
            return *text == '\0';
        }
    }
}

static bool option_set(Options *options, const OptionRow *row, const char *value) {
    void *field = (char *)options + row->offset;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return true;
    case OPTION_TEXT:
        *(const char **)field = value;
        return value[0] != '\0';
    case OPTION_AT:
        options->has_at = true;
        return parse_u64(value, field);
    case OPTION_COUNT:
        return parse_u64(value, field);
    case OPTION_SIZE:
        return options_parse_size(value, field);
    case OPTION_DURATION:
        return options_parse_duration(value, field);
    case OPTION_NUMBER:
        return parse_number(value, field);
    case OPTION_BACKEND:
        return os_backend_parse(value, field);
    case OPTION_BACKEND_B:
        options->has_backend_b = true;
        return os_backend_parse(value, field);
    case OPTION_SEED_B:
        options->has_seed_b = true;
        return parse_u64(value, field);
    case OPTION_THEME:
        options->has_theme = true;
        return theme_parse(value, field);
    case OPTION_STEPS:
        *(const char **)field = value;
        return parse_steps(value);
    case OPTION_AREA:
        return parse_area(value, field);
    }
    ASSERT(false); /* every kind of option is handled */
}

static const OptionRow *option_find(const Command *command, const char *name, size_t length) {
    static const struct {
        const char *brief, *name;
    } BRIEF[] = {{"-o", "--output"}, {"-h", "--help"}, {"-q", "--quiet"}};
    for (size_t i = 0; i < sizeof BRIEF / sizeof BRIEF[0]; i++) {
        if (length == 2 && strncmp(name, BRIEF[i].brief, 2) == 0) {
            name = BRIEF[i].name;
            length = strlen(name);
        }
    }
    const unsigned groups = command->options;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const bool taken = (ROWS[i].groups & groups) != 0 || ROWS[i].groups == ~0u;
        if (taken && strlen(ROWS[i].name) == length && strncmp(ROWS[i].name, name, length) == 0) {
            return &ROWS[i];
        }
    }
    return NULL;
}

static bool option_unknown(const Command *command, const char *name, Diags *diags) {
    const char *known[ROW_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if ((ROWS[i].groups & command->options) != 0) {
            known[count++] = ROWS[i].name;
        }
    }
    const char *near = diag_nearest(name, known, count);
    if (near != NULL) {
        diags_add(diags, "loopscope", "unknown option \"%s\": did you mean \"%s\"?", name, near);
    } else {
        diags_add(diags, "loopscope", "unknown option \"%s\"; see loopscope %s --help", name,
                  command->name);
    }
    return false;
}

/* One option at argv[*i], with its value behind "=" or in the next word. */
static bool option_take(Options *options, int argc, char *const *argv, int *i, Diags *diags) {
    const char *word = argv[*i];
    const size_t length = strcspn(word, "=");
    const OptionRow *row = option_find(options->command, word, length);
    if (row == NULL) {
        return option_unknown(options->command, word, diags);
    }
    const char *value = word[length] == '=' ? word + length + 1 : NULL;
    if (row->value == NULL && value != NULL) {
        diags_add(diags, "loopscope", "option %s takes no value", row->name);
        return false;
    }
    if (row->value != NULL && value == NULL) {
        if (*i + 1 >= argc) {
            diags_add(diags, "loopscope", "option %s needs a value: %s", row->name, row->help);
            return false;
        }
        value = argv[++*i];
    }
    if (!option_set(options, row, value)) {
        diags_add(diags, "loopscope", "\"%s\" is no value for %s: %s", value, row->name, row->help);
        return false;
    }
    return true;
}

static bool check_argument_count(const Options *options, Diags *diags) {
    const Command *command = options->command;
    if (options->help || (options->argument_count >= command->least &&
                          (command->most < 0 || options->argument_count <= command->most))) {
        return true;
    }
    const char *problem = options->argument_count < command->least ? "needs" : "takes only";
    diags_add(diags, "loopscope", "%s %s %s; see loopscope %s --help",
              command->name[0] == '\0' ? "the window" : command->name, problem, command->arguments,
              command->name);
    return false;
}

bool options_parse(Options *options, const Command *command, int argc, char *const *argv,
                   Diags *diags) {
    *options = (Options){.command = command,
                         .backend = OS_BACKEND_AUTO,
                         .seed = 1,
                         .runs = 200,
                         .limits = loop_limits_default(),
                         .to = UINT64_MAX,
                         .width_px = 1280,
                         .height_px = 720};
    const char **words = mem_alloc((size_t)argc, sizeof *words);
    options->arguments = words;
    bool good = true;
    bool only_arguments = false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (!only_arguments && strcmp(word, "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && word[0] == '-' && word[1] != '\0') {
            good = option_take(options, argc, argv, &i, diags) && good;
        } else {
            words[options->argument_count++] = word;
        }
    }
    return good && check_argument_count(options, diags);
}

void options_finish(Options *options) {
    free((void *)options->arguments);
    *options = (Options){0};
}

void options_help(const Command *command, FILE *out) {
    fprintf(out, "usage: loopscope%s%s%s%s%s\n\n%s\n", command->name[0] == '\0' ? "" : " ",
            command->name, command->options != 0 ? " [OPTION]..." : "",
            command->arguments[0] == '\0' ? "" : " ", command->arguments, command->summary);
    if (command->details != NULL) {
        fprintf(out, "\n%s\n", command->details);
    }
    fprintf(out, "\noptions:\n");
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if ((ROWS[i].groups & command->options) == 0 && ROWS[i].groups != ~0u) {
            continue;
        }
        char left[40];
        const bool brief = strcmp(ROWS[i].name, "--output") == 0;
        snprintf(left, sizeof left, "%s%s%s%s", brief ? "-o, " : "", ROWS[i].name,
                 ROWS[i].value == NULL ? "" : " ", ROWS[i].value == NULL ? "" : ROWS[i].value);
        fprintf(out, "  %-20s %s\n", left, ROWS[i].help);
    }
}
