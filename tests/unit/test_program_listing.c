/* Listings: lines, sections, and the line of a step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "program/listing.h"

#include <stdio.h>
#include <string.h>

static void add(Listing *listing, const char *text, uint32_t indent, const char *at) {
    listing_add(listing, text, strlen(text), indent, at, false, at == NULL);
}

static void lines_are_kept_as_given(void **state) {
    (void)state;
    Listing listing = {0};
    listing_add(&listing, "task a and more", 6, 0, NULL, false, true);
    listing_add(&listing, "sleep 1 s", 9, 1, "/tasks/0/steps/0", true, false);
    assert_int_equal(listing.count, 2);
    assert_string_equal(listing.lines[0].text, "task a");
    assert_true(listing.lines[0].heading);
    assert_null(listing.lines[0].at);
    assert_string_equal(listing.lines[1].at, "/tasks/0/steps/0");
    assert_int_equal(listing.lines[1].indent, 1);
    assert_true(listing.lines[1].awaits);
    listing_finish(&listing);
    assert_int_equal(listing.count, 0);
    assert_int_equal(listing_line_of(&listing, "/tasks/0/steps/0"), -1);
}

static void a_step_has_its_line_or_that_of_the_step_around_it(void **state) {
    (void)state;
    Listing listing = {0};
    add(&listing, "task a", 0, NULL);
    add(&listing, "log", 1, "/tasks/0/steps/1");
    add(&listing, "log", 1, "/tasks/0/steps/10");
    add(&listing, "repeat", 1, "/tasks/0/steps/2");
    add(&listing, "log", 2, "/tasks/0/steps/2/steps/0");
    assert_int_equal(listing_line_of(&listing, "/tasks/0/steps/1"), 1);
    assert_int_equal(listing_line_of(&listing, "/tasks/0/steps/10"), 2);
    assert_int_equal(listing_line_of(&listing, "/tasks/0/steps/2"), 3);
    assert_int_equal(listing_line_of(&listing, "/tasks/0/steps/2/steps/0"), 4);
    assert_int_equal(listing_line_of(&listing, "/tasks/0/steps/2/steps/7"), 3);
    assert_int_equal(listing_line_of(&listing, "/tasks/0/steps/1/to"), 1);
    assert_int_equal(listing_line_of(&listing, "/tasks/0/steps/100"),
                     -1); /* a prefix is no place */
    assert_int_equal(listing_line_of(&listing, "/tasks/0"), -1);
    assert_int_equal(listing_line_of(&listing, ""), -1);
    listing_finish(&listing);
}

static void a_line_may_hold_several_steps(void **state) {
    (void)state;
    Listing listing = {0};
    add(&listing, "{", 0, NULL);
    add(&listing, "[{...}, {...}]", 1, "/tasks/0/steps/0");
    listing_add_place(&listing, "/tasks/0/steps/1");
    listing_add_place(&listing, "/tasks/0/steps/0"); /* again: the first line stays */
    add(&listing, "]", 0, "/tasks/1/steps/0");
    listing_add_place(&listing, "/tasks/0/steps/1");
    assert_int_equal(listing_line_of(&listing, "/tasks/0/steps/0"), 1);
    assert_int_equal(listing_line_of(&listing, "/tasks/0/steps/1"), 1);
    assert_int_equal(listing_line_of(&listing, "/tasks/1/steps/0"), 2);
    listing_finish(&listing);
}

static void every_one_of_many_steps_is_found(void **state) {
    (void)state;
    enum { STEPS = 10000 };
    Listing listing = {0};
    char at[48];
    for (unsigned i = 0; i < STEPS; i++) {
        snprintf(at, sizeof at, "/coroutines/c%u/%u", i % 7, i);
        add(&listing, "x", 0, at);
    }
    for (unsigned i = 0; i < STEPS; i++) {
        snprintf(at, sizeof at, "/coroutines/c%u/%u", i % 7, i);
        assert_int_equal(listing_line_of(&listing, at), i);
    }
    assert_int_equal(listing_line_of(&listing, "/coroutines/c0/1"), -1);
    listing_finish(&listing);
}

static void a_source_keeps_its_lines_and_each_has_its_number(void **state) {
    (void)state;
    static const char SOURCE[] = "import asyncio\n"
                                 "\n"
                                 "async def main():\n"
                                 "    await asyncio.sleep(1)\n"
                                 "      # six columns in";
    Listing listing = {0};
    listing_add_source(&listing, SOURCE, sizeof SOURCE - 1);
    assert_int_equal(listing.count, 5);
    assert_string_equal(listing.lines[1].text, "");
    assert_true(listing.lines[2].heading);
    assert_int_equal(listing.lines[3].indent, 1);
    assert_true(listing.lines[3].awaits);
    assert_string_equal(listing.lines[3].text, "await asyncio.sleep(1)");
    assert_string_equal(listing.lines[4].text, "  # six columns in");
    assert_int_equal(listing.lines[4].indent, 1);
    for (int32_t i = 0; i < 5; i++) {
        char at[16];
        (void)snprintf(at, sizeof at, "/%d", i + 1);
        assert_int_equal(listing_line_of(&listing, at), i);
    }
    assert_int_equal(listing_line_of(&listing, "/6"), -1);
    listing_finish(&listing);
}

static void a_section_begins_at_its_heading(void **state) {
    (void)state;
    Listing listing = {0};
    add(&listing, "log", 0, "/x");
    add(&listing, "task a", 0, NULL);
    add(&listing, "log", 1, "/tasks/0/steps/0");
    add(&listing, "task b", 0, NULL);
    add(&listing, "log", 1, "/tasks/1/steps/0");
    static const uint32_t SECTIONS[] = {0, 1, 1, 3, 3};
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(listing_section(&listing, i), SECTIONS[i]);
    }
    listing_finish(&listing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_kept_as_given),
        cmocka_unit_test(a_step_has_its_line_or_that_of_the_step_around_it),
        cmocka_unit_test(a_line_may_hold_several_steps),
        cmocka_unit_test(every_one_of_many_steps_is_found),
        cmocka_unit_test(a_source_keeps_its_lines_and_each_has_its_number),
        cmocka_unit_test(a_section_begins_at_its_heading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
