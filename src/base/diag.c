#include "base/diag.h"

#include "base/assert.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text_v(const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, format, args);
    ASSERT(length >= 0);
    char *text = mem_alloc((size_t)length + 1, 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

static void diag_finish(Diag *diag) {
    free(diag->file);
    free(diag->message);
    free(diag->expected);
    free(diag->found);
    free(diag->pointer);
    free(diag->excerpt);
}

void diags_finish(Diags *diags) {
    for (size_t i = 0; i < diags->count; i++) {
        diag_finish(&diags->items[i]);
    }
    free(diags->items);
    *diags = (Diags){0};
}

/* Beyond DIAGS_MAX mistakes only their number is kept: the last item is filled and given up. */
static Diag *diags_new(Diags *diags, const char *file, char *message) {
    if (diags->count == DIAGS_MAX) {
        diags->dropped++;
        diag_finish(&diags->items[--diags->count]);
    }
    diags->items = mem_grow(diags->items, &diags->cap, diags->count + 1, sizeof *diags->items);
    Diag *diag = &diags->items[diags->count++];
    *diag = (Diag){.file = mem_copy_text(file, strlen(file)), .message = message};
    return diag;
}

Diag *diags_add(Diags *diags, const char *file, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Diag *diag = diags_new(diags, file, text_v(format, args));
    va_end(args);
    return diag;
}

static size_t line_start(const char *text, size_t offset) {
    while (offset > 0 && text[offset - 1] != '\n') {
        offset--;
    }
    return offset;
}

static uint32_t line_number(const char *text, size_t offset) {
    uint32_t line = 1;
    for (const char *at = text; (at = memchr(at, '\n', (size_t)(text + offset - at))) != NULL;
         at++) {
        line++;
    }
    return line;
}

/* The bytes that `columns` code points take, at most size_bytes. */
static size_t bytes_of_columns(const char *text, size_t size_bytes, size_t columns) {
    size_t bytes = 0;
    for (; columns > 0 && bytes < size_bytes; columns--) {
        uint32_t code = 0;
        bytes += utf8_decode(text + bytes, size_bytes - bytes, &code, NULL);
    }
    return bytes;
}

/* A window of DIAG_EXCERPT_COLUMNS columns on the line, with the place in it; what a terminal must
 * not see becomes a space (tabs, so that the caret stands right) or U+FFFD. */
static void diag_excerpt(Diag *diag, const char *line, size_t length) {
    const size_t columns = utf8_count(line, length);
    size_t first = 0; /* columns cut off in front */
    if (columns > DIAG_EXCERPT_COLUMNS && diag->column > DIAG_EXCERPT_COLUMNS / 2) {
        first = diag->column - DIAG_EXCERPT_COLUMNS / 2;
        const size_t last_start = columns - DIAG_EXCERPT_COLUMNS;
        first = first > last_start ? last_start : first;
    }
    const size_t skip = bytes_of_columns(line, length, first);
    const size_t size = bytes_of_columns(line + skip, length - skip, DIAG_EXCERPT_COLUMNS);
    Buf clean = {0};
    for (size_t i = 0; i < size;) {
        uint32_t code = 0;
        bool valid = false;
        const size_t used = utf8_decode(line + skip + i, size - i, &code, &valid);
        if (!valid || (code < 0x20 && code != '\t') || code == 0x7F) {
            buf_append_text(&clean, "\xEF\xBF\xBD");
        } else if (code == '\t') {
            buf_append_char(&clean, ' ');
        } else {
            buf_append(&clean, line + skip + i, used);
        }
        i += used;
    }
    buf_append(&clean, "", 0);
    diag->excerpt = clean.data;
    diag->caret = diag->column - (uint32_t)first;
}

Diag *diags_add_at(Diags *diags, const char *file, const char *text, size_t size_bytes,
                   size_t offset, const char *format, ...) {
    ASSERT(offset <= size_bytes);
    va_list args;
    va_start(args, format);
    Diag *diag = diags_new(diags, file, text_v(format, args));
    va_end(args);
    const size_t start = line_start(text, offset);
    const char *end = memchr(text + start, '\n', size_bytes - start);
    size_t length = (end == NULL ? size_bytes : (size_t)(end - text)) - start;
    if (length > 0 && text[start + length - 1] == '\r' && start + length > offset) {
        length--;
    }
    diag->line = line_number(text, offset);
    diag->column = (uint32_t)utf8_count(text + start, offset - start) + 1;
    diag_excerpt(diag, text + start, length);
    return diag;
}

static void replace(char **field, char *text) {
    free(*field);
    *field = text;
}

void diag_set_expected(Diag *diag, const char *format, ...) {
    va_list args;
    va_start(args, format);
    replace(&diag->expected, text_v(format, args));
    va_end(args);
}

void diag_set_found(Diag *diag, const char *format, ...) {
    va_list args;
    va_start(args, format);
    replace(&diag->found, text_v(format, args));
    va_end(args);
}

void diag_set_pointer(Diag *diag, const char *pointer) {
    replace(&diag->pointer, mem_copy_text(pointer, strlen(pointer)));
}

static bool stands_before(const Diag *a, const Diag *b) {
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* A stable merge sort: files with a thousand mistakes are sorted at once. */
static void sort_items(Diag *items, Diag *spare, size_t count) {
    if (count < 2) {
        return;
    }
    const size_t half = count / 2;
    sort_items(items, spare, half);
    sort_items(items + half, spare, count - half);
    size_t left = 0, right = half;
    for (size_t i = 0; i < count; i++) {
        const bool take_right =
            right < count && (left == half || stands_before(&items[right], &items[left]));
        spare[i] = items[take_right ? right++ : left++];
    }
    memcpy(items, spare, count * sizeof *items);
}

void diags_sort(Diags *diags) {
    Diag *spare = mem_alloc(diags->count, sizeof *spare);
    sort_items(diags->items, spare, diags->count);
    free(spare);
}

void diag_format(const Diag *diag, Buf *out) {
    if (diag->line == 0) {
        buf_printf(out, "%s: %s\n", diag->file, diag->message);
        return;
    }
    buf_printf(out, "%s:%u:%u: %s\n", diag->file, diag->line, diag->column, diag->message);
    if (diag->excerpt != NULL) {
        buf_printf(out, "%s\n%*s^\n", diag->excerpt, (int)diag->caret - 1, "");
    }
}

enum { NEAR_WORD_MAX = 63 };

static size_t smallest(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, replacements, swaps of neighbours. */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t rows[3][NEAR_WORD_MAX + 1];
    for (size_t j = 0; j <= b_length; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            const size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = smallest(smallest(above[j], row[j - 1]) + 1, above[j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = smallest(row[j], two_above[j - 2] + 1);
            }
        }
    }
    return rows[a_length % 3][b_length];
}

const char *diag_nearest(const char *word, const char *const *candidates, size_t count) {
    const size_t length = strlen(word);
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; i < count && length > 0 && length <= NEAR_WORD_MAX; i++) {
        const size_t other = strlen(candidates[i]);
        if (other == 0 || other > NEAR_WORD_MAX) {
            continue;
        }
        const size_t distance = edit_distance(word, length, candidates[i], other);
        const size_t longer = length > other ? length : other;
        const size_t allowed = longer < 3 ? 1 : (longer + 2) / 3;
        if (distance <= allowed && distance < longer && distance < best_distance) {
            best = candidates[i];
            best_distance = distance;
        }
    }
    return best;
}
