/* The welcome screen: nothing clipped at any size, the focus in sight, a mistake at its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_welcome_stand.h"

/* No text below 13 units or outside the window; none over another, save the mistake's own value,
 * which is drawn over its line. */
static void check_texts(const Welcome *welcome) {
    const WelcomeInput *input = &welcome->input;
    const bool compact = input->width_px < 1280 || input->height_px < 720;
    const float u = fminf((float)input->width_px / (compact ? 1312 : 1600),
                          (float)input->height_px / (compact ? 820 : 900));
    const Rect window = {0, 0, (float)input->width_px, (float)input->height_px};
    const Color danger = theme_get(input->theme)->danger;
    char text[512], other[512];
    for (size_t i = 0; i < welcome->scene.draw_count; i++) {
        const Draw *draw = &welcome->scene.draws[i];
        if (draw->kind != DRAW_TEXT || draw->count == 0 || same_color(draw->fill, danger)) {
            continue;
        }
        draw_text(&welcome->scene, draw, text);
        if (!rect_inside(text_box(draw), window)) {
            fail_msg("\"%s\" leaves the window of %d x %d", text, input->width_px,
                     input->height_px);
        }
        assert_true(draw->count == 1 || draw->size_px >= 12.99f * u);
        for (size_t k = 0; k < i; k++) {
            const Draw *before = &welcome->scene.draws[k];
            if (before->kind == DRAW_TEXT && !same_color(before->fill, danger) &&
                rects_overlap(text_box(draw), text_box(before))) {
                fail_msg("\"%s\" lies over \"%s\" at %d x %d", text,
                         draw_text(&welcome->scene, before, other), input->width_px,
                         input->height_px);
            }
        }
    }
}

static void nothing_is_clipped_or_covered(void **state) {
    (void)state;
    for (size_t i = 0; i < LOOK_COUNT; i++) {
        for (int problems = 0; problems < 8; problems += 3) {
            Welcome welcome;
            welcome_begin(&welcome);
            welcome_look(&welcome, i);
            for (int k = 0; k < problems; k++) {
                welcome_problem(&welcome, k == 0 ? "\"64 KiB\"" : "\"close\"");
            }
            welcome_show(&welcome);
            check_texts(&welcome);
            welcome_finish(&welcome);
        }
    }
}

static void the_focus_is_always_in_sight(void **state) {
    (void)state;
    for (size_t i = 0; i < LOOK_COUNT; i++) {
        Welcome welcome;
        welcome_begin(&welcome);
        welcome_look(&welcome, i);
        for (size_t focus = 0; focus < ITEMS; focus++) {
            welcome.input.focus = focus;
            welcome_show(&welcome);
            const Hit *hit = find_hit(&welcome.scene, ACTION_OPEN_SCENARIO, (int64_t)focus);
            assert_non_null(hit);
            const Rect window = {0, 0, (float)welcome.input.width_px,
                                 (float)welcome.input.height_px};
            assert_true(rect_inside(hit->rect, window));
            assert_ptr_equal(scene_hit_at(&welcome.scene, hit->rect.x + hit->rect.w / 2,
                                          hit->rect.y + hit->rect.h / 2),
                             hit);
            int rings = 0; /* one card has the ring, and it is this one */
            for (size_t k = 0; k < welcome.scene.draw_count; k++) {
                const Draw *draw = &welcome.scene.draws[k];
                if (draw->kind == DRAW_RECT &&
                    same_color(draw->stroke, theme_get(THEME_DARK)->thread) &&
                    fabsf(draw->rect.w - hit->rect.w) < 0.5f) {
                    assert_true(fabsf(draw->rect.x - hit->rect.x) < 0.5f &&
                                fabsf(draw->rect.y - hit->rect.y) < 0.5f);
                    rings++;
                }
            }
            assert_int_equal(rings, 1);
        }
        welcome_finish(&welcome);
    }
}

static void cards_do_not_overlap(void **state) {
    (void)state;
    Welcome welcome;
    welcome_begin(&welcome);
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        welcome.input.width_px = SIZES[i][0];
        welcome.input.height_px = SIZES[i][1];
        welcome_show(&welcome);
        int cards = 0;
        for (int64_t a = 0; a < ITEMS; a++) {
            const Hit *left = find_hit(&welcome.scene, ACTION_OPEN_SCENARIO, a);
            cards += left != NULL;
            for (int64_t b = 0; b < a; b++) {
                const Hit *right = find_hit(&welcome.scene, ACTION_OPEN_SCENARIO, b);
                assert_true(left == NULL || right == NULL ||
                            !rects_overlap(left->rect, right->rect));
            }
        }
        assert_true(cards >= 8);
    }
    welcome_finish(&welcome);
}

