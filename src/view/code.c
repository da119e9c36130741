/* The code: the program as steps, Python or JSON; where the running task stands, and where all the
 * others do. */
#include "base/format.h"
#include "base/utf8.h"
#include "view/caption_words.h"
#include "view/code_line.h"
#include "view/controls.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_U = 64,             /* badge, task and tabs */
    PLACES_MAX = 64,           /* different steps at which tasks stand */
    BADGES_MAX = 4,            /* on one line; then "+n" */
    COUNTED_TASKS_MAX = 50000, /* more are too many to look at in every frame */
    LOOK_BACK_EVENTS = 256,
};

/* Who stands at a step. */
typedef struct Place {
    uint32_t at; /* text of the pointer */
    int32_t line;
    uint32_t tasks[BADGES_MAX];
    uint32_t count; /* may be more than tasks holds */
} Place;

typedef struct Pane {
    const Canvas *canvas;
    const Listing *listing;
    Rect box, rows;
    float pitch, size_u;
    uint32_t task; /* the one that is shown, or EVENT_NONE */
    int32_t line;  /* where it stands, or -1 */
    float first;   /* the line at the top; between two while it scrolls */
    float mark;    /* the highlight's line; between two while it slides */
    Place places[PLACES_MAX];
    size_t place_count;
} Pane;

static bool is_alive(TaskPhase phase) {
    return phase == TASK_NEW || phase == TASK_READY || phase == TASK_RUNNING ||
           phase == TASK_WAITING;
}

/* The selected task, else the running one, else the one that the last events were about. */
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
    for (uint64_t n = count; n > 0 && count - n < LOOK_BACK_EVENTS; n--) {
        const Event *event = log_event(canvas->doc->log, n - 1);
        if (event->task != EVENT_NONE && event->task < loop->tasks) {
            return event->task;
        }
    }
    return loop->tasks > 0 ? 0 : EVENT_NONE;
}

static int32_t line_of(const Pane *pane, const State *state) {
    const TaskInfo info = state_task(state, pane->task);
    if (pane->task == EVENT_NONE || info.phase == TASK_ABSENT || info.at == EVENT_NONE) {
        return -1;
    }
    return listing_line_of(pane->listing, log_text(pane->canvas->doc->log, info.at, NULL));
}

/* The line at the top: everything where it fits, else the current line with what stands around it,
 * and the heading of its section where both can be seen. */
static float first_line(const Pane *pane, int32_t line) {
    const float shown = roundf(pane->rows.h / pane->pitch);
    const float most = (float)pane->listing->count - shown;
    if (most <= 0 || line < 0) {
        return 0;
    }
    const uint32_t heading = listing_section(pane->listing, (uint32_t)line);
    float first = (float)heading;
    if ((float)line - first > shown - 2) {
        first = (float)line - floorf(shown * 0.6f);
    }
    return fminf(first, most);
}

/* ---- who stands where ---- */

static Place *place_of(Pane *pane, uint32_t at) {
    for (size_t i = 0; i < pane->place_count; i++) {
        if (pane->places[i].at == at) {
            return &pane->places[i];
        }
    }
    if (pane->place_count == PLACES_MAX) {
        return NULL;
    }
    Place *place = &pane->places[pane->place_count++];
    *place = (Place){.at = at};
    place->line = listing_line_of(pane->listing, log_text(pane->canvas->doc->log, at, NULL));
    return place;
}

/* The steps of one line are one place. */
static void places_merge(Pane *pane) {
    for (size_t i = 0; i < pane->place_count; i++) {
        Place *place = &pane->places[i];
        for (size_t k = 0; k < i && place->line >= 0; k++) {
            Place *first = &pane->places[k];
            if (first->line != place->line) {
                continue;
            }
            for (uint32_t t = 0; t < place->count && t < BADGES_MAX; t++) {
                if (first->count + t < BADGES_MAX) {
                    first->tasks[first->count + t] = place->tasks[t];
                }
            }
            first->count += place->count;
            place->line = -1;
        }
    }
}

