#include "app/window_compare.h"

#include "app/resources.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A mistake in the second file is told before the first runs. */
static bool file_is_good(const char *file, Diags *diags) {
    if (resources_is_trace(file)) {
        return true; /* it says so itself when it is opened */
    }
    Scenario *scenario = scenario_load(file, diags);
    scenario_destroy(scenario);
    return scenario != NULL;
}

static Document *side_open(CompareView *view, size_t run, Diags *diags) {
    char folder[COMPARE_FOLDER_MAX];
    Options options;
    if (!compare_spec_options(&view->spec, view->options, run, folder, &options)) {
        diags_add(diags, "loopscope", "the folder's name is too long: %s", view->options->workdir);
        return NULL;
    }
    return view->spec.fixed ? document_open_way(&options, view->spec.file[run], run == 1, diags)
                            : document_open(&options, view->spec.file[run], false, diags);
}

CompareView *compare_view_open(const Options *options, const CompareSpec *spec, size_t *bad,
                               Diags *diags) {
    *bad = 1;
    if (!file_is_good(spec->file[1], diags)) {
        return NULL;
    }
    *bad = 0;
    CompareView *view = mem_alloc(1, sizeof *view);
    view->spec = compare_spec_copy(spec);
    view->options = options;
    view->selected = SIZE_MAX;
    compare_spec_names(&view->spec, view->names);
    compare_clock_init(&view->clock);
    view->docs[0] = side_open(view, 0, diags);
    if (view->docs[0] == NULL) {
        compare_view_close(view);
        return NULL;
    }
    return view;
}

void compare_view_close(CompareView *view) {
    if (view == NULL) {
        return;
    }
    if (view->compared) {
        comparison_finish(&view->comparison);
    }
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        document_close(view->docs[run]);
    }
    compare_spec_free(&view->spec);
    free(view);
}

bool compare_view_ended(const CompareView *view) {
    return view->compared;
}

void compare_view_timelines(const CompareView *view, Timeline *timelines[COMPARE_RUNS]) {
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        timelines[run] = view->docs[run] == NULL ? NULL : view->docs[run]->view.timeline;
    }
}

static void compare_now(CompareView *view) {
    Timeline *timelines[COMPARE_RUNS];
    const Log *logs[COMPARE_RUNS];
    uint64_t counts[COMPARE_RUNS];
    compare_view_timelines(view, timelines);
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        logs[run] = view->docs[run]->view.log;
        counts[run] = timeline_count(timelines[run]);
    }
    comparison_make(&view->comparison, logs, counts);
    view->compared = true;
    const uint64_t ends[COMPARE_RUNS] = {view->comparison.stats[0].end_ns,
                                         view->comparison.stats[1].end_ns};
    compare_clock_fit(&view->clock, ends[0] > ends[1] ? ends[0] : ends[1]);
}

/* Whether the run is over and all of it was taken in. */
static bool side_over(const Document *document) {
    return document_ended(document) && !document->view.live;
}

bool compare_view_follow(CompareView *view, Diags *diags, bool *failed) {
    *failed = false;
    if (view->compared) {
        return false;
    }
    bool news = false;
    for (size_t run = 0; run < COMPARE_RUNS && view->docs[run] != NULL; run++) {
        news = document_follow(view->docs[run], UINT64_MAX) || news;
    }
    if (!side_over(view->docs[0])) {
        return news;
    }
    if (view->docs[1] == NULL) {
        view->docs[1] = side_open(view, 1, diags);
        *failed = view->docs[1] == NULL;
        return true;
    }
    if (side_over(view->docs[1])) {
        compare_now(view);
        return true;
    }
    return news;
}

void compare_view_input(const CompareView *view, const ViewInput *input, CompareInput *out) {
    *out = (CompareInput){.comparison = view->compared ? &view->comparison : NULL,
                          .clock = &view->clock,
                          .selected = view->selected,
                          .told = view->told,
                          .told_run = view->told_run,
                          .told_task = view->told_task,
                          .told_ns = view->told_ns,
                          .input = input};
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        out->docs[run] = view->docs[run] == NULL ? NULL : &view->docs[run]->view;
        out->names[run] = view->names[run];
        out->saved[run] = view->docs[run] != NULL && view->docs[run]->session == NULL;
    }
}

void compare_view_select_next(CompareView *view, bool forward) {
    const size_t count = view->compared ? view->comparison.pair_count : 0;
    if (count == 0) {
        return;
    }
    if (view->selected >= count) {
        view->selected = forward ? 0 : count - 1;
    } else if (forward) {
        view->selected = view->selected + 1 < count ? view->selected + 1 : SIZE_MAX;
    } else {
        view->selected = view->selected > 0 ? view->selected - 1 : SIZE_MAX;
    }
}
