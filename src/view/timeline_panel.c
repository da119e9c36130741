/* The timeline: when everything happened, and where the viewer stands in it. */
#include "view/timeline_panel.h"

#include "base/format.h"
#include "view/controls.h"

#include <math.h>
#include <stdio.h>

#define TICK_GAP_U 105 /* between two times at least */

/* The time at the cursor; while an event moves, on its way from the one before. */
static double shown_ns(const Canvas *canvas) {
    const double from = (double)state_loop(canvas->doc->before)->now_ns;
    const double to = (double)state_loop(canvas->doc->after)->now_ns;
    return from + (to - from) * (double)canvas->input->player->phase;
}

/* ---- the axis ---- */

static uint64_t tick_step(const Axis *axis, float gap_px) {
    const uint64_t least = axis_span_ns(axis, gap_px) + 1;
    for (uint64_t power = 1;; power *= 10) {
        for (uint64_t step = 1; step <= 5; step = step == 1 ? 2 : step == 2 ? 5 : 6) {
            if (step * power >= least) {
                return step * power;
            }
        }
    }
}

static const char *tick_text(uint64_t t_ns, char out[32]) {
    if (t_ns == 0) {
        snprintf(out, 32, "0");
    } else if (t_ns < 1000) {
        snprintf(out, 32, "%llu ns", (unsigned long long)t_ns);
    } else if (t_ns < 1000000) {
        snprintf(out, 32, "%g µs", (double)t_ns / 1e3);
    } else if (t_ns < 1000000000) {
        snprintf(out, 32, "%g ms", (double)t_ns / 1e6);
    } else {
        snprintf(out, 32, "%g s", (double)t_ns / 1e9);
    }
    return out;
}

static void ticks_draw(const Canvas *canvas, const Axis *axis, float playhead) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const uint64_t step = tick_step(axis, TICK_GAP_U * u * canvas->text_scale);
    for (uint64_t t = 0; t <= axis->end_ns; t += step) {
        const float x = axis_x(axis, (double)t);
        scene_line(canvas->scene, x, axis->ticks_y + 14 * u, x, axis->bottom,
                   (Style){.stroke = theme->line, .stroke_px = u});
        char text[32];
        tick_text(t, text);
        const float half = canvas_width(canvas, FONT_MONO, 13, text) / 2;
        if (fabsf(x - playhead) > half + 56 * u * canvas->text_scale &&
            x + half < axis->box.x + axis->box.w - 4 * u) {
            canvas_text(canvas, FONT_MONO, 13, theme->ink3, x, axis->ticks_y, ALIGN_MIDDLE, text);
        }
    }
}

/* ---- the playhead ---- */

static void future_draw(const Canvas *canvas, const Axis *axis, float playhead) {
    const uint64_t count = state_count(canvas->doc->after);
    if (count >= timeline_count(canvas->doc->timeline)) {
        return;
    }
    const float top = axis->ticks_y + 14 * canvas->u;
    scene_rect(canvas->scene,
               (Rect){playhead, top, axis->box.x + axis->box.w - playhead, axis->bottom - top + 2},
               0, (Style){.fill = color_fade(canvas->theme->panel, 0.62f)});
}

static void playhead_draw(const Canvas *canvas, const Axis *axis, float x) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    char text[FORMAT_MAX];
    format_duration(text, state_loop(canvas->doc->after)->now_ns);
    scene_line(canvas->scene, x, axis->ticks_y + 10 * u, x, axis->bottom,
               (Style){.stroke = theme->thread, .stroke_px = 2.5f * u});
    const float width = canvas_width(canvas, FONT_MONO_BOLD, 14, text) + 20 * u;
    const float height = 26 * u * fminf(canvas->text_scale, 1.15f);
    const float left =
        fminf(fmaxf(x - width / 2, axis->box.x + 4 * u), axis->box.x + axis->box.w - width - 4 * u);
    scene_rect(canvas->scene, (Rect){left, axis->ticks_y - height / 2, width, height}, height / 2,
               (Style){.fill = theme->thread});
    canvas_text(canvas, FONT_MONO_BOLD, 14, theme->on_thread, left + width / 2, axis->ticks_y,
                ALIGN_MIDDLE, text);
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

/* The task that is followed, then the first and the last: they show how far apart tasks run. */
static uint32_t pinned_task(const Canvas *canvas, uint32_t lane) {
    const uint32_t count = timeline_task_count(canvas->doc->timeline);
    const uint32_t selected = canvas->input->selected;
    if (selected < count) {
        return lane == 0 ? selected : selected == 0 ? count - 1 : 0;
    }
    return lane == 0 ? 0 : count - 1;
}

void panel_timeline(const Canvas *canvas) {
    const Theme *theme = canvas->theme;
    Axis axis;
    axis_make(&axis, canvas);
    const float playhead = axis_x(&axis, shown_ns(canvas));
    const Rect area = {axis.x0 - 8 * canvas->u, axis.box.y, axis.box.x + axis.box.w - axis.x0,
                       axis.box.h};
    scene_rect(canvas->scene, axis.box, 0, (Style){.fill = theme->panel});
    scene_clip(canvas->scene, axis.box);
    ticks_draw(canvas, &axis, playhead);
    scene_hit(canvas->scene, area, ACTION_SCRUB, 0, "");
    float y = axis.top;
    if (axis.area) {
        timeline_area_draw(canvas, &axis);
        y = axis.area_bottom + 2 * canvas->u;
    } else {
        timeline_loop_draw(canvas, &axis);
    }
    for (uint32_t lane = 0; lane < axis.lanes; lane++, y += axis.lane_h) {
        timeline_lane_draw(canvas, &axis, axis.area ? pinned_task(canvas, lane) : lane,
                           y + axis.lane_h / 2);
    }
    future_draw(canvas, &axis, playhead);
    if (axis.area) {
        timeline_area_labels_draw(canvas, &axis);
    }
    pointer_draw(canvas, &axis, area);
    playhead_draw(canvas, &axis, playhead);
    scene_unclip(canvas->scene);
}

uint64_t panel_timeline_cursor(const Canvas *canvas, float x) {
    Axis axis;
    axis_make(&axis, canvas);
    return timeline_count_at(canvas->doc->timeline, axis_time(&axis, x));
}
