/* What lies under the pointer on the timeline: told in words, and where a click leads. */
#include "base/format.h"
#include "base/mem.h"
#include "view/caption.h"
#include "view/caption_words.h"
#include "view/controls.h"
#include "view/timeline_panel.h"
#include "view/why.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NEAR_PX = 3 }; /* what is thin can still be pointed at */

/* The stretch at x on a task's lane, as it is drawn; false where there is none. */
static bool segment_at(const Canvas *canvas, const Axis *axis, uint32_t task, float x,
                       LaneSegment *found) {
    LaneSegment *segments = mem_alloc(LANE_SEGMENTS_MAX, sizeof *segments);
    size_t count = timeline_lane(canvas->doc->timeline, task, axis->from_ns, axis->to_ns,
                                 axis_span_ns(axis, LANE_FOLD_PX), segments, LANE_SEGMENTS_MAX);
    count = count < LANE_SEGMENTS_MAX ? count : LANE_SEGMENTS_MAX;
    float nearest = NEAR_PX * canvas->u;
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        const float from = axis_x(axis, (double)segments[i].start_ns);
        const float end = segments[i].phase >= TASK_FINISHED ? 20 * canvas->u : 0;
        const float to = axis_x(axis, (double)segments[i].end_ns) + end;
        const float away = fmaxf(fmaxf(from - x, x - to), 0);
        if (away < nearest || (away == 0 && nearest == 0)) { /* of two that touch the later */
            nearest = away;
            *found = segments[i];
            any = true;
        }
    }
    free(segments);
    return any;
}

/* The lane at y; EVENT_NONE where there is none. */
static uint32_t task_at(const Canvas *canvas, const Axis *axis, float y) {
    for (uint32_t lane = 0; lane < axis->lanes; lane++) {
        if (fabsf(y - axis_lane_y(axis, lane)) <= axis->lane_h / 2) {
            return axis_lane_task(axis, canvas, lane);
        }
    }
    return EVENT_NONE;
}

/* What stands at y, and on a lane whose it is; else *task is EVENT_NONE. */
static LanePlace place_at(const Canvas *canvas, const Axis *axis, float y, uint32_t *task) {
    *task = task_at(canvas, axis, y);
    if (*task != EVENT_NONE) {
        return LANE_TASK;
    }
    if (fabsf(y - axis->loop_y) <= 12 * canvas->u) {
        return LANE_LOOP;
    }
    return axis->area && y > axis->top ? LANE_AREA : LANE_NOTHING;
}

/* The wait that a segment shows, as a part of the task's life; UINT64_MAX where it is none. */
static uint64_t wait_part(const Timeline *timeline, uint32_t task, const LaneSegment *segment) {
    return segment->phase == TASK_WAITING && segment->folded == 0
               ? timeline_life_at(timeline, task, segment->start_n)
               : UINT64_MAX;
}

LaneClick view_lane_click(const ViewDoc *doc, const ViewInput *input, float x, float y) {
    Layout layout;
    axis_layout(&layout, input);
    const Canvas canvas = {.layout = &layout,
                           .u = layout.u,
                           .text_scale = input->text_scale,
                           .doc = doc,
                           .input = input};
    Axis axis;
    axis_make(&axis, &canvas);
    LaneClick click = {.cursor = UINT64_MAX};
    click.place = place_at(&canvas, &axis, y, &click.task);
    LaneSegment segment;
    if (click.task == EVENT_NONE || !segment_at(&canvas, &axis, click.task, x, &segment)) {
        return click;
    }
    const uint64_t part = wait_part(doc->timeline, click.task, &segment);
    const uint64_t woken =
        part == UINT64_MAX ? UINT64_MAX : why_woken(doc->timeline, click.task, part);
    click.cursor = woken == UINT64_MAX ? UINT64_MAX : woken + 1;
    return click;
}

/* ---- words ---- */