static void places_find(Pane *pane) {
    const State *after = pane->canvas->doc->after;
    const uint64_t tasks = state_loop(after)->tasks;
    if (tasks > COUNTED_TASKS_MAX) {
        return;
    }
    for (uint32_t task = 0; task < tasks; task++) {
        const TaskInfo info = state_task(after, task);
        if (!is_alive(info.phase) || info.at == EVENT_NONE) {
            continue;
        }
        Place *place = place_of(pane, info.at);
        if (place == NULL) {
            continue;
        }
        if (place->count < BADGES_MAX) {
            place->tasks[place->count] = task;
        }
        place->count++;
    }
    places_merge(pane);
}

/* Badges, or a number where they would be too many; returns the left edge of what was drawn. */
static float place_draw(const Pane *pane, const Place *place, float right, float y) {
    const Canvas *canvas = pane->canvas;
    const float u = canvas->u;
    const uint32_t running = state_loop(canvas->doc->after)->running;
    if (place->count > BADGES_MAX) {
        char count[FORMAT_MAX];
        return right - canvas_text(canvas, FONT_MONO_MEDIUM, 13.5f, canvas->theme->ink2, right, y,
                                   ALIGN_RIGHT, format_count(count, place->count));
    }
    float x = right - 10 * u;
    for (uint32_t i = place->count; i-- > 0; x -= 26 * u) {
        const bool runs = place->tasks[i] == running;
        badge_draw(canvas, place->tasks[i], x, y, 10 * u, runs ? BADGE_FILLED : BADGE_HOLLOW,
                   canvas->theme->panel);
    }
    return x + 16 * u;
}

/* ---- drawing ---- */

/* A step may take several lines of JSON: those below it that are deeper, and its closing
 * bracket. */
static uint32_t step_lines(const Pane *pane) {
    const Listing *listing = pane->listing;
    const uint32_t first = (uint32_t)pane->line, indent = listing->lines[first].indent;
    uint32_t end = first + 1;
    while (end < listing->count && listing->lines[end].at == NULL &&
           listing->lines[end].indent > indent) {
        end++;
    }
    const bool closes = end > first + 1 && end < listing->count && listing->lines[end].at == NULL &&
                        listing->lines[end].text[0] == '}';
    return end + closes - first;
}

static void highlight_draw(const Pane *pane) {
    const Theme *theme = pane->canvas->theme;
    if (pane->line < 0) {
        return;
    }
    const Color color = identity_color(pane->canvas, pane->task);
    const float share = strcmp(theme->name, "light") == 0 ? 0.16f : 0.2f;
    const Rect bar = {pane->box.x, pane->rows.y + (pane->mark - pane->first) * pane->pitch,
                      pane->box.w, pane->pitch * (float)step_lines(pane)};
    scene_rect(pane->canvas->scene, bar, 0, (Style){.fill = color_mix(theme->panel, color, share)});
    scene_rect(pane->canvas->scene, (Rect){bar.x, bar.y, 5 * pane->canvas->u, bar.h}, 0,
               (Style){.fill = color});
}

/* Lines have numbers; in the view of steps, steps have them: 3, or 3.1 inside a block. */
static void append_number(const Pane *pane, uint32_t index, Buf *out) {
    const ListingLine *line = &pane->listing->lines[index];
    if (pane->listing != pane->canvas->doc->listings[CODE_STEPS]) {
        buf_append_u64(out, index + 1);
    } else if (line->at != NULL && !line->heading) {
        words_step_number(line->at, out);
    }
}

static void line_draw(const Pane *pane, uint32_t index, float y) {
    const Canvas *canvas = pane->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    const ListingLine *line = &pane->listing->lines[index];
    const bool current = (int32_t)index == pane->line;
    float right = pane->box.x + pane->box.w - 20 * u;
    for (size_t i = 0; i < pane->place_count; i++) {
        if (pane->places[i].line == (int32_t)index) {
            right = place_draw(pane, &pane->places[i], right, y) - 8 * u;
        }
    }
    Buf number = {0};
    append_number(pane, index, &number);
    canvas_text_fit(canvas, FONT_MONO, 13, current ? theme->ink : theme->ink4, pane->box.x + 36 * u,
                    y, ALIGN_RIGHT, 30 * u, buf_text(&number));
    buf_finish(&number);
    code_line_draw(canvas, canvas->input->code_view, line, current, pane->size_u,
                   pane->box.x + 48 * u, right, y);
}

