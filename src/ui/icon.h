/* The program's mark as a picture: a ring with a gap and a pointer, on a dark tile.
 * Internal to ui/.
 *
 * Threads: any. */
#ifndef LOOPSCOPE_UI_ICON_H
#define LOOPSCOPE_UI_ICON_H

#include <stdint.h>

/* Fills `out` with size_px x size_px pixels of 0xAARRGGBB, not premultiplied. */
void icon_draw(uint32_t *out, int size_px);

#endif
