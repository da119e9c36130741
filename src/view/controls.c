#include "view/controls.h"

#include <math.h>
#include <stdio.h>

void mark_draw(const Canvas *canvas, float x, float y, float radius_px, float stroke_px) {
    const Color ink = canvas->theme->ink;
    scene_arc(canvas->scene, x, y, radius_px, 50, 370,
              (Style){.stroke = ink, .stroke_px = stroke_px, .round_caps = true});
    arrow_draw(canvas, x + radius_px * 0.94f, y - radius_px * 0.61f, radius_px * 0.55f, 150, ink);
}

float keycap_draw(const Canvas *canvas, float x, float y, const char *key) {
    const float u = canvas->u * canvas->text_scale;
    const float width = fmaxf(24 * u, canvas_width(canvas, FONT_MEDIUM, 13, key) + 14 * u);
    scene_rect(canvas->scene, (Rect){x, y - 11 * u, width, 22 * u}, 5 * u,
               (Style){.stroke = canvas->theme->line2, .stroke_px = 1.25f * u});
    canvas_text(canvas, FONT_MEDIUM, 13, canvas->theme->ink2, x + width / 2, y, ALIGN_MIDDLE, key);
    return width;
}

void warning_draw(const Canvas *canvas, float x, float y, float radius_px, Color ground) {
    const Color danger = canvas->theme->danger;
    const float r = radius_px;
    const Point corners[3] = {
        {x, y - r}, {x + r * 1.05f, y + r * 0.85f}, {x - r * 1.05f, y + r * 0.85f}};
    scene_polygon(canvas->scene, corners, 3,
                  (Style){.fill = danger, .stroke = danger, .stroke_px = r * 0.25f});
    scene_text(canvas->scene, canvas->metrics, FONT_BOLD, r * 1.2f, ground, x, y + r * 0.22f,
               ALIGN_MIDDLE, "!");
}

void flag_draw(const Canvas *canvas, float x, float top, float height_px) {
    const Color ink = canvas->theme->ink;
    const float h = height_px;
    scene_line(canvas->scene, x, top, x, top + h, (Style){.stroke = ink, .stroke_px = h / 7});
    const Point cloth[3] = {{x, top}, {x + h * 0.8f, top + h * 0.3f}, {x, top + h * 0.6f}};
    scene_polygon(canvas->scene, cloth, 3, (Style){.fill = ink});
}

/* ---- buttons ---- */

static void bar(const Canvas *canvas, float x, float y, float width_u, Color ink) {
    const float u = canvas->u;
    scene_rect(canvas->scene, (Rect){x, y - 7 * u, width_u * u, 14 * u}, 0, (Style){.fill = ink});
}

static void icon_draw(const Canvas *canvas, ButtonIcon icon, float x, float y, Color ink) {
    const float u = canvas->u;
    switch (icon) {
    case ICON_NONE:
        break;
    case ICON_BACK:
        arrow_draw(canvas, x - u, y, 8 * u, 270, ink);
        bar(canvas, x + 7 * u, y, 2.5f, ink);
        break;
    case ICON_PLAY:
        arrow_draw(canvas, x - u, y, 9 * u, 90, ink);
        break;
    case ICON_PAUSE:
        bar(canvas, x - 6 * u, y, 5, ink);
        bar(canvas, x + 2 * u, y, 5, ink);
        break;
    case ICON_STEP:
        arrow_draw(canvas, x + u, y, 8 * u, 90, ink);
        bar(canvas, x - 9 * u, y, 2.5f, ink);
        break;
    case ICON_TURN:
        scene_arc(canvas->scene, x, y, 7 * u, 40, 330,
                  (Style){.stroke = ink, .stroke_px = 2.5f * u, .round_caps = true});
        arrow_draw(canvas, x + 4 * u, y - 6 * u, 5 * u, 120, ink);
        break;
    }
}

static bool key_shown(const Canvas *canvas, const Button *button) {
    return button->key[0] != '\0' && canvas->text_scale <= 1; /* hints go where text is large */
}

float button_width(const Canvas *canvas, const Button *button) {
    const float u = canvas->u;
    float width = (button->icon == ICON_NONE ? 18 : 38) * u + 14 * u;
    width += canvas_width(canvas, FONT_SEMIBOLD, 15, button->label);
    if (key_shown(canvas, button)) {
        width += 16 * u + canvas_width(canvas, FONT_REGULAR, 13, button->key);
    }
    return fmaxf(width, button->min_px);
}

