#include "view/welcome_parts.h"

#include "base/files.h"
#include "base/format.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXT_LINES = 2, COLUMNS_MAX = 200, WRAP_MAX = 4 };

/* The panel is filled from above; what has no room any more is left out, the most useful first. */
typedef struct Sheet {
    const Canvas *canvas;
    Rect box;
    float y;      /* where the next thing begins */
    float bottom; /* above the button */
    const Diags *problems;
    const Diag *first;
    const char *source; /* or NULL */
} Sheet;

static const char *base_name(const char *file) {
    const char *name = file_base_name(file);
    return name[0] == '\0' ? file : name;
}

static void head_draw(Sheet *sheet, const char *file) {
    const Canvas *canvas = sheet->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, height = 86 * u;
    const Rect box = sheet->box;
    Scene *scene = canvas->scene;
    scene_rect(scene, (Rect){box.x, box.y, box.w, height}, 16 * u,
               (Style){.fill = theme->danger_ground});
    scene_rect(scene, (Rect){box.x, box.y + height - 18 * u, box.w, 18 * u}, 0,
               (Style){.fill = theme->danger_ground});
    warning_draw(canvas, box.x + 38 * u, box.y + 44 * u, 16 * u, theme->danger_ground);
    Buf text = {0};
    const float x = box.x + 70 * u, room = box.w - 90 * u;
    const char *name = base_name(file), *tail = " did not load";
    const float tail_px = canvas_width(canvas, FONT_SEMIBOLD, 19, tail);
    const bool one_line = canvas_width(canvas, FONT_SEMIBOLD, 19, name) + tail_px <= room;
    const float end = x + canvas_name_fit(canvas, FONT_SEMIBOLD, 19, theme->ink, x, box.y + 32 * u,
                                          ALIGN_LEFT, one_line ? room - tail_px : room, name);
    if (one_line) {
        canvas_text(canvas, FONT_SEMIBOLD, 19, theme->ink, end, box.y + 32 * u, ALIGN_LEFT, tail);
    }
    const size_t count = sheet->problems->count + sheet->problems->dropped;
    char number[FORMAT_MAX];
    buf_printf(&text, "%s%s problem%s. Nothing was run.",
               one_line ? "" : "did not load: ", format_count(number, count),
               count == 1 ? "" : "s");
    canvas_name_fit(canvas, FONT_REGULAR, 15, theme->danger_ink, x, box.y + 60 * u, ALIGN_LEFT,
                    room, buf_text(&text));
    buf_finish(&text);
    sheet->y = box.y + height;
}

/* Wrapped text; returns its height in px. With a NULL canvas scene nothing is drawn. */
static float paragraph(const Canvas *canvas, Font font, float size_u, Color ink, float x, float y,
                       float max_px, size_t lines_max, const char *text, bool draw) {
    size_t starts[WRAP_MAX], lengths[WRAP_MAX];
    const float px = size_u * canvas->u * canvas->text_scale, pitch = px * 1.4f;
    size_t lines =
        metrics_wrap(canvas->metrics, font, px, max_px, text, starts, lengths, lines_max);
    lines = lines < lines_max ? lines : lines_max;
    for (size_t i = 0; i < lines && draw; i++) {
        const size_t length = i + 1 == lines ? strlen(text + starts[i]) : lengths[i];
        char *line = mem_copy_text(text + starts[i], length);
        canvas_text_fit(canvas, font, size_u, ink, x, y + ((float)i + 0.5f) * pitch, ALIGN_LEFT,
                        max_px, line);
        free(line);
    }
    return pitch * (float)lines;
}

/* "/tasks/1/steps/1" as it is written in programs: "tasks[1].steps[1]". */
static void append_pointer(const char *pointer, Buf *out) {
    while (*pointer == '/') {
        pointer++;
        const size_t length = strcspn(pointer, "/");
        const bool is_index = length > 0 && strspn(pointer, "0123456789") >= length;
        if (is_index) {
            buf_append_char(out, '[');
        } else if (out->size_bytes > 0) {
            buf_append_char(out, '.');
        }
        buf_append(out, pointer, length);
        if (is_index) {
            buf_append_char(out, ']');
        }
        pointer += length;
    }
}

