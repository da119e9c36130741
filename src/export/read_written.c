/* An event's line as export_event_line writes it: the keys in the table's order with its blanks,
 * plain texts, integers without ornament. Each is known by comparing bytes, nothing is searched
 * for. Whatever is not so is left to read_event.c; nothing is done before the whole line is seen.
 */
#include "export/fields.h"
#include "export/plain.h"
#include "export/read_line.h"

#include "base/assert.h"

enum { TEXTS_MAX = 2, DIGITS_MAX = 18 /* always below 2^63 */, ERRNO_MAX = 4095 };

/* A text that the event names, to be kept once the line is good. */
typedef struct WrittenText {
    const char *start;
    size_t size_bytes;
    FieldSlot slot;
} WrittenText;

/* A line at work: what is left of it, and what was found. */
typedef struct Written {
    const char *at, *end;
    Event event;
    WrittenText texts[TEXTS_MAX];
    size_t text_count;
} Written;

void event_reader_init(EventReader *reader, Log *log) {
    *reader = (EventReader){.log = log};
    for (int kind = 0; kind < EV_KIND_COUNT; kind++) {
        const EventKindRow *row = &EVENT_KINDS[kind];
        reader->name_length[kind] = strlen(row->name);
        for (size_t i = 0; row->fields[i].key != NULL; i++) {
            WrittenKey *key = &reader->keys[kind][i];
            const size_t length = strlen(row->fields[i].key);
            ASSERT(length + sizeof ", \"\": " <= sizeof key->text);
            memcpy(key->text, ", \"", 3);
            memcpy(key->text + 3, row->fields[i].key, length);
            memcpy(key->text + 3 + length, "\": ", 3);
            key->length = length + 6;
        }
    }
}

void event_reader_finish(EventReader *reader) {
    buf_finish(&reader->room);
}

/* ---- what may stand next ---- */

static inline bool take(Written *line, const char *text, size_t length) {
    if ((size_t)(line->end - line->at) < length || memcmp(line->at, text, length) != 0) {
        return false;
    }
    line->at += length;
    return true;
}

#define TAKE(line, literal) take((line), (literal), sizeof(literal) - 1)

static inline bool take_number(Written *line, int64_t *out) {
    const char *start = line->at;
    const char *at = start;
    uint64_t value = 0;
    while (at < line->end && (unsigned char)(*at - '0') < 10 && at - start <= DIGITS_MAX) {
        value = value * 10 + (uint64_t)(*at++ - '0');
    }
    const size_t digits = (size_t)(at - start);
    if (digits == 0 || digits > DIGITS_MAX || (digits > 1 && *start == '0')) {
        return false;
    }
    line->at = at;
    *out = (int64_t)value;
    return true;
}

