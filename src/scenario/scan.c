#include "scenario/scan.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "scenario/scenario.h"

#include <stdlib.h>
#include <string.h>

typedef struct Scanner {
    Scan *scan;
    const char *text;
    size_t size, at;
    unsigned depth;
} Scanner;

static bool fail(Scanner *s, size_t at, const char *error, const char *expected) {
    if (s->scan->error == NULL) {
        s->scan->error = error;
        s->scan->expected = expected;
        s->scan->error_at = (uint32_t)at;
    }
    return false;
}

static bool fail_here(Scanner *s, const char *error, const char *expected) {
    return s->at >= s->size ? fail(s, s->size, "the file ends too early", expected)
                            : fail(s, s->at, error, expected);
}

static int peek(const Scanner *s) {
    return s->at < s->size ? (unsigned char)s->text[s->at] : -1;
}

static void skip_space(Scanner *s) {
    while (s->at < s->size && strchr(" \t\r\n", s->text[s->at]) != NULL && s->text[s->at] != '\0') {
        s->at++;
    }
}

static int hex_value(int c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits at `at`, or -1. */
static int32_t hex4(const Scanner *s, size_t at) {
    if (s->size - at < 4) {
        return -1;
    }
    int32_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        const int digit = hex_value((unsigned char)s->text[at + i]);
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

/* Behind "\u": checks the code unit and, where it is a high surrogate, its low one. */
static bool scan_unicode(Scanner *s, size_t escape) {
    const int32_t unit = hex4(s, s->at);
    if (unit < 0) {
        return fail(s, escape, "a \\u escape needs four hexadecimal digits", "\\u0041, say");
    }
    if (unit == 0) {
        return fail(s, escape, "\\u0000 is not allowed in a text", "a text without it");
    }
    s->at += 4;
    if (unit >= 0xDC00 && unit <= 0xDFFF) {
        return fail(s, escape, "a low surrogate stands alone", "a pair of surrogates");
    }
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        const bool escaped = s->size - s->at >= 6 && memcmp(s->text + s->at, "\\u", 2) == 0;
        const int32_t low = escaped ? hex4(s, s->at + 2) : -1;
        if (low < 0xDC00 || low > 0xDFFF) {
            return fail(s, escape, "a high surrogate stands alone", "a pair of surrogates");
        }
        s->at += 6;
    }
    return true;
}

static bool scan_escape(Scanner *s) {
    const size_t escape = s->at++;
    const int c = peek(s);
    if (c == 'u') {
        s->at++;
        return scan_unicode(s, escape);
    }
    if (c <= 0 || strchr("\"\\/bfnrt", c) == NULL) {
        return c < 0 ? fail_here(s, NULL, "the rest of the text and a closing quote")
                     : fail(s, escape, "unknown escape in a text",
                            "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
    }
    s->at++;
    return true;
}

static bool scan_string(Scanner *s) {
    s->at++; /* the opening quote */
    for (;;) {
        const int c = peek(s);
        if (c < 0) {
            return fail_here(s, NULL, "a closing quote");
        }
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c == '\\') {
            if (!scan_escape(s)) {
                return false;
            }
        } else if (c < 0x20) {
            return fail(s, s->at,
                        "a control character stands in a text; is a closing quote missing?",
                        "a closing quote, or \\n for a line break");
        } else {
            uint32_t code = 0;
            bool valid = false;
            const size_t used = utf8_decode(s->text + s->at, s->size - s->at, &code, &valid);
            if (!valid) {
                return fail(s, s->at, "this is not UTF-8", "a file saved as UTF-8");
            }
            s->at += used;
        }
    }
}

static bool scan_digits(Scanner *s) {
    if (peek(s) < '0' || peek(s) > '9') {
        return fail_here(s, "a number needs a digit here", "a digit");
    }
    while (peek(s) >= '0' && peek(s) <= '9') {
        s->at++;
    }
    return true;
}

static bool scan_number(Scanner *s) {
    if (peek(s) == '-') {
        s->at++;
    }
    const size_t first = s->at;
    if (!scan_digits(s)) {
        return false;
    }
    if (s->text[first] == '0' && s->at > first + 1) {
        return fail(s, first, "a number may not begin with 0", "the number without its leading 0");
    }
    if (peek(s) == '.') {
        s->at++;
        if (!scan_digits(s)) {
            return false;
        }
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-') {
            s->at++;
        }
        return scan_digits(s);
    }
    return true;
}

static bool scan_word(Scanner *s) {
    static const char *const WORDS[] = {"true", "false", "null"};
    for (size_t i = 0; i < 3; i++) {
        const size_t length = strlen(WORDS[i]);
        if (s->size - s->at >= length && memcmp(s->text + s->at, WORDS[i], length) == 0) {
            s->at += length;
            return true;
        }
    }
    const int c = peek(s);
    if (c == '\'') {
        return fail(s, s->at, "texts stand in double quotes", "\"");
    }
    if (c == '/') {
        return fail(s, s->at, "JSON has no comments", "a value; use the step \"note\" to explain");
    }
    return fail_here(s, "this is no JSON value",
                     "an object, an array, a text, a number, true, false or null");
}

