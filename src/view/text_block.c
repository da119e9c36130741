#include "view/text_block.h"

#include "base/assert.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LINE_PITCH 1.38f

static float px_size(const Canvas *canvas, float size_u) {
    return size_u * canvas->u * canvas->text_scale;
}

float text_block_height(const Canvas *canvas, const TextBlock *block) {
    return (float)block->count * px_size(canvas, block->size_u) * LINE_PITCH;
}

void text_block_make(const Canvas *canvas, TextBlock *block, Font font, const float *sizes,
                     size_t lines_max, float max_px, float max_h_px, const char *text) {
    ASSERT(lines_max <= TEXT_BLOCK_LINES_MAX && *sizes > 0);
    size_t lines = 0;
    block->fits = false;
    block->align = ALIGN_LEFT;
    for (; *sizes > 0 && !block->fits; sizes++) {
        block->size_u = *sizes;
        lines = metrics_wrap(canvas->metrics, font, px_size(canvas, *sizes), max_px, text,
                             block->starts, block->lengths, lines_max);
        block->count = lines < lines_max ? lines : lines_max;
        block->fits = lines <= lines_max && text_block_height(canvas, block) <= max_h_px;
    }
    const float px = px_size(canvas, block->size_u);
    for (float width = max_px; lines > 1 && lines <= lines_max && width > max_px * 0.4f;) {
        size_t starts[TEXT_BLOCK_LINES_MAX], lengths[TEXT_BLOCK_LINES_MAX];
        width -= 16 * canvas->u;
        if (metrics_wrap(canvas->metrics, font, px, width, text, starts, lengths, lines_max) !=
            lines) {
            break;
        }
        memcpy(block->starts, starts, sizeof starts);
        memcpy(block->lengths, lengths, sizeof lengths);
    }
}

void text_block_draw(const Canvas *canvas, const TextBlock *block, Font font, Color ink, float x,
                     float y, float max_px, const char *text) {
    const float pitch = px_size(canvas, block->size_u) * LINE_PITCH;
    float line_y = y - pitch * (float)(block->count - 1) / 2;
    bool cut = false;
    for (size_t i = 0; i < block->count; i++, line_y += pitch) {
        const bool last = i + 1 == block->count;
        const size_t rest = strlen(text + block->starts[i]);
        const size_t length = last && rest > block->lengths[i] ? rest : block->lengths[i];
        cut |= last && rest > block->lengths[i];
        char *line = mem_copy_text(text + block->starts[i], length);
        for (char *c = line; *c != '\0'; c++) {
            *c = *c == '\n' ? ' ' : *c;
        }
        canvas_text_fit(canvas, font, block->size_u, ink, x, line_y, block->align, max_px, line);
        free(line);
    }
    if (cut) {
        const float height = text_block_height(canvas, block);
        const float left = block->align == ALIGN_MIDDLE  ? x - max_px / 2
                           : block->align == ALIGN_RIGHT ? x - max_px
                                                         : x;
        scene_whole(canvas->scene, (Rect){left, y - height / 2, max_px, height}, text);
    }
}

void text_pair_draw(const Canvas *canvas, Rect box, const char *head, Color head_ink,
                    const char *body, Color body_ink) {
    static const float SIZES[][2] = {{23, 16}, {20, 15}, {18, 14}, {16, 14}, {15, 13}};
    enum { SIZE_COUNT = sizeof SIZES / sizeof SIZES[0] };
    const float least = TEXT_SMALLEST_U / canvas->text_scale;
    TextBlock first, second;
    float height = 0;
    bool fits = false;
    for (size_t i = 0; i <= SIZE_COUNT && !fits; i++) {
        const float head_sizes[] = {i < SIZE_COUNT ? SIZES[i][0] : least + 1, 0};
        const float body_sizes[] = {i < SIZE_COUNT ? SIZES[i][1] : least, 0};
        text_block_make(canvas, &first, FONT_BOLD, head_sizes, 2, box.w, box.h, head);
        text_block_make(canvas, &second, FONT_REGULAR, body_sizes, TEXT_BLOCK_LINES_MAX, box.w,
                        box.h, body);
        height = text_block_height(canvas, &first) + text_block_height(canvas, &second);
        fits = first.fits && second.fits && height <= box.h;
    }
    const float y = box.y + fmaxf((box.h - height) / 2, 0);
    const float below = y + text_block_height(canvas, &first);
    text_block_draw(canvas, &first, FONT_BOLD, head_ink, box.x, (y + below) / 2, box.w, head);
    text_block_draw(canvas, &second, FONT_REGULAR, body_ink, box.x,
                    below + text_block_height(canvas, &second) / 2, box.w, body);
}
