/* The export sheet over the main screen. */
#include "view/controls.h"
#include "view/sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Where its parts are, in px. */
typedef struct SheetBox {
    Rect sheet;
    float left, width;
    float k;   /* how much taller rows are where text is larger */
    float row; /* from one row of formats to the next */
    float y;   /* the next part's top */
} SheetBox;

static const ExportSheet *sheet_of(const Canvas *canvas) {
    return canvas->input->sheet;
}

/* The focus' ring: 3 px of the thread's colour, outside. */
static void ring_draw(const Canvas *canvas, Rect rect, float radius_u, SheetFocus focus) {
    const float u = canvas->u, off = 4 * u;
    if (sheet_of(canvas)->focus == focus) {
        scene_rect(
            canvas->scene, (Rect){rect.x - off, rect.y - off, rect.w + 2 * off, rect.h + 2 * off},
            radius_u * u + off, (Style){.stroke = canvas->theme->thread, .stroke_px = 3 * u});
    }
}

static SheetBox box_make(const Canvas *canvas) {
    const float u = canvas->u, k = fminf(canvas->text_scale, 1.2f);
    const size_t rows = (sheet_of(canvas)->format_count + SHEET_COLUMNS - 1) / SHEET_COLUMNS;
    const float window_w = (float)canvas->scene->width_px;
    const float window_h = (float)canvas->scene->height_px;
    SheetBox box = {.k = k, .row = 52 * u * k};
    const float width = fminf(840 * u, window_w - 48 * u);
    const float height =
        (70 + 16 + 34 * k + 46 * k + 30 * k + 66 * k + 64) * u + box.row * (float)rows;
    box.sheet = (Rect){(window_w - width) / 2, fmaxf((window_h - height) / 2, 0), width, height};
    box.left = box.sheet.x + 32 * u;
    box.width = width - 64 * u;
    box.y = box.sheet.y + 70 * u;
    return box;
}

/* ---- formats ---- */

static void format_draw(const Canvas *canvas, const SheetBox *box, size_t i) {
    const Theme *theme = canvas->theme;
    const ExportSheet *sheet = sheet_of(canvas);
    const SheetFormat *format = &sheet->formats[i];
    const float u = canvas->u, gap = 10 * u;
    const float width = (box->width - gap * (SHEET_COLUMNS - 1)) / SHEET_COLUMNS;
    const Rect card = {box->left + (width + gap) * (float)(i % SHEET_COLUMNS),
                       box->y + box->row * (float)(i / SHEET_COLUMNS), width, box->row - 8 * u};
    const bool chosen = sheet->chosen == i;
    const Color ink = chosen ? theme->app : theme->ink;
    const float y = card.y + card.h / 2;
    scene_rect(canvas->scene, card, 8 * u,
               chosen ? (Style){.fill = theme->ink}
                      : (Style){.fill = theme->user, .stroke = theme->line2, .stroke_px = u});
    const char *ending = strcmp(format->ending, "/") == 0 ? "folder/" : format->ending;
    const float end =
        card.x + 14 * u +
        canvas_text(canvas, FONT_MONO_BOLD, 14, ink, card.x + 14 * u, y, ALIGN_LEFT, ending);
    canvas_name_fit(canvas, FONT_REGULAR, 14, chosen ? theme->app : theme->ink2,
                    card.x + card.w - 12 * u, y, ALIGN_RIGHT, card.x + card.w - 24 * u - end,
                    format->name);
    scene_hit(canvas->scene, card, ACTION_EXPORT_FORMAT, (int64_t)i, "");
    if (chosen) {
        ring_draw(canvas, card, 8, SHEET_ON_FORMATS);
    }
}

static void formats_draw(const Canvas *canvas, SheetBox *box) {
    const ExportSheet *sheet = sheet_of(canvas);
    for (size_t i = 0; i < sheet->format_count; i++) {
        format_draw(canvas, box, i);
    }
    const size_t rows = (sheet->format_count + SHEET_COLUMNS - 1) / SHEET_COLUMNS;
    const float u = canvas->u;
    box->y += box->row * (float)rows;
    canvas_text_fit(canvas, FONT_REGULAR, 14, canvas->theme->ink2, box->left,
                    box->y + 12 * u * box->k, ALIGN_LEFT, box->width,
                    sheet->formats[sheet->chosen].about);
    box->y += (16 + 34 * box->k) * u;
}

