#include "ui/painter_stroke.h"

#include "base/assert.h"
#include "base/mem.h"

#include <math.h>

/* Points of a band are at most a few a place; a batch stays well under FreeType's limit. */
enum { BATCH_PLACES = 1500, BATCH_POINTS = OUTLINE_POINTS_MAX / 4 };

void places_add(Places *places, float x, float y) {
    places->items = mem_grow(places->items, &places->cap, places->count + 1, sizeof *places->items);
    places->items[places->count++] = (Point){x, y};
}

void places_add_arc(Places *places, float x, float y, float radius_px, float from, float to) {
    const float step = 2.0F * acosf(fmaxf(1.0F - 0.02F / fmaxf(radius_px, 0.1F), 0.5F));
    const int chords = (int)fminf(ceilf(fabsf(to - from) / step), 2000);
    for (int i = 0; i <= chords; i++) {
        const float angle = from + (to - from) * (float)i / fmaxf((float)chords, 1);
        places_add(places, x + radius_px * cosf(angle), y + radius_px * sinf(angle));
    }
}

static void pen_flush(const Pen *pen) {
    raster_fill_outline(pen->raster, pen->outline, pen->color);
    outline_clear(pen->outline);
}

static void stroke_solid(const Pen *pen, const Point *points, size_t count, bool closed) {
    if (closed && count <= BATCH_PLACES) {
        outline_band(pen->outline, points, count, true, pen->width_px, true);
        return;
    }
    for (size_t first = 0; first < count; first += BATCH_PLACES - 1) {
        const size_t left = count - first;
        outline_band(pen->outline, points + first, left < BATCH_PLACES ? left : BATCH_PLACES, false,
                     pen->width_px, pen->round_caps || left > BATCH_PLACES);
        if (left <= BATCH_PLACES) {
            break;
        }
        pen_flush(pen);
    }
    if (closed) {
        const Point seam[2] = {points[count - 1], points[0]};
        outline_band(pen->outline, seam, 2, false, pen->width_px, true);
    }
}

/* ---- dashes ---- */

enum { DASHES_A_BATCH = 8 };

typedef struct Dasher {
    const Pen *pen;
    float on_px, off_px;
    float left_px; /* of the dash or gap under way */
    bool drawing;
    int batched;  /* dashes in the outline */
    Places *dash; /* the places of the one under way */
} Dasher;

/* A flat-ended dash along an axis needs no outline. */
static bool dash_box(const Pen *pen, const Places *dash) {
    const Point *at = dash->items;
    const float half = pen->width_px / 2;
    if (dash->count != 2 || pen->round_caps || (at[0].x != at[1].x && at[0].y != at[1].y)) {
        return false;
    }
    const bool level = at[0].y == at[1].y;
    const float x = fminf(at[0].x, at[1].x), y = fminf(at[0].y, at[1].y);
    const float length = fabsf(at[1].x - at[0].x) + fabsf(at[1].y - at[0].y);
    const Rect box =
        level ? (Rect){x, y - half, length, 2 * half} : (Rect){x - half, y, 2 * half, length};
    raster_fill_box(pen->raster, box, pen->color);
    return true;
}

static void dash_end(Dasher *dasher) {
    const Pen *pen = dasher->pen;
    if (dasher->dash->count > 0 && !dash_box(pen, dasher->dash)) {
        stroke_solid(pen, dasher->dash->items, dasher->dash->count, false);
        /* Few at a time: FreeType looks for each edge's cell along all others of its row. */
        if (++dasher->batched >= DASHES_A_BATCH || pen->outline->count > BATCH_POINTS) {
            pen_flush(pen);
            dasher->batched = 0;
        }
    }
    dasher->dash->count = 0;
}

static void dash_turn_over(Dasher *dasher, Point at) {
    places_add(dasher->dash, at.x, at.y);
    if (dasher->drawing) {
        dash_end(dasher);
    }
    dasher->drawing = !dasher->drawing;
    dasher->left_px = dasher->drawing ? dasher->on_px : dasher->off_px;
}

/* Passes over `length` px of path that nobody sees. */
static void dash_skip(Dasher *dasher, float length, Point at) {
    dash_end(dasher);
    const float period = dasher->on_px + dasher->off_px;
    float phase = (dasher->drawing ? dasher->on_px : period) - dasher->left_px;
    phase = fmodf(phase + length, period);
    dasher->drawing = phase < dasher->on_px;
    dasher->left_px = (dasher->drawing ? dasher->on_px : period) - phase;
    if (dasher->drawing) {
        places_add(dasher->dash, at.x, at.y);
    }
}

