/* Many tasks: the same places, but dots, bars and counts instead of cards. Every mark stands for
 * something in the recording, and a frame stays below a thousand draws whatever the run's size. */
#include "view/stage.h"

#include "base/format.h"
#include "base/mem.h"
#include "view/caption_words.h"

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
    KIND_TASK,
    KIND_LOCK,
    KIND_SEMAPHORE,
    KIND_EVENT,
    KIND_QUEUE,
    KIND_COUNT,
    ROWS_SHOWN = 3,
    DOTS_DOWN = 6,
    DOTS_MAX = 512,
    SHARED_READ_MAX = 64,
};

typedef struct KindCount {
    uint64_t count;
    uint64_t oldest_ns;  /* how long the oldest has lasted */
    uint32_t bins[BINS]; /* by time waited, linear up to the longest of all */
    uint32_t fullest;    /* of them */
} KindCount;

typedef struct Counts {
    KindCount kinds[KIND_COUNT];
    uint64_t longest_ns;
    uint64_t looked_at, total; /* fewer where there are more than READ_MAX */
} Counts;

static const char *kind_name(int kind) {
    static const char *const NAMES[] = {
        [KIND_TIMER] = "sleep",        [KIND_WOKEN] = "woken", [KIND_TASK] = "task",
        [KIND_LOCK] = "lock",          [KIND_EVENT] = "event", [KIND_QUEUE] = "queue",
        [KIND_SEMAPHORE] = "semaphore"};
    return kind < IO_CALL_COUNT ? words_verb((IoCall)kind) : NAMES[kind];
}

typedef struct Wait {
    int kind;
    uint32_t task;
    uint64_t lasted_ns;
} Wait;

static int bin_of(uint64_t lasted_ns, uint64_t longest_ns) {
    const double share = longest_ns > 0 ? (double)lasted_ns / (double)longest_ns : 0;
    const int bin = (int)(share * BINS);
    return bin < BINS ? bin : BINS - 1;
}

static void count_wait(Counts *counts, const Wait *wait) {
    KindCount *kind = &counts->kinds[wait->kind];
    const uint32_t here = ++kind->bins[bin_of(wait->lasted_ns, counts->longest_ns)];
    kind->fullest = here > kind->fullest ? here : kind->fullest;
    kind->oldest_ns = wait->lasted_ns > kind->oldest_ns ? wait->lasted_ns : kind->oldest_ns;
    kind->count++;
}

static uint64_t since(uint64_t now, uint64_t then) {
    return now > then ? now - then : 0;
}

static size_t read_size(uint64_t total) {
    return total < READ_MAX ? (size_t)total : READ_MAX;
}

/* Tasks that wait for each other, and those whose wait is over, are only counted. */
static void count_others(Counts *counts, const StageModel *model) {
    const LoopInfo *loop = &model->loop;
    static const struct {
        WaitOn on;
        int kind;
    } ROWS[] = {{WAIT_TASK, KIND_TASK},   {WAIT_TASKS, KIND_TASK},
                {WAIT_LOCK, KIND_LOCK},   {WAIT_SEMAPHORE, KIND_SEMAPHORE},
                {WAIT_EVENT, KIND_EVENT}, {WAIT_QUEUE, KIND_QUEUE}};
    uint64_t told = counts->total;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        counts->kinds[ROWS[i].kind].count += loop->waiting_on[ROWS[i].on];
        told += loop->waiting_on[ROWS[i].on];
    }
    if (model->paused_total > told) {
        counts->kinds[KIND_WOKEN].count = model->paused_total - told;
    }
}

/* With `paused`, all that tasks wait for; else what is in flight. With a filter, the waits of tasks
 * that match. */
