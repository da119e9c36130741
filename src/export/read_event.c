#include "export/fields.h"
#include "export/read_line.h"
#include "export/scan.h"

#include "base/assert.h"
#include "base/printf_like.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MEMBERS_MAX = EVENT_FIELDS_MAX + 4, ERRNO_MAX = 4095, SHOWN_MAX = 40 };

typedef struct Member {
    ScanValue key, value;
    bool used;
} Member;

/* One line at work. */
typedef struct Line {
    EventReader *reader;
    const char *text;
    Member members[MEMBERS_MAX];
    size_t count;
    Event event;
    LineFault *fault;
} Line;

static bool fail(Line *line, const ScanValue *where, const char *format, ...) PRINTF_LIKE(3, 4);
static bool fail(Line *line, const ScanValue *where, const char *format, ...) {
    line->fault->at = where == NULL ? 0 : (size_t)(where->start - line->text);
    va_list args;
    va_start(args, format);
    vsnprintf(line->fault->what, sizeof line->fault->what, format, args);
    va_end(args);
    return false;
}

static int shown(const ScanValue *value) {
    return value->size_bytes < SHOWN_MAX ? (int)value->size_bytes : SHOWN_MAX;
}

static bool collect_members(Line *line, size_t size_bytes) {
    Scan scan = scan_make(line->text, size_bytes);
    ScanNext next = scan_open(&scan, '{') ? SCAN_MORE : SCAN_BAD;
    for (bool first = true; next == SCAN_MORE; first = false) {
        Member member = {0};
        next = scan_member(&scan, first, &member.key, &member.value);
        if (next == SCAN_MORE) {
            if (line->count == MEMBERS_MAX) {
                return fail(line, &member.key, "more fields than any event has");
            }
            line->members[line->count++] = member;
        }
    }
    if (next == SCAN_BAD || !scan_only_blanks_left(&scan)) {
        line->fault->at = scan.at;
        snprintf(line->fault->what, sizeof line->fault->what, "%s", scan.error);
        return false;
    }
    return true;
}

/* The member's value, marked as used; NULL where it is absent. */
static const ScanValue *find(Line *line, const char *key) {
    for (size_t i = 0; i < line->count; i++) {
        if (!line->members[i].used && scan_is(&line->members[i].key, key)) {
            line->members[i].used = true;
            return &line->members[i].value;
        }
    }
    return NULL;
}

static const ScanValue *need(Line *line, const char *key) {
    const ScanValue *value = find(line, key);
    if (value == NULL) {
        fail(line, NULL, "the field \"%s\" is missing", key);
    }
    return value;
}

static bool all_used(Line *line) {
    for (size_t i = 0; i < line->count; i++) {
        const ScanValue *key = &line->members[i].key;
        if (!line->members[i].used) {
            return fail(line, key, "the field \"%.*s\" is unknown here, or stands twice",
                        shown(key), key->start);
        }
    }
    return true;
}

/* ---- values into slots ---- */

static bool take_u32(Line *line, const char *key, const ScanValue *value, uint32_t *out) {
    uint64_t number = 0;
    if (!scan_u64(value, &number) || number >= EVENT_NONE) {
        return fail(line, value, "\"%s\" must be an id, an integer from 0 to %" PRIu32, key,
                    EVENT_NONE - 1);
    }
    *out = (uint32_t)number;
    return true;
}

static bool take_i64(Line *line, const char *key, const ScanValue *value, int64_t least,
                     int64_t *out) {
    if (!scan_i64(value, out) || *out < least) {
        return fail(line, value, "\"%s\" must be an integer from %" PRId64, key, least);
    }
    return true;
}

static bool take_text(Line *line, const char *key, const ScanValue *value, uint32_t *out) {
    if (value->type != SCAN_TEXT) {
        return fail(line, value, "\"%s\" must be a text", key);
    }
    size_t length = 0;
    const char *text = scan_text(value, &line->reader->room, &length);
    Log *log = line->reader->log;
    const bool printed = line->event.kind == EV_OUTPUT || line->event.kind == EV_NOTE;
    *out = printed ? log_add_text(log, text, length) : log_intern(log, text, length);
    return true;
}

