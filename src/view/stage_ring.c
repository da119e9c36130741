/* The ring of a turn's three phases, its bead, and THE thread: one bright line from the bead to the
 * place where the only thread works. */
#include "view/stage.h"

#include "base/format.h"
#include "view/caption.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEGREES (3.14159265358979f / 180)

static const float PHASE_MIDDLE_DEG[] = {0, 120, 240};

Point stage_ring_point(const Layout *layout, float degrees, float radius_px) {
    const float angle = (degrees - 90) * DEGREES;
    return (Point){layout->ring.x + radius_px * cosf(angle),
                   layout->ring.y + radius_px * sinf(angle)};
}

/* Progress within a phase, kept where the thread line leaves the labels free. */
float stage_bead_angle(const StageModel *model) {
    const LoopInfo *loop = &model->loop;
    switch (loop->phase) {
    case LOOP_RUNNING: {
        if (loop->turn_done == 0 || loop->turn_ready == 0) {
            return -30;
        }
        const float share = (float)loop->turn_done / (float)loop->turn_ready;
        return 10 + 18 * fminf(share, 1);
    }
    case LOOP_ASKING:
        return 140;
    case LOOP_TAKING:
        return 154;
    case LOOP_TIMERS:
        return 240;
    case LOOP_STOPPED:
        return 52;
    default:
        return 68;
    }
}

/* ---- the ring ---- */

static void phase_arc(const Canvas *canvas, float middle_deg, float stroke_px, Color color) {
    const Layout *layout = canvas->layout;
    const float r = layout->ring_radius, from = middle_deg - 56, to = middle_deg + 53, head = 9;
    scene_arc(canvas->scene, layout->ring.x, layout->ring.y, r, from, to - head + 0.6f,
              (Style){.stroke = color, .stroke_px = stroke_px});
    const Point tip[3] = {stage_ring_point(layout, to - head, r + stroke_px * 0.95f),
                          stage_ring_point(layout, to + 3, r),
                          stage_ring_point(layout, to - head, r - stroke_px * 0.95f)};
    scene_polygon(canvas->scene, tip, 3, (Style){.fill = color});
}

/* Share of the highlight that a phase has now: it fades from one to the next. */
static float phase_light(const Stage *stage, int phase) {
    const float after = stage->after.ring == (RingPhase)phase ? 1 : 0;
    const float before = stage->before.ring == (RingPhase)phase ? 1 : 0;
    return stage->moving ? before + (after - before) * stage->loop_share : after;
}

static Color thread_color(const Stage *stage) {
    const bool stuck = stage->after.frozen && stage->after.thread == THREAD_SLOT;
    return stuck ? stage->canvas->theme->danger : stage->canvas->theme->thread;
}

static void arcs_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    for (int lit = 0; lit < 2; lit++) { /* the lit one on top */
        for (int phase = 0; phase < 3; phase++) {
            const float light = phase_light(stage, phase);
            if ((light > 0.5f) == (lit == 1)) {
                phase_arc(canvas, PHASE_MIDDLE_DEG[phase], (12 + 6 * light) * canvas->u,
                          color_mix(canvas->theme->line2, thread_color(stage), light));
            }
        }
    }
}

static void center_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const StageModel *model = &stage->after;
    const float x = canvas->layout->ring.x, y = canvas->layout->ring.y, u = canvas->u;
    const float apart = canvas->text_scale; /* lines, as far apart as they are high */
    char text[FORMAT_MAX];
    const char *top = "iteration";
    float size = 38;
    Color ink = theme->ink;
    if (model->frozen) {
        top = "frozen for";
        format_duration(text, model->frozen_ns);
        ink = model->thread == THREAD_SLOT ? theme->ink : theme->danger;
    } else if (model->loop.iteration == 0) {
        top = "the loop";
        (void)snprintf(text, sizeof text, "%s",
                       model->loop.phase == LOOP_BEFORE ? "not started" : "starts");
    } else {
        format_count(text, model->loop.iteration);
        if (model->loop.phase == LOOP_STOPPED) {
            top = "stopped in";
            canvas_text(canvas, FONT_REGULAR, 15, theme->ink3, x, y + (5 + 37 * apart) * u,
                        ALIGN_MIDDLE, model->loop.iteration == 1 ? "iteration" : "iterations");
        }
    }
    while (size > 15 && canvas_width(canvas, FONT_BOLD, size, text) > 128 * u) {
        size -= 1;
    }
    canvas_text(canvas, FONT_REGULAR, 15, theme->ink3, x, y - (5 + 14 * apart) * u, ALIGN_MIDDLE,
                top);
    canvas_text(canvas, FONT_BOLD, size, ink, x, y + (5 + 7 * apart) * u, ALIGN_MIDDLE, text);
}

