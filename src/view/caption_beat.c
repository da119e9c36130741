/* Several events with one cause, in one sentence: the cause first, then whom it helps. */
#include "view/caption_told.h"

enum { NAMES_MAX = 3 };

/* "a, b and c", "a, b, c and 5 more". */
static void append_names(const Told *told, const Beat *beat, Buf *out) {
    const size_t shown = beat->count > NAMES_MAX + 1 ? NAMES_MAX : beat->count;
    for (size_t i = 0; i < shown; i++) {
        const bool last = i + 1 == beat->count;
        buf_append_text(out, i == 0 ? "" : last ? " and " : ", ");
        buf_append_text(out, task_of(told, beat->moves[i].task));
    }
    if (shown < beat->count) {
        char count[FORMAT_MAX];
        buf_printf(out, " and %s more", format_count(count, beat->count - shown));
    }
}

/* Whether each move ends with an event of that kind. */
static bool all_end_with(const Told *told, const Beat *beat, EventKind kind) {
    for (size_t i = 0; i < beat->count; i++) {
        if (log_event(told->log, beat->moves[i].end - 1)->kind != kind) {
            return false;
        }
    }
    return true;
}

static bool is_readiness(const Told *told, const BeatMove *move) {
    const Event *submitted = words_op_submitted(told->timeline, move->op);
    return submitted != NULL && (submitted->a == IO_SEND || submitted->a == IO_RECV);
}

/* "3 operations are finished, 1 with an error"; a channel is not finished, it can be tried. */
static void append_completions(const Told *told, const Beat *beat, Buf *out) {
    size_t channels = 0, failed = 0;
    uint64_t n = beat->first;
    for (size_t i = 0; i < beat->count; n = beat->moves[i++].end) {
        channels += is_readiness(told, &beat->moves[i]);
        failed += log_event(told->log, n)->x < 0;
    }
    const char *notifier = log_header(told->log)->notifier;
    const bool named = notifier != NULL && strcmp(notifier, "sim") != 0;
    char count[FORMAT_MAX];
    buf_printf(out, "%s reports%s%s: %s ", The_os(told), named ? " through " : "",
               !named                          ? ""
               : strcmp(notifier, "iocp") == 0 ? "the completion port"
                                               : notifier,
               format_count(count, beat->count));
    buf_append_text(out, channels == 0             ? "operations are finished"
                         : channels == beat->count ? "channels can be tried"
                                                   : "operations have news");
    if (failed > 0) {
        buf_printf(out, ", %s with an error", format_count(count, failed));
    }
}

void caption_beat(const State *state, const Beat *beat, Buf *out) {
    Told told = {.state = state, .timeline = state_timeline(state), .n = beat->first};
    told.log = timeline_log(told.timeline);
    told.loop = state_loop(state);
    told.event = log_event(told.log, beat->first);
    char count[FORMAT_MAX];
    if (beat->kind == EV_IO_COMPLETED) {
        append_completions(&told, beat, out);
    } else if (beat->kind == EV_TIMER_FIRED) {
        buf_printf(out, "%s timers are due", format_count(count, beat->count));
    } else {
        buf_printf(out, "What %s tasks waited for is there", format_count(count, beat->count));
    }
    if (all_end_with(&told, beat, EV_TASK_READY)) {
        buf_append_text(out, "; ");
        append_names(&told, beat, out);
        buf_append_text(out, " join the ready queue.");
    } else if (all_end_with(&told, beat, EV_CALLBACK_READY)) {
        buf_append_text(out, ": a callback for each joins the ready queue.");
    } else {
        buf_append_text(out, ".");
    }
}
