#include "scenario/scan_impl.h"

#include "base/diag.h"
#include "base/mem.h"
#include "scenario/scenario.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int scanner_peek(const Scanner *s) {
    return s->at < s->size ? (unsigned char)s->text[s->at] : -1;
}

void scanner_note(Scanner *s, size_t at, const char *error, const char *expected) {
    Scan *scan = s->scan;
    if (scan->mistake_count == DIAGS_MAX) {
        scan->mistake_count--; /* the last one stays the one that ended the scan */
    }
    scan->mistakes = mem_grow(scan->mistakes, &scan->mistake_cap, scan->mistake_count + 1,
                              sizeof *scan->mistakes);
    scan->mistakes[scan->mistake_count++] =
        (ScanMistake){.at = (uint32_t)at, .error = error, .expected = expected};
}

void scanner_offer(Scanner *s, const char *before, size_t from, size_t to, const char *behind) {
    enum { OFFER_MAX_BYTES = 80 };
    const char *mended = s->scan->mended;
    if (from > to || to - from > OFFER_MAX_BYTES ||
        memchr(s->text + from, '\n', to - from) != NULL ||
        (mended != NULL && memcmp(mended + from, s->text + from, to - from) != 0)) {
        return;
    }
    ScanMistake *mistake = &s->scan->mistakes[s->scan->mistake_count - 1];
    mistake->before = before;
    mistake->from = (uint32_t)from;
    mistake->to = (uint32_t)to;
    mistake->behind = behind;
}

bool scanner_fail(Scanner *s, size_t at, const char *error, const char *expected) {
    scanner_note(s, at, error, expected);
    return false;
}

bool scanner_fail_here(Scanner *s, const char *error, const char *expected) {
    return s->at >= s->size ? scanner_fail(s, s->size, "the file ends too early", expected)
                            : scanner_fail(s, s->at, error, expected);
}

void scanner_mend(Scanner *s, size_t at, size_t size, char with) {
    if (s->scan->mended == NULL) {
        s->scan->mended = mem_copy_text(s->text, s->size);
    }
    memset(s->scan->mended + at, with, size);
}

