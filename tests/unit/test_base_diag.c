/* Located mistakes: line, column, excerpt, caret, order, near names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/diag.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static const char TEXT[] = "first\n\tsecond ä here\r\nthird\n";

static void a_place_is_a_line_and_a_column(void **state) {
    (void)state;
    static const struct {
        size_t offset;
        uint32_t line, column;
        const char *excerpt;
    } CASES[] = {
        {0, 1, 1, "first"},          {4, 1, 5, "first"},
        {5, 1, 6, "first"},          {6, 2, 1, " second ä here"},
        {7, 2, 2, " second ä here"}, {16, 2, 10, " second ä here"},
        {23, 3, 1, "third"},         {29, 4, 1, ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        Diags diags = {0};
        const Diag *diag = diags_add_at(&diags, "f", TEXT, strlen(TEXT), CASES[i].offset, "here");
        assert_int_equal(diag->line, CASES[i].line);
        assert_int_equal(diag->column, CASES[i].column);
        assert_int_equal(diag->caret, CASES[i].column);
        assert_string_equal(diag->excerpt, CASES[i].excerpt);
        diags_finish(&diags);
    }
}

/* A carriage return at a line's end is a column, but is not shown: the caret stays by the text. */
static void the_caret_stays_by_the_text(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t line, column, caret; /* of its end */
    } CASES[] = {{"\r", 1, 2, 1}, {"ab\r", 1, 4, 3}, {"ab\r\n", 2, 1, 1}, {"a\rb", 1, 4, 4}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const size_t size = strlen(CASES[i].text);
        Diags diags = {0};
        const Diag *diag = diags_add_at(&diags, "f", CASES[i].text, size, size, "the end");
        assert_int_equal(diag->line, CASES[i].line);
        assert_int_equal(diag->column, CASES[i].column);
        assert_int_equal(diag->caret, CASES[i].caret);
        diags_finish(&diags);
    }
}

static void the_terminal_form_has_a_caret_under_the_column(void **state) {
    (void)state;
    Diags diags = {0};
    Buf out = {0};
    diag_format(diags_add_at(&diags, "a.json", TEXT, strlen(TEXT), 7, "no \"%s\"", "x"), &out);
    assert_string_equal(buf_text(&out), "a.json:2:2: no \"x\"\n second ä here\n ^\n");
    buf_clear(&out);
    diag_format(diags_add(&diags, "a.json", "can't be read"), &out);
    assert_string_equal(buf_text(&out), "a.json: can't be read\n");
    buf_finish(&out);
    diags_finish(&diags);
}

/* Of a long line, at most 120 columns with the place among them; the caret fits. */
static void long_lines_are_cut_around_the_place(void **state) {
    (void)state;
    enum { COLUMNS = 1000 };
    Buf line = {0};
    size_t offsets[COLUMNS + 1];
    for (size_t i = 0; i < COLUMNS; i++) {
        offsets[i] = line.size_bytes;
        buf_append_text(&line, i % 3 == 0 ? "ä" : "b");
    }
    offsets[COLUMNS] = line.size_bytes;
    for (size_t i = 0; i <= COLUMNS; i++) {
        Diags diags = {0};
        const Diag *diag =
            diags_add_at(&diags, "f", line.data, line.size_bytes, offsets[i], "here");
        assert_int_equal(diag->column, i + 1);
        const size_t first = diag->column - diag->caret; /* columns that were cut off in front */
        assert_int_equal(utf8_count(diag->excerpt, strlen(diag->excerpt)), DIAG_EXCERPT_COLUMNS);
        assert_memory_equal(diag->excerpt, line.data + offsets[first], strlen(diag->excerpt));
        assert_true(diag->caret >= 1 && diag->caret <= DIAG_EXCERPT_COLUMNS + 1);
        diags_finish(&diags);
    }
    buf_finish(&line);
}

static void many_places_are_found_in_any_order(void **state) {
    (void)state;
    Buf text = {0};
    for (unsigned i = 0; i < 3000; i++) {
        buf_append_text(&text, i % 700 == 699 ? "\n"
                               : i % 5 == 0   ? "€"
                               : i % 7 == 0   ? "\xFF"
                                              : "x");
    }
    DiagPlace place;
    diag_place_init(&place, text.data, text.size_bytes);
    for (size_t step = 0, offset = 0; step < 2000; step++, offset = (offset * 31 + 17) % 3000) {
        Diags diags = {0};
        Diag *walked = diags_add(&diags, "f", "walked");
        diag_set_place(walked, &place, offset);
        const uint32_t line = walked->line, column = walked->column, caret = walked->caret;
        char excerpt[600];
        memcpy(excerpt, walked->excerpt, strlen(walked->excerpt) + 1);
        const Diag *alone = diags_add_at(&diags, "f", text.data, text.size_bytes, offset, "alone");
        assert_true(line == alone->line && column == alone->column && caret == alone->caret);
        assert_string_equal(excerpt, alone->excerpt);
        diags_finish(&diags);
    }
    buf_finish(&text);
}

static void an_excerpt_can_not_harm_a_terminal(void **state) {
    (void)state;
    static const char HOSTILE[] = "a\x1b[2J\x7f\xC2\x9B\xE2\x80\xAE\xFF!\r";
    Diags diags = {0};
    const Diag *diag = diags_add_at(&diags, "f", HOSTILE, strlen(HOSTILE), 1, "here");
    assert_string_equal(diag->excerpt, "a\xEF\xBF\xBD[2J\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
                                       "\xEF\xBF\xBD!");
    diags_finish(&diags);
}

