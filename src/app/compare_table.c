#include "app/compare_table.h"

#include "base/format.h"
#include "base/utf8.h"
#include "view/compare_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TASKS_SHOWN_MAX = 20, COLUMN = 28 };

/* ---- the table ---- */

static void pad(Buf *out, const char *text, size_t columns) {
    for (size_t used = utf8_count(text, strlen(text)); used < columns; used++) {
        buf_append_char(out, ' ');
    }
}

static void left_cell(Buf *out, const char *text, size_t columns) {
    buf_append_text(out, text);
    pad(out, text, columns);
}

static void right_cell(Buf *out, const char *text, size_t columns) {
    pad(out, text, columns);
    buf_append_text(out, text);
}

static void row(Buf *out, const char *whose, const char *what, const char *first,
                const char *second, const char *ratio) {
    left_cell(out, whose, 20);
    buf_append_char(out, ' ');
    left_cell(out, what, 13);
    right_cell(out, first, COLUMN);
    right_cell(out, second, COLUMN);
    if (ratio[0] != '\0') {
        right_cell(out, ratio, 8);
    }
    buf_append_char(out, '\n');
}

/* Second to first; "" where there is nothing to divide by. */
static const char *ratio_text(char out[FORMAT_MAX], uint64_t first, uint64_t second) {
    out[0] = '\0';
    if (first > 0) {
        snprintf(out, FORMAT_MAX, "%.2f", (double)second / (double)first);
    }
    return out;
}

typedef char *(*FormatFunction)(char out[FORMAT_MAX], uint64_t value);

static void number_row(Buf *out, const char *whose, const char *what, FormatFunction format,
                       uint64_t first, uint64_t second) {
    char left[FORMAT_MAX], right[FORMAT_MAX], ratio[FORMAT_MAX];
    row(out, whose, what, format(left, first), format(right, second),
        ratio_text(ratio, first, second));
}

static void back_end_text(const CompareTable *table, size_t run, Buf *out) {
    const TraceHeader *header = log_header(table->logs[run]);
    buf_append_text(out, header->backend == NULL ? "unknown" : header->backend);
    if (header->has_seed) {
        buf_printf(out, ", seed %" PRIu64, header->seed);
    } else if (header->notifier != NULL) {
        buf_printf(out, " + %s", header->notifier);
    }
    buf_append_text(out, table->recorded[run] ? ", saved" : "");
}

static void heads(const CompareTable *table, Buf *out) {
    Buf left = {0}, right = {0};
    buf_printf(&left, "1: %s", table->names[0]);
    buf_printf(&right, "2: %s", table->names[1]);
    row(out, "", "", buf_text(&left), buf_text(&right), "2 to 1");
    buf_clear(&left);
    buf_clear(&right);
    back_end_text(table, 0, &left);
    back_end_text(table, 1, &right);
    row(out, "", "", buf_text(&left), buf_text(&right), "");
    buf_finish(&left);
    buf_finish(&right);
}

static const TaskStats *task_of(const CompareTable *table, const ComparePair *pair, size_t run) {
    return pair->task[run] == EVENT_NONE ? NULL
                                         : &table->comparison->stats[run].tasks[pair->task[run]];
}

static const char *pair_name(const CompareTable *table, const ComparePair *pair) {
    const size_t run = pair->task[0] != EVENT_NONE ? 0 : 1;
    return log_text(table->logs[run], task_of(table, pair, run)->name, NULL);
}

/* What a task comes to, as rows: the same in the table and in JSON. */
static const struct {
    const char *title, *key;
    FormatFunction format;
    size_t offset;
} TASK_ROWS[] = {{"ran", "run", format_duration, offsetof(TaskStats, run_ns)},
                 {"ready", "ready", format_duration, offsetof(TaskStats, ready_ns)},
                 {"waited", "waited", format_duration, offsetof(TaskStats, wait_ns)},
                 {"bytes", "bytes", format_size, offsetof(TaskStats, bytes)}};
