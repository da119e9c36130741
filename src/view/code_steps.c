#include "view/code_steps.h"

#include "base/format.h"

#include <math.h>
#include <string.h>

/* ---- what was done ---- */

enum { STEPS_DEPTH_MAX = 24 };

/* The sections that the task is in: what called what, each at one of its lines. */
typedef struct Walk {
    StepsPast *past;
    const Listing *listing;
    uint32_t section[STEPS_DEPTH_MAX], line[STEPS_DEPTH_MAX];
    size_t depth;
} Walk;

static StepPast *past_find(StepsPast *past, uint32_t line) {
    for (size_t i = 0; i < past->count; i++) {
        if (past->steps[i].line == line) {
            return &past->steps[i];
        }
    }
    return NULL;
}

static StepPast *past_make(StepsPast *past, uint32_t line) {
    StepPast *step = past_find(past, line);
    if (step == NULL) {
        /* Full: the first is let go, which is the one that was met the longest ago. */
        if (past->count == STEPS_PAST_MAX) {
            memmove(past->steps, past->steps + 1, (STEPS_PAST_MAX - 1) * sizeof past->steps[0]);
            past->count--;
        }
        step = &past->steps[past->count++];
    }
    *step = (StepPast){.line = line, .state = STEP_CURRENT};
    return step;
}

static void past_set(StepsPast *past, uint32_t line, StepState state) {
    StepPast *step = past_find(past, line);
    if (step != NULL) {
        step->state = state;
    }
}

/* Whether the step at `inner` stands in a block of the step at `outer`. */
static bool stands_in(const Listing *listing, uint32_t inner, uint32_t outer) {
    const char *at = listing->lines[inner].at, *block = listing->lines[outer].at;
    const size_t length = block == NULL ? 0 : strlen(block);
    return at != NULL && length > 0 && strncmp(at, block, length) == 0 && at[length] == '/';
}

/* A line is begun: what stands behind it in its section is ahead again, as in a loop's round. */
static void section_enter(Walk *walk, uint32_t section, uint32_t line) {
    StepsPast *past = walk->past;
    for (size_t i = 0; i < past->count; i++) {
        StepPast *step = &past->steps[i];
        if (listing_section(walk->listing, step->line) != section) {
            continue;
        }
        step->state = step->line >= line                           ? STEP_AHEAD
                      : stands_in(walk->listing, line, step->line) ? STEP_OPEN
                                                                   : STEP_DONE;
    }
}

static void walk_step(Walk *walk, uint32_t line) {
    const uint32_t section = listing_section(walk->listing, line);
    size_t depth = walk->depth;
    while (depth > 0 && walk->section[depth - 1] != section) {
        depth--;
    }
    for (size_t i = depth; depth > 0 && i < walk->depth; i++) {
        past_set(walk->past, walk->line[i], STEP_DONE); /* the call has returned */
    }
    if (depth > 0) {
        walk->depth = depth;
    } else if (walk->depth < STEPS_DEPTH_MAX) {
        if (walk->depth > 0) {
            past_set(walk->past, walk->line[walk->depth - 1], STEP_OPEN);
        }
        walk->section[walk->depth++] = section;
    }
    walk->line[walk->depth - 1] = line;
    section_enter(walk, section, line);
    past_make(walk->past, line);
}

/* The step that the task waits in: the current one, or, at the end of a block that waits for what
 * was begun in it, the block's own. */
static StepPast *walk_current(const Walk *walk) {
    if (walk->depth == 0) {
        return NULL;
    }
    const uint32_t line = walk->line[walk->depth - 1];
    StepPast *best = past_find(walk->past, line);
    for (size_t i = 0; !walk->listing->lines[line].awaits && i < walk->past->count; i++) {
        StepPast *step = &walk->past->steps[i];
        const bool waits = walk->listing->lines[step->line].awaits;
        const bool nearer = best == NULL || best->line == line || step->line > best->line;
        if (waits && nearer && stands_in(walk->listing, line, step->line)) {
            best = step;
        }
    }
    return best;
}

