#include "view/two_ways.h"

#include "base/format.h"
#include "base/mem.h"
#include "view/compare_words.h"
#include "view/controls.h"
#include "view/shape_part.h"
#include "view/thaw.h"
#include "view/timeline_panel.h"

#include <math.h>
#include <stdlib.h>

enum {
    HEAD_U = 44,
    LABEL_U = 24,
    LANE_MIN_U = 7,
    LANE_MAX_U = 18,
    TOTAL_U = 116,
    BADGE_U = 18,
    LOW_U = 62, /* a way that is lower has no words above its lanes */
    FOLD_PX = 2,
};

#define WIDTH_SHARE         0.4f
#define WIDTH_SHARE_COMPACT 0.36f

/* What both ways share. */
typedef struct Ways {
    const TwoWays *two;
    uint64_t end_ns; /* of the axis */
    Thaw thaw;
    bool one_line; /* there is just one line that keeps the thread: it names the ways */
    bool words;    /* a line above the lanes */
} Ways;

Rect two_ways_place(const ViewInput *input, Layout *layout) {
    if (input->two_ways == NULL) {
        return (Rect){0};
    }
    Rect *timeline = &layout->timeline;
    const float width = timeline->w * (layout->compact ? WIDTH_SHARE_COMPACT : WIDTH_SHARE);
    timeline->w -= width;
    return (Rect){timeline->x + timeline->w, timeline->y, width, timeline->h};
}

/* ---- the head ---- */

static const char *where_text(const TwoWays *two) {
    return two->trouble != NULL || two->docs[0] == NULL ? ""
           : log_header(two->docs[0]->log)->has_seed    ? "both are simulated"
                                                        : "both were just run here";
}

static void head_draw(const Canvas *canvas, const Ways *ways, Rect box) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = box.y + box.h / 2;
    const Button see = {.label = "See in full",
                        .key = ACTIONS[ACTION_RUN_FIXED].shown,
                        .tip = "Both runs on one time axis, step by step (F)",
                        .action = ACTION_RUN_FIXED};
    float right = box.x + box.w;
    if (!canvas->input->no_controls) {
        right -= button_width(canvas, &see);
        button_draw(canvas, right, y, 28 * u, &see);
        right -= 14 * u;
    }
    const float x = box.x + 14 * u +
                    canvas_text_fit(canvas, FONT_SEMIBOLD, 16, theme->ink, box.x, y, ALIGN_LEFT,
                                    right - box.x, "Same work, two ways");
    const char *where = where_text(ways->two);
    if (x + canvas_width(canvas, FONT_REGULAR, 13, where) <= right) {
        canvas_text(canvas, FONT_REGULAR, 13, theme->ink3, right, y, ALIGN_RIGHT, where);
    }
}

/* ---- a way ---- */

static const char *way_name(size_t run) {
    return run == 0 ? "as it is" : "fixed";
}

/* "compute(0.4)   longest hold 400 ms" */
static void label_draw(const Canvas *canvas, const Ways *ways, size_t run, Rect line) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = line.y + line.h / 2;
    const Comparison *comparison = ways->two->comparison;
    char hold[FORMAT_MAX], words[2 * FORMAT_MAX] = "";
    if (comparison != NULL) {
        snprintf(words, sizeof words, "longest hold %s",
                 format_duration(hold, comparison->stats[run].longest_hold_ns));
    }
    const char *text = !ways->one_line ? way_name(run)
                       : run == 0      ? ways->thaw.keeps
                                       : ways->thaw.instead;
    const float x = line.x + 14 * u +
                    canvas_text_fit(canvas, ways->one_line ? FONT_MONO_MEDIUM : FONT_SEMIBOLD, 14,
                                    theme->ink, line.x, y, ALIGN_LEFT, line.w, text);
    if (x + canvas_width(canvas, FONT_REGULAR, 13, words) <= line.x + line.w) {
        canvas_text(canvas, FONT_REGULAR, 13, theme->ink3, x, y, ALIGN_LEFT, words);
    }
}

/* What runs lies over what waits, as on the large lanes; what is too short to be seen is folded. */
static void lane_draw(const Canvas *canvas, const Ways *ways, uint32_t task, Rect lane) {
    enum { SEGMENTS_MAX = 1024 };
    LaneSegment *segments = mem_alloc(SEGMENTS_MAX, sizeof *segments);
    const uint64_t fold_ns = (uint64_t)((double)ways->end_ns * (double)(FOLD_PX / lane.w));
    size_t count = timeline_lane(canvas->doc->timeline, task, 0, ways->end_ns, fold_ns, segments,
                                 SEGMENTS_MAX);
    count = count < SEGMENTS_MAX ? count : SEGMENTS_MAX;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            const TaskPhase phase = segments[i].phase;
            const ShapePart part = {
                .phase = phase,
                .kept = timeline_is_kept(&segments[i]),
                .from = (float)((double)segments[i].start_ns / (double)ways->end_ns),
                .to = (float)((double)segments[i].end_ns / (double)ways->end_ns)};
            const bool over =
                phase == TASK_RUNNING || phase == TASK_FAILED || phase == TASK_CANCELLED;
            if (phase != TASK_FINISHED && over == (pass == 1)) {
                shape_part_draw(canvas, &part, identity_color(canvas, task), lane);
            }
        }
    }
    free(segments);
}

