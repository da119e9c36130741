/* The scanner: checks that a text is JSON (RFC 8259) and remembers where every value and key
 * stands. cJSON parses the values; this knows the places. Internal to scenario/.
 *
 * Nodes are in the order of the text (an object before its members), so that they can be walked
 * side by side with cJSON's tree. One pass, linear, nesting bounded by SCENARIO_NESTING_MAX.
 *
 * Small mistakes (a comma too many, a lone surrogate, a comment) are noted and mended in a copy of
 * the same length, so that what follows can be checked as well and every place stays right.
 * Ownership: scan_json_finish frees. Threads: any. */
#ifndef LOOPSCOPE_SCENARIO_SCAN_H
#define LOOPSCOPE_SCENARIO_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCAN_NONE UINT32_MAX

enum { SCAN_VALUES_MAX = 1 << 24 }; /* a tree of so many values takes about 2 GiB */

typedef struct ScanNode {
    uint32_t start; /* byte offset of the value's first character */
    uint32_t end;   /* just behind its last */
    uint32_t key;   /* byte offset of its key's opening quote; SCAN_NONE outside objects */
    uint32_t child; /* first member or element, SCAN_NONE */
    uint32_t next;  /* next sibling, SCAN_NONE */
} ScanNode;

typedef struct ScanMistake {
    uint32_t at;
    const char *error;
    const char *expected;
    const char *before; /* what to write instead: this, a part of the text, and what is behind; */
    uint32_t from, to;
    const char *behind; /* `before` NULL: nothing */
} ScanMistake;

typedef struct Scan {
    ScanNode *nodes; /* nodes[0] is the whole document */
    size_t count, cap;
    ScanMistake *mistakes; /* in the order of the text, at most DIAGS_MAX */
    size_t mistake_count, mistake_cap;
    char *mended; /* what cJSON may parse where it is not the text itself; else NULL */
} Scan;

/* True where the text, mended if need be, is one JSON document; else the last mistake ended it. */
bool scan_json(Scan *scan, const char *text, size_t size_bytes);
void scan_json_finish(Scan *scan);

/* Where in the file a byte of a string's value stands: walks forwards over the literal, which has
 * been scanned (and mended). */
typedef struct ScanPlace {
    uint32_t at;  /* byte offset in the file */
    size_t bytes; /* of the value, before it */
} ScanPlace;

ScanPlace scan_place_begin(const ScanNode *string);
void scan_place_move(ScanPlace *place, const char *text, size_t bytes);

#endif
