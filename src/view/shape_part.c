#include "view/shape_part.h"

#include "view/controls.h"

#include <math.h>

void shape_part_draw(const Canvas *canvas, const ShapePart *part, Color color, Rect lane) {
    Scene *scene = canvas->scene;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = lane.y + lane.h / 2, half = lane.h * 0.35f;
    const float from = lane.x + part->from * lane.w, to = lane.x + part->to * lane.w;
    const Rect bar = {from, y - half, fmaxf(to - from, 2 * u), 2 * half};
    if (part->phase == TASK_WAITING) {
        scene_line(scene, from, y, to, y, (Style){.stroke = color, .stroke_px = 2 * u});
    } else if (part->phase == TASK_READY) {
        const Rect low = {bar.x, y - half * 0.66f, bar.w, half * 1.32f};
        scene_hatch(scene, low, 5 * u, color, u);
        scene_rect(scene, low, 0, (Style){.stroke = color, .stroke_px = u});
    } else if (part->phase == TASK_RUNNING) {
        scene_rect(scene, bar, fminf(1.5f * u, bar.w / 2), (Style){.fill = color});
        if (part->kept) {
            scene_hatch(scene, bar, 8 * u, theme->danger, 2.5f * u);
        }
    } else {
        cross_draw(canvas, from + 5 * u, y, fminf(4 * u, half), theme->ink, 2 * u);
    }
}
