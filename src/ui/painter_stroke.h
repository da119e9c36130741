/* Strokes: a path and a pen to filled bands, solid or dashed. Internal to ui/.
 *
 * Ownership: plain data over the caller's raster and outline. Threads: one at a time. */
#ifndef LOOPSCOPE_UI_PAINTER_STROKE_H
#define LOOPSCOPE_UI_PAINTER_STROKE_H

#include "ui/painter_raster.h"

/* A growing list of places: a path under construction. */
typedef struct Places {
    Point *items;
    size_t count, cap;
} Places;

typedef struct Pen {
    Raster *raster;
    Outline *outline; /* scratch, as is the next */
    Places *scratch;
    Color color;
    float width_px;
    float dash_on_px, dash_off_px; /* off 0: solid */
    bool round_caps;
} Pen;

void places_add(Places *places, float x, float y);
void places_add_arc(Places *places, float x, float y, float radius_px, float from, float to);

/* Strokes a polyline; `closed` joins its ends, and dashes are stretched a little so that whole ones
 * fit around it. Parts far outside the clip cost nothing. */
void pen_stroke(const Pen *pen, const Point *points, size_t count, bool closed);

#endif
