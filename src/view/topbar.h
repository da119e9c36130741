/* Parts of the top bar that every screen with a recording has. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_TOPBAR_H
#define LOOPSCOPE_VIEW_TOPBAR_H

#include "view/controls.h"

/* The bar, the mark, and the name, which leads back to the list of scenarios; returns the end. */
float topbar_begin(const Canvas *canvas, float max_px, const char *name);

/* Right-aligned at `right`; these return their left edges. */
float topbar_icons_draw(const Canvas *canvas, float right, float y);
float topbar_back_end_draw(const Canvas *canvas, float right, float y); /* of the recording */

#endif
