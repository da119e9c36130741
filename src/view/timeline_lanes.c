/* The lanes: a task's life, and the loop's own turns and sleeps. */
#include "base/format.h"
#include "base/mem.h"
#include "view/caption.h"
#include "view/caption_words.h"
#include "view/controls.h"
#include "view/timeline_panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What lies outside of the view is cut off a little beyond its edges, so that no edge shows. */
static float in_view(const Axis *axis, double t_ns) {
    const float margin = 16;
    return fminf(fmaxf(axis_x(axis, t_ns), axis->x0 - margin), axis->box.x + axis->box.w + margin);
}

/* A text over a line, in the middle of what is seen of it. */
static void line_label_add(const Canvas *canvas, const Axis *axis, float from, float to, float y,
                           float size_u, const char *text, TimeLabels *labels) {
    from = fmaxf(from, axis->x0);
    to = fminf(to, axis->x1);
    TimeLabel label = {.middle = (from + to) / 2, .y = y, .size_u = size_u};
    label.width = canvas_width(canvas, label.font, size_u, text);
    if (to - from > label.width + 24 * canvas->u) {
        timeline_label_add(labels, &label, text);
    }
}

static void blocked_draw(const Canvas *canvas, Rect bar) {
    const float u = canvas->u;
    const Color danger = canvas->theme->danger;
    scene_hatch(canvas->scene, bar, 9 * u, danger, 3 * u);
    scene_rect(canvas->scene, bar, 2 * u, (Style){.stroke = danger, .stroke_px = 2.5f * u});
}

static void ready_draw(const Canvas *canvas, Rect bar, Color color) {
    const float u = canvas->u;
    scene_rect(canvas->scene, bar, 0, (Style){.fill = canvas->theme->panel});
    scene_hatch(canvas->scene, bar, 6 * u, color, 1.5f * u);
    scene_rect(canvas->scene, bar, 0, (Style){.stroke = color, .stroke_px = 1.5f * u});
}

/* The mark behind the end of a life: a check, a cross, a slashed circle. */
static void end_draw(const Canvas *canvas, TaskPhase phase, float x, float y) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Style slash = {.stroke = theme->ink2, .stroke_px = 2 * u, .round_caps = true};
    x += 12 * u;
    if (phase == TASK_FINISHED) {
        check_draw(canvas, x, y, 6 * u, theme->ink2, 2.5f * u);
    } else if (phase == TASK_FAILED) {
        cross_draw(canvas, x, y, 5 * u, theme->danger, 2.5f * u);
    } else {
        scene_circle(canvas->scene, x, y, 6 * u, slash);
        scene_line(canvas->scene, x - 4 * u, y + 4 * u, x + 4 * u, y - 4 * u, slash);
    }
}

/* A part of its life; what ended it is drawn behind it. */
static void segment_draw(const Canvas *canvas, const Axis *axis, const LaneSegment *segment,
                         Color color, float y) {
    const float u = canvas->u, height = axis->lane_h * 0.7f;
    const float from = in_view(axis, (double)segment->start_ns);
    const float to = in_view(axis, (double)segment->end_ns);
    const float width = fmaxf(to - from, fmaxf(1.5f, 1.5f * u)); /* seen from afar, too */
    const bool tick = segment->folded > 0 && width < 5 * u;
    if (segment->phase == TASK_WAITING && !tick) {
        scene_line(canvas->scene, from, y, to, y, (Style){.stroke = color, .stroke_px = 3 * u});
    } else if (segment->phase == TASK_READY && !tick) {
        ready_draw(canvas, (Rect){from, y - height * 0.31f, width, height * 0.62f}, color);
    } else {
        /* A folded stretch is lower: it is not one run but many. */
        const float half = height * (segment->folded > 0 && !tick ? 0.35f : 0.5f);
        const Rect bar = {from, y - half, width, 2 * half};
        scene_rect(canvas->scene, bar, fminf(2 * u, width / 2), (Style){.fill = color});
        if (timeline_is_kept(segment)) {
            blocked_draw(canvas, bar);
        }
    }
}

/* When the OS had finished what the task waited for, although the loop had not asked yet; px, or -1
 * where that was not seen. */
static float arrived_x(const Canvas *canvas, const Axis *axis, const Event *waiting) {
    const Timeline *timeline = canvas->doc->timeline;
    if (waiting->b != TARGET_OP || waiting->id >= timeline_op_count(timeline)) {
        return -1;
    }
    const uint64_t arrived_n = timeline_op(timeline, waiting->id).arrived_n;
    return arrived_n == UINT64_MAX
               ? -1
               : axis_x(axis, (double)log_event(canvas->doc->log, arrived_n)->t_ns);
}

