#include "view/beat.h"

#include "base/assert.h"
#include "view/caption_words.h"

#include <math.h>

enum { TAIL_MAX = 4096 }; /* events of one wait that are looked at */

static bool is_ready(const Event *event) {
    return event->kind == EV_TASK_READY || event->kind == EV_CALLBACK_READY;
}

/* The move that begins at event n, with that of its kind; false: there is none. */
static bool move_at(const Timeline *timeline, EventKind kind, uint64_t n, uint64_t end,
                    BeatMove *move) {
    const Log *log = timeline_log(timeline);
    const Event *event = n < end ? log_event(log, n) : NULL;
    if (event == NULL || event->kind != kind) {
        return false;
    }
    const Event *next = n + 1 < end ? log_event(log, n + 1) : NULL;
    const bool wakes = next != NULL && is_ready(next);
    *move = (BeatMove){
        .end = n + 1 + wakes, .op = EVENT_NONE, .timer = EVENT_NONE, .ms = MOTION_RAIL_MS};
    if (kind == EV_TASK_READY) {
        move->end = n + 1;
        move->task = event->task;
        return event->a == READY_RESUMED;
    }
    if (kind == EV_TIMER_FIRED) {
        move->timer = event->id;
        move->task = wakes ? next->task : EVENT_NONE;
        move->ms = MOTION_FIRED_MS + MOTION_QUEUED_MS;
        return true;
    }
    if (kind != EV_IO_COMPLETED) {
        return false;
    }
    const Event *submitted = words_op_submitted(timeline, event->id);
    move->op = event->id;
    move->task = submitted == NULL ? EVENT_NONE : submitted->task;
    if (timeline_op(timeline, event->id).arrived_n >= n) { /* not seen behind the gate before */
        move->ms = BEAT_COMPLETION_MS;
    }
    return true;
}

/* A badge has one way at a time. */
static bool has_task(const Beat *beat, uint32_t task) {
    for (size_t i = 0; i < beat->count; i++) {
        if (task != EVENT_NONE && beat->moves[i].task == task) {
            return true;
        }
    }
    return false;
}

bool beat_make(Beat *beat, const Timeline *timeline, uint64_t first, uint64_t end) {
    ASSERT(end <= timeline_count(timeline));
    *beat = (Beat){.first = first};
    if (first >= end) {
        return false;
    }
    beat->kind = (EventKind)log_event(timeline_log(timeline), first)->kind;
    BeatMove move;
    uint64_t n = first;
    while (beat->count < BEAT_MOVES_MAX && move_at(timeline, beat->kind, n, end, &move) &&
           !has_task(beat, move.task)) {
        if (beat->count > 0 && move.ms < beat->moves[beat->count - 1].ms) {
            move.ms = beat->moves[beat->count - 1].ms;
        }
        beat->moves[beat->count++] = move;
        n = move.end;
    }
    return beat->count > 1;
}

bool beat_is_open(const Timeline *timeline) {
    const Log *log = timeline_log(timeline);
    const uint64_t count = timeline_count(timeline);
    for (uint64_t n = count; n > 0 && count - n < TAIL_MAX; n--) {
        const Event *event = log_event(log, n - 1);
        if (event->kind == EV_POLLED) {
            return true;
        }
        if (event->kind != EV_IO_COMPLETED && event->kind != EV_TIMER_FIRED && !is_ready(event)) {
            return false;
        }
    }
    return false;
}

uint64_t beat_end(const Beat *beat) {
    return beat->moves[beat->count - 1].end;
}

uint32_t beat_ms(const Beat *beat) {
    return beat->moves[beat->count - 1].ms + BEAT_GAP_MS * (uint32_t)(beat->count - 1);
}

size_t beat_begun(const Beat *beat, float t) {
    const float at_ms = t * (float)beat_ms(beat);
    size_t begun = 1;
    while (begun < beat->count && at_ms >= (float)(begun * BEAT_GAP_MS)) {
        begun++;
    }
    return begun;
}

float beat_phase(const Beat *beat, size_t i, float t) {
    const float at_ms = t * (float)beat_ms(beat) - (float)(i * BEAT_GAP_MS);
    return t >= 1 ? 1 : fminf(fmaxf(at_ms / (float)beat->moves[i].ms, 0), 1);
}

uint64_t beat_cursor(const Beat *beat, float t) {
    return beat->moves[beat_begun(beat, t) - 1].end;
}
