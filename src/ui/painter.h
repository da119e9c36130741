/* The painter: a scene to pixels, the same on every system and renderer.
 *
 * Shapes are filled by FreeType's anti-aliasing rasteriser into a buffer of ours, text is
 * FreeType's too, through a glyph atlas; SDL only shows the buffer. So pictures, films and tests
 * need no renderer, and no driver's lines look different. Edges that would fall between pixels are
 * fitted to them (see ui/painter_fit.h).
 *
 * Ownership: create/destroy. Threads: one painter a thread. */
#ifndef LOOPSCOPE_UI_PAINTER_H
#define LOOPSCOPE_UI_PAINTER_H

#include "base/diag.h"
#include "view/scene.h"

typedef struct Painter Painter;

/* Looks for Inter and JetBrains Mono (see ui/fonts.h); NULL and a diagnostic that names the
 * packages where they are missing. */
Painter *painter_create(Diags *diags);
void painter_destroy(Painter *painter); /* accepts NULL */

/* A painter of shapes alone: needs no fonts, and a scene with text is a bug. */
Painter *painter_create_plain(void);

/* The metrics of this painter's text, for the view. Valid as long as the painter. */
const Metrics *painter_metrics(Painter *painter);

/* Paints the whole scene. The result is scene width x height pixels of 0xAARRGGBB (opaque), rows
 * without padding, valid until the next call. */
const uint32_t *painter_paint(Painter *painter, const Scene *scene);

#endif
