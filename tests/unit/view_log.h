/* A pretend loop for the view's tests: it plays small task lists over a made-up clock and writes
 * the events that a real run would, in the order that docs/trace.md fixes: the view has no loop. */
#ifndef LOOPSCOPE_TESTS_VIEW_LOG_H
#define LOOPSCOPE_TESTS_VIEW_LOG_H

#include "program/listing.h"
#include "trace/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VIEW_LOG_STEPS = 8 };

typedef enum ViewStepKind {
    VIEW_END,
    VIEW_LOG,
    VIEW_OPEN,
    VIEW_WRITE,
    VIEW_FSYNC,
    VIEW_CLOSE,
    VIEW_SLEEP,
    VIEW_COMPUTE, /* the thread is kept for ns */
    VIEW_BLOCKING /* a write on the loop's own thread, for ns */
} ViewStepKind;

typedef struct ViewStep {
    ViewStepKind kind;
    uint64_t ns; /* how long the OS, the timer or the thread takes */
} ViewStep;

typedef struct ViewTask {
    const char *name;
    ViewStep steps[VIEW_LOG_STEPS];
} ViewTask;

typedef struct ViewPending { /* an operation or a timer */
    uint32_t id, task;
    uint64_t done_ns;
    bool is_timer, arrived, taken;
    int64_t result;
} ViewPending;

typedef struct ViewHandle {
    uint32_t task, callback;
} ViewHandle;

typedef struct ViewLoop {
    Log *log;
    const ViewTask *tasks;
    uint32_t task_count;
    IoVia via;
    uint64_t now_ns;
    uint32_t *next_step;
    ViewPending *pending;
    uint32_t pending_count, first, ops, timers, callbacks, alive;
    ViewHandle *ready;
    size_t ready_head, ready_tail;
} ViewLoop;

/* Many tasks are copies of one, as "count" makes them: they share their steps' pointers. */
static inline uint32_t view_body(uint32_t task_count, uint32_t task) {
    return task_count > 26 ? 0 : task;
}

static inline uint32_t view_text(ViewLoop *loop, const char *text) {
    return log_intern(loop->log, text, strlen(text));
}

/* The recorder looks at the completion queue before it appends. */
static inline void view_append(ViewLoop *loop, Event event) {
    while (loop->first < loop->pending_count && loop->pending[loop->first].taken) {
        loop->first++;
    }
    for (uint32_t i = loop->first; i < loop->pending_count; i++) {
        ViewPending *pending = &loop->pending[i];
        if (!pending->is_timer && !pending->arrived && !pending->taken &&
            pending->done_ns <= loop->now_ns && event.kind != EV_POLLED) {
            pending->arrived = true;
            Event arrived = event_make(EV_IO_ARRIVED);
            arrived.t_ns = loop->now_ns;
            arrived.id = pending->id;
            log_append(loop->log, &arrived);
        }
    }
    event.t_ns = loop->now_ns;
    log_append(loop->log, &event);
}

static inline void view_task_event(ViewLoop *loop, EventKind kind, uint32_t task) {
    Event event = event_make(kind);
    event.task = task;
    view_append(loop, event);
}

static inline void view_ready(ViewLoop *loop, uint32_t task, ReadyWhy why) {
    Event event = event_make(EV_TASK_READY);
    event.task = task;
    event.a = (uint8_t)why;
    view_append(loop, event);
    loop->ready[loop->ready_tail++] = (ViewHandle){task, EVENT_NONE};
}

static inline void view_wait(ViewLoop *loop, uint32_t task, bool timer, uint32_t id) {
    Event event = event_make(EV_TASK_WAITING);
    event.task = task;
    event.a = timer ? WAIT_TIMER : WAIT_IO;
    event.b = timer ? TARGET_TIMER : TARGET_OP;
    event.id = id;
    view_append(loop, event);
}

