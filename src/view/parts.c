#include "view/parts.h"

#include "base/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEGREES (3.14159265358979f / 180)

/* ---- text ---- */

float canvas_text(const Canvas *canvas, Font font, float size_u, Color ink, float x, float y,
                  Align align, const char *text) {
    return scene_text(canvas->scene, canvas->metrics, font, size_u * canvas->u * canvas->text_scale,
                      ink, x, y, align, text);
}

float canvas_text_fit(const Canvas *canvas, Font font, float size_u, Color ink, float x, float y,
                      Align align, float max_px, const char *text) {
    return scene_text_fit(canvas->scene, canvas->metrics, font,
                          size_u * canvas->u * canvas->text_scale, ink, x, y, align, max_px, text);
}

float canvas_width(const Canvas *canvas, Font font, float size_u, const char *text) {
    return metrics_width(canvas->metrics, font, size_u * canvas->u * canvas->text_scale, text);
}

/* Names of many differ in the number at their end: "wor…-4711" says more than "worker-4…". */
static const char *name_shorten(const Canvas *canvas, Font font, float size_u, float max_px,
                                const char *name, char out[64]) {
    enum { TAIL_MAX = 12, OUT_MAX = 64 };
    const size_t length = strlen(name);
    size_t tail = length;
    while (tail > 0 && name[tail - 1] >= '0' && name[tail - 1] <= '9') {
        tail--;
    }
    tail -= tail > 0 && tail < length && name[tail - 1] == '-';
    if (tail == 0 || tail == length || length - tail > TAIL_MAX) {
        return name;
    }
    size_t head = tail < OUT_MAX - TAIL_MAX - 4 ? tail : OUT_MAX - TAIL_MAX - 4;
    while (head > 1) {
        head--;
        while (head > 1 && ((unsigned char)name[head] & 0xC0) == 0x80) {
            head--; /* between code points */
        }
        (void)snprintf(out, OUT_MAX, "%.*s…%s", (int)head, name, name + tail);
        if (canvas_width(canvas, font, size_u, out) <= max_px) {
            return out;
        }
    }
    return name;
}

float canvas_name_fit(const Canvas *canvas, Font font, float size_u, Color ink, float x, float y,
                      Align align, float max_px, const char *name) {
    const float least_u = TEXT_SMALLEST_U / canvas->text_scale;
    float size = size_u;
    while (size > least_u && canvas_width(canvas, font, size, name) > max_px) {
        size = fmaxf(size - 0.5f, least_u);
    }
    if (canvas_width(canvas, font, size, name) <= max_px) {
        return canvas_text(canvas, font, size, ink, x, y, align, name);
    }
    char shorter[64];
    const float px = size * canvas->u * canvas->text_scale;
    const float width = canvas_text_fit(canvas, font, size, ink, x, y, align, max_px,
                                        name_shorten(canvas, font, size, max_px, name, shorter));
    const float left = align == ALIGN_LEFT ? x : align == ALIGN_RIGHT ? x - width : x - width / 2;
    scene_whole(canvas->scene, (Rect){left, y - px * 0.7f, width, px * 1.4f}, name);
    return width;
}

float canvas_line_size(const Canvas *canvas, float height_px, float size_u) {
    return fminf(size_u, 0.78f * height_px / (canvas->u * canvas->text_scale));
}

/* ---- identities ---- */

/* In a run of more tasks than a class can follow, a letter would say nothing: there only those
 * that are followed stand out, or the one that is selected. */
enum { LETTERED_TASKS_MAX = 100 };

int identity_of(const Canvas *canvas, uint32_t task) {
    if (task == EVENT_NONE || canvas->doc == NULL) {
        return -1;
    }
    const ViewInput *input = canvas->input;
    const uint32_t tasks = timeline_task_count(canvas->doc->timeline);
    if (tasks > IDENTITY_COUNT && input != NULL && input->followed_count > 0) {
        for (size_t i = 0; i < input->followed_count; i++) {
            if (input->followed[i] == task) {
                return (int)i;
            }
        }
        return -1;
    }
    if (tasks <= LETTERED_TASKS_MAX) {
        return task < IDENTITY_COUNT ? (int)task : -1;
    }
    return canvas->input && canvas->input->selected == task ? 0 : -1;
}

