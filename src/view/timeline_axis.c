#include "view/timeline_panel.h"

#include "view/two_ways.h"

#include <math.h>

enum {
    LANE_MAX_U = 34,
    PANE_LANE_MAX_U = 48, /* of two timelines, which share the window alone */
    LANE_MIN_U = 13,      /* a name of 13 units still fits */
    CROWD_LANE_MIN_U = 16,
    PINNED_LANE_U = 24, /* below the area */
    PINNED_LANES_MIN = 2,
    PINNED_LANES_MAX = 4,
    AREA_MIN_U = 40, /* above them */
    NAMES_U = 136,   /* to the left of time 0, at the ordinary size of text */
    EMPTY_END_NS = 1000000,
    SPAN_MIN_NS = 1000,
};

#define PX_FAR 100000.0 /* a place far outside of every window: lines to it are still drawn well */

/* The next round number from `ns` on: at most half as much again. */
static uint64_t round_up(uint64_t ns) {
    static const double STEPS[] = {1, 1.5, 2, 3, 4, 5, 6, 8, 10};
    const double power = pow(10, floor(log10((double)ns)));
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++) {
        if (STEPS[i] * power >= (double)ns) {
            return (uint64_t)(STEPS[i] * power);
        }
    }
    return ns;
}

uint64_t axis_end_ns(const ViewDoc *doc) {
    const uint64_t last = timeline_end_ns(doc->timeline);
    if (doc->live) {
        return round_up(last < EMPTY_END_NS / 10 ? EMPTY_END_NS / 10 : last + last / 50);
    }
    return last == 0 ? EMPTY_END_NS : last + last / 28 + 1;
}

static uint32_t pinned_lanes(const Canvas *canvas) {
    const ViewInput *input = canvas->input;
    size_t wanted = input->followed_count;
    bool selected_is_followed = input->selected == EVENT_NONE;
    for (size_t i = 0; i < input->followed_count; i++) {
        selected_is_followed |= input->followed[i] == input->selected;
    }
    wanted += !selected_is_followed;
    return wanted < PINNED_LANES_MIN   ? PINNED_LANES_MIN
           : wanted > PINNED_LANES_MAX ? PINNED_LANES_MAX
                                       : (uint32_t)wanted;
}

/* Where the rows begin and end, in units below the box's top and above its bottom. */
typedef struct AxisRows {
    float loop, top, bottom;
} AxisRows;
static const AxisRows LARGE_ROWS = {46, 68, 6}, SMALL_ROWS = {42, 56, 6}, DENSE_ROWS = {38, 49, 2};

static void rows_place(Axis *axis, const Canvas *canvas, const AxisRows *rows) {
    axis->loop_y = axis->box.y + rows->loop * canvas->u;
    axis->top = axis->box.y + rows->top * canvas->u;
    axis->bottom = axis->box.y + axis->box.h - rows->bottom * canvas->u;
}

void axis_make(Axis *axis, const Canvas *canvas) {
    const float u = canvas->u;
    const Rect box = canvas->layout->timeline;
    const uint32_t tasks = timeline_task_count(canvas->doc->timeline);
    const TimeSpan span = canvas->input->span;
    const TimePane *pane = canvas->input->pane;
    *axis = (Axis){.box = box, .whole_ns = pane != NULL ? pane->end_ns : axis_end_ns(canvas->doc)};
    axis->from_ns = span.from_ns;
    axis->to_ns = span.to_ns == 0 ? axis->whole_ns : span.to_ns;
    axis->x0 = box.x + NAMES_U * (0.4f + 0.6f * canvas->text_scale) * u;
    axis->x1 = box.x + box.w - 28 * u;
    axis->ticks_y = box.y + 16 * u;
    rows_place(axis, canvas, canvas->layout->compact ? &SMALL_ROWS : &LARGE_ROWS);
    const float many = (float)(tasks > 0 ? tasks : 1);
    if (canvas->layout->compact && tasks <= IDENTITY_COUNT &&
        axis->bottom - axis->top < CROWD_LANE_MIN_U * u * many) {
        rows_place(axis, canvas, &DENSE_ROWS);
    }
    const float room = (axis->bottom - axis->top) / many;
    /* Large text is made smaller first. Those that have a letter have a lane each, a thin one. */
    const float least = tasks <= IDENTITY_COUNT ? LANE_MIN_U : CROWD_LANE_MIN_U;
    axis->area = room < least * u - 0.01f;
    if (!axis->area) {
        axis->lanes = tasks;
        axis->lane_h = fminf(room, (pane != NULL ? PANE_LANE_MAX_U : LANE_MAX_U) * u);
        axis->bottom = axis->top + axis->lane_h * (float)tasks;
        return;
    }
    axis->top = box.y + 36 * u;
    const float below = axis->bottom - axis->top - AREA_MIN_U * u;
    const uint32_t most = (uint32_t)fmaxf(below / (CROWD_LANE_MIN_U * u), 1);
    const uint32_t wanted = pinned_lanes(canvas);
    axis->lanes = wanted < most ? wanted : most;
    axis->lane_h = fminf(below / (float)axis->lanes, PINNED_LANE_U * u);
    axis->area_bottom = axis->bottom - axis->lane_h * (float)axis->lanes - 2 * u;
}

float axis_x(const Axis *axis, double t_ns) {
    const double width = (double)(axis->to_ns - axis->from_ns);
    const double x =
        (double)axis->x0 + (double)(axis->x1 - axis->x0) * ((t_ns - (double)axis->from_ns) / width);
    return (float)fmin(fmax(x, -PX_FAR), PX_FAR);
}

