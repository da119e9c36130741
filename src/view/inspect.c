#include "view/inspect.h"

#include "base/format.h"
#include "base/utf8.h"
#include "view/controls.h"
#include "view/event_filter.h"
#include "view/inspect_facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROW_PITCH_U = 25, FACT_PITCH_U = 23 };
#define LIST_SHARE 0.6f /* of the column; the details have the rest */

static Rect column_of(const Layout *layout) {
    const Rect code = layout->code, output = layout->output;
    return layout->compact ? code : (Rect){code.x, code.y, code.w, output.y + output.h - code.y};
}

/* ---- the list ---- */

static void filter_draw(const Canvas *canvas, Rect box) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = box.y + box.h / 2;
    const ViewInput *input = canvas->input;
    const EventFilter *filter = input->events;
    const bool typing = input->filtering, on = event_filter_is_on(filter);
    scene_rect(canvas->scene, box, 8 * u,
               (Style){.stroke = typing ? theme->thread : theme->line2,
                       .stroke_px = (typing ? 2 : 1) * u});
    scene_circle(canvas->scene, box.x + 17 * u, y - u, 5 * u,
                 (Style){.stroke = theme->ink3, .stroke_px = 1.5f * u});
    scene_line(canvas->scene, box.x + 21 * u, y + 3 * u, box.x + 25 * u, y + 7 * u,
               (Style){.stroke = theme->ink3, .stroke_px = 1.5f * u});
    char text[EVENT_PATTERN_MAX + 4];
    (void)snprintf(text, sizeof text, "%s%s", filter == NULL ? "" : filter->pattern,
                   typing ? "|" : "");
    const char *words = text[0] == '\0' ? "filter: task:B write" : text;
    canvas_text_fit(canvas, on || typing ? FONT_MONO : FONT_REGULAR, 14,
                    on || typing ? theme->ink : theme->ink3, box.x + 33 * u, y, ALIGN_LEFT,
                    box.w - 42 * u, words);
    scene_hit(canvas->scene, (Rect){box.x, y - 18 * u, box.w, 36 * u}, ACTION_FILTER, 0,
              "Events with these words (/)");
}

/* The right edge of the times, behind the numbers: as wide as the recording's last ones are. */
static float times_x(const Canvas *canvas, float left) {
    const Timeline *timeline = canvas->doc->timeline;
    const float u = canvas->u;
    char number[FORMAT_MAX], when[FORMAT_MAX];
    format_count(number, timeline_count(timeline));
    format_duration(when, timeline_end_ns(timeline));
    return left + (canvas->layout->compact ? 22 : 30) * u +
           fmaxf(canvas_width(canvas, FONT_MONO, 13, number), 24 * u) +
           fmaxf(canvas_width(canvas, FONT_MONO, 13, when),
                 canvas_width(canvas, FONT_MONO, 13, "888.8 ms"));
}

static void row_draw(const Canvas *canvas, Rect row, uint64_t n, bool current) {
    const Theme *theme = canvas->theme;
    const Timeline *timeline = canvas->doc->timeline;
    const float u = canvas->u, scale = canvas->text_scale, y = row.y + row.h / 2;
    const Event *event = log_event(canvas->doc->log, n);
    const bool later = n >= state_count(canvas->doc->after);
    const Color ink = later ? theme->ink4 : current ? theme->ink : theme->ink2;
    const Color pale = later ? theme->ink4 : theme->ink3;
    if (current) {
        chosen_row_draw(canvas, row, theme->thread);
    }
    char number[FORMAT_MAX], when[FORMAT_MAX];
    const bool compact = canvas->layout->compact;
    const float times = times_x(canvas, row.x);
    const float number_w =
        canvas_text_fit(canvas, FONT_MONO, 13, pale, row.x + (compact ? 14 : 20) * u, y, ALIGN_LEFT,
                        times - row.x, format_count(number, n));
    canvas_text_fit(canvas, FONT_MONO, 13, pale, times, y, ALIGN_RIGHT,
                    times - row.x - (compact ? 18 : 24) * u - number_w,
                    format_duration(when, event->t_ns));
    const uint32_t task = event_filter_task(timeline, n);
    if (task != EVENT_NONE) {
        badge_draw(canvas, task, times + (compact ? 14.5f : 17) * u, y, (compact ? 7.5f : 8.5f) * u,
                   later ? BADGE_HOLLOW : BADGE_FILLED, theme->panel);
    }
    const float x = times + (compact ? 29 : 32) * u, right = row.x + row.w - 11 * u;
    const float kind =
        canvas_text_fit(canvas, current ? FONT_SEMIBOLD : FONT_REGULAR, 14, ink, x, y, ALIGN_LEFT,
                        right - x, inspect_kind_words((EventKind)event->kind));
    Buf text = {0};
    inspect_row_words(timeline, n, &text);
    const float room = right - x - kind - 8 * u;
    const float whole = canvas_width(canvas, FONT_MONO, 13, buf_text(&text));
    if (room >= fminf(whole, 72 * u * scale)) { /* a few letters would say nothing */
        canvas_text_fit(canvas, FONT_MONO, 13, pale, right, y, ALIGN_RIGHT, room, buf_text(&text));
    }
    buf_finish(&text);
    scene_hit(canvas->scene, row, ACTION_SEEK, (int64_t)n + 1, "To this event ([ and ])");
}

