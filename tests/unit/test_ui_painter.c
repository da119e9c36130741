#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui_pixels.h"
#include "ui_stand.h"

static const double PI = 3.14159265358979;

static Painter *painter_of(void **state) {
    return *state;
}

static void near_area(const Sheet *sheet, double wanted, double share) {
    const double area = sheet_area(sheet);
    if (fabs(area - wanted) > wanted * share) {
        fail_msg("area %.3f, wanted %.3f", area, wanted);
    }
}

/* ---- rectangles ---- */

static void a_rect_on_whole_pixels_is_exact(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 40, 30);
    scene_rect(&sheet.scene, (Rect){5, 7, 20, 11}, 0, (Style){.fill = WHITE});
    sheet_paint(&sheet);
    for (int y = 0; y < 30; y++) {
        for (int x = 0; x < 40; x++) {
            const bool inside = x >= 5 && x < 25 && y >= 7 && y < 18;
            assert_int_equal(sheet_at(&sheet, x, y), inside ? 255 : 0);
        }
    }
    sheet_close(&sheet);
}

static void half_a_pixel_is_half_covered(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 40, 30);
    scene_rect(&sheet.scene, (Rect){5.5F, 7.5F, 20, 11.25F}, 0, (Style){.fill = WHITE});
    sheet_paint(&sheet);
    assert_in_range(sheet_at(&sheet, 5, 10), 127, 128);
    assert_in_range(sheet_at(&sheet, 25, 10), 127, 128);
    assert_in_range(sheet_at(&sheet, 10, 7), 127, 128);
    assert_in_range(sheet_at(&sheet, 10, 18), 190, 192); /* three quarters */
    assert_in_range(sheet_at(&sheet, 5, 7), 63, 64);     /* a quarter */
    assert_int_equal(sheet_at(&sheet, 6, 8), 255);
    assert_int_equal(sheet_at(&sheet, 4, 10), 0);
    near_area(&sheet, 20 * 11.25, 0.002);
    sheet_close(&sheet);
}

static void a_rect_within_one_pixel_covers_its_area(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 8, 8);
    scene_rect(&sheet.scene, (Rect){3.25F, 3.25F, 0.5F, 0.5F}, 0, (Style){.fill = WHITE});
    sheet_paint(&sheet);
    assert_in_range(sheet_at(&sheet, 3, 3), 63, 65);
    near_area(&sheet, 0.25, 0.03);
    sheet_close(&sheet);
}

static void rounded_corners_are_alike(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 60, 40);
    scene_rect(&sheet.scene, (Rect){5, 5, 50, 30}, 10, (Style){.fill = WHITE});
    sheet_paint(&sheet);
    for (int y = 0; y < 40; y++) {
        for (int x = 0; x < 60; x++) {
            const int here = sheet_at(&sheet, x, y);
            assert_true(abs(here - sheet_at(&sheet, 59 - x, y)) <= 3);
            assert_true(abs(here - sheet_at(&sheet, x, 39 - y)) <= 3);
        }
    }
    near_area(&sheet, 50 * 30 - (4 - PI) * 100, 0.002);
    assert_int_equal(sheet_at(&sheet, 5, 5), 0);
    assert_int_equal(sheet_at(&sheet, 30, 5), 255);
    sheet_close(&sheet);
}

static void a_radius_beyond_half_makes_a_pill(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 80, 40);
    scene_rect(&sheet.scene, (Rect){5, 5, 60, 20}, 99, (Style){.fill = WHITE});
    sheet_paint(&sheet);
    near_area(&sheet, 40 * 20 + PI * 100, 0.003);
    sheet_close(&sheet);
}

static void a_rect_stroke_lies_on_both_sides_of_the_edge(void **state) {
    for (int rounded = 0; rounded < 2; rounded++) {
        Sheet sheet;
        sheet_open(&sheet, painter_of(state), 60, 40);
        scene_rect(&sheet.scene, (Rect){10, 10, 40, 20}, rounded ? 6 : 0,
                   (Style){.stroke = WHITE, .stroke_px = 4});
        sheet_paint(&sheet);
        for (int x = 0; x < 60; x++) {
            const bool inside = (x >= 8 && x < 12) || (x >= 48 && x < 52);
            assert_int_equal(sheet_at(&sheet, x, 20), inside ? 255 : 0);
        }
        for (int y = 0; y < 40; y++) {
            const bool inside = (y >= 8 && y < 12) || (y >= 28 && y < 32);
            assert_int_equal(sheet_at(&sheet, 30, y), inside ? 255 : 0);
        }
        assert_int_equal(sheet_at(&sheet, 8, 8), rounded ? 0 : 255);
        sheet_close(&sheet);
    }
}

