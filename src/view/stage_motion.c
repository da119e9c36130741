/* Badges on their ways, and the still arrows that stand for them. */
#include "view/stage.h"

#include <math.h>

/* ---- who travels ---- */

/* A card that slides from the front of the queue to the slot takes its badge along. */
static bool rides_card(const StageBadge *from, const StageBadge *to) {
    return from->place == PLACE_LANE && to->place == PLACE_SLOT;
}

static bool moves(const Stage *stage, uint32_t task, const StageBadge **from,
                  const StageBadge **to) {
    *from = stage_badge(&stage->before, task);
    *to = stage_badge(&stage->after, task);
    return *from != NULL && *to != NULL && (*from)->place != (*to)->place &&
           (stage->arrows || !rides_card(*from, *to));
}

bool stage_rests_before(const Stage *stage, uint32_t task) {
    return stage->move_count > 0 && stage_move(stage, task, EVENT_NONE, EVENT_NONE).phase <= 0;
}

bool stage_travels(const Stage *stage, uint32_t task) {
    const StageBadge *from, *to;
    return stage->moving && !stage_rests_before(stage, task) && moves(stage, task, &from, &to);
}

bool stage_badge_at(const Stage *stage, uint32_t task, StagePlace place, uint32_t carrier) {
    if (stage_travels(stage, task)) {
        return false;
    }
    const StageBadge *badge =
        stage_rests_before(stage, task) ? NULL : stage_badge(&stage->after, task);
    if (badge == NULL && stage->moving) {
        badge = stage_badge(&stage->before, task);
    }
    return badge != NULL && badge->place == place && badge->carrier == carrier;
}

/* Whether the badge is on its way to that place, and the carrier was not there before. */
static bool is_new_place(const Stage *stage, uint32_t task, StagePlace place, uint32_t carrier) {
    const StageBadge *to = stage_badge(&stage->after, task);
    return to->place == place && to->carrier == carrier &&
           (place != PLACE_TIMER || stage_timer(&stage->before, carrier) == NULL) &&
           (place != PLACE_OP || stage_op(&stage->before, carrier) == NULL);
}

void stage_badge_draw(const Stage *stage, uint32_t task, StagePlace place, uint32_t carrier,
                      float x, float y, float radius_px, Color ground) {
    Scene *scene = stage->canvas->scene;
    const uint64_t outer = scene->current_id;
    const bool filled = stage_badge_at(stage, task, place, carrier);
    if (!filled && stage_travels(stage, task) && is_new_place(stage, task, place, carrier)) {
        return; /* it is seen there when it arrives */
    }
    if (filled) {
        scene_id(scene, stage_id(STAGE_ID_BADGE, task));
    }
    badge_draw(stage->canvas, task, x, y, radius_px, filled ? BADGE_FILLED : BADGE_HOLLOW, ground);
    scene_id(scene, outer);
}

/* ---- drawing ---- */

static bool on_rail(const StageBadge *from, const StageBadge *to) {
    return from->place == PLACE_RAIL || to->place == PLACE_RAIL ||
           ((from->place == PLACE_TIMER || from->place == PLACE_TOKEN || from->place == PLACE_OP ||
             from->place == PLACE_FOG) &&
            (to->place == PLACE_LANE || to->place == PLACE_CROWD));
}

/* The card that a badge stands on: ways are drawn between cards, not across their words. */
Rect stage_badge_card(const Canvas *canvas, const StageModel *model, const StageBadge *badge) {
    const float u = canvas->u, reach = badge->radius + 2 * u;
    const Rect alone = {badge->at.x - reach, badge->at.y - reach, 2 * reach, 2 * reach};
    switch (badge->place) {
    case PLACE_SLOT:
        return canvas->layout->running;
    case PLACE_RAIL:
        return (Rect){badge->at.x - 24 * u, badge->at.y - 22 * u, 48 * u, 44 * u};
    case PLACE_LANE:
        for (size_t i = 0; i < model->lane_count; i++) {
            if (model->lane[i].task == badge->task) {
                return model->lane[i].rect;
            }
        }
        return alone;
    case PLACE_OP:
        for (size_t i = 0; i < model->op_count; i++) {
            if (model->ops[i].holds_badge && model->ops[i].info.task == badge->task) {
                return model->ops[i].rect;
            }
        }
        return alone;
    case PLACE_TOKEN:
        for (size_t i = 0; i < model->token_count; i++) {
            if (model->tokens[i].info.task == badge->task) {
                return model->tokens[i].rect;
            }
        }
        return alone;
    default:
        return alone;
    }
}

