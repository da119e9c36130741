#include "export/tracks.h"
#include "export/idmap.h"
#include "export/spans.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NO_EVENT UINT64_MAX

const char *const MARK_CATEGORIES[MARK_CATEGORY_COUNT] = {
    "task", "step", "loop", "io", "blocking", "says", "warning", "event", "flow"};
const char *const ARROW_NAMES[ARROW_COUNT] = {"operation", "spawned"};
const char *const TRACK_COUNTERS[COUNTERS] = {"ready", "waiting", "in flight"};

/* What is known of a task so far. */
typedef struct TaskNow {
    uint32_t name;
    uint32_t waits_op; /* or EVENT_NONE */
    uint32_t woken_by; /* the operation that ended its wait, until it runs; or EVENT_NONE */
    bool waiting;
    bool born; /* its parent had the thread: an arrow leads to its first run */
} TaskNow;

typedef struct Counter {
    uint64_t value, told;
} Counter;

typedef struct Tracks {
    const TrackSink *sink;
    const Log *log;
    uint64_t count;
    Spans *spans;
    TaskNow *tasks;
    uint32_t task_count;
    uint32_t running; /* task, or EVENT_NONE */
    IdMap ops, callbacks;
    uint64_t blocking_told; /* io_blocking events before this one have their slice */
    Counter counters[COUNTERS];
    Buf name; /* of a slice */
} Tracks;

static uint64_t track_of(uint32_t task) {
    return task == EVENT_NONE ? TRACK_LOOP : TRACK_TASK + (uint64_t)task;
}

static TaskNow *task_of(Tracks *tracks, uint32_t task) {
    return task < tracks->task_count ? &tracks->tasks[task] : NULL;
}

/* A text of the trace may be long: what is shown of it ends with a whole character. */
static size_t shown_bytes(const char *text, size_t size_bytes) {
    enum { DETAIL_MAX_BYTES = 120 };
    if (size_bytes <= DETAIL_MAX_BYTES) {
        return size_bytes;
    }
    size_bytes = DETAIL_MAX_BYTES;
    while (size_bytes > 0 && ((unsigned char)text[size_bytes] & 0xC0) == 0x80) {
        size_bytes--;
    }
    return size_bytes;
}

static void set_detail(Mark *mark, const char *text, size_t size_bytes) {
    mark->detail = text;
    mark->detail_size_bytes = shown_bytes(text, size_bytes);
}

static void set_text(const Tracks *tracks, Mark *mark, uint32_t text) {
    size_t length = 0;
    const char *bytes = log_text(tracks->log, text, &length);
    set_detail(mark, bytes, length);
}

/* Where the name was put together. */
static void set_name(const Tracks *tracks, Mark *mark) {
    set_detail(mark, buf_text(&tracks->name), tracks->name.size_bytes);
}

static void tell(Tracks *tracks, const Mark *mark) {
    tracks->sink->mark(tracks->sink->context, mark);
}

/* A mark that carries event n of the trace, at its time. */
static Mark carrier(const Tracks *tracks, MarkKind kind, uint64_t n, MarkCategory category,
                    const char *name) {
    return (Mark){.kind = kind,
                  .category = category,
                  .name = name,
                  .track = TRACK_LOOP,
                  .t_ns = log_event(tracks->log, n)->t_ns,
                  .n = n};
}

static void slice(Tracks *tracks, Mark mark, uint64_t end_ns) {
    mark.kind = MARK_SLICE;
    mark.dur_ns = end_ns - mark.t_ns;
    tell(tracks, &mark);
}

static Mark arrow_mark(MarkKind kind, Arrow arrow, uint32_t id, uint64_t track, uint64_t t_ns) {
    static const char *const WORDS[ARROW_COUNT][2] = {
        [ARROW_OPERATION] = {"submitted: ", "completed: "},
        [ARROW_SPAWNED] = {"spawned: ", "begun: "}};
    return (Mark){.kind = kind,
                  .category = MARK_FLOW,
                  .name = WORDS[arrow][kind != MARK_ARROW_BEGIN],
                  .track = track,
                  .t_ns = t_ns,
                  .arrow = arrow,
                  .id = id,
                  .n = NO_EVENT};
}

/* ---- tasks ---- */

static void append_text(const Tracks *tracks, uint32_t text, Buf *out) {
    size_t length = 0;
    const char *bytes = log_text(tracks->log, text, &length);
    buf_append_char(out, ' ');
    buf_append(out, bytes, length);
}

/* "write a.txt", of an io_submitted or io_blocking. */
static void append_call(const Tracks *tracks, const Event *io, Buf *out) {
    buf_append_text(out, IO_CALL_WORDS[io->a]);
    if (io->text != EVENT_NONE) {
        append_text(tracks, io->text, out);
    }
}

