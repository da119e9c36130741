/* Mistakes in the JSON itself: every one at its place, and as many as can be found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario_mistakes.h"

#define NO_COMMENT  "no comment; the step \"note\" explains things"
#define TITLE(text) "{\"title\":\"" text "\",\"tasks\":[{\"name\":\"a\",\"steps\":[]}]}"

static void structure(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {"", "1:1 the file is empty; expected an object with \"title\" and \"tasks\""},
        {" \n ", "2:2 the file is empty; expected an object with \"title\" and \"tasks\""},
        {"hello",
         "1:1 this is no JSON value; expected an object, an array, a text, a number, true, "
         "false or null"},
        {"{\"title\" \"t\"}", "1:10 a colon is missing here; expected \":\""},
        {"{title: 1}",
         "1:2 a key in double quotes is missing here; expected a key in double quotes"},
        {"{'title': 1}",
         "1:2 a key in double quotes is missing here; expected a key in double quotes"},
        {"{\"title\": 't'}", "1:11 texts stand in double quotes; expected \""},
        {"{\"title\": ,}", "1:11 a value is missing here; expected a value"},
        {"{\"title\": \"t\"]", "1:14 a comma or } is missing here; expected \",\" or \"}\""},
        {"[1 2]", "1:4 a comma or ] is missing here; expected \",\" or \"]\""},
        {TITLE("t") "x", "1:48 something stands behind the document's end; expected nothing more"},
        {"{\"title\": tru}", "1:11 this is no JSON value; expected an object, an array, a text, a "
                             "number, true, false or null"},
        {"{\"title\": -}", "1:12 a number needs a digit here; expected a digit"},
        {"{\"title\": 1.}", "1:13 a number needs a digit here; expected a digit"},
        {"{\"title\": 1e+}", "1:14 a number needs a digit here; expected a digit"},
        {"{\"title\": \"a\nb\"}",
         "1:13 the line ends within a text; expected a closing quote, or \\n for a line break"},
    };
    CHECK_MISTAKES(CASES);
}

static void an_early_end_stands_behind_the_last_character(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {"{", "1:2 the file ends too early; expected a key in double quotes"},
        {"{\"ti", "1:5 the file ends too early; expected a closing quote"},
        {"{\"title\"", "1:9 the file ends too early; expected \":\""},
        {"{\"title\":", "1:10 the file ends too early; expected an object, an array, a text, a "
                        "number, true, false or null"},
        {"{\"title\": \"ä", "1:13 the file ends too early; expected a closing quote"},
        {"{\"title\": \"a\\", "1:14 the file ends too early; expected the rest of the text and a "
                              "closing quote"},
        {"{\"title\": \"a\\u00",
         "1:17 the file ends too early; expected the rest of the text and a "
         "closing quote"},
        {"{\"title\": tr", "1:13 the file ends too early; expected true, false or null"},
        {"{\"title\": 1", "1:12 the file ends too early; expected \",\" or \"}\""},
        {"{\"title\": -", "1:12 the file ends too early; expected a digit"},
        {"{\"title\": [", "1:12 the file ends too early; expected an object, an array, a text, a "
                          "number, true, false or null"},
        {"{\"title\": 1\n", "2:1 the file ends too early; expected \",\" or \"}\""},
        {"{ /* not closed", "1:3 JSON has no comments; expected " NO_COMMENT "\n"
                            "1:16 the file ends too early; expected a key in double quotes"},
    };
    CHECK_MISTAKES(CASES);
}

#define PAIR "; expected a high surrogate followed by a low one"

/* What stands in a text is mended, so that the mistakes behind it are told as well. */
static void texts(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {TITLE("ä\\ud800b"), "1:12 a lone high surrogate" PAIR},
        {TITLE("\\ud800"), "1:11 a lone high surrogate" PAIR},
        {TITLE("a\\udc00\\ud83d\\ude00"), "1:12 a lone low surrogate" PAIR},
        {TITLE("\\ud83d\\ud83d\\ude00"), "1:11 a lone high surrogate" PAIR},
        {TITLE("a\\u0000b"), "1:12 \\u0000 may not stand in a text; expected a text without it"},
        {TITLE("a\\q"), "1:12 unknown escape in a text; expected one of \\\" \\\\ \\/ \\b \\f \\n "
                        "\\r \\t \\uXXXX"},
        {TITLE("\\u00g1"), "1:11 \\u needs four hexadecimal digits; expected \\u0041, say"},
        {TITLE("a\tb"), "1:12 a control character stands in a text; expected \\t for a tab"},
        {TITLE("a\x01"), "1:12 a control character stands in a text; expected an escape such as "
                         "\\u001b"},
        {TITLE("a\xFFz\xC3"), "1:12 this is not UTF-8; expected a file saved as UTF-8\n"
                              "1:14 this is not UTF-8; expected a file saved as UTF-8"},
        {TITLE("\xED\xA0\x80"), "1:11 this is not UTF-8; expected a file saved as UTF-8\n"
                                "1:12 this is not UTF-8; expected a file saved as UTF-8\n"
                                "1:13 this is not UTF-8; expected a file saved as UTF-8"},
        {"\xFF\xFE{", "1:1 this is not UTF-8; expected a file saved as UTF-8"},
        {TITLE("\\ud83d\\ude00 \\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9 ä€😀"), "good"},
    };
    CHECK_MISTAKES(CASES);
}

