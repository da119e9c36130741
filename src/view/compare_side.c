/* What a run came to, beside its timeline; both on one scale. */
#include "base/format.h"
#include "view/caption_words.h"
#include "view/compare_parts.h"
#include "view/controls.h"

#include <math.h>
#include <stdio.h>

enum { ROW_U = 26, NUMBER_U = 84 };

/* The longest life of all tasks of both: it is as wide as the bars can be. */
static uint64_t longest_ns(const CompareInput *compare) {
    uint64_t longest = 1;
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        const TraceStats *stats = &compare->comparison->stats[run];
        for (uint32_t task = 0; task < stats->task_count; task++) {
            const TaskStats *its = &stats->tasks[task];
            const uint64_t ns = its->run_ns + its->ready_ns + its->wait_ns;
            longest = ns > longest ? ns : longest;
        }
    }
    return longest;
}

/* Running, ready and waiting as on the lanes, but each summed up. */
static void bar_draw(const Canvas *canvas, const TaskStats *task, Color color, Rect place,
                     uint64_t longest) {
    const float u = canvas->u, y = place.y + place.h / 2;
    const float scale = place.w / (float)longest;
    const float ran = (float)task->run_ns * scale, ready = (float)task->ready_ns * scale;
    const float waited = (float)task->wait_ns * scale;
    const float ready_x = place.x + fmaxf(ran, 1.5f), wait_x = ready_x + ready;
    const Rect ready_box = {ready_x, y - place.h * 0.31f, ready, place.h * 0.62f};
    if (ready >= 1) {
        scene_hatch(canvas->scene, ready_box, 6 * u, color, 1.5f * u);
        scene_rect(canvas->scene, ready_box, 0, (Style){.stroke = color, .stroke_px = 1.5f * u});
    }
    if (waited >= 1) {
        scene_line(canvas->scene, wait_x, y, wait_x + waited, y,
                   (Style){.stroke = color, .stroke_px = 3 * u});
    }
    scene_rect(canvas->scene, (Rect){place.x, place.y, fmaxf(ran, 1.5f), place.h},
               fminf(2 * u, ran), (Style){.fill = color});
}

static void task_draw(const Canvas *canvas, const CompareInput *compare, size_t run, size_t pair,
                      Rect row, uint64_t longest) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = row.y + row.h / 2;
    const uint32_t id = compare->comparison->pairs[pair].task[run];
    const TaskStats *task = &compare->comparison->stats[run].tasks[id];
    if (compare->selected == pair) {
        chosen_row_draw(canvas, row, identity_color(canvas, id));
    }
    const float numbers = NUMBER_U * u * canvas->text_scale;
    const Rect bar = {row.x + 42 * u, y - row.h * 0.34f, row.w - 42 * u - numbers - 24 * u,
                      row.h * 0.68f};
    badge_draw(canvas, id, row.x + 24 * u, y, fminf(10 * u, row.h * 0.4f), BADGE_FILLED,
               theme->panel);
    bar_draw(canvas, task, identity_color(canvas, id), bar, longest);
    char ran[FORMAT_MAX];
    canvas_text(canvas, FONT_MONO, 13, theme->ink2, row.x + row.w - 24 * u, y, ALIGN_RIGHT,
                format_duration(ran, task->run_ns));
    task_hit(canvas, row, id);
}

/* What the bar of the selected pair's task shows, in words; else what the bars are. */
static void tasks_head_draw(const Canvas *canvas, const CompareInput *compare, size_t run,
                            Rect line) {
    const Theme *theme = canvas->theme;
    const uint32_t id = compare->selected < compare->comparison->pair_count
                            ? compare->comparison->pairs[compare->selected].task[run]
                            : EVENT_NONE;
    const float y = line.y + line.h / 2;
    if (id == EVENT_NONE) {
        canvas_text(canvas, FONT_SEMIBOLD, 14, theme->ink2, line.x, y, ALIGN_LEFT,
                    "Each task's time");
        canvas_text(canvas, FONT_REGULAR, 13, theme->ink3, line.x + line.w, y, ALIGN_RIGHT, "ran");
        return;
    }
    const TaskStats *task = &compare->comparison->stats[run].tasks[id];
    char ran[FORMAT_MAX], ready[FORMAT_MAX], waited[FORMAT_MAX], text[4 * FORMAT_MAX];
    snprintf(text, sizeof text, "Ran %s, ready %s, waited %s", format_duration(ran, task->run_ns),
             format_duration(ready, task->ready_ns), format_duration(waited, task->wait_ns));
    canvas_name_fit(canvas, FONT_MEDIUM, 14, theme->ink, line.x, y, ALIGN_LEFT, line.w, text);
}

