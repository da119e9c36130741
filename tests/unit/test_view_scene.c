/* Scenes, text that fits, paths, themes and the layout: no fonts, no window. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "view/action.h"
#include "view/layout.h"
#include "view/scene.h"
#include "view/theme.h"

#include <math.h>
#include <string.h>

/* Ten px a code point, whatever the font. */
static float ten_px(void *context, Font font, float size_px, const char *text, size_t size_bytes) {
    (void)context, (void)font, (void)size_px;
    return 10.0f * (float)utf8_count(text, size_bytes);
}

static const Metrics METRICS = {NULL, ten_px};
static const Color WHITE = {255, 255, 255, 255};

static const char *drawn_text(const Scene *scene, size_t index, char out[64]) {
    const Draw *draw = &scene->draws[index];
    assert_int_equal(draw->kind, DRAW_TEXT);
    assert_true(draw->count < 64);
    memcpy(out, scene->text + draw->first, draw->count);
    out[draw->count] = '\0';
    return out;
}

static void text_that_fits_is_whole(void **state) {
    (void)state;
    Scene scene = {0};
    char out[64];
    scene_clear(&scene, 100, 100);
    assert_float_equal(
        scene_text_fit(&scene, &METRICS, FONT_REGULAR, 10, WHITE, 0, 0, ALIGN_LEFT, 50, "hello"),
        50, 0.01);
    assert_string_equal(drawn_text(&scene, 0, out), "hello");
    scene_finish(&scene);
}

static void text_is_cut_with_an_ellipsis_between_code_points(void **state) {
    (void)state;
    Scene scene = {0};
    char out[64];
    const char *text = "h\xC3\xA9llo w\xC3\xB6rld"; /* héllo wörld */
    for (int max = 10; max <= 110; max++) {
        scene_clear(&scene, 100, 100);
        const float width = scene_text_fit(&scene, &METRICS, FONT_REGULAR, 10, WHITE, 0, 0,
                                           ALIGN_LEFT, (float)max, text);
        assert_true(width <= (float)max);
        assert_int_equal(scene.draw_count, 1);
        (void)drawn_text(&scene, 0, out);
        assert_int_equal(utf8_valid_prefix(out, strlen(out)), strlen(out));
        assert_true(max >= 110 || strstr(out, "\xE2\x80\xA6") != NULL);
    }
    scene_clear(&scene, 100, 100);
    (void)scene_text_fit(&scene, &METRICS, FONT_REGULAR, 10, WHITE, 0, 0, ALIGN_LEFT, 75, text);
    assert_string_equal(drawn_text(&scene, 0, out), "h\xC3\xA9llo\xE2\x80\xA6"); /* no space left */
    scene_clear(&scene, 100, 100);
    assert_float_equal(
        scene_text_fit(&scene, &METRICS, FONT_REGULAR, 10, WHITE, 0, 0, ALIGN_LEFT, 9, text), 0, 0);
    assert_int_equal(scene.draw_count, 0);
    scene_finish(&scene);
}

static void lines_break_at_spaces(void **state) {
    (void)state;
    const char *text = "one two three\nfour abcdefghijkl";
    size_t starts[8], lengths[8];
    const size_t lines = metrics_wrap(&METRICS, FONT_REGULAR, 10, 75, text, starts, lengths, 8);
    static const char *const WANT[] = {"one two", "three", "four", "abcdefg", "hijkl"};
    assert_int_equal(lines, 5);
    for (size_t i = 0; i < lines; i++) {
        assert_int_equal(lengths[i], strlen(WANT[i]));
        assert_memory_equal(text + starts[i], WANT[i], lengths[i]);
    }
    assert_int_equal(metrics_wrap(&METRICS, FONT_REGULAR, 10, 75, text, starts, lengths, 2), 5);
    assert_int_equal(metrics_wrap(&METRICS, FONT_REGULAR, 10, 3, "ab", starts, lengths, 8), 2);
    assert_int_equal(metrics_wrap(&METRICS, FONT_REGULAR, 10, 75, "", starts, lengths, 8), 0);
}

