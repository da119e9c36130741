/* The welcome screen: what an event loop is in three pictures, the scenarios, a place to drop a
 * file on, and, where one did not load, why. */
#include "base/format.h"
#include "base/mem.h"
#include "view/welcome_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 3, BADGES_MAX = 8 };

typedef struct Places {
    float left, right_x, right_w;  /* the two columns */
    Rect ideas, grid, drop, lower; /* `lower`: the focused scenario, or the problem */
    float title_y, header_y, footer_y;
    float card_h, gap;
} Places;

static bool has_problem(const Welcome *welcome) {
    const Diags *problems = welcome->input->problems;
    return problems != NULL && problems->count > 0;
}

static Rect units(float u, float x, float y, float w, float h) {
    return (Rect){x * u, y * u, w * u, h * u};
}

static void places_full(const Welcome *welcome, Places *places, float width, float height) {
    const float u = welcome->canvas.u, margin = 56, right_w = 480;
    const float right_x = width - margin - right_w, left_w = right_x - 48 - margin;
    const float drop_h = has_problem(welcome) ? 120 : 200, lower_y = 44 + drop_h + 28;
    places->left = margin * u;
    places->header_y = 66 * u;
    places->ideas = units(u, margin, 116, left_w, 172);
    places->title_y = 324 * u;
    places->grid = units(u, margin, 350, left_w, height - 64 - 350);
    places->card_h = 150 * u;
    places->gap = 18 * u;
    places->drop = units(u, right_x, 44, right_w, drop_h);
    places->lower = units(u, right_x, lower_y, right_w, height - 56 - lower_y);
    places->footer_y = (height - 28) * u;
}

/* A small window: the pictures over the whole width; a problem takes the place of the drop zone. */
static void places_compact(const Welcome *welcome, Places *places, float width, float height) {
    const float u = welcome->canvas.u, margin = 40, right_w = 410, top = 276;
    const float right_x = width - margin - right_w, left_w = right_x - 32 - margin;
    const float bottom = height - 52;
    places->left = margin * u;
    places->header_y = 46 * u;
    places->ideas = units(u, margin, 82, width - 2 * margin, 168);
    places->title_y = (top + 12) * u;
    places->grid = units(u, margin, top + 34, left_w, bottom - top - 34);
    places->card_h = 105 * u;
    places->gap = 12 * u;
    places->footer_y = (height - 24) * u;
    if (has_problem(welcome)) {
        places->lower = units(u, right_x, top, right_w, bottom - top);
    } else {
        places->drop = units(u, right_x, top, right_w, 104);
        places->lower = units(u, right_x, top + 120, right_w, bottom - top - 120);
    }
}

/* Where a path's last part begins. */
static size_t path_name_at(const char *path) {
    size_t at = 0;
    for (size_t i = 0; path[i] != '\0'; i++) {
        at = path[i] == '/' || path[i] == '\\' ? i + 1 : at;
    }
    return at;
}

/* ---- the left column ---- */

static void header_draw(const Welcome *welcome, const Places *places) {
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = places->header_y;
    mark_draw(canvas, places->left + 17 * u, y, 16 * u, 5 * u);
    float x = places->left + 52 * u;
    x += canvas_text(canvas, FONT_BOLD, 30, theme->ink, x, y, ALIGN_LEFT, "Loopscope") + 14 * u;
    canvas_text(canvas, FONT_REGULAR, 18, theme->ink2, x, y + u, ALIGN_LEFT,
                "One thread runs many tasks. Watch how.");
}

/* A badge for each task, the first eight; where there are more, as many as leave room for the
 * number of the others. */
static void tasks_draw(const Canvas *canvas, uint32_t count, float x, float y, float radius_px,
                       float max_px) {
    const float u = canvas->u, pitch = radius_px * 2.6f;
    uint32_t shown = count < BADGES_MAX ? count : BADGES_MAX;
    char number[FORMAT_MAX];
    Buf text = {0};
    for (; count > shown && shown > 0; shown--) {
        buf_clear(&text);
        buf_printf(&text, "and %s more", format_count(number, count - shown));
        if ((float)shown * pitch + canvas_width(canvas, FONT_REGULAR, 14, buf_text(&text)) <=
            max_px) {
            break;
        }
    }
    for (uint32_t i = 0; i < shown; i++, x += pitch) {
        badge_draw_identity(canvas, (int)i, x + radius_px, y, radius_px, BADGE_FILLED,
                            canvas->theme->user);
    }
    canvas_text(canvas, FONT_REGULAR, 14, canvas->theme->ink3, x + 4 * u, y, ALIGN_LEFT,
                buf_text(&text));
    buf_finish(&text);
}

