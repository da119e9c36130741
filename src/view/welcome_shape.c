/* A run's shape on a scenario's card. */
#include "view/shape_part.h"
#include "view/welcome_parts.h"

#include <math.h>

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
                    shape_part_draw(canvas, &lane->parts[k], color, place);
                }
            }
        }
    }
}