static inline bool take_id(Written *line, uint32_t *out) {
    const char *start = line->at;
    int64_t value = 0;
    if (!take_number(line, &value) || value >= (int64_t)EVENT_NONE) {
        line->at = start;
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

static bool take_result(Written *line, int64_t *out) {
    const bool negative = TAKE(line, "-");
    if (!take_number(line, out) || (negative && (*out == 0 || *out > ERRNO_MAX))) {
        return false;
    }
    *out = negative ? -*out : *out;
    return true;
}

/* The bytes between two quotes. */
static inline bool take_quoted(Written *line, const char **start, size_t *length) {
    if (line->at == line->end || *line->at != '"') {
        return false;
    }
    *start = line->at + 1;
    *length = plain_length(*start, (size_t)(line->end - *start));
    line->at = *start + *length;
    return TAKE(line, "\"");
}

static bool take_text(Written *line, FieldSlot slot) {
    WrittenText *text = &line->texts[line->text_count];
    if (line->text_count == TEXTS_MAX || !take_quoted(line, &text->start, &text->size_bytes)) {
        return false;
    }
    text->slot = slot;
    line->text_count++;
    return true;
}

static bool take_word(Written *line, const char *const *words, uint8_t *out) {
    const char *start = NULL;
    size_t length = 0;
    if (!take_quoted(line, &start, &length) || length == 0) {
        return false;
    }
    for (uint8_t i = 0; words[i] != NULL; i++) {
        if (strncmp(words[i], start, length) == 0 && words[i][length] == '\0') {
            *out = i;
            return true;
        }
    }
    return false;
}

/* ---- slots ---- */

static inline uint32_t *slot_u32(Event *event, FieldSlot slot) {
    return slot == SLOT_TASK ? &event->task : slot == SLOT_ID ? &event->id : &event->text;
}

static inline int64_t *slot_i64(Event *event, FieldSlot slot) {
    return slot == SLOT_X ? &event->x : slot == SLOT_Y ? &event->y : &event->z;
}

static inline uint8_t *slot_u8(Event *event, FieldSlot slot) {
    return slot == SLOT_A ? &event->a : slot == SLOT_B ? &event->b : &event->c;
}

static bool take_target(Written *line) {
    Event *event = &line->event;
    if (TAKE(line, ", \"op\": ")) {
        event->b = TARGET_OP;
        return take_id(line, &event->id);
    }
    if (TAKE(line, ", \"timer\": ")) {
        event->b = TARGET_TIMER;
        return take_id(line, &event->id);
    }
    if (!TAKE(line, ", \"target\": ")) {
        return true;
    }
    event->b = TARGET_NAME;
    if (take_text(line, SLOT_TEXT)) {
        return true;
    }
    event->b = TARGET_TASK;
    return take_id(line, &event->id);
}

static bool take_by(Written *line) {
    if (!TAKE(line, ", \"by\": ")) {
        return false;
    }
    line->event.b = CANCEL_BY_TASK;
    return take_id(line, &line->event.id) || take_word(line, CANCEL_BY_WORDS, &line->event.b);
}

static bool take_place(Written *line) {
    Event *event = &line->event;
    if (event->a == IO_CLOSE && TAKE(line, ", \"channel\": ")) {
        event->b = IO_MODE_END;
        return take_text(line, SLOT_TEXT);
    }
    const bool found =
        field_is_channel(event) ? TAKE(line, ", \"channel\": ") : TAKE(line, ", \"path\": ");
    return !found || take_text(line, SLOT_TEXT);
}

/* Of io_blocking, where nothing failed. */
static bool take_io_result(Written *line, const WrittenKey *key) {
    Event *event = &line->event;
    const int64_t bytes = event->x < 0 ? 0 : event->x;
    int64_t result = 0;
    if (!take(line, key->text, key->length) || !take_number(line, &result) || result > bytes ||
        bytes - result > UINT32_MAX) {
        return false;
    }
    event_set_io_result(event, (uint64_t)bytes, result, EVENT_NONE, false);
    return true;
}

/* ---- one field, by its type ---- */

static bool take_value(Written *line, const EventField *field) {
    Event *event = &line->event;
    switch (field->type) {
    case FIELD_U32:
    case FIELD_U32_ABSENT:
        return take_id(line, slot_u32(event, field->slot));
    case FIELD_U32_NULL:
        return take_id(line, slot_u32(event, field->slot)) || TAKE(line, "null");
    case FIELD_I64:
    case FIELD_I64_ABSENT:
        return take_number(line, slot_i64(event, field->slot));
    case FIELD_I64_NULL:
        return take_number(line, slot_i64(event, field->slot)) || TAKE(line, "null");
    case FIELD_RESULT:
        return take_result(line, slot_i64(event, field->slot));
    case FIELD_TEXT:
    case FIELD_TEXT_ABSENT:
        return take_text(line, field->slot);
    case FIELD_WORD:
        return take_word(line, field->words, slot_u8(event, field->slot));
    default:
        ASSERT(field->type == FIELD_FLAG);
        *slot_u8(event, field->slot) = 1;
        return TAKE(line, "true");
    }
}

static bool may_be_absent(const EventField *field) {
    return field->type == FIELD_U32_ABSENT || field->type == FIELD_I64_ABSENT ||
           field->type == FIELD_TEXT_ABSENT || field->type == FIELD_FLAG ||
           (field->type == FIELD_WORD && field->words[0][0] == '\0');
}

static inline bool take_field(Written *line, const EventField *field, const WrittenKey *key) {
    switch (field->type) {
    case FIELD_TARGET:
        return take_target(line);
    case FIELD_BY:
        return take_by(line);
    case FIELD_PLACE:
        return take_place(line);
    case FIELD_IO_RESULT:
        return take_io_result(line, key);
    case FIELD_IO_ERROR:
    case FIELD_IO_THREAD:
        return true; /* where they stand, what is next does not */
    case FIELD_TEXT_RAW:
        return false;
    default:
        return take(line, key->text, key->length) ? take_value(line, field) : may_be_absent(field);
    }
}

static bool take_kind(Written *line, EventReader *reader, EventKind *kind) {
    const char *name = NULL;
    size_t length = 0;
    if (!take_quoted(line, &name, &length)) {
        return false;
    }
    *kind = (EventKind)reader->next_kind[reader->last_kind];
    for (int next = 0; next <= EV_KIND_COUNT; next++) {
        if (reader->name_length[*kind] == length &&
            memcmp(EVENT_KINDS[*kind].name, name, length) == 0) {
            reader->next_kind[reader->last_kind] = (uint8_t)*kind;
            reader->last_kind = (uint8_t)*kind;
            return true;
        }
        *kind = (EventKind)(next % EV_KIND_COUNT);
    }
    return false;
}

static void keep_texts(EventReader *reader, Written *line) {
    Event *event = &line->event;
    const bool printed = event->kind == EV_OUTPUT || event->kind == EV_NOTE;
    for (size_t i = 0; i < line->text_count; i++) {
        const WrittenText *text = &line->texts[i];
        const uint32_t id = printed ? log_add_text(reader->log, text->start, text->size_bytes)
                                    : log_intern(reader->log, text->start, text->size_bytes);
        if (text->slot == SLOT_X) {
            event->x = (int64_t)id;
        } else {
            *slot_u32(event, text->slot) = id;
        }
    }
}

bool read_written_line(EventReader *reader, const char *text, size_t size_bytes) {
    Written line;
    line.at = text;
    line.end = text + size_bytes;
    line.text_count = 0;
    int64_t n = 0, t_ns = 0;
    EventKind kind = EV_LOOP_START;
    if (!TAKE(&line, "{\"n\": ") || !take_number(&line, &n) || !TAKE(&line, ", \"t\": ") ||
        !take_number(&line, &t_ns) || !TAKE(&line, ", \"ev\": ") ||
        (uint64_t)n != log_count(reader->log) || (uint64_t)t_ns < reader->last_ns ||
        !take_kind(&line, reader, &kind)) {
        return false;
    }
    line.event = event_make(kind);
    line.event.t_ns = (uint64_t)t_ns;
    const EventField *field = EVENT_KINDS[kind].fields;
    const WrittenKey *key = reader->keys[kind];
    for (; field->key != NULL; field++, key++) {
        if (!take_field(&line, field, key)) {
            return false;
        }
    }
    if (!TAKE(&line, "}") || line.at != line.end) {
        return false;
    }
    keep_texts(reader, &line);
    reader->last_ns = line.event.t_ns;
    log_append(reader->log, &line.event);
    return true;
}
