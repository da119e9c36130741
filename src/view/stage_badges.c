/* Who holds a task? Where its one filled badge is, and the geometry of badges on their carriers. */
#include "view/stage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- geometry ---- */

Point stage_card_badge(const StageCard *card, float u, float *radius) {
    const Rect r = card->rect;
    const float wide = share_within(r.w, 106 * u, 120 * u); /* a card grows when it comes */
    *radius = (card->is_callback ? 10 : 12 + 2 * wide) * u;
    return (Point){r.x + (card->is_callback ? 17 : 20 + 5 * wide) * u, r.y + r.h / 2};
}

Point stage_slot_badge(Rect slot, float u, float *radius) {
    *radius = 23 * u;
    return (Point){slot.x + 44 * u, slot.y + 42 * u};
}

RowForm stage_row_form(float height, float u) {
    const float card = share_within(height, 36 * u, 50 * u);
    return (RowForm){.card = card,
                     .corner = (7 + 3 * card) * u,
                     .edge = (1.5f + 0.5f * card) * u,
                     .line_words = 1 - share_within(card, 0, 0.5f),
                     .card_words = share_within(card, 0.5f, 1)};
}

Point stage_row_badge(Rect row, float u, float *radius) {
    const float card = stage_row_form(row.h, u).card;
    const float line_h = fminf(row.h, 36 * u);
    const float line = fminf(fmaxf(10 * u, line_h * 0.32f), line_h * 0.43f);
    *radius = line + (15.5f * u - line) * card;
    return (Point){row.x + (20 + 13 * card) * u, row.y + row.h / 2};
}

Point stage_shell_badge(const StageShell *shell, Rect rect, float u, float *radius) {
    if (!shell->folded) {
        return stage_row_badge(rect, u, radius);
    }
    *radius = fminf(9.5f * u, rect.h * 0.43f);
    return (Point){rect.x + rect.w / 2, rect.y + rect.h / 2};
}

Point stage_token_badge(Rect token, float u, float *radius) {
    *radius = 12 * u;
    return (Point){token.x + 22 * u, token.y + token.h / 2};
}

/* Left of the ring: badge, time and clock face share the room up to the rail. */
Point stage_timer_badge(const Layout *layout, float y, float u, float *radius) {
    *radius = 11 * u;
    return (Point){layout->ring.x - 202 * u, y};
}

Point stage_rail_spot(const Layout *layout, size_t spot) {
    const float u = layout->u;
    const float lane_y = layout->lane.y + layout->lane.h / 2;
    const size_t row = spot < STAGE_RAIL_SPOTS ? spot : STAGE_RAIL_SPOTS - 1;
    return (Point){layout->rail_x, lane_y + (76 + 52 * (float)row) * u};
}

float stage_first_token_x(const Canvas *canvas) {
    const float words_u = 100 * canvas->text_scale;
    return canvas->layout->event_lane.x + (50 + words_u) * canvas->u;
}

Rect stage_crowd_rect(const Canvas *canvas) {
    const float u = canvas->u;
    const Rect lane = canvas->layout->lane;
    return (Rect){lane.x + 12 * u, lane.y + lane.h / 2 - 34 * u, 46 * u, 68 * u};
}

void stage_follow_draw(const Canvas *canvas, uint32_t task, Rect rect, float radius_px) {
    const ViewInput *input = canvas->input;
    const bool followed = input->selected == task;
    const bool pointed = rect_contains(rect, input->pointer_x, input->pointer_y);
    if (followed || pointed) {
        const float out = 4 * canvas->u;
        const Rect ring = {rect.x - out, rect.y - out, rect.w + 2 * out, rect.h + 2 * out};
        scene_rect(canvas->scene, ring, radius_px + out,
                   (Style){.stroke = followed ? canvas->theme->ink2 : canvas->theme->line2,
                           .stroke_px = 1.5f * canvas->u});
    }
    task_hit(canvas, rect, task);
}

/* ---- holders ---- */

static void add_badge(StageModel *model, uint32_t task, StagePlace place, uint32_t carrier,
                      Point at, float radius) {
    if (task == EVENT_NONE || stage_badge(model, task) != NULL ||
        model->badge_count == STAGE_BADGES_MAX) {
        return;
    }
    model->badges[model->badge_count++] = (StageBadge){task, place, carrier, at, radius};
}

