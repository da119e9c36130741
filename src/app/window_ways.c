/* The same work, two ways: once the shown run has frozen the loop, its scenario is run twice more
 * beside it, as it is and with nothing that keeps the thread. What is shown of both was measured;
 * the run that one watches has stood at the gate for as long as somebody looked, and may not have
 * ended yet. */
#include "app/window_app.h"
#include "view/stage.h"

#include <string.h>

/* A scenario that was run here at the user's wish is run again unasked, in folders that are gone
 * afterwards; one that stands in a trace, or whose files are to be kept, only where it is asked. */
static bool may_run(const App *app) {
    const Document *document = app->document;
    return document->session != NULL && document->fixed != NULL && app->options->workdir == NULL &&
           !app->options->keep;
}

/* Looks for the first moment at which the stage is red. */
static void look_for_frozen(Ways *ways, const ViewDoc *doc) {
    const uint64_t count = timeline_count(doc->timeline);
    for (; ways->since == 0 && ways->looked < count; ways->looked++) {
        const Event *event = log_event(doc->log, ways->looked);
        const bool late = ways->running && event->t_ns - ways->running_since_ns > STAGE_FROZEN_NS;
        if (late || (event->kind == EV_LOOP_BLOCKED && event->task != EVENT_NONE)) {
            ways->since = ways->looked + 1;
        } else if (event->kind == EV_TASK_RUNNING) {
            ways->running = true;
            ways->running_since_ns = event->t_ns;
        } else if (event->kind == EV_CALLBACK_RUN || event->kind == EV_POLL ||
                   event->kind == EV_ITERATION) {
            ways->running = false;
        }
    }
}

/* Predicting, they would tell how it goes on; inspecting, one looks at a single run. */
static bool is_to_be_seen(const App *app) {
    const Ways *ways = &app->ways;
    return ways->since > 0 && app->player.cursor >= ways->since && app->input.mode == MODE_WATCH &&
           app->predict.phase == PREDICT_OFF;
}

static void tell_trouble(Ways *ways, Diags *diags) {
    snprintf(ways->trouble, sizeof ways->trouble, "They can't be run: %s",
             diags->count > 0 ? diags->items[0].message : "");
    diags_finish(diags);
    *diags = (Diags){0};
}

static CompareSpec spec_of(const App *app) {
    const char *file = app->document->file;
    CompareSpec spec = compare_spec_make(app->options, file, file);
    spec.fixed = true;
    return spec;
}

static void begin(App *app) {
    Ways *ways = &app->ways;
    Diags diags = {0};
    size_t bad = 0;
    const CompareSpec spec = spec_of(app);
    ways->options = *app->options;
    ways->options.trace = NULL;
    ways->view = compare_view_open(&ways->options, &spec, &bad, &diags);
    if (ways->view == NULL) {
        tell_trouble(ways, &diags);
    }
    diags_finish(&diags);
    app->dirty = true;
}

/* They begin while the run that is watched stands still: the two disturb each other least then. */
bool app_ways_follow(App *app) {
    Ways *ways = &app->ways;
    if (!may_run(app)) {
        return false;
    }
    look_for_frozen(ways, &app->document->view);
    const bool still = app->document->view.held || document_ended(app->document);
    if (ways->view == NULL && ways->trouble[0] == '\0' && still && is_to_be_seen(app)) {
        begin(app);
    }
    if (ways->view == NULL || compare_view_ended(ways->view)) {
        return false;
    }
    Diags diags = {0};
    bool failed = false;
    app->dirty = compare_view_follow(ways->view, &diags, &failed) || app->dirty;
    if (failed) {
        tell_trouble(ways, &diags);
        compare_view_close(ways->view);
        ways->view = NULL;
    }
    diags_finish(&diags);
    return ways->view != NULL && !compare_view_ended(ways->view);
}

void app_ways_input(App *app) {
    Ways *ways = &app->ways;
    app->input.two_ways = NULL;
    if ((ways->view == NULL && ways->trouble[0] == '\0') || !is_to_be_seen(app)) {
        return;
    }
    ways->shown = (TwoWays){.trouble = ways->trouble[0] == '\0' ? NULL : ways->trouble};
    if (ways->view != NULL) {
        CompareInput compare;
        compare_view_input(ways->view, &app->input, &compare);
        memcpy(ways->shown.docs, compare.docs, sizeof ways->shown.docs);
        ways->shown.comparison = compare.comparison;
    }
    app->input.two_ways = &ways->shown;
}

void app_ways_open(App *app) {
    CompareView *view = app->ways.view;
    if (app->document->fixed == NULL) {
        return;
    }
    if (view == NULL) {
        const CompareSpec spec = spec_of(app);
        app_compare_open(app, &spec);
        return;
    }
    app->ways.view = NULL; /* it goes on, on the whole screen */
    app_compare_show(app, view);
}

void app_ways_end(App *app) {
    compare_view_close(app->ways.view);
    const Options options = app->ways.options; /* of what may go on on the whole screen */
    app->ways = (Ways){.options = options};
    app->input.two_ways = NULL;
}
