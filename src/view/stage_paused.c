/* Paused tasks: hollow shells, each beside the operation that it waits for. */
#include "view/stage.h"

#include "base/format.h"
#include "view/caption.h"
#include "view/caption_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void pause_bars(const Canvas *canvas, float right, float y, float height, Color ink) {
    const float u = canvas->u;
    const Style style = {.fill = ink};
    scene_rect(canvas->scene, (Rect){right - 13 * u, y, 4 * u, height}, 0, style);
    scene_rect(canvas->scene, (Rect){right - 4 * u, y, 4 * u, height}, 0, style);
}

static bool is_late(const StageModel *model, const StageShell *shell) {
    return model->frozen && (shell->late_ns > 0 || shell->op_arrived);
}

/* Where it stands in line, and for what. */
static void line_text(const StageModel *model, const StageShell *shell, Buf *out) {
    static const char *const ENDS[] = {"th", "st", "nd", "rd"};
    const SharedInfo *shared = &model->shared[shell->shared].info;
    if (shell->info.on == WAIT_EVENT) {
        buf_append_text(out, "until it is set");
        return;
    }
    if (shell->line == 0) {
        buf_append_text(out, "first in line");
    } else {
        const uint32_t place = shell->line + 1;
        char number[FORMAT_MAX];
        buf_printf(out, "%s%s in line", format_count(number, place), ENDS[place < 4 ? place : 0]);
    }
    if (shell->info.on == WAIT_QUEUE) {
        buf_append_text(out, shared->level > 0 ? ", for room" : ", for an item");
    }
}

/* "waits for: write 64 KiB", "write 64 KiB: done". */
static void reason_text(const Stage *stage, const StageShell *shell, Buf *out) {
    const StageModel *model =
        stage_shell(&stage->after, shell->task) ? &stage->after : &stage->before;
    const bool timer = shell->info.target_kind == TARGET_TIMER;
    if (shell->shared >= 0) {
        line_text(model, shell, out);
        return;
    }
    if (is_late(model, shell) || (shell->received && timer)) {
        if (timer) {
            buf_append_text(out, shell->info.cancel_requested ? "its sleep is cancelled"
                                                              : "its sleep is over");
            return;
        }
        OpInfo op;
        if (state_op(model->state, shell->info.target_id, &op)) {
            buf_append_text(out, "its ");
            words_op(op.call, -1, out);
            buf_append_text(out, " is done");
            return;
        }
    }
    const bool done = shell->received && !model->loop.deadlocked &&
                      !shell->info.cancel_requested; /* else it was only withdrawn */
    if (!done) {
        buf_append_text(out, "waits for: ");
    }
    caption_wait(model->state, &shell->info, out);
    if (done) {
        buf_append_text(out, ": done");
    }
}

static void time_text(const StageModel *model, const StageShell *shell, bool line, char *out,
                      size_t size) {
    char duration[FORMAT_MAX];
    const uint64_t since = shell->info.since_ns;
    if (is_late(model, shell)) {
        if (shell->late_ns * 10 < model->frozen_ns) {
            /* Seen only now: since when it is there, nobody knows. */
            (void)snprintf(out, size, "up to %s late", format_duration(duration, model->frozen_ns));
            return;
        }
        format_duration(duration, shell->late_ns);
        (void)snprintf(out, size, "%s late", duration);
        return;
    }
    const bool now = line && model->loop.now_ns <= since; /* a line has no room for "0 µs" */
    (void)snprintf(out, size, "%s", now ? "" : stage_duration(duration, model->loop.now_ns, since));
}

/* Beside the letter of a task that has ended: a check, a cross, a slashed circle. */
static void ended_mark_draw(const Canvas *canvas, TaskPhase phase, float x, float y) {
    const float u = canvas->u;
    if (phase == TASK_CANCELLED) {
        cancel_mark_draw(canvas, x, y, 5 * u, canvas->theme->user);
        return;
    }
    scene_circle(canvas->scene, x, y, 5.5f * u, (Style){.fill = canvas->theme->user});
    if (phase == TASK_FAILED) {
        cross_draw(canvas, x, y, 3.2f * u, canvas->theme->danger, 2.2f * u);
    } else {
        check_draw(canvas, x, y, 3.5f * u, canvas->theme->ink, 2.2f * u);
    }
}

