#include "export/export.h"
#include "export/stream.h"

#include "base/files.h"

#include <string.h>
#include <strings.h>

static bool export_jsonl(const Log *log, uint64_t count, const char *file, Diags *diags) {
    Stream stream;
    if (!stream_open(&stream, file, diags)) {
        return false;
    }
    bool good = true;
    export_header_line(log, &stream.text);
    for (uint64_t n = 0; good && n < count; n++) {
        export_event_line(log, n, &stream.text);
        good = stream_pass(&stream);
    }
    return stream_close(&stream, good);
}

const ExportFormat EXPORT_FORMATS[] = {
    {".jsonl", "trace", export_jsonl},
    {".json", "Chrome trace", export_chrome},
    {".csv", "table", export_csv},
    {".txt", "narration", export_narration},
    {".png", "picture", NULL},
    {".gif", "film that repeats", NULL},
    {".mp4", "film", NULL},
    {".md", "lesson sheet", NULL},
    {".html", "page", NULL},
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
