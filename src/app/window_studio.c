#include "app/window_studio.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static bool range_take(Studio *studio) {
    const uint64_t count = timeline_count(studio->document->view.timeline);
    if (count == 0) {
        diags_add(studio->diags, studio->file,
                  "no picture: the trace has no event that can be shown");
        return false;
    }
    return command_range(studio->options, studio->file, count, &studio->from, &studio->to,
                         studio->diags);
}

bool studio_open(Studio *studio, const Log *log, const Options *options, const char *file,
                 const Progress *progress, Diags *diags) {
    *studio = (Studio){.options = options, .file = file, .progress = progress, .diags = diags};
    studio->document = document_over((Log *)log, file);
    if (!range_take(studio)) {
        return false;
    }
    studio->painter = painter_create(diags);
    player_init(&studio->player);
    studio->player.pace = player_pace_near(options->pace);
    studio->player.reduced_motion = options->reduced_motion;
    studio->input =
        (ViewInput){.width_px = (int)options->width_px,
                    .height_px = (int)options->height_px,
                    .theme = options->theme,
                    .text_scale = options->font_scale > 0 ? (float)options->font_scale : 1,
                    .player = &studio->player,
                    .selected = EVENT_NONE,
                    .pointer_x = -1,
                    .pointer_y = -1};
    return studio->painter != NULL;
}

void studio_close(Studio *studio) {
    scene_finish(&studio->scene);
    painter_destroy(studio->painter);
    document_close(studio->document);
}

const uint32_t *studio_paint(Studio *studio) {
    view_main(&studio->scene, &studio->document->view, &studio->input,
              painter_metrics(studio->painter));
    return painter_paint(studio->painter, &studio->scene);
}

const uint32_t *studio_paint_event(Studio *studio, uint64_t n) {
    studio->player.cursor = n + 1;
    studio->player.phase = 1;
    return studio_paint(studio);
}

bool studio_goes_on(Studio *studio, double share) {
    const Progress *progress = studio->progress;
    if (progress == NULL || progress->told(progress->context, share)) {
        return true;
    }
    diags_add(studio->diags, studio->file, EXPORT_STOPPED);
    return false;
}

/* ---- which steps ---- */

/* Whether event n is one of those that a list of numbers, "3,7,12", names. */
static bool list_names(const char *list, uint64_t n) {
    for (const char *at = list; *at != '\0';) {
        char *end = NULL;
        const unsigned long long number = strtoull(at, &end, 10);
        if (end != at && number == n) {
            return true;
        }
        at = *end == ',' ? end + 1 : end + strlen(end);
    }
    return false;
}

static bool is_chosen(const Studio *studio, const char *which, uint64_t n) {
    const EventKind kind = (EventKind)log_event(studio->document->view.log, n)->kind;
    if (strcmp(which, "notes") == 0) {
        return kind == EV_NOTE;
    }
    if (strcmp(which, "iterations") == 0) {
        return kind == EV_ITERATION;
    }
    return strcmp(which, "all") == 0 || list_names(which, n);
}

static uint64_t *choose(const Studio *studio, const char *which, size_t *count) {
    uint64_t *steps = NULL;
    size_t cap = 0;
    *count = 0;
    for (uint64_t n = studio->from; n <= studio->to; n++) {
        if (is_chosen(studio, which, n)) {
            steps = mem_grow(steps, &cap, *count + 1, sizeof *steps);
            steps[(*count)++] = n;
        }
    }
    return steps;
}

uint64_t *studio_steps(Studio *studio, const char *fallback, size_t *count) {
    const char *which = studio->options->steps;
    uint64_t *steps = choose(studio, which != NULL ? which : fallback, count);
    if (*count == 0 && which == NULL) {
        steps = choose(studio, "iterations", count); /* a scenario without notes */
    }
    if (*count == 0) {
        diags_add(studio->diags, studio->file, "no step is chosen%s%s", which != NULL ? " by " : "",
                  which != NULL ? which : "");
    }
    return steps;
}
