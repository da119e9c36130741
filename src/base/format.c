#include "base/format.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NARROW_SPACE "\xE2\x80\xAF" /* U+202F */

/* Digits in groups of three. */
static size_t append_grouped(char *out, uint64_t value) {
    char digits[24];
    const size_t count = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, value);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0) {
            memcpy(out + used, NARROW_SPACE, 3);
            used += 3;
        }
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return used;
}

char *format_duration(char out[FORMAT_MAX], uint64_t ns) {
    const double value = (double)ns;
    if (ns == 0) {
        snprintf(out, FORMAT_MAX, "0");
    } else if (ns < 1000) {
        snprintf(out, FORMAT_MAX, "%" PRIu64 NARROW_SPACE "ns", ns);
    } else if (ns < 10000) {
        snprintf(out, FORMAT_MAX, "%.1f" NARROW_SPACE "µs", value / 1e3);
    } else if (ns < 9999500) {
        const size_t used = append_grouped(out, (ns + 500) / 1000);
        snprintf(out + used, FORMAT_MAX - used, NARROW_SPACE "µs");
    } else if (ns < 99950000) {
        snprintf(out, FORMAT_MAX, "%.1f" NARROW_SPACE "ms", value / 1e6);
    } else if (ns < 999500000) {
        snprintf(out, FORMAT_MAX, "%.0f" NARROW_SPACE "ms", value / 1e6);
    } else if (ns < UINT64_C(9999500000)) {
        snprintf(out, FORMAT_MAX, "%.3f" NARROW_SPACE "s", value / 1e9);
    } else {
        snprintf(out, FORMAT_MAX, "%.1f" NARROW_SPACE "s", value / 1e9);
    }
    return out;
}

char *format_duration_plain(char out[FORMAT_MAX], uint64_t ns) {
    static const struct {
        uint64_t ns;
        const char *unit;
    } UNITS[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}};
    size_t unit = 2;
    for (size_t i = 0; i < 3; i++) {
        if (ns >= UNITS[i].ns) {
            unit = i;
            break;
        }
    }
    /* The fraction is exact: at most nine digits, without the zeros at its end. */
    const uint64_t whole = ns / UNITS[unit].ns;
    uint64_t rest = ns % UNITS[unit].ns;
    size_t used = (size_t)snprintf(out, FORMAT_MAX, "%" PRIu64, whole);
    if (rest > 0) {
        out[used++] = '.';
        for (uint64_t place = UNITS[unit].ns / 10; rest > 0; place /= 10) {
            out[used++] = (char)('0' + rest / place);
            rest %= place;
        }
    }
    snprintf(out + used, FORMAT_MAX - used, "%s", ns == 0 ? "s" : UNITS[unit].unit);
    return out;
}

char *format_size(char out[FORMAT_MAX], uint64_t size_bytes) {
    static const char *const UNITS[] = {"KiB", "MiB", "GiB"};
    for (unsigned i = 3; i > 0; i--) {
        const uint64_t unit = UINT64_C(1) << (10 * i);
        if (size_bytes >= unit && size_bytes % unit == 0) {
            const size_t used = append_grouped(out, size_bytes / unit);
            snprintf(out + used, FORMAT_MAX - used, " %s", UNITS[i - 1]);
            return out;
        }
    }
    const size_t used = append_grouped(out, size_bytes);
    snprintf(out + used, FORMAT_MAX - used, " B");
    return out;
}

char *format_count(char out[FORMAT_MAX], uint64_t count) {
    append_grouped(out, count);
    return out;
}