/* The steps that were begun while the task had the thread: all events there are its own. */
static void walk_run(Walk *walk, const ViewDoc *doc, uint32_t task, const LifePart *run) {
    enum { EVENTS_MAX = 512 };
    const uint64_t count = state_count(doc->after);
    uint64_t end = run->end_n < count ? run->end_n + 1 : count;
    end = end - run->start_n < EVENTS_MAX ? end : run->start_n + EVENTS_MAX;
    for (uint64_t n = run->start_n; n < end; n++) {
        const Event *event = log_event(doc->log, n);
        if (event->kind == EV_STEP && event->task == task) {
            const int32_t line =
                listing_line_of(walk->listing, log_text(doc->log, event->text, NULL));
            if (line >= 0) {
                walk_step(walk, (uint32_t)line);
            }
        }
    }
}

static void walk_wait(const Walk *walk, const ViewDoc *doc, const LifePart *wait) {
    StepPast *step = walk_current(walk);
    if (step == NULL) {
        return;
    }
    const bool waits = wait->end_n >= state_count(doc->after);
    const uint64_t now_ns = state_loop(doc->after)->now_ns;
    step->waited_ns += (waits ? now_ns : wait->end_ns) - wait->start_ns;
    step->paused = true;
    step->waits = waits;
}

void steps_past_find(StepsPast *past, const ViewDoc *doc, const Listing *listing, uint32_t task) {
    const uint64_t count = state_count(doc->after);
    past->count = 0;
    past->begins_later = false;
    if (task == EVENT_NONE || count == 0) {
        return;
    }
    const uint64_t last = timeline_life_at(doc->timeline, task, count - 1);
    if (last == UINT64_MAX) {
        return;
    }
    Walk walk = {.past = past, .listing = listing};
    past->begins_later = last >= STEPS_PARTS_MAX;
    for (uint64_t part = past->begins_later ? last + 1 - STEPS_PARTS_MAX : 0; part <= last;
         part++) {
        const LifePart life = timeline_life(doc->timeline, task, part);
        if (life.phase == TASK_RUNNING) {
            walk_run(&walk, doc, task, &life);
        } else if (life.phase == TASK_WAITING) {
            walk_wait(&walk, doc, &life);
        }
    }
    if (state_task(doc->after, task).phase == TASK_FINISHED) {
        for (size_t i = 0; i < past->count; i++) {
            StepPast *step = &past->steps[i];
            step->state = step->state == STEP_AHEAD ? STEP_AHEAD : STEP_DONE;
        }
    }
}

StepPast steps_past_of(const StepsPast *past, uint32_t line) {
    for (size_t i = 0; i < past->count; i++) {
        if (past->steps[i].line == line) {
            return past->steps[i];
        }
    }
    return (StepPast){.line = line, .state = STEP_AHEAD};
}

/* ---- drawing ---- */

static bool is_step(const Listing *listing, uint32_t line) {
    return line < listing->count && listing->lines[line].at != NULL &&
           !listing->lines[line].heading;
}

/* The track between this mark and its neighbours' rows. */
static void track_draw(const Canvas *canvas, const CodeGrid *grid, const Listing *listing,
                       uint32_t line, bool done, float x, float y) {
    const float u = canvas->u, pitch = grid->pitch_px, gap = 14 * u;
    const float middle = y + pitch * code_line_middle(grid, &listing->lines[line]);
    const float rows = (float)code_line_rows(grid, &listing->lines[line]);
    const Style style = {.stroke = done ? canvas->theme->ink3 : canvas->theme->line2,
                         .stroke_px = 2 * u};
    if (line > 0 && is_step(listing, line - 1)) {
        scene_line(canvas->scene, x, y - pitch / 2, x, middle - gap, style);
    }
    if (is_step(listing, line + 1)) {
        scene_line(canvas->scene, x, middle + gap, x, y + pitch * (rows - 0.5f), style);
    }
}

static bool is_ready(const Canvas *canvas, uint32_t task) {
    return state_task(canvas->doc->after, task).phase == TASK_READY;
}

static bool ended_badly(const Canvas *canvas, uint32_t task) {
    const TaskPhase phase = state_task(canvas->doc->after, task).phase;
    return phase == TASK_FAILED || phase == TASK_CANCELLED;
}

