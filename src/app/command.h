/* Commands: one file each (cmd_NAME.c) and a row in the table of main.c.
 *
 * Exit statuses are those of docs/cli.md. Threads: the main thread. */
#ifndef LOOPSCOPE_APP_COMMAND_H
#define LOOPSCOPE_APP_COMMAND_H

#include "base/diag.h"
#include "trace/log.h"

#include <stdbool.h>
#include <stdio.h>

enum { EXIT_DONE = 0, EXIT_TROUBLE = 1, EXIT_USAGE = 2, EXIT_INTERRUPTED = 130 };

typedef struct Options Options;

typedef struct Command {
    const char *name;      /* "" is the window, opened without a command word */
    const char *arguments; /* "SCENARIO", "FILE..." for the usage line */
    const char *summary;   /* one line for the list of commands */
    const char *details;   /* further lines of its --help, or NULL */
    unsigned options;      /* OPTION_GROUP_... that it takes */
    int least, most;       /* arguments; most -1: any number */
    int (*run)(const Options *options);
} Command;

extern const Command COMMANDS[];
extern const int COMMAND_COUNT;

int cmd_window(const Options *options);
int cmd_run(const Options *options);
int cmd_replay(const Options *options);
int cmd_export(const Options *options);
int cmd_import(const Options *options);
int cmd_stats(const Options *options);
int cmd_compare(const Options *options);
int cmd_explore(const Options *options);
int cmd_check(const Options *options);
int cmd_python(const Options *options);
int cmd_doctor(const Options *options);

/* The program: its words, the program's own name first, in UTF-8. The exit status. */
int command_main(int argc, char **argv);

/* Prints every diagnostic on standard error, the count that was dropped, and frees them. */
void command_report(Diags *diags);

/* Folds a whole trace that was read from `file`: an event that can't be is told. Returns how many
 * events are good: what stands before that one is exported. */
uint64_t command_check_log(const Log *log, const char *file, Diags *diags);

/* The range of --from and --to (both included) in a trace of `count` events. False and a diagnostic
 * on `file` where it has none. */
bool command_range(const Options *options, const char *file, uint64_t count, uint64_t *from,
                   uint64_t *to, Diags *diags);

#endif
