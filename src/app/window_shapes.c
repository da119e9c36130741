/* The shapes on the welcome screen's cards: each scenario is run once on the simulated OS, which
 * touches no file and waits for nothing, one after the other and after the first frame. The window
 * never waits for such a run: it has its own thread, and is looked at between frames. */
#include "app/session.h"
#include "app/window_app.h"
#include "base/mem.h"

#include <stdlib.h>

enum {
    SHAPE_EVENTS_MAX = 200000,  /* of a run: a scenario that never ends is cut there */
    SHAPE_EVENTS_STEP = 16384,  /* that are looked at between two frames */
    SHAPE_BYTES_MAX = 64 << 20, /* its files lie in memory, and nobody asked for it */
};

struct ShapeWork {
    size_t item;
    Scenario *scenario;
    Session *session;
    Timeline *timeline;
};

static void work_destroy(ShapeWork *work) {
    if (work != NULL) {
        timeline_destroy(work->timeline);
        session_destroy(work->session);
        scenario_destroy(work->scenario);
        free(work);
    }
}

/* NULL where it can't be run. */
static ShapeWork *work_begin(const char *file, size_t item) {
    Diags unused = {0};
    ShapeWork *work = mem_alloc(1, sizeof *work);
    work->item = item;
    work->scenario = scenario_load(file, &unused);
    if (work->scenario != NULL) {
        SessionConfig config = {
            .backend = OS_BACKEND_SIM, .seed = 1, .limits = loop_limits_default()};
        config.limits.events = SHAPE_EVENTS_MAX;
        config.limits.bytes = config.limits.memory_bytes = SHAPE_BYTES_MAX;
        work->session = session_create(work->scenario, &config, &unused);
    }
    if (work->session == NULL || !session_start(work->session, &unused)) {
        work_destroy(work);
        work = NULL;
    } else {
        session_allow(work->session, UINT64_MAX);
        work->timeline = timeline_create(session_log(work->session));
    }
    diags_finish(&unused);
    return work;
}

/* The next one that was not tried yet begins; false where there is none. */
static bool work_next(WelcomeStore *welcome) {
    while (welcome->shape_work == NULL && welcome->shapes_tried < welcome->count) {
        const size_t item = welcome->shapes_tried++;
        if (welcome->items[item].other == NULL) {
            welcome->shape_work = work_begin(welcome->items[item].file, item);
        }
    }
    return welcome->shape_work != NULL;
}

bool shapes_advance(WelcomeStore *welcome, bool *news) {
    if (!work_next(welcome)) {
        return false;
    }
    ShapeWork *work = welcome->shape_work;
    if (!session_ended(work->session)) {
        return true;
    }
    const bool legal = timeline_follow(work->timeline, SHAPE_EVENTS_STEP);
    if (legal && timeline_count(work->timeline) < log_count(session_log(work->session))) {
        return true;
    }
    if (timeline_count(work->timeline) > 0) {
        RunShape *shape = mem_alloc(1, sizeof *shape);
        shape_make(work->timeline, shape);
        welcome->items[work->item].shape = shape;
        *news = true;
    }
    work_destroy(work);
    welcome->shape_work = NULL;
    return true;
}

void shapes_finish(WelcomeStore *welcome) {
    work_destroy(welcome->shape_work);
    welcome->shape_work = NULL;
}
