/* Every text of the main screen against what it stands on, in every theme: 4.5 to 1, or 3 to 1
 * where it is large. What is meant to step back (a control that does nothing now, what the future
 * holds) is not text that must be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_checks.h"
#include "view_tapes.h"

#include "view/controls.h"

#include <math.h>

static double channel(uint8_t value) {
    const double c = value / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(Color c) {
    return 0.2126 * channel(c.r) + 0.7152 * channel(c.g) + 0.0722 * channel(c.b);
}

static double contrast(Color a, Color b) {
    const double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static Color over(Color under, Color fill) {
    Color out = color_mix(under, fill, (float)fill.a / 255);
    out.a = 255;
    return out;
}

static bool in_polygon(const Scene *scene, const Draw *draw, Point at) {
    bool inside = false;
    const Point *points = scene->points + draw->first;
    for (uint32_t i = 0, k = draw->count - 1; i < draw->count; k = i++) {
        const Point a = points[i], b = points[k];
        if ((a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x) {
            inside = !inside;
        }
    }
    return inside;
}

static bool covers(const Scene *scene, const Draw *draw, Point at) {
    const Rect r = draw->rect;
    switch (draw->kind) {
    case DRAW_RECT:
        return rect_contains(r, at.x, at.y);
    case DRAW_CIRCLE:
        return hypotf(at.x - r.x, at.y - r.y) <= draw->radius;
    case DRAW_POLYGON:
        return in_polygon(scene, draw, at);
    default:
        return false;
    }
}

/* What is seen where draw number n stands, before it is drawn. */
static Color ground_of(const Scene *scene, size_t n, Point at) {
    Color color = {0, 0, 0, 255};
    for (size_t i = 0; i < n; i++) {
        const Draw *draw = &scene->draws[i];
        if (draw->fill.a > 0 && covers(scene, draw, at)) {
            color = over(color, draw->fill);
        }
    }
    return color;
}

static void check_contrast(const Show *show) {
    const Scene *scene = &show->scene;
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (draw->kind != DRAW_TEXT || draw->fill.a < 255 || draw->count == 0) {
            continue; /* on its way in or out */
        }
        const Rect box = draw_bounds(draw);
        const Point at = {box.x + box.w / 2, box.y + box.h / 2};
        const double is = contrast(draw->fill, ground_of(scene, i, at));
        const double least = draw->size_px >= 24 * show->layout.u ? 3 : 4.5;
        if (is < least) {
            fail_msg("%s, cursor %llu: \"%.*s\" has %.2f : 1", show->canvas.theme->name,
                     (unsigned long long)show->player.cursor, (int)draw->count,
                     scene->text + draw->first, is);
        }
    }
}

static void check_run(Show *show) {
    for (int theme = 0; theme < THEME_COUNT; theme++) {
        show->input.theme = (ThemeName)theme;
        for (uint64_t cursor = 0; cursor <= log_count(show->log); cursor++) {
            show_at(show, cursor, 1);
            panel_caption(&show->canvas);
            check_contrast(show);
        }
    }
    show_close(show);
}

static void every_text_can_be_read(void **state) {
    (void)state;
    Show show;
    static const ViewTask *const RUNS[] = {VIEW_THREE, VIEW_SLEEPERS, VIEW_FROZEN};
    for (size_t run = 0; run < 3; run++) {
        show_open(&show, RUNS[run], run == 2 ? 4 : 3, VIA_IO_URING, "io_uring");
        check_run(&show);
    }
    show_over(&show, tapes_shared("io_uring"));
    check_run(&show);
    show_over(&show, tapes_waits("sim"));
    check_run(&show);
    show_over(&show, tapes_ring(3));
    check_run(&show);
    show_over(&show, tapes_ring(40));
    check_run(&show);
    show_over(&show, tapes_chain(3, WAIT_EVENT));
    check_run(&show);
}

/* Colours that mean something are seen without being read: 3 to 1 against their ground. */
static void marks_can_be_seen(void **state) {
    (void)state;
    for (int i = 0; i < THEME_COUNT; i++) {
        const Theme *t = theme_get((ThemeName)i);
        const Color grounds[] = {t->user, t->lane, t->card, t->well};
        for (size_t k = 0; k < sizeof grounds / sizeof grounds[0]; k++) {
            assert_true(contrast(t->danger, grounds[k]) >= 3);
            assert_true(contrast(t->thread, grounds[k]) >= 3);
            for (int id = 0; id < IDENTITY_COUNT; id++) {
                assert_true(contrast(t->identity[id], grounds[k]) >= 3);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_can_be_read),
        cmocka_unit_test(marks_can_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