enum { TASK_ROW_COUNT = sizeof TASK_ROWS / sizeof TASK_ROWS[0] };

static uint64_t task_number(const TaskStats *task, size_t row_index) {
    return *(const uint64_t *)(const void *)((const char *)task + TASK_ROWS[row_index].offset);
}

static void task_rows(const CompareTable *table, const ComparePair *pair, Buf *out) {
    const TaskStats *first = task_of(table, pair, 0), *second = task_of(table, pair, 1);
    const char *name = pair_name(table, pair);
    for (size_t i = 0; i < TASK_ROW_COUNT; i++) {
        char left[FORMAT_MAX] = "-", right[FORMAT_MAX] = "-", ratio[FORMAT_MAX] = "";
        if (first != NULL) {
            TASK_ROWS[i].format(left, task_number(first, i));
        }
        if (second != NULL) {
            TASK_ROWS[i].format(right, task_number(second, i));
        }
        if (first != NULL && second != NULL) {
            ratio_text(ratio, task_number(first, i), task_number(second, i));
        }
        row(out, i == 0 ? name : "", TASK_ROWS[i].title, left, right, ratio);
    }
    row(out, "", "end", first == NULL ? "-" : compare_words_end(first->end),
        second == NULL ? "-" : compare_words_end(second->end), "");
}

static void loop_rows(const CompareTable *table, Buf *out) {
    const TraceStats *first = &table->comparison->stats[0], *second = first + 1;
    number_row(out, "the loop", "iterations", format_count, first->iterations, second->iterations);
    number_row(out, "", "polls", format_count, first->polls, second->polls);
    number_row(out, "", "asleep", format_duration, first->asleep_ns, second->asleep_ns);
    number_row(out, "", "longest hold", format_duration, first->longest_hold_ns,
               second->longest_hold_ns);
    if ((first->stopped && first->reason != STOP_DONE) ||
        (second->stopped && second->reason != STOP_DONE) || !first->stopped || !second->stopped) {
        row(out, "", "ended", first->stopped ? STOP_REASON_WORDS[first->reason] : "cut off",
            second->stopped ? STOP_REASON_WORDS[second->reason] : "cut off", "");
    }
}

static void difference_lines(const CompareTable *table, Buf *out) {
    compare_words_alike(table->comparison, out);
    buf_append_char(out, '\n');
    for (size_t run = 0; table->comparison->first.any && run < COMPARE_RUNS; run++) {
        buf_printf(out, "  %zu: ", run + 1);
        compare_words_event(table->comparison, run, table->timelines[run], out);
        const uint64_t n = table->comparison->first.n[run];
        if (n != UINT64_MAX) {
            char when[FORMAT_MAX];
            buf_printf(out, " (event %" PRIu64 ", at %s)", n,
                       format_duration(when, log_event(table->logs[run], n)->t_ns));
        }
        buf_append_char(out, '\n');
    }
}

void compare_table_text(const CompareTable *table, Buf *out) {
    const Comparison *comparison = table->comparison;
    heads(table, out);
    number_row(out, "total time", "", format_duration, comparison->stats[0].end_ns,
               comparison->stats[1].end_ns);
    for (size_t i = 0; i < comparison->pair_count && i < TASKS_SHOWN_MAX; i++) {
        task_rows(table, &comparison->pairs[i], out);
    }
    if (comparison->pair_count > TASKS_SHOWN_MAX) {
        char more[FORMAT_MAX];
        buf_printf(out, "... and %s more tasks\n",
                   format_count(more, comparison->pair_count - TASKS_SHOWN_MAX));
    }
    loop_rows(table, out);
    buf_append_char(out, '\n');
    compare_words_ratio(comparison, table->logs, out);
    buf_append_char(out, '\n');
    difference_lines(table, out);
    if (log_header(table->logs[0])->has_seed && log_header(table->logs[1])->has_seed) {
        buf_append_text(out, "Both are simulated (sim): the times are those of a made-up clock.\n");
    }
}

