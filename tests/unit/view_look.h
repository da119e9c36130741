/* Looking at scenes: invented text metrics, and questions that the view's tests ask of a scene. */
#ifndef LOOPSCOPE_TESTS_VIEW_LOOK_H
#define LOOPSCOPE_TESTS_VIEW_LOOK_H

#include "base/utf8.h"
#include "view/scene.h"

#include <stdio.h>
#include <string.h>

#define SCENE_UNUSED __attribute__((unused))

/* Widths near those of the real fonts: Inter is a little over half an em, JetBrains Mono 0.6. */
SCENE_UNUSED static float plain_width(void *context, Font font, float size_px, const char *text,
                                      size_t size_bytes) {
    (void)context;
    const float em = font >= FONT_MONO ? 0.6f : font >= FONT_SEMIBOLD ? 0.565f : 0.535f;
    return em * size_px * (float)utf8_count(text, size_bytes);
}

static const Metrics PLAIN_METRICS = {.width = plain_width};

SCENE_UNUSED static const char *draw_text(const Scene *scene, const Draw *draw, char out[512]) {
    snprintf(out, 512, "%.*s", (int)draw->count, scene->text + draw->first);
    return out;
}

/* The box of a text: its width, and about the height of its letters. */
SCENE_UNUSED static Rect text_box(const Draw *draw) {
    const float width = draw->rect.w, height = draw->size_px * 0.74f;
    const float x = draw->align == ALIGN_LEFT    ? draw->rect.x
                    : draw->align == ALIGN_RIGHT ? draw->rect.x - width
                                                 : draw->rect.x - width / 2;
    return (Rect){x, draw->rect.y - height / 2, width, height};
}

/* The n-th text that contains `part`, or NULL. */
SCENE_UNUSED static const Draw *find_text_n(const Scene *scene, const char *part, int n) {
    char text[512];
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (draw->kind == DRAW_TEXT && strstr(draw_text(scene, draw, text), part) != NULL &&
            n-- == 0) {
            return draw;
        }
    }
    return NULL;
}

SCENE_UNUSED static const Draw *find_text(const Scene *scene, const char *part) {
    return find_text_n(scene, part, 0);
}

SCENE_UNUSED static const Hit *find_hit(const Scene *scene, uint32_t action, int64_t argument) {
    for (size_t i = 0; i < scene->hit_count; i++) {
        if (scene->hits[i].action == action && scene->hits[i].argument == argument) {
            return &scene->hits[i];
        }
    }
    return NULL;
}

SCENE_UNUSED static bool rects_overlap(Rect a, Rect b) {
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

SCENE_UNUSED static bool rect_inside(Rect inner, Rect outer) {
    return inner.x >= outer.x - 0.5f && inner.y >= outer.y - 0.5f &&
           inner.x + inner.w <= outer.x + outer.w + 0.5f &&
           inner.y + inner.h <= outer.y + outer.h + 0.5f;
}

SCENE_UNUSED static bool same_color(Color a, Color b) {
    return a.r == b.r && a.g == b.g && a.b == b.b && a.a == b.a;
}

#endif
