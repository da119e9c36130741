/* The start card: what the scenario is about, over the stage on which nothing has happened yet. */
#include "base/mem.h"
#include "view/controls.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 16 };

#define LEAD_U  20 /* the first paragraph, which says it all */
#define BODY_U  16
#define PITCH   1.45f
#define GAP_U   12 /* between paragraphs */
#define INSET_U 28

typedef struct CardText {
    const Canvas *canvas;
    float x, y, max_px, bottom;
    bool draw; /* else it is measured */
} CardText;

static void paragraph(CardText *card, Font font, float size_u, Color ink, const char *text) {
    const Canvas *canvas = card->canvas;
    const float px = size_u * canvas->u * canvas->text_scale;
    size_t starts[LINES_MAX], lengths[LINES_MAX];
    size_t lines =
        metrics_wrap(canvas->metrics, font, px, card->max_px, text, starts, lengths, LINES_MAX);
    lines = lines < LINES_MAX ? lines : LINES_MAX;
    for (size_t i = 0; i < lines; i++, card->y += px * PITCH) {
        if (card->draw && card->y + px * PITCH <= card->bottom + 1) {
            scene_text_n(canvas->scene, canvas->metrics, font, px, ink, card->x,
                         card->y + px * PITCH / 2, ALIGN_LEFT, text + starts[i], lengths[i]);
        }
    }
}

/* Paragraphs are lines of `about`. */
static void paragraphs(CardText *card, const char *about) {
    const Theme *theme = card->canvas->theme;
    for (bool lead = true; *about != '\0'; lead = false) {
        const size_t length = strcspn(about, "\n");
        char *text = mem_copy_text(about, length);
        paragraph(card, lead ? FONT_SEMIBOLD : FONT_REGULAR, lead ? LEAD_U : BODY_U,
                  lead ? theme->ink : theme->ink2, text);
        free(text);
        about += length;
        if (*about == '\n') {
            about++;
            card->y += GAP_U * card->canvas->u;
        }
    }
}

void panel_start(const Canvas *canvas) {
    const Theme *theme = canvas->theme;
    const Rect stage = canvas->layout->user;
    const float u = canvas->u, strip = canvas->layout->strip_h;
    const char *about = canvas->doc->about;
    if (about == NULL || about[0] == '\0') {
        return;
    }
    const float width = fminf(680 * u, stage.w - 80 * u);
    const float most = stage.h - strip - 48 * u;
    CardText card = {.canvas = canvas, .max_px = width - 2 * INSET_U * u};
    paragraphs(&card, about);
    const float height = fminf(card.y + 2 * INSET_U * u, most);
    const Rect box = {stage.x + (stage.w - width) / 2,
                      stage.y + strip + (stage.h - strip - height) / 2, width, height};
    scene_rect(canvas->scene, (Rect){stage.x, stage.y + strip, stage.w, stage.h - strip}, 0,
               (Style){.fill = color_fade(theme->user, 0.6f)});
    scene_rect(canvas->scene, box, 14 * u,
               (Style){.fill = theme->card, .stroke = theme->line2, .stroke_px = u});
    card = (CardText){.canvas = canvas,
                      .x = box.x + INSET_U * u,
                      .y = box.y + INSET_U * u,
                      .max_px = width - 2 * INSET_U * u,
                      .bottom = box.y + height - INSET_U * u,
                      .draw = true};
    paragraphs(&card, about);
}
