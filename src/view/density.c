/* Many tasks: the same places, but dots, bars and counts instead of cards. Every mark stands for
 * something in the recording, and a frame stays below a thousand draws whatever the run's size. */
#include "view/stage.h"

#include "base/format.h"
#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    READ_MAX = 10000, /* operations and timers that are looked at, in a frame */
    BINS_DOWN = 4,
    BINS_ACROSS = 20,
    BINS = BINS_DOWN * BINS_ACROSS,
    KIND_TIMER = IO_CALL_COUNT,
    KIND_WOKEN, /* what they waited for is there; the callback that tells them is queued */
    KIND_OTHER,
    KIND_COUNT,
    ROWS_SHOWN = 3,
    DOTS_DOWN = 6,
    DOTS_MAX = 512,
};

typedef struct KindCount {
    uint64_t count;
    uint64_t oldest_ns, newest_ns; /* how long they have lasted */
    uint32_t bins[BINS];           /* by time waited, linear up to the longest of all */
} KindCount;

typedef struct Counts {
    KindCount kinds[KIND_COUNT];
    uint64_t longest_ns;
    uint64_t looked_at, total; /* fewer where there are more than READ_MAX */
} Counts;

static const char *kind_name(int kind) {
    if (kind == KIND_TIMER) {
        return "sleep";
    }
    if (kind == KIND_WOKEN) {
        return "woken";
    }
    if (kind == KIND_OTHER) {
        return "others";
    }
    return kind == IO_OPENAT ? "open" : IO_CALL_WORDS[kind];
}

typedef struct Wait {
    int kind;
    uint64_t lasted_ns;
} Wait;

static void count_wait(Counts *counts, const Wait *wait) {
    KindCount *kind = &counts->kinds[wait->kind];
    const double share =
        counts->longest_ns > 0 ? (double)wait->lasted_ns / (double)counts->longest_ns : 0;
    const int bin = (int)(share * BINS);
    kind->bins[bin < BINS ? bin : BINS - 1]++;
    kind->oldest_ns = wait->lasted_ns > kind->oldest_ns ? wait->lasted_ns : kind->oldest_ns;
    if (kind->count == 0 || wait->lasted_ns < kind->newest_ns) {
        kind->newest_ns = wait->lasted_ns;
    }
    kind->count++;
}

static uint64_t since(uint64_t now, uint64_t then) {
    return now > then ? now - then : 0;
}

static size_t read_size(uint64_t total) {
    return total < READ_MAX ? (size_t)total : READ_MAX;
}

static void counts_make(Counts *counts, const StageModel *model, bool with_timers) {
    *counts = (Counts){.longest_ns = 0};
    const uint64_t now = model->loop.now_ns;
    const size_t op_count = read_size(model->loop.in_flight);
    const size_t timer_count = with_timers ? read_size(model->loop.timers) : 0;
    OpInfo *ops = mem_alloc(op_count, sizeof *ops);
    TimerInfo *timers = mem_alloc(timer_count, sizeof *timers);
    (void)state_ops(model->state, ops, op_count);
    (void)state_timers(model->state, timers, timer_count);
    Wait *waits = mem_alloc(op_count + timer_count, sizeof *waits);
    for (size_t i = 0; i < op_count; i++) {
        waits[i] = (Wait){(int)ops[i].call, since(now, ops[i].submitted_ns)};
    }
    for (size_t i = 0; i < timer_count; i++) {
        waits[op_count + i] = (Wait){KIND_TIMER, since(now, timers[i].set_ns)};
    }
    counts->looked_at = op_count + timer_count;
    counts->total = model->loop.in_flight + (with_timers ? model->loop.timers : 0);
    for (size_t i = 0; i < counts->looked_at; i++) {
        if (waits[i].lasted_ns > counts->longest_ns) {
            counts->longest_ns = waits[i].lasted_ns;
        }
    }
    for (size_t i = 0; i < counts->looked_at; i++) {
        count_wait(counts, &waits[i]);
    }
    if (with_timers && model->paused_total > counts->total) {
        const uint64_t rest = model->paused_total - counts->total;
        const uint64_t callbacks = model->loop.ready_handles -
                                   model->loop.phase_counts[TASK_READY] +
                                   (model->loop.running_callback != EVENT_NONE);
        const uint64_t woken = rest < callbacks ? rest : callbacks;
        counts->kinds[KIND_WOKEN].count = woken;
        counts->kinds[KIND_OTHER].count = rest - woken;
    }
    free(waits);
    free(timers);
    free(ops);
}

/* The kinds with the most, in order; returns how many there are to show. */
static int top_kinds(const Counts *counts, int out[ROWS_SHOWN]) {
    int found = 0;
    bool used[KIND_COUNT] = {false};
    while (found < ROWS_SHOWN) {
        int best = -1;
        for (int kind = 0; kind < KIND_COUNT; kind++) {
            const bool some = !used[kind] && counts->kinds[kind].count > 0;
            if (some && (best < 0 || counts->kinds[kind].count > counts->kinds[best].count)) {
                best = kind;
            }
        }
        if (best < 0) {
            break;
        }
        used[best] = true;
        out[found++] = best;
    }
    return found;
}