/* A diagnostic begins small and has no full stop; a headline has both. */
static void append_sentence(const char *message, Buf *out) {
    buf_append_text(out, message);
    if (out->size_bytes > 0) {
        out->data[0] = (char)toupper((unsigned char)out->data[0]);
        if (strchr(".?!)", out->data[out->size_bytes - 1]) == NULL) {
            buf_append_char(out, '.');
        }
    }
}

static void message_draw(Sheet *sheet) {
    const Canvas *canvas = sheet->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, x = sheet->box.x + 24 * u, max_px = sheet->box.w - 48 * u;
    const bool is_long = strlen(sheet->first->message) > 80;
    Buf message = {0};
    append_sentence(sheet->first->message, &message);
    sheet->y += 18 * u;
    sheet->y += paragraph(canvas, FONT_BOLD, is_long ? 18 : 21, theme->ink, x, sheet->y, max_px, 3,
                          buf_text(&message), true);
    buf_finish(&message);
    if (sheet->first->line == 0) {
        return;
    }
    Buf line = {0}, column = {0}, place = {0};
    buf_append_u64(&line, sheet->first->line);
    buf_append_u64(&column, sheet->first->column);
    sheet->y += 18 * u;
    float end = pieces_draw(canvas, 15, x, sheet->y,
                            (TextPiece[]){{"line ", FONT_REGULAR, theme->ink2},
                                          {buf_text(&line), FONT_BOLD, theme->ink},
                                          {",  column ", FONT_REGULAR, theme->ink2},
                                          {buf_text(&column), FONT_BOLD, theme->ink}},
                            4);
    if (sheet->first->pointer != NULL) {
        append_pointer(sheet->first->pointer, &place);
    }
    if (place.size_bytes > 0) {
        const float wide = canvas_width(canvas, FONT_REGULAR, 15, ",  in ") +
                           canvas_width(canvas, FONT_REGULAR, 15, buf_text(&place));
        if (end + wide > x + max_px) { /* below, where there is no room beside */
            sheet->y += 22 * u * canvas->text_scale;
            end = x;
        }
        end += canvas_text(canvas, FONT_REGULAR, 15, theme->ink2, end, sheet->y, ALIGN_LEFT,
                           end > x ? ",  in " : "in ");
        canvas_text_fit(canvas, FONT_REGULAR, 15, theme->ink2, end, sheet->y, ALIGN_LEFT,
                        x + max_px - end, buf_text(&place));
    }
    buf_finish(&line);
    buf_finish(&column);
    buf_finish(&place);
    sheet->y += 14 * u;
}

/* ---- what was expected, what stands there ---- */

/* NULL, too, where the headline has said it. */
static const char *expected(const Sheet *sheet) {
    return diag_tells_expected(sheet->first) ? NULL : sheet->first->expected;
}

static float fact_text_x(const Sheet *sheet) {
    return sheet->box.x + (24 + 84 * sheet->canvas->text_scale) * sheet->canvas->u;
}

static float fact_paragraph(const Sheet *sheet, Font font, const char *text, bool draw) {
    const Canvas *canvas = sheet->canvas;
    const float x = fact_text_x(sheet), right = sheet->box.x + sheet->box.w - 24 * canvas->u;
    return paragraph(canvas, font, 15, canvas->theme->ink, x, sheet->y, right - x, 3, text, draw);
}

static float fact_height(const Sheet *sheet, Font font, const char *text) {
    return text == NULL ? 0 : fact_paragraph(sheet, font, text, false) + 5 * sheet->canvas->u;
}

static void fact_draw(Sheet *sheet, const char *label, Font font, const char *text) {
    const Canvas *canvas = sheet->canvas;
    const float u = canvas->u, height = fact_height(sheet, font, text);
    if (text == NULL || sheet->y + height - 5 * u > sheet->bottom) {
        return;
    }
    canvas_text(canvas, FONT_REGULAR, 15, canvas->theme->ink3, sheet->box.x + 24 * u,
                sheet->y + 10.5f * u * canvas->text_scale, ALIGN_LEFT, label);
    fact_paragraph(sheet, font, text, true);
    sheet->y += height;
}

/* What is expected, what is found, what to write; where there is room for two only, the last one
 * helps more than what can be seen in the line. */
