#include "view/caption.h"

#include "base/assert.h"
#include "base/format.h"
#include "base/utf8.h"
#include "view/caption_words.h"

#include <string.h>

/* What a row gets: the event, and the state after it. */
typedef struct Told {
    const State *state;
    const Timeline *timeline;
    const Log *log;
    const LoopInfo *loop;
    const Event *event;
    uint64_t n;
} Told;

static const char *text_of(const Told *told, uint32_t text) {
    return log_text(told->log, text, NULL);
}

static const char *task_of(const Told *told, uint32_t task) {
    return task == EVENT_NONE ? "the loop" : words_task(told->timeline, task);
}

/* The name of the call that asks, without its brackets: "epoll_wait". */
static void append_wait_call(const Told *told, Buf *out) {
    const char *call = caption_wait_call(told->log);
    buf_append(out, call, strcspn(call, "("));
}

static const char *the_os(const Told *told) {
    const char *notifier = log_header(told->log)->notifier;
    return notifier != NULL && strcmp(notifier, "sim") == 0 ? "the simulated OS" : "the OS";
}

static const char *The_os(const Told *told) {
    return the_os(told)[4] == 's' ? "The simulated OS" : "The OS";
}

static const char *plural(uint64_t count) {
    return count == 1 ? "" : "s";
}

/* ---- the loop ---- */

static void tell_loop_start(const Told *told, Buf *out) {
    const uint64_t ready = told->loop->phase_counts[TASK_READY];
    char count[FORMAT_MAX];
    buf_printf(out, "The event loop starts: %s task%s %s ready.", format_count(count, ready),
               plural(ready), ready == 1 ? "is" : "are");
}

static void tell_poll(const Told *told, Buf *out) {
    const int64_t timeout = told->event->x;
    char text[FORMAT_MAX];
    if (timeout == 0) {
        buf_append_text(out, told->loop->ready_handles > 0
                                 ? "Work is ready, so the loop only looks for news, without "
                                   "sleeping in "
                                 : "A timer is due, so the loop only looks for news, without "
                                   "sleeping in ");
        append_wait_call(told, out);
        buf_append_char(out, '.');
        return;
    }
    buf_append_text(out, told->loop->arrived > 0 ? "Nothing is ready, so the loop asks in "
                                                 : "Nothing is ready, so the loop sleeps inside ");
    append_wait_call(told, out);
    if (timeout > 0 && told->loop->arrived == 0) {
        buf_printf(out, ", for at most %s: a timer is next.",
                   words_duration(text, (uint64_t)timeout));
    } else if (told->loop->arrived > 0) {
        buf_printf(out, ": %s operation%s finished already.",
                   format_count(text, told->loop->arrived),
                   told->loop->arrived == 1 ? " is" : "s are");
    } else if (told->loop->in_flight > 0) {
        buf_printf(out, "; %s works on %s operation%s.", the_os(told),
                   format_count(text, told->loop->in_flight), plural(told->loop->in_flight));
    } else {
        buf_printf(out, " until %s has news.", the_os(told));
    }
}

static void tell_polled(const Told *told, Buf *out) {
    const uint64_t slept_ns = told->event->t_ns - told->loop->poll_start_ns;
    const int64_t timeout = told->loop->poll_timeout_ns;
    char text[FORMAT_MAX];
    if (told->event->x > 0 && timeout == 0) {
        buf_printf(out, "%s has news for the loop.", The_os(told));
    } else if (told->event->x > 0) {
        buf_printf(out, "%s wakes the loop after %s: there is news.", The_os(told),
                   format_duration(text, slept_ns));
    } else if (timeout > 0 && slept_ns >= (uint64_t)timeout) {
        buf_printf(out, "%s has no news, but a timer is due.", The_os(told));
    } else if (timeout == 0) {
        buf_printf(out, "%s has no news, and the loop goes on at once.", The_os(told));
    } else {
        buf_append_text(out, "The loop wakes without news, and goes on.");
    }
}