static inline void view_submit(ViewLoop *loop, uint32_t task, const ViewStep *step) {
    static const IoCall CALLS[] = {[VIEW_OPEN] = IO_OPENAT,
                                   [VIEW_WRITE] = IO_WRITE,
                                   [VIEW_FSYNC] = IO_FSYNC,
                                   [VIEW_CLOSE] = IO_CLOSE};
    char path[64];
    (void)snprintf(path, sizeof path, "%s.txt", loop->tasks[task].name);
    Event event = event_make(EV_IO_SUBMITTED);
    event.id = loop->ops++;
    event.task = task;
    event.a = (uint8_t)CALLS[step->kind];
    event.b = step->kind == VIEW_OPEN ? IO_MODE_W : IO_MODE_NONE;
    event.c = (uint8_t)loop->via;
    event.text = view_text(loop, path);
    event.x = step->kind == VIEW_WRITE ? 65536 : -1;
    event.y = step->kind == VIEW_WRITE ? 0 : -1;
    view_append(loop, event);
    loop->pending[loop->pending_count++] =
        (ViewPending){.id = event.id,
                      .task = task,
                      .done_ns = loop->now_ns + step->ns,
                      .result = step->kind == VIEW_WRITE ? 65536 : 0};
    loop->now_ns += 4000;
    view_wait(loop, task, false, event.id);
}

static inline void view_sleep(ViewLoop *loop, uint32_t task, uint64_t ns) {
    Event event = event_make(EV_TIMER_SET);
    event.id = loop->timers++;
    event.task = task;
    event.x = (int64_t)(loop->now_ns + ns);
    view_append(loop, event);
    loop->pending[loop->pending_count++] =
        (ViewPending){.id = event.id, .task = task, .done_ns = loop->now_ns + ns, .is_timer = true};
    view_wait(loop, task, true, event.id);
}

static inline void view_on_the_spot(ViewLoop *loop, uint32_t task, uint64_t ns) {
    loop->now_ns += ns;
    Event event = event_make(EV_IO_BLOCKING);
    event.task = task;
    event.a = IO_WRITE;
    event.text = view_text(loop, "slow.txt");
    event.x = 65536;
    event.y = 0;
    event.z = (int64_t)ns;
    event_set_io_result(&event, 65536, 65536, EVENT_NONE, false);
    view_append(loop, event);
}

/* Runs one task until it waits or ends. */
static inline void view_run(ViewLoop *loop, uint32_t task) {
    const uint64_t since = loop->now_ns;
    view_task_event(loop, EV_TASK_RUNNING, task);
    loop->now_ns += 8000;
    for (;;) {
        const uint32_t index = loop->next_step[task]++;
        const ViewStep *step = &loop->tasks[task].steps[index];
        if (step->kind == VIEW_END) {
            view_task_event(loop, EV_TASK_FINISHED, task);
            loop->alive--;
            break;
        }
        char at[64];
        (void)snprintf(at, sizeof at, "/tasks/%u/steps/%u", view_body(loop->task_count, task),
                       index);
        Event event = event_make(EV_STEP);
        event.task = task;
        event.text = view_text(loop, at);
        view_append(loop, event);
        loop->now_ns += 20000;
        if (step->kind == VIEW_LOG) {
            Event output = event_make(EV_OUTPUT);
            output.task = task;
            output.text = view_text(loop, loop->tasks[task].name);
            view_append(loop, output);
            loop->now_ns += 30000;
        } else if (step->kind == VIEW_COMPUTE) {
            loop->now_ns += step->ns;
        } else if (step->kind == VIEW_BLOCKING) {
            view_on_the_spot(loop, task, step->ns);
        } else if (step->kind == VIEW_SLEEP) {
            view_sleep(loop, task, step->ns);
            break;
        } else {
            view_submit(loop, task, step);
            break;
        }
    }
    if (loop->now_ns - since > 100000000) {
        Event event = event_make(EV_LOOP_BLOCKED);
        event.task = task;
        event.x = (int64_t)(loop->now_ns - since);
        view_append(loop, event);
    }
    loop->now_ns += 2000;
}

static inline void view_callback(ViewLoop *loop, ViewHandle handle) {
    Event event = event_make(EV_CALLBACK_RUN);
    event.id = handle.callback;
    view_append(loop, event);
    loop->now_ns += 3000;
    view_ready(loop, handle.task, READY_RESUMED);
}

