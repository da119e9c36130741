/* Text that stands in a JSON string as it is, found eight bytes at a time. Internal to export/.
 *
 * Threads: any; no state. */
#ifndef LOOPSCOPE_EXPORT_PLAIN_H
#define LOOPSCOPE_EXPORT_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Whether eight bytes are plain: none below 0x20, none from 0x80, neither quote nor backslash. A
 * byte b of `x` is 0 where (x - 1 of each) & ~x has its top bit. */
static inline bool plain_eight(const char *text) {
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t word = 0;
    memcpy(&word, text, sizeof word);
    const uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
    const uint64_t found = word | (word - ones * 0x20) | (quote - ones) | (slash - ones);
    return (found & tops) == 0;
}

/* How many bytes are plain, up to the first that is not. */
static inline size_t plain_length(const char *text, size_t size_bytes) {
    size_t length = 0;
    while (length + 8 <= size_bytes && plain_eight(text + length)) {
        length += 8;
    }
    for (; length < size_bytes; length++) {
        const unsigned char c = (unsigned char)text[length];
        if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
            break;
        }
    }
    return length;
}

#endif
