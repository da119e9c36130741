#include "scenario/offer.h"

#include "scenario/decimal.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OFFER_MAX_BYTES = 80, SOURCE_MAX_BYTES = 40 };

/* `"key": ` before a member's value; nothing before an element. */
static void append_member(const cJSON *json, Buf *out) {
    if (json->string != NULL) {
        buf_printf(out, "\"%s\": ", json->string);
    }
}

static void set(const Reader *reader, Buf *text) {
    if (text->size_bytes <= OFFER_MAX_BYTES) {
        diag_set_write(reader->last.diag, "%s", buf_text(text));
    }
    buf_finish(text);
}

/* A key that would need escapes is not worth it. */
static bool is_plain(const char *text) {
    return text == NULL || strpbrk(text, "\"\\") == NULL;
}

/* What stands in the file, where it is short and on one line. */
static void append_source(const Reader *reader, Value value, Buf *out) {
    const ScanNode *node = &reader->scan.nodes[value.node];
    const size_t size = node->end - node->start;
    if (size <= SOURCE_MAX_BYTES && memchr(reader->text + node->start, '\n', size) == NULL) {
        buf_append_char(out, ' ');
        buf_append(out, reader->text + node->start, size);
    }
}

void offer_near(Reader *reader, const Diag *diag, const char *near) {
    const Spot *spot = &reader->last;
    Buf text = {0};
    if (near == NULL || spot->diag != diag || spot->value.json == NULL || !is_plain(near)) {
        return;
    }
    if (spot->is_key) {
        buf_printf(&text, "\"%s\":", near);
        append_source(reader, spot->value, &text);
        set(reader, &text);
    } else if (spot->is_whole && value_is_string(spot->value)) {
        offer_value(reader, "\"%s\"", near);
    }
}

void offer_value(Reader *reader, const char *format, ...) {
    const Spot *spot = &reader->last;
    char literal[2 * OFFER_MAX_BYTES];
    Buf text = {0};
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(literal, sizeof literal, format, args);
    va_end(args);
    if (length < (int)sizeof literal && is_plain(spot->value.json->string)) {
        append_member(spot->value.json, &text);
        buf_append_text(&text, literal);
        set(reader, &text);
    }
}

void offer_text(Reader *reader, Value value) {
    const ScanNode *node = &reader->scan.nodes[value.node];
    if (cJSON_IsNumber(value.json) || cJSON_IsBool(value.json)) {
        offer_value(reader, "\"%.*s\"", (int)(node->end - node->start), reader->text + node->start);
    }
}

void offer_name(Reader *reader, Value value) {
    char name[OFFER_MAX_BYTES];
    const int length = snprintf(name, sizeof name, "%s", value.json->valuestring);
    for (char *sign = name; *sign != '\0'; sign++) {
        *sign = strchr("- .", *sign) != NULL ? '_' : *sign;
    }
    if (length < (int)sizeof name && is_name(name)) {
        offer_value(reader, "\"%s\"", name);
    }
}

/* The same letters, whatever their case. */
static bool is_word(const char *text, const char *word) {
    for (; *text != '\0' && tolower((unsigned char)*text) == tolower((unsigned char)*word);
         text++, word++) {
    }
    return *text == '\0' && *word == '\0';
}

void offer_bool(Reader *reader, Value value) {
    for (int i = 0; i < 2 && value_is_string(value); i++) {
        const char *const word = i == 0 ? "false" : "true";
        if (is_word(value.json->valuestring, word)) {
            offer_value(reader, "%s", word);
        }
    }
}

/* ---- numbers with units ---- */

typedef struct Quantity {
    const char *digits; /* with an optional fraction */
    int length;         /* 0: it is none */
    const char *unit;
} Quantity;

static Quantity quantity_of(Value value) {
    static const char DIGITS[] = "0123456789";
    Quantity quantity = {.digits = "", .unit = ""};
    if (!value_is_string(value)) {
        return quantity;
    }
    const char *text = value.json->valuestring + strspn(value.json->valuestring, " ");
    size_t length = strspn(text, DIGITS);
    if (length > 0 && text[length] == '.' && strspn(text + length + 1, DIGITS) > 0) {
        length += 1 + strspn(text + length + 1, DIGITS);
    }
    quantity.digits = text;
    quantity.length = length < OFFER_MAX_BYTES ? (int)length : 0;
    quantity.unit = text + length + strspn(text + length, " ");
    return quantity;
}

static bool is_whole(const Quantity *quantity) {
    return memchr(quantity->digits, '.', (size_t)quantity->length) == NULL;
}

/* JSON's numbers do not begin with 0. */
static bool is_json(const Quantity *quantity) {
    return quantity->digits[0] != '0' || quantity->length == 1 || quantity->digits[1] == '.';
}

void offer_integer(Reader *reader, Value value) {
    const Quantity number = quantity_of(value);
    if (number.length > 0 && number.unit[0] == '\0' && is_whole(&number) && is_json(&number)) {
        offer_value(reader, "%.*s", number.length, number.digits);
    }
}

void offer_duration(Reader *reader, Value value) {
    static const struct {
        const char *unit, *right;
    } UNITS[] = {{"s", "s"},
                 {"sec", "s"},
                 {"secs", "s"},
                 {"second", "s"},
                 {"seconds", "s"},
                 {"ms", "ms"},
                 {"msec", "ms"},
                 {"msecs", "ms"},
                 {"millisecond", "ms"},
                 {"milliseconds", "ms"},
                 {"us", "us"},
                 {"\xC2\xB5s", "us"},
                 {"\xCE\xBCs", "us"},
                 {"usec", "us"},
                 {"microsecond", "us"},
                 {"microseconds", "us"}};
    const Quantity time = quantity_of(value);
    if (time.length > 0 && time.unit[0] == '\0' && is_json(&time)) {
        offer_value(reader, "%.*s", time.length, time.digits);
    }
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0] && time.length > 0; i++) {
        if (is_word(time.unit, UNITS[i].unit)) {
            offer_value(reader, "\"%.*s%s\"", time.length, time.digits, UNITS[i].right);
        }
    }
}

/* Only units that mean one thing: whether a KB has 1000 or 1024 bytes nobody can tell. */
void offer_size(Reader *reader, Value value) {
    static const char *const UNITS[] = {"KiB", "MiB", "GiB"};
    enum { MILLIONTHS = 1000000 };
    const Quantity size = quantity_of(value);
    const bool bytes = size.unit[0] == '\0' || is_word(size.unit, "b") ||
                       is_word(size.unit, "byte") || is_word(size.unit, "bytes");
    if (size.length > 0 && bytes && is_whole(&size) && is_json(&size)) {
        offer_value(reader, "%.*s", size.length, size.digits);
    }
    for (unsigned i = 0; i < 3 && size.length > 0; i++) {
        if (!is_word(size.unit, UNITS[i])) {
            continue;
        }
        const unsigned shift = 10 * (i + 1);
        const Decimal parts = decimal_read(size.digits, (size_t)size.length, 6);
        const bool fits = parts.exact && parts.value <= UINT64_MAX >> shift;
        if (is_whole(&size)) {
            offer_value(reader, "\"%.*s%s\"", size.length, size.digits, UNITS[i]);
        } else if (fits && (parts.value << shift) % MILLIONTHS == 0) {
            offer_value(reader, "%llu", (unsigned long long)((parts.value << shift) / MILLIONTHS));
        }
    }
}
