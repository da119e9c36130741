/* A stage over a pretend run, for the tests of the view: any cursor, phase and size to a scene. */
#ifndef LOOPSCOPE_TESTS_VIEW_SHOW_H
#define LOOPSCOPE_TESTS_VIEW_SHOW_H

#include "view_log.h"

#include "base/utf8.h"
#include "view/stage.h"

static inline float fixed_width(void *context, Font font, float size_px, const char *text,
                                size_t size_bytes) {
    (void)context, (void)font;
    return 0.55f * size_px * (float)utf8_count(text, size_bytes);
}

static const Metrics METRICS = {NULL, fixed_width};

typedef struct Show {
    Log *log;
    Listing steps;
    ViewDoc doc;
    Player player;
    ViewInput input;
    Layout layout;
    Canvas canvas;
    Scene scene;
} Show;

/* Over any run; the log is the show's. */
static inline void show_over(Show *show, Log *log) {
    *show = (Show){.log = log};
    Timeline *timeline = timeline_create(show->log);
    while (timeline_count(timeline) < log_count(show->log)) {
        if (!timeline_follow(timeline, UINT64_MAX)) {
            fail_msg("%s", timeline_error(timeline)->message);
        }
    }
    show->doc = (ViewDoc){.log = show->log,
                          .timeline = timeline,
                          .before = state_create(timeline),
                          .after = state_create(timeline),
                          .name = "test"};
    player_init(&show->player);
    show->input = (ViewInput){.width_px = 1600,
                              .height_px = 900,
                              .text_scale = 1,
                              .player = &show->player,
                              .selected = EVENT_NONE,
                              .pointer_x = -1,
                              .pointer_y = -1};
}

static inline void show_open(Show *show, const ViewTask *tasks, uint32_t count, IoVia via,
                             const char *backend) {
    show_over(show, view_log_make(tasks, count, via, backend));
    view_listing_make(&show->steps, tasks, count);
    show->doc.listings[CODE_STEPS] = &show->steps;
}

static inline void show_close(Show *show) {
    scene_finish(&show->scene);
    listing_finish(&show->steps);
    state_destroy(show->doc.before);
    state_destroy(show->doc.after);
    timeline_destroy(show->doc.timeline);
    log_destroy(show->log);
}

static inline void show_size(Show *show, int width_px, int height_px, float text_scale) {
    show->input.width_px = width_px;
    show->input.height_px = height_px;
    show->input.text_scale = text_scale;
}

/* An empty scene at the cursor, for the panels that the test draws. */
static inline void show_begin_at(Show *show, uint64_t cursor, float phase) {
    show->player.cursor = cursor;
    show->player.phase = phase;
    state_seek(show->doc.after, cursor);
    state_seek(show->doc.before, cursor > 0 ? cursor - 1 : 0);
    const ViewInput *input = &show->input;
    layout_make(&show->layout, input->width_px, input->height_px, input->text_scale);
    show->canvas = (Canvas){.scene = &show->scene,
                            .theme = theme_get(input->theme),
                            .metrics = &METRICS,
                            .layout = &show->layout,
                            .u = show->layout.u,
                            .text_scale = input->text_scale,
                            .doc = &show->doc,
                            .input = input};
    scene_clear(&show->scene, input->width_px, input->height_px);
}

/* The stage alone, so that other panels may change without these tests. */
static inline void show_at(Show *show, uint64_t cursor, float phase) {
    show_begin_at(show, cursor, phase);
    panel_stage(&show->canvas);
}

static inline char *show_dump(Show *show, uint64_t cursor, float phase) {
    Buf out = {0};
    show_at(show, cursor, phase);
    scene_dump(&show->scene, &out);
    return out.data;
}

static inline uint64_t find_event(const Show *show, EventKind kind, uint32_t task, int nth) {
    for (uint64_t n = 0; n < log_count(show->log); n++) {
        const Event *event = log_event(show->log, n);
        const bool right = event->kind == kind && (task == EVENT_NONE || event->task == task);
        if (right && nth-- == 0) {
            return n + 1; /* the cursor just after it */
        }
    }
    fail_msg("no such event");
    return 0;
}

static inline bool shows_text(const Scene *scene, const char *text) {
    const size_t length = strlen(text);
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (draw->kind == DRAW_TEXT && draw->count >= length) {
            for (uint32_t k = 0; k + length <= draw->count; k++) {
                if (memcmp(scene->text + draw->first + k, text, length) == 0) {
                    return true;
                }
            }
        }
    }
    return false;
}

static inline size_t draws_of(const Scene *scene, unsigned kind) {
    size_t count = 0;
    for (size_t i = 0; i < scene->draw_count; i++) {
        count += scene->draws[i].id >> 32 == kind;
    }
    return count;
}

#endif