static void tell_iteration(const Told *told, Buf *out) {
    const uint64_t ready = (uint64_t)told->event->y;
    const bool tasks_alone = told->loop->ready_handles == told->loop->phase_counts[TASK_READY];
    char number[FORMAT_MAX], count[FORMAT_MAX];
    buf_printf(out, "Iteration %s starts: ", format_count(number, (uint64_t)told->event->x));
    if (ready == 0) {
        buf_append_text(out, "nothing is ready.");
        return;
    }
    buf_printf(out, "%s %s%s %s ready.", format_count(count, ready),
               tasks_alone ? "task" : "handle", plural(ready), ready == 1 ? "is" : "are");
}

static void tell_loop_stop(const Told *told, Buf *out) {
    const uint64_t *phases = told->loop->phase_counts;
    char tasks[FORMAT_MAX], failed[FORMAT_MAX];
    switch ((StopReason)told->event->a) {
    case STOP_DONE:
        if (told->loop->tasks == 1 && phases[TASK_FINISHED] == 1) {
            buf_append_text(out, "The only task is done: the loop stops.");
        } else if (phases[TASK_FINISHED] == told->loop->tasks) {
            buf_printf(out, "All %s tasks are done: the loop stops.",
                       format_count(tasks, told->loop->tasks));
        } else {
            buf_printf(out, "No task is left (%s of %s did not finish): the loop stops.",
                       format_count(failed, told->loop->tasks - phases[TASK_FINISHED]),
                       format_count(tasks, told->loop->tasks));
        }
        break;
    case STOP_DEADLOCK:
        buf_append_text(out, "Nothing can ever wake the tasks that are left: the loop stops.");
        break;
    case STOP_LIMIT:
        buf_append_text(out, "The run has reached its limit: the loop stops.");
        break;
    case STOP_INTERRUPTED:
        buf_append_text(out, "The run was interrupted: the loop stops.");
        break;
    case STOP_ERROR:
        buf_append_text(out, "The run cannot go on: the loop stops.");
        break;
    }
}

static void tell_loop_blocked(const Told *told, Buf *out) {
    char text[FORMAT_MAX];
    buf_printf(out, "%s kept the thread for %s without an await: the whole loop was frozen.",
               told->event->task == EVENT_NONE ? "A callback" : task_of(told, told->event->task),
               format_duration(text, (uint64_t)told->event->x));
}

static void tell_deadlock(const Told *told, Buf *out) {
    const uint64_t left = told->loop->phase_counts[TASK_WAITING];
    char count[FORMAT_MAX];
    if (left == 1) {
        buf_append_text(out, "Deadlock: the task that is left waits for what can never come.");
    } else {
        buf_printf(out, "Deadlock: the %s tasks that are left wait for what can never come.",
                   format_count(count, left));
    }
}

static void tell_limit(const Told *told, Buf *out) {
    buf_append_text(out, "The run reaches its limit of ");
    words_limit(text_of(told, told->event->text), (uint64_t)told->event->x, out);
    buf_append_text(out, " and ends here.");
}

/* ---- tasks ---- */

static void tell_task_created(const Told *told, Buf *out) {
    const Event *event = told->event;
    if (event->id == EVENT_NONE) {
        buf_printf(out, "Task %s is created: the program hands it to the loop.",
                   text_of(told, event->text));
    } else {
        buf_printf(out, "%s creates the task %s.", task_of(told, event->id),
                   text_of(told, event->text));
    }
}

static void tell_task_ready(const Told *told, Buf *out) {
    const char *name = task_of(told, told->event->task);
    uint64_t wait_n = 0;
    const Event *wait;
    switch ((ReadyWhy)told->event->a) {
    case READY_CREATED:
        buf_printf(out, "%s joins the back of the ready queue.", name);
        break;
    case READY_YIELDED:
        buf_printf(out, "%s lets the others go first: it joins the back of the ready queue.", name);
        break;
    case READY_CANCELLED:
        buf_printf(out, "%s is cancelled, so it joins the ready queue to hear of it.", name);
        break;
    case READY_RESUMED:
        wait = words_last_wait(told->log, told->n, told->event->task, &wait_n);
        if (wait == NULL) {
            buf_printf(out, "%s need not wait any more: it joins the ready queue.", name);
            break;
        }
        words_wait_over(told->timeline, wait, wait_n, out);
        buf_printf(out, ", so %s joins the back of the ready queue.", name);
        break;
    }
}