/* A lane a task, as many as there is room for; returns how many. */
static uint32_t lanes_draw(const Canvas *canvas, const Ways *ways, Rect box) {
    const float u = canvas->u;
    const uint32_t tasks = timeline_task_count(canvas->doc->timeline);
    const uint32_t most = (uint32_t)fmaxf(1, floorf(box.h / (LANE_MIN_U * u)));
    const uint32_t shown = tasks < most ? tasks : most;
    const float pitch = fminf(box.h / (float)(shown > 0 ? shown : 1), LANE_MAX_U * u);
    for (uint32_t task = 0; task < shown; task++) {
        const Rect lane = {box.x + BADGE_U * u, box.y + pitch * (float)task, box.w - BADGE_U * u,
                           pitch};
        badge_draw(canvas, task, box.x + 6 * u, lane.y + pitch / 2, fminf(6 * u, pitch * 0.4f),
                   BADGE_FILLED, canvas->theme->panel);
        lane_draw(canvas, ways, task, lane);
    }
    const float end =
        box.x + BADGE_U * u +
        (box.w - BADGE_U * u) *
            (float)((double)timeline_end_ns(canvas->doc->timeline) / (double)ways->end_ns);
    scene_line(canvas->scene, end, box.y, end, box.y + pitch * (float)shown,
               (Style){.stroke = canvas->theme->ink, .stroke_px = 2 * u});
    return shown;
}

/* Under the total: "total", or how it came to its end before the work was done. */
static const char *total_word(const Canvas *canvas, const Ways *ways, size_t run) {
    const Comparison *comparison = ways->two->comparison;
    if (canvas->doc->live) {
        return "so far";
    }
    if (comparison != NULL && comparison->stats[run].reason != STOP_DONE) {
        return "then it stops";
    }
    return ways->words ? "total" : way_name(run);
}

static void total_draw(const Canvas *canvas, const Ways *ways, size_t run, Rect box) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = box.y + box.h / 2, right = box.x + box.w;
    const Comparison *comparison = ways->two->comparison;
    const bool worse = run == 0 && comparison != NULL && comparison_ratio(comparison) < 1 / 1.05;
    char total[FORMAT_MAX];
    format_duration(total, timeline_end_ns(canvas->doc->timeline));
    canvas_name_fit(canvas, FONT_BOLD, ways->words ? 22 : 19, worse ? theme->danger : theme->ink,
                    right, y - 9 * u * canvas->text_scale, ALIGN_RIGHT, box.w, total);
    canvas_text_fit(canvas, FONT_REGULAR, 13, theme->ink3, right, y + 11 * u * canvas->text_scale,
                    ALIGN_RIGHT, box.w, total_word(canvas, ways, run));
}

static void way_draw(const Canvas *base, const Ways *ways, size_t run, Rect box) {
    const float u = base->u, scale = base->text_scale;
    const float total_px = TOTAL_U * u * fminf(scale, 1.2f);
    Canvas canvas = *base;
    ViewInput input = *base->input;
    input.followed_count = 0;
    input.selected = EVENT_NONE;
    canvas.input = &input;
    canvas.doc = ways->two->docs[run];
    Rect lanes = {box.x, box.y, box.w - total_px - 12 * u, box.h};
    if (ways->words) {
        const float label = LABEL_U * u * scale;
        label_draw(base, ways, run, (Rect){box.x, box.y, lanes.w, label});
        lanes.y += label;
        lanes.h -= label;
    }
    if (canvas.doc == NULL) {
        canvas_text(base, FONT_REGULAR, 14, base->theme->ink3, lanes.x, lanes.y + 10 * u * scale,
                    ALIGN_LEFT, run == 0 ? "is run now" : "comes next");
        return;
    }
    const uint32_t shown = lanes_draw(&canvas, ways, lanes);
    const uint32_t tasks = timeline_task_count(canvas.doc->timeline);
    Rect total = {box.x + box.w - total_px, box.y, total_px, box.h};
    total_draw(&canvas, ways, run, total);
    if (shown < tasks && ways->words) {
        char number[FORMAT_MAX], text[FORMAT_MAX + 16];
        snprintf(text, sizeof text, "and %s more", format_count(number, tasks - shown));
        canvas_text_fit(&canvas, FONT_REGULAR, 13, canvas.theme->ink3, total.x + total.w,
                        box.y + box.h - 8 * u, ALIGN_RIGHT, total_px, text);
    }
}

/* ---- the panel ---- */

static uint64_t ways_end_ns(const TwoWays *two) {
    uint64_t end_ns = 1;
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        const uint64_t its = two->docs[run] == NULL ? 0 : axis_end_ns(two->docs[run]);
        end_ns = its > end_ns ? its : end_ns;
    }
    return end_ns;
}

void panel_two_ways(const Canvas *canvas, Rect box) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const TwoWays *two = canvas->input->two_ways;
    if (two == NULL) {
        return;
    }
    scene_rect(canvas->scene, box, 0, (Style){.fill = theme->panel});
    scene_line(canvas->scene, box.x, box.y, box.x, box.y + box.h,
               (Style){.stroke = theme->line, .stroke_px = u});
    /* All of it is pressed alike; the keyboard comes to its button. */
    if (!canvas->input->no_controls) {
        scene_hit(canvas->scene, box, ACTION_RUN_FIXED, 0, "");
    }
    Ways ways = {.two = two, .end_ns = ways_end_ns(two)};
    ways.one_line = thaw_only(canvas->doc, &ways.thaw);
    const float left = box.x + 24 * u, width = box.w - 48 * u, head = HEAD_U * u;
    head_draw(canvas, &ways, (Rect){left, box.y, width, head});
    if (two->trouble != NULL) {
        canvas_text_fit(canvas, FONT_REGULAR, 14, theme->danger_ink, left, box.y + head + 14 * u,
                        ALIGN_LEFT, width, two->trouble);
        return;
    }
    const float height = (box.h - head - 8 * u) / COMPARE_RUNS;
    ways.words = height >= LOW_U * u * canvas->text_scale;
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        way_draw(canvas, &ways, run,
                 (Rect){left, box.y + head + height * (float)run, width, height - 8 * u});
    }
}