static void small_mistakes_do_not_hide_others(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {"// a lesson\n" TITLE("t"), "1:1 JSON has no comments; expected " NO_COMMENT},
        {"{\"title\":\"t\", /* here */\n\"titel\":1,\"tasks\":[{\"name\":\"a\",\"steps\":[]}]}",
         "1:15 JSON has no comments; expected " NO_COMMENT "\n"
         "2:1 unknown key \"titel\" in a scenario: did you mean \"title\"?"},
        {STEPS("{\"log\":\"a\"},\n{\"slep\":1},"),
         "3:2 unknown step \"slep\": did you mean \"sleep\"?\n"
         "3:11 a comma stands behind the last one; expected no comma here"},
        {STEPS("{\"log\":\"a\"}\n{\"slep\":1}"),
         "3:1 a comma is missing before this; expected \",\"\n"
         "3:2 unknown step \"slep\": did you mean \"sleep\"?"},
        {STEPS("{\"open\":\"x\" \"as\":\"f\"},{\"close\":\"g\"}"),
         "2:13 a comma is missing before this; expected \",\"\n"
         "2:32 unknown name \"g\": nothing gives it"},
        {STEPS("{\"log\":\"a\" \"b\"}"),
         "2:12 a comma or } is missing here; expected \",\" or \"}\""},
        {STEPS("{\"sleep\":007},{\"slep\":1}"),
         "2:10 a number may not begin with 0; expected the number without the 0 before\n"
         "2:16 unknown step \"slep\": did you mean \"sleep\"?"},
        {STEPS("{\"log\":\"\\ud800\"},{\"log\":\"{\"}"),
         "2:9 a lone high surrogate; expected a high surrogate followed by a low one\n"
         "2:26 this { has no }; a literal brace is written {{"},
    };
    CHECK_MISTAKES(CASES);
}

static void a_byte_order_mark_is_accepted(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {"\xEF\xBB\xBF" TITLE("t"), "good"},
        {"\xEF\xBB\xBF{]", "1:2 a key in double quotes is missing here; expected a key in double "
                           "quotes"},
        {" \xEF\xBB\xBF{}", "1:2 this is no JSON value; expected an object, an array, a text, a "
                            "number, true, false or null"},
    };
    CHECK_MISTAKES(CASES);
}

/* The document is level 1; 256 levels are good, 257 are not. */
static void nesting_has_a_bound(void **state) {
    (void)state;
    for (unsigned levels = 255; levels <= 258; levels++) {
        Buf text = {0}, told = {0};
        buf_append_text(&text, "{\"title\":\"t\",\"about\":\n");
        for (unsigned i = 1; i < levels; i++) {
            buf_append_char(&text, '[');
        }
        for (unsigned i = 1; i < levels; i++) {
            buf_append_char(&text, ']');
        }
        buf_append_text(&text, ",\"tasks\":[{\"name\":\"a\",\"steps\":[]}]}");
        mistakes_of(text.data, text.size_bytes, &told);
        assert_string_equal(buf_text(&told),
                            levels <= 256 ? "2:2 this must be a text, not an array"
                                          : "2:256 nested too deep; expected at most 256 levels");
        buf_finish(&text);
        buf_finish(&told);
    }
}

static void a_nul_is_no_end(void **state) {
    (void)state;
    static const char TEXT[] = TITLE("a\0b") "\0";
    Buf told = {0};
    mistakes_of(TEXT, sizeof TEXT - 1, &told);
    assert_string_equal(
        buf_text(&told),
        "1:12 a control character stands in a text; expected an escape such as \\u001b\n"
        "1:50 something stands behind the document's end; expected nothing more");
    buf_finish(&told);
}

/* The library takes numbers of 63 characters; here they may be as long as they like. */
static void long_numbers_are_numbers(void **state) {
    (void)state;
    Buf text = {0}, told = {0};
    buf_append_text(&text, "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"count\":\n2.");
    for (unsigned i = 0; i < 200; i++) {
        buf_append_char(&text, '0');
    }
    buf_append_text(&text, ",\"steps\":[{\"sleep\":\n");
    for (unsigned i = 0; i < 200; i++) {
        buf_append_char(&text, '1');
    }
    buf_append_text(&text, "}]}]}");
    mistakes_of(text.data, text.size_bytes, &told);
    assert_string_equal(buf_text(&told), "3:1 \"sleep\" must be a duration from 0 to 1e9 seconds");
    buf_finish(&text);
    buf_finish(&told);
}

static void a_file_that_can_not_be_read_is_told(void **state) {
    (void)state;
    static const char *const FILES[] = {"/nowhere/at/all.json", "/"};
    for (size_t i = 0; i < 2; i++) {
        Diags diags = {0};
        assert_null(scenario_load(FILES[i], &diags));
        assert_int_equal(diags.count, 1);
        assert_string_equal(diags.items[0].file, FILES[i]);
        assert_int_equal(diags.items[0].line, 0);
        assert_non_null(strstr(diags.items[0].message, "can't be read: "));
        diags_finish(&diags);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structure),
        cmocka_unit_test(an_early_end_stands_behind_the_last_character),
        cmocka_unit_test(texts),
        cmocka_unit_test(small_mistakes_do_not_hide_others),
        cmocka_unit_test(a_byte_order_mark_is_accepted),
        cmocka_unit_test(nesting_has_a_bound),
        cmocka_unit_test(a_nul_is_no_end),
        cmocka_unit_test(long_numbers_are_numbers),
        cmocka_unit_test(a_file_that_can_not_be_read_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
