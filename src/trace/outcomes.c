#include "trace/outcomes.h"

#include "base/mem.h"
#include "trace/stats.h"

#include <stdlib.h>
#include <string.h>

static void append_line(const Log *log, uint32_t text, Buf *out) {
    size_t length = 0;
    const char *words = log_text(log, text, &length);
    buf_append(out, words, length);
    buf_append_char(out, '\n');
}

/* The error is that of the event by which the task ended. */
static void append_failures(const Log *log, const TraceStats *stats, Buf *out) {
    for (uint64_t n = 0; n < log_count(log); n++) {
        const Event *event = log_event(log, n);
        if (event->kind == EV_TASK_FAILED && event->task < stats->task_count) {
            buf_append_text(out, log_text(log, stats->tasks[event->task].name, NULL));
            buf_append_text(out, " failed: ");
            append_line(log, event->text, out);
        }
    }
}

/* By task, and not in the order of their ends, which the printed lines may or may not show. */
static void append_others(const Log *log, const TraceStats *stats, Buf *out) {
    for (uint32_t task = 0; task < stats->task_count; task++) {
        const TaskPhase end = stats->tasks[task].end;
        if (end != TASK_FINISHED && end != TASK_FAILED) {
            buf_append_text(out, log_text(log, stats->tasks[task].name, NULL));
            buf_append_text(out, end == TASK_CANCELLED ? " was cancelled\n" : " did not end\n");
        }
    }
}

static bool same(const Outcome *a, const Outcome *b) {
    return a->reason == b->reason && a->tasks == b->tasks && strcmp(a->printed, b->printed) == 0 &&
           strcmp(a->ended, b->ended) == 0;
}

void outcomes_add(Outcomes *outcomes, const Log *log, uint64_t seed) {
    Buf printed = {0}, ended = {0};
    TraceStats stats;
    trace_stats_make(&stats, log, log_count(log));
    for (uint64_t n = 0; n < log_count(log); n++) {
        const Event *event = log_event(log, n);
        if (event->kind == EV_OUTPUT) {
            append_line(log, event->text, &printed);
        }
    }
    append_failures(log, &stats, &ended);
    append_others(log, &stats, &ended);
    Outcome outcome = {.printed = (char *)buf_text(&printed),
                       .ended = (char *)buf_text(&ended),
                       .tasks = stats.task_count,
                       .reason = stats.reason,
                       .count = 1,
                       .seed = seed};
    trace_stats_finish(&stats);
    outcomes->runs++;
    size_t at = 0;
    while (at < outcomes->count && !same(&outcomes->items[at], &outcome)) {
        at++;
    }
    if (at < outcomes->count) {
        outcomes->items[at].count++;
    } else {
        outcomes->items = mem_grow(outcomes->items, &outcomes->cap, at + 1, sizeof outcome);
        outcome.printed = mem_copy_text(outcome.printed, strlen(outcome.printed));
        outcome.ended = mem_copy_text(outcome.ended, strlen(outcome.ended));
        outcomes->items[outcomes->count++] = outcome;
    }
    buf_finish(&printed);
    buf_finish(&ended);
}

static int by_count(const void *left, const void *right) {
    const Outcome *a = left, *b = right;
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return (a->seed > b->seed) - (a->seed < b->seed);
}

void outcomes_sort(Outcomes *outcomes) {
    if (outcomes->count > 0) {
        qsort(outcomes->items, outcomes->count, sizeof *outcomes->items, by_count);
    }
}

void outcomes_finish(Outcomes *outcomes) {
    for (size_t i = 0; i < outcomes->count; i++) {
        free(outcomes->items[i].printed);
        free(outcomes->items[i].ended);
    }
    free(outcomes->items);
    *outcomes = (Outcomes){0};
}