static bool take_true(Line *line, const char *key, const ScanValue *value) {
    return value->type == SCAN_TRUE || value->type == SCAN_FALSE ||
           fail(line, value, "\"%s\" must be true or false", key);
}

static bool take_word(Line *line, const char *key, const ScanValue *value, const char *const *words,
                      uint8_t *out) {
    for (uint8_t i = 0; words[i] != NULL; i++) {
        if (words[i][0] != '\0' && scan_is(value, words[i])) {
            *out = i;
            return true;
        }
    }
    return fail(line, value, "\"%s\" does not know %.*s", key, shown(value), value->start);
}

static uint32_t *slot_u32(Event *event, FieldSlot slot) {
    ASSERT(slot == SLOT_TASK || slot == SLOT_ID || slot == SLOT_TEXT);
    return slot == SLOT_TASK ? &event->task : slot == SLOT_ID ? &event->id : &event->text;
}

static int64_t *slot_i64(Event *event, FieldSlot slot) {
    ASSERT(slot == SLOT_X || slot == SLOT_Y || slot == SLOT_Z);
    return slot == SLOT_X ? &event->x : slot == SLOT_Y ? &event->y : &event->z;
}

static uint8_t *slot_u8(Event *event, FieldSlot slot) {
    ASSERT(slot == SLOT_A || slot == SLOT_B || slot == SLOT_C);
    return slot == SLOT_A ? &event->a : slot == SLOT_B ? &event->b : &event->c;
}

static bool text_field(Line *line, const EventField *field, const ScanValue *value) {
    uint32_t text = EVENT_NONE;
    if (!take_text(line, field->key, value, &text)) {
        return false;
    }
    if (field->slot == SLOT_X) {
        line->event.x = (int64_t)text;
    } else {
        *slot_u32(&line->event, field->slot) = text;
    }
    return true;
}

/* ---- the fields that need more than one slot ---- */

/* The array of ids that a task waits for, kept as the writer writes it. */
static bool take_ids(Line *line, const ScanValue *value) {
    Scan scan = scan_make(value->start, value->size_bytes);
    Buf *room = &line->reader->room;
    ScanValue element;
    ScanNext next = SCAN_MORE;
    scan_open(&scan, '[');
    buf_clear(room);
    buf_append_char(room, '[');
    for (bool first = true; (next = scan_element(&scan, first, &element)) == SCAN_MORE;
         first = false) {
        uint32_t id = 0;
        if (!take_u32(line, "target", &element, &id)) {
            return false;
        }
        buf_append_text(room, first ? "" : ",");
        buf_append_u64(room, id);
    }
    buf_append_char(room, ']');
    line->event.b = TARGET_TASKS;
    line->event.text = log_intern(line->reader->log, buf_text(room), room->size_bytes);
    return true;
}

static bool target_field(Line *line) {
    Event *event = &line->event;
    const ScanValue *op = find(line, "op");
    const ScanValue *timer = find(line, "timer");
    const ScanValue *target = find(line, "target");
    if ((op != NULL) + (timer != NULL) + (target != NULL) > 1) {
        return fail(line, NULL, "a task waits for one of \"op\", \"timer\" and \"target\"");
    }
    if (op != NULL) {
        event->b = TARGET_OP;
        return take_u32(line, "op", op, &event->id);
    }
    if (timer != NULL) {
        event->b = TARGET_TIMER;
        return take_u32(line, "timer", timer, &event->id);
    }
    if (target == NULL) {
        return true;
    }
    if (target->type == SCAN_ARRAY) {
        return take_ids(line, target);
    }
    if (target->type == SCAN_TEXT) {
        event->b = TARGET_NAME;
        return take_text(line, "target", target, &event->text);
    }
    event->b = TARGET_TASK;
    return take_u32(line, "target", target, &event->id);
}

