/* Text that has to fit: cutting with an ellipsis, breaking into lines. */
#include "view/scene.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char ELLIPSIS[] = "\xE2\x80\xA6";

static float width_n(const Metrics *metrics, Font font, float size_px, const char *text,
                     size_t size_bytes) {
    return size_bytes == 0 ? 0 : metrics->width(metrics->context, font, size_px, text, size_bytes);
}

float metrics_width(const Metrics *metrics, Font font, float size_px, const char *text) {
    return width_n(metrics, font, size_px, text, strlen(text));
}

/* Steps back to the start of a code point. */
static size_t floor_code_point(const char *text, size_t offset) {
    while (offset > 0 && ((unsigned char)text[offset] & 0xC0) == 0x80) {
        offset--;
    }
    return offset;
}

static size_t next_code_point(const char *text, size_t size_bytes, size_t offset) {
    offset++;
    while (offset < size_bytes && ((unsigned char)text[offset] & 0xC0) == 0x80) {
        offset++;
    }
    return offset;
}

/* The longest prefix (bytes, whole code points) that is at most max_px wide. */
static size_t prefix_that_fits(const Metrics *metrics, Font font, float size_px, float max_px,
                               const char *text, size_t size_bytes) {
    if (width_n(metrics, font, size_px, text, size_bytes) <= max_px) {
        return size_bytes;
    }
    size_t fits = 0, too_long = size_bytes;
    for (;;) {
        size_t middle = floor_code_point(text, fits + (too_long - fits) / 2);
        if (middle <= fits) {
            middle = next_code_point(text, size_bytes, fits);
        }
        if (middle >= too_long) {
            return fits;
        }
        if (width_n(metrics, font, size_px, text, middle) <= max_px) {
            fits = middle;
        } else {
            too_long = middle;
        }
    }
}

float scene_text_fit(Scene *scene, const Metrics *metrics, Font font, float size_px, Color ink,
                     float x, float y, Align align, float max_px, const char *text) {
    const size_t size_bytes = strlen(text);
    if (width_n(metrics, font, size_px, text, size_bytes) <= max_px) {
        return scene_text_n(scene, metrics, font, size_px, ink, x, y, align, text, size_bytes);
    }
    const float room = max_px - metrics_width(metrics, font, size_px, ELLIPSIS);
    if (room < 0) {
        return 0; /* not even the ellipsis fits */
    }
    size_t fits = prefix_that_fits(metrics, font, size_px, room, text, size_bytes);
    while (fits > 0 && text[fits - 1] == ' ') {
        fits--;
    }
    char *cut = mem_alloc(fits + sizeof ELLIPSIS, 1);
    memcpy(cut, text, fits);
    memcpy(cut + fits, ELLIPSIS, sizeof ELLIPSIS);
    const float width = scene_text(scene, metrics, font, size_px, ink, x, y, align, cut);
    const float left = align == ALIGN_LEFT ? x : align == ALIGN_RIGHT ? x - width : x - width / 2;
    scene_whole(scene, (Rect){left, y - size_px * 0.7f, width, size_px * 1.4f}, text);
    free(cut);
    return width;
}

/* The end of the line that begins at `start`: at a space or a line break, or inside a word that is
 * longer than a line. */
static size_t line_end(const Metrics *metrics, Font font, float size_px, float max_px,
                       const char *text, size_t start, size_t size_bytes) {
    size_t end = start;
    for (size_t at = start; at <= size_bytes; at++) {
        const bool stop = at == size_bytes || text[at] == '\n';
        if (!stop && text[at] != ' ') {
            continue;
        }
        if (width_n(metrics, font, size_px, text + start, at - start) > max_px) {
            break;
        }
        end = at;
        if (stop) {
            return end;
        }
    }
    if (end > start) {
        return end;
    }
    const size_t fits =
        prefix_that_fits(metrics, font, size_px, max_px, text + start, size_bytes - start);
    if (fits > 0) {
        return start + fits;
    }
    return next_code_point(text, size_bytes, start); /* narrower than a letter */
}

size_t metrics_wrap(const Metrics *metrics, Font font, float size_px, float max_px,
                    const char *text, size_t *starts, size_t *lengths, size_t cap) {
    const size_t size_bytes = strlen(text);
    size_t lines = 0, start = 0;
    while (start < size_bytes) {
        const size_t end = line_end(metrics, font, size_px, max_px, text, start, size_bytes);
        if (lines < cap) {
            starts[lines] = start;
            lengths[lines] = end - start;
        }
        lines++;
        start = end;
        if (start < size_bytes && (text[start] == ' ' || text[start] == '\n')) {
            start++;
        }
    }
    return lines;
}
