/* A deadlock: who waits for whom, as a ring in the place of the loop's own ring, which will not
 * turn any more; or as a chain, where the last one waits for what nobody is left to do. */
#include "view/stage.h"

#include "base/format.h"
#include "base/mem.h"
#include "view/caption.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DEGREES (3.14159265358979f / 180)

enum {
    LOOK_AT_FIRST = 1024,
    LOOK_AT_TASKS = 2 * LOOK_AT_FIRST,
    LOOK_AT_SLOTS = 4 * LOOK_AT_FIRST,
    CHAIN_STARTS = 256,
    CHAIN_SHOWN = 3,
    NAMED_MAX = 4,
    SIGNED_MAX = 6
};

/* ---- who waits for whom ---- */

/* Of those that a task waits for, one that can't go on either; EVENT_NONE where there is none. */
static uint32_t hope_of(const StageModel *model, const Canvas *canvas, uint32_t task) {
    const TaskInfo info = state_task(model->state, task);
    uint32_t others[STAGE_TARGETS_MAX];
    size_t count = 0;
    SharedInfo shared;
    if (info.target_kind == TARGET_NAME && (info.on == WAIT_LOCK || info.on == WAIT_SEMAPHORE)) {
        if (state_shared_named(model->state, info.target_text, &shared)) {
            for (; count < shared.holder_count; count++) {
                others[count] = shared.holders[count];
            }
        }
    } else {
        count = stage_targets(canvas, &info, others);
    }
    for (size_t i = 0; i < count && i < STAGE_TARGETS_MAX; i++) {
        if (state_task(model->state, others[i]).phase == TASK_WAITING) {
            return others[i];
        }
    }
    return EVENT_NONE;
}

/* The first of those that are left, and all that they hope for, however far behind them. */
typedef struct Graph {
    uint32_t ids[LOOK_AT_TASKS];
    uint32_t hopes[LOOK_AT_TASKS];
    size_t count;
    uint16_t slots[LOOK_AT_SLOTS]; /* by a task's id: its index, from 1 */
} Graph;

/* Where a task's index stands, or would. */
static size_t slot_of(const Graph *graph, uint32_t task) {
    size_t slot = task * 2654435761U % LOOK_AT_SLOTS;
    while (graph->slots[slot] != 0 && graph->ids[graph->slots[slot] - 1] != task) {
        slot = (slot + 1) % LOOK_AT_SLOTS;
    }
    return slot;
}

/* The index of a task in the graph, or SIZE_MAX. */
static size_t index_of(const Graph *graph, uint32_t task) {
    const size_t index = graph->slots[slot_of(graph, task)];
    return index > 0 ? index - 1 : SIZE_MAX;
}

static void graph_add(Graph *graph, uint32_t task) {
    const size_t slot = slot_of(graph, task);
    if (graph->slots[slot] == 0 && graph->count < LOOK_AT_TASKS) {
        graph->ids[graph->count++] = task;
        graph->slots[slot] = (uint16_t)graph->count;
    }
}

static void graph_make(Graph *graph, const StageModel *model, const Canvas *canvas) {
    uint32_t first[LOOK_AT_FIRST];
    const size_t left = state_waiting(model->state, first, LOOK_AT_FIRST);
    for (size_t i = 0; i < left && i < LOOK_AT_FIRST; i++) {
        graph_add(graph, first[i]);
    }
    for (size_t i = 0; i < graph->count; i++) { /* it grows meanwhile */
        graph->hopes[i] = hope_of(model, canvas, graph->ids[i]);
        if (graph->hopes[i] != EVENT_NONE) {
            graph_add(graph, graph->hopes[i]);
        }
    }
}

static size_t next_of(const Graph *graph, size_t at) {
    return graph->hopes[at] == EVENT_NONE ? SIZE_MAX : index_of(graph, graph->hopes[at]);
}

/* A place in a ring, or SIZE_MAX where there is none. */
static size_t find_ring(const Graph *graph) {
    uint16_t seen[LOOK_AT_TASKS] = {0}; /* from which start, from 1 */
    for (size_t start = 0; start < graph->count; start++) {
        size_t at = start;
        while (at != SIZE_MAX && seen[at] == 0) {
            seen[at] = (uint16_t)(start + 1);
            at = next_of(graph, at);
        }
        if (at != SIZE_MAX && seen[at] == start + 1) {
            return at;
        }
    }
    return SIZE_MAX;
}

/* Where there is no ring: the longest chain. */
static size_t find_chain(const Graph *graph, size_t *length) {
    size_t best = SIZE_MAX;
    *length = 0;
    for (size_t start = 0; start < graph->count && start < CHAIN_STARTS; start++) {
        size_t steps = 0;
        for (size_t at = start; at != SIZE_MAX; at = next_of(graph, at)) {
            steps++;
        }
        if (steps > *length) {
            *length = steps;
            best = start;
        }
    }
    return best;
}

