#include "view/compare_words.h"

#include "base/format.h"
#include "view/caption.h"

#define ABOUT_AS_LONG 1.05 /* less is not told apart: nobody would see it again */

bool compare_times_tell(const Log *const logs[COMPARE_RUNS]) {
    return log_header(logs[0])->has_seed == log_header(logs[1])->has_seed;
}

void compare_words_ratio(const Comparison *comparison, const Log *const logs[COMPARE_RUNS],
                         Buf *out) {
    const double ratio = comparison_ratio(comparison);
    if (!compare_times_tell(logs)) {
        buf_append_text(out, "One of the two is simulated: its times are made up.");
    } else if (ratio <= 0) {
        buf_append_text(out, "The first took no time that could be measured.");
    } else if (ratio < ABOUT_AS_LONG && ratio * ABOUT_AS_LONG > 1) {
        buf_append_text(out, "Both take about as long.");
    } else if (ratio > 1) {
        buf_printf(out, "The second takes %.*f times as long as the first.", ratio < 10 ? 1 : 0,
                   ratio);
    } else {
        buf_printf(out, "The first takes %.*f times as long as the second.", ratio > 0.1 ? 1 : 0,
                   1 / ratio);
    }
}

void compare_words_alike(const Comparison *comparison, Buf *out) {
    const CompareDifference *first = &comparison->first;
    char count[FORMAT_MAX];
    format_count(count, first->alike);
    if (!first->any) {
        buf_printf(out, "The order of events is the same in both: %s of them.", count);
    } else if (first->alike == 0) {
        buf_append_text(out, "The order of events differs from the beginning.");
    } else {
        buf_printf(out, "The order of events is the same for %s event%s. Then it differs.", count,
                   first->alike == 1 ? "" : "s");
    }
}

void compare_words_event(const Comparison *comparison, size_t run, Timeline *timeline, Buf *out) {
    const uint64_t n = comparison->first.n[run];
    if (n >= timeline_count(timeline)) {
        buf_append_text(out, "It ends here.");
        return;
    }
    State *state = state_create(timeline);
    state_seek(state, n + 1);
    caption_event(state, n, out);
    state_destroy(state);
}

const char *compare_words_end(TaskPhase end) {
    switch (end) {
    case TASK_FINISHED:
        return "done";
    case TASK_FAILED:
        return "failed";
    case TASK_CANCELLED:
        return "cancelled";
    default:
        return "not ended";
    }
}
