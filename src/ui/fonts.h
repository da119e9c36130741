/* Finds the font files: $LOOPSCOPE_FONTS (a folder), LOOPSCOPE_FONT_DIR (fixed at build time), the
 * places where the systems' packages and people put them. With $LOOPSCOPE_FONTS_ONLY set, no place
 * but the first. Threads: any. */
#ifndef LOOPSCOPE_UI_FONTS_H
#define LOOPSCOPE_UI_FONTS_H

#include "view/scene.h"

/* Writes the path of a font's file; false where none is found. A variable font serves where the
 * static one is missing: set its weight (font_weight). */
bool fonts_find(Font font, char *out, size_t size_bytes);

/* The same for a font that fills gaps (arrows, check marks); there need not be one. */
bool fonts_find_fallback(char *out, size_t size_bytes);

/* 400, 500, 600, 700. */
int font_weight(Font font);

/* The sibling that lends missing characters: Inter's of JetBrains Mono, and back. */
Font font_sibling(Font font);

/* What it is called: "Inter SemiBold". */
const char *font_name(Font font);

/* Which packages bring them: "fonts-inter and fonts-jetbrains-mono". */
const char *fonts_packages(void);

#endif
