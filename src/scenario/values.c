/* The format's kinds of values: names, whole numbers, durations, sizes. */
#include "scenario/decimal.h"
#include "scenario/offer.h"
#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>

#define DURATION_MAX_NS UINT64_C(1000000000000000000) /* 1e9 s */
#define DIGITS          "0123456789"
#define LETTERS         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

bool is_name(const char *text) {
    return strspn(text, LETTERS) > 0 && text[strspn(text, LETTERS DIGITS)] == '\0';
}

bool read_string(Reader *reader, Value value, const char **out) {
    if (!value_is_string(value)) {
        mistake_type(reader, value, "a text");
        offer_text(reader, value);
        return false;
    }
    *out = value.json->valuestring;
    return true;
}

bool read_name(Reader *reader, Value value, const char **out) {
    if (!value_is_string(value)) {
        return mistake_type(reader, value, "a name");
    }
    if (!is_name(value.json->valuestring)) {
        mistake_range(reader, value, "a name: letters, digits and _, no digit at its beginning");
        offer_name(reader, value);
        return false;
    }
    *out = value.json->valuestring;
    return true;
}

bool read_bool(Reader *reader, Value value, bool *out) {
    if (!cJSON_IsBool(value.json)) {
        mistake_type(reader, value, "true or false");
        offer_bool(reader, value);
        return false;
    }
    *out = cJSON_IsTrue(value.json);
    return true;
}

/* The number as it stands in the file: the library's would be rounded to a double. */
static Decimal number_of(const Reader *reader, Value value, int scale) {
    const ScanNode *node = &reader->scan.nodes[value.node];
    return decimal_read(reader->text + node->start, node->end - node->start, scale);
}

bool is_several(const Reader *reader, Value value) {
    if (!cJSON_IsNumber(value.json)) {
        return false;
    }
    const Decimal number = number_of(reader, value, 0);
    return !number.negative && number.value >= 2;
}

bool read_integer(Reader *reader, Value value, uint64_t least, uint64_t *out) {
    char what[64];
    snprintf(what, sizeof what, "a whole number of at least %llu", (unsigned long long)least);
    if (!cJSON_IsNumber(value.json)) {
        mistake_type(reader, value, what);
        offer_integer(reader, value);
        return false;
    }
    const Decimal number = number_of(reader, value, 0);
    if (number.negative || !number.exact || number.value < least) {
        mistake_range(reader, value, what);
        if (number.negative || number.value < least) {
            offer_value(reader, "%llu", (unsigned long long)least);
        }
        return false;
    }
    if (number.value > INTEGER_MAX) {
        mistake_range(reader, value, "a whole number of at most 2^53");
        offer_value(reader, "%llu", (unsigned long long)INTEGER_MAX);
        return false;
    }
    *out = number.value;
    return true;
}

/* A decimal of seconds or of a unit in nanoseconds. What is finer than a nanosecond is rounded up:
 * a short sleep is still a sleep, and sleep 0 means something else. */
static bool take_duration(Reader *reader, Value value, Decimal number, uint64_t *out_ns) {
    const uint64_t ns = number.value + (number.exact || number.value == UINT64_MAX ? 0 : 1);
    if (number.negative || ns > DURATION_MAX_NS) {
        mistake_range(reader, value, "a duration from 0 to 1e9 seconds");
        offer_value(reader, number.negative ? "0" : "1000000000");
        return false;
    }
    *out_ns = ns;
    return true;
}

/* The length of digits with an optional fraction, 0 where there are none. */
static size_t plain_decimal(const char *text) {
    const size_t whole = strspn(text, DIGITS);
    if (whole == 0 || text[whole] != '.') {
        return whole;
    }
    const size_t fraction = strspn(text + whole + 1, DIGITS);
    return fraction == 0 ? 0 : whole + 1 + fraction;
}

bool read_duration(Reader *reader, Value value, uint64_t *out_ns) {
    static const char WHAT[] =
        "a duration: seconds, or a text like \"250us\", \"20ms\" or \"1.5s\"";
    static const struct {
        const char *unit;
        int scale;
    } UNITS[] = {{"s", 9}, {"ms", 6}, {"us", 3}};
    if (cJSON_IsNumber(value.json)) {
        return take_duration(reader, value, number_of(reader, value, 9), out_ns);
    }
    if (!value_is_string(value)) {
        return mistake_type(reader, value, WHAT);
    }
    const char *text = value.json->valuestring;
    const size_t length = plain_decimal(text);
    for (size_t i = 0; length > 0 && i < sizeof UNITS / sizeof UNITS[0]; i++) {
        if (strcmp(text + length, UNITS[i].unit) == 0) {
            return take_duration(reader, value, decimal_read(text, length, UNITS[i].scale), out_ns);
        }
    }
    mistake_range(reader, value, WHAT);
    offer_duration(reader, value);
    return false;
}

bool read_size(Reader *reader, Value value, uint64_t least, uint64_t *out) {
    static const char WHAT[] =
        "a size: whole bytes, or a text like \"64KiB\", \"8MiB\" or \"1GiB\"";
    static const char *const UNITS[] = {"KiB", "MiB", "GiB"};
    if (cJSON_IsNumber(value.json)) {
        return read_integer(reader, value, least, out);
    }
    if (!value_is_string(value)) {
        return mistake_type(reader, value, WHAT);
    }
    const char *text = value.json->valuestring;
    const size_t length = strspn(text, DIGITS);
    for (unsigned i = 0; length > 0 && i < sizeof UNITS / sizeof UNITS[0]; i++) {
        if (strcmp(text + length, UNITS[i]) == 0) {
            const unsigned shift = 10 * (i + 1);
            const Decimal count = decimal_read(text, length, 0);
            if (count.value > INTEGER_MAX >> shift) {
                return mistake_range(reader, value, "a size of at most 2^53 bytes");
            }
            *out = count.value << shift;
            return *out >= least || mistake_range(reader, value, "a size of at least 1 byte");
        }
    }
    mistake_range(reader, value, WHAT);
    offer_size(reader, value);
    return false;
}
