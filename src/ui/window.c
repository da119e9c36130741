#include "ui/window_own.h"

#include "base/assert.h"
#include "base/mem.h"
#include "ui/icon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MIN_WIDTH_PX = 1024, MIN_HEIGHT_PX = 640, ICON_PX = 64 };

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
    SDL_SetHint(SDL_HINT_WINDOWS_DPI_AWARENESS, "permonitorv2"); /* true pixels */
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

/* As large as the desktop shows other windows of that size, but no larger than there is room. */
static void fit_to_screen(int *width_px, int *height_px) {
    const float scale = window_desktop_scale();
    *width_px = (int)((float)*width_px * scale);
    *height_px = (int)((float)*height_px * scale);
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

void window_drop_texture(Window *window) {
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
    window_drop_texture(window);
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
