#include "export/export.h"
#include "export/stream.h"

#include "base/files.h"

#include <string.h>
#include <strings.h>

static bool export_jsonl(const ExportJob *job, Diags *diags) {
    Stream stream;
    if (!stream_open(&stream, job, diags)) {
        return false;
    }
    bool good = true;
    export_header_line(job->log, &stream.text);
    for (uint64_t n = 0; good && n < job->end; n++) {
        export_event_line(job->log, n, &stream.text);
        good = stream_pass(&stream, n);
    }
    return stream_close(&stream, good);
}

const ExportFormat EXPORT_FORMATS[] = {
    {".html", "page", "Plays in any browser, for somebody who has nothing installed.", NULL, false,
     false},
    {".mp4", "film", "What the window shows when it plays. Made by ffmpeg.", NULL, false, false},
    {".gif", "film that repeats", "For a slide or a page that shows no films. Made by ffmpeg.",
     NULL, false, false},
    {".png", "picture", "One moment, as the window shows it.", NULL, false, false},
    {"/", "pictures", "A picture of every event, for slides.", NULL, false, false},
    {".md", "lesson sheet", "A picture and the story of every note, in Markdown.", NULL, false,
     false},
    {".txt", "narration", "A sentence an event.", export_narration, true, true},
    {".csv", "table", "An event a row, for a spreadsheet.", export_csv, true, true},
    {".pftrace", "Perfetto trace", "What ui.perfetto.dev opens best.", export_pftrace, false,
     false},
    {".json", "Chrome trace", "For Perfetto, speedscope, the Firefox Profiler; opens here, too.",
     export_chrome, false, true},
    {".jsonl", "trace", "Everything, as it was recorded: opens here again.", export_jsonl, false,
     true},
};
const size_t EXPORT_FORMAT_COUNT = sizeof EXPORT_FORMATS / sizeof *EXPORT_FORMATS;

const ExportFormat *export_format_named(const char *name) {
    for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++) {
        const char *ending = EXPORT_FORMATS[i].ending;
        if (ending[0] == '.' && strcasecmp(name, ending + 1) == 0) {
            return &EXPORT_FORMATS[i];
        }
    }
    return NULL;
}

const ExportFormat *export_format_slides(void) {
    size_t i = 0;
    while (EXPORT_FORMATS[i].ending[0] != '/') {
        i++;
    }
    return &EXPORT_FORMATS[i];
}

const ExportFormat *export_format_of(const char *file) {
    const char *dot = strrchr(file_base_name(file), '.');
    return dot == NULL || dot == file_base_name(file) ? NULL : export_format_named(dot + 1);
}