static void span_words(uint64_t from_ns, uint64_t to_ns, Buf *out) {
    char from[FORMAT_MAX], to[FORMAT_MAX];
    buf_printf(out, "%s to %s", format_duration(from, from_ns), format_duration(to, to_ns));
}

static bool task_words(const Canvas *canvas, const Axis *axis, uint32_t task, float x, Buf *first,
                       Buf *second) {
    const Timeline *timeline = canvas->doc->timeline;
    LaneSegment segment;
    if (!segment_at(canvas, axis, task, x, &segment)) {
        return false;
    }
    why_part_words(timeline, task, &segment, first);
    if (segment.phase >= TASK_FINISHED) {
        return true;
    }
    span_words(segment.start_ns, segment.end_ns, second);
    const uint64_t part = wait_part(timeline, task, &segment);
    if (segment.folded > 0) {
        buf_append_text(second, " · the wheel shows more");
    } else if (part != UINT64_MAX && timeline_life(timeline, task, part).end_n != UINT64_MAX) {
        buf_append_text(second,
                        canvas->input->pane == NULL ? " · a click leads to what woke it" : "");
    } else if (part != UINT64_MAX) {
        buf_append_text(second, " so far");
    }
    return true;
}

static bool loop_words(const Canvas *canvas, const Axis *axis, float x, Buf *first, Buf *second) {
    LoopSegment *segments = mem_alloc(LANE_SEGMENTS_MAX, sizeof *segments);
    size_t count =
        timeline_loop_lane(canvas->doc->timeline, axis->from_ns, axis->to_ns,
                           axis_span_ns(axis, LANE_FOLD_PX), segments, LANE_SEGMENTS_MAX);
    count = count < LANE_SEGMENTS_MAX ? count : LANE_SEGMENTS_MAX;
    const LoopSegment *found = NULL;
    for (size_t i = 0; i < count; i++) {
        if (x >= axis_x(axis, (double)segments[i].start_ns) - 1 &&
            x <= axis_x(axis, (double)segments[i].end_ns) + 1) {
            found = &segments[i];
        }
    }
    if (found != NULL) {
        char length[FORMAT_MAX], number[FORMAT_MAX], count_text[FORMAT_MAX];
        format_duration(length, found->end_ns - found->start_ns);
        const char *call = caption_wait_call(canvas->doc->log);
        if (found->folded > 0) {
            buf_printf(first, "%s short iterations and sleeps in %s",
                       format_count(number, found->folded), length);
        } else if (found->asleep) {
            buf_printf(first, "The loop is in %.*s for %s", (int)strcspn(call, "("), call, length);
        } else {
            const int64_t handles = log_event(canvas->doc->log, found->start_n)->y;
            buf_printf(first, "Iteration %s runs %s handle%s in %s",
                       format_count(number, found->iteration),
                       format_count(count_text, (uint64_t)handles), handles == 1 ? "" : "s",
                       length);
        }
        span_words(found->start_ns, found->end_ns, second);
    }
    free(segments);
    return found != NULL;
}

static bool area_words(const Canvas *canvas, uint64_t t_ns, Buf *first, Buf *second) {
    if (t_ns > timeline_end_ns(canvas->doc->timeline)) {
        return false;
    }
    uint32_t phases[1][TASK_PHASE_COUNT];
    timeline_counts(canvas->doc->timeline, t_ns, t_ns, 1, phases);
    const uint32_t *now = phases[0];
    char ready[FORMAT_MAX], waiting[FORMAT_MAX], ended[FORMAT_MAX];
    buf_printf(
        first, "%s ready or running, %s waiting, %s ended",
        format_count(ready, (uint64_t)now[TASK_NEW] + now[TASK_READY] + now[TASK_RUNNING]),
        format_count(waiting, now[TASK_WAITING]),
        format_count(ended, (uint64_t)now[TASK_FINISHED] + now[TASK_FAILED] + now[TASK_CANCELLED]));
    buf_append_text(second, "at ");
    buf_append_text(second, format_duration(ready, t_ns));
    return true;
}

