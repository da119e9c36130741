#include "ui/cursor.h"

#include <SDL.h>

CursorShape cursor_of_action(Action action, bool zoomed) {
    switch (action) {
    case ACTION_NONE:
        return CURSOR_ARROW;
    case ACTION_FILTER:
        return CURSOR_TEXT;
    case ACTION_SCRUB:
        return CURSOR_SLIDE;
    case ACTION_LANES:
        return zoomed ? CURSOR_MOVE : CURSOR_HAND;
    default:
        return CURSOR_HAND;
    }
}

void cursor_show(CursorShape shape) {
    static const SDL_SystemCursor SHAPES[CURSOR_COUNT] = {
        [CURSOR_ARROW] = SDL_SYSTEM_CURSOR_ARROW,  [CURSOR_HAND] = SDL_SYSTEM_CURSOR_HAND,
        [CURSOR_TEXT] = SDL_SYSTEM_CURSOR_IBEAM,   [CURSOR_SLIDE] = SDL_SYSTEM_CURSOR_SIZEWE,
        [CURSOR_MOVE] = SDL_SYSTEM_CURSOR_SIZEALL,
    };
    SDL_Cursor *old = SDL_GetCursor(), *made = SDL_CreateSystemCursor(SHAPES[shape]);
    if (made == NULL) {
        return;
    }
    SDL_SetCursor(made);
    if (old != SDL_GetDefaultCursor()) {
        SDL_FreeCursor(old);
    }
}
