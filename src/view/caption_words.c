#include "view/caption_words.h"

#include "base/utf8.h"
#include "view/caption.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_BACK_EVENTS = 4096 };

const char *words_task(const Timeline *timeline, uint32_t task) {
    if (task >= timeline_task_count(timeline)) {
        return "a task";
    }
    return log_text(timeline_log(timeline), timeline_task_name(timeline, task), NULL);
}

const char *words_os(const Log *log) {
    const char *notifier = log_header(log)->notifier;
    return notifier != NULL && strcmp(notifier, "sim") == 0 ? "the simulated OS" : "the OS";
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

/* ---- waits ---- */

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
    char count[FORMAT_MAX];
    const char *name = log_text(timeline_log(timeline), waiting->text, NULL);
    const Event *io;
    switch ((WaitOn)waiting->a) {
    case WAIT_IO:
    case WAIT_CHANNEL:
    case WAIT_THREAD:
        io = waiting->b == TARGET_OP ? words_op_submitted(timeline, waiting->id) : NULL;
        if (io != NULL) {
            words_io_wait(timeline, io, style, out);
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
        buf_printf(out, "%s tasks", format_count(count, count_ids(name)));
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

static bool op_failed(const Timeline *timeline, uint32_t op) {
    const uint64_t n = timeline_op(timeline, op).completed_n;
    return n != UINT64_MAX && log_event(timeline_log(timeline), n)->x < 0;
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
        buf_append_text(out, op_failed(timeline, waiting->id) ? " has failed" : " is finished");
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