static void append_reason(Tracks *tracks, const Event *event, Buf *out) {
    uint32_t n = 0;
    const TaskNow *other = NULL;
    buf_append_text(out, WAIT_ON_WORDS[event->a]);
    switch ((TargetKind)event->b) {
    case TARGET_OP:
        if (idmap_get(&tracks->ops, event->id, &n)) {
            buf_append_text(out, ": ");
            append_call(tracks, log_event(tracks->log, n), out);
        }
        return;
    case TARGET_TASK:
        other = task_of(tracks, event->id);
        if (other != NULL) {
            append_text(tracks, other->name, out);
        }
        return;
    case TARGET_TASKS:
    case TARGET_NAME:
        append_text(tracks, event->text, out);
        return;
    default:
        return;
    }
}

static void phase(Tracks *tracks, uint64_t n, const char *name, const char *detail) {
    Mark event = carrier(tracks, MARK_SLICE, n, MARK_TASK, name);
    event.track = track_of(log_event(tracks->log, n)->task);
    if (detail != NULL) {
        set_detail(&event, detail, strlen(detail));
    }
    slice(tracks, event, spans_phase_end_ns(tracks->spans, n));
}

static void leave_wait(Tracks *tracks, TaskNow *task) {
    tracks->counters[COUNT_WAITING].value -= task->waiting;
    task->waiting = false;
}

static void on_ready(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    leave_wait(tracks, task_of(tracks, event->task));
    tracks->running = tracks->running == event->task ? EVENT_NONE : tracks->running;
    tracks->counters[COUNT_READY].value++;
    phase(tracks, n, "ready: ", READY_WHY_WORDS[event->a]);
}

/* An arrow ends where the task begins to run. */
static void arrive(Tracks *tracks, Arrow arrow, uint32_t id, const Event *running) {
    const uint64_t track = track_of(running->task);
    const Mark end = arrow_mark(MARK_ARROW_END, arrow, id, track, running->t_ns);
    tell(tracks, &end);
}

static void on_running(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    TaskNow *task = task_of(tracks, event->task);
    tracks->running = event->task;
    tracks->counters[COUNT_READY].value -= tracks->counters[COUNT_READY].value > 0;
    phase(tracks, n, "running", NULL);
    if (task->born) {
        arrive(tracks, ARROW_SPAWNED, event->task, event);
        task->born = false;
    }
    if (task->woken_by != EVENT_NONE) {
        arrive(tracks, ARROW_OPERATION, task->woken_by, event);
        task->woken_by = EVENT_NONE;
    }
}

static void on_waiting(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    TaskNow *task = task_of(tracks, event->task);
    tracks->running = EVENT_NONE;
    tracks->counters[COUNT_WAITING].value += !task->waiting;
    task->waiting = true;
    task->waits_op = event->b == TARGET_OP ? event->id : EVENT_NONE;
    buf_clear(&tracks->name);
    append_reason(tracks, event, &tracks->name);
    phase(tracks, n, "waiting: ", buf_text(&tracks->name));
}

static void on_created(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    Mark told = carrier(tracks, MARK_INSTANT, n, MARK_TASK, "task created");
    told.track = track_of(event->task);
    tell(tracks, &told);
    if (event->id != EVENT_NONE && event->id == tracks->running) {
        task_of(tracks, event->task)->born = true;
        Mark spawned = arrow_mark(MARK_ARROW_BEGIN, ARROW_SPAWNED, event->task, track_of(event->id),
                                  event->t_ns);
        set_text(tracks, &spawned, event->text);
        tell(tracks, &spawned);
    }
}

static void on_end(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    leave_wait(tracks, task_of(tracks, event->task));
    tracks->running = tracks->running == event->task ? EVENT_NONE : tracks->running;
    Mark told = carrier(tracks, MARK_INSTANT, n, MARK_TASK, EVENT_KINDS[event->kind].name);
    told.track = track_of(event->task);
    tell(tracks, &told);
}

static void on_step(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    Mark step = carrier(tracks, MARK_SLICE, n, MARK_STEP, "");
    step.track = track_of(event->task);
    set_text(tracks, &step, event->text);
    slice(tracks, step, spans_step_end_ns(tracks->spans, n));
}

/* ---- operations ---- */

/* Where what happens now happens: in the running task, or in a callback on the loop's thread. */
static uint64_t track_now(const Tracks *tracks) {
    return track_of(tracks->running);
}

/* Of the operation that was submitted by that event. */
static void operation(Tracks *tracks, MarkKind kind, uint64_t n, uint32_t submitted_n) {
    const Event *io = log_event(tracks->log, submitted_n);
    Mark mark = carrier(tracks, kind, n, MARK_IO, "");
    set_name(tracks, &mark);
    mark.track = track_of(io->task);
    mark.id = io->id;
    tell(tracks, &mark);
}

