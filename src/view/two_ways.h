/* "Same work, two ways": beside the timeline, once something has frozen the loop, the scenario as
 * it is and mended, as two small timelines on one axis with their totals. Both are runs of their
 * own. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_TWO_WAYS_H
#define LOOPSCOPE_VIEW_TWO_WAYS_H

#include "view/parts.h"

/* Where it stands; the timeline gets narrower for it. An empty place where it is not to be seen. */
Rect two_ways_place(const ViewInput *input, Layout *layout);

void panel_two_ways(const Canvas *canvas, Rect box);

#endif
