/* What writing and reading traces costs, on one core: our formatters, and fprintf writing the very
 * same lines. bench_export WORK FILE prints one figure, in MB/s, the best of five; the work `write`
 * makes FILE, the trace that the others take. tests/bench/exports.py runs them beside other readers
 * and writers. The trace is that of a task that gives up control in turns. */
#include "base/assert.h"
#include "export/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 5, EVENTS_A_TURN = 4 };
#define TURN_NS UINT64_C(4000)

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

static Log *trace_make(uint64_t turns) {
    Log *log = log_create();
    log_set_header(log, &(TraceHeader){.title = "turns", .backend = "sim", .notifier = "sim"});
    const uint32_t at = log_intern(log, "/tasks/0/steps/0", 16);
    add(log, EV_TASK_CREATED, 0, 0, log_intern(log, "turner", 6), -1);
    add(log, EV_TASK_READY, 0, READY_CREATED, EVENT_NONE, 0);
    add(log, EV_LOOP_START, 0, 0, EVENT_NONE, 0);
    for (uint64_t i = 0; i < turns; i++) {
        add(log, EV_ITERATION, i * TURN_NS, 0, EVENT_NONE, (int64_t)i + 1);
        add(log, EV_TASK_RUNNING, i * TURN_NS + 1000, 0, EVENT_NONE, 0);
        add(log, EV_STEP, i * TURN_NS + 2000, 0, at, 0);
        add(log, EV_TASK_READY, i * TURN_NS + 3000, READY_YIELDED, EVENT_NONE, 0);
    }
    log_finish(log);
    return log;
}

/* ---- the same lines by fprintf; each gives how many bytes it wrote ---- */

static size_t print_object(const Log *log, uint64_t n, FILE *out) {
    const Event *event = log_event(log, n);
    const unsigned long long number = n, t = event->t_ns;
    const char *name = EVENT_KINDS[event->kind].name;
    int size = fprintf(out, "{\"n\": %llu, \"t\": %llu, \"ev\": \"%s\"", number, t, name);
    if (event->kind == EV_ITERATION) {
        size += fprintf(out, ", \"iteration\": %lld, \"ready\": %lld}", (long long)event->x,
                        (long long)event->y);
    } else if (event->kind == EV_STEP) {
        size += fprintf(out, ", \"task\": %u, \"at\": \"%s\"}", event->task,
                        log_text(log, event->text, NULL));
    } else if (event->kind == EV_TASK_READY) {
        size += fprintf(out, ", \"task\": %u, \"why\": \"%s\"}", event->task,
                        READY_WHY_WORDS[event->a]);
    } else if (event->kind == EV_TASK_RUNNING) {
        size += fprintf(out, ", \"task\": %u}", event->task);
    } else {
        size += fprintf(out, "}");
    }
    return (size_t)size;
}

static size_t print_native(const Log *log, FILE *out) {
    size_t size = 0;
    for (uint64_t n = 0; n < log_count(log); n++) {
        size += print_object(log, n, out);
        size += (size_t)fprintf(out, "\n");
    }
    return size;
}

static size_t print_count(FILE *out, unsigned long long ts, unsigned value) {
    return (size_t)fprintf(out,
                           ",\n{\"ph\":\"C\",\"pid\":%d,\"tid\":%d,\"ts\":%llu,\"name\":\"%s\","
                           "\"args\":{\"value\":%u}}",
                           1, 1, ts, "ready", value);
}

