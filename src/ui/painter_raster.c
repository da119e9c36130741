#include "ui/painter_raster.h"

#include "base/assert.h"

#include <math.h>
#include <string.h>

/* ---- blending ---- */

/* round(x / 255) in two 16-bit lanes at once, exact for x up to 255 * 255. */
static uint32_t lanes_div255(uint32_t lanes) {
    lanes += 0x00800080U;
    return ((lanes + ((lanes >> 8) & 0x00FF00FFU)) >> 8) & 0x00FF00FFU;
}

static uint32_t scale255(uint32_t a, uint32_t b) {
    const uint32_t product = a * b + 128;
    return (product + (product >> 8)) >> 8;
}

typedef struct Ink {
    uint32_t solid;  /* 0xFFRRGGBB */
    uint32_t rb, ag; /* the same in lanes, the alpha 255 */
    uint32_t alpha;
} Ink;

static Ink ink_of(Color color) {
    const uint32_t rgb = ((uint32_t)color.r << 16) | ((uint32_t)color.g << 8) | color.b;
    return (Ink){.solid = 0xFF000000U | rgb,
                 .rb = rgb & 0x00FF00FFU,
                 .ag = 0x00FF0000U | color.g,
                 .alpha = color.a};
}

static uint32_t blend(uint32_t under, const Ink *ink, uint32_t alpha) {
    const uint32_t keep = 255 - alpha;
    const uint32_t rb = lanes_div255(ink->rb * alpha + (under & 0x00FF00FFU) * keep);
    const uint32_t ag = lanes_div255(ink->ag * alpha + ((under >> 8) & 0x00FF00FFU) * keep);
    return rb | (ag << 8);
}

/* Long runs are copied from themselves: the C library's copy moves more at once than a loop. */
static void fill_run(uint32_t *to, int count, uint32_t solid) {
    enum { SEED = 32 };
    const int seed = count < SEED ? count : SEED;
    for (int i = 0; i < seed; i++) {
        to[i] = solid;
    }
    for (int done = seed; done < count;) {
        const int more = count - done < done ? count - done : done;
        memcpy(to + done, to, (size_t)more * sizeof *to);
        done += more;
    }
}

static void blend_run(uint32_t *to, int count, const Ink *ink, uint32_t alpha) {
    if (alpha == 255) {
        fill_run(to, count, ink->solid);
        return;
    }
    const uint32_t keep = 255 - alpha;
    const uint32_t rb = ink->rb * alpha, ag = ink->ag * alpha;
    for (int i = 0; i < count; i++) {
        const uint32_t under = to[i];
        to[i] = lanes_div255(rb + (under & 0x00FF00FFU) * keep) |
                (lanes_div255(ag + ((under >> 8) & 0x00FF00FFU) * keep) << 8);
    }
}

/* ---- boxes ---- */

static float clamp_to(float value, int low, int high) {
    return fminf(fmaxf(value, (float)low), (float)high);
}

/* Edges that miss a pixel's by rounding errors alone are on it. */
static float settle(float value) {
    const float whole = roundf(value);
    return fabsf(value - whole) < 1.0F / 128 ? whole : value;
}

/* A row of a box: x0..x1 at `cover` 0..1 of the row's height. */
static void box_row(uint32_t *row, float x0, float x1, float cover, const Ink *ink) {
    const float full = cover * (float)ink->alpha;
    const int first = (int)floorf(x0), end = (int)ceilf(x1);
    int inner = first, inner_end = end;
    if (end - first == 1) {
        blend_run(row + first, 1, ink, (uint32_t)lrintf(full * (x1 - x0)));
        return;
    }
    if ((float)first < x0) {
        blend_run(row + first, 1, ink, (uint32_t)lrintf(full * ((float)(first + 1) - x0)));
        inner = first + 1;
    }
    if ((float)end > x1) {
        inner_end = end - 1;
        blend_run(row + inner_end, 1, ink, (uint32_t)lrintf(full * (x1 - (float)inner_end)));
    }
    blend_run(row + inner, inner_end - inner, ink, (uint32_t)lrintf(full));
}

void raster_fill_box(Raster *raster, Rect rect, Color color) {
    ASSERT(isfinite(rect.x) && isfinite(rect.y) && isfinite(rect.w) && isfinite(rect.h));
    const Box clip = raster->clip;
    const float x0 = settle(clamp_to(rect.x, clip.x0, clip.x1));
    const float x1 = settle(clamp_to(rect.x + rect.w, clip.x0, clip.x1));
    const float y0 = settle(clamp_to(rect.y, clip.y0, clip.y1));
    const float y1 = settle(clamp_to(rect.y + rect.h, clip.y0, clip.y1));
    if (x0 >= x1 || y0 >= y1 || color.a == 0) {
        return;
    }
    const Ink ink = ink_of(color);
    for (int y = (int)floorf(y0); (float)y < y1; y++) {
        const float cover = fminf((float)(y + 1), y1) - fmaxf((float)y, y0);
        box_row(raster->pixels + (size_t)y * (size_t)raster->width_px, x0, x1, cover, &ink);
    }
}