enum { TRIM_STEPS = 100 };

static Path path_between(const Path *path, Rect from, Rect to, float gap) {
    const Rect wide = {to.x - gap, to.y - gap, to.w + 2 * gap, to.h + 2 * gap};
    int first = 0, last = TRIM_STEPS;
    while (first < last) {
        const Point at = path_at(path, (float)first / TRIM_STEPS);
        if (!rect_contains(from, at.x, at.y)) {
            break;
        }
        first++;
    }
    while (last > first) {
        const Point at = path_at(path, (float)last / TRIM_STEPS);
        if (!rect_contains(wide, at.x, at.y)) {
            break;
        }
        last--;
    }
    Path out;
    for (int step = first; step <= last; step++) {
        const Point at = path_at(path, (float)step / TRIM_STEPS);
        if (step == first) {
            path_move(&out, at.x, at.y);
        } else {
            path_line(&out, at.x, at.y);
        }
    }
    return out;
}

static Path trail_of(const Stage *stage, const StageBadge *from, const StageBadge *to,
                     const Path *path, float gap_px) {
    return path_between(path, stage_badge_card(stage->canvas, &stage->before, from),
                        stage_badge_card(stage->canvas, &stage->after, to), gap_px);
}

/* The small card that carries a badge on the rail; it unfolds at the back of the queue. */
static void carrier_draw(const Stage *stage, uint32_t task, Point at, float opacity, bool ghost) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u;
    const Rect rect = {at.x - 24 * u, at.y - 22 * u, 48 * u, 44 * u};
    canvas->scene->opacity = opacity;
    scene_id(canvas->scene, stage_id(STAGE_ID_CARRIER, task));
    scene_rect(canvas->scene, rect, 14 * u,
               (Style){.fill = ghost ? (Color){0} : canvas->theme->card,
                       .stroke = identity_color(canvas, task),
                       .stroke_px = (ghost ? 1.5f : 2.5f) * u});
    scene_id(canvas->scene, 0);
    canvas->scene->opacity = 1;
}

static void trail_draw(const Stage *stage, const Path *path, uint32_t task, float opacity) {
    const Canvas *canvas = stage->canvas;
    canvas->scene->opacity = opacity;
    scene_polyline(canvas->scene, path->points, path->count,
                   (Style){.stroke = identity_color(canvas, task),
                           .stroke_px = 3 * canvas->u,
                           .dash_on_px = 1 * canvas->u,
                           .dash_off_px = 9 * canvas->u,
                           .round_caps = true});
    canvas->scene->opacity = 1;
}

static void travel_draw(const Stage *stage, const StageBadge *from, const StageBadge *to) {
    const Canvas *canvas = stage->canvas;
    Path path;
    stage_route(stage, from, to, &path);
    const float share = stage_task_share(stage, to->task);
    const Point at = path_at(&path, share);
    const bool carried = on_rail(from, to);
    const Path trail = trail_of(stage, from, to, &path, 0);
    trail_draw(stage, &trail, to->task, 0.9f * (1 - share_within(share, 0.75f, 1)));
    if (carried) {
        carrier_draw(stage, to->task, path_at(&path, share - 0.08f), 0.22f * (1 - share), true);
        carrier_draw(stage, to->task, path_at(&path, share - 0.04f), 0.45f * (1 - share), true);
        const bool unfolds = to->place != PLACE_RAIL;
        const float comes = from->place == PLACE_RAIL ? 1 : share_within(share, 0, 0.08f);
        carrier_draw(stage, to->task, at, comes * (unfolds ? 1 - share_within(share, 0.85f, 1) : 1),
                     false);
    }
    /* It has its new size early: the ways are narrow. */
    float radius = from->radius + (to->radius - from->radius) * share_within(share, 0, 0.35f);
    if (to->place == PLACE_CROWD || to->place == PLACE_FOG) {
        radius *= 1 - share_within(share, 0.7f, 1); /* it becomes one of many */
        canvas->scene->opacity = 1 - share_within(share, 0.85f, 1);
    }
    scene_id(canvas->scene, stage_id(STAGE_ID_BADGE, to->task));
    badge_draw(canvas, to->task, at.x, at.y, radius, BADGE_FILLED, (Color){0});
    canvas->scene->opacity = 1;
    scene_id(canvas->scene, 0);
}