static void take_ring(StageKnot *knot, const Graph *graph, size_t first) {
    size_t length = 1;
    for (size_t at = next_of(graph, first); at != first; at = next_of(graph, at)) {
        length++;
    }
    knot->closed = true;
    knot->count = length < STAGE_KNOT_MAX ? length : STAGE_KNOT_MAX;
    knot->more = length - knot->count;
    size_t at = first;
    for (size_t i = 0; i < knot->count; i++, at = next_of(graph, at)) {
        knot->tasks[i] = graph->ids[at];
    }
}

/* Its end tells why; so its last tasks are shown. */
static void take_chain(StageKnot *knot, const Graph *graph, size_t at, size_t length) {
    for (; length > CHAIN_SHOWN; length--) {
        at = next_of(graph, at);
        knot->more++;
    }
    for (; at != SIZE_MAX; at = next_of(graph, at)) {
        knot->tasks[knot->count++] = graph->ids[at];
    }
}

/* ---- where ---- */

typedef struct Oval {
    Point middle;
    float rx, ry;
} Oval;

static Oval knot_oval(const Canvas *canvas, size_t count) {
    const float u = canvas->u;
    const Point ring = canvas->layout->ring;
    return (Oval){
        {ring.x, ring.y - 4 * u}, (count <= 2 ? 118 : 132) * u, (count <= 2 ? 70 : 64) * u};
}

static Point oval_point(const Oval *oval, float degrees) {
    const float angle = (degrees - 90) * DEGREES;
    return (Point){oval->middle.x + oval->rx * cosf(angle),
                   oval->middle.y + oval->ry * sinf(angle)};
}

/* Clockwise; two stand side by side, more begin at the top. */
static float knot_degrees(const StageKnot *knot, size_t i) {
    return (knot->count <= 2 ? 270 : 0) + 360 * (float)i / (float)knot->count;
}

static void place_knot(StageKnot *knot, const Canvas *canvas) {
    const float u = canvas->u;
    const Layout *layout = canvas->layout;
    knot->radius = (knot->count > NAMED_MAX ? 16 : 20) * u;
    if (knot->closed) {
        const Oval oval = knot_oval(canvas, knot->count);
        for (size_t i = 0; i < knot->count; i++) {
            knot->at[i] = oval_point(&oval, knot_degrees(knot, i));
        }
        return;
    }
    const float left = layout->lane.x + 30 * u, right = layout->running.x - 120 * u;
    const float step = (right - left) / (float)knot->count;
    for (size_t i = 0; i < knot->count; i++) {
        knot->at[i] = (Point){left + (float)i * step, layout->ring.y};
    }
}

void stage_knot_make(StageModel *model, const Canvas *canvas) {
    if (!model->loop.deadlocked) {
        return;
    }
    Graph *graph = mem_alloc(1, sizeof *graph);
    graph_make(graph, model, canvas);
    const size_t ring = find_ring(graph);
    if (ring != SIZE_MAX) {
        take_ring(&model->knot, graph, ring);
    } else {
        size_t length;
        const size_t chain = find_chain(graph, &length);
        if (chain != SIZE_MAX) {
            take_chain(&model->knot, graph, chain, length);
        }
    }
    free(graph);
    place_knot(&model->knot, canvas);
}

/* ---- drawing ---- */

static float knot_share(const Stage *stage) {
    return stage->moving && stage->before.knot.count == 0 ? share_within(stage->share, 0.5f, 1) : 1;
}

static Color knot_color(const Canvas *canvas) {
    return canvas->theme->danger;
}

enum { CHIP_ROOM_U = 126 };

/* "(lock) knife": what the wait is about, on its line; at most so wide. 0: the sign alone. */
static void chip_draw(const Stage *stage, uint32_t task, float x, float y, float room_px) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const TaskInfo info = state_task(stage->after.state, task);
    SharedInfo shared;
    const bool named = room_px > 0;
    const bool is_shared = info.target_kind == TARGET_NAME &&
                           state_shared_named(stage->after.state, info.target_text, &shared);
    if (!is_shared && !named) {
        return;
    }
    Buf words = {0};
    if (is_shared) {
        buf_append_text(&words, log_text(canvas->doc->log, shared.name, NULL));
    } else if (info.on == WAIT_CHANNEL) {
        caption_wait(stage->after.state, &info, &words);
    } else {
        buf_append_text(&words, "its result");
    }
    const char *name = buf_text(&words);
    const float sign = is_shared ? 22 * u : 4 * u;
    const float text_room = room_px - sign - 12 * u;
    const float text_w =
        named ? fminf(canvas_width(canvas, FONT_SEMIBOLD, 14, name), text_room) + 6 * u : 0;
    const float width = 6 * u + sign + text_w;
    const Rect rect = {x - width / 2, y - 12 * u, width, 24 * u};
    scene_rect(canvas->scene, rect, 6 * u,
               (Style){.fill = theme->lane, .stroke = theme->line2, .stroke_px = 1.5f * u});
    if (is_shared) {
        stage_sign_draw(canvas, &shared, rect.x + 15 * u, y, theme->ink2);
    }
    if (named) {
        canvas_name_fit(canvas, FONT_SEMIBOLD, 14, theme->ink, rect.x + 6 * u + sign, y, ALIGN_LEFT,
                        text_w - 5 * u, name);
    }
    buf_finish(&words);
}

