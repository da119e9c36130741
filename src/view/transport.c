/* The transport: the buttons that move the viewer, the pace, and what the lanes' looks mean. */
#include "view/transport.h"

#include <math.h>

/* Buttons in a row from x; returns the end. */
static float buttons_draw(const Canvas *canvas, float x, float y, const Transport *at) {
    const bool moving_on = at->moving_on, at_end = at->at_end;
    const float u = canvas->u, height = 38 * u;
    Button buttons[] = {
        {.icon = ICON_BACK,
         .label = "Back",
         .key = ACTIONS[ACTION_STEP_BACK].shown,
         .tip = "One event back (←)",
         .action = ACTION_STEP_BACK,
         .disabled = at->at_start},
        {.icon = moving_on ? ICON_PAUSE : ICON_PLAY,
         .label = moving_on ? "Pause" : "Play",
         .key = ACTIONS[ACTION_PLAY_PAUSE].shown,
         .tip = at_end ? "Play again from the beginning (Space)" : "Play and pause (Space)",
         .action = ACTION_PLAY_PAUSE,
         .primary = true},
        {.icon = ICON_STEP,
         .label = "Step",
         .key = ACTIONS[ACTION_STEP].shown,
         .tip = "One event forward (→)",
         .action = ACTION_STEP,
         .disabled = at_end},
        {.icon = ICON_TURN,
         .label = "Next iteration",
         .key = ACTIONS[ACTION_NEXT_ITERATION].shown,
         .tip = "To the next iteration of the loop (⇧→)",
         .action = ACTION_NEXT_ITERATION,
         .disabled = at_end},
    };
    /* "Pause" is the longer word: nothing moves when it comes. */
    Button widest = buttons[1];
    widest.label = "Pause";
    buttons[1].min_px = button_width(canvas, &widest);
    for (size_t i = 0; i < sizeof buttons / sizeof buttons[0]; i++) {
        x += button_draw(canvas, x, y, height, &buttons[i]) + 8 * u;
    }
    return x;
}

static float slider_draw(const Canvas *canvas, float x, float y, float width, const Transport *at) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const int last = at->pace_count - 1;
    const float knob = x + width * (float)at->pace / (float)last;
    const Style rail = {.stroke = theme->line2, .stroke_px = 4 * u, .round_caps = true};
    const Style done = {.stroke = theme->ink, .stroke_px = 4 * u, .round_caps = true};
    scene_line(canvas->scene, x, y, x + width, y, rail);
    scene_line(canvas->scene, x, y, knob, y, done);
    scene_circle(canvas->scene, knob, y, 8 * u, (Style){.fill = theme->ink});
    const float slot = width / (float)last;
    for (int pace = 0; pace <= last; pace++) {
        const Rect hit = {x + slot * ((float)pace - 0.5f), y - 18 * u, slot, 36 * u};
        scene_hit(canvas->scene, hit, ACTION_SET_PACE, pace, "Speed (↑ ↓)");
    }
    return x + width;
}

/* The pace's words; room is kept for the longest that are usual, so that nothing beside it
 * jumps. */
static float speed_draw(const Canvas *canvas, float x, float y, const Transport *at) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    if (canvas->text_scale <= 1 || !canvas->layout->compact) { /* the pace says it, too */
        x += canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, x, y, ALIGN_LEFT, "Speed") + 16 * u;
    }
    x = slider_draw(canvas, x, y, (canvas->layout->compact ? 120 : 150) * u, at) + 18 * u;
    const float width =
        canvas_text(canvas, FONT_REGULAR, 14, theme->ink2, x, y, ALIGN_LEFT, at->pace_text);
    return x + fmaxf(width, canvas_width(canvas, FONT_REGULAR, 14, at->pace_widest));
}

/* ---- the legend: state is height and texture, never colour alone ---- */

typedef enum LegendLook { LOOK_RUNNING, LOOK_READY, LOOK_WAITING, LOOK_ARRIVED } LegendLook;

static void look_draw(const Canvas *canvas, LegendLook look, float x, float y) {
    const Color ink = canvas->theme->ink2;
    const float u = canvas->u;
    const Rect ready = {x, y - 7 * u, 26 * u, 14 * u};
    switch (look) {
    case LOOK_RUNNING:
        scene_rect(canvas->scene, (Rect){x, y - 9 * u, 26 * u, 18 * u}, 2 * u,
                   (Style){.fill = ink});
        break;
    case LOOK_READY:
        scene_hatch(canvas->scene, ready, 6 * u, ink, 1.5f * u);
        scene_rect(canvas->scene, ready, 0, (Style){.stroke = ink, .stroke_px = 1.5f * u});
        break;
    case LOOK_WAITING:
        scene_line(canvas->scene, x, y, x + 26 * u, y, (Style){.stroke = ink, .stroke_px = 3 * u});
        break;
    case LOOK_ARRIVED:
        scene_polygon(
            canvas->scene,
            (Point[]){{x + 7 * u, y - 8 * u}, {x + 14 * u, y}, {x + 7 * u, y + 8 * u}, {x, y}}, 4,
            (Style){.stroke = ink, .stroke_px = 2 * u});
        break;
    }
}

static void legend_draw(const Canvas *canvas, float left, float right, float y) {
    static const struct {
        const char *label;
        float icon_u;
    } ROWS[] = {{"running", 26}, {"ready", 26}, {"waiting", 26}, {"finished at the OS", 14}};
    const float u = canvas->u;
    float widths[4], total = 0;
    size_t count = 0;
    for (; count < 4; count++) {
        widths[count] = (ROWS[count].icon_u + 8) * u +
                        canvas_width(canvas, FONT_REGULAR, 14, ROWS[count].label);
        const float more = widths[count] + (count > 0 ? 22 * u : 0);
        if (total + more > right - left) {
            break;
        }
        total += more;
    }
    float x = right - total;
    for (size_t i = 0; i < count; i++) {
        look_draw(canvas, (LegendLook)i, x, y);
        canvas_text(canvas, FONT_REGULAR, 14, canvas->theme->ink2, x + (ROWS[i].icon_u + 8) * u, y,
                    ALIGN_LEFT, ROWS[i].label);
        x += widths[i] + 22 * u;
    }
}

void transport_draw(const Canvas *canvas, const Transport *at) {
    const Theme *theme = canvas->theme;
    const Rect box = canvas->layout->transport;
    const float u = canvas->u, y = box.y + box.h / 2;
    scene_rect(canvas->scene, box, 0, (Style){.fill = theme->panel});
    scene_line(canvas->scene, box.x, box.y, box.x + box.w, box.y,
               (Style){.stroke = theme->line, .stroke_px = u});
    float x = buttons_draw(canvas, box.x + 24 * u, y, at);
    x = speed_draw(canvas, x + 18 * u, y, at);
    legend_draw(canvas, x + 16 * u, box.x + box.w - 24 * u, y);
}

void panel_transport(const Canvas *canvas) {
    const Player *player = canvas->input->player;
    char text[64];
    const Transport at = {.moving_on = player->playing || player->has_target,
                          .at_start = player->cursor == 0,
                          .at_end = player->cursor >= timeline_count(canvas->doc->timeline) &&
                                    log_finished(canvas->doc->log),
                          .pace = player->pace,
                          .pace_count = PACE_COUNT,
                          .pace_text = player_pace_text(player, text),
                          .pace_widest = "250 events a second"};
    transport_draw(canvas, &at);
}
