/* Two runs on one time axis: places, headings, and the two timelines. */
#include "view/compare.h"

#include "base/format.h"
#include "view/compare_parts.h"
#include "view/timeline_panel.h"
#include "view/topbar.h"
#include "view/transport.h"

#include <math.h>

enum { VERDICT_U = 88, HEAD_U = 60, SIDE_U = 392, SIDE_COMPACT_U = 340 };

/* ---- places ---- */

static CompareLayout layout_of(const ViewInput *input) {
    CompareLayout layout;
    layout_make(&layout.main, input->width_px, input->height_px, input->text_scale);
    const float u = layout.main.u, width = (float)input->width_px;
    const Rect topbar = layout.main.topbar, usual = layout.main.transport;
    const float bottom = (float)input->height_px - usual.h;
    const float top = topbar.y + topbar.h + VERDICT_U * u;
    const float side = (layout.main.compact ? SIDE_COMPACT_U : SIDE_U) * u;
    const float half = (bottom - top) / COMPARE_RUNS;
    layout.main.transport = (Rect){0, bottom, width, usual.h};
    layout.verdict = (Rect){0, topbar.y + topbar.h, width, VERDICT_U * u};
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        const float y = top + half * (float)run, head = HEAD_U * u;
        layout.head[run] = (Rect){0, y, width - side, head};
        layout.pane[run] = (Rect){0, y + head, width - side, half - head};
        layout.side[run] = (Rect){width - side, y, side, half};
    }
    return layout;
}

size_t compare_run_at(const CompareInput *compare, float y) {
    return y < layout_of(compare->input).head[1].y ? 0 : 1;
}

uint64_t compare_mark_ns(const CompareInput *compare, size_t run) {
    const Comparison *comparison = compare->comparison;
    return comparison == NULL || !comparison->first.any || comparison->first.n[run] == UINT64_MAX
               ? UINT64_MAX
               : log_event(compare->docs[run]->log, comparison->first.n[run])->t_ns;
}

ViewInput compare_pane_input(const CompareInput *compare, size_t run, TimePane *pane) {
    const CompareLayout layout = layout_of(compare->input);
    ViewInput input = *compare->input;
    *pane = (TimePane){.box = layout.pane[run],
                       .at_ns = compare->clock->at_ns,
                       .mark_ns = compare_mark_ns(compare, run),
                       .lower = run > 0};
    for (size_t i = 0; i < COMPARE_RUNS; i++) {
        if (compare->docs[i] != NULL) {
            const uint64_t end_ns = axis_end_ns(compare->docs[i]);
            pane->end_ns = end_ns > pane->end_ns ? end_ns : pane->end_ns;
        }
    }
    input.pane = pane;
    input.followed_count = 0;
    input.filter = NULL;
    input.selected = EVENT_NONE;
    if (compare->comparison != NULL && compare->selected < compare->comparison->pair_count) {
        input.selected = compare->comparison->pairs[compare->selected].task[run];
    }
    return input;
}

/* ---- the top ---- */

static void top_draw(const Canvas *canvas, const CompareInput *compare) {
    const Rect box = canvas->layout->topbar;
    const float u = canvas->u, y = box.y + box.h / 2;
    Buf name = {0};
    buf_printf(&name, "%s and %s", compare->names[0], compare->names[1]);
    const float x = topbar_begin(canvas, box.w * 0.45f, buf_text(&name));
    buf_finish(&name);
    const float right = topbar_icons_draw(canvas, box.x + box.w - 24 * u, y) - 18 * u;
    static const char *const WORDS = "run one after the other, once each";
    if (!compare->saved[0] && !compare->saved[1] &&
        x + canvas_width(canvas, FONT_REGULAR, 14, WORDS) < right) {
        canvas_text(canvas, FONT_REGULAR, 14, canvas->theme->ink3, right, y, ALIGN_RIGHT, WORDS);
    }
}

