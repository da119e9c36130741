/* Deflate: what was packed is unpacked again, by an inflater of the test's own that knows no more
 * than RFC 1951 says of fixed codes. */
#include "trace_random.h"

#include "base/buf.h"
#include "export/deflate.h"

#include <string.h>

/* ---- the other way round ---- */

typedef struct Inflate {
    Buf bytes;
    size_t bit;
} Inflate;

static unsigned sign_value(char sign) {
    static const char SIGNS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = strchr(SIGNS, sign);
    assert_true(at != NULL && sign != '\0');
    return (unsigned)(at - SIGNS);
}

static void unbase(const Buf *text, Buf *bytes) {
    assert_int_equal(text->size_bytes % 4, 0);
    for (size_t i = 0; i < text->size_bytes; i += 4) {
        const char *four = text->data + i;
        const unsigned a = sign_value(four[0]), b = sign_value(four[1]);
        buf_append_char(bytes, (char)(a << 2 | b >> 4));
        if (four[2] != '=') {
            const unsigned c = sign_value(four[2]);
            buf_append_char(bytes, (char)(b << 4 | c >> 2));
            if (four[3] != '=') {
                buf_append_char(bytes, (char)(c << 6 | sign_value(four[3])));
            }
        }
    }
}

static unsigned get_bits(Inflate *inflate, unsigned count) {
    unsigned value = 0;
    for (unsigned i = 0; i < count; i++, inflate->bit++) {
        assert_true(inflate->bit / 8 < inflate->bytes.size_bytes);
        const unsigned byte = (unsigned char)inflate->bytes.data[inflate->bit / 8];
        value |= (byte >> inflate->bit % 8 & 1) << i;
    }
    return value;
}

static unsigned get_code(Inflate *inflate, unsigned count) {
    unsigned code = 0;
    for (unsigned i = 0; i < count; i++) {
        code = code << 1 | get_bits(inflate, 1);
    }
    return code;
}

static unsigned get_symbol(Inflate *inflate) {
    unsigned code = get_code(inflate, 7);
    if (code < 24) {
        return 256 + code;
    }
    code = code << 1 | get_bits(inflate, 1);
    if (code < 192) {
        return code - 48;
    }
    if (code < 200) {
        return 280 + code - 192;
    }
    return 144 + (code << 1 | get_bits(inflate, 1)) - 400;
}

static void copy_match(Inflate *inflate, unsigned symbol, Buf *out) {
    unsigned length = 3, distance = 1, bits;
    for (unsigned i = 257; i < symbol; i++) { /* each row begins where the one before ends */
        length += 1U << (i < 265 ? 0 : (i - 261) / 4);
    }
    bits = symbol < 265 || symbol == 285 ? 0 : (symbol - 261) / 4;
    length = symbol == 285 ? 258 : length + get_bits(inflate, bits);
    const unsigned row = get_code(inflate, 5);
    for (unsigned i = 0; i < row; i++) {
        distance += 1U << (i < 2 ? 0 : i / 2 - 1);
    }
    distance += get_bits(inflate, row < 2 ? 0 : row / 2 - 1);
    assert_true(distance <= 32768 && distance <= out->size_bytes);
    for (unsigned i = 0; i < length; i++) {
        buf_append_char(out, out->data[out->size_bytes - distance]);
    }
}

static void unpack(const Buf *text, Buf *out) {
    Inflate inflate = {0};
    unbase(text, &inflate.bytes);
    assert_int_equal(get_bits(&inflate, 3), 3); /* the last block, with fixed codes */
    unsigned symbol;
    while ((symbol = get_symbol(&inflate)) != 256) {
        if (symbol < 256) {
            buf_append_char(out, (char)symbol);
        } else {
            copy_match(&inflate, symbol, out);
        }
    }
    assert_int_equal((inflate.bit + 7) / 8, inflate.bytes.size_bytes);
    buf_finish(&inflate.bytes);
}

/* ---- there and back ---- */

/* Returns how large it is, packed; taken in parts of `part` bytes. */
static size_t check_both_ways(const char *bytes, size_t size_bytes, size_t part) {
    Deflate deflate = {0};
    Buf packed = {0}, back = {0};
    for (size_t at = 0; at < size_bytes; at += part) {
        const size_t left = size_bytes - at;
        deflate_add(&deflate, bytes + at, left < part ? left : part, &packed);
    }
    deflate_finish(&deflate, &packed);
    unpack(&packed, &back);
    assert_int_equal(back.size_bytes, size_bytes);
    assert_true(size_bytes == 0 || memcmp(back.data, bytes, size_bytes) == 0);
    const size_t size = packed.size_bytes;
    buf_finish(&packed);
    buf_finish(&back);
    return size;
}

static void small_texts_come_back(void **state) {
    (void)state;
    static const char *const TEXTS[] = {
        "", "a", "ab", "abc", "abcabc", "aaaaaaaaaaaaaaaaaaaa", "\xff\xfe\x80\x90 \x8f"};
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        check_both_ways(TEXTS[i], strlen(TEXTS[i]), 1);
    }
}

/* Runs of one byte, texts that repeat near and far, noise: over several windows, in odd parts. */
static void large_ones_come_back(void **state) {
    (void)state;
    enum { SIZE = 700000 };
    Buf bytes = {0};
    uint32_t noise = 1;
    while (bytes.size_bytes < SIZE) {
        noise = noise * 1664525U + 1013904223U;
        const size_t have = bytes.size_bytes, far = noise >> 8 & 0xFFFF;
        switch (noise >> 28) {
        case 0:
            for (unsigned i = 0; i < (noise >> 8 & 0x3FF); i++) {
                buf_append_char(&bytes, 'x');
            }
            break;
        case 1:
        case 2:
        case 3:
            for (size_t i = 0; far < have && i < (noise >> 4 & 0x1FF); i++) {
                buf_append_char(&bytes, bytes.data[bytes.size_bytes - 1 - far]);
            }
            break;
        default:
            buf_append_char(&bytes, (char)(noise >> 16));
        }
    }
    check_both_ways(bytes.data, bytes.size_bytes, 70001);
    check_both_ways(bytes.data, bytes.size_bytes, bytes.size_bytes);
    buf_clear(&bytes);
    for (int i = 0; i < 50000; i++) {
        buf_printf(&bytes, ",[%d,\"a line\"]", i % 100);
    }
    assert_true(check_both_ways(bytes.data, bytes.size_bytes, 999) < bytes.size_bytes / 20);
    buf_finish(&bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_texts_come_back),
        cmocka_unit_test(large_ones_come_back),
    };
    return cmocka_run_group_tests_name("export/deflate", tests, NULL, NULL);
}
