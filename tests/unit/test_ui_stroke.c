#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui_pixels.h"
#include "ui_stand.h"

static const Color HALF = {0xFF, 0xFF, 0xFF, 0x80};
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

/* ---- polygons and lines ---- */

static void a_polygon_has_its_area_and_round_joins(void **state) {
    const Point square[4] = {{20, 20}, {60, 20}, {60, 60}, {20, 60}};
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 80, 80);
    scene_polygon(&sheet.scene, square, 4, (Style){.fill = WHITE});
    sheet_paint(&sheet);
    near_area(&sheet, 1600, 0.0001);
    sheet_close(&sheet);

    sheet_open(&sheet, painter_of(state), 80, 80);
    scene_polygon(&sheet.scene, square, 4, (Style){.stroke = WHITE, .stroke_px = 8});
    sheet_paint(&sheet);
    near_area(&sheet, 4 * 40 * 8 - 4 * 16 + PI * 16, 0.004); /* inside square, outside round */
    assert_int_equal(sheet_at(&sheet, 16, 16), 0);
    sheet_close(&sheet);
}

static void a_bend_is_covered_once(void **state) {
    /* Half-transparent bands must not darken where their parts meet. */
    const Point bend[5] = {{20, 60}, {50, 20}, {53, 60}, {80, 30}, {81, 31}};
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 100, 80);
    scene_polyline(&sheet.scene, bend, 5,
                   (Style){.stroke = HALF, .stroke_px = 9, .round_caps = true});
    sheet_paint(&sheet);
    int brightest = 0;
    for (int i = 0; i < 100 * 80; i++) {
        const int here = sheet_at(&sheet, i % 100, i / 100);
        brightest = here > brightest ? here : brightest;
    }
    assert_in_range(brightest, 127, 129);
    sheet_close(&sheet);
}

static void a_line_is_as_wide_as_asked_in_every_direction(void **state) {
    for (int degrees = 0; degrees < 180; degrees += 15) {
        const double turn = degrees * PI / 180;
        const float dx = (float)(30 * cos(turn)), dy = (float)(30 * sin(turn));
        for (int round = 0; round < 2; round++) {
            Sheet sheet;
            sheet_open(&sheet, painter_of(state), 80, 80);
            scene_line(&sheet.scene, 40 - dx, 40 - dy, 40 + dx, 40 + dy,
                       (Style){.stroke = WHITE, .stroke_px = 3, .round_caps = round == 1});
            sheet_paint(&sheet);
            near_area(&sheet, 60 * 3 + (round == 1 ? PI * 2.25 : 0), 0.006);
            sheet_close(&sheet);
        }
    }
}

static void a_curve_keeps_its_width(void **state) {
    Path path;
    path_move(&path, 20, 100);
    path_cubic(&path, 60, 0, 120, 200, 180, 80);
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 200, 200);
    scene_polyline(&sheet.scene, path.points, path.count, (Style){.stroke = WHITE, .stroke_px = 4});
    sheet_paint(&sheet);
    near_area(&sheet, (double)path_length(&path) * 4, 0.006);
    sheet_close(&sheet);
}

/* ---- dashes ---- */

static void dashes_are_counted(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 120, 20);
    scene_line(&sheet.scene, 10, 10, 110, 10,
               (Style){.stroke = WHITE, .stroke_px = 4, .dash_on_px = 7, .dash_off_px = 6});
    sheet_paint(&sheet);
    assert_int_equal(sheet_runs(&sheet, false, 10), 8); /* 7 of 13 px and a rest of 9 */
    near_area(&sheet, 8 * 7 * 4, 0.01);
    for (int x = 10; x < 17; x++) {
        assert_in_range(sheet_at(&sheet, x, 10), 252, 255);
    }
    assert_int_equal(sheet_at(&sheet, 17, 10), 0);
    sheet_close(&sheet);
}

static void short_dashes_with_round_ends_are_dots(void **state) {
    Path path;
    path_move(&path, 10, 20);
    path_line(&path, 100, 20);
    path_quad(&path, 120, 20, 120, 40);
    path_line(&path, 120, 110);
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 140, 130);
    scene_polyline(&sheet.scene, path.points, path.count,
                   (Style){.stroke = WHITE,
                           .stroke_px = 3,
                           .dash_on_px = 1,
                           .dash_off_px = 9,
                           .round_caps = true});
    sheet_paint(&sheet);
    const int dots = (int)(path_length(&path) / 10) + 1;
    assert_int_equal(sheet_blobs(&sheet, 8), dots);
    near_area(&sheet, dots * (PI * 2.25 + 3), 0.03);
    sheet_close(&sheet);
}

static void dashes_close_without_a_seam(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 360, 100);
    scene_rect(&sheet.scene, (Rect){10, 10, 328, 76}, 10,
               (Style){.stroke = WHITE, .stroke_px = 2, .dash_on_px = 7, .dash_off_px = 6});
    sheet_paint(&sheet);
    const double around = 2 * (308 + 56) + 2 * PI * 10;
    const int dashes = (int)lround(around / 13);
    assert_int_equal(sheet_blobs(&sheet, 8), dashes);
    near_area(&sheet, around * 7 / 13 * 2, 0.01);
    sheet_close(&sheet);
}

