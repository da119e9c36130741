#include "base/utf8.h"

#include "base/assert.h"

static bool is_continuation(unsigned char c) {
    return (c & 0xC0) == 0x80;
}

/* How many bytes the lead byte announces, 0 where it can't lead (RFC 3629, section 4). */
static size_t sequence_length(unsigned char lead) {
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        return 3;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

static bool is_scalar(uint32_t code, size_t length) {
    static const uint32_t LEAST[5] = {0, 0, 0x80, 0x800, 0x10000};
    return code >= LEAST[length] && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
}

size_t utf8_decode(const char *text, size_t size_bytes, uint32_t *code, bool *valid) {
    ASSERT(size_bytes > 0);
    const unsigned char lead = (unsigned char)text[0];
    const size_t length = sequence_length(lead);
    bool good = length > 0 && length <= size_bytes;
    uint32_t value = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (size_t i = 1; good && i < length; i++) {
        const unsigned char next = (unsigned char)text[i];
        good = is_continuation(next);
        value = (value << 6) | (next & 0x3F);
    }
    good = good && is_scalar(value, length);
    if (valid != NULL) {
        *valid = good;
    }
    *code = good ? value : UTF8_REPLACEMENT;
    return good ? length : 1;
}

size_t utf8_encode(uint32_t code, char out[4]) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | (code >> 6));
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | (code >> 12));
        out[1] = (char)(0x80 | ((code >> 6) & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | (code >> 18));
    out[1] = (char)(0x80 | ((code >> 12) & 0x3F));
    out[2] = (char)(0x80 | ((code >> 6) & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

size_t utf8_valid_prefix(const char *text, size_t size_bytes) {
    size_t i = 0;
    while (i < size_bytes) {
        uint32_t code = 0;
        bool valid = false;
        const size_t used = utf8_decode(text + i, size_bytes - i, &code, &valid);
        if (!valid) {
            return i;
        }
        i += used;
    }
    return size_bytes;
}

size_t utf8_count(const char *text, size_t size_bytes) {
    size_t count = 0;
    for (size_t i = 0; i < size_bytes; count++) {
        uint32_t code = 0;
        i += utf8_decode(text + i, size_bytes - i, &code, NULL);
    }
    return count;
}
