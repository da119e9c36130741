/* The Chrome Trace Event Format: a thread a task, a thread for the loop's phases, asynchronous
 * slices for operations, arrows from who hands one over to who is woken, counters. */
#include "export/chrome.h"
#include "export/export.h"
#include "export/fields.h"
#include "export/idmap.h"
#include "export/spans.h"
#include "export/stream.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NO_EVENT UINT64_MAX

/* Arrows by name: from a submission over its completion to the run of the task that it wakes; from
 * a parent to its child's first run. */
#define OPERATION "operation"
#define SPAWNED   "spawned"

/* What is known of a task so far. */
typedef struct TaskNow {
    uint32_t name;
    uint32_t waits_op; /* or EVENT_NONE */
    uint32_t woken_by; /* the operation that ended its wait, until it runs; or EVENT_NONE */
    bool waiting;
    bool born; /* its parent had the thread: an arrow leads to its first run */
} TaskNow;

typedef struct Counter {
    const char *name;
    uint64_t value, told;
} Counter;

enum { COUNT_READY, COUNT_WAITING, COUNT_IN_FLIGHT, COUNTERS };

typedef struct Chrome {
    ChromeLine line;
    Stream stream;
    const Log *log;
    uint64_t count;
    Spans *spans;
    TaskNow *tasks;
    uint32_t task_count;
    uint32_t running; /* task, or EVENT_NONE */
    bool taking;      /* between polled and what follows: a slice takes completions in */
    IdMap ops, callbacks;
    uint64_t blocking_told; /* io_blocking events before this one have their slice */
    Counter counters[COUNTERS];
    Buf name; /* of a slice */
} Chrome;

static uint64_t tid_of(uint32_t task) {
    return task == EVENT_NONE ? CHROME_LOOP_TID : CHROME_TASK_TID + (uint64_t)task;
}

static TaskNow *task_of(Chrome *chrome, uint32_t task) {
    return task < chrome->task_count ? &chrome->tasks[task] : NULL;
}

/* An event of Chrome's that carries event n of the trace, at its time. */
static ChromeEvent carrier(const Chrome *chrome, char ph, uint64_t n, const char *cat,
                           const char *name) {
    return (ChromeEvent){.ph = ph,
                         .cat = cat,
                         .name = name,
                         .tid = CHROME_LOOP_TID,
                         .t_ns = log_event(chrome->log, n)->t_ns,
                         .n = n};
}

static void set_detail(const Chrome *chrome, ChromeEvent *event, uint32_t text) {
    event->detail = log_text(chrome->log, text, &event->detail_size_bytes);
}

static void slice(Chrome *chrome, ChromeEvent event, uint64_t end_ns) {
    event.ph = 'X';
    event.dur_ns = end_ns - event.t_ns;
    chrome_event(&chrome->line, &event);
}

static void arrow(Chrome *chrome, char ph, const char *name, uint64_t id, uint64_t tid,
                  uint64_t t_ns) {
    chrome_event(&chrome->line, &(ChromeEvent){.ph = ph,
                                               .cat = "flow",
                                               .name = name,
                                               .tid = tid,
                                               .t_ns = t_ns,
                                               .id = id,
                                               .n = NO_EVENT});
}

/* ---- tasks ---- */

static void append_text(const Chrome *chrome, uint32_t text, Buf *out) {
    size_t length = 0;
    const char *bytes = log_text(chrome->log, text, &length);
    buf_append_char(out, ' ');
    buf_append(out, bytes, length);
}

/* "write a.txt", of an io_submitted or io_blocking. */
static void append_call(const Chrome *chrome, const Event *io, Buf *out) {
    buf_append_text(out, IO_CALL_WORDS[io->a]);
    if (io->text != EVENT_NONE) {
        append_text(chrome, io->text, out);
    }
}

static void append_reason(Chrome *chrome, const Event *event, Buf *out) {
    uint32_t n = 0;
    const TaskNow *other = NULL;
    buf_append_text(out, WAIT_ON_WORDS[event->a]);
    switch ((TargetKind)event->b) {
    case TARGET_OP:
        if (idmap_get(&chrome->ops, event->id, &n)) {
            buf_append_text(out, ": ");
            append_call(chrome, log_event(chrome->log, n), out);
        }
        return;
    case TARGET_TASK:
        other = task_of(chrome, event->id);
        if (other != NULL) {
            append_text(chrome, other->name, out);
        }
        return;
    case TARGET_TASKS:
    case TARGET_NAME:
        append_text(chrome, event->text, out);
        return;
    default:
        return;
    }
}