static void difference_button_draw(const Canvas *canvas, Rect box, float y) {
    const float u = canvas->u;
    const Button button = {.icon = ICON_NONE,
                           .label = "Go there",
                           .key = ACTIONS[ACTION_DIFFERENCE].shown,
                           .tip = "Where the two orders part (D)",
                           .action = ACTION_DIFFERENCE};
    button_draw(canvas, box.x + box.w - 24 * u - button_width(canvas, &button), y, 36 * u, &button);
}

/* What comes of it all: how the times compare, and how the orders do. */
static void verdict_draw(const Canvas *canvas, const CompareInput *compare, Rect box) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, x = box.x + 24 * u, room = box.w - 220 * u;
    scene_rect(canvas->scene, box, 0, (Style){.fill = theme->panel});
    Buf first = {0}, second = {0};
    const Comparison *comparison = compare->comparison;
    if (comparison != NULL) {
        const Log *const logs[COMPARE_RUNS] = {compare->docs[0]->log, compare->docs[1]->log};
        compare_words_ratio(comparison, logs, &first);
        compare_words_alike(comparison, &second);
    } else {
        buf_append_text(&first, compare->docs[1] == NULL ? "The first run is under way."
                                                         : "The second run is under way.");
        buf_append_text(&second, "The comparison comes when both have ended.");
    }
    canvas_text_fit(canvas, FONT_SEMIBOLD, 24, theme->ink, x, box.y + 32 * u, ALIGN_LEFT, room,
                    buf_text(&first));
    canvas_text_fit(canvas, FONT_REGULAR, 16, theme->ink2, x, box.y + 64 * u, ALIGN_LEFT, room,
                    buf_text(&second));
    if (comparison != NULL && comparison->first.any) {
        difference_button_draw(canvas, box, box.y + 48 * u);
    }
    buf_finish(&first);
    buf_finish(&second);
}

/* ---- a run ---- */

/* "1  three-writers   run now            Linux: io_uring + epoll" and what happens at the flag. */
static void head_draw(const Canvas *canvas, const CompareInput *compare, size_t run, Rect box) {
    static const char *const NUMBERS[COMPARE_RUNS] = {"1", "2"};
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = box.y + 20 * u;
    float x = box.x + 24 * u, right = box.x + box.w - 24 * u;
    scene_rect(canvas->scene, (Rect){x, y - 11 * u, 22 * u, 22 * u}, 6 * u,
               (Style){.fill = theme->ink});
    canvas_text(canvas, FONT_BOLD, 14, theme->app, x + 11 * u, y, ALIGN_MIDDLE, NUMBERS[run]);
    x += 34 * u;
    if (canvas->doc != NULL) {
        right = topbar_back_end_draw(canvas, right, y) - 16 * u;
    }
    x += canvas_text_fit(canvas, FONT_SEMIBOLD, 18, theme->ink, x, y, ALIGN_LEFT, right - x,
                         compare->names[run]) +
         16 * u;
    const char *state = compare->saved[run]   ? "saved run"
                        : canvas->doc == NULL ? "comes next"
                        : canvas->doc->live   ? "runs"
                                              : "run now";
    if (x + canvas_width(canvas, FONT_REGULAR, 14, state) < right) {
        x += canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, x, y, ALIGN_LEFT, state) + 16 * u;
    }
    if (canvas->doc != NULL && canvas->doc->trouble != NULL && right - x > 60 * u) {
        warning_draw(canvas, x + 9 * u, y - u, 8 * u, theme->panel);
        canvas_text_fit(canvas, FONT_MEDIUM, 14, theme->danger_ink, x + 24 * u, y, ALIGN_LEFT,
                        right - x - 24 * u, canvas->doc->trouble);
    }
    if (compare->comparison != NULL && compare->comparison->first.any) {
        Buf text = {0};
        compare_words_event(compare->comparison, run, canvas->doc->timeline, &text);
        flag_draw(canvas, box.x + 32 * u, box.y + 41 * u, 14 * u);
        canvas_text_fit(canvas, FONT_REGULAR, 15, theme->ink, box.x + 58 * u, box.y + 47 * u,
                        ALIGN_LEFT, box.w - 82 * u, buf_text(&text));
        buf_finish(&text);
    }
}