/* poll, polled and what came back. */
static inline void view_ask(ViewLoop *loop) {
    uint64_t next = UINT64_MAX, timer = UINT64_MAX;
    for (uint32_t i = 0; i < loop->pending_count; i++) {
        const ViewPending *pending = &loop->pending[i];
        if (!pending->taken) {
            next = pending->done_ns < next ? pending->done_ns : next;
            timer = pending->is_timer && pending->done_ns < timer ? pending->done_ns : timer;
        }
    }
    const bool some = loop->ready_head < loop->ready_tail;
    Event poll = event_make(EV_POLL);
    poll.x = some                   ? 0
             : timer == UINT64_MAX  ? -1
             : timer > loop->now_ns ? (int64_t)(timer - loop->now_ns)
                                    : 0;
    view_append(loop, poll);
    if (poll.x != 0 && next > loop->now_ns) {
        loop->now_ns = next;
    }
    loop->now_ns += 5000;
    Event polled = event_make(EV_POLLED);
    polled.y = 1;
    for (uint32_t i = 0; i < loop->pending_count; i++) {
        const ViewPending *pending = &loop->pending[i];
        polled.x |= !pending->is_timer && !pending->taken && pending->done_ns <= loop->now_ns;
    }
    const uint64_t answered = loop->now_ns;
    for (uint32_t i = 0; i < loop->pending_count; i++) { /* the call brings these: none is peeked */
        loop->pending[i].arrived |= loop->pending[i].done_ns <= answered;
    }
    view_append(loop, polled);
    for (uint32_t i = 0; i < loop->pending_count; i++) {
        ViewPending *pending = &loop->pending[i];
        if (pending->is_timer || pending->taken || pending->done_ns > answered) {
            continue;
        }
        pending->taken = true;
        Event event = event_make(EV_IO_COMPLETED);
        event.id = pending->id;
        event.x = pending->result;
        view_append(loop, event);
        loop->now_ns += 1000;
        view_ready(loop, pending->task, READY_RESUMED);
    }
}

static inline void view_fire(ViewLoop *loop) {
    for (uint32_t i = 0; i < loop->pending_count; i++) {
        ViewPending *pending = &loop->pending[i];
        if (!pending->is_timer || pending->taken || pending->done_ns > loop->now_ns) {
            continue;
        }
        pending->taken = true;
        const uint32_t callback = loop->callbacks++;
        Event fired = event_make(EV_TIMER_FIRED);
        fired.id = pending->id;
        fired.x = callback;
        view_append(loop, fired);
        Event ready = event_make(EV_CALLBACK_READY);
        ready.id = callback;
        ready.task = pending->task;
        ready.text = view_text(loop, "set the sleep's result");
        view_append(loop, ready);
        loop->ready[loop->ready_tail++] = (ViewHandle){pending->task, callback};
    }
}

static inline void view_turn(ViewLoop *loop, uint64_t iteration) {
    bool in_flight = false;
    for (uint32_t i = 0; i < loop->pending_count; i++) {
        in_flight |= !loop->pending[i].is_timer && !loop->pending[i].taken;
    }
    if (in_flight || loop->ready_head == loop->ready_tail) {
        view_ask(loop);
    }
    view_fire(loop);
    const size_t count = loop->ready_tail - loop->ready_head;
    if (count == 0) {
        return;
    }
    Event event = event_make(EV_ITERATION);
    event.x = (int64_t)iteration;
    event.y = (int64_t)count;
    view_append(loop, event);
    for (size_t i = 0; i < count; i++) {
        const ViewHandle handle = loop->ready[loop->ready_head++];
        if (handle.callback != EVENT_NONE) {
            view_callback(loop, handle);
        } else {
            view_run(loop, handle.task);
        }
    }
}

/* A finished log of the tasks; the caller destroys it. */
static inline Log *view_log_make(const ViewTask *tasks, uint32_t task_count, IoVia via,
                                 const char *backend) {
    ViewLoop loop = {.log = log_create(), .tasks = tasks, .task_count = task_count, .via = via};
    const TraceHeader header = {.title = "a test",
                                .scenario = "test.json",
                                .backend = backend,
                                .notifier = via == VIA_SIM          ? "sim"
                                            : via == VIA_OVERLAPPED ? "iocp"
                                                                    : "epoll",
                                .has_seed = via == VIA_SIM,
                                .started = "2026-01-01T00:00:00Z",
                                .source = ""};
    log_set_header(loop.log, &header);
    loop.next_step = calloc(task_count, sizeof *loop.next_step);
    loop.pending = calloc((size_t)task_count * VIEW_LOG_STEPS, sizeof *loop.pending);
    loop.ready = calloc((size_t)task_count * VIEW_LOG_STEPS * 4, sizeof *loop.ready);
    loop.alive = task_count;
    for (uint32_t i = 0; i < task_count; i++) {
        Event created = event_make(EV_TASK_CREATED);
        created.task = i;
        created.text = view_text(&loop, tasks[i].name);
        created.x = -1;
        view_append(&loop, created);
        view_ready(&loop, i, READY_CREATED);
    }
    view_append(&loop, event_make(EV_LOOP_START));
    for (uint64_t iteration = 1; loop.alive > 0; iteration++) {
        view_turn(&loop, iteration);
    }
    view_append(&loop, event_make(EV_LOOP_STOP));
    log_finish(loop.log);
    free(loop.next_step);
    free(loop.pending);
    free(loop.ready);
    return loop.log;
}

