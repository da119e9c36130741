/* Why? What the selected task does, since when, what it waits for and who holds that, who woke it
 * last, and its history as a list that leads there. */
#include "view/why.h"

#include "base/format.h"
#include "view/caption.h"
#include "view/caption_words.h"
#include "view/controls.h"
#include "view/text_block.h"
#include "view/why_panel.h"

#include <math.h>
#include <stdio.h>

enum { LEFT_U = 24, VALUES_U = 92, FACT_PITCH_U = 23, ROW_PITCH_U = 24, ROWS_MAX = 64 };
#define PANEL_SHARE 0.64f /* of the column; the code keeps the rest */

bool why_is_open(const ViewDoc *doc, const ViewInput *input) {
    return input->mode == MODE_WATCH && !input->code_drawer && !input->output_drawer &&
           input->selected < timeline_task_count(doc->timeline);
}

Rect why_place(Layout *layout) {
    if (layout->compact) {
        return layout->code;
    }
    const Rect code = layout->code, output = layout->output;
    const float bottom = output.y + output.h, height = (bottom - code.y) * PANEL_SHARE;
    layout->code.h = bottom - height - code.y;
    return (Rect){code.x, bottom - height, code.w, height};
}

/* ---- what it does ---- */

/* What a task wants of a queue, by its step; the event that it waits does not say. */
static const char *queue_wish(const Canvas *canvas, const TaskInfo *info) {
    const Program *program = canvas->doc->program;
    const uint32_t pc = program == NULL || info->at == EVENT_NONE
                            ? PROGRAM_NONE
                            : program_step_at(program, log_text(canvas->doc->log, info->at, NULL));
    const OpCode op = pc == PROGRAM_NONE ? OP_LOG : (OpCode)program->code[pc].op;
    return op == OP_PUT ? "room in " : op == OP_GET ? "an item in " : "";
}

static void answer_words(const Canvas *canvas, uint32_t task, const TaskInfo *info, Buf *out) {
    static const char *const PLAIN[TASK_PHASE_COUNT] = {
        [TASK_ABSENT] = "It is not there yet.",
        [TASK_NEW] = "It is created, and not in the ready queue yet.",
        [TASK_READY] = "It is ready: its turn comes when the thread is free.",
        [TASK_RUNNING] = "It runs: it has the only thread.",
        [TASK_FINISHED] = "It is done.",
        [TASK_CANCELLED] = "It was cancelled."};
    const Timeline *timeline = canvas->doc->timeline;
    if (info->phase == TASK_WAITING) {
        buf_printf(out, "It waits for %s", info->on == WAIT_QUEUE ? queue_wish(canvas, info) : "");
        words_wait(timeline, log_event(canvas->doc->log, info->since_n), info->since_n,
                   WORDS_SENTENCE, out);
        buf_append_text(out, ".");
    } else if (info->phase == TASK_FAILED) {
        buf_append_text(out, "It failed: ");
        words_cut(
            log_text(canvas->doc->log, log_event(canvas->doc->log, info->since_n)->text, NULL), 200,
            out);
    } else {
        buf_append_text(out, PLAIN[info->phase]);
    }
    if (info->cancel_requested && task != EVENT_NONE) {
        buf_append_text(out, " Its cancellation is asked for.");
    }
}

static const char *phase_word(TaskPhase phase) {
    static const char *const WORDS[TASK_PHASE_COUNT] = {
        "not there yet", "new", "ready", "running", "waiting", "done", "failed", "cancelled"};
    return WORDS[phase];
}

static void task_now(const Canvas *canvas, uint32_t task, Buf *out) {
    buf_append_text(out, words_task(canvas->doc->timeline, task));
    buf_printf(out, ", which is %s", phase_word(state_task(canvas->doc->after, task).phase));
}

/* What a send waits for beyond its first try is another operation of the task. */
static bool op_of_task(const State *state, uint32_t task, OpInfo *out) {
    enum { LOOK_MAX = 64 };
    OpInfo ops[LOOK_MAX];
    const size_t count = state_ops(state, ops, LOOK_MAX);
    for (size_t i = 0; i < count && i < LOOK_MAX; i++) {
        if (ops[i].task == task) {
            *out = ops[i];
            return true;
        }
    }
    return false;
}