/* The awaited tasks, right-aligned, and how those ended that have. Returns where they begin. */
static float targets_draw(const Stage *stage, const StageShell *shell, float right, float y) {
    enum { SHOWN = 4 };
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u;
    uint32_t targets[STAGE_TARGETS_MAX];
    const size_t total = stage_targets(canvas, &shell->info, targets);
    if (total > SHOWN) {
        char text[FORMAT_MAX + 1] = "+";
        format_count(text + 1, total - SHOWN);
        right -= canvas_text(canvas, FONT_SEMIBOLD, 13, canvas->theme->ink2, right, y, ALIGN_RIGHT,
                             text) +
                 4 * u;
    }
    for (size_t i = total < SHOWN ? total : SHOWN; i > 0; i--) {
        const uint32_t task = targets[i - 1];
        const TaskPhase phase = state_task(stage->after.state, task).phase;
        right -= phase >= TASK_FINISHED ? 4 * u : 0; /* the mark stands out */
        stage_mention_draw(canvas, task, right - 9.5f * u, y, canvas->theme->user);
        if (phase >= TASK_FINISHED) {
            ended_mark_draw(canvas, phase, right - 2.5f * u, y + 6 * u);
        }
        right -= 23 * u;
    }
    return total > 0 ? right - 3 * u : right;
}

static void tall_content(const Stage *stage, const StageShell *shell, Rect rect, const char *reason,
                         const char *time) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, middle = rect.y + rect.h / 2;
    const float roomy = share_within(rect.h, 50 * u, 76 * u);
    const bool late = is_late(&stage->after, shell);
    const float dy = (11 + 2 * roomy) * u, right = rect.x + rect.w - 17 * u;
    const float x = rect.x + 64 * u;
    const float width = canvas_text(canvas, FONT_MONO, 14, late ? theme->danger : theme->ink3,
                                    right, middle - dy, ALIGN_RIGHT, time);
    const float time_w = stage_time_room(canvas, FONT_MONO, 14, width);
    canvas_name_fit(canvas, FONT_SEMIBOLD, size_between(15.5f, 17, roomy), theme->ink2, x,
                    middle - dy, ALIGN_LEFT, right - time_w - 10 * u - x,
                    stage_name(canvas, shell->task));
    const float end = targets_draw(stage, shell, right - 22 * u, middle + dy);
    canvas_name_fit(canvas, FONT_MEDIUM, size_between(14.5f, 15, roomy), theme->ink, x, middle + dy,
                    ALIGN_LEFT, end - x, reason);
    pause_bars(canvas, right, middle + dy - 7 * u, 15 * u, theme->ink3);
    if (late && roomy >= 1) {
        const float share = fminf((float)shell->late_ns / (float)stage->after.frozen_ns, 1);
        scene_rect(canvas->scene, (Rect){x, rect.y + rect.h - 9 * u, (right - x) * share, 4 * u},
                   2 * u, (Style){.fill = theme->danger});
    }
}

static void line_content(const Stage *stage, const StageShell *shell, Rect rect, const char *reason,
                         const char *time) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, middle = rect.y + rect.h / 2;
    const float right = rect.x + rect.w - 9 * u;
    const float airy = share_within(rect.h, 29 * u, 36 * u);
    float x = rect.x + (38 + 3 * airy) * u;
    pause_bars(canvas, right, middle - 5.5f * u, 11 * u, theme->ink3);
    const float end = right - 20 * u;
    const bool late = is_late(&stage->after, shell);
    const float time_size = canvas_line_size(canvas, rect.h, 13);
    const float width =
        canvas_text(canvas, FONT_MONO, time_size, late ? theme->danger : theme->ink3, end, middle,
                    ALIGN_RIGHT, time);
    const bool stands_still = canvas->text_scale > 1 || shell->info.target_kind == TARGET_TASK ||
                              shell->info.target_kind == TARGET_TASKS;
    const float time_w =
        stands_still ? stage_time_room(canvas, FONT_MONO, time_size, width) : width;
    const float stop = targets_draw(stage, shell, end - time_w - 8 * u, middle);
    const float room = stop - 2 * u - x;
    const float least_u = 13 / canvas->text_scale;
    Buf words = {0};
    float needed = canvas_width(canvas, FONT_MEDIUM, least_u, reason) + 10 * u;
    const char *second = strstr(reason, ", for "); /* "first in line, for room" */
    const char *name = stage_name(canvas, shell->task);
    const float name_least = canvas_width(canvas, FONT_SEMIBOLD, least_u, name);
    const float name_size = canvas_line_size(canvas, rect.h, size_between(14, 15, airy));
    if (late && name_least + needed > room) { /* who is late, and how much, says enough */
        canvas_name_fit(canvas, FONT_SEMIBOLD, name_size, theme->ink2, x, middle, ALIGN_LEFT, room,
                        name);
        return;
    }
    if (needed + fminf(name_least, room * 0.4f) > room && second != NULL) {
        /* the row above says it, too */
        buf_append(&words, reason, (size_t)(second - reason));
        needed = canvas_width(canvas, FONT_MEDIUM, least_u, buf_text(&words)) + 10 * u;
    } else {
        buf_append_text(&words, reason);
    }
    x += canvas_name_fit(canvas, FONT_SEMIBOLD, name_size, theme->ink2, x, middle, ALIGN_LEFT,
                         fmaxf(fminf(room * 0.5f, room - needed), room * 0.3f), name);
    x += 10 * u;
    canvas_name_fit(canvas, FONT_MEDIUM,
                    canvas_line_size(canvas, rect.h, size_between(13.5f, 14.5f, airy)), theme->ink,
                    x, middle, ALIGN_LEFT, stop - x, buf_text(&words));
    buf_finish(&words);
}

