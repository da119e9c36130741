#include "export/protobuf.h"

#include "base/utf8.h"

#include <string.h>

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_COUNTED = 2 };
enum { VARINT_MAX_BYTES = 10, FIXED64_BYTES = 8 };

/* Seven bits a byte, the low ones first; all but the last have the top bit. */
static char *put_varint(char *at, uint64_t value) {
    while (value >= 0x80) {
        *at++ = (char)(value | 0x80);
        value >>= 7;
    }
    *at++ = (char)value;
    return at;
}

static char *begin_field(Buf *out, uint32_t field, unsigned wire, size_t size_bytes) {
    char *at = buf_reserve(out, VARINT_MAX_BYTES + size_bytes);
    return put_varint(at, (uint64_t)field << 3 | wire);
}

void protobuf_u64(Buf *out, uint32_t field, uint64_t value) {
    char *at = begin_field(out, field, WIRE_VARINT, VARINT_MAX_BYTES);
    buf_filled(out, put_varint(at, value));
}

void protobuf_i64(Buf *out, uint32_t field, int64_t value) {
    protobuf_u64(out, field, (uint64_t)value);
}

void protobuf_bool(Buf *out, uint32_t field, bool value) {
    protobuf_u64(out, field, value);
}

void protobuf_fixed64(Buf *out, uint32_t field, uint64_t value) {
    char *at = begin_field(out, field, WIRE_FIXED64, FIXED64_BYTES);
    for (int i = 0; i < FIXED64_BYTES; i++) {
        *at++ = (char)(value >> (8 * i));
    }
    buf_filled(out, at);
}

void protobuf_bytes(Buf *out, uint32_t field, const char *bytes, size_t size_bytes) {
    char *at = begin_field(out, field, WIRE_COUNTED, VARINT_MAX_BYTES + size_bytes);
    at = put_varint(at, size_bytes);
    if (size_bytes > 0) {
        memcpy(at, bytes, size_bytes);
    }
    buf_filled(out, at + size_bytes);
}

void protobuf_text(Buf *out, uint32_t field, const char *text, size_t size_bytes) {
    if (size_bytes == 0 || utf8_valid_prefix(text, size_bytes) == size_bytes) {
        protobuf_bytes(out, field, text, size_bytes);
        return;
    }
    const size_t begun = protobuf_begin(out, field);
    for (size_t at = 0; at < size_bytes;) {
        char bytes[4];
        uint32_t code = 0;
        at += utf8_decode(text + at, size_bytes - at, &code, NULL);
        buf_append(out, bytes, utf8_encode(code, bytes));
    }
    protobuf_end(out, begun);
}

/* One byte is left for the length; where it needs more, what it counts moves up. */
size_t protobuf_begin(Buf *out, uint32_t field) {
    char *at = begin_field(out, field, WIRE_COUNTED, 1);
    *at++ = 0;
    buf_filled(out, at);
    return out->size_bytes;
}

void protobuf_end(Buf *out, size_t begun) {
    const size_t size_bytes = out->size_bytes - begun;
    char length[VARINT_MAX_BYTES];
    const size_t length_bytes = (size_t)(put_varint(length, size_bytes) - length);
    if (length_bytes > 1) {
        buf_reserve(out, length_bytes);
        memmove(out->data + begun + length_bytes - 1, out->data + begun, size_bytes);
        buf_filled(out, out->data + out->size_bytes + length_bytes - 1);
    }
    memcpy(out->data + begun - 1, length, length_bytes);
}
