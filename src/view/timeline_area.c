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

/* A square of the layer's colour, the number, the word. */
static float count_width(const Canvas *canvas, const char *number, const char *word) {
    return 15 * canvas->u + canvas_width(canvas, FONT_SEMIBOLD, 14, number) +
           canvas_width(canvas, FONT_REGULAR, 14, word);
}

enum { LAYERS = 3 };

static Color layer_color(const Theme *theme, int layer) {
    return layer == 0 ? theme->line : layer == 1 ? theme->kernel_line : theme->ink2;
}

/* "40 waiting", on a piece of the panel's ground. */
static void count_draw(const Canvas *canvas, float x, float y, int layer, const char *number,
                       const char *word) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, height = 18 * u * canvas->text_scale;
    const float width = count_width(canvas, number, word);
    scene_rect(canvas->scene, (Rect){x - 5 * u, y - height / 2, width + 10 * u, height}, 4 * u,
               (Style){.fill = theme->panel});
    scene_rect(canvas->scene, (Rect){x, y - 5 * u, 10 * u, 10 * u}, 2 * u,
               (Style){.fill = layer_color(theme, layer), .stroke = theme->line2, .stroke_px = u});
    pieces_draw(
        canvas, 14, x + 15 * u, y,
        (TextPiece[]){{number, FONT_SEMIBOLD, theme->ink}, {word, FONT_REGULAR, theme->ink2}}, 2);
}

/* Where the counts stand: each in its layer, or, where the area is low, in one row. */
static void counts_draw(const Canvas *canvas, const Axis *axis, const Counts *counts,
                        float playhead) {
    static const char *const WORDS[LAYERS] = {" ended", " waiting", " ready"};
    const double values[LAYERS] = {counts->ended, counts->waiting, counts->ready};
    const double most = most_tasks(canvas);
    const float u = canvas->u, pitch = 19 * u * canvas->text_scale, gap = 14 * u;
    const float low = axis->area_bottom - 9 * u, high = axis->top + 9 * u;
    const bool row = low - high < 2 * pitch;
    char numbers[LAYERS][FORMAT_MAX];
    float widths[LAYERS], total = 0, widest = 0;
    for (int layer = 0; layer < LAYERS; layer++) {
        format_count(numbers[layer], (uint64_t)values[layer]);
        widths[layer] = count_width(canvas, numbers[layer], WORDS[layer]);
        total += widths[layer] + gap;
        widest = fmaxf(widest, widths[layer]);
    }
    const bool right_side = playhead + (row ? total : widest + gap) < axis->x1;
    float x = playhead + gap, floor_y = low;
    if (!right_side) {
        x = fmaxf(playhead - total, axis->x0 + 5 * u);
    }
    for (int k = 0; k < LAYERS; k++) {
        const int layer = row ? LAYERS - 1 - k : k; /* in a row as from top to bottom */
        if (row) {
            count_draw(canvas, x, (low + high) / 2, layer, numbers[layer], WORDS[layer]);
            x += widths[layer] + gap;
            continue;
        }
        const double middle = (layer_low(counts, layer) + layer_high(counts, layer)) / 2;
        /* room for the labels above this one, below the playhead's pill */
        const float ceiling_y = high + (float)(LAYERS - 1 - layer) * pitch;
        const float y = fminf(fmaxf(height_of(axis, middle, most), ceiling_y), floor_y);
        floor_y = y - pitch;
        count_draw(canvas, right_side ? playhead + gap : playhead - gap - widths[layer], y, layer,
                   numbers[layer], WORDS[layer]);
    }
}

/* What the layers are at the cursor, written beside the playhead. */
void timeline_area_labels_draw(const Canvas *canvas, const Axis *axis) {
    const uint64_t *phases = state_loop(canvas->doc->after)->phase_counts;
    uint32_t now[TASK_PHASE_COUNT];
    for (int i = 0; i < TASK_PHASE_COUNT; i++) {
        now[i] = (uint32_t)phases[i];
    }
    Counts counts = counts_of(now);
    counts.ready -= now[TASK_RUNNING]; /* as the ready queue counts */
    const float playhead = axis_x(axis, (double)state_loop(canvas->doc->after)->now_ns);
    if (playhead >= axis->x0 && playhead <= axis->x1 + 1) {
        counts_draw(canvas, axis, &counts, playhead);
    }
}

static void total_draw(const Canvas *canvas, const Axis *axis) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    char total[FORMAT_MAX];
    format_count(total, timeline_task_count(canvas->doc->timeline));
    canvas_text(canvas, FONT_SEMIBOLD, 14, theme->ink2, axis->x0 - 16 * u, axis->top + 10 * u,
                ALIGN_RIGHT, "Tasks");
    const float y = axis->top + 30 * u * canvas->text_scale;
    if (y + 8 * u * canvas->text_scale <= axis->area_bottom) { /* else the counts say it */
        canvas_text(canvas, FONT_MONO, 13, theme->ink3, axis->x0 - 16 * u, y, ALIGN_RIGHT, total);
    }
}

void timeline_area_draw(const Canvas *canvas, const Axis *axis) {
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
    for (int layer = 0; layer < LAYERS; layer++) {
        layer_draw(canvas, axis, columns, count, most, layer, layer_color(canvas->theme, layer));
    }
    free(columns);
    free(phases);
}