static void ended_line(const Canvas *canvas, const Path *path, float share) {
    const float u = canvas->u;
    if (path->count < 2 || share <= 0) {
        return;
    }
    Path part;
    path_prefix(path, share, &part);
    scene_polyline(canvas->scene, part.points, part.count,
                   (Style){.stroke = knot_color(canvas), .stroke_px = 3 * u, .round_caps = true});
    const Point tip = path_at(&part, 1), back = path_at(&part, 0.94f);
    const float degrees = atan2f(tip.x - back.x, back.y - tip.y) * 180 / 3.14159265f;
    arrow_draw(canvas, tip.x, tip.y, 9 * u, degrees, knot_color(canvas));
}

static bool far_from(Point a, Point b, float distance) {
    return hypotf(a.x - b.x, a.y - b.y) > distance;
}

static void ring_edges(const Stage *stage, const StageKnot *knot) {
    enum { STEPS = 48 };
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u, share = knot_share(stage);
    const Oval oval = knot_oval(canvas, knot->count);
    for (size_t i = 0; i < knot->count; i++) {
        const float from = knot_degrees(knot, i), way = 360 / (float)knot->count;
        const Point a = knot->at[i], b = knot->at[(i + 1) % knot->count];
        Path path = {.count = 0};
        for (int step = 0; step <= STEPS; step++) {
            const Point p = oval_point(&oval, from + way * (float)step / STEPS);
            if (far_from(p, a, knot->radius + 7 * u) && far_from(p, b, knot->radius + 13 * u)) {
                path.points[path.count++] = p;
            }
        }
        ended_line(canvas, &path, share);
        const Point chip = oval_point(&oval, from + way / 2);
        canvas->scene->opacity = share;
        if (knot->more > 0 && i + 1 == knot->count) {
            char text[FORMAT_MAX + 1] = "+";
            format_count(text + 1, knot->more);
            const float width =
                fmaxf(canvas_width(canvas, FONT_SEMIBOLD, 13, text) + 10 * u, 30 * u);
            scene_rect(canvas->scene, (Rect){chip.x - width / 2, chip.y - 15 * u, width, 30 * u},
                       15 * u,
                       (Style){.fill = canvas->theme->user,
                               .stroke = canvas->theme->line2,
                               .stroke_px = 1.5f * u});
            canvas_text(canvas, FONT_SEMIBOLD, 13, canvas->theme->ink2, chip.x, chip.y,
                        ALIGN_MIDDLE, text);
        } else if (knot->count <= SIGNED_MAX) {
            chip_draw(stage, knot->tasks[i], chip.x, chip.y,
                      knot->count <= NAMED_MAX ? CHIP_ROOM_U * u : 0);
        }
        canvas->scene->opacity = 1;
    }
}

static void node_names(const Stage *stage, const StageKnot *knot) {
    const Canvas *canvas = stage->canvas;
    const Layout *layout = canvas->layout;
    const float u = canvas->u, reach = knot->radius + 8 * u;
    for (size_t i = 0; i < knot->count; i++) {
        const Point at = knot->at[i];
        const char *name = stage_name(canvas, knot->tasks[i]);
        const float side = at.x - layout->ring.x;
        const Color ink = canvas->theme->ink;
        if (knot->closed && side > 30 * u) {
            canvas_name_fit(canvas, FONT_SEMIBOLD, 14.5f, ink, at.x + reach, at.y, ALIGN_LEFT,
                            layout->running.x - 14 * u - at.x - reach, name);
        } else if (knot->closed && side < -30 * u) {
            canvas_name_fit(canvas, FONT_SEMIBOLD, 14.5f, ink, at.x - reach, at.y, ALIGN_RIGHT,
                            at.x - reach - layout->rail_x - 14 * u, name);
        } else {
            const bool below = !knot->closed || at.y > layout->ring.y;
            const float dy = below ? reach + 5 * u : -reach - 5 * u;
            canvas_name_fit(canvas, FONT_SEMIBOLD, 14.5f, ink, at.x, at.y + dy, ALIGN_MIDDLE,
                            100 * u, name);
        }
    }
}

