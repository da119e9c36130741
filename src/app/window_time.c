/* The timeline under the pointer: scrubbing, zoom, pan, and clicks on the lanes. */
#include "app/window_app.h"

#include <math.h>

#define WHEEL_ROWS  3.0f
#define CLICK_PX    4.0f /* a press that moves less is a click */
#define NOTCH_ZOOM  0.8  /* of the wheel */
#define KEY_ZOOM    0.5
#define PAN_SHARE   0.25f /* of the window's width */
#define PINCH_SCALE 4.0   /* fingers that part by a quarter of the window: e times nearer */

/* The recording whose axis it is, and the input that says where it stands. */
typedef struct Shown {
    const ViewDoc *doc;
    ViewInput input;
    TimePane pane; /* of two runs; input points to it */
} Shown;

static void shown_make(Shown *shown, const App *app) {
    if (app->compare != NULL) {
        shown->doc = app_compare_axis(app, &shown->input, &shown->pane);
    } else {
        shown->doc = &app->document->view;
        shown->input = app->input;
    }
}

/* One run is at an event; of two runs the moment is what they share. */
static void scrub(App *app, float x) {
    Shown shown;
    shown_make(&shown, app);
    const uint64_t to = app->compare != NULL ? view_time(shown.doc, &shown.input, x)
                                             : view_scrub(shown.doc, &shown.input, x);
    app_act(app, ACTION_SEEK, (int64_t)to);
}

static void span_pan(App *app, float dx_px) {
    Shown shown;
    shown_make(&shown, app);
    app->input.span = view_pan(shown.doc, &shown.input, dx_px);
    app->dirty = true;
}

static uint64_t shown_ns(const App *app) {
    if (app->compare != NULL) {
        return app->compare->clock.at_ns;
    }
    const uint64_t count = timeline_count(app->document->view.timeline);
    const uint64_t cursor = app->player.cursor < count ? app->player.cursor : count;
    return cursor == 0 ? 0 : log_event(app->document->view.log, cursor - 1)->t_ns;
}

void app_drag_begin(App *app, Action action, float x, float y) {
    app->drag = (Drag){.kind = action == ACTION_SCRUB ? DRAG_SCRUB : DRAG_LANES, .x = x, .y = y};
    if (app->drag.kind == DRAG_SCRUB) {
        scrub(app, x);
    }
}

/* All of a run leaves nothing to move: there a drag on the lanes scrubs. */
void app_drag_move(App *app, float x) {
    Drag *drag = &app->drag;
    if (drag->kind == DRAG_NONE || app->screen == SCREEN_WELCOME) {
        return;
    }
    if (drag->kind == DRAG_LANES && !drag->moved && fabsf(x - drag->x) < CLICK_PX) {
        return;
    }
    drag->moved = true;
    if (drag->kind == DRAG_SCRUB || app->input.span.to_ns == 0) {
        scrub(app, x);
    } else {
        span_pan(app, drag->x - x);
    }
    drag->x = x;
}

static void lanes_clicked(App *app, float x, float y) {
    if (app->compare != NULL) {
        app_compare_click(app, x, y);
        return;
    }
    const LaneClick click = view_lane_click(&app->document->view, &app->input, x, y);
    if (click.task != EVENT_NONE && app->input.selected != click.task) {
        app_select_task(app, click.task);
    }
    if (click.cursor != UINT64_MAX) {
        app_act(app, ACTION_SEEK, (int64_t)click.cursor);
    }
}

void app_drag_end(App *app) {
    const Drag drag = app->drag;
    app->drag = (Drag){0};
    if (drag.kind == DRAG_LANES && !drag.moved && app->screen != SCREEN_WELCOME) {
        lanes_clicked(app, drag.x, drag.y);
    } else if (drag.kind == DRAG_SCRUB && !drag.moved && app->compare != NULL) {
        app_compare_click(app, drag.x, drag.y); /* the loop's lane lies among the times */
    }
}

static void zoom(App *app, uint64_t at_ns, double factor) {
    Shown shown;
    shown_make(&shown, app);
    app->input.span = view_zoom(shown.doc, &shown.input, at_ns, factor);
    app->dirty = true;
}

bool app_time_act(App *app, Action action) {
    const float page = PAN_SHARE * (float)app->input.width_px;
    switch (action) {
    case ACTION_ZOOM_IN:
        zoom(app, shown_ns(app), KEY_ZOOM);
        return true;
    case ACTION_ZOOM_OUT:
        zoom(app, shown_ns(app), 1 / KEY_ZOOM);
        return true;
    case ACTION_ZOOM_WHOLE:
        app->input.span = (TimeSpan){0};
        return true;
    case ACTION_PAN_LEFT:
        span_pan(app, -page);
        return true;
    case ACTION_PAN_RIGHT:
        span_pan(app, page);
        return true;
    default:
        return false;
    }
}

static bool is_over_timeline(const App *app, float x, float y) {
    const Hit *hit = scene_hit_at(&app->scene, x, y);
    return hit != NULL && (hit->action == ACTION_LANES || hit->action == ACTION_SCRUB);
}

void app_wheel(App *app, const WindowEvent *event) {
    if (app->screen == SCREEN_WELCOME) {
        app_act(app, event->dy < 0 ? ACTION_FOCUS_DOWN : ACTION_FOCUS_UP, 0);
        return;
    }
    const bool over = is_over_timeline(app, event->x, event->y);
    if (event->kind == WINDOW_PINCH || (over && event->dx == 0 && !event->shift)) {
        const double power = event->kind == WINDOW_PINCH ? exp(-PINCH_SCALE * (double)event->dy)
                                                         : pow(NOTCH_ZOOM, (double)event->dy);
        Shown shown;
        shown_make(&shown, app);
        const uint64_t at = over ? view_time(shown.doc, &shown.input, event->x) : shown_ns(app);
        zoom(app, at, power);
    } else if (over) {
        const float notches = event->dx != 0 ? event->dx : -event->dy;
        span_pan(app, notches * PAN_SHARE * 0.25f * (float)app->input.width_px);
    } else if (app->compare == NULL && view_is_over_list(&app->input, event->x, event->y)) {
        app->input.list_scroll -= (int64_t)(event->dy * WHEEL_ROWS);
        app->dirty = true;
    } else {
        app_act(app, event->dy < 0 ? ACTION_STEP : ACTION_STEP_BACK, 0);
    }
}

void app_time_follow(App *app) {
    if (app->player.cursor != app->shown_cursor && app->drag.kind == DRAG_NONE) {
        app->input.span = view_reveal(&app->document->view, &app->input, shown_ns(app));
    }
    if (app->player.cursor != app->shown_cursor) { /* the list follows, too */
        app->input.list_scroll = 0;
        app->input.copied = false;
    }
    app->shown_cursor = app->player.cursor;
}
