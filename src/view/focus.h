/* The keyboard's focus goes over all controls of a scene, in the order in which one reads.
 *
 * A control is a place that answers the pointer, has a tip, and is not covered by another. What has
 * keys of its own for going through it has no part in this: the rows of a list, the cards of the
 * welcome screen. A control is known again in the next frame by what it does.
 *
 * Threads: pure functions. */
#ifndef LOOPSCOPE_VIEW_FOCUS_H
#define LOOPSCOPE_VIEW_FOCUS_H

#include "view/action.h"
#include "view/scene.h"

typedef struct Focus {
    uint32_t action; /* ACTION_NONE: no control has it */
    int64_t argument;
} Focus;

/* The control after (before) the one that has the focus; behind the last none has it. */
Focus focus_step(const Scene *scene, Focus focus, bool forward);

/* Where the control is; NULL where it is not on the screen, or no control has the focus. */
const Hit *focus_hit(const Scene *scene, Focus focus);

/* Along a range a press on Enter means nothing: arrows move it. */
bool focus_is_range(Focus focus);

#endif
