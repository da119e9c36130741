/* The list of folders and files over the welcome screen, where the system has no dialog. */
#include "view/picker.h"
#include "view/welcome_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { REASON_LINES = 2 };

typedef struct PickerBox {
    const Canvas *canvas;
    const WelcomeInput *input;
    const FilePicker *picker;
    Rect sheet;
    float left, width;
    float k; /* how much taller rows are where text is larger */
    float y; /* the next part's top */
} PickerBox;

static void folder_icon_draw(const Canvas *canvas, float x, float y, Color ink) {
    const float u = canvas->u;
    scene_rect(canvas->scene, (Rect){x, y - 8 * u, 8 * u, 6 * u}, 2 * u, (Style){.fill = ink});
    scene_rect(canvas->scene, (Rect){x, y - 5 * u, 19 * u, 13 * u}, 2 * u, (Style){.fill = ink});
}

static void file_icon_draw(const Canvas *canvas, float x, float y, Color ink) {
    const float u = canvas->u;
    const Style style = {.stroke = ink, .stroke_px = 1.5f * u};
    scene_polyline(canvas->scene,
                   (Point[]){{x + 11 * u, y - 8 * u},
                             {x + 3 * u, y - 8 * u},
                             {x + 3 * u, y + 8 * u},
                             {x + 16 * u, y + 8 * u},
                             {x + 16 * u, y - 3 * u},
                             {x + 11 * u, y - 8 * u},
                             {x + 11 * u, y - 3 * u},
                             {x + 16 * u, y - 3 * u}},
                   8, style);
}

static void head_draw(PickerBox *box) {
    const Canvas *canvas = box->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = box->sheet.y + 40 * u;
    const float title =
        canvas_text(canvas, FONT_BOLD, 22, theme->ink, box->left, y, ALIGN_LEFT, "Choose a file");
    welcome_path_draw(canvas, box->left + box->width, y, box->width - title - 24 * u,
                      box->picker->folder);
    box->y = box->sheet.y + 68 * u;
    if (box->picker->reason[0] != '\0') {
        const float pitch = 22 * u * box->k, indent = box->picker->failed ? 30 * u : 0;
        if (box->picker->failed) {
            warning_draw(canvas, box->left + 10 * u, box->y + pitch / 2, 8 * u, theme->user);
        }
        box->y += pitch * (float)welcome_lines_draw(canvas, FONT_REGULAR, 15, theme->ink2,
                                                    box->left + indent, box->y + pitch / 2,
                                                    box->width - indent, pitch, REASON_LINES,
                                                    box->picker->reason) +
                  12 * u;
    }
}

/* What is typed narrows the list. */
static void typed_draw(PickerBox *box) {
    const Canvas *canvas = box->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, height = 40 * u * box->k;
    const Rect field = {box->left, box->y, box->width, height};
    const float x = field.x + 12 * u, y = field.y + height / 2;
    const char *typed = box->picker->typed;
    scene_rect(canvas->scene, field, 8 * u,
               (Style){.fill = theme->app, .stroke = theme->line2, .stroke_px = u});
    float end = x;
    if (typed[0] != '\0') {
        end += canvas_text_fit(canvas, FONT_MONO, 15, theme->ink, x, y, ALIGN_LEFT,
                               field.w - 32 * u, typed);
    } else {
        canvas_text_fit(canvas, FONT_REGULAR, 15, theme->ink3, x + 8 * u, y, ALIGN_LEFT,
                        field.w - 40 * u, "type a part of the name");
    }
    scene_line(canvas->scene, end + 3 * u, y - 11 * u * box->k, end + 3 * u, y + 11 * u * box->k,
               (Style){.stroke = theme->ink, .stroke_px = 2 * u});
    box->y += height + 12 * u;
}

static void row_draw(const PickerBox *box, size_t index, Rect row) {
    const Canvas *canvas = box->canvas;
    const Theme *theme = canvas->theme;
    const FilePicker *picker = box->picker;
    const PickerEntry *entry = &picker->entries[picker->shown[index]];
    const float u = canvas->u, y = row.y + row.h / 2, x = row.x + 50 * u;
    const bool parent = strcmp(entry->name, "..") == 0, chosen = index == picker->chosen;
    if (chosen) {
        chosen_row_draw(canvas, row, theme->thread);
    } else if (pointer_over(box->input->pointer_x, box->input->pointer_y, row)) {
        scene_rect(canvas->scene, row, 0, (Style){.fill = theme->lane});
    }
    if (entry->is_folder) {
        folder_icon_draw(canvas, row.x + 18 * u, y, theme->ink3);
    } else {
        file_icon_draw(canvas, row.x + 18 * u, y, theme->ink2);
    }
    canvas_text_fit(canvas, chosen ? FONT_SEMIBOLD : FONT_MEDIUM, 16,
                    entry->is_folder ? theme->ink2 : theme->ink, x, y, ALIGN_LEFT,
                    row.x + row.w - 16 * u - x, parent ? ".. (the folder above)" : entry->name);
    scene_hit(canvas->scene, row, ACTION_PICK, (int64_t)index, "");
}

