/* The window: SDL's window, its events as plain records, and showing a painted frame.
 *
 * It knows no recording and no player; app/ turns events into actions and scenes into frames.
 * Ownership: create/destroy. Threads: the main thread alone. */
#ifndef LOOPSCOPE_UI_WINDOW_H
#define LOOPSCOPE_UI_WINDOW_H

#include "base/diag.h"

#include <stdint.h>

typedef enum WindowEventKind {
    WINDOW_NONE, /* the wait is over, nothing came */
    WINDOW_QUIT,
    WINDOW_KEY,     /* key, shift, ctrl */
    WINDOW_POINTER, /* moved: x, y in px */
    WINDOW_PRESS,   /* left button; x, y */
    WINDOW_RELEASE, /* left button; x, y */
    WINDOW_WHEEL,   /* dx, dy; x, y of the pointer; shift, ctrl */
    WINDOW_PINCH,   /* two fingers: dy is how much they part, in widths of the window; x, y */
    WINDOW_LEAVE,   /* the pointer left */
    WINDOW_RESIZE,  /* paint anew: size, exposure, a lost device */
    WINDOW_DROP,    /* a file: path (until the next call) */
} WindowEventKind;

typedef struct WindowEvent {
    WindowEventKind kind;
    char key[32]; /* SDL_GetKeyName's, or the sign that was written */
    bool shift, ctrl;
    float x, y, dx, dy;
    const char *path;
} WindowEvent;

typedef struct Window Window;

/* NULL and a diagnostic where there is no display. */
Window *window_create(const char *title, int width_px, int height_px, bool fullscreen,
                      Diags *diags);
void window_destroy(Window *window); /* accepts NULL */

void window_set_title(Window *window, const char *title);
void window_toggle_fullscreen(Window *window);
void window_size(Window *window, int *width_px, int *height_px); /* of the drawable, in px */

/* The next event; sleeps at most timeout_ms (0: does not sleep). WINDOW_NONE when there is none. */
WindowEvent window_next_event(Window *window, uint32_t timeout_ms);

/* Shows a frame of the given size. */
void window_show(Window *window, const uint32_t *pixels, int width_px, int height_px);

/* Wakes window_next_event from another thread. */
void window_wake(void);

/* To the system's clipboard; false where there is none. */
bool window_copy(Window *window, const char *text);

const char *window_renderer_name(Window *window);

/* Whether a window can be opened here, and what would show it, in words; for `doctor`. */
bool window_display_available(char *out, uint32_t size_bytes);

#endif
