/* How long a frame takes, whole: the view makes the main screen's scene, the painter paints it, the
 * window shows it. With 8 tasks that move, and with as many as fill the loop. Beside the time that
 * passes stands this process's CPU time: what else the machine does is not in it. */
#include "ui/painter.h"
#include "ui/window.h"
#include "view/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 60, WOKEN_MAX = 1000 };

static double now_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare_times(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- a run: every task sleeps or writes; then many are woken at once ---- */

typedef struct Run {
    Log *log;
    uint64_t now_ns;
    uint64_t middle, asleep, woken; /* cursors */
} Run;

static void add(Run *run, Event event) {
    event.t_ns = run->now_ns;
    run->now_ns += 1000;
    log_append(run->log, &event);
}

static void add_of(Run *run, EventKind kind, uint32_t task, uint8_t a) {
    Event event = event_make(kind);
    event.task = task;
    event.a = a;
    add(run, event);
}

static void begin_turn(Run *run, int64_t iteration, int64_t ready) {
    Event event = event_make(EV_ITERATION);
    event.x = iteration;
    event.y = ready;
    add(run, event);
}

static void add_wait(Run *run, uint32_t task, uint32_t text) {
    const bool sleeps = task % 2 == 0;
    Event begun = event_make(sleeps ? EV_TIMER_SET : EV_IO_SUBMITTED);
    begun.id = task / 2;
    begun.task = task;
    begun.x = sleeps ? (int64_t)run->now_ns + 1000000000 : 65536;
    if (!sleeps) {
        begun.a = IO_WRITE;
        begun.text = text;
    }
    add(run, begun);
    Event waits = event_make(EV_TASK_WAITING);
    waits.task = task;
    waits.a = sleeps ? WAIT_TIMER : WAIT_IO;
    waits.b = sleeps ? TARGET_TIMER : TARGET_OP;
    waits.id = task / 2;
    add(run, waits);
}

static void add_wake_up(Run *run, uint32_t tasks) {
    const uint32_t woken = tasks / 2 < WOKEN_MAX ? tasks / 2 : WOKEN_MAX;
    Event poll = event_make(EV_POLL);
    poll.x = 5000000;
    add(run, poll);
    run->asleep = log_count(run->log);
    Event polled = event_make(EV_POLLED);
    polled.x = 1;
    polled.y = 1;
    add(run, polled);
    for (uint32_t op = 0; op < woken; op++) {
        Event done = event_make(EV_IO_COMPLETED);
        done.id = op;
        done.x = 65536;
        add(run, done);
        add_of(run, EV_TASK_READY, 2 * op + 1, READY_RESUMED);
    }
    begin_turn(run, 2, woken);
    run->woken = log_count(run->log);
    for (uint32_t op = 0; op < woken; op++) {
        add_of(run, EV_TASK_RUNNING, 2 * op + 1, 0);
        add_of(run, EV_TASK_FINISHED, 2 * op + 1, 0);
    }
    log_finish(run->log);
}

static void run_begin(Run *run, uint32_t tasks) {
    *run = (Run){.log = log_create()};
    const TraceHeader header = {.title = "bench",
                                .scenario = "",
                                .backend = "io_uring",
                                .notifier = "epoll",
                                .started = "",
                                .source = ""};
    log_set_header(run->log, &header);
    for (uint32_t task = 0; task < tasks; task++) {
        char name[24];
        const int length = snprintf(name, sizeof name, "worker-%u", (unsigned)task);
        Event created = event_make(EV_TASK_CREATED);
        created.task = task;
        created.text = log_intern(run->log, name, (size_t)length);
        run->now_ns = 0;
        add(run, created);
        run->now_ns = 0;
        add_of(run, EV_TASK_READY, task, READY_CREATED);
    }
    add(run, event_make(EV_LOOP_START));
}

static void run_make(Run *run, uint32_t tasks) {
    run_begin(run, tasks);
    const uint32_t path = log_intern(run->log, "a.txt", 5);
    const uint32_t at = log_intern(run->log, "/tasks/0/steps/0", 16);
    begin_turn(run, 1, tasks);
    for (uint32_t task = 0; task < tasks; task++) {
        add_of(run, EV_TASK_RUNNING, task, 0);
        Event step = event_make(EV_STEP);
        step.task = task;
        step.text = at;
        add(run, step);
        if (task == tasks / 2) {
            run->middle = log_count(run->log);
        }
        add_wait(run, task, path);
    }
    add_wake_up(run, tasks);
}

/* A run that goes on: its tasks take turns, and nothing else. */
static void live_run_make(Run *run, uint32_t tasks, uint64_t events) {
    run_begin(run, tasks);
    const uint32_t at = log_intern(run->log, "/tasks/0/steps/0", 16);
    for (int64_t iteration = 1; log_count(run->log) < events; iteration++) {
        begin_turn(run, iteration, tasks);
        for (uint32_t task = 0; task < tasks; task++) {
            add_of(run, EV_TASK_RUNNING, task, 0);
            Event step = event_make(EV_STEP);
            step.task = task;
            step.text = at;
            add(run, step);
            add_of(run, EV_TASK_READY, task, READY_YIELDED);
        }
    }
}

/* ---- measuring ---- */

typedef struct Bench {
    Painter *painter;
    Window *window;
    ViewDoc doc;
    Player player;
    ViewInput input;
    Scene scene;
} Bench;

typedef struct Frame {
    double passed_ms, cpu_ms;
} Frame;

static double median(double values[ROUNDS]) {
    qsort(values, ROUNDS, sizeof *values, compare_times);
    return values[ROUNDS / 2];
}

/* The medians of frames of events from `cursor` on, each at another part of its motion. */
static Frame frame_measure(Bench *bench, uint64_t cursor) {
    double passed_ms[ROUNDS], cpu_ms[ROUNDS];
    for (int i = -1; i < ROUNDS; i++) { /* the first fills the glyph atlas */
        const uint64_t count = timeline_count(bench->doc.timeline);
        bench->player.cursor = cursor + (uint64_t)(i + 1) / 8;
        bench->player.cursor = bench->player.cursor < count ? bench->player.cursor : count;
        bench->player.phase = (float)((i + 1) % 8) / 8;
        const double start_ms = now_ms(CLOCK_MONOTONIC);
        const double start_cpu_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID);
        view_main(&bench->scene, &bench->doc, &bench->input, painter_metrics(bench->painter));
        const uint32_t *pixels = painter_paint(bench->painter, &bench->scene);
        if (bench->window != NULL) {
            window_show(bench->window, pixels, bench->scene.width_px, bench->scene.height_px);
        }
        if (i >= 0) {
            cpu_ms[i] = now_ms(CLOCK_PROCESS_CPUTIME_ID) - start_cpu_ms;
            passed_ms[i] = now_ms(CLOCK_MONOTONIC) - start_ms;
        }
    }
    return (Frame){median(passed_ms), median(cpu_ms)};
}

