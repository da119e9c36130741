#include "ui/painter_fit.h"

#include <math.h>

static const float BAR_RADIUS_PX = 2.5F; /* below: a bar of data, its width is kept */
static const float SAME_PX = 0.02F;

static float whole(float value) {
    return floorf(value + 0.5F); /* halves always go the same way */
}

static float whole_width(float stroke_px) {
    return fmaxf(whole(stroke_px), 1);
}

FittedStroke fit_stroke(Rect rect, float stroke_px) {
    const float stroke = whole_width(stroke_px), half = stroke_px / 2;
    const float w = whole(rect.w + stroke_px), h = whole(rect.h + stroke_px);
    if (w <= 2 * stroke || h <= 2 * stroke) {
        return (FittedStroke){rect, stroke_px}; /* no room between the edges */
    }
    const float x = whole(rect.x - half), y = whole(rect.y - half);
    return (FittedStroke){{x + stroke / 2, y + stroke / 2, w - stroke, h - stroke}, stroke};
}

Rect fit_fill(Rect rect, float radius_px) {
    if (radius_px <= 0 || rect.h < 4) {
        return rect;
    }
    rect.y = whole(rect.y);
    rect.h = whole(rect.h);
    if (radius_px >= BAR_RADIUS_PX) {
        rect.x = whole(rect.x);
        rect.w = whole(rect.w);
    }
    return rect;
}

float fit_line(Point *from, Point *to, float stroke_px) {
    const float stroke = whole_width(stroke_px), half = stroke_px / 2;
    if (fabsf(from->y - to->y) < SAME_PX) {
        from->y = to->y = whole(from->y - half) + stroke / 2;
        return stroke;
    }
    if (fabsf(from->x - to->x) < SAME_PX) {
        from->x = to->x = whole(from->x - half) + stroke / 2;
        return stroke;
    }
    return stroke_px;
}
