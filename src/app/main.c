/* loopscope: the table of commands, and the way to them. */
#include "app/options.h"
#include "app/process.h"
#include "base/files.h"

#include <string.h>

#define LOOPSCOPE_VERSION "0.1.0"

enum {
    RUN = OPTION_GROUP_RUN,
    TELL = OPTION_GROUP_TELL,
    WINDOW = OPTION_GROUP_WINDOW,
    EXPORT = OPTION_GROUP_EXPORT,
    STATS = OPTION_GROUP_STATS,
    TRACE = OPTION_GROUP_TRACE,
    COMPARE = OPTION_GROUP_COMPARE,
    EXPLORE = OPTION_GROUP_EXPLORE
};

const Command COMMANDS[] = {
    {"", "[FILE]", "Opens the window: on a scenario or a trace, or on the welcome screen.", NULL,
     RUN | TRACE | WINDOW, 0, 1, cmd_window},
    {"run", "SCENARIO", "Runs a scenario without a window.",
     "Standard output carries exactly what the scenario's log steps print.\n"
     "Exit status: 0 every task ended and no error was lost; 1 a task's error reached nobody, or\n"
     "a deadlock or a limit ended the run; 2 bad usage or an invalid file; 130 interrupted.",
     RUN | TRACE | TELL, 1, 1, cmd_run},
    {"replay", "TRACE", "Opens a saved trace in the window.", NULL, WINDOW, 1, 1, cmd_replay},
    {"export", "TRACE -o FILE", "Writes a trace in another form, by the ending of FILE.",
     "Endings: .jsonl (the trace itself, checked), .json (Chrome's trace format: Perfetto, "
     "speedscope,\n"
     "Firefox Profiler open it), .pftrace (Perfetto's own form), .csv (an event a row), .txt (an\n"
     "event a sentence), .png (the picture after event --at N), .gif and .mp4 (a film, by "
     "ffmpeg),\n"
     ".md (a lesson sheet, a picture a note), .html (a page that plays it in any browser). A FILE\n"
     "that ends with / is a folder: a picture of every step.\n"
     "-o - is standard output, for text: .jsonl, .json, .csv, .txt.",
     EXPORT, 1, 1, cmd_export},
    {"import", "FILE", "Checks a trace that comes from elsewhere, and says how to open it.",
     "Loopscope's own traces (.jsonl), and Chrome traces (.json) that Loopscope exported.", 0, 1, 1,
     cmd_import},
    {"stats", "TRACE", "Says what a run came to: each task, the loop, each kind of operation.",
     "Times run, ready and waiting, the longest hold of the thread; how long operations took.",
     STATS, 1, 1, cmd_stats},
    {"compare", "A B", "Runs two scenarios one after the other and shows them on one time axis.",
     "A and B are scenarios or saved traces. --no-window prints a table: the total time; of each "
     "task\n"
     "the times it ran, was ready and waited; the loop's iterations; the ratio of the second run "
     "to "
     "the\n"
     "first; and the first event in which their orders part. --json says it as JSON, without a "
     "window.\n"
     "What the runs print is not shown. Exit status: as of run, of the run that went worse.",
     RUN | WINDOW | COMPARE, 2, 2, cmd_compare},
    {"explore", "SCENARIO", "Says what a scenario can come to, whatever the system finishes first.",
     "It runs many times on the simulated OS (sim), each time with another seed: what is finished\n"
     "first changes, and with it perhaps what is printed and how tasks end. Each distinct outcome "
     "is\n"
     "told with how often it came and a seed that shows it again. Exit status: 1 where a run "
     "ended\n"
     "with an error that reached nobody, a deadlock or a limit.",
     EXPLORE, 1, 1, cmd_explore},
    {"check", "FILE...", "Says every mistake in scenario files, at its place.", NULL, 0, 1, -1,
     cmd_check},
    {"python", "SCENARIO", "Prints the asyncio program that means the same as a scenario.",
     "It needs Python 3.11 or later and nothing else, and prints the same lines in the same order.",
     0, 1, 1, cmd_python},
    {"doctor", "", "Says what this machine offers, and how to mend what is missing.", NULL, 0, 0, 0,
     cmd_doctor},
};
const int COMMAND_COUNT = sizeof COMMANDS / sizeof COMMANDS[0];