static bool is_space(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Comments are no JSON, but people write them: noted, and passed over. */
static bool skip_comment(Scanner *s) {
    const size_t start = s->at, left = s->size - start;
    if (left < 2 || s->text[start] != '/' || strchr("/*", s->text[start + 1]) == NULL ||
        s->text[start + 1] == '\0') {
        return false;
    }
    const bool is_block = s->text[start + 1] == '*';
    s->at += 2;
    while (s->at < s->size) {
        const bool ends =
            is_block ? s->text[s->at - 1] == '*' && s->text[s->at] == '/' && s->at > start + 2
                     : s->text[s->at] == '\n';
        s->at++;
        if (ends) {
            break;
        }
    }
    scanner_note(s, start, "JSON has no comments", "no comment; the step \"note\" explains things");
    scanner_mend(s, start, s->at - start, ' ');
    return true;
}

static void skip_space(Scanner *s) {
    while (s->at < s->size && (is_space(scanner_peek(s)) || skip_comment(s))) {
        s->at += is_space(scanner_peek(s)) ? 1 : 0;
    }
}

static bool scan_value(Scanner *s, uint32_t key, uint32_t *out);

static bool enter(Scanner *s) {
    if (++s->depth > SCENARIO_NESTING_MAX) {
        return scanner_fail(s, s->at, "nested too deep", "at most 256 levels");
    }
    s->at++;
    skip_space(s);
    return true;
}

/* Whether a text with a colon behind it stands at hand: a key. */
static bool key_follows(const Scanner *s) {
    size_t at = s->at + 1;
    while (at < s->size && s->text[at] != '"' && s->text[at] != '\n') {
        at += s->text[at] == '\\' ? 2 : 1;
    }
    for (at++; at < s->size && is_space((unsigned char)s->text[at]); at++) {
    }
    return at < s->size && s->text[at] == ':';
}

/* Where the member (or element) before `end` begins; where it has several lines, the last of them,
 * its indentation left out. */
static size_t last_begin(const Scanner *s, uint32_t last, size_t end) {
    const ScanNode *node = &s->scan->nodes[last];
    size_t begin = node->key != SCAN_NONE ? node->key : node->start;
    for (size_t at = begin; at < end; at++) {
        begin = s->text[at] == '\n' ? at + 1 : begin;
    }
    while (begin < end && is_space((unsigned char)s->text[begin])) {
        begin++;
    }
    return begin;
}

/* The end of what stands before: spaces and (mended) comments left out. */
static size_t end_before(const Scanner *s, size_t at) {
    const char *text = s->scan->mended != NULL ? s->scan->mended : s->text;
    while (at > 0 && is_space((unsigned char)text[at - 1])) {
        at--;
    }
    return at;
}

/* A comma was forgotten, but clearly meant: between two members on two lines, say. */
static bool mend_comma(Scanner *s, uint32_t last, char close) {
    const int c = scanner_peek(s);
    const bool begins =
        close == '}' ? c == '"' && key_follows(s) : c == '"' || c == '{' || c == '[';
    if (!begins || !is_space((unsigned char)s->text[s->at - 1])) {
        return false;
    }
    const size_t end = end_before(s, s->at);
    scanner_note(s, s->at, "a comma is missing before this", "\",\"");
    scanner_offer(s, "", last_begin(s, last, end), end, ",");
    scanner_mend(s, s->at - 1, 1, ',');
    return true;
}

/* After a member or element: a comma (then another must follow) or the closing bracket. */
static bool next_or_close(Scanner *s, uint32_t last, char close, bool *closed) {
    skip_space(s);
    *closed = scanner_peek(s) == close;
    if (!*closed && scanner_peek(s) != ',') {
        return mend_comma(s, last, close) ||
               scanner_fail_here(s,
                                 close == '}' ? "a comma or } is missing here"
                                              : "a comma or ] is missing here",
                                 close == '}' ? "\",\" or \"}\"" : "\",\" or \"]\"");
    }
    const size_t comma = s->at++;
    if (!*closed) {
        skip_space(s);
        *closed = scanner_peek(s) == close;
        if (*closed) {
            scanner_note(s, comma, "a comma stands behind the last one", "no comma here");
            const size_t end = end_before(s, comma);
            const bool one_line = memchr(s->text + comma, '\n', s->at - comma) == NULL;
            scanner_offer(s, "", last_begin(s, last, end), end,
                          !one_line      ? ""
                          : close == '}' ? "}"
                                         : "]");
            scanner_mend(s, comma, 1, ' ');
            s->at++;
        }
    }
    return true;
}

/* A key without its quotes, or in single ones, is meant all the same. */
static void offer_key(Scanner *s) {
    const bool quoted = scanner_peek(s) == '\'';
    const size_t from = s->at + (quoted ? 1 : 0);
    size_t to = from;
    while (to < s->size && (isalnum((unsigned char)s->text[to]) || s->text[to] == '_')) {
        to++;
    }
    if (to > from && (!quoted || (to < s->size && s->text[to] == '\''))) {
        scanner_offer(s, "\"", from, to, "\":");
    }
}

static bool scan_member(Scanner *s, bool keyed, uint32_t *out) {
    uint32_t key = SCAN_NONE;
    if (keyed) {
        if (scanner_peek(s) != '"') {
            scanner_fail_here(s, "a key in double quotes is missing here",
                              "a key in double quotes");
            offer_key(s);
            return false;
        }
        key = (uint32_t)s->at;
        if (!scan_string(s)) {
            return false;
        }
        const size_t end = s->at;
        skip_space(s);
        if (scanner_peek(s) != ':') {
            scanner_fail_here(s, "a colon is missing here", "\":\"");
            scanner_offer(s, "", key, end, ":");
            return false;
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
    bool closed = scanner_peek(s) == close;
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
        if (!next_or_close(s, last, close, &closed)) {
            return false;
        }
    }
    s->depth--;
    return true;
}

static bool scan_value(Scanner *s, uint32_t key, uint32_t *out) {
    Scan *scan = s->scan;
    if (scan->count == SCAN_VALUES_MAX) {
        return scanner_fail(s, s->at, "the file holds too many values", "at most 16,777,216");
    }
    scan->nodes = mem_grow(scan->nodes, &scan->cap, scan->count + 1, sizeof *scan->nodes);
    const uint32_t node = (uint32_t)scan->count++;
    scan->nodes[node] =
        (ScanNode){.start = (uint32_t)s->at, .key = key, .child = SCAN_NONE, .next = SCAN_NONE};
    *out = node;
    const int c = scanner_peek(s);
    const bool good = c == '{'                             ? scan_container(s, node, '}')
                      : c == '['                           ? scan_container(s, node, ']')
                      : c == '"'                           ? scan_string(s)
                      : c == '-' || (c >= '0' && c <= '9') ? scan_number(s)
                                                           : scan_word(s);
    scan->nodes[node].end = (uint32_t)s->at;
    return good;
}

bool scan_json(Scan *scan, const char *text, size_t size_bytes) {
    *scan = (Scan){0};
    Scanner s = {.scan = scan, .text = text, .size = size_bytes};
    skip_space(&s);
    if (s.at >= s.size) {
        return scanner_fail(&s, s.size, "the file is empty",
                            "an object with \"title\" and \"tasks\"");
    }
    uint32_t root = SCAN_NONE;
    if (!scan_value(&s, SCAN_NONE, &root)) {
        return false;
    }
    skip_space(&s);
    return s.at == s.size ||
           scanner_fail(&s, s.at, "something stands behind the document's end", "nothing more");
}

void scan_json_finish(Scan *scan) {
    free(scan->nodes);
    free(scan->mistakes);
    free(scan->mended);
    *scan = (Scan){0};
}
