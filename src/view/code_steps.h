/* The steps as a list that is ticked off: which of them the shown task has done, is in and has
 * still to do, and whether it paused there, told by the recording. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_CODE_STEPS_H
#define LOOPSCOPE_VIEW_CODE_STEPS_H

#include "view/code_line.h"

typedef enum StepState {
    STEP_AHEAD,
    STEP_OPEN, /* a block or a call, of which an inner step is the current one */
    STEP_CURRENT,
    STEP_DONE,
} StepState;

/* How a step went, the last time that the task came there. */
typedef struct StepPast {
    uint32_t line;
    StepState state;
    uint64_t waited_ns; /* while it was the current one */
    bool paused;        /* at least once */
    bool waits;         /* it is paused there now */
} StepPast;

enum {
    STEPS_PAST_MAX = 96,  /* steps that are known */
    STEPS_PARTS_MAX = 192 /* of the task's life that are looked back over */
};

typedef struct StepsPast {
    StepPast steps[STEPS_PAST_MAX];
    size_t count;
    bool begins_later; /* the task did more than was looked at */
} StepsPast;

/* What `task` (or EVENT_NONE) has done of a listing, at the document's cursor. */
void steps_past_find(StepsPast *past, const ViewDoc *doc, const Listing *listing, uint32_t task);
StepPast steps_past_of(const StepsPast *past, uint32_t line);

/* The mark of a line on the track at x: y is the middle of its first row. */
void step_mark_draw(const Canvas *canvas, const CodeGrid *grid, const Listing *listing,
                    uint32_t line, const StepPast *past, uint32_t task, float x, float y);

/* "may pause", and how long it did, on the panel's ground or on the marked step's; returns its left
 * edge. */
float step_pill_draw(const Canvas *canvas, const CodeGrid *grid, const StepPast *past, bool marked,
                     float right, float y);

#endif