static void op_holder(const Canvas *canvas, uint32_t task, uint32_t op, Buf *out) {
    const State *state = canvas->doc->after;
    OpInfo info;
    char when[FORMAT_MAX];
    if (!state_op(state, op, &info) && !op_of_task(state, task, &info)) {
        buf_append_text(out, "the loop, which has the news of it");
    } else if (info.arrived) {
        buf_printf(out, "the loop: finished at %s", format_duration(when, info.arrived_ns));
    } else {
        buf_printf(out, "%s since %s", info.via == VIA_THREADS ? "a helper thread" : "the OS",
                   format_duration(when, info.submitted_ns));
    }
}

static void shared_holder(const Canvas *canvas, uint32_t name, Buf *out) {
    SharedInfo shared;
    char count[FORMAT_MAX];
    if (!state_shared_named(canvas->doc->after, name, &shared)) {
        buf_append_text(out, "nobody: it was not used yet");
    } else if (shared.kind == SHARED_EVENT) {
        buf_append_text(out, "nobody: the event is not set");
    } else if (shared.kind == SHARED_QUEUE && shared.level <= 0) {
        buf_append_text(out, "nobody: the queue is empty");
    } else if (shared.kind == SHARED_QUEUE) {
        buf_printf(out, "nobody: the queue has %s item%s",
                   format_count(count, (uint64_t)shared.level), shared.level == 1 ? "" : "s");
    } else if (shared.holder_count > 0) {
        task_now(canvas, shared.holders[0], out);
    } else {
        buf_append_text(out, "nobody holds it");
    }
}

/* The first of the awaited tasks that has not ended, and how many besides. */
static void tasks_holder(const Canvas *canvas, uint32_t text, Buf *out) {
    enum { LOOK_MAX = 100 };
    const char *list = log_text(canvas->doc->log, text, NULL);
    int left = 0, looked = 0;
    for (uint32_t id; looked < LOOK_MAX && event_ids_next(&list, &id); looked++) {
        if (state_task(canvas->doc->after, id).phase < TASK_FINISHED && left++ == 0) {
            task_now(canvas, id, out);
        }
    }
    if (looked == LOOK_MAX) {
        buf_append_text(out, left > 0 ? ", and others" : "the others");
    } else if (left > 1) {
        buf_printf(out, ", and %d more", left - 1);
    } else if (left == 0) {
        buf_append_text(out, "the loop: all have ended");
    }
}

static void holder_words(const Canvas *canvas, uint32_t task, const TaskInfo *info, Buf *out) {
    const State *state = canvas->doc->after;
    const uint32_t running = state_loop(state)->running;
    char when[FORMAT_MAX];
    TimerInfo timer;
    if (info->phase == TASK_READY) {
        if (running != EVENT_NONE) {
            buf_append_text(out, words_task(canvas->doc->timeline, running));
            buf_append_text(out, ", which has the thread");
        } else {
            buf_append_text(out, "the loop, which has the thread");
        }
        return;
    }
    switch (info->target_kind) {
    case TARGET_OP:
        op_holder(canvas, task, info->target_id, out);
        break;
    case TARGET_TIMER:
        if (state_timer(state, info->target_id, &timer)) {
            buf_printf(out, "the clock, until %s", format_duration(when, timer.due_ns));
        } else {
            buf_append_text(out, "the loop: its timer has fired");
        }
        break;
    case TARGET_TASK:
        task_now(canvas, info->target_id, out);
        break;
    case TARGET_TASKS:
        tasks_holder(canvas, info->target_text, out);
        break;
    case TARGET_NAME:
        shared_holder(canvas, info->target_text, out);
        break;
    case TARGET_NONE:
        buf_append_text(out, "nobody");
        break;
    }
}

/* ---- who woke it ---- */

/* The last wait that was over by now; UINT64_MAX where there was none. */
static uint64_t last_wait(const Timeline *timeline, uint32_t task, uint64_t count) {
    uint64_t part = count > 0 ? timeline_life_at(timeline, task, count - 1) : UINT64_MAX;
    for (int i = 0; part != UINT64_MAX && part > 0 && i < ROWS_MAX; i++) {
        part--; /* the part at the cursor is not over */
        if (timeline_life(timeline, task, part).phase == TASK_WAITING) {
            return part;
        }
    }
    return UINT64_MAX;
}