static void tasks_draw(const Canvas *canvas, const CompareInput *compare, size_t run, Rect box) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, left = box.x + 14 * u;
    const ComparePair *pairs = compare->comparison->pairs;
    const size_t tasks = compare->comparison->stats[run].task_count;
    const float row_h = ROW_U * u * fminf(canvas->text_scale, 1.15f);
    tasks_head_draw(canvas, compare, run, (Rect){left, box.y, box.w - 38 * u, 16 * u});
    const float top = box.y + 24 * u, room = box.y + box.h - top - 6 * u;
    size_t shown = (size_t)fmaxf(0, floorf(room / row_h));
    shown = shown >= tasks ? tasks : shown > 0 ? shown - 1 : 0;
    const uint64_t longest = longest_ns(compare);
    for (size_t pair = 0, drawn = 0; drawn < shown; pair++) {
        if (pairs[pair].task[run] != EVENT_NONE) { /* each run has its own tasks in its rows */
            const Rect row = {box.x, top + row_h * (float)drawn++, box.w, row_h};
            task_draw(canvas, compare, run, pair, row, longest);
        }
    }
    if (shown < tasks) {
        char number[FORMAT_MAX], text[FORMAT_MAX + 16];
        snprintf(text, sizeof text, "and %s more", format_count(number, tasks - shown));
        canvas_text(canvas, FONT_REGULAR, 13, theme->ink3, left,
                    top + row_h * ((float)shown + 0.5f), ALIGN_LEFT, text);
    }
}

/* "8 iterations · OS asked 7× · longest hold 31 µs"; what there is room for, the hold first. */
static void loop_draw(const Canvas *canvas, const TraceStats *stats, float x, float y,
                      float max_px) {
    char iterations[FORMAT_MAX], polls[FORMAT_MAX], hold[FORMAT_MAX];
    format_count(iterations, stats->iterations);
    format_count(polls, stats->polls);
    format_duration(hold, stats->longest_hold_ns);
    Buf text = {0};
    for (int left_out = 0; left_out < 3; left_out++) {
        buf_clear(&text);
        if (left_out < 2) {
            buf_printf(&text, "%s iteration%s · ", iterations, stats->iterations == 1 ? "" : "s");
        }
        if (left_out < 1) {
            buf_printf(&text, "OS asked %s× · ", polls);
        }
        buf_printf(&text, "longest hold %s", hold);
        if (canvas_width(canvas, FONT_REGULAR, 14, buf_text(&text)) <= max_px) {
            break;
        }
    }
    canvas_text_fit(canvas, FONT_REGULAR, 14, canvas->theme->ink2, x, y, ALIGN_LEFT, max_px,
                    buf_text(&text));
    buf_finish(&text);
}

/* How the run compares in one number; "" for the shorter one, and where they are about alike. */
static const char *times_text(const CompareInput *compare, size_t run, char out[32]) {
    const double ratio = comparison_ratio(compare->comparison);
    const double times = run == 1 ? ratio : ratio > 0 ? 1 / ratio : 0;
    const Log *const logs[COMPARE_RUNS] = {compare->docs[0]->log, compare->docs[1]->log};
    out[0] = '\0';
    if (times >= 1.05 && compare_times_tell(logs)) {
        snprintf(out, 32, "%.*f times as long", times < 10 ? 1 : 0, times);
    }
    return out;
}

void compare_side_draw(const Canvas *canvas, const CompareInput *compare, size_t run, Rect box) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    scene_rect(canvas->scene, box, 0, (Style){.fill = theme->panel});
    scene_line(canvas->scene, box.x, box.y, box.x, box.y + box.h,
               (Style){.stroke = theme->line, .stroke_px = u});
    scene_line(canvas->scene, box.x, box.y, box.x + box.w, box.y,
               (Style){.stroke = theme->line, .stroke_px = u});
    if (canvas->doc == NULL) {
        return;
    }
    char total[FORMAT_MAX], times[32];
    float x = box.x + 14 * u, y = box.y + 32 * u;
    const uint64_t total_ns = timeline_end_ns(canvas->doc->timeline);
    x += canvas_text(canvas, FONT_BOLD, 30, theme->ink, x, y, ALIGN_LEFT,
                     format_duration(total, total_ns)) +
         10 * u;
    x += canvas_text(canvas, FONT_REGULAR, 15, theme->ink3, x, y + 4 * u, ALIGN_LEFT,
                     canvas->doc->live ? "so far" : "total");
    if (compare->comparison == NULL) {
        return;
    }
    const char *words = times_text(compare, run, times);
    const float right = box.x + box.w - 24 * u;
    if (canvas_width(canvas, FONT_SEMIBOLD, 15, words) <= right - x - 12 * u) {
        canvas_text(canvas, FONT_SEMIBOLD, 15, theme->ink, right, y + 4 * u, ALIGN_RIGHT, words);
    } /* else the sentence above says it alone */
    loop_draw(canvas, &compare->comparison->stats[run], box.x + 14 * u, y + 34 * u, box.w - 38 * u);
    const float tasks_y = box.y + 88 * u;
    tasks_draw(canvas, compare, run, (Rect){box.x, tasks_y, box.w, box.y + box.h - tasks_y});
}
