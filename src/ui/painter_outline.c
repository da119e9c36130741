#include "ui/painter_outline.h"

#include "base/assert.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float TURN = 6.28318531F;
static const float FLATNESS_PX = 0.03F;     /* of a chord under its arc, at most */
static const float FLATNESS_SHARE = 0.004F; /* of the radius: small dots keep their area */

void outline_finish(Outline *outline) {
    free(outline->points);
    free(outline->tags);
    free(outline->ends);
    *outline = (Outline){0};
}

void outline_clear(Outline *outline) {
    outline->count = 0;
    outline->contour_count = 0;
}

static FT_Pos fixed_of(float value) {
    ASSERT(isfinite(value));
    const float limit = (float)OUTLINE_COORDINATE_MAX;
    return lrintf(fminf(fmaxf(value, -limit), limit) * 64.0F);
}

static size_t contour_start(const Outline *outline) {
    return outline->contour_count == 0 ? 0 : (size_t)outline->ends[outline->contour_count - 1] + 1;
}

void outline_point(Outline *outline, float x, float y) {
    const FT_Vector at = {fixed_of(x), fixed_of(y)};
    if (outline->count > contour_start(outline)) {
        const FT_Vector last = outline->points[outline->count - 1];
        if (last.x == at.x && last.y == at.y) {
            return;
        }
    }
    ASSERT(outline->count < OUTLINE_POINTS_MAX);
    outline->points =
        mem_grow(outline->points, &outline->cap, outline->count + 1, sizeof *outline->points);
    if (outline->count == outline->tag_cap) {
        outline->tags = mem_grow(outline->tags, &outline->tag_cap, outline->count + 1, 1);
        memset(outline->tags, FT_CURVE_TAG_ON, outline->tag_cap);
    }
    outline->points[outline->count++] = at;
}

void outline_close(Outline *outline) {
    const size_t start = contour_start(outline);
    if (outline->count < start + 3) {
        outline->count = start;
        return;
    }
    outline->ends = mem_grow(outline->ends, &outline->contour_cap, outline->contour_count + 1,
                             sizeof *outline->ends);
    outline->ends[outline->contour_count++] = (short)(outline->count - 1);
}

/* How many chords follow an arc closely enough. */
static int chords_of(float radius_px, float angle) {
    const float share = fminf(FLATNESS_PX / fmaxf(radius_px, 0.1F), FLATNESS_SHARE);
    const float step = 2.0F * acosf(1.0F - share);
    const int count = (int)ceilf(fabsf(angle) / step);
    return count < 1 ? 1 : count > 2000 ? 2000 : count;
}

void outline_arc(Outline *outline, float x, float y, float radius_px, float from, float to) {
    const int chords = chords_of(radius_px, to - from);
    const float step = (to - from) / (float)chords;
    /* One turn of a vector a chord: no sine or cosine within. Doubles, or it would drift. */
    const double turn_x = cos((double)step), turn_y = sin((double)step);
    double dx = cos((double)from) * (double)radius_px, dy = sin((double)from) * (double)radius_px;
    for (int i = 0; i <= chords; i++) {
        outline_point(outline, x + (float)dx, y + (float)dy);
        const double next_x = dx * turn_x - dy * turn_y;
        dy = dx * turn_y + dy * turn_x;
        dx = next_x;
    }
}

static void rect_corner(Outline *outline, float x, float y, float radius_px, int quarter,
                        bool hole) {
    const float from = (float)quarter * TURN / 4, to = (float)(quarter + 1) * TURN / 4;
    outline_arc(outline, x, y, radius_px, hole ? to : from, hole ? from : to);
}

void outline_rect(Outline *outline, Rect rect, float radius_px, bool hole) {
    if (rect.w <= 0 || rect.h <= 0) {
        return;
    }
    const float r = fminf(radius_px, fminf(rect.w, rect.h) / 2);
    const float left = rect.x, right = rect.x + rect.w, top = rect.y, bottom = rect.y + rect.h;
    if (r < 0.02F) {
        outline_point(outline, left, top);
        outline_point(outline, hole ? left : right, hole ? bottom : top);
        outline_point(outline, right, bottom);
        outline_point(outline, hole ? right : left, hole ? top : bottom);
        outline_close(outline);
        return;
    }
    const Point centres[4] = {
        {right - r, bottom - r}, {left + r, bottom - r}, {left + r, top + r}, {right - r, top + r}};
    for (int i = 0; i < 4; i++) {
        const int quarter = hole ? 3 - i : i;
        rect_corner(outline, centres[quarter].x, centres[quarter].y, r, quarter, hole);
    }
    outline_close(outline);
}

void outline_circle(Outline *outline, float x, float y, float radius_px, bool hole) {
    if (radius_px <= 0) {
        return;
    }
    outline_arc(outline, x, y, radius_px, 0, hole ? -TURN : TURN);
    outline_close(outline);
}

void outline_arc_band(Outline *outline, float x, float y, float radius_px, float from, float to,
                      float width_px, bool round_caps) {
    const float half = width_px / 2, inner = fmaxf(radius_px - half, 0);
    const float sweep = to - from;
    if (fabsf(sweep) >= TURN - 0.001F) {
        outline_circle(outline, x, y, radius_px + half, false);
        outline_circle(outline, x, y, inner, true);
        return;
    }
    const float side = sweep < 0 ? -1.0F : 1.0F;
    outline_arc(outline, x, y, radius_px + half, from, to);
    if (round_caps) {
        outline_arc(outline, x + radius_px * cosf(to), y + radius_px * sinf(to), half, to,
                    to + side * TURN / 2);
    }
    outline_arc(outline, x, y, inner, to, from);
    if (round_caps) {
        outline_arc(outline, x + radius_px * cosf(from), y + radius_px * sinf(from), half,
                    from + side * TURN / 2, from + side * TURN);
    }
    outline_close(outline);
}
