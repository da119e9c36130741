/* Ways between places. A task moves on one clockwise circuit: ready lane, running slot, upper door,
 * OS, lower door, event lane, gate, rail, ready lane. No way leads across the thread's line to the
 * running slot, or across the ring. */
#include "view/stage.h"

#include <math.h>

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

/* Out of the slot to the left, along the lower edge of the lane: between its cards and the thread's
 * line. Ends above `x`. */
static void route_along_lane(const Layout *layout, Path *path, Point from, float x) {
    const float u = layout->u, r = corner(layout) * 0.7f;
    const float edge = layout->lane.y + layout->lane.h + 1 * u;
    const float gap = (layout->lane.x + layout->lane.w + layout->running.x) / 2;
    path_cubic(path, from.x - 20 * u, edge, gap + 2 * r, edge, gap, edge);
    path_line(path, fminf(x + r, gap), edge);
}

static void route_slot_to_lane(const Layout *layout, Path *path, Point from, Point to) {
    const float r = corner(layout) * 0.7f;
    route_along_lane(layout, path, from, to.x);
    path_quad(path, to.x, layout->lane.y + layout->lane.h, to.x, to.y + r);
    path_line(path, to.x, to.y);
}

/* Along the lane, and down beside the rail to a clock face: others may stand above it. */
static void route_slot_to_timer(const Layout *layout, Path *path, Point from, Point to) {
    const float u = layout->u, r = corner(layout) * 0.7f;
    const float edge = layout->lane.y + layout->lane.h + 1 * u, x = layout->rail_x + 8 * u;
    route_along_lane(layout, path, from, x);
    path_quad(path, x, edge, x, edge + r);
    path_line(path, x, to.y - r);
    path_quad(path, x, to.y, to.x, to.y);
}

/* From a paused card down beside the cards, below the ring to the rail, and to the back of the
 * queue, as everything that wakes. */
static void route_paused_to_lane(const Layout *layout, Path *path, Point from, Point to) {
    const float u = layout->u, r = corner(layout) * 0.7f;
    const float below = layout->event_lane.y - 37 * u; /* above the title of the event lane */
    const float channel = layout->paused.x - 12 * u;
    path_line(path, channel + r, from.y);
    if (below - r > from.y + r) {
        path_quad(path, channel, from.y, channel, from.y + r);
        path_line(path, channel, below - r);
        path_quad(path, channel, below, channel - r, below);
    } else {
        path_cubic(path, channel, from.y, channel, below, channel - r, below);
    }
    route_left_to_rail(layout, path, (Point){channel - r, below},
                       layout->lane.y + layout->lane.h / 2 + 2 * corner(layout));
    route_rail_to_lane(layout, path, to);
}

/* To a paused card that others, or shared things, are above: down beside them, not across them. A
 * badge that stands on the row of a thing comes from its end, where the line ends, too. */
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
    for (size_t i = 0; i < model->shared_count; i++) {
        first = fminf(first, model->shared[i].rect.y);
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

/* Among what a badge is that is one of many: operations, timers or paused tasks. */
static StagePlace place_of(const Layout *layout, const StageBadge *badge) {
    if (badge->place != PLACE_FOG) {
        return badge->place;
    }
    return badge->at.x > layout->wall.x   ? PLACE_OP
           : badge->at.x < layout->ring.x ? PLACE_TIMER
                                          : PLACE_PAUSED;
}

static void route_into_lane(const Layout *layout, const StageBadge *from, Point to, Path *path) {
    const float lane_y = layout->lane.y + layout->lane.h / 2;
    switch (place_of(layout, from)) {
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
        route_slot_to_lane(layout, path, from->at, to);
        break;
    case PLACE_PAUSED:
        route_paused_to_lane(layout, path, from->at, to);
        break;
    default:
        path_line(path, to.x, to.y);
    }
}

void stage_route(const Stage *stage, const StageBadge *from, const StageBadge *to, Path *path) {
    const Layout *layout = stage->canvas->layout;
    path_move(path, from->at.x, from->at.y);
    switch (place_of(layout, to)) {
    case PLACE_LANE:
    case PLACE_CROWD:
        route_into_lane(layout, from, to->at, path);
        return;
    case PLACE_RAIL:
        if (place_of(layout, from) == PLACE_OP) {
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
    case PLACE_TIMER:
        if (from->place == PLACE_SLOT) {
            route_slot_to_timer(layout, path, from->at, to->at);
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
