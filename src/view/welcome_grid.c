/* The scenarios as cards, below the headings of their groups. */
#include "base/format.h"
#include "base/mem.h"
#include "view/welcome_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BADGES_MAX = 8, COLUMNS_MAX = 3 };

typedef struct GridRow {
    size_t first, count;
    bool begins_group;
} GridRow;

/* Large text has fewer and wider cards. */
static size_t column_count(const WelcomeInput *input, bool compact) {
    return input->text_scale > (compact ? 1.1f : 1.2f) ? COLUMNS_MAX - 1 : COLUMNS_MAX;
}

static bool same_group(const WelcomeItem *a, const WelcomeItem *b) {
    return a->group == b->group ||
           (a->group != NULL && b->group != NULL && strcmp(a->group, b->group) == 0);
}

/* The caller frees. */
static GridRow *rows_make(const WelcomeInput *input, size_t *row_count) {
    const size_t columns = column_count(input, welcome_is_compact(input));
    GridRow *rows = mem_alloc(input->item_count + 1, sizeof *rows);
    *row_count = 0;
    for (size_t i = 0; i < input->item_count; i++) {
        const bool begins = i == 0 || !same_group(&input->items[i - 1], &input->items[i]);
        if (begins || rows[*row_count - 1].count == columns) {
            rows[(*row_count)++] = (GridRow){.first = i, .begins_group = begins};
        }
        rows[*row_count - 1].count++;
    }
    return rows;
}

static size_t row_of(const GridRow *rows, size_t row_count, size_t item) {
    size_t row = 0;
    while (row + 1 < row_count && rows[row + 1].first <= item) {
        row++;
    }
    return row;
}

size_t view_welcome_move(const WelcomeInput *input, int step) {
    size_t count, focus = input->focus;
    GridRow *rows = rows_make(input, &count);
    const size_t row = row_of(rows, count, focus);
    if (count > 0 && (step > 0 ? row + 1 < count : row > 0)) {
        const GridRow *next = &rows[step > 0 ? row + 1 : row - 1];
        const size_t column = focus - rows[row].first;
        focus = next->first + (column < next->count ? column : next->count - 1);
    }
    free(rows);
    return focus;
}

/* ---- a card ---- */

void welcome_tasks_draw(const Canvas *canvas, uint32_t count, float x, float y, float radius_px,
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

size_t welcome_lines_draw(const Canvas *canvas, Font font, float size_u, Color ink, float x,
                          float y, float max_px, float pitch_px, size_t most, const char *text) {
    size_t starts[WELCOME_LINES_MAX], lengths[WELCOME_LINES_MAX];
    const float px = size_u * canvas->u * canvas->text_scale;
    most = most < WELCOME_LINES_MAX ? most : WELCOME_LINES_MAX;
    const size_t lines =
        metrics_wrap(canvas->metrics, font, px, max_px, text, starts, lengths, most);
    for (size_t i = 0; i < lines && i < most; i++) {
        const bool cut = i + 1 == most && lines > most;
        const char *from = text + starts[i];
        Buf line = {0};
        buf_append(&line, from, cut ? strcspn(from, "\n") : lengths[i]);
        if (cut) {
            buf_append_text(&line, " \xE2\x80\xA6");
        }
        canvas_text_fit(canvas, font, size_u, ink, x, y + (float)i * pitch_px, ALIGN_LEFT, max_px,
                        buf_text(&line));
        buf_finish(&line);
    }
    return lines < most ? lines : most;
}

static void chip_draw(const Canvas *canvas, float right, float y, const char *text) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, height = 24 * u * canvas->text_scale;
    const float width = canvas_width(canvas, FONT_SEMIBOLD, 13, text) + 20 * u;
    scene_rect(canvas->scene, (Rect){right - width, y - height / 2, width, height}, height / 2,
               (Style){.fill = theme->ink});
    canvas_text(canvas, FONT_SEMIBOLD, 13, theme->app, right - width / 2, y, ALIGN_MIDDLE, text);
}

