#include "ui/painter.h"

#include "base/assert.h"
#include "base/mem.h"
#include "ui/glyphs.h"
#include "ui/painter_fit.h"
#include "ui/painter_stroke.h"

#include <math.h>
#include <stdlib.h>

enum { CLIPS_MAX = 32, BANDS_A_BATCH = 8 };

static const float RADIANS = 3.14159265F / 180;

struct Painter {
    FT_Library library;
    Glyphs *glyphs;
    Metrics metrics;
    uint32_t *pixels;
    size_t pixel_cap;
    Outline outline; /* scratch */
    Places places, dash;
    Box clips[CLIPS_MAX];
    int clip_count;
};

static float painter_width(void *context, Font font, float size_px, const char *text,
                           size_t size_bytes) {
    Painter *painter = context;
    return glyphs_width(painter->glyphs, font, size_px, text, size_bytes);
}

Painter *painter_create_plain(void) {
    Painter *painter = mem_alloc(1, sizeof *painter);
    const FT_Error error = FT_Init_FreeType(&painter->library); /* fails for want of memory alone */
    ASSERT(error == 0);
    return painter;
}

Painter *painter_create(Diags *diags) {
    Painter *painter = painter_create_plain();
    painter->glyphs = glyphs_create(painter->library, diags);
    if (painter->glyphs == NULL) {
        painter_destroy(painter);
        return NULL;
    }
    painter->metrics = (Metrics){.context = painter, .width = painter_width};
    return painter;
}

void painter_destroy(Painter *painter) {
    if (painter == NULL) {
        return;
    }
    glyphs_destroy(painter->glyphs);
    FT_Done_FreeType(painter->library);
    outline_finish(&painter->outline);
    free(painter->places.items);
    free(painter->dash.items);
    free(painter->pixels);
    free(painter);
}

const Metrics *painter_metrics(Painter *painter) {
    return &painter->metrics;
}

/* ---- the kinds of draws ---- */

typedef struct Frame {
    Painter *painter;
    const Scene *scene;
    Raster raster;
} Frame;

static Outline *frame_outline(Frame *frame) {
    outline_clear(&frame->painter->outline);
    return &frame->painter->outline;
}

static void frame_fill(Frame *frame, Color color) {
    raster_fill_outline(&frame->raster, &frame->painter->outline, color);
}

static Pen pen_of(Frame *frame, const Draw *draw) {
    return (Pen){.raster = &frame->raster,
                 .outline = &frame->painter->outline,
                 .scratch = &frame->painter->dash,
                 .color = draw->stroke,
                 .width_px = draw->stroke_px,
                 .dash_on_px = draw->dash_on_px,
                 .dash_off_px = draw->dash_off_px,
                 .round_caps = draw->round_caps};
}

static bool has_stroke(const Draw *draw) {
    return draw->stroke.a > 0 && draw->stroke_px > 0;
}

static bool is_dashed(const Draw *draw) {
    return draw->dash_off_px > 0;
}

static Places *frame_places(Frame *frame) {
    frame->painter->places.count = 0;
    return &frame->painter->places;
}

static Rect rect_grown(Rect rect, float by) {
    return (Rect){rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by};
}

/* The same path as an SVG rect's: from the left end of the top edge, clockwise. */
static void places_add_rect(Places *places, Rect rect, float radius_px) {
    const float r = fminf(radius_px, fminf(rect.w, rect.h) / 2);
    const float right = rect.x + rect.w, bottom = rect.y + rect.h, quarter = 90 * RADIANS;
    places_add_arc(places, right - r, rect.y + r, r, -quarter, 0);
    places_add_arc(places, right - r, bottom - r, r, 0, quarter);
    places_add_arc(places, rect.x + r, bottom - r, r, quarter, 2 * quarter);
    places_add_arc(places, rect.x + r, rect.y + r, r, 2 * quarter, 3 * quarter);
}

static void fill_rect(Frame *frame, Rect rect, float radius, Color color) {
    if (radius <= 0) {
        raster_fill_box(&frame->raster, rect, color);
    } else if (color.a > 0) {
        outline_rect(frame_outline(frame), rect, radius, false);
        frame_fill(frame, color);
    }
}

static void paint_rect(Frame *frame, const Draw *draw) {
    const float radius = fminf(draw->radius, fminf(draw->rect.w, draw->rect.h) / 2);
    if (draw->rect.w < 0 || draw->rect.h < 0) {
        return;
    }
    if (!has_stroke(draw)) {
        fill_rect(frame, fit_fill(draw->rect, radius), radius, draw->fill);
        return;
    }
    const FittedStroke fitted = fit_stroke(draw->rect, draw->stroke_px);
    fill_rect(frame, fitted.middle, radius, draw->fill);
    if (is_dashed(draw)) {
        Places *places = frame_places(frame);
        places_add_rect(places, fitted.middle, radius);
        Pen pen = pen_of(frame, draw);
        pen.width_px = fitted.stroke_px;
        pen_stroke(&pen, places->items, places->count, true);
        return;
    }
    const float half = fitted.stroke_px / 2;
    Outline *outline = frame_outline(frame);
    outline_rect(outline, rect_grown(fitted.middle, half), radius > 0 ? radius + half : 0, false);
    outline_rect(outline, rect_grown(fitted.middle, -half), fmaxf(radius - half, 0), true);
    frame_fill(frame, draw->stroke);
}

