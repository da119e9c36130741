/* Glyphs: text to pixels. Faces are FreeType's; coverage is kept in an atlas, keyed by face, size,
 * glyph and quarter of a pixel; letters are kerned and never joined to ligatures. A character that
 * a font lacks comes from the sibling (Inter, JetBrains Mono), then from a fallback font, then it
 * is the replacement character. Internal to ui/.
 *
 * Ownership: create/destroy. Threads: one at a time. */
#ifndef LOOPSCOPE_UI_GLYPHS_H
#define LOOPSCOPE_UI_GLYPHS_H

#include "base/diag.h"
#include "ui/painter_raster.h"

typedef struct Glyphs Glyphs;

/* NULL and a diagnostic where fonts are missing. The library outlives the glyphs. */
Glyphs *glyphs_create(FT_Library library, Diags *diags);
void glyphs_destroy(Glyphs *glyphs); /* accepts NULL */

/* The width that glyphs_draw advances by, in px. */
float glyphs_width(Glyphs *glyphs, Font font, float size_px, const char *text, size_t size_bytes);

/* Draws from x on; y is the middle of the capitals. */
void glyphs_draw(Glyphs *glyphs, Raster *raster, Font font, float size_px, Color ink, float x,
                 float y, const char *text, size_t size_bytes);

#endif
