/* Ways between places, and the badges that are on them. A task moves on one clockwise circuit:
 * ready lane, running slot, upper door, OS, lower door, event lane, gate, rail, ready lane. */
#include "view/stage.h"

#include <math.h>

/* ---- easing ---- */

float ease_in_out(float t) {
    return t < 0.5f ? 4 * t * t * t : 1 - powf(2 - 2 * t, 3) / 2;
}

float ease_out(float t) {
    return 1 - powf(1 - t, 3);
}

float ease_out_back(float t) {
    const float over = 1.70158f, s = t - 1;
    return 1 + (over + 1) * s * s * s + over * s * s;
}

float share_within(float t, float from, float to) {
    return fminf(fmaxf((t - from) / (to - from), 0), 1);
}

/* Glyphs are drawn anew for each size: a motion makes few. */
float size_between(float a_u, float b_u, float share) {
    return roundf(2 * (a_u + (b_u - a_u) * share)) / 2;
}

/* ---- ways ---- */

static float corner(const Layout *layout) {
    return 20 * layout->u;
}

/* Along the event lane to the left, through the gate, round the corner and up to `y`. */
static void route_to_rail(const Layout *layout, Path *path, float y) {
    const float middle = layout->event_lane.y + layout->event_lane.h / 2, r = corner(layout);
    path_line(path, layout->rail_x + r, middle);
    path_quad(path, layout->rail_x, middle, layout->rail_x, middle - r);
    path_line(path, layout->rail_x, y);
}

static void route_rail_to_lane(const Layout *layout, Path *path, Point to) {
    const float middle = layout->lane.y + layout->lane.h / 2, r = corner(layout);
    path_line(path, layout->rail_x, middle + r);
    path_quad(path, layout->rail_x, middle, layout->rail_x + r, middle);
    path_line(path, to.x, to.y);
}

/* From an operation's row down the channel beside the wall and through the lower door. */
static void route_through_lower_door(const Layout *layout, Path *path, Point from) {
    const float middle = layout->event_lane.y + layout->event_lane.h / 2, r = corner(layout) * 0.7f;
    const float channel = layout->ops.x - 14 * layout->u;
    path_line(path, channel + r, from.y);
    path_quad(path, channel, from.y, channel, from.y + r);
    path_line(path, channel, middle - r);
    path_quad(path, channel, middle, channel - r, middle);
}

/* Out through the upper door, down the same channel, into the row. */
static void route_through_upper_door(const Layout *layout, Path *path, Point from, Point to) {
    const float u = layout->u, r = corner(layout) * 0.7f;
    const float door_y = layout->door_out.y + layout->door_out.h / 2;
    const float channel = layout->ops.x - 14 * u;
    path_quad(path, from.x + 60 * u, door_y, from.x + 120 * u, door_y);
    path_line(path, channel - r, door_y);
    path_quad(path, channel, door_y, channel, door_y + r);
    path_line(path, channel, to.y - r);
    path_quad(path, channel, to.y, channel + r, to.y);
    path_line(path, to.x, to.y);
}

/* From the timers, or from wherever a task waited for another, to the rail. */
static void route_left_to_rail(const Layout *layout, Path *path, Point from, float y) {
    const float r = corner(layout);
    if (from.y - r <= y) {
        path_line(path, layout->rail_x, y);
        return;
    }
    path_line(path, layout->rail_x + r, from.y);
    path_quad(path, layout->rail_x, from.y, layout->rail_x, from.y - r);
    path_line(path, layout->rail_x, y);
}

/* Back to the end of the queue below the lane: over the ring's top; from a paused card first up
 * beside the cards, not across the ring and its words. */
static void route_under_lane(const Layout *layout, Path *path, Point from, Point to) {
    const float u = layout->u, r = corner(layout) * 0.7f;
    const float below = layout->lane.y + layout->lane.h + 56 * u;
    const float channel = layout->paused.x - 12 * u;
    if (from.y > below + 3 * r && from.x > channel) {
        path_line(path, channel + r, from.y);
        path_quad(path, channel, from.y, channel, from.y - r);
        path_line(path, channel, below + r);
        path_cubic(path, channel, below - r, to.x, below, to.x, to.y);
        return;
    }
    path_cubic(path, from.x - 120 * u, below, to.x, below, to.x, to.y);
}

/* To a paused card that others are above: down beside them, not across them. A badge that stands on
 * the row of a thing comes from its end, where the line ends, too. */