/* Returns its width. */
static float run_chip_draw(const Canvas *canvas, float right, float y) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const float height = (canvas->layout->compact ? 24 : 28) * u * canvas->text_scale;
    const float width = canvas_width(canvas, FONT_SEMIBOLD, 14, "Run") + 40 * u;
    scene_rect(canvas->scene, (Rect){right - width, y - height / 2, width, height}, 7 * u,
               (Style){.fill = theme->ink});
    arrow_draw(canvas, right - width + 17 * u, y, 6 * u, 90, theme->app);
    canvas_text(canvas, FONT_SEMIBOLD, 14, theme->app, right - 12 * u, y, ALIGN_RIGHT, "Run");
    return width;
}

static void card_draw(const Welcome *welcome, size_t index, Rect card) {
    const Canvas *canvas = &welcome->canvas;
    const Theme *theme = canvas->theme;
    const WelcomeInput *input = welcome->input;
    const WelcomeItem *item = &input->items[index];
    const bool compact = welcome->compact;
    const float u = canvas->u, step = u * canvas->text_scale, pad = (compact ? 16 : 20) * u;
    const bool focused = index == input->focus && input->control.action == ACTION_NONE;
    const bool chosen = index == input->focus;
    const bool hovered = pointer_over(input->pointer_x, input->pointer_y, card);
    scene_rect(canvas->scene, card, 12 * u,
               (Style){.fill = chosen ? theme->card : theme->user,
                       .stroke = focused             ? theme->thread
                                 : hovered || chosen ? theme->ink3
                                                     : theme->line2,
                       .stroke_px = (focused ? 3 : 1) * u});
    const float x = card.x + pad, y = card.y + (compact ? 20 : 25) * step;
    float name_room = card.w - 2 * pad;
    if (chosen && input->problems != NULL) { /* nothing beside it says how to open it */
        name_room -= run_chip_draw(canvas, card.x + card.w - 14 * u, y) + 8 * u;
    } else if (index == 0) {
        chip_draw(canvas, card.x + card.w - 14 * u, y, "start here");
        name_room -= canvas_width(canvas, FONT_SEMIBOLD, 13, "start here") + 24 * u;
    }
    canvas_text_fit(canvas, FONT_SEMIBOLD, compact ? 16 : 18, theme->ink, x, y, ALIGN_LEFT,
                    name_room, item->name);
    const float line_y = y + (compact ? 20 : 25) * step, pitch = (compact ? 18.5f : 19) * step;
    const size_t lines = welcome_lines_draw(canvas, FONT_REGULAR, compact ? 14 : 15, theme->ink2, x,
                                            line_y, card.w - 2 * pad, pitch, 2, item->line);
    const float tasks_y = card.y + card.h - (compact ? 16 : 21) * step;
    if (item->other != NULL) {
        canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, x, tasks_y, ALIGN_LEFT,
                    "two runs, one time axis");
    } else if (item->shape != NULL) {
        const float top = line_y + pitch * ((float)lines - 0.5f) + 6 * u;
        const float bottom = card.y + card.h - (compact ? 7 : 10) * u;
        welcome_shape_draw(canvas, item->shape, (Rect){x, top, card.w - 2 * pad, bottom - top});
    } else {
        welcome_tasks_draw(canvas, item->task_count, x, tasks_y, (compact ? 8.5f : 10) * step,
                           card.w - 2 * pad);
    }
    scene_hit(canvas->scene, card, ACTION_OPEN_SCENARIO, (int64_t)index, "");
}

/* ---- the grid ---- */

typedef struct GridLook {
    float card_h, heading_h, gap_x, gap_y; /* px */
} GridLook;

static GridLook grid_look(const Welcome *welcome) {
    const float u = welcome->canvas.u, step = u * welcome->canvas.text_scale;
    if (!welcome->compact) {
        return (GridLook){121 * step, 30 * step, 24 * u, 14 * u};
    }
    /* Where cards are wide, their sentence seldom takes two lines. */
    const bool wide = column_count(welcome->input, true) < COLUMNS_MAX;
    return (GridLook){(wide ? 88 : 97) * step, 27 * step, 16 * u, 11 * u};
}

/* How many rows from `first` on have room; a heading stands over the first, also within a group. */
static size_t rows_shown(const GridRow *rows, size_t count, size_t first, const GridLook *look,
                         float height_px) {
    float y = 0;
    size_t row = first;
    for (; row < count; row++) {
        y += row == first || rows[row].begins_group ? look->heading_h : 0;
        if (y + look->card_h > height_px + 1 && row > first) {
            break;
        }
        y += look->card_h + look->gap_y;
    }
    return row - first;
}

