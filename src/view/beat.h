/* A beat: several events that have one cause and are played as one. The completions of one wait,
 * the timers that fire in one turn, the tasks that one thing wakes: their moves overlap, each
 * begins BEAT_GAP_MS after the one before, and all of them run on one clock t from 0 to 1.
 *
 * A move is what one operation, timer or task does: `io_completed` or `timer_fired` together with
 * the handle that it makes ready, or one `task_ready`. At every t the first moves have begun and
 * the others have not: so the events that are shown are always the first ones of the recording.
 *
 * Ownership: plain data. Threads: the viewer's; reads the timeline alone. */
#ifndef LOOPSCOPE_VIEW_BEAT_H
#define LOOPSCOPE_VIEW_BEAT_H

#include "trace/timeline.h"
#include "view/motion.h"

enum {
    BEAT_MOVES_MAX = 8, /* a longer batch is several beats */
    BEAT_GAP_MS = 90,
    /* The check, to the event lane, and from there to the ready queue. */
    BEAT_COMPLETION_MS = MOTION_POP_MS + MOTION_EVENT_LANE_MS + MOTION_RAIL_MS,
};

typedef struct BeatMove {
    uint64_t end;       /* the cursor just after its events */
    uint32_t task;      /* whose badge moves; or EVENT_NONE */
    uint32_t op, timer; /* what ended; else EVENT_NONE */
    uint32_t ms;        /* never less than that of the one before: none overtakes another */
} BeatMove;

typedef struct Beat {
    EventKind kind; /* of each move's first event */
    uint64_t first; /* the cursor before it */
    BeatMove moves[BEAT_MOVES_MAX];
    size_t count; /* 2 or more */
} Beat;

/* The longest beat of the events from `first` on and before `end`; false: the event there moves
 * alone. */
bool beat_make(Beat *beat, const Timeline *timeline, uint64_t first, uint64_t end);

/* Whether the last event of the timeline is one that the loop itself follows up at once, without
 * sleeping and without running anything: the rest of what one wait brought. */
bool beat_is_open(const Timeline *timeline);

uint64_t beat_end(const Beat *beat);

/* How long all of it takes, in full travel. */
uint32_t beat_ms(const Beat *beat);

/* How many moves have begun at t (1 at least), and how far the i-th has come (0 to 1). */
size_t beat_begun(const Beat *beat, float t);
float beat_phase(const Beat *beat, size_t i, float t);

/* The events that are shown at t. */
uint64_t beat_cursor(const Beat *beat, float t);

#endif