/* "(1) Run ready tasks"; returns the x of the words. */
static float label_draw(const Stage *stage, int phase, const char *words, float x, float y,
                        Align align, float room) {
    const Canvas *canvas = stage->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const bool lit = phase_light(stage, phase) > 0.5f;
    const Font font = lit ? FONT_BOLD : FONT_MEDIUM;
    float size = 16; /* enlarged text keeps out of the neighbours' places */
    while (size > 12 && canvas_width(canvas, font, size, words) + 30 * u > room) {
        size -= 0.5f;
    }
    const float width = canvas_width(canvas, font, size, words) + 30 * u;
    const float left = align == ALIGN_MIDDLE ? x - width / 2 : align == ALIGN_RIGHT ? x - width : x;
    const char number[2] = {(char)('1' + phase), 0};
    const Color color = thread_color(stage);
    scene_circle(canvas->scene, left + 10 * u, y, 10 * u,
                 lit ? (Style){.fill = color}
                     : (Style){.stroke = theme->line2, .stroke_px = 1.5f * u});
    scene_text(canvas->scene, canvas->metrics, FONT_BOLD, 13 * u,
               lit ? theme->on_thread : theme->ink3, left + 10 * u, y, ALIGN_MIDDLE, number);
    const bool stuck = stage->after.frozen && stage->after.thread == THREAD_SLOT;
    canvas_text(canvas, font, size,
                !lit    ? theme->ink3
                : stuck ? theme->danger
                        : theme->ink,
                left + 28 * u, y, ALIGN_LEFT, words);
    return left + 28 * u;
}

/* Where a name of many words is cut in two: before the capital nearest its middle; 0: nowhere. */
static size_t name_middle(const char *name) {
    const size_t length = strlen(name);
    size_t best = 0;
    for (size_t i = 1; i < length; i++) {
        const bool capital = name[i] >= 'A' && name[i] <= 'Z';
        const size_t off = i * 2 > length ? i * 2 - length : length - i * 2;
        const size_t best_off = best * 2 > length ? best * 2 - length : length - best * 2;
        best = capital && (best == 0 || off < best_off) ? i : best;
    }
    return best;
}

/* The call that asks, below "Ask the OS": a long name in two lines, which may begin further left,
 * below the ring's side, but always end before the neighbour. */
static void wait_call_draw(const Stage *stage, float left, float right, float y) {
    const Canvas *canvas = stage->canvas;
    const Layout *layout = canvas->layout;
    const float u = canvas->u;
    const char *name = caption_wait_call(canvas->doc->log);
    const size_t middle = name_middle(name);
    if (middle == 0 || canvas_width(canvas, FONT_MONO, 13.5f, name) <= right - left) {
        canvas_name_fit(canvas, FONT_MONO, 13.5f, canvas->theme->ink3, left, y, ALIGN_LEFT,
                        right - left, name);
        return;
    }
    char first[64];
    (void)snprintf(first, sizeof first, "%.*s", (int)middle, name);
    const float least = layout->ring.x + layout->ring_radius * 0.72f + 12 * u;
    const float needed = fmaxf(canvas_width(canvas, FONT_MONO, 13, first),
                               canvas_width(canvas, FONT_MONO, 13, name + middle));
    const float x = fmaxf(least, fminf(left, right - needed - u));
    canvas_name_fit(canvas, FONT_MONO, 13, canvas->theme->ink3, x, y - 1 * u, ALIGN_LEFT, right - x,
                    first);
    canvas_name_fit(canvas, FONT_MONO, 13, canvas->theme->ink3, x, y + 14 * u, ALIGN_LEFT,
                    right - x, name + middle);
}

