/* The help sheet: every key, made from the table of actions, in groups. */
#include "base/assert.h"
#include "view/controls.h"

#include <math.h>
#include <string.h>

typedef struct HelpRow {
    const char *keys;
    const char *words;
} HelpRow;

enum { HELP_ROWS_MAX = ACTION_COUNT, HELP_COLUMNS_MAX = 3, GROUP_ACTIONS_MAX = 12 };

#define HEADING_LINES 1.5f /* and the gap above it */

typedef struct HelpGroup {
    const char *title;
    Action actions[GROUP_ACTIONS_MAX]; /* ended by ACTION_NONE */
} HelpGroup;

static const HelpGroup GROUPS[] = {
    {"Play",
     {ACTION_PLAY_PAUSE, ACTION_STEP, ACTION_STEP_BACK, ACTION_NEXT_ITERATION,
      ACTION_PREV_ITERATION, ACTION_HOME, ACTION_END, ACTION_FASTER, ACTION_SLOWER}},
    {"Timeline",
     {ACTION_ZOOM_IN, ACTION_ZOOM_OUT, ACTION_ZOOM_WHOLE, ACTION_PAN_LEFT, ACTION_PAN_RIGHT}},
    {"What the window is for",
     {ACTION_WATCH, ACTION_PREDICT, ACTION_ANSWER_1, ACTION_INSPECT, ACTION_COPY, ACTION_COMPARE,
      ACTION_RUN_FIXED, ACTION_DIFFERENCE}},
    {"Tasks and code",
     {ACTION_NEXT_TASK, ACTION_PREV_TASK, ACTION_LETTER_A, ACTION_FILTER, ACTION_LIST_NEXT,
      ACTION_LIST_PREV, ACTION_CODE_VIEW, ACTION_TOGGLE_CODE, ACTION_TOGGLE_OUTPUT}},
    {"How it looks",
     {ACTION_THEME, ACTION_TEXT_NEXT, ACTION_TEXT_LARGER, ACTION_TEXT_SMALLER,
      ACTION_REDUCED_MOTION, ACTION_BLANK, ACTION_FULLSCREEN}},
    {"Files and controls",
     {ACTION_CHOOSE_FILE, ACTION_TAB_NEXT, ACTION_TAB_PREV, ACTION_ACTIVATE, ACTION_RELOAD,
      ACTION_EDIT, ACTION_EXPORT, ACTION_HELP, ACTION_WELCOME, ACTION_QUIT}},
};
enum { GROUP_COUNT = sizeof GROUPS / sizeof GROUPS[0] };

/* What keys mean on the welcome screen alone. */
static const HelpRow WELCOME_ROWS[] = {
    {"← → ↑ ↓", "choose a scenario"},
    {"Enter", "open it, or press the control"},
};
enum { WELCOME_ROW_COUNT = sizeof WELCOME_ROWS / sizeof WELCOME_ROWS[0] };

/* What is listed: rows, and where each group of them begins. */
typedef struct Help {
    HelpRow rows[HELP_ROWS_MAX];
    size_t row_count;
    const char *titles[GROUP_COUNT + 1];
    size_t firsts[GROUP_COUNT + 2]; /* the last one ends the rows */
    size_t group_count;
    size_t columns;
    size_t column_of[GROUP_COUNT + 1];
    float lines; /* of the longest column */
} Help;

static void group_begin(Help *help, const char *title) {
    help->titles[help->group_count] = title;
    help->firsts[help->group_count++] = help->row_count;
}

static void row_add(Help *help, const char *keys, const char *words) {
    ASSERT(help->row_count < HELP_ROWS_MAX);
    help->rows[help->row_count++] = (HelpRow){keys, words};
}

static bool is_listed(const Canvas *canvas, Screen screen, Action action) {
    const bool drawer = action == ACTION_TOGGLE_CODE || action == ACTION_TOGGLE_OUTPUT;
    const bool said = screen == SCREEN_WELCOME && action == ACTION_ACTIVATE;
    return ACTIONS[action].words != NULL && action_on_screen(screen, action) && !said &&
           (!drawer || canvas->layout->compact);
}

static void rows_make(const Canvas *canvas, Screen screen, Help *help) {
    if (screen == SCREEN_WELCOME) {
        group_begin(help, "Choose");
        for (size_t i = 0; i < WELCOME_ROW_COUNT; i++) {
            row_add(help, WELCOME_ROWS[i].keys, WELCOME_ROWS[i].words);
        }
    }
    for (size_t group = 0; group < GROUP_COUNT; group++) {
        bool begun = false;
        for (size_t i = 0; i < GROUP_ACTIONS_MAX && GROUPS[group].actions[i] != ACTION_NONE; i++) {
            const Action action = GROUPS[group].actions[i];
            if (is_listed(canvas, screen, action)) {
                if (!begun) {
                    group_begin(help, GROUPS[group].title);
                }
                begun = true;
                row_add(help, ACTIONS[action].shown, ACTIONS[action].words);
            }
        }
    }
    help->firsts[help->group_count] = help->row_count;
}

