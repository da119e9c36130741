/* X11 measures windows in pixels, whatever the desktop's scale: that is the X resource Xft.dpi,
 * which desktops set and SDL does not read. Of libX11 no more is needed than SDL has loaded.
 * Windows does so for a program that says it knows of scales, and SDL reads the display's. */
#include "ui/window_own.h"

#include <stdlib.h>
#include <string.h>

#define USUAL_DPI  96.0f
#define SCALE_MOST 4.0f

typedef struct XDisplay XDisplay;
typedef XDisplay *OpenDisplay(const char *name);
typedef char *GetDefault(XDisplay *display, const char *program, const char *option);
typedef int CloseDisplay(XDisplay *display);

/* A pointer to data becomes one to a function by its bytes: C has no conversion. */
static bool load(void *library, const char *name, void *function, size_t size_bytes) {
    void *address = SDL_LoadFunction(library, name);
    memcpy(function, &address, size_bytes);
    return address != NULL;
}

/* 0 where nothing is said. */
static float xft_dpi(void *library) {
    OpenDisplay *open_display = NULL;
    GetDefault *get_default = NULL;
    CloseDisplay *close_display = NULL;
    if (!load(library, "XOpenDisplay", &open_display, sizeof open_display) ||
        !load(library, "XGetDefault", &get_default, sizeof get_default) ||
        !load(library, "XCloseDisplay", &close_display, sizeof close_display)) {
        return 0;
    }
    XDisplay *display = open_display(NULL);
    if (display == NULL) {
        return 0;
    }
    const char *text = get_default(display, "Xft", "dpi");
    const float dpi = text == NULL ? 0 : strtof(text, NULL);
    close_display(display);
    return dpi;
}

static float x11_dpi(void) {
    void *library = SDL_LoadObject("libX11.so.6");
    if (library == NULL) {
        return 0;
    }
    const float dpi = xft_dpi(library);
    SDL_UnloadObject(library);
    return dpi;
}

static float windows_dpi(void) {
    float dpi = 0;
    return SDL_GetDisplayDPI(0, NULL, &dpi, NULL) == 0 ? dpi : 0;
}

float window_desktop_scale(void) {
    const char *driver = SDL_GetCurrentVideoDriver();
    const float dpi = strcmp(driver, "x11") == 0       ? x11_dpi()
                      : strcmp(driver, "windows") == 0 ? windows_dpi()
                                                       : USUAL_DPI;
    const float scale = dpi / USUAL_DPI;
    return scale > SCALE_MOST ? SCALE_MOST : scale > 1 ? scale : 1; /* also where it is no number */
}
