#include "view/scene.h"

#include "base/assert.h"
#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void scene_finish(Scene *scene) {
    free(scene->draws);
    free(scene->points);
    free(scene->text);
    free(scene->hits);
    free(scene->wholes);
    *scene = (Scene){0};
}

void scene_clear(Scene *scene, int width_px, int height_px) {
    ASSERT(width_px > 0 && height_px > 0);
    scene->draw_count = 0;
    scene->point_count = 0;
    scene->text_size_bytes = 0;
    scene->hit_count = 0;
    scene->whole_count = 0;
    scene->current_id = 0;
    scene->opacity = 1.0f;
    scene->width_px = width_px;
    scene->height_px = height_px;
}

void scene_id(Scene *scene, uint64_t id) {
    scene->current_id = id;
}

static Color faded(const Scene *scene, Color color) {
    return scene->opacity >= 1.0f ? color : color_fade(color, scene->opacity);
}

static Draw *scene_add(Scene *scene, DrawKind kind) {
    scene->draws =
        mem_grow(scene->draws, &scene->draw_cap, scene->draw_count + 1, sizeof *scene->draws);
    Draw *draw = &scene->draws[scene->draw_count++];
    *draw = (Draw){.kind = kind, .id = scene->current_id};
    return draw;
}

/* Clear paint is no draw: panels hand in {0} where they want nothing. */
static bool style_shows(const Scene *scene, const Style *style) {
    const bool strokes = style->stroke.a > 0 && style->stroke_px > 0;
    return (style->fill.a > 0 || strokes) && scene->opacity > 0;
}

static void draw_style(const Scene *scene, Draw *draw, const Style *style) {
    draw->fill = faded(scene, style->fill);
    draw->stroke = style->stroke_px > 0 ? faded(scene, style->stroke) : (Color){0};
    draw->stroke_px = draw->stroke.a > 0 ? style->stroke_px : 0;
    draw->dash_on_px = style->dash_on_px;
    draw->dash_off_px = style->dash_off_px;
    draw->round_caps = style->round_caps;
}

void scene_rect(Scene *scene, Rect rect, float radius_px, Style style) {
    if (rect.w <= 0 || rect.h <= 0 || !style_shows(scene, &style)) {
        return;
    }
    Draw *draw = scene_add(scene, DRAW_RECT);
    draw->rect = rect;
    draw->radius = fminf(radius_px, fminf(rect.w, rect.h) / 2);
    draw_style(scene, draw, &style);
}

void scene_circle(Scene *scene, float x, float y, float radius_px, Style style) {
    if (radius_px <= 0 || !style_shows(scene, &style)) {
        return;
    }
    Draw *draw = scene_add(scene, DRAW_CIRCLE);
    draw->rect = (Rect){x, y, 0, 0};
    draw->radius = radius_px;
    draw_style(scene, draw, &style);
}

void scene_arc(Scene *scene, float x, float y, float radius_px, float from_deg, float to_deg,
               Style style) {
    style.fill = (Color){0};
    if (radius_px <= 0 || from_deg >= to_deg || !style_shows(scene, &style)) {
        return;
    }
    Draw *draw = scene_add(scene, DRAW_ARC);
    draw->rect = (Rect){x, y, 0, 0};
    draw->radius = radius_px;
    draw->from_deg = from_deg;
    draw->to_deg = to_deg;
    draw_style(scene, draw, &style);
}

void scene_pie(Scene *scene, float x, float y, float radius_px, float from_deg, float to_deg,
               Color fill) {
    if (radius_px <= 0 || from_deg >= to_deg || fill.a == 0 || scene->opacity <= 0) {
        return;
    }
    Draw *draw = scene_add(scene, DRAW_PIE);
    draw->rect = (Rect){x, y, 0, 0};
    draw->radius = radius_px;
    draw->from_deg = from_deg;
    draw->to_deg = to_deg;
    draw->fill = faded(scene, fill);
}

static void scene_points(Scene *scene, DrawKind kind, const Point *points, size_t count,
                         const Style *style) {
    scene->points =
        mem_grow(scene->points, &scene->point_cap, scene->point_count + count, sizeof *points);
    memcpy(scene->points + scene->point_count, points, count * sizeof *points);
    float left = points[0].x, right = left, top = points[0].y, bottom = top;
    for (size_t i = 1; i < count; i++) {
        left = fminf(left, points[i].x);
        right = fmaxf(right, points[i].x);
        top = fminf(top, points[i].y);
        bottom = fmaxf(bottom, points[i].y);
    }
    Draw *draw = scene_add(scene, kind);
    draw->rect = (Rect){left, top, right - left, bottom - top};
    draw->first = (uint32_t)scene->point_count;
    draw->count = (uint32_t)count;
    scene->point_count += count;
    draw_style(scene, draw, style);
}

void scene_polygon(Scene *scene, const Point *points, size_t count, Style style) {
    if (count >= 3 && style_shows(scene, &style)) {
        scene_points(scene, DRAW_POLYGON, points, count, &style);
    }
}

void scene_polyline(Scene *scene, const Point *points, size_t count, Style style) {
    style.fill = (Color){0};
    if (count >= 2 && style_shows(scene, &style)) {
        scene_points(scene, DRAW_POLYLINE, points, count, &style);
    }
}

