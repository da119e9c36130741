/* Two runs in the window, one after the other and then side by side.
 *
 * Ownership: compare_view_open/compare_view_close. Threads: the main one (each run has its own). */
#ifndef LOOPSCOPE_APP_WINDOW_COMPARE_H
#define LOOPSCOPE_APP_WINDOW_COMPARE_H

#include "app/compare_spec.h"
#include "app/window_doc.h"
#include "view/compare.h"

typedef struct CompareView {
    CompareSpec spec; /* its files' names are its own */
    const Options *options;
    char names[COMPARE_RUNS][128];
    Document *docs[COMPARE_RUNS]; /* the second is opened when the first has ended */
    Comparison comparison;
    bool compared; /* both have ended */
    CompareClock clock;
    size_t selected; /* as in CompareInput */
    LanePlace told;
    size_t told_run;
    uint32_t told_task;
    uint64_t told_ns;
    uint64_t shown_ns; /* where the last frame's viewer stood */
} CompareView;

/* The first run begins. NULL and diagnostics where one of the files is wrong; *bad is its index. */
CompareView *compare_view_open(const Options *options, const CompareSpec *spec, size_t *bad,
                               Diags *diags);
void compare_view_close(CompareView *view); /* ends a run in order; accepts NULL */

/* Takes in what the runs have written, begins the second, and compares them when both have ended.
 * Whether there is news; `failed` where the second can't be begun. */
bool compare_view_follow(CompareView *view, Diags *diags, bool *failed);

bool compare_view_ended(const CompareView *view);
void compare_view_timelines(const CompareView *view, Timeline *timelines[COMPARE_RUNS]);
void compare_view_input(const CompareView *view, const ViewInput *input, CompareInput *out);

/* The next or the previous pair of tasks; none behind the last. */
void compare_view_select_next(CompareView *view, bool forward);

#endif
