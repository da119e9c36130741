/* The timeline's scale and what its parts share. Internal to view/.
 *
 * The axis shows a span of the run: all of it, or what the viewer has zoomed to. All of a finished
 * recording ends a little behind its last event. While a run goes on it grows in steps of round
 * numbers, so that the picture stands still between them. */
#ifndef LOOPSCOPE_VIEW_TIMELINE_PANEL_H
#define LOOPSCOPE_VIEW_TIMELINE_PANEL_H

#include "view/parts.h"

/* A task had the thread for so long that the loop stood still. */
typedef struct FrozenSpan {
    uint32_t task;
    uint64_t from_ns, to_ns;
} FrozenSpan;

enum { AXIS_FROZEN_MAX = 32 };

typedef struct Axis {
    Rect box;
    float x0, x1; /* px of from_ns and to_ns */
    uint64_t from_ns, to_ns;
    uint64_t whole_ns; /* where the whole run's axis ends */
    float ticks_y;     /* the middle of the times' line */
    float loop_y;      /* the middle of the loop's lane */
    float top, bottom; /* of the lanes, or of the area */
    float lane_h;      /* px */
    float name_u;      /* the size of the lanes' names, where they are drawn */
    uint32_t lanes;    /* drawn as lanes */
    bool area;         /* more tasks than lanes fit: counts, and a few lanes below them */
    float area_bottom;
    FrozenSpan frozen[AXIS_FROZEN_MAX]; /* of the tasks that have lanes */
    size_t frozen_count;
} Axis;

/* Needs the layout, the document and the input: no scene and no metrics. */
void axis_make(Axis *axis, const Canvas *canvas);

/* Where the axis of a whole recording ends. */
uint64_t axis_end_ns(const ViewDoc *doc);

/* The layout of the main screen, with the timeline where the input says. */
void axis_layout(Layout *layout, const ViewInput *input);
float axis_x(const Axis *axis, double t_ns);
uint64_t axis_time(const Axis *axis, float x);

/* A duration as one or two pixels' worth of time: what is shorter is folded. */
uint64_t axis_span_ns(const Axis *axis, float px);

/* Where the lanes are drawn: the times from from_ns to to_ns; and their ground, right of the names,
 * which has room for the mark behind the end of a life. */
Rect axis_lanes(const Axis *axis);
Rect axis_area(const Axis *axis);

/* Which task has lane number `lane`: of few tasks that one, else those that are followed, then the
 * first and the last. */
uint32_t axis_lane_task(const Axis *axis, const Canvas *canvas, uint32_t lane);
float axis_lane_y(const Axis *axis, uint32_t lane); /* its middle */

/* The largest text that a lane has room for, in units before text_scale. */
float axis_text_most(const Axis *axis, const Canvas *canvas);

enum { LANE_SEGMENTS_MAX = 4096, LANE_FOLD_PX = 3 };

/* Words that stand on a lane: gathered while the lanes are drawn, and drawn over all of it. */
typedef struct TimeLabel {
    float middle, y, width; /* px; y is the middle of the lane */
    float size_u;
    Font font;
    bool on_bar; /* on one of the loop's turns, else on the panel */
    size_t first_byte;
} TimeLabel;

typedef struct TimeLabels { /* zeroed: none; timeline_labels_finish frees */
    TimeLabel *items;
    size_t count, cap;
    Buf text;
} TimeLabels;

#define TIMELINE_VEIL 0.62f /* how much of the panel's colour lies over the future */

void timeline_label_add(TimeLabels *labels, const TimeLabel *label, const char *text);
void timeline_labels_draw(const Canvas *canvas, const Axis *axis, const TimeLabels *labels,
                          float playhead, bool veiled); /* whether there is a future */
void timeline_labels_finish(TimeLabels *labels);

/* The size in which all the lanes' names have room, so that none looks smaller than the others. */
float timeline_name_size(const Canvas *canvas, const Axis *axis);

void timeline_lane_draw(const Canvas *canvas, const Axis *axis, uint32_t task, float y,
                        TimeLabels *labels);
/* The mark stands behind the end: where the task has ended just now, it is drawn over the veil. */
void timeline_end_draw(const Canvas *canvas, const Axis *axis, uint32_t task, float y,
                       float playhead);
void timeline_loop_draw(const Canvas *canvas, const Axis *axis, TimeLabels *labels);

/* timeline_frozen.c: who kept the thread, and for how long others could not go on because of it. */
void timeline_frozen_find(const Canvas *canvas, Axis *axis); /* fills axis->frozen */
bool timeline_is_kept(const LaneSegment *segment);
bool timeline_is_frozen(const Axis *axis, uint64_t from_ns, uint64_t to_ns);
void timeline_lost_draw(const Canvas *canvas, const Axis *axis, uint32_t task,
                        const LaneSegment *segment, float y);

/* timeline_op.c: while an operation's event is inspected, for how long the system had it, as a
 * bracket over its task's lane. */
void timeline_op_draw(const Canvas *canvas, const Axis *axis);

void timeline_area_draw(const Canvas *canvas, const Axis *axis);
/* The counts at the cursor, beside the playhead. */
void timeline_area_labels_draw(const Canvas *canvas, const Axis *axis);

/* What lies under the pointer, in words, beside it. Drawn last, as it reaches over other panels. */
void timeline_hover_draw(const Canvas *canvas);

/* The same of a moment on a task's lane, or on the loop's (EVENT_NONE), wherever the pointer is. */
void timeline_told_draw(const Canvas *canvas, LanePlace place, uint32_t task, uint64_t t_ns);

#endif