/* A callback carries the badge of a paused task whose operation or timer it brings back. */
static bool carries(const StageModel *model, uint32_t task) {
    if (task == EVENT_NONE) {
        return false;
    }
    const TaskInfo info = stage_task_info(model->state, task);
    OpInfo op;
    TimerInfo timer;
    return info.phase == TASK_WAITING &&
           ((info.target_kind == TARGET_OP && !state_op(model->state, info.target_id, &op)) ||
            (info.target_kind == TARGET_TIMER &&
             !state_timer(model->state, info.target_id, &timer)));
}

static void lane_badges(StageModel *model, const Canvas *canvas) {
    for (size_t i = 0; i < model->lane_count; i++) {
        const StageCard *card = &model->lane[i];
        if (card->is_callback && !carries(model, card->task)) {
            continue;
        }
        float radius;
        const Point at = stage_card_badge(card, canvas->u, &radius);
        add_badge(model, card->task, PLACE_LANE, card->is_callback ? card->id : EVENT_NONE, at,
                  radius);
    }
}

static void op_badges(StageModel *model, const Canvas *canvas) {
    float radius;
    for (size_t i = 0; i < model->op_count; i++) {
        if (model->ops[i].holds_badge) {
            const Point at = stage_row_badge(model->ops[i].rect, canvas->u, &radius);
            add_badge(model, model->ops[i].info.task, PLACE_OP, model->ops[i].info.op, at, radius);
        }
    }
    for (size_t i = 0; i < model->token_count; i++) {
        const StageShell *shell = stage_shell(model, model->tokens[i].info.task);
        const bool awaited = shell != NULL && shell->info.target_kind == TARGET_OP &&
                             shell->info.target_id == model->tokens[i].info.op;
        if (awaited) {
            const Point at = stage_token_badge(model->tokens[i].rect, canvas->u, &radius);
            add_badge(model, model->tokens[i].info.task, PLACE_TOKEN, model->tokens[i].info.op, at,
                      radius);
        }
    }
}

static void timer_badges(StageModel *model, const Canvas *canvas) {
    for (size_t i = 0; i < model->timer_count; i++) {
        const uint32_t task = model->timers[i].info.task;
        const TaskInfo info = state_task(model->state, task);
        const bool sleeps = info.target_kind == TARGET_TIMER &&
                            info.target_id == model->timers[i].info.timer &&
                            info.phase == TASK_WAITING;
        if (sleeps) {
            float radius;
            const Point at =
                stage_timer_badge(canvas->layout, model->timers[i].y, canvas->u, &radius);
            add_badge(model, task, PLACE_TIMER, model->timers[i].info.timer, at, radius);
        }
    }
}

static void knot_badges(StageModel *model) {
    const StageKnot *knot = &model->knot;
    for (size_t i = 0; i < knot->count; i++) {
        add_badge(model, knot->tasks[i], PLACE_KNOT, EVENT_NONE, knot->at[i], knot->radius);
    }
}

static void shell_badges(StageModel *model, const Canvas *canvas) {
    size_t spot = 0;
    for (size_t i = 0; i < model->shell_count; i++) {
        const StageShell *shell = &model->shells[i];
        if (shell->reserved || stage_badge(model, shell->task) != NULL) {
            continue;
        }
        float radius;
        const Point at = stage_shell_badge(shell, shell->rect, canvas->u, &radius);
        if (shell->received) {
            add_badge(model, shell->task, PLACE_RAIL, EVENT_NONE,
                      stage_rail_spot(canvas->layout, spot++), 13 * canvas->u);
        } else if (shell->op_in_flight || shell->info.target_kind == TARGET_TIMER) {
            continue; /* one of many at the OS or among the timers */
        } else {
            add_badge(model, shell->task, PLACE_PAUSED, EVENT_NONE, at, radius);
        }
    }
}

