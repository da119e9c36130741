/* For the room: theme, size of text, blank screen, what is remembered, the editor, and the file
 * that is loaded again when it was saved. */
#include "app/process.h"
#include "app/resources.h"
#include "app/window_app.h"
#include "base/files.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WATCH_NS UINT64_C(400000000)

enum { WATCHED_MAX_BYTES = 4 * 1024 * 1024 };

static const double TEXT_SCALES[] = {1, 1.18, 1.35};
enum { TEXT_SCALE_COUNT = sizeof TEXT_SCALES / sizeof TEXT_SCALES[0] };

void app_room_begin(App *app) {
    const Options *options = app->options;
    settings_init(&app->settings);
    settings_load(&app->settings);
    app->input.theme = options->has_theme ? options->theme : app->settings.theme;
    app->input.text_scale =
        (float)(options->font_scale > 0 ? options->font_scale : app->settings.text_scale);
    app->player.reduced_motion = options->reduced_motion || app->settings.reduced_motion;
    if (options->pace <= 0) {
        app->player.pace = app->settings.pace;
    }
}

/* The step after the present size, in a direction; `around`: behind the last comes the first. */
static void text_scale_step(App *app, int step, bool around) {
    int at = 0;
    for (int i = 1; i < TEXT_SCALE_COUNT; i++) {
        at = fabs(TEXT_SCALES[i] - app->input.text_scale) <
                     fabs(TEXT_SCALES[at] - app->input.text_scale)
                 ? i
                 : at;
    }
    at += step;
    if (at >= 0 && (at < TEXT_SCALE_COUNT || around)) {
        app->settings.text_scale = TEXT_SCALES[at % TEXT_SCALE_COUNT];
        app->input.text_scale = (float)app->settings.text_scale;
    }
}

static const char *file_on_screen(const App *app) {
    if (app->document != NULL) {
        return app->document->session != NULL ? app->document->file : NULL;
    }
    if (app->problem_file != NULL) {
        return app->problem_file;
    }
    return app->welcome.focus < app->welcome.count ? app->welcome.items[app->welcome.focus].file
                                                   : NULL;
}

bool app_room_act(App *app, Action action) {
    switch (action) {
    case ACTION_THEME:
        app->input.theme = (ThemeName)((app->input.theme + 1) % THEME_COUNT);
        app->settings.theme = app->input.theme;
        break;
    case ACTION_TEXT_NEXT:
        text_scale_step(app, 1, true);
        break;
    case ACTION_TEXT_LARGER:
        text_scale_step(app, 1, false);
        break;
    case ACTION_TEXT_SMALLER:
        text_scale_step(app, -1, false);
        break;
    case ACTION_BLANK:
        app->blank = true;
        if (app->player.playing) {
            app_act(app, ACTION_PLAY_PAUSE, 0); /* nothing happens unseen */
        }
        break;
    case ACTION_REDUCED_MOTION:
        app->player.reduced_motion = !app->player.reduced_motion;
        app->settings.reduced_motion = app->player.reduced_motion;
        break;
    case ACTION_EDIT:
        if (file_on_screen(app) != NULL) {
            process_edit(file_on_screen(app));
        }
        return true; /* nothing to remember */
    default:
        return false;
    }
    settings_save(&app->settings);
    return true;
}

void app_room_end(App *app) {
    if (app->options->pace <= 0 && app->settings.pace != app->player.pace) {
        app->settings.pace = app->player.pace;
        settings_save(&app->settings);
    }
}

void app_room_opened(App *app, const char *file) {
    char *whole = file_real_path(file);
    if (whole != NULL && !welcome_focus(&app->welcome, whole)) {
        settings_recent_add(&app->settings, whole);
        settings_save(&app->settings);
    }
    free(whole);
}

void app_blank_draw(App *app) {
    scene_clear(&app->scene, app->input.width_px, app->input.height_px);
    const Rect all = {0, 0, (float)app->input.width_px, (float)app->input.height_px};
    scene_rect(&app->scene, all, 0, (Style){.fill = {0, 0, 0, 255}});
}

/* ---- a file that is saved while it is shown ---- */

/* A sum over the file's bytes (FNV-1a); 0 where it can't be read, or is too large to be watched. */
static uint64_t file_sum(const char *path) {
    char bytes[16 * 1024];
    FILE *file = file_stream(path);
    if (file == NULL) {
        return 0;
    }
    uint64_t sum = UINT64_C(14695981039346656037);
    size_t total = 0;
    for (size_t got; total <= WATCHED_MAX_BYTES && (got = fread(bytes, 1, sizeof bytes, file)) > 0;
         total += got) {
        for (size_t i = 0; i < got; i++) {
            sum = (sum ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
        }
    }
    fclose(file);
    return total > WATCHED_MAX_BYTES ? 0 : sum;
}

/* Over all files that are run and shown; 0 where there is none, or one can't be read just now. */
static uint64_t watched_sum(const App *app) {
    const char *files[COMPARE_RUNS] = {NULL, NULL};
    if (app->compare != NULL) {
        for (size_t run = 0; run < COMPARE_RUNS; run++) {
            const char *file = app->compare->spec.file[run];
            files[run] = resources_is_trace(file) ? NULL : file;
        }
    } else if (app->document != NULL) {
        files[0] = app->document->session != NULL ? app->document->file : NULL;
    } else {
        files[0] = app->problem_file;
    }
    uint64_t all = 0;
    for (size_t i = 0; i < COMPARE_RUNS; i++) {
        const uint64_t sum = files[i] == NULL ? 0 : file_sum(files[i]);
        if (files[i] != NULL && sum == 0) {
            return 0;
        }
        all = all * 31 + sum;
    }
    return all;
}

void app_watch_begin(App *app) {
    app->watch_loaded = app->watch_seen = watched_sum(app);
}

/* A change counts once it was seen twice: an editor may still be writing. */
void app_watch(App *app, uint64_t now_ns) {
    if (now_ns < app->watch_next_ns) {
        return;
    }
    app->watch_next_ns = now_ns + WATCH_NS;
    const uint64_t sum = watched_sum(app);
    if (sum == 0 || sum == app->watch_loaded) {
        app->watch_seen = app->watch_loaded;
    } else if (sum == app->watch_seen) {
        app_act(app, ACTION_RELOAD, 0);
    } else {
        app->watch_seen = sum;
    }
}