static void woken_words(const Canvas *canvas, uint64_t n, Buf *out) {
    const Timeline *timeline = canvas->doc->timeline;
    const Event *event = log_event(canvas->doc->log, n), *asked;
    static const char *const DID[] = {
        [SYNC_ACQUIRED] = "took",   [SYNC_RELEASED] = "freed", [SYNC_SET] = "set",
        [SYNC_CLEARED] = "cleared", [SYNC_PUT] = "put into",   [SYNC_GOT] = "took from"};
    char when[FORMAT_MAX];
    switch ((EventKind)event->kind) {
    case EV_IO_COMPLETED:
        asked = words_op_submitted(timeline, event->id);
        if (asked != NULL) {
            words_io_noun(timeline, asked, out);
            break;
        }
        buf_append_text(out, "the OS");
        break;
    case EV_TIMER_FIRED:
        buf_append_text(out, "its timer");
        break;
    case EV_CANCEL_REQUESTED:
        buf_append_text(out, "a cancellation");
        break;
    case EV_SYNC:
        buf_printf(out, "%s, which %s %s", words_task(timeline, event->task), DID[event->a],
                   log_text(canvas->doc->log, event->text, NULL));
        break;
    case EV_TASK_FINISHED:
    case EV_TASK_FAILED:
    case EV_TASK_CANCELLED:
        buf_append_text(out, "the end of ");
        buf_append_text(out, words_task(timeline, event->task));
        break;
    default:
        buf_append_text(out, "the loop");
        break;
    }
    buf_printf(out, ", at %s", format_duration(when, event->t_ns));
}

/* ---- drawing ---- */

/* On two lines where one is too short, with an arrow beside it where it leads somewhere; returns
 * the y of the next. */
static float fact_draw(const Canvas *canvas, Rect box, float y, const char *label,
                       const char *value, bool leads) {
    const float sizes[] = {14, 13, 0};
    const float u = canvas->u, scale = canvas->text_scale, pitch = FACT_PITCH_U * u * scale;
    const float left = box.x + LEFT_U * u, key = canvas_width(canvas, FONT_REGULAR, 14, "woken by");
    const float x = left + key + 12 * u, room = box.x + box.w - (leads ? 25 : 18) * u - x;
    TextBlock block;
    text_block_make(canvas, &block, FONT_REGULAR, sizes, 1, room, pitch, value);
    if (!block.fits) {
        text_block_make(canvas, &block, FONT_REGULAR, sizes, 2, room, 2 * pitch, value);
    }
    const float more = fmaxf(text_block_height(canvas, &block) - pitch, 0);
    canvas_text(canvas, FONT_REGULAR, 14, canvas->theme->ink3, left, y, ALIGN_LEFT, label);
    text_block_draw(canvas, &block, FONT_REGULAR, canvas->theme->ink, x, y + more / 2, room, value);
    if (leads) {
        chevron_draw(canvas, box.x + box.w - 14 * u, y + more / 2, 4 * u, true,
                     canvas->theme->ink3);
    }
    return y + pitch + more;
}

static void head_draw(const Canvas *canvas, Rect box, uint32_t task) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = box.y + 28 * u, right = box.x + box.w - 28 * u;
    badge_draw(canvas, task, box.x + 38 * u, y, 13 * u, BADGE_FILLED, theme->panel);
    const float x = box.x + 62 * u;
    canvas_name_fit(canvas, FONT_BOLD, 17, theme->ink, x, y, ALIGN_LEFT, right - 24 * u - x,
                    words_task(canvas->doc->timeline, task));
    cross_draw(canvas, right, y, 5 * u, theme->ink2, 2 * u);
    scene_hit(canvas->scene, (Rect){right - 18 * u, y - 18 * u, 36 * u, 36 * u}, ACTION_SELECT_TASK,
              EVENT_NONE, "Close (Esc); the next task (N)");
}

/* The answer in up to three lines; returns the y below it. */
static float answer_draw(const Canvas *canvas, Rect box, float top, const char *text) {
    static const float SIZES[] = {15, 14, 13, 0};
    const float u = canvas->u, width = box.w - (LEFT_U + 18) * u;
    TextBlock block;
    text_block_make(canvas, &block, FONT_SEMIBOLD, SIZES, 3, width, 66 * u * canvas->text_scale,
                    text);
    const float height = text_block_height(canvas, &block);
    text_block_draw(canvas, &block, FONT_SEMIBOLD, canvas->theme->ink, box.x + LEFT_U * u,
                    top + height / 2, width, text);
    return top + height;
}

