/* Finding tasks: the filter's pattern as it is typed, and the tasks that are followed. */
#include "app/window_app.h"

#include <ctype.h>
#include <string.h>

void app_filter_begin(App *app) {
    app->input.filtering = true;
    app->input.help = false;
    app->dirty = true;
}

void app_filter_clear(App *app) {
    filter_set(&app->filter, "");
    app->input.filtering = false;
    app->dirty = true;
}

/* Letters are given to the first that match. */
static void follow_matches(App *app) {
    const size_t count =
        app->filter.matches < FILTER_FIRST_MAX ? app->filter.matches : (size_t)FILTER_FIRST_MAX;
    app->input.followed_count = 0;
    for (size_t i = 0; i < count && i < IDENTITY_COUNT; i++) {
        app->input.followed[app->input.followed_count++] = app->filter.first[i];
    }
    if (count > 0) {
        app->input.selected = app->filter.first[0];
    }
}

bool pattern_edit(char *pattern, size_t cap, const char *key) {
    const size_t length = strlen(pattern);
    const bool space = strcmp(key, "Space") == 0;
    if (strcmp(key, "Backspace") == 0) {
        pattern[length > 0 ? length - 1 : 0] = '\0';
        return true;
    }
    if ((!space && (key[0] <= ' ' || key[0] > '~' || key[1] != '\0')) || length + 1 >= cap) {
        return false;
    }
    pattern[length] = space ? ' ' : (char)tolower((unsigned char)key[0]);
    pattern[length + 1] = '\0';
    return true;
}

bool app_filter_key(App *app, const char *key) {
    char pattern[FILTER_PATTERN_MAX];
    memcpy(pattern, app->filter.pattern, sizeof pattern);
    if (strcmp(key, "Return") == 0 || strcmp(key, "Keypad Enter") == 0) {
        app->input.filtering = false;
        if (filter_is_on(&app->filter)) {
            follow_matches(app);
        }
    } else if (strcmp(key, "Escape") == 0) {
        app_filter_clear(app);
    } else if (strcmp(key, "Space") != 0 && pattern_edit(pattern, sizeof pattern, key)) {
        filter_set(&app->filter, pattern);
    } else {
        return false;
    }
    app->dirty = true;
    return true;
}

void app_select_task(App *app, uint32_t task) {
    ViewInput *input = &app->input;
    size_t at = 0;
    if (task == EVENT_NONE) {
        input->selected = EVENT_NONE;
        app->dirty = true;
        return;
    }
    while (at < input->followed_count && input->followed[at] != task) {
        at++;
    }
    if (at < input->followed_count) { /* the others keep their order */
        input->followed_count--;
        memmove(&input->followed[at], &input->followed[at + 1],
                (input->followed_count - at) * sizeof input->followed[0]);
        input->selected = input->selected == task ? EVENT_NONE : input->selected;
    } else if (input->selected == task) {
        input->selected = EVENT_NONE;
    } else {
        input->selected = task;
        if (timeline_task_count(app->document->view.timeline) > IDENTITY_COUNT &&
            input->followed_count < IDENTITY_COUNT) {
            input->followed[input->followed_count++] = task;
        }
    }
    app->dirty = true;
}

void app_select_letter(App *app, size_t letter) {
    ViewInput *input = &app->input;
    const uint32_t tasks = timeline_task_count(app->document->view.timeline);
    uint32_t task = EVENT_NONE;
    if (tasks > IDENTITY_COUNT && input->followed_count > 0) {
        task = letter < input->followed_count ? input->followed[letter] : EVENT_NONE;
    } else if (letter < tasks) {
        task = (uint32_t)letter;
    }
    if (task != EVENT_NONE) { /* the letter stays its own */
        input->selected = input->selected == task ? EVENT_NONE : task;
        app->dirty = true;
    }
}

void app_select_next(App *app, bool forward) {
    ViewInput *input = &app->input;
    const uint32_t tasks = timeline_task_count(app->document->view.timeline);
    uint32_t task = input->selected < tasks ? input->selected : forward ? tasks - 1 : 0;
    for (uint32_t i = 0; i < tasks; i++) {
        task = forward ? (task + 1) % tasks : (task + tasks - 1) % tasks;
        if (filter_has(&app->filter, task)) {
            input->selected = task;
            app->dirty = true;
            return;
        }
    }
}