static void arrived_draw(const Canvas *canvas, const Axis *axis, float x, Color color, float y) {
    const float u = canvas->u, r = fminf(7 * u, axis->lane_h * 0.3f);
    scene_polygon(canvas->scene,
                  (Point[]){{x, y - r}, {x + r * 0.86f, y}, {x, y + r}, {x - r * 0.86f, y}}, 4,
                  (Style){.fill = canvas->theme->panel, .stroke = color, .stroke_px = 2 * u});
}

static void wait_details_draw(const Canvas *canvas, const Axis *axis, const LaneSegment *segment,
                              Color color, float y, TimeLabels *labels) {
    const Event *event = log_event(canvas->doc->log, segment->start_n);
    if (segment->phase != TASK_WAITING || segment->folded > 0 || event->kind != EV_TASK_WAITING) {
        return;
    }
    float from = in_view(axis, (double)segment->start_ns);
    float to = in_view(axis, (double)segment->end_ns);
    const float arrived = arrived_x(canvas, axis, event);
    if (arrived >= 0) { /* the words stand on the longer side of the mark */
        arrived_draw(canvas, axis, arrived, color, y);
        if (arrived - from > to - arrived) {
            to = arrived;
        } else {
            from = arrived;
        }
    }
    Buf text = {0};
    words_wait(canvas->doc->timeline, event, segment->start_n, WORDS_LABEL, &text);
    const float size_u = fminf(13, axis_text_most(axis, canvas));
    line_label_add(canvas, axis, from, to, y, size_u, buf_text(&text), labels);
    buf_finish(&text);
}

static float name_room(const Canvas *canvas, const Axis *axis) {
    return axis->x0 - axis->box.x - 62 * canvas->u;
}

float timeline_name_size(const Canvas *canvas, const Axis *axis) {
    const float least = TEXT_SMALLEST_U / canvas->text_scale, room = name_room(canvas, axis);
    float size = fminf(axis->lane_h < 22 * canvas->u ? 13 : 15, axis_text_most(axis, canvas));
    for (uint32_t lane = 0; lane < axis->lanes; lane++) {
        const uint32_t task = axis_lane_task(axis, canvas, lane);
        const char *name = task == EVENT_NONE ? "" : words_task(canvas->doc->timeline, task);
        while (size > least && canvas_width(canvas, FONT_SEMIBOLD, size, name) > room) {
            size = fmaxf(size - 0.5f, least);
        }
    }
    return size;
}

static void name_draw(const Canvas *canvas, const Axis *axis, uint32_t task, float y) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const bool selected = canvas->input->selected == task;
    const Rect place = {axis->box.x, y - axis->lane_h / 2, axis->x0 - axis->box.x - 4 * u,
                        axis->lane_h};
    if (selected) {
        chosen_row_draw(canvas, place, identity_color(canvas, task));
    }
    badge_draw(canvas, task, axis->box.x + 34 * u, y, fminf(11 * u, axis->lane_h * 0.4f),
               BADGE_FILLED, theme->panel);
    canvas_name_fit(canvas, FONT_SEMIBOLD, axis->name_u, selected ? theme->ink : theme->ink2,
                    axis->box.x + 54 * u, y, ALIGN_LEFT, name_room(canvas, axis),
                    words_task(canvas->doc->timeline, task));
    task_hit(canvas, place, task);
}

void timeline_lane_draw(const Canvas *canvas, const Axis *axis, uint32_t task, float y,
                        TimeLabels *labels) {
    const Timeline *timeline = canvas->doc->timeline;
    const Color color = identity_color(canvas, task);
    const float edge = y + axis->lane_h / 2;
    LaneSegment *segments = mem_alloc(LANE_SEGMENTS_MAX, sizeof *segments);
    size_t count = timeline_lane(timeline, task, axis->from_ns, axis->to_ns,
                                 axis_span_ns(axis, LANE_FOLD_PX), segments, LANE_SEGMENTS_MAX);
    count = count < LANE_SEGMENTS_MAX ? count : LANE_SEGMENTS_MAX;
    scene_line(canvas->scene, axis->x0, edge, axis->x1, edge,
               (Style){.stroke = color_fade(canvas->theme->line, 0.7f), .stroke_px = canvas->u});
    scene_clip(canvas->scene, axis_lanes(axis));
    for (size_t i = 0; i < count; i++) {
        if (segments[i].phase < TASK_FINISHED) {
            segment_draw(canvas, axis, &segments[i], color, y);
        }
    }
    for (size_t i = 0; i < count; i++) {
        timeline_lost_draw(canvas, axis, task, &segments[i], y);
        wait_details_draw(canvas, axis, &segments[i], color, y, labels);
    }
    scene_unclip(canvas->scene);
    if (count > 0 && segments[count - 1].phase >= TASK_FINISHED &&
        segments[count - 1].start_ns <= axis->to_ns) {
        scene_clip(canvas->scene, axis_area(axis));
        const float end = axis_x(axis, (double)segments[count - 1].start_ns);
        end_draw(canvas, segments[count - 1].phase, end, y);
        scene_unclip(canvas->scene);
    }
    free(segments);
    name_draw(canvas, axis, task, y);
}