static void list_hint(const Canvas *canvas, Rect box, float y) {
    const EventFilter *filter = canvas->input->events;
    const uint64_t all = timeline_count(canvas->doc->timeline);
    char found[FORMAT_MAX], total[FORMAT_MAX];
    Buf text = {0};
    if (!event_filter_is_on(filter)) {
        buf_printf(&text, "%s events", format_count(total, all));
    } else {
        buf_printf(&text, "%s of %s%s", format_count(found, filter->found_count),
                   format_count(total, all), filter->looked_at < all ? ", searching" : "");
    }
    canvas_text(canvas, FONT_REGULAR, 13, canvas->theme->ink3, box.x + box.w - 14 * canvas->u, y,
                ALIGN_RIGHT, buf_text(&text));
    buf_finish(&text);
}

static void list_draw(const Canvas *canvas, Rect box) {
    const float u = canvas->u, pitch = ROW_PITCH_U * u * canvas->text_scale;
    const EventFilter *filter = canvas->input->events;
    const uint64_t cursor = state_count(canvas->doc->after);
    canvas_text(canvas, FONT_SEMIBOLD, 16, canvas->theme->ink, box.x + 24 * u, box.y + 32 * u,
                ALIGN_LEFT, "Events");
    const float left = box.x + 110 * u * canvas->text_scale;
    filter_draw(canvas, (Rect){left, box.y + 15 * u, box.x + box.w - 14 * u - left, 34 * u});
    list_hint(canvas, box, box.y + 66 * u);
    const float top = box.y + 82 * u;
    const float rows = floorf((box.y + box.h - top) / pitch);
    const uint64_t count = event_list_count(filter, canvas->doc->timeline);
    const uint64_t room = rows < 1 ? 0 : (uint64_t)rows;
    const uint64_t here = event_list_below(filter, cursor); /* rows that have happened */
    uint64_t first = here > room * 2 / 3 ? here - room * 2 / 3 : 0;
    first = first + room > count ? (count > room ? count - room : 0) : first;
    const int64_t scrolled = (int64_t)first + canvas->input->list_scroll;
    const uint64_t most = count > room ? count - room : 0;
    first = scrolled < 0 ? 0 : (uint64_t)scrolled < most ? (uint64_t)scrolled : most;
    for (uint64_t i = 0; i < room && first + i < count; i++) {
        const uint64_t n = event_list_at(filter, first + i);
        row_draw(canvas, (Rect){box.x, top + pitch * (float)i, box.w - 8 * u, pitch}, n,
                 n + 1 == cursor);
    }
    scrollbar_draw(canvas, (Rect){box.x + box.w - 6 * u, top, 4 * u, pitch * rows}, (float)first,
                   (float)room, (float)count);
}

/* ---- the details ---- */

/* Numbers and times as the list has them; the rest is words. */
static void fact_draw(const Canvas *canvas, Rect box, float y, const Fact *fact) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, x = box.x + 134 * u * canvas->text_scale;
    enum { NUMBER_MAX_BYTES = 32 };
    const bool number =
        fact->value[0] >= '0' && fact->value[0] <= '9' && strlen(fact->value) < NUMBER_MAX_BYTES;
    const Font font = number ? (fact->strong ? FONT_MONO_BOLD : FONT_MONO)
                             : (fact->strong ? FONT_SEMIBOLD : FONT_REGULAR);
    canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, box.x + 24 * u, y, ALIGN_LEFT, fact->key);
    canvas_name_fit(canvas, font, number ? 13.5f : 14, fact->strong ? theme->ink : theme->ink2, x,
                    y, ALIGN_LEFT, box.x + box.w - 14 * u - x, fact->value);
}

/* As the trace has it, "ev io_arrived, t 1255020, op 2": what the copy holds as JSON. */
static void raw_words(const Log *log, uint64_t n, Buf *out) {
    const Event *event = log_event(log, n);
    buf_printf(out, "ev %s, t %llu", EVENT_KINDS[event->kind].name,
               (unsigned long long)event->t_ns);
    for (const EventField *field = EVENT_KINDS[event->kind].fields; field->key != NULL; field++) {
        Buf value = {0};
        if (inspect_field(log, event, field, &value)) {
            buf_printf(out, ", %s %s", field->key, buf_text(&value));
        }
        buf_finish(&value);
    }
}

/* How much of a text has room on one row: up to a blank where there is one. */
static size_t row_bytes(const char *text, size_t columns) {
    size_t end = 0, blank = 0;
    for (size_t i = 0; i < columns && text[end] != '\0'; i++) {
        uint32_t code;
        end += utf8_decode(text + end, strlen(text + end), &code, NULL);
        blank = text[end] == ' ' ? end : blank;
    }
    return text[end] == '\0' || blank == 0 ? end : blank;
}

