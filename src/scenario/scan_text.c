/* The scanner's tokens: texts, numbers, words. */
#include "scenario/scan_impl.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { LIBRARY_NUMBER_MAX = 60 }; /* cJSON takes numbers of at most 63 characters */

static int hex_value(int c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* How many hexadecimal digits stand at `at`, at most four; *value is what they give. */
static size_t hex4(const Scanner *s, size_t at, uint32_t *value) {
    size_t count = 0;
    for (*value = 0; count < 4 && at + count < s->size; count++) {
        const int digit = hex_value((unsigned char)s->text[at + count]);
        if (digit < 0) {
            break;
        }
        *value = *value * 16 + (uint32_t)digit;
    }
    return count;
}

/* A mistake within a text: the bytes at fault are covered, and the text goes on behind them. */
static bool cover(Scanner *s, size_t at, size_t size, const char *error, const char *expected) {
    scanner_note(s, at, error, expected);
    scanner_mend(s, at, size, '_');
    s->at = at + size;
    return true;
}

/* "\uXXXX" at `escape`, and the second half of a pair. */
static bool scan_unicode(Scanner *s, size_t escape) {
    static const char PAIR[] = "a high surrogate followed by a low one";
    uint32_t unit = 0, low = 0;
    const size_t digits = hex4(s, escape + 2, &unit);
    if (digits < 4 && escape + 2 + digits == s->size) {
        s->at = s->size;
        return scanner_fail_here(s, NULL, "the rest of the text and a closing quote");
    }
    if (digits < 4) {
        return cover(s, escape, 2 + digits, "\\u needs four hexadecimal digits", "\\u0041, say");
    }
    if (unit == 0) {
        return cover(s, escape, 6, "\\u0000 may not stand in a text", "a text without it");
    }
    if (unit >= 0xDC00 && unit <= 0xDFFF) {
        return cover(s, escape, 6, "a lone low surrogate", PAIR);
    }
    s->at = escape + 6;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        const bool escaped = s->size - s->at >= 6 && memcmp(s->text + s->at, "\\u", 2) == 0;
        if (!escaped || hex4(s, s->at + 2, &low) < 4 || low < 0xDC00 || low > 0xDFFF) {
            return cover(s, escape, 6, "a lone high surrogate", PAIR);
        }
        s->at += 6;
    }
    return true;
}

static bool scan_escape(Scanner *s) {
    const size_t escape = s->at++;
    const int c = scanner_peek(s);
    if (c == 'u') {
        return scan_unicode(s, escape);
    }
    if (c < 0) {
        return scanner_fail_here(s, NULL, "the rest of the text and a closing quote");
    }
    if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL) {
        /* The backslash alone: what it stands before may itself be at fault. */
        return cover(s, escape, 1, "unknown escape in a text",
                     "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    }
    s->at++;
    return true;
}

/* A character that stands for itself. */
static bool scan_plain(Scanner *s, int c) {
    if (c == '\n' || c == '\r') {
        return scanner_fail(s, s->at, "the line ends within a text",
                            "a closing quote, or \\n for a line break");
    }
    if (c < 0x20) {
        return cover(s, s->at, 1, "a control character stands in a text",
                     c == '\t' ? "\\t for a tab" : "an escape such as \\u001b");
    }
    uint32_t code = 0;
    bool valid = false;
    const size_t used = utf8_decode(s->text + s->at, s->size - s->at, &code, &valid);
    if (!valid) {
        return cover(s, s->at, 1, "this is not UTF-8", "a file saved as UTF-8");
    }
    s->at += used;
    return true;
}

bool scan_string(Scanner *s) {
    s->at++; /* the opening quote */
    for (;;) {
        const int c = scanner_peek(s);
        if (c < 0) {
            return scanner_fail_here(s, NULL, "a closing quote");
        }
        if (c == '"') {
            s->at++;
            return true;
        }
        if (!(c == '\\' ? scan_escape(s) : scan_plain(s, c))) {
            return false;
        }
    }
}

static bool scan_digits(Scanner *s) {
    if (scanner_peek(s) < '0' || scanner_peek(s) > '9') {
        return scanner_fail_here(s, "a number needs a digit here", "a digit");
    }
    while (scanner_peek(s) >= '0' && scanner_peek(s) <= '9') {
        s->at++;
    }
    return true;
}

static bool scan_fraction_and_exponent(Scanner *s) {
    if (scanner_peek(s) == '.') {
        s->at++;
        if (!scan_digits(s)) {
            return false;
        }
    }
    if (scanner_peek(s) == 'e' || scanner_peek(s) == 'E') {
        s->at++;
        if (scanner_peek(s) == '+' || scanner_peek(s) == '-') {
            s->at++;
        }
        return scan_digits(s);
    }
    return true;
}

bool scan_number(Scanner *s) {
    const size_t start = s->at;
    if (scanner_peek(s) == '-') {
        s->at++;
    }
    const size_t first = s->at;
    if (!scan_digits(s)) {
        return false;
    }
    const bool padded = s->text[first] == '0' && s->at > first + 1;
    size_t digits = first;
    if (padded) {
        scanner_note(s, first, "a number may not begin with 0", "the number without the 0 before");
        while (digits + 1 < s->at && s->text[digits] == '0') {
            digits++;
        }
    }
    if (!scan_fraction_and_exponent(s)) {
        return false;
    }
    if (padded) {
        scanner_offer(s, first > start ? "-" : "", digits, s->at, "");
    }
    /* Values are read from the text itself; the library needs to see that there is a number. */
    if (s->at - start > LIBRARY_NUMBER_MAX || padded) {
        scanner_mend(s, start, s->at - start, ' ');
        scanner_mend(s, s->at - 1, 1, '0');
    }
    return true;
}

/* A text in single quotes that ends on its line and needs no escapes. */
static void offer_double_quotes(Scanner *s) {
    size_t to = s->at + 1;
    while (to < s->size && strchr("'\"\\\n", s->text[to]) == NULL) {
        to++;
    }
    if (to < s->size && s->text[to] == '\'') {
        scanner_offer(s, "\"", s->at + 1, to, "\"");
    }
}

/* As Python and others write them. */
static void offer_word(Scanner *s) {
    static const struct {
        const char *word, *right;
    } ROWS[] = {{"True", "true"},   {"TRUE", "true"}, {"False", "false"},
                {"FALSE", "false"}, {"None", "null"}, {"NULL", "null"}};
    size_t length = 0;
    while (s->at + length < s->size && isalnum((unsigned char)s->text[s->at + length])) {
        length++;
    }
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (strlen(ROWS[i].word) == length && memcmp(s->text + s->at, ROWS[i].word, length) == 0) {
            scanner_offer(s, ROWS[i].right, s->at, s->at, "");
        }
    }
}

