/* Operations in flight at the OS, beside the paused tasks that wait for them. */
#include "view/stage.h"

#include "view/caption.h"

#include <math.h>
#include <stdio.h>

/* "to write-c.txt", "finished: write-c.txt"; in one line a check says that. */
static void sub_text(const Canvas *canvas, const StageOp *row, bool line, Buf *out) {
    const OpInfo *op = &row->info;
    const char *path = op->path == EVENT_NONE ? "" : log_text(canvas->doc->log, op->path, NULL);
    if (op->arrived) {
        buf_printf(out,
                   op->call == IO_SEND   ? "%s has room"
                   : op->call == IO_RECV ? "%s has data"
                   : line                ? "%s"
                                         : "finished: %s",
                   path[0] ? path : "its work");
        return;
    }
    if (row->unawaited) {
        buf_append_text(out, line ? "nobody waits" : "nobody waits for it");
        return;
    }
    switch (op->call) {
    case IO_THREAD:
        buf_append_text(out, op->via == VIA_SIM ? "a simulated thread" : "a helper thread");
        break;
    case IO_WRITE:
    case IO_SEND:
        buf_printf(out, "to %s", path);
        break;
    case IO_READ:
    case IO_RECV:
        buf_printf(out, "from %s", path);
        break;
    default:
        buf_append_text(out, path);
    }
}

/* How much of a completion's time the check has for itself, alone and in a beat. */
#define POP_ALONE ((float)MOTION_POP_MS / (MOTION_POP_MS + MOTION_EVENT_LANE_MS))
#define POP_BEAT  ((float)MOTION_POP_MS / BEAT_COMPLETION_MS)

/* It turns with the events that pass, not with a clock: standing still, nothing moves. */
static float spinner_angle(const Stage *stage, uint32_t op) {
    const float turn = (float)(stage->after.count % 24) * 45;
    const float phase = stage->moving ? (stage->phase - 1) * 45 : 0;
    return turn + phase + (float)(op % 8) * 110;
}

static void state_mark(const Stage *stage, const StageOp *op, Rect rect, float pop) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, card = stage_row_form(rect.h, u).card;
    const float size = 0.62f + 0.38f * card;
    const float x = rect.x + rect.w - (20 + 12 * card) * u, y = rect.y + rect.h / 2;
    if (op->info.arrived) {
        const float radius = 15 * u * size * pop;
        scene_circle(canvas->scene, x, y, radius, (Style){.fill = theme->ink});
        check_draw(canvas, x, y, 6 * u * size * pop, theme->kernel, 3 * u * size);
        return;
    }
    const float from = spinner_angle(stage, op->info.op), radius = 13 * u * size;
    const float stroke = 4 * u * size;
    const Color track = color_mix(theme->kernel_card, theme->kernel_line, 0.6f);
    scene_circle(canvas->scene, x, y, radius, (Style){.stroke = track, .stroke_px = stroke});
    scene_arc(canvas->scene, x, y, radius, from, from + 110,
              (Style){.stroke = theme->ink, .stroke_px = stroke, .round_caps = true});
}

/* The call, and on what: both are made smaller before one is cut. */
static void line_text(const Canvas *canvas, Rect row, float x, float room, const char *call,
                      const char *what) {
    const Theme *theme = canvas->theme;
    const float y = row.y + row.h / 2;
    const float gap = 10 * canvas->u;
    const float least_u = 13 / canvas->text_scale;
    const float call_least = canvas_width(canvas, FONT_MONO_BOLD, least_u, call);
    const float rest = room - gap - canvas_width(canvas, FONT_REGULAR, least_u, what);
    const float most = fmaxf(rest, fminf(call_least + 1, room));
    const float left =
        canvas_name_fit(canvas, FONT_MONO_BOLD, canvas_line_size(canvas, row.h, 13.5f), theme->ink,
                        x, y, ALIGN_LEFT, most, call) +
        gap;
    if (room - left > 40 * canvas->u) {
        canvas_name_fit(canvas, FONT_REGULAR, canvas_line_size(canvas, row.h, 13),
                        theme->kernel_ink, x + left, y, ALIGN_LEFT, room - left, what);
    }
}

static void words_draw(const Canvas *canvas, const StageOp *op, Rect rect, bool line) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, middle = rect.y + rect.h / 2;
    Buf text = {0}, sub = {0};
    caption_op(canvas->doc->timeline, &op->info, &text);
    sub_text(canvas, op, line, &sub);
    const float airy = share_within(rect.h, 29 * u, 36 * u);
    const float x = rect.x + (line ? 38 + 3 * airy : 60) * u;
    const float room = rect.x + rect.w - (line ? 36 : 54) * u - x;
    if (line) {
        line_text(canvas, rect, x, room, buf_text(&text), buf_text(&sub));
    } else {
        const float dy = (11 + 2 * share_within(rect.h, 50 * u, 76 * u)) * u;
        canvas_name_fit(canvas, FONT_MONO_BOLD, 16, theme->ink, x, middle - dy, ALIGN_LEFT, room,
                        buf_text(&text));
        canvas_name_fit(canvas, FONT_REGULAR, 14, theme->kernel_ink, x, middle + dy, ALIGN_LEFT,
                        room, buf_text(&sub));
    }
    buf_finish(&text);
    buf_finish(&sub);
}

