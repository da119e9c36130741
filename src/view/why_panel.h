/* The panel of the selected task. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_WHY_PANEL_H
#define LOOPSCOPE_VIEW_WHY_PANEL_H

#include "view/parts.h"

bool why_is_open(const ViewDoc *doc, const ViewInput *input);

/* Its place in the left column, which the code makes room for; in a small window the drawer's. */
Rect why_place(Layout *layout);

void panel_why(const Canvas *canvas, Rect box);

#endif
