#include "export/scan.h"
#include "export/plain.h"

#include "base/assert.h"
#include "base/utf8.h"

#include <string.h>

enum { DEPTH_MAX = 64 };

Scan scan_make(const char *text, size_t size_bytes) {
    return (Scan){.text = text, .size_bytes = size_bytes};
}

static bool fail(Scan *scan, const char *error) {
    scan->error = error;
    return false;
}

/* The byte at hand, or 0 behind the end; a 0 in the text is no JSON either. */
static char peek(const Scan *scan) {
    return scan->at < scan->size_bytes ? scan->text[scan->at] : '\0';
}

static void skip_blanks(Scan *scan) {
    while (scan->at < scan->size_bytes) {
        const char c = scan->text[scan->at];
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
            return;
        }
        scan->at++;
    }
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static size_t skip_digits(Scan *scan) {
    const size_t start = scan->at;
    while (is_digit(peek(scan))) {
        scan->at++;
    }
    return scan->at - start;
}

static bool magnitude_of(const char *digits, size_t count, uint64_t *out) {
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t digit = (uint64_t)(digits[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

static bool scan_number(Scan *scan, ScanValue *value) {
    const size_t start = scan->at;
    value->negative = peek(scan) == '-';
    scan->at += value->negative;
    const size_t first = scan->at;
    const size_t digits = skip_digits(scan);
    if (digits == 0 || (digits > 1 && scan->text[first] == '0')) {
        scan->at = first;
        return fail(scan, "this is no number");
    }
    bool whole = true;
    if (peek(scan) == '.') {
        whole = false;
        scan->at++;
        if (skip_digits(scan) == 0) {
            return fail(scan, "a digit is missing");
        }
    }
    if (peek(scan) == 'e' || peek(scan) == 'E') {
        whole = false;
        scan->at++;
        scan->at += peek(scan) == '+' || peek(scan) == '-';
        if (skip_digits(scan) == 0) {
            return fail(scan, "a digit is missing");
        }
    }
    whole = whole && magnitude_of(scan->text + first, digits, &value->magnitude);
    value->type = whole ? SCAN_INTEGER : SCAN_NUMBER;
    value->start = scan->text + start;
    value->size_bytes = scan->at - start;
    return true;
}

static bool hex4(const Scan *scan, size_t at, uint32_t *out) {
    if (scan->size_bytes < 4 || at > scan->size_bytes - 4) {
        return false;
    }
    uint32_t code = 0;
    for (size_t i = at; i < at + 4; i++) {
        const char c = scan->text[i];
        const char lower = (char)(c | 0x20);
        if (is_digit(c)) {
            code = code * 16 + (uint32_t)(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            code = code * 16 + (uint32_t)(lower - 'a' + 10);
        } else {
            return false;
        }
    }
    *out = code;
    return true;
}

/* The code point of a \u escape, a surrogate pair taken as one; at the `u`. */
static bool unicode_escape(Scan *scan, uint32_t *code) {
    uint32_t low = 0;
    if (!hex4(scan, scan->at + 1, code)) {
        return fail(scan, "four hexadecimal digits are missing");
    }
    const size_t next = scan->at + 5;
    if (*code >= 0xD800 && *code <= 0xDBFF && next + 1 < scan->size_bytes &&
        scan->text[next] == '\\' && scan->text[next + 1] == 'u' && hex4(scan, next + 2, &low) &&
        low >= 0xDC00 && low <= 0xDFFF) {
        *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
        scan->at = next + 6;
        return true;
    }
    if (*code >= 0xD800 && *code <= 0xDFFF) {
        return fail(scan, "half of a surrogate pair");
    }
    scan->at = next;
    return true;
}

/* One escape, at the character behind the backslash. */
static bool scan_escape(Scan *scan, uint32_t *code) {
    static const char NAMES[] = "\"\\/bfnrt";
    static const char MEANS[] = "\"\\/\b\f\n\r\t";
    const char c = peek(scan);
    if (c == 'u') {
        return unicode_escape(scan, code);
    }
    const char *found = c == '\0' ? NULL : strchr(NAMES, c);
    if (found == NULL) {
        return fail(scan, "an unknown escape");
    }
    *code = (uint32_t)MEANS[found - NAMES];
    scan->at++;
    return true;
}

static bool scan_string(Scan *scan, ScanValue *value) {
    const size_t start = ++scan->at;
    value->type = SCAN_TEXT;
    value->escaped = false;
    for (;;) {
        scan->at += plain_length(scan->text + scan->at, scan->size_bytes - scan->at);
        if (scan->at == scan->size_bytes) {
            return fail(scan, "the text has no end");
        }
        const unsigned char c = (unsigned char)scan->text[scan->at];
        uint32_t code = 0;
        bool valid = true;
        if (c == '"') {
            value->start = scan->text + start;
            value->size_bytes = scan->at - start;
            scan->at++;
            return true;
        }
        if (c == '\\') {
            value->escaped = true;
            scan->at++;
            if (!scan_escape(scan, &code)) {
                return false;
            }
        } else if (c < 0x20) {
            return fail(scan, "a control character in a text");
        } else {
            const size_t used =
                utf8_decode(scan->text + scan->at, scan->size_bytes - scan->at, &code, &valid);
            if (!valid) {
                return fail(scan, "this is no UTF-8");
            }
            scan->at += used;
        }
    }
}

static bool scan_word(Scan *scan, const char *word, ScanType type, ScanValue *value) {
    const size_t length = strlen(word);
    if (scan->size_bytes - scan->at < length || memcmp(scan->text + scan->at, word, length) != 0) {
        return fail(scan, "this is no JSON value");
    }
    *value = (ScanValue){.type = type, .start = scan->text + scan->at, .size_bytes = length};
    scan->at += length;
    return true;
}

static bool scan_nested(Scan *scan, ScanValue *value);

static bool scan_plain(Scan *scan, ScanValue *value) {
    switch (peek(scan)) {
    case '"':
        return scan_string(scan, value);
    case 't':
        return scan_word(scan, "true", SCAN_TRUE, value);
    case 'f':
        return scan_word(scan, "false", SCAN_FALSE, value);
    case 'n':
        return scan_word(scan, "null", SCAN_NULL, value);
    default:
        return scan_number(scan, value);
    }
}

bool scan_value(Scan *scan, ScanValue *value) {
    skip_blanks(scan);
    if (scan->at >= scan->size_bytes) {
        return fail(scan, "a value is missing");
    }
    *value = (ScanValue){0};
    const char c = peek(scan);
    return c == '{' || c == '[' ? scan_nested(scan, value) : scan_plain(scan, value);
}

bool scan_open(Scan *scan, char bracket) {
    skip_blanks(scan);
    if (peek(scan) != bracket) {
        return fail(scan, bracket == '{' ? "an object is expected" : "an array is expected");
    }
    scan->at++;
    return true;
}

/* Behind a value or an opening bracket: at the next one (MORE), or behind the closing bracket. */
static ScanNext next_item(Scan *scan, bool first, char closing) {
    skip_blanks(scan);
    if (peek(scan) == closing) {
        scan->at++;
        return SCAN_END;
    }
    if (first) {
        return SCAN_MORE;
    }
    if (peek(scan) != ',') {
        fail(scan, closing == '}' ? "a comma or } is expected" : "a comma or ] is expected");
        return SCAN_BAD;
    }
    scan->at++;
    skip_blanks(scan);
    return SCAN_MORE;
}

static bool scan_key(Scan *scan, ScanValue *key) {
    if (peek(scan) != '"') {
        return fail(scan, "a key in quotes is expected");
    }
    if (!scan_string(scan, key)) {
        return false;
    }
    skip_blanks(scan);
    if (peek(scan) != ':') {
        return fail(scan, "a colon is expected");
    }
    scan->at++;
    return true;
}

/* Checks an array or object to its end without recursion: `closing` holds the brackets that are
 * missing. */
static bool scan_nested(Scan *scan, ScanValue *value) {
    char closing[DEPTH_MAX];
    size_t depth = 0;
    bool first = true;
    const size_t start = scan->at;
    value->type = peek(scan) == '{' ? SCAN_OBJECT : SCAN_ARRAY;
    closing[depth++] = peek(scan) == '{' ? '}' : ']';
    scan->at++;
    while (depth > 0) {
        const ScanNext next = next_item(scan, first, closing[depth - 1]);
        if (next == SCAN_BAD) {
            return false;
        }
        if (next == SCAN_END) {
            depth--;
            first = false;
            continue;
        }
        ScanValue inner = {0};
        if (closing[depth - 1] == '}' && !scan_key(scan, &inner)) {
            return false;
        }
        skip_blanks(scan);
        const char c = peek(scan);
        first = c == '{' || c == '[';
        if (!first) {
            if (!scan_plain(scan, &inner)) {
                return false;
            }
            continue;
        }
        if (depth == DEPTH_MAX) {
            return fail(scan, "nested too deeply");
        }
        closing[depth++] = c == '{' ? '}' : ']';
        scan->at++;
    }
    value->start = scan->text + start;
    value->size_bytes = scan->at - start;
    return true;
}

ScanNext scan_member(Scan *scan, bool first, ScanValue *key, ScanValue *value) {
    const ScanNext next = next_item(scan, first, '}');
    if (next != SCAN_MORE) {
        return next;
    }
    *key = (ScanValue){0};
    return scan_key(scan, key) && scan_value(scan, value) ? SCAN_MORE : SCAN_BAD;
}

ScanNext scan_element(Scan *scan, bool first, ScanValue *value) {
    const ScanNext next = next_item(scan, first, ']');
    if (next != SCAN_MORE) {
        return next;
    }
    return scan_value(scan, value) ? SCAN_MORE : SCAN_BAD;
}

bool scan_only_blanks_left(Scan *scan) {
    skip_blanks(scan);
    return scan->at == scan->size_bytes || fail(scan, "nothing may stand behind the object");
}

bool scan_is(const ScanValue *value, const char *word) {
    const size_t length = strlen(word);
    return value->type == SCAN_TEXT && value->size_bytes == length &&
           memcmp(value->start, word, length) == 0;
}

bool scan_i64(const ScanValue *value, int64_t *out) {
    if (value->type != SCAN_INTEGER || value->magnitude > INT64_MAX) {
        return false;
    }
    *out = value->negative ? -(int64_t)value->magnitude : (int64_t)value->magnitude;
    return true;
}

bool scan_u64(const ScanValue *value, uint64_t *out) {
    if (value->type != SCAN_INTEGER || (value->negative && value->magnitude != 0)) {
        return false;
    }
    *out = value->magnitude;
    return true;
}

const char *scan_text(const ScanValue *value, Buf *room, size_t *length) {
    ASSERT(value->type == SCAN_TEXT);
    *length = value->size_bytes;
    if (!value->escaped) {
        return value->start;
    }
    buf_clear(room);
    Scan scan = scan_make(value->start, value->size_bytes);
    while (scan.at < scan.size_bytes) {
        const char *rest = scan.text + scan.at;
        const size_t left = scan.size_bytes - scan.at;
        const char *escape = memchr(rest, '\\', left);
        const size_t plain = escape == NULL ? left : (size_t)(escape - rest);
        buf_append(room, rest, plain);
        scan.at += plain;
        if (escape != NULL) {
            uint32_t code = 0;
            char bytes[4];
            scan.at++;
            const bool good = scan_escape(&scan, &code);
            ASSERT(good); /* it was checked when the value was scanned */
            buf_append(room, bytes, utf8_encode(code, bytes));
        }
    }
    *length = room->size_bytes;
    return buf_text(room);
}