static void tell_task_running(const Told *told, Buf *out) {
    const TaskInfo info = state_task(told->state, told->event->task);
    buf_printf(out, "%s is first in the queue, so it gets the thread and %s.",
               task_of(told, told->event->task), info.steps == 0 ? "begins" : "goes on");
}

static void tell_step(const Told *told, Buf *out) {
    buf_printf(out, "%s has the thread and begins ", task_of(told, told->event->task));
    words_step(text_of(told, told->event->text), out);
    buf_append_char(out, '.');
}

static void tell_task_waiting(const Told *told, Buf *out) {
    const Event *event = told->event;
    const char *name = task_of(told, event->task), *target = text_of(told, event->text);
    SharedInfo shared;
    if (event->a == WAIT_QUEUE && state_shared_named(told->state, event->text, &shared)) {
        buf_printf(out, "The queue %s is %s, so %s is paused until there is %s.", target,
                   shared.level > 0 ? "full" : "empty", name,
                   shared.level > 0 ? "room" : "an item");
        return;
    }
    if (event->a == WAIT_EVENT) {
        buf_printf(out, "The event %s is not set, so %s is paused until it is.", target, name);
        return;
    }
    buf_printf(out, "%s is paused: it waits for ", name);
    words_wait(told->timeline, event, told->n, WORDS_SENTENCE, out);
    if (event->a == WAIT_LOCK || event->a == WAIT_SEMAPHORE) {
        words_shared_why(told->state, event->text, out);
    }
    buf_append_char(out, '.');
}

static void tell_task_finished(const Told *told, Buf *out) {
    const uint32_t task = told->event->task;
    const TaskInfo info = state_task(told->state, task);
    const uint64_t created_n = timeline_task_created(told->timeline, task);
    const uint64_t created_ns = log_event(told->log, created_n)->t_ns;
    char life[FORMAT_MAX], ran[FORMAT_MAX];
    buf_printf(out, "%s is done after %s, of which it ran %s.", task_of(told, task),
               format_duration(life, told->event->t_ns - created_ns),
               format_duration(ran, info.run_ns));
}

static uint64_t tasks_alive(const Told *told) {
    const uint64_t *phases = told->loop->phase_counts;
    return phases[TASK_NEW] + phases[TASK_READY] + phases[TASK_RUNNING] + phases[TASK_WAITING];
}

static void tell_task_failed(const Told *told, Buf *out) {
    buf_printf(out, "%s failed: ", task_of(told, told->event->task));
    words_cut(text_of(told, told->event->text), 56, out);
    buf_append_text(out, tasks_alive(told) > 0 ? ". The others go on." : ".");
}

static void tell_task_cancelled(const Told *told, Buf *out) {
    buf_printf(out, "%s is cancelled and will not continue.", task_of(told, told->event->task));
}

static void tell_cancel_requested(const Told *told, Buf *out) {
    const char *name = task_of(told, told->event->task);
    switch ((CancelBy)told->event->b) {
    case CANCEL_BY_TASK:
        buf_printf(out, "%s asks for %s to be cancelled.", task_of(told, told->event->id), name);
        break;
    case CANCEL_BY_TIMEOUT:
        buf_printf(out, "The time is up, so %s is to be cancelled.", name);
        break;
    case CANCEL_BY_GROUP:
        buf_printf(out, "Its task group ends, so %s is to be cancelled.", name);
        break;
    }
}

/* ---- callbacks and timers ---- */

static void tell_callback_ready(const Told *told, Buf *out) {
    buf_append_text(out, "A callback joins the ready queue: ");
    words_callback(told->timeline, told->event, out);
    buf_append_char(out, '.');
}

static void tell_callback_run(const Told *told, Buf *out) {
    const Event *ready = words_callback_ready(told->log, told->n, told->event->id);
    if (told->event->a == 1) {
        buf_append_text(out, "The loop comes to a callback that was cancelled: it does nothing.");
        return;
    }
    buf_append_text(out, "The loop runs a callback");
    if (ready != NULL) {
        buf_append_text(out, ": ");
        words_callback(told->timeline, ready, out);
    }
    buf_append_char(out, '.');
}

static void tell_timer_set(const Told *told, Buf *out) {
    const uint64_t due_ns = (uint64_t)told->event->x;
    const uint64_t now_ns = told->event->t_ns;
    char text[FORMAT_MAX];
    buf_printf(out, "A timer of %s is set for %s.", /* of its sleep, or of a timeout */
               words_duration(text, due_ns > now_ns ? due_ns - now_ns : 0),
               task_of(told, told->event->task));
}