/* ---- round things ---- */

static void a_circle_has_its_area(void **state) {
    static const float RADII[] = {1.5F, 3, 8.3F, 14, 40};
    for (size_t i = 0; i < sizeof RADII / sizeof *RADII; i++) {
        Sheet sheet;
        sheet_open(&sheet, painter_of(state), 100, 100);
        scene_circle(&sheet.scene, 50, 50, RADII[i], (Style){.fill = WHITE});
        sheet_paint(&sheet);
        near_area(&sheet, PI * (double)RADII[i] * (double)RADII[i], 0.012);
        sheet_close(&sheet);
    }
}

static void a_circle_stroke_has_its_area(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 100, 100);
    scene_circle(&sheet.scene, 50, 50, 30, (Style){.stroke = WHITE, .stroke_px = 5});
    sheet_paint(&sheet);
    near_area(&sheet, 2 * PI * 30 * 5, 0.003);
    assert_int_equal(sheet_at(&sheet, 50, 50), 0);
    sheet_close(&sheet);
}

static void an_arc_goes_clockwise_from_twelve(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 100, 100);
    scene_arc(&sheet.scene, 50, 50, 30, 0, 90, (Style){.stroke = WHITE, .stroke_px = 6});
    sheet_paint(&sheet);
    near_area(&sheet, 2 * PI * 30 * 6 / 4, 0.005);
    const Extent extent = sheet_extent(&sheet);
    assert_int_equal(extent.x0, 50);
    assert_int_equal(extent.y0, 17);
    assert_int_equal(extent.x1, 83);
    assert_int_equal(extent.y1, 50);
    sheet_close(&sheet);

    sheet_open(&sheet, painter_of(state), 100, 100);
    scene_arc(&sheet.scene, 50, 50, 30, 0, 90,
              (Style){.stroke = WHITE, .stroke_px = 6, .round_caps = true});
    sheet_paint(&sheet);
    near_area(&sheet, 2 * PI * 30 * 6 / 4 + PI * 9, 0.005);
    sheet_close(&sheet);
}

static void a_pie_is_its_share(void **state) {
    static const float TO[] = {45, 90, 230, 360};
    for (size_t i = 0; i < sizeof TO / sizeof *TO; i++) {
        Sheet sheet;
        sheet_open(&sheet, painter_of(state), 100, 100);
        scene_pie(&sheet.scene, 50, 50, 30, 0, TO[i], WHITE);
        sheet_paint(&sheet);
        near_area(&sheet, PI * 900 * (double)TO[i] / 360, 0.005);
        sheet_close(&sheet);
    }
}

/* ---- hatches and clips ---- */

static void a_hatch_stays_within_its_rect(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 100, 60);
    scene_hatch(&sheet.scene, (Rect){10, 20, 70, 24}, 6, WHITE, 1.5F);
    sheet_paint(&sheet);
    const Extent extent = sheet_extent(&sheet);
    assert_int_equal(extent.x0, 10);
    assert_int_equal(extent.y0, 20);
    assert_int_equal(extent.x1, 80);
    assert_int_equal(extent.y1, 44);
    near_area(&sheet, 70 * 24 * 1.5 * sqrt(2) / 6, 0.03);
    assert_int_equal(sheet_runs(&sheet, false, 30), 12); /* every 6 of 70 px */
    sheet_close(&sheet);
}