float button_draw(const Canvas *canvas, float x, float y, float height_px, const Button *button) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, width = button_width(canvas, button);
    const Rect rect = {x, y - height_px / 2, width, height_px};
    const float old_opacity = canvas->scene->opacity;
    if (button->disabled) {
        canvas->scene->opacity *= 0.4f;
    }
    scene_rect(canvas->scene, rect, 10 * u,
               button->primary ? (Style){.fill = theme->ink}
                               : (Style){.stroke = theme->line2, .stroke_px = u});
    const Color ink = button->primary ? theme->app : theme->ink;
    icon_draw(canvas, button->icon, x + 20 * u, y, ink);
    canvas_text(canvas, FONT_SEMIBOLD, 15, ink, x + (button->icon == ICON_NONE ? 18 : 38) * u, y,
                ALIGN_LEFT, button->label);
    if (key_shown(canvas, button)) {
        canvas_text(canvas, FONT_REGULAR, 13,
                    button->primary ? color_mix(theme->app, theme->ink, 0.25f) : theme->ink3,
                    x + width - 14 * u, y, ALIGN_RIGHT, button->key);
    }
    canvas->scene->opacity = old_opacity;
    if (!button->disabled) {
        const float grow = fmaxf(0, (36 * u - height_px) / 2);
        const Rect hit = {rect.x, rect.y - grow, rect.w, rect.h + 2 * grow};
        scene_hit(canvas->scene, hit, button->action, button->argument, button->tip);
    }
    return width;
}

/* ---- small helpers ---- */

float pieces_draw(const Canvas *canvas, float size_u, float x, float y, const TextPiece *pieces,
                  size_t count) {
    for (size_t i = 0; i < count; i++) {
        x += canvas_text(canvas, pieces[i].font, size_u, pieces[i].ink, x, y, ALIGN_LEFT,
                         pieces[i].text);
    }
    return x;
}

bool pointer_over(float pointer_x, float pointer_y, Rect rect) {
    return pointer_x >= 0 && rect_contains(rect, pointer_x, pointer_y);
}

void chosen_row_draw(const Canvas *canvas, Rect row, Color bar_ink) {
    scene_rect(canvas->scene, row, 0, (Style){.fill = canvas->theme->card});
    const float edge = canvas->layout->compact ? 3 * canvas->u : 0; /* of the drawer */
    scene_rect(canvas->scene, (Rect){row.x + edge, row.y, 4 * canvas->u, row.h}, 0,
               (Style){.fill = bar_ink});
}

/* A drawer's edge is seen, and its shadow tells that it lies over something. */
static void drawer_edge_draw(const Canvas *canvas, Rect box) {
    enum { SHADOW_LINES = 4 };
    const float u = canvas->u, step = 2 * u;
    for (int i = 1; i <= SHADOW_LINES; i++) {
        const Rect shade = {box.x - step * (float)i, box.y, step * (float)i, box.h};
        scene_rect(canvas->scene, shade, 0, (Style){.fill = {0, 0, 0, 28}});
    }
    scene_line(canvas->scene, box.x, box.y, box.x, box.y + box.h,
               (Style){.stroke = canvas->theme->line2, .stroke_px = 1.5f * u});
}

void side_draw(const Canvas *canvas, Rect box) {
    const float u = canvas->u;
    scene_rect(canvas->scene, box, 0, (Style){.fill = canvas->theme->panel});
    scene_hit(canvas->scene, box, ACTION_NONE, 0, "");
    if (canvas->layout->compact) {
        drawer_edge_draw(canvas, box);
    } else {
        scene_line(canvas->scene, box.x + box.w, box.y, box.x + box.w, box.y + box.h,
                   (Style){.stroke = canvas->theme->line, .stroke_px = u});
    }
}

void scrollbar_draw(const Canvas *canvas, Rect track, float first, float shown, float total) {
    if (shown >= total) {
        return;
    }
    const float height = fmaxf(track.h * shown / total, 16 * canvas->u);
    const float y = track.y + (track.h - height) * first / (total - shown);
    scene_rect(canvas->scene, (Rect){track.x, y, track.w, height}, track.w / 2,
               (Style){.fill = canvas->theme->line2});
}

