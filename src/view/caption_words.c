#include "view/caption_words.h"

#include "base/utf8.h"
#include "view/caption.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A trace from Linux or Windows has Linux's number, one of this system may have its own. */
enum { LOOK_BACK_EVENTS = 4096, LINUX_ECANCELED = 125 };

const char *words_task(const Timeline *timeline, uint32_t task) {
    if (task >= timeline_task_count(timeline)) {
        return "a task";
    }
    return log_text(timeline_log(timeline), timeline_task_name(timeline, task), NULL);
}

/* ---- events that explain others ---- */

const Event *words_op_submitted(const Timeline *timeline, uint32_t op) {
    if (op >= timeline_op_count(timeline)) {
        return NULL;
    }
    const uint64_t n = timeline_op(timeline, op).submitted_n;
    return n == UINT64_MAX ? NULL : log_event(timeline_log(timeline), n);
}

static uint64_t look_back_end(uint64_t n) {
    return n > LOOK_BACK_EVENTS ? n - LOOK_BACK_EVENTS : 0;
}

static const Event *look_back(const Log *log, uint64_t n, EventKind kind, uint32_t id) {
    for (uint64_t k = n + 1; k-- > look_back_end(n);) {
        const Event *event = log_event(log, k);
        if (event->kind == kind && event->id == id) {
            return event;
        }
    }
    return NULL;
}

const Event *words_timer_set(const Log *log, uint64_t n, uint32_t timer) {
    return look_back(log, n, EV_TIMER_SET, timer);
}

const Event *words_callback_ready(const Log *log, uint64_t n, uint32_t callback) {
    return look_back(log, n, EV_CALLBACK_READY, callback);
}

const Event *words_last_wait(const Log *log, uint64_t n, uint32_t task, uint64_t *wait_n) {
    for (uint64_t k = n + 1; k-- > look_back_end(n);) {
        const Event *event = log_event(log, k);
        if (event->kind == EV_TASK_WAITING && event->task == task) {
            *wait_n = k;
            return event;
        }
    }
    return NULL;
}

/* ---- pieces ---- */

/* The clock has moved on by the time that the wish is written down: up to 50 us, and never more
 * than a hundredth of it, the next rounder number is what was meant. */
char *words_duration(char out[FORMAT_MAX], uint64_t ns) {
    const uint64_t most = ns / 100 < 50000 ? ns / 100 : 50000;
    uint64_t unit = 1;
    while (unit * 100 <= ns) {
        unit *= 10;
    }
    for (; unit >= 1; unit /= 10) {
        const uint64_t up = (ns + unit - 1) / unit * unit;
        if (up - ns <= most) {
            char plain[FORMAT_MAX];
            format_duration_plain(plain, up);
            const size_t number = strspn(plain, "0123456789.");
            const char *after = plain + number;
            snprintf(out, FORMAT_MAX, "%.*s %s", (int)number, plain,
                     strcmp(after, "us") == 0 ? "µs" : after);
            return out;
        }
    }
    return format_duration(out, ns);
}

void words_cut(const char *text, size_t max_chars, Buf *out) {
    const size_t size = strcspn(text, "\r\n");
    size_t used = 0, chars = 0;
    while (used < size && chars < max_chars) {
        uint32_t code;
        used += utf8_decode(text + used, size - used, &code, NULL);
        chars++;
    }
    buf_append(out, text, used);
    if (text[used] != '\0') {
        buf_append_text(out, "…");
    }
}

/* The part of a pointer behind the task or the coroutine: where the steps are counted. */
static const char *steps_part(const char *pointer, const char **coroutine, size_t *length) {
    *coroutine = NULL;
    if (strncmp(pointer, "/coroutines/", 12) == 0) {
        *coroutine = pointer + 12;
        *length = strcspn(*coroutine, "/");
        return *coroutine + *length;
    }
    if (strncmp(pointer, "/tasks/", 7) == 0) {
        return pointer + 7 + strcspn(pointer + 7, "/");
    }
    return pointer;
}

void words_step_number(const char *pointer, Buf *out) {
    const char *coroutine;
    size_t length;
    const char *rest = steps_part(pointer, &coroutine, &length);
    const char *part = ""; /* 2.1 in what is tried, 2.e1 and 2.f1 in "except" and "finally" */
    for (bool first = true; *rest == '/'; rest += strcspn(rest, "/")) {
        rest++;
        if (*rest >= '0' && *rest <= '9') {
            buf_append_text(out, first ? "" : ".");
            buf_append_text(out, part);
            buf_append_u64(out, strtoull(rest, NULL, 10) + 1);
            first = false;
        }
        part = strncmp(rest, "except/", 7) == 0    ? "e"
               : strncmp(rest, "finally/", 8) == 0 ? "f"
                                                   : "";
    }
}

