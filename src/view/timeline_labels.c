/* The words on the timeline. They are drawn last, over the veil that lies on the future and over
 * the playhead's line, so that they can be read wherever the viewer stands and never move. */
#include "base/mem.h"
#include "view/timeline_panel.h"

#include <math.h>
#include <stdlib.h>

void timeline_label_add(TimeLabels *labels, const TimeLabel *label, const char *text) {
    labels->items = mem_grow(labels->items, &labels->cap, labels->count + 1, sizeof *labels->items);
    TimeLabel *added = &labels->items[labels->count++];
    *added = *label;
    added->first_byte = labels->text.size_bytes;
    buf_append_text(&labels->text, text);
    buf_append_char(&labels->text, '\0');
}

void timeline_labels_finish(TimeLabels *labels) {
    free(labels->items);
    buf_finish(&labels->text);
}

/* What lies under it: the panel, or the bar that it stands on. */
static Color ground_of(const Canvas *canvas, const TimeLabel *label, bool future) {
    const Theme *theme = canvas->theme;
    if (!label->on_bar) {
        return theme->panel;
    }
    return future ? color_mix(theme->ink3, theme->panel, TIMELINE_VEIL) : theme->ink3;
}

static Color ink_of(const Canvas *canvas, const TimeLabel *label, bool future) {
    const Theme *theme = canvas->theme;
    if (label->on_bar) {
        return future ? theme->ink2 : theme->panel;
    }
    return future ? theme->ink3 : theme->ink2;
}

/* The grounds of all come before the words: where lanes are thin, no ground cuts a word above. */
void timeline_labels_draw(const Canvas *canvas, const Axis *axis, const TimeLabels *labels,
                          float playhead, bool veiled) {
    const float u = canvas->u;
    scene_clip(canvas->scene, axis_area(axis));
    for (size_t i = 0; i < labels->count; i++) {
        const TimeLabel *label = &labels->items[i];
        const bool future = veiled && label->middle > playhead;
        const float gap = (label->on_bar ? 2 : 5) * u, width = label->width + 2 * gap;
        const float height =
            fminf(18 * u * fminf(1, label->size_u / 13), fmaxf(axis->lane_h - u, 12 * u));
        const Rect patch = {label->middle - width / 2, label->y - height / 2, width, height};
        const bool crossed = playhead > patch.x - u && playhead < patch.x + patch.w + u;
        if (!label->on_bar || crossed) {
            scene_rect(canvas->scene, patch, 0, (Style){.fill = ground_of(canvas, label, future)});
        }
    }
    for (size_t i = 0; i < labels->count; i++) {
        const TimeLabel *label = &labels->items[i];
        const bool future = veiled && label->middle > playhead;
        canvas_text(canvas, label->font, label->size_u, ink_of(canvas, label, future),
                    label->middle, label->y, ALIGN_MIDDLE,
                    buf_text(&labels->text) + label->first_byte);
    }
    scene_unclip(canvas->scene);
}
