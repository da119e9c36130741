/* Growable bytes: text under construction. Always NUL-terminated once anything was appended.
 *
 * Ownership: buf_finish frees; a zeroed Buf is an empty one. Threads: one at a time. */
#ifndef LOOPSCOPE_BASE_BUF_H
#define LOOPSCOPE_BASE_BUF_H

#include "base/printf_like.h"

#include <stddef.h>
#include <stdint.h>

typedef struct Buf {
    char *data; /* NULL while nothing was appended; see buf_text */
    size_t size_bytes;
    size_t cap_bytes;
} Buf;

void buf_finish(Buf *buf);
void buf_clear(Buf *buf); /* empty again, memory kept */

/* The text, "" where nothing was appended; valid until the next change. */
const char *buf_text(const Buf *buf);

/* Room for `size_bytes` more (and a NUL) behind the text, for a writer that knows a bound: it
 * writes there and then says with buf_filled where it stopped. */
char *buf_reserve(Buf *buf, size_t size_bytes);
void buf_filled(Buf *buf, const char *end);

void buf_append(Buf *buf, const char *bytes, size_t size_bytes);
void buf_append_text(Buf *buf, const char *text);
void buf_append_char(Buf *buf, char c);
void buf_append_u64(Buf *buf, uint64_t value);
void buf_append_i64(Buf *buf, int64_t value);
void buf_printf(Buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/* Appends `text` as a JSON string literal, quotes included (RFC 8259, section 7). Bytes that are
 * not UTF-8 become U+FFFD, so the result is always valid JSON. */
void buf_append_json(Buf *buf, const char *text, size_t size_bytes);

#endif
