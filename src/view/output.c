/* The output: what the tasks printed, the newest last. */
#include "base/format.h"
#include "view/caption_words.h"
#include "view/controls.h"

#include <math.h>

enum { TEXT_CHARS_MAX = 400 };

static void row_draw(const Canvas *canvas, uint64_t n, float y, bool last) {
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->output;
    const float u = canvas->u;
    const Event *event = log_event(canvas->doc->log, n);
    float right = box.x + box.w - 20 * u;
    char when[FORMAT_MAX];
    if (canvas->text_scale <= 1) {
        right -= canvas_text(canvas, FONT_MONO, 13, theme->ink4, right, y, ALIGN_RIGHT,
                             format_duration(when, event->t_ns)) +
                 12 * u;
    }
    if (event->task != EVENT_NONE) {
        badge_draw(canvas, event->task, box.x + 34 * u, y, 9.5f * u, BADGE_FILLED, theme->panel);
    }
    Buf text = {0};
    words_cut(log_text(canvas->doc->log, event->text, NULL), TEXT_CHARS_MAX, &text);
    const float x = box.x + 54 * u;
    canvas_text_fit(canvas, last ? FONT_MONO_MEDIUM : FONT_MONO, 14.5f,
                    last ? theme->ink : theme->ink2, x, y, ALIGN_LEFT, right - x, buf_text(&text));
    buf_finish(&text);
}

/* A line that was just printed slides up from below; backwards it slides out again. */
static float slide(const Canvas *canvas, uint64_t printed) {
    const uint64_t count = state_count(canvas->doc->after);
    const float phase = canvas->input->player->phase;
    if (printed == 0 || phase >= 1 ||
        timeline_output(canvas->doc->timeline, printed - 1) + 1 != count) {
        return 0;
    }
    return (1 - phase) * (1 - phase) * (1 - phase);
}

void panel_output(const Canvas *canvas) {
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->output;
    const float u = canvas->u, pitch = (canvas->text_scale > 1 ? 28 : 26) * u;
    const uint64_t printed = state_loop(canvas->doc->after)->outputs;
    const uint64_t room = (uint64_t)fmaxf(1, floorf((box.h - 46 * u) / pitch));
    const uint64_t shown = printed < room ? printed : room;
    char count[FORMAT_MAX];
    Buf hint = {0};
    if (printed > shown) {
        buf_printf(&hint, "%s lines", format_count(count, printed));
    } else {
        buf_append_text(&hint, "what the tasks print");
    }
    side_draw(canvas, box);
    if (!canvas->layout->compact) {
        scene_line(canvas->scene, box.x, box.y, box.x + box.w, box.y,
                   (Style){.stroke = theme->line, .stroke_px = u});
    }
    title_draw(canvas, box.x + 24 * u, box.y + 26 * u, box.x + box.w - 20 * u, "Output", -1,
               buf_text(&hint), theme->ink, theme->lane);
    buf_finish(&hint);
    const Rect rows = {box.x, box.y + 44 * u, box.w, box.h - 45 * u};
    scene_clip(canvas->scene, rows);
    const float shift = slide(canvas, printed) * pitch;
    for (uint64_t i = 0; i < shown; i++) {
        const uint64_t k = printed - shown + i;
        row_draw(canvas, timeline_output(canvas->doc->timeline, k),
                 box.y + 58 * u + (float)i * pitch + shift, k + 1 == printed);
    }
    if (printed == 0) {
        canvas_text(canvas, FONT_REGULAR, 14, theme->ink4, box.x + 24 * u, box.y + 58 * u,
                    ALIGN_LEFT, "nothing yet");
    }
    scene_unclip(canvas->scene);
}