void words_step(const char *pointer, Buf *out) {
    const char *coroutine;
    size_t length;
    steps_part(pointer, &coroutine, &length);
    buf_append_text(out, "step ");
    words_step_number(pointer, out);
    if (coroutine != NULL) {
        buf_append_text(out, " of ");
        buf_append(out, coroutine, length);
    }
}

void words_limit(const char *what, uint64_t value, Buf *out) {
    char text[FORMAT_MAX];
    if (strcmp(what, "bytes") == 0) {
        buf_printf(out, "%s written", format_size(text, value));
    } else if (strcmp(what, "memory") == 0) {
        buf_printf(out, "%s of memory", format_size(text, value));
    } else if (strcmp(what, "time") == 0) {
        buf_printf(out, "%s of run time", format_duration(text, value));
    } else if (strcmp(what, "files") == 0) {
        buf_printf(out, "%s open files", format_count(text, value));
    } else {
        buf_printf(out, "%s %s", format_count(text, value), what);
    }
}

void words_shared_why(const State *state, uint32_t name, Buf *out) {
    const Timeline *timeline = state_timeline(state);
    SharedInfo shared;
    if (!state_shared_named(state, name, &shared) || shared.holder_count == 0) {
        return;
    }
    if (shared.level == 1) {
        buf_printf(out, ", which %s %s", words_task(timeline, shared.holders[0]),
                   state_task(state, shared.holders[0]).phase >= TASK_FINISHED ? "never freed"
                                                                               : "holds");
    } else {
        buf_printf(out, ", of which all %d are taken", (int)shared.level);
    }
}

void words_callback(const Timeline *timeline, const Event *ready, Buf *out) {
    buf_append_text(out, log_text(timeline_log(timeline), ready->text, NULL));
    if (ready->task != EVENT_NONE) {
        buf_printf(out, ", for %s", words_task(timeline, ready->task));
    }
}

/* ---- I/O ---- */

const char *words_verb(IoCall call) {
    static const char *const VERBS[IO_CALL_COUNT] = {"open",  "write", "read",    "fsync",
                                                     "close", "send",  "receive", "thread"};
    return VERBS[call];
}

void words_op(IoCall call, int64_t bytes, Buf *out) {
    buf_append_text(out, words_verb(call));
    if (bytes >= 0 && (call == IO_WRITE || call == IO_READ || call == IO_SEND || call == IO_RECV)) {
        char count[FORMAT_MAX];
        buf_printf(out, " %s B", format_count(count, (uint64_t)bytes));
    }
}

static const char *path_of(const Timeline *timeline, const Event *io) {
    return io->text == EVENT_NONE ? "its file" : log_text(timeline_log(timeline), io->text, NULL);
}

static void append_size(int64_t bytes, Buf *out) {
    char text[FORMAT_MAX];
    buf_append_text(out, format_size(text, bytes < 0 ? 0 : (uint64_t)bytes));
}

void words_io_request(const Timeline *timeline, const Event *io, Buf *out) {
    static const struct {
        const char *verb, *between;
        bool sized;
        const char *after;
    } ROWS[IO_CALL_COUNT] = {
        [IO_OPENAT] = {"open ", "", false, ""},
        [IO_WRITE] = {"write ", " to ", true, ""},
        [IO_READ] = {"read ", " from ", true, ""},
        [IO_FSYNC] = {"flush ", "", false, " to the disk"},
        [IO_CLOSE] = {"close ", "", false, ""},
        [IO_SEND] = {"tell when there is room in ", "", false, ""},
        [IO_RECV] = {"tell when there is data in ", "", false, ""},
        [IO_THREAD] = {"run its function", NULL, false, ""},
    };
    const IoCall call = (IoCall)io->a;
    buf_append_text(out, ROWS[call].verb);
    if (ROWS[call].sized) {
        append_size(io->x, out);
    }
    if (ROWS[call].between != NULL) {
        buf_append_text(out, ROWS[call].between);
        buf_append_text(out, path_of(timeline, io));
    }
    buf_append_text(out, ROWS[call].after);
}

void words_io_noun(const Timeline *timeline, const Event *io, Buf *out) {
    static const char *const NOUNS[IO_CALL_COUNT] = {
        "opening of ", "write to ",     "read from ",    "flush of ",
        "closing of ", "send through ", "receive from ", "thread's function"};
    buf_append_text(out, NOUNS[io->a]);
    if (io->a != IO_THREAD) {
        buf_append_text(out, path_of(timeline, io));
    }
}