/* ---- the file ---- */

/* The end of a name that is too long, which is what is typed. */
static const char *tail_that_fits(const Canvas *canvas, const char *text, float max_px) {
    while (*text != '\0' && canvas_width(canvas, FONT_MONO, 15, text) > max_px) {
        do {
            text++;
        } while (((unsigned char)*text & 0xC0) == 0x80);
    }
    return text;
}

static void file_draw(const Canvas *canvas, SheetBox *box) {
    const Theme *theme = canvas->theme;
    const ExportSheet *sheet = sheet_of(canvas);
    const float u = canvas->u, height = 40 * u * box->k;
    const float label = canvas_width(canvas, FONT_SEMIBOLD, 15, "File") + 16 * u;
    const Rect field = {box->left + label, box->y, box->width - label, height};
    const float y = field.y + height / 2;
    canvas_text(canvas, FONT_SEMIBOLD, 15, theme->ink, box->left, y, ALIGN_LEFT, "File");
    scene_rect(canvas->scene, field, 8 * u,
               (Style){.fill = theme->app, .stroke = theme->line2, .stroke_px = u});
    const char *shown = tail_that_fits(canvas, sheet->file, field.w - 32 * u);
    const float end =
        field.x + 12 * u +
        canvas_text(canvas, FONT_MONO, 15, theme->ink, field.x + 12 * u, y, ALIGN_LEFT, shown);
    if (sheet->focus == SHEET_ON_FILE) {
        scene_line(canvas->scene, end + 3 * u, y - 11 * u * box->k, end + 3 * u,
                   y + 11 * u * box->k, (Style){.stroke = theme->ink, .stroke_px = 2 * u});
    }
    scene_hit(canvas->scene, field, ACTION_EXPORT_FILE, 0, "");
    ring_draw(canvas, field, 8, SHEET_ON_FILE);
    const bool replaces =
        sheet->replaces && (sheet->phase == SHEET_CHOOSING || sheet->phase == SHEET_FAILED);
    char line[SHEET_FILE_MAX + 64];
    (void)snprintf(line, sizeof line, "%s%s", replaces ? "Replaces the one in " : "In ",
                   sheet->place);
    canvas_text_fit(canvas, FONT_REGULAR, 13, replaces ? theme->danger_ink : theme->ink3, field.x,
                    field.y + height + 16 * u * box->k, ALIGN_LEFT, field.w, line);
    box->y += (46 + 30) * u * box->k;
}

/* ---- what became of it ---- */

static void progress_draw(const Canvas *canvas, const SheetBox *box) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, share = sheet_of(canvas)->share;
    const float y = box->y + 26 * u * box->k, words = 60 * u * canvas->text_scale;
    const Rect track = {box->left, y - 6 * u, box->width - words, 12 * u};
    scene_rect(canvas->scene, track, 6 * u,
               (Style){.fill = theme->app, .stroke = theme->line2, .stroke_px = u});
    scene_rect(canvas->scene, (Rect){track.x, track.y, fmaxf(12 * u, track.w * share), track.h},
               6 * u, (Style){.fill = theme->ink});
    char percent[16];
    (void)snprintf(percent, sizeof percent, "%d %%", (int)(share * 100));
    canvas_text(canvas, FONT_MONO, 15, theme->ink, box->left + box->width, y, ALIGN_RIGHT, percent);
}