static void operation_arrow(Tracks *tracks, MarkKind kind, const Event *event, uint64_t track) {
    Mark mark = arrow_mark(kind, ARROW_OPERATION, event->id, track, event->t_ns);
    set_name(tracks, &mark);
    tell(tracks, &mark);
}

static void name_call(Tracks *tracks, const Event *io) {
    buf_clear(&tracks->name);
    append_call(tracks, io, &tracks->name);
}

static void on_submitted(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    idmap_put(&tracks->ops, event->id, (uint32_t)n);
    tracks->counters[COUNT_IN_FLIGHT].value++;
    name_call(tracks, event);
    operation_arrow(tracks, MARK_ARROW_BEGIN, event, track_now(tracks));
    operation(tracks, MARK_OP_BEGIN, n, (uint32_t)n);
}

static void on_arrived(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    uint32_t submitted_n = 0;
    if (idmap_get(&tracks->ops, event->id, &submitted_n)) {
        name_call(tracks, log_event(tracks->log, submitted_n));
        operation(tracks, MARK_OP_STEP, n, submitted_n);
    }
}

static void on_completed(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    uint32_t submitted_n = 0;
    if (!idmap_get(&tracks->ops, event->id, &submitted_n)) {
        return;
    }
    idmap_remove(&tracks->ops, event->id);
    tracks->counters[COUNT_IN_FLIGHT].value--;
    const Event *submitted = log_event(tracks->log, submitted_n);
    name_call(tracks, submitted);
    operation(tracks, MARK_OP_END, n, submitted_n);
    TaskNow *task = task_of(tracks, submitted->task);
    const bool wakes = task != NULL && task->waiting && task->waits_op == event->id;
    if (wakes) {
        task->woken_by = event->id;
    }
    operation_arrow(tracks, wakes ? MARK_ARROW_STEP : MARK_ARROW_END, event, TRACK_LOOP);
}

/* What was done on the spot began before its event: its slice is written before the arrivals that
 * the recorder saw just before that event. True where the slice carries event n. */
static bool tell_blocking(Tracks *tracks, uint64_t n) {
    uint64_t at = n;
    while (at < tracks->count && log_event(tracks->log, at)->kind == EV_IO_ARRIVED) {
        at++;
    }
    if (at < tracks->blocking_told || at == tracks->count) {
        return false;
    }
    const Event *event = log_event(tracks->log, at);
    if (event->kind != EV_IO_BLOCKING || event_io_in_thread(event)) {
        return false;
    }
    const uint64_t before_ns = n == 0 ? 0 : log_event(tracks->log, n - 1)->t_ns;
    const uint64_t took_ns = event->z < 0 ? 0 : (uint64_t)event->z;
    const bool fits = took_ns <= event->t_ns && event->t_ns - took_ns >= before_ns;
    Mark told = carrier(tracks, MARK_SLICE, at, MARK_BLOCKING, "");
    name_call(tracks, event);
    set_name(tracks, &told);
    told.track = track_now(tracks);
    told.t_ns = fits ? event->t_ns - took_ns : before_ns;
    told.n = at == n ? n : NO_EVENT; /* else its own turn comes, behind the arrivals */
    slice(tracks, told, event->t_ns);
    tracks->blocking_told = at + 1;
    return at == n;
}

/* ---- the loop ---- */

static void loop_slice(Tracks *tracks, uint64_t n, const char *name) {
    slice(tracks, carrier(tracks, MARK_SLICE, n, MARK_LOOP, name),
          spans_loop_end_ns(tracks->spans, n));
}

static void on_poll(Tracks *tracks, uint64_t n) {
    loop_slice(tracks, n, "poll");
}

static void on_polled(Tracks *tracks, uint64_t n) {
    loop_slice(tracks, n, "take completions and timers");
}

static void on_iteration(Tracks *tracks, uint64_t n) {
    char number[24];
    Mark event = carrier(tracks, MARK_SLICE, n, MARK_LOOP, "iteration ");
    const int length = snprintf(number, sizeof number, "%" PRId64, log_event(tracks->log, n)->x);
    set_detail(&event, number, (size_t)length);
    slice(tracks, event, spans_loop_end_ns(tracks->spans, n));
}

static void on_callback_ready(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    Mark told = carrier(tracks, MARK_INSTANT, n, MARK_LOOP, "queued: ");
    set_text(tracks, &told, event->text);
    idmap_put(&tracks->callbacks, event->id, (uint32_t)n);
    tracks->counters[COUNT_READY].value++;
    tell(tracks, &told);
}

