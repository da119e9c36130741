/* A task that kept the thread, and what the others lost by it: their lanes are tinted and
 * underlined from when they could have gone on until the thread came back. */
#include "base/mem.h"
#include "view/timeline_panel.h"

#include <stdlib.h>

enum {
    KEPT_NS = 100 * 1000 * 1000, /* as long as `loop_blocked` counts from */
    LOOK_BACK_EVENTS = 8,        /* a sleep's timer is set just before the task waits for it */
};

bool timeline_is_kept(const LaneSegment *segment) {
    return segment->phase == TASK_RUNNING && segment->folded == 0 &&
           segment->end_ns - segment->start_ns >= KEPT_NS;
}

void timeline_frozen_find(const Canvas *canvas, Axis *axis) {
    const uint64_t fold_ns = axis_span_ns(axis, LANE_FOLD_PX);
    const uint64_t least_ns = fold_ns > KEPT_NS ? fold_ns : KEPT_NS;
    LaneSegment *segments = mem_alloc(LANE_SEGMENTS_MAX, sizeof *segments);
    axis->frozen_count = 0;
    for (uint32_t lane = 0; lane < axis->lanes; lane++) {
        const uint32_t task = axis_lane_task(axis, canvas, lane);
        const size_t count =
            task == EVENT_NONE ? 0
                               : timeline_lane(canvas->doc->timeline, task, axis->from_ns,
                                               axis->to_ns, least_ns, segments, LANE_SEGMENTS_MAX);
        for (size_t i = 0; i < count && i < LANE_SEGMENTS_MAX; i++) {
            if (timeline_is_kept(&segments[i]) && axis->frozen_count < AXIS_FROZEN_MAX) {
                axis->frozen[axis->frozen_count++] =
                    (FrozenSpan){task, segments[i].start_ns, segments[i].end_ns};
            }
        }
    }
    free(segments);
}

/* When what the task waits for was there: its operation finished at the OS, its timer due. */
static uint64_t there_ns(const Canvas *canvas, const LaneSegment *segment) {
    const Timeline *timeline = canvas->doc->timeline;
    const Log *log = canvas->doc->log;
    const Event *waiting = log_event(log, segment->start_n);
    if (waiting->kind != EV_TASK_WAITING) {
        return UINT64_MAX;
    }
    if (waiting->b == TARGET_OP && waiting->id < timeline_op_count(timeline)) {
        const uint64_t arrived_n = timeline_op(timeline, waiting->id).arrived_n;
        return arrived_n == UINT64_MAX ? UINT64_MAX : log_event(log, arrived_n)->t_ns;
    }
    for (uint64_t back = 1; back <= LOOK_BACK_EVENTS && back <= segment->start_n; back++) {
        const Event *event = log_event(log, segment->start_n - back);
        if (waiting->b == TARGET_TIMER && event->kind == EV_TIMER_SET && event->id == waiting->id) {
            return (uint64_t)event->x;
        }
    }
    return UINT64_MAX;
}

static void lost_draw(const Canvas *canvas, const Axis *axis, uint64_t from_ns, uint64_t to_ns,
                      float y) {
    const float u = canvas->u, thick = 3 * u;
    const float from = axis_x(axis, (double)from_ns), to = axis_x(axis, (double)to_ns);
    if (to - from < u) {
        return;
    }
    const float half = axis->lane_h * 0.5f, bottom = y + half - u;
    scene_rect(canvas->scene,
               (Rect){from, y - half + 2 * u, to - from, bottom - (y - half + 2 * u)}, 0,
               (Style){.fill = color_fade(canvas->theme->danger, 0.2f)});
    scene_rect(canvas->scene, (Rect){from, bottom - thick, to - from, thick}, 0,
               (Style){.fill = canvas->theme->danger});
}

void timeline_lost_draw(const Canvas *canvas, const Axis *axis, uint32_t task,
                        const LaneSegment *segment, float y) {
    uint64_t since_ns = UINT64_MAX;
    if (axis->frozen_count == 0 || segment->folded > 0) {
        return;
    }
    if (segment->phase == TASK_READY) {
        since_ns = segment->start_ns;
    } else if (segment->phase == TASK_WAITING) {
        since_ns = there_ns(canvas, segment);
    }
    for (size_t i = 0; i < axis->frozen_count && since_ns != UINT64_MAX; i++) {
        const FrozenSpan *frozen = &axis->frozen[i];
        const uint64_t from_ns = since_ns > frozen->from_ns ? since_ns : frozen->from_ns;
        const uint64_t to_ns = segment->end_ns < frozen->to_ns ? segment->end_ns : frozen->to_ns;
        if (frozen->task != task && from_ns < to_ns) {
            lost_draw(canvas, axis, from_ns, to_ns, y);
        }
    }
}

bool timeline_is_frozen(const Axis *axis, uint64_t from_ns, uint64_t to_ns) {
    for (size_t i = 0; i < axis->frozen_count; i++) {
        if (axis->frozen[i].from_ns >= from_ns && axis->frozen[i].to_ns <= to_ns) {
            return true;
        }
    }
    return false;
}
