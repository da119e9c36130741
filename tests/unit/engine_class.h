/* A scenario that was run on the simulated OS, shown as in the window: with its listings and its
 * program. Include after cmocka.h. */
#ifndef LOOPSCOPE_TESTS_ENGINE_CLASS_H
#define LOOPSCOPE_TESTS_ENGINE_CLASS_H

#include "engine_rig.h"
#include "view_golden.h"
#include "view_look.h"

#include "view/layout.h"
#include "view/parts.h"

typedef struct Class {
    EngineRun run;
    Timeline *timeline;
    Listing listings[CODE_VIEW_COUNT];
    ViewDoc doc;
    Player player;
    Predict predict;
    ViewInput input;
    Layout layout;
    Canvas canvas;
    Scene scene;
} Class;

SCENE_UNUSED static void class_open(Class *class, const char *file, bool whole) {
    *class = (Class){0};
    assert_true(engine_start(&class->run, file, OS_BACKEND_SIM, 1));
    class->timeline = timeline_create(class->run.log);
    assert_true(!whole || timeline_follow(class->timeline, UINT64_MAX));
    scenario_list_steps(class->run.scenario, &class->listings[CODE_STEPS]);
    scenario_list_python(class->run.scenario, &class->listings[CODE_PYTHON]);
    scenario_list_json(class->run.scenario, &class->listings[CODE_JSON]);
    class->doc = (ViewDoc){.log = class->run.log,
                           .timeline = class->timeline,
                           .before = state_create(class->timeline),
                           .after = state_create(class->timeline),
                           .program = class->run.scenario->program,
                           .name = "test"};
    for (int view = 0; view < CODE_VIEW_COUNT; view++) {
        class->doc.listings[view] = &class->listings[view];
    }
    player_init(&class->player);
    class->input = (ViewInput){.width_px = 1280,
                               .height_px = 720,
                               .text_scale = 1,
                               .player = &class->player,
                               .predict = &class->predict,
                               .selected = EVENT_NONE,
                               .pointer_x = -1,
                               .pointer_y = -1};
}

SCENE_UNUSED static void class_close(Class *class) {
    scene_finish(&class->scene);
    predict_finish(&class->predict);
    for (int view = 0; view < CODE_VIEW_COUNT; view++) {
        listing_finish(&class->listings[view]);
    }
    state_destroy(class->doc.before);
    state_destroy(class->doc.after);
    timeline_destroy(class->timeline);
    engine_finish(&class->run);
}

/* One panel alone, so that others may change without these tests. */
SCENE_UNUSED static void class_show(Class *class, void (*panel)(const Canvas *), uint64_t cursor) {
    const ViewInput *input = &class->input;
    class->player.cursor = cursor;
    state_seek(class->doc.after, cursor);
    state_seek(class->doc.before, cursor > 0 ? cursor - 1 : 0);
    layout_make(&class->layout, input->width_px, input->height_px, input->text_scale);
    class->canvas = (Canvas){.scene = &class->scene,
                             .theme = theme_get(input->theme),
                             .metrics = &PLAIN_METRICS,
                             .layout = &class->layout,
                             .u = class->layout.u,
                             .text_scale = input->text_scale,
                             .doc = &class->doc,
                             .input = input};
    scene_clear(&class->scene, input->width_px, input->height_px);
    panel(&class->canvas);
}

/* The cursor just after the n-th event of a kind (from 0). */
SCENE_UNUSED static uint64_t class_after(const Class *class, EventKind kind, int n) {
    for (uint64_t k = 0; k < log_count(class->run.log); k++) {
        if (log_event(class->run.log, k)->kind == kind && n-- == 0) {
            return k + 1;
        }
    }
    fail_msg("there is no such event");
    return 0;
}

#endif