/* Groups one after the other into columns of at most so many lines; whether there are enough. */
static bool columns_fill(Help *help, float most) {
    size_t column = 0;
    float lines = 0;
    help->lines = 0;
    for (size_t group = 0; group < help->group_count; group++) {
        const float more = HEADING_LINES + (float)(help->firsts[group + 1] - help->firsts[group]);
        if (lines > 0 && lines + more > most) {
            column++;
            lines = 0;
        }
        lines += more;
        help->column_of[group] = column;
        help->lines = fmaxf(help->lines, lines);
    }
    return column < help->columns;
}

static void help_make(const Canvas *canvas, Screen screen, Help *help) {
    *help = (Help){0};
    rows_make(canvas, screen, help);
    help->columns = help->row_count > 24 ? HELP_COLUMNS_MAX : 2;
    float most = 1;
    while (!columns_fill(help, most)) {
        most += 0.5f;
    }
}

/* The size at which the longest words have room: all rows have the same. */
static float words_size(const Canvas *canvas, const Help *help, float room_px) {
    float widest = 0;
    for (size_t i = 0; i < help->row_count; i++) {
        widest = fmaxf(widest, canvas_width(canvas, FONT_REGULAR, 15, help->rows[i].words));
    }
    return widest > room_px ? 14.6f * room_px / widest : 15; /* widths do not grow evenly */
}

static void rows_draw(const Canvas *canvas, const Help *help, Rect area, float pitch) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, gap = 28 * u;
    const float width = (area.w - gap * (float)(help->columns - 1)) / (float)help->columns;
    float keys = 0;
    for (size_t i = 0; i < help->row_count; i++) {
        keys = fmaxf(keys, canvas_width(canvas, FONT_MEDIUM, 13, help->rows[i].keys));
    }
    keys += 14 * u * canvas->text_scale + 12 * u;
    const float size = words_size(canvas, help, width - keys);
    float y = area.y;
    for (size_t group = 0; group < help->group_count; group++) {
        const size_t column = help->column_of[group];
        const float x = area.x + (width + gap) * (float)column;
        if (group > 0 && column != help->column_of[group - 1]) {
            y = area.y;
        }
        y += HEADING_LINES * pitch;
        canvas_text_fit(canvas, FONT_SEMIBOLD, 14, theme->ink3, x, y - pitch, ALIGN_LEFT, width,
                        help->titles[group]);
        for (size_t i = help->firsts[group]; i < help->firsts[group + 1]; i++, y += pitch) {
            keycap_draw(canvas, x, y, help->rows[i].keys);
            canvas_text_fit(canvas, FONT_REGULAR, size, theme->ink, x + keys, y, ALIGN_LEFT,
                            width - keys + u, help->rows[i].words);
        }
    }
}

void panel_help(const Canvas *canvas, Screen screen) {
    Help help;
    help_make(canvas, screen, &help);
    const Theme *theme = canvas->theme;
    Scene *scene = canvas->scene;
    const float u = canvas->u;
    const Rect window = {0, 0, (float)scene->width_px, (float)scene->height_px};
    const float pitch =
        fminf(34 * u * fminf(canvas->text_scale, 1.2f), (window.h - 112 * u) / (help.lines + 0.5f));
    const float widest = (help.columns == 2 ? 880 * canvas->text_scale : 1320) * u;
    const float width = fminf(widest, window.w - 48 * u);
    const float height = 88 * u + pitch * help.lines;
    const Rect sheet = {(window.w - width) / 2, (window.h - height) / 2, width, height};
    scene_rect(scene, window, 0, (Style){.fill = color_fade(theme->app, 0.72f)});
    scene_hit(scene, window, ACTION_HELP, 0, "");
    scene_rect(scene, sheet, 14 * u,
               (Style){.fill = theme->user, .stroke = theme->line2, .stroke_px = u});
    const float x = sheet.x + 32 * u, y = sheet.y + 40 * u;
    canvas_text(canvas, FONT_BOLD, 22, theme->ink, x, y, ALIGN_LEFT, "Keys");
    canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, sheet.x + width - 32 * u, y, ALIGN_RIGHT,
                "any click closes this sheet");
    rows_draw(canvas, &help, (Rect){x, sheet.y + 72 * u, width - 64 * u, height}, pitch);
}
