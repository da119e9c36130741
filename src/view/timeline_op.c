/* The bracket over a lane: for how long the system had the operation that is inspected. */
#include "base/format.h"
#include "view/caption_words.h"
#include "view/inspect_facts.h"
#include "view/timeline_panel.h"

#include <math.h>

/* The lane's middle, or below 0 where the task has none. */
static float lane_of(const Canvas *canvas, const Axis *axis, uint32_t task) {
    for (uint32_t lane = 0; lane < axis->lanes; lane++) {
        if (axis_lane_task(axis, canvas, lane) == task) {
            return axis_lane_y(axis, lane);
        }
    }
    return -1;
}

/* Its words stand in it, or behind it, or before it, wherever there is room; not between lanes that
 * are so near that they would cover those of the waits. */
static void words_draw(const Canvas *canvas, const Axis *axis, float from, float to, float y,
                       const char *words) {
    const float u = canvas->u, width = canvas_width(canvas, FONT_SEMIBOLD, 13, words);
    const float half = 8 * u * canvas->text_scale;
    if (axis->lane_h / 2 < half + 4 * u * canvas->text_scale) {
        return;
    }
    const float least = axis->x0, most = axis->box.x + axis->box.w;
    const float left = fmaxf(from, least), right = fminf(to, most);
    float x = (left + right - width) / 2;
    if (right - left < width + 28 * u) {
        x = right + width + 10 * u < most ? right + 8 * u : left - width - 8 * u;
    }
    scene_rect(canvas->scene, (Rect){x - 6 * u, y - half, width + 12 * u, 2 * half}, 3 * u,
               (Style){.fill = canvas->theme->panel});
    canvas_text(canvas, FONT_SEMIBOLD, 13, canvas->theme->ink, x, y, ALIGN_LEFT, words);
}

void timeline_op_draw(const Canvas *canvas, const Axis *axis) {
    const Timeline *timeline = canvas->doc->timeline;
    const uint64_t count = state_count(canvas->doc->after);
    if (canvas->input->mode != MODE_INSPECT || canvas->input->pane != NULL || count == 0) {
        return;
    }
    const uint32_t op = inspect_op(timeline, count - 1);
    const Event *asked = op == EVENT_NONE ? NULL : words_op_submitted(timeline, op);
    OpSpan span;
    if (asked == NULL || !inspect_op_span(timeline, op, &span) || span.to_ns == UINT64_MAX) {
        return;
    }
    const float lane = lane_of(canvas, axis, asked->task);
    const float from = axis_x(axis, (double)span.from_ns), to = axis_x(axis, (double)span.to_ns);
    if (lane < 0 || to < axis->x0 || from > axis->box.x + axis->box.w) {
        return;
    }
    const float u = canvas->u, y = lane - fminf(17 * u, axis->lane_h * 0.5f), end = 4 * u;
    const Style style = {.stroke = canvas->theme->ink, .stroke_px = 2 * u};
    char text[FORMAT_MAX];
    Buf words = {0};
    buf_printf(&words, "%s %s", format_duration(text, span.to_ns - span.from_ns),
               inspect_op_where(timeline, op));
    scene_clip(canvas->scene, axis_area(axis));
    scene_line(canvas->scene, fmaxf(from, axis->x0 - end), y, to, y, style);
    scene_line(canvas->scene, from, y - end, from, y + end, style);
    scene_line(canvas->scene, to, y - end, to, y + end, style);
    words_draw(canvas, axis, from, to, y, buf_text(&words));
    scene_unclip(canvas->scene);
    buf_finish(&words);
}
