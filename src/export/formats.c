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
    {".jsonl", "trace", export_jsonl, false, true},
    {".json", "Chrome trace", export_chrome, false, true},
    {".pftrace", "Perfetto trace", export_pftrace, false, false},
    {".csv", "table", export_csv, true, true},
    {".txt", "narration", export_narration, true, true},
    {".png", "picture", NULL, false, false},
    {".gif", "film that repeats", NULL, false, false},
    {".mp4", "film", NULL, false, false},
    {".md", "lesson sheet", NULL, false, false},
    {".html", "page", NULL, false, false},
};
const size_t EXPORT_FORMAT_COUNT = sizeof EXPORT_FORMATS / sizeof *EXPORT_FORMATS;

const ExportFormat *export_format_named(const char *name) {
    for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++) {
        if (strcasecmp(name, EXPORT_FORMATS[i].ending + 1) == 0) {
            return &EXPORT_FORMATS[i];
        }
    }
    return NULL;
}

const ExportFormat *export_format_of(const char *file) {
    const char *dot = strrchr(file_base_name(file), '.');
    return dot == NULL || dot == file_base_name(file) ? NULL : export_format_named(dot + 1);
}