/* The number before the words, or 0 where they are not there. */
static size_t number_before(const Scene *scene, const char *words) {
    char text[512];
    const Draw *draw = find_text(scene, words);
    return draw == NULL ? 0 : strtoul(draw_text(scene, draw, text), NULL, 10);
}

/* What has no room is told of, and the line that tells of it leads there. */
static void cards_out_of_sight_are_counted(void **state) {
    (void)state;
    for (size_t i = 0; i < LOOK_COUNT; i++) {
        Welcome welcome;
        welcome_begin(&welcome);
        welcome_look(&welcome, i);
        for (welcome.input.focus = 0; welcome.input.focus < ITEMS; welcome.input.focus++) {
            welcome_show(&welcome);
            const Scene *scene = &welcome.scene;
            int64_t first = 0, after = 0;
            while (find_hit(scene, ACTION_OPEN_SCENARIO, first) == NULL) {
                first++;
            }
            after = first;
            while (find_hit(scene, ACTION_OPEN_SCENARIO, after) != NULL) {
                after++; /* the button of the focused one is among those seen */
            }
            assert_int_equal(number_before(scene, "more above"), first);
            assert_int_equal(number_before(scene, "more below"), ITEMS - after);
            assert_int_equal(find_hit(scene, ACTION_FOCUS_UP, 0) != NULL, first > 0);
            assert_int_equal(find_hit(scene, ACTION_FOCUS_DOWN, 0) != NULL, after < ITEMS);
            check_texts(&welcome);
        }
        welcome_finish(&welcome);
    }
}

/* A path that has no room loses folders, never the file's name; keys give way to where files go. */
static void what_is_cut_is_not_what_matters(void **state) {
    (void)state;
    for (size_t i = 0; i < LOOK_COUNT; i++) {
        Welcome welcome;
        welcome_begin(&welcome);
        welcome_look(&welcome, i);
        welcome.items[0].file = "/home/somebody/lessons/of/the/first/semester/two-tasks.json";
        welcome_show(&welcome);
        assert_non_null(find_text(&welcome.scene, "two-tasks.json"));
        assert_non_null(find_text(&welcome.scene, "to a fresh folder, removed at the end"));
        assert_non_null(find_text(&welcome.scene, "? keys"));
        check_texts(&welcome);
        welcome_finish(&welcome);
    }
}

/* Rows of a group may be short: a step down stays in the column as far as there is one. */
static void arrows_go_from_row_to_row(void **state) {
    (void)state;
    Welcome welcome;
    welcome_begin(&welcome); /* groups of 5, 5 and 4: rows of 3, 2, 3, 2, 3, 1 */
    static const size_t DOWN[] = {2, 4, 6, 9, 11, 13, 13};
    for (size_t i = 0; i + 1 < sizeof DOWN / sizeof DOWN[0]; i++) {
        welcome.input.focus = DOWN[i];
        assert_int_equal(view_welcome_move(&welcome.input, 1), DOWN[i + 1]);
    }
    static const size_t UP[] = {13, 10, 8, 5, 3, 0, 0};
    for (size_t i = 0; i + 1 < sizeof UP / sizeof UP[0]; i++) {
        welcome.input.focus = UP[i];
        assert_int_equal(view_welcome_move(&welcome.input, -1), UP[i + 1]);
    }
    welcome_show(&welcome);
    assert_non_null(find_text(&welcome.scene, "Taking turns"));
    assert_null(find_text_n(&welcome.scene, "Taking turns", 1));
    welcome_finish(&welcome);
}

static void the_system_and_the_folder_are_told(void **state) {
    (void)state;
    Welcome welcome;
    welcome_begin(&welcome);
    welcome_show(&welcome);
    assert_non_null(find_text(&welcome.scene, "Linux, io_uring + epoll"));
    assert_non_null(find_text(&welcome.scene, "files are written to a fresh folder"));
    assert_non_null(find_text(&welcome.scene, "Drop your scenario file here"));
    assert_null(find_hit(&welcome.scene, ACTION_RELOAD, 0));
    welcome_finish(&welcome);
}

/* ---- a file that does not load ---- */

