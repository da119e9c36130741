/* What writing and reading traces costs, on one core: the formatter beside fprintf writing the very
 * same lines, and the reader, in MB/s. The trace is that of tasks that give up control in turns. */
#include "base/assert.h"
#include "export/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TURNS = 40000, ROUNDS = 5 };

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void add(Log *log, EventKind kind, uint64_t t_ns, uint8_t a, uint32_t text, int64_t x) {
    Event event = event_make(kind);
    event.t_ns = t_ns;
    event.a = a;
    event.task = kind == EV_ITERATION ? EVENT_NONE : 0;
    event.text = text;
    event.x = kind == EV_TASK_CREATED ? -1 : x;
    event.y = 1;
    log_append(log, &event);
}

static Log *trace_make(void) {
    Log *log = log_create();
    log_set_header(log, &(TraceHeader){.title = "turns", .backend = "sim", .notifier = "sim"});
    const uint32_t at = log_intern(log, "/tasks/0/steps/0", 16);
    add(log, EV_TASK_CREATED, 0, 0, log_intern(log, "turner", 6), -1);
    add(log, EV_TASK_READY, 0, READY_CREATED, EVENT_NONE, 0);
    add(log, EV_LOOP_START, 0, 0, EVENT_NONE, 0);
    for (uint64_t i = 0; i < TURNS; i++) {
        add(log, EV_ITERATION, i * 500, 0, EVENT_NONE, (int64_t)i + 1);
        add(log, EV_TASK_RUNNING, i * 500 + 100, 0, EVENT_NONE, 0);
        add(log, EV_STEP, i * 500 + 130, 0, at, 0);
        add(log, EV_TASK_READY, i * 500 + 170, READY_YIELDED, EVENT_NONE, 0);
    }
    log_finish(log);
    return log;
}

/* The same lines of the native format, by fprintf. */
static void print_events(const Log *log, FILE *out) {
    for (uint64_t n = 0; n < log_count(log); n++) {
        const Event *event = log_event(log, n);
        const unsigned long long number = n, t = event->t_ns;
        const char *name = EVENT_KINDS[event->kind].name;
        fprintf(out, "{\"n\": %llu, \"t\": %llu, \"ev\": \"%s\"", number, t, name);
        if (event->kind == EV_ITERATION) {
            fprintf(out, ", \"iteration\": %lld, \"ready\": %lld}\n", (long long)event->x,
                    (long long)event->y);
        } else if (event->kind == EV_STEP) {
            fprintf(out, ", \"task\": %u, \"at\": \"%s\"}\n", event->task,
                    log_text(log, event->text, NULL));
        } else if (event->kind == EV_TASK_READY) {
            fprintf(out, ", \"task\": %u, \"why\": \"%s\"}\n", event->task,
                    READY_WHY_WORDS[event->a]);
        } else {
            fprintf(out, event->kind == EV_TASK_RUNNING ? ", \"task\": %u}\n" : "}\n", event->task);
        }
    }
}

static double best_of(double (*round)(const Log *, double *), const Log *log, double *size_bytes) {
    double best = 0;
    for (int i = 0; i < ROUNDS; i++) {
        const double rate = round(log, size_bytes) / 1e6;
        best = rate > best ? rate : best;
    }
    return best;
}

static double by_fprintf(const Log *log, double *size_bytes) {
    FILE *out = fopen("/dev/null", "w");
    ASSERT(out != NULL);
    const double start_s = now_s();
    print_events(log, out);
    fclose(out);
    return *size_bytes / (now_s() - start_s);
}

static double by_hand(const Log *log, double *size_bytes) {
    Buf lines = {0};
    *size_bytes = 0;
    const double start_s = now_s();
    for (uint64_t n = 0; n < log_count(log); n++) {
        export_event_line(log, n, &lines);
        if (lines.size_bytes > 65536) {
            *size_bytes += (double)lines.size_bytes;
            buf_clear(&lines);
        }
    }
    *size_bytes += (double)lines.size_bytes;
    const double took_s = now_s() - start_s;
    buf_finish(&lines);
    return *size_bytes / took_s;
}

static double chrome(const Log *log, double *size_bytes) {
    Diags diags = {0};
    const double start_s = now_s();
    export_chrome(&(ExportJob){.log = log, .end = log_count(log), .file = "/dev/null"}, &diags);
    const double took_s = now_s() - start_s;
    ASSERT(diags.count == 0);
    *size_bytes = (double)log_count(log) * 1e6; /* so the rate is in events a second */
    return (double)log_count(log) * 1e6 / took_s;
}

static double reading(const Log *log, double *size_bytes) {
    Buf text = {0};
    Diags diags = {0};
    export_header_line(log, &text);
    for (uint64_t n = 0; n < log_count(log); n++) {
        export_event_line(log, n, &text);
    }
    const double start_s = now_s();
    Log *back = trace_read_text("x", buf_text(&text), text.size_bytes, &diags);
    const double took_s = now_s() - start_s;
    ASSERT(back != NULL && log_count(back) == log_count(log));
    log_destroy(back);
    *size_bytes = (double)text.size_bytes;
    buf_finish(&text);
    return *size_bytes / took_s;
}

static void row(const char *what, double value, const char *unit, const char *goal) {
    printf("%-64s %11.2f %-6s goal %s\n", what, value, unit, goal);
}

int main(void) {
    Log *log = trace_make();
    double size_bytes = 0;
    const double hand = best_of(by_hand, log, &size_bytes);
    const double printed = best_of(by_fprintf, log, &size_bytes);
    row(".jsonl lines by fprintf", printed, "MB/s", "-");
    row(".jsonl lines by the exporter", hand, "MB/s", "-");
    row("  the one against the other", hand / printed, "x", "1 x");
    row(".json (Chrome), millions of events a second", best_of(chrome, log, &size_bytes) / 1e6,
        "M/s", "-");
    row("reading .jsonl", best_of(reading, log, &size_bytes), "MB/s", "3 x Node's JSON.parse");
    log_destroy(log);
    return 0;
}
