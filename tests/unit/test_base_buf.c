/* Growable bytes, and JSON texts made of anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void a_zeroed_buf_is_an_empty_text(void **state) {
    (void)state;
    Buf buf = {0};
    assert_string_equal(buf_text(&buf), "");
    buf_append(&buf, "", 0);
    assert_non_null(buf.data); /* NUL-terminated once anything was appended, be it nothing */
    assert_string_equal(buf.data, "");
    buf_finish(&buf);
    assert_null(buf.data);
}

static void what_is_appended_follows_what_was_there(void **state) {
    (void)state;
    Buf buf = {0};
    buf_append_text(&buf, "a");
    buf_append_char(&buf, 'b');
    buf_printf(&buf, "%s-%d", "c", 7);
    buf_append_u64(&buf, UINT64_MAX);
    buf_append_char(&buf, ' ');
    buf_append_u64(&buf, 0);
    buf_append_i64(&buf, INT64_MIN);
    buf_append_i64(&buf, 12);
    assert_string_equal(buf.data, "abc-718446744073709551615 0-922337203685477580812");
    assert_int_equal(buf.size_bytes, strlen(buf.data));
    buf_clear(&buf);
    assert_string_equal(buf.data, "");
    buf_append_text(&buf, "again");
    assert_string_equal(buf.data, "again");
    buf_finish(&buf);
}

static void a_long_text_is_kept_whole(void **state) {
    (void)state;
    Buf buf = {0};
    for (unsigned i = 0; i < 100000; i++) {
        buf_append_char(&buf, (char)('a' + i % 26));
    }
    assert_int_equal(buf.size_bytes, 100000);
    for (unsigned i = 0; i < 100000; i++) {
        assert_int_equal(buf.data[i], 'a' + (int)(i % 26));
    }
    assert_int_equal(buf.data[100000], '\0');
    buf_finish(&buf);
}

typedef struct JsonCase {
    const char *text;
    size_t size;
    const char *json;
} JsonCase;

#define TEXT(literal) literal, sizeof(literal) - 1

static void json_texts_are_escaped(void **state) {
    (void)state;
    static const JsonCase CASES[] = {
        {TEXT(""), "\"\""},
        {TEXT("plain"), "\"plain\""},
        {TEXT("say \"hi\" \\ bye"), "\"say \\\"hi\\\" \\\\ bye\""},
        {TEXT("\b\t\n\f\r"), "\"\\b\\t\\n\\f\\r\""},
        {TEXT("a\0b"), "\"a\\u0000b\""},
        {TEXT("\x01\x0b\x1f"), "\"\\u0001\\u000b\\u001f\""},
        {TEXT("\x7f"), "\"\x7f\""},
        {TEXT("ä€😀"), "\"ä€😀\""},
        {TEXT("a\xFFz"), "\"a\xEF\xBF\xBDz\""},
        {TEXT("\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {TEXT("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        Buf buf = {0};
        buf_append_json(&buf, CASES[i].text, CASES[i].size);
        assert_string_equal(buf.data, CASES[i].json);
        buf_finish(&buf);
    }
}

static void arrays_grow_by_doubling(void **state) {
    (void)state;
    size_t cap = 0, moves = 0;
    int *items = NULL;
    for (size_t i = 0; i < 10000; i++) {
        const size_t before = cap;
        items = mem_grow(items, &cap, i + 1, sizeof *items);
        moves += cap != before;
        items[i] = (int)i;
    }
    assert_true(moves <= 12);
    assert_int_equal(items[9999], 9999);
    items = mem_grow(items, &cap, 1000000, sizeof *items); /* more than double at once */
    assert_true(cap >= 1000000);
    assert_int_equal(items[9999], 9999);
    free(items);
}

static void memory_is_zeroed_and_may_be_none(void **state) {
    (void)state;
    unsigned char *bytes = mem_alloc(64, 1);
    for (size_t i = 0; i < 64; i++) {
        assert_int_equal(bytes[i], 0);
    }
    free(bytes);
    free(mem_alloc(0, 8));
    char *copy = mem_copy_text("abcdef", 3);
    assert_string_equal(copy, "abc");
    free(copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zeroed_buf_is_an_empty_text),
        cmocka_unit_test(what_is_appended_follows_what_was_there),
        cmocka_unit_test(a_long_text_is_kept_whole),
        cmocka_unit_test(json_texts_are_escaped),
        cmocka_unit_test(arrays_grow_by_doubling),
        cmocka_unit_test(memory_is_zeroed_and_may_be_none),
    };
    return cmocka_run_group_tests_name("base: buf, mem", tests, NULL, NULL);
}