static void paint_circle(Frame *frame, const Draw *draw) {
    const float x = draw->rect.x, y = draw->rect.y, half = draw->stroke_px / 2;
    if (draw->fill.a > 0) {
        outline_circle(frame_outline(frame), x, y, draw->radius, false);
        frame_fill(frame, draw->fill);
    }
    if (!has_stroke(draw)) {
        return;
    }
    if (is_dashed(draw)) {
        Places *places = frame_places(frame);
        places_add_arc(places, x, y, draw->radius, 0, 360 * RADIANS);
        const Pen pen = pen_of(frame, draw);
        pen_stroke(&pen, places->items, places->count, true);
        return;
    }
    Outline *outline = frame_outline(frame);
    outline_circle(outline, x, y, draw->radius + half, false);
    outline_circle(outline, x, y, draw->radius - half, true);
    frame_fill(frame, draw->stroke);
}

/* From degrees clockwise from 12 o'clock to radians from 3 o'clock. */
static float angle_of(float degrees) {
    return (degrees - 90) * RADIANS;
}

static void paint_arc(Frame *frame, const Draw *draw) {
    const float from = angle_of(draw->from_deg), to = angle_of(draw->to_deg);
    if (!has_stroke(draw)) {
        return;
    }
    if (is_dashed(draw)) {
        Places *places = frame_places(frame);
        places_add_arc(places, draw->rect.x, draw->rect.y, draw->radius, from, to);
        const Pen pen = pen_of(frame, draw);
        pen_stroke(&pen, places->items, places->count, false);
        return;
    }
    outline_arc_band(frame_outline(frame), draw->rect.x, draw->rect.y, draw->radius, from, to,
                     draw->stroke_px, draw->round_caps);
    frame_fill(frame, draw->stroke);
}

static void paint_pie(Frame *frame, const Draw *draw) {
    Outline *outline = frame_outline(frame);
    if (draw->to_deg - draw->from_deg >= 359.9F) {
        outline_circle(outline, draw->rect.x, draw->rect.y, draw->radius, false);
    } else {
        outline_point(outline, draw->rect.x, draw->rect.y);
        outline_arc(outline, draw->rect.x, draw->rect.y, draw->radius, angle_of(draw->from_deg),
                    angle_of(draw->to_deg));
        outline_close(outline);
    }
    frame_fill(frame, draw->fill);
}

static void paint_polygon(Frame *frame, const Draw *draw) {
    const Point *points = frame->scene->points + draw->first;
    if (draw->fill.a > 0) {
        Outline *outline = frame_outline(frame);
        for (uint32_t i = 0; i < draw->count; i++) {
            outline_point(outline, points[i].x, points[i].y);
        }
        outline_close(outline);
        frame_fill(frame, draw->fill);
    }
    if (has_stroke(draw)) {
        const Pen pen = pen_of(frame, draw);
        pen_stroke(&pen, points, draw->count, true);
    }
}

static void paint_line(Frame *frame, const Draw *draw, Point from, Point to) {
    Pen pen = pen_of(frame, draw);
    pen.width_px = fit_line(&from, &to, draw->stroke_px);
    const float half = pen.width_px / 2;
    if (is_dashed(draw) || draw->round_caps || (from.x != to.x && from.y != to.y)) {
        const Point ends[2] = {from, to};
        pen_stroke(&pen, ends, 2, false);
    } else if (from.y == to.y) {
        const Rect box = {fminf(from.x, to.x), from.y - half, fabsf(to.x - from.x), pen.width_px};
        raster_fill_box(&frame->raster, box, draw->stroke);
    } else {
        const Rect box = {from.x - half, fminf(from.y, to.y), pen.width_px, fabsf(to.y - from.y)};
        raster_fill_box(&frame->raster, box, draw->stroke);
    }
}

static void paint_polyline(Frame *frame, const Draw *draw) {
    const Point *points = frame->scene->points + draw->first;
    if (!has_stroke(draw)) {
        return;
    }
    if (draw->count == 2) {
        paint_line(frame, draw, points[0], points[1]);
    } else {
        const Pen pen = pen_of(frame, draw);
        pen_stroke(&pen, points, draw->count, false);
    }
}

/* Keeps the part of a convex polygon where axis value * sign <= limit * sign. */
static size_t cut_polygon(const Point *in, size_t count, bool vertical, float sign, float limit,
                          Point *out) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const Point a = in[i], b = in[(i + 1) % count];
        const float da = ((vertical ? a.y : a.x) - limit) * sign;
        const float db = ((vertical ? b.y : b.x) - limit) * sign;
        if (da <= 0) {
            out[kept++] = a;
        }
        if ((da < 0 && db > 0) || (da > 0 && db < 0)) {
            const float share = da / (da - db);
            out[kept++] = (Point){a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
        }
    }
    return kept;
}