Color identity_color(const Canvas *canvas, uint32_t task) {
    const int identity = identity_of(canvas, task);
    return identity < 0 ? canvas->theme->ink2 : canvas->theme->identity[identity];
}

static Point polar(float x, float y, float radius, float degrees) {
    const float angle = (degrees - 90) * DEGREES;
    return (Point){x + radius * cosf(angle), y + radius * sinf(angle)};
}

static void regular_polygon(Scene *scene, float x, float y, float radius, int corners,
                            float turn_deg, Style style) {
    Point points[8];
    for (int i = 0; i < corners; i++) {
        points[i] = polar(x, y, radius, turn_deg + (float)i * 360 / (float)corners);
    }
    scene_polygon(scene, points, (size_t)corners, style);
}

static void star(Scene *scene, float x, float y, float radius, Style style) {
    Point points[16];
    for (int i = 0; i < 16; i++) {
        points[i] = polar(x, y, radius * (i % 2 ? 0.94f : 1.2f), (float)i * 22.5f);
    }
    scene_polygon(scene, points, 16, style);
}

static void identity_shape(Scene *scene, int identity, float x, float y, float r, Style style) {
    switch (identity) {
    case 0:
        scene_circle(scene, x, y, r, style);
        break;
    case 1:
        scene_rect(scene, (Rect){x - r * 0.9f, y - r * 0.9f, r * 1.8f, r * 1.8f}, r * 0.28f, style);
        break;
    case 2:
        regular_polygon(scene, x, y, r * 1.2f, 4, 0, style);
        break;
    case 3:
        regular_polygon(scene, x, y, r * 1.1f, 6, 30, style);
        break;
    case 4:
        scene_polygon(scene,
                      (Point[]){{x, y - r * 1.2f},
                                {x + r * 1.2f, y + r * 0.95f},
                                {x - r * 1.2f, y + r * 0.95f}},
                      3, style);
        break;
    case 5:
        regular_polygon(scene, x, y, r * 1.14f, 5, 0, style);
        break;
    case 6:
        star(scene, x, y, r, style);
        break;
    case 7:
        scene_rect(scene, (Rect){x - r * 1.12f, y - r * 0.76f, r * 2.24f, r * 1.52f}, r * 0.76f,
                   style);
        break;
    default:
        scene_rect(scene, (Rect){x - r * 1.1f, y - r * 0.85f, r * 2.2f, r * 1.7f}, r * 0.42f,
                   style);
    }
}

void badge_draw_identity(const Canvas *canvas, int identity, float x, float y, float radius_px,
                         BadgeLook look, Color ground) {
    const Color color = identity < 0 ? canvas->theme->ink2 : canvas->theme->identity[identity];
    const bool filled = look == BADGE_FILLED;
    const char letter[2] = {identity < 0 ? '#' : (char)('A' + identity), 0};
    if (filled) {
        identity_shape(canvas->scene, identity, x, y, radius_px, (Style){.fill = color});
    } else {
        const float stroke = fmaxf(radius_px * 0.125f, 1.5f * canvas->u);
        identity_shape(canvas->scene, identity, x, y, radius_px - stroke / 2,
                       (Style){.fill = ground, .stroke = color, .stroke_px = stroke});
    }
    const float drop = identity == 4 ? radius_px * 0.25f : 0; /* a triangle's middle lies low */
    scene_text(canvas->scene, canvas->metrics, FONT_BOLD, radius_px * (filled ? 1.08f : 1.02f),
               filled ? canvas->theme->on_identity : color_mix(color, canvas->theme->ink, 0.15f), x,
               y + drop, ALIGN_MIDDLE, letter);
}

void badge_draw(const Canvas *canvas, uint32_t task, float x, float y, float radius_px,
                BadgeLook look, Color ground) {
    badge_draw_identity(canvas, identity_of(canvas, task), x, y, radius_px, look, ground);
}

/* ---- titles ---- */

void task_hit(const Canvas *canvas, Rect rect, uint32_t task) {
    task_hit_told(canvas, rect, task, "Why? What this task does");
}