static void bench_open(Bench *bench, Painter *painter, Timeline *timeline, const Run *run,
                       int width_px, int height_px, Diags *diags) {
    *bench = (Bench){.painter = painter,
                     .window = window_create("bench", width_px, height_px, false, diags)};
    bench->doc = (ViewDoc){.log = run->log,
                           .timeline = timeline,
                           .before = state_create(timeline),
                           .after = state_create(timeline),
                           .name = "bench"};
    player_init(&bench->player);
    bench->input = (ViewInput){.width_px = width_px,
                               .height_px = height_px,
                               .text_scale = 1,
                               .player = &bench->player,
                               .selected = EVENT_NONE,
                               .pointer_x = -1,
                               .pointer_y = -1};
}

static void bench_close(Bench *bench) {
    scene_finish(&bench->scene);
    state_destroy(bench->doc.before);
    state_destroy(bench->doc.after);
    window_destroy(bench->window);
}

/* From nothing to the first frame of a run that goes on: the window opens, all that has happened is
 * checked and indexed, and its last event is shown. */
static void measure_first_view(Painter *painter, Diags *diags) {
    enum { TASKS = 1000, GOAL_MS = 1000, WIDTH_PX = 1280, HEIGHT_PX = 720 };
    const uint64_t events = 10000000;
    Run run;
    live_run_make(&run, TASKS, events);
    const double start_ms = now_ms(CLOCK_MONOTONIC);
    const double start_cpu_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    Timeline *timeline = timeline_create(run.log);
    const bool legal = timeline_follow(timeline, UINT64_MAX);
    Bench bench;
    bench_open(&bench, painter, timeline, &run, WIDTH_PX, HEIGHT_PX, diags);
    bench.doc.live = true;
    bench.player.cursor = timeline_count(timeline);
    bench.player.phase = 1;
    view_main(&bench.scene, &bench.doc, &bench.input, painter_metrics(painter));
    const uint32_t *pixels = painter_paint(painter, &bench.scene);
    if (bench.window != NULL) {
        window_show(bench.window, pixels, bench.scene.width_px, bench.scene.height_px);
    }
    const double cpu_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID) - start_cpu_ms;
    const double passed_ms = now_ms(CLOCK_MONOTONIC) - start_ms;
    if (legal) {
        printf("%-64s %11.2f ms   goal %d ms (%.2f ms of CPU time)\n",
               "the first view of a live run of 10,000,000 events", passed_ms, GOAL_MS, cpu_ms);
    } else {
        printf("the first view of a live run: %s\n", timeline_error(timeline)->message);
    }
    bench_close(&bench);
    timeline_destroy(timeline);
    log_destroy(run.log);
}

