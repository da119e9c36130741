/* What SDL tells, as plain records. */
#include "ui/window_own.h"

#include <stdio.h>
#include <string.h>

/* Pointer coordinates come in points; the scene's are pixels. */
static void place_event(Window *window, WindowEvent *event, int x, int y) {
    int width_px = 0, height_px = 0, width = 0, height = 0;
    window_size(window, &width_px, &height_px);
    SDL_GetWindowSize(window->sdl, &width, &height);
    event->x = (float)x * (width > 0 ? (float)width_px / (float)width : 1);
    event->y = (float)y * (height > 0 ? (float)height_px / (float)height : 1);
}

/* Letters, Space and keys without a sign are told by their key. What digits and other signs write
 * depends on the keyboard, so they are told by their text, unless Ctrl keeps them from writing. */
static bool key_writes_sign(SDL_Keycode key) {
    const bool letter = key >= SDLK_a && key <= SDLK_z;
    return (key & SDLK_SCANCODE_MASK) == 0 && key > SDLK_SPACE && key != SDLK_DELETE && !letter;
}

static bool key_repeats(SDL_Keycode key) {
    return key == SDLK_LEFT || key == SDLK_RIGHT || key == SDLK_UP || key == SDLK_DOWN ||
           key == SDLK_PAGEUP || key == SDLK_PAGEDOWN || key == SDLK_TAB || key == SDLK_BACKSPACE;
}

static bool is_ctrl(unsigned modifiers) { /* and not a part of AltGr */
    return (modifiers & KMOD_CTRL) != 0 && (modifiers & KMOD_MODE) == 0;
}

static bool from_key(Window *window, const SDL_KeyboardEvent *key, WindowEvent *event) {
    const SDL_Keycode code = key->keysym.sym;
    const bool ctrl = is_ctrl(key->keysym.mod);
    const bool others = (key->keysym.mod & (KMOD_LALT | KMOD_GUI)) != 0; /* the desktop's keys */
    window->repeating = key->repeat != 0;
    if (others || (key->repeat != 0 && !key_repeats(code)) || (!ctrl && key_writes_sign(code))) {
        return false;
    }
    event->kind = WINDOW_KEY;
    event->shift = (key->keysym.mod & KMOD_SHIFT) != 0;
    event->ctrl = ctrl;
    snprintf(event->key, sizeof event->key, "%s", SDL_GetKeyName(code));
    return event->key[0] != '\0';
}