static void phase(Chrome *chrome, uint64_t n, const char *name, const char *detail) {
    ChromeEvent event = carrier(chrome, 'X', n, "task", name);
    event.tid = tid_of(log_event(chrome->log, n)->task);
    if (detail != NULL) {
        event.detail = detail;
        event.detail_size_bytes = strlen(detail);
    }
    slice(chrome, event, spans_phase_end_ns(chrome->spans, n));
}

static void leave_wait(Chrome *chrome, TaskNow *task) {
    chrome->counters[COUNT_WAITING].value -= task->waiting;
    task->waiting = false;
}

static void on_ready(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    leave_wait(chrome, task_of(chrome, event->task));
    chrome->running = chrome->running == event->task ? EVENT_NONE : chrome->running;
    chrome->counters[COUNT_READY].value++;
    phase(chrome, n, "ready: ", READY_WHY_WORDS[event->a]);
}

static void on_running(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    TaskNow *task = task_of(chrome, event->task);
    chrome->running = event->task;
    chrome->counters[COUNT_READY].value -= chrome->counters[COUNT_READY].value > 0;
    phase(chrome, n, "running", NULL);
    if (task->born) {
        arrow(chrome, 'f', SPAWNED, event->task, tid_of(event->task), event->t_ns);
        task->born = false;
    }
    if (task->woken_by != EVENT_NONE) {
        arrow(chrome, 'f', OPERATION, task->woken_by, tid_of(event->task), event->t_ns);
        task->woken_by = EVENT_NONE;
    }
}

static void on_waiting(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    TaskNow *task = task_of(chrome, event->task);
    chrome->running = EVENT_NONE;
    chrome->counters[COUNT_WAITING].value += !task->waiting;
    task->waiting = true;
    task->waits_op = event->b == TARGET_OP ? event->id : EVENT_NONE;
    buf_clear(&chrome->name);
    append_reason(chrome, event, &chrome->name);
    phase(chrome, n, "waiting: ", buf_text(&chrome->name));
}

static void on_created(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    ChromeEvent told = carrier(chrome, 'i', n, "task", "task created");
    told.tid = tid_of(event->task);
    chrome_event(&chrome->line, &told);
    if (event->id != EVENT_NONE && event->id == chrome->running) {
        task_of(chrome, event->task)->born = true;
        arrow(chrome, 's', SPAWNED, event->task, tid_of(event->id), event->t_ns);
    }
}

static void on_end(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    leave_wait(chrome, task_of(chrome, event->task));
    chrome->running = chrome->running == event->task ? EVENT_NONE : chrome->running;
    ChromeEvent told = carrier(chrome, 'i', n, "task", EVENT_KINDS[event->kind].name);
    told.tid = tid_of(event->task);
    chrome_event(&chrome->line, &told);
}

static void on_step(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    ChromeEvent step = carrier(chrome, 'X', n, "step", "");
    step.tid = tid_of(event->task);
    set_detail(chrome, &step, event->text);
    slice(chrome, step, spans_step_end_ns(chrome->spans, n));
}

/* ---- operations ---- */

/* Where what happens now happens: in the running task, or in a callback on the loop's thread. */
static uint64_t tid_now(const Chrome *chrome) {
    return tid_of(chrome->running);
}

static void operation(Chrome *chrome, char ph, uint64_t n, uint32_t op, uint32_t submitted_n) {
    const Event *io = log_event(chrome->log, submitted_n);
    ChromeEvent event = carrier(chrome, ph, n, "io", "");
    buf_clear(&chrome->name);
    append_call(chrome, io, &chrome->name);
    event.detail = buf_text(&chrome->name);
    event.detail_size_bytes = chrome->name.size_bytes;
    event.tid = tid_of(io->task);
    event.id = op;
    chrome_event(&chrome->line, &event);
}

static void on_submitted(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    idmap_put(&chrome->ops, event->id, (uint32_t)n);
    chrome->counters[COUNT_IN_FLIGHT].value++;
    operation(chrome, 'b', n, event->id, (uint32_t)n);
    arrow(chrome, 's', OPERATION, event->id, tid_now(chrome), event->t_ns);
}

static void on_arrived(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    uint32_t submitted_n = 0;
    if (idmap_get(&chrome->ops, event->id, &submitted_n)) {
        operation(chrome, 'n', n, event->id, submitted_n);
    }
}