/* ---- the ready queue ---- */

static Color dot_color(const Canvas *canvas, size_t column, size_t columns) {
    const float fade = 0.82f - 0.5f * (float)column / (float)columns;
    return color_mix(canvas->theme->lane, canvas->theme->ink, fade);
}

static void front_card(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const StageCard *card = &stage->after.lane[0];
    const Rect rect = card->rect;
    scene_rect(canvas->scene, rect, 10 * u,
               (Style){.fill = theme->card,
                       .stroke = identity_color(canvas, card->task),
                       .stroke_px = 2 * u});
    float x = rect.x + 14 * u;
    if (identity_of(canvas, card->task) >= 0) {
        float radius;
        const Point badge = stage_card_badge(card, u, &radius);
        stage_badge_draw(stage, card->task, PLACE_LANE, card->is_callback ? card->id : EVENT_NONE,
                         badge.x, badge.y, radius, theme->card);
        x = badge.x + radius + 9 * u;
    }
    const float room = rect.x + rect.w - 7 * u - x;
    canvas_text_fit(canvas, FONT_REGULAR, 13.5f, theme->ink3, x, rect.y + 20 * u, ALIGN_LEFT, room,
                    card->is_callback ? "next: callback" : "next");
    const char *name = card->is_callback ? log_text(canvas->doc->log, card->what, NULL)
                                         : stage_name(canvas, card->task);
    canvas_name_fit(canvas, FONT_BOLD, 18, theme->ink, x, rect.y + 46 * u, ALIGN_LEFT, room, name);
}

void density_lane_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u, step = 11.4f * u, size = 6.5f * u;
    const Rect lane = canvas->layout->lane;
    front_card(stage);
    const float right = stage->after.lane[0].rect.x - 18 * u, left = lane.x + 58 * u;
    size_t columns = (size_t)((right - left) / step);
    columns = columns * DOTS_DOWN < DOTS_MAX ? columns : DOTS_MAX / DOTS_DOWN;
    ReadyItem items[DOTS_MAX + 1];
    const size_t read = columns * DOTS_DOWN + 1;
    const size_t total = state_ready(stage->after.state, items, read);
    const size_t shown = total < read ? total : read;
    for (size_t i = 1; i < shown; i++) {
        const size_t column = (i - 1) / DOTS_DOWN, row = (i - 1) % DOTS_DOWN;
        const float x = right - (float)column * step, y = lane.y + (16 + 11.4f * (float)row) * u;
        const int identity = items[i].is_callback ? -1 : identity_of(canvas, items[i].id);
        const Color color = identity >= 0 ? identity_color(canvas, items[i].id)
                                          : dot_color(canvas, column, columns);
        const Rect dot = {x, y, size, size};
        scene_rect(canvas->scene, dot, 1.5f * u,
                   items[i].is_callback ? (Style){.stroke = color, .stroke_px = 1.2f * u}
                                        : (Style){.fill = color});
    }
    if (total > shown) {
        char text[FORMAT_MAX + 1] = "+", number[FORMAT_MAX];
        format_count(number, total - shown);
        (void)snprintf(text, sizeof text, "+%s", number);
        canvas_text_fit(canvas, FONT_SEMIBOLD, 13, canvas->theme->ink2, lane.x + 10 * u,
                        lane.y + lane.h / 2, ALIGN_LEFT, 46 * u, text);
    }
}

/* ---- paused ---- */

static void heat_row(const Canvas *canvas, const KindCount *kind, uint32_t most, float x, float y,
                     float step) {
    const float u = canvas->u;
    for (int bin = 0; bin < BINS; bin++) {
        const float share = most > 0 ? sqrtf((float)kind->bins[bin] / (float)most) : 0;
        const Rect cell = {x + (float)(bin / BINS_DOWN) * step,
                           y + (float)(bin % BINS_DOWN) * 9.6f * u, step - 2 * u, 7.6f * u};
        scene_rect(canvas->scene, cell, 1.5f * u,
                   (Style){.fill = color_mix(canvas->theme->lane, canvas->theme->ink,
                                             share > 0 ? 0.12f + 0.83f * share : 0)});
    }
}

static uint32_t fullest_bin(const Counts *counts) {
    uint32_t most = 0;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        for (int bin = 0; bin < BINS; bin++) {
            most = counts->kinds[kind].bins[bin] > most ? counts->kinds[kind].bins[bin] : most;
        }
    }
    return most;
}

