/* The pointer's shape: it says what a press would do.
 *
 * Ownership: SDL's. Threads: the main thread alone. */
#ifndef LOOPSCOPE_UI_CURSOR_H
#define LOOPSCOPE_UI_CURSOR_H

#include "view/action.h"

typedef enum CursorShape {
    CURSOR_ARROW,
    CURSOR_HAND,  /* a control */
    CURSOR_TEXT,  /* something is typed there */
    CURSOR_SLIDE, /* left and right: the times */
    CURSOR_MOVE,  /* what is seen moves along: the lanes of a timeline that is zoomed */
    CURSOR_COUNT
} CursorShape;

CursorShape cursor_of_action(Action action, bool zoomed);

/* Does nothing where the system has no such shape. */
void cursor_show(CursorShape shape);

#endif