/* Some systems write "=" also for Ctrl with "=", which was a key already. */
static bool from_text(const Window *window, const char *text, WindowEvent *event) {
    const char sign = text[0];
    const bool letter = (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z');
    const bool sign_of_ascii = sign > ' ' && sign <= '~' && text[1] == '\0' && !letter;
    const bool other_ascii = ((unsigned char)sign & 0x80) == 0 && !sign_of_ascii;
    if (is_ctrl(SDL_GetModState()) || window->repeating || other_ascii) {
        return false;
    }
    event->kind = WINDOW_KEY;
    snprintf(event->key, sizeof event->key, "%s", text); /* Shift is a part of it */
    return true;
}

/* Of a row of motions only the last counts. */
static SDL_MouseMotionEvent last_motion(SDL_MouseMotionEvent motion) {
    SDL_Event next;
    while (SDL_PeepEvents(&next, 1, SDL_PEEKEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) == 1 &&
           next.type == SDL_MOUSEMOTION) {
        SDL_PeepEvents(&next, 1, SDL_GETEVENT, SDL_MOUSEMOTION, SDL_MOUSEMOTION);
        motion = next.motion;
    }
    return motion;
}

static bool from_window(const SDL_WindowEvent *change, WindowEvent *event) {
    switch (change->event) {
    case SDL_WINDOWEVENT_SHOWN:
    case SDL_WINDOWEVENT_EXPOSED:
    case SDL_WINDOWEVENT_SIZE_CHANGED:
    case SDL_WINDOWEVENT_RESTORED:
    case SDL_WINDOWEVENT_DISPLAY_CHANGED:
        event->kind = WINDOW_RESIZE;
        return true;
    case SDL_WINDOWEVENT_LEAVE:
        event->kind = WINDOW_LEAVE;
        return true;
    case SDL_WINDOWEVENT_CLOSE:
        event->kind = WINDOW_QUIT;
        return true;
    default:
        return false;
    }
}

static bool from_wheel(Window *window, const SDL_MouseWheelEvent *wheel, WindowEvent *event) {
    int x = 0, y = 0;
    SDL_GetMouseState(&x, &y);
    const float sign = wheel->direction == SDL_MOUSEWHEEL_FLIPPED ? -1.0F : 1.0F;
    event->kind = WINDOW_WHEEL;
    event->dx = sign * wheel->preciseX;
    event->dy = sign * wheel->preciseY;
    event->shift = (SDL_GetModState() & KMOD_SHIFT) != 0;
    event->ctrl = (SDL_GetModState() & KMOD_CTRL) != 0;
    place_event(window, event, x, y);
    return true;
}

static bool from_pinch(Window *window, const SDL_MultiGestureEvent *gesture, WindowEvent *event) {
    int width_px = 0, height_px = 0;
    window_size(window, &width_px, &height_px);
    event->kind = WINDOW_PINCH;
    event->dy = gesture->dDist;
    event->x = gesture->x * (float)width_px;
    event->y = gesture->y * (float)height_px;
    return gesture->numFingers == 2;
}

static bool from_drop(Window *window, char *path, WindowEvent *event) {
    SDL_free(window->dropped);
    window->dropped = path;
    event->kind = WINDOW_DROP;
    event->path = path;
    return path != NULL;
}

/* False: not for us. */
static bool translate(Window *window, SDL_Event *from, WindowEvent *event) {
    switch (from->type) {
    case SDL_QUIT:
        event->kind = WINDOW_QUIT;
        return true;
    case SDL_KEYDOWN:
        return from_key(window, &from->key, event);
    case SDL_TEXTINPUT:
        return from_text(window, from->text.text, event);
    case SDL_MOUSEMOTION: {
        const SDL_MouseMotionEvent motion = last_motion(from->motion);
        event->kind = WINDOW_POINTER;
        place_event(window, event, motion.x, motion.y);
        return true;
    }
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        event->kind = from->type == SDL_MOUSEBUTTONDOWN ? WINDOW_PRESS : WINDOW_RELEASE;
        place_event(window, event, from->button.x, from->button.y);
        /* A drag keeps the pointer, so that its release comes even from outside. */
        SDL_CaptureMouse(event->kind == WINDOW_PRESS ? SDL_TRUE : SDL_FALSE);
        return from->button.button == SDL_BUTTON_LEFT;
    case SDL_MOUSEWHEEL:
        return from_wheel(window, &from->wheel, event);
    case SDL_MULTIGESTURE:
        return from_pinch(window, &from->mgesture, event);
    case SDL_DROPFILE:
        return from_drop(window, from->drop.file, event);
    case SDL_WINDOWEVENT:
        return from_window(&from->window, event);
    case SDL_RENDER_DEVICE_RESET:
        window_drop_texture(window); /* fall through */
    case SDL_RENDER_TARGETS_RESET:
        event->kind = WINDOW_RESIZE;
        return true;
    default:
        return false;
    }
}

WindowEvent window_next_event(Window *window, uint32_t timeout_ms) {
    const Uint64 deadline = SDL_GetTicks64() + timeout_ms;
    for (;;) {
        const Uint64 now = SDL_GetTicks64();
        const int left_ms = now < deadline ? (int)(deadline - now) : 0;
        SDL_Event from;
        const bool got = left_ms > 0 ? SDL_WaitEventTimeout(&from, left_ms) : SDL_PollEvent(&from);
        WindowEvent event = {.kind = WINDOW_NONE};
        if (!got || from.type == SDL_USEREVENT) { /* USEREVENT: window_wake */
            return event;
        }
        if (translate(window, &from, &event)) {
            return event;
        }
    }
}

void window_wake(void) {
    SDL_Event event;
    memset(&event, 0, sizeof event);
    event.type = SDL_USEREVENT;
    SDL_PushEvent(&event);
}