/* Why there is nothing to choose. */
static void empty_draw(const PickerBox *box, Rect well) {
    const Canvas *canvas = box->canvas;
    const FilePicker *picker = box->picker;
    char words[PICKER_MESSAGE_MAX];
    if (picker->trouble[0] != '\0') {
        (void)snprintf(words, sizeof words, "%s", picker->trouble);
    } else if (picker->typed[0] != '\0') {
        (void)snprintf(words, sizeof words, "Nothing here has \"%s\" in its name.", picker->typed);
    } else {
        (void)snprintf(words, sizeof words, "No folder and no scenario or trace is in here.");
    }
    canvas_text_fit(canvas, FONT_REGULAR, 15, canvas->theme->ink2, well.x + well.w / 2,
                    well.y + well.h / 2, ALIGN_MIDDLE, well.w - 32 * canvas->u, words);
}

static void rows_draw(const PickerBox *box, Rect well) {
    const Canvas *canvas = box->canvas;
    const FilePicker *picker = box->picker;
    const float u = canvas->u, pitch = 36 * u * box->k;
    const size_t room = (size_t)fmaxf(1, floorf(well.h / pitch));
    const size_t half = room / 2,
                 last = picker->shown_count > room ? picker->shown_count - room : 0;
    size_t first = picker->chosen > half ? picker->chosen - half : 0;
    first = first > last ? last : first;
    scene_rect(canvas->scene, well, 8 * u,
               (Style){.fill = canvas->theme->well, .stroke = canvas->theme->line, .stroke_px = u});
    if (picker->shown_count == 0 || picker->trouble[0] != '\0') {
        empty_draw(box, well);
    }
    scene_clip(canvas->scene, well);
    for (size_t i = 0; i < room && first + i < picker->shown_count; i++) {
        row_draw(box, first + i, (Rect){well.x, well.y + pitch * (float)i, well.w, pitch});
    }
    scrollbar_draw(canvas, (Rect){well.x + well.w - 8 * u, well.y + 4 * u, 5 * u, well.h - 8 * u},
                   (float)first, (float)room, (float)picker->shown_count);
    scene_unclip(canvas->scene);
}

static void buttons_draw(const PickerBox *box) {
    const Canvas *canvas = box->canvas;
    const float u = canvas->u, y = box->sheet.y + box->sheet.h - 40 * u;
    const PickerEntry *chosen = picker_chosen(box->picker);
    const Button open = {.label = chosen != NULL && chosen->is_folder ? "Open folder" : "Open",
                         .key = "Enter",
                         .tip = "Open what is chosen (Enter)",
                         .action = ACTION_PICK,
                         .argument = (int64_t)box->picker->chosen,
                         .primary = true,
                         .disabled = chosen == NULL};
    const Button parent = {.label = "Folder above",
                           .key = "Backspace",
                           .tip = "To the folder above (Backspace)",
                           .action = ACTION_PICK_PARENT};
    const Button close = {
        .label = "Close", .key = "Esc", .tip = "Choose no file (Esc)", .action = ACTION_PICK_CLOSE};
    float x = box->left;
    x += button_draw(canvas, x, y, 44 * u, &open) + 12 * u;
    button_draw(canvas, x, y, 44 * u, &parent);
    button_draw(canvas, box->left + box->width - button_width(canvas, &close), y, 44 * u, &close);
}

void welcome_picker_draw(const Welcome *welcome) {
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Rect window = {0, 0, (float)canvas->scene->width_px, (float)canvas->scene->height_px};
    const float width = fminf(760 * u, window.w - 48 * u);
    const float height = fminf(680 * u, window.h - 48 * u);
    PickerBox box = {
        .canvas = canvas,
        .input = welcome->input,
        .picker = welcome->input->picker,
        .sheet = {(window.w - width) / 2, (window.h - height) / 2, width, height},
        .k = fminf(canvas->text_scale, 1.2f),
    };
    box.left = box.sheet.x + 32 * u;
    box.width = width - 64 * u;
    scene_rect(canvas->scene, window, 0, (Style){.fill = color_fade(theme->app, 0.72f)});
    scene_hit(canvas->scene, window, ACTION_NONE, 0, "");
    scene_rect(canvas->scene, box.sheet, 14 * u,
               (Style){.fill = theme->user, .stroke = theme->line2, .stroke_px = u});
    head_draw(&box);
    typed_draw(&box);
    const float bottom = box.sheet.y + height - 78 * u;
    rows_draw(&box, (Rect){box.left, box.y, box.width, bottom - box.y});
    buttons_draw(&box);
}
