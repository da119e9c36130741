#include "scenario/reader.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool reader_init(Reader *reader, const char *file, const char *text, size_t size, Diags *diags) {
    *reader = (Reader){.file = file, .text = text, .size = size, .diags = diags};
    if (!scan_json(&reader->scan, text, size)) {
        Diag *diag = diags_add_at(diags, file, text, size, reader->scan.error_at, "%s; expected %s",
                                  reader->scan.error, reader->scan.expected);
        diag_set_expected(diag, "%s", reader->scan.expected);
        return false;
    }
    reader->root = cJSON_ParseWithLength(text, size);
    ASSERT(reader->root != NULL); /* the scanner has seen that it is JSON */
    return true;
}

void reader_finish(Reader *reader) {
    scan_json_finish(&reader->scan);
    cJSON_Delete(reader->root);
    buf_finish(&reader->pointer);
}

Value reader_root(const Reader *reader) {
    return (Value){reader->root, 0};
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
size_t reader_push_key(Reader *reader, const char *key) {
    const size_t mark = reader->pointer.size_bytes;
    buf_append_char(&reader->pointer, '/');
    for (; *key != '\0'; key++) {
        if (*key == '~' || *key == '/') {
            buf_append_text(&reader->pointer, *key == '~' ? "~0" : "~1");
        } else {
            buf_append_char(&reader->pointer, *key);
        }
    }
    return mark;
}

size_t reader_push_index(Reader *reader, size_t index) {
    const size_t mark = reader->pointer.size_bytes;
    buf_append_char(&reader->pointer, '/');
    buf_append_u64(&reader->pointer, index);
    return mark;
}

void reader_pop(Reader *reader, size_t mark) {
    reader->pointer.size_bytes = mark;
    reader->pointer.data[mark] = '\0';
}

/* ---- mistakes ---- */

static Diag *mistake_v(Reader *reader, size_t offset, const char *format, va_list args) {
    char message[600];
    vsnprintf(message, sizeof message, format, args);
    Diag *diag = diags_add_at(reader->diags, reader->file, reader->text, reader->size, offset, "%s",
                              message);
    diag_set_pointer(diag, buf_text(&reader->pointer));
    reader->mistakes++;
    return diag;
}

Diag *mistake_at(Reader *reader, size_t offset, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Diag *diag = mistake_v(reader, offset, format, args);
    va_end(args);
    return diag;
}

Diag *mistake_value(Reader *reader, Value value, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Diag *diag = mistake_v(reader, reader->scan.nodes[value.node].start, format, args);
    va_end(args);
    return diag;
}

Diag *mistake_key(Reader *reader, Value member, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Diag *diag = mistake_v(reader, reader->scan.nodes[member.node].key, format, args);
    va_end(args);
    return diag;
}

static const char *type_word(const cJSON *json) {
    return cJSON_IsObject(json)   ? "an object"
           : cJSON_IsArray(json)  ? "an array"
           : cJSON_IsString(json) ? "text"
           : cJSON_IsNumber(json) ? "a number"
           : cJSON_IsBool(json)   ? "true or false"
                                  : "null";
}

/* What stands there, as written, cut where it is long. */
static void set_found(Reader *reader, Diag *diag, Value value) {
    enum { SHOWN_MAX = 40 };
    const ScanNode *node = &reader->scan.nodes[value.node];
    const char *start = reader->text + node->start;
    int length = (int)(node->end - node->start);
    const char *line_end = memchr(start, '\n', (size_t)length);
    bool cut = line_end != NULL;
    length = cut ? (int)(line_end - start) : length;
    if (length > SHOWN_MAX) {
        cut = true;
        for (length = SHOWN_MAX; (start[length] & 0xC0) == 0x80; length--) {
        }
    }
    diag_set_found(diag, "%s: %.*s%s", type_word(value.json), length, start, cut ? "..." : "");
}

bool mistake_type(Reader *reader, Value value, const char *what) {
    const char *key = value.json->string;
    Diag *diag = key != NULL ? mistake_value(reader, value, "\"%s\" must be %s, not %s", key, what,
                                             type_word(value.json))
                             : mistake_value(reader, value, "this must be %s, not %s", what,
                                             type_word(value.json));
    diag_set_expected(diag, "%s", what);
    set_found(reader, diag, value);
    return false;
}

/* A value of the right type that is no good: "must be WHAT". */
static bool mistake_range(Reader *reader, Value value, const char *what) {
    const char *key = value.json->string;
    Diag *diag = mistake_value(reader, value, "%s%s%s must be %s", key == NULL ? "" : "\"",
                               key == NULL ? "this" : key, key == NULL ? "" : "\"", what);
    diag_set_expected(diag, "%s", what);
    set_found(reader, diag, value);
    return false;
}

void near_name(Buf *out, const char *word, const char *const *candidates, size_t count) {
    const char *near = diag_nearest(word, candidates, count);
    if (near != NULL) {
        buf_printf(out, ": did you mean \"%s\"?", near);
    }
}

typedef struct KeyPlace {
    const char *key;
    Value member;
} KeyPlace;

static int by_key(const void *left, const void *right) {
    const KeyPlace *a = left, *b = right;
    const int order = strcmp(a->key, b->key);
    return order != 0 ? order : (a->member.node < b->member.node ? -1 : 1);
}

void check_duplicate_keys(Reader *reader, Value object) {
    const size_t count = value_count(object);
    if (count < 2) {
        return;
    }
    KeyPlace *places = mem_alloc(count, sizeof *places);
    Value member = value_child(reader, object);
    for (size_t i = 0; i < count; i++, member = value_next(reader, member)) {
        places[i] = (KeyPlace){member.json->string, member};
    }
    qsort(places, count, sizeof *places, by_key);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(places[i].key, places[i - 1].key) == 0) {
            Diag *diag = mistake_key(reader, places[i].member, "the key \"%s\" is given twice",
                                     places[i].key);
            diag_set_expected(diag, "each key once");
        }
    }
    free(places);
}