static void lists_grow_and_clear_keeps_their_memory(void **state) {
    (void)state;
    Scene scene = {0};
    scene_clear(&scene, 100, 100);
    for (int i = 0; i < 5000; i++) {
        scene_line(&scene, 0, 0, (float)i, 1, (Style){.stroke = WHITE, .stroke_px = 1});
        scene_text(&scene, &METRICS, FONT_MONO, 10, WHITE, 0, 0, ALIGN_LEFT, "text");
        scene_hit(&scene, (Rect){0, 0, 1, 1}, 1, i, "tip");
    }
    assert_int_equal(scene.draw_count, 10000);
    assert_int_equal(scene.point_count, 10000);
    assert_int_equal(scene.hit_count, 5000);
    assert_float_equal(scene.points[9999 - 1].x, 0, 0);
    assert_float_equal(scene.points[9999].x, 4999, 0);
    const Draw *before = scene.draws;
    scene_clear(&scene, 50, 60);
    assert_int_equal(scene.draw_count, 0);
    assert_ptr_equal(scene.draws, before);
    assert_int_equal(scene.width_px, 50);
    scene_finish(&scene);
}

static void what_cannot_be_seen_is_not_drawn(void **state) {
    (void)state;
    Scene scene = {0};
    scene_clear(&scene, 100, 100);
    scene_rect(&scene, (Rect){0, 0, 10, 10}, 0, (Style){0});
    scene_rect(&scene, (Rect){0, 0, -1, 10}, 0, (Style){.fill = WHITE});
    scene_circle(&scene, 0, 0, 5, (Style){.stroke = WHITE});
    scene_pie(&scene, 0, 0, 5, 10, 10, WHITE);
    scene_text(&scene, &METRICS, FONT_REGULAR, 10, WHITE, 0, 0, ALIGN_LEFT, "");
    scene.opacity = 0;
    scene_rect(&scene, (Rect){0, 0, 10, 10}, 0, (Style){.fill = WHITE});
    assert_int_equal(scene.draw_count, 0);
    scene.opacity = 0.5f;
    scene_rect(&scene, (Rect){0, 0, 10, 10}, 99, (Style){.fill = WHITE});
    assert_int_equal(scene.draws[0].fill.a, 128);
    assert_float_equal(scene.draws[0].radius, 5, 0);
    scene_finish(&scene);
}

static void the_top_hit_answers(void **state) {
    (void)state;
    Scene scene = {0};
    scene_clear(&scene, 100, 100);
    scene_hit(&scene, (Rect){0, 0, 50, 50}, 1, 10, "below");
    scene_hit(&scene, (Rect){25, 25, 50, 50}, 2, 20, "above");
    assert_int_equal(scene_hit_at(&scene, 10, 10)->action, 1);
    assert_int_equal(scene_hit_at(&scene, 30, 30)->argument, 20);
    assert_string_equal(scene_hit_at(&scene, 74, 74)->tip, "above");
    assert_null(scene_hit_at(&scene, 75, 75));
    scene_finish(&scene);
}

static void paths_are_walked_by_length(void **state) {
    (void)state;
    Path path;
    path_move(&path, 0, 0);
    path_line(&path, 30, 0);
    path_line(&path, 30, 10);
    assert_float_equal(path_length(&path), 40, 0.001);
    assert_float_equal(path_at(&path, 0.5f).x, 20, 0.001);
    assert_float_equal(path_at(&path, 0.875f).y, 5, 0.001);
    assert_float_equal(path_at(&path, -1).x, 0, 0);
    assert_float_equal(path_at(&path, 2).y, 10, 0.001);
    path_move(&path, 0, 0);
    path_quad(&path, 100, 0, 100, 100);
    const Point middle = path.points[path.count / 2];
    assert_true(middle.x > 70 && middle.y < 30);
    assert_float_equal(path.points[path.count - 1].y, 100, 0.001);
}

