/* Every text of every screen against what it stands on, in every theme: 4.5 to 1, or 3 to 1 where
 * it is large. A control that does nothing now is not text that must be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_screens.h"

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

/* What is seen at a point of draw number n, in its own colour, and of what lies under it, when all
 * is drawn: what comes later (a veil over the future) lies over both. */
typedef struct Seen {
    Color ink, ground;
    bool hidden; /* clipped away, or covered */
} Seen;

static Seen seen_at(const Scene *scene, size_t n, Color own, Point at, bool sets_aside) {
    Seen seen = {.ground = {0, 0, 0, 255}};
    size_t clips = 0, cut = 0; /* how deep; the first that does not hold the point, from 1 */
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (draw->kind == DRAW_CLIP) {
            clips++;
            cut = cut == 0 && !rect_contains(draw->rect, at.x, at.y) ? clips : cut;
        } else if (draw->kind == DRAW_UNCLIP) {
            cut = cut == clips ? 0 : cut;
            clips--;
        } else if (i == n) {
            seen.hidden = cut > 0;
            seen.ink = over(seen.ground, own);
        } else if (cut == 0 && draw->fill.a > 0 && covers(scene, draw, at)) {
            seen.hidden |= i > n && (draw->fill.a == 255 || (sets_aside && draw->fill.a >= 128));
            seen.ink = i > n ? over(seen.ink, draw->fill) : seen.ink;
            seen.ground = over(seen.ground, draw->fill);
        }
    }
    return seen;
}

/* A control that does nothing now steps back: less than half of its ink is left. */
static bool steps_back(const Draw *draw) {
    return draw->fill.a < 128;
}

static bool can_be_read(const Stand *stand, const char *name, size_t n) {
    const Show *show = &stand->show;
    const Scene *scene = &show->scene;
    const Draw *draw = &scene->draws[n];
    const Rect box = draw_bounds(draw);
    const double least = draw->size_px >= 24 * show->layout.u ? 3 : 4.5;
    for (int part = 1; part < 10; part += 2) {
        const Point at = {box.x + box.w * (float)part / 10, box.y + box.h / 2};
        const Seen seen = seen_at(scene, n, draw->fill, at, stand->sets_aside);
        const double is = contrast(seen.ink, seen.ground);
        if (!seen.hidden && is < least) {
            print_error("%s, %s, %dx%d, cursor %llu: \"%.*s\" has %.2f : 1\n", name,
                        theme_get(show->input.theme)->name, show->input.width_px,
                        show->input.height_px, (unsigned long long)show->player.cursor,
                        (int)draw->count, scene->text + draw->first, is);
            return false;
        }
    }
    return true;
}

static bool same_rgb(Color a, Color b) {
    return a.r == b.r && a.g == b.g && a.b == b.b;
}

static bool is_identity(const Theme *theme, Color color) {
    bool is = false;
    for (int id = 0; id < IDENTITY_COUNT; id++) {
        is |= same_rgb(color, theme->identity[id]);
    }
    return is;
}

/* Whether it is the outline of something that can be pressed; a hit may be a little larger. */
static bool is_of_control(const Scene *scene, const Draw *draw) {
    const Rect r = draw->rect;
    for (size_t i = 0; i < scene->hit_count; i++) {
        const Hit *hit = &scene->hits[i];
        const Rect h = hit->rect;
        if (hit->action != ACTION_NONE && inside(r, h) && r.w * r.h > 0.6f * h.w * h.h) {
            return true;
        }
    }
    return false;
}

/* An outline that says where a control or a task is, or a shape in a task's colour: 3 to 1 against
 * what it stands on. What a veil lies on steps back. */
static bool can_be_seen(const Stand *stand, const char *name, size_t n) {
    const Scene *scene = &stand->show.scene;
    const Theme *theme = theme_get(stand->show.input.theme);
    const Draw *draw = &scene->draws[n];
    const bool outline =
        draw->kind == DRAW_RECT && draw->stroke.a == 255 &&
        (same_rgb(draw->stroke, theme->line2) || same_rgb(draw->stroke, theme->thread) ||
         same_rgb(draw->stroke, theme->danger) || is_identity(theme, draw->stroke) ||
         is_of_control(scene, draw));
    const bool shape =
        draw->kind != DRAW_TEXT && draw->fill.a == 255 && is_identity(theme, draw->fill);
    if (!outline && !shape) {
        return true;
    }
    const Rect r = draw->rect;
    Point at = {r.x - draw->stroke_px / 2 - 1, r.y + r.h / 2}; /* just outside of a box */
    if (draw->kind == DRAW_POLYGON) {
        at = scene->points[draw->first];
    } else if (draw->kind == DRAW_CIRCLE) {
        at = (Point){r.x, r.y};
    }
    const Color own = outline ? draw->stroke : draw->fill;
    const Seen seen = seen_at(scene, n, own, at, true);
    const double is = contrast(own, seen.ground);
    const bool joined = same_rgb(own, seen.ground); /* with a bar of the same colour */
    if (!seen.hidden && !joined && is < 3) {
        print_error("%s, %s, %dx%d: %s at %.0f, %.0f (%.0f x %.0f) has %.2f : 1\n", name,
                    theme->name, stand->show.input.width_px, stand->show.input.height_px,
                    outline ? "an outline" : "a shape", (double)at.x, (double)at.y, (double)r.w,
                    (double)r.h, is);
        return false;
    }
    return true;
}

/* How many can't be read, or seen. */
static size_t check_screen(Stand *stand, const ScreenRow *row) {
    row->draw(stand);
    const Scene *scene = &stand->show.scene;
    size_t faults = 0;
    for (size_t i = 0; i < scene->draw_count; i++) {
        if (scene->draws[i].kind == DRAW_TEXT && scene->draws[i].count > 0 &&
            !steps_back(&scene->draws[i])) {
            faults += !can_be_read(stand, row->name, i);
        }
        faults += !can_be_seen(stand, row->name, i);
    }
    return faults;
}

static void every_text_can_be_read(void **state) {
    (void)state;
    static const int SIZES[][2] = {{1024, 640}, {1600, 900}};
    size_t faults = 0;
    for (size_t i = 0; i < SCREEN_ROWS; i++) {
        Stand stand;
        stand_open(&stand, &SCREENS[i], &METRICS);
        const uint64_t first = stand_first(&stand, &SCREENS[i]);
        const uint64_t last = stand_last(&stand, &SCREENS[i]);
        for (uint64_t cursor = first; cursor <= last; cursor++) {
            for (int look = 0; look < THEME_COUNT; look++) {
                const int *size = SIZES[(cursor + (uint64_t)look) % 2];
                show_size(&stand.show, size[0], size[1], 1);
                stand.show.input.theme = (ThemeName)look;
                stand_at(&stand, cursor);
                faults += check_screen(&stand, &SCREENS[i]);
            }
        }
        stand_close(&stand);
    }
    assert_int_equal(faults, 0);
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
