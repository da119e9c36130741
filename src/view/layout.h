/* The layout of the main screen: regions in pixels for a size. Virtual canvas 1600x900,
 * u = min(W/1600, H/900); spare width goes to lanes and kernel, spare height to the timeline. Below
 * 1280x720 code and output become drawers over the system's side, and the canvas is 1312x820.
 * Internal to view/. */
#ifndef LOOPSCOPE_VIEW_LAYOUT_H
#define LOOPSCOPE_VIEW_LAYOUT_H

#include "view/scene.h"

typedef struct Layout {
    float u;
    bool compact;                       /* drawers */
    Rect topbar, code, output, caption; /* code + output: one column; drawers when compact */
    Rect user, wall, kernel;            /* the stage's territories, strips included */
    float strip_h;                      /* height of the territories' title strips */
    Rect door_out, door_back;
    Rect lane, running, paused, event_lane; /* boxes; titles stand above them */
    Rect syscalls, ops;                     /* in the kernel; ops rows pair with paused rows */
    Point ring;
    float ring_radius;
    float rail_x;
    Rect transport, timeline;
    Rect choices;   /* of a question, beside the stage; empty: none, or in a row below it */
    float title_dy; /* a title's y above its box's top */
} Layout;

void layout_make(Layout *layout, int width_px, int height_px, float text_scale);

#endif