static void heading_draw(const Welcome *welcome, Rect line, const WelcomeItem *item) {
    const Canvas *canvas = &welcome->canvas;
    const float u = canvas->u, y = line.y + line.h * 0.42f;
    const char *group = item->group == NULL ? "More" : item->group;
    const float end =
        line.x + canvas_text_fit(canvas, FONT_SEMIBOLD, welcome->compact ? 14 : 15,
                                 canvas->theme->ink2, line.x, y, ALIGN_LEFT, line.w, group);
    scene_line(canvas->scene, fminf(end + 12 * u, line.x + line.w), y, line.x + line.w, y,
               (Style){.stroke = canvas->theme->line, .stroke_px = u});
}

/* Part of a line below the cards: how many are further up or down. Returns its right edge. */
static float more_draw(const Canvas *canvas, float x, float y, size_t count, bool below) {
    const float u = canvas->u, left = x;
    char number[FORMAT_MAX];
    Buf text = {0};
    buf_printf(&text, "%s more %s", format_count(number, count), below ? "below" : "above");
    arrow_draw(canvas, x + 6 * u, y, 6 * u * canvas->text_scale, below ? 180 : 0,
               canvas->theme->ink2);
    x += 20 * u * canvas->text_scale;
    x += canvas_text(canvas, FONT_MEDIUM, 14, canvas->theme->ink2, x, y, ALIGN_LEFT,
                     buf_text(&text));
    buf_finish(&text);
    scene_hit(canvas->scene, (Rect){left - 6 * u, y - 18 * u, x - left + 12 * u, 36 * u},
              below ? ACTION_FOCUS_DOWN : ACTION_FOCUS_UP, 0,
              below ? "To the next row (↓)" : "To the row before (↑)");
    return x;
}

void welcome_grid_draw(const Welcome *welcome, Rect grid) {
    const WelcomeInput *input = welcome->input;
    const float u = welcome->canvas.u;
    const GridLook look = grid_look(welcome);
    const size_t columns = column_count(input, welcome->compact);
    size_t count;
    GridRow *rows = rows_make(input, &count);
    const size_t focus_row = row_of(rows, count, input->focus);
    size_t first = 0, shown = rows_shown(rows, count, 0, &look, grid.h);
    const bool all = shown == count;
    const float more_h = 24 * u * welcome->canvas.text_scale, full_h = grid.h;
    if (!all) { /* the line that tells of the others */
        grid.h -= more_h;
        shown = rows_shown(rows, count, 0, &look, grid.h);
    }
    while (first + shown <= focus_row) { /* the focus is seen */
        first++;
        shown = rows_shown(rows, count, first, &look, grid.h);
    }
    const float width = (grid.w - look.gap_x * (float)(columns - 1)) / (float)columns;
    float y = grid.y;
    for (size_t row = first; row < first + shown; row++) {
        if (row == first || rows[row].begins_group) {
            heading_draw(welcome, (Rect){grid.x, y, grid.w, look.heading_h},
                         &input->items[rows[row].first]);
            y += look.heading_h;
        }
        for (size_t i = 0; i < rows[row].count; i++) {
            const float x = grid.x + (float)i * (width + look.gap_x);
            card_draw(welcome, rows[row].first + i, (Rect){x, y, width, look.card_h});
        }
        y += look.card_h + look.gap_y;
    }
    const size_t above = rows[first].first;
    const size_t below = first + shown < count ? input->item_count - rows[first + shown].first : 0;
    float x = grid.x;
    y = grid.y + full_h - more_h / 2;
    if (below > 0) {
        x = more_draw(&welcome->canvas, x, y, below, true) + 28 * u;
    }
    if (above > 0) {
        more_draw(&welcome->canvas, x, y, above, false);
    }
    scrollbar_draw(&welcome->canvas, (Rect){grid.x + grid.w + 8 * u, grid.y, 5 * u, grid.h},
                   (float)first, (float)shown, (float)count);
    free(rows);
}
