/* The format in short, over the cards, while a file that did not load is on the screen. */
#include "view/welcome_parts.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_MAX = 4 };

/* A key or a step, its options behind it, and whether it may pause the task. */
static void line_draw(const Canvas *canvas, const ListingLine *line, float x, float y,
                      float room_px) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    if (line->heading) {
        canvas_name_fit(canvas, FONT_SEMIBOLD, 15, theme->ink, x, y, ALIGN_LEFT, room_px,
                        line->text);
        return;
    }
    const size_t length = strcspn(line->text, " ");
    Buf word = {0};
    buf_append(&word, line->text, length);
    if (line->awaits) {
        const Style bar = {.fill = theme->kernel_ink};
        scene_rect(canvas->scene, (Rect){x, y - 5 * u, 3 * u, 10 * u}, 0, bar);
        scene_rect(canvas->scene, (Rect){x + 6 * u, y - 5 * u, 3 * u, 10 * u}, 0, bar);
    }
    const float left = x + 18 * u;
    const float width = canvas_text_fit(canvas, FONT_MONO_BOLD, 14, theme->ink, left, y, ALIGN_LEFT,
                                        room_px - 18 * u, buf_text(&word));
    const float rest = left + width + 10 * u;
    if (line->text[length] != '\0' && rest < x + room_px) {
        canvas_name_fit(canvas, FONT_MONO, 14, theme->ink3, rest, y, ALIGN_LEFT, x + room_px - rest,
                        line->text + length + 1);
    }
    buf_finish(&word);
}

/* In as few columns as have room, the lines of each below one another. */
static void lines_draw(const Canvas *canvas, const Listing *format, Rect box) {
    const float u = canvas->u, pitch = 23 * u * fminf(canvas->text_scale, 1.2f);
    const uint32_t room = (uint32_t)fmaxf(1, box.h / pitch);
    const uint32_t columns = (format->count + room - 1) / room;
    const uint32_t rows = columns > COLUMNS_MAX ? room : (format->count + columns - 1) / columns;
    const float gap = 24 * u, count = (float)(columns < COLUMNS_MAX ? columns : COLUMNS_MAX);
    const float width = (box.w - gap * (count - 1)) / count;
    for (uint32_t i = 0; i < format->count && i / rows < COLUMNS_MAX; i++) {
        line_draw(canvas, &format->lines[i], box.x + (float)(i / rows) * (width + gap),
                  box.y + ((float)(i % rows) + 0.5f) * pitch, width);
    }
}

void welcome_format_draw(const Welcome *welcome, Rect box) {
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, step = u * fminf(canvas->text_scale, 1.2f);
    const float x = box.x + 24 * u, room = box.w - 48 * u, bottom = box.y + box.h - 24 * step;
    scene_rect(canvas->scene, box, 16 * u,
               (Style){.fill = theme->user, .stroke = theme->line2, .stroke_px = u});
    scene_hit(canvas->scene, box, ACTION_NONE, 0, "");
    canvas_text_fit(canvas, FONT_BOLD, 20, theme->ink, x, box.y + 32 * step, ALIGN_LEFT, room,
                    "The format in short");
    const float top = box.y + 60 * step;
    lines_draw(canvas, welcome->input->format, (Rect){x, top, room, bottom - 20 * step - top});
    canvas_name_fit(
        canvas, FONT_REGULAR, 14, theme->ink3, x, bottom, ALIGN_LEFT, room,
        "\"needed\"  [may be left out]  the two bars: it may pause the task. All of it: "
        "docs/scenario.md");
}
