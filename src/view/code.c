/* The code: the program as steps, Python or JSON; where the running task stands, and where all the
 * others do. */
#include "base/format.h"
#include "view/code_places.h"
#include "view/code_rows.h"
#include "view/code_steps.h"
#include "view/controls.h"
#include "view/thaw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    HEADER_U = 64,    /* badge, task and tabs */
    TEXT_LEFT_U = 48, /* behind the numbers */
    STEP_LEFT_U = 64, /* behind the marks of steps */
    MARGIN_U = 46,    /* right of the text: room for a badge */
    LOOK_BACK_EVENTS = 256,
    SLIDE_ROWS_MAX = 256, /* further away nothing slides */
};

/* How far a task is in the steps that it has. */
typedef struct Ticks {
    uint32_t task; /* or EVENT_NONE */
    StepsPast past;
} Ticks;

typedef struct Pane {
    const Canvas *canvas;
    const Listing *listing;
    Rect box, area;
    CodeRows rows;
    uint32_t task; /* the one that is shown, or EVENT_NONE */
    int32_t line;  /* where it stands, or -1 */
    uint32_t base; /* the line from which rows are counted */
    float top;     /* rows from there to the pane's top; between two while it scrolls */
    float mark;    /* the same of the highlight, which slides */
    Places places;
    Ticks shown, other; /* in the view of steps: of the task that is shown, and of the one whose */
    uint32_t section;   /* section this is */
    int32_t kept;       /* the step that has frozen the loop, or -1 */
} Pane;

/* The selected task, else the running one, else the one that runs next or that the last events were
 * about. */
static uint32_t shown_task(const Canvas *canvas) {
    const State *after = canvas->doc->after;
    const uint64_t count = state_count(after);
    const LoopInfo *loop = state_loop(after);
    if (canvas->input->selected < loop->tasks) {
        return canvas->input->selected;
    }
    if (loop->running != EVENT_NONE) {
        return loop->running;
    }
    Beat beat;
    if (player_beat(canvas->input->player, canvas->doc->timeline, &beat) &&
        beat.moves[0].task < loop->tasks) { /* the first of them runs first */
        return beat.moves[0].task;
    }
    ReadyItem next;
    const bool begins = count > 0 && log_event(canvas->doc->log, count - 1)->kind == EV_ITERATION;
    if (begins && state_ready(after, &next, 1) > 0 && !next.is_callback) {
        return next.id;
    }
    for (uint64_t n = count; n > 0 && count - n < LOOK_BACK_EVENTS; n--) {
        const Event *event = log_event(canvas->doc->log, n - 1);
        if (event->task != EVENT_NONE && event->task < loop->tasks) {
            return event->task;
        }
    }
    return loop->tasks > 0 ? 0 : EVENT_NONE;
}

/* ---- drawing ---- */

/* A step's ground, its first row so many rows below the base. */
static void ground_of_step_draw(const Pane *pane, uint32_t line, float row, Color ground,
                                Color ink) {
    const float pitch = pane->rows.grid.pitch_px;
    const uint32_t end = code_rows_step_end(&pane->rows, line);
    const uint32_t high = code_rows_between(&pane->rows, line, end, 2 * pane->rows.shown);
    const Rect bar = {pane->box.x, pane->area.y + (row - pane->top) * pitch, pane->box.w,
                      pitch * (float)high};
    scene_rect(pane->canvas->scene, bar, 0, (Style){.fill = ground});
    scene_rect(pane->canvas->scene, (Rect){bar.x, bar.y, 5 * pane->canvas->u, bar.h}, 0,
               (Style){.fill = ink});
}

/* Where the task stands, and above all what has frozen the loop: that is known when it is over. */
static void highlight_draw(const Pane *pane) {
    const Theme *theme = pane->canvas->theme;
    if (pane->line >= 0) {
        const Color color = identity_color(pane->canvas, pane->task);
        const float share = strcmp(theme->name, "light") == 0 ? 0.16f : 0.2f;
        ground_of_step_draw(pane, (uint32_t)pane->line, pane->mark,
                            color_mix(theme->panel, color, share), color);
    }
    if (pane->kept >= 0 && (uint32_t)pane->kept >= pane->base) {
        const uint32_t rows =
            code_rows_between(&pane->rows, pane->base, (uint32_t)pane->kept, 2 * pane->rows.shown);
        ground_of_step_draw(pane, (uint32_t)pane->kept, (float)rows, theme->danger_ground,
                            theme->danger);
    }
}

