#include "scenario/reader.h"

#include "base/assert.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "scenario/offer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Near names cost a comparison each; a hostile file could ask for billions. */
enum { COMPARISONS_MAX = 50000 };

/* With so many mistakes the rest of a file is not looked at: nobody reads them. */
enum { MISTAKES_MAX = 20 * DIAGS_MAX };

bool reader_init(Reader *reader, const char *file, const char *text, size_t size, Diags *diags) {
    *reader = (Reader){.file = file,
                       .text = text,
                       .parsed = text,
                       .size = size,
                       .diags = diags,
                       .first_diag = diags->count};
    const bool good = scan_json(&reader->scan, text, size);
    for (size_t i = 0; i < reader->scan.mistake_count; i++) {
        const ScanMistake *mistake = &reader->scan.mistakes[i];
        Diag *diag = mistake_at(reader, reader_root(reader), mistake->at, "%s; expected %s",
                                mistake->error, mistake->expected);
        diag_set_expected(diag, "%s", mistake->expected);
        diag_set_pointer(diag, NULL);
        if (mistake->before != NULL) {
            diag_set_write(diag, "%s%.*s%s", mistake->before, (int)(mistake->to - mistake->from),
                           text + mistake->from, mistake->behind);
        }
    }
    if (!good) {
        return false;
    }
    reader->parsed = reader->scan.mended == NULL ? text : reader->scan.mended;
    reader->root = cJSON_ParseWithLength(reader->parsed, size);
    if (reader->root ==
        NULL) { /* the scanner has seen that it is JSON: there is no memory for it */
        diag_set_expected(
            mistake_at(reader, reader_root(reader), 0, "there is not enough memory for this file"),
            "a smaller file");
    }
    return reader->root != NULL;
}

typedef struct Placed {
    size_t offset, diag;
} Placed;

