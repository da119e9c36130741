#include "view/shape.h"

enum {
    LETTERS = 8,                 /* tasks that are told apart by colour */
    KEPT_NS = 100 * 1000 * 1000, /* as long as `loop_blocked` counts from */
};

#define SHARE_OF_TIME 0.5
#define NARROWEST     0.004f /* of the whole: what is narrower joins its neighbour */

static float place_of(const Timeline *timeline, uint64_t n) {
    const Log *log = timeline_log(timeline);
    const double last_n = (double)timeline_count(timeline) - 1;
    const double end_ns = (double)timeline_end_ns(timeline);
    const double order = last_n > 0 ? (double)n / last_n : 0;
    const double time = end_ns > 0 ? (double)log_event(log, n)->t_ns / end_ns : order;
    return (float)(order + (time - order) * SHARE_OF_TIME);
}

static bool joins(const ShapePart *last, const ShapePart *part) {
    return part->phase <= TASK_WAITING && part->phase == last->phase &&
           part->from - last->to < NARROWEST && !part->kept && !last->kept;
}

static void part_add(ShapeLane *lane, const ShapePart *part) {
    if (lane->count > 0 && joins(&lane->parts[lane->count - 1], part)) {
        lane->parts[lane->count - 1].to = part->to;
        return;
    }
    const bool ends = part->phase > TASK_WAITING;
    if (lane->count < SHAPE_PARTS_MAX) {
        lane->parts[lane->count++] = *part;
    } else if (ends) {
        lane->parts[lane->count - 1] = *part;
    }
}

static bool is_shown(TaskPhase phase) {
    return (phase >= TASK_READY && phase <= TASK_WAITING) || phase == TASK_FAILED ||
           phase == TASK_CANCELLED;
}

static void lane_make(const Timeline *timeline, uint32_t task, ShapeLane *lane) {
    const uint64_t last_n = timeline_count(timeline) - 1;
    const uint64_t parts = timeline_life_count(timeline, task);
    for (uint64_t i = 0; i < parts; i++) {
        const LifePart life = timeline_life(timeline, task, i);
        const uint64_t end_n = life.end_n == UINT64_MAX ? last_n : life.end_n;
        if (is_shown(life.phase)) {
            const bool runs = life.phase == TASK_RUNNING;
            const bool ends = life.phase > TASK_WAITING;
            const float from = place_of(timeline, life.start_n);
            part_add(lane, &(ShapePart){.phase = life.phase,
                                        .kept = runs && life.end_ns - life.start_ns >= KEPT_NS,
                                        .from = from,
                                        .to = ends ? from : place_of(timeline, end_n)});
        }
    }
}

void shape_make(const Timeline *timeline, RunShape *out) {
    const uint32_t tasks = timeline_task_count(timeline);
    const bool many = tasks > LETTERS;
    *out = (RunShape){.lane_count = tasks < SHAPE_LANES_MAX ? tasks : SHAPE_LANES_MAX};
    for (size_t i = 0; i < out->lane_count; i++) {
        ShapeLane *lane = &out->lanes[i];
        lane->task =
            many ? (uint32_t)((uint64_t)(tasks - 1) * i / (SHAPE_LANES_MAX - 1)) : (uint32_t)i;
        lane->identity = many ? -1 : (int)i;
        lane_make(timeline, lane->task, lane);
    }
}
