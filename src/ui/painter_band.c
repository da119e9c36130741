/* Bands along polylines: what a stroke covers, as contours. */
#include "ui/painter_outline.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

static const float HALF_TURN = 3.14159265F;
static const float NEAR_PX = 1.0F / 128;

/* The polyline without repeated places, walked in one direction along its left side. */
typedef struct Walk {
    const Point *points;
    size_t count;
    bool closed, reversed;
    float half_px;
} Walk;

static Point walk_point(const Walk *walk, size_t index) {
    const size_t at = index % walk->count;
    return walk->points[walk->reversed ? walk->count - 1 - at : at];
}

static Point unit_between(Point from, Point to, float *length) {
    const float dx = to.x - from.x, dy = to.y - from.y;
    *length = hypotf(dx, dy);
    return (Point){dx / *length, dy / *length};
}

/* The left side's turn at point b, coming from a, going to c. Outside a bend the join is round;
 * inside, the two sides cross, or, where a segment is too short for that, meet in the corner. */
static void walk_join(Outline *outline, const Walk *walk, Point a, Point b, Point c) {
    float before_px = 0, after_px = 0;
    const Point in = unit_between(a, b, &before_px), out = unit_between(b, c, &after_px);
    const float h = walk->half_px;
    const float cross = in.x * out.y - in.y * out.x, dot = in.x * out.x + in.y * out.y;
    const float turn = atan2f(cross, dot);
    /* Left of the direction (dx, dy), with y down, is (dy, -dx). */
    if (fabsf(turn) < 0.12F) { /* a curve's chord: the mitre is as good as the arc */
        const float mx = in.y + out.y, my = -in.x - out.x;
        const float scale = 2 * h / (mx * mx + my * my);
        outline_point(outline, b.x + mx * scale, b.y + my * scale);
        return;
    }
    if (turn > 0) {
        const float start = atan2f(-in.x, in.y);
        outline_arc(outline, b.x, b.y, h, start, start + turn);
        return;
    }
    const float back_px = h * fabsf(tanf(turn / 2));
    if (back_px <= before_px && back_px <= after_px) {
        outline_point(outline, b.x + in.y * h - in.x * back_px, b.y - in.x * h - in.y * back_px);
        return;
    }
    outline_point(outline, b.x + in.y * h, b.y - in.x * h);
    outline_point(outline, b.x, b.y);
    outline_point(outline, b.x + out.y * h, b.y - out.x * h);
}

/* An open polyline's left side, and the cap at its end. */
static void walk_open(Outline *outline, const Walk *walk, bool round_caps) {
    const size_t count = walk->count;
    float length = 0;
    const Point first = walk_point(walk, 0), last = walk_point(walk, count - 1);
    const Point in = unit_between(first, walk_point(walk, 1), &length);
    const Point out = unit_between(walk_point(walk, count - 2), last, &length);
    const float h = walk->half_px;
    outline_point(outline, first.x + in.y * h, first.y - in.x * h);
    for (size_t i = 1; i + 1 < count; i++) {
        walk_join(outline, walk, walk_point(walk, i - 1), walk_point(walk, i),
                  walk_point(walk, i + 1));
    }
    if (round_caps) {
        const float start = atan2f(-out.x, out.y);
        outline_arc(outline, last.x, last.y, h, start, start + HALF_TURN);
    } else {
        outline_point(outline, last.x + out.y * h, last.y - out.x * h);
    }
}

static void walk_closed(Outline *outline, const Walk *walk) {
    for (size_t i = 0; i < walk->count; i++) {
        walk_join(outline, walk, walk_point(walk, i + walk->count - 1), walk_point(walk, i),
                  walk_point(walk, i + 1));
    }
    outline_close(outline);
}

static bool near(Point a, Point b) {
    return fabsf(a.x - b.x) < NEAR_PX && fabsf(a.y - b.y) < NEAR_PX;
}

/* Copies what is apart from its neighbour. */
static size_t distinct_points(const Point *points, size_t count, bool closed, Point *out) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !near(out[kept - 1], points[i])) {
            out[kept++] = points[i];
        }
    }
    while (closed && kept > 1 && near(out[0], out[kept - 1])) {
        kept--;
    }
    return kept;
}

void outline_band(Outline *outline, const Point *points, size_t count, bool closed, float width_px,
                  bool round_caps) {
    enum { ON_STACK = 512 };
    Point few[ON_STACK];
    Point *apart = count <= ON_STACK ? few : mem_alloc(count, sizeof *apart);
    Walk walk = {.points = apart, .closed = closed, .half_px = width_px / 2};
    walk.count = distinct_points(points, count, closed, apart);
    if (walk.count == 1 && round_caps) {
        outline_circle(outline, apart[0].x, apart[0].y, walk.half_px, false);
    } else if (walk.count >= 2) {
        const bool ring = closed && walk.count >= 3;
        for (int side = 0; side < 2; side++) {
            walk.reversed = side == 1;
            if (ring) {
                walk_closed(outline, &walk);
            } else {
                walk_open(outline, &walk, round_caps || closed);
            }
        }
        if (!ring) {
            outline_close(outline);
        }
    }
    if (apart != few) {
        free(apart);
    }
}
