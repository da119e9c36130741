/* The main screen over an invented run, shown with invented metrics: the fixture of the panels'
 * tests. Include after cmocka.h. */
#ifndef LOOPSCOPE_TESTS_VIEW_PANES_H
#define LOOPSCOPE_TESTS_VIEW_PANES_H

#include "view/layout.h"
#include "view/view.h"
#include "view_log.h"
#include "view_look.h"

#include <math.h>

typedef struct Show {
    Log *log;
    Timeline *timeline;
    State *before, *after;
    Listing steps, json;
    ViewDoc doc;
    Player player;
    ViewInput input;
    Scene scene;
} Show;

SCENE_UNUSED static void show_begin(Show *show, Log *log, const ViewTask *tasks, uint32_t count) {
    *show = (Show){.log = log};
    show->timeline = timeline_create(log);
    assert_true(timeline_follow(show->timeline, UINT64_MAX));
    show->before = state_create(show->timeline);
    show->after = state_create(show->timeline);
    view_listing_make(&show->steps, tasks, count);
    view_listing_make(&show->json, tasks, count);
    show->doc = (ViewDoc){.log = log,
                          .timeline = show->timeline,
                          .before = show->before,
                          .after = show->after,
                          .name = "three-writers",
                          .about = "Three tasks write a file each. One thread serves them all, "
                                   "because the operating system does the waiting."};
    show->doc.listings[CODE_STEPS] = &show->steps;
    show->doc.listings[CODE_JSON] = &show->json;
    player_init(&show->player);
    show->input = (ViewInput){.width_px = 1280,
                              .height_px = 720,
                              .text_scale = 1,
                              .player = &show->player,
                              .selected = EVENT_NONE,
                              .pointer_x = -1,
                              .pointer_y = -1};
}

SCENE_UNUSED static void show_three(Show *show) {
    show_begin(show, view_log_make(VIEW_THREE, 3, VIA_IO_URING, "io_uring"), VIEW_THREE, 3);
}

SCENE_UNUSED static void show_finish(Show *show) {
    scene_finish(&show->scene);
    listing_finish(&show->steps);
    listing_finish(&show->json);
    state_destroy(show->before);
    state_destroy(show->after);
    timeline_destroy(show->timeline);
    log_destroy(show->log);
}

SCENE_UNUSED static const Scene *show_at(Show *show, uint64_t cursor) {
    show->player.cursor = cursor;
    view_main(&show->scene, &show->doc, &show->input, &PLAIN_METRICS);
    return &show->scene;
}

/* The cursor just after the n-th event of a kind (from 0). */
SCENE_UNUSED static uint64_t after_kind(const Show *show, EventKind kind, int n) {
    for (uint64_t k = 0; k < log_count(show->log); k++) {
        if (log_event(show->log, k)->kind == kind && n-- == 0) {
            return k + 1;
        }
    }
    fail_msg("there is no such event");
    return 0;
}

SCENE_UNUSED static Layout layout_of(const Show *show) {
    Layout layout;
    layout_make(&layout, show->input.width_px, show->input.height_px, show->input.text_scale);
    return layout;
}

/* ---- at every size ---- */

static const int SIZES[][2] = {{1024, 640},  {1280, 720},  {1366, 768}, {1600, 900},
                               {1920, 1080}, {2560, 1080}, {1200, 1600}};
enum { SIZE_COUNT = sizeof SIZES / sizeof SIZES[0] };

/* No text below 13 units, none outside the window; none over another in the panels. */
SCENE_UNUSED static void check_texts(const Show *show) {
    const Layout layout = layout_of(show);
    const Rect window = {0, 0, (float)show->input.width_px, (float)show->input.height_px};
    const Rect panels[] = {layout.topbar,   layout.caption, layout.transport,
                           layout.timeline, layout.code,    layout.output};
    const bool drawer = layout.compact;
    char text[512], other[512];
    const Draw *seen[1024];
    for (size_t p = 0; p < sizeof panels / sizeof panels[0]; p++) {
        size_t count = 0;
        if (p >= 4 && drawer) {
            continue; /* lies over the stage */
        }
        for (size_t i = 0; i < show->scene.draw_count; i++) {
            const Draw *draw = &show->scene.draws[i];
            if (draw->kind != DRAW_TEXT || draw->count == 0 ||
                !rect_contains(panels[p], draw->rect.x, draw->rect.y)) {
                continue;
            }
            const Rect box = text_box(draw);
            draw_text(&show->scene, draw, text);
            if (!rect_inside(box, window)) {
                fail_msg("\"%s\" leaves the window of %d x %d", text, show->input.width_px,
                         show->input.height_px);
            }
            for (size_t k = 0; k < count; k++) {
                if (rects_overlap(box, text_box(seen[k]))) {
                    fail_msg("\"%s\" lies over \"%s\" at %d x %d", text,
                             draw_text(&show->scene, seen[k], other), show->input.width_px,
                             show->input.height_px);
                }
            }
            assert_true(count < 1024);
            seen[count++] = draw;
            const bool letter = draw->count == 1; /* in a badge, which has its own size */
            assert_true(letter || draw->size_px >= 12.99f * layout.u);
        }
    }
}

#endif
