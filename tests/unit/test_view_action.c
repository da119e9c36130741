/* The table of actions: every key means one thing on a screen, and the help tells all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/action.h"

#include <string.h>

static Action press(Screen screen, const char *keys) {
    const bool ctrl = strncmp(keys, "Ctrl+", 5) == 0;
    keys += ctrl ? 5 : 0;
    const bool shift = strncmp(keys, "Shift+", 6) == 0;
    keys += shift ? 6 : 0;
    return action_of_key(screen, keys, shift, ctrl);
}

static void every_key_of_the_table_acts(void **state) {
    (void)state;
    for (int action = 0; action < ACTION_COUNT; action++) {
        for (size_t i = 0; i < 3; i++) {
            const char *key = ACTIONS[action].keys[i];
            if (key != NULL && key[0] != '\0') {
                const bool main = action_on_screen(SCREEN_MAIN, (Action)action);
                const bool compare = action_on_screen(SCREEN_COMPARE, (Action)action);
                assert_true(main || compare || action_on_screen(SCREEN_WELCOME, (Action)action));
                assert_int_equal(press(SCREEN_MAIN, key) == (Action)action, main);
                assert_int_equal(press(SCREEN_COMPARE, key), compare ? action : ACTION_NONE);
            }
        }
    }
}

static bool on_one_screen(Action a, Action b) {
    for (int screen = SCREEN_WELCOME; screen <= SCREEN_COMPARE; screen++) {
        if (action_on_screen((Screen)screen, a) && action_on_screen((Screen)screen, b)) {
            return true;
        }
    }
    return false;
}

static void no_key_has_two_meanings(void **state) {
    (void)state;
    for (int a = 0; a < ACTION_COUNT; a++) {
        for (int b = a + 1; b < ACTION_COUNT; b++) {
            for (size_t i = 0; i < 9; i++) {
                const char *left = ACTIONS[a].keys[i / 3], *right = ACTIONS[b].keys[i % 3];
                assert_true(left == NULL || right == NULL || strcmp(left, right) != 0 ||
                            !on_one_screen((Action)a, (Action)b));
            }
        }
    }
}

static void what_has_a_key_has_words_and_a_cap(void **state) {
    (void)state;
    size_t told = 0;
    for (int action = 0; action < ACTION_COUNT; action++) {
        const ActionRow *row = &ACTIONS[action];
        assert_int_equal(row->keys[0] != NULL, row->words != NULL);
        assert_int_equal(row->keys[0] != NULL, row->shown != NULL);
        told += row->words != NULL;
    }
    assert_true(told >= 15);
}

static void every_action_has_a_name_of_its_own(void **state) {
    (void)state;
    for (int a = 0; a < ACTION_COUNT; a++) {
        assert_non_null(action_name((Action)a));
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(action_name((Action)a), action_name((Action)b));
        }
    }
}

static void the_main_screen(void **state) {
    (void)state;
    assert_int_equal(press(SCREEN_MAIN, "Space"), ACTION_PLAY_PAUSE);
    assert_int_equal(press(SCREEN_MAIN, "Right"), ACTION_STEP);
    assert_int_equal(press(SCREEN_MAIN, "PageDown"), ACTION_STEP); /* a clicker */
    assert_int_equal(press(SCREEN_MAIN, "PageUp"), ACTION_STEP_BACK);
    assert_int_equal(press(SCREEN_MAIN, "Shift+Right"), ACTION_NEXT_ITERATION);
    assert_int_equal(press(SCREEN_MAIN, "Shift+Left"), ACTION_PREV_ITERATION);
    assert_int_equal(press(SCREEN_MAIN, "Up"), ACTION_FASTER);
    assert_int_equal(press(SCREEN_MAIN, "Down"), ACTION_SLOWER);
    assert_int_equal(press(SCREEN_MAIN, "Ctrl+Q"), ACTION_QUIT);
    assert_int_equal(press(SCREEN_MAIN, "Escape"), ACTION_WELCOME);
}

static void modifiers_and_strange_keys_do_nothing(void **state) {
    (void)state;
    const char *const keys[] = {"Q", "Ctrl+V", "Ctrl+Shift+Right", "Shift+M", "Left Shift",
                                "",  "Ü"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_int_equal(press(SCREEN_MAIN, keys[i]), ACTION_NONE);
    }
    assert_int_equal(press(SCREEN_WELCOME, "V"), ACTION_NONE);
    assert_int_equal(press(SCREEN_WELCOME, "Home"), ACTION_NONE);
}

static void letters_are_tasks(void **state) {
    (void)state;
    for (int letter = 0; letter < 8; letter++) {
        const char key[2] = {(char)('A' + letter), 0};
        assert_int_equal(action_of_key(SCREEN_MAIN, key, true, false), ACTION_LETTER_A + letter);
        assert_int_equal(action_of_key(SCREEN_WELCOME, key, true, false), ACTION_NONE);
    }
    assert_int_equal(action_of_key(SCREEN_MAIN, "C", false, false), ACTION_TOGGLE_CODE);
}

/* On one keyboard "?" is Shift with "/", on another Shift with a key of its own. */
static void the_question_mark_however_it_is_typed(void **state) {
    (void)state;
    for (int screen = SCREEN_WELCOME; screen <= SCREEN_MAIN; screen++) {
        assert_int_equal(action_of_key((Screen)screen, "/", true, false), ACTION_HELP);
        assert_int_equal(action_of_key((Screen)screen, "?", false, false), ACTION_HELP);
        assert_int_equal(action_of_key((Screen)screen, "?", true, false), ACTION_HELP);
        assert_int_equal(action_of_key((Screen)screen, "=", true, true), ACTION_TEXT_LARGER);
        assert_int_equal(action_of_key((Screen)screen, "/", false, false),
                         screen == SCREEN_MAIN ? ACTION_FILTER : ACTION_NONE);
    }
}

static void the_welcome_screen(void **state) {
    (void)state;
    assert_int_equal(press(SCREEN_WELCOME, "Right"), ACTION_FOCUS_NEXT);
    assert_int_equal(press(SCREEN_WELCOME, "Tab"), ACTION_TAB_NEXT);
    assert_int_equal(press(SCREEN_WELCOME, "Shift+Tab"), ACTION_TAB_PREV);
    assert_int_equal(press(SCREEN_WELCOME, "Up"), ACTION_FOCUS_UP);
    assert_int_equal(press(SCREEN_WELCOME, "Down"), ACTION_FOCUS_DOWN);
    assert_int_equal(press(SCREEN_WELCOME, "Return"), ACTION_ACTIVATE);
    assert_int_equal(press(SCREEN_WELCOME, "Space"), ACTION_ACTIVATE);
    assert_int_equal(press(SCREEN_WELCOME, "R"), ACTION_RELOAD);
    assert_int_equal(press(SCREEN_WELCOME, "F11"), ACTION_FULLSCREEN);
    assert_int_equal(press(SCREEN_WELCOME, "Ctrl+Q"), ACTION_QUIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_the_table_acts),
        cmocka_unit_test(no_key_has_two_meanings),
        cmocka_unit_test(what_has_a_key_has_words_and_a_cap),
        cmocka_unit_test(every_action_has_a_name_of_its_own),
        cmocka_unit_test(the_main_screen),
        cmocka_unit_test(modifiers_and_strange_keys_do_nothing),
        cmocka_unit_test(letters_are_tasks),
        cmocka_unit_test(the_question_mark_however_it_is_typed),
        cmocka_unit_test(the_welcome_screen),
    };
    return cmocka_run_group_tests_name("view/action", tests, NULL, NULL);
}
