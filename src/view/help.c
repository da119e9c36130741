/* The help sheet: every key, made from the table of actions. */
#include "view/controls.h"

#include <math.h>
#include <string.h>

typedef struct HelpRow {
    const char *keys;
    const char *words;
} HelpRow;

enum { HELP_ROWS_MAX = ACTION_COUNT };

static const HelpRow WELCOME_ROWS[] = {
    {"← → ↑ ↓", "choose a scenario"},
    {"Enter", "open it, or press the control"},
    {"Tab", "to the next control"},
};

static const Action WELCOME_SHARED[] = {ACTION_RELOAD,  ACTION_EDIT,       ACTION_THEME,
                                        ACTION_BLANK,   ACTION_FULLSCREEN, ACTION_HELP,
                                        ACTION_WELCOME, ACTION_COMPARE,    ACTION_QUIT};

static size_t rows_make(const Canvas *canvas, Screen screen, HelpRow *rows) {
    size_t count = 0;
    if (screen == SCREEN_WELCOME) {
        for (size_t i = 0; i < sizeof WELCOME_ROWS / sizeof WELCOME_ROWS[0]; i++) {
            rows[count++] = WELCOME_ROWS[i];
        }
        for (size_t i = 0; i < sizeof WELCOME_SHARED / sizeof WELCOME_SHARED[0]; i++) {
            const ActionRow *row = &ACTIONS[WELCOME_SHARED[i]];
            rows[count++] = (HelpRow){row->shown, row->words};
        }
        return count;
    }
    for (int action = 0; action < ACTION_COUNT; action++) {
        const bool drawer = action == ACTION_TOGGLE_CODE || action == ACTION_TOGGLE_OUTPUT;
        if (ACTIONS[action].words != NULL && action_on_screen(screen, (Action)action) &&
            (!drawer || canvas->layout->compact)) {
            rows[count++] = (HelpRow){ACTIONS[action].shown, ACTIONS[action].words};
        }
    }
    return count;
}

void panel_help(const Canvas *canvas, Screen screen) {
    HelpRow rows[HELP_ROWS_MAX];
    const size_t count = rows_make(canvas, screen, rows);
    const size_t half = (count + 1) / 2;
    const Theme *theme = canvas->theme;
    Scene *scene = canvas->scene;
    const float u = canvas->u;
    const float window_w = (float)scene->width_px, window_h = (float)scene->height_px;
    const float pitch =
        fminf(38 * u * fminf(canvas->text_scale, 1.2f), (window_h - 140 * u) / (float)half);
    const Rect window = {0, 0, window_w, window_h};
    const float width = fminf(880 * u * canvas->text_scale, window_w - 48 * u);
    const float height = 96 * u + pitch * (float)half + 20 * u;
    const Rect sheet = {(window_w - width) / 2, (window_h - height) / 2, width, height};
    scene_rect(scene, window, 0, (Style){.fill = color_fade(theme->app, 0.72f)});
    scene_hit(scene, window, ACTION_HELP, 0, "");
    scene_rect(scene, sheet, 14 * u,
               (Style){.fill = theme->user, .stroke = theme->line2, .stroke_px = u});
    canvas_text(canvas, FONT_BOLD, 22, theme->ink, sheet.x + 32 * u, sheet.y + 42 * u, ALIGN_LEFT,
                "Keys");
    canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, sheet.x + width - 32 * u, sheet.y + 42 * u,
                ALIGN_RIGHT, "any click closes this sheet");
    for (size_t i = 0; i < count; i++) {
        const float column = (width - 64 * u) / 2;
        const float x = sheet.x + 32 * u + (i < half ? 0 : column + 12 * u);
        const float y = sheet.y + 92 * u + pitch * (float)(i < half ? i : i - half);
        keycap_draw(canvas, x, y, rows[i].keys);
        canvas_text_fit(canvas, FONT_REGULAR, 15, theme->ink, x + 96 * u * canvas->text_scale, y,
                        ALIGN_LEFT, column - 108 * u * canvas->text_scale, rows[i].words);
    }
}
