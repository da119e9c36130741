#include "view/motion.h"

#include "base/assert.h"

#include <math.h>

/* What is missing here shows at once. */
static const Motion MOTIONS[EV_KIND_COUNT] = {
    [EV_LOOP_START] = {0, 240, EASE_OUT},
    [EV_ITERATION] = {0, 240, EASE_OUT},
    [EV_POLL] = {0, 240, EASE_OUT},
    [EV_POLLED] = {0, 240, EASE_OUT},
    [EV_LOOP_STOP] = {0, 300, EASE_OUT},
    [EV_TASK_CREATED] = {0, MOTION_QUEUED_MS, EASE_OUT},
    [EV_TASK_READY] = {0, MOTION_RAIL_MS, EASE_IN_OUT},
    [EV_CALLBACK_READY] = {0, MOTION_QUEUED_MS, EASE_OUT},
    [EV_CALLBACK_RUN] = {0, 320, EASE_IN_OUT},
    [EV_TASK_RUNNING] = {0, 320, EASE_IN_OUT},
    [EV_STEP] = {0, 120, EASE_LINEAR},
    [EV_IO_SUBMITTED] = {0, 420, EASE_IN_OUT},
    [EV_IO_BLOCKING] = {0, 420, EASE_IN_OUT},
    [EV_TASK_WAITING] = {80, 300, EASE_OUT},
    [EV_IO_ARRIVED] = {MOTION_POP_MS, MOTION_EVENT_LANE_MS, EASE_IN_OUT},
    /* Its check pops, too, where it was not seen before, while the badge leaves slowly. */
    [EV_IO_COMPLETED] = {0, MOTION_POP_MS + MOTION_EVENT_LANE_MS, EASE_IN_OUT},
    [EV_TIMER_SET] = {0, 200, EASE_OUT},
    [EV_TIMER_FIRED] = {0, MOTION_FIRED_MS, EASE_IN_OUT},
    [EV_TIMER_CANCELLED] = {0, MOTION_FIRED_MS, EASE_IN_OUT},
    [EV_SYNC] = {0, 300, EASE_IN_OUT},
    [EV_CANCEL_REQUESTED] = {0, 300, EASE_IN_OUT},
    [EV_OUTPUT] = {0, 160, EASE_OUT},
    [EV_NOTE] = {0, 160, EASE_OUT},
    [EV_TASK_FINISHED] = {0, 600, EASE_OUT},
    [EV_TASK_FAILED] = {0, 600, EASE_OUT},
    [EV_TASK_CANCELLED] = {0, 600, EASE_OUT},
    [EV_LOOP_BLOCKED] = {0, 160, EASE_LINEAR},
    [EV_LIMIT] = {0, 160, EASE_LINEAR},
    [EV_DEADLOCK] = {0, 520, EASE_IN_OUT},
};

/* Whether a wait is for something beside which the task's badge parks. */
static bool parks(WaitOn on) {
    return on == WAIT_TASK || on == WAIT_TASKS || on == WAIT_LOCK || on == WAIT_SEMAPHORE ||
           on == WAIT_EVENT || on == WAIT_QUEUE;
}

Motion motion_of(const Event *event) {
    ASSERT(event->kind < EV_KIND_COUNT);
    Motion motion = MOTIONS[event->kind];
    if (event->kind == EV_TASK_READY && event->a == READY_CREATED) {
        motion = MOTIONS[EV_TASK_CREATED];
    } else if (event->kind == EV_TASK_READY && event->a == READY_YIELDED) {
        motion = MOTIONS[EV_TASK_RUNNING]; /* the same way back */
    } else if (event->kind == EV_TASK_WAITING && parks((WaitOn)event->a)) {
        motion.ease = EASE_IN_OUT;
    }
    return motion;
}

uint32_t motion_ms(Motion motion) {
    return (uint32_t)motion.delay_ms + motion.ms;
}

float motion_share(Motion motion, float phase) {
    const float all_ms = (float)motion_ms(motion);
    const float t = all_ms > 0 ? share_within(phase, (float)motion.delay_ms / all_ms, 1) : 1;
    return motion.ease == EASE_LINEAR ? t : motion.ease == EASE_OUT ? ease_out(t) : ease_in_out(t);
}

bool motion_travels(EventKind kind) {
    switch (kind) {
    case EV_TASK_CREATED:
    case EV_TASK_READY:
    case EV_CALLBACK_READY:
    case EV_TASK_RUNNING:
    case EV_TASK_WAITING:
    case EV_IO_SUBMITTED:
    case EV_IO_ARRIVED:
    case EV_IO_COMPLETED:
        return true;
    default:
        return false;
    }
}

/* ---- easing ---- */

float ease_in_out(float t) {
    return t < 0.5f ? 4 * t * t * t : 1 - powf(2 - 2 * t, 3) / 2;
}

float ease_out(float t) {
    return 1 - powf(1 - t, 3);
}

float ease_out_back(float t) {
    const float over = 1.70158f, s = t - 1;
    return 1 + (over + 1) * s * s * s + over * s * s;
}

float share_within(float t, float from, float to) {
    return fminf(fmaxf((t - from) / (to - from), 0), 1);
}

/* Glyphs are drawn anew for each size: a motion makes few. */
float size_between(float a_u, float b_u, float share) {
    return roundf(2 * (a_u + (b_u - a_u) * share)) / 2;
}