/* Wrapped into at most two lines; the second is cut where there is more. */
static void two_lines_draw(const Canvas *canvas, float size_u, Color ink, float x, float y,
                           float max_px, const char *text) {
    size_t starts[2], lengths[2];
    const float px = size_u * canvas->u * canvas->text_scale;
    const size_t lines =
        metrics_wrap(canvas->metrics, FONT_REGULAR, px, max_px, text, starts, lengths, 2);
    for (size_t i = 0; i < lines && i < 2; i++) {
        char *line =
            mem_copy_text(text + starts[i], i == 1 ? strlen(text + starts[i]) : lengths[i]);
        canvas_text_fit(canvas, FONT_REGULAR, size_u, ink, x, y + (float)i * px * 1.35f, ALIGN_LEFT,
                        max_px, line);
        free(line);
    }
}

static void chip_draw(const Canvas *canvas, float right, float y, const char *text) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, height = 24 * u;
    const float width = canvas_width(canvas, FONT_SEMIBOLD, 13, text) + 20 * u;
    scene_rect(canvas->scene, (Rect){right - width, y - height / 2, width, height}, height / 2,
               (Style){.fill = theme->ink});
    canvas_text(canvas, FONT_SEMIBOLD, 13, theme->app, right - width / 2, y, ALIGN_MIDDLE, text);
}

/* The group of lessons to which it belongs, right-aligned; returns the room that it takes. Where
 * many badges need the room the group goes. */
static float group_draw(const Canvas *canvas, const WelcomeItem *item, float right, float y) {
    enum { FEW_TASKS = 4 };
    if (item->group == NULL || item->task_count > FEW_TASKS) {
        return 0;
    }
    canvas_text(canvas, FONT_REGULAR, 13, canvas->theme->ink3, right, y, ALIGN_RIGHT, item->group);
    return canvas_width(canvas, FONT_REGULAR, 13, item->group) + 12 * canvas->u;
}

static void card_draw(const Welcome *welcome, size_t index, Rect card) {
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const WelcomeInput *input = welcome->input;
    const WelcomeItem *item = &input->items[index];
    const float u = canvas->u, pad = (welcome->compact ? 16 : 20) * u;
    const bool focused = index == input->focus;
    const bool hovered = pointer_over(input->pointer_x, input->pointer_y, card);
    scene_rect(canvas->scene, card, 12 * u,
               (Style){.fill = focused ? theme->card : theme->user,
                       .stroke = focused   ? theme->thread
                                 : hovered ? theme->line2
                                           : theme->line,
                       .stroke_px = (focused ? 3 : 1) * u});
    const float x = card.x + pad, y = card.y + (welcome->compact ? 22 : 30) * u;
    float name_room = card.w - 2 * pad;
    if (index == 0) {
        chip_draw(canvas, card.x + card.w - 14 * u, y, "start here");
        name_room -= canvas_width(canvas, FONT_SEMIBOLD, 13, "start here") + 24 * u;
    }
    canvas_text_fit(canvas, FONT_SEMIBOLD, welcome->compact ? 16 : 18, theme->ink, x, y, ALIGN_LEFT,
                    name_room, item->name);
    two_lines_draw(canvas, welcome->compact ? 14 : 15, theme->ink2, x,
                   y + (welcome->compact ? 21 : 27) * u, card.w - 2 * pad, item->line);
    const float tasks_y = card.y + card.h - (welcome->compact ? 16 : 26) * u;
    const float group_px = group_draw(canvas, item, card.x + card.w - pad, tasks_y);
    if (item->other != NULL) {
        canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, x, tasks_y, ALIGN_LEFT,
                    "two runs, one time axis");
    } else {
        tasks_draw(canvas, item->task_count, x, tasks_y, (welcome->compact ? 8.5f : 10) * u,
                   card.w - 2 * pad - group_px);
    }
    scene_hit(canvas->scene, card, ACTION_OPEN_SCENARIO, (int64_t)index, "");
}

