/* The code pane: the current step marked and in sight, its views, lines of any length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_panes.h"

static void the_code_marks_the_current_step(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    const Layout layout = layout_of(&show);
    show_at(&show, after_kind(&show, EV_STEP, 1)); /* write-a's second: open */
    assert_non_null(find_text(&show.scene, "Task write-a"));
    const Color blue = theme_get(THEME_DARK)->identity[0];
    const Draw *line = NULL, *bar = NULL;
    for (size_t i = 0; i < show.scene.draw_count; i++) {
        const Draw *draw = &show.scene.draws[i];
        char text[512];
        if (draw->kind == DRAW_RECT && same_color(draw->fill, blue) && draw->rect.x == 0 &&
            fabsf(draw->rect.w - 5 * layout.u) < 0.1f) {
            bar = draw;
        } else if (draw->kind == DRAW_TEXT && line == NULL &&
                   rect_contains(layout.code, draw->rect.x, draw->rect.y) &&
                   strcmp(draw_text(&show.scene, draw, text), "open") == 0) {
            line = draw; /* the first: write-a's */
        }
    }
    assert_non_null(bar);
    assert_non_null(line);
    assert_true(line->rect.y > bar->rect.y && line->rect.y < bar->rect.y + bar->rect.h);
    show_finish(&show);
}

static void a_step_of_several_lines_is_marked_whole(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    const Layout layout = layout_of(&show);
    static const struct {
        const char *text;
        uint32_t indent;
        const char *at;
    } LINES[] = {{"{ \"steps\": [", 0, NULL},
                 {"{", 1, "/tasks/0/steps/0"},
                 {"\"log\": \"hello\"", 2, NULL},
                 {"},", 1, NULL},
                 {"{ \"log\": \"two\" }", 1, "/tasks/0/steps/1"},
                 {"] }", 0, NULL}};
    Listing listing = {0};
    for (size_t i = 0; i < 6; i++) {
        listing_add(&listing, LINES[i].text, strlen(LINES[i].text), LINES[i].indent, LINES[i].at,
                    false, false);
    }
    show.doc.listings[CODE_JSON] = &listing;
    show.input.code_view = CODE_JSON;
    static const float WANTED[] = {3, 1}; /* lines */
    for (int step = 0; step < 2; step++) {
        show_at(&show, after_kind(&show, EV_STEP, step));
        int bars = 0;
        for (size_t i = 0; i < show.scene.draw_count; i++) {
            const Draw *draw = &show.scene.draws[i];
            if (draw->kind == DRAW_RECT && draw->rect.x == 0 &&
                fabsf(draw->rect.w - 5 * layout.u) < 0.1f) {
                assert_true(fabsf(draw->rect.h - WANTED[step] * 31 * layout.u) < 0.1f);
                bars++;
            }
        }
        assert_int_equal(bars, 1);
    }
    listing_finish(&listing);
    show_finish(&show);
}

static void await_is_framed_in_python_and_a_pill_among_steps(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    Listing listing = {0};
    listing_add(&listing, "main", 4, 0, NULL, false, true);
    listing_add(&listing, "await worker", 12, 1, "/tasks/0/steps/0", true, false);
    listing_add(&listing, "sleep 20 ms", 11, 1, "/tasks/0/steps/1", true, false);
    listing_add(&listing, "print \"x\"", 9, 1, "/tasks/0/steps/2", false, false);
    show.doc.listings[CODE_STEPS] = show.doc.listings[CODE_PYTHON] = &listing;
    show_at(&show, 3);
    assert_non_null(find_text_n(&show.scene, "may pause", 1));
    assert_null(find_text_n(&show.scene, "may pause", 2)); /* two steps, two pills */
    assert_non_null(find_text(&show.scene, "worker"));
    assert_non_null(find_text(&show.scene, "20 ms"));
    show.input.code_view = CODE_PYTHON;
    show_at(&show, 3);
    assert_non_null(find_text(&show.scene, "await"));
    assert_null(find_text(&show.scene, "may pause"));
    listing_finish(&listing);
    show_finish(&show);
}

