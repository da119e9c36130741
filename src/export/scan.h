/* A scanner for one line of JSON (RFC 8259), strict and without memory of its own: values are spans
 * of the text. Internal to export/.
 *
 * Ownership: spans point into the caller's text. Threads: any; the state is the caller's. */
#ifndef LOOPSCOPE_EXPORT_SCAN_H
#define LOOPSCOPE_EXPORT_SCAN_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ScanType {
    SCAN_NULL,
    SCAN_FALSE,
    SCAN_TRUE,
    SCAN_INTEGER, /* no fraction, no exponent, magnitude below 2^64 */
    SCAN_NUMBER,  /* any other number */
    SCAN_TEXT,
    SCAN_ARRAY,
    SCAN_OBJECT
} ScanType;

typedef struct ScanValue {
    ScanType type;
    const char *start; /* the value as it stands; of a text what is between the quotes */
    size_t size_bytes;
    uint64_t magnitude; /* SCAN_INTEGER */
    bool negative;
    bool escaped; /* SCAN_TEXT: there is a backslash in it */
} ScanValue;

typedef struct Scan {
    const char *text;
    size_t size_bytes;
    size_t at;
    const char *error; /* what is wrong at `at`, once something is; NULL before */
} Scan;

Scan scan_make(const char *text, size_t size_bytes);

/* A whole value of any kind, with the blanks before it. False: see error and at. */
bool scan_value(Scan *scan, ScanValue *value);

/* Members of an object (elements of an array), one by one. */
typedef enum ScanNext { SCAN_MORE, SCAN_END, SCAN_BAD } ScanNext;
bool scan_open(Scan *scan, char bracket); /* '{' or '['; blanks before it */
ScanNext scan_member(Scan *scan, bool first, ScanValue *key, ScanValue *value);
ScanNext scan_element(Scan *scan, bool first, ScanValue *value);

bool scan_only_blanks_left(Scan *scan);

/* Whether a text is `word`, compared as it stands. */
bool scan_is(const ScanValue *value, const char *word);

/* False where it is no integer of that range. */
bool scan_i64(const ScanValue *value, int64_t *out);
bool scan_u64(const ScanValue *value, uint64_t *out);

/* The text that a SCAN_TEXT means: in place, or in `room` where it has escapes. */
const char *scan_text(const ScanValue *value, Buf *room, size_t *length);

#endif
