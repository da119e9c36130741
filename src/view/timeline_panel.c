/* The timeline: when everything happened, and where the viewer stands in it. */
#include "view/timeline_panel.h"

#include "base/format.h"
#include "view/controls.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TICK_GAP_U 105 /* between two times at least */

/* The time at the cursor; while an event moves, on its way from the one before. */
static double shown_ns(const Canvas *canvas) {
    if (canvas->input->pane != NULL) {
        return (double)canvas->input->pane->at_ns;
    }
    const double from = (double)state_loop(canvas->doc->before)->now_ns;
    const double to = (double)state_loop(canvas->doc->after)->now_ns;
    return from + (to - from) * (double)canvas->input->player->phase;
}

/* ---- the axis ---- */

/* The next of 1, 2, 5, 10, 20, ... */
static uint64_t round_step(uint64_t least) {
    for (uint64_t power = 1;; power *= 10) {
        for (uint64_t step = 1; step <= 5; step = step == 1 ? 2 : step == 2 ? 5 : 6) {
            if (step * power >= least) {
                return step * power;
            }
        }
    }
}

/* "1.405 s", with as many digits as tell it from the next one, `step_ns` later. */
static const char *tick_text(uint64_t t_ns, uint64_t step_ns, char out[32]) {
    static const struct {
        uint64_t ns;
        const char *name;
    } UNITS[] = {{1, "ns"}, {1000, "µs"}, {1000000, "ms"}, {1000000000, "s"}};
    size_t unit = 0;
    while (unit < 3 && t_ns >= UNITS[unit + 1].ns) {
        unit++;
    }
    if (t_ns == 0) {
        snprintf(out, 32, "0");
        return out;
    }
    int digits = 0;
    for (uint64_t part = UNITS[unit].ns; part > 1 && part > step_ns; part /= 10) {
        digits++;
    }
    char number[32];
    snprintf(number, sizeof number, "%.*f", digits, (double)t_ns / (double)UNITS[unit].ns);
    if (digits > 0) {
        size_t length = strlen(number);
        while (number[length - 1] == '0') {
            length--;
        }
        length -= number[length - 1] == '.';
        number[length] = '\0';
    }
    snprintf(out, 32, "%.24s %s", number, UNITS[unit].name);
    return out;
}

/* The longest text is that of the last tick, nearly. */
static uint64_t tick_step(const Canvas *canvas, const Axis *axis) {
    const float u = canvas->u;
    uint64_t step = round_step(axis_span_ns(axis, TICK_GAP_U * u * canvas->text_scale) + 1);
    char text[32];
    for (;;) {
        tick_text(axis->to_ns / step * step + step, step, text);
        const float needed = canvas_width(canvas, FONT_MONO, 13, text) + 20 * u;
        const uint64_t wider = round_step(axis_span_ns(axis, needed) + 1);
        if (wider <= step) {
            return step;
        }
        step = wider;
    }
}

typedef struct Reserved { /* of the line of times: what stands there already */
    float from, to;
} Reserved;

static void ticks_draw(const Canvas *canvas, const Axis *axis, const Reserved *taken,
                       size_t taken_count) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const uint64_t step = tick_step(canvas, axis);
    for (uint64_t t = (axis->from_ns + step - 1) / step * step; t <= axis->to_ns; t += step) {
        const float x = axis_x(axis, (double)t);
        scene_line(canvas->scene, x, axis->ticks_y + 14 * u, x, axis->bottom,
                   (Style){.stroke = theme->line, .stroke_px = u});
        char text[32];
        tick_text(t, step, text);
        const float half = canvas_width(canvas, FONT_MONO, 13, text) / 2;
        bool free_place =
            x - half > axis->x0 - 24 * u && x + half < axis->box.x + axis->box.w - 4 * u;
        for (size_t i = 0; i < taken_count; i++) {
            free_place &= x + half + 8 * u < taken[i].from || x - half - 8 * u > taken[i].to;
        }
        if (free_place) {
            canvas_text(canvas, FONT_MONO, 13, theme->ink3, x, axis->ticks_y, ALIGN_MIDDLE, text);
        }
    }
}