/* Over the cards: what is there to choose; or, when one is chosen, what the next is for. */
static void title_words_draw(const Welcome *welcome, const Places *places) {
    const Canvas *canvas = &welcome->canvas;
    const char *first = welcome->input->compare_with;
    const Rect grid = places->grid;
    Buf text = {0};
    if (first != NULL) {
        buf_printf(&text, "Compare %s with …", first + path_name_at(first));
    } else {
        buf_append_text(&text, "Scenarios");
    }
    const char *hint = first != NULL ? "choose or drop another one; Esc: not now"
                                     : "each one really runs on this computer";
    const float hint_px = canvas_width(canvas, FONT_REGULAR, 14.5f, hint);
    canvas_text_fit(canvas, FONT_BOLD, 20, canvas->theme->ink, grid.x, places->title_y, ALIGN_LEFT,
                    grid.w - hint_px - 20 * canvas->u, buf_text(&text));
    canvas_text(canvas, FONT_REGULAR, 14.5f, canvas->theme->ink3, grid.x + grid.w, places->title_y,
                ALIGN_RIGHT, hint);
    buf_finish(&text);
}

static void grid_draw(const Welcome *welcome, const Places *places) {
    const Canvas *canvas = &welcome->canvas;
    const WelcomeInput *input = welcome->input;
    const float u = canvas->u, gap = welcome->compact ? 16 * u : 24 * u;
    const Rect grid = places->grid;
    title_words_draw(welcome, places);
    if (input->item_count == 0) {
        canvas_text_fit(canvas, FONT_REGULAR, 16, canvas->theme->ink2, grid.x, grid.y + 20 * u,
                        ALIGN_LEFT, grid.w,
                        "No scenarios were found beside the program: drop a file here.");
        return;
    }
    const size_t rows = (input->item_count + COLUMNS - 1) / COLUMNS;
    const float pitch = places->card_h + places->gap;
    const size_t shown = (size_t)fmaxf(1, floorf((grid.h + places->gap + u) / pitch));
    const size_t focus_row = input->focus / COLUMNS;
    const size_t first = focus_row >= shown ? focus_row - shown + 1 : 0; /* the focus is seen */
    const float width = (grid.w - gap * (COLUMNS - 1)) / COLUMNS;
    for (size_t i = first * COLUMNS; i < input->item_count && i < (first + shown) * COLUMNS; i++) {
        const float x = grid.x + (float)(i % COLUMNS) * (width + gap);
        const float y = grid.y + (float)(i / COLUMNS - first) * pitch;
        card_draw(welcome, i, (Rect){x, y, width, places->card_h});
    }
    const Rect track = {grid.x + grid.w + 8 * u, grid.y, 5 * u, grid.h};
    scrollbar_draw(canvas, track, (float)first, (float)shown, (float)rows);
}

/* ---- the right column ---- */

/* The arrow into the tray, its middle at (x, y); k: a unit of the drawing, 68 wide and 58 high. */
static void drop_icon_draw(const Canvas *canvas, float x, float y, float k) {
    Scene *scene = canvas->scene;
    const Style arrow = {.stroke = canvas->theme->ink, .stroke_px = 4 * k, .round_caps = true};
    const Style tray = {.stroke = canvas->theme->ink3, .stroke_px = 4 * k, .round_caps = true};
    const float top = y - 29 * k;
    scene_line(scene, x, top, x, top + 40 * k, arrow);
    scene_polyline(
        scene, (Point[]){{x - 16 * k, top + 26 * k}, {x, top + 42 * k}, {x + 16 * k, top + 26 * k}},
        3, arrow);
    scene_polyline(scene,
                   (Point[]){{x - 34 * k, top + 36 * k},
                             {x - 34 * k, top + 58 * k},
                             {x + 34 * k, top + 58 * k},
                             {x + 34 * k, top + 36 * k}},
                   4, tray);
}