static int by_offset(const void *left, const void *right) {
    const Placed *a = left, *b = right;
    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static void place_mistakes(Reader *reader) {
    const size_t count = reader->offset_count;
    Placed *placed = mem_alloc(count, sizeof *placed);
    for (size_t i = 0; i < count; i++) {
        placed[i] = (Placed){reader->offsets[i], reader->first_diag + i};
    }
    qsort(placed, count, sizeof *placed, by_offset);
    DiagPlace place;
    diag_place_init(&place, reader->text, reader->size);
    for (size_t i = 0; i < count; i++) {
        diag_set_place(&reader->diags->items[placed[i].diag], &place, placed[i].offset);
    }
    free(placed);
}

void reader_finish(Reader *reader) {
    place_mistakes(reader);
    free(reader->offsets);
    scan_json_finish(&reader->scan);
    cJSON_Delete(reader->root);
    buf_finish(&reader->pointer);
}

Value reader_root(const Reader *reader) {
    return (Value){reader->root, 0};
}

uint32_t value_start(const Reader *reader, Value value) {
    return reader->scan.nodes[value.node].start;
}

/* ---- walking ---- */

bool value_is_object(Value value) {
    return cJSON_IsObject(value.json);
}

bool value_is_array(Value value) {
    return cJSON_IsArray(value.json);
}

bool value_is_string(Value value) {
    return cJSON_IsString(value.json);
}

Value value_child(const Reader *reader, Value parent) {
    const cJSON *child = parent.json->child;
    return (Value){child, child == NULL ? SCAN_NONE : reader->scan.nodes[parent.node].child};
}

Value value_next(const Reader *reader, Value value) {
    const cJSON *next = value.json->next;
    return (Value){next, next == NULL ? SCAN_NONE : reader->scan.nodes[value.node].next};
}

Value value_member(const Reader *reader, Value object, const char *key) {
    Value member = value_child(reader, object);
    while (member.json != NULL && strcmp(member.json->string, key) != 0) {
        member = value_next(reader, member);
    }
    return member;
}

size_t value_count(Value container) {
    size_t count = 0;
    for (const cJSON *item = container.json->child; item != NULL; item = item->next) {
        count++;
    }
    return count;
}

/* RFC 6901: "~" and "/" are escaped. */
static void append_key(Buf *pointer, const char *key) {
    buf_append_char(pointer, '/');
    for (; *key != '\0'; key++) {
        if (*key == '~' || *key == '/') {
            buf_append_text(pointer, *key == '~' ? "~0" : "~1");
        } else {
            buf_append_char(pointer, *key);
        }
    }
}

ReaderMark reader_enter_member(Reader *reader, Value member) {
    const ReaderMark mark = {reader->pointer.size_bytes, reader->at};
    append_key(&reader->pointer, member.json->string);
    reader->at = member.node;
    return mark;
}

ReaderMark reader_enter_element(Reader *reader, Value element, size_t index) {
    const ReaderMark mark = {reader->pointer.size_bytes, reader->at};
    buf_append_char(&reader->pointer, '/');
    buf_append_u64(&reader->pointer, index);
    reader->at = element.node;
    return mark;
}

void reader_leave(Reader *reader, ReaderMark mark) {
    reader->pointer.size_bytes = mark.pointer_bytes;
    reader->pointer.data[mark.pointer_bytes] = '\0';
    reader->at = mark.at;
}

bool reader_next_element(Reader *reader, Value array, ElementWalk *walk) {
    if (walk->element.json == NULL) {
        walk->element = value_child(reader, array);
    } else {
        reader_leave(reader, walk->mark);
        walk->element = value_next(reader, walk->element);
        walk->index++;
    }
    if (walk->element.json == NULL || reader_is_full(reader)) {
        return false;
    }
    walk->mark = reader_enter_element(reader, walk->element, walk->index);
    return true;
}

/* ---- mistakes ---- */

static Diag *mistake_v(Reader *reader, Value value, size_t offset, const char *format,
                       va_list args) {
    char message[4 * QUOTE_MAX_BYTES];
    vsnprintf(message, sizeof message, format, args);
    Diag *diag = diags_add(reader->diags, reader->file, "%s", message);
    if (diag != &reader->diags->spare) {
        reader->offsets = mem_grow(reader->offsets, &reader->offset_cap, reader->offset_count + 1,
                                   sizeof *reader->offsets);
        reader->offsets[reader->offset_count++] = offset;
    }
    const size_t size = reader->pointer.size_bytes;
    if (value.node != reader->at && value.json != NULL && value.json->string != NULL) {
        append_key(&reader->pointer, value.json->string);
    }
    diag_set_pointer(diag, buf_text(&reader->pointer));
    if (size != reader->pointer.size_bytes) {
        reader_leave(reader, (ReaderMark){size, reader->at});
    }
    reader->mistakes++;
    reader->last = (Spot){.diag = diag, .value = value};
    return diag;
}

bool reader_is_full(const Reader *reader) {
    return reader->mistakes >= MISTAKES_MAX;
}

Diag *mistake_at(Reader *reader, Value value, size_t offset, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Diag *diag = mistake_v(reader, value, offset, format, args);
    va_end(args);
    reader->last.is_whole = value.json != NULL && offset == value_start(reader, value);
    return diag;
}

Diag *mistake_value(Reader *reader, Value value, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Diag *diag = mistake_v(reader, value, value_start(reader, value), format, args);
    va_end(args);
    reader->last.is_whole = true;
    return diag;
}

Diag *mistake_key(Reader *reader, Value member, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Diag *diag = mistake_v(reader, member, reader->scan.nodes[member.node].key, format, args);
    va_end(args);
    reader->last.is_key = true;
    return diag;
}

static const char *type_word(const cJSON *json) {
    return cJSON_IsObject(json)   ? "an object"
           : cJSON_IsArray(json)  ? "an array"
           : cJSON_IsString(json) ? "a text"
           : cJSON_IsNumber(json) ? "a number"
           : cJSON_IsBool(json)   ? "true or false"
                                  : "null";
}

/* What stands there, as written, cut where it is long. */
static void set_found(Reader *reader, Diag *diag, Value value) {
    enum { SHOWN_MAX = 60 };
    const ScanNode *node = &reader->scan.nodes[value.node];
    const char *start = reader->text + node->start;
    size_t length = node->end - node->start;
    const bool cut = length > SHOWN_MAX || memchr(start, '\n', length) != NULL;
    if (cut) {
        const char *line_end = memchr(start, '\n', length);
        length = line_end == NULL ? length : (size_t)(line_end - start);
        for (length = length > SHOWN_MAX ? SHOWN_MAX : length;
             length > 0 && (start[length] & 0xC0) == 0x80; length--) {
        }
    }
    diag_set_found(diag, "%.*s%s", (int)length, start, cut ? "..." : "");
}

/* "this", or the key whose value it is. */
static const char *subject(Reader *reader, Value value) {
    return value.json->string == NULL ? "this" : quoted(reader, value.json->string);
}

bool mistake_type(Reader *reader, Value value, const char *what) {
    Diag *diag = mistake_value(reader, value, "%s must be %s, not %s", subject(reader, value), what,
                               type_word(value.json));
    diag_set_expected(diag, "%s", what);
    set_found(reader, diag, value);
    return false;
}

bool mistake_range(Reader *reader, Value value, const char *what) {
    Diag *diag = mistake_value(reader, value, "%s must be %s", subject(reader, value), what);
    diag_set_expected(diag, "%s", what);
    set_found(reader, diag, value);
    return false;
}

void suggest(Reader *reader, Diag *diag, const char *word, const char *const *candidates,
             size_t count) {
    const size_t left = COMPARISONS_MAX - reader->comparisons;
    count = count > left ? left : count;
    reader->comparisons += count;
    const char *near = diag_nearest(word, candidates, count);
    diag_suggest(diag, near);
    offer_near(reader, diag, near);
}

/* Control characters and marks that turn the writing's direction could forge a message. */
static bool needs_escape(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

const char *quoted(Reader *reader, const char *text) {
    enum { SHOWN_MAX = 60 };
    char *out = reader->quotes[reader->quote++ % QUOTES];
    const size_t size = strlen(text);
    size_t used = 0, at = 0;
    out[used++] = '"';
    for (size_t shown = 0; at < size && shown < SHOWN_MAX; shown++) {
        uint32_t code = 0;
        const size_t took = utf8_decode(text + at, size - at, &code, NULL);
        if (needs_escape(code)) {
            used += (size_t)snprintf(out + used, QUOTE_MAX_BYTES - used, "\\u%04x", (unsigned)code);
        } else {
            if (code == '"' || code == '\\') {
                out[used++] = '\\';
            }
            memcpy(out + used, text + at, took);
            used += took;
        }
        at += took;
    }
    snprintf(out + used, QUOTE_MAX_BYTES - used, "%s\"", at < size ? "..." : "");
    return out;
}

/* ---- keys ---- */

static int by_key(const void *left, const void *right) {
    const Value *a = left, *b = right;
    const int order = strcmp(a->json->string, b->json->string);
    return order != 0 ? order : (a->node < b->node ? -1 : 1);
}

void check_duplicate_keys(Reader *reader, Value object) {
    const size_t count = value_count(object);
    if (count < 2) {
        return;
    }
    Value *members = mem_alloc(count, sizeof *members);
    Value member = value_child(reader, object);
    for (size_t i = 0; i < count; i++, member = value_next(reader, member)) {
        members[i] = member;
    }
    qsort(members, count, sizeof *members, by_key);
    for (size_t i = 1; i < count && !reader_is_full(reader); i++) {
        if (strcmp(members[i].json->string, members[i - 1].json->string) == 0) {
            diag_set_expected(mistake_key(reader, members[i], "the key %s is given twice",
                                          quoted(reader, members[i].json->string)),
                              "each key once");
        }
    }
    free(members);
}

void check_keys(Reader *reader, Value object, const char *const *known, size_t count,
                const char *where) {
    for (Value member = value_child(reader, object); member.json != NULL && !reader_is_full(reader);
         member = value_next(reader, member)) {
        const char *key = member.json->string;
        size_t i = 0;
        while (i < count && strcmp(known[i], key) != 0) {
            i++;
        }
        if (i == count) {
            Diag *diag =
                mistake_key(reader, member, "unknown key %s %s", quoted(reader, key), where);
            suggest(reader, diag, key, known, count);
            Buf list = {0};
            for (i = 0; i < count; i++) {
                buf_printf(&list, "%s\"%s\"",
                           i == 0           ? ""
                           : i + 1 == count ? " or "
                                            : ", ",
                           known[i]);
            }
            diag_set_expected(diag, "%s", buf_text(&list));
            buf_finish(&list);
        }
    }
}

void check_has_key(Reader *reader, Value object, const char *key, const char *owner) {
    if (value_member(reader, object, key).json == NULL) {
        diag_set_expected(mistake_value(reader, object, "%s needs the key \"%s\"", owner, key),
                          "\"%s\"", key);
    }
}