/* From the box's bottom up; returns where it begins. */
static float raw_draw(const Canvas *canvas, Rect box, uint64_t n) {
    enum { ROWS_MAX = 3 };
    const Theme *theme = canvas->theme;
    const float u = canvas->u, pitch = 18 * u * canvas->text_scale, x = box.x + 24 * u;
    const float room = box.w - 38 * u, column = canvas_width(canvas, FONT_MONO, 13, "0");
    const size_t columns = room > column ? (size_t)(room / column) : 1;
    Buf text = {0};
    raw_words(canvas->doc->log, n, &text);
    const char *rows[ROWS_MAX];
    size_t lengths[ROWS_MAX], count = 0;
    const char *at = buf_text(&text);
    for (; *at != '\0' && count < ROWS_MAX; count++) {
        rows[count] = at;
        lengths[count] = row_bytes(at, columns);
        at += lengths[count];
        at += *at == ' ';
    }
    const float top = box.y + box.h - 12 * u - pitch * (float)count;
    for (size_t i = 0; i < count; i++) {
        Buf row = {0};
        buf_append(&row, rows[i], i + 1 == count && *at != '\0' ? strlen(rows[i]) : lengths[i]);
        canvas_text_fit(canvas, FONT_MONO, 13, theme->ink3, x, top + pitch * ((float)i + 0.5f),
                        ALIGN_LEFT, room, buf_text(&row));
        buf_finish(&row);
    }
    buf_finish(&text);
    return top;
}

static void facts_draw(const Canvas *canvas, Rect box, float bottom, uint64_t n) {
    const float pitch = FACT_PITCH_U * canvas->u * canvas->text_scale;
    Fact facts[FACTS_MAX];
    const size_t count = inspect_facts(canvas->doc, n, facts);
    const size_t room = bottom > box.y ? (size_t)((bottom - box.y) / pitch) : 0;
    size_t strong = count > 0 ? count - 1 : 0; /* has room before the others have */
    while (strong > 0 && !facts[strong].strong) {
        strong--;
    }
    for (size_t i = 0; i < count && i < room; i++) {
        const bool last = i + 1 == room && strong > i;
        fact_draw(canvas, box, box.y + pitch * ((float)i + 0.5f), &facts[last ? strong : i]);
    }
}

static void details_draw(const Canvas *canvas, Rect box, uint64_t n) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = box.y + 26 * u, right = box.x + box.w - 14 * u;
    char text[FORMAT_MAX], title[FORMAT_MAX + 8];
    (void)snprintf(title, sizeof title, "Event %s", format_count(text, n));
    canvas_text(canvas, FONT_SEMIBOLD, 16, theme->ink, box.x + 24 * u, y, ALIGN_LEFT, title);
    const char *hint = canvas->input->copied ? "copied as JSON" : "Ctrl+C copies";
    const float width =
        canvas_text(canvas, FONT_REGULAR, 13, canvas->input->copied ? theme->ink : theme->ink3,
                    right, y, ALIGN_RIGHT, hint);
    scene_hit(canvas->scene, (Rect){right - width - 8 * u, y - 18 * u, width + 16 * u, 36 * u},
              ACTION_COPY, 0, "Copy this event as JSON (Ctrl C)");
    const float top = box.y + 42 * u, bottom = raw_draw(canvas, box, n);
    facts_draw(canvas, (Rect){box.x, top, box.w, box.y + box.h - top}, bottom, n);
}

void panel_inspect(const Canvas *canvas) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const Rect column = column_of(canvas->layout);
    const uint64_t cursor = state_count(canvas->doc->after);
    const float list_h = column.h * LIST_SHARE;
    const Rect list = {column.x, column.y, column.w, list_h};
    const Rect details = {column.x, column.y + list_h, column.w, column.h - list_h};
    const Style edge = {.stroke = theme->line, .stroke_px = u};
    side_draw(canvas, column);
    list_draw(canvas, list);
    scene_line(canvas->scene, column.x, details.y, column.x + column.w, details.y, edge);
    if (cursor > 0) {
        details_draw(canvas, details, cursor - 1);
    } else {
        canvas_text(canvas, FONT_REGULAR, 14, theme->ink3, details.x + 24 * u, details.y + 28 * u,
                    ALIGN_LEFT, "before the first event");
    }
}

/* ---- moving through it ---- */

uint64_t view_list_step(const ViewDoc *doc, const ViewInput *input, bool forward) {
    if (input->mode != MODE_INSPECT) {
        return view_history_step(doc, input, forward);
    }
    const EventFilter *filter = input->events;
    const uint64_t cursor = input->player->cursor, count = event_list_count(filter, doc->timeline);
    const uint64_t at = event_list_below(filter, forward ? cursor : cursor > 0 ? cursor - 1 : 0);
    if (forward) {
        return at < count ? event_list_at(filter, at) + 1 : cursor;
    }
    return at > 0 ? event_list_at(filter, at - 1) + 1 : cursor;
}

bool view_is_over_list(const ViewInput *input, float x, float y) {
    Layout layout;
    layout_make(&layout, input->width_px, input->height_px, input->text_scale);
    return input->mode == MODE_INSPECT && rect_contains(column_of(&layout), x, y);
}
