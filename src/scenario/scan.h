/* The scanner: checks that a text is JSON (RFC 8259) and remembers where every value and key stands.
 * cJSON parses the values; this knows the places. Internal to scenario/.
 *
 * Nodes are in the order of the text (an object before its members), so that they can be walked side
 * by side with cJSON's tree. One pass, linear, nesting bounded by SCENARIO_NESTING_MAX.
 * Ownership: scan_json_finish frees. Threads: any. */
#ifndef LOOPSCOPE_SCENARIO_SCAN_H
#define LOOPSCOPE_SCENARIO_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCAN_NONE UINT32_MAX

typedef struct ScanNode {
    uint32_t start; /* byte offset of the value's first character */
    uint32_t end;   /* just behind its last */
    uint32_t key;   /* byte offset of its key's opening quote; SCAN_NONE outside objects */
    uint32_t child; /* first member or element, SCAN_NONE */
    uint32_t next;  /* next sibling, SCAN_NONE */
} ScanNode;

typedef struct Scan {
    ScanNode *nodes; /* nodes[0] is the whole document */
    size_t count, cap;
    /* where the first mistake stands and what it is; NULL where the text is JSON */
    const char *error;
    const char *expected;
    uint32_t error_at;
} Scan;

/* True where `text` is one JSON document; else scan->error tells. */
bool scan_json(Scan *scan, const char *text, size_t size_bytes);
void scan_json_finish(Scan *scan);

/* The byte offset of the `decoded`-th byte of a string's value within its literal at `start` (the
 * opening quote), so that a place inside a text can be shown. The literal has been scanned. */
uint32_t scan_string_place(const char *text, uint32_t start, size_t decoded);

#endif