/* Which part of the whole run is seen, as a thin bar along the top. */
static void overview_draw(const Canvas *canvas, const Axis *axis) {
    if (canvas->input->span.to_ns == 0) {
        return;
    }
    const float u = canvas->u, width = axis->x1 - axis->x0, y = axis->box.y + u;
    const double whole = (double)axis->whole_ns;
    const float from = axis->x0 + width * (float)((double)axis->from_ns / whole);
    const float share = (float)((double)(axis->to_ns - axis->from_ns) / whole);
    const float shown = fmaxf(width * share, 6 * u);
    scene_rect(canvas->scene, (Rect){axis->x0, y, width, 3 * u}, 0,
               (Style){.fill = canvas->theme->line});
    scene_rect(canvas->scene, (Rect){fminf(from, axis->x1 - shown), y, shown, 3 * u}, 1.5f * u,
               (Style){.fill = canvas->theme->ink3});
}

/* Nearer, further, all of it: beside the times, above the names. */
static void zoom_draw(const Canvas *canvas, const Axis *axis) {
    static const struct {
        const char *label, *tip;
        Action action;
        float width_u;
    } ROWS[] = {{"−", "Further (− or the wheel)", ACTION_ZOOM_OUT, 28},
                {"+", "Nearer (+ or the wheel)", ACTION_ZOOM_IN, 28},
                {"All", "The whole run (0)", ACTION_ZOOM_WHOLE, 38}};
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = axis->ticks_y + u;
    const bool zoomed = canvas->input->span.to_ns != 0;
    float x = axis->box.x + 20 * u;
    for (size_t i = 0; i < 3; i++) {
        const bool idle = ROWS[i].action != ACTION_ZOOM_IN && !zoomed;
        const Rect place = {x, y - 12 * u, ROWS[i].width_u * u, 24 * u};
        const Color ink = color_fade(theme->ink2, idle ? 0.4f : 1); /* as a button without use */
        scene_rect(canvas->scene, place, 6 * u,
                   (Style){.stroke = idle ? theme->line : theme->line2, .stroke_px = u});
        canvas_text(canvas, FONT_SEMIBOLD, 13, ink, x + place.w / 2, y, ALIGN_MIDDLE,
                    ROWS[i].label);
        if (!idle) {
            scene_hit(canvas->scene, (Rect){x - 2 * u, axis->box.y, place.w + 4 * u, 36 * u},
                      ROWS[i].action, 0, ROWS[i].tip);
        }
        x += place.w + 4 * u;
    }
}

/* Where the viewer stands in a run that goes on: at its newest event, or how far behind. Returns
 * what the chip takes of the line of times. */
static Reserved live_draw(const Canvas *canvas, const Axis *axis) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, right = axis->box.x + axis->box.w - 12 * u, y = axis->ticks_y;
    if (!canvas->doc->live) {
        return (Reserved){right + 8 * u, right + 8 * u};
    }
    const uint64_t shown_ns = state_loop(canvas->doc->after)->now_ns;
    const uint64_t behind_ns = timeline_end_ns(canvas->doc->timeline) - shown_ns;
    const bool newest = state_count(canvas->doc->after) >= timeline_count(canvas->doc->timeline);
    char text[FORMAT_MAX + 16] = "LIVE", amount[FORMAT_MAX];
    if (!newest && behind_ns > 0) {
        snprintf(text, sizeof text, "%s behind", format_duration(amount, behind_ns));
    } else if (!newest) { /* no time has gone by since */
        const uint64_t behind =
            timeline_count(canvas->doc->timeline) - state_count(canvas->doc->after);
        snprintf(text, sizeof text, "%s event%s behind", format_count(amount, behind),
                 behind == 1 ? "" : "s");
    }
    const float width = canvas_width(canvas, FONT_SEMIBOLD, 13, text) + 34 * u;
    const Rect pill = {right - width, y - 12 * u, width, 24 * u};
    scene_rect(canvas->scene, pill, 12 * u,
               newest ? (Style){.fill = theme->card}
                      : (Style){.fill = theme->panel, .stroke = theme->line2, .stroke_px = u});
    scene_circle(canvas->scene, pill.x + 14 * u, y, 4 * u,
                 newest ? (Style){.fill = theme->thread}
                        : (Style){.stroke = theme->ink2, .stroke_px = 1.5f * u});
    canvas_text(canvas, FONT_SEMIBOLD, 13, newest ? theme->ink : theme->ink2, pill.x + 24 * u, y,
                ALIGN_LEFT, text);
    scene_hit(canvas->scene, (Rect){pill.x, y - 16 * u, pill.w, 36 * u}, ACTION_END, 0,
              newest ? "The newest event of the run (End)" : "Catch up with the run (End)");
    return (Reserved){pill.x, right};
}