static void number_draw(const Pane *pane, uint32_t index, bool current, float y) {
    const Canvas *canvas = pane->canvas;
    const float u = canvas->u;
    char number[FORMAT_MAX];
    (void)snprintf(number, sizeof number, "%u", (unsigned)(index + 1));
    canvas_text_fit(canvas, FONT_MONO, 13, current ? canvas->theme->ink : canvas->theme->ink4,
                    pane->box.x + 36 * u, y, ALIGN_RIGHT, 30 * u, number);
}

/* Whose steps are ticked off in the line's section: the shown task's where it has been there, else
 * those of the only task that runs it. */
static const Ticks *ticks_of(Pane *pane, uint32_t index) {
    const ViewDoc *doc = pane->canvas->doc;
    const uint32_t section = listing_section(pane->listing, index);
    for (size_t i = 0; i < pane->shown.past.count; i++) {
        if (listing_section(pane->listing, pane->shown.past.steps[i].line) == section) {
            return &pane->shown;
        }
    }
    if (section != pane->section) {
        pane->section = section;
        pane->other.task = places_section_task(doc, pane->listing, section);
        steps_past_find(&pane->other.past, doc, pane->listing, pane->other.task);
    }
    return &pane->other;
}

/* A step that is ticked off: its mark, its words, and whether it pauses. */
static void step_draw(Pane *pane, uint32_t index, uint32_t rows, float y) {
    const Canvas *canvas = pane->canvas;
    const CodeGrid *grid = &pane->rows.grid;
    const ListingLine *line = &pane->listing->lines[index];
    const float u = canvas->u;
    const Ticks *ticks = ticks_of(pane, index);
    const StepPast past = steps_past_of(&ticks->past, index);
    const CodeLook look = {.current = (int32_t)index == pane->line,
                           .done = past.state == STEP_DONE || past.state == STEP_OPEN};
    step_mark_draw(canvas, grid, pane->listing, index, &past, ticks->task, pane->box.x + 36 * u, y);
    const float end = code_line_draw(canvas, grid, line, &look,
                                     pane->box.x + (line->heading ? 24 : STEP_LEFT_U) * u, y);
    float right = pane->box.x + pane->box.w;
    if (line->awaits && line->at != NULL && !line->heading) {
        right = step_pill_draw(canvas, grid, &past, look.current, right - 16 * u, y) + 12 * u;
    }
    places_draw(&pane->places, canvas, grid, index, rows, end + 8 * u, right, y);
}

static void line_draw(Pane *pane, uint32_t index, uint32_t rows, float y) {
    const Canvas *canvas = pane->canvas;
    const float u = canvas->u;
    const CodeLook look = {.current = (int32_t)index == pane->line};
    if (pane->rows.grid.view == CODE_STEPS) {
        step_draw(pane, index, rows, y);
        return;
    }
    number_draw(pane, index, look.current, y);
    const float end = code_line_draw(canvas, &pane->rows.grid, &pane->listing->lines[index], &look,
                                     pane->box.x + TEXT_LEFT_U * u, y);
    places_draw(&pane->places, canvas, &pane->rows.grid, index, rows, end + 8 * u,
                pane->box.x + pane->box.w, y);
}

static void rows_draw(Pane *pane) {
    const uint32_t count = pane->listing->count;
    const float pitch = pane->rows.grid.pitch_px, shown = (float)pane->rows.shown;
    uint32_t first = count, line = pane->base;
    scene_clip(pane->canvas->scene, pane->area);
    highlight_draw(pane);
    for (float row = -pane->top; line < count && row < shown; line++) {
        const uint32_t rows = code_line_rows(&pane->rows.grid, &pane->listing->lines[line]);
        const float end = row + (float)rows;
        if (end > shown + 0.99f) {
            break; /* no half of a step; while it scrolls, less than a row of it is cut */
        }
        if (end > 0) {
            line_draw(pane, line, rows, pane->area.y + (row + 0.5f) * pitch);
            first = first < line ? first : line;
        }
        row += (float)rows;
    }
    scene_unclip(pane->canvas->scene);
    const float u = pane->canvas->u;
    scrollbar_draw(pane->canvas,
                   (Rect){pane->box.x + pane->box.w - 7 * u, pane->area.y, 4 * u, pane->area.h},
                   (float)first, (float)(line - first), (float)count);
}