static void a_dump_names_everything(void **state) {
    (void)state;
    Scene scene = {0};
    Buf out = {0};
    scene_clear(&scene, 200, 100);
    scene_id(&scene, 0x100000002);
    scene_rect(&scene, (Rect){1, 2, 3, 4}, 1, (Style){.fill = {1, 2, 3, 255}});
    scene_id(&scene, 0);
    scene_arc(&scene, 5, 6, 7, 0, 90,
              (Style){.stroke = {255, 0, 0, 128}, .stroke_px = 2, .round_caps = true});
    scene_text(&scene, &METRICS, FONT_MONO, 15, WHITE, -0.01f, 9, ALIGN_RIGHT, "a \"b\"");
    scene_hit(&scene, (Rect){0, 0, 9, 9}, ACTION_STEP_BACK, -1, "tip");
    scene_dump(&scene, &out);
    assert_string_equal(buf_text(&out),
                        "scene 200 100\n"
                        "rect #100000002 1.0 2.0 3.0 4.0 r 1.0 fill 010203\n"
                        "arc 5.0 6.0 r 7.0 from 0.0 to 90.0 stroke ff0000/80 2.0 round\n"
                        "text 0.0 9.0 right mono 15.0 \"a \\\"b\\\"\" fill ffffff\n"
                        "hit 0.0 0.0 9.0 9.0 step-back -1 \"tip\"\n");
    buf_finish(&out);
    scene_finish(&scene);
}

/* ---- themes: WCAG's contrast ---- */

static double linear(uint8_t byte) {
    const double share = byte / 255.0;
    return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4);
}

