#include "view/compare_clock.h"

#include "base/format.h"

#include <math.h>
#include <stdio.h>

const double COMPARE_PACES[] = {1e6, 3e5, 1e5, 3e4, 1e4, 3000, 1000, 300, 100, 30, 10, 3, 1};
const int COMPARE_PACE_COUNT = (int)(sizeof COMPARE_PACES / sizeof COMPARE_PACES[0]);

#define TICK_MAX_NS                                                                                \
    UINT64_C(250000000) /* a longer pause between ticks is no time that was played */
#define WHOLE_S 12.0    /* the longer run is played in at most this */

void compare_clock_init(CompareClock *clock) {
    *clock = (CompareClock){.follows = true, .pace = COMPARE_PACE_COUNT - 1};
}

void compare_clock_fit(CompareClock *clock, uint64_t end_ns) {
    clock->pace = COMPARE_PACE_COUNT - 1;
    while (clock->pace > 0 && COMPARE_PACES[clock->pace - 1] * (double)end_ns / 1e9 <= WHOLE_S) {
        clock->pace--;
    }
}

static uint64_t count_of(const Timeline *timeline) {
    return timeline == NULL ? 0 : timeline_count(timeline);
}

static uint64_t end_of(Timeline *const timelines[COMPARE_RUNS]) {
    uint64_t end_ns = 0;
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        if (timelines[run] != NULL && timeline_end_ns(timelines[run]) > end_ns) {
            end_ns = timeline_end_ns(timelines[run]);
        }
    }
    return end_ns;
}

static uint64_t time_of(const Timeline *timeline, uint64_t n) {
    return log_event(timeline_log(timeline), n)->t_ns;
}

bool compare_clock_at_end(const CompareClock *clock, Timeline *const timelines[COMPARE_RUNS]) {
    return clock->counts[0] >= count_of(timelines[0]) && clock->counts[1] >= count_of(timelines[1]);
}

/* ---- moves ---- */

static void stand_at(CompareClock *clock, Timeline *const timelines[COMPARE_RUNS], uint64_t at_ns) {
    clock->at_ns = at_ns;
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        clock->counts[run] = timelines[run] == NULL ? 0 : timeline_count_at(timelines[run], at_ns);
    }
}

static void to_start(CompareClock *clock) {
    clock->at_ns = 0;
    clock->counts[0] = clock->counts[1] = 0;
}

/* The next event of either, the first run's first where both have one. */
static void step(CompareClock *clock, Timeline *const timelines[COMPARE_RUNS]) {
    size_t chosen = COMPARE_RUNS;
    uint64_t soonest = UINT64_MAX;
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        if (clock->counts[run] < count_of(timelines[run])) {
            const uint64_t t_ns = time_of(timelines[run], clock->counts[run]);
            if (t_ns < soonest) {
                soonest = t_ns;
                chosen = run;
            }
        }
    }
    if (chosen < COMPARE_RUNS) {
        clock->counts[chosen]++;
        clock->at_ns = soonest;
    }
}

/* Undoes the last step: the later event goes, the second run's first where both are as late. */
static void step_back(CompareClock *clock, Timeline *const timelines[COMPARE_RUNS]) {
    size_t chosen = COMPARE_RUNS;
    uint64_t latest = 0;
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        if (clock->counts[run] > 0) {
            const uint64_t t_ns = time_of(timelines[run], clock->counts[run] - 1);
            if (chosen == COMPARE_RUNS || t_ns >= latest) {
                latest = t_ns;
                chosen = run;
            }
        }
    }
    if (chosen == COMPARE_RUNS) {
        to_start(clock);
        return;
    }
    clock->counts[chosen]--;
    clock->at_ns = 0;
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        if (clock->counts[run] > 0 &&
            time_of(timelines[run], clock->counts[run] - 1) > clock->at_ns) {
            clock->at_ns = time_of(timelines[run], clock->counts[run] - 1);
        }
    }
}

/* To the next turn that begins in either; to the end where none does. */
static void next_turn(CompareClock *clock, Timeline *const timelines[COMPARE_RUNS]) {
    uint64_t soonest = end_of(timelines);
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        const uint64_t from = clock->counts[run];
        if (from < count_of(timelines[run])) {
            const uint64_t next = timeline_next_iteration(timelines[run], from);
            const uint64_t t_ns = time_of(timelines[run], next - 1);
            soonest = t_ns < soonest ? t_ns : soonest;
        }
    }
    stand_at(clock, timelines, soonest);
}

