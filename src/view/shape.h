/* The shape of a run in a few strokes: what each task did, in order. For the cards of the welcome
 * screen.
 *
 * Its axis is half the order of events and half their time, so that what takes no time is seen, and
 * what takes long is long; it tells no durations.
 *
 * Ownership: plain data. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_SHAPE_H
#define LOOPSCOPE_VIEW_SHAPE_H

#include "trace/timeline.h"

enum { SHAPE_LANES_MAX = 5, SHAPE_PARTS_MAX = 48 };

typedef struct ShapePart {
    TaskPhase phase; /* READY, RUNNING, WAITING, or the end FAILED or CANCELLED */
    bool kept;       /* it ran for so long that the loop stood still */
    float from, to;  /* of the run's length, 0 to 1 */
} ShapePart;

typedef struct ShapeLane {
    uint32_t task;
    int identity; /* -1: of very many */
    ShapePart parts[SHAPE_PARTS_MAX];
    size_t count;
} ShapeLane;

typedef struct RunShape {
    ShapeLane lanes[SHAPE_LANES_MAX];
    size_t lane_count;
} RunShape;

/* Of all that the timeline has taken in: the first tasks; of very many, some from first to last. */
void shape_make(const Timeline *timeline, RunShape *out);

#endif