static void mistakes_are_sorted_by_place_and_stay_in_order(void **state) {
    (void)state;
    Diags diags = {0};
    diags_add_at(&diags, "f", TEXT, strlen(TEXT), 8, "c");
    diags_add_at(&diags, "f", TEXT, strlen(TEXT), 2, "b1");
    diags_add_at(&diags, "f", TEXT, strlen(TEXT), 2, "b2");
    diags_add(&diags, "f", "a");
    diags_add_at(&diags, "f", TEXT, strlen(TEXT), 2, "b3");
    diags_sort(&diags);
    Buf order = {0};
    for (size_t i = 0; i < diags.count; i++) {
        buf_printf(&order, "%s ", diags.items[i].message);
    }
    assert_string_equal(buf_text(&order), "a b1 b2 b3 c ");
    buf_finish(&order);
    diags_finish(&diags);
}

static void beyond_a_thousand_they_are_counted(void **state) {
    (void)state;
    Diags diags = {0};
    for (unsigned i = 0; i < DIAGS_MAX + 25; i++) {
        Diag *diag = diags_add_at(&diags, "f", TEXT, strlen(TEXT), 3, "mistake %u", i);
        diag_set_expected(diag, "nothing %u", i);
        diag_suggest(diag, "better");
    }
    assert_int_equal(diags.count, DIAGS_MAX);
    assert_int_equal(diags.dropped, 25);
    assert_string_equal(diags.items[DIAGS_MAX - 1].message,
                        "mistake 999: did you mean \"better\"?");
    assert_string_equal(diags.items[DIAGS_MAX - 1].expected, "nothing 999");
    diags_finish(&diags);
}

static void the_fields_of_the_panel_are_copies(void **state) {
    (void)state;
    Diags diags = {0};
    Diag *diag = diags_add(&diags, "f", "m");
    char word[] = "one";
    diag_set_expected(diag, "%s", word);
    diag_set_found(diag, "%s", word);
    diag_set_pointer(diag, word);
    word[0] = 'X';
    assert_string_equal(diag->expected, "one");
    assert_string_equal(diag->found, "one");
    assert_string_equal(diag->pointer, "one");
    diag_set_expected(diag, "two");
    diag_set_pointer(diag, NULL);
    diag_suggest(diag, NULL);
    assert_string_equal(diag->expected, "two");
    assert_null(diag->pointer);
    assert_string_equal(diag->message, "m");
    diags_finish(&diags);
}

static void near_names_are_near(void **state) {
    (void)state;
    static const char *const VERBS[] = {"log", "sleep", "open", "write", "read", "fsync", "spawn"};
    static const struct {
        const char *word, *near;
    } CASES[] = {{"slep", "sleep"}, {"sleeep", "sleep"}, {"wirte", "write"}, {"raed", "read"},
                 {"opn", "open"},   {"lgo", "log"},      {"fsnyc", "fsync"}, {"spwan", "spawn"},
                 {"compute", NULL}, {"xyz", NULL},       {"", NULL},         {"q", NULL}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const char *near = diag_nearest(CASES[i].word, VERBS, sizeof VERBS / sizeof VERBS[0]);
        if (CASES[i].near == NULL) {
            assert_null(near);
        } else {
            assert_non_null(near);
            assert_string_equal(near, CASES[i].near);
        }
    }
    char longer[200];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    const char *const many[] = {longer};
    assert_null(diag_nearest(longer, many, 1)); /* too long to be compared */
    assert_null(diag_nearest("log", NULL, 0));
}

/* What is offered comes from the file in part: a terminal must not see all of it. */
static void an_offer_is_told_unless_it_would_do_harm(void **state) {
    (void)state;
    static const char *const BAD[] = {"\x1b[31m", "a\nb", "\xE2\x80\xAE", "\xff", ""};
    Diags diags = {0};
    Buf text = {0};
    Diag *diag = diags_add_at(&diags, "f", "abc", 3, 1, "wrong");
    diag_set_write(diag, "\"%s\": %d", "bytes", 5);
    diag_format(diag, &text);
    assert_string_equal(buf_text(&text), "f:1:2: wrong\nabc\n ^\n  write \"bytes\": 5\n");
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        diag_set_write(diag, "%s", BAD[i]);
        assert_null(diag->write);
    }
    buf_clear(&text);
    diag_format(diag, &text);
    assert_string_equal(buf_text(&text), "f:1:2: wrong\nabc\n ^\n");
    buf_finish(&text);
    diags_finish(&diags);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_a_line_and_a_column),
        cmocka_unit_test(the_caret_stays_by_the_text),
        cmocka_unit_test(the_terminal_form_has_a_caret_under_the_column),
        cmocka_unit_test(long_lines_are_cut_around_the_place),
        cmocka_unit_test(many_places_are_found_in_any_order),
        cmocka_unit_test(an_excerpt_can_not_harm_a_terminal),
        cmocka_unit_test(mistakes_are_sorted_by_place_and_stay_in_order),
        cmocka_unit_test(beyond_a_thousand_they_are_counted),
        cmocka_unit_test(the_fields_of_the_panel_are_copies),
        cmocka_unit_test(near_names_are_near),
        cmocka_unit_test(an_offer_is_told_unless_it_would_do_harm),
    };
    return cmocka_run_group_tests_name("base: diag", tests, NULL, NULL);
}