/* ---- the playhead ---- */

/* Whether something is known that has not been shown yet. */
static bool has_future(const Canvas *canvas) {
    return state_count(canvas->doc->after) < timeline_count(canvas->doc->timeline);
}

static void future_draw(const Canvas *canvas, const Axis *axis, float playhead) {
    if (!has_future(canvas)) {
        return;
    }
    const float top = axis->ticks_y + 14 * canvas->u, from = fmaxf(playhead, axis->x0);
    scene_rect(canvas->scene,
               (Rect){from, top, axis->box.x + axis->box.w - from, axis->bottom - top + 2}, 0,
               (Style){.fill = color_fade(canvas->theme->panel, TIMELINE_VEIL)});
    for (uint32_t lane = 0; lane < axis->lanes; lane++) {
        const uint32_t task = axis_lane_task(axis, canvas, lane);
        if (task != EVENT_NONE) {
            timeline_end_draw(canvas, axis, task, axis_lane_y(axis, lane), playhead);
        }
    }
}

typedef struct Playhead {
    float x;
    Rect pill;
    char text[FORMAT_MAX];
    int beyond; /* -1 and 1: it stands to the left or to the right of what is seen */
} Playhead;

static Playhead playhead_make(const Canvas *canvas, const Axis *axis, float right) {
    const float u = canvas->u;
    Playhead head = {.x = axis_x(axis, shown_ns(canvas))};
    const TimePane *pane = canvas->input->pane;
    format_duration(head.text, pane != NULL ? pane->at_ns : state_loop(canvas->doc->after)->now_ns);
    head.beyond = head.x < axis->x0 - 1 ? -1 : head.x > axis->x1 + 1 ? 1 : 0;
    const float width =
        canvas_width(canvas, FONT_MONO_BOLD, 14, head.text) + (head.beyond != 0 ? 36 : 20) * u;
    const float height = 26 * u * fminf(canvas->text_scale, 1.15f);
    /* At the beginning it stands beside its line, so that it does not cover the buttons. */
    const float least = axis->x0 - (canvas->input->span.to_ns == 0 ? 10 : 0) * u;
    const float left = fminf(fmaxf(head.x - width / 2, least), right - width - 4 * u);
    head.pill = (Rect){left, axis->ticks_y - height / 2, width, height};
    return head;
}

static void playhead_line_draw(const Canvas *canvas, const Axis *axis, const Playhead *head) {
    if (head->beyond == 0) {
        const float u = canvas->u;
        scene_line(canvas->scene, head->x, axis->ticks_y + 10 * u, head->x, axis->bottom,
                   (Style){.stroke = canvas->theme->thread, .stroke_px = 2.5f * u});
    }
}

static void playhead_pill_draw(const Canvas *canvas, const Axis *axis, const Playhead *head) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = axis->ticks_y;
    const Rect pill = head->pill;
    scene_rect(canvas->scene, pill, pill.h / 2, (Style){.fill = theme->thread});
    const float shift = (float)head->beyond * -8 * u;
    canvas_text(canvas, FONT_MONO_BOLD, 14, theme->on_thread, pill.x + pill.w / 2 + shift, y,
                ALIGN_MIDDLE, head->text);
    if (head->beyond != 0) {
        arrow_draw(canvas, head->beyond < 0 ? pill.x + 13 * u : pill.x + pill.w - 13 * u, y, 5 * u,
                   head->beyond < 0 ? 270 : 90, theme->on_thread);
    }
}

