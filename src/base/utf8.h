/* UTF-8 (RFC 3629): decoding that never reads past the end and never accepts what is not UTF-8.
 *
 * Threads: any; no state. */
#ifndef LOOPSCOPE_BASE_UTF8_H
#define LOOPSCOPE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_REPLACEMENT = 0xFFFD };

/* Decodes one code point at `text` (size_bytes > 0). Returns the bytes used, at least 1; where the
 * bytes are no UTF-8, *code is UTF8_REPLACEMENT and *valid (may be NULL) is false. */
size_t utf8_decode(const char *text, size_t size_bytes, uint32_t *code, bool *valid);

/* Writes `code` to `out` (4 bytes) and returns how many were used. */
size_t utf8_encode(uint32_t code, char out[4]);

/* The offset of the first byte that is not UTF-8, or size_bytes where all is well. */
size_t utf8_valid_prefix(const char *text, size_t size_bytes);

/* Code points in `text`; a bad byte counts as one. */
size_t utf8_count(const char *text, size_t size_bytes);

#endif