/* What is told of a channel by its notifier moves no bytes, unless the system did the operation. */
static bool say_channel(const Event *io, int64_t result, const char *path, Buf *out) {
    if ((io->a != IO_SEND && io->a != IO_RECV) || io->c == VIA_OVERLAPPED || result > 0) {
        return false;
    }
    const bool sends = io->a == IO_SEND;
    if (result == -LINUX_ECANCELED || result == -ECANCELED) {
        buf_printf(out, "nobody waits to %s %s any more", sends ? "send to" : "receive from", path);
    } else if (result == 0) {
        buf_printf(out, "%s is ready to %s, so it can be tried", path, sends ? "send" : "receive");
    } else {
        return false;
    }
    return true;
}

void words_io_completion(const Timeline *timeline, const Event *io, int64_t result,
                         uint32_t error_text, Buf *out) {
    if (!say_channel(io, result, path_of(timeline, io), out)) {
        words_io_result(timeline, io, result, error_text, out);
    }
}

void words_io_result(const Timeline *timeline, const Event *io, int64_t result, uint32_t error_text,
                     Buf *out) {
    const char *path = path_of(timeline, io);
    if (result < 0) {
        buf_append_text(out, "the ");
        words_io_noun(timeline, io, out);
        buf_append_text(out, " failed: ");
        buf_append_text(out, log_text(timeline_log(timeline), error_text, NULL));
        return;
    }
    switch ((IoCall)io->a) {
    case IO_OPENAT:
        buf_printf(out, "%s is open", path);
        break;
    case IO_WRITE:
        append_size(result, out);
        buf_printf(out, " are written to %s", path);
        break;
    case IO_READ:
        if (result == 0) {
            buf_printf(out, "%s has nothing more to read", path);
            break;
        }
        append_size(result, out);
        buf_printf(out, " are read from %s", path);
        break;
    case IO_RECV:
        if (result == 0) {
            buf_printf(out, "nothing more will come from %s: its other end is closed", path);
            break;
        }
        append_size(result, out);
        buf_printf(out, " are received from %s", path);
        break;
    case IO_FSYNC:
        buf_printf(out, "%s is safe on the disk", path);
        break;
    case IO_CLOSE:
        buf_printf(out, "%s is closed", path);
        break;
    case IO_SEND:
        append_size(result, out);
        buf_printf(out, " are sent through %s", path);
        break;
    default:
        buf_append_text(out, "the thread's function is finished");
        break;
    }
}

void words_io_actor(const Timeline *timeline, const Event *blocking, uint32_t running, Buf *out) {
    const bool in_thread = event_io_in_thread(blocking);
    const char *task = words_task(timeline, blocking->task);
    if (!in_thread && running != blocking->task) { /* a channel's callback has the thread */
        buf_printf(out, "The callback tries for %s: ", task);
    } else {
        buf_printf(out,
                   "%s%s asks, and the OS does it on the spot: ", in_thread ? "In its thread " : "",
                   task);
    }
}

/* ---- waits ---- */

static void wait_io(const Timeline *timeline, const Event *io, WordsStyle style, Buf *out) {
    const char *path = path_of(timeline, io);
    const bool sized = io->x >= 0 && (io->a == IO_WRITE || io->a == IO_READ);
    if (style != WORDS_LABEL && (io->a == IO_SEND || io->a == IO_RECV)) {
        buf_printf(out, io->a == IO_SEND ? "room in %s" : "data at %s", path);
        return;
    }
    if (style != WORDS_SENTENCE) {
        words_op((IoCall)io->a, -1, out);
        if (sized) {
            buf_append_char(out, ' ');
            append_size(io->x, out);
        }
    } else if (sized) {
        buf_append_text(out, io->a == IO_WRITE ? "its write of " : "its read of ");
        append_size(io->x, out);
    } else if (io->a == IO_OPENAT || io->a == IO_CLOSE) {
        buf_printf(out, "%s to %s", path, io->a == IO_OPENAT ? "open" : "close");
    } else if (io->a == IO_FSYNC) {
        buf_printf(out, "%s to reach the disk", path);
    } else {
        buf_append_text(out, io->a == IO_THREAD ? "its thread" : path);
    }
}

static void wait_timer(const Timeline *timeline, const Event *waiting, uint64_t n, WordsStyle style,
                       Buf *out) {
    char text[FORMAT_MAX];
    const Event *set = words_timer_set(timeline_log(timeline), n, waiting->id);
    buf_append_text(out, style == WORDS_LABEL ? "sleep" : "its sleep");
    if (set != NULL && set->x > (int64_t)set->t_ns) {
        buf_append_text(out, style == WORDS_LABEL ? " " : " of ");
        buf_append_text(out, words_duration(text, (uint64_t)set->x - set->t_ns));
    }
}

