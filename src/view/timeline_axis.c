#include "view/timeline_panel.h"

#include <math.h>

enum {
    LANE_MAX_U = 34,
    LANE_MIN_U = 17,    /* a name of 13 units still fits */
    PINNED_LANE_U = 24, /* below the area */
    PINNED_LANES = 2,
    NAMES_U = 136, /* to the left of time 0 */
    EMPTY_END_NS = 1000000,
};

/* The next round number from `ns` on: at most half as much again. */
static uint64_t round_up(uint64_t ns) {
    static const double STEPS[] = {1, 1.5, 2, 3, 4, 5, 6, 8, 10};
    const double power = pow(10, floor(log10((double)ns)));
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++) {
        if (STEPS[i] * power >= (double)ns) {
            return (uint64_t)(STEPS[i] * power);
        }
    }
    return ns;
}

static uint64_t end_of(const ViewDoc *doc) {
    const uint64_t last = timeline_end_ns(doc->timeline);
    if (doc->live) {
        return round_up(last < EMPTY_END_NS / 10 ? EMPTY_END_NS / 10 : last + last / 50);
    }
    return last == 0 ? EMPTY_END_NS : last + last / 28 + 1;
}

void axis_make(Axis *axis, const Canvas *canvas) {
    const float u = canvas->u;
    const Rect box = canvas->layout->timeline;
    const uint32_t tasks = timeline_task_count(canvas->doc->timeline);
    *axis = (Axis){.box = box, .end_ns = end_of(canvas->doc)};
    axis->x0 = box.x + NAMES_U * u;
    axis->x1 = box.x + box.w - 28 * u;
    axis->ticks_y = box.y + 16 * u;
    axis->loop_y = box.y + (canvas->layout->compact ? 42 : 46) * u;
    axis->top = axis->loop_y + (canvas->layout->compact ? 14 : 22) * u;
    axis->bottom = box.y + box.h - 6 * u;
    const float lane_min = LANE_MIN_U * u * canvas->text_scale;
    const float room = (axis->bottom - axis->top) / (float)(tasks > 0 ? tasks : 1);
    axis->area = room < lane_min;
    if (!axis->area) {
        axis->lanes = tasks;
        axis->lane_h = fminf(room, LANE_MAX_U * u);
        axis->bottom = axis->top + axis->lane_h * (float)tasks;
        return;
    }
    axis->lanes = PINNED_LANES;
    axis->lane_h = PINNED_LANE_U * u;
    axis->top = box.y + 36 * u;
    axis->area_bottom = axis->bottom - axis->lane_h * PINNED_LANES - 2 * u;
}

float axis_x(const Axis *axis, double t_ns) {
    return axis->x0 + (axis->x1 - axis->x0) * (float)(t_ns / (double)axis->end_ns);
}

uint64_t axis_time(const Axis *axis, float x) {
    const double share = (double)(x - axis->x0) / (double)(axis->x1 - axis->x0);
    return share <= 0 ? 0 : (uint64_t)(share * (double)axis->end_ns);
}

uint64_t axis_span_ns(const Axis *axis, float px) {
    return (uint64_t)((double)axis->end_ns * (double)(px / (axis->x1 - axis->x0)));
}
