/* The raster: pixels and the three ways to colour them: a box, an outline, a mask of coverage.
 * Blending is plain sRGB, as browsers do. Internal to ui/.
 *
 * Ownership: the pixels belong to the caller. Threads: one a raster. */
#ifndef LOOPSCOPE_UI_PAINTER_RASTER_H
#define LOOPSCOPE_UI_PAINTER_RASTER_H

#include "ui/painter_outline.h"

typedef struct Box {
    int x0, y0, x1, y1; /* half-open */
} Box;

typedef struct Raster {
    FT_Library library;
    uint32_t *pixels; /* 0xAARRGGBB, rows of width_px */
    int width_px, height_px;
    Box clip; /* within the pixels */
} Raster;

/* An axis-aligned rectangle, with exact coverage at fractional edges. */
void raster_fill_box(Raster *raster, Rect rect, Color color);

/* An outline by the non-zero rule, smoothed by FreeType. Empties nothing: see outline_clear. */
void raster_fill_outline(Raster *raster, const Outline *outline, Color color);

/* Coverage 0..255 of w x h pixels with its corner at x, y. */
void raster_fill_mask(Raster *raster, const uint8_t *mask, int x, int y, int w, int h, Color color);

/* The nearest whole pixels of a rectangle, within `bounds`. */
Box box_of_rect(Rect rect, Box bounds);

#endif