static void facts_draw(Sheet *sheet) {
    const Diag *diag = sheet->first;
    fact_draw(sheet, "expected", FONT_MEDIUM, expected(sheet));
    const float both = fact_height(sheet, FONT_MEDIUM, diag->found) +
                       fact_height(sheet, FONT_MONO, diag->write) - 5 * sheet->canvas->u;
    if (diag->write == NULL || sheet->y + both <= sheet->bottom) {
        fact_draw(sheet, "found", FONT_MEDIUM, diag->found);
    }
    fact_draw(sheet, "write", FONT_MONO, diag->write);
}

/* ---- the source around the mistake ---- */

/* Line `number` (from 1) of the text; *size its bytes. NULL where there is none. */
static const char *source_line(const char *text, uint32_t number, size_t *size) {
    for (; number > 1; number--) {
        text = strchr(text, '\n');
        if (text == NULL) {
            return NULL;
        }
        text++;
    }
    *size = strcspn(text, "\r\n");
    return text;
}

/* The code points [from, from + columns) of a line, blanks for what is no sign; where it is cut
 * there, an ellipsis for what goes on behind them. */
static void append_columns(const char *text, size_t size, uint32_t from, uint32_t columns, bool cut,
                           Buf *out) {
    uint32_t column = 0;
    for (size_t used = 0; used < size && column < from + columns; column++) {
        uint32_t code;
        char bytes[4];
        used += utf8_decode(text + used, size - used, &code, NULL);
        if (cut && column + 1 == from + columns && used < size) {
            buf_append_text(out, "…");
        } else if (column >= from) {
            buf_append(out, bytes, utf8_encode(code < 32 ? ' ' : code, bytes));
        }
    }
}

/* The byte at which a column (from 0) begins. */
static size_t column_offset(const char *text, size_t size, uint32_t column) {
    size_t used = 0;
    for (uint32_t code; column > 0 && used < size; column--) {
        used += utf8_decode(text + used, size - used, &code, NULL);
    }
    return used;
}

/* How many columns the value at the mistake takes: a text in quotes, a word, or one sign. */
static uint32_t token_columns(const char *text, size_t size) {
    size_t length = size > 0 ? 1 : 0;
    if (size > 0 && text[0] == '"') {
        while (length < size && text[length] != '"') {
            length += text[length] == '\\' && length + 1 < size ? 2 : 1;
        }
        length += length < size; /* the closing quote */
    } else {
        while (length < size &&
               (isalnum((unsigned char)text[length]) || memchr("_.+-", text[length], 4) != NULL)) {
            length++;
        }
    }
    return (uint32_t)utf8_count(text, length);
}

static void caret_draw(const Sheet *sheet, float x, float y, float width) {
    const Canvas *canvas = sheet->canvas;
    const float u = canvas->u;
    const Color danger = canvas->theme->danger;
    scene_polygon(canvas->scene,
                  (Point[]){{x + 5 * u, y - 8 * u}, {x + 11 * u, y + 2 * u}, {x - u, y + 2 * u}}, 3,
                  (Style){.fill = danger});
    if (width > 16 * u) {
        scene_line(canvas->scene, x + 14 * u, y, x + width, y,
                   (Style){.stroke = danger, .stroke_px = 2.5f * u});
    }
}