/* Lines from bottom left to top right, where x + y is the same, each cut exactly to the rect. */
static void paint_hatch(Frame *frame, const Draw *draw) {
    const Rect r = draw->rect;
    const float step = draw->radius, reach = draw->stroke_px * 0.70710678F;
    if (step < 0.5F || r.w <= 0 || r.h <= 0 || !has_stroke(draw)) {
        return;
    }
    Outline *outline = frame_outline(frame);
    for (float sum = step; sum - reach < r.w + r.h; sum += step) {
        /* The band between two diagonals, longer than the rect on either side. */
        Point band[12] = {{r.x + sum - reach - r.h - r.w, r.y + r.h + r.w},
                          {r.x + sum - reach + r.w, r.y - r.w},
                          {r.x + sum + reach + r.w, r.y - r.w},
                          {r.x + sum + reach - r.h - r.w, r.y + r.h + r.w}};
        Point other[12];
        size_t count = cut_polygon(band, 4, false, 1, r.x + r.w, other);
        count = cut_polygon(other, count, false, -1, r.x, band);
        count = cut_polygon(band, count, true, 1, r.y + r.h, other);
        count = cut_polygon(other, count, true, -1, r.y, band);
        for (size_t i = 0; i < count; i++) {
            outline_point(outline, band[i].x, band[i].y);
        }
        outline_close(outline);
        if (outline->contour_count >= BANDS_A_BATCH) { /* as with dashes: rows of few edges */
            frame_fill(frame, draw->stroke);
            outline_clear(outline);
        }
    }
    frame_fill(frame, draw->stroke);
}

static void paint_text(Frame *frame, const Draw *draw) {
    Glyphs *glyphs = frame->painter->glyphs;
    if (draw->fill.a == 0) {
        return;
    }
    ASSERT(glyphs != NULL);
    const char *text = frame->scene->text + draw->first;
    float x = draw->rect.x;
    if (draw->align != ALIGN_LEFT) {
        const float width =
            glyphs_width(glyphs, (Font)draw->font, draw->size_px, text, draw->count);
        x -= draw->align == ALIGN_MIDDLE ? width / 2 : width;
    }
    glyphs_draw(glyphs, &frame->raster, (Font)draw->font, draw->size_px, draw->fill, x,
                draw->rect.y, text, draw->count);
}

static void paint_clip(Frame *frame, const Draw *draw) {
    Painter *painter = frame->painter;
    ASSERT(painter->clip_count < CLIPS_MAX);
    painter->clips[painter->clip_count++] = frame->raster.clip;
    frame->raster.clip = box_of_rect(draw->rect, frame->raster.clip);
}

static void paint_unclip(Frame *frame, const Draw *draw) {
    (void)draw;
    ASSERT(frame->painter->clip_count > 0);
    frame->raster.clip = frame->painter->clips[--frame->painter->clip_count];
}

typedef void PaintFunction(Frame *frame, const Draw *draw);

static PaintFunction *const PAINT[] = {
    [DRAW_RECT] = paint_rect,     [DRAW_CIRCLE] = paint_circle,   [DRAW_ARC] = paint_arc,
    [DRAW_PIE] = paint_pie,       [DRAW_POLYGON] = paint_polygon, [DRAW_POLYLINE] = paint_polyline,
    [DRAW_TEXT] = paint_text,     [DRAW_HATCH] = paint_hatch,     [DRAW_CLIP] = paint_clip,
    [DRAW_UNCLIP] = paint_unclip,
};

/* Whether nothing of what was there before shines through. */
static bool covers(const Draw *draw, Rect all) {
    const Rect r = draw->rect;
    return draw->kind == DRAW_RECT && draw->radius <= 0 && draw->fill.a == 0xFF && r.x <= 0 &&
           r.y <= 0 && r.x + r.w >= all.w && r.y + r.h >= all.h;
}

const uint32_t *painter_paint(Painter *painter, const Scene *scene) {
    ASSERT(scene->width_px > 0 && scene->height_px > 0);
    const size_t count = (size_t)scene->width_px * (size_t)scene->height_px;
    if (count > painter->pixel_cap) {
        painter->pixels = mem_resize(painter->pixels, count, sizeof *painter->pixels);
        painter->pixel_cap = count;
    }
    Frame frame = {.painter = painter,
                   .scene = scene,
                   .raster = {.library = painter->library,
                              .pixels = painter->pixels,
                              .width_px = scene->width_px,
                              .height_px = scene->height_px,
                              .clip = {0, 0, scene->width_px, scene->height_px}}};
    painter->clip_count = 0;
    const Rect all = {0, 0, (float)scene->width_px, (float)scene->height_px};
    if (scene->draw_count == 0 || !covers(&scene->draws[0], all)) {
        raster_fill_box(&frame.raster, all, (Color){.a = 0xFF});
    }
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        ASSERT((size_t)draw->kind < sizeof PAINT / sizeof *PAINT);
        PAINT[draw->kind](&frame, draw);
    }
    return painter->pixels;
}
