/* The keyboard's focus: it comes to every control once and back, its ring is seen, and every
 * control says what it does and by which key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/focus.h"
#include "view_panes.h"

enum { CONTROLS_MAX = 128 };

static size_t tab_through(const Scene *scene, bool forward, Focus *out) {
    size_t count = 0;
    for (Focus focus = {0}; count < CONTROLS_MAX; count++) {
        focus = focus_step(scene, focus, forward);
        if (focus.action == ACTION_NONE) {
            return count;
        }
        out[count] = focus;
    }
    fail_msg("the focus goes round and round");
    return 0;
}

static bool is_among(const Focus *all, size_t count, uint32_t action, int64_t argument) {
    for (size_t i = 0; i < count; i++) {
        if (all[i].action == action && all[i].argument == argument) {
            return true;
        }
    }
    return false;
}

/* Controls by what they are; rows and cards have keys of their own. */
static void check_controls(const Scene *scene) {
    Focus there[CONTROLS_MAX], back[CONTROLS_MAX];
    const size_t count = tab_through(scene, true, there);
    assert_int_equal(tab_through(scene, false, back), count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(there[i].action, back[count - 1 - i].action);
        assert_int_equal(there[i].argument, back[count - 1 - i].argument);
        assert_false(is_among(there, i, there[i].action, there[i].argument));
    }
    for (size_t i = 0; i < scene->hit_count; i++) {
        const Hit *hit = &scene->hits[i];
        const Hit *top =
            scene_hit_at(scene, hit->rect.x + hit->rect.w / 2, hit->rect.y + hit->rect.h / 2);
        const bool row = hit->action == ACTION_SEEK, range = hit->action == ACTION_SET_PACE;
        if (hit->action != ACTION_NONE && hit->tip[0] != '\0' && top == hit && !row) {
            assert_true(is_among(there, count, hit->action, range ? 0 : hit->argument));
        }
    }
}

static void check_tips(const Scene *scene) {
    for (size_t i = 0; i < scene->hit_count; i++) {
        const Hit *hit = &scene->hits[i];
        const ActionRow *row = &ACTIONS[hit->action];
        const bool area = hit->action == ACTION_LANES || hit->action == ACTION_SCRUB ||
                          hit->action == ACTION_NONE || hit->argument != 0;
        if (area || row->shown == NULL || hit->action == ACTION_ANSWER_1) {
            continue; /* answers have their key before them */
        }
        const char *bracket = strchr(hit->tip, '(');
        if (bracket == NULL || strstr(bracket, row->shown) == NULL) {
            fail_msg("\"%s\" does not name its key, %s", hit->tip, row->shown);
        }
    }
}

static void check_ring(Show *show, uint64_t cursor) {
    const Rect window = {0, 0, (float)show->input.width_px, (float)show->input.height_px};
    const Color thread = theme_get(THEME_DARK)->thread;
    const Layout layout = layout_of(show);
    Focus all[CONTROLS_MAX];
    const size_t count = tab_through(show_at(show, cursor), true, all);
    for (size_t i = 0; i < count; i++) {
        show->input.control = all[i];
        const Scene *scene = show_at(show, cursor);
        const Hit *hit = focus_hit(scene, all[i]);
        assert_non_null(hit);
        const float x = hit->rect.x + hit->rect.w / 2, y = hit->rect.y + hit->rect.h / 2;
        bool seen = false;
        for (size_t k = 0; k < scene->draw_count; k++) {
            const Draw *draw = &scene->draws[k];
            seen |= draw->kind == DRAW_RECT && same_color(draw->stroke, thread) &&
                    draw->fill.a == 0 && fabsf(draw->stroke_px - 3 * layout.u) < 0.01f &&
                    rect_contains(draw->rect, x, y) && rect_inside(draw->rect, window);
        }
        assert_true(seen);
    }
    show->input.control = (Focus){0};
}