/* One line of source; the one at fault with its ground, its caret below. Returns the next y. */
static float source_draw(const Sheet *sheet, Rect well, uint32_t number, const char *text,
                         size_t size, float y) {
    const Canvas *canvas = sheet->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, pitch = 28 * u * canvas->text_scale;
    const float code_x = well.x + 48 * u;
    const float column_px = canvas_width(canvas, FONT_MONO, 15, "0");
    const uint32_t room = (uint32_t)fmaxf(8, (well.x + well.w - 12 * u - code_x) / column_px);
    const uint32_t caret = sheet->first->column - 1;
    /* All lines are moved sideways alike, so that the caret's column can be seen. */
    const uint32_t from = caret + 12 > room ? caret + 12 - room : 0;
    const bool bad = number == sheet->first->line;
    char label[FORMAT_MAX];
    Buf shown = {0};
    if (bad) {
        scene_rect(canvas->scene, (Rect){well.x, y, well.w, pitch}, 0,
                   (Style){.fill = theme->danger_ground});
        scene_rect(canvas->scene, (Rect){well.x, y, 4 * u, pitch}, 0,
                   (Style){.fill = theme->danger});
    }
    const float middle = y + pitch / 2;
    canvas_text(canvas, FONT_MONO, 13, bad ? theme->ink : theme->ink4, well.x + 36 * u, middle,
                ALIGN_RIGHT, format_count(label, number));
    y += pitch;
    if (bad) {
        const char *at = text + column_offset(text, size, caret);
        const size_t rest = (size_t)(text + size - at);
        const uint32_t left = room - (caret - from), whole = token_columns(at, rest);
        const uint32_t columns = whole < left ? whole : left;
        const float x = code_x + column_px * (float)(caret - from);
        append_columns(text, size, from, caret - from, false, &shown);
        canvas_text(canvas, FONT_MONO, 15, theme->ink, code_x, middle, ALIGN_LEFT,
                    buf_text(&shown));
        buf_clear(&shown);
        append_columns(at, column_offset(at, rest, whole), 0, columns, true, &shown);
        canvas_text(canvas, FONT_MONO_BOLD, 15, theme->danger, x, middle, ALIGN_LEFT,
                    buf_text(&shown));
        buf_clear(&shown);
        append_columns(at, rest, columns, left - columns, true, &shown);
        canvas_text(canvas, FONT_MONO, 15, theme->ink, x + column_px * (float)columns, middle,
                    ALIGN_LEFT, buf_text(&shown));
        caret_draw(sheet, x, y + 10 * u, column_px * (float)columns);
        y += 20 * u;
    } else {
        append_columns(text, size, from, room, true, &shown);
        canvas_text(canvas, FONT_MONO, 15, theme->ink2, code_x, middle, ALIGN_LEFT,
                    buf_text(&shown));
    }
    if (utf8_count(text, size) > from + room) {
        buf_clear(&shown);
        buf_append(&shown, text, size);
        scene_whole(canvas->scene,
                    (Rect){code_x, middle - pitch / 2, well.x + well.w - code_x, pitch},
                    buf_text(&shown));
    }
    buf_finish(&shown);
    return y;
}

static void code_draw(Sheet *sheet) {
    const Canvas *canvas = sheet->canvas;
    const float u = canvas->u, pitch = 28 * u * canvas->text_scale;
    const Diag *diag = sheet->first;
    size_t size = 0;
    if (sheet->source == NULL || diag->line == 0 ||
        source_line(sheet->source, diag->line, &size) == NULL) {
        return;
    }
    /* The mistake and what was expected come first; lines around it where there is room. */
    const float others = sheet->problems->count > 1 ? 8 * u + 24 * u * canvas->text_scale : 0;
    const float spare = sheet->bottom - sheet->y - pitch - 58 * u - others -
                        fact_height(sheet, FONT_MEDIUM, expected(sheet)) -
                        fact_height(sheet, FONT_MEDIUM, diag->found) -
                        fact_height(sheet, FONT_MONO, diag->write);
    uint32_t around = (uint32_t)fmaxf(0, fminf(CONTEXT_LINES, floorf(spare / (2 * pitch))));
    uint32_t from = diag->line > around ? diag->line - around : 1;
    uint32_t to = diag->line;
    while (to < diag->line + around && source_line(sheet->source, to + 1, &size) != NULL) {
        to++;
    }
    Rect well = {sheet->box.x + 16 * u, sheet->y + 10 * u, sheet->box.w - 32 * u,
                 pitch * (float)(to - from + 1) + 34 * u};
    scene_rect(canvas->scene, well, 10 * u,
               (Style){.fill = canvas->theme->well, .stroke = canvas->theme->line, .stroke_px = u});
    scene_clip(canvas->scene, well);
    float y = well.y + 8 * u;
    for (uint32_t number = from; number <= to; number++) {
        const char *text = source_line(sheet->source, number, &size);
        y = source_draw(sheet, well, number, text, size, y);
    }
    scene_unclip(canvas->scene);
    sheet->y = well.y + well.h;
}

/* ---- what else is wrong ---- */