static void a_mistake_is_shown_at_its_place(void **state) {
    (void)state;
    for (size_t i = 0; i < LOOK_COUNT; i++) {
        Welcome welcome;
        welcome_begin(&welcome);
        welcome_look(&welcome, i);
        const Diag *diag = welcome_problem(&welcome, "\"64 KiB\"");
        welcome_show(&welcome);
        const Scene *scene = &welcome.scene;
        assert_non_null(find_text(scene, "my-writers.json"));
        assert_non_null(find_text(scene, "did not load"));
        assert_null(find_text(scene, "lessons/")); /* the name is enough */
        assert_non_null(find_text(scene, "1 problem. Nothing was run."));
        assert_non_null(find_text(scene, "\"bytes\" must be"));
        assert_non_null(find_text(scene, "tasks[0].steps[1]"));
        assert_non_null(find_text(scene, "expected"));
        assert_non_null(find_text(scene, "a whole number"));
        assert_non_null(find_text(scene, "found"));
        assert_non_null(find_text(scene, "the text \"64 KiB\""));
        assert_int_equal(diag->line, 6);
        /* The value stands where it stands in its line, in danger's colour, a caret below it. */
        const Color danger = theme_get(THEME_DARK)->danger;
        const Draw *value = NULL, *caret = NULL, *number = find_text(scene, "6");
        for (size_t k = 0; k < scene->draw_count; k++) {
            const Draw *draw = &scene->draws[k];
            char text[512];
            if (draw->kind == DRAW_TEXT && same_color(draw->fill, danger) &&
                strcmp(draw_text(scene, draw, text), "\"64 KiB\"") == 0) {
                value = draw;
            } else if (draw->kind == DRAW_POLYGON && same_color(draw->fill, danger) &&
                       value != NULL) {
                caret = draw;
            }
        }
        assert_non_null(value);
        assert_non_null(caret);
        assert_non_null(number);
        const Point tip = scene->points[caret->first];
        assert_true(tip.y > value->rect.y && tip.x >= value->rect.x &&
                    tip.x <= value->rect.x + value->rect.w);
        const Hit *reload = find_hit(scene, ACTION_RELOAD, 0);
        assert_non_null(reload);
        welcome_finish(&welcome);
    }
}

static void long_lines_are_moved_to_the_mistake(void **state) {
    (void)state;
    Welcome welcome;
    welcome_begin(&welcome);
    char text[4096];
    memset(text, ' ', sizeof text);
    memcpy(text + 3000, "\"wrong\"", 7);
    text[4000] = '\0';
    diags_add_at(&welcome.problems, "long.json", text, 4000, 3000, "this is wrong");
    welcome.input.problems = &welcome.problems;
    welcome.input.problem_file = "long.json";
    welcome.input.problem_source = text;
    welcome_show(&welcome);
    check_texts(&welcome);
    const Draw *value = find_text(&welcome.scene, "\"wrong\"");
    assert_non_null(value);
    const Rect window = {0, 0, 1280, 720};
    assert_true(rect_inside(text_box(value), window));
    welcome_finish(&welcome);
}

static void more_mistakes_are_counted_and_listed(void **state) {
    (void)state;
    Welcome welcome;
    welcome_begin(&welcome);
    welcome.input.width_px = 1600;
    welcome.input.height_px = 900;
    for (int i = 0; i < 40; i++) {
        welcome_problem(&welcome, i == 0 ? "\"64 KiB\"" : "\"close\"");
    }
    welcome_show(&welcome);
    assert_non_null(find_text(&welcome.scene, "40 problems. Nothing was run."));
    assert_non_null(find_text(&welcome.scene, "line 7: "));
    assert_non_null(find_text(&welcome.scene, "more problems"));
    check_texts(&welcome);
    welcome_finish(&welcome);
}

static void a_file_without_a_place_is_told_too(void **state) {
    (void)state;
    Welcome welcome;
    welcome_begin(&welcome);
    diags_add(&welcome.problems, "gone.json", "the file can't be read: No such file or directory");
    welcome.input.problems = &welcome.problems;
    welcome.input.problem_file = "gone.json";
    welcome_show(&welcome);
    assert_non_null(find_text(&welcome.scene, "The file can't be read"));
    assert_null(find_text(&welcome.scene, "column"));
    check_texts(&welcome);
    welcome_finish(&welcome);
}

static void bytes_that_are_no_text_do_no_harm(void **state) {
    (void)state;
    Welcome welcome;
    welcome_begin(&welcome);
    static const char text[] = "{\t\"a\": \xff\xfe\x01,\r\n\n\xc3";
    for (size_t offset = 0; offset <= sizeof text - 1; offset++) {
        diags_finish(&welcome.problems);
        welcome.problems = (Diags){0};
        diags_add_at(&welcome.problems, "odd.json", text, sizeof text - 1, offset, "odd");
        welcome.input.problems = &welcome.problems;
        welcome.input.problem_file = "odd.json";
        welcome.input.problem_source = text;
        welcome_show(&welcome);
        assert_non_null(find_text(&welcome.scene, "Odd."));
        for (size_t i = 0; i < welcome.scene.draw_count; i++) {
            const Draw *draw = &welcome.scene.draws[i];
            if (draw->kind == DRAW_TEXT) {
                const char *shown = welcome.scene.text + draw->first;
                assert_int_equal(utf8_valid_prefix(shown, draw->count), draw->count);
            }
        }
    }
    welcome_finish(&welcome);
}

