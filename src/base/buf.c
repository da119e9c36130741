#include "base/buf.h"

#include "base/assert.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_finish(Buf *buf) {
    free(buf->data);
    *buf = (Buf){0};
}

void buf_clear(Buf *buf) {
    buf->size_bytes = 0;
    if (buf->data != NULL) {
        buf->data[0] = '\0';
    }
}

const char *buf_text(const Buf *buf) {
    return buf->data == NULL ? "" : buf->data;
}

char *buf_reserve(Buf *buf, size_t size_bytes) {
    if (buf->cap_bytes - buf->size_bytes <= size_bytes) {
        buf->data = mem_grow(buf->data, &buf->cap_bytes, buf->size_bytes + size_bytes + 1, 1);
    }
    return buf->data + buf->size_bytes;
}

void buf_filled(Buf *buf, const char *end) {
    buf->size_bytes = (size_t)(end - buf->data);
    ASSERT(buf->size_bytes < buf->cap_bytes);
    buf->data[buf->size_bytes] = '\0';
}

static void buf_took(Buf *buf, size_t size_bytes) {
    buf->size_bytes += size_bytes;
    buf->data[buf->size_bytes] = '\0';
}

void buf_append(Buf *buf, const char *bytes, size_t size_bytes) {
    char *end = buf_reserve(buf, size_bytes);
    if (size_bytes > 0) {
        memcpy(end, bytes, size_bytes);
    }
    buf_took(buf, size_bytes);
}

void buf_append_text(Buf *buf, const char *text) {
    buf_append(buf, text, strlen(text));
}

void buf_append_char(Buf *buf, char c) {
    buf_append(buf, &c, 1);
}

void buf_append_u64(Buf *buf, uint64_t value) {
    char digits[20];
    size_t count = 0;
    do {
        digits[sizeof digits - ++count] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    buf_append(buf, digits + sizeof digits - count, count);
}

void buf_append_i64(Buf *buf, int64_t value) {
    if (value < 0) {
        buf_append_char(buf, '-');
        buf_append_u64(buf, ~(uint64_t)value + 1);
        return;
    }
    buf_append_u64(buf, (uint64_t)value);
}

void buf_printf(Buf *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int size = vsnprintf(NULL, 0, format, args);
    ASSERT(size >= 0);
    char *end = buf_reserve(buf, (size_t)size);
    vsnprintf(end, (size_t)size + 1, format, again);
    buf_took(buf, (size_t)size);
    va_end(again);
    va_end(args);
}

static void append_json_char(Buf *buf, const char *text, size_t used, uint32_t code, bool valid) {
    static const char SHORT[] = "btn\0fr"; /* \b \t \n \v(none) \f \r */
    if (!valid) {
        buf_append_text(buf, "\xEF\xBF\xBD");
    } else if (code == '"' || code == '\\') {
        buf_append_char(buf, '\\');
        buf_append_char(buf, (char)code);
    } else if (code >= 8 && code <= 13 && code != 11) {
        buf_append_char(buf, '\\');
        buf_append_char(buf, SHORT[code - 8]);
    } else if (code < 0x20) {
        buf_printf(buf, "\\u%04x", (unsigned)code);
    } else {
        buf_append(buf, text, used);
    }
}

void buf_append_json(Buf *buf, const char *text, size_t size_bytes) {
    buf_append_char(buf, '"');
    size_t plain = 0; /* the start of a run that needs no escape */
    for (size_t i = 0; i < size_bytes;) {
        const unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
            i++;
            continue;
        }
        buf_append(buf, text + plain, i - plain);
        uint32_t code = 0;
        bool valid = false;
        const size_t used = utf8_decode(text + i, size_bytes - i, &code, &valid);
        append_json_char(buf, text + i, used, code, valid);
        i += used;
        plain = i;
    }
    buf_append(buf, text + plain, size_bytes - plain);
    buf_append_char(buf, '"');
}
