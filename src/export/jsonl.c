/* The native format, written: a line an event, by walking EVENT_KINDS. docs/trace.md. */
#include "export/export.h"
#include "export/fields.h"
#include "export/pen.h"

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

/* Every field begins with its key, so that is where room is made for it. */
static void put_key(Pen *pen, const char *key) {
    const size_t length = strlen(key);
    pen_room(pen, length);
    PEN_LITERAL(pen, ", \"");
    pen_raw(pen, key, length);
    PEN_LITERAL(pen, "\": ");
}

static void put_i64(Pen *pen, const char *key, int64_t value) {
    put_key(pen, key);
    pen_i64(pen, value);
}

static void put_null(Pen *pen, const char *key) {
    put_key(pen, key);
    PEN_LITERAL(pen, "null");
}

static void put_true(Pen *pen, const char *key) {
    put_key(pen, key);
    PEN_LITERAL(pen, "true");
}

static void put_json(Pen *pen, const char *key, const char *text, size_t size_bytes) {
    put_key(pen, key);
    pen_json(pen, text, size_bytes);
}

static void put_word(Pen *pen, const char *key, const char *word) {
    put_json(pen, key, word, strlen(word));
}

static void put_text(const Log *log, Pen *pen, const char *key, uint32_t text) {
    size_t length = 0;
    const char *bytes = log_text(log, text, &length);
    put_json(pen, key, bytes, length);
}

static void put_raw(const Log *log, Pen *pen, const char *key, uint32_t text) {
    size_t length = 0;
    const char *bytes = log_text(log, text, &length);
    put_key(pen, key);
    pen_text(pen, bytes, length);
}

static void put_target(const Log *log, const Event *event, Pen *pen) {
    switch ((TargetKind)event->b) {
    case TARGET_NONE:
        return;
    case TARGET_OP:
        put_i64(pen, "op", event->id);
        return;
    case TARGET_TIMER:
        put_i64(pen, "timer", event->id);
        return;
    case TARGET_TASK:
        put_i64(pen, "target", event->id);
        return;
    case TARGET_TASKS:
        put_raw(log, pen, "target", event->text);
        return;
    case TARGET_NAME:
        put_text(log, pen, "target", event->text);
        return;
    }
}

static void put_by(const Event *event, Pen *pen) {
    if (event->b == CANCEL_BY_TASK) {
        put_i64(pen, "by", event->id);
    } else {
        put_word(pen, "by", CANCEL_BY_WORDS[event->b]);
    }
}

static void put_optional_text(const Log *log, Pen *pen, const char *key, int64_t text) {
    if (text >= 0) {
        put_text(log, pen, key, (uint32_t)text);
    }
}

static void put_field(const Log *log, const Event *event, const EventField *field, Pen *pen) {
    const int64_t value = field_value(event, field->slot);
    switch (field->type) {
    case FIELD_U32:
    case FIELD_I64:
    case FIELD_RESULT:
        put_i64(pen, field->key, value);
        break;
    case FIELD_U32_NULL:
    case FIELD_I64_NULL:
        if (value < 0) {
            put_null(pen, field->key);
            break;
        }
        put_i64(pen, field->key, value);
        break;
    case FIELD_U32_ABSENT:
    case FIELD_I64_ABSENT:
        if (value >= 0) {
            put_i64(pen, field->key, value);
        }
        break;
    case FIELD_TEXT:
        put_text(log, pen, field->key, event->text);
        break;
    case FIELD_TEXT_ABSENT:
        put_optional_text(log, pen, field->key, value);
        break;
    case FIELD_TEXT_RAW:
        put_raw(log, pen, field->key, event->text);
        break;
    case FIELD_WORD:
        if (field->words[value][0] != '\0') {
            put_word(pen, field->key, field->words[value]);
        }
        break;
    case FIELD_FLAG:
        if (value != 0) {
            put_true(pen, field->key);
        }
        break;
    case FIELD_PLACE:
        put_optional_text(log, pen, field_is_channel(event) ? "channel" : "path", value);
        break;
    case FIELD_TARGET:
        put_target(log, event, pen);
        break;
    case FIELD_BY:
        put_by(event, pen);
        break;
    case FIELD_IO_RESULT:
        put_i64(pen, field->key, event_io_result(event));
        break;
    case FIELD_IO_ERROR:
        if (event_io_error_text(event) != EVENT_NONE) {
            put_text(log, pen, field->key, event_io_error_text(event));
        }
        break;
    case FIELD_IO_THREAD:
        if (event_io_in_thread(event)) {
            put_true(pen, field->key);
        }
        break;
    }
}

void export_event_object(const Log *log, uint64_t n, Pen *pen) {
    const Event *event = log_event(log, n);
    const EventKindRow *row = &EVENT_KINDS[event->kind];
    pen_room(pen, 0);
    PEN_LITERAL(pen, "{\"n\": ");
    pen_u64(pen, n);
    PEN_LITERAL(pen, ", \"t\": ");
    pen_u64(pen, event->t_ns);
    PEN_LITERAL(pen, ", \"ev\": \"");
    pen_word(pen, row->name);
    *pen->at++ = '"';
    for (const EventField *field = row->fields; field->key != NULL; field++) {
        put_field(log, event, field, pen);
    }
    pen_room(pen, 0);
    *pen->at++ = '}';
}

void export_event_line(const Log *log, uint64_t n, Buf *out) {
    Pen pen = pen_on(out);
    export_event_object(log, n, &pen);
    *pen.at++ = '\n';
    pen_lift(&pen);
}

void export_header_object(const Log *log, Pen *pen) {
    const TraceHeader *header = log_header(log);
    pen_room(pen, 0);
    PEN_LITERAL(pen, "{\"loopscope_trace\": ");
    pen_u64(pen, TRACE_FORMAT_VERSION);
    put_word(pen, "title", header->title);
    put_word(pen, "scenario", header->scenario);
    put_word(pen, "backend", header->backend);
    put_word(pen, "notifier", header->notifier);
    if (header->sleeps_in[0] != '\0') {
        put_word(pen, "sleeps_in", header->sleeps_in);
    }
    if (header->has_seed) {
        put_key(pen, "seed");
        pen_u64(pen, header->seed);
    }
    put_key(pen, "held");
    pen_word(pen, header->held ? "true" : "false");
    put_i64(pen, "pid", header->pid);
    put_i64(pen, "tid", header->tid);
    put_word(pen, "started", header->started);
    if (header->language[0] != '\0') {
        put_word(pen, "language", header->language);
    }
    if (header->more[0] != '\0') {
        PEN_LITERAL(pen, ", ");
        pen_text(pen, header->more, strlen(header->more));
    }
    put_json(pen, "source", header->source, header->source_size_bytes);
    *pen->at++ = '}';
}

void export_header_line(const Log *log, Buf *out) {
    Pen pen = pen_on(out);
    export_header_object(log, &pen);
    *pen.at++ = '\n';
    pen_lift(&pen);
}