static bool by_field(Line *line) {
    const ScanValue *by = need(line, "by");
    if (by == NULL) {
        return false;
    }
    if (by->type == SCAN_TEXT) {
        return take_word(line, "by", by, CANCEL_BY_WORDS, &line->event.b);
    }
    line->event.b = CANCEL_BY_TASK;
    return take_u32(line, "by", by, &line->event.id);
}

static bool place_field(Line *line) {
    const ScanValue *closed = line->event.a == IO_CLOSE ? find(line, "channel") : NULL;
    if (closed != NULL) {
        line->event.b = IO_MODE_END;
        return take_text(line, "channel", closed, &line->event.text);
    }
    const char *key = field_is_channel(&line->event) ? "channel" : "path";
    const ScanValue *value = find(line, key);
    return value == NULL || take_text(line, key, value, &line->event.text);
}

static bool io_result_field(Line *line) {
    Event *event = &line->event;
    const ScanValue *value = need(line, "result");
    const ScanValue *error = find(line, "error");
    const ScanValue *thread = find(line, "thread");
    int64_t result = 0;
    uint32_t error_text = EVENT_NONE;
    if (value == NULL || !take_i64(line, "result", value, -ERRNO_MAX, &result) ||
        (error != NULL && !take_text(line, "error", error, &error_text)) ||
        (thread != NULL && !take_true(line, "thread", thread))) {
        return false;
    }
    const int64_t bytes = event->x < 0 ? 0 : event->x;
    if (result > bytes || (result >= 0 && bytes - result > UINT32_MAX)) {
        return fail(line, value, "\"result\" does not fit \"bytes\"");
    }
    if (result >= 0 && error != NULL) {
        return fail(line, error, "an \"error\", but \"result\" tells of none");
    }
    event_set_io_result(event, (uint64_t)bytes, result, error_text,
                        thread != NULL && thread->type == SCAN_TRUE);
    return true;
}

/* The deadlock's array of {task, on, target}: checked, then kept as it stands. */
static bool deadlock_field(Line *line, const EventField *field) {
    const ScanValue *value = need(line, field->key);
    if (value == NULL) {
        return false;
    }
    if (value->type != SCAN_ARRAY) {
        return fail(line, value, "\"%s\" must be an array", field->key);
    }
    Scan scan = scan_make(value->start, value->size_bytes);
    ScanValue element, key, inner;
    scan_open(&scan, '[');
    for (bool first = true; scan_element(&scan, first, &element) == SCAN_MORE; first = false) {
        if (element.type != SCAN_OBJECT) {
            return fail(line, &element, "a waiting task must be an object");
        }
        Scan object = scan_make(element.start, element.size_bytes);
        uint32_t task = EVENT_NONE;
        uint8_t on = 0;
        scan_open(&object, '{');
        for (bool begin = true; scan_member(&object, begin, &key, &inner) == SCAN_MORE;
             begin = false) {
            if ((scan_is(&key, "task") && !take_u32(line, "task", &inner, &task)) ||
                (scan_is(&key, "on") && !take_word(line, "on", &inner, WAIT_ON_WORDS, &on))) {
                return false;
            }
        }
        if (task == EVENT_NONE) {
            return fail(line, &element, "the field \"task\" is missing");
        }
    }
    line->event.text = log_intern(line->reader->log, value->start, value->size_bytes);
    return true;
}

/* ---- one field, by its type ---- */