static void drop_draw(const Welcome *welcome, Rect box) {
    static const char *const WORDS[2] = {"Drop your scenario file here",
                                         "a .json file, or a trace that was saved"};
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, x = box.x + box.w / 2, y = box.y + box.h / 2;
    scene_rect(canvas->scene, box, 16 * u,
               (Style){.fill = theme->panel,
                       .stroke = theme->line2,
                       .stroke_px = 2 * u,
                       .dash_on_px = 10 * u,
                       .dash_off_px = 8 * u});
    if (box.h >= 170 * u) {
        drop_icon_draw(canvas, x, y - 38 * u, u);
        canvas_text(canvas, FONT_SEMIBOLD, 20, theme->ink, x, y + 24 * u, ALIGN_MIDDLE, WORDS[0]);
        canvas_text(canvas, FONT_REGULAR, 15, theme->ink2, x, y + 54 * u, ALIGN_MIDDLE, WORDS[1]);
        return;
    }
    const float words = canvas_width(canvas, FONT_REGULAR, 15, WORDS[1]);
    const float left = x - (words + 72 * u) / 2;
    drop_icon_draw(canvas, left + 26 * u, y, 0.7f * u);
    canvas_text(canvas, FONT_SEMIBOLD, 18, theme->ink, left + 72 * u, y - 13 * u, ALIGN_LEFT,
                WORDS[0]);
    canvas_text(canvas, FONT_REGULAR, 15, theme->ink2, left + 72 * u, y + 14 * u, ALIGN_LEFT,
                WORDS[1]);
}

/* The keys that a first lesson needs, as far as there is room. */
static void first_keys_draw(const Canvas *canvas, float x, float y, float bottom) {
    static const Action ROWS[] = {ACTION_PLAY_PAUSE, ACTION_STEP, ACTION_STEP_BACK,
                                  ACTION_NEXT_ITERATION, ACTION_HELP};
    const float u = canvas->u;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0] && y + 14 * u < bottom; i++) {
        keycap_draw(canvas, x, y, ACTIONS[ROWS[i]].shown);
        canvas_text(canvas, FONT_REGULAR, 15, canvas->theme->ink2, x + 78 * u, y, ALIGN_LEFT,
                    ROWS[i] == ACTION_HELP ? "all keys" : ACTIONS[ROWS[i]].words);
        y += 34 * u;
    }
}

/* The two that a pair consists of. */
static void pair_draw(const Canvas *canvas, const WelcomeItem *item, float x, float y,
                      float max_px) {
    Buf text = {0};
    buf_printf(&text, "%s  and  %s", item->file + path_name_at(item->file),
               item->other + path_name_at(item->other));
    canvas_text_fit(canvas, FONT_MONO, 13, canvas->theme->ink2, x, y, ALIGN_LEFT, max_px,
                    buf_text(&text));
    buf_finish(&text);
}

/* The scenario with the focus, and what to do with it. */
static void preview_draw(const Welcome *welcome, Rect box) {
    enum { LINES_MAX = 4 };
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const WelcomeInput *input = welcome->input;
    const float u = canvas->u, x = box.x + 28 * u, max_px = box.w - 56 * u;
    if (input->focus >= input->item_count) {
        return;
    }
    const WelcomeItem *item = &input->items[input->focus];
    scene_rect(canvas->scene, box, 16 * u,
               (Style){.fill = theme->user, .stroke = theme->line, .stroke_px = u});
    canvas_text_fit(canvas, FONT_BOLD, 22, theme->ink, x, box.y + 38 * u, ALIGN_LEFT, max_px,
                    item->name);
    const float px = 16 * u * canvas->text_scale, pitch = px * 1.45f;
    size_t starts[LINES_MAX], lengths[LINES_MAX];
    const size_t lines = metrics_wrap(canvas->metrics, FONT_REGULAR, px, max_px, item->line, starts,
                                      lengths, LINES_MAX);
    float y = box.y + 74 * u;
    for (size_t i = 0; i < lines && i < LINES_MAX; i++, y += pitch) {
        const bool last = i + 1 == LINES_MAX;
        char *line = mem_copy_text(item->line + starts[i],
                                   last ? strlen(item->line + starts[i]) : lengths[i]);
        canvas_text_fit(canvas, FONT_REGULAR, 16, theme->ink2, x, y, ALIGN_LEFT, max_px, line);
        free(line);
    }
    y += 14 * u;
    if (item->other != NULL) {
        pair_draw(canvas, item, x, y, max_px);
    } else {
        tasks_draw(canvas, item->task_count, x, y, 12 * u, max_px);
    }
    const float button_y = box.y + box.h - 48 * u;
    if (y + 120 * u < button_y) {
        y += 36 * u;
        scene_line(canvas->scene, x, y, x + max_px, y,
                   (Style){.stroke = theme->line, .stroke_px = u});
        first_keys_draw(canvas, x, y + 32 * u, button_y - 34 * u);
    }
    const bool both = item->other != NULL || input->compare_with != NULL;
    const Button open = {.icon = ICON_PLAY,
                         .label = both ? "Run both" : "Open",
                         .key = "Enter",
                         .tip = both ? "Run both and compare them (Enter)"
                                     : "Open this scenario (Enter)",
                         .action = ACTION_OPEN_SCENARIO,
                         .argument = (int64_t)input->focus,
                         .primary = true};
    const float width = button_draw(canvas, x, button_y, 44 * u, &open);
    canvas_text_fit(canvas, FONT_MONO, 13, theme->ink3, x + max_px, button_y, ALIGN_RIGHT,
                    max_px - width - 20 * u, item->file);
}

