#include "export/fields.h"
#include "export/read_line.h"
#include "export/scan.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct HeaderReader {
    TraceHeader header; /* its texts are ours */
    Buf more;
    Buf room;
    LineFault *fault;
} HeaderReader;

static bool fail_at(LineFault *fault, size_t at, const char *what) {
    fault->at = at;
    snprintf(fault->what, sizeof fault->what, "%s", what);
    return false;
}

static const char **text_slot(TraceHeader *header, const ScanValue *key) {
    const struct {
        const char *key;
        const char **slot;
    } SLOTS[] = {
        {"title", &header->title},       {"scenario", &header->scenario},
        {"backend", &header->backend},   {"notifier", &header->notifier},
        {"started", &header->started},   {"source", &header->source},
        {"language", &header->language}, {"sleeps_in", &header->sleeps_in},
    };
    for (size_t i = 0; i < sizeof SLOTS / sizeof *SLOTS; i++) {
        if (scan_is(key, SLOTS[i].key)) {
            return SLOTS[i].slot;
        }
    }
    return NULL;
}

static bool take_text(HeaderReader *reader, const char **slot, const ScanValue *value) {
    if (value->type != SCAN_TEXT || *slot != NULL) {
        return false;
    }
    size_t length = 0;
    const char *text = scan_text(value, &reader->room, &length);
    *slot = mem_copy_text(text, length);
    if (slot == &reader->header.source) {
        reader->header.source_size_bytes = length;
        return true;
    }
    return strlen(*slot) == length; /* the others are C strings */
}

static void append_raw(Buf *out, const ScanValue *value) {
    const size_t quote = value->type == SCAN_TEXT;
    buf_append(out, value->start - quote, value->size_bytes + 2 * quote);
}

/* A key that this version does not know is kept as it stands: a later version, or another program,
 * may tell more in its header. */
static bool take_more(HeaderReader *reader, const ScanValue *key, const ScanValue *value) {
    if (!scan_is(key, "loopscope_trace")) {
        buf_append_text(&reader->more, reader->more.size_bytes > 0 ? ", " : "");
        append_raw(&reader->more, key);
        buf_append_text(&reader->more, ": ");
        append_raw(&reader->more, value);
    }
    return true;
}

static bool take_member(HeaderReader *reader, const ScanValue *key, const ScanValue *value) {
    TraceHeader *header = &reader->header;
    const char **slot = text_slot(header, key);
    if (slot != NULL) {
        return take_text(reader, slot, value);
    }
    if (scan_is(key, "seed")) {
        header->has_seed = true;
        return scan_u64(value, &header->seed);
    }
    if (scan_is(key, "held")) {
        header->held = value->type == SCAN_TRUE;
        return value->type == SCAN_TRUE || value->type == SCAN_FALSE;
    }
    if (scan_is(key, "pid")) {
        return scan_i64(value, &header->pid);
    }
    if (scan_is(key, "tid")) {
        return scan_i64(value, &header->tid);
    }
    return take_more(reader, key, value);
}

static bool take_members(HeaderReader *reader, const char *line, size_t size_bytes) {
    Scan scan = scan_make(line, size_bytes);
    ScanValue key, value;
    scan_open(&scan, '{');
    for (bool first = true; scan_member(&scan, first, &key, &value) == SCAN_MORE; first = false) {
        if (!take_member(reader, &key, &value)) {
            fail_at(reader->fault, (size_t)(key.start - line), "");
            snprintf(reader->fault->what, sizeof reader->fault->what,
                     "the header's \"%.*s\" is not what it must be",
                     (int)(key.size_bytes < 20 ? key.size_bytes : 20), key.start);
            return false;
        }
    }
    return true;
}

static bool check_version(const ScanValue *version, const char *line, LineFault *fault) {
    uint64_t number = 0;
    const size_t at = version->start == NULL ? 0 : (size_t)(version->start - line);
    if (version->start == NULL || !scan_u64(version, &number) || number == 0) {
        return fail_at(fault, at,
                       "not a Loopscope trace: its first line must be an object with "
                       "\"loopscope_trace\": 1");
    }
    if (number > TRACE_FORMAT_VERSION) {
        fault->at = at;
        snprintf(fault->what, sizeof fault->what,
                 "this trace was written by a newer Loopscope (format %llu; this one reads up to "
                 "format %d)",
                 (unsigned long long)number, TRACE_FORMAT_VERSION);
        return false;
    }
    return true;
}

/* Walks the whole line before anything in it is believed. */
static bool check_line(const char *line, size_t size_bytes, LineFault *fault) {
    Scan scan = scan_make(line, size_bytes);
    ScanValue key, value, version = {0};
    ScanNext next = scan_open(&scan, '{') ? SCAN_MORE : SCAN_BAD;
    for (bool first = true; next == SCAN_MORE; first = false) {
        next = scan_member(&scan, first, &key, &value);
        if (next == SCAN_MORE && scan_is(&key, "loopscope_trace")) {
            version = value;
        }
    }
    if (next == SCAN_BAD || !scan_only_blanks_left(&scan)) {
        snprintf(fault->what, sizeof fault->what,
                 "not a Loopscope trace: its first line must be the header, an object: %s",
                 scan.error);
        fault->at = scan.at;
        return false;
    }
    return check_version(&version, line, fault);
}

bool read_header_line(Log *log, const char *line, size_t size_bytes, LineFault *fault) {
    if (!check_line(line, size_bytes, fault)) {
        return false;
    }
    HeaderReader reader = {.fault = fault};
    const bool good = take_members(&reader, line, size_bytes);
    if (good) {
        reader.header.more = buf_text(&reader.more);
        log_set_header(log, &reader.header);
    }
    free((char *)reader.header.title);
    free((char *)reader.header.scenario);
    free((char *)reader.header.backend);
    free((char *)reader.header.notifier);
    free((char *)reader.header.sleeps_in);
    free((char *)reader.header.started);
    free((char *)reader.header.source);
    free((char *)reader.header.language);
    buf_finish(&reader.more);
    buf_finish(&reader.room);
    return good;
}