static bool number_field(Line *line, const EventField *field, const ScanValue *value) {
    const bool null_is_none = field->type == FIELD_U32_NULL || field->type == FIELD_I64_NULL;
    if (null_is_none && value->type == SCAN_NULL) {
        return true; /* as event_make left it */
    }
    switch (field->type) {
    case FIELD_U32:
    case FIELD_U32_ABSENT:
    case FIELD_U32_NULL:
        return take_u32(line, field->key, value, slot_u32(&line->event, field->slot));
    case FIELD_RESULT:
        return take_i64(line, field->key, value, -ERRNO_MAX, slot_i64(&line->event, field->slot));
    default:
        return take_i64(line, field->key, value, 0, slot_i64(&line->event, field->slot));
    }
}

static bool may_be_absent(const EventField *field) {
    return field->type == FIELD_U32_ABSENT || field->type == FIELD_I64_ABSENT ||
           field->type == FIELD_TEXT_ABSENT || field->type == FIELD_FLAG ||
           (field->type == FIELD_WORD && field->words[0][0] == '\0');
}

static bool simple_field(Line *line, const EventField *field) {
    const ScanValue *value = find(line, field->key);
    if (value == NULL) {
        return may_be_absent(field) || fail(line, NULL, "the field \"%s\" is missing", field->key);
    }
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_TEXT_ABSENT:
        return text_field(line, field, value);
    case FIELD_WORD:
        return take_word(line, field->key, value, field->words, slot_u8(&line->event, field->slot));
    case FIELD_FLAG:
        *slot_u8(&line->event, field->slot) = value->type == SCAN_TRUE;
        return take_true(line, field->key, value);
    default:
        return number_field(line, field, value);
    }
}

static bool take_field(Line *line, const EventField *field) {
    switch (field->type) {
    case FIELD_PLACE:
        return place_field(line);
    case FIELD_TARGET:
        return target_field(line);
    case FIELD_BY:
        return by_field(line);
    case FIELD_TEXT_RAW:
        return deadlock_field(line, field);
    case FIELD_IO_RESULT:
        return io_result_field(line);
    case FIELD_IO_ERROR:
    case FIELD_IO_THREAD:
        return true; /* taken with the result */
    default:
        return simple_field(line, field);
    }
}

static bool take_kind(Line *line) {
    const ScanValue *name = need(line, "ev");
    if (name == NULL) {
        return false;
    }
    for (int kind = 0; kind < EV_KIND_COUNT; kind++) {
        if (scan_is(name, EVENT_KINDS[kind].name)) {
            line->event = event_make((EventKind)kind);
            return true;
        }
    }
    return fail(line, name, "the event %.*s is unknown", shown(name), name->start);
}

static bool take_place_in_time(Line *line) {
    const ScanValue *n = need(line, "n");
    const ScanValue *t = n == NULL ? NULL : need(line, "t");
    const uint64_t due = log_count(line->reader->log);
    uint64_t number = 0;
    int64_t t_ns = 0;
    if (t == NULL || !take_i64(line, "t", t, 0, &t_ns)) {
        return false;
    }
    if (!scan_u64(n, &number) || number != due) {
        return fail(line, n, "\"n\" must be %" PRIu64 " here", due);
    }
    if ((uint64_t)t_ns < line->reader->last_ns) {
        return fail(line, t, "\"t\" must not be before the last event's %" PRIu64,
                    line->reader->last_ns);
    }
    line->event.t_ns = (uint64_t)t_ns;
    return true;
}

bool read_event_line(EventReader *reader, const char *text, size_t size_bytes, LineFault *fault) {
    Line line; /* not zeroed: `members` is long, and only its first `count` are looked at */
    line.reader = reader;
    line.text = text;
    line.fault = fault;
    line.count = 0;
    if (!collect_members(&line, size_bytes) || !take_kind(&line) || !take_place_in_time(&line)) {
        return false;
    }
    const EventField *field = EVENT_KINDS[line.event.kind].fields;
    for (; field->key != NULL; field++) {
        if (!take_field(&line, field)) {
            return false;
        }
    }
    if (!all_used(&line)) {
        return false;
    }
    reader->last_ns = line.event.t_ns;
    log_append(reader->log, &line.event);
    return true;
}