void density_paused_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Rect area = canvas->layout->paused;
    Counts counts;
    counts_make(&counts, &stage->after, true);
    int rows[ROWS_SHOWN];
    const int count = top_kinds(&counts, rows);
    const uint32_t most = fullest_bin(&counts);
    const float x = area.x + 70 * u, step = (area.x + area.w - x) / BINS_ACROSS;
    for (int i = 0; i < count; i++) {
        const KindCount *kind = &counts.kinds[rows[i]];
        const float y = area.y + (2 + 46 * (float)i) * u;
        char number[FORMAT_MAX];
        format_count(number, kind->count);
        canvas_text_fit(canvas, FONT_SEMIBOLD, 15, theme->ink, area.x, y + 11 * u, ALIGN_LEFT,
                        62 * u, kind_name(rows[i]));
        canvas_text_fit(canvas, FONT_MONO, 14, theme->ink3, area.x, y + 30 * u, ALIGN_LEFT, 66 * u,
                        number);
        if (rows[i] >= KIND_WOKEN) {
            canvas_text_fit(canvas, FONT_REGULAR, 13.5f, theme->ink3, x, y + 20 * u, ALIGN_LEFT,
                            area.x + area.w - x,
                            rows[i] == KIND_WOKEN ? "a callback in the queue tells them"
                                                  : "for tasks and shared objects");
        } else {
            heat_row(canvas, kind, most, x, y, step);
        }
    }
    char longest[FORMAT_MAX];
    format_duration(longest, counts.longest_ns);
    const float y = area.y + (10 + 46 * (float)count) * u;
    canvas_text(canvas, FONT_MONO, 13, theme->ink3, x, y, ALIGN_LEFT, "0");
    canvas_text(canvas, FONT_REGULAR, 13, theme->ink3, x + BINS_ACROSS * step / 2, y, ALIGN_MIDDLE,
                counts.looked_at < counts.total ? "time waited (a part)" : "time waited");
    canvas_text(canvas, FONT_MONO, 13, theme->ink3, area.x + area.w, y, ALIGN_RIGHT, longest);
}

/* ---- in flight ---- */

void density_ops_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Rect area = canvas->layout->ops;
    Counts counts;
    counts_make(&counts, &stage->after, false);
    int rows[ROWS_SHOWN];
    const int count = top_kinds(&counts, rows);
    enum { TICKS = 54 };
    const float step = (area.w - 8 * u) / TICKS;
    for (int i = 0; i < count; i++) {
        const KindCount *kind = &counts.kinds[rows[i]];
        const float y = area.y + 56 * (float)i * u;
        scene_rect(canvas->scene, (Rect){area.x - 8 * u, y - 4 * u, area.w + 16 * u, 52 * u}, 8 * u,
                   (Style){.fill = theme->kernel_card});
        char number[FORMAT_MAX], text[2 * FORMAT_MAX + 32], oldest[FORMAT_MAX];
        format_count(number, kind->count);
        canvas_text(canvas, FONT_MONO_BOLD, 15, theme->ink, area.x + 4 * u, y + 9 * u, ALIGN_LEFT,
                    kind_name(rows[i]));
        canvas_text(canvas, FONT_MONO_BOLD, 15, theme->ink, area.x + area.w - 4 * u, y + 9 * u,
                    ALIGN_RIGHT, number);
        const uint64_t most = counts.kinds[rows[0]].count;
        const int lit = (int)fmax(1, round((double)TICKS * (double)kind->count / (double)most));
        for (int tick = 0; tick < TICKS; tick++) {
            const Color color =
                tick < lit ? theme->kernel_ink : color_fade(theme->kernel_line, 0.35f);
            scene_rect(canvas->scene,
                       (Rect){area.x + 4 * u + (float)tick * step, y + 20 * u, step * 0.7f, 7 * u},
                       u, (Style){.fill = color});
        }
        format_duration(oldest, kind->oldest_ns);
        (void)snprintf(text, sizeof text, "the oldest for %s", oldest);
        canvas_text_fit(canvas, FONT_REGULAR, 13, theme->kernel_ink, area.x + 4 * u, y + 38 * u,
                        ALIGN_LEFT, area.w - 8 * u, text);
    }
}

/* ---- completions ---- */

void density_tokens_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u, step = 11.4f * u;
    const Rect lane = canvas->layout->event_lane;
    const float left = stage_first_token_x(canvas);
    const size_t rows = 4;
    const size_t columns = (size_t)((lane.x + lane.w - 90 * u - left) / step);
    const uint64_t total = stage->after.loop.arrived;
    const uint64_t shown = total < columns * rows ? total : columns * rows;
    for (uint64_t i = 0; i < shown; i++) {
        const float x = left + (float)(i / rows) * step;
        const float y = lane.y + lane.h / 2 + ((float)(i % rows) - 2) * step + 2 * u;
        scene_rect(canvas->scene, (Rect){x, y, 6.5f * u, 6.5f * u}, 1.5f * u,
                   (Style){.fill = canvas->theme->ink});
    }
    if (total > shown) {
        char text[FORMAT_MAX + 1], number[FORMAT_MAX];
        format_count(number, total - shown);
        (void)snprintf(text, sizeof text, "+%s", number);
        canvas_text_fit(canvas, FONT_SEMIBOLD, 14, canvas->theme->ink2,
                        left + (float)columns * step + 8 * u, lane.y + lane.h / 2, ALIGN_LEFT,
                        70 * u, text);
    }
}
