/* What recording costs and what looking back costs.
 *
 * Append: an event with its time into the log, against a bare loop that reads the clock and stores
 * 48 bytes in chunks of the same size; rounds of both take turns, and each round begins with fresh
 * memory. Seek: from anywhere to anywhere in traces of 1,000,000 and 10,000,000 events. */
#include "base/assert.h"
#include "base/mem.h"
#include "trace/timeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    APPENDS = 1000000,
    ROUNDS = 9,
    TRACE_EVENTS = 1000000,
    LONG_TRACE_EVENTS = 10000000,
    SEEKS = 20000,
    SHOWN_MAX = 16,
    LANE_PIXELS = 400,
    SEGMENTS_MAX = 4096,
};

static uint64_t read_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t now_ns(void) {
    return read_ns(CLOCK_MONOTONIC);
}

/* What else the machine does is not in it. */
static uint64_t cpu_ns(void) {
    return read_ns(CLOCK_PROCESS_CPUTIME_ID);
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count) {
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

static void row(const char *what, double value, const char *unit, const char *goal) {
    printf("%-64s %11.2f %-6s goal %s\n", what, value, unit, goal);
}

/* ---- append ---- */

static double bare_round_ns(void) {
    static Event *chunks[APPENDS / LOG_CHUNK_EVENTS + 1];
    size_t chunk_count = 0;
    Event *next = NULL;
    const uint64_t start_ns = now_ns();
    for (uint32_t i = 0; i < APPENDS; i++) {
        if (i % LOG_CHUNK_EVENTS == 0) {
            next = chunks[chunk_count++] = mem_resize(NULL, LOG_CHUNK_EVENTS, sizeof *next);
        }
        *next++ = (Event){.t_ns = now_ns(), .kind = EV_STEP, .task = i, .text = 1};
        __asm__ volatile("" ::: "memory"); /* every store is made */
    }
    const uint64_t took_ns = now_ns() - start_ns;
    for (size_t i = 0; i < chunk_count; i++) {
        free(chunks[i]);
    }
    return (double)took_ns / APPENDS;
}

static double append_round_ns(void) {
    Log *log = log_create();
    Event event = event_make(EV_STEP);
    event.text = log_intern(log, "/tasks/0/steps/0", 16);
    const uint64_t start_ns = now_ns();
    for (uint32_t i = 0; i < APPENDS; i++) {
        Event stamped = event;
        stamped.task = i;
        stamped.t_ns = now_ns();
        log_append(log, &stamped);
    }
    const uint64_t took_ns = now_ns() - start_ns;
    log_destroy(log);
    return (double)took_ns / APPENDS;
}

static void measure_append(void) {
    double bare[ROUNDS], append[ROUNDS], ratio[ROUNDS];
    bare_round_ns();
    append_round_ns();
    for (int i = 0; i < ROUNDS; i++) {
        bare[i] = bare_round_ns();
        append[i] = append_round_ns();
        ratio[i] = append[i] / bare[i];
    }
    row("clock_gettime and a 48-byte store, a bare loop", median(bare, ROUNDS), "ns", "-");
    row("appending an event to the log, its clock_gettime included", median(append, ROUNDS), "ns",
        "-");
    row("  the one against the other, median of the rounds", median(ratio, ROUNDS), "x", "1.3 x");
}

/* ---- a trace to look back at: tasks that write two times and sleep once, in turns ---- */

typedef struct Queued {
    uint32_t task;
    uint32_t callback; /* or EVENT_NONE: the task's own step */
} Queued;

typedef struct Maker {
    Log *log;
    uint64_t t_ns;
    uint32_t at;
    uint32_t ops, timers, callbacks;
    int64_t iteration;
    Queued *queue; /* what is ready now; then what became ready meanwhile */
    uint32_t first, end;
    Queued *flying; /* task and op */
    uint32_t flying_count;
    Queued *armed; /* task and timer */
    uint32_t armed_count;
} Maker;

static void make(Maker *maker, Event event) {
    event.t_ns = maker->t_ns;
    maker->t_ns += 700;
    log_append(maker->log, &event);
}

static void make_of(Maker *maker, EventKind kind, uint32_t task, uint32_t id, int64_t x) {
    Event event = event_make(kind);
    event.task = task;
    event.id = id;
    event.x = x;
    event.text = maker->at;
    make(maker, event);
}

static void make_ready(Maker *maker, uint32_t task, ReadyWhy why) {
    Event event = event_make(EV_TASK_READY);
    event.task = task;
    event.a = (uint8_t)why;
    make(maker, event);
    maker->queue[maker->end++] = (Queued){task, EVENT_NONE};
}

static void make_wait(Maker *maker, uint32_t task, WaitOn on, TargetKind kind, uint32_t id) {
    Event event = event_make(EV_TASK_WAITING);
    event.task = task;
    event.a = (uint8_t)on;
    event.b = (uint8_t)kind;
    event.id = id;
    make(maker, event);
}

static void run_handle(Maker *maker, Queued handle) {
    if (handle.callback != EVENT_NONE) {
        make_of(maker, EV_CALLBACK_RUN, EVENT_NONE, handle.callback, 0);
        make_ready(maker, handle.task, READY_RESUMED);
        return;
    }
    make_of(maker, EV_TASK_RUNNING, handle.task, EVENT_NONE, 0);
    make_of(maker, EV_STEP, handle.task, EVENT_NONE, 0);
    if ((handle.task + (uint32_t)maker->iteration) % 3 == 0) {
        make_of(maker, EV_TIMER_SET, handle.task, maker->timers, (int64_t)maker->t_ns);
        make_wait(maker, handle.task, WAIT_TIMER, TARGET_TIMER, maker->timers);
        maker->armed[maker->armed_count++] = (Queued){handle.task, maker->timers++};
    } else {
        make_of(maker, EV_IO_SUBMITTED, handle.task, maker->ops, 512);
        make_wait(maker, handle.task, WAIT_IO, TARGET_OP, maker->ops);
        maker->flying[maker->flying_count++] = (Queued){handle.task, maker->ops++};
    }
}

static void make_turn(Maker *maker) {
    Event event = event_make(EV_ITERATION);
    event.x = ++maker->iteration;
    event.y = maker->end - maker->first;
    make(maker, event);
    const uint32_t end = maker->end;
    while (maker->first < end) {
        run_handle(maker, maker->queue[maker->first++]);
    }
    make_of(maker, EV_POLL, EVENT_NONE, EVENT_NONE, 0);
    event = event_make(EV_POLLED);
    event.x = event.y = 1;
    make(maker, event);
    for (uint32_t i = 0; i < maker->flying_count; i++) {
        make_of(maker, EV_IO_COMPLETED, EVENT_NONE, maker->flying[i].callback, 512);
        make_ready(maker, maker->flying[i].task, READY_RESUMED);
    }
    for (uint32_t i = 0; i < maker->armed_count; i++) {
        make_of(maker, EV_TIMER_FIRED, EVENT_NONE, maker->armed[i].callback, maker->callbacks);
        make_of(maker, EV_CALLBACK_READY, maker->armed[i].task, maker->callbacks, 0);
        maker->queue[maker->end++] = (Queued){maker->armed[i].task, maker->callbacks++};
    }
    maker->flying_count = 0;
    maker->armed_count = 0;
}

static Log *trace_make(uint32_t tasks, uint64_t events) {
    Maker maker = {.log = log_create(),
                   .queue = mem_alloc(events, sizeof *maker.queue),
                   .flying = mem_alloc(tasks, sizeof *maker.flying),
                   .armed = mem_alloc(tasks, sizeof *maker.armed)};
    maker.at = log_intern(maker.log, "/tasks/0/steps/0", 16);
    for (uint32_t task = 0; task < tasks; task++) {
        make_of(&maker, EV_TASK_CREATED, task, EVENT_NONE, -1);
        make_ready(&maker, task, READY_CREATED);
    }
    make_of(&maker, EV_LOOP_START, EVENT_NONE, EVENT_NONE, 0);
    while (log_count(maker.log) < events) {
        make_turn(&maker);
    }
    log_finish(maker.log);
    free(maker.queue);
    free(maker.flying);
    free(maker.armed);
    return maker.log;
}

/* ---- looking back ---- */

static void measure_seeks(Timeline *timeline, State *state, uint32_t tasks, int64_t by) {
    static double took_ns[SEEKS];
    const uint64_t count = timeline_count(timeline);
    uint64_t chance = 7, at = count / 2;
    for (int i = 0; i < SEEKS; i++) {
        chance = chance * 6364136223846793005u + 1442695040888963407u;
        at = by == 0 ? (chance >> 20) % count : (uint64_t)((int64_t)at + by);
        const uint64_t start_ns = now_ns();
        state_seek(state, at);
        took_ns[i] = (double)(now_ns() - start_ns);
    }
    char what[100];
    snprintf(what, sizeof what, "  %s, %u tasks: median",
             by == 0  ? "to any event"
             : by > 0 ? "one event forward"
                      : "one event back",
             tasks);
    row(what, median(took_ns, SEEKS) / 1000, "us", "-");
    row("    999 of 1,000 are shorter than", took_ns[SEEKS - SEEKS / 1000] / 1000, "us", "5000 us");
}

/* A seek, and everything that a frame of the window asks for at once. */
static void measure_frames(Timeline *timeline, State *state, uint32_t tasks) {
    static double took_ns[SEEKS / 10];
    ReadyItem ready[SHOWN_MAX];
    uint32_t waiting[SHOWN_MAX];
    OpInfo ops[SHOWN_MAX];
    TimerInfo timers[SHOWN_MAX];
    uint64_t chance = 9;
    for (int i = 0; i < SEEKS / 10; i++) {
        chance = chance * 6364136223846793005u + 1442695040888963407u;
        const uint64_t start_ns = now_ns();
        state_seek(state, (chance >> 20) % timeline_count(timeline));
        state_ready(state, ready, SHOWN_MAX);
        state_waiting(state, waiting, SHOWN_MAX);
        state_ops(state, ops, SHOWN_MAX);
        state_timers(state, timers, SHOWN_MAX);
        for (uint32_t k = 0; k < SHOWN_MAX; k++) {
            state_task(state, (uint32_t)(chance >> 30) % tasks);
        }
        took_ns[i] = (double)(now_ns() - start_ns);
    }
    row("  to any event, with lists and 16 tasks read: median", median(took_ns, SEEKS / 10) / 1000,
        "us", "-");
    row("    99 of 100 are shorter than", took_ns[SEEKS / 10 - SEEKS / 1000] / 1000, "us",
        "5000 us");
}

static void measure_lanes(const Timeline *timeline) {
    static LaneSegment segments[SEGMENTS_MAX];
    static LoopSegment loop[SEGMENTS_MAX];
    double took_us[ROUNDS];
    const uint64_t end_ns = timeline_end_ns(timeline);
    for (int i = 0; i < ROUNDS; i++) {
        const uint64_t start_ns = now_ns();
        timeline_lane(timeline, 1, 0, end_ns, end_ns / LANE_PIXELS, segments, SEGMENTS_MAX);
        timeline_loop_lane(timeline, 0, end_ns, end_ns / LANE_PIXELS, loop, SEGMENTS_MAX);
        took_us[i] = (double)(now_ns() - start_ns) / 1000;
    }
    row("  a task's lane and the loop's, all of it in 400 pixels", median(took_us, ROUNDS), "us",
        "-");
}

static void measure_looking_back(uint32_t tasks, uint64_t events) {
    Log *log = trace_make(tasks, events);
    Timeline *timeline = timeline_create(log);
    const uint64_t start_ns = cpu_ns();
    const bool legal = timeline_follow(timeline, UINT64_MAX);
    const uint64_t took_ns = cpu_ns() - start_ns;
    ASSERT(legal);
    const double count = (double)timeline_count(timeline);
    printf("a trace of %.0f events by %u tasks\n", count, (unsigned)tasks);
    row("  checking and indexing an event, CPU time", (double)took_ns / count, "ns", "-");
    row("  all of them, as when a window opens on a run that made them", (double)took_ns / 1e9, "s",
        "1 s");
    const double index_bytes = (double)timeline_index_size_bytes(timeline);
    row("  index, for an event", index_bytes / count, "bytes", "16 bytes");
    row("  memory, for an event: its record, the index, texts",
        (index_bytes + (double)log_size_bytes(log)) / count, "bytes", "64 bytes");
    State *state = state_create(timeline);
    measure_seeks(timeline, state, tasks, 1);
    measure_seeks(timeline, state, tasks, -1);
    measure_seeks(timeline, state, tasks, 0);
    measure_frames(timeline, state, tasks);
    measure_lanes(timeline);
    state_destroy(state);
    timeline_destroy(timeline);
    log_destroy(log);
}

int main(void) {
    measure_append();
    measure_looking_back(3, TRACE_EVENTS);
    measure_looking_back(10000, TRACE_EVENTS);
    measure_looking_back(1000, LONG_TRACE_EVENTS);
    return 0;
}
