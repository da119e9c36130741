#include "ui/icon.h"

#include "base/mem.h"
#include "ui/painter.h"

#include <math.h>
#include <stdlib.h>

/* Proportions of a tile of 48: the ring's are the top bar's mark, twice as large. */
static void icon_scene(Scene *scene, int size_px, Color ground) {
    const float u = (float)size_px / 48;
    const Color tile = {0x17, 0x1C, 0x23, 0xFF}, ink = {0xF3, 0xF5, 0xF8, 0xFF};
    const float x = 24 * u, y = 25 * u, radius = 12.5F * u;
    scene_clear(scene, size_px, size_px);
    scene_rect(scene, (Rect){0, 0, (float)size_px, (float)size_px}, 0, (Style){.fill = ground});
    scene_rect(scene, (Rect){u, u, 46 * u, 46 * u}, 11 * u, (Style){.fill = tile});
    scene_arc(scene, x, y, radius, 50, 370,
              (Style){.stroke = ink, .stroke_px = 4.2F * u, .round_caps = true});
    Point head[3];
    for (int i = 0; i < 3; i++) {
        const float turn = (150 + 130 * (float)(i == 2 ? -1 : i) - 90) * 3.14159265F / 180;
        head[i] = (Point){x + 11.8F * u + 7 * u * cosf(turn), y - 7.6F * u + 7 * u * sinf(turn)};
    }
    scene_polygon(scene, head, 3, (Style){.fill = ink});
}

static uint32_t channel(uint32_t pixel, int shift) {
    return (pixel >> shift) & 0xFF;
}

/* The painter's pixels are opaque. What lets a black and a white ground through is the coverage. */
static uint32_t unmix(uint32_t on_black, uint32_t on_white) {
    const uint32_t alpha = 255 - (channel(on_white, 8) - channel(on_black, 8));
    uint32_t pixel = alpha << 24;
    for (int shift = 0; shift <= 16 && alpha > 0; shift += 8) {
        const uint32_t value = (channel(on_black, shift) * 255 + alpha / 2) / alpha;
        pixel |= (value > 255 ? 255 : value) << shift;
    }
    return pixel;
}

void icon_draw(uint32_t *out, int size_px) {
    const size_t count = (size_t)size_px * (size_t)size_px;
    Painter *painter = painter_create_plain();
    Scene scene = {0};
    icon_scene(&scene, size_px, (Color){0, 0, 0, 0xFF});
    const uint32_t *pixels = painter_paint(painter, &scene);
    for (size_t i = 0; i < count; i++) {
        out[i] = pixels[i];
    }
    icon_scene(&scene, size_px, (Color){0xFF, 0xFF, 0xFF, 0xFF});
    pixels = painter_paint(painter, &scene);
    for (size_t i = 0; i < count; i++) {
        out[i] = unmix(out[i], pixels[i]);
    }
    scene_finish(&scene);
    painter_destroy(painter);
}