void timeline_end_draw(const Canvas *canvas, const Axis *axis, uint32_t task, float y,
                       float playhead) {
    const TaskInfo info = state_task(canvas->doc->after, task);
    const float x = axis_x(axis, (double)info.since_ns);
    if (info.phase >= TASK_FINISHED && x >= axis->x0 && x <= axis->x1 &&
        x > playhead - 20 * canvas->u) {
        scene_clip(canvas->scene, axis_area(axis));
        end_draw(canvas, info.phase, x, y);
        scene_unclip(canvas->scene);
    }
}

/* ---- the loop ---- */

static void turn_draw(const Canvas *canvas, const Axis *axis, const LoopSegment *turn, float room,
                      TimeLabels *labels) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = axis->loop_y;
    const float from = in_view(axis, (double)turn->start_ns);
    const float width = fmaxf(in_view(axis, (double)turn->end_ns) - from, fmaxf(2, 2 * u));
    scene_rect(canvas->scene, (Rect){from, y - 9 * u, width, 18 * u}, fminf(2 * u, width / 2),
               (Style){.fill = theme->ink3});
    if (turn->folded > 0) {
        return;
    }
    char number[FORMAT_MAX + 16];
    format_count(number, turn->iteration);
    const float left = fmaxf(from, axis->x0);
    const float seen = fminf(from + width, axis->x1) - left;
    if (timeline_is_frozen(axis, turn->start_ns, turn->end_ns) &&
        seen > 80 * u * canvas->text_scale) {
        strcat(number, ": frozen");
    }
    TimeLabel label = {
        .y = y, .size_u = 13, .font = FONT_BOLD, .on_bar = true, .middle = left + seen / 2};
    label.width = canvas_width(canvas, label.font, 13, number);
    if (seen > label.width + 8 * u) {
        timeline_label_add(labels, &label, number);
    } else if (from + width >= axis->x0 && room - width > label.width + 14 * u) {
        label = (TimeLabel){.y = y, .size_u = 13, .font = FONT_REGULAR};
        label.width = canvas_width(canvas, label.font, 13, number);
        label.middle = from + width + 6 * u + label.width / 2;
        timeline_label_add(labels, &label, number);
    }
}

static void sleep_draw(const Canvas *canvas, const Axis *axis, const LoopSegment *sleep,
                       TimeLabels *labels) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = axis->loop_y;
    const float from = in_view(axis, (double)sleep->start_ns);
    const float to = in_view(axis, (double)sleep->end_ns);
    if (to - from < 4 * u) {
        return;
    }
    scene_line(canvas->scene, from + 3 * u, y, to - 3 * u, y,
               (Style){.stroke = theme->ink4,
                       .stroke_px = 2 * u,
                       .dash_on_px = 2 * u,
                       .dash_off_px = 6 * u,
                       .round_caps = true});
    const char *call = caption_wait_call(canvas->doc->log);
    Buf text = {0};
    buf_append_text(&text, "asleep in ");
    buf_append(&text, call, strcspn(call, "("));
    line_label_add(canvas, axis, from, to, y, 13, buf_text(&text), labels);
    buf_finish(&text);
}

void timeline_loop_draw(const Canvas *canvas, const Axis *axis, TimeLabels *labels) {
    LoopSegment *segments = mem_alloc(LANE_SEGMENTS_MAX, sizeof *segments);
    size_t count =
        timeline_loop_lane(canvas->doc->timeline, axis->from_ns, axis->to_ns,
                           axis_span_ns(axis, LANE_FOLD_PX), segments, LANE_SEGMENTS_MAX);
    count = count < LANE_SEGMENTS_MAX ? count : LANE_SEGMENTS_MAX;
    canvas_text(canvas, FONT_SEMIBOLD, 14, canvas->theme->ink2, axis->x0 - 16 * canvas->u,
                axis->loop_y, ALIGN_RIGHT, "Loop");
    scene_clip(canvas->scene, axis_lanes(axis));
    for (size_t i = 0; i < count; i++) {
        if (segments[i].asleep) {
            sleep_draw(canvas, axis, &segments[i], labels);
        }
    }
    for (size_t i = 0; i < count; i++) {
        /* A number may stand behind its bar, but not where the loop sleeps or the next turn is. */
        size_t next = i + 1;
        const float from = in_view(axis, (double)segments[i].start_ns);
        const float until = next < count ? axis_x(axis, (double)segments[next].start_ns) : axis->x1;
        if (!segments[i].asleep) {
            turn_draw(canvas, axis, &segments[i], until - from, labels);
        }
    }
    scene_unclip(canvas->scene);
    free(segments);
}
