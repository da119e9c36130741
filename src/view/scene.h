/* The scene: a list of things to draw, in order, and the places that can be clicked. Pure data.
 *
 * A frame is a list of commands with text metrics handed in (after microui): view/ makes it, ui/
 * paints it, tests compare it as text, exports interpolate it. Coordinates are pixels of the
 * target, floats, y down. Angles are degrees clockwise from 12 o'clock. Nothing is ever dropped
 * silently: the lists grow.
 *
 * Ownership: scene_finish frees; scene_clear keeps the memory for the next frame. Threads: one. */
#ifndef LOOPSCOPE_VIEW_SCENE_H
#define LOOPSCOPE_VIEW_SCENE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Color {
    uint8_t r, g, b, a; /* not premultiplied; a 0: nothing is drawn */
} Color;

typedef struct Rect {
    float x, y, w, h;
} Rect;

typedef struct Point {
    float x, y;
} Point;

typedef enum Font { /* Inter in four weights, JetBrains Mono in three (no ligatures) */
                    FONT_REGULAR,
                    FONT_MEDIUM,
                    FONT_SEMIBOLD,
                    FONT_BOLD,
                    FONT_MONO,
                    FONT_MONO_MEDIUM,
                    FONT_MONO_BOLD,
                    FONT_COUNT
} Font;

typedef enum Align { ALIGN_LEFT, ALIGN_MIDDLE, ALIGN_RIGHT } Align;

typedef enum DrawKind {
    DRAW_RECT,     /* rect, radius; fill and stroke (centred on the edge) */
    DRAW_CIRCLE,   /* rect.x, rect.y centre; radius; fill and stroke */
    DRAW_ARC,      /* centre, radius, from/to degrees; stroke */
    DRAW_PIE,      /* centre, radius, from/to degrees; fill */
    DRAW_POLYGON,  /* points, closed; fill and stroke, round joins */
    DRAW_POLYLINE, /* points; stroke, round joins */
    DRAW_TEXT,     /* rect.x by align, rect.y the middle of the capitals; rect.w the width drawn */
    DRAW_HATCH,    /* rect; 45-degree lines of stroke every `radius` px, clipped to the rect */
    DRAW_CLIP,     /* rect: what follows is clipped to it (and to the clips around it) */
    DRAW_UNCLIP,
} DrawKind;

typedef struct Draw {
    DrawKind kind;
    uint64_t id; /* of the thing that it is a part of; 0 for background (see scene_id) */
    Rect rect;
    float radius;
    float from_deg, to_deg;
    Color fill, stroke; /* DRAW_TEXT: fill is the ink */
    float stroke_px;
    float dash_on_px, dash_off_px; /* 0: solid */
    bool round_caps;
    uint8_t font, align;
    float size_px;         /* DRAW_TEXT: the em size */
    uint32_t first, count; /* points, or bytes of text */
} Draw;

/* A place that answers the pointer. Later ones lie on top. */
typedef struct Hit {
    Rect rect;
    uint32_t action; /* an Action (view/action.h) */
    int64_t argument;
    uint8_t rank; /* of the panel, in the order in which one reads */
    char tip[64]; /* tooltip with its key; "" for none */
} Hit;

/* Where a text is drawn that had to be cut, and all of it. */
typedef struct Whole {
    Rect rect;
    uint32_t first, count; /* bytes of the scene's text */
    size_t hit_count;      /* hits that lie below it */
} Whole;

typedef struct Scene {
    Draw *draws;
    size_t draw_count, draw_cap;
    Point *points;
    size_t point_count, point_cap;
    char *text;
    size_t text_size_bytes, text_cap;
    Hit *hits;
    size_t hit_count, hit_cap;
    Whole *wholes;
    size_t whole_count, whole_cap;
    uint64_t current_id;
    uint8_t current_rank; /* of what is hit from now on */
    float opacity;        /* multiplies alpha of what is added; 1 by default */
    int width_px, height_px;
} Scene;