static void clips_nest_and_end(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 50, 50);
    scene_clip(&sheet.scene, (Rect){10, 10, 30, 30});
    scene_clip(&sheet.scene, (Rect){0, 20, 50, 50});
    scene_circle(&sheet.scene, 25, 25, 60, (Style){.fill = WHITE});
    scene_unclip(&sheet.scene);
    scene_rect(&sheet.scene, (Rect){12, 0, 2, 50}, 0, (Style){.fill = WHITE});
    scene_unclip(&sheet.scene);
    scene_rect(&sheet.scene, (Rect){0, 0, 1, 1}, 0, (Style){.fill = WHITE});
    sheet_paint(&sheet);
    for (int y = 0; y < 50; y++) {
        for (int x = 0; x < 50; x++) {
            const bool circle = x >= 10 && x < 40 && y >= 20 && y < 40;
            const bool bar = x >= 12 && x < 14 && y >= 10 && y < 40;
            assert_int_equal(sheet_at(&sheet, x, y), circle || bar || (x == 0 && y == 0) ? 255 : 0);
        }
    }
    sheet_close(&sheet);
}

static void an_empty_clip_hides_everything(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 50, 50);
    scene_clip(&sheet.scene, (Rect){60, 60, 10, 10});
    scene_rect(&sheet.scene, (Rect){0, 0, 50, 50}, 0, (Style){.fill = WHITE});
    scene_circle(&sheet.scene, 25, 25, 10, (Style){.fill = WHITE});
    scene_line(&sheet.scene, 0, 0, 50, 50, (Style){.stroke = WHITE, .stroke_px = 3});
    scene_unclip(&sheet.scene);
    sheet_paint(&sheet);
    assert_true(sheet_area(&sheet) == 0);
    sheet_close(&sheet);
}

/* ---- colour ---- */

static void colours_mix_by_alpha(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 20, 20);
    scene_rect(&sheet.scene, (Rect){0, 0, 20, 20}, 0, (Style){.fill = {10, 200, 100, 255}});
    scene_rect(&sheet.scene, (Rect){0, 0, 10, 20}, 0, (Style){.fill = {110, 0, 255, 51}});
    scene_circle(&sheet.scene, 15, 10, 4, (Style){.fill = {110, 0, 255, 51}});
    sheet_paint(&sheet);
    assert_int_equal(sheet.pixels[5], 0xFF1EA083); /* a fifth of the way: 30, 160, 131 */
    assert_int_equal(sheet.pixels[10 * 20 + 15], 0xFF1EA083);
    assert_int_equal(sheet.pixels[19], 0xFF0AC864);
    sheet_close(&sheet);
}

static void nothing_transparent_is_drawn(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 20, 20);
    const Color clear = {255, 255, 255, 0};
    scene_rect(&sheet.scene, (Rect){0, 0, 20, 20}, 3,
               (Style){.fill = clear, .stroke = clear, .stroke_px = 3});
    scene_line(&sheet.scene, 0, 0, 20, 20, (Style){.stroke = WHITE, .stroke_px = 0});
    sheet_paint(&sheet);
    assert_true(sheet_area(&sheet) == 0);
    sheet_close(&sheet);
}

/* ---- whole scenes ---- */

static float chance(uint32_t *seed, float from, float to) {
    *seed = *seed * 1664525U + 1013904223U;
    return from + (to - from) * (float)(*seed >> 8) / 16777216.0F;
}

static Style chance_style(uint32_t *seed) {
    Style style = {.round_caps = chance(seed, 0, 1) < 0.5F};
    style.fill = (Color){(uint8_t)chance(seed, 0, 256), 80, 90, (uint8_t)chance(seed, 0, 256)};
    style.stroke = (Color){200, (uint8_t)chance(seed, 0, 256), 30, (uint8_t)chance(seed, 0, 256)};
    style.stroke_px = chance(seed, 0, 12);
    style.dash_on_px = chance(seed, 0, 9);
    style.dash_off_px = chance(seed, -5, 9);
    return style;
}

