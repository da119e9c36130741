/* The screen of two runs: one above the other on one time axis, what each came to beside it, and
 * the moment where their orders part. A pure function, as view_main.
 *
 * Ownership: the caller owns everything handed in. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_COMPARE_H
#define LOOPSCOPE_VIEW_COMPARE_H

#include "view/compare_clock.h"
#include "view/view.h"

typedef struct CompareInput {
    const ViewDoc *docs[COMPARE_RUNS]; /* the second NULL until the first has ended */
    const char *names[COMPARE_RUNS];
    bool saved[COMPARE_RUNS];     /* a recording; else it is run now */
    const Comparison *comparison; /* NULL until both have ended */
    const CompareClock *clock;
    size_t selected; /* a pair of tasks; SIZE_MAX: none */
    LanePlace told;  /* a moment of a run is told in words: */
    size_t told_run;
    uint32_t told_task; /* of LANE_TASK */
    uint64_t told_ns;
    const ViewInput *input; /* size, theme, text, span, pointer, help; the rest is not looked at */
} CompareInput;

void view_compare(Scene *scene, const CompareInput *compare, const Metrics *metrics);

/* The input with which view_time, view_zoom, view_pan, view_reveal and view_lane_click work on the
 * timeline of a run; `pane` keeps its place. */
ViewInput compare_pane_input(const CompareInput *compare, size_t run, TimePane *pane);

/* The run whose half of the screen y is in. */
size_t compare_run_at(const CompareInput *compare, float y);

/* When the orders part in a run; UINT64_MAX where they don't, or where that run ends before. */
uint64_t compare_mark_ns(const CompareInput *compare, size_t run);

#endif