Box box_of_rect(Rect rect, Box bounds) {
    Box box = {(int)lrintf(clamp_to(rect.x, bounds.x0, bounds.x1)),
               (int)lrintf(clamp_to(rect.y, bounds.y0, bounds.y1)),
               (int)lrintf(clamp_to(rect.x + rect.w, bounds.x0, bounds.x1)),
               (int)lrintf(clamp_to(rect.y + rect.h, bounds.y0, bounds.y1))};
    box.x1 = box.x1 < box.x0 ? box.x0 : box.x1;
    box.y1 = box.y1 < box.y0 ? box.y0 : box.y1;
    return box;
}

/* ---- outlines ---- */

/* FreeType keeps a cell for every pixel of a row that an edge crosses, and gives up where they are
 * more than its pool has room for, about 650 (FT_Raster_Overflow): a long hatch, a line that hardly
 * rises. A column narrower than that can't bring it there. */
enum { COLUMN_PX = 400 };

typedef struct SpanTarget {
    const Raster *raster;
    Ink ink;
} SpanTarget;

static void paint_spans(int y, int count, const FT_Span *spans, void *context) {
    const SpanTarget *target = context;
    uint32_t *row = target->raster->pixels + (size_t)y * (size_t)target->raster->width_px;
    for (int i = 0; i < count; i++) {
        const uint32_t alpha = scale255(spans[i].coverage, target->ink.alpha);
        if (alpha > 0) {
            blend_run(row + spans[i].x, spans[i].len, &target->ink, alpha);
        }
    }
}

/* The part of the clip that the points may touch; empty (x0 >= x1 or y0 >= y1) where they don't. */
static Box outline_box(const Outline *outline, Box clip) {
    FT_Vector low = outline->points[0], high = low;
    for (size_t i = 1; i < outline->count; i++) {
        const FT_Vector at = outline->points[i];
        low.x = at.x < low.x ? at.x : low.x;
        low.y = at.y < low.y ? at.y : low.y;
        high.x = at.x > high.x ? at.x : high.x;
        high.y = at.y > high.y ? at.y : high.y;
    }
    const Box box = {(int)floorf((float)low.x / 64), (int)floorf((float)low.y / 64),
                     (int)ceilf((float)high.x / 64), (int)ceilf((float)high.y / 64)};
    return (Box){box.x0 > clip.x0 ? box.x0 : clip.x0, box.y0 > clip.y0 ? box.y0 : clip.y0,
                 box.x1 < clip.x1 ? box.x1 : clip.x1, box.y1 < clip.y1 ? box.y1 : clip.y1};
}

void raster_fill_outline(Raster *raster, const Outline *outline, Color color) {
    if (outline->contour_count == 0 || color.a == 0) {
        return;
    }
    const Box box = outline_box(outline, raster->clip);
    if (box.x0 >= box.x1 || box.y0 >= box.y1) {
        return;
    }
    FT_Outline shape = {.n_contours = (short)outline->contour_count,
                        .n_points = (short)(outline->ends[outline->contour_count - 1] + 1),
                        .points = outline->points,
                        .tags = outline->tags,
                        .contours = outline->ends};
    SpanTarget target = {.raster = raster, .ink = ink_of(color)};
    for (int x = box.x0; x < box.x1; x += COLUMN_PX) {
        const int end = x + COLUMN_PX < box.x1 ? x + COLUMN_PX : box.x1;
        FT_Raster_Params params = {.flags = FT_RASTER_FLAG_AA | FT_RASTER_FLAG_DIRECT |
                                            FT_RASTER_FLAG_CLIP,
                                   .gray_spans = paint_spans,
                                   .user = &target,
                                   .clip_box = {x, box.y0, end, box.y1}};
        const FT_Error error = FT_Outline_Render(raster->library, &shape, &params);
        ASSERT(error == 0);
    }
}

void raster_fill_mask(Raster *raster, const uint8_t *mask, int x, int y, int w, int h,
                      Color color) {
    const Box clip = raster->clip;
    const int x0 = x < clip.x0 ? clip.x0 : x, x1 = x + w > clip.x1 ? clip.x1 : x + w;
    const int y0 = y < clip.y0 ? clip.y0 : y, y1 = y + h > clip.y1 ? clip.y1 : y + h;
    const Ink ink = ink_of(color);
    for (int row = y0; row < y1; row++) {
        const uint8_t *from = mask + (size_t)(row - y) * (size_t)w + (x0 - x);
        uint32_t *to = raster->pixels + (size_t)row * (size_t)raster->width_px + x0;
        for (int i = 0; i < x1 - x0; i++) {
            if (from[i] != 0) {
                to[i] = blend(to[i], &ink, scale255(from[i], ink.alpha));
            }
        }
    }
}