static void footer_draw(const Welcome *welcome, const Places *places) {
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const WelcomeInput *input = welcome->input;
    const float u = canvas->u, right = (float)input->width_px - places->left;
    const char *keys = "? keys     ← → ↑ ↓ choose     Enter open     S compare     F11 full screen";
    float x = places->left, y = places->footer_y;
    const float keys_px = canvas_width(canvas, FONT_REGULAR, 14, keys);
    canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, right, y, ALIGN_RIGHT, keys);
    const Rect help = {right - keys_px, y - 18 * u, keys_px, 36 * u};
    scene_hit(canvas->scene, help, ACTION_HELP, 0, "Keys (?)");
    const float room = right - keys_px - 32 * u;
    if (input->system_line != NULL) {
        x += canvas_text_fit(canvas, FONT_MEDIUM, 14, theme->kernel_ink, x, y, ALIGN_LEFT, room - x,
                             input->system_line) +
             18 * u;
    }
    if (input->folder_line != NULL && x < room) {
        Buf text = {0};
        buf_printf(&text, "files are written to %s", input->folder_line);
        canvas_text_fit(canvas, FONT_REGULAR, 14, theme->ink3, x, y, ALIGN_LEFT, room - x,
                        buf_text(&text));
        buf_finish(&text);
    }
}

void view_welcome(Scene *scene, const WelcomeInput *input, const Metrics *metrics) {
    const bool compact = input->width_px < 1280 || input->height_px < 720;
    const float board_w = compact ? 1312 : 1600, board_h = compact ? 820 : 900;
    const float u = fminf((float)input->width_px / board_w, (float)input->height_px / board_h);
    Layout layout = {.u = u, .compact = compact};
    const Welcome welcome = {.canvas = {.scene = scene,
                                        .theme = theme_get(input->theme),
                                        .metrics = metrics,
                                        .layout = &layout,
                                        .u = u,
                                        .text_scale = 1},
                             .input = input,
                             .compact = compact};
    const float width = (float)input->width_px / u, height = (float)input->height_px / u;
    Places places = {0};
    if (compact) {
        places_compact(&welcome, &places, width, height);
    } else {
        places_full(&welcome, &places, width, height);
    }
    scene_clear(scene, input->width_px, input->height_px);
    scene_rect(scene, (Rect){0, 0, (float)input->width_px, (float)input->height_px}, 0,
               (Style){.fill = welcome.canvas.theme->app});
    header_draw(&welcome, &places);
    welcome_ideas_draw(&welcome, places.ideas);
    grid_draw(&welcome, &places);
    if (places.drop.h > 0) {
        drop_draw(&welcome, places.drop);
    }
    if (has_problem(&welcome)) {
        welcome_problem_draw(&welcome, places.lower);
    } else {
        preview_draw(&welcome, places.lower);
    }
    footer_draw(&welcome, &places);
    if (input->help) {
        panel_help(&welcome.canvas, SCREEN_WELCOME);
    }
    focus_draw(&welcome.canvas, input->control);
    tip_draw(&welcome.canvas, input->control, input->pointer_x, input->pointer_y);
}
