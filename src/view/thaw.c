#include "view/thaw.h"

#include "view/controls.h"
#include "view/stage.h"

#include <math.h>
#include <string.h>

/* A step that keeps the thread, and in the mended twin awaits. */
static bool is_mended(const ViewDoc *doc, const char *at, Thaw *out) {
    const Listing *python = doc->listings[CODE_PYTHON];
    const int32_t line = listing_line_of(python, at), mended = listing_line_of(doc->fixed, at);
    if (line < 0 || mended < 0 || python->lines[line].awaits || !doc->fixed->lines[mended].awaits) {
        return false;
    }
    *out = (Thaw){
        .at = at, .keeps = python->lines[line].text, .instead = doc->fixed->lines[mended].text};
    return true;
}

/* The longest stretch between two of its events is where it kept the thread. */
bool thaw_find(const ViewDoc *doc, Thaw *out) {
    enum { LOOK_BACK_EVENTS = 256 };
    uint32_t task;
    uint64_t for_ns, longest_ns = 0;
    if (doc->fixed == NULL || doc->listings[CODE_PYTHON] == NULL ||
        !stage_frozen(doc->after, doc->log, &task, &for_ns) || task == EVENT_NONE) {
        return false;
    }
    const uint64_t count = state_count(doc->after);
    uint64_t until_ns = state_loop(doc->after)->now_ns;
    bool found = false;
    for (uint64_t n = count; n > 0 && count - n < LOOK_BACK_EVENTS; n--) {
        const Event *event = log_event(doc->log, n - 1);
        if (event->kind == EV_TASK_RUNNING) {
            break;
        }
        Thaw one;
        if (event->kind == EV_STEP && event->task == task && until_ns - event->t_ns >= longest_ns &&
            is_mended(doc, log_text(doc->log, event->text, NULL), &one)) {
            longest_ns = until_ns - event->t_ns;
            *out = one;
            found = true;
        }
        until_ns = event->kind == EV_STEP ? event->t_ns : until_ns;
    }
    return found;
}

bool thaw_only(const ViewDoc *doc, Thaw *out) {
    const Listing *python = doc->listings[CODE_PYTHON];
    bool found = false;
    for (uint32_t i = 0; doc->fixed != NULL && python != NULL && i < python->count; i++) {
        Thaw one;
        if (python->lines[i].at == NULL || !is_mended(doc, python->lines[i].at, &one)) {
            continue;
        }
        if (found && strcmp(one.keeps, out->keeps) != 0) {
            return false;
        }
        *out = one;
        found = true;
    }
    return found;
}

/* ---- drawing ---- */

float thaw_height(const Canvas *canvas) {
    return 116 * canvas->u * fminf(canvas->text_scale, 1.2f);
}

static void line_draw(const Canvas *canvas, const char *sign, const char *text, bool out, float x,
                      float y, float max_px) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    canvas_text(canvas, FONT_MONO_BOLD, 15, out ? theme->danger : theme->ink, x, y, ALIGN_LEFT,
                sign);
    const float left = x + 20 * u * canvas->text_scale;
    const float width = canvas_name_fit(canvas, out ? FONT_MONO : FONT_MONO_BOLD, 15,
                                        out ? theme->ink2 : theme->ink, left, y, ALIGN_LEFT,
                                        max_px - (left - x), text);
    if (out) {
        scene_line(canvas->scene, left, y, left + width, y,
                   (Style){.stroke = theme->danger, .stroke_px = 1.5f * u});
    }
}

void thaw_draw(const Canvas *canvas, const Thaw *thaw, Rect box) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, step = u * fminf(canvas->text_scale, 1.2f);
    const Rect card = {box.x + 16 * u, box.y + 2 * u, box.w - 32 * u, box.h - 12 * u};
    const float x = card.x + 16 * u, room = card.w - 32 * u;
    scene_rect(canvas->scene, card, 10 * u,
               (Style){.fill = theme->well, .stroke = theme->line, .stroke_px = u});
    const float y = card.y + 23 * step;
    canvas_text_fit(canvas, FONT_SEMIBOLD, 15, theme->ink, x, y, ALIGN_LEFT, room * 0.6f,
                    "How to thaw it");
    if (canvas->input->two_ways == NULL && !canvas->input->no_controls) { /* else it is run */
        const Button run = {.label = "Run fixed",
                            .key = ACTIONS[ACTION_RUN_FIXED].shown,
                            .tip =
                                "Run both, one after the other, and see them on one time axis (F)",
                            .action = ACTION_RUN_FIXED,
                            .primary = true};
        button_draw(canvas, card.x + card.w - 12 * u - button_width(canvas, &run), y + 2 * u,
                    34 * step, &run);
    }
    line_draw(canvas, "-", thaw->keeps, true, x, y + 33 * step, room);
    line_draw(canvas, "+", thaw->instead, false, x, y + 60 * step, room);
}