/* Where a press would go. */
static void pointer_draw(const Canvas *canvas, const Axis *axis, Rect area) {
    const ViewInput *input = canvas->input;
    if (!pointer_over(input->pointer_x, input->pointer_y, area) || input->pointer_down) {
        return;
    }
    const float u = canvas->u;
    scene_line(canvas->scene, input->pointer_x, axis->ticks_y + 14 * u, input->pointer_x,
               axis->bottom,
               (Style){.stroke = canvas->theme->ink3,
                       .stroke_px = u,
                       .dash_on_px = 3 * u,
                       .dash_off_px = 3 * u});
}

/* A moment that stands out: a flag on a dashed line. */
static void mark_moment_draw(const Canvas *canvas, const Axis *axis) {
    const TimePane *pane = canvas->input->pane;
    const float u = canvas->u, x = pane == NULL ? -1 : axis_x(axis, (double)pane->mark_ns);
    if (pane == NULL || pane->mark_ns == UINT64_MAX || x < axis->x0 - 1 || x > axis->x1 + 1) {
        return;
    }
    const float top = axis->ticks_y + 14 * u;
    scene_line(canvas->scene, x, top, x, axis->bottom,
               (Style){.stroke = canvas->theme->ink,
                       .stroke_px = 2 * u,
                       .dash_on_px = 6 * u,
                       .dash_off_px = 4 * u});
    flag_draw(canvas, x, top, 14 * u);
}

/* What happened, veiled where it is still to come; the lines of moments; the words over both. */
static void lanes_draw(const Canvas *canvas, const Axis *axis, const Playhead *head) {
    TimeLabels labels = {0};
    if (axis->area) {
        timeline_area_draw(canvas, axis);
    } else {
        timeline_loop_draw(canvas, axis, &labels);
    }
    for (uint32_t lane = 0; lane < axis->lanes; lane++) {
        const uint32_t task = axis_lane_task(axis, canvas, lane);
        if (task != EVENT_NONE) {
            timeline_lane_draw(canvas, axis, task, axis_lane_y(axis, lane), &labels);
        }
    }
    future_draw(canvas, axis, head->x);
    mark_moment_draw(canvas, axis);
    playhead_line_draw(canvas, axis, head);
    timeline_labels_draw(canvas, axis, &labels, head->x, has_future(canvas));
    timeline_labels_finish(&labels);
    timeline_op_draw(canvas, axis);
    if (axis->area) {
        timeline_area_labels_draw(canvas, axis);
    }
}

void panel_timeline(const Canvas *canvas) {
    const Theme *theme = canvas->theme;
    Axis axis;
    axis_make(&axis, canvas);
    axis.name_u = timeline_name_size(canvas, &axis);
    timeline_frozen_find(canvas, &axis);
    const float u = canvas->u;
    const Rect area = {axis.x0 - 8 * u, axis.box.y, axis.box.x + axis.box.w - axis.x0 + 8 * u,
                       axis.box.h};
    const float ruler_h = (axis.area ? axis.top : axis.loop_y + 12 * u) - axis.box.y;
    scene_rect(canvas->scene, axis.box, 0, (Style){.fill = theme->panel});
    scene_clip(canvas->scene, axis.box);
    scene_hit(canvas->scene, area, ACTION_LANES, 0, "");
    scene_hit(canvas->scene, (Rect){area.x, area.y, area.w, ruler_h}, ACTION_SCRUB, 0, "");
    const Reserved live = live_draw(canvas, &axis);
    const Playhead head = playhead_make(canvas, &axis, live.from);
    const Reserved taken[] = {{head.pill.x, head.pill.x + head.pill.w}, live};
    ticks_draw(canvas, &axis, taken, 2);
    overview_draw(canvas, &axis);
    lanes_draw(canvas, &axis, &head);
    pointer_draw(canvas, &axis, area);
    const bool lower = canvas->input->pane != NULL && canvas->input->pane->lower;
    if (!lower && !canvas->input->no_controls) {
        zoom_draw(canvas, &axis);
    }
    playhead_pill_draw(canvas, &axis, &head);
    scene_unclip(canvas->scene);
}