static void dash_along(Dasher *dasher, Point from, Point to) {
    const float length = hypotf(to.x - from.x, to.y - from.y);
    float done = 0;
    while (length - done > dasher->left_px) {
        done += dasher->left_px;
        const float share = done / length;
        dash_turn_over(dasher,
                       (Point){from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share});
    }
    dasher->left_px -= length - done;
    if (dasher->drawing) {
        places_add(dasher->dash, to.x, to.y);
    }
}

/* The part of a segment near the clip, as shares of it; false where it is all far away. */
static bool segment_visible(const Pen *pen, Point from, Point to, float *start, float *end) {
    const float reach = pen->width_px + 2;
    const Box clip = pen->raster->clip;
    const float low[2] = {(float)clip.x0 - reach, (float)clip.y0 - reach};
    const float high[2] = {(float)clip.x1 + reach, (float)clip.y1 + reach};
    const float at[2] = {from.x, from.y}, way[2] = {to.x - from.x, to.y - from.y};
    *start = 0;
    *end = 1;
    for (int axis = 0; axis < 2; axis++) {
        if (fabsf(way[axis]) < 1e-6F) {
            if (at[axis] < low[axis] || at[axis] > high[axis]) {
                return false;
            }
            continue;
        }
        const float a = (low[axis] - at[axis]) / way[axis];
        const float b = (high[axis] - at[axis]) / way[axis];
        *start = fmaxf(*start, fminf(a, b));
        *end = fminf(*end, fmaxf(a, b));
    }
    return *start <= *end;
}

static void dash_segment(Dasher *dasher, Point from, Point to) {
    const float length = hypotf(to.x - from.x, to.y - from.y);
    float start = 0, end = 1;
    if (length < 256) {
        dash_along(dasher, from, to);
    } else if (!segment_visible(dasher->pen, from, to, &start, &end)) {
        dash_skip(dasher, length, to);
    } else {
        const float dx = to.x - from.x, dy = to.y - from.y;
        const Point in = {from.x + dx * start, from.y + dy * start};
        const Point out = {from.x + dx * end, from.y + dy * end};
        if (start > 0) {
            dash_skip(dasher, length * start, in);
        }
        dash_along(dasher, in, out);
        if (end < 1) {
            dash_skip(dasher, length * (1 - end), to);
        }
    }
}

static float places_length(const Point *points, size_t count, bool closed) {
    float length = 0;
    for (size_t i = 0; i + (closed ? 0 : 1) < count; i++) {
        const Point to = points[(i + 1) % count];
        length += hypotf(to.x - points[i].x, to.y - points[i].y);
    }
    return length;
}

static void stroke_dashed(const Pen *pen, const Point *points, size_t count, bool closed) {
    Dasher dasher = {.pen = pen,
                     .on_px = fmaxf(pen->dash_on_px, 0.01F), /* dots have next to no length */
                     .off_px = pen->dash_off_px,
                     .drawing = true,
                     .dash = pen->scratch};
    if (closed) {
        const float period = dasher.on_px + dasher.off_px;
        const float length = places_length(points, count, true);
        const float stretch = length / (fmaxf(roundf(length / period), 1) * period);
        dasher.on_px *= stretch;
        dasher.off_px *= stretch;
    }
    dasher.left_px = dasher.on_px;
    dasher.dash->count = 0;
    places_add(dasher.dash, points[0].x, points[0].y);
    for (size_t i = 0; i + (closed ? 0 : 1) < count; i++) {
        dash_segment(&dasher, points[i], points[(i + 1) % count]);
    }
    if (!closed || dasher.left_px < dasher.on_px * 0.98F) {
        dash_end(&dasher); /* around a closed path the first dash stands there already */
    }
}

void pen_stroke(const Pen *pen, const Point *points, size_t count, bool closed) {
    if (count == 0 || pen->width_px <= 0 || pen->color.a == 0) {
        return;
    }
    outline_clear(pen->outline);
    /* A pattern finer than the eye is a solid line, and would cost a dash a hair. */
    const bool dashed = pen->dash_off_px > 0 && pen->dash_on_px + pen->dash_off_px > 0.25F;
    if (dashed && count >= 2) {
        stroke_dashed(pen, points, count, closed);
    } else {
        stroke_solid(pen, points, count, closed);
    }
    pen_flush(pen);
}
