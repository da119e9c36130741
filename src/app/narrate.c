#include "app/narrate.h"

#include "base/format.h"
#include "base/utf8.h"
#include "view/call_words.h"
#include "view/compare_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SUMMARY_TASKS_MAX = 20 };

/* Pads to `columns` on the left (numbers) or on the right (names), counting code points. */
static void append_padded(Buf *out, const char *text, size_t columns, bool right) {
    const size_t used = utf8_count(text, strlen(text));
    if (!right) {
        buf_append_text(out, text);
    }
    for (size_t i = used; i < columns; i++) {
        buf_append_char(out, ' ');
    }
    if (right) {
        buf_append_text(out, text);
    }
}

static void append_row(Buf *out, const char *const cells[], size_t count) {
    append_padded(out, cells[0], 20, false);
    for (size_t i = 1; i < count; i++) {
        append_padded(out, cells[i], i + 1 == count ? 11 : 12, true);
    }
    buf_append_char(out, '\n');
}

static void append_task(Buf *out, const Log *log, const TaskStats *task) {
    char run[FORMAT_MAX], hold[FORMAT_MAX], ready[FORMAT_MAX], wait[FORMAT_MAX], steps[FORMAT_MAX],
        bytes[FORMAT_MAX];
    const char *const cells[] = {log_text(log, task->name, NULL),
                                 format_duration(run, task->run_ns),
                                 format_duration(hold, task->longest_hold_ns),
                                 format_duration(ready, task->ready_ns),
                                 format_duration(wait, task->wait_ns),
                                 format_count(steps, task->steps),
                                 format_size(bytes, task->bytes),
                                 compare_words_end(task->end)};
    append_row(out, cells, sizeof cells / sizeof cells[0]);
}

/* "6 calls of kevent()"; of two kinds "5 calls of epoll_pwait2(), 1 of epoll_wait()". */
static void append_calls(Buf *out, const Log *log, const TraceStats *stats) {
    char sleeps[CALL_NAME_MAX_BYTES], looks[CALL_NAME_MAX_BYTES], calls[FORMAT_MAX];
    call_wait_name(log, true, sleeps);
    call_wait_name(log, false, looks);
    const bool alike = strcmp(sleeps, looks) == 0 || stats->looks == 0;
    const uint64_t slept = alike ? stats->calls : stats->calls - stats->looks;
    buf_printf(out, "%s call%s of %s()", format_count(calls, slept), slept == 1 ? "" : "s", sleeps);
    if (!alike) {
        buf_printf(out, ", %s of %s()", format_count(calls, stats->looks), looks);
    }
}

static void append_loop(Buf *out, const Log *log, const TraceStats *stats) {
    char end[FORMAT_MAX], asleep[FORMAT_MAX], hold[FORMAT_MAX], turns[FORMAT_MAX],
        polls[FORMAT_MAX];
    buf_printf(out, "loop: %s iterations, %s polls (", format_count(turns, stats->iterations),
               format_count(polls, stats->polls));
    append_calls(out, log, stats);
    buf_printf(out, "), asleep for %s of %s\n", format_duration(asleep, stats->asleep_ns),
               format_duration(end, stats->end_ns));
    if (stats->longest_hold_task != EVENT_NONE) {
        buf_printf(out, "longest hold of the thread: %s by %s\n",
                   format_duration(hold, stats->longest_hold_ns),
                   log_text(log, stats->tasks[stats->longest_hold_task].name, NULL));
    }
    if (stats->stopped && stats->reason != STOP_DONE) {
        buf_printf(out, "the run ended early: %s\n", STOP_REASON_WORDS[stats->reason]);
    }
}

void narrate_stats(const Log *log, const TraceStats *stats, uint32_t tasks_max, Buf *out) {
    static const char *const HEAD[] = {"task",   "ran",   "longest", "ready",
                                       "waited", "steps", "bytes",   "end"};
    append_row(out, HEAD, sizeof HEAD / sizeof HEAD[0]);
    for (uint32_t task = 0; task < stats->task_count && task < tasks_max; task++) {
        append_task(out, log, &stats->tasks[task]);
    }
    if (stats->task_count > tasks_max) {
        char more[FORMAT_MAX];
        buf_printf(out, "... and %s more tasks\n",
                   format_count(more, stats->task_count - tasks_max));
    }
    append_loop(out, log, stats);
}

void narrate_summary(const Log *log, Buf *out) {
    TraceStats stats;
    trace_stats_make(&stats, log, log_count(log));
    narrate_stats(log, &stats, SUMMARY_TASKS_MAX, out);
    trace_stats_finish(&stats);
}