static void measure(Painter *painter, Diags *diags, const Run *run, uint32_t tasks, int goal_ms) {
    static const int SIZES[][2] = {{1280, 720}, {1920, 1080}};
    Timeline *timeline = timeline_create(run->log);
    (void)timeline_follow(timeline, UINT64_MAX);
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        Bench bench;
        bench_open(&bench, painter, timeline, run, SIZES[i][0], SIZES[i][1], diags);
        const uint64_t cursors[] = {run->middle, run->asleep, run->woken};
        static const char *const WORDS[] = {"running", "asleep", "woken"};
        for (size_t k = 0; k < 3; k++) {
            const Frame frame = frame_measure(&bench, cursors[k]);
            char what[80];
            snprintf(what, sizeof what, "a frame, %u tasks, %s, %dx%d, %zu draws", (unsigned)tasks,
                     WORDS[k], SIZES[i][0], SIZES[i][1], bench.scene.draw_count);
            printf("%-64s %11.2f ms   goal %d ms (%.2f ms of CPU time)\n", what, frame.passed_ms,
                   goal_ms * (int)(i + 1), frame.cpu_ms);
        }
        bench_close(&bench);
    }
    timeline_destroy(timeline);
}

int main(void) {
    static const struct {
        uint32_t tasks;
        int goal_ms;
    } RUNS[] = {{8, 8}, {10000, 12}, {100000, 16}};
    Diags diags = {0};
    Painter *painter = painter_create(&diags);
    if (painter == NULL) {
        printf("painting is not measured: %s\n", diags.items[0].message);
        return 0;
    }
    if (getenv("DISPLAY") == NULL && getenv("WAYLAND_DISPLAY") == NULL) {
        setenv("SDL_VIDEODRIVER", "dummy", 1); /* no display: the copying alone */
    }
    setenv("SDL_RENDER_DRIVER", "software", 0);
    for (size_t i = 0; i < sizeof RUNS / sizeof *RUNS; i++) {
        Run run;
        run_make(&run, RUNS[i].tasks);
        measure(painter, &diags, &run, RUNS[i].tasks, RUNS[i].goal_ms);
        log_destroy(run.log);
    }
    measure_first_view(painter, &diags);
    painter_destroy(painter);
    diags_finish(&diags);
    return 0;
}
