/* A sentence or two in a place that is given: in a size and on as many lines as let it fit, broken
 * evenly. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_TEXT_BLOCK_H
#define LOOPSCOPE_VIEW_TEXT_BLOCK_H

#include "view/parts.h"

enum { TEXT_BLOCK_LINES_MAX = 3 };

typedef struct TextBlock {
    size_t starts[TEXT_BLOCK_LINES_MAX], lengths[TEXT_BLOCK_LINES_MAX]; /* bytes of the text */
    size_t count;
    float size_u;
    Align align; /* of its lines; text_block_make sets them to the left */
    bool fits;   /* all of the text, in the height that was given */
} TextBlock;

/* Breaks `text` into at most lines_max lines of a size that lets it fit, the largest of `sizes`
 * (ended by 0; the last where none does); evenly, so that no last word stands alone. */
void text_block_make(const Canvas *canvas, TextBlock *block, Font font, const float *sizes,
                     size_t lines_max, float max_px, float max_h_px, const char *text);

float text_block_height(const Canvas *canvas, const TextBlock *block); /* px */

/* Draws the lines at x, as they are aligned, around the middle y; the last is cut where the text
 * goes on behind it. */
void text_block_draw(const Canvas *canvas, const TextBlock *block, Font font, Color ink, float x,
                     float y, float max_px, const char *text);

/* A sentence and what it means below it, in the largest sizes that leave room for both. */
void text_pair_draw(const Canvas *canvas, Rect box, const char *head, Color head_ink,
                    const char *body, Color body_ink);

#endif