/* One of everything, anywhere, of any size. */
static void chance_scene(Scene *scene, const Metrics *metrics, uint32_t *seed) {
    for (int i = 0; i < 40; i++) {
        const Style style = chance_style(seed);
        const Rect rect = {chance(seed, -200, 300), chance(seed, -200, 300), chance(seed, -3, 200),
                           chance(seed, -3, 200)};
        const float radius = chance(seed, 0, 60), from = chance(seed, -400, 400);
        const float to = from + chance(seed, -400, 400);
        Point points[6];
        for (int k = 0; k < 6; k++) {
            points[k] = (Point){chance(seed, -300, 400), chance(seed, -300, 400)};
        }
        const size_t count = (size_t)chance(seed, 1, 6.9F);
        scene_rect(scene, rect, radius, style);
        scene_circle(scene, rect.x, rect.y, radius, style);
        scene_arc(scene, rect.x, rect.y, radius, from, to, style);
        scene_pie(scene, rect.x, rect.y, radius, from, to, style.fill);
        scene_polygon(scene, points, count, style);
        scene_polyline(scene, points, count, style);
        scene_hatch(scene, rect, chance(seed, 0, 9), style.stroke, style.stroke_px);
        scene_text(scene, metrics, (Font)(i % FONT_COUNT), radius, style.fill, rect.x, rect.y,
                   (Align)(i % 3), "Loop \xE2\x86\x92 \xFF scope");
        if (i % 8 == 0) {
            scene_clip(scene, (Rect){chance(seed, 0, 40), chance(seed, 0, 40), 120, 120});
        } else if (i % 8 == 7) {
            scene_unclip(scene);
        }
    }
}

static void any_scene_is_opaque_and_always_the_same(void **state) {
    enum { SIDE = 160 };
    static uint32_t first[SIDE * SIDE];
    uint32_t seed = 7;
    for (int round = 0; round < 12; round++) {
        Sheet sheet;
        sheet_open(&sheet, painter_of(state), SIDE, SIDE);
        chance_scene(&sheet.scene, painter_metrics(sheet.painter), &seed);
        sheet_paint(&sheet);
        memcpy(first, sheet.pixels, sizeof first);
        for (int i = 0; i < SIDE * SIDE; i++) {
            assert_int_equal(first[i] >> 24, 0xFF);
        }
        sheet_paint(&sheet);
        assert_memory_equal(first, sheet.pixels, sizeof first);
        Painter *other = painter_create_plain(); /* what was painted before must not matter */
        for (size_t i = 0; i < sheet.scene.draw_count; i++) {
            Draw *draw = &sheet.scene.draws[i];
            draw->fill.a = draw->kind == DRAW_TEXT ? 0 : draw->fill.a;
        }
        sheet_paint(&sheet);
        memcpy(first, sheet.pixels, sizeof first);
        assert_memory_equal(first, painter_paint(other, &sheet.scene), sizeof first);
        painter_destroy(other);
        sheet_close(&sheet);
    }
}

static void sizes_may_change_from_frame_to_frame(void **state) {
    static const int SIZES[][2] = {{30, 20}, {400, 300}, {1, 1}, {64, 64}};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        Sheet sheet;
        sheet_open(&sheet, painter_of(state), SIZES[i][0], SIZES[i][1]);
        sheet_paint(&sheet);
        assert_true(sheet_area(&sheet) == 0); /* an empty scene is black, not what was there */
        scene_circle(&sheet.scene, 0, 0, 1000, (Style){.fill = WHITE});
        sheet_paint(&sheet);
        assert_true(sheet_area(&sheet) == (double)SIZES[i][0] * SIZES[i][1]);
        sheet_close(&sheet);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rect_on_whole_pixels_is_exact),
        cmocka_unit_test(half_a_pixel_is_half_covered),
        cmocka_unit_test(a_rect_within_one_pixel_covers_its_area),
        cmocka_unit_test(rounded_corners_are_alike),
        cmocka_unit_test(a_radius_beyond_half_makes_a_pill),
        cmocka_unit_test(a_rect_stroke_lies_on_both_sides_of_the_edge),
        cmocka_unit_test(a_circle_has_its_area),
        cmocka_unit_test(a_circle_stroke_has_its_area),
        cmocka_unit_test(an_arc_goes_clockwise_from_twelve),
        cmocka_unit_test(a_pie_is_its_share),
        cmocka_unit_test(a_hatch_stays_within_its_rect),
        cmocka_unit_test(clips_nest_and_end),
        cmocka_unit_test(an_empty_clip_hides_everything),
        cmocka_unit_test(colours_mix_by_alpha),
        cmocka_unit_test(nothing_transparent_is_drawn),
        cmocka_unit_test(any_scene_is_opaque_and_always_the_same),
        cmocka_unit_test(sizes_may_change_from_frame_to_frame),
    };
    return cmocka_run_group_tests(tests, open_painter, close_painter);
}