static bool scan_no_value(Scanner *s) {
    uint32_t code = 0;
    bool valid = true;
    if (s->at < s->size) {
        utf8_decode(s->text + s->at, s->size - s->at, &code, &valid);
    }
    if (!valid) {
        return scanner_fail(s, s->at, "this is not UTF-8", "a file saved as UTF-8");
    }
    if (scanner_peek(s) == '\'') {
        scanner_fail(s, s->at, "texts stand in double quotes", "\"");
        offer_double_quotes(s);
        return false;
    }
    if (scanner_peek(s) == ',' || scanner_peek(s) == ']' || scanner_peek(s) == '}') {
        return scanner_fail(s, s->at, "a value is missing here", "a value");
    }
    scanner_fail_here(s, "this is no JSON value",
                      "an object, an array, a text, a number, true, false or null");
    offer_word(s);
    return false;
}

bool scan_word(Scanner *s) {
    static const char *const WORDS[] = {"true", "false", "null"};
    const size_t left = s->size - s->at;
    for (size_t i = 0; i < 3; i++) {
        const size_t length = strlen(WORDS[i]);
        if (left >= length && memcmp(s->text + s->at, WORDS[i], length) == 0) {
            s->at += length;
            return true;
        }
        if (left > 0 && left < length && memcmp(s->text + s->at, WORDS[i], left) == 0) {
            s->at = s->size;
            return scanner_fail_here(s, NULL, "true, false or null");
        }
    }
    return scan_no_value(s);
}

/* ---- places within a text ---- */

ScanPlace scan_place_begin(const ScanNode *string) {
    return (ScanPlace){.at = string->start + 1};
}

void scan_place_move(ScanPlace *place, const char *text, size_t bytes) {
    while (text[place->at] != '"') {
        uint32_t used = 1;
        size_t gives = 1;
        if (text[place->at] == '\\' && text[place->at + 1] == 'u') {
            const char digits[5] = {text[place->at + 2], text[place->at + 3], text[place->at + 4],
                                    text[place->at + 5], '\0'};
            const unsigned long unit = strtoul(digits, NULL, 16);
            const bool pair = unit >= 0xD800 && unit <= 0xDBFF;
            used = pair ? 12 : 6;
            gives = pair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
        } else if (text[place->at] == '\\') {
            used = 2;
        }
        if (place->bytes + gives > bytes) {
            return;
        }
        place->bytes += gives;
        place->at += used;
    }
}