/* False where nothing is to be said. */
static bool place_words(const Canvas *canvas, const Axis *axis, LanePlace place, uint32_t task,
                        float x, Buf *first, Buf *second) {
    switch (place) {
    case LANE_NOTHING:
        break;
    case LANE_TASK:
        return task_words(canvas, axis, task, x, first, second);
    case LANE_LOOP:
        return loop_words(canvas, axis, x, first, second);
    case LANE_AREA:
        return area_words(canvas, axis_time(axis, x), first, second);
    }
    return false;
}

/* Two lines above the lane, beside the pointer. */
static void box_draw(const Canvas *canvas, float at_x, float lane_top, const char *first,
                     const char *second) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, scale = canvas->text_scale;
    const float width = fmaxf(canvas_width(canvas, FONT_SEMIBOLD, 14, first),
                              canvas_width(canvas, FONT_REGULAR, 13, second)) +
                        24 * u;
    const float height = (second[0] == '\0' ? 30 : 50) * u * scale;
    const float most_x = (float)canvas->scene->width_px - width - 6 * u;
    const float x = fmaxf(fminf(at_x + 12 * u, most_x), 6 * u);
    const float y = lane_top - height - 6 * u;
    scene_rect(canvas->scene, (Rect){x, y, width, height}, 8 * u,
               (Style){.fill = theme->card, .stroke = theme->line2, .stroke_px = u});
    canvas_text(canvas, FONT_SEMIBOLD, 14, theme->ink, x + 12 * u, y + 15 * u * scale, ALIGN_LEFT,
                first);
    canvas_text(canvas, FONT_REGULAR, 13, theme->ink2, x + 12 * u, y + 35 * u * scale, ALIGN_LEFT,
                second);
}

void timeline_hover_draw(const Canvas *canvas) {
    const ViewInput *input = canvas->input;
    const Hit *hit = scene_hit_at(canvas->scene, input->pointer_x, input->pointer_y);
    if (input->pointer_x < 0 || input->pointer_down || hit == NULL ||
        (hit->action != ACTION_LANES && hit->action != ACTION_SCRUB)) {
        return;
    }
    Axis axis;
    axis_make(&axis, canvas);
    const float y = input->pointer_y;
    uint32_t task = EVENT_NONE;
    const LanePlace place = place_at(canvas, &axis, y, &task);
    const float top = place == LANE_LOOP   ? axis.loop_y - 10 * canvas->u
                      : place == LANE_TASK ? y - axis.lane_h / 2
                                           : y - 10 * canvas->u;
    Buf first = {0}, second = {0};
    const bool found = input->pointer_x >= axis.x0 - 4 * canvas->u &&
                       place_words(canvas, &axis, place, task, input->pointer_x, &first, &second);
    if (found) {
        box_draw(canvas, input->pointer_x, top, buf_text(&first), buf_text(&second));
    }
    buf_finish(&first);
    buf_finish(&second);
}

void timeline_told_draw(const Canvas *canvas, LanePlace place, uint32_t task, uint64_t t_ns) {
    Axis axis;
    axis_make(&axis, canvas);
    const float x = axis_x(&axis, (double)t_ns);
    uint32_t lane = 0;
    while (place == LANE_TASK && lane < axis.lanes && axis_lane_task(&axis, canvas, lane) != task) {
        lane++;
    }
    if (x < axis.x0 - 1 || x > axis.x1 + 1 || (place == LANE_TASK && lane == axis.lanes)) {
        return;
    }
    const float top = place == LANE_LOOP   ? axis.loop_y - 10 * canvas->u
                      : place == LANE_TASK ? axis_lane_y(&axis, lane) - axis.lane_h / 2
                                           : (axis.top + axis.area_bottom) / 2;
    Buf first = {0}, second = {0};
    if (place_words(canvas, &axis, place, task, x, &first, &second)) {
        box_draw(canvas, x, top, buf_text(&first), buf_text(&second));
    }
    buf_finish(&first);
    buf_finish(&second);
}
