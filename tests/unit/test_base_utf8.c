/* UTF-8: every code point there and back, and nothing else accepted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"

#include <string.h>

static bool is_scalar(uint32_t code) {
    return code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
}

static void every_code_point_goes_there_and_back(void **state) {
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[4];
        const size_t size = utf8_encode(code, bytes);
        uint32_t back = 0;
        bool valid = false;
        const size_t used = utf8_decode(bytes, size, &back, &valid);
        if (is_scalar(code)) {
            assert_true(valid && back == code && used == size);
        } else {
            assert_true(!valid && back == UTF8_REPLACEMENT && used == 1);
        }
    }
}

/* All texts of two bytes, and those of three whose first two can't decide. */
static void only_shortest_forms_are_accepted(void **state) {
    (void)state;
    size_t accepted = 0;
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned second = 0; second < 256; second++) {
            const char bytes[2] = {(char)first, (char)second};
            uint32_t code = 0;
            bool valid = false;
            const size_t used = utf8_decode(bytes, 2, &code, &valid);
            if (valid && used == 2) {
                assert_true(code >= 0x80 && code < 0x800);
                accepted++;
            } else {
                assert_int_equal(used, 1);
                assert_int_equal(valid, first < 0x80);
            }
        }
    }
    assert_int_equal(accepted, 0x800 - 0x80);
}

static void a_text_that_is_cut_off_is_not_utf8(void **state) {
    (void)state;
    static const char *const WHOLE[] = {"ä", "€", "😀"};
    for (size_t i = 0; i < 3; i++) {
        for (size_t size = 1; size < strlen(WHOLE[i]); size++) {
            uint32_t code = 0;
            bool valid = true;
            assert_int_equal(utf8_decode(WHOLE[i], size, &code, &valid), 1);
            assert_false(valid);
            assert_int_equal(utf8_valid_prefix(WHOLE[i], size), 0);
        }
        assert_int_equal(utf8_valid_prefix(WHOLE[i], strlen(WHOLE[i])), strlen(WHOLE[i]));
    }
}

static void prefixes_end_at_the_first_bad_byte(void **state) {
    (void)state;
    assert_int_equal(utf8_valid_prefix("", 0), 0);
    assert_int_equal(utf8_valid_prefix("aä\xFFz", 5), 3);
    assert_int_equal(utf8_valid_prefix("\xC0\x80", 2), 0);         /* NUL, too long */
    assert_int_equal(utf8_valid_prefix("\xF4\x90\x80\x80", 4), 0); /* above U+10FFFF */
    assert_int_equal(utf8_valid_prefix("a\0b", 3), 3);
}

static void code_points_are_counted_and_bad_bytes_too(void **state) {
    (void)state;
    assert_int_equal(utf8_count("", 0), 0);
    assert_int_equal(utf8_count("aä€😀", strlen("aä€😀")), 4);
    assert_int_equal(utf8_count("\xFF\xE2\x82", 3), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_goes_there_and_back),
        cmocka_unit_test(only_shortest_forms_are_accepted),
        cmocka_unit_test(a_text_that_is_cut_off_is_not_utf8),
        cmocka_unit_test(prefixes_end_at_the_first_bad_byte),
        cmocka_unit_test(code_points_are_counted_and_bad_bytes_too),
    };
    return cmocka_run_group_tests_name("base: utf8", tests, NULL, NULL);
}
