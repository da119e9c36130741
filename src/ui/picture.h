/* Pictures: pixels to a PNG file (SDL2_image). Threads: any. */
#ifndef LOOPSCOPE_UI_PICTURE_H
#define LOOPSCOPE_UI_PICTURE_H

#include "base/diag.h"

#include <stdint.h>

/* Writes 0xAARRGGBB pixels to `file`: whole under its name or not at all. */
bool picture_write_png(const char *file, const uint32_t *pixels, int width_px, int height_px,
                       Diags *diags);

#endif
