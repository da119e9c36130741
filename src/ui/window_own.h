/* What the window's files share among themselves: opening and showing are window.c's, the events
 * window_events.c's.
 *
 * Ownership and threads: window.h. */
#ifndef LOOPSCOPE_UI_WINDOW_OWN_H
#define LOOPSCOPE_UI_WINDOW_OWN_H

#include "ui/window.h"

#include <SDL.h>

/* Frames go to an accelerated renderer's texture where there is one. Otherwise they go straight
 * into the window's own memory: SDL's software renderer would only copy them once more. */
struct Window {
    SDL_Window *sdl;
    SDL_Renderer *renderer; /* NULL: the window's surface */
    SDL_Texture *texture;
    int texture_width_px, texture_height_px;
    char renderer_name[64];
    char *dropped;  /* the path of the last WINDOW_DROP */
    bool repeating; /* the last key went down again by itself: so did its text */
};

/* The device has lost it; the next frame makes it anew. */
void window_drop_texture(Window *window);

/* How much larger than usual the desktop wants windows to be, in the units of window_create; 1
 * where the system sees to that by itself. window_scale.c. */
float window_desktop_scale(void);

#endif
