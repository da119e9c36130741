/* Fitting: strokes of rectangles and straight lines, and rounded fills, come to stand on whole
 * pixels, so that edges are sharp at every size of the window. Sizes and places are rounded apart,
 * so a thing that moves keeps its size. What carries data stays exact: the length of a line, the
 * width of a bar, rectangles without radius or stroke. Internal to ui/.
 *
 * Threads: any; no state. */
#ifndef LOOPSCOPE_UI_PAINTER_FIT_H
#define LOOPSCOPE_UI_PAINTER_FIT_H

#include "view/scene.h"

/* A stroked rectangle: the middle of its stroke, and the stroke's width. */
typedef struct FittedStroke {
    Rect middle;
    float stroke_px;
} FittedStroke;

FittedStroke fit_stroke(Rect rect, float stroke_px);

/* A rounded rectangle without a stroke. */
Rect fit_fill(Rect rect, float radius_px);

/* A line along an axis: moves both ends across it; returns the width. Others stay as they are. */
float fit_line(Point *from, Point *to, float stroke_px);

#endif
