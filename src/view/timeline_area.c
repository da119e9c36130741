/* More tasks than lanes: how many are ready, wait and have ended, as areas on top of each other. */
#include "base/format.h"
#include "base/mem.h"
#include "view/controls.h"
#include "view/timeline_panel.h"

#include <math.h>
#include <stdlib.h>

enum { COLUMNS_MAX = 240, COLUMN_U = 6 };

typedef struct Counts {
    double ended, waiting, ready;
} Counts;

static Counts counts_of(const uint32_t *phases) {
    return (Counts){.ended = (double)phases[TASK_FINISHED] + phases[TASK_FAILED] +
                             phases[TASK_CANCELLED],
                    .waiting = phases[TASK_WAITING],
                    .ready = (double)phases[TASK_NEW] + phases[TASK_READY] + phases[TASK_RUNNING]};
}

/* The height of the whole area stands for this many. */
static double most_tasks(const Canvas *canvas) {
    return (double)timeline_task_count(canvas->doc->timeline) * 1.04;
}

static float height_of(const Axis *axis, double tasks, double most) {
    return axis->area_bottom - (axis->area_bottom - axis->top) * (float)(tasks / most);
}

/* Which counts a layer lies on, and its own. */
static double layer_low(const Counts *counts, int layer) {
    return layer == 0 ? 0 : layer == 1 ? counts->ended : counts->ended + counts->waiting;
}

static double layer_high(const Counts *counts, int layer) {
    return layer == 0   ? counts->ended
           : layer == 1 ? counts->ended + counts->waiting
                        : counts->ended + counts->waiting + counts->ready;
}

/* The last time in view at which something is known. */
static uint64_t seen_until(const Canvas *canvas, const Axis *axis) {
    const uint64_t last_ns = timeline_end_ns(canvas->doc->timeline);
    return last_ns < axis->to_ns ? last_ns : axis->to_ns;
}

static void layer_draw(const Canvas *canvas, const Axis *axis, const Counts *columns, size_t count,
                       double most, int layer, Color color) {
    const double from_ns = (double)axis->from_ns;
    const double width_ns = (double)seen_until(canvas, axis) - from_ns;
    Point *points = mem_alloc(2 * count, sizeof *points);
    for (size_t i = 0; i < count; i++) {
        const float x = axis_x(axis, from_ns + width_ns * (double)i / (double)(count - 1));
        points[i] = (Point){x, height_of(axis, layer_high(&columns[i], layer), most)};
        points[2 * count - 1 - i] =
            (Point){x, height_of(axis, layer_low(&columns[i], layer), most)};
    }
    scene_polygon(canvas->scene, points, 2 * count, (Style){.fill = color});
    free(points);
}

/* What the layers are at the cursor, written beside the playhead. */
void timeline_area_labels_draw(const Canvas *canvas, const Axis *axis) {
    const double most = most_tasks(canvas);
    static const char *const WORDS[3] = {" ended", " waiting", " ready"};
    const Theme *theme = canvas->theme;
    const float u = canvas->u, pitch = 19 * u * canvas->text_scale;
    const uint64_t *phases = state_loop(canvas->doc->after)->phase_counts;
    uint32_t now[TASK_PHASE_COUNT];
    for (int i = 0; i < TASK_PHASE_COUNT; i++) {
        now[i] = (uint32_t)phases[i];
    }
    const Counts counts = counts_of(now);
    const double values[3] = {counts.ended, counts.waiting, counts.ready};
    const float playhead = axis_x(axis, (double)state_loop(canvas->doc->after)->now_ns);
    if (playhead < axis->x0 || playhead > axis->x1 + 1) {
        return;
    }
    const bool right_side = playhead + 170 * u * canvas->text_scale < axis->x1;
    float floor_y = axis->area_bottom - 9 * u;
    const bool tight = axis->area_bottom - axis->top < 2 * pitch + 18 * u;
    for (int layer = 0; layer < 3; layer++) {
        if (tight && values[layer] <= 0) {
            continue; /* there is no room for what is not there */
        }
        const double middle = (layer_low(&counts, layer) + layer_high(&counts, layer)) / 2;
        /* room for the labels above this one, below the playhead's pill */
        const float ceiling_y = axis->top + 9 * u + (float)(2 - layer) * pitch;
        const float y = fminf(fmaxf(height_of(axis, middle, most), ceiling_y), floor_y);
        floor_y = y - pitch;
        char number[FORMAT_MAX];
        format_count(number, (uint64_t)values[layer]);
        const float width = canvas_width(canvas, FONT_SEMIBOLD, 14, number) +
                            canvas_width(canvas, FONT_REGULAR, 14, WORDS[layer]);
        const float x = right_side ? playhead + 14 * u : playhead - 14 * u - width;
        scene_rect(canvas->scene, (Rect){x - 5 * u, y - 9 * u, width + 10 * u, 18 * u}, 4 * u,
                   (Style){.fill = color_fade(theme->panel, 0.85f)});
        pieces_draw(canvas, 14, x, y,
                    (TextPiece[]){{number, FONT_SEMIBOLD, theme->ink},
                                  {WORDS[layer], FONT_REGULAR, theme->ink2}},
                    2);
    }
}

static void total_draw(const Canvas *canvas, const Axis *axis) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    char total[FORMAT_MAX];
    format_count(total, timeline_task_count(canvas->doc->timeline));
    canvas_text(canvas, FONT_SEMIBOLD, 14, theme->ink2, axis->x0 - 16 * u, axis->top + 10 * u,
                ALIGN_RIGHT, "Tasks");
    canvas_text(canvas, FONT_MONO, 13, theme->ink3, axis->x0 - 16 * u,
                axis->top + 30 * u * canvas->text_scale, ALIGN_RIGHT, total);
}

void timeline_area_draw(const Canvas *canvas, const Axis *axis) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const uint64_t last_ns = seen_until(canvas, axis);
    total_draw(canvas, axis);
    if (last_ns <= axis->from_ns) {
        return;
    }
    const float width = axis_x(axis, (double)last_ns) - axis->x0;
    size_t count = (size_t)(width / (COLUMN_U * u)) + 2;
    count = count < COLUMNS_MAX ? count : COLUMNS_MAX;
    uint32_t(*phases)[TASK_PHASE_COUNT] = mem_alloc(count, sizeof *phases);
    Counts *columns = mem_alloc(count, sizeof *columns);
    timeline_counts(canvas->doc->timeline, axis->from_ns, last_ns, count, phases);
    for (size_t i = 0; i < count; i++) {
        columns[i] = counts_of(phases[i]);
    }
    const double most = most_tasks(canvas);
    layer_draw(canvas, axis, columns, count, most, 0, theme->line);
    layer_draw(canvas, axis, columns, count, most, 1, theme->kernel_line);
    layer_draw(canvas, axis, columns, count, most, 2, theme->ink2);
    free(columns);
    free(phases);
}
