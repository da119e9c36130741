/* Outlines: closed contours of straight lines, ready for FreeType's rasteriser. Curves are
 * flattened as they are added, finer than the eye (and the 1/64 px of the coordinates) can tell.
 * Internal to ui/.
 *
 * Ownership: outline_finish frees; a zeroed Outline is empty. Threads: one at a time. */
#ifndef LOOPSCOPE_UI_PAINTER_OUTLINE_H
#define LOOPSCOPE_UI_PAINTER_OUTLINE_H

#include "view/scene.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

enum { OUTLINE_POINTS_MAX = 32000, OUTLINE_COORDINATE_MAX = 16384 };

typedef struct Outline {
    FT_Vector *points;
    size_t count, cap;
    char *tags; /* FreeType's, one a point: all lie on the contour */
    size_t tag_cap;
    short *ends; /* index of each contour's last point */
    size_t contour_count, contour_cap;
} Outline;

void outline_finish(Outline *outline);
void outline_clear(Outline *outline);

/* Adds a point to the contour under construction; equal neighbours become one. */
void outline_point(Outline *outline, float x, float y);

/* Ends the contour; one of fewer than three points encloses nothing and vanishes. */
void outline_close(Outline *outline);

/* Points of an arc, both ends included; angles in radians, 0 at 3 o'clock, growing clockwise. */
void outline_arc(Outline *outline, float x, float y, float radius_px, float from, float to);

/* Whole contours. `hole`: in the opposite direction. */
void outline_rect(Outline *outline, Rect rect, float radius_px, bool hole);
void outline_circle(Outline *outline, float x, float y, float radius_px, bool hole);

/* The band along an arc, with round or flat ends. */
void outline_arc_band(Outline *outline, float x, float y, float radius_px, float from, float to,
                      float width_px, bool round_caps);

/* The band along a polyline, with round joins. A closed one joins its ends. Equal neighbours are
 * skipped; a polyline of one place is a dot where caps are round, else nothing. */
void outline_band(Outline *outline, const Point *points, size_t count, bool closed, float width_px,
                  bool round_caps);

#endif