static void labels_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Layout *layout = canvas->layout;
    const float u = canvas->u, r = layout->ring_radius;
    const float side = r * 0.87f + 22 * u, y = layout->ring.y + r * 0.5f + 10 * u;
    label_draw(stage, 0, "Run ready tasks", layout->ring.x - 20 * u, layout->ring.y - r - 29 * u,
               ALIGN_MIDDLE, 260 * u);
    const float right = layout->running.x - 8 * u;
    const float ask = label_draw(stage, 1, "Ask the OS", layout->ring.x + side, y, ALIGN_LEFT,
                                 right - layout->ring.x - side);
    wait_call_draw(stage, ask, right, y + 23 * u);
    label_draw(stage, 2, "Fire timers", layout->ring.x - side, y, ALIGN_RIGHT,
               layout->ring.x - side - layout->rail_x - 8 * u);
}

/* ---- the thread ---- */

static void slot_line(const Stage *stage, Point bead, Path *path) {
    const Layout *layout = stage->canvas->layout;
    const float u = layout->u;
    const float x = layout->running.x + 24 * u, y = layout->running.y + layout->running.h + 2 * u;
    path_move(path, bead.x, bead.y);
    path_cubic(path, bead.x + 70 * u, bead.y - 52 * u, x - 20 * u, y + 44 * u, x, y);
}

static void os_line(const Stage *stage, Point bead, Path *path) {
    const Layout *layout = stage->canvas->layout;
    const float u = layout->u;
    const float x = layout->wall.x - 22 * u, y = layout->event_lane.y - 20 * u;
    path_move(path, bead.x, bead.y);
    path_cubic(path, bead.x + 60 * u, y + 2 * u, bead.x + 90 * u, y, bead.x + 170 * u, y);
    path_line(path, x - 16 * u, y);
    path_quad(path, x + 6 * u, y, x + 10 * u, y + 18 * u);
}

/* Labels stand below the line, however steep it is. */
static float lowest_within(const Path *path, float left, float right) {
    float lowest = 0;
    for (size_t i = 0; i < path->count; i++) {
        const Point point = path->points[i];
        if (point.x >= left && point.x <= right) {
            lowest = fmaxf(lowest, point.y);
        }
    }
    return lowest;
}

/* Between the ring's arrowhead and the paused tasks: "write-a keeps the thread", in two lines where
 * one has no room. */
static void slot_label(const Stage *stage, Point bead, const Path *path) {
    const Canvas *canvas = stage->canvas;
    const Layout *layout = canvas->layout;
    const float u = canvas->u, size = 13.5f;
    const float left = layout->ring.x + layout->ring_radius * 0.87f + 6 * u;
    const float right = layout->running.x - 14 * u, room = right - left;
    const bool stuck = stage->after.frozen;
    const Color ink = stuck ? canvas->theme->danger : canvas->theme->ink2;
    const char *name = stuck ? stage_name(canvas, stage->after.frozen_task) : "";
    char text[96] = "the only thread";
    if (stuck) {
        (void)snprintf(text, sizeof text, "%.40s keeps the thread", name[0] ? name : "it");
    }
    const bool one = canvas_width(canvas, FONT_MEDIUM, size, text) <= room;
    if (!one) {
        (void)snprintf(text, sizeof text, "%.40s keeps", name[0] ? name : "it");
    }
    const float width = fminf(canvas_width(canvas, FONT_MEDIUM, size, text), room);
    const float x = fminf(fmaxf(bead.x + 118 * u, left + width / 2), right - width / 2);
    const float y = lowest_within(path, x - width / 2 - 4 * u, x + width / 2) +
                    (one ? 15 : 7 + 8 * canvas->text_scale) * u;
    canvas_name_fit(canvas, FONT_MEDIUM, size, ink, x, y, ALIGN_MIDDLE, room, text);
    if (!one) {
        canvas_text(canvas, FONT_MEDIUM, size, ink, x, y + 17 * u * canvas->text_scale,
                    ALIGN_MIDDLE, "the thread");
    }
}