/* "Steps  JSON": only views that are there; returns their left edge. */
static float tabs_draw(const Pane *pane, float right, float y) {
    static const char *const NAMES[CODE_VIEW_COUNT] = {"Steps", "Python", "JSON"};
    static const char *const TIPS[CODE_VIEW_COUNT] = {
        "What the task does, in plain words (V)",
        "As asyncio: where each await may pause the task (V)",
        "The very text that is being run (V)"};
    const Canvas *canvas = pane->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, scale = canvas->text_scale;
    if (canvas->input->no_controls) {
        return right;
    }
    float widths[CODE_VIEW_COUNT] = {0}, total = 0;
    for (int i = 0; i < CODE_VIEW_COUNT; i++) {
        if (canvas->doc->listings[i] != NULL) {
            widths[i] = canvas_width(canvas, FONT_SEMIBOLD, 13, NAMES[i]) + 20 * u;
            total += widths[i];
        }
    }
    float x = right - total;
    const float half = 15 * u * scale;
    scene_rect(canvas->scene, (Rect){x - 3 * u, y - half, total + 6 * u, 2 * half}, 8 * u,
               (Style){.fill = theme->well, .stroke = theme->line, .stroke_px = u});
    for (int i = 0; i < CODE_VIEW_COUNT; i++) {
        if (widths[i] <= 0) {
            continue;
        }
        const Rect tab = {x, y - half + 3 * u, widths[i], 2 * half - 6 * u};
        const bool open = canvas->doc->listings[i] == pane->listing;
        if (open) {
            scene_rect(canvas->scene, tab, 6 * u,
                       (Style){.fill = theme->card, .stroke = theme->line2, .stroke_px = u});
        }
        canvas_text(canvas, FONT_SEMIBOLD, 13, open ? theme->ink : theme->ink3, x + widths[i] / 2,
                    y, ALIGN_MIDDLE, NAMES[i]);
        scene_hit(canvas->scene, (Rect){x, y - 18 * u, widths[i], 36 * u}, ACTION_CODE_VIEW_SET, i,
                  TIPS[i]);
        x += widths[i];
    }
    return right - total - 3 * u;
}

static void header_draw(const Pane *pane) {
    const Canvas *canvas = pane->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, y = pane->box.y + 32 * u;
    const float right = tabs_draw(pane, pane->box.x + pane->box.w - 20 * u, y) - 12 * u;
    float x = pane->box.x + 24 * u;
    Buf title = {0};
    if (pane->task == EVENT_NONE) {
        buf_append_text(&title, canvas->doc->name);
    } else {
        const uint32_t name = timeline_task_name(canvas->doc->timeline, pane->task);
        badge_draw(canvas, pane->task, pane->box.x + 36 * u, y, 14 * u, BADGE_FILLED, theme->panel);
        x = pane->box.x + 60 * u;
        buf_printf(&title, "Task %s", log_text(canvas->doc->log, name, NULL));
    }
    if (canvas_width(canvas, FONT_SEMIBOLD, 16, buf_text(&title)) > right - x &&
        pane->task != EVENT_NONE) {
        memmove(title.data, title.data + 5, title.size_bytes - 4); /* without "Task " */
        title.size_bytes -= 5;
    }
    canvas_name_fit(canvas, FONT_SEMIBOLD, 16, theme->ink, x, y, ALIGN_LEFT, right - x,
                    buf_text(&title));
    buf_finish(&title);
}

/* Rows from the base; -1 where they are too many to slide. */
static float rows_to(const Pane *pane, uint32_t line) {
    const uint32_t rows = code_rows_between(&pane->rows, pane->base, line, SLIDE_ROWS_MAX + 1);
    return rows > SLIDE_ROWS_MAX ? -1 : (float)rows;
}

/* Where it stood before the step that begins now; -1: nothing slides. */
static int32_t line_before(const Pane *pane) {
    const ViewDoc *doc = pane->canvas->doc;
    const uint64_t count = state_count(doc->after);
    if (pane->canvas->input->player->phase >= 1 || count == 0 || pane->line < 0) {
        return -1;
    }
    const Event *event = log_event(doc->log, count - 1);
    return event->kind == EV_STEP && event->task == pane->task
               ? places_line_of(doc, pane->listing, doc->before, pane->task)
               : -1;
}

