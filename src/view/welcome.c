/* The welcome screen: what an event loop is in three pictures, the scenarios, a place to drop a
 * file on, and, where one did not load, why. */
#include "base/format.h"
#include "base/mem.h"
#include "view/welcome_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Places {
    float left, right_x, right_w;  /* the two columns */
    Rect ideas, grid, drop, lower; /* `lower`: the focused scenario, or the problem */
    float title_y, header_y, footer_y;
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
    const float ideas_h = welcome_ideas_height(welcome, left_w * u) / u, top = 116 + ideas_h;
    places->header_y = 66 * u;
    places->ideas = units(u, margin, 116, left_w, ideas_h);
    places->title_y = (top + 34) * u;
    places->grid = units(u, margin, top + 56, left_w, height - 60 - top - 56);
    places->drop = units(u, right_x, 44, right_w, drop_h);
    places->lower = units(u, right_x, lower_y, right_w, height - 56 - lower_y);
    places->footer_y = (height - 28) * u;
}

/* A small window: the pictures over the whole width. A problem takes the place of the drop zone,
 * and, as all of it has to be read, that of the pictures. */
static void places_compact(const Welcome *welcome, Places *places, float width, float height) {
    const float u = welcome->canvas.u, margin = 40, right_w = 410;
    const float right_x = width - margin - right_w, left_w = right_x - 32 - margin;
    const float bottom = height - 52;
    float top = 76;
    if (!has_problem(welcome)) {
        const float ideas_h = welcome_ideas_height(welcome, (width - 2 * margin) * u) / u;
        places->ideas = units(u, margin, top, width - 2 * margin, ideas_h);
        top += ideas_h + 26;
    }
    places->left = margin * u;
    places->header_y = 42 * u;
    places->title_y = (top + 12) * u;
    places->grid = units(u, margin, top + 34, left_w, bottom - top - 34);
    places->footer_y = (height - 24) * u;
    if (has_problem(welcome)) {
        places->lower = units(u, right_x, top, right_w, bottom - top);
    } else {
        const float drop_h = welcome->canvas.text_scale > 1.2f ? 84 : 104;
        places->drop = units(u, right_x, top, right_w, drop_h);
        places->lower = units(u, right_x, top + drop_h + 16, right_w, bottom - top - drop_h - 16);
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

void welcome_path_draw(const Canvas *canvas, float right, float y, float max_px, const char *path) {
    const size_t name_at = path_name_at(path);
    Buf shown = {0};
    buf_append_text(&shown, path);
    for (size_t at = 1; at <= name_at; at++) {
        if (canvas_width(canvas, FONT_MONO, 13, buf_text(&shown)) <= max_px) {
            break;
        }
        if (path[at] == '/' || path[at] == '\\' || at == name_at) {
            buf_clear(&shown);
            buf_printf(&shown, "%s%s", at == name_at ? "" : "…", path + at);
        }
    }
    canvas_text_fit(canvas, FONT_MONO, 13, canvas->theme->ink3, right, y, ALIGN_RIGHT, max_px,
                    buf_text(&shown));
    buf_finish(&shown);
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
    const char *hint =
        first != NULL ? "choose or drop another one; Esc: not now"
                      : "each one really runs on this computer; its picture is a simulated run";
    /* The hint gives way first: the title names the file. */
    const float title_px =
        canvas_text_fit(canvas, FONT_BOLD, 20, canvas->theme->ink, grid.x, places->title_y,
                        ALIGN_LEFT, 0.65f * grid.w, buf_text(&text));
    canvas_name_fit(canvas, FONT_REGULAR, 14.5f, canvas->theme->ink3, grid.x + grid.w,
                    places->title_y, ALIGN_RIGHT, grid.w - title_px - 16 * canvas->u, hint);
    buf_finish(&text);
}

static void grid_draw(const Welcome *welcome, const Places *places) {
    const Canvas *canvas = &welcome->canvas;
    const WelcomeInput *input = welcome->input;
    const float u = canvas->u;
    const Rect grid = places->grid;
    title_words_draw(welcome, places);
    if (input->item_count == 0) {
        canvas_text_fit(canvas, FONT_REGULAR, 16, canvas->theme->ink2, grid.x, grid.y + 20 * u,
                        ALIGN_LEFT, grid.w,
                        "No scenarios were found beside the program: drop a file here.");
        return;
    }
    welcome_grid_draw(welcome, grid);
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

/* "or press O to choose a .json file", where the key stands out. x: its middle, or its left
 * end. */
static void drop_hint_draw(const Welcome *welcome, float x, float y, bool left) {
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    TextPiece pieces[] = {{"or press ", FONT_REGULAR, theme->ink2},
                          {ACTIONS[ACTION_CHOOSE_FILE].shown, FONT_BOLD, theme->ink},
                          {" to choose a .json file", FONT_REGULAR, theme->ink2}};
    size_t count = sizeof pieces / sizeof pieces[0];
    if (welcome->input->choosing) {
        pieces[0] = (TextPiece){"Esc", FONT_BOLD, theme->ink};
        pieces[1] = (TextPiece){" closes the dialog", FONT_REGULAR, theme->ink2};
        count = 2;
    }
    float width = 0;
    for (size_t i = 0; i < count; i++) {
        width += canvas_width(canvas, pieces[i].font, 15, pieces[i].text);
    }
    pieces_draw(canvas, 15, left ? x : x - width / 2, y, pieces, count);
}

/* Files are dropped here; pressed, it asks for one. */
static void drop_draw(const Welcome *welcome, Rect box) {
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const WelcomeInput *input = welcome->input;
    const float u = canvas->u, x = box.x + box.w / 2, y = box.y + box.h / 2;
    const char *words =
        input->choosing ? "Choose it in the dialog" : "Drop your scenario file here";
    const bool over = pointer_over(input->pointer_x, input->pointer_y, box) && !input->choosing;
    scene_rect(canvas->scene, box, 16 * u,
               (Style){.fill = over ? theme->user : theme->panel,
                       .stroke = over ? theme->ink2 : theme->line2,
                       .stroke_px = 2 * u,
                       .dash_on_px = 10 * u,
                       .dash_off_px = 8 * u});
    scene_hit(canvas->scene, box, ACTION_CHOOSE_FILE, 0,
              input->choosing ? "The dialog is open" : "Choose a scenario or a saved trace (O)");
    if (box.h >= 170 * u) {
        drop_icon_draw(canvas, x, y - 38 * u, u);
        canvas_text(canvas, FONT_SEMIBOLD, 20, theme->ink, x, y + 24 * u, ALIGN_MIDDLE, words);
        drop_hint_draw(welcome, x, y + 54 * u, false);
        return;
    }
    const float width = fminf(canvas_width(canvas, FONT_SEMIBOLD, 18, words), box.w - 104 * u);
    const float left = x - (width + 72 * u) / 2, half = 13 * u * canvas->text_scale;
    drop_icon_draw(canvas, left + 26 * u, y, 0.7f * u);
    canvas_name_fit(canvas, FONT_SEMIBOLD, 18, theme->ink, left + 72 * u, y - half, ALIGN_LEFT,
                    width, words);
    drop_hint_draw(welcome, left + 72 * u, y + half, true);
}

/* The keys that a first lesson needs, as far as there is room. */
static void first_keys_draw(const Canvas *canvas, float x, float y, float bottom) {
    static const Action ROWS[] = {ACTION_PLAY_PAUSE, ACTION_STEP, ACTION_STEP_BACK,
                                  ACTION_NEXT_ITERATION, ACTION_HELP};
    const float u = canvas->u;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0] && y + 14 * u < bottom; i++) {
        keycap_draw(canvas, x, y, ACTIONS[ROWS[i]].shown);
        canvas_text(canvas, FONT_REGULAR, 15, canvas->theme->ink2, x + 78 * u * canvas->text_scale,
                    y, ALIGN_LEFT, ROWS[i] == ACTION_HELP ? "all keys" : ACTIONS[ROWS[i]].words);
        y += 34 * u * canvas->text_scale;
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

/* Its paragraphs, as far as there is room; returns their height. */
static float about_draw(const Canvas *canvas, const char *about, float x, float y, float max_px,
                        float room_px) {
    const float step = canvas->u * canvas->text_scale, pitch = 23 * step, top = y;
    const float bottom = y + fmaxf(room_px, pitch);
    while (about[0] != '\0' && y + pitch <= bottom + 1) {
        const size_t length = strcspn(about, "\n");
        char *paragraph = mem_copy_text(about, length);
        const size_t most = (size_t)((bottom + 1 - y) / pitch);
        y += pitch * (float)welcome_lines_draw(canvas, FONT_REGULAR, 16, canvas->theme->ink2, x, y,
                                               max_px, pitch, most, paragraph) +
             7 * step;
        free(paragraph);
        about += length + strspn(about + length, "\n");
    }
    return y - 7 * step - top;
}

/* The scenario with the focus, and what to do with it. */
static void preview_draw(const Welcome *welcome, Rect box) {
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const WelcomeInput *input = welcome->input;
    const float u = canvas->u, x = box.x + 28 * u, max_px = box.w - 56 * u;
    const float step = u * canvas->text_scale;
    if (input->focus >= input->item_count) {
        return;
    }
    const WelcomeItem *item = &input->items[input->focus];
    scene_rect(canvas->scene, box, 16 * u,
               (Style){.fill = theme->user, .stroke = theme->line, .stroke_px = u});
    canvas_text_fit(canvas, FONT_BOLD, 22, theme->ink, x, box.y + 38 * u, ALIGN_LEFT, max_px,
                    item->name);
    const float button_y = box.y + box.h - 48 * u;
    float y = box.y + 38 * u + 36 * step;
    const float room = button_y - 50 * u - 24 * step - y; /* the badges' row, the button */
    y += about_draw(canvas, item->about != NULL ? item->about : item->line, x, y, max_px, room);
    y += 14 * u;
    if (item->other != NULL) {
        pair_draw(canvas, item, x, y, max_px);
    } else {
        welcome_tasks_draw(canvas, item->task_count, x, y, 12 * step, max_px);
    }
    if (y + 120 * u < button_y) {
        y += 36 * step;
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
    welcome_path_draw(canvas, x + max_px, button_y, max_px - width - 20 * u, item->file);
}

/* The keys at the right, the later ones only where there is room; returns the left edge. */
static float footer_keys_draw(const Canvas *canvas, float right, float y, float max_px) {
    static const char *const KEYS[] = {"? keys",    "← → ↑ ↓ choose", "Enter open",
                                       "S compare", "O open a file",  "F11 full screen"};
    enum { KEY_COUNT = sizeof KEYS / sizeof KEYS[0] };
    const float u = canvas->u, gap = 22 * u;
    size_t count = 1;
    float width = canvas_width(canvas, FONT_REGULAR, 14, KEYS[0]);
    const float help_px = width;
    for (; count < KEY_COUNT; count++) {
        const float more = gap + canvas_width(canvas, FONT_REGULAR, 14, KEYS[count]);
        if (width + more > max_px) {
            break;
        }
        width += more;
    }
    float x = right - width;
    for (size_t i = 0; i < count; i++) {
        x += canvas_text(canvas, FONT_REGULAR, 14, canvas->theme->ink3, x, y, ALIGN_LEFT, KEYS[i]) +
             gap;
    }
    scene_hit(canvas->scene, (Rect){right - width, y - 18 * u, help_px, 36 * u}, ACTION_HELP, 0,
              "Keys (?)");
    return right - width;
}

static void footer_draw(const Welcome *welcome, const Places *places) {
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const WelcomeInput *input = welcome->input;
    const float u = canvas->u, y = places->footer_y, gap = 18 * u;
    const float right = (float)input->width_px - places->left;
    const char *system = input->system_line == NULL ? "" : input->system_line;
    Buf folder = {0};
    if (input->folder_line != NULL) {
        buf_printf(&folder, "files are written to %s", input->folder_line);
    }
    const float left_px = canvas_width(canvas, FONT_MEDIUM, 14, system) + gap +
                          canvas_width(canvas, FONT_REGULAR, 14, buf_text(&folder));
    const float end = footer_keys_draw(canvas, right, y, right - places->left - left_px - 32 * u);
    const float room = end - 32 * u;
    float x = places->left;
    x += canvas_text_fit(canvas, FONT_MEDIUM, 14, theme->kernel_ink, x, y, ALIGN_LEFT, room - x,
                         system) +
         gap;
    canvas_text_fit(canvas, FONT_REGULAR, 14, theme->ink3, x, y, ALIGN_LEFT, room - x,
                    buf_text(&folder));
    buf_finish(&folder);
}

bool welcome_is_compact(const WelcomeInput *input) {
    return input->width_px < 1280 || input->height_px < 720;
}

void view_welcome(Scene *scene, const WelcomeInput *input, const Metrics *metrics) {
    const bool compact = welcome_is_compact(input);
    const float board_w = compact ? 1312 : 1600, board_h = compact ? 820 : 900;
    const float u = fminf((float)input->width_px / board_w, (float)input->height_px / board_h);
    Layout layout = {.u = u, .compact = compact};
    const Welcome welcome = {.canvas = {.scene = scene,
                                        .theme = theme_get(input->theme),
                                        .metrics = metrics,
                                        .layout = &layout,
                                        .u = u,
                                        .text_scale = input->text_scale},
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
    if (has_problem(&welcome) && input->format != NULL) { /* in the cards' place */
        const float top = places.header_y + 36 * u;
        welcome_format_draw(&welcome, (Rect){places.grid.x, top, places.grid.w,
                                             places.grid.y + places.grid.h - top});
    } else {
        if (places.ideas.h > 0) {
            welcome_ideas_draw(&welcome, places.ideas);
        }
        grid_draw(&welcome, &places);
    }
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
    if (input->picker != NULL) {
        welcome_picker_draw(&welcome);
    }
    focus_draw(&welcome.canvas, input->control);
    tip_draw(&welcome.canvas, input->control, input->pointer_x, input->pointer_y);
}
