/* What is always true of the stage's pictures, and golden scenes. Include after cmocka.h. */
#ifndef LOOPSCOPE_TESTS_VIEW_CHECKS_H
#define LOOPSCOPE_TESTS_VIEW_CHECKS_H

#include "view_golden.h"
#include "view_show.h"

#define CHECK_UNUSED __attribute__((unused))

/* A badge draws one letter: how many filled ones the task has, and where the (last) one is. */
CHECK_UNUSED static int filled_badges(const Scene *scene, uint32_t task, Point *at) {
    int count = 0;
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (draw->id == stage_id(STAGE_ID_BADGE, task) && draw->kind == DRAW_TEXT) {
            *at = (Point){draw->rect.x, draw->rect.y};
            count++;
        }
    }
    return count;
}

CHECK_UNUSED static bool is_on_stage(TaskPhase phase) {
    return phase >= TASK_NEW && phase <= TASK_WAITING;
}

/* Behind the cards of the ready queue, where tasks are counted. */
CHECK_UNUSED static bool in_crowd(Show *show, uint32_t task) {
    for (int k = 0; k < 2; k++) {
        const State *state = k ? show->doc.after : show->doc.before;
        ReadyItem items[64];
        const size_t count = state_ready(state, items, 64);
        if (count >= STAGE_LANE_CARDS && state_task(state, task).phase == TASK_NEW) {
            return true;
        }
        for (size_t i = STAGE_LANE_CARDS; i < count && i < 64; i++) {
            if (!items[i].is_callback && items[i].id == task) {
                return true;
            }
        }
    }
    return false;
}

/* Exactly one filled badge a task, at every event and on every part of the way. */
CHECK_UNUSED static void check_one_badge(Show *show, uint32_t task_count) {
    for (uint64_t cursor = 0; cursor <= log_count(show->log); cursor++) {
        for (int step = 0; step <= 10; step++) {
            show_at(show, cursor, (float)step / 10);
            for (uint32_t task = 0; task < task_count; task++) {
                Point at;
                const int badges = filled_badges(&show->scene, task, &at);
                const bool is = is_on_stage(state_task(show->doc.after, task).phase);
                const bool was = is_on_stage(state_task(show->doc.before, task).phase);
                /* It grows out of nothing when it is made, and fades when it ends. */
                const int least = is && (was || step == 10) && !in_crowd(show, task);
                const int most = is || (was && step < 10);
                if (badges < least || badges > most) {
                    fail_msg("cursor %llu, phase %.1f: task %u has %d filled badges",
                             (unsigned long long)cursor, step / 10.0, task, badges);
                }
            }
        }
    }
}

CHECK_UNUSED static Rect draw_bounds(const Draw *draw) {
    Rect r = draw->rect;
    switch (draw->kind) {
    case DRAW_CIRCLE:
    case DRAW_ARC:
    case DRAW_PIE:
        return (Rect){r.x - draw->radius, r.y - draw->radius, 2 * draw->radius, 2 * draw->radius};
    case DRAW_TEXT:
        r.x -= draw->align == ALIGN_LEFT ? 0 : draw->align == ALIGN_MIDDLE ? r.w / 2 : r.w;
        return (Rect){r.x, r.y - 0.37f * draw->size_px, r.w, 0.74f * draw->size_px};
    default:
        return r;
    }
}

CHECK_UNUSED static bool overlap(Rect a, Rect b) {
    const float slack = 0.75f;
    return a.x + slack < b.x + b.w && b.x + slack < a.x + a.w && a.y + slack < b.y + b.h &&
           b.y + slack < a.y + a.h;
}

CHECK_UNUSED static bool inside(Rect inner, Rect outer) {
    return inner.x >= outer.x - 1 && inner.y >= outer.y - 1 &&
           inner.x + inner.w <= outer.x + outer.w + 1 && inner.y + inner.h <= outer.y + outer.h + 1;
}

/* Words stand in a place or beside it, never across its edge. */
CHECK_UNUSED static void check_edges(const Show *show, Rect text, const char *words, int length) {
    const Layout *l = &show->layout;
    const Rect places[] = {l->lane, l->running, l->paused, l->event_lane, l->user, l->kernel};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (overlap(text, places[i]) && !inside(text, places[i])) {
            fail_msg("%dx%d x %.2f: \"%.*s\" stands across an edge", show->input.width_px,
                     show->input.height_px, show->input.text_scale, length, words);
        }
    }
}

CHECK_UNUSED static void check_room(Show *show, uint64_t cursor) {
    show_at(show, cursor, 1);
    const Scene *scene = &show->scene;
    const Rect stage = {show->layout.user.x, show->layout.user.y,
                        show->layout.user.w + show->layout.wall.w + show->layout.kernel.w,
                        show->layout.user.h};
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Rect a = draw_bounds(&scene->draws[i]);
        if (scene->draws[i].kind == DRAW_UNCLIP) {
            continue;
        }
        assert_true(a.x >= stage.x - 1 && a.x + a.w <= stage.x + stage.w + 1);
        assert_true(a.y >= stage.y - 1 && a.y + a.h <= stage.y + stage.h + 1);
        if (scene->draws[i].kind == DRAW_TEXT) {
            check_edges(show, a, scene->text + scene->draws[i].first, (int)scene->draws[i].count);
        }
        for (size_t k = 0; scene->draws[i].kind == DRAW_TEXT && k < i; k++) {
            if (scene->draws[k].kind == DRAW_TEXT && overlap(a, draw_bounds(&scene->draws[k]))) {
                fail_msg("%dx%d x %.2f, cursor %llu: \"%.*s\" overlaps \"%.*s\"",
                         show->input.width_px, show->input.height_px, show->input.text_scale,
                         (unsigned long long)cursor, (int)scene->draws[i].count,
                         scene->text + scene->draws[i].first, (int)scene->draws[k].count,
                         scene->text + scene->draws[k].first);
            }
        }
    }
}

CHECK_UNUSED static void check_golden(Show *show, const char *name, uint64_t cursor, float phase) {
    char scene[64];
    (void)snprintf(scene, sizeof scene, "stage-%s", name);
    show_at(show, cursor, phase);
    check_golden_scene(&show->scene, scene);
}

#endif