static void no_scenarios_and_help(void **state) {
    (void)state;
    Welcome welcome;
    welcome_begin(&welcome);
    welcome.input.item_count = 0;
    welcome_show(&welcome);
    assert_non_null(find_text(&welcome.scene, "No scenarios were found"));
    check_texts(&welcome);
    welcome.input.help = true;
    welcome_show(&welcome);
    assert_non_null(find_text(&welcome.scene, "choose a scenario"));
    assert_int_equal(scene_hit_at(&welcome.scene, 20, 20)->action, ACTION_HELP);
    welcome_finish(&welcome);
}

static void golden_screens(void **state) {
    (void)state;
    Welcome welcome;
    welcome_begin(&welcome);
    welcome_show(&welcome);
    check_golden_scene(&welcome.scene, "welcome");
    welcome.input.help = true;
    welcome_show(&welcome);
    check_golden_scene(&welcome.scene, "welcome-help");
    welcome.input.help = false;
    (void)welcome_problem(&welcome, "\"64 KiB\"");
    welcome_show(&welcome);
    check_golden_scene(&welcome.scene, "welcome-problem");
    welcome.input.width_px = 1024;
    welcome.input.height_px = 640;
    welcome_show(&welcome);
    check_golden_scene(&welcome.scene, "welcome-problem-small");
    welcome.input.problems = NULL;
    welcome_show(&welcome);
    check_golden_scene(&welcome.scene, "welcome-small");
    welcome_finish(&welcome);
}

/* Beside a problem the format stands in the cards' place, within it, at every size. */
static void the_format_stands_beside_a_problem(void **state) {
    (void)state;
    static const char *const LINES[] = {
        "A scenario has",          "title", "tasks", "A step is one of",
        "write \"to\" [blocking]", "sleep", "log"};
    Listing format = {0};
    for (size_t i = 0; i < 50; i++) {
        const char *line = LINES[i % 7];
        listing_add(&format, line, strlen(line), 1, NULL, i % 2 == 0, line[0] == 'A');
    }
    for (size_t i = 0; i < LOOK_COUNT; i++) {
        Welcome welcome;
        welcome_begin(&welcome);
        welcome.input.width_px = SIZES[i / 3][0];
        welcome.input.height_px = SIZES[i / 3][1];
        welcome.input.text_scale = SCALES[i % 3];
        welcome.input.format = &format;
        welcome_show(&welcome);
        assert_null(find_text(&welcome.scene, "The format in short")); /* there is no problem */
        Diags problems = {0};
        diags_add(&problems, "a.json", "this is wrong");
        welcome.input.problems = &problems;
        welcome.input.problem_file = "a.json";
        welcome_show(&welcome);
        const Rect window = {0, 0, (float)SIZES[i / 3][0], (float)SIZES[i / 3][1]};
        assert_non_null(find_text(&welcome.scene, "The format in short"));
        assert_non_null(find_text_n(&welcome.scene, "write", 6)); /* all of them */
        assert_null(find_hit(&welcome.scene, ACTION_OPEN_SCENARIO, 0));
        assert_non_null(find_hit(&welcome.scene, ACTION_FORMAT, 0));
        for (size_t k = 0; k < welcome.scene.draw_count; k++) {
            const Draw *draw = &welcome.scene.draws[k];
            assert_true(draw->kind != DRAW_TEXT || rect_inside(text_box(draw), window));
        }
        diags_finish(&problems);
        welcome_finish(&welcome);
    }
    listing_finish(&format);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_clipped_or_covered),
        cmocka_unit_test(the_focus_is_always_in_sight),
        cmocka_unit_test(cards_do_not_overlap),
        cmocka_unit_test(the_format_stands_beside_a_problem),
        cmocka_unit_test(cards_out_of_sight_are_counted),
        cmocka_unit_test(what_is_cut_is_not_what_matters),
        cmocka_unit_test(arrows_go_from_row_to_row),
        cmocka_unit_test(the_system_and_the_folder_are_told),
        cmocka_unit_test(a_mistake_is_shown_at_its_place),
        cmocka_unit_test(long_lines_are_moved_to_the_mistake),
        cmocka_unit_test(more_mistakes_are_counted_and_listed),
        cmocka_unit_test(a_file_without_a_place_is_told_too),
        cmocka_unit_test(bytes_that_are_no_text_do_no_harm),
        cmocka_unit_test(no_scenarios_and_help),
        cmocka_unit_test(golden_screens),
    };
    return cmocka_run_group_tests_name("view/welcome", tests, NULL, NULL);
}