static void op_draw(const Stage *stage, const StageOp *op, Rect rect, float opacity, float pop) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const RowForm form = stage_row_form(rect.h, u);
    const float strength = opacity * stage_dim(canvas, op->info.task);
    if (opacity <= 0) {
        return;
    }
    scene_id(canvas->scene, stage_id(STAGE_ID_OP, op->info.op));
    canvas->scene->opacity = strength;
    scene_rect(canvas->scene, rect, form.corner,
               (Style){.fill = theme->kernel_card,
                       .stroke = op->info.arrived ? theme->ink : theme->kernel_line,
                       .stroke_px = op->info.arrived ? form.edge + 0.5f * u : 1.5f * u,
                       .dash_on_px = op->unawaited ? 7 * u : 0,
                       .dash_off_px = op->unawaited ? 6 * u : 0});
    float radius;
    const Point badge = stage_row_badge(rect, u, &radius);
    stage_badge_draw(stage, op->info.task, PLACE_OP, op->info.op, badge.x, badge.y, radius,
                     theme->kernel_card);
    for (int line = 0; line < 2; line++) {
        canvas->scene->opacity = strength * (line ? form.line_words : form.card_words);
        if (canvas->scene->opacity > 0) {
            words_draw(canvas, op, rect, line);
        }
    }
    canvas->scene->opacity = strength;
    state_mark(stage, op, rect, pop);
    canvas->scene->opacity = 1;
    scene_id(canvas->scene, 0);
}

/* The place that an operation is on its way to. */
static void ghost_draw(const Stage *stage, const StageOp *op) {
    const Canvas *canvas = stage->canvas;
    canvas->scene->opacity = 1 - share_within(stage->share, 0.8f, 1);
    scene_rect(canvas->scene, op->rect, 10 * canvas->u,
               (Style){.stroke = canvas->theme->kernel_ink,
                       .stroke_px = 1.5f * canvas->u,
                       .dash_on_px = 2 * canvas->u,
                       .dash_off_px = 6 * canvas->u,
                       .round_caps = true});
    canvas->scene->opacity = 1;
}

/* The loop has taken its completion: it leaves with a check. In a beat its badge goes all the way
 * to the ready queue, and the row is gone by half of it. */
static void leaving_draw(const Stage *stage, const StageOp *op) {
    const StageMove move = stage_move(stage, op->info.task, op->info.op, EVENT_NONE);
    const bool beat = stage->move_count > 0;
    if (beat && move.phase <= 0) {
        op_draw(stage, op, op->rect, 1, 1);
        return;
    }
    StageOp done = *op;
    done.info.arrived = true;
    const float pop_end = beat ? POP_BEAT : POP_ALONE;
    const float pop = op->info.arrived ? 1 : ease_out_back(share_within(move.phase, 0, pop_end));
    const float fade =
        beat ? share_within(move.share, 0.1f, 0.4f) : share_within(move.share, 0.5f, 0.95f);
    op_draw(stage, &done, op->rect, 1 - fade, pop);
}

static void rows_draw(const Stage *stage) {
    for (size_t i = 0; stage->moving && i < stage->before.op_count; i++) {
        const StageOp *op = &stage->before.ops[i];
        if (stage_op(&stage->after, op->info.op) != NULL) {
            continue;
        }
        leaving_draw(stage, op);
    }
    for (size_t i = 0; i < stage->after.op_count; i++) {
        const StageOp *op = &stage->after.ops[i];
        const StageOp *before = stage_op(&stage->before, op->info.op);
        if (!stage->moving) {
            op_draw(stage, op, op->rect, 1, 1);
        } else if (before != NULL) {
            const bool pops = op->info.arrived && !before->info.arrived;
            const float pop = pops ? ease_out_back(share_within(stage->phase, 0, POP_ALONE)) : 1;
            op_draw(stage, op, rect_between(before->rect, op->rect, stage->room_share), 1, pop);
        } else {
            ghost_draw(stage, op);
            op_draw(stage, op, op->rect, share_within(stage->share, 0.7f, 1), 1);
        }
    }
}

void stage_ops_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Rect area = canvas->layout->ops;
    title_draw(canvas, area.x, area.y - 22 * canvas->u, area.x + area.w,
               stage_simulated(canvas) ? "In flight, simulated" : "In flight at the OS",
               (int64_t)stage->after.loop.in_flight, NULL, canvas->theme->kernel_ink,
               canvas->theme->kernel_card);
    if (stage_ops_dense(&stage->after)) {
        density_ops_draw(stage);
    } else {
        rows_draw(stage);
    }
}
