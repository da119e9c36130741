/* Finds the font files: $LOOPSCOPE_FONTS (a folder), folders fixed at build time, the places where
 * the systems' packages put them. Threads: any. */
#ifndef LOOPSCOPE_UI_FONTS_H
#define LOOPSCOPE_UI_FONTS_H

#include "view/scene.h"

/* The file of a font, or NULL. The text is static or belongs to the process. */
bool fonts_find(Font font, char *out, size_t size_bytes);

/* Which packages bring them: "fonts-inter and fonts-jetbrains-mono". */
const char *fonts_packages(void);

#endif