static void tell_timer_fired(const Told *told, Buf *out) {
    const Event *set = words_timer_set(told->log, told->n, told->event->id);
    if (set == NULL || set->task == EVENT_NONE) {
        buf_append_text(out, "A timer is due, so it fires.");
        return;
    }
    char text[FORMAT_MAX];
    const uint64_t due_ns = (uint64_t)set->x;
    buf_printf(out, "%s's %s are over: its timer fires.", task_of(told, set->task),
               words_duration(text, due_ns > set->t_ns ? due_ns - set->t_ns : 0));
}

static void tell_timer_cancelled(const Told *told, Buf *out) {
    const Event *set = words_timer_set(told->log, told->n, told->event->id);
    if (set == NULL || set->task == EVENT_NONE) {
        buf_append_text(out, "A timer is no longer needed: it is cancelled.");
    } else {
        buf_printf(out, "%s no longer needs its timer: it is cancelled.", task_of(told, set->task));
    }
}

/* ---- I/O ---- */

static const Event *submitted(const Told *told, uint32_t op) {
    return words_op_submitted(told->timeline, op);
}

static void tell_io_submitted(const Told *told, Buf *out) {
    const Event *event = told->event;
    const bool helper = event->c == VIA_THREADS || event->a == IO_THREAD;
    buf_printf(out, "%s asks %s to ", task_of(told, event->task),
               helper ? "a helper thread" : the_os(told));
    words_io_request(told->timeline, event, out);
    buf_append_char(out, '.');
}

static void tell_io_arrived(const Told *told, Buf *out) {
    const Event *event = submitted(told, told->event->id);
    if (event == NULL) {
        buf_append_text(out, "An operation is finished; the loop has not asked yet.");
        return;
    }
    buf_append_text(out, "The ");
    words_io_noun(told->timeline, event, out);
    if (told->loop->running == event->task) { /* faster than the task that asked for it */
        buf_printf(out, " is finished already, before %s has paused: the event waits.",
                   task_of(told, event->task));
        return;
    }
    buf_append_text(out, " is finished, but ");
    if (told->loop->running != EVENT_NONE) {
        buf_printf(out, "%s holds the only thread: the event waits.",
                   task_of(told, told->loop->running));
    } else {
        buf_append_text(out, "the loop has not asked yet: the event waits.");
    }
}

static void tell_io_completed(const Told *told, Buf *out) {
    const Event *event = submitted(told, told->event->id);
    const char *notifier = log_header(told->log)->notifier;
    const bool named = notifier != NULL && strcmp(notifier, "sim") != 0;
    buf_printf(out, "%s reports%s%s: ", The_os(told), named ? " through " : "",
               !named                          ? ""
               : strcmp(notifier, "iocp") == 0 ? "the completion port"
                                               : notifier);
    if (event == NULL) {
        buf_append_text(out, "an operation is finished.");
        return;
    }
    const uint32_t error = told->event->text;
    words_io_completion(told->timeline, event, told->event->x, error, out);
    buf_append_char(out, '.');
}

static void tell_io_blocking(const Told *told, Buf *out) {
    const Event *event = told->event;
    const int64_t result = event_io_result(event);
    const uint32_t error = event_io_error_text(event);
    const bool in_thread = event_io_in_thread(event);
    char took[FORMAT_MAX];
    if (error != EVENT_NONE) {
        words_io_result(told->timeline, event, result, error, out);
        buf_append_char(out, '.');
        return;
    }
    words_io_actor(told->timeline, event, told->loop->running, out);
    words_io_result(told->timeline, event, result, error, out);
    if (!in_thread && event->z > 0) {
        buf_printf(out, ", after %s", format_duration(took, (uint64_t)event->z));
    }
    buf_append_char(out, '.');
}

/* ---- what tasks say and share ---- */

static void tell_output(const Told *told, Buf *out) {
    buf_printf(out, "%s prints “", task_of(told, told->event->task));
    words_cut(text_of(told, told->event->text), 64, out);
    buf_append_text(out, "”.");
}

static void tell_note(const Told *told, Buf *out) {
    buf_append_text(out, text_of(told, told->event->text));
}

