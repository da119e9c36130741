/* Lanes: a task's life and the loop's own as stretches of time, short ones folded before anything
 * is drawn (after Tracy). A fold is found by searching and filled by sums, so a lane costs by its
 * pixels and not by its events. */
#include "trace/timeline_index.h"

#include "base/assert.h"

enum {
    PARTS = 3,      /* a stint's: ready, running, and what follows */
    WALK_MAX = 192, /* parts that are walked one by one; above, sums are used */
};

/* ---- a task's lane: part 3 i + j is the j-th of stint i ---- */

typedef struct Life {
    const Timeline *timeline;
    const TaskRecord *task;
    uint64_t parts;
} Life;

static Life life_make(const Timeline *timeline, uint32_t task) {
    Life life = {.timeline = timeline, .task = &timeline->tasks[task]};
    if (life.task->stint_count > 0) {
        const uint32_t last = life.task->stint_count - 1;
        const Handle *handle = task_stint(timeline, life.task, last);
        life.parts =
            (uint64_t)last * PARTS + 1 + (handle->run_n != NEVER) + (handle->end_n != NEVER);
    }
    return life;
}

static uint32_t part_event(const Life *life, uint64_t part) {
    const Handle *handle = task_stint(life->timeline, life->task, (uint32_t)(part / PARTS));
    switch (part % PARTS) {
    case 0:
        return handle->queued_n;
    case 1:
        return handle->run_n;
    default:
        return handle->end_n;
    }
}

static uint64_t part_start(const Life *life, uint64_t part) {
    return time_of(life->timeline, part_event(life, part));
}

static TaskPhase part_phase(const Life *life, uint64_t part) {
    static const TaskPhase FIRST[] = {TASK_READY, TASK_RUNNING};
    if (part % PARTS < 2) {
        return FIRST[part % PARTS];
    }
    switch ((EventKind)event_at(life->timeline, part_event(life, part))->kind) {
    case EV_TASK_WAITING:
        return TASK_WAITING;
    case EV_TASK_FINISHED:
        return TASK_FINISHED;
    case EV_TASK_FAILED:
        return TASK_FAILED;
    case EV_TASK_CANCELLED:
        return TASK_CANCELLED;
    default:
        return TASK_READY; /* it yielded: the next stint begins at once */
    }
}

static bool part_is_end(const Life *life, uint64_t part) {
    return part + 1 == life->parts && part % PARTS == 2 && part_phase(life, part) > TASK_WAITING;
}

/* A task that yields does not wait: nothing stands between its running and its being ready. */
static bool part_is_nothing(const Life *life, uint64_t part) {
    return part % PARTS == 2 && part + 1 < life->parts &&
           part_event(life, part) == part_event(life, part + 1);
}

static uint64_t part_end(const Life *life, uint64_t part) {
    if (part + 1 < life->parts) {
        return part_start(life, part + 1);
    }
    return part_is_end(life, part) ? part_start(life, part) : timeline_end_ns(life->timeline);
}

static bool part_is_short(const Life *life, uint64_t part, uint64_t min_ns) {
    return part_end(life, part) - part_start(life, part) < min_ns && !part_is_end(life, part);
}

