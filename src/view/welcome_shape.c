/* A run's shape on a scenario's card. */
#include "view/welcome_parts.h"

#include <math.h>

static void part_draw(const Canvas *canvas, const ShapePart *part, Color color, Rect lane) {
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

/* What runs lies over what waits: a run may be too short to be seen otherwise. */
void welcome_shape_draw(const Canvas *canvas, const RunShape *shape, Rect box) {
    if (shape->lane_count == 0) {
        return;
    }
    const float u = canvas->u;
    const float pitch = fminf(box.h / (float)shape->lane_count, 13 * u * canvas->text_scale);
    const float top = box.y + box.h - pitch * (float)shape->lane_count;
    for (size_t i = 0; i < shape->lane_count; i++) {
        const ShapeLane *lane = &shape->lanes[i];
        const Color color =
            lane->identity < 0 ? canvas->theme->ink2 : canvas->theme->identity[lane->identity];
        const Rect place = {box.x, top + pitch * (float)i, box.w - 10 * u, pitch};
        for (int pass = 0; pass < 2; pass++) {
            for (size_t k = 0; k < lane->count; k++) {
                const bool runs =
                    lane->parts[k].phase >= TASK_RUNNING && lane->parts[k].phase != TASK_WAITING;
                if (runs == (pass == 1)) {
                    part_draw(canvas, &lane->parts[k], color, place);
                }
            }
        }
    }
}