static void every_control_is_reached_and_told(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        show.input.width_px = SIZES[i][0];
        show.input.height_px = SIZES[i][1];
        for (int mode = 0; mode < 2; mode++) {
            show.input.mode = (ViewMode)mode;
            for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor += 9) {
                show.input.selected = cursor % 2 ? 1 : EVENT_NONE;
                show.doc.live = cursor % 3 == 0;
                show_at(&show, cursor);
                check_controls(&show.scene);
                check_tips(&show.scene);
            }
        }
        check_ring(&show, 40);
    }
    show_finish(&show);
}

static void the_order_is_that_of_reading(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    Focus all[CONTROLS_MAX];
    const size_t count = tab_through(show_at(&show, 40), true, all);
    static const uint32_t WANT[] = {ACTION_WELCOME,    ACTION_WATCH,         ACTION_INSPECT,
                                    ACTION_HELP,       ACTION_CODE_VIEW_SET, ACTION_STEP_BACK,
                                    ACTION_PLAY_PAUSE, ACTION_STEP,          ACTION_NEXT_ITERATION,
                                    ACTION_SET_PACE,   ACTION_ZOOM_IN,       ACTION_SELECT_TASK};
    size_t next = 0;
    for (size_t i = 0; i < count && next < sizeof WANT / sizeof WANT[0]; i++) {
        next += all[i].action == WANT[next];
    }
    assert_int_equal(next, sizeof WANT / sizeof WANT[0]);
    show_finish(&show);
}

/* Under the pointer each control is told, the tall cards too, whole and inside the window. */
static void a_tip_is_whole_and_in_the_window(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        const Rect window = {0, 0, (float)SIZES[i][0], (float)SIZES[i][1]};
        show.input.width_px = SIZES[i][0];
        show.input.height_px = SIZES[i][1];
        const size_t count = show_at(&show, 40)->hit_count;
        bool tall = false;
        for (size_t k = 0; k < count; k++) {
            const Hit hit = show_at(&show, 40)->hits[k];
            const float x = hit.rect.x + hit.rect.w / 2, y = hit.rect.y + hit.rect.h / 2;
            if (hit.tip[0] == '\0' || scene_hit_at(&show.scene, x, y) != &show.scene.hits[k]) {
                continue;
            }
            show.input.pointer_x = x;
            show.input.pointer_y = y;
            const Draw *tip = find_text(show_at(&show, 40), hit.tip);
            assert_non_null(tip);
            assert_true(rect_inside(text_box(tip), window));
            tall |= hit.action == ACTION_SELECT_TASK && hit.rect.h > 60 * layout_of(&show).u;
            show.input.pointer_x = show.input.pointer_y = -1;
        }
        assert_true(tall);
    }
    show_finish(&show);
}

/* Under the help sheet nothing can be pressed. */
static void what_is_covered_is_not_reached(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.input.help = true;
    Focus all[CONTROLS_MAX];
    assert_int_equal(tab_through(show_at(&show, 40), true, all), 0);
    show_finish(&show);
}

static void a_control_that_is_gone_has_no_focus(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.input.control = (Focus){ACTION_STEP, 0};
    assert_non_null(focus_hit(show_at(&show, 40), show.input.control));
    show_at(&show, log_count(show.log)); /* nothing is left to step to */
    assert_null(focus_hit(&show.scene, show.input.control));
    assert_int_equal(focus_step(&show.scene, (Focus){0}, true).action, ACTION_WELCOME);
    show_finish(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_control_is_reached_and_told),
        cmocka_unit_test(the_order_is_that_of_reading),
        cmocka_unit_test(a_tip_is_whole_and_in_the_window),
        cmocka_unit_test(what_is_covered_is_not_reached),
        cmocka_unit_test(a_control_that_is_gone_has_no_focus),
    };
    return cmocka_run_group_tests_name("view/focus", tests, NULL, NULL);
}
