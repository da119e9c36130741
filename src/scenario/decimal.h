/* Numbers as written: exact, whatever their length, so that 2^53 + 1 is not taken for 2^53.
 * Internal to scenario/. Threads: any; no state. */
#ifndef LOOPSCOPE_SCENARIO_DECIMAL_H
#define LOOPSCOPE_SCENARIO_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Decimal {
    uint64_t value; /* of |number| * 10^scale, whole part; UINT64_MAX where it is larger */
    bool exact;     /* nothing stood behind the whole part */
    bool negative;  /* below 0 ("-0" is not) */
} Decimal;

/* Reads a JSON number, or digits with an optional fraction: bytes that have been checked. */
Decimal decimal_read(const char *text, size_t length, int scale);

#endif
