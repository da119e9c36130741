/* One piece of work on the loop, of a size that is given: run.py starts it beside its peers
 * (tests/bench/peers), which do the same. Each is a scenario, as a user would write it.
 *
 * usage: bench_engine WORK NUMBERS...
 *   resume TASKS YIELDS                prints ns of CPU time a resume, the median of several runs;
 *                                      nothing is recorded
 *   recorded TASKS YIELDS              the same with every event recorded in memory
 *   live TASKS                         every task sleeps at once (memory is measured from outside)
 *   timers COUNT                       a task for each timer (CPU time is measured from outside)
 *   files FOLDER FILES BLOCKS BYTES FSYNC_EVERY    prints writes a second; recorded
 *   pingpong ROUNDS                    prints round trips a second; recorded
 * COUNT is a multiple of 1,000. */
#include "base/assert.h"
#include "loop/loop.h"
#include "scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 5, DURATIONS = 1000 };

static double clock_s(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fail(const Diags *diags) {
    Buf text = {0};
    for (size_t i = 0; i < diags->count; i++) {
        diag_format(&diags->items[i], &text);
    }
    fprintf(stderr, "bench_engine: %s\n", buf_text(&text));
    exit(1);
}

/* Runs the scenario; how long it took on that clock, without loading it. */
static double run_s(const Buf *text, const char *folder, bool is_recorded, clockid_t clock) {
    Diags diags = {0};
    Scenario *scenario = scenario_load_text("bench", text->data, text->size_bytes, &diags);
    Os *os = scenario == NULL
                 ? NULL
                 : os_create(&(OsConfig){.backend = OS_BACKEND_AUTO, .workspace = folder}, &diags);
    if (os == NULL) {
        fail(&diags);
    }
    LoopLimits limits = loop_limits_default();
    limits.bytes = limits.events = UINT64_MAX;
    limits.tasks = UINT32_MAX;
    Log *log = is_recorded ? log_create() : NULL;
    Loop *loop = loop_create(
        &(LoopConfig){.program = scenario->program, .os = os, .log = log, .limits = limits});
    const double start_s = clock_s(clock);
    const LoopEnd end = loop_run(loop);
    const double took_s = clock_s(clock) - start_s;
    ASSERT(end.reason == STOP_DONE && end.failed == 0);
    loop_destroy(loop);
    log_destroy(log);
    os_destroy(os);
    scenario_destroy(scenario);
    diags_finish(&diags);
    return took_s;
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* One task, `count` times. */
static void add_tasks(Buf *text, size_t count, const char *steps) {
    buf_printf(
        text,
        "{\"title\": \"bench\", \"tasks\": [{\"name\": \"t\", \"count\": %zu, \"steps\": [%s]}]}",
        count, steps);
}

static void resume(size_t tasks, size_t yields, bool is_recorded) {
    Buf text = {0};
    char steps[100];
    snprintf(steps, sizeof steps, "{\"repeat\": %zu, \"steps\": [{\"sleep\": 0}]}", yields);
    add_tasks(&text, tasks, steps);
    double took_s[RUNS];
    for (int i = 0; i < RUNS; i++) {
        took_s[i] = run_s(&text, "/tmp", is_recorded, CLOCK_PROCESS_CPUTIME_ID);
    }
    qsort(took_s, RUNS, sizeof took_s[0], by_value);
    printf("%.1f\n", took_s[RUNS / 2] * 1e9 / ((double)tasks * ((double)yields + 1)));
    buf_finish(&text);
}

static void live(size_t tasks) {
    Buf text = {0};
    add_tasks(&text, tasks, "{\"sleep\": 3}");
    run_s(&text, "/tmp", false, CLOCK_MONOTONIC);
    buf_finish(&text);
}

/* A thousand coroutines that sleep for 1 to 1,000 ms; they are spawned in turn. */
static void timers(size_t count) {
    Buf text = {0};
    buf_append_text(&text, "{\"title\": \"bench\", \"coroutines\": {");
    for (size_t i = 0; i < DURATIONS; i++) {
        buf_printf(&text, "%s\"c%zu\": [{\"sleep\": \"%zums\"}]", i > 0 ? ", " : "", i,
                   i * 7919 % DURATIONS + 1);
    }
    buf_printf(&text, "}, \"tasks\": [{\"name\": \"m\", \"steps\": [{\"repeat\": %zu, \"steps\": [",
               count / DURATIONS);
    for (size_t i = 0; i < DURATIONS; i++) {
        buf_printf(&text, "%s{\"spawn\": \"c%zu\"}", i > 0 ? ", " : "", i);
    }
    buf_append_text(&text, "]}]}]}");
    run_s(&text, "/tmp", false, CLOCK_MONOTONIC);
    buf_finish(&text);
}

static void files(char **numbers) {
    const size_t count = strtoul(numbers[1], NULL, 10), blocks = strtoul(numbers[2], NULL, 10);
    const size_t bytes = strtoul(numbers[3], NULL, 10), every = strtoul(numbers[4], NULL, 10);
    char steps[400], write[100];
    snprintf(write, sizeof write, "{\"write\": {\"bytes\": %zu}, \"to\": \"f\"}", bytes);
    if (every == 0) {
        snprintf(steps, sizeof steps,
                 "{\"open\": \"{i}\", \"as\": \"f\"}, {\"repeat\": %zu, \"steps\": [%s]}, "
                 "{\"close\": \"f\"}",
                 blocks, write);
    } else {
        snprintf(steps, sizeof steps,
                 "{\"open\": \"{i}\", \"as\": \"f\"}, {\"repeat\": %zu, \"steps\": [{\"repeat\": "
                 "%zu, \"steps\": [%s]}, {\"fsync\": \"f\"}]}, {\"close\": \"f\"}",
                 blocks / every, every, write);
    }
    Buf text = {0};
    add_tasks(&text, count, steps);
    const double took_s = run_s(&text, numbers[0], true, CLOCK_MONOTONIC);
    printf("%.0f\n", (double)count * (double)blocks / took_s);
    buf_finish(&text);
}

static void pingpong(size_t rounds) {
    Buf text = {0};
    buf_printf(&text,
               "{\"title\": \"bench\", \"channels\": [\"c\"], \"tasks\": ["
               "{\"name\": \"a\", \"steps\": [{\"repeat\": %zu, \"steps\": ["
               "{\"send\": \"ping\", \"to\": \"c.a\"}, {\"receive\": 64, \"from\": \"c.a\"}]}]}, "
               "{\"name\": \"b\", \"steps\": [{\"repeat\": %zu, \"steps\": ["
               "{\"receive\": 64, \"from\": \"c.b\"}, {\"send\": \"ping\", \"to\": \"c.b\"}]}]}]}",
               rounds, rounds);
    printf("%.0f\n", (double)rounds / run_s(&text, "/tmp", true, CLOCK_MONOTONIC));
    buf_finish(&text);
}

int main(int argc, char **argv) {
    const char *work = argc > 1 ? argv[1] : "";
    if (argc == 4 && (strcmp(work, "resume") == 0 || strcmp(work, "recorded") == 0)) {
        resume(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10), work[2] == 'c');
    } else if (argc == 3 && strcmp(work, "live") == 0) {
        live(strtoul(argv[2], NULL, 10));
    } else if (argc == 3 && strcmp(work, "timers") == 0) {
        timers(strtoul(argv[2], NULL, 10));
    } else if (argc == 7 && strcmp(work, "files") == 0) {
        files(&argv[2]);
    } else if (argc == 3 && strcmp(work, "pingpong") == 0) {
        pingpong(strtoul(argv[2], NULL, 10));
    } else {
        fprintf(stderr, "bench_engine: no such work; tests/bench/bench_engine.c says which\n");
        return 2;
    }
    return 0;
}