static void counts_make(Counts *counts, const Canvas *canvas, const StageModel *model,
                        bool paused) {
    *counts = (Counts){.longest_ns = 0};
    const uint64_t now = model->loop.now_ns;
    const size_t op_count = read_size(model->loop.in_flight);
    const size_t timer_count = paused ? read_size(model->loop.timers) : 0;
    OpInfo *ops = mem_alloc(op_count, sizeof *ops);
    TimerInfo *timers = mem_alloc(timer_count, sizeof *timers);
    (void)state_ops(model->state, ops, op_count);
    (void)state_timers(model->state, timers, timer_count);
    Wait *waits = mem_alloc(op_count + timer_count, sizeof *waits);
    for (size_t i = 0; i < op_count; i++) {
        waits[i] = (Wait){(int)ops[i].call, ops[i].task, since(now, ops[i].submitted_ns)};
    }
    for (size_t i = 0; i < timer_count; i++) {
        waits[op_count + i] = (Wait){KIND_TIMER, timers[i].task, since(now, timers[i].set_ns)};
    }
    counts->looked_at = op_count + timer_count;
    counts->total = model->loop.in_flight + (paused ? model->loop.timers : 0);
    for (size_t i = 0; i < counts->looked_at; i++) {
        if (waits[i].lasted_ns > counts->longest_ns) {
            counts->longest_ns = waits[i].lasted_ns;
        }
    }
    for (size_t i = 0; i < counts->looked_at; i++) {
        if (filter_has(canvas->input->filter, waits[i].task)) {
            count_wait(counts, &waits[i]);
        }
    }
    if (paused) {
        count_others(counts, model);
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
    canvas_name_fit(canvas, FONT_REGULAR, 13.5f, theme->ink3, x, rect.y + 20 * u, ALIGN_LEFT, room,
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
    char text[FORMAT_MAX + 1] = "+", number[FORMAT_MAX];
    const size_t total = state_ready(stage->after.state, NULL, 0);
    (void)snprintf(text, sizeof text, "+%s", format_count(number, total));
    /* room for how many more there are, whatever it is */
    const float count_w = canvas_width(canvas, FONT_SEMIBOLD, 13, text);
    const float right = stage->after.lane[0].rect.x - 18 * u;
    const float left = lane.x + fmaxf(count_w + 22 * u, 58 * u);
    size_t columns = (size_t)((right - left) / step);
    columns = columns * DOTS_DOWN < DOTS_MAX ? columns : DOTS_MAX / DOTS_DOWN;
    ReadyItem items[DOTS_MAX + 1];
    const size_t read = columns * DOTS_DOWN + 1;
    (void)state_ready(stage->after.state, items, read);
    const size_t shown = total < read ? total : read;
    for (size_t i = 1; i < shown; i++) {
        const size_t column = (i - 1) / DOTS_DOWN, row = (i - 1) % DOTS_DOWN;
        const float x = right - (float)column * step, y = lane.y + (16 + 11.4f * (float)row) * u;
        const int identity = items[i].is_callback ? -1 : identity_of(canvas, items[i].id);
        const uint32_t task = items[i].is_callback ? items[i].task : items[i].id;
        const Color color = identity >= 0 ? identity_color(canvas, items[i].id)
                            : filter_is_on(canvas->input->filter)
                                ? color_mix(canvas->theme->lane, canvas->theme->ink,
                                            filter_has(canvas->input->filter, task) ? 1 : 0.14f)
                                : dot_color(canvas, column, columns);
        const Rect dot = {x, y, size, size};
        scene_rect(canvas->scene, dot, 1.5f * u,
                   items[i].is_callback ? (Style){.stroke = color, .stroke_px = 1.2f * u}
                                        : (Style){.fill = color});
    }
    if (total > shown) {
        (void)snprintf(text, sizeof text, "+%s", format_count(number, total - shown));
        canvas_text(canvas, FONT_SEMIBOLD, 13, canvas->theme->ink2, lane.x + 10 * u,
                    lane.y + lane.h / 2, ALIGN_LEFT, text);
    }
}

/* ---- paused ---- */

static void heat_row(const Canvas *canvas, const KindCount *kind, uint32_t most, float x, float y,
                     float step) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    /* Where a lane has no colour of its own, an empty square needs one to be there. */
    const bool black = theme->lane.r == theme->user.r && theme->lane.g == theme->user.g;
    const Color none = black ? color_mix(theme->lane, theme->line, 0.25f) : theme->lane;
    const float least = black ? 0.3f : 0.12f;
    for (int bin = 0; bin < BINS; bin++) {
        const float share = most > 0 ? sqrtf((float)kind->bins[bin] / (float)most) : 0;
        const Rect cell = {x + (float)(bin / BINS_DOWN) * step,
                           y + (float)(bin % BINS_DOWN) * 9.6f * u, step - 2 * u, 7.6f * u};
        const Color some = color_mix(theme->lane, theme->ink, least + (0.95f - least) * share);
        scene_rect(canvas->scene, cell, 1.5f * u, (Style){.fill = share > 0 ? some : none});
    }
}

/* What a followed task waits for, as a kind, and since when; -1: it waits for something else. */
static int wait_kind(const StageModel *model, const TaskInfo *info, uint64_t *since_ns) {
    OpInfo op;
    TimerInfo timer;
    if (info->phase != TASK_WAITING) {
        return -1;
    }
    if (info->target_kind == TARGET_OP && state_op(model->state, info->target_id, &op)) {
        *since_ns = op.submitted_ns;
        return (int)op.call;
    }
    if (info->target_kind == TARGET_TIMER && state_timer(model->state, info->target_id, &timer)) {
        *since_ns = timer.set_ns;
        return KIND_TIMER;
    }
    return -1;
}

/* The followed tasks among the many of a row, each where its time puts it. */
static void heat_badges(const Stage *stage, const Counts *counts, int kind, float x, float y,
                        float step) {
    const Canvas *canvas = stage->canvas;
    const StageModel *model = &stage->after;
    const ViewInput *input = canvas->input;
    for (size_t i = 0; i < input->followed_count; i++) {
        const uint32_t task = input->followed[i];
        const TaskInfo info = state_task(model->state, task);
        uint64_t since_ns = 0;
        if (wait_kind(model, &info, &since_ns) != kind || stage_travels(stage, task)) {
            continue;
        }
        const int bin = bin_of(since(model->loop.now_ns, since_ns), counts->longest_ns);
        scene_id(canvas->scene, stage_id(STAGE_ID_BADGE, task));
        badge_draw(canvas, task, x + ((float)(bin / BINS_DOWN) + 0.5f) * step - canvas->u,
                   y + (float)(bin % BINS_DOWN) * 9.6f * canvas->u + 3.8f * canvas->u,
                   9.5f * canvas->u, BADGE_FILLED, canvas->theme->user);
        scene_id(canvas->scene, 0);
    }
}

/* "gate: held by worker-7": of the things of that kind, the one where most wait. */
static void shared_text(const Canvas *canvas, const StageModel *model, SharedKind kind, Buf *out) {
    SharedInfo all[SHARED_READ_MAX];
    size_t count = state_shared(model->state, all, SHARED_READ_MAX), most = SHARED_READ_MAX;
    for (size_t i = 0; i < count && i < SHARED_READ_MAX; i++) {
        if (all[i].kind == kind && all[i].waiters > 0 &&
            (most == SHARED_READ_MAX || all[i].waiters > all[most].waiters)) {
            most = i;
        }
    }
    if (most == SHARED_READ_MAX) {
        return;
    }
    const SharedInfo *info = &all[most];
    char number[FORMAT_MAX];
    buf_append_text(out, log_text(canvas->doc->log, info->name, NULL));
    if (info->waiters < model->loop.waiting_on[WAIT_LOCK + (kind - SHARED_LOCK)]) {
        buf_printf(out, " (%s)", format_count(number, info->waiters));
    }
    switch (kind) {
    case SHARED_EVENT:
        buf_append_text(out, " is not set");
        break;
    case SHARED_QUEUE:
        buf_append_text(out, info->level > 0 ? " is full" : " is empty");
        break;
    default:
        if (info->holder_count == 0) {
            buf_append_text(out, ", just freed");
        } else if (info->level == 1) {
            buf_printf(out, ", held by %s", stage_name(canvas, info->holders[0]));
        } else {
            buf_printf(out, ", %s taken", format_count(number, (uint64_t)info->level));
        }
    }
}

static void kind_words(const Canvas *canvas, const StageModel *model, int kind, Buf *out) {
    if (kind == KIND_WOKEN) {
        buf_append_text(out, "their callback is queued");
    } else if (kind == KIND_TASK) {
        buf_append_text(out, "for the results of others");
    } else {
        shared_text(canvas, model, (SharedKind)(SHARED_LOCK + (kind - KIND_LOCK)), out);
    }
}

/* Squares are mixed from the ground towards the ink. */
static bool is_light(const Theme *theme) {
    return theme->user.g > theme->ink.g;
}

static void axis_draw(const Canvas *canvas, const Counts *counts, float left, float right,
                      float y) {
    const Color ink = canvas->theme->ink3;
    const float gap = 10 * canvas->u;
    char longest[FORMAT_MAX];
    format_duration(longest, counts->longest_ns);
    const float from = left + canvas_text(canvas, FONT_MONO, 13, ink, left, y, ALIGN_LEFT, "0");
    const float to =
        right - canvas_text(canvas, FONT_MONO, 13, ink, right, y, ALIGN_RIGHT, longest);
    canvas_name_fit(canvas, FONT_REGULAR, 13, ink, (from + to) / 2, y, ALIGN_MIDDLE,
                    to - from - 2 * gap,
                    counts->looked_at < counts->total ? "time waited (a part)" : "time waited");
}

void density_paused_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Rect area = canvas->layout->paused;
    Counts counts;
    counts_make(&counts, canvas, &stage->after, true);
    int rows[ROWS_SHOWN];
    const int count = top_kinds(&counts, rows);
    const float x = area.x + 84 * u, step = (area.x + area.w - x) / BINS_ACROSS;
    uint32_t most = 0;
    bool timed = false;
    for (int i = 0; i < count; i++) {
        most = counts.kinds[rows[i]].fullest > most ? counts.kinds[rows[i]].fullest : most;
        timed |= rows[i] < KIND_WOKEN;
    }
    const float number_u = canvas->text_scale > 1 ? TEXT_SMALLEST_U : 14;
    const float apart = fminf(9.5f * canvas->text_scale, 10.8f) * u; /* of a row's two lines */
    for (int i = 0; i < count; i++) {
        const KindCount *kind = &counts.kinds[rows[i]];
        const float y = area.y + (2 + 46 * (float)i) * u;
        char number[FORMAT_MAX];
        format_count(number, kind->count);
        canvas_name_fit(canvas, FONT_SEMIBOLD, 15, theme->ink, area.x, y + 20.5f * u - apart,
                        ALIGN_LEFT, 80 * u, kind_name(rows[i]));
        canvas_name_fit(canvas, FONT_MONO, number_u, theme->ink3, area.x, y + 20.5f * u + apart,
                        ALIGN_LEFT, 74 * u, number);
        if (rows[i] >= KIND_WOKEN) {
            Buf words = {0};
            kind_words(canvas, &stage->after, rows[i], &words);
            canvas_name_fit(canvas, FONT_REGULAR, 13.5f, theme->ink2, x, y + 20 * u, ALIGN_LEFT,
                            area.x + area.w - x, buf_text(&words));
            buf_finish(&words);
        } else {
            heat_row(canvas, kind, most, x, y, step);
            heat_badges(stage, &counts, rows[i], x, y, step);
        }
    }
    if (!timed) {
        return;
    }
    if (canvas->text_scale <= 1) {
        canvas_text(canvas, FONT_REGULAR, 13.5f, theme->ink3, area.x + area.w, area.y - 22 * u,
                    ALIGN_RIGHT, is_light(theme) ? "darker = more tasks" : "brighter = more tasks");
    }
    axis_draw(canvas, &counts, x, area.x + area.w, area.y + (10 + 46 * (float)count) * u);
}

/* ---- in flight ---- */

void density_ops_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Rect area = canvas->layout->ops;
    Counts counts;
    counts_make(&counts, canvas, &stage->after, false);
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
        canvas_name_fit(canvas, FONT_REGULAR, 13, theme->kernel_ink, area.x + 4 * u, y + 38 * u,
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
        canvas_name_fit(canvas, FONT_SEMIBOLD, 14, canvas->theme->ink2,
                        left + (float)columns * step + 8 * u, lane.y + lane.h / 2, ALIGN_LEFT,
                        70 * u, text);
    }
}