static float facts_draw(const Canvas *canvas, Rect box, float y, uint32_t task,
                        const TaskInfo *info) {
    const Timeline *timeline = canvas->doc->timeline;
    const float u = canvas->u, pitch = FACT_PITCH_U * u * canvas->text_scale;
    const uint64_t count = state_count(canvas->doc->after);
    const uint64_t now_ns = state_loop(canvas->doc->after)->now_ns;
    char since[FORMAT_MAX], length[FORMAT_MAX], more[FORMAT_MAX];
    Buf text = {0};
    buf_printf(&text, "%s, for %s", format_duration(since, info->since_ns),
               format_duration(length, now_ns - info->since_ns));
    y = fact_draw(canvas, box, y, "since", buf_text(&text), false);
    if (info->phase == TASK_WAITING || info->phase == TASK_READY) {
        buf_clear(&text);
        holder_words(canvas, task, info, &text);
        y = fact_draw(canvas, box, y, "held by", buf_text(&text), false);
    }
    const uint64_t part = last_wait(timeline, task, count);
    if (part != UINT64_MAX) {
        const uint64_t n = why_woken(timeline, task, part);
        buf_clear(&text);
        woken_words(canvas, n, &text);
        const float below = fact_draw(canvas, box, y, "woken by", buf_text(&text), true);
        scene_hit(canvas->scene, (Rect){box.x, y - pitch / 2, box.w, below - y}, ACTION_SEEK,
                  (int64_t)n + 1, "To what woke it last");
        y = below;
    }
    buf_clear(&text);
    buf_printf(&text, "ran %s, ready %s, waited %s", format_duration(since, info->run_ns),
               format_duration(length, info->ready_ns), format_duration(more, info->wait_ns));
    y = fact_draw(canvas, box, y, "so far", buf_text(&text), false);
    buf_finish(&text);
    return y;
}

/* The looks of the timeline's lanes, small. */
static void glyph_draw(const Canvas *canvas, TaskPhase phase, float x, float y, Color color) {
    const float u = canvas->u;
    const Rect bar = {x, y - 6 * u, 18 * u, 12 * u}, low = {x, y - 4 * u, 18 * u, 8 * u};
    if (phase == TASK_RUNNING) {
        scene_rect(canvas->scene, bar, 2 * u, (Style){.fill = color});
    } else if (phase == TASK_READY) {
        scene_hatch(canvas->scene, low, 5 * u, color, 1.25f * u);
        scene_rect(canvas->scene, low, 0, (Style){.stroke = color, .stroke_px = 1.25f * u});
    } else if (phase == TASK_WAITING) {
        scene_line(canvas->scene, x, y, x + 18 * u, y,
                   (Style){.stroke = color, .stroke_px = 3 * u});
    } else if (phase == TASK_FINISHED) {
        check_draw(canvas, x + 9 * u, y, 5 * u, canvas->theme->ink2, 2 * u);
    } else {
        cross_draw(canvas, x + 9 * u, y, 4 * u, canvas->theme->danger, 2 * u);
    }
}

static void row_draw(const Canvas *canvas, Rect row, uint32_t task, const LifePart *part,
                     bool current) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, scale = canvas->text_scale, y = row.y + row.h / 2;
    const bool later = part->start_n >= state_count(canvas->doc->after);
    if (current) {
        chosen_row_draw(canvas, row, identity_color(canvas, task));
    }
    const Color ink = later ? theme->ink4 : current ? theme->ink : theme->ink2;
    char when[FORMAT_MAX], length[FORMAT_MAX];
    canvas_text(canvas, FONT_MONO, 13, later ? theme->ink4 : theme->ink3,
                row.x + VALUES_U * u * scale - 12 * u, y, ALIGN_RIGHT,
                format_duration(when, part->start_ns));
    const float x = row.x + VALUES_U * u * scale;
    glyph_draw(canvas, part->phase, x, y, later ? theme->ink4 : identity_color(canvas, task));
    float right = row.x + row.w - 18 * u;
    if (part->phase < TASK_FINISHED) {
        right -= canvas_text(canvas, FONT_MONO, 13, ink, right, y, ALIGN_RIGHT,
                             format_duration(length, part->end_ns - part->start_ns)) +
                 10 * u;
    }
    Buf text = {0};
    const Event *event = log_event(canvas->doc->log, part->start_n);
    if (part->phase == TASK_WAITING && event->kind == EV_TASK_WAITING) {
        words_wait(canvas->doc->timeline, event, part->start_n, WORDS_LABEL, &text);
    } else {
        buf_append_text(&text, phase_word(part->phase));
    }
    canvas_text_fit(canvas, current ? FONT_SEMIBOLD : FONT_REGULAR, 14, ink, x + 28 * u, y,
                    ALIGN_LEFT, right - x - 28 * u, buf_text(&text));
    buf_finish(&text);
    scene_hit(canvas->scene, row, ACTION_SEEK, (int64_t)part->start_n + 1,
              "To this moment ([ and ])");
}

