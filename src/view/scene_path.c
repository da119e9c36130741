/* Paths: curves flattened to points as they are built. */
#include "view/scene.h"

#include "base/assert.h"

#include <math.h>

enum { CURVE_STEPS = 20 };

void path_move(Path *path, float x, float y) {
    path->points[0] = (Point){x, y};
    path->count = 1;
}

void path_line(Path *path, float x, float y) {
    ASSERT(path->count > 0 && path->count < PATH_POINTS_MAX);
    path->points[path->count++] = (Point){x, y};
}

void path_quad(Path *path, float cx, float cy, float x, float y) {
    ASSERT(path->count > 0);
    const Point from = path->points[path->count - 1];
    path_cubic(path, from.x + (cx - from.x) * 2 / 3, from.y + (cy - from.y) * 2 / 3,
               x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3, x, y);
}

void path_cubic(Path *path, float c1x, float c1y, float c2x, float c2y, float x, float y) {
    ASSERT(path->count > 0);
    const Point from = path->points[path->count - 1];
    for (int i = 1; i <= CURVE_STEPS; i++) {
        const float t = (float)i / CURVE_STEPS, s = 1 - t;
        const float a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;
        path_line(path, a * from.x + b * c1x + c * c2x + d * x,
                  a * from.y + b * c1y + c * c2y + d * y);
    }
}

static float span(Point from, Point to) {
    return hypotf(to.x - from.x, to.y - from.y);
}

float path_length(const Path *path) {
    float length = 0;
    for (size_t i = 1; i < path->count; i++) {
        length += span(path->points[i - 1], path->points[i]);
    }
    return length;
}

Point path_at(const Path *path, float share) {
    ASSERT(path->count > 0);
    float left = path_length(path) * fminf(fmaxf(share, 0), 1);
    for (size_t i = 1; i < path->count; i++) {
        const Point from = path->points[i - 1], to = path->points[i];
        const float part = span(from, to);
        if (left <= part && part > 0) {
            const float t = left / part;
            return (Point){from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t};
        }
        left -= part;
    }
    return path->points[path->count - 1];
}

void path_prefix(const Path *path, float share, Path *out) {
    const float length = path_length(path) * share;
    float walked = 0;
    path_move(out, path->points[0].x, path->points[0].y);
    for (size_t i = 1; i < path->count; i++) {
        const Point a = path->points[i - 1], b = path->points[i];
        const float part = hypotf(b.x - a.x, b.y - a.y);
        if (walked + part >= length) {
            const float t = part > 0 ? (length - walked) / part : 0;
            path_line(out, a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t);
            return;
        }
        walked += part;
        path_line(out, b.x, b.y);
    }
}