static void nodes_draw(const Stage *stage, const StageKnot *knot) {
    const Canvas *canvas = stage->canvas;
    for (size_t i = 0; i < knot->count; i++) {
        stage_badge_draw(stage, knot->tasks[i], PLACE_KNOT, EVENT_NONE, knot->at[i].x,
                         knot->at[i].y, knot->radius, canvas->theme->user);
        stage_follow_draw(canvas, knot->tasks[i],
                          (Rect){knot->at[i].x - knot->radius, knot->at[i].y - knot->radius,
                                 2 * knot->radius, 2 * knot->radius},
                          knot->radius);
    }
}

/* What the chain's last task waits for, and why it can't come. */
static const char *dead_end_text(const Stage *stage, uint32_t task) {
    const TaskInfo info = state_task(stage->after.state, task);
    SharedInfo shared = {.level = 0};
    switch (info.on) {
    case WAIT_EVENT:
        return "nobody is left to set it";
    case WAIT_QUEUE:
        (void)state_shared_named(stage->after.state, info.target_text, &shared);
        return shared.level > 0 ? "nobody is left to take an item out"
                                : "nobody is left to put an item in";
    case WAIT_LOCK:
    case WAIT_SEMAPHORE:
        return "nobody is left to free it";
    case WAIT_CHANNEL:
        return "nobody is left at the other end";
    default:
        return "nobody is left to bring it";
    }
}

static void chain_draw(const Stage *stage, const StageKnot *knot) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u, share = knot_share(stage);
    const float step = knot->count > 1 ? knot->at[1].x - knot->at[0].x
                                       : canvas->layout->running.x - 120 * u - knot->at[0].x;
    for (size_t i = 0; i < knot->count; i++) {
        const bool last = i + 1 == knot->count;
        const Point at = knot->at[i];
        const float end = at.x + step - (last ? 0 : knot->radius + 13 * u);
        Path path;
        path_move(&path, at.x + knot->radius + 7 * u, at.y);
        path_line(&path, end, at.y);
        ended_line(canvas, &path, share);
        canvas->scene->opacity = share;
        if (last) {
            const float x = at.x + step + 52 * u;
            chip_draw(stage, knot->tasks[i], x, at.y, CHIP_ROOM_U * u);
            cross_draw(canvas, x, at.y + 30 * u, 6 * u, knot_color(canvas), 3 * u);
        } else {
            /* above the badges, where it may be as wide as their distance */
            chip_draw(stage, knot->tasks[i], (at.x + knot->radius + end) / 2, at.y - 36 * u,
                      fminf(step - 6 * u, CHIP_ROOM_U * u));
        }
        canvas->scene->opacity = 1;
    }
}

static void words_draw(const Stage *stage, const StageKnot *knot) {
    const Canvas *canvas = stage->canvas;
    const Layout *layout = canvas->layout;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const float middle = knot->closed ? layout->ring.x : (layout->lane.x + layout->running.x) / 2;
    const float y =
        knot->closed ? knot_oval(canvas, knot->count).middle.y : layout->ring.y - 84 * u;
    const float room = (knot->closed ? 150 : 400) * u;
    canvas_name_fit(canvas, FONT_BOLD, 21, theme->danger, middle, y - 8 * u, ALIGN_MIDDLE, room,
                    "deadlock");
    if (knot->closed) {
        canvas_name_fit(canvas, FONT_REGULAR, 13.5f, theme->ink2, middle, y + 14 * u, ALIGN_MIDDLE,
                        room, knot->count == 1 ? "it waits for itself" : "each waits for the next");
        return;
    }
    canvas_name_fit(canvas, FONT_MEDIUM, 15, theme->danger, middle, layout->ring.y + 64 * u,
                    ALIGN_MIDDLE, room, dead_end_text(stage, knot->tasks[knot->count - 1]));
}

void stage_knot_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const StageKnot *knot = &stage->after.knot;
    if (knot->count == 0) {
        return;
    }
    scene_id(canvas->scene, stage_id(STAGE_ID_KNOT, knot->tasks[0]));
    if (knot->closed) {
        ring_edges(stage, knot);
    } else {
        chain_draw(stage, knot);
    }
    canvas->scene->opacity = knot_share(stage);
    node_names(stage, knot);
    words_draw(stage, knot);
    canvas->scene->opacity = 1;
    nodes_draw(stage, knot);
    scene_id(canvas->scene, 0);
}