static void dashes_go_around_circles_arcs_and_polygons(void **state) {
    const Style style = {.stroke = WHITE, .stroke_px = 3, .dash_on_px = 6, .dash_off_px = 6};
    const Point square[4] = {{20, 20}, {100, 20}, {100, 100}, {20, 100}};
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 120, 120);
    scene_circle(&sheet.scene, 60, 60, 40, style);
    sheet_paint(&sheet);
    assert_int_equal(sheet_blobs(&sheet, 8), 21); /* 251 px around */
    sheet_close(&sheet);
    sheet_open(&sheet, painter_of(state), 120, 120);
    scene_arc(&sheet.scene, 60, 60, 40, 0, 180, style);
    sheet_paint(&sheet);
    assert_int_equal(sheet_blobs(&sheet, 8), 11);
    sheet_close(&sheet);
    sheet_open(&sheet, painter_of(state), 120, 120);
    scene_polygon(&sheet.scene, square, 4, style);
    sheet_paint(&sheet);
    assert_int_equal(sheet_blobs(&sheet, 8), 27); /* 320 px around */
    sheet_close(&sheet);
}

static void a_dashed_line_far_beyond_the_picture_keeps_its_phase(void **state) {
    const Style style = {.stroke = WHITE, .stroke_px = 4, .dash_on_px = 7, .dash_off_px = 6};
    uint32_t near[100 * 20];
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 100, 20);
    scene_line(&sheet.scene, -1300, 10, 400, 10, style);
    sheet_paint(&sheet);
    memcpy(near, sheet.pixels, sizeof near);
    sheet_close(&sheet);
    sheet_open(&sheet, painter_of(state), 100, 20);
    scene_line(&sheet.scene, -13, 10, 120, 10, style);
    sheet_paint(&sheet);
    for (int i = 0; i < 100 * 20; i++) {
        assert_true(abs((int)(near[i] & 0xFF) - (int)(sheet.pixels[i] & 0xFF)) <= 4);
    }
    sheet_close(&sheet);
}

static void a_line_of_a_million_pixels_crosses_the_picture(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 100, 20);
    scene_line(&sheet.scene, -1e6F, 10, 1e6F, 10, (Style){.stroke = WHITE, .stroke_px = 2});
    scene_line(&sheet.scene, -1e6F, 4.5F, 1e6F, 4.5F,
               (Style){.stroke = WHITE, .stroke_px = 1, .dash_on_px = 5, .dash_off_px = 5});
    scene_rect(&sheet.scene, (Rect){-1e6F, 15, 2e6F, 2}, 1, (Style){.fill = WHITE});
    sheet_paint(&sheet);
    for (int x = 0; x < 100; x++) {
        assert_int_equal(sheet_at(&sheet, x, 9), 255);
        assert_int_equal(sheet_at(&sheet, x, 15), 255);
    }
    assert_in_range(sheet_runs(&sheet, false, 4), 10, 11);
    sheet_close(&sheet);
}

/* FreeType's rasteriser has room for some 650 edge pixels in a row. */
static void wide_shapes_of_many_edges_are_filled(void **state) {
    enum { WIDE = 2400, HIGH = 120 };
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), WIDE, HIGH);
    scene_hatch(&sheet.scene, (Rect){10, 10, WIDE - 20, 100}, 3, WHITE, 1);
    sheet_paint(&sheet);
    near_area(&sheet, (WIDE - 20) * 100 * sqrt(2) / 3, 0.02);
    sheet_close(&sheet);
    sheet_open(&sheet, painter_of(state), WIDE, HIGH);
    scene_line(&sheet.scene, 10, 50, WIDE - 10, 50.4F, (Style){.stroke = WHITE, .stroke_px = 3});
    sheet_paint(&sheet);
    near_area(&sheet, (WIDE - 20) * 3, 0.01);
    sheet_close(&sheet);
    sheet_open(&sheet, painter_of(state), WIDE, HIGH);
    scene_line(&sheet.scene, 10, 50, WIDE - 10, 60,
               (Style){.stroke = WHITE,
                       .stroke_px = 2,
                       .dash_on_px = 1,
                       .dash_off_px = 4,
                       .round_caps = true});
    sheet_paint(&sheet);
    near_area(&sheet, (WIDE - 20) / 5 * (3.1416 + 2), 0.03);
    sheet_close(&sheet);
}