/* A still arrow says the same to those who want nothing to move. */
static void arrow_path_draw(const Stage *stage, const StageBadge *from, const StageBadge *to) {
    const Canvas *canvas = stage->canvas;
    Path path;
    stage_route(stage, from, to, &path);
    const Path trail = trail_of(stage, from, to, &path, 12 * canvas->u);
    trail_draw(stage, &trail, to->task, 1);
    const Point tip = path_at(&trail, 1), before = path_at(&trail, 0.97f);
    const float degrees = atan2f(tip.x - before.x, before.y - tip.y) * 180 / 3.14159265f;
    arrow_draw(canvas, tip.x, tip.y, 9 * canvas->u, degrees, identity_color(canvas, to->task));
}

/* A badge that rests on the rail, or moves up as those before it leave. */
static void rail_draw(const Stage *stage, const StageBadge *badge) {
    const StageBadge *before = stage_badge(&stage->before, badge->task);
    Point at = badge->at;
    if (stage->moving && before != NULL && before->place == PLACE_RAIL) {
        at.y = before->at.y + (badge->at.y - before->at.y) * stage_shift_share(stage);
    }
    carrier_draw(stage, badge->task, at, 1, false);
    stage_badge_draw(stage, badge->task, PLACE_RAIL, EVENT_NONE, at.x, at.y, badge->radius,
                     stage->canvas->theme->card);
}

bool stage_wish_comes(const Stage *stage, uint32_t task) {
    return stage->moving && stage->event.kind == EV_CANCEL_REQUESTED && stage->event.task == task;
}

/* The wish that a task be cancelled goes from whoever has the thread to that task. */
static void wish_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u;
    const StageBadge *badge = stage_badge(&stage->after, stage->event.task);
    if (stage->event.kind != EV_CANCEL_REQUESTED || badge == NULL || badge->place == PLACE_SLOT ||
        !(stage->moving || stage->arrows)) {
        return;
    }
    const StageShell *shell = stage_shell(&stage->after, stage->event.task);
    float radius = badge->radius;
    Point to = shell == NULL ? badge->at : stage_shell_badge(shell, shell->rect, u, &radius);
    const float off = shell == NULL ? 0.85f * radius : 0.8f * radius;
    to = (Point){to.x + off, to.y + off}; /* there the mark stays */
    const Rect slot = canvas->layout->running;
    const bool below = to.y > slot.y + slot.h;
    const Point from = {slot.x + (below ? 90 * u : 12 * u), slot.y + (below ? slot.h : slot.h / 2)};
    const float share = stage->moving ? stage->share : 1;
    Path path, part;
    path_move(&path, from.x, from.y);
    path_quad(&path, (from.x + to.x) / 2, (from.y + to.y) / 2 + (below ? 0 : 46 * u), to.x, to.y);
    path_prefix(&path, share, &part);
    const Style style = {.stroke = canvas->theme->danger,
                         .stroke_px = 3 * u,
                         .dash_on_px = 1 * u,
                         .dash_off_px = 9 * u,
                         .round_caps = true};
    scene_polyline(canvas->scene, part.points, part.count, style);
    const Point at = path_at(&path, share);
    cancel_mark_draw(canvas, at.x, at.y, (11 - (shell == NULL ? 4.5f : 5.5f) * share) * u,
                     canvas->theme->user);
}

void stage_travel_draw(const Stage *stage) {
    wish_draw(stage);
    for (size_t i = 0; i < stage->after.badge_count; i++) {
        const StageBadge *badge = &stage->after.badges[i], *from, *to;
        if (stage->moving && stage_rests_before(stage, badge->task)) {
            from = stage_badge(&stage->before, badge->task);
            if (from != NULL && from->place == PLACE_RAIL) {
                rail_draw(stage, from);
            }
            continue;
        }
        const bool changes = moves(stage, badge->task, &from, &to);
        if (changes && stage_travels(stage, badge->task)) {
            travel_draw(stage, from, to);
            continue;
        }
        if (badge->place == PLACE_RAIL) {
            rail_draw(stage, badge);
        }
        if (changes && stage->arrows) {
            arrow_path_draw(stage, from, to);
        }
    }
}