static double luminance(Color color) {
    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

static double contrast(Color a, Color b) {
    const double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static void themes_can_be_read(void **state) {
    (void)state;
    for (int i = 0; i < THEME_COUNT; i++) {
        const Theme *t = theme_get((ThemeName)i);
        const Color grounds[] = {t->app, t->panel, t->user, t->lane};
        for (size_t k = 0; k < sizeof grounds / sizeof grounds[0]; k++) {
            assert_true(contrast(t->ink, grounds[k]) >= 4.5);
            assert_true(contrast(t->ink2, grounds[k]) >= 4.5);
            assert_true(contrast(t->ink3, grounds[k]) >= 4.5);
            assert_true(contrast(t->thread, grounds[k]) >= 4.5);
        }
        assert_true(contrast(t->kernel_ink, t->kernel) >= 4.5);
        assert_true(contrast(t->kernel_ink, t->kernel_card) >= 4.5);
        assert_true(contrast(t->danger, t->user) >= 4.5);
        assert_true(contrast(t->danger_ink, t->danger_ground) >= 4.5);
        for (int id = 0; id < IDENTITY_COUNT; id++) {
            assert_true(contrast(t->identity[id], t->user) >= 3);
            assert_true(contrast(t->identity[id], t->kernel_card) >= 3);
            assert_true(contrast(t->on_identity, t->identity[id]) >= 4.5);
        }
    }
}

static void themes_are_found_by_name(void **state) {
    (void)state;
    for (int i = 0; i < THEME_COUNT; i++) {
        ThemeName found = THEME_COUNT;
        assert_true(theme_parse(theme_get((ThemeName)i)->name, &found));
        assert_int_equal(found, i);
    }
    ThemeName none;
    assert_false(theme_parse("pink", &none));
}

/* ---- the layout ---- */

static bool inside(Rect inner, Rect outer) {
    return inner.x >= outer.x - 0.5f && inner.y >= outer.y - 0.5f &&
           inner.x + inner.w <= outer.x + outer.w + 0.5f &&
           inner.y + inner.h <= outer.y + outer.h + 0.5f;
}

static bool apart(Rect a, Rect b) {
    return a.x + a.w <= b.x + 0.5f || b.x + b.w <= a.x + 0.5f || a.y + a.h <= b.y + 0.5f ||
           b.y + b.h <= a.y + 0.5f;
}

static void check_layout(int width, int height) {
    Layout l;
    layout_make(&l, width, height, 1);
    const Rect window = {0, 0, (float)width, (float)height};
    const Rect tiles[] = {l.topbar, l.caption, l.user, l.wall, l.kernel, l.transport, l.timeline};
    const Rect boxes[] = {l.lane, l.running, l.paused, l.event_lane, l.syscalls, l.ops};
    for (size_t i = 0; i < sizeof tiles / sizeof tiles[0]; i++) {
        assert_true(tiles[i].w > 0 && tiles[i].h > 0 && inside(tiles[i], window));
        for (size_t k = 0; k < i; k++) {
            assert_true(apart(tiles[i], tiles[k]));
        }
    }
    for (size_t i = 0; i < sizeof boxes / sizeof boxes[0]; i++) {
        assert_true(inside(boxes[i], i < 4 ? l.user : l.kernel));
        for (size_t k = 0; k < i; k++) {
            assert_true(apart(boxes[i], boxes[k]));
        }
    }
    assert_float_equal(l.timeline.y + l.timeline.h, height, 0.5);
    assert_float_equal(l.kernel.x + l.kernel.w, width, 0.5);
    assert_float_equal(l.ops.y, l.paused.y, 0.5);
    const Rect ring = {l.ring.x - l.ring_radius, l.ring.y - l.ring_radius, 2 * l.ring_radius,
                       2 * l.ring_radius};
    assert_true(inside(ring, l.user) && apart(ring, l.lane) && apart(ring, l.paused) &&
                apart(ring, l.event_lane));
    if (!l.compact) {
        assert_true(apart(l.code, l.output) && apart(l.code, l.user) && apart(l.output, l.user));
    }
}

static void regions_tile_every_window(void **state) {
    (void)state;
    for (int width = 1024; width <= 3840; width += 61) {
        for (int height = 640; height <= 2160; height += 53) {
            check_layout(width, height);
        }
    }
}

static void the_canvas_is_the_look_s(void **state) {
    (void)state;
    Layout l;
    layout_make(&l, 1600, 900, 1);
    assert_false(l.compact);
    assert_float_equal(l.u, 1, 1e-6);
    assert_float_equal(l.lane.x, 466, 0.01);
    assert_float_equal(l.lane.y, 208, 0.01);
    assert_float_equal(l.running.x, 904, 0.01);
    assert_float_equal(l.paused.y, 366, 0.01);
    assert_float_equal(l.event_lane.x, 496, 0.01);
    assert_float_equal(l.event_lane.w, 760, 0.01);
    assert_float_equal(l.ring.x, 670, 0.01);
    assert_float_equal(l.ring.y, 434, 0.01);
    assert_float_equal(l.rail_x, 434, 0.01);
    assert_float_equal(l.ops.x, 1292, 0.01);
    assert_float_equal(l.door_out.y, 233, 0.01);
    layout_make(&l, 1024, 640, 1);
    assert_true(l.compact);
    layout_make(&l, 1280, 720, 1);
    assert_false(l.compact);
    layout_make(&l, 3840, 2160, 1);
    assert_float_equal(l.u, 2.4, 1e-6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_that_fits_is_whole),
        cmocka_unit_test(text_is_cut_with_an_ellipsis_between_code_points),
        cmocka_unit_test(lines_break_at_spaces),
        cmocka_unit_test(lists_grow_and_clear_keeps_their_memory),
        cmocka_unit_test(what_cannot_be_seen_is_not_drawn),
        cmocka_unit_test(the_top_hit_answers),
        cmocka_unit_test(paths_are_walked_by_length),
        cmocka_unit_test(a_dump_names_everything),
        cmocka_unit_test(themes_can_be_read),
        cmocka_unit_test(themes_are_found_by_name),
        cmocka_unit_test(regions_tile_every_window),
        cmocka_unit_test(the_canvas_is_the_look_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
