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
    free(diag->write);
    free(diag->pointer);
    free(diag->excerpt);
}

void diags_finish(Diags *diags) {
    for (size_t i = 0; i < diags->count; i++) {
        diag_finish(&diags->items[i]);
    }
    diag_finish(&diags->spare);
    free(diags->items);
    *diags = (Diags){0};
}

/* Beyond DIAGS_MAX mistakes only their number is kept. */
static Diag *diags_new(Diags *diags, const char *file, char *message) {
    Diag *diag = &diags->spare;
    if (diags->count == DIAGS_MAX) {
        diags->dropped++;
        diag_finish(diag);
    } else {
        diags->items = mem_grow(diags->items, &diags->cap, diags->count + 1, sizeof *diags->items);
        diag = &diags->items[diags->count++];
    }
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

/* ---- places ---- */

enum { MARK_COLUMNS = 128 }; /* at least DIAG_EXCERPT_COLUMNS: an excerpt begins behind a mark */

void diag_place_init(DiagPlace *place, const char *text, size_t size_bytes) {
    *place = (DiagPlace){
        .text = text, .size_bytes = size_bytes, .line = 1, .column = 1, .mark_columns = {1, 1}};
}

static void place_mark(DiagPlace *place, bool line_begins) {
    place->marks[0] = line_begins ? place->offset : place->marks[1];
    place->mark_columns[0] = line_begins ? place->column : place->mark_columns[1];
    place->marks[1] = place->offset;
    place->mark_columns[1] = place->column;
}

static void place_move(DiagPlace *place, size_t offset) {
    ASSERT(offset <= place->size_bytes);
    if (offset < place->offset) {
        diag_place_init(place, place->text, place->size_bytes);
    }
    while (place->offset < offset) {
        const char *at = place->text + place->offset;
        if (*at == '\n') {
            place->offset++;
            place->line++;
            place->column = 1;
            place_mark(place, true);
            continue;
        }
        uint32_t code = 0;
        place->offset += (unsigned char)*at < 0x80
                             ? 1
                             : utf8_decode(at, place->size_bytes - place->offset, &code, NULL);
        place->column++;
        if ((place->column - 1) % MARK_COLUMNS == 0) {
            place_mark(place, false);
        }
    }
}

/* Whether the line ends at `at`; a carriage return before the line feed belongs to the end. */
static bool line_ends(const DiagPlace *place, size_t at) {
    const size_t left = place->size_bytes - at;
    return left == 0 || place->text[at] == '\n' ||
           (place->text[at] == '\r' && (left == 1 || place->text[at + 1] == '\n'));
}

static size_t next_column(const DiagPlace *place, size_t at) {
    uint32_t code = 0;
    return at + utf8_decode(place->text + at, place->size_bytes - at, &code, NULL);
}

/* What a terminal must not see: control characters, and those that turn the writing round. */
static bool is_unseemly(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* A tab becomes a space, so that the caret stands right. */
static size_t append_clean(Buf *out, const DiagPlace *place, size_t at) {
    uint32_t code = 0;
    bool valid = false;
    const char *text = place->text + at;
    const size_t used = utf8_decode(text, place->size_bytes - at, &code, &valid);
    if (code == '\t') {
        buf_append_char(out, ' ');
    } else if (!valid || is_unseemly(code)) {
        buf_append_text(out, "\xEF\xBF\xBD");
    } else {
        buf_append(out, text, used);
    }
    return at + used;
}

/* A window of DIAG_EXCERPT_COLUMNS columns on the line, with the place about in its middle. */
static void diag_excerpt(Diag *diag, const DiagPlace *place) {
    const uint32_t before = place->column - 1;
    uint32_t behind = 0;
    for (size_t at = place->offset; behind < DIAG_EXCERPT_COLUMNS && !line_ends(place, at);
         behind++) {
        at = next_column(place, at);
    }
    uint32_t first = 0; /* columns cut off in front */
    if (before + behind > DIAG_EXCERPT_COLUMNS && place->column > DIAG_EXCERPT_COLUMNS / 2) {
        first = place->column - DIAG_EXCERPT_COLUMNS / 2;
        const uint32_t last_start = before + behind - DIAG_EXCERPT_COLUMNS;
        first = first > last_start ? last_start : first;
    }
    size_t at = place->marks[0];
    for (uint32_t column = place->mark_columns[0] - 1; column < first; column++) {
        at = next_column(place, at);
    }
    Buf clean = {0};
    uint32_t shown = 0;
    for (; shown < DIAG_EXCERPT_COLUMNS && !line_ends(place, at); shown++) {
        at = append_clean(&clean, place, at);
    }
    buf_append(&clean, "", 0);
    free(diag->excerpt);
    diag->excerpt = clean.data;
    diag->caret = place->column - first;
    if (diag->caret > shown + 1) {
        diag->caret = shown + 1; /* behind a carriage return, which is not shown */
    }
}

void diag_set_place(Diag *diag, DiagPlace *place, size_t offset) {
    place_move(place, offset);
    diag->line = place->line;
    diag->column = place->column;
    diag_excerpt(diag, place);
}

Diag *diags_add_at(Diags *diags, const char *file, const char *text, size_t size_bytes,
                   size_t offset, const char *format, ...) {
    ASSERT(offset <= size_bytes);
    va_list args;
    va_start(args, format);
    Diag *diag = diags_new(diags, file, text_v(format, args));
    va_end(args);
    if (diag != &diags->spare) {
        DiagPlace place;
        diag_place_init(&place, text, size_bytes);
        diag_set_place(diag, &place, offset);
    }
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

void diag_set_write(Diag *diag, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = text_v(format, args);
    va_end(args);
    const size_t size = strlen(text);
    bool good = size > 0;
    for (size_t at = 0; at < size && good;) {
        uint32_t code = 0;
        at += utf8_decode(text + at, size - at, &code, &good);
        good = good && !is_unseemly(code);
    }
    if (!good) {
        free(text);
        text = NULL;
    }
    replace(&diag->write, text);
}

void diag_set_pointer(Diag *diag, const char *pointer) {
    replace(&diag->pointer, pointer == NULL ? NULL : mem_copy_text(pointer, strlen(pointer)));
}

void diag_suggest(Diag *diag, const char *near) {
    if (near != NULL) {
        Buf message = {0};
        buf_printf(&message, "%s: did you mean \"%s\"?", diag->message, near);
        replace(&diag->message, message.data);
    }
}

static bool stands_before(const Diag *a, const Diag *b) {
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* A stable merge sort; qsort would not be stable. */
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

bool diag_tells_expected(const Diag *diag) {
    return diag->expected != NULL && strstr(diag->message, diag->expected) != NULL;
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
    if (diag->expected != NULL && !diag_tells_expected(diag)) {
        buf_printf(out, "  expected %s\n", diag->expected);
    }
    if (diag->write != NULL) {
        buf_printf(out, "  write %s\n", diag->write);
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
        const size_t longer = length > other ? length : other;
        const size_t allowed = longer < 3 ? 1 : (longer + 2) / 3;
        if (longer - smallest(length, other) > allowed) {
            continue;
        }
        const size_t distance = edit_distance(word, length, candidates[i], other);
        if (distance <= allowed && distance < longer && distance < best_distance) {
            best = candidates[i];
            best_distance = distance;
        }
    }
    return best;
}
