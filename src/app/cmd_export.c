/* loopscope export TRACE -o FILE: the format is the ending's. */
#include "app/gui.h"
#include "export/export.h"
#include "trace/timeline.h"

#include <string.h>

static void list_formats(Diags *diags, const char *file) {
    Buf text = {0};
    for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++) {
        buf_printf(&text, "%s%s", i == 0 ? "" : ", ", EXPORT_FORMATS[i].ending);
    }
    diags_add(diags, file, "no known format has this ending; known are %s", buf_text(&text));
    buf_finish(&text);
}

static int export_log(const Options *options, const Log *log, Diags *diags) {
    const ExportFormat *format = export_format_of(options->output);
    if (format == NULL) {
        list_formats(diags, options->output);
        return EXIT_USAGE;
    }
    const bool written = format->write != NULL ? format->write(log, options->output, diags)
                                               : gui_picture(log, options, options->output, diags);
    return written ? EXIT_DONE : EXIT_TROUBLE;
}

/* Folds the whole trace: an event that can't be is told; what stands before it is exported. */
static void check_log(const Log *log, const char *file, Diags *diags) {
    Timeline *timeline = timeline_create(log);
    if (!timeline_follow(timeline, UINT64_MAX)) {
        const TimelineError *error = timeline_error(timeline);
        diags_add(diags, file, "event %llu can't be: %s", (unsigned long long)error->n,
                  error->message);
    }
    timeline_destroy(timeline);
}

int cmd_export(const Options *options) {
    Diags diags = {0};
    if (options->output == NULL) {
        diags_add(&diags, "loopscope", "export needs -o FILE");
        command_report(&diags);
        return EXIT_USAGE;
    }
    Log *log = trace_read(options->arguments[0], &diags);
    if (log != NULL) {
        check_log(log, options->arguments[0], &diags);
    }
    const bool whole = diags.count == 0;
    command_report(&diags);
    if (log == NULL) {
        return EXIT_USAGE;
    }
    int status = export_log(options, log, &diags);
    command_report(&diags);
    if (status == EXIT_DONE && !whole) {
        status = EXIT_TROUBLE; /* what is good was exported; the status says that it is not all */
    }
    log_destroy(log);
    return status;
}
