/* What the two halves of the scanner share: the structure of a document, and what stands in it. */
#ifndef LOOPSCOPE_SCENARIO_SCAN_IMPL_H
#define LOOPSCOPE_SCENARIO_SCAN_IMPL_H

#include "scenario/scan.h"

typedef struct Scanner {
    Scan *scan;
    const char *text;
    size_t size, at;
    unsigned depth;
} Scanner;

int scanner_peek(const Scanner *s); /* the byte at hand, -1 at the end */

void scanner_note(Scanner *s, size_t at, const char *error, const char *expected);

/* What to write instead of the last mistake: `before`, text[from, to), `behind`. Nothing where that
 * part was mended. */
void scanner_offer(Scanner *s, const char *before, size_t from, size_t to, const char *behind);

/* Notes a mistake that ends the scan; false. */
bool scanner_fail(Scanner *s, size_t at, const char *error, const char *expected);

/* The same at the place at hand, which may be an early end. */
bool scanner_fail_here(Scanner *s, const char *error, const char *expected);

/* Overwrites bytes in the copy that cJSON gets. */
void scanner_mend(Scanner *s, size_t at, size_t size, char with);

/* Each reads one token at the place at hand; false where the scan is at its end. */
bool scan_string(Scanner *s);
bool scan_number(Scanner *s);
bool scan_word(Scanner *s);

#endif