/* The first part from `part` on that starts at or after t_ns: galloping, then halving. */
static uint64_t part_from(const Life *life, uint64_t part, uint64_t t_ns) {
    uint64_t low = part, high = life->parts;
    for (uint64_t stride = 1; low + stride < high; stride *= 2) {
        if (part_start(life, low + stride) >= t_ns) {
            high = low + stride;
            break;
        }
        low += stride;
    }
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (part_start(life, middle) >= t_ns) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

typedef struct PhaseTimes {
    uint64_t ns[TASK_PHASE_COUNT];
    uint32_t parts;
} PhaseTimes;

static void walk_parts(const Life *life, uint64_t first, uint64_t end, PhaseTimes *times) {
    uint64_t start_ns = first < end ? part_start(life, first) : 0;
    for (uint64_t part = first; part < end; part++) {
        const uint64_t end_ns = part_end(life, part);
        if (!part_is_nothing(life, part)) {
            times->ns[part_phase(life, part)] += end_ns - start_ns;
            times->parts++;
        }
        start_ns = end_ns;
    }
}

/* The sums at the beginning of stint k x STINTS_PER_SUM. */
static LifeSum sum_at(const Life *life, uint64_t k) {
    return k == 0 ? (LifeSum){0} : life->task->sums[k - 1];
}

/* The times of parts first..end-1, all of them over. */
static PhaseTimes times_between(const Life *life, uint64_t first, uint64_t end) {
    enum { STRIDE = PARTS * STINTS_PER_SUM };
    PhaseTimes times = {0};
    const uint64_t first_sum = (first + STRIDE - 1) / STRIDE;
    const uint64_t sums = (life->task->stint_count - 1) / STINTS_PER_SUM;
    const uint64_t last_sum = end / STRIDE < sums ? end / STRIDE : sums;
    if (end - first <= WALK_MAX || first_sum >= last_sum) {
        walk_parts(life, first, end, &times);
        return times;
    }
    const LifeSum from = sum_at(life, first_sum), to = sum_at(life, last_sum);
    times.ns[TASK_READY] = to.ready_ns - from.ready_ns;
    times.ns[TASK_RUNNING] = to.run_ns - from.run_ns;
    times.ns[TASK_WAITING] = to.wait_ns - from.wait_ns;
    times.parts = (uint32_t)((last_sum - first_sum) * STINTS_PER_SUM * 2) + to.waits - from.waits;
    walk_parts(life, first, first_sum * STRIDE, &times);
    walk_parts(life, last_sum * STRIDE, end, &times);
    return times;
}

/* The phase that fills most of the fold; of equals the one that is least patient. */
static TaskPhase longest_phase(const PhaseTimes *times) {
    TaskPhase longest = TASK_RUNNING;
    if (times->ns[TASK_READY] > times->ns[longest]) {
        longest = TASK_READY;
    }
    return times->ns[TASK_WAITING] > times->ns[longest] ? TASK_WAITING : longest;
}

static LaneSegment segment_of(const Life *life, uint64_t part) {
    return (LaneSegment){.phase = part_phase(life, part),
                         .start_ns = part_start(life, part),
                         .end_ns = part_end(life, part),
                         .start_n = part_event(life, part)};
}

/* Short parts from `part` on that start within min_ns of it; *end is the part behind them. */
static LaneSegment fold_parts(const Life *life, uint64_t part, uint64_t min_ns, uint64_t *end) {
    LaneSegment segment = segment_of(life, part);
    uint64_t behind = part_from(life, part + 1, segment.start_ns + min_ns);
    while (behind > part + 1 && !part_is_short(life, behind - 1, min_ns)) {
        behind--; /* that one is long, or an end, and stands for itself */
    }
    *end = behind;
    const PhaseTimes times = times_between(life, part, behind);
    if (times.parts > 1) {
        segment.folded = times.parts;
        segment.phase = longest_phase(&times);
        segment.end_ns = part_end(life, behind - 1);
    }
    return segment;
}

size_t timeline_lane(const Timeline *timeline, uint32_t task, uint64_t from_ns, uint64_t to_ns,
                     uint64_t min_ns, LaneSegment *out, size_t cap) {
    ASSERT(task < timeline->head.loop.tasks);
    const Life life = life_make(timeline, task);
    uint64_t part = part_from(&life, 0, from_ns);
    while (part > 0 && part_end(&life, part - 1) >= from_ns &&
           part_start(&life, part - 1) < from_ns) {
        part--; /* it began before the view and reaches into it */
    }
    size_t count = 0;
    while (part < life.parts && count < cap && part_start(&life, part) <= to_ns) {
        if (part_is_nothing(&life, part)) {
            part++;
        } else if (part_is_short(&life, part, min_ns)) {
            out[count++] = fold_parts(&life, part, min_ns, &part);
        } else {
            out[count++] = segment_of(&life, part++);
        }
    }
    return count;
}

uint64_t timeline_life_count(const Timeline *timeline, uint32_t task) {
    ASSERT(task < timeline->head.loop.tasks);
    return life_make(timeline, task).parts;
}

LifePart timeline_life(const Timeline *timeline, uint32_t task, uint64_t part) {
    const Life life = life_make(timeline, task);
    ASSERT(part < life.parts);
    const bool nothing = part_is_nothing(&life, part);
    return (LifePart){.phase = nothing ? TASK_ABSENT : part_phase(&life, part),
                      .start_ns = part_start(&life, part),
                      .end_ns = part_end(&life, part),
                      .start_n = part_event(&life, part),
                      .end_n = part + 1 < life.parts ? part_event(&life, part + 1) : UINT64_MAX};
}

uint64_t timeline_life_at(const Timeline *timeline, uint32_t task, uint64_t n) {
    ASSERT(task < timeline->head.loop.tasks);
    const Life life = life_make(timeline, task);
    uint64_t low = 0, high = life.parts; /* parts [0, low) began by n, [high, parts) later */
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (part_event(&life, middle) <= n) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? low - 1 : UINT64_MAX;
}

/* ---- the loop's lane: a mark is where it changes, and lasts until the next one ---- */

static uint64_t mark_start(const Timeline *timeline, uint32_t mark) {
    return mark < timeline->marks.count ? time_of(timeline, timeline->marks.items[mark])
                                        : timeline_end_ns(timeline);
}

static EventKind mark_kind(const Timeline *timeline, uint32_t mark) {
    return (EventKind)event_at(timeline, timeline->marks.items[mark])->kind;
}

static uint64_t mark_length(const Timeline *timeline, uint32_t mark) {
    return mark_start(timeline, mark + 1) - mark_start(timeline, mark);
}

static uint32_t mark_from(const Timeline *timeline, uint32_t mark, uint64_t t_ns) {
    uint32_t low = mark, high = timeline->marks.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (mark_start(timeline, middle) >= t_ns) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* How long the loop slept before a mark. */
static uint64_t asleep_before(const Timeline *timeline, uint32_t mark) {
    if (timeline->marks.count == 0) {
        return 0;
    }
    const uint32_t last = (timeline->marks.count - 1) / MARKS_PER_SUM;
    const uint32_t sum = mark / MARKS_PER_SUM < last ? mark / MARKS_PER_SUM : last;
    uint64_t asleep_ns = timeline->asleep_sums[sum];
    for (uint32_t i = sum * MARKS_PER_SUM; i < mark; i++) {
        asleep_ns += mark_kind(timeline, i) == EV_POLL ? mark_length(timeline, i) : 0;
    }
    return asleep_ns;
}

static uint64_t mark_iteration(const Timeline *timeline, uint32_t mark) {
    const Event *event = event_at(timeline, timeline->marks.items[mark]);
    return event->kind == EV_ITERATION ? (uint64_t)event->x : 0;
}

static LoopSegment fold_marks(const Timeline *timeline, uint32_t mark, uint64_t min_ns,
                              uint32_t *end) {
    LoopSegment segment = {.asleep = mark_kind(timeline, mark) == EV_POLL,
                           .iteration = mark_iteration(timeline, mark),
                           .start_ns = mark_start(timeline, mark),
                           .start_n = timeline->marks.items[mark]};
    uint32_t behind = mark_from(timeline, mark + 1, segment.start_ns + min_ns);
    while (behind > mark + 1 && mark_length(timeline, behind - 1) >= min_ns) {
        behind--;
    }
    *end = behind;
    segment.end_ns = mark_start(timeline, behind);
    if (behind - mark > 1) {
        const uint64_t asleep_ns = asleep_before(timeline, behind) - asleep_before(timeline, mark);
        segment.folded = behind - mark;
        segment.asleep = asleep_ns > segment.end_ns - segment.start_ns - asleep_ns;
    }
    return segment;
}

size_t timeline_loop_lane(const Timeline *timeline, uint64_t from_ns, uint64_t to_ns,
                          uint64_t min_ns, LoopSegment *out, size_t cap) {
    const uint32_t marks = timeline->marks.count;
    uint32_t mark = mark_from(timeline, 0, from_ns);
    mark -= mark > 0; /* the one before reaches into the view */
    size_t count = 0;
    while (mark < marks && count < cap && mark_start(timeline, mark) <= to_ns) {
        const bool is_gap = mark_kind(timeline, mark) == EV_POLLED;
        const bool is_short = mark_length(timeline, mark) < min_ns;
        if (is_gap && !is_short) {
            mark++; /* completions and timers are taken: neither asleep nor a turn's handles */
            continue;
        }
        uint32_t end = mark + 1;
        const LoopSegment segment = fold_marks(timeline, mark, is_short ? min_ns : 0, &end);
        if (!is_gap || segment.folded > 0) {
            out[count++] = segment;
        }
        mark = end;
    }
    return count;
}

/* ---- counts ---- */

void timeline_counts(const Timeline *timeline, uint64_t from_ns, uint64_t to_ns, size_t columns,
                     uint32_t (*out)[TASK_PHASE_COUNT]) {
    Fold fold;
    uint64_t count = 0;
    fold_init(&fold);
    for (size_t i = 0; i < columns; i++) {
        const uint64_t t_ns =
            from_ns + (to_ns - from_ns) / columns * i + (to_ns - from_ns) / columns / 2;
        fold_seek(timeline, &fold, &count, timeline_count_at(timeline, t_ns));
        for (int phase = 0; phase < TASK_PHASE_COUNT; phase++) {
            out[i][phase] = (uint32_t)fold.loop.phase_counts[phase];
        }
    }
}