static void on_completed(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    uint32_t submitted_n = 0;
    if (!idmap_get(&chrome->ops, event->id, &submitted_n)) {
        return;
    }
    idmap_remove(&chrome->ops, event->id);
    chrome->counters[COUNT_IN_FLIGHT].value--;
    operation(chrome, 'e', n, event->id, submitted_n);
    TaskNow *task = task_of(chrome, log_event(chrome->log, submitted_n)->task);
    const bool wakes = task != NULL && task->waiting && task->waits_op == event->id;
    if (wakes) {
        task->woken_by = event->id;
    }
    arrow(chrome, wakes ? 't' : 'f', OPERATION, event->id, CHROME_LOOP_TID, event->t_ns);
}

/* What was done on the spot began before its event: its slice is written before the arrivals that
 * the recorder saw just before that event. True where the slice carries event n. */
static bool tell_blocking(Chrome *chrome, uint64_t n) {
    uint64_t at = n;
    while (at < chrome->count && log_event(chrome->log, at)->kind == EV_IO_ARRIVED) {
        at++;
    }
    if (at < chrome->blocking_told || at == chrome->count) {
        return false;
    }
    const Event *event = log_event(chrome->log, at);
    if (event->kind != EV_IO_BLOCKING || event_io_in_thread(event)) {
        return false;
    }
    const uint64_t before_ns = n == 0 ? 0 : log_event(chrome->log, n - 1)->t_ns;
    const uint64_t took_ns = event->z < 0 ? 0 : (uint64_t)event->z;
    const bool fits = took_ns <= event->t_ns && event->t_ns - took_ns >= before_ns;
    ChromeEvent told = carrier(chrome, 'X', at, "blocking", "");
    buf_clear(&chrome->name);
    append_call(chrome, event, &chrome->name);
    told.detail = buf_text(&chrome->name);
    told.detail_size_bytes = chrome->name.size_bytes;
    told.tid = tid_now(chrome);
    told.t_ns = fits ? event->t_ns - took_ns : before_ns;
    told.n = at == n ? n : NO_EVENT; /* else its own turn comes, behind the arrivals */
    slice(chrome, told, event->t_ns);
    chrome->blocking_told = at + 1;
    return at == n;
}

/* ---- the loop ---- */

static void loop_slice(Chrome *chrome, uint64_t n, const char *name) {
    slice(chrome, carrier(chrome, 'X', n, "loop", name), spans_loop_end_ns(chrome->spans, n));
}

static void on_poll(Chrome *chrome, uint64_t n) {
    loop_slice(chrome, n, "poll");
}

static void on_polled(Chrome *chrome, uint64_t n) {
    loop_slice(chrome, n, "take completions and timers");
}

static void on_iteration(Chrome *chrome, uint64_t n) {
    char number[24];
    ChromeEvent event = carrier(chrome, 'X', n, "loop", "iteration ");
    event.detail_size_bytes =
        (size_t)snprintf(number, sizeof number, "%" PRId64, log_event(chrome->log, n)->x);
    event.detail = number;
    slice(chrome, event, spans_loop_end_ns(chrome->spans, n));
}

static void on_callback_ready(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    ChromeEvent told = carrier(chrome, 'i', n, "loop", "queued: ");
    set_detail(chrome, &told, event->text);
    idmap_put(&chrome->callbacks, event->id, (uint32_t)n);
    chrome->counters[COUNT_READY].value++;
    chrome_event(&chrome->line, &told);
}

static void on_callback_run(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    ChromeEvent told = carrier(chrome, 'X', n, "loop", "callback: ");
    uint32_t queued_n = 0;
    if (idmap_get(&chrome->callbacks, event->id, &queued_n)) {
        set_detail(chrome, &told, log_event(chrome->log, queued_n)->text);
        idmap_remove(&chrome->callbacks, event->id);
    }
    chrome->counters[COUNT_READY].value -= chrome->counters[COUNT_READY].value > 0;
    slice(chrome, told, spans_callback_end_ns(chrome->spans, n));
}

/* Whatever has no length: what tasks say and do, timers, warnings. */
static void on_instant(Chrome *chrome, uint64_t n) {
    const Event *event = log_event(chrome->log, n);
    const bool says = event->kind == EV_OUTPUT || event->kind == EV_NOTE;
    const bool warns =
        event->kind == EV_LOOP_BLOCKED || event->kind == EV_DEADLOCK || event->kind == EV_LIMIT;
    ChromeEvent told = carrier(chrome, 'i', n,
                               says    ? "says"
                               : warns ? "warning"
                                       : "event",
                               EVENT_KINDS[event->kind].name);
    told.tid = tid_of(event->task);
    if (says) {
        told.name = event->kind == EV_OUTPUT ? "output: " : "note: ";
        set_detail(chrome, &told, event->text);
    }
    chrome_event(&chrome->line, &told);
}