void scene_line(Scene *scene, float x1, float y1, float x2, float y2, Style style) {
    scene_polyline(scene, (Point[]){{x1, y1}, {x2, y2}}, 2, style);
}

void scene_hatch(Scene *scene, Rect rect, float step_px, Color color, float stroke_px) {
    ASSERT(step_px > 0);
    if (rect.w <= 0 || rect.h <= 0 || color.a == 0 || stroke_px <= 0 || scene->opacity <= 0) {
        return;
    }
    Draw *draw = scene_add(scene, DRAW_HATCH);
    draw->rect = rect;
    draw->radius = step_px;
    draw->stroke = faded(scene, color);
    draw->stroke_px = stroke_px;
}

void scene_clip(Scene *scene, Rect rect) {
    scene_add(scene, DRAW_CLIP)->rect = rect;
}

void scene_unclip(Scene *scene) {
    scene_add(scene, DRAW_UNCLIP);
}

void scene_hit(Scene *scene, Rect rect, uint32_t action, int64_t argument, const char *tip) {
    scene->hits = mem_grow(scene->hits, &scene->hit_cap, scene->hit_count + 1, sizeof *scene->hits);
    Hit *hit = &scene->hits[scene->hit_count++];
    *hit = (Hit){.rect = rect, .action = action, .argument = argument, .rank = scene->current_rank};
    (void)snprintf(hit->tip, sizeof hit->tip, "%s", tip ? tip : "");
}

const Hit *scene_hit_at(const Scene *scene, float x, float y) {
    for (size_t i = scene->hit_count; i > 0; i--) {
        if (rect_contains(scene->hits[i - 1].rect, x, y)) {
            return &scene->hits[i - 1];
        }
    }
    return NULL;
}

void scene_whole(Scene *scene, Rect rect, const char *text) {
    const size_t size_bytes = strlen(text);
    if (scene->opacity <= 0) {
        return;
    }
    scene->text = mem_grow(scene->text, &scene->text_cap, scene->text_size_bytes + size_bytes, 1);
    memcpy(scene->text + scene->text_size_bytes, text, size_bytes);
    scene->wholes =
        mem_grow(scene->wholes, &scene->whole_cap, scene->whole_count + 1, sizeof *scene->wholes);
    scene->wholes[scene->whole_count++] = (Whole){.rect = rect,
                                                  .first = (uint32_t)scene->text_size_bytes,
                                                  .count = (uint32_t)size_bytes,
                                                  .hit_count = scene->hit_count};
    scene->text_size_bytes += size_bytes;
}

const Whole *scene_whole_at(const Scene *scene, float x, float y) {
    for (size_t i = scene->whole_count; i > 0; i--) {
        const Whole *whole = &scene->wholes[i - 1];
        bool shown = rect_contains(whole->rect, x, y);
        for (size_t k = whole->hit_count; shown && k < scene->hit_count; k++) {
            const Hit *hit = &scene->hits[k];
            const bool ground =
                (hit->action == 0 && hit->tip[0] == '\0') || hit->rect.w >= (float)scene->width_px;
            shown = !ground || !rect_contains(hit->rect, x, y);
        }
        if (shown) {
            return whole;
        }
    }
    return NULL;
}

float scene_text_n(Scene *scene, const Metrics *metrics, Font font, float size_px, Color ink,
                   float x, float y, Align align, const char *text, size_t size_bytes) {
    if (size_bytes == 0) {
        return 0;
    }
    const float width = metrics->width(metrics->context, font, size_px, text, size_bytes);
    if (ink.a == 0 || scene->opacity <= 0) {
        return width;
    }
    scene->text = mem_grow(scene->text, &scene->text_cap, scene->text_size_bytes + size_bytes, 1);
    memcpy(scene->text + scene->text_size_bytes, text, size_bytes);
    Draw *draw = scene_add(scene, DRAW_TEXT);
    draw->rect = (Rect){x, y, width, size_px};
    draw->font = (uint8_t)font;
    draw->align = (uint8_t)align;
    draw->size_px = size_px;
    draw->fill = faded(scene, ink);
    draw->first = (uint32_t)scene->text_size_bytes;
    draw->count = (uint32_t)size_bytes;
    scene->text_size_bytes += size_bytes;
    return width;
}

float scene_text(Scene *scene, const Metrics *metrics, Font font, float size_px, Color ink, float x,
                 float y, Align align, const char *text) {
    return scene_text_n(scene, metrics, font, size_px, ink, x, y, align, text, strlen(text));
}

Rect rect_between(Rect from, Rect to, float share) {
    return (Rect){from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share,
                  from.w + (to.w - from.w) * share, from.h + (to.h - from.h) * share};
}

bool rect_contains(Rect rect, float x, float y) {
    return x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h;
}

static uint8_t byte_between(uint8_t from, uint8_t to, float share) {
    return (uint8_t)lroundf((float)from + ((float)to - (float)from) * share);
}

Color color_mix(Color from, Color to, float share) {
    return (Color){byte_between(from.r, to.r, share), byte_between(from.g, to.g, share),
                   byte_between(from.b, to.b, share), byte_between(from.a, to.a, share)};
}

Color color_fade(Color color, float opacity) {
    const float share = fminf(fmaxf(opacity, 0), 1);
    color.a = (uint8_t)lroundf((float)color.a * share);
    return color;
}