/* ---- JSON; all times are in ns ---- */

static void json_run(const CompareTable *table, size_t run, Buf *out) {
    const TraceStats *stats = &table->comparison->stats[run];
    const TraceHeader *header = log_header(table->logs[run]);
    buf_append_text(out, run == 0 ? "{\"file\": " : ", {\"file\": ");
    buf_append_json(out, table->files[run], strlen(table->files[run]));
    buf_append_text(out, ", \"backend\": ");
    const char *backend = header->backend == NULL ? "" : header->backend;
    buf_append_json(out, backend, strlen(backend));
    if (header->has_seed) {
        buf_printf(out, ", \"seed\": %" PRIu64, header->seed);
    }
    buf_printf(out,
               ", \"saved\": %s, \"total\": %" PRIu64 ", \"iterations\": %" PRIu64
               ", \"polls\": %" PRIu64 ", \"asleep\": %" PRIu64 ", \"longest_hold\": %" PRIu64
               ", \"reason\": \"%s\"}",
               table->recorded[run] ? "true" : "false", stats->end_ns, stats->iterations,
               stats->polls, stats->asleep_ns, stats->longest_hold_ns,
               stats->stopped ? STOP_REASON_WORDS[stats->reason] : "cut off");
}

static void json_task(const CompareTable *table, const ComparePair *pair, Buf *out) {
    const char *name = pair_name(table, pair);
    buf_append_text(out, "{\"name\": ");
    buf_append_json(out, name, strlen(name));
    buf_append_text(out, ", \"runs\": [");
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        const TaskStats *task = task_of(table, pair, run);
        buf_append_text(out, run == 0 ? "" : ", ");
        if (task == NULL) {
            buf_append_text(out, "null");
            continue;
        }
        buf_append_char(out, '{');
        for (size_t i = 0; i < TASK_ROW_COUNT; i++) {
            buf_printf(out, "\"%s\": %" PRIu64 ", ", TASK_ROWS[i].key, task_number(task, i));
        }
        buf_printf(out, "\"end\": \"%s\"}", compare_words_end(task->end));
    }
    buf_append_text(out, "]}");
}

static void json_difference(const CompareTable *table, Buf *out) {
    const CompareDifference *first = &table->comparison->first;
    buf_printf(out, "{\"alike\": %" PRIu64 ", \"events\": [", first->alike);
    for (size_t run = 0; first->any && run < COMPARE_RUNS; run++) {
        buf_append_text(out, run == 0 ? "" : ", ");
        Buf words = {0};
        compare_words_event(table->comparison, run, table->timelines[run], &words);
        if (first->n[run] == UINT64_MAX) {
            buf_append_text(out, "{\"n\": null, \"words\": ");
        } else {
            buf_printf(out, "{\"n\": %" PRIu64 ", \"words\": ", first->n[run]);
        }
        buf_append_json(out, buf_text(&words), words.size_bytes);
        buf_append_char(out, '}');
        buf_finish(&words);
    }
    buf_append_text(out, "]}");
}

void compare_table_json(const CompareTable *table, Buf *out) {
    const Comparison *comparison = table->comparison;
    buf_append_text(out, "{\"runs\": [");
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        json_run(table, run, out);
    }
    buf_append_text(out, "], \"tasks\": [");
    for (size_t i = 0; i < comparison->pair_count; i++) {
        buf_append_text(out, i == 0 ? "" : ", ");
        json_task(table, &comparison->pairs[i], out);
    }
    buf_append_text(out, "], \"ratio\": ");
    const double ratio = comparison_ratio(comparison);
    if (ratio > 0) {
        buf_printf(out, "%.4f", ratio);
    } else {
        buf_append_text(out, "null");
    }
    buf_append_text(out, ", \"order\": ");
    json_difference(table, out);
    buf_append_text(out, "}\n");
}