typedef void Tell(Chrome *chrome, uint64_t n);

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

static void take_event(Chrome *chrome, uint64_t n) {
    Tell *tell = TELLS[log_event(chrome->log, n)->kind];
    (tell != NULL ? tell : on_instant)(chrome, n);
}

static void tell_counters(Chrome *chrome, uint64_t t_ns) {
    for (int i = 0; i < COUNTERS; i++) {
        Counter *counter = &chrome->counters[i];
        if (counter->value != counter->told) {
            counter->told = counter->value;
            chrome_counter(&chrome->line, counter->name, t_ns, counter->value);
        }
    }
}

/* ---- the whole ---- */

static void collect_tasks(Chrome *chrome) {
    size_t cap = 0;
    for (uint64_t n = 0; n < chrome->count; n++) {
        const Event *event = log_event(chrome->log, n);
        if (event->kind == EV_TASK_CREATED) {
            const size_t count = (size_t)chrome->task_count + 1;
            chrome->tasks = mem_grow(chrome->tasks, &cap, count, sizeof *chrome->tasks);
            chrome->tasks[chrome->task_count++] =
                (TaskNow){.name = event->text, .waits_op = EVENT_NONE, .woken_by = EVENT_NONE};
        }
    }
}

static void write_head(Chrome *chrome) {
    const TraceHeader *header = log_header(chrome->log);
    Pen pen = pen_on(&chrome->stream.text);
    PEN_LITERAL(&pen, CHROME_HEAD_BEGIN);
    export_header_object(chrome->log, &pen);
    pen_room(&pen, 0);
    PEN_LITERAL(&pen, CHROME_HEAD_END);
    pen_lift(&pen);
    /* The first event stands without the comma that each line brings. */
    const size_t comma = chrome->stream.text.size_bytes;
    buf_clear(&chrome->name);
    buf_printf(&chrome->name, "loopscope: %s", header->title);
    chrome_name(&chrome->line, "process_name", CHROME_LOOP_TID, buf_text(&chrome->name),
                chrome->name.size_bytes);
    chrome->stream.text.data[comma] = ' ';
    const char *loop = "the loop";
    chrome_name(&chrome->line, "thread_name", CHROME_LOOP_TID, loop, strlen(loop));
    chrome_sort_index(&chrome->line, "thread_sort_index", CHROME_LOOP_TID, 0);
}

static bool write_task_names(Chrome *chrome) {
    bool good = true;
    for (uint32_t task = 0; good && task < chrome->task_count; task++) {
        size_t length = 0;
        const char *name = log_text(chrome->log, chrome->tasks[task].name, &length);
        chrome_name(&chrome->line, "thread_name", tid_of(task), name, length);
        chrome_sort_index(&chrome->line, "thread_sort_index", tid_of(task), task + 1);
        good = stream_pass(&chrome->stream, 0);
    }
    return good;
}

static bool write_events(Chrome *chrome) {
    bool good = true;
    for (uint64_t n = 0; good && n < chrome->count; n++) {
        if (!tell_blocking(chrome, n)) {
            take_event(chrome, n);
        }
        tell_counters(chrome, log_event(chrome->log, n)->t_ns);
        good = stream_pass(&chrome->stream, n);
    }
    return good;
}

bool export_chrome(const ExportJob *job, Diags *diags) {
    const Log *log = job->log;
    Chrome chrome = {.log = log,
                     .count = job->end,
                     .running = EVENT_NONE,
                     .counters = {{"ready", 0, 0}, {"waiting", 0, 0}, {"in flight", 0, 0}}};
    if (!stream_open(&chrome.stream, job, diags)) {
        return false;
    }
    chrome.line = (ChromeLine){.log = log, .out = &chrome.stream.text};
    snprintf(chrome.line.pid, sizeof chrome.line.pid, ",\"pid\":%" PRId64,
             log_header(log)->pid > 0 ? log_header(log)->pid : 1);
    collect_tasks(&chrome);
    chrome.spans = spans_create(log, job->end, chrome.task_count);
    write_head(&chrome);
    const bool good = write_task_names(&chrome) && write_events(&chrome);
    buf_append_text(&chrome.stream.text, "\n" CHROME_TAIL "\n");
    spans_destroy(chrome.spans);
    idmap_finish(&chrome.ops);
    idmap_finish(&chrome.callbacks);
    free(chrome.tasks);
    buf_finish(&chrome.name);
    return stream_close(&chrome.stream, good);
}
