/* Inspect mode: the list of events, its filter, and the copy of an event. */
#include "app/window_app.h"

#include "export/export.h"

#include <string.h>

enum { LOOKED_AT_A_FRAME = 1 << 15 }; /* events; a few milliseconds */

void app_list_step(App *app, bool forward) {
    const ViewDoc *view = &app->document->view;
    app->input.player = &app->player;
    app->input.events = &app->events;
    const uint64_t cursor = view_list_step(view, &app->input, forward);
    player_act(&app->player, view->timeline, ACTION_SEEK, (int64_t)cursor);
}

/* One line of the trace, as it stands in a file, without its end. */
static void copy_event(App *app) {
    const uint64_t count = timeline_count(app->document->view.timeline);
    const uint64_t cursor = app->player.cursor < count ? app->player.cursor : count;
    if (cursor == 0) {
        return;
    }
    Buf line = {0};
    export_event_line(app->document->view.log, cursor - 1, &line);
    line.data[--line.size_bytes] = '\0';
    app->input.copied = window_copy(app->window, buf_text(&line));
    buf_finish(&line);
}

bool app_mode_act(App *app, Action action) {
    ViewInput *input = &app->input;
    switch (action) {
    case ACTION_WATCH:
    case ACTION_INSPECT:
        input->mode = action == ACTION_WATCH ? MODE_WATCH : MODE_INSPECT;
        input->filtering = false;
        return true;
    case ACTION_COPY:
        copy_event(app);
        return true;
    default:
        return false;
    }
}

void app_events_clear(App *app) {
    event_filter_set(&app->events, "");
    app->input.filtering = false;
    app->input.list_scroll = 0;
    app->dirty = true;
}

bool app_events_key(App *app, const char *key) {
    char pattern[EVENT_PATTERN_MAX];
    memcpy(pattern, app->events.pattern, sizeof pattern);
    if (strcmp(key, "Return") == 0 || strcmp(key, "Keypad Enter") == 0) {
        app->input.filtering = false;
    } else if (strcmp(key, "Escape") == 0) {
        app_events_clear(app);
    } else if (pattern_edit(pattern, sizeof pattern, key)) {
        event_filter_set(&app->events, pattern);
    } else {
        return false;
    }
    app->dirty = true;
    return true;
}

bool app_events_follow(App *app) {
    const uint64_t before = app->events.looked_at;
    const bool more =
        event_filter_follow(&app->events, app->document->view.timeline, LOOKED_AT_A_FRAME);
    app->dirty = app->dirty || app->events.looked_at != before;
    return more;
}