/* How many ids stand in a JSON array of them. */
static uint64_t count_ids(const char *list) {
    uint64_t count = strpbrk(list, "0123456789") == NULL ? 0 : 1;
    for (; *list != '\0'; list++) {
        count += *list == ',';
    }
    return count;
}

void words_wait(const Timeline *timeline, const Event *waiting, uint64_t n, WordsStyle style,
                Buf *out) {
    const bool label = style == WORDS_LABEL;
    const char *name = log_text(timeline_log(timeline), waiting->text, NULL);
    const Event *io;
    switch ((WaitOn)waiting->a) {
    case WAIT_IO:
    case WAIT_CHANNEL:
    case WAIT_THREAD:
        io = waiting->b == TARGET_OP ? words_op_submitted(timeline, waiting->id) : NULL;
        if (io != NULL) {
            wait_io(timeline, io, style, out);
        } else {
            buf_append_text(out, waiting->a == WAIT_THREAD ? "its thread" : "its operation");
        }
        break;
    case WAIT_TIMER:
        wait_timer(timeline, waiting, n, style, out);
        break;
    case WAIT_TASK:
        buf_printf(out, "%s%s", label ? "" : "the result of ", words_task(timeline, waiting->id));
        break;
    case WAIT_TASKS:
        buf_printf(out, "%s%llu tasks", style == WORDS_SENTENCE ? "the results of " : "",
                   (unsigned long long)count_ids(name));
        break;
    case WAIT_LOCK:
    case WAIT_SEMAPHORE:
        buf_printf(out, "%s%s",
                   waiting->a == WAIT_SEMAPHORE ? "a place in "
                   : label                      ? "lock "
                                                : "the lock ",
                   name);
        break;
    case WAIT_EVENT:
        buf_printf(out, "%s%s", label ? "event " : "the event ", name);
        break;
    case WAIT_QUEUE:
        buf_printf(out, "%s%s", label ? "queue " : "the queue ", name);
        break;
    default:
        buf_append_text(out, "something");
        break;
    }
}

void words_wait_over(const Timeline *timeline, const Event *waiting, uint64_t n, Buf *out) {
    const Log *log = timeline_log(timeline);
    const char *name = log_text(log, waiting->text, NULL);
    const Event *source = NULL;
    char text[FORMAT_MAX];
    switch ((WaitOn)waiting->a) {
    case WAIT_IO:
    case WAIT_CHANNEL:
    case WAIT_THREAD:
        source = waiting->b == TARGET_OP ? words_op_submitted(timeline, waiting->id) : NULL;
        if (source == NULL) {
            buf_append_text(out, "Its operation is finished");
            return;
        }
        buf_append_text(out, "The ");
        words_io_noun(timeline, source, out);
        buf_append_text(out, " is finished");
        break;
    case WAIT_TIMER:
        source = words_timer_set(log, n, waiting->id);
        if (source == NULL || source->x <= (int64_t)source->t_ns) {
            buf_append_text(out, "The sleep is over");
            return;
        }
        buf_printf(out, "The %s are over",
                   words_duration(text, (uint64_t)source->x - source->t_ns));
        break;
    case WAIT_TASK:
        buf_printf(out, "%s has ended", words_task(timeline, waiting->id));
        break;
    case WAIT_TASKS:
        buf_append_text(out, "Enough of the tasks that it waits for have ended");
        break;
    case WAIT_EVENT:
        buf_printf(out, "%s is set", name);
        break;
    default:
        buf_printf(out, "Its turn at %s has come", name);
        break;
    }
}

/* ---- as caption.h offers them ---- */

void caption_wait(const State *state, const TaskInfo *task, Buf *out) {
    Event event = event_make(EV_TASK_WAITING);
    event.a = (uint8_t)task->on;
    event.b = (uint8_t)task->target_kind;
    event.id = task->target_id;
    event.text = task->target_text;
    event.t_ns = task->since_ns;
    words_wait(state_timeline(state), &event, task->since_n, WORDS_CARD, out);
}

void caption_op(const Timeline *timeline, const OpInfo *op, Buf *out) {
    (void)timeline;
    words_op(op->call, op->bytes, out);
}

const char *caption_wait_call(const Log *log) {
    static const struct {
        const char *notifier, *call;
    } CALLS[] = {
        {"epoll", "epoll_wait()"},
        {"kqueue", "kevent()"},
        {"iocp", "GetQueuedCompletionStatusEx()"},
        {"sim", "sim_wait()"},
    };
    const char *notifier = log_header(log)->notifier;
    for (size_t i = 0; notifier != NULL && i < sizeof CALLS / sizeof CALLS[0]; i++) {
        if (strcmp(CALLS[i].notifier, notifier) == 0) {
            return CALLS[i].call;
        }
    }
    return "wait()";
}