void focus_draw(const Canvas *canvas, Focus focus) {
    const Hit *hit = focus_hit(canvas->scene, focus);
    if (hit == NULL) {
        return;
    }
    const float u = canvas->u, width = (float)canvas->scene->width_px,
                height = (float)canvas->scene->height_px;
    const float left = fmaxf(hit->rect.x - 3 * u, 2 * u), top = fmaxf(hit->rect.y - u, 2 * u);
    const float right = fminf(hit->rect.x + hit->rect.w + 3 * u, width - 2 * u);
    const float bottom = fminf(hit->rect.y + hit->rect.h + u, height - 2 * u);
    scene_rect(canvas->scene, (Rect){left, top, right - left, bottom - top}, 10 * u,
               (Style){.stroke = canvas->theme->thread, .stroke_px = 3 * u});
}

/* Up to the tallest card: what is larger is no control. */
static bool has_tip(const Canvas *canvas, const Hit *hit) {
    return hit != NULL && hit->tip[0] != '\0' && hit->rect.h <= 110 * canvas->u;
}

/* The words of a tip: a text that was cut, whole, and what a press does. */
typedef struct Tip {
    char words[512];
    Rect about;
    float x;
} Tip;

static bool tip_find(const Canvas *canvas, Focus focus, float x, float y, Tip *tip) {
    const Scene *scene = canvas->scene;
    const Hit *hit = x < 0 ? NULL : scene_hit_at(scene, x, y);
    const Whole *whole = x < 0 ? NULL : scene_whole_at(scene, x, y);
    if (!has_tip(canvas, hit) && whole == NULL) {
        hit = focus_hit(scene, focus);
        if (hit == NULL) {
            return false;
        }
        x = hit->rect.x + hit->rect.w / 2;
        for (size_t i = 0; i < scene->whole_count && whole == NULL; i++) {
            const Rect r = scene->wholes[i].rect;
            const float middle_x = r.x + r.w / 2, middle_y = r.y + r.h / 2;
            whole = rect_contains(hit->rect, middle_x, middle_y)
                        ? scene_whole_at(scene, middle_x, middle_y)
                        : NULL;
        }
    }
    const bool does = has_tip(canvas, hit);
    if (!does && whole == NULL) {
        return false;
    }
    tip->x = x;
    tip->about = does ? hit->rect : whole->rect;
    (void)snprintf(tip->words, sizeof tip->words, "%.*s%s%s", whole == NULL ? 0 : (int)whole->count,
                   whole == NULL ? "" : scene->text + whole->first,
                   whole != NULL && does ? "\n" : "", does ? hit->tip : "");
    return true;
}

void tip_draw(const Canvas *canvas, Focus focus, float pointer_x, float pointer_y) {
    enum { LINES_MAX = 8 };
    const Theme *theme = canvas->theme;
    const float u = canvas->u, px = 13 * u * canvas->text_scale,
                pitch = 18 * u * canvas->text_scale;
    const float window_w = (float)canvas->scene->width_px;
    Tip tip;
    if (!tip_find(canvas, focus, pointer_x, pointer_y, &tip)) {
        return;
    }
    size_t starts[LINES_MAX], lengths[LINES_MAX];
    size_t lines = metrics_wrap(canvas->metrics, FONT_REGULAR, px, window_w * 0.6f, tip.words,
                                starts, lengths, LINES_MAX);
    lines = lines < LINES_MAX ? lines : LINES_MAX;
    float width = 0;
    for (size_t i = 0; i < lines; i++) {
        width = fmaxf(width, canvas->metrics->width(canvas->metrics->context, FONT_REGULAR, px,
                                                    tip.words + starts[i], lengths[i]));
    }
    width += 20 * u;
    const float height = pitch * (float)lines + 10 * u * canvas->text_scale;
    const float x = fminf(fmaxf(tip.x - width / 2, 6 * u), window_w - width - 6 * u);
    const float below = tip.about.y + tip.about.h;
    const bool above = below + height + 8 * u > (float)canvas->scene->height_px;
    /* Over the edge of a tall card: what is told below it stays in sight. */
    const float gap = tip.about.h > 60 * u ? -6 * u : 4 * u;
    const float y = above ? tip.about.y - height - 4 * u : below + gap;
    scene_rect(canvas->scene, (Rect){x, y, width, height}, 6 * u,
               (Style){.fill = theme->card, .stroke = theme->line2, .stroke_px = u});
    for (size_t i = 0; i < lines; i++) {
        scene_text_n(canvas->scene, canvas->metrics, FONT_REGULAR, px, theme->ink, x + width / 2,
                     y + height / 2 + pitch * ((float)i - (float)(lines - 1) / 2), ALIGN_MIDDLE,
                     tip.words + starts[i], lengths[i]);
    }
}