static void tell_sync(const Told *told, Buf *out) {
    const Event *event = told->event;
    const char *name = task_of(told, event->task);
    const char *target = text_of(told, event->text);
    const char *value = event->x < 0 ? "" : text_of(told, (uint32_t)event->x);
    switch ((SyncWhat)event->a) {
    case SYNC_ACQUIRED:
        buf_printf(out, "%s is free, so %s takes it and goes on.", target, name);
        break;
    case SYNC_RELEASED:
        buf_printf(out, "%s is finished with %s and frees it.", name, target);
        break;
    case SYNC_SET:
        buf_printf(out, "%s sets %s: all who wait for it may go on.", name, target);
        break;
    case SYNC_CLEARED:
        buf_printf(out, "%s clears %s: who asks from now on waits.", name, target);
        break;
    case SYNC_PUT:
    case SYNC_GOT:
        buf_printf(out, "%s %s “", name, event->a == SYNC_PUT ? "puts" : "takes");
        words_cut(value, 40, out);
        buf_printf(out, "” %s %s.", event->a == SYNC_PUT ? "into" : "out of", target);
        break;
    }
}

/* ---- the table ---- */

typedef void Teller(const Told *told, Buf *out);

static Teller *const TELLERS[EV_KIND_COUNT] = {
    [EV_LOOP_START] = tell_loop_start,
    [EV_POLL] = tell_poll,
    [EV_POLLED] = tell_polled,
    [EV_ITERATION] = tell_iteration,
    [EV_TASK_CREATED] = tell_task_created,
    [EV_TASK_READY] = tell_task_ready,
    [EV_CALLBACK_READY] = tell_callback_ready,
    [EV_CALLBACK_RUN] = tell_callback_run,
    [EV_TASK_RUNNING] = tell_task_running,
    [EV_STEP] = tell_step,
    [EV_TASK_WAITING] = tell_task_waiting,
    [EV_IO_SUBMITTED] = tell_io_submitted,
    [EV_IO_ARRIVED] = tell_io_arrived,
    [EV_IO_COMPLETED] = tell_io_completed,
    [EV_IO_BLOCKING] = tell_io_blocking,
    [EV_TIMER_SET] = tell_timer_set,
    [EV_TIMER_FIRED] = tell_timer_fired,
    [EV_TIMER_CANCELLED] = tell_timer_cancelled,
    [EV_OUTPUT] = tell_output,
    [EV_NOTE] = tell_note,
    [EV_SYNC] = tell_sync,
    [EV_CANCEL_REQUESTED] = tell_cancel_requested,
    [EV_TASK_FINISHED] = tell_task_finished,
    [EV_TASK_FAILED] = tell_task_failed,
    [EV_TASK_CANCELLED] = tell_task_cancelled,
    [EV_LOOP_BLOCKED] = tell_loop_blocked,
    [EV_DEADLOCK] = tell_deadlock,
    [EV_LIMIT] = tell_limit,
    [EV_LOOP_STOP] = tell_loop_stop,
};

void caption_event(const State *state, uint64_t n, Buf *out) {
    ASSERT(n < state_count(state));
    Told told = {.state = state, .timeline = state_timeline(state), .n = n};
    told.log = timeline_log(told.timeline);
    told.loop = state_loop(state);
    told.event = log_event(told.log, n);
    ASSERT(told.event->kind < EV_KIND_COUNT && TELLERS[told.event->kind] != NULL);
    TELLERS[told.event->kind](&told, out);
}

uint32_t caption_task(const State *state, uint64_t n) {
    const Timeline *timeline = state_timeline(state);
    const Log *log = timeline_log(timeline);
    const Event *event = log_event(log, n);
    const Event *source = event;
    switch ((EventKind)event->kind) {
    case EV_IO_ARRIVED:
    case EV_IO_COMPLETED:
        source = words_op_submitted(timeline, event->id);
        break;
    case EV_TIMER_FIRED:
    case EV_TIMER_CANCELLED:
        source = words_timer_set(log, n, event->id);
        break;
    case EV_CALLBACK_RUN:
        source = words_callback_ready(log, n, event->id);
        break;
    default:
        break;
    }
    return source == NULL ? EVENT_NONE : source->task;
}
