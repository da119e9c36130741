#include "view/code_places.h"

#include "base/format.h"
#include "view/task_body.h"

enum {
    COUNTED_TASKS_MAX = 50000, /* more are too many to look at in every frame */
    SECTION_TASKS_MAX = 16,    /* among which one is looked for by what it runs */
};

static bool is_alive(TaskPhase phase) {
    return phase == TASK_NEW || phase == TASK_READY || phase == TASK_RUNNING ||
           phase == TASK_WAITING;
}

static int32_t heading_line(const ViewDoc *doc, const Listing *listing, uint32_t task) {
    Buf place = {0};
    const bool known = task_body_place(doc->timeline, doc->program, task, &place);
    const int32_t line = known ? listing_line_of(listing, buf_text(&place)) : -1;
    buf_finish(&place);
    return line;
}

int32_t places_line_of(const ViewDoc *doc, const Listing *listing, const State *state,
                       uint32_t task) {
    const TaskInfo info = state_task(state, task);
    if (task == EVENT_NONE || info.phase == TASK_ABSENT) {
        return -1;
    }
    return info.at == EVENT_NONE ? heading_line(doc, listing, task)
                                 : listing_line_of(listing, log_text(doc->log, info.at, NULL));
}

uint32_t places_section_task(const ViewDoc *doc, const Listing *listing, uint32_t heading) {
    const uint64_t tasks = state_loop(doc->after)->tasks;
    uint32_t found = EVENT_NONE;
    for (uint32_t task = 0; task < tasks && tasks <= SECTION_TASKS_MAX; task++) {
        if (heading_line(doc, listing, task) != (int32_t)heading) {
            continue;
        }
        if (found != EVENT_NONE) {
            return EVENT_NONE;
        }
        found = task;
    }
    return found;
}

/* ---- all tasks ---- */

/* Tasks that have the same key stand at the same place: at a step, or before the first one of what
 * a step spawned, or of what a task of the file runs. */
static uint64_t place_key(const ViewDoc *doc, const TaskInfo *info, uint32_t task,
                          uint32_t submitted) {
    enum { AT_STEP, AT_SPAWNED, AT_SUBMITTED };
    if (info->at != EVENT_NONE) {
        return (uint64_t)AT_STEP << 32 | info->at;
    }
    const uint64_t made = timeline_task_created(doc->timeline, task);
    const int64_t spawn = log_event(doc->log, made)->x;
    return spawn >= 0 ? (uint64_t)AT_SPAWNED << 32 | (uint32_t)spawn
                      : (uint64_t)AT_SUBMITTED << 32 | submitted;
}

/* NULL where there is no room for one more. */
static Place *place_of(Places *places, uint64_t key) {
    for (size_t i = 0; i < places->count; i++) {
        if (places->places[i].key == key) {
            return &places->places[i];
        }
    }
    if (places->count == PLACES_MAX) {
        return NULL;
    }
    Place *place = &places->places[places->count++];
    *place = (Place){.key = key};
    return place;
}

/* The places of one line are one. */
static void places_merge(Places *places) {
    for (size_t i = 0; i < places->count; i++) {
        Place *place = &places->places[i];
        for (size_t k = 0; k < i && place->line >= 0; k++) {
            Place *first = &places->places[k];
            if (first->line != place->line) {
                continue;
            }
            for (uint32_t t = 0; t < place->count && t < PLACE_BADGES; t++) {
                if (first->count + t < PLACE_BADGES) {
                    first->tasks[first->count + t] = place->tasks[t];
                }
            }
            first->count += place->count;
            place->line = -1;
        }
    }
}

void places_find(Places *places, const ViewDoc *doc, const Listing *listing) {
    const uint64_t tasks = state_loop(doc->after)->tasks;
    const uint32_t kinds = doc->program == NULL ? 0 : doc->program->task_count;
    uint32_t submitted = 0; /* of the file's tasks: the one that `task` is a copy of */
    uint64_t behind = kinds > 0 ? doc->program->tasks[0].count : 0;
    places->count = 0;
    for (uint32_t task = 0; task < tasks && tasks <= COUNTED_TASKS_MAX; task++) {
        while (task >= behind && submitted + 1 < kinds) {
            behind += doc->program->tasks[++submitted].count;
        }
        const TaskInfo info = state_task(doc->after, task);
        if (!is_alive(info.phase)) {
            continue;
        }
        Place *place = place_of(places, place_key(doc, &info, task, submitted));
        if (place == NULL) {
            continue;
        }
        if (place->count == 0) {
            place->line = places_line_of(doc, listing, doc->after, task);
        }
        if (place->count < PLACE_BADGES) {
            place->tasks[place->count] = task;
        }
        place->count++;
    }
    places_merge(places);
}

/* ---- drawing ---- */

static void task_draw(const Canvas *canvas, uint32_t task, float x, float y, float radius_u) {
    const bool runs = task == state_loop(canvas->doc->after)->running;
    badge_draw(canvas, task, x, y, radius_u * canvas->u, runs ? BADGE_FILLED : BADGE_HOLLOW,
               canvas->theme->panel);
}

/* In the margin beside a text that leaves no more room: smaller, two on a row. */
static void margin_draw(const Place *place, const Canvas *canvas, const CodeGrid *grid, float right,
                        float y) {
    const float u = canvas->u;
    for (uint32_t i = 0; i < place->count; i++) {
        const float x = right - (i % 2 == 0 ? 37 : 21) * u;
        task_draw(canvas, place->tasks[i], x, y + (float)(i / 2) * grid->pitch_px, 8);
    }
}

static void place_draw(const Place *place, const Canvas *canvas, const CodeGrid *grid,
                       uint32_t rows, float left, float right, float y) {
    const float u = canvas->u, edge = right - 20 * u;
    const bool beside = left + (26 * (float)place->count - 6) * u <= edge;
    if (place->count > PLACE_BADGES || (!beside && place->count > 2 * rows)) {
        char count[FORMAT_MAX];
        canvas_text(canvas, FONT_MONO_MEDIUM, 13.5f, canvas->theme->ink2, edge, y, ALIGN_RIGHT,
                    format_count(count, place->count));
    } else if (!beside && place->count > 1) {
        margin_draw(place, canvas, grid, right, y);
    } else {
        for (uint32_t i = 0; i < place->count; i++) {
            task_draw(canvas, place->tasks[i], edge - (10 + 26 * (float)(place->count - 1 - i)) * u,
                      y, 10);
        }
    }
}

void places_draw(const Places *places, const Canvas *canvas, const CodeGrid *grid, uint32_t line,
                 uint32_t rows, float left, float right, float y) {
    for (size_t i = 0; i < places->count; i++) {
        if (places->places[i].line == (int32_t)line) {
            place_draw(&places->places[i], canvas, grid, rows, left, right, y);
        }
    }
}
