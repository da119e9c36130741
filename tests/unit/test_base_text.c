/* Text in base/: growing bytes, UTF-8, JSON literals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/utf8.h"

#include <limits.h>
#include <string.h>

/* ---- Buf ---- */

static void a_zeroed_buf_is_an_empty_text(void **state) {
    (void)state;
    Buf buf = {0};
    assert_string_equal(buf_text(&buf), "");
    buf_clear(&buf);
    assert_string_equal(buf_text(&buf), "");
    buf_append(&buf, NULL, 0);
    assert_string_equal(buf.data, ""); /* NUL-terminated once anything was appended */
    buf_finish(&buf);
    assert_null(buf.data);
    buf_finish(&buf);
}

static void numbers_are_written_in_full(void **state) {
    (void)state;
    Buf buf = {0};
    buf_append_u64(&buf, 0);
    buf_append_char(&buf, ' ');
    buf_append_u64(&buf, UINT64_MAX);
    buf_append_char(&buf, ' ');
    buf_append_i64(&buf, INT64_MIN);
    buf_append_char(&buf, ' ');
    buf_append_i64(&buf, INT64_MAX);
    buf_append_char(&buf, ' ');
    buf_append_i64(&buf, -1);
    assert_string_equal(buf.data, "0 18446744073709551615 -9223372036854775808 "
                                  "9223372036854775807 -1");
    buf_finish(&buf);
}

/* The same bytes, however they were split; terminated after every step. */
static void appending_keeps_all_bytes(void **state) {
    (void)state;
    Buf buf = {0};
    for (unsigned i = 0; i < 5000; i++) {
        if (i % 3 == 0) {
            buf_printf(&buf, "%c%c", (char)('a' + i % 26), (char)('A' + i % 26));
        } else {
            buf_append_char(&buf, (char)('a' + i % 26));
            buf_append(&buf, &(char){(char)('A' + i % 26)}, 1);
        }
        assert_int_equal(buf.size_bytes, 2 * (i + 1));
        assert_int_equal(buf.data[buf.size_bytes], '\0');
        assert_true(buf.cap_bytes > buf.size_bytes);
    }
    for (unsigned i = 0; i < 5000; i++) {
        assert_int_equal(buf.data[2 * i], 'a' + i % 26);
        assert_int_equal(buf.data[2 * i + 1], 'A' + i % 26);
    }
    buf_clear(&buf);
    assert_string_equal(buf_text(&buf), "");
    buf_append_text(&buf, "again");
    assert_string_equal(buf.data, "again");
    buf_finish(&buf);
}

static void bytes_may_hold_nul(void **state) {
    (void)state;
    Buf buf = {0};
    buf_append(&buf, "a\0b", 3);
    assert_int_equal(buf.size_bytes, 3);
    assert_memory_equal(buf.data, "a\0b", 4);
    buf_finish(&buf);
}

/* ---- UTF-8 ---- */

/* Every scalar value there is: written, read, and counted as one. */
static void every_code_point_round_trips(void **state) {
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        char bytes[4];
        const size_t size = utf8_encode(code, bytes);
        assert_int_equal(size, code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
        uint32_t back = 0;
        bool valid = false;
        assert_int_equal(utf8_decode(bytes, size, &back, &valid), size);
        assert_true(valid);
        assert_int_equal(back, code);
        assert_int_equal(utf8_count(bytes, size), 1);
        assert_int_equal(utf8_valid_prefix(bytes, size), size);
    }
}

static void every_cut_sequence_is_refused(void **state) {
    (void)state;
    static const char *const SEQUENCES[] = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    for (size_t i = 0; i < 3; i++) {
        for (size_t cut = 1; cut < strlen(SEQUENCES[i]); cut++) {
            uint32_t code = 0;
            bool valid = true;
            assert_int_equal(utf8_decode(SEQUENCES[i], cut, &code, &valid), 1);
            assert_false(valid);
            assert_int_equal(code, UTF8_REPLACEMENT);
            assert_int_equal(utf8_valid_prefix(SEQUENCES[i], cut), 0);
            assert_int_equal(utf8_count(SEQUENCES[i], cut), cut); /* a bad byte counts as one */
        }
    }
}