void step_mark_draw(const Canvas *canvas, const CodeGrid *grid, const Listing *listing,
                    uint32_t line, const StepPast *past, uint32_t task, float x, float y) {
    const Theme *theme = canvas->theme;
    Scene *scene = canvas->scene;
    const float u = canvas->u, r = 11 * u;
    if (!is_step(listing, line)) {
        return;
    }
    track_draw(canvas, grid, listing, line, past->state == STEP_DONE, x, y);
    const Color color = identity_color(canvas, task);
    y += grid->pitch_px * code_line_middle(grid, &listing->lines[line]);
    if (code_line_is_comment(grid, &listing->lines[line])) {
        scene_circle(scene, x, y, 4 * u,
                     (Style){.fill = past->state == STEP_AHEAD ? theme->line2 : theme->ink3});
    } else if (past->state == STEP_DONE) {
        scene_circle(scene, x, y, r, (Style){.fill = theme->ink3});
        check_draw(canvas, x, y, 5 * u, theme->panel, 2.5f * u);
    } else if (past->state == STEP_CURRENT && past->waits) {
        const Style bar = {.fill = color};
        scene_circle(scene, x, y, r, (Style){.stroke = color, .stroke_px = 2 * u});
        scene_rect(scene, (Rect){x - 4 * u, y - 5 * u, 3 * u, 10 * u}, 0, bar);
        scene_rect(scene, (Rect){x + u, y - 5 * u, 3 * u, 10 * u}, 0, bar);
    } else if (past->state == STEP_CURRENT && ended_badly(canvas, task)) {
        scene_circle(scene, x, y, r, (Style){.stroke = theme->danger, .stroke_px = 2 * u});
        cross_draw(canvas, x, y, 4.5f * u, theme->danger, 2.5f * u);
    } else if (past->state == STEP_CURRENT && !is_ready(canvas, task)) {
        scene_circle(scene, x, y, r, (Style){.fill = color});
        arrow_draw(canvas, x + u, y, 6 * u, 90, theme->on_identity);
    } else {
        scene_circle(scene, x, y, r,
                     (Style){.stroke = past->state == STEP_AHEAD ? theme->line2 : color,
                             .stroke_px = 2 * u});
    }
}

float step_pill_draw(const Canvas *canvas, const CodeGrid *grid, const StepPast *past, bool marked,
                     float right, float y) {
    const Theme *theme = canvas->theme;
    Scene *scene = canvas->scene;
    const float u = canvas->u, half = fminf(12 * u * canvas->text_scale, 0.45f * grid->pitch_px);
    const bool done = past->state == STEP_DONE;
    const char *words = past->waits    ? "is paused"
                        : past->paused ? "has paused"
                        : done         ? "did not pause"
                                       : "may pause";
    const Color ink = past->waits             ? theme->ink
                      : done && !past->paused ? theme->ink3
                                              : theme->kernel_ink;
    const bool bars = past->waits || past->paused || !done; /* the sign of a pause */
    const float width = canvas_width(canvas, FONT_REGULAR, 13, words) + (bars ? 36 : 22) * u;
    const float left = right - width;
    y += grid->pitch_px * 0.1f; /* as the step's name */
    scene_rect(scene, (Rect){left, y - half, width, 2 * half}, half,
               (Style){.stroke = past->waits ? theme->ink2 : theme->kernel_line, .stroke_px = u});
    if (bars) {
        const Style bar = {.fill = ink};
        scene_rect(scene, (Rect){left + 12 * u, y - 5 * u, 3 * u, 10 * u}, 0, bar);
        scene_rect(scene, (Rect){left + 18 * u, y - 5 * u, 3 * u, 10 * u}, 0, bar);
    }
    canvas_text(canvas, FONT_REGULAR, 13, ink, left + (bars ? 27 : 11) * u, y, ALIGN_LEFT, words);
    if (past->paused && past->waited_ns > 0) {
        char text[FORMAT_MAX];
        canvas_text(canvas, FONT_MONO, 13.5f, marked ? theme->ink : theme->ink3, right,
                    y + grid->pitch_px * 0.84f, ALIGN_RIGHT,
                    format_duration(text, past->waited_ns));
    }
    return left;
}