/* ---- values ---- */

bool is_name(const char *text) {
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    const size_t first = strspn(text, LETTERS);
    return first > 0 &&
           text[first + strspn(text + first, "abcdefghijklmnopqrstuvwxyz"
                                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")] == '\0';
}

bool read_string(Reader *reader, Value value, const char **out) {
    if (!value_is_string(value)) {
        return mistake_type(reader, value, "a text");
    }
    *out = value.json->valuestring;
    return true;
}

bool read_name(Reader *reader, Value value, const char **out) {
    if (!value_is_string(value)) {
        return mistake_type(reader, value, "a name");
    }
    if (!is_name(value.json->valuestring)) {
        return mistake_range(reader, value,
                             "a name: letters, digits and _, not beginning with a digit");
    }
    *out = value.json->valuestring;
    return true;
}

bool read_bool(Reader *reader, Value value, bool *out) {
    if (!cJSON_IsBool(value.json)) {
        return mistake_type(reader, value, "true or false");
    }
    *out = cJSON_IsTrue(value.json);
    return true;
}

bool read_integer(Reader *reader, Value value, uint64_t least, uint64_t most, uint64_t *out) {
    char what[100];
    if (most >= INTEGER_MAX) {
        snprintf(what, sizeof what, "a whole number of at least %llu", (unsigned long long)least);
    } else {
        snprintf(what, sizeof what, "a whole number from %llu to %llu", (unsigned long long)least,
                 (unsigned long long)most);
    }
    if (!cJSON_IsNumber(value.json)) {
        return mistake_type(reader, value, what);
    }
    const double number = value.json->valuedouble;
    if (!(number >= (double)least && number <= (double)INTEGER_MAX)) {
        return mistake_range(reader, value, number > 0 ? "a whole number of at most 2^53" : what);
    }
    if (number > (double)most || number != (double)(uint64_t)number) {
        return mistake_range(reader, value, what);
    }
    *out = (uint64_t)number;
    return true;
}

/* Digits at `text`: the value (saturated at 2^53 + 1) and how many. */
static size_t take_digits(const char *text, uint64_t *out) {
    size_t count = 0;
    *out = 0;
    for (; text[count] >= '0' && text[count] <= '9'; count++) {
        if (*out <= INTEGER_MAX) {
            *out = *out * 10 + (uint64_t)(text[count] - '0');
        }
    }
    return count;
}

#define DURATION_MAX_NS UINT64_C(1000000000000000000) /* 1e9 s */

/* "250us", "20ms", "1.5s": exact to the nanosecond, what is finer is rounded off. */
static bool parse_duration(const char *text, uint64_t *out_ns) {
    uint64_t whole = 0, fraction = 0, scale = 1;
    const size_t digits = take_digits(text, &whole);
    const char *at = text + digits;
    if (digits == 0) {
        return false;
    }
    if (*at == '.') {
        size_t places = 0;
        for (at++; *at >= '0' && *at <= '9'; at++, places++) {
            if (places < 9) {
                fraction = fraction * 10 + (uint64_t)(*at - '0');
                scale *= 10;
            }
        }
        if (places == 0) {
            return false;
        }
    }
    const uint64_t unit = strcmp(at, "us") == 0   ? 1000
                          : strcmp(at, "ms") == 0 ? 1000000
                          : strcmp(at, "s") == 0  ? 1000000000
                                                  : 0;
    if (unit == 0) {
        return false;
    }
    const double whole_ns = (double)whole * (double)unit;
    *out_ns = whole_ns > 2e18 ? UINT64_MAX : whole * unit + fraction * unit / scale;
    return true;
}

bool read_duration(Reader *reader, Value value, uint64_t *out_ns) {
    static const char WHAT[] =
        "a duration: seconds, or a text like \"250us\", \"20ms\" or \"1.5s\"";
    static const char RANGE[] = "a duration from 0 to 1e9 seconds";
    if (value_is_string(value)) {
        if (!parse_duration(value.json->valuestring, out_ns)) {
            return mistake_range(reader, value, WHAT);
        }
        return *out_ns <= DURATION_MAX_NS || mistake_range(reader, value, RANGE);
    }
    if (!cJSON_IsNumber(value.json)) {
        return mistake_type(reader, value, WHAT);
    }
    const double seconds = value.json->valuedouble;
    if (!(seconds >= 0 && seconds <= 1e9)) {
        return mistake_range(reader, value, RANGE);
    }
    *out_ns = (uint64_t)(seconds * 1e9 + 0.5);
    return true;
}

bool read_size(Reader *reader, Value value, uint64_t least, uint64_t *out) {
    static const char WHAT[] =
        "a size: whole bytes, or a text like \"64KiB\", \"8MiB\" or \"1GiB\"";
    if (cJSON_IsNumber(value.json)) {
        return read_integer(reader, value, least, INTEGER_MAX, out);
    }
    if (!value_is_string(value)) {
        return mistake_type(reader, value, WHAT);
    }
    uint64_t count = 0;
    const char *text = value.json->valuestring;
    const size_t digits = take_digits(text, &count);
    const char *unit = text + digits;
    const unsigned shift = strcmp(unit, "KiB") == 0   ? 10
                           : strcmp(unit, "MiB") == 0 ? 20
                           : strcmp(unit, "GiB") == 0 ? 30
                                                      : 0;
    if (digits == 0 || shift == 0) {
        return mistake_range(reader, value, WHAT);
    }
    if (count > INTEGER_MAX >> shift) {
        return mistake_range(reader, value, "a size of at most 2^53 bytes");
    }
    *out = count << shift;
    return *out >= least || mistake_range(reader, value, "a size of at least 1 byte");
}