/* A turn's marks: slices of the loop and of the task, with the counter of what is ready. */
static size_t print_chrome(const Log *log, FILE *out) {
    static const char FORMAT[] = ",\n{\"ph\":\"%c\",\"pid\":%d,\"tid\":%d,\"ts\":%llu,\"dur\":%d,"
                                 "\"cat\":\"%s\",\"name\":\"%s%s\",\"args\":";
    size_t size = 0;
    for (uint64_t n = 3; n < log_count(log); n++) {
        const Event *event = log_event(log, n);
        const unsigned long long ts = event->t_ns / 1000;
        const char *name = log_text(log, event->text, NULL);
        char number[24];
        int wrote = 0;
        if (event->kind == EV_ITERATION) {
            snprintf(number, sizeof number, "%lld", (long long)event->x);
            wrote = fprintf(out, FORMAT, 'X', 1, 1, ts, 4, "loop", "iteration ", number);
        } else if (event->kind == EV_STEP) {
            wrote = fprintf(out, FORMAT, 'X', 1, 2, ts, 1, "step", "", name);
        } else if (event->kind == EV_TASK_RUNNING) {
            wrote = fprintf(out, FORMAT, 'X', 1, 2, ts, 2, "task", "running", "");
        } else {
            wrote = fprintf(out, FORMAT, 'X', 1, 2, ts, 2, "task",
                            "ready: ", READY_WHY_WORDS[event->a]);
        }
        size += (size_t)wrote + print_object(log, n, out);
        size += (size_t)fprintf(out, "}");
        if (event->kind == EV_TASK_RUNNING || event->kind == EV_TASK_READY) {
            size += print_count(out, ts, event->kind == EV_TASK_READY);
        }
    }
    return size;
}

static size_t by_fprintf(size_t (*print)(const Log *, FILE *), const Log *log) {
    FILE *out = fopen("/dev/null", "w");
    ASSERT(out != NULL);
    const size_t size = print(log, out);
    fclose(out);
    return size;
}

/* ---- the works ---- */

static void native_by_fprintf(const Log *log, const char *file) {
    (void)file;
    by_fprintf(print_native, log);
}

static void chrome_by_fprintf(const Log *log, const char *file) {
    (void)file;
    by_fprintf(print_chrome, log);
}

static void export_as(const Log *log, const char *ending) {
    Diags diags = {0};
    const ExportJob job = {.log = log, .end = log_count(log), .file = "/dev/null"};
    const bool good = export_format_of(ending)->write(&job, &diags);
    ASSERT(good && diags.count == 0);
}

static void native_by_export(const Log *log, const char *file) {
    (void)file;
    export_as(log, "x.jsonl");
}

static void chrome_by_export(const Log *log, const char *file) {
    (void)file;
    export_as(log, "x.json");
}

static void read_back(const Log *log, const char *file) {
    Diags diags = {0};
    Log *back = trace_read(file, &diags);
    ASSERT(back != NULL && diags.count == 0 && log_count(back) == log_count(log));
    log_destroy(back);
}

typedef struct Work {
    const char *name;
    void (*run)(const Log *log, const char *file);
    bool is_chrome;
} Work;

static const Work WORKS[] = {
    {"jsonl", native_by_export, false}, {"jsonl-fprintf", native_by_fprintf, false},
    {"json", chrome_by_export, true},   {"json-fprintf", chrome_by_fprintf, true},
    {"read", read_back, false},
};

static double best_mb_s(const Work *work, const Log *log, const char *file) {
    const size_t size = by_fprintf(work->is_chrome ? print_chrome : print_native, log);
    double best = 0;
    for (int i = 0; i < ROUNDS; i++) {
        const double start_s = now_s();
        work->run(log, file);
        const double rate = (double)size / (now_s() - start_s) / 1e6;
        best = rate > best ? rate : best;
    }
    return best;
}

static int fail(const char *what) {
    fprintf(stderr, "bench_export: %s\n", what);
    return 2;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        return fail("bench_export WORK FILE EVENTS");
    }
    Log *log = trace_make(strtoull(argv[3], NULL, 10) / EVENTS_A_TURN);
    if (strcmp(argv[1], "write") == 0) {
        Diags diags = {0};
        const ExportJob job = {.log = log, .end = log_count(log), .file = argv[2]};
        const bool good = export_format_named("jsonl")->write(&job, &diags);
        log_destroy(log);
        return good ? 0 : fail("can't write");
    }
    for (size_t i = 0; i < sizeof WORKS / sizeof *WORKS; i++) {
        if (strcmp(WORKS[i].name, argv[1]) == 0) {
            printf("%.1f\n", best_mb_s(&WORKS[i], log, argv[2]));
            log_destroy(log);
            return 0;
        }
    }
    log_destroy(log);
    return fail("an unknown work");
}
