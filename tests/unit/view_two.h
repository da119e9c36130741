/* Two pretend runs on the screen that compares them. Include after cmocka.h.
 *
 * Ownership: two_close frees. Threads: the test's. */
#ifndef LOOPSCOPE_TESTS_VIEW_TWO_H
#define LOOPSCOPE_TESTS_VIEW_TWO_H

#include "view_show.h"

#include "view/compare.h"

typedef struct Two {
    Show shows[COMPARE_RUNS];
    Timeline *timelines[COMPARE_RUNS];
    Comparison comparison;
    CompareClock clock;
    CompareInput input;
    Scene scene;
} Two;

/* Both have ended, and all of them is shown. The shows are the two's. */
static inline void two_begin(Two *two) {
    const Log *logs[COMPARE_RUNS];
    uint64_t counts[COMPARE_RUNS];
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        logs[run] = two->shows[run].log;
        counts[run] = log_count(logs[run]);
        two->timelines[run] = two->shows[run].doc.timeline;
    }
    comparison_make(&two->comparison, logs, counts);
    compare_clock_init(&two->clock);
    compare_clock_fit(&two->clock, two->comparison.stats[0].end_ns);
    compare_clock_act(&two->clock, two->timelines, ACTION_END, 0);
    two->scene = (Scene){0};
    two->input = (CompareInput){.docs = {&two->shows[0].doc, &two->shows[1].doc},
                                .names = {"blocking", "async"},
                                .comparison = &two->comparison,
                                .clock = &two->clock,
                                .selected = SIZE_MAX,
                                .input = &two->shows[0].input};
}

/* The same work, with blocking calls and without; see VIEW_THREE. */
static const ViewTask TWO_BLOCKING[] = {
    {"write-a", {{VIEW_LOG, 0}, {VIEW_BLOCKING, 900000}, {VIEW_LOG, 0}}},
    {"write-b", {{VIEW_LOG, 0}, {VIEW_BLOCKING, 900000}, {VIEW_LOG, 0}}},
    {"write-c", {{VIEW_LOG, 0}, {VIEW_BLOCKING, 900000}, {VIEW_LOG, 0}}},
};
static const ViewTask TWO_ASYNC[] = {
    {"write-a", {{VIEW_LOG, 0}, {VIEW_WRITE, 900000}, {VIEW_LOG, 0}}},
    {"write-b", {{VIEW_LOG, 0}, {VIEW_WRITE, 900000}, {VIEW_LOG, 0}}},
    {"write-c", {{VIEW_LOG, 0}, {VIEW_WRITE, 900000}, {VIEW_LOG, 0}}},
};

static inline void two_open(Two *two) {
    show_open(&two->shows[0], TWO_BLOCKING, 3, VIA_IO_URING, "io_uring");
    show_open(&two->shows[1], TWO_ASYNC, 3, VIA_THREADS, "threads");
    two_begin(two);
}

static inline void two_close(Two *two) {
    comparison_finish(&two->comparison);
    scene_finish(&two->scene);
    show_close(&two->shows[0]);
    show_close(&two->shows[1]);
}

static inline void two_draw(Two *two) {
    view_compare(&two->scene, &two->input, &METRICS);
}

#endif