static void message_draw(const Canvas *canvas, const SheetBox *box) {
    enum { LINES_MAX = 2 };
    const ExportSheet *sheet = sheet_of(canvas);
    const bool failed = sheet->phase == SHEET_FAILED;
    const Color ink = failed ? canvas->theme->danger_ink : canvas->theme->ink;
    const float u = canvas->u, indent = sheet->phase == SHEET_CHOOSING ? 0 : 30 * u;
    const float x = box->left + indent, width = box->width - indent, pitch = 23 * u * box->k;
    size_t starts[LINES_MAX + 1], lengths[LINES_MAX + 1];
    const float least_u = TEXT_SMALLEST_U / canvas->text_scale;
    float size_u = 15.5f;
    size_t count = LINES_MAX + 1;
    while (count > LINES_MAX && size_u > least_u) { /* smaller, where it has no room otherwise */
        size_u = fmaxf(size_u - 0.5f, least_u);
        count = metrics_wrap(canvas->metrics, FONT_MEDIUM, size_u * u * canvas->text_scale, width,
                             sheet->message, starts, lengths, LINES_MAX + 1);
    }
    float y = box->y + (count > 1 ? 14 : 26) * u * box->k;
    if (failed) {
        warning_draw(canvas, box->left + 10 * u, y, 9 * u, canvas->theme->user);
    } else if (sheet->phase == SHEET_DONE) {
        check_draw(canvas, box->left + 10 * u, y, 7 * u, ink, 2.5f * u);
    }
    for (size_t i = 0; i < count && i < LINES_MAX; i++, y += pitch) {
        char line[SHEET_MESSAGE_MAX];
        const bool rest = i + 1 == LINES_MAX; /* cut with its dots where it is longer still */
        (void)snprintf(line, sizeof line, "%.*s",
                       rest ? (int)(SHEET_MESSAGE_MAX - 1) : (int)lengths[i],
                       sheet->message + starts[i]);
        canvas_text_fit(canvas, FONT_MEDIUM, size_u, ink, x, y, ALIGN_LEFT, width, line);
    }
}

/* ---- buttons ---- */

static float right_button_draw(const Canvas *canvas, float right, float y, const Button *button,
                               SheetFocus focus) {
    const float u = canvas->u, height = 40 * u;
    const float width = button_width(canvas, button), x = right - width;
    button_draw(canvas, x, y, height, button);
    ring_draw(canvas, (Rect){x, y - height / 2, width, height}, 10, focus);
    return x - 14 * u;
}

static void buttons_draw(const Canvas *canvas, const SheetBox *box) {
    const ExportSheet *sheet = sheet_of(canvas);
    const float u = canvas->u, y = box->sheet.y + box->sheet.h - 42 * u;
    const bool writing = sheet->phase == SHEET_WRITING, done = sheet->phase == SHEET_DONE;
    const Button close = {.label = writing ? "Cancel" : "Close",
                          .key = "Esc",
                          .tip = "",
                          .action = writing ? ACTION_EXPORT_STOP : ACTION_EXPORT};
    const Button start = {.label = done ? sheet->copied ? "Copied" : "Copy path"
                                   : sheet->phase == SHEET_FAILED ? "Try again"
                                                                  : "Export",
                          .key = done ? "Ctrl C" : "Enter",
                          .tip = "",
                          .action = done ? ACTION_EXPORT_COPY : ACTION_EXPORT_START,
                          .primary = true,
                          .disabled = writing || (!done && sheet->file[0] == '\0')};
    const float right =
        right_button_draw(canvas, box->left + box->width, y, &start, SHEET_ON_START);
    right_button_draw(canvas, right, y, &close, SHEET_ON_CLOSE);
}

void panel_sheet(const Canvas *canvas) {
    const Theme *theme = canvas->theme;
    const ExportSheet *sheet = sheet_of(canvas);
    const float u = canvas->u;
    const Rect window = {0, 0, (float)canvas->scene->width_px, (float)canvas->scene->height_px};
    SheetBox box = box_make(canvas);
    scene_rect(canvas->scene, window, 0, (Style){.fill = color_fade(theme->app, 0.72f)});
    scene_hit(canvas->scene, window, ACTION_NONE, 0, "");
    scene_rect(canvas->scene, box.sheet, 14 * u,
               (Style){.fill = theme->user, .stroke = theme->line2, .stroke_px = u});
    const float title = box.sheet.y + 40 * u;
    const float end = box.left + canvas_text(canvas, FONT_BOLD, 22, theme->ink, box.left, title,
                                             ALIGN_LEFT, "Export");
    canvas_text_fit(canvas, FONT_REGULAR, 14, theme->ink3, box.left + box.width, title, ALIGN_RIGHT,
                    box.left + box.width - end - 24 * u,
                    canvas->doc->live ? "the run as far as it has come" : "the whole recording");
    formats_draw(canvas, &box);
    file_draw(canvas, &box);
    if (sheet->phase == SHEET_WRITING) {
        progress_draw(canvas, &box);
    } else if (sheet->message[0] != '\0') {
        message_draw(canvas, &box);
    }
    buttons_draw(canvas, &box);
}