static void route_beside_cards(const Stage *stage, Path *path, Point from, Point to) {
    const Layout *layout = stage->canvas->layout;
    const StageModel *model = &stage->after;
    const Rect area = layout->paused;
    const float u = layout->u, r = corner(layout) * 0.7f;
    float first = to.y;
    for (size_t i = 0; i < model->shell_count; i++) {
        first = fminf(
            first, stage_shell_badge(&model->shells[i], model->shells[i].rect, u, &(float){0}).y);
    }
    if (to.y - first < r && fabsf(to.x - from.x) < area.w / 3) {
        path_line(path, to.x, to.y);
        return;
    }
    const bool ends = to.x > area.x + area.w / 2;
    const float side = ends ? 1 : -1, below = layout->running.y + layout->running.h + 8 * u;
    const float channel = ends ? area.x + area.w + 12 * u : area.x - 12 * u;
    path_line(path, from.x, below - r);
    path_quad(path, from.x, below, from.x + side * r, below);
    path_line(path, channel - side * r, below);
    path_quad(path, channel, below, channel, below + r);
    path_line(path, channel, to.y - r);
    path_quad(path, channel, to.y, channel - side * r, to.y);
    path_line(path, to.x, to.y);
}

static void route_into_lane(const Layout *layout, const StageBadge *from, Point to, Path *path) {
    const float lane_y = layout->lane.y + layout->lane.h / 2;
    switch (from->place) {
    case PLACE_RAIL:
        route_rail_to_lane(layout, path, to);
        break;
    case PLACE_TOKEN:
        route_to_rail(layout, path, lane_y + 2 * corner(layout));
        route_rail_to_lane(layout, path, to);
        break;
    case PLACE_OP:
        route_through_lower_door(layout, path, from->at);
        route_to_rail(layout, path, lane_y + 2 * corner(layout));
        route_rail_to_lane(layout, path, to);
        break;
    case PLACE_TIMER:
        route_left_to_rail(layout, path, from->at, lane_y + 2 * corner(layout));
        route_rail_to_lane(layout, path, to);
        break;
    case PLACE_SLOT:
    case PLACE_PAUSED:
    case PLACE_FOG:
        route_under_lane(layout, path, from->at, to);
        break;
    default:
        path_line(path, to.x, to.y);
    }
}

void stage_route(const Stage *stage, const StageBadge *from, const StageBadge *to, Path *path) {
    const Layout *layout = stage->canvas->layout;
    path_move(path, from->at.x, from->at.y);
    switch (to->place) {
    case PLACE_LANE:
    case PLACE_CROWD:
        route_into_lane(layout, from, to->at, path);
        return;
    case PLACE_RAIL:
        if (from->place == PLACE_OP || from->place == PLACE_FOG) {
            route_through_lower_door(layout, path, from->at);
            route_to_rail(layout, path, to->at.y);
        } else if (from->place == PLACE_TOKEN) {
            route_to_rail(layout, path, to->at.y);
        } else {
            route_left_to_rail(layout, path, from->at, to->at.y);
        }
        return;
    case PLACE_TOKEN:
        if (from->place == PLACE_OP) {
            route_through_lower_door(layout, path, from->at);
        }
        break;
    case PLACE_OP:
        if (from->place == PLACE_SLOT) {
            route_through_upper_door(layout, path, from->at, to->at);
            return;
        }
        break;
    case PLACE_PAUSED:
        if (from->place == PLACE_SLOT) {
            route_beside_cards(stage, path, from->at, to->at);
            return;
        }
        break;
    default:
        break;
    }
    path_line(path, to->at.x, to->at.y);
}

void path_prefix(const Path *path, float share, Path *out) {
    const float length = path_length(path) * share;
    float walked = 0;
    path_move(out, path->points[0].x, path->points[0].y);
    for (size_t i = 1; i < path->count; i++) {
        const Point a = path->points[i - 1], b = path->points[i];
        const float part = hypotf(b.x - a.x, b.y - a.y);
        if (walked + part >= length) {
            const float t = part > 0 ? (length - walked) / part : 0;
            path_line(out, a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t);
            return;
        }
        walked += part;
        path_line(out, b.x, b.y);
    }
}

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
           !rides_card(*from, *to);
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
static Rect badge_card(const Stage *stage, const StageModel *model, const StageBadge *badge) {
    const float u = stage->canvas->u, reach = badge->radius + 2 * u;
    const Rect alone = {badge->at.x - reach, badge->at.y - reach, 2 * reach, 2 * reach};
    switch (badge->place) {
    case PLACE_SLOT:
        return stage->canvas->layout->running;
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
    return path_between(path, badge_card(stage, &stage->before, from),
                        badge_card(stage, &stage->after, to), gap_px);
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
    float radius = from->radius + (to->radius - from->radius) * share;
    if (to->place == PLACE_CROWD || to->place == PLACE_FOG) {
        radius *= 1 - share_within(share, 0.7f, 1); /* it becomes one of many */
    }
    scene_id(canvas->scene, stage_id(STAGE_ID_BADGE, to->task));
    badge_draw(canvas, to->task, at.x, at.y, radius, BADGE_FILLED, (Color){0});
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
        at.y = before->at.y + (badge->at.y - before->at.y) * stage->share;
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