static void run_draw(const Canvas *base, const CompareInput *compare, const CompareLayout *places,
                     size_t run) {
    TimePane pane;
    const ViewInput input = compare_pane_input(compare, run, &pane);
    Layout layout = places->main;
    layout.timeline = places->pane[run];
    Canvas canvas = *base;
    canvas.doc = compare->docs[run];
    canvas.input = &input;
    canvas.layout = &layout;
    const Rect head = places->head[run];
    scene_rect(canvas.scene, head, 0, (Style){.fill = canvas.theme->panel});
    if (canvas.doc == NULL) {
        scene_rect(canvas.scene, layout.timeline, 0, (Style){.fill = canvas.theme->panel});
    } else {
        panel_timeline(&canvas);
    }
    head_draw(&canvas, compare, run, head);
    scene_line(canvas.scene, head.x, head.y, head.x + head.w, head.y,
               (Style){.stroke = canvas.theme->line, .stroke_px = canvas.u});
    compare_side_draw(&canvas, compare, run, places->side[run]);
}

/* Over everything: what lies under the pointer, and what was asked for. */
static void words_draw(const Canvas *base, const CompareInput *compare,
                       const CompareLayout *places) {
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        TimePane pane;
        const ViewInput input = compare_pane_input(compare, run, &pane);
        Layout layout = places->main;
        layout.timeline = places->pane[run];
        Canvas canvas = *base;
        canvas.doc = compare->docs[run];
        canvas.input = &input;
        canvas.layout = &layout;
        if (canvas.doc == NULL) {
            continue;
        }
        if (compare->told != LANE_NOTHING && compare->told_run == run) {
            timeline_told_draw(&canvas, compare->told, compare->told_task, compare->told_ns);
        }
        if (pointer_over(input.pointer_x, input.pointer_y, pane.box)) {
            timeline_hover_draw(&canvas);
        }
    }
}

void view_compare(Scene *scene, const CompareInput *compare, const Metrics *metrics) {
    const ViewInput *input = compare->input;
    const CompareLayout places = layout_of(input);
    const Canvas canvas = {.scene = scene,
                           .theme = theme_get(input->theme),
                           .metrics = metrics,
                           .layout = &places.main,
                           .u = places.main.u,
                           .text_scale = input->text_scale,
                           .input = input};
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        const ViewDoc *doc = compare->docs[run];
        if (doc != NULL) {
            state_seek(doc->after, compare->clock->counts[run]);
        }
    }
    scene_clear(scene, input->width_px, input->height_px);
    scene_rect(scene, (Rect){0, 0, (float)input->width_px, (float)input->height_px}, 0,
               (Style){.fill = canvas.theme->panel});
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        run_draw(&canvas, compare, &places, run);
    }
    verdict_draw(&canvas, compare, places.verdict);
    char text[64];
    const CompareClock *clock = compare->clock;
    const bool over = compare->comparison != NULL;
    Timeline *const timelines[COMPARE_RUNS] = {
        compare->docs[0]->timeline, compare->docs[1] == NULL ? NULL : compare->docs[1]->timeline};
    transport_draw(&canvas, &(Transport){.moving_on = clock->playing,
                                         .at_start = clock->counts[0] + clock->counts[1] == 0,
                                         .at_end = over && compare_clock_at_end(clock, timelines),
                                         .pace = clock->pace,
                                         .pace_count = COMPARE_PACE_COUNT,
                                         .pace_text = compare_pace_text(clock, text),
                                         .pace_widest = "100 000 times slower"});
    top_draw(&canvas, compare);
    if (input->help) {
        panel_help(&canvas, SCREEN_COMPARE);
    } else {
        words_draw(&canvas, compare, &places);
    }
    focus_draw(&canvas, input->control);
    tip_draw(&canvas, input->control, input->pointer_x, input->pointer_y);
}
