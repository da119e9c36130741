/* The command line's options: one table that parses them, checks them and prints the help.
 *
 * Threads: the main thread. */
#ifndef LOOPSCOPE_APP_OPTIONS_H
#define LOOPSCOPE_APP_OPTIONS_H

#include "app/command.h"
#include "loop/loop.h"
#include "os/os.h"
#include "view/theme.h"

enum {                          /* groups of options; a command takes several */
       OPTION_GROUP_RUN = 1,    /* how a scenario runs */
       OPTION_GROUP_TELL = 2,   /* what `run` says */
       OPTION_GROUP_WINDOW = 4, /* how the window looks */
       OPTION_GROUP_EXPORT = 8,
       OPTION_GROUP_STATS = 16,
       OPTION_GROUP_TRACE = 32, /* a run whose trace is written */
       OPTION_GROUP_COMPARE = 64,
       OPTION_GROUP_EXPLORE = 128,
};

struct Options {
    const Command *command;
    const char *const *arguments;
    int argument_count;
    /* run */
    OsBackend backend;
    uint64_t seed;
    const char *trace;
    const char *workdir;
    bool keep;
    LoopLimits limits;
    bool quiet, narrate, summary;
    /* compare: of the second run, where it is not that of both */
    OsBackend backend_b;
    bool has_backend_b;
    uint64_t seed_b;
    bool has_seed_b;
    bool no_window;
    uint64_t runs; /* of explore */
    /* window and pictures */
    ThemeName theme;
    bool has_theme;
    double font_scale;   /* 0: not given */
    double pace;         /* events a second; 0: not given */
    const char *results; /* of predicting */
    bool fullscreen, reduced_motion, report_frames;
    const char *report_scene;
    /* export */
    const char *output;
    const char *format; /* an ending without its dot; NULL: the output's own */
    uint64_t at;
    bool has_at;
    uint64_t from, to; /* events, both included */
    const char *steps; /* "notes", "iterations", "all" or numbers; NULL: not given */
    uint64_t width_px, height_px;
    /* stats, compare and explore */
    bool json;
    /* general */
    bool help;
};

/* Fills `options` for a command from argv (behind the command word). False and a diagnostic where
 * something is wrong; either way options_finish frees. Pointers stay into argv. */
bool options_parse(Options *options, const Command *command, int argc, char *const *argv,
                   Diags *diags);

void options_finish(Options *options);

/* The usage of a command with its options, on `out`. */
void options_help(const Command *command, FILE *out);

/* "8MiB" or bytes; "2s" or seconds; false where it is neither. Also used by tests. */
bool options_parse_size(const char *text, uint64_t *out);
bool options_parse_duration(const char *text, uint64_t *out_ns);

#endif