static void what_is_not_utf8_is_refused(void **state) {
    (void)state;
    static const char *const BAD[] = {
        "\x80",                 /* a continuation alone */
        "\xC0\x80",             /* NUL, overlong */
        "\xC1\xBF",             /* overlong */
        "\xE0\x80\xAF",         /* '/', overlong */
        "\xE0\x9F\xBF",         /* overlong */
        "\xF0\x80\x80\xAF",     /* overlong */
        "\xF0\x8F\xBF\xBF",     /* overlong */
        "\xED\xA0\x80",         /* a high surrogate */
        "\xED\xBF\xBF",         /* a low surrogate */
        "\xF4\x90\x80\x80",     /* above U+10FFFF */
        "\xF8\x88\x80\x80\x80", /* five bytes */
        "\xFF",
        "\xFE",
        "\xC3(", /* the second byte is no continuation */
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        uint32_t code = 0;
        bool valid = true;
        assert_int_equal(utf8_decode(BAD[i], strlen(BAD[i]), &code, &valid), 1);
        assert_false(valid);
        assert_int_equal(code, UTF8_REPLACEMENT);
        assert_int_equal(utf8_valid_prefix(BAD[i], strlen(BAD[i])), 0);
    }
    assert_int_equal(utf8_valid_prefix("gr\xC3\xBC\xC3", 5), 4);
    assert_int_equal(utf8_valid_prefix("", 0), 0);
    assert_int_equal(utf8_count("gr\xC3\xBC\xC3\xC3\x9F", 7), 5);
}

/* ---- JSON literals ---- */

static void check_json(const char *text, size_t size, const char *literal) {
    Buf buf = {0};
    buf_append_json(&buf, text, size);
    assert_string_equal(buf.data, literal);
    buf_finish(&buf);
}

static void json_literals(void **state) {
    (void)state;
    check_json("", 0, "\"\"");
    check_json("plain", 5, "\"plain\"");
    check_json("\"\\/", 3, "\"\\\"\\\\/\"");
    check_json("\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"");
    check_json("\x0B", 1, "\"\\u000b\"");
    check_json("a\0b", 3, "\"a\\u0000b\"");
    check_json("\x1F\x7F", 2, "\"\\u001f\x7F\"");
    check_json("gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80", 11,
               "\"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80\"");
}

static void json_of_bad_bytes_is_valid_all_the_same(void **state) {
    (void)state;
    check_json("a\xFFz", 3, "\"a\xEF\xBF\xBDz\"");
    check_json("\xE2\x82", 2, "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    for (unsigned byte = 0; byte < 256; byte++) {
        const char text[3] = {'x', (char)byte, 'y'};
        Buf buf = {0};
        buf_append_json(&buf, text, 3);
        assert_int_equal(utf8_valid_prefix(buf.data, buf.size_bytes), buf.size_bytes);
        for (size_t i = 0; i < buf.size_bytes; i++) {
            assert_true((unsigned char)buf.data[i] >= 0x20);
        }
        assert_int_equal(buf.data[buf.size_bytes - 1], '"');
        assert_int_equal(buf.data[buf.size_bytes - 2], 'y');
        buf_finish(&buf);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zeroed_buf_is_an_empty_text),
        cmocka_unit_test(numbers_are_written_in_full),
        cmocka_unit_test(appending_keeps_all_bytes),
        cmocka_unit_test(bytes_may_hold_nul),
        cmocka_unit_test(every_code_point_round_trips),
        cmocka_unit_test(every_cut_sequence_is_refused),
        cmocka_unit_test(what_is_not_utf8_is_refused),
        cmocka_unit_test(json_literals),
        cmocka_unit_test(json_of_bad_bytes_is_valid_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