static void thread_label(const Stage *stage, ThreadLine line, Point bead, const Path *path) {
    const Canvas *canvas = stage->canvas;
    const Layout *layout = canvas->layout;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    if (line == THREAD_SLOT) {
        slot_label(stage, bead, path);
        return;
    }
    const char *text = line != THREAD_ASLEEP     ? "the only thread"
                       : stage_simulated(canvas) ? "the thread sleeps, in simulated time"
                                                 : "the thread sleeps in the OS";
    const float width = canvas_width(canvas, FONT_MEDIUM, 13.5f, text);
    const float x = layout->running.x + 96 * u, y = layout->event_lane.y - 20 * u;
    scene_rect(canvas->scene, (Rect){x - width / 2 - 8 * u, y - 10 * u, width + 16 * u, 20 * u}, 0,
               (Style){.fill = theme->user});
    canvas_text(canvas, FONT_MEDIUM, 13.5f, theme->ink2, x, y, ALIGN_MIDDLE, text);
}

static void thread_draw(const Stage *stage, ThreadLine line, Point bead, float share) {
    const Canvas *canvas = stage->canvas;
    const float u = canvas->u, opacity = canvas->scene->opacity;
    if (line == THREAD_NONE || share <= 0) {
        return;
    }
    Path whole, part;
    if (line == THREAD_SLOT) {
        slot_line(stage, bead, &whole);
    } else {
        os_line(stage, bead, &whole);
    }
    path_prefix(&whole, share, &part);
    const bool asleep = line == THREAD_ASLEEP;
    const Color color = thread_color(stage);
    scene_polyline(canvas->scene, part.points, part.count,
                   (Style){.stroke = color,
                           .stroke_px = 4 * u,
                           .dash_on_px = asleep ? 1 * u : 0,
                           .dash_off_px = asleep ? 10 * u : 0,
                           .round_caps = true});
    const Point end = part.points[part.count - 1];
    scene_circle(canvas->scene, end.x, end.y, 7 * u,
                 (Style){.fill = color, .stroke = canvas->theme->user, .stroke_px = 3 * u});
    if (share > 0.8f) {
        canvas->scene->opacity *= share_within(share, 0.8f, 1);
        thread_label(stage, line, bead, &whole);
        canvas->scene->opacity = opacity;
    }
}

static bool same_way(ThreadLine a, ThreadLine b) {
    const bool a_os = a == THREAD_OS || a == THREAD_ASLEEP;
    const bool b_os = b == THREAD_OS || b == THREAD_ASLEEP;
    return a == b || (a_os && b_os);
}

/* The bead only ever rolls clockwise, as the loop does. */
static float bead_now(const Stage *stage) {
    if (!stage->moving) {
        return stage->after.bead_deg;
    }
    float way = fmodf(stage->after.bead_deg - stage->before.bead_deg + 720, 360);
    if (way > 300 || stage->after.ring == RING_NONE) {
        way = stage->after.bead_deg - stage->before.bead_deg;
    }
    return stage->before.bead_deg + way * stage->loop_share;
}

static bool goes(const StageModel *model) {
    return model->loop.phase != LOOP_BEFORE && model->loop.phase != LOOP_STOPPED;
}

void stage_ring_draw(const Stage *stage) {
    const Canvas *canvas = stage->canvas;
    const Layout *layout = canvas->layout;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Point bead = stage_ring_point(layout, bead_now(stage), layout->ring_radius);
    scene_id(canvas->scene, stage_id(STAGE_ID_RING, 0));
    arcs_draw(stage);
    scene_id(canvas->scene, stage_id(STAGE_ID_THREAD, 0));
    const ThreadLine before = stage->before.thread, after = stage->after.thread;
    if (!stage->moving || same_way(before, after)) {
        thread_draw(stage, stage->moving && stage->loop_share < 0.5f ? before : after, bead, 1);
    } else { /* it lets go of one place before it takes the next */
        thread_draw(stage, before, bead, 1 - share_within(stage->loop_share, 0, 0.45f));
        thread_draw(stage, after, bead, share_within(stage->loop_share, 0.55f, 1));
    }
    const float was = goes(&stage->before) ? 1 : 0, is = goes(&stage->after) ? 1 : 0;
    const float lit = stage->moving ? was + (is - was) * stage->loop_share : is;
    const Color color = color_mix(theme->line2, thread_color(stage), lit);
    scene_circle(canvas->scene, bead.x, bead.y, 15 * u, (Style){.fill = theme->user});
    scene_circle(canvas->scene, bead.x, bead.y, 11 * u, (Style){.fill = color});
    scene_circle(canvas->scene, bead.x, bead.y, 4 * u, (Style){.fill = theme->user});
    scene_id(canvas->scene, 0);
    center_draw(stage);
    labels_draw(stage);
}