void command_report(Diags *diags) {
    Buf text = {0};
    diags_sort(diags);
    for (size_t i = 0; i < diags->count; i++) {
        diag_format(&diags->items[i], &text);
    }
    if (diags->dropped > 0) {
        buf_printf(&text, "... and %zu more\n", diags->dropped);
    }
    fputs(buf_text(&text), stderr);
    buf_finish(&text);
    diags_finish(diags);
    *diags = (Diags){0};
}

static void main_help(FILE *out) {
    fprintf(out, "Loopscope lets people see an event loop work: a real one, on this machine.\n\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        char left[48];
        snprintf(left, sizeof left, "loopscope%s%s %s", COMMANDS[i].name[0] == '\0' ? "" : " ",
                 COMMANDS[i].name, COMMANDS[i].arguments);
        fprintf(out, "  %-32s %s\n", left, COMMANDS[i].summary);
    }
    fprintf(out, "\nloopscope COMMAND --help tells a command's options; loopscope --version.\n");
    fprintf(out, "\nThe window takes:\n\n");
    options_help(&COMMANDS[0], out);
}

static const Command *command_find(const char *word) {
    for (int i = 1; i < COMMAND_COUNT; i++) {
        if (strcmp(COMMANDS[i].name, word) == 0) {
            return &COMMANDS[i];
        }
    }
    return &COMMANDS[0];
}

/* A word that is neither a command nor looks like a file is most likely a mistyped command. */
static bool is_mistyped_command(const char *word, Diags *diags) {
    const char *names[16];
    size_t count = 0;
    for (int i = 1; i < COMMAND_COUNT; i++) {
        names[count++] = COMMANDS[i].name;
    }
    FILE *file = file_stream(word);
    if (file != NULL || word[0] == '-' || strpbrk(word, "./\\") != NULL) {
        if (file != NULL) {
            fclose(file);
        }
        return false;
    }
    const char *near = diag_nearest(word, names, count);
    if (near != NULL) {
        diags_add(diags, "loopscope", "unknown command \"%s\": did you mean \"%s\"?", word, near);
    } else {
        diags_add(diags, "loopscope", "\"%s\" is neither a command nor a file", word);
    }
    return true;
}

static int command_help(const Command *command) {
    if (command == &COMMANDS[0]) {
        main_help(stdout);
    } else {
        options_help(command, stdout);
    }
    return EXIT_DONE;
}

static int command_run(const Command *command, int argc, char *const *argv) {
    Diags diags = {0};
    Options options;
    int status = EXIT_USAGE;
    if (!options_parse(&options, command, argc, argv, &diags)) {
        command_report(&diags);
    } else {
        status = options.help ? command_help(command) : command->run(&options);
    }
    options_finish(&options);
    return status;
}

int command_main(int argc, char **argv) {
    process_prepare();
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--version") == 0) {
        printf("loopscope %s\n", LOOPSCOPE_VERSION);
        return EXIT_DONE;
    }
    const Command *command = command_find(word);
    Diags diags = {0};
    if (command == &COMMANDS[0] && word[0] != '\0' && is_mistyped_command(word, &diags)) {
        command_report(&diags);
        return EXIT_USAGE;
    }
    const int skip = command == &COMMANDS[0] ? 1 : 2;
    int status = command_run(command, argc - skip, argv + skip);
    if (fflush(stdout) != 0 && status == EXIT_DONE) {
        fprintf(stderr, "loopscope: standard output can't be written\n");
        status = EXIT_TROUBLE;
    }
    return status;
}
