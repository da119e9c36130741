/* A scene as text: a line a thing, so that a golden file's diff reads as what changed. */
#include "view/action.h"
#include "view/scene.h"

#include <math.h>

static const char *const KIND_WORDS[] = {"rect",     "circle", "arc",   "pie",  "polygon",
                                         "polyline", "text",   "hatch", "clip", "unclip"};
static const char *const FONT_WORDS[] = {"regular", "medium",      "semibold", "bold",
                                         "mono",    "mono-medium", "mono-bold"};
static const char *const ALIGN_WORDS[] = {"left", "middle", "right"};

/* A tenth of a pixel, without "-0.0". */
static double tenth(float value) {
    const double rounded = round((double)value * 10.0) / 10.0;
    return rounded == 0.0 ? 0.0 : rounded;
}

static void dump_color(Buf *out, const char *word, Color color) {
    if (color.a == 0) {
        return;
    }
    buf_printf(out, " %s %02x%02x%02x", word, color.r, color.g, color.b);
    if (color.a != 255) {
        buf_printf(out, "/%02x", color.a);
    }
}

static void dump_paint(Buf *out, const Draw *draw) {
    dump_color(out, "fill", draw->fill);
    dump_color(out, "stroke", draw->stroke);
    if (draw->stroke.a > 0) {
        buf_printf(out, " %.1f", tenth(draw->stroke_px));
    }
    if (draw->dash_on_px > 0) {
        buf_printf(out, " dash %.1f %.1f", tenth(draw->dash_on_px), tenth(draw->dash_off_px));
    }
    if (draw->round_caps) {
        buf_append_text(out, " round");
    }
}

static void dump_shape(const Scene *scene, const Draw *draw, Buf *out) {
    const Rect r = draw->rect;
    switch (draw->kind) {
    case DRAW_RECT:
    case DRAW_HATCH:
    case DRAW_CLIP:
        buf_printf(out, " %.1f %.1f %.1f %.1f", tenth(r.x), tenth(r.y), tenth(r.w), tenth(r.h));
        if (draw->radius > 0) {
            buf_printf(out, " r %.1f", tenth(draw->radius));
        }
        break;
    case DRAW_CIRCLE:
        buf_printf(out, " %.1f %.1f r %.1f", tenth(r.x), tenth(r.y), tenth(draw->radius));
        break;
    case DRAW_ARC:
    case DRAW_PIE:
        buf_printf(out, " %.1f %.1f r %.1f from %.1f to %.1f", tenth(r.x), tenth(r.y),
                   tenth(draw->radius), tenth(draw->from_deg), tenth(draw->to_deg));
        break;
    case DRAW_POLYGON:
    case DRAW_POLYLINE:
        for (uint32_t i = 0; i < draw->count; i++) {
            const Point point = scene->points[draw->first + i];
            buf_printf(out, " %.1f,%.1f", tenth(point.x), tenth(point.y));
        }
        break;
    case DRAW_TEXT:
        buf_printf(out, " %.1f %.1f %s %s %.1f ", tenth(r.x), tenth(r.y), ALIGN_WORDS[draw->align],
                   FONT_WORDS[draw->font], tenth(draw->size_px));
        buf_append_json(out, scene->text + draw->first, draw->count);
        break;
    case DRAW_UNCLIP:
        break;
    }
}

void scene_dump(const Scene *scene, Buf *out) {
    buf_printf(out, "scene %d %d\n", scene->width_px, scene->height_px);
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        buf_append_text(out, KIND_WORDS[draw->kind]);
        if (draw->id != 0) {
            buf_printf(out, " #%llx", (unsigned long long)draw->id);
        }
        dump_shape(scene, draw, out);
        dump_paint(out, draw);
        buf_append_char(out, '\n');
    }
    for (size_t i = 0; i < scene->hit_count; i++) {
        const Hit *hit = &scene->hits[i];
        buf_printf(out, "hit %.1f %.1f %.1f %.1f %s %lld ", tenth(hit->rect.x), tenth(hit->rect.y),
                   tenth(hit->rect.w), tenth(hit->rect.h), action_name((Action)hit->action),
                   (long long)hit->argument);
        buf_printf(out, "\"%s\"\n", hit->tip);
    }
    for (size_t i = 0; i < scene->whole_count; i++) {
        const Whole *whole = &scene->wholes[i];
        const Rect r = whole->rect;
        buf_printf(out, "whole %.0f %.0f %.0f %.0f \"%.*s\"\n", (double)r.x, (double)r.y,
                   (double)r.w, (double)r.h, (int)whole->count, scene->text + whole->first);
    }
}
