/* The list of files: its order, what is typed, what keys mean, and how it looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_welcome_stand.h"

#include <string.h>

/* In the order in which a folder might tell them. */
static void list(FilePicker *picker) {
    picker_enter(picker, "/home/me/lessons");
    picker_add(picker, "b.json", false);
    picker_add(picker, "Zoo", true);
    picker_add(picker, "..", true);
    picker_add(picker, "A.json", false);
    picker_add(picker, ".secret.json", false);
    picker_add(picker, "run.jsonl", false);
    picker_add(picker, "drafts", true);
    picker_add(picker, ".git", true);
    picker_sort(picker, NULL);
    picker->open = true;
}

static const char *row(const FilePicker *picker, size_t at) {
    return at < picker->shown_count ? picker->entries[picker->shown[at]].name : "";
}

static Action key(FilePicker *picker, const char *name) {
    return picker_key(picker, name, false, false);
}

static void folders_stand_before_files_each_by_name(void **state) {
    (void)state;
    static const char *const ROWS[] = {"..", "drafts", "Zoo", "A.json", "b.json", "run.jsonl", ""};
    FilePicker picker = {0};
    list(&picker);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        assert_string_equal(row(&picker, i), ROWS[i]);
    }
    picker_sort(&picker, "b.json");
    assert_string_equal(picker_chosen(&picker)->name, "b.json");
    picker_finish(&picker);
}

static void scenarios_and_traces_are_taken_by_their_ending(void **state) {
    (void)state;
    assert_true(picker_takes("a.json"));
    assert_true(picker_takes("a.b.JSONL"));
    assert_false(picker_takes(".json"));
    assert_false(picker_takes("json"));
    assert_false(picker_takes("a.json.txt"));
    assert_false(picker_takes("ajson"));
}

static void what_is_typed_narrows_the_list(void **state) {
    (void)state;
    FilePicker picker = {0};
    list(&picker);
    assert_int_equal(key(&picker, "J"), ACTION_NONE);
    assert_int_equal(key(&picker, "S"), ACTION_NONE);
    assert_int_equal(picker.shown_count, 3);
    assert_string_equal(row(&picker, 0), "A.json");
    key(&picker, "X");
    assert_int_equal(picker.shown_count, 0);
    assert_null(picker_chosen(&picker));
    assert_int_equal(key(&picker, "Return"), ACTION_NONE);
    key(&picker, "Down");
    assert_int_equal(picker.chosen, 0);
    key(&picker, "Backspace");
    assert_int_equal(picker.shown_count, 3);
    assert_int_equal(key(&picker, "Escape"), ACTION_NONE); /* what was typed goes first */
    assert_int_equal(picker.shown_count, 6);
    key(&picker, ".");
    assert_string_equal(row(&picker, 0), ".git");
    for (int i = 0; i < 2 * PICKER_TYPED_MAX; i++) {
        key(&picker, "ü"); /* never more than there is room for, and no half sign */
    }
    const size_t full = strlen(picker.typed);
    assert_in_range(full, PICKER_TYPED_MAX - 3, PICKER_TYPED_MAX - 1);
    key(&picker, "Backspace");
    assert_int_equal(strlen(picker.typed), full - 2);
    picker_finish(&picker);
}

static void arrows_move_and_stop_at_the_ends(void **state) {
    (void)state;
    static const struct {
        const char *key;
        size_t chosen;
    } STEPS[] = {{"Up", 0},   {"Down", 1},   {"Down", 2}, {"End", 5},
                 {"Down", 5}, {"PageUp", 0}, {"Home", 0}, {"PageDown", 5}};
    FilePicker picker = {0};
    list(&picker);
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++) {
        assert_int_equal(key(&picker, STEPS[i].key), ACTION_NONE);
        assert_int_equal(picker.chosen, STEPS[i].chosen);
    }
    picker_finish(&picker);
}

static void keys_that_do_something(void **state) {
    (void)state;
    FilePicker picker = {0};
    list(&picker);
    assert_int_equal(key(&picker, "Return"), ACTION_PICK);
    assert_int_equal(key(&picker, "Keypad Enter"), ACTION_PICK);
    assert_int_equal(key(&picker, "Backspace"), ACTION_PICK_PARENT);
    assert_int_equal(key(&picker, "Escape"), ACTION_PICK_CLOSE);
    assert_int_equal(key(&picker, "F11"), ACTION_FULLSCREEN);
    assert_int_equal(picker_key(&picker, "Q", false, true), ACTION_QUIT);
    assert_int_equal(key(&picker, "F1"), ACTION_NONE); /* the sheet of keys would lie beneath */
    assert_string_equal(picker.typed, "");
    assert_int_equal(key(&picker, "T"), ACTION_NONE); /* a letter is typed */
    assert_string_equal(picker.typed, "t");
    picker_finish(&picker);
}

static void another_folder_begins_anew(void **state) {
    (void)state;
    FilePicker picker = {0};
    list(&picker);
    key(&picker, "A");
    picker_enter(&picker, "/");
    picker_sort(&picker, NULL);
    assert_string_equal(picker.folder, "/");
    assert_string_equal(picker.typed, "");
    assert_int_equal(picker.shown_count, 0);
    assert_null(picker_chosen(&picker));
    picker_finish(&picker);
}

/* Wherever it is, and at every size. */
static void the_chosen_row_is_in_sight(void **state) {
    (void)state;
    enum { FILES = 200 };
    FilePicker picker = {0};
    picker_enter(&picker, "/home/me/lessons");
    for (int i = 0; i < FILES; i++) {
        char name[32];
        snprintf(name, sizeof name, "file-%03d.json", i);
        picker_add(&picker, name, false);
    }
    picker_sort(&picker, NULL);
    for (size_t look = 0; look < LOOK_COUNT; look++) {
        Welcome welcome;
        welcome_begin(&welcome);
        welcome_look(&welcome, look);
        welcome.input.picker = &picker;
        for (picker.chosen = 0; picker.chosen < FILES; picker.chosen += 33) {
            welcome_show(&welcome);
            const Draw *draw = find_text(&welcome.scene, picker_chosen(&picker)->name);
            assert_non_null(draw);
            const Rect window = {0, 0, (float)welcome.input.width_px,
                                 (float)welcome.input.height_px};
            assert_true(rect_inside(text_box(draw), window));
        }
        welcome_finish(&welcome);
    }
    picker_finish(&picker);
}

static void golden_list(void **state) {
    (void)state;
    Welcome welcome;
    FilePicker picker = {0};
    list(&picker);
    key(&picker, "Down");
    snprintf(
        picker.reason, sizeof picker.reason,
        "This system has no file dialog that can be used (zenity or kdialog), so choose here.");
    welcome_begin(&welcome);
    welcome.input.picker = &picker;
    welcome_show(&welcome);
    check_golden_scene(&welcome.scene, "welcome-files");
    welcome_finish(&welcome);
    picker_finish(&picker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_stand_before_files_each_by_name),
        cmocka_unit_test(scenarios_and_traces_are_taken_by_their_ending),
        cmocka_unit_test(what_is_typed_narrows_the_list),
        cmocka_unit_test(arrows_move_and_stop_at_the_ends),
        cmocka_unit_test(keys_that_do_something),
        cmocka_unit_test(another_folder_begins_anew),
        cmocka_unit_test(the_chosen_row_is_in_sight),
        cmocka_unit_test(golden_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
