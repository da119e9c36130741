/* The pointer's shape for everything that can be under it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/cursor.h"

static void the_shape_says_what_a_press_does(void **state) {
    (void)state;
    size_t hands = 0;
    for (int action = ACTION_NONE; action < ACTION_COUNT; action++) {
        hands += cursor_of_action((Action)action, false) == CURSOR_HAND;
    }
    assert_int_equal(hands, ACTION_COUNT - 3); /* all but these, and nothing */
    assert_int_equal(cursor_of_action(ACTION_NONE, true), CURSOR_ARROW);
    assert_int_equal(cursor_of_action(ACTION_FILTER, true), CURSOR_TEXT);
    assert_int_equal(cursor_of_action(ACTION_SCRUB, true), CURSOR_SLIDE);
    assert_int_equal(cursor_of_action(ACTION_LANES, true), CURSOR_MOVE);
    assert_int_equal(cursor_of_action(ACTION_LANES, false), CURSOR_HAND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shape_says_what_a_press_does),
    };
    return cmocka_run_group_tests_name("ui/cursor", tests, NULL, NULL);
}