/* Its badge alone, on the row of the thing that it waits for. */
static void folded_draw(const Stage *stage, const StageShell *shell, Rect rect, float opacity) {
    const Canvas *canvas = stage->canvas;
    float radius;
    const Point badge = stage_shell_badge(shell, rect, canvas->u, &radius);
    scene_id(canvas->scene, stage_id(STAGE_ID_SHELL, shell->task));
    canvas->scene->opacity = opacity;
    stage_badge_draw(stage, shell->task, PLACE_PAUSED, EVENT_NONE, badge.x, badge.y, radius,
                     canvas->theme->lane);
    canvas->scene->opacity = 1;
    scene_id(canvas->scene, 0);
    stage_follow_draw(canvas, shell->task, rect, 5 * canvas->u);
}

static void shell_badge_draw(const Stage *stage, const StageShell *shell, Rect rect) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u;
    float radius;
    const Point badge = stage_row_badge(rect, u, &radius);
    stage_badge_draw(stage, shell->task, PLACE_PAUSED, EVENT_NONE, badge.x, badge.y, radius,
                     canvas->theme->user);
    if (shell->info.cancel_requested && !stage_wish_comes(stage, shell->task)) {
        cancel_mark_draw(canvas, badge.x + radius * 0.8f, badge.y + radius * 0.8f, 5.5f * u,
                         canvas->theme->user);
    }
}

static void words_draw(const Stage *stage, const StageShell *shell, Rect rect, const RowForm *form,
                       float strength) {
    static const char LEAD[] = "waits for: "; /* a line has no room for that */
    Buf reason = {0};
    reason_text(stage, shell, &reason);
    const char *text = buf_text(&reason);
    const bool leads = strncmp(text, LEAD, sizeof LEAD - 1) == 0;
    char time[FORMAT_MAX + 16];
    time_text(&stage->after, shell, form->card_words <= 0, time, sizeof time);
    if (form->line_words > 0) {
        stage->canvas->scene->opacity = strength * form->line_words;
        line_content(stage, shell, rect, leads ? text + sizeof LEAD - 1 : text, time);
    }
    if (form->card_words > 0) {
        stage->canvas->scene->opacity = strength * form->card_words;
        tall_content(stage, shell, rect, text, time);
    }
    buf_finish(&reason);
}

static void shell_draw(const Stage *stage, const StageShell *shell, Rect rect, float opacity,
                       bool with_badge) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u;
    if (opacity <= 0) {
        return;
    }
    if (shell->folded) {
        folded_draw(stage, shell, rect, opacity);
        return;
    }
    const RowForm form = stage_row_form(rect.h, canvas->u);
    const float strength = opacity * stage_dim(canvas, shell->task);
    scene_id(canvas->scene, stage_id(STAGE_ID_SHELL, shell->task));
    canvas->scene->opacity = strength;
    scene_rect(canvas->scene, rect, form.corner,
               (Style){.fill = canvas->theme->user,
                       .stroke = identity_color(canvas, shell->task),
                       .stroke_px = form.edge,
                       .dash_on_px = 7 * u,
                       .dash_off_px = 6 * u});
    words_draw(stage, shell, rect, &form, strength);
    canvas->scene->opacity = strength;
    if (with_badge) {
        shell_badge_draw(stage, shell, rect);
    }
    canvas->scene->opacity = 1;
    scene_id(canvas->scene, 0);
    stage_follow_draw(canvas, shell->task, rect, form.corner);
}

/* From the shell to the operation that it waits for; `share` of it is drawn. */
static void tether_draw(const Stage *stage, const StageShell *shell, Rect rect, float share) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u;
    if (shell->info.target_kind != TARGET_OP || share <= 0) {
        return;
    }
    const StageOp *op = stage_op(&stage->after, shell->info.target_id);
    const StageOp *before = stage->moving ? stage_op(&stage->before, shell->info.target_id) : NULL;
    if (op == NULL && before == NULL) {
        return;
    }
    if (op == NULL) { /* what it was tied to leaves */
        const StageMove move = stage_move(stage, shell->task, shell->info.target_id, EVENT_NONE);
        canvas->scene->opacity = 1 - share_within(move.share, 0, 0.3f);
    }
    const Rect to = op == NULL       ? before->rect
                    : before == NULL ? op->rect
                                     : rect_between(before->rect, op->rect, stage->room_share);
    const Point a = {rect.x + rect.w + 3 * u, rect.y + rect.h / 2};
    const Point b = {to.x - 3 * u, to.y + to.h / 2};
    scene_line(canvas->scene, a.x, a.y, a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share,
               (Style){.stroke = identity_color(canvas, shell->task),
                       .stroke_px = 2 * u,
                       .dash_on_px = 2 * u,
                       .dash_off_px = 7 * u,
                       .round_caps = true});
    canvas->scene->opacity = 1;
}

