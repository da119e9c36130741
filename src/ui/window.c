#include "ui/window.h"

#include "base/assert.h"
#include "base/mem.h"
#include "ui/icon.h"

#include <SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MIN_WIDTH_PX = 1024, MIN_HEIGHT_PX = 640, ICON_PX = 64 };

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

/* ---- opening ---- */

/* On Linux a graphics card shows as a device. Looking takes no time; asking OpenGL loads Mesa. */
static bool has_graphics_card(void) {
#ifdef __linux__
    return access("/dev/dri", F_OK) == 0 || access("/dev/nvidiactl", F_OK) == 0;
#else
    return true;
#endif
}

static bool software_wanted(void) {
    const char *driver = SDL_getenv("SDL_RENDER_DRIVER");
    return driver != NULL ? strcmp(driver, "software") == 0 : !has_graphics_card();
}

static const char *const NO_DISPLAY = "neither DISPLAY nor WAYLAND_DISPLAY leads to one";

static bool is_set(const char *variable) {
    const char *value = SDL_getenv(variable);
    return value != NULL && value[0] != '\0';
}

/* Drivers that show nothing to anybody are taken only when they are asked for. */
static bool is_shown_to_somebody(void) {
    static const char *const SHOW_NOTHING[] = {"offscreen", "dummy", "evdev"};
    const char *driver = SDL_GetCurrentVideoDriver();
    for (size_t i = 0; i < SDL_arraysize(SHOW_NOTHING); i++) {
        if (!is_set("SDL_VIDEODRIVER") && strcmp(driver, SHOW_NOTHING[i]) == 0) {
            SDL_QuitSubSystem(SDL_INIT_VIDEO);
            SDL_SetError("%s", NO_DISPLAY);
            return false;
        }
    }
    return true;
}

static bool video_start(void) {
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");       /* signals are the program's */
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0"); /* of the window's surface */
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
#ifdef __linux__
    if (!is_set("XDG_RUNTIME_DIR")) {
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "x11"); /* Wayland in vain writes to the terminal */
    }
#endif
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) == 0) {
        return is_shown_to_somebody();
    }
    if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") && !is_set("SDL_VIDEODRIVER")) {
        SDL_SetError("%s", NO_DISPLAY);
    }
    return false;
}

static void window_set_icon(Window *window) {
    uint32_t pixels[ICON_PX * ICON_PX];
    icon_draw(pixels, ICON_PX);
    SDL_Surface *icon = SDL_CreateRGBSurfaceWithFormatFrom(pixels, ICON_PX, ICON_PX, 32,
                                                           ICON_PX * 4, SDL_PIXELFORMAT_ARGB8888);
    if (icon != NULL) {
        SDL_SetWindowIcon(window->sdl, icon);
        SDL_FreeSurface(icon);
    }
}

/* Without a graphics card OpenGL is computed by the processor, and slower than our own copying. */
static bool is_emulated(const char *name) {
    typedef const unsigned char *GetString(unsigned what);
    const unsigned gl_renderer = 0x1F01;
    if (strncmp(name, "opengl", 6) != 0) {
        return false;
    }
    void *address = SDL_GL_GetProcAddress("glGetString");
    GetString *get_string = NULL;
    memcpy(&get_string, &address, sizeof get_string);
    const char *device = get_string == NULL ? NULL : (const char *)get_string(gl_renderer);
    return device != NULL && (strstr(device, "llvmpipe") != NULL ||
                              strstr(device, "softpipe") != NULL || strstr(device, "SWR") != NULL);
}

static bool renderer_start(Window *window) {
    if (!software_wanted()) {
        const Uint32 flags = SDL_RENDERER_ACCELERATED | SDL_RENDERER_PRESENTVSYNC;
        window->renderer = SDL_CreateRenderer(window->sdl, -1, flags);
    }
    SDL_RendererInfo info;
    if (window->renderer != NULL && SDL_GetRendererInfo(window->renderer, &info) == 0 &&
        !is_emulated(info.name)) {
        snprintf(window->renderer_name, sizeof window->renderer_name, "%s", info.name);
        return true;
    }
    if (window->renderer != NULL) {
        SDL_DestroyRenderer(window->renderer);
        window->renderer = NULL;
    }
    snprintf(window->renderer_name, sizeof window->renderer_name, "software");
    return SDL_GetWindowSurface(window->sdl) != NULL;
}

