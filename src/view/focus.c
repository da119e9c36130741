#include "view/focus.h"

#include "base/mem.h"

#include <stdlib.h>

bool focus_is_range(Focus focus) {
    return focus.action == ACTION_SET_PACE;
}

static Focus focus_of(const Hit *hit) {
    return (Focus){hit->action, hit->action == ACTION_SET_PACE ? 0 : hit->argument};
}

static bool is_same(Focus a, Focus b) {
    return a.action == b.action && a.argument == b.argument;
}

static bool is_control(const Scene *scene, const Hit *hit) {
    if (hit->action == ACTION_NONE || hit->action == ACTION_SEEK || hit->tip[0] == '\0') {
        return false;
    }
    const Rect rect = hit->rect;
    const Hit *top = scene_hit_at(scene, rect.x + rect.w / 2, rect.y + rect.h / 2);
    return top != NULL && top->tip[0] != '\0' && is_same(focus_of(top), focus_of(hit));
}

/* The last place counts: a task's lane, which stands still, and not its card, which moves. */
const Hit *focus_hit(const Scene *scene, Focus focus) {
    for (size_t i = scene->hit_count; i > 0 && focus.action != ACTION_NONE; i--) {
        const Hit *hit = &scene->hits[i - 1];
        if (is_same(focus_of(hit), focus) && is_control(scene, hit)) {
            return hit;
        }
    }
    return NULL;
}

/* Panel by panel; within one line by line, and along the line. */
static int in_reading_order(const void *left, const void *right) {
    const Hit *a = *(const Hit *const *)left, *b = *(const Hit *const *)right;
    const int a_y = (int)(a->rect.y + a->rect.h / 2), b_y = (int)(b->rect.y + b->rect.h / 2);
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    if (a_y != b_y) {
        return a_y < b_y ? -1 : 1;
    }
    return a->rect.x < b->rect.x ? -1 : a->rect.x > b->rect.x;
}

Focus focus_step(const Scene *scene, Focus focus, bool forward) {
    const Hit **controls = mem_alloc(scene->hit_count + 1, sizeof *controls);
    size_t count = 0;
    for (size_t i = 0; i < scene->hit_count; i++) {
        const Hit *hit = &scene->hits[i];
        if (focus_hit(scene, focus_of(hit)) == hit) {
            controls[count++] = hit;
        }
    }
    qsort(controls, count, sizeof *controls, in_reading_order);
    size_t at = forward ? 0 : count; /* of the next one, from 1 on; 0 is none */
    for (size_t i = 0; i < count; i++) {
        if (is_same(focus_of(controls[i]), focus)) {
            at = forward ? i + 1 : i;
        }
    }
    const bool found = forward ? at < count : at > 0;
    const Focus next = found ? focus_of(controls[forward ? at : at - 1]) : (Focus){0};
    free(controls);
    return next;
}