/* While a step begins, the highlight slides there from the step before. */
static void pane_move(Pane *pane) {
    const float phase = pane->canvas->input->player->phase;
    const uint32_t top = code_rows_top(&pane->rows, pane->line);
    const int32_t old = line_before(pane);
    const uint32_t old_top = old < 0 ? top : code_rows_top(&pane->rows, old);
    pane->base = top < old_top ? top : old_top;
    const float tops[] = {rows_to(pane, old_top), rows_to(pane, top)};
    const float marks[] = {old < 0 ? -1 : rows_to(pane, (uint32_t)old),
                           pane->line < 0 ? 0 : rows_to(pane, (uint32_t)pane->line)};
    if (tops[0] < 0 || tops[1] < 0 || marks[0] < 0 || marks[1] < 0) {
        pane->base = top;
        pane->top = 0;
        pane->mark = pane->line < 0 ? 0 : rows_to(pane, (uint32_t)pane->line);
        return;
    }
    pane->top = tops[0] + (tops[1] - tops[0]) * phase;
    pane->mark = marks[0] + (marks[1] - marks[0]) * phase;
}

static CodeView shown_view(const Canvas *canvas) {
    CodeView view = canvas->input->code_view;
    for (int i = 0; canvas->doc->listings[view] == NULL && i < CODE_VIEW_COUNT; i++) {
        view = (CodeView)i;
    }
    return view;
}

/* The text larger where all of it has room. */
static void pane_measure(Pane *pane, CodeView view, bool large) {
    const Canvas *canvas = pane->canvas;
    const bool in_words = view == CODE_STEPS;
    const float u = canvas->u, size_u = large ? 16 : 15;
    const float pitch_u = large ? 31 : in_words ? 24.5f : 26;
    const float pitch = pitch_u * u * fminf(canvas->text_scale, 1.2f);
    const float column = code_column_px(canvas, view, size_u);
    const float left = in_words ? STEP_LEFT_U : TEXT_LEFT_U;
    const float columns = (pane->box.w - (left + MARGIN_U) * u) / column;
    const uint32_t shown = (uint32_t)fmaxf(4, (pane->box.h - (HEADER_U + 6) * u) / pitch);
    pane->rows =
        (CodeRows){.listing = pane->listing,
                   .shown = shown,
                   .grid = {.doc = canvas->doc,
                            .predict = canvas->input->predict,
                            .view = view,
                            .size_u = size_u,
                            .column_px = column,
                            .pitch_px = pitch,
                            .columns = (uint32_t)fmaxf(16, columns),
                            .rows_max = shown - 1 < CODE_ROWS_MAX ? shown - 1 : CODE_ROWS_MAX}};
    pane->area = (Rect){pane->box.x, pane->box.y + HEADER_U * u, pane->box.w,
                        pitch * (float)shown}; /* whole rows */
}

void panel_code(const Canvas *canvas) {
    const float u = canvas->u;
    const CodeView view = shown_view(canvas);
    Pane pane = {
        .canvas = canvas, .box = canvas->layout->code, .listing = canvas->doc->listings[view]};
    side_draw(canvas, pane.box);
    if (pane.listing == NULL) {
        canvas_text(canvas, FONT_REGULAR, 14, canvas->theme->ink4, pane.box.x + 24 * u,
                    pane.box.y + 32 * u, ALIGN_LEFT, "This recording carries no scenario.");
        return;
    }
    Thaw thaw;
    const bool frozen = pane.box.h > 2.5f * thaw_height(canvas) && thaw_find(canvas->doc, &thaw);
    if (frozen) {
        pane.box.h -= thaw_height(canvas);
        thaw_draw(canvas, &thaw,
                  (Rect){pane.box.x, pane.box.y + pane.box.h, pane.box.w, thaw_height(canvas)});
    }
    pane_measure(&pane, view, true);
    if (!code_rows_fit(&pane.rows)) {
        pane_measure(&pane, view, false);
    }
    pane.kept = frozen ? listing_line_of(pane.listing, thaw.at) : -1;
    pane.task = shown_task(canvas);
    pane.line = places_line_of(canvas->doc, pane.listing, canvas->doc->after, pane.task);
    pane_move(&pane);
    places_find(&pane.places, canvas->doc, pane.listing);
    if (view == CODE_STEPS) {
        pane.section = UINT32_MAX;
        pane.shown.task = pane.task;
        steps_past_find(&pane.shown.past, canvas->doc, pane.listing, pane.task);
    }
    header_draw(&pane);
    rows_draw(&pane);
}