static void others_draw(Sheet *sheet) {
    const Canvas *canvas = sheet->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, pitch = 24 * u * canvas->text_scale;
    const float x = sheet->box.x + 24 * u, max_px = sheet->box.w - 48 * u;
    const size_t count = sheet->problems->count;
    sheet->y += 8 * u;
    for (size_t i = 1; i < count; i++) {
        if (sheet->y + pitch > sheet->bottom) {
            return;
        }
        const bool no_room = sheet->y + 2 * pitch > sheet->bottom && i + 1 < count;
        const Diag *diag = &sheet->problems->items[i];
        Buf text = {0};
        if (no_room) {
            buf_printf(&text, "and %zu more problems", count - i + sheet->problems->dropped);
        } else if (diag->line > 0) {
            buf_printf(&text, "line %u: %s", diag->line, diag->message);
        } else {
            buf_append_text(&text, diag->message);
        }
        canvas_text_fit(canvas, FONT_REGULAR, 14, theme->ink2, x, sheet->y + pitch / 2, ALIGN_LEFT,
                        max_px, buf_text(&text));
        buf_finish(&text);
        sheet->y += pitch;
        if (no_room) {
            return;
        }
    }
}

static float buttons_width(const Canvas *canvas, const Button *buttons, size_t count) {
    float width = 0;
    for (size_t i = 0; i < count; i++) {
        width += button_width(canvas, &buttons[i]);
    }
    return width;
}

/* Over the whole width, but for the words that tell how to leave, where those have room. */
static void buttons_draw(const Sheet *sheet, Rect box) {
    Button buttons[] = {{.label = "Load again",
                         .key = ACTIONS[ACTION_RELOAD].shown,
                         .tip = "Load the file again (R)",
                         .action = ACTION_RELOAD,
                         .primary = true},
                        {.label = "Edit file",
                         .key = ACTIONS[ACTION_EDIT].shown,
                         .tip = "Open the file in your editor (E)",
                         .action = ACTION_EDIT},
                        {.label = "Format",
                         .key = "F1",
                         .tip = "What the format takes: its keys and steps (F1)",
                         .action = ACTION_FORMAT}};
    enum { COUNT = sizeof buttons / sizeof buttons[0] };
    static const char *const WORDS = "Esc closes this";
    const Canvas *canvas = sheet->canvas;
    const float u = canvas->u, y = box.y + box.h - 42 * u;
    const float room = box.w - 40 * u - 10 * u * (COUNT - 1);
    float spare = room - buttons_width(canvas, buttons, COUNT), x = box.x + 20 * u;
    if (spare < 0) { /* the tips name the keys */
        for (size_t i = 0; i < COUNT; i++) {
            buttons[i].key = "";
        }
        spare = room - buttons_width(canvas, buttons, COUNT);
    }
    if (canvas_width(canvas, FONT_REGULAR, 14, WORDS) + 16 * u < spare) {
        canvas_text(canvas, FONT_REGULAR, 14, canvas->theme->ink3, box.x + box.w - 24 * u, y,
                    ALIGN_RIGHT, WORDS);
        spare = 0;
    }
    for (size_t i = 0; i < COUNT; i++) {
        buttons[i].min_px = button_width(canvas, &buttons[i]) + fmaxf(spare, 0) / COUNT;
        x += button_draw(canvas, x, y, 44 * u, &buttons[i]) + 10 * u;
    }
}

void welcome_problem_draw(const Welcome *welcome, Rect box) {
    const Canvas *canvas = &welcome->canvas;
    const WelcomeInput *input = welcome->input;
    const float u = canvas->u;
    Sheet sheet = {.canvas = canvas,
                   .box = box,
                   .bottom = box.y + box.h - 76 * u,
                   .problems = input->problems,
                   .first = &input->problems->items[0],
                   .source = input->problem_source};
    scene_rect(canvas->scene, box, 16 * u,
               (Style){.fill = canvas->theme->user, .stroke = canvas->theme->line, .stroke_px = u});
    scene_clip(canvas->scene, box);
    head_draw(&sheet, input->problem_file == NULL ? "The file" : input->problem_file);
    message_draw(&sheet);
    code_draw(&sheet);
    sheet.y += 14 * u;
    facts_draw(&sheet);
    others_draw(&sheet);
    buttons_draw(&sheet, box);
    scene_unclip(canvas->scene);
}