void stage_badges_make(StageModel *model, const Canvas *canvas) {
    lane_badges(model, canvas);
    op_badges(model, canvas); /* before the slot: a handed-over operation has the badge already */
    timer_badges(model, canvas);
    knot_badges(model);
    const bool callback = model->slot_callback != EVENT_NONE;
    if (callback ? carries(model, model->slot_task) : model->slot_task != EVENT_NONE) {
        float radius;
        const Point at = stage_slot_badge(canvas->layout->running, canvas->u, &radius);
        add_badge(model, model->slot_task, PLACE_SLOT, EVENT_NONE, at, radius);
    }
    shell_badges(model, canvas);
}

void stage_badge_ensure(StageModel *model, const Canvas *canvas, uint32_t task) {
    if (task == EVENT_NONE || stage_badge(model, task) != NULL) {
        return;
    }
    if (model->badge_count == STAGE_BADGES_MAX) {
        model->badge_count--; /* the event's own task matters more */
    }
    const TaskInfo info = stage_task_info(model->state, task);
    const Layout *layout = canvas->layout;
    const float radius = 12 * canvas->u;
    if (info.phase == TASK_READY || info.phase == TASK_NEW) {
        const Rect rect = stage_crowd_rect(canvas);
        add_badge(model, task, PLACE_CROWD, EVENT_NONE,
                  (Point){rect.x + rect.w / 2, rect.y + rect.h / 2}, radius);
    } else if (info.phase == TASK_WAITING) {
        const bool at_os = info.target_kind == TARGET_OP;
        OpInfo op;
        if (at_os && !state_op(model->state, info.target_id, &op)) {
            add_badge(model, task, PLACE_RAIL, EVENT_NONE, stage_rail_spot(layout, 0), radius);
            return;
        }
        Point at = {layout->paused.x + 30 * canvas->u, layout->paused.y + layout->paused.h / 3};
        if (at_os) {
            at = (Point){layout->ops.x + 30 * canvas->u, layout->ops.y + layout->ops.h / 3};
        } else if (info.target_kind == TARGET_TIMER) { /* where the timers are counted */
            float face;
            const float count_y = layout->ring.y + layout->ring_radius * 0.5f + 33 * canvas->u;
            at = stage_timer_badge(layout, count_y, canvas->u, &face);
        }
        add_badge(model, task, PLACE_FOG, EVENT_NONE, at, radius);
    }
}

/* ---- marks ---- */

float stage_dim(const Canvas *canvas, uint32_t task) {
    return filter_has(canvas->input->filter, task) ? 1 : 0.3f;
}

float stage_time_room(const Canvas *canvas, Font font, float size_u, float width) {
    return fmaxf(width, canvas_width(canvas, font, size_u, "99.9 ms"));
}

void stage_mention_draw(const Canvas *canvas, uint32_t task, float x, float y, Color ground) {
    badge_draw(canvas, task, x, y, 8.5f * canvas->u, BADGE_HOLLOW, ground);
}

void cancel_mark_draw(const Canvas *canvas, float x, float y, float radius_px, Color ground) {
    const float reach = radius_px * 0.7f;
    const Style style = {
        .stroke = canvas->theme->danger, .stroke_px = radius_px * 0.28f, .round_caps = true};
    Style ring = style;
    ring.fill = ground;
    scene_circle(canvas->scene, x, y, radius_px, ring);
    scene_line(canvas->scene, x - reach, y + reach, x + reach, y - reach, style);
}

size_t stage_targets(const Canvas *canvas, const TaskInfo *info, uint32_t out[STAGE_TARGETS_MAX]) {
    if (info->target_kind == TARGET_TASK) {
        out[0] = info->target_id;
        return 1;
    }
    if (info->target_kind != TARGET_TASKS || info->target_text == EVENT_NONE) {
        return 0;
    }
    size_t count = 0;
    const uint32_t tasks = timeline_task_count(canvas->doc->timeline);
    const char *list = log_text(canvas->doc->log, info->target_text, NULL);
    for (list += strcspn(list, "0123456789"); *list != '\0'; list += strcspn(list, "0123456789")) {
        char *end;
        const unsigned long id = strtoul(list, &end, 10);
        if (id < tasks && count < STAGE_TARGETS_MAX) {
            out[count] = (uint32_t)id;
        }
        count += id < tasks;
        list = end;
    }
    return count;
}
