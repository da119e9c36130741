/* Where the viewer stands in two runs at once: one moment on one time axis. Playing moves it at a
 * part of the real speed, so that the two run beside each other as they did, only slower; a step
 * goes to the next event of either. Pure; time is handed in.
 *
 * A run is shown up to a count of its events. At rest on an axis position that is every event up to
 * that moment; a step may stand between two events of the same nanosecond.
 *
 * Ownership: plain data. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_COMPARE_CLOCK_H
#define LOOPSCOPE_VIEW_COMPARE_CLOCK_H

#include "trace/compare.h"
#include "view/action.h"

/* How many times slower than it was. */
extern const double COMPARE_PACES[];
extern const int COMPARE_PACE_COUNT;

typedef struct CompareClock {
    uint64_t at_ns;
    uint64_t counts[COMPARE_RUNS];
    double rest_ns; /* below a nanosecond, carried between ticks */
    bool playing;
    bool follows; /* the runs go on: their newest events are shown */
    int pace;     /* index into COMPARE_PACES */
    uint64_t last_ns;
} CompareClock;

/* At the newest event of both. */
void compare_clock_init(CompareClock *clock);

/* The pace at which the longer run is over after some seconds. */
void compare_clock_fit(CompareClock *clock, uint64_t end_ns);

/* One of the transport's actions; others are ignored. ACTION_SEEK: to the moment `argument`, ns. A
 * timeline may be NULL: that run has not begun. */
void compare_clock_act(CompareClock *clock, Timeline *const timelines[COMPARE_RUNS], Action action,
                       int64_t argument);

/* Moves on to now_ns; whether anything changes. */
bool compare_clock_tick(CompareClock *clock, Timeline *const timelines[COMPARE_RUNS],
                        uint64_t now_ns);

/* Whether every event of both is shown. */
bool compare_clock_at_end(const CompareClock *clock, Timeline *const timelines[COMPARE_RUNS]);

/* "100 times slower", "as fast as it was" */
const char *compare_pace_text(const CompareClock *clock, char out[64]);

#endif
