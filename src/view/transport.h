/* The transport of any screen that has one: where the viewer stands, and the pace. Internal to
 * view/. */
#ifndef LOOPSCOPE_VIEW_TRANSPORT_H
#define LOOPSCOPE_VIEW_TRANSPORT_H

#include "view/controls.h"

typedef struct Transport {
    bool moving_on, at_start, at_end;
    int pace, pace_count;
    const char *pace_text;
    const char *pace_widest; /* room is kept for it, so that nothing beside it jumps */
} Transport;

/* Over the layout's place for it. */
void transport_draw(const Canvas *canvas, const Transport *at);

#endif
