/* The native format, written: a line an event, by walking EVENT_KINDS. docs/trace.md. */
#include "export/export.h"
#include "export/fields.h"

#include "base/assert.h"

#include <string.h>

int64_t field_value(const Event *event, FieldSlot slot) {
    switch (slot) {
    case SLOT_A:
        return event->a;
    case SLOT_B:
        return event->b;
    case SLOT_C:
        return event->c;
    case SLOT_TASK:
        return event->task == EVENT_NONE ? -1 : (int64_t)event->task;
    case SLOT_ID:
        return event->id == EVENT_NONE ? -1 : (int64_t)event->id;
    case SLOT_TEXT:
        return event->text == EVENT_NONE ? -1 : (int64_t)event->text;
    case SLOT_X:
        return event->x;
    case SLOT_Y:
        return event->y;
    default:
        ASSERT(slot == SLOT_Z);
        return event->z;
    }
}

bool field_is_channel(const Event *event) {
    return event->a == IO_SEND || event->a == IO_RECV || event->b == IO_MODE_END;
}

static void put_key(Buf *out, const char *key) {
    buf_append(out, ", \"", 3);
    buf_append_text(out, key);
    buf_append(out, "\": ", 3);
}

static void put_i64(Buf *out, const char *key, int64_t value) {
    put_key(out, key);
    buf_append_i64(out, value);
}

static void put_null(Buf *out, const char *key) {
    put_key(out, key);
    buf_append(out, "null", 4);
}

static void put_true(Buf *out, const char *key) {
    put_key(out, key);
    buf_append(out, "true", 4);
}

static void put_json(Buf *out, const char *key, const char *text, size_t size_bytes) {
    put_key(out, key);
    buf_append_json(out, text, size_bytes);
}

static void put_word(Buf *out, const char *key, const char *word) {
    put_json(out, key, word, strlen(word));
}

static void put_text(const Log *log, Buf *out, const char *key, uint32_t text) {
    size_t length = 0;
    const char *bytes = log_text(log, text, &length);
    put_json(out, key, bytes, length);
}

static void put_raw(const Log *log, Buf *out, const char *key, uint32_t text) {
    size_t length = 0;
    const char *bytes = log_text(log, text, &length);
    put_key(out, key);
    buf_append(out, bytes, length);
}

static void put_target(const Log *log, const Event *event, Buf *out) {
    switch ((TargetKind)event->b) {
    case TARGET_NONE:
        return;
    case TARGET_OP:
        put_i64(out, "op", event->id);
        return;
    case TARGET_TIMER:
        put_i64(out, "timer", event->id);
        return;
    case TARGET_TASK:
        put_i64(out, "target", event->id);
        return;
    case TARGET_TASKS:
        put_raw(log, out, "target", event->text);
        return;
    case TARGET_NAME:
        put_text(log, out, "target", event->text);
        return;
    }
}

static void put_by(const Event *event, Buf *out) {
    if (event->b == CANCEL_BY_TASK) {
        put_i64(out, "by", event->id);
    } else {
        put_word(out, "by", CANCEL_BY_WORDS[event->b]);
    }
}

static void put_optional_text(const Log *log, Buf *out, const char *key, int64_t text) {
    if (text >= 0) {
        put_text(log, out, key, (uint32_t)text);
    }
}

static void put_field(const Log *log, const Event *event, const EventField *field, Buf *out) {
    const int64_t value = field_value(event, field->slot);
    switch (field->type) {
    case FIELD_U32:
    case FIELD_I64:
    case FIELD_RESULT:
        put_i64(out, field->key, value);
        break;
    case FIELD_U32_NULL:
    case FIELD_I64_NULL:
        if (value < 0) {
            put_null(out, field->key);
            break;
        }
        put_i64(out, field->key, value);
        break;
    case FIELD_U32_ABSENT:
    case FIELD_I64_ABSENT:
        if (value >= 0) {
            put_i64(out, field->key, value);
        }
        break;
    case FIELD_TEXT:
        put_text(log, out, field->key, event->text);
        break;
    case FIELD_TEXT_ABSENT:
        put_optional_text(log, out, field->key, value);
        break;
    case FIELD_TEXT_RAW:
        put_raw(log, out, field->key, event->text);
        break;
    case FIELD_WORD:
        if (field->words[value][0] != '\0') {
            put_word(out, field->key, field->words[value]);
        }
        break;
    case FIELD_FLAG:
        if (value != 0) {
            put_true(out, field->key);
        }
        break;
    case FIELD_PLACE:
        put_optional_text(log, out, field_is_channel(event) ? "channel" : "path", value);
        break;
    case FIELD_TARGET:
        put_target(log, event, out);
        break;
    case FIELD_BY:
        put_by(event, out);
        break;
    case FIELD_IO_RESULT:
        put_i64(out, field->key, event_io_result(event));
        break;
    case FIELD_IO_ERROR:
        if (event_io_error_text(event) != EVENT_NONE) {
            put_text(log, out, field->key, event_io_error_text(event));
        }
        break;
    case FIELD_IO_THREAD:
        if (event_io_in_thread(event)) {
            put_true(out, field->key);
        }
        break;
    }
}

void export_event_line(const Log *log, uint64_t n, Buf *out) {
    const Event *event = log_event(log, n);
    const EventKindRow *row = &EVENT_KINDS[event->kind];
    buf_append_text(out, "{\"n\": ");
    buf_append_u64(out, n);
    buf_append_text(out, ", \"t\": ");
    buf_append_u64(out, event->t_ns);
    buf_append_text(out, ", \"ev\": \"");
    buf_append_text(out, row->name);
    buf_append_char(out, '"');
    for (const EventField *field = row->fields; field->key != NULL; field++) {
        put_field(log, event, field, out);
    }
    buf_append(out, "}\n", 2);
}

void export_header_line(const Log *log, Buf *out) {
    const TraceHeader *header = log_header(log);
    buf_append_text(out, "{\"loopscope_trace\": ");
    buf_append_u64(out, TRACE_FORMAT_VERSION);
    put_word(out, "title", header->title);
    put_word(out, "scenario", header->scenario);
    put_word(out, "backend", header->backend);
    put_word(out, "notifier", header->notifier);
    if (header->has_seed) {
        put_key(out, "seed");
        buf_append_u64(out, header->seed);
    }
    put_key(out, "held");
    buf_append_text(out, header->held ? "true" : "false");
    put_i64(out, "pid", header->pid);
    put_i64(out, "tid", header->tid);
    put_word(out, "started", header->started);
    if (header->language[0] != '\0') {
        put_word(out, "language", header->language);
    }
    put_json(out, "source", header->source, header->source_size_bytes);
    buf_append(out, "}\n", 2);
}