/* What was done is ticked off, and what paused the task is told with how long it did. */
static void steps_are_ticked_off(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    const uint64_t open = after_kind(&show, EV_TASK_WAITING, 0); /* write-a's */
    show_at(&show, open);
    assert_non_null(find_text(&show.scene, "is paused"));
    assert_null(find_text(&show.scene, "has paused"));
    const uint64_t end = after_kind(&show, EV_TASK_FINISHED, 0);
    assert_int_equal(log_event(show.log, end - 1)->task, 0);
    show_at(&show, end);
    assert_non_null(find_text_n(&show.scene, "has paused", 2)); /* open, write, close */
    assert_null(find_text_n(&show.scene, "has paused", 3));
    assert_null(find_text(&show.scene, "is paused"));
    show_finish(&show);
}

static void only_views_that_are_there_have_tabs(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show_at(&show, 3);
    assert_non_null(find_hit(&show.scene, ACTION_CODE_VIEW_SET, CODE_STEPS));
    assert_non_null(find_hit(&show.scene, ACTION_CODE_VIEW_SET, CODE_JSON));
    assert_null(find_hit(&show.scene, ACTION_CODE_VIEW_SET, CODE_PYTHON));
    assert_null(find_text(&show.scene, "Python"));
    show.doc.listings[CODE_PYTHON] = &show.steps;
    show_at(&show, 3);
    assert_non_null(find_hit(&show.scene, ACTION_CODE_VIEW_SET, CODE_PYTHON));
    show.doc.listings[CODE_STEPS] = show.doc.listings[CODE_PYTHON] = NULL;
    show.doc.listings[CODE_JSON] = NULL;
    show_at(&show, 3); /* a trace without its scenario */
    assert_non_null(find_text(&show.scene, "no scenario"));
    show_finish(&show);
}

static void long_lines_end_inside_the_pane(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    char text[300];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    Listing listing = {0};
    for (int i = 0; i < 40; i++) {
        listing_add(&listing, text, strlen(text), (uint32_t)i % 7, NULL, i % 3 == 0, i == 0);
    }
    show.doc.listings[CODE_STEPS] = &listing;
    for (int view = 0; view < 2; view++) {
        show.doc.listings[CODE_JSON] = &listing;
        show.input.code_view = view == 0 ? CODE_STEPS : CODE_JSON;
        show_at(&show, 3);
        const Layout layout = layout_of(&show);
        int lines = 0;
        for (size_t i = 0; i < show.scene.draw_count; i++) {
            const Draw *draw = &show.scene.draws[i];
            if (draw->kind == DRAW_TEXT && draw->count > 10 &&
                memchr(show.scene.text + draw->first, 'x', 3) != NULL &&
                rect_contains(layout.code, draw->rect.x, draw->rect.y)) {
                assert_true(rect_inside(text_box(draw), (Rect){0, 0, layout.code.w, 720}));
                lines++;
            }
        }
        assert_true(lines >= 8);
    }
    listing_finish(&listing);
    show_finish(&show);
}

static void the_current_line_is_always_in_sight(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    const Layout layout = layout_of(&show);
    for (uint64_t cursor = 9; cursor < log_count(show.log); cursor++) {
        show_at(&show, cursor);
        int bars = 0;
        for (size_t i = 0; i < show.scene.draw_count; i++) {
            const Draw *draw = &show.scene.draws[i];
            if (draw->kind == DRAW_RECT && draw->rect.x == 0 &&
                fabsf(draw->rect.w - 5 * layout.u) < 0.1f && draw->rect.y < layout.output.y) {
                assert_true(draw->rect.y >= layout.code.y + 60 * layout.u);
                assert_true(draw->rect.y + draw->rect.h <= layout.code.y + layout.code.h);
                bars++;
            }
        }
        const uint32_t running = state_loop(show.after)->running;
        assert_true(bars <= 1);
        if (running != EVENT_NONE) {
            assert_int_equal(bars, state_task(show.after, running).steps > 0);
        }
    }
    show_finish(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_marks_the_current_step),
        cmocka_unit_test(a_step_of_several_lines_is_marked_whole),
        cmocka_unit_test(await_is_framed_in_python_and_a_pill_among_steps),
        cmocka_unit_test(steps_are_ticked_off),
        cmocka_unit_test(only_views_that_are_there_have_tabs),
        cmocka_unit_test(long_lines_end_inside_the_pane),
        cmocka_unit_test(the_current_line_is_always_in_sight),
    };
    return cmocka_run_group_tests_name("view/code", tests, NULL, NULL);
}
