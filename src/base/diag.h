/* Located diagnostics: every mistake in a user's file, with its place, the line and a caret.
 *
 * A Diags collects; nothing is printed here. `file` and the texts are copied.
 * Ownership: diags_finish frees; a zeroed Diags is empty. Threads: one at a time. */
#ifndef LOOPSCOPE_BASE_DIAG_H
#define LOOPSCOPE_BASE_DIAG_H

#include "base/buf.h"
#include "base/printf_like.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIAG_EXCERPT_COLUMNS = 120, DIAGS_MAX = 1000 };

typedef struct Diag {
    char *file;      /* as the user named it */
    uint32_t line;   /* from 1; 0 where the mistake has no place (an unreadable file) */
    uint32_t column; /* from 1, in code points; a tab is one */
    char
        *message; /* one sentence without a full stop; may name what was expected and a near name */
    char *expected; /* what would be right, or NULL; shown in the window's error panel */
    char *found;    /* what stands there, or NULL */
    char *write;    /* what could stand there instead, or NULL: only where there is one such form */
    char *pointer;  /* JSON Pointer of the value at fault, or NULL */
    char *excerpt;  /* the line, at most DIAG_EXCERPT_COLUMNS columns around the place, or NULL */
    uint32_t caret; /* column of the caret within the excerpt, from 1 */
} Diag;

typedef struct Diags {
    Diag *items; /* sorted by place after diags_sort */
    size_t count;
    size_t cap;
    size_t dropped; /* beyond DIAGS_MAX */
    Diag spare;     /* what is handed out for a dropped one */
} Diags;

/* Walks over a text to places in rising order, so that many mistakes cost one pass. It may go back,
 * at the price of a new pass. The text is the caller's. */
typedef struct DiagPlace {
    const char *text;
    size_t size_bytes;
    size_t offset;
    uint32_t line, column;    /* of offset */
    size_t marks[2];          /* the line's start, or places at least MARK_COLUMNS back */
    uint32_t mark_columns[2]; /* their columns */
} DiagPlace;

void diags_finish(Diags *diags);

/* Adds a mistake without a place in a text: an unreadable file, a wrong option. */
Diag *diags_add(Diags *diags, const char *file, const char *format, ...) PRINTF_LIKE(3, 4);

/* Adds a mistake at byte `offset` of `text`; line, column, excerpt and caret are worked out. */
Diag *diags_add_at(Diags *diags, const char *file, const char *text, size_t size_bytes,
                   size_t offset, const char *format, ...) PRINTF_LIKE(6, 7);

/* The same in two halves, for many mistakes in one text: a mistake whose place is set later. */
void diag_place_init(DiagPlace *place, const char *text, size_t size_bytes);
void diag_set_place(Diag *diag, DiagPlace *place, size_t offset);

void diag_set_expected(Diag *diag, const char *format, ...) PRINTF_LIKE(2, 3);
void diag_set_found(Diag *diag, const char *format, ...) PRINTF_LIKE(2, 3);
void diag_set_pointer(Diag *diag, const char *pointer); /* NULL: none */
/* None where it has what a terminal must not see: parts of it may come from the file. */
void diag_set_write(Diag *diag, const char *format, ...) PRINTF_LIKE(2, 3);

/* Adds ": did you mean "NEAR"?" to the message; nothing where near is NULL. */
void diag_suggest(Diag *diag, const char *near);

/* Whether the message itself says what was expected. */
bool diag_tells_expected(const Diag *diag);

void diags_sort(Diags *diags); /* by line and column; stable */

/* FILE:LINE:COLUMN: message / the excerpt / a caret / what was expected, where the message does not
 * say it / what to write instead; for a terminal. */
void diag_format(const Diag *diag, Buf *out);

/* The candidate nearest to `word` by edit distance (with transpositions), or NULL where none is
 * near: at most a third of the word's letters apart, and at least one letter in common. */
const char *diag_nearest(const char *word, const char *const *candidates, size_t count);

#endif
