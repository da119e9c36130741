/* "Same work, two ways": what it says of two runs, where it stands, and golden scenes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_look.h"
#include "view_screens.h"

#include "base/format.h"
#include "view/two_ways.h"

#include <math.h>

static const int SIZES[][2] = {{1024, 640}, {1280, 720}, {1600, 900}, {1920, 1080}, {1200, 1600}};
static const float SCALES[] = {1, 1.18f, 1.35f};

static void begin(Stand *stand, void (*open)(Stand *stand)) {
    const ScreenRow row = {.name = "two ways", .open = open, .draw = stand_main};
    stand_open(stand, &row, &PLAIN_METRICS);
}

/* The panel alone, so that others may change without these tests. */
static Rect draw(Stand *stand, int width, int height) {
    Show *show = &stand->show;
    show->input.width_px = width;
    show->input.height_px = height;
    layout_make(&show->layout, width, height, show->input.text_scale);
    const Rect box = two_ways_place(&show->input, &show->layout);
    show->canvas = (Canvas){.scene = &show->scene,
                            .theme = theme_get(show->input.theme),
                            .metrics = stand->metrics,
                            .layout = &show->layout,
                            .u = show->layout.u,
                            .text_scale = show->input.text_scale,
                            .doc = &show->doc,
                            .input = &show->input};
    scene_clear(&show->scene, width, height);
    panel_two_ways(&show->canvas, box);
    return box;
}

static void golden_moments(void **state) {
    (void)state;
    Stand stand;
    begin(&stand, open_two_ways);
    draw(&stand, 1600, 900);
    check_golden_scene(&stand.show.scene, "two-ways");
    draw(&stand, 1024, 640);
    check_golden_scene(&stand.show.scene, "two-ways-small");
    stand_close(&stand);
    begin(&stand, open_two_ways_first);
    draw(&stand, 1600, 900);
    check_golden_scene(&stand.show.scene, "two-ways-first-runs");
    stand_close(&stand);
}

/* Whether a text is found that is `words`, whole. */
static bool says(const Scene *scene, const char *words) {
    return find_text(scene, words) != NULL;
}

static void it_says_what_is_run(void **state) {
    (void)state;
    Stand stand;
    begin(&stand, open_two_ways_first);
    draw(&stand, 1600, 900);
    assert_true(says(&stand.show.scene, "both were just run here"));
    assert_true(says(&stand.show.scene, "so far"));
    assert_true(says(&stand.show.scene, "comes next"));
    assert_false(says(&stand.show.scene, "total"));
    stand_close(&stand);
    begin(&stand, open_two_ways_trouble);
    draw(&stand, 1600, 900);
    assert_true(says(&stand.show.scene, "They can't be run: no folder can be made"));
    assert_false(says(&stand.show.scene, "both were just run here"));
    stand_close(&stand);
}

/* The longer one's total is red where it is the one that keeps the thread, and only there. */
static void the_totals_are_those_of_the_runs(void **state) {
    (void)state;
    Stand stand;
    begin(&stand, open_two_ways);
    const Theme *theme = theme_get(THEME_DARK);
    char total[FORMAT_MAX];
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        draw(&stand, 1600, 900);
        format_duration(total, stand.two.comparison.stats[run].end_ns);
        const Draw *text = find_text(&stand.show.scene, total);
        assert_non_null(text);
        assert_true(same_color(text->fill, run == 0 ? theme->danger : theme->ink));
    }
    const ViewDoc *first = stand.ways.docs[0];
    stand.ways.docs[0] = stand.ways.docs[1];
    stand.ways.docs[1] = first;
    const TraceStats stats = stand.two.comparison.stats[0];
    stand.two.comparison.stats[0] = stand.two.comparison.stats[1];
    stand.two.comparison.stats[1] = stats;
    draw(&stand, 1600, 900);
    for (size_t i = 0; i < stand.show.scene.draw_count; i++) {
        const Draw *text = &stand.show.scene.draws[i];
        assert_false(text->kind == DRAW_TEXT && same_color(text->fill, theme->danger));
    }
    stand_close(&stand);
}

/* It takes a part of the timeline's place, and the pointer finds the moments where they stand. */
static void the_timeline_makes_room(void **state) {
    (void)state;
    Stand stand;
    begin(&stand, open_two_ways);
    Show *show = &stand.show;
    const TwoWays *ways = show->input.two_ways;
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        for (size_t scale = 0; scale < sizeof SCALES / sizeof SCALES[0]; scale++) {
            show->input.text_scale = SCALES[scale];
            show->input.two_ways = ways;
            const Rect box = draw(&stand, SIZES[i][0], SIZES[i][1]);
            const Rect narrow = show->layout.timeline;
            assert_true(fabsf(narrow.x + narrow.w - box.x) < 0.5f);
            assert_true(fabsf(box.x + box.w - (float)SIZES[i][0]) < 0.5f);
            assert_true(narrow.w > box.w);
            const uint64_t there = view_time(&show->doc, &show->input, box.x - 40);
            show->input.two_ways = NULL;
            assert_true(draw(&stand, SIZES[i][0], SIZES[i][1]).w <= 0);
            assert_true(view_time(&show->doc, &show->input, box.x - 40) < there);
            assert_int_equal(show->scene.draw_count, 0);
        }
    }
    show->input.two_ways = ways;
    stand_close(&stand);
}

static void all_of_it_leads_to_the_whole_screen(void **state) {
    (void)state;
    Stand stand;
    begin(&stand, open_two_ways);
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        const Rect box = draw(&stand, SIZES[i][0], SIZES[i][1]);
        const Hit *low = scene_hit_at(&stand.show.scene, box.x + 40, box.y + box.h - 10);
        assert_non_null(low);
        assert_int_equal(low->action, ACTION_RUN_FIXED);
        const Hit *button = focus_hit(&stand.show.scene, (Focus){.action = ACTION_RUN_FIXED});
        assert_non_null(button); /* the keyboard comes to it, too */
        assert_true(rect_inside(button->rect, box));
    }
    stand.show.input.no_controls = true;
    draw(&stand, 1600, 900);
    assert_int_equal(stand.show.scene.hit_count, 0);
    stand_close(&stand);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_moments),
        cmocka_unit_test(it_says_what_is_run),
        cmocka_unit_test(the_totals_are_those_of_the_runs),
        cmocka_unit_test(the_timeline_makes_room),
        cmocka_unit_test(all_of_it_leads_to_the_whole_screen),
    };
    return cmocka_run_group_tests_name("view/two_ways", tests, NULL, NULL);
}