/* A window that is not shown yet, with what will show its frames; NULL and SDL's error. */
static Window *window_hidden(const char *title, int width_px, int height_px, Uint32 more_flags) {
    Window *window = mem_alloc(1, sizeof *window);
    const Uint32 flags =
        SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI | SDL_WINDOW_HIDDEN | more_flags;
    window->sdl = SDL_CreateWindow(title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width_px,
                                   height_px, flags);
    if (window->sdl == NULL || !renderer_start(window)) {
        window_destroy(window);
        return NULL;
    }
    return window;
}

/* No larger than the screen has room for. */
static void fit_to_screen(int *width_px, int *height_px) {
    SDL_Rect room;
    if (SDL_GetDisplayUsableBounds(0, &room) == 0) {
        *width_px = SDL_max(SDL_min(*width_px, room.w), MIN_WIDTH_PX);
        *height_px = SDL_max(SDL_min(*height_px, room.h), MIN_HEIGHT_PX);
    }
}

Window *window_create(const char *title, int width_px, int height_px, bool fullscreen,
                      Diags *diags) {
    if (!video_start()) {
        diags_add(diags, "window", "no display can be opened: %s", SDL_GetError());
        return NULL;
    }
    fit_to_screen(&width_px, &height_px);
    Window *window =
        window_hidden(title, width_px, height_px, fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0U);
    if (window == NULL) {
        diags_add(diags, "window", "the window can't be opened: %s", SDL_GetError());
        return NULL;
    }
    SDL_SetWindowMinimumSize(window->sdl, MIN_WIDTH_PX, MIN_HEIGHT_PX);
    window_set_icon(window);
    SDL_StartTextInput(); /* signs such as "?" are told by what the keyboard writes */
    SDL_EventState(SDL_DROPFILE, SDL_ENABLE);
    SDL_ShowWindow(window->sdl);
    return window;
}

/* SDL wakes itself by a message to the window through a second connection to the X server, which
 * may be read after the window is gone; Xlib then ends the program with status 1. So on X11 the
 * window is only hidden: the end of the process closes it and both connections. */
static bool is_left_to_the_server(void) {
    return strcmp(SDL_GetCurrentVideoDriver(), "x11") == 0;
}

void window_destroy(Window *window) {
    if (window == NULL) {
        return;
    }
    SDL_free(window->dropped);
    if (window->texture != NULL) {
        SDL_DestroyTexture(window->texture);
    }
    if (window->renderer != NULL) {
        SDL_DestroyRenderer(window->renderer);
    }
    if (window->sdl != NULL && is_left_to_the_server()) {
        SDL_HideWindow(window->sdl);
        free(window);
        return;
    }
    if (window->sdl != NULL) {
        SDL_DestroyWindow(window->sdl);
    }
    free(window);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
}

void window_set_title(Window *window, const char *title) {
    SDL_SetWindowTitle(window->sdl, title);
}

void window_toggle_fullscreen(Window *window) {
    const bool full = (SDL_GetWindowFlags(window->sdl) & SDL_WINDOW_FULLSCREEN_DESKTOP) ==
                      SDL_WINDOW_FULLSCREEN_DESKTOP;
    SDL_SetWindowFullscreen(window->sdl, full ? 0U : SDL_WINDOW_FULLSCREEN_DESKTOP);
}

void window_size(Window *window, int *width_px, int *height_px) {
    *width_px = *height_px = 0;
    if (window->renderer != NULL) {
        SDL_GetRendererOutputSize(window->renderer, width_px, height_px);
    } else {
        const SDL_Surface *surface = SDL_GetWindowSurface(window->sdl);
        if (surface != NULL) {
            *width_px = surface->w;
            *height_px = surface->h;
        }
    }
    if (*width_px <= 0 || *height_px <= 0) { /* minimised: paint for what comes back */
        *width_px = MIN_WIDTH_PX;
        *height_px = MIN_HEIGHT_PX;
    }
}