static void previous_turn(CompareClock *clock, Timeline *const timelines[COMPARE_RUNS]) {
    uint64_t latest = 0;
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        uint64_t count = clock->counts[run];
        do { /* of turns of the same moment the first is meant */
            count = count == 0 ? 0 : timeline_prev_iteration(timelines[run], count);
        } while (count > 0 && time_of(timelines[run], count - 1) >= clock->at_ns);
        if (count > 0 && time_of(timelines[run], count - 1) > latest) {
            latest = time_of(timelines[run], count - 1);
        }
    }
    if (latest == 0) {
        to_start(clock);
    } else {
        stand_at(clock, timelines, latest);
    }
}

static void play_pause(CompareClock *clock, Timeline *const timelines[COMPARE_RUNS]) {
    clock->playing = !clock->playing;
    clock->last_ns = 0;
    clock->rest_ns = 0;
    if (clock->playing && compare_clock_at_end(clock, timelines)) {
        to_start(clock);
    }
}

static bool moves(Action action) {
    switch (action) {
    case ACTION_STEP:
    case ACTION_STEP_BACK:
    case ACTION_NEXT_ITERATION:
    case ACTION_PREV_ITERATION:
    case ACTION_HOME:
    case ACTION_END:
    case ACTION_SEEK:
        return true;
    default:
        return false;
    }
}

static void set_pace(CompareClock *clock, int64_t pace) {
    clock->pace = pace < 0 ? 0 : pace >= COMPARE_PACE_COUNT ? COMPARE_PACE_COUNT - 1 : (int)pace;
}

static void move(CompareClock *clock, Timeline *const timelines[COMPARE_RUNS], Action action,
                 int64_t argument) {
    clock->playing = false;
    clock->follows = action == ACTION_END;
    switch (action) {
    case ACTION_STEP:
        step(clock, timelines);
        break;
    case ACTION_STEP_BACK:
        step_back(clock, timelines);
        break;
    case ACTION_NEXT_ITERATION:
        next_turn(clock, timelines);
        break;
    case ACTION_PREV_ITERATION:
        previous_turn(clock, timelines);
        break;
    case ACTION_HOME:
        to_start(clock);
        break;
    case ACTION_END:
        stand_at(clock, timelines, end_of(timelines));
        break;
    default:
        stand_at(clock, timelines, argument < 0 ? 0 : (uint64_t)argument);
        break;
    }
}

void compare_clock_act(CompareClock *clock, Timeline *const timelines[COMPARE_RUNS], Action action,
                       int64_t argument) {
    if (moves(action)) {
        move(clock, timelines, action, argument);
    } else if (action == ACTION_PLAY_PAUSE) {
        clock->follows = false;
        play_pause(clock, timelines);
    } else if (action == ACTION_FASTER || action == ACTION_SLOWER) {
        set_pace(clock, clock->pace + (action == ACTION_FASTER ? 1 : -1));
    } else if (action == ACTION_SET_PACE) {
        set_pace(clock, argument);
    }
}

/* ---- time ---- */

bool compare_clock_tick(CompareClock *clock, Timeline *const timelines[COMPARE_RUNS],
                        uint64_t now_ns) {
    const CompareClock old = *clock;
    uint64_t elapsed_ns = clock->last_ns == 0 ? 0 : now_ns - clock->last_ns;
    elapsed_ns = elapsed_ns < TICK_MAX_NS ? elapsed_ns : TICK_MAX_NS;
    clock->last_ns = now_ns;
    if (clock->follows) {
        stand_at(clock, timelines, end_of(timelines));
    } else if (clock->playing) {
        const double moved = clock->rest_ns + (double)elapsed_ns / COMPARE_PACES[clock->pace];
        clock->rest_ns = moved - floor(moved);
        const uint64_t end_ns = end_of(timelines), at_ns = clock->at_ns + (uint64_t)moved;
        clock->playing = at_ns < end_ns;
        stand_at(clock, timelines, at_ns < end_ns ? at_ns : end_ns);
    }
    return clock->at_ns != old.at_ns || clock->counts[0] != old.counts[0] ||
           clock->counts[1] != old.counts[1] || clock->playing != old.playing;
}

const char *compare_pace_text(const CompareClock *clock, char out[64]) {
    const double pace = COMPARE_PACES[clock->pace];
    char count[FORMAT_MAX];
    if (pace <= 1) {
        snprintf(out, 64, "as fast as it was");
    } else {
        snprintf(out, 64, "%s times slower", format_count(count, (uint64_t)pace));
    }
    return out;
}
