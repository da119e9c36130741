/* CSV (RFC 4180, lines ended by \n): an event a row. The columns are number, time, kind, task and
 * its name, and every other key that any event has, in the order of EVENT_KINDS. */
#include "export/export.h"
#include "export/fields.h"
#include "export/stream.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void put_cell(Buf *out, const char *text, size_t size_bytes) {
    bool quoted = false;
    for (size_t i = 0; i < size_bytes && !quoted; i++) {
        quoted = strchr(",\"\r\n", text[i]) != NULL;
    }
    if (!quoted) {
        buf_append(out, text, size_bytes);
        return;
    }
    buf_append_char(out, '"');
    for (size_t i = 0; i < size_bytes; i++) {
        if (text[i] == '"') {
            buf_append_char(out, '"');
        }
        buf_append_char(out, text[i]);
    }
    buf_append_char(out, '"');
}

static void put_value(Buf *out, const ScanValue *value, Buf *room) {
    if (value->type == SCAN_NULL) {
        return;
    }
    size_t length = value->size_bytes;
    const char *text = value->type == SCAN_TEXT ? scan_text(value, room, &length) : value->start;
    put_cell(out, text, length);
}

typedef struct Csv {
    EventKeys columns;
    Stream stream;
    const Log *log;
    uint32_t *names; /* of tasks, by id */
    size_t name_count, name_cap;
    Buf line, room;
} Csv;

/* The cells come from the native line: what it says and what the table says can't differ. */
static void put_row(Csv *csv, uint64_t n) {
    const Event *event = log_event(csv->log, n);
    ScanValue cells[EVENT_KEYS_MAX] = {0};
    ScanValue key, value;
    buf_clear(&csv->line);
    export_event_line(csv->log, n, &csv->line);
    Scan scan = scan_make(buf_text(&csv->line), csv->line.size_bytes);
    scan_open(&scan, '{');
    for (bool first = true; scan_member(&scan, first, &key, &value) == SCAN_MORE; first = false) {
        cells[event_keys_find(&csv->columns, &key)] = value;
    }
    for (size_t i = 0; i < csv->columns.count; i++) {
        if (i > 0) {
            buf_append_char(&csv->stream.text, ',');
        }
        if (strcmp(csv->columns.keys[i], "task_name") == 0 && event->task < csv->name_count) {
            size_t length = 0;
            const char *name = log_text(csv->log, csv->names[event->task], &length);
            put_cell(&csv->stream.text, name, length);
        } else {
            put_value(&csv->stream.text, &cells[i], &csv->room);
        }
    }
    buf_append_char(&csv->stream.text, '\n');
}

static void learn_name(Csv *csv, const Event *event) {
    if (event->kind == EV_TASK_CREATED) {
        csv->names = mem_grow(csv->names, &csv->name_cap, csv->name_count + 1, sizeof *csv->names);
        csv->names[csv->name_count++] = event->text;
    }
}

bool export_csv(const ExportJob *job, Diags *diags) {
    Csv csv = {.columns = {{"n", "t", "ev", "task", "task_name"}, 5}, .log = job->log};
    event_keys_add(&csv.columns);
    if (!stream_open(&csv.stream, job, diags)) {
        return false;
    }
    for (size_t i = 0; i < csv.columns.count; i++) {
        buf_printf(&csv.stream.text, "%s%s", i == 0 ? "" : ",", csv.columns.keys[i]);
    }
    buf_append_char(&csv.stream.text, '\n');
    bool good = true;
    for (uint64_t n = 0; good && n < job->end; n++) {
        learn_name(&csv, log_event(job->log, n));
        if (n >= job->from) {
            put_row(&csv, n);
            good = stream_pass(&csv.stream, n);
        }
    }
    free(csv.names);
    buf_finish(&csv.line);
    buf_finish(&csv.room);
    return stream_close(&csv.stream, good);
}
