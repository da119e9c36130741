/* loopscope export TRACE -o FILE: the format is the ending's. */
#include "app/gui.h"
#include "app/process.h"
#include "base/files.h"
#include "export/export.h"
#include "trace/timeline.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

/* ---- a long export tells how far it is ---- */

/* Set by a signal; a handler can reach no other memory. */
static _Atomic bool signalled;

static void on_interrupt(void) {
    atomic_store(&signalled, true);
}

typedef struct Teller {
    const char *file;
    bool quiet, on_terminal;
    int last_percent;
} Teller;

/* On a terminal one line that is written over; elsewhere a line for each quarter. */
static bool teller_told(void *context, double share) {
    Teller *teller = context;
    const int step = teller->on_terminal ? 1 : 25;
    const int percent = (int)(share * 100) / step * step;
    if (!teller->quiet && percent != teller->last_percent) {
        teller->last_percent = percent;
        fprintf(stderr, teller->on_terminal ? "\r%s %3d %%%s" : "%s %3d %%%s", teller->file,
                percent, teller->on_terminal && percent < 100 ? "" : "\n");
    }
    return !signalled;
}

/* A name that ends like a folder, or is one: slides. */
static bool is_folder(const char *file) {
    const char last = file[strlen(file) - 1];
    return last == '/' || last == '\\' || file_kind(file) == FILE_KIND_FOLDER;
}

/* ---- the format ---- */

static bool fail_format(const char *what, const char *problem, Diags *diags) {
    Buf text = {0};
    for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++) {
        buf_printf(&text, "%s%s", i == 0 ? "" : ", ", EXPORT_FORMATS[i].ending);
    }
    diags_add(diags, what, "%s; known are %s", problem, buf_text(&text));
    buf_finish(&text);
    return false;
}

/* Standard output has no ending: what --format says, or the trace itself. */
static bool choose_format(const Options *options, const ExportFormat **format, Diags *diags) {
    const bool piped = strcmp(options->output, "-") == 0;
    if (!piped && is_folder(options->output)) {
        *format = export_format_slides();
    } else if (options->format != NULL || piped) {
        *format = export_format_named(options->format != NULL ? options->format : "jsonl");
        if (*format == NULL) {
            return fail_format(options->format, "no format has this name", diags);
        }
    } else {
        *format = export_format_of(options->output);
        if (*format == NULL) {
            return fail_format(options->output, "no known format has this ending", diags);
        }
    }
    if (piped && !(*format)->is_text) {
        diags_add(diags, "loopscope", "a %s can't go to standard output; -o FILE%s",
                  (*format)->name, (*format)->ending);
        return false;
    }
    return true;
}

/* What needs no painter. */
static bool export_told(const Options *options, const ExportFormat *format, const Log *log,
                        uint64_t count, const Progress *progress, Diags *diags) {
    uint64_t from = 0, to = 0;
    if (count > 0 && !command_range(options, options->output, count, &from, &to, diags)) {
        return false;
    }
    if (from > 0 && !format->begins_later) {
        diags_add(diags, options->output, "a %s begins with the first event: it can't take --from",
                  format->name);
        return false;
    }
    const ExportJob job = {.log = log,
                           .from = from,
                           .end = count > 0 ? to + 1 : 0,
                           .file = options->output,
                           .progress = progress};
    return format->write(&job, diags);
}

static bool export_log(const Options *options, const ExportFormat *format, const Log *log,
                       uint64_t count, Diags *diags) {
    const bool on_terminal = process_on_terminal(stderr);
    const bool brief = format->write != NULL; /* only who watches wants to be told */
    Teller teller = {.file = options->output,
                     .quiet = options->quiet || (brief && !on_terminal),
                     .on_terminal = on_terminal};
    const Progress progress = {.context = &teller, .told = teller_told};
    process_on_interrupt(on_interrupt); /* nothing half-written stays behind */
    const bool done =
        format->write != NULL
            ? export_told(options, format, log, count, &progress, diags)
            : gui_export(log, options, format->ending, options->output, &progress, diags);
    if (teller.on_terminal && teller.last_percent > 0 && teller.last_percent < 100) {
        fputc('\n', stderr);
    }
    return done;
}

bool command_range(const Options *options, const char *file, uint64_t count, uint64_t *from,
                   uint64_t *to, Diags *diags) {
    *from = options->from;
    *to = options->to < count ? options->to : count - 1;
    if (*from > *to) {
        diags_add(diags, file,
                  "there is no event from %" PRIu64 " to %" PRIu64 ": the trace has events 0 to "
                  "%" PRIu64,
                  *from, *to, count - 1);
        return false;
    }
    return true;
}

uint64_t command_check_log(const Log *log, const char *file, Diags *diags) {
    Timeline *timeline = timeline_create_brief(log);
    if (!timeline_follow(timeline, UINT64_MAX)) {
        const TimelineError *error = timeline_error(timeline);
        diags_add(diags, file, "event %llu can't be: %s", (unsigned long long)error->n,
                  error->message);
    }
    const uint64_t count = timeline_count(timeline);
    timeline_destroy(timeline);
    return count;
}

int cmd_export(const Options *options) {
    Diags diags = {0};
    const ExportFormat *format = NULL;
    if (options->output == NULL) {
        diags_add(&diags, "loopscope", "export needs -o FILE");
    }
    if (options->output == NULL || !choose_format(options, &format, &diags)) {
        command_report(&diags);
        return EXIT_USAGE;
    }
    Log *log = trace_read(options->arguments[0], &diags);
    const uint64_t count = log == NULL ? 0 : command_check_log(log, options->arguments[0], &diags);
    const bool whole = diags.count == 0;
    command_report(&diags);
    if (log == NULL) {
        return EXIT_USAGE;
    }
    const bool written = export_log(options, format, log, count, &diags);
    command_report(&diags);
    log_destroy(log);
    if (signalled) {
        return EXIT_INTERRUPTED;
    }
    /* Where not all was good, what is good was exported; the status says that it is not all. */
    return written && whole ? EXIT_DONE : EXIT_TROUBLE;
}

/* Whatever export wrote and can be read again is opened as it is, so there is nothing to convert:
 * import says whether a file is such a trace, and what to do with it. */
int cmd_import(const Options *options) {
    const char *file = options->arguments[0];
    Diags diags = {0};
    Log *log = trace_read(file, &diags);
    const uint64_t count = log == NULL ? 0 : command_check_log(log, file, &diags);
    const bool whole = diags.count == 0;
    command_report(&diags);
    if (log == NULL) {
        return EXIT_USAGE;
    }
    printf("%s is a Loopscope trace of %llu events; loopscope replay opens it, loopscope export "
           "writes it in another form\n",
           file, (unsigned long long)count);
    log_destroy(log);
    return whole ? EXIT_DONE : EXIT_TROUBLE;
}