void task_hit_told(const Canvas *canvas, Rect rect, uint32_t task, const char *what) {
    const TimePane *pane = canvas->input->pane;
    if (pane != NULL) {
        scene_hit(canvas->scene, rect, ACTION_SELECT_TASK,
                  task | (int64_t)pane->lower << PANE_RUN_SHIFT, "This task in both runs (N)");
        return;
    }
    const int identity = identity_of(canvas, task);
    char tip[64];
    (void)snprintf(tip, sizeof tip, "%.54s (%s%c)", what, identity < 0 ? "" : "⇧",
                   identity < 0 ? 'N' : 'A' + identity);
    scene_hit(canvas->scene, rect, ACTION_SELECT_TASK, task, tip);
}

void title_draw(const Canvas *canvas, float x, float y, float right, const char *title,
                int64_t count, const char *hint, Color ink, Color pill) {
    const float u = canvas->u;
    float end = x + canvas_text(canvas, FONT_SEMIBOLD, 16, ink, x, y, ALIGN_LEFT, title);
    if (count >= 0) {
        char number[FORMAT_MAX];
        format_count(number, (uint64_t)count);
        const float width = canvas_width(canvas, FONT_SEMIBOLD, 14, number) + 16 * u;
        const float height = 22 * u * fminf(canvas->text_scale, 1.18f);
        scene_rect(canvas->scene, (Rect){end + 10 * u, y - height / 2, width, height}, height / 2,
                   (Style){.fill = pill});
        canvas_text(canvas, FONT_SEMIBOLD, 14, ink, end + 10 * u + width / 2, y, ALIGN_MIDDLE,
                    number);
        end += 10 * u + width;
    }
    if (hint == NULL || canvas->text_scale > 1) {
        return;
    }
    const Theme *theme = canvas->theme;
    const bool kernel_side = memcmp(&ink, &theme->kernel_ink, sizeof ink) == 0;
    const Color hint_ink = kernel_side ? ink : theme->ink3;
    const float start = end + 12 * u;
    if (right <= 0) {
        canvas_text(canvas, FONT_REGULAR, 13.5f, hint_ink, start, y, ALIGN_LEFT, hint);
    } else if (canvas_width(canvas, FONT_REGULAR, 13.5f, hint) <= right - start) {
        canvas_text(canvas, FONT_REGULAR, 13.5f, hint_ink, right, y, ALIGN_RIGHT, hint);
    }
}

/* ---- small marks ---- */

void arrow_draw(const Canvas *canvas, float x, float y, float radius_px, float direction_deg,
                Color fill) {
    const Point points[3] = {polar(x, y, radius_px, direction_deg),
                             polar(x, y, radius_px, direction_deg + 130),
                             polar(x, y, radius_px, direction_deg - 130)};
    scene_polygon(canvas->scene, points, 3, (Style){.fill = fill});
}

void chevron_draw(const Canvas *canvas, float x, float y, float radius_px, bool right, Color ink) {
    const float half = (right ? 0.5f : -0.5f) * radius_px;
    const Point points[3] = {{x - half, y - radius_px}, {x + half, y}, {x - half, y + radius_px}};
    scene_polyline(canvas->scene, points, 3,
                   (Style){.stroke = ink, .stroke_px = 2 * canvas->u, .round_caps = true});
}

void check_draw(const Canvas *canvas, float x, float y, float size_px, Color ink, float stroke_px) {
    const float s = size_px;
    const Point points[3] = {
        {x - s, y}, {x - s * 0.3f, y + s * 0.8f}, {x + s * 1.1f, y - s * 0.8f}};
    scene_polyline(canvas->scene, points, 3,
                   (Style){.stroke = ink, .stroke_px = stroke_px, .round_caps = true});
}

void cross_draw(const Canvas *canvas, float x, float y, float size_px, Color ink, float stroke_px) {
    const Style style = {.stroke = ink, .stroke_px = stroke_px, .round_caps = true};
    scene_line(canvas->scene, x - size_px, y - size_px, x + size_px, y + size_px, style);
    scene_line(canvas->scene, x - size_px, y + size_px, x + size_px, y - size_px, style);
}