void scene_finish(Scene *scene);
void scene_clear(Scene *scene, int width_px, int height_px);

void scene_id(Scene *scene, uint64_t id); /* of what is added from now on */

/* How a shape is drawn. {0} draws nothing; set what is wanted. */
typedef struct Style {
    Color fill, stroke;
    float stroke_px;
    float dash_on_px, dash_off_px;
    bool round_caps;
} Style;

void scene_rect(Scene *scene, Rect rect, float radius_px, Style style);
void scene_circle(Scene *scene, float x, float y, float radius_px, Style style);
void scene_arc(Scene *scene, float x, float y, float radius_px, float from_deg, float to_deg,
               Style style);
void scene_pie(Scene *scene, float x, float y, float radius_px, float from_deg, float to_deg,
               Color fill);
void scene_polygon(Scene *scene, const Point *points, size_t count, Style style);
void scene_polyline(Scene *scene, const Point *points, size_t count, Style style);
void scene_line(Scene *scene, float x1, float y1, float x2, float y2, Style style);
void scene_hatch(Scene *scene, Rect rect, float step_px, Color color, float stroke_px);
void scene_clip(Scene *scene, Rect rect);
void scene_unclip(Scene *scene);
void scene_hit(Scene *scene, Rect rect, uint32_t action, int64_t argument, const char *tip);

/* The top hit at a point, or NULL. */
const Hit *scene_hit_at(const Scene *scene, float x, float y);

void scene_whole(Scene *scene, Rect rect, const char *text);

/* The cut text at a point, or NULL; later hits that do nothing, or are of the whole window,
 * are the ground of what covers it. */
const Whole *scene_whole_at(const Scene *scene, float x, float y);

/* A path for curves: flattened as it is built, then stroked with scene_polyline. */
enum { PATH_POINTS_MAX = 256 };
typedef struct Path {
    Point points[PATH_POINTS_MAX];
    size_t count;
} Path;
void path_move(Path *path, float x, float y); /* begins anew */
void path_line(Path *path, float x, float y);
void path_quad(Path *path, float cx, float cy, float x, float y);
void path_cubic(Path *path, float c1x, float c1y, float c2x, float c2y, float x, float y);
float path_length(const Path *path);
Point path_at(const Path *path, float share);               /* 0..1 of its length */
void path_prefix(const Path *path, float share, Path *out); /* its first part */

/* Text metrics are handed in: the widths that the painter will draw, in px. */
typedef struct Metrics {
    void *context;
    float (*width)(void *context, Font font, float size_px, const char *text, size_t size_bytes);
} Metrics;

/* Text. y is the middle of the capitals, so labels centre in rows. Returns the width. */
float scene_text(Scene *scene, const Metrics *metrics, Font font, float size_px, Color ink, float x,
                 float y, Align align, const char *text);
float scene_text_n(Scene *scene, const Metrics *metrics, Font font, float size_px, Color ink,
                   float x, float y, Align align, const char *text, size_t size_bytes);

/* The same, cut with an ellipsis so that it is at most max_px wide. */
float scene_text_fit(Scene *scene, const Metrics *metrics, Font font, float size_px, Color ink,
                     float x, float y, Align align, float max_px, const char *text);

float metrics_width(const Metrics *metrics, Font font, float size_px, const char *text);

/* Breaks `text` at spaces into lines of at most max_px; fills starts and lengths (bytes), at most
 * cap; returns how many lines it takes. */
size_t metrics_wrap(const Metrics *metrics, Font font, float size_px, float max_px,
                    const char *text, size_t *starts, size_t *lengths, size_t cap);

/* A line a thing, rounded to a tenth of a pixel: for golden scenes. */
void scene_dump(const Scene *scene, Buf *out);

/* Small geometry. */
Rect rect_between(Rect from, Rect to, float share);
bool rect_contains(Rect rect, float x, float y);
Color color_mix(Color from, Color to, float share);
Color color_fade(Color color, float opacity);

#endif
