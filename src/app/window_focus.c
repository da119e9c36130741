/* The keyboard's focus: Tab goes over the controls, Enter and Space press the one that has it. */
#include "app/window_app.h"

#include <string.h>

static Focus focus_of(const App *app) {
    return focus_hit(&app->scene, app->input.control) == NULL ? (Focus){0} : app->input.control;
}

void app_focus_step(App *app, bool forward) {
    const Focus next = focus_step(&app->scene, focus_of(app), forward);
    app->input.control = next;
    app->input.filtering = false;
    app->dirty = true;
    const bool task = next.action == ACTION_SELECT_TASK && (uint32_t)next.argument != EVENT_NONE;
    if (task && app->screen == SCREEN_MAIN) {
        app->input.selected = (uint32_t)next.argument; /* who comes to a task asks why */
    }
}

void app_focus_clear(App *app) {
    app->dirty = app->dirty || app->input.control.action != ACTION_NONE;
    app->input.control = (Focus){0};
}

bool app_focus_key(App *app, const char *key) {
    const Focus focus = focus_of(app);
    const bool enter = strcmp(key, "Return") == 0 || strcmp(key, "Keypad Enter") == 0;
    const bool left = strcmp(key, "Left") == 0, right = strcmp(key, "Right") == 0;
    if (focus.action == ACTION_NONE) {
        return false;
    }
    if (focus_is_range(focus) && (left || right)) {
        app_act(app, left ? ACTION_SLOWER : ACTION_FASTER, 0);
        return true;
    }
    if (!enter && strcmp(key, "Space") != 0) {
        return false;
    }
    if (app->screen != SCREEN_WELCOME && focus.action == ACTION_WELCOME) {
        app_leave(app); /* as Esc it would do no more than clear the focus */
    } else if (!focus_is_range(focus)) {
        app_act(app, (Action)focus.action, focus.argument);
    }
    return true;
}