uint64_t axis_time(const Axis *axis, float x) {
    const double share = (double)(x - axis->x0) / (double)(axis->x1 - axis->x0);
    const double t_ns = (double)axis->from_ns + share * (double)(axis->to_ns - axis->from_ns);
    return t_ns <= 0 ? 0 : (uint64_t)t_ns;
}

uint64_t axis_span_ns(const Axis *axis, float px) {
    return (uint64_t)((double)(axis->to_ns - axis->from_ns) * (double)(px / (axis->x1 - axis->x0)));
}

Rect axis_lanes(const Axis *axis) {
    return (Rect){axis->x0, axis->box.y, axis->x1 - axis->x0, axis->box.h};
}

Rect axis_area(const Axis *axis) {
    return (Rect){axis->x0, axis->box.y, axis->box.x + axis->box.w - axis->x0, axis->box.h};
}

/* ---- lanes ---- */

/* The k-th of those that stand out: the selected one, the followed ones, the first and the last. */
static uint32_t pinned_task(const Canvas *canvas, uint32_t k) {
    const ViewInput *input = canvas->input;
    const uint32_t count = timeline_task_count(canvas->doc->timeline);
    uint32_t found[IDENTITY_COUNT + 3];
    uint32_t candidates[IDENTITY_COUNT + 3], candidate_count = 0, found_count = 0;
    candidates[candidate_count++] = input->selected;
    for (size_t i = 0; i < input->followed_count; i++) {
        candidates[candidate_count++] = input->followed[i];
    }
    candidates[candidate_count++] = 0;
    candidates[candidate_count++] = count - 1;
    for (uint32_t i = 0; i < candidate_count; i++) {
        bool is_new = candidates[i] < count;
        for (uint32_t j = 0; is_new && j < found_count; j++) {
            is_new = found[j] != candidates[i];
        }
        if (is_new) {
            found[found_count++] = candidates[i];
        }
    }
    return k < found_count ? found[k] : EVENT_NONE;
}

uint32_t axis_lane_task(const Axis *axis, const Canvas *canvas, uint32_t lane) {
    return axis->area ? pinned_task(canvas, lane) : lane;
}

float axis_lane_y(const Axis *axis, uint32_t lane) {
    const float lane_share = (float)lane + 0.5f, gap = axis->box.h * 0.01f;
    return (axis->area ? axis->area_bottom + gap : axis->top) + axis->lane_h * lane_share;
}

float axis_text_most(const Axis *axis, const Canvas *canvas) {
    return fmaxf(0.86f * axis->lane_h / canvas->u, TEXT_SMALLEST_U) / canvas->text_scale;
}

/* ---- what the viewer does with the span ---- */

static TimeSpan span_over(const Axis *axis, double from_ns, double width_ns) {
    const double whole = (double)axis->whole_ns;
    if (width_ns >= whole) {
        return (TimeSpan){0};
    }
    width_ns = fmax(width_ns, SPAN_MIN_NS);
    const double from = fmin(fmax(from_ns, 0), fmax(whole - width_ns, 0));
    const uint64_t start_ns = (uint64_t)llround(from); /* rounded: a move back undoes a move */
    return (TimeSpan){start_ns, start_ns + (uint64_t)llround(width_ns)};
}

void axis_layout(Layout *layout, const ViewInput *input) {
    layout_make(layout, input->width_px, input->height_px, input->text_scale);
    if (input->pane != NULL) {
        layout->timeline = input->pane->box;
    } else {
        two_ways_place(input, layout);
    }
}

static void axis_of(Axis *axis, Layout *layout, const ViewDoc *doc, const ViewInput *input) {
    axis_layout(layout, input);
    const Canvas canvas = {.layout = layout,
                           .u = layout->u,
                           .text_scale = input->text_scale,
                           .doc = doc,
                           .input = input};
    axis_make(axis, &canvas);
}

TimeSpan view_zoom(const ViewDoc *doc, const ViewInput *input, uint64_t at_ns, double factor) {
    Axis axis;
    Layout layout;
    axis_of(&axis, &layout, doc, input);
    const double width = (double)(axis.to_ns - axis.from_ns);
    const double at = fmin(fmax((double)at_ns, (double)axis.from_ns), (double)axis.to_ns);
    const double share = (at - (double)axis.from_ns) / width;
    const double wanted = fmax(width * factor, SPAN_MIN_NS);
    return span_over(&axis, at - share * wanted, wanted);
}

TimeSpan view_pan(const ViewDoc *doc, const ViewInput *input, float dx_px) {
    Axis axis;
    Layout layout;
    axis_of(&axis, &layout, doc, input);
    if (input->span.to_ns == 0) {
        return input->span;
    }
    const double width = (double)(axis.to_ns - axis.from_ns);
    const double moved = width * (double)(dx_px / (axis.x1 - axis.x0));
    return span_over(&axis, (double)axis.from_ns + moved, width);
}

TimeSpan view_reveal(const ViewDoc *doc, const ViewInput *input, uint64_t t_ns) {
    const TimeSpan span = input->span;
    if (span.to_ns == 0 || (t_ns >= span.from_ns && t_ns <= span.to_ns)) {
        return span;
    }
    Axis axis;
    Layout layout;
    axis_of(&axis, &layout, doc, input);
    const double width = (double)(span.to_ns - span.from_ns);
    /* Forwards it is seen near the left, so that what follows has room, and the other way round. */
    const double share = t_ns > span.to_ns ? 0.2 : 0.8;
    return span_over(&axis, (double)t_ns - share * width, width);
}

uint64_t view_time(const ViewDoc *doc, const ViewInput *input, float x) {
    Axis axis;
    Layout layout;
    axis_of(&axis, &layout, doc, input);
    return axis_time(&axis, x);
}

uint64_t view_scrub(const ViewDoc *doc, const ViewInput *input, float x) {
    return timeline_count_at(doc->timeline, view_time(doc, input, x));
}