static bool scan_value(Scanner *s, uint32_t key, uint32_t *out);

static bool enter(Scanner *s) {
    if (++s->depth > SCENARIO_NESTING_MAX) {
        return fail(s, s->at, "nested too deep", "at most 256 levels");
    }
    s->at++;
    skip_space(s);
    return true;
}

/* After a member or element: a comma (then another must follow) or the closing bracket. */
static bool next_or_close(Scanner *s, char close, bool *closed) {
    skip_space(s);
    *closed = peek(s) == close;
    if (!*closed && peek(s) != ',') {
        return fail_here(
            s, close == '}' ? "a comma or } is missing here" : "a comma or ] is missing here",
            close == '}' ? "\",\" or \"}\"" : "\",\" or \"]\"");
    }
    const size_t comma = s->at++;
    skip_space(s);
    if (!*closed && peek(s) == close) {
        return fail(s, comma, "a comma stands behind the last one", "no comma here");
    }
    return true;
}

static bool scan_member(Scanner *s, bool keyed, uint32_t *out) {
    uint32_t key = SCAN_NONE;
    if (keyed) {
        if (peek(s) != '"') {
            return fail_here(s, "a key in double quotes is missing here", "a key in double quotes");
        }
        key = (uint32_t)s->at;
        if (!scan_string(s)) {
            return false;
        }
        skip_space(s);
        if (peek(s) != ':') {
            return fail_here(s, "a colon is missing here", "\":\"");
        }
        s->at++;
        skip_space(s);
    }
    return scan_value(s, key, out);
}

static bool scan_container(Scanner *s, uint32_t node, char close) {
    if (!enter(s)) {
        return false;
    }
    bool closed = peek(s) == close;
    if (closed) {
        s->at++;
    }
    uint32_t last = SCAN_NONE;
    while (!closed) {
        uint32_t member = SCAN_NONE;
        if (!scan_member(s, close == '}', &member)) {
            return false;
        }
        if (last == SCAN_NONE) {
            s->scan->nodes[node].child = member;
        } else {
            s->scan->nodes[last].next = member;
        }
        last = member;
        if (!next_or_close(s, close, &closed)) {
            return false;
        }
    }
    s->depth--;
    return true;
}

static bool scan_value(Scanner *s, uint32_t key, uint32_t *out) {
    Scan *scan = s->scan;
    scan->nodes = mem_grow(scan->nodes, &scan->cap, scan->count + 1, sizeof *scan->nodes);
    const uint32_t node = (uint32_t)scan->count++;
    scan->nodes[node] =
        (ScanNode){.start = (uint32_t)s->at, .key = key, .child = SCAN_NONE, .next = SCAN_NONE};
    *out = node;
    const int c = peek(s);
    bool good = false;
    size_t end = 0;
    if (c == '{' || c == '[') {
        good = scan_container(s, node, c == '{' ? '}' : ']');
    } else if (c == '"') {
        good = scan_string(s);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        good = scan_number(s);
    } else {
        good = scan_word(s);
    }
    end = s->at;
    while (end > scan->nodes[node].start && strchr(" \t\r\n", s->text[end - 1]) != NULL) {
        end--;
    }
    scan->nodes[node].end = (uint32_t)end;
    return good;
}

bool scan_json(Scan *scan, const char *text, size_t size_bytes) {
    *scan = (Scan){0};
    Scanner s = {.scan = scan, .text = text, .size = size_bytes};
    skip_space(&s);
    if (s.at >= s.size) {
        return fail(&s, s.size, "the file is empty", "an object with \"title\" and \"tasks\"");
    }
    uint32_t root = SCAN_NONE;
    if (!scan_value(&s, SCAN_NONE, &root)) {
        return false;
    }
    skip_space(&s);
    return s.at == s.size ||
           fail(&s, s.at, "something stands behind the document's end", "nothing more");
}

void scan_json_finish(Scan *scan) {
    free(scan->nodes);
    *scan = (Scan){0};
}

uint32_t scan_string_place(const char *text, uint32_t start, size_t decoded) {
    uint32_t at = start + 1;
    for (size_t bytes = 0; text[at] != '"';) {
        size_t used = 1, gives = 1;
        if (text[at] == '\\' && text[at + 1] == 'u') {
            char digits[5] = {text[at + 2], text[at + 3], text[at + 4], text[at + 5], '\0'};
            const unsigned long unit = strtoul(digits, NULL, 16);
            const bool pair = unit >= 0xD800 && unit <= 0xDBFF;
            used = pair ? 12 : 6;
            gives = pair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
        } else if (text[at] == '\\') {
            used = 2;
        }
        if (bytes + gives > decoded) {
            return at;
        }
        bytes += gives;
        at += (uint32_t)used;
    }
    return at;
}