static void on_callback_run(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    Mark told = carrier(tracks, MARK_SLICE, n, MARK_LOOP, "callback: ");
    uint32_t queued_n = 0;
    if (idmap_get(&tracks->callbacks, event->id, &queued_n)) {
        set_text(tracks, &told, log_event(tracks->log, queued_n)->text);
        idmap_remove(&tracks->callbacks, event->id);
    }
    tracks->counters[COUNT_READY].value -= tracks->counters[COUNT_READY].value > 0;
    slice(tracks, told, spans_callback_end_ns(tracks->spans, n));
}

/* Whatever has no length: what tasks say and do, timers, warnings. */
static void on_instant(Tracks *tracks, uint64_t n) {
    const Event *event = log_event(tracks->log, n);
    const bool says = event->kind == EV_OUTPUT || event->kind == EV_NOTE;
    const bool warns =
        event->kind == EV_LOOP_BLOCKED || event->kind == EV_DEADLOCK || event->kind == EV_LIMIT;
    Mark told = carrier(tracks, MARK_INSTANT, n,
                        says    ? MARK_SAYS
                        : warns ? MARK_WARNING
                                : MARK_EVENT,
                        EVENT_KINDS[event->kind].name);
    told.track = track_of(event->task);
    if (says) {
        told.name = event->kind == EV_OUTPUT ? "output: " : "note: ";
        set_text(tracks, &told, event->text);
    }
    tell(tracks, &told);
}

typedef void Tell(Tracks *tracks, uint64_t n);

/* By kind; the others are instants. */
static Tell *const TELLS[EV_KIND_COUNT] = {
    [EV_POLL] = on_poll,
    [EV_POLLED] = on_polled,
    [EV_ITERATION] = on_iteration,
    [EV_TASK_CREATED] = on_created,
    [EV_TASK_READY] = on_ready,
    [EV_TASK_RUNNING] = on_running,
    [EV_TASK_WAITING] = on_waiting,
    [EV_TASK_FINISHED] = on_end,
    [EV_TASK_FAILED] = on_end,
    [EV_TASK_CANCELLED] = on_end,
    [EV_STEP] = on_step,
    [EV_CALLBACK_READY] = on_callback_ready,
    [EV_CALLBACK_RUN] = on_callback_run,
    [EV_IO_SUBMITTED] = on_submitted,
    [EV_IO_ARRIVED] = on_arrived,
    [EV_IO_COMPLETED] = on_completed,
};

static void take_event(Tracks *tracks, uint64_t n) {
    Tell *told = TELLS[log_event(tracks->log, n)->kind];
    (told != NULL ? told : on_instant)(tracks, n);
}

static void tell_counters(Tracks *tracks, uint64_t t_ns) {
    for (int i = 0; i < COUNTERS; i++) {
        Counter *counter = &tracks->counters[i];
        if (counter->value != counter->told) {
            counter->told = counter->value;
            tracks->sink->count(tracks->sink->context, (TrackCounter)i, t_ns, counter->value);
        }
    }
}

/* ---- the whole ---- */

static void collect_tasks(Tracks *tracks) {
    size_t cap = 0;
    for (uint64_t n = 0; n < tracks->count; n++) {
        const Event *event = log_event(tracks->log, n);
        if (event->kind == EV_TASK_CREATED) {
            const size_t count = (size_t)tracks->task_count + 1;
            tracks->tasks = mem_grow(tracks->tasks, &cap, count, sizeof *tracks->tasks);
            tracks->tasks[tracks->task_count++] =
                (TaskNow){.name = event->text, .waits_op = EVENT_NONE, .woken_by = EVENT_NONE};
        }
    }
}

static bool tell_all(Tracks *tracks) {
    bool good = true;
    for (uint32_t task = 0; good && task < tracks->task_count; task++) {
        size_t length = 0;
        const char *name = log_text(tracks->log, tracks->tasks[task].name, &length);
        tracks->sink->name_task(tracks->sink->context, task, name, length);
        good = stream_pass(tracks->sink->stream, 0);
    }
    for (uint64_t n = 0; good && n < tracks->count; n++) {
        if (!tell_blocking(tracks, n)) {
            take_event(tracks, n);
        }
        tell_counters(tracks, log_event(tracks->log, n)->t_ns);
        good = stream_pass(tracks->sink->stream, n);
    }
    return good;
}

bool tracks_tell(const TrackSink *sink) {
    const ExportJob *job = sink->stream->job;
    Tracks tracks = {.sink = sink, .log = job->log, .count = job->end, .running = EVENT_NONE};
    collect_tasks(&tracks);
    tracks.spans = spans_create(job->log, job->end, tracks.task_count);
    sink->begin(sink->context, tracks.task_count);
    const bool good = tell_all(&tracks);
    spans_destroy(tracks.spans);
    idmap_finish(&tracks.ops);
    idmap_finish(&tracks.callbacks);
    free(tracks.tasks);
    buf_finish(&tracks.name);
    return good;
}
