#include "export/export.h"
#include "export/outfile.h"

#include <string.h>
#include <strings.h>

enum { BATCH_BYTES = 1 << 16 };

static bool flush(Outfile *out, Buf *lines, Diags *diags) {
    const bool good = outfile_write(out, buf_text(lines), lines->size_bytes, diags);
    buf_clear(lines);
    return good;
}

static bool export_jsonl(const Log *log, const char *file, Diags *diags) {
    Outfile *out = outfile_create(file, diags);
    if (out == NULL) {
        return false;
    }
    Buf lines = {0};
    const uint64_t count = log_count(log);
    bool good = true;
    export_header_line(log, &lines);
    for (uint64_t n = 0; good && n < count; n++) {
        export_event_line(log, n, &lines);
        good = lines.size_bytes < BATCH_BYTES || flush(out, &lines, diags);
    }
    good = good && flush(out, &lines, diags);
    buf_finish(&lines);
    if (!good) {
        outfile_discard(out);
        return false;
    }
    return outfile_commit(out, diags);
}

const ExportFormat EXPORT_FORMATS[] = {
    {".jsonl", "trace", export_jsonl},
    {".png", "picture", NULL},
};
const size_t EXPORT_FORMAT_COUNT = sizeof EXPORT_FORMATS / sizeof *EXPORT_FORMATS;

const ExportFormat *export_format_of(const char *file) {
    const size_t length = strlen(file);
    for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++) {
        const size_t ending = strlen(EXPORT_FORMATS[i].ending);
        if (length > ending && strcasecmp(file + length - ending, EXPORT_FORMATS[i].ending) == 0) {
            return &EXPORT_FORMATS[i];
        }
    }
    return NULL;
}