/* Up to `cap` parts of the life around the one at the cursor; *current is its place among them. */
static size_t parts_around(const Timeline *timeline, uint32_t task, uint64_t at, size_t cap,
                           LifePart *out, size_t *current) {
    const uint64_t parts = timeline_life_count(timeline, task);
    LifePart before[ROWS_MAX];
    size_t before_count = 0, count = 0;
    for (uint64_t k = at; at != UINT64_MAX && before_count < cap; k--) {
        before[before_count] = timeline_life(timeline, task, k);
        before_count += before[before_count].phase != TASK_ABSENT;
        if (k == 0) {
            break;
        }
    }
    LifePart after[ROWS_MAX];
    size_t after_count = 0;
    for (uint64_t k = at == UINT64_MAX ? 0 : at + 1; k < parts && after_count < cap; k++) {
        after[after_count] = timeline_life(timeline, task, k);
        after_count += after[after_count].phase != TASK_ABSENT;
    }
    const size_t wanted_after = cap / 3 < after_count ? cap / 3 : after_count;
    size_t from_before = before_count < cap - wanted_after ? before_count : cap - wanted_after;
    for (size_t i = from_before; i-- > 0;) {
        out[count++] = before[i];
    }
    *current = from_before > 0 ? from_before - 1 : SIZE_MAX;
    for (size_t i = 0; i < after_count && count < cap; i++) {
        out[count++] = after[i];
    }
    return count;
}

static void history_draw(const Canvas *canvas, Rect box, float top, uint32_t task) {
    const Timeline *timeline = canvas->doc->timeline;
    const float u = canvas->u, pitch = ROW_PITCH_U * u * canvas->text_scale;
    const uint64_t count = state_count(canvas->doc->after);
    title_draw(canvas, box.x + LEFT_U * u, top + 12 * u, box.x + box.w - 18 * u, "History", -1,
               "a row leads there", canvas->theme->ink, canvas->theme->lane);
    top += 28 * u * canvas->text_scale;
    const float rows = floorf((box.y + box.h - 4 * u - top) / pitch);
    if (rows < 1) {
        return;
    }
    LifePart parts[ROWS_MAX];
    size_t current = SIZE_MAX;
    const size_t cap = rows < ROWS_MAX ? (size_t)rows : (size_t)ROWS_MAX;
    const uint64_t at = count > 0 ? timeline_life_at(timeline, task, count - 1) : UINT64_MAX;
    const size_t shown = parts_around(timeline, task, at, cap, parts, &current);
    for (size_t i = 0; i < shown; i++) {
        row_draw(canvas, (Rect){box.x, top + pitch * (float)i, box.w - u, pitch}, task, &parts[i],
                 i == current);
    }
}

void panel_why(const Canvas *canvas, Rect box) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const uint32_t task = canvas->input->selected;
    const TaskInfo info = state_task(canvas->doc->after, task);
    side_draw(canvas, box);
    scene_line(canvas->scene, box.x, box.y, box.x + box.w, box.y,
               (Style){.stroke = theme->line2, .stroke_px = u});
    head_draw(canvas, box, task);
    Buf text = {0};
    answer_words(canvas, task, &info, &text);
    float y = answer_draw(canvas, box, box.y + 49 * u, buf_text(&text));
    buf_finish(&text);
    if (info.phase == TASK_ABSENT) {
        return;
    }
    y = facts_draw(canvas, box, y + 18 * u, task, &info);
    history_draw(canvas, box, y + 2 * u, task);
}

/* ---- moving through it ---- */

uint64_t view_history_step(const ViewDoc *doc, const ViewInput *input, bool forward) {
    const Timeline *timeline = doc->timeline;
    const uint64_t cursor = input->player->cursor;
    if (input->selected >= timeline_task_count(timeline)) {
        return cursor;
    }
    const uint32_t task = input->selected;
    const uint64_t parts = timeline_life_count(timeline, task);
    uint64_t at = cursor > 0 ? timeline_life_at(timeline, task, cursor - 1) : UINT64_MAX;
    if (forward) {
        for (uint64_t k = at == UINT64_MAX ? 0 : at + 1; k < parts; k++) {
            const LifePart part = timeline_life(timeline, task, k);
            if (part.phase != TASK_ABSENT) {
                return part.start_n + 1;
            }
        }
        return cursor;
    }
    for (; at != UINT64_MAX; at--) { /* wraps below 0 */
        const LifePart part = timeline_life(timeline, task, at);
        if (part.phase != TASK_ABSENT && part.start_n + 1 < cursor) {
            return part.start_n + 1;
        }
    }
    return cursor;
}
