/* loopscope stats TRACE: what a run came to, as a table or as JSON. */
#include "app/narrate.h"
#include "app/options.h"
#include "base/format.h"
#include "export/export.h"
#include "trace/op_stats.h"
#include "trace/stats.h"
#include "view/compare_words.h"

#include <inttypes.h>
#include <string.h>

typedef struct Report {
    const Log *log;
    TraceStats trace;
    OpStats ops;
} Report;

/* ---- the table ---- */

static void print_ops(const char *what, const OpKindStats kinds[IO_CALL_COUNT]) {
    char count[FORMAT_MAX], p50[FORMAT_MAX], p99[FORMAT_MAX], most[FORMAT_MAX];
    for (int call = 0; call < IO_CALL_COUNT; call++) {
        const OpKindStats *kind = &kinds[call];
        if (kind->count > 0) {
            printf("%s %s: %s, %" PRIu64 " failed; half took at most %s, 99 of 100 %s, all %s\n",
                   what, IO_CALL_WORDS[call], format_count(count, kind->count), kind->failed,
                   format_duration(p50, op_stats_percentile_ns(kind, 50)),
                   format_duration(p99, op_stats_percentile_ns(kind, 99)),
                   format_duration(most, op_stats_percentile_ns(kind, 100)));
        }
    }
}

static void print_table(const Report *report) {
    Buf text = {0};
    narrate_stats(report->log, &report->trace, UINT32_MAX, &text);
    fputs(buf_text(&text), stdout);
    buf_finish(&text);
    print_ops("awaited", report->ops.awaited);
    print_ops("on the spot", report->ops.blocking);
    if (report->ops.unfinished > 0) {
        printf("not completed: %" PRIu64 "\n", report->ops.unfinished);
    }
}

/* ---- JSON; all times are in ns ---- */

static void put_task(const Report *report, uint32_t id, Buf *out) {
    const TaskStats *task = &report->trace.tasks[id];
    size_t length = 0;
    const char *name = log_text(report->log, task->name, &length);
    buf_printf(out, "%s{\"task\": %" PRIu32 ", \"name\": ", id == 0 ? "" : ", ", id);
    buf_append_json(out, name, length);
    buf_printf(out,
               ", \"run\": %" PRIu64 ", \"ready\": %" PRIu64 ", \"waited\": %" PRIu64
               ", \"longest_hold\": %" PRIu64 ", \"steps\": %" PRIu64 ", \"bytes\": %" PRIu64
               ", \"end\": \"%s\"}",
               task->run_ns, task->ready_ns, task->wait_ns, task->longest_hold_ns, task->steps,
               task->bytes, compare_words_end(task->end));
}

static void put_ops(const char *key, const OpKindStats kinds[IO_CALL_COUNT], Buf *out) {
    bool first = true;
    buf_printf(out, ", \"%s\": {", key);
    for (int call = 0; call < IO_CALL_COUNT; call++) {
        const OpKindStats *kind = &kinds[call];
        if (kind->count > 0) {
            buf_printf(out,
                       "%s\"%s\": {\"count\": %zu, \"failed\": %" PRIu64 ", \"p50\": %" PRIu64
                       ", \"p99\": %" PRIu64 ", \"max\": %" PRIu64 "}",
                       first ? "" : ", ", IO_CALL_WORDS[call], kind->count, kind->failed,
                       op_stats_percentile_ns(kind, 50), op_stats_percentile_ns(kind, 99),
                       op_stats_percentile_ns(kind, 100));
            first = false;
        }
    }
    buf_append_char(out, '}');
}

static void print_json(const Report *report) {
    const TraceStats *trace = &report->trace;
    Buf out = {0};
    uint64_t ran_ns = 0, ready_ns = 0;
    buf_append_text(&out, "{\"tasks\": [");
    for (uint32_t task = 0; task < trace->task_count; task++) {
        put_task(report, task, &out);
        ran_ns += trace->tasks[task].run_ns;
        ready_ns += trace->tasks[task].ready_ns;
    }
    buf_printf(&out,
               "], \"loop\": {\"iterations\": %" PRIu64 ", \"polls\": %" PRIu64
               ", \"calls\": %" PRIu64 ", \"run\": %" PRIu64 ", \"ready\": %" PRIu64
               ", \"asleep\": %" PRIu64 ", \"longest_hold\": %" PRIu64 ", \"end\": %" PRIu64
               ", \"reason\": \"%s\"}",
               trace->iterations, trace->polls, trace->calls, ran_ns, ready_ns, trace->asleep_ns,
               trace->longest_hold_ns, trace->end_ns,
               trace->stopped ? STOP_REASON_WORDS[trace->reason] : "cut off");
    put_ops("awaited", report->ops.awaited, &out);
    put_ops("on_the_spot", report->ops.blocking, &out);
    buf_printf(&out, ", \"not_completed\": %" PRIu64 "}\n", report->ops.unfinished);
    fwrite(out.data, 1, out.size_bytes, stdout);
    buf_finish(&out);
}

int cmd_stats(const Options *options) {
    Diags diags = {0};
    Log *log = trace_read(options->arguments[0], &diags);
    const uint64_t count = log == NULL ? 0 : command_check_log(log, options->arguments[0], &diags);
    const bool whole = diags.count == 0;
    command_report(&diags);
    if (log == NULL) {
        return EXIT_USAGE;
    }
    Report report = {.log = log};
    trace_stats_make(&report.trace, log, count);
    op_stats_make(&report.ops, log, count);
    (options->json ? print_json : print_table)(&report);
    op_stats_finish(&report.ops);
    trace_stats_finish(&report.trace);
    log_destroy(log);
    return whole ? EXIT_DONE : EXIT_TROUBLE;
}
