/* The screen of two runs: its keys, its pointer, and what of it moves. */
#include "app/window_app.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    RUNS_WAIT_MS = 100, /* while the two run; painting more often would take part of the machine */
    REST_WAIT_MS = 500,
};

void app_compare_show(App *app, CompareView *view) {
    app_close_all(app);
    app->compare = view;
    app->screen = SCREEN_COMPARE;
    app->input.span = (TimeSpan){0};
    app->dirty = true;
    app_focus_clear(app);
    app_watch_begin(app);
    app_title(app);
}

bool app_compare_open(App *app, const CompareSpec *spec) {
    Diags diags = {0};
    size_t bad = 0;
    CompareSpec own = compare_spec_copy(spec); /* its names may belong to what is closed below */
    app_close_all(app);
    CompareView *view = compare_view_open(app->options, &own, &bad, &diags);
    if (view == NULL) {
        app_show_problem(app, own.file[bad], &diags);
        app->problem_spec = own; /* both again, once it is mended */
    } else {
        diags_finish(&diags);
        compare_spec_free(&own);
        app_compare_show(app, view);
    }
    return view != NULL;
}

void app_compare_draw(App *app, const Metrics *metrics) {
    CompareView *view = app->compare;
    CompareInput compare;
    compare_view_input(view, &app->input, &compare);
    if (view->clock.at_ns != view->shown_ns && app->drag.kind == DRAG_NONE) {
        TimePane pane;
        const ViewInput input = compare_pane_input(&compare, 0, &pane);
        app->input.span = view_reveal(compare.docs[0], &input, view->clock.at_ns);
    }
    view->shown_ns = view->clock.at_ns;
    view_compare(&app->scene, &compare, metrics);
}

uint32_t app_compare_advance(App *app, uint64_t now_ns) {
    CompareView *view = app->compare;
    Diags diags = {0};
    bool failed = false;
    app->dirty = compare_view_follow(view, &diags, &failed) || app->dirty;
    if (failed) {
        const CompareSpec spec = compare_spec_copy(&view->spec);
        app_close_all(app);
        app_show_problem(app, spec.file[1], &diags);
        app->problem_spec = spec;
        return 0;
    }
    diags_finish(&diags);
    Timeline *timelines[COMPARE_RUNS];
    compare_view_timelines(view, timelines);
    app->dirty = compare_clock_tick(&view->clock, timelines, now_ns) || app->dirty;
    if (!compare_view_ended(view)) {
        return RUNS_WAIT_MS;
    }
    return view->clock.playing ? 0 : REST_WAIT_MS;
}

/* ---- what is pressed ---- */

static void to_difference(App *app) {
    CompareInput compare;
    compare_view_input(app->compare, &app->input, &compare);
    const uint64_t first = compare_mark_ns(&compare, 0), second = compare_mark_ns(&compare, 1);
    const uint64_t soonest = first < second ? first : second;
    if (soonest != UINT64_MAX) {
        app_act(app, ACTION_SEEK, (int64_t)soonest);
    }
}

static void select_task(CompareView *view, size_t run, uint32_t task) {
    if (view->compared) {
        const size_t pair = comparison_pair_of(&view->comparison, run, task);
        view->selected = pair == view->selected ? SIZE_MAX : pair;
    }
}

/* Where F led here from: the scenario that freezes. */
static void go_back_to_scenario(App *app) {
    const char *first = app->compare->spec.file[0];
    char *file = mem_copy_text(first, strlen(first)); /* belongs to what is closed */
    app_open(app, file, false);
    free(file);
}

/* Esc: what lies on top goes first. */
static void go_back(App *app) {
    CompareView *view = app->compare;
    if (app->input.help) {
        app->input.help = false;
    } else if (view->told != LANE_NOTHING || view->selected != SIZE_MAX ||
               app->input.control.action != ACTION_NONE) {
        app_focus_clear(app);
        view->told = LANE_NOTHING;
        view->selected = SIZE_MAX;
    } else if (view->spec.fixed) {
        go_back_to_scenario(app);
    } else {
        app_leave(app);
    }
}

void app_compare_act(App *app, Action action, int64_t argument) {
    CompareView *view = app->compare;
    Timeline *timelines[COMPARE_RUNS];
    switch (action) {
    case ACTION_WELCOME:
        go_back(app);
        break;
    case ACTION_RELOAD: {
        const CompareSpec spec = view->spec;
        app_compare_open(app, &spec);
        break;
    }
    case ACTION_DIFFERENCE:
        to_difference(app);
        break;
    case ACTION_SELECT_TASK:
        select_task(view, (size_t)(argument >> PANE_RUN_SHIFT), (uint32_t)argument);
        break;
    case ACTION_NEXT_TASK:
    case ACTION_PREV_TASK:
        compare_view_select_next(view, action == ACTION_NEXT_TASK);
        break;
    default:
        if (!app_time_act(app, action)) {
            compare_view_timelines(view, timelines);
            compare_clock_act(&view->clock, timelines, action, argument);
        }
    }
}

/* A click on a lane: the task in both runs, and that moment of it in words; so of the loop's turns
 * and sleeps, and of how many tasks there are in which state. */
void app_compare_click(App *app, float x, float y) {
    CompareView *view = app->compare;
    CompareInput compare;
    TimePane pane;
    compare_view_input(view, &app->input, &compare);
    const size_t run = compare_run_at(&compare, y);
    if (compare.docs[run] == NULL) {
        return;
    }
    const ViewInput input = compare_pane_input(&compare, run, &pane);
    const LaneClick click = view_lane_click(compare.docs[run], &input, x, y);
    view->told = click.place;
    view->told_run = run;
    view->told_task = click.task;
    view->told_ns = view_time(compare.docs[run], &input, x);
    if (click.task != EVENT_NONE && view->compared) {
        view->selected = comparison_pair_of(&view->comparison, run, click.task);
    }
    app->dirty = true;
}

/* ---- the axis that both share; the first run's pane stands for both ---- */

const ViewDoc *app_compare_axis(const App *app, ViewInput *input, TimePane *pane) {
    CompareInput compare;
    compare_view_input(app->compare, &app->input, &compare);
    *input = compare_pane_input(&compare, 0, pane);
    return compare.docs[0];
}