static void rows_draw(const Pane *pane) {
    const uint32_t count = pane->listing->count;
    scene_clip(pane->canvas->scene, pane->rows);
    highlight_draw(pane);
    const uint32_t from = (uint32_t)fmaxf(0, floorf(pane->first));
    const float shown = roundf(pane->rows.h / pane->pitch);
    for (uint32_t i = from; i < count && (float)i < pane->first + shown; i++) {
        line_draw(pane, i, pane->rows.y + ((float)i - pane->first + 0.5f) * pane->pitch);
    }
    scene_unclip(pane->canvas->scene);
    const float u = pane->canvas->u;
    scrollbar_draw(pane->canvas,
                   (Rect){pane->box.x + pane->box.w - 7 * u, pane->rows.y, 4 * u, pane->rows.h},
                   pane->first, roundf(pane->rows.h / pane->pitch), (float)count);
}

/* "Steps  JSON": only views that are there; returns their left edge. */
static float tabs_draw(const Pane *pane, float right, float y) {
    static const char *const NAMES[CODE_VIEW_COUNT] = {"Steps", "Python", "JSON"};
    const Canvas *canvas = pane->canvas;
    const Theme *theme = canvas->theme;
    const float u = canvas->u, scale = canvas->text_scale;
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
                  "View of the code (V)");
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
    canvas_text_fit(canvas, FONT_SEMIBOLD, 16, theme->ink, x, y, ALIGN_LEFT, right - x,
                    buf_text(&title));
    buf_finish(&title);
}

static void ground_draw(const Canvas *canvas, Rect box) {
    const Theme *theme = canvas->theme;
    const float u = canvas->u;
    scene_rect(canvas->scene, box, 0, (Style){.fill = theme->panel});
    if (canvas->layout->compact) {
        scene_rect(canvas->scene, box, 0, (Style){.stroke = theme->line2, .stroke_px = u});
        scene_hit(canvas->scene, box, ACTION_NONE, 0, "");
    } else {
        scene_line(canvas->scene, box.x + box.w, box.y, box.x + box.w, box.y + box.h,
                   (Style){.stroke = theme->line, .stroke_px = u});
    }
}

/* While a step begins, the highlight slides there from the step before. */
static void pane_move(Pane *pane) {
    const ViewDoc *doc = pane->canvas->doc;
    const uint64_t count = state_count(doc->after);
    const float phase = pane->canvas->input->player->phase;
    pane->first = first_line(pane, pane->line);
    pane->mark = (float)pane->line;
    if (phase >= 1 || count == 0 || pane->line < 0) {
        return;
    }
    const Event *event = log_event(doc->log, count - 1);
    const int32_t old =
        event->kind == EV_STEP && event->task == pane->task ? line_of(pane, doc->before) : -1;
    if (old >= 0) {
        const float old_first = first_line(pane, old);
        pane->mark = (float)old + (pane->mark - (float)old) * phase;
        pane->first = old_first + (pane->first - old_first) * phase;
    }
}

static const Listing *shown_listing(const Canvas *canvas) {
    const Listing *listing = canvas->doc->listings[canvas->input->code_view];
    for (int i = 0; listing == NULL && i < CODE_VIEW_COUNT; i++) {
        listing = canvas->doc->listings[i];
    }
    return listing;
}

void panel_code(const Canvas *canvas) {
    const float u = canvas->u;
    Pane pane = {.canvas = canvas, .box = canvas->layout->code, .listing = shown_listing(canvas)};
    ground_draw(canvas, pane.box);
    if (pane.listing == NULL) {
        canvas_text(canvas, FONT_REGULAR, 14, canvas->theme->ink4, pane.box.x + 24 * u,
                    pane.box.y + 32 * u, ALIGN_LEFT, "This recording carries no scenario.");
        return;
    }
    pane.rows =
        (Rect){pane.box.x, pane.box.y + HEADER_U * u, pane.box.w, pane.box.h - (HEADER_U + 6) * u};
    const bool fits = (float)pane.listing->count * 31 * u <= pane.rows.h;
    pane.pitch = (fits ? 31 : 26) * u * fminf(canvas->text_scale, 1.2f);
    pane.size_u = fits ? 16 : 15;
    pane.rows.h = floorf(pane.rows.h / pane.pitch) * pane.pitch; /* whole lines */
    pane.task = shown_task(canvas);
    pane.line = pane.task == EVENT_NONE ? -1 : line_of(&pane, canvas->doc->after);
    pane_move(&pane);
    places_find(&pane);
    header_draw(&pane);
    rows_draw(&pane);
}