bool window_copy(Window *window, const char *text) {
    return window != NULL && SDL_SetClipboardText(text) == 0;
}

const char *window_renderer_name(Window *window) {
    return window->renderer_name;
}

/* ---- showing ---- */

static void texture_drop(Window *window) {
    if (window->texture != NULL) {
        SDL_DestroyTexture(window->texture);
        window->texture = NULL;
    }
}

static bool texture_fit(Window *window, int width_px, int height_px) {
    if (window->texture != NULL && window->texture_width_px == width_px &&
        window->texture_height_px == height_px) {
        return true;
    }
    texture_drop(window);
    window->texture = SDL_CreateTexture(window->renderer, SDL_PIXELFORMAT_ARGB8888,
                                        SDL_TEXTUREACCESS_STREAMING, width_px, height_px);
    if (window->texture == NULL) {
        return false; /* a lost device; SDL_RENDER_DEVICE_RESET follows */
    }
    SDL_SetTextureBlendMode(window->texture, SDL_BLENDMODE_NONE);
    window->texture_width_px = width_px;
    window->texture_height_px = height_px;
    return true;
}

static void show_texture(Window *window, const uint32_t *pixels, int width_px, int height_px) {
    if (!texture_fit(window, width_px, height_px)) {
        return;
    }
    /* Pixel for pixel: a frame of the old size, while the window is dragged, is not stretched. */
    const SDL_Rect place = {0, 0, width_px, height_px};
    SDL_UpdateTexture(window->texture, NULL, pixels, width_px * (int)sizeof *pixels);
    SDL_RenderClear(window->renderer);
    SDL_RenderCopy(window->renderer, window->texture, NULL, &place);
    SDL_RenderPresent(window->renderer);
}

static void show_surface(Window *window, const uint32_t *pixels, int width_px, int height_px) {
    SDL_Surface *surface = SDL_GetWindowSurface(window->sdl);
    if (surface == NULL) {
        return; /* the size is changing; SDL_WINDOWEVENT_SIZE_CHANGED follows */
    }
    const int width = width_px < surface->w ? width_px : surface->w;
    const int height = height_px < surface->h ? height_px : surface->h;
    /* Most windows have no alpha; calling ours none too makes the conversion a plain copy. */
    const Uint32 to = surface->format->format;
    const Uint32 from = to == SDL_PIXELFORMAT_ARGB8888 ? to : (Uint32)SDL_PIXELFORMAT_RGB888;
    SDL_ConvertPixels(width, height, from, pixels, width_px * (int)sizeof *pixels, to,
                      surface->pixels, surface->pitch);
    SDL_UpdateWindowSurface(window->sdl);
}

void window_show(Window *window, const uint32_t *pixels, int width_px, int height_px) {
    ASSERT(width_px > 0 && height_px > 0);
    if (window->renderer != NULL) {
        show_texture(window, pixels, width_px, height_px);
    } else {
        show_surface(window, pixels, width_px, height_px);
    }
}

/* ---- events ---- */

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
        texture_drop(window); /* fall through */
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

bool window_display_available(char *out, uint32_t size_bytes) {
    if (!video_start()) {
        snprintf(out, size_bytes, "none (%s)", SDL_GetError());
        return false;
    }
    SDL_DisplayMode mode;
    char driver[32];
    snprintf(driver, sizeof driver, "%s", SDL_GetCurrentVideoDriver());
    const bool found = SDL_GetDesktopDisplayMode(0, &mode) == 0;
    Window *window = found ? window_hidden("Loopscope", MIN_WIDTH_PX, MIN_HEIGHT_PX, 0) : NULL;
    const bool shown = window != NULL;
    if (shown) {
        snprintf(out, size_bytes, "%s, %d x %d; renderer: %s", driver, mode.w, mode.h,
                 window->renderer_name);
        window_destroy(window); /* ends the video subsystem, too */
    } else {
        snprintf(out, size_bytes, "none (%s)", SDL_GetError());
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
    }
    return shown;
}