/* A shell that is new drops out of the running slot. */
static void new_shell_draw(const Stage *stage, const StageShell *shell) {
    const Rect slot = stage->canvas->layout->running;
    if (stage->before.loop.running != shell->task) {
        shell_draw(stage, shell, shell->rect, stage->share, true);
        tether_draw(stage, shell, shell->rect, stage->share);
        return;
    }
    Rect from = shell->rect;
    from.y = slot.y + slot.h - from.h;
    const Rect rect = rect_between(from, shell->rect, stage->share);
    shell_draw(stage, shell, rect, share_within(stage->share, 0.2f, 0.5f), true);
    tether_draw(stage, shell, rect, share_within(stage->share, 0.6f, 1));
}

/* From a row of its own to a badge on another row, or back: the badge moves, the row fades. */
static void unfold_draw(const Stage *stage, const StageShell *from, const StageShell *to) {
    const Canvas *canvas = stage->canvas;
    const StageShell *open = to->folded ? from : to;
    shell_draw(stage, open, open->rect, to->folded ? 1 - stage->share : stage->share, false);
    float a_radius, b_radius;
    const Point a = stage_shell_badge(from, from->rect, canvas->u, &a_radius);
    const Point b = stage_shell_badge(to, to->rect, canvas->u, &b_radius);
    const float s = stage->share;
    stage_badge_draw(stage, to->task, PLACE_PAUSED, EVENT_NONE, a.x + (b.x - a.x) * s,
                     a.y + (b.y - a.y) * s, a_radius + (b_radius - a_radius) * s,
                     canvas->theme->user);
}

float stage_room_share(const Stage *stage, float phase) {
    for (size_t i = 0; i < stage->before.shell_count; i++) {
        const StageShell *shell = &stage->before.shells[i];
        if (!shell->reserved && stage_shell(&stage->after, shell->task) == NULL) {
            return ease_in_out(share_within(phase, 0.4f, 1));
        }
    }
    return stage->share;
}

static bool shell_stays(const Stage *stage, const StageShell *shell) {
    const StageShell *before = stage_shell(&stage->before, shell->task);
    return !stage->moving || (before != NULL && !before->reserved);
}

static void old_shell_draw(const Stage *stage, const StageShell *shell) {
    const StageShell *before = stage_shell(&stage->before, shell->task);
    if (stage->moving && before->folded != shell->folded) {
        unfold_draw(stage, before, shell);
        return;
    }
    const Rect rect =
        stage->moving ? rect_between(before->rect, shell->rect, stage->room_share) : shell->rect;
    shell_draw(stage, shell, rect, 1, true);
    tether_draw(stage, shell, rect, 1);
}

static void shells_draw(const Stage *stage) {
    for (size_t i = 0; stage->moving && i < stage->before.shell_count; i++) {
        const StageShell *shell = &stage->before.shells[i];
        if (!shell->reserved && stage_shell(&stage->after, shell->task) == NULL) {
            const float share = stage_task_share(stage, shell->task);
            shell_draw(stage, shell, shell->rect, 1 - share_within(share, 0, 0.25f), true);
            tether_draw(stage, shell, shell->rect, 1);
        }
    }
    for (int stays = 0; stays < 2; stays++) { /* a new one drops behind those that are there */
        for (size_t i = 0; i < stage->after.shell_count; i++) {
            const StageShell *shell = &stage->after.shells[i];
            if (!shell->reserved && shell_stays(stage, shell) == (stays == 1)) {
                (stays == 1 ? old_shell_draw : new_shell_draw)(stage, shell);
            }
        }
    }
}

static bool some_wait_for_several(const StageModel *model) {
    return model->loop.waiting_on[WAIT_TASKS] > 0;
}

void stage_paused_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Rect area = canvas->layout->paused;
    const bool dense = stage_paused_dense(&stage->after);
    title_draw(canvas, area.x, area.y - 22 * canvas->u, area.x + area.w, "Paused",
               (int64_t)stage->after.paused_total,
               dense                                  ? NULL
               : some_wait_for_several(&stage->after) ? "each waits for something"
                                                      : "each waits for one thing",
               canvas->theme->ink, canvas->theme->lane);
    if (dense) {
        density_paused_draw(stage);
    } else {
        stage_shared_draw(stage);
        shells_draw(stage);
    }
}