/* The steps as a listing, as the code pane shows them. */
static inline void view_listing_make(Listing *listing, const ViewTask *tasks, uint32_t count) {
    static const char *const WORDS[] = {
        [VIEW_LOG] = "log \"hello\"",       [VIEW_OPEN] = "open the file as f",
        [VIEW_WRITE] = "write 64 KiB to f", [VIEW_FSYNC] = "fsync f",
        [VIEW_CLOSE] = "close f",           [VIEW_SLEEP] = "sleep",
        [VIEW_COMPUTE] = "compute",         [VIEW_BLOCKING] = "write 64 KiB to f, blocking"};
    for (uint32_t i = 0; i < (count > 26 ? 1 : count); i++) {
        listing_add(listing, tasks[i].name, strlen(tasks[i].name), 0, NULL, false, true);
        for (uint32_t k = 0; k < VIEW_LOG_STEPS && tasks[i].steps[k].kind != VIEW_END; k++) {
            char at[64];
            (void)snprintf(at, sizeof at, "/tasks/%u/steps/%u", i, k);
            const char *text = WORDS[tasks[i].steps[k].kind];
            listing_add(listing, text, strlen(text), 1, at, tasks[i].steps[k].kind != VIEW_LOG,
                        false);
        }
    }
}

#define VIEW_WRITER(label, open_us, write_us, close_us)                                            \
    {                                                                                              \
        label, {                                                                                   \
            {VIEW_LOG, 0}, {VIEW_OPEN, (open_us)*1000}, {VIEW_WRITE, (write_us)*1000},             \
                {VIEW_LOG, 0}, {VIEW_CLOSE, (close_us)*1000},                                      \
        }                                                                                          \
    }

/* Three writers whose writes take different times, so that one waits behind the gate. */
static const ViewTask VIEW_THREE[] = {VIEW_WRITER("write-a", 290, 374, 240),
                                      VIEW_WRITER("write-b", 350, 228, 210),
                                      VIEW_WRITER("write-c", 265, 250, 230)};

static const ViewTask VIEW_SLEEPERS[] = {
    {"sleeper-1", {{VIEW_LOG, 0}, {VIEW_SLEEP, 30000000}, {VIEW_LOG, 0}}},
    {"sleeper-2", {{VIEW_LOG, 0}, {VIEW_SLEEP, 10000000}, {VIEW_LOG, 0}}},
    {"sleeper-3", {{VIEW_LOG, 0}, {VIEW_SLEEP, 20000000}, {VIEW_LOG, 0}}},
};

/* One keeps the thread while the others' work is done and due. */
static const ViewTask VIEW_FROZEN[] = {
    {"work-a", {{VIEW_OPEN, 50000}, {VIEW_COMPUTE, 400000000}, {VIEW_LOG, 0}, {VIEW_CLOSE, 50000}}},
    {"work-b", {{VIEW_OPEN, 52000}, {VIEW_WRITE, 90000}, {VIEW_LOG, 0}}},
    {"work-c", {{VIEW_OPEN, 54000}, {VIEW_WRITE, 29000000}, {VIEW_CLOSE, 50000}}},
    {"tick", {{VIEW_SLEEP, 100000000}, {VIEW_LOG, 0}, {VIEW_SLEEP, 100000000}}},
};

/* While the first one computes, the files of the others are opened and their timers get due. */
static const ViewTask VIEW_CROWDED[] = {
    {"busy", {{VIEW_SLEEP, 1000}, {VIEW_COMPUTE, 4000000}, {VIEW_CLOSE, 90000}}},
    {"ann", {{VIEW_OPEN, 900000}, {VIEW_CLOSE, 90000}}},
    {"bob", {{VIEW_OPEN, 700000}, {VIEW_CLOSE, 90000}}},
    {"cyd", {{VIEW_OPEN, 800000}, {VIEW_CLOSE, 90000}}},
    {"dan", {{VIEW_SLEEP, 2000000}, {VIEW_LOG, 0}}},
    {"eve", {{VIEW_SLEEP, 1000000}, {VIEW_LOG, 0}}},
};
enum { CROWDED = sizeof VIEW_CROWDED / sizeof VIEW_CROWDED[0] };

#endif
