/* The look's table of motions: how long what each kind of event moves takes, how much of that it
 * waits for something else first, and how its way is spent over the rest.
 *
 * Ownership: plain data. Threads: any. */
#ifndef LOOPSCOPE_VIEW_MOTION_H
#define LOOPSCOPE_VIEW_MOTION_H

#include "trace/event.h"

enum {
    MOTION_POP_MS = 120,        /* the check of what the OS has finished */
    MOTION_EVENT_LANE_MS = 420, /* from its row into the event lane */
    MOTION_RAIL_MS = 520,       /* through the gate, up the rail, into the ready queue */
    MOTION_FIRED_MS = 360,      /* from a clock face to the rail */
    MOTION_QUEUED_MS = 200,     /* a card grows at the back of the queue */
    MOTION_FLASH_MS = 120,      /* an outline, where it goes too quickly for travel */
};

typedef enum Ease { EASE_LINEAR, EASE_OUT, EASE_IN_OUT } Ease;

typedef struct Motion {
    uint16_t delay_ms, ms; /* both 0: what it changes shows at once */
    Ease ease;
} Motion;

Motion motion_of(const Event *event);
uint32_t motion_ms(Motion motion);              /* with its delay */
float motion_share(Motion motion, float phase); /* of the way, `phase` (0 to 1) of the time */

/* Whether something changes its place, so that its new place is marked where nothing travels. */
bool motion_travels(EventKind kind);

float ease_in_out(float t); /* cubic */
float ease_out(float t);    /* cubic */
float ease_out_back(float t);
float share_within(float t, float from, float to);     /* 0 before, 1 after */
float size_between(float a_u, float b_u, float share); /* of text: in steps of half a unit */

#endif