static void a_polygon_of_very_many_points_is_stroked_all_around(void **state) {
    enum { MANY = 4000 };
    static Point ring[MANY];
    for (int i = 0; i < MANY; i++) {
        ring[i] = (Point){(float)(100 + 80 * cos(2 * PI * i / MANY)),
                          (float)(100 + 80 * sin(2 * PI * i / MANY))};
    }
    for (int dashed = 0; dashed < 2; dashed++) {
        Sheet sheet;
        sheet_open(&sheet, painter_of(state), 200, 200);
        scene_polygon(&sheet.scene, ring, MANY,
                      (Style){.stroke = WHITE,
                              .stroke_px = 4,
                              .dash_on_px = dashed ? 200 : 0,
                              .dash_off_px = dashed ? 51.327F : 0});
        sheet_paint(&sheet);
        near_area(&sheet, 2 * PI * 80 * 4 * (dashed ? 200 / 251.327 : 1), 0.01);
        sheet_close(&sheet);
    }
}

/* ---- edges between pixels ---- */

static void outlines_are_sharp_wherever_they_stand(void **state) {
    for (int step = 0; step < 20; step++) {
        const float x = 20 + (float)step * 0.13F, y = 15 + (float)step * 0.29F;
        for (int dashed = 0; dashed < 2; dashed++) {
            Sheet sheet;
            sheet_open(&sheet, painter_of(state), 120, 80);
            scene_rect(&sheet.scene, (Rect){x, y, 60.4F, 40.7F}, 9,
                       (Style){.stroke = WHITE,
                               .stroke_px = 1.6F,
                               .dash_on_px = dashed ? 300 : 0,
                               .dash_off_px = dashed ? 0.3F : 0});
            sheet_paint(&sheet);
            const Extent extent = sheet_extent(&sheet);
            assert_int_equal(extent.x1 - extent.x0, 62); /* moved, it stays as large */
            assert_int_equal(extent.y1 - extent.y0, 42);
            assert_true(fabsf((float)extent.x0 - (x - 0.8F)) < 0.51F);
            assert_true(fabsf((float)extent.y0 - (y - 0.8F)) < 0.51F);
            for (int i = 0; i < 120; i++) {
                const int here = sheet_at(&sheet, i, extent.y0 + 20);
                const bool lit = i == extent.x0 || i == extent.x0 + 1 || i == extent.x1 - 1 ||
                                 i == extent.x1 - 2;
                assert_int_equal(here, lit ? 255 : 0);
            }
            sheet_close(&sheet);
        }
    }
}

static void hairlines_are_one_pixel(void **state) {
    for (int step = 0; step < 20; step++) {
        const float at = 10 + (float)step * 0.17F;
        Sheet sheet;
        sheet_open(&sheet, painter_of(state), 40, 40);
        scene_line(&sheet.scene, at, 5, at, 35, (Style){.stroke = WHITE, .stroke_px = 0.8F});
        sheet_paint(&sheet);
        near_area(&sheet, 30, 0.0001);
        assert_int_equal(sheet_blobs(&sheet, 254), 1);
        const Extent extent = sheet_extent(&sheet);
        assert_int_equal(extent.x1 - extent.x0, 1);
        assert_true(fabsf((float)extent.x0 + 0.5F - at) <= 0.61F);
        sheet_close(&sheet);
    }
}

static void what_carries_data_is_exact(void **state) {
    Sheet sheet;
    sheet_open(&sheet, painter_of(state), 60, 60);
    scene_rect(&sheet.scene, (Rect){10.25F, 5, 0.5F, 20}, 0.25F,
               (Style){.fill = WHITE}); /* a bar */
    scene_line(&sheet.scene, 5.25F, 40, 30.5F, 40, (Style){.stroke = WHITE, .stroke_px = 2});
    sheet_paint(&sheet);
    assert_in_range(sheet_at(&sheet, 10, 15), 126, 129);
    assert_in_range(sheet_at(&sheet, 5, 40), 190, 192);
    assert_in_range(sheet_at(&sheet, 30, 40), 127, 128);
    sheet_close(&sheet);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_polygon_has_its_area_and_round_joins),
        cmocka_unit_test(a_bend_is_covered_once),
        cmocka_unit_test(a_line_is_as_wide_as_asked_in_every_direction),
        cmocka_unit_test(a_curve_keeps_its_width),
        cmocka_unit_test(dashes_are_counted),
        cmocka_unit_test(short_dashes_with_round_ends_are_dots),
        cmocka_unit_test(dashes_close_without_a_seam),
        cmocka_unit_test(dashes_go_around_circles_arcs_and_polygons),
        cmocka_unit_test(a_dashed_line_far_beyond_the_picture_keeps_its_phase),
        cmocka_unit_test(a_line_of_a_million_pixels_crosses_the_picture),
        cmocka_unit_test(a_polygon_of_very_many_points_is_stroked_all_around),
        cmocka_unit_test(outlines_are_sharp_wherever_they_stand),
        cmocka_unit_test(hairlines_are_one_pixel),
        cmocka_unit_test(what_carries_data_is_exact),
        cmocka_unit_test(wide_shapes_of_many_edges_are_filled),
    };
    return cmocka_run_group_tests(tests, open_painter, close_painter);
}
