#include "view/caption_told.h"

#include "base/assert.h"
#include "base/format.h"
#include "base/utf8.h"

#include <string.h>

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

/* Which of the tasks that somebody awaits have ended; false where they are too many to look at. */
static bool tell_tasks_ended(const Told *told, const Event *wait, Buf *out) {
    enum { LOOK_MAX = 100 };
    const char *list = text_of(told, wait->text);
    uint32_t last = EVENT_NONE;
    int count = 0, ended = 0;
    for (uint32_t id; event_ids_next(&list, &id); count++) {
        if (count == LOOK_MAX) {
            return false;
        }
        if (state_task(told->state, id).phase >= TASK_FINISHED) {
            last = id;
            ended++;
        }
    }
    if (ended == 1) {
        buf_printf(out, "%s has ended", task_of(told, last));
    } else if (ended < count) {
        buf_printf(out, "%d of the %d tasks that it waits for have ended", ended, count);
    } else if (count == 2) {
        buf_append_text(out, "Both tasks that it waits for have ended");
    } else {
        buf_printf(out, "All %d tasks that it waits for have ended", count);
    }
    return true;
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
        buf_printf(out, "%s lets the others go first%s: it joins the %sready queue.", name,
                   told->loop->ready_handles > 1 ? "" : ", but nobody else is ready",
                   told->loop->ready_handles > 1 ? "back of the " : "");
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
        if (wait->a != WAIT_TASKS || !tell_tasks_ended(told, wait, out)) {
            words_wait_over(told->timeline, wait, wait_n, out);
        }
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

/* Who awaits the task that fails, if it is one among few; else EVENT_NONE. */
static uint32_t awaits_failed(const Told *told) {
    enum { LOOK_MAX = 8 };
    uint32_t tasks[LOOK_MAX], found = EVENT_NONE;
    const size_t count = state_waiting(told->state, tasks, LOOK_MAX);
    for (size_t i = 0; i < count && count <= LOOK_MAX; i++) {
        const TaskInfo info = state_task(told->state, tasks[i]);
        if (info.on == WAIT_TASK && info.target_id == told->event->task) {
            if (found != EVENT_NONE) {
                return EVENT_NONE;
            }
            found = tasks[i];
        }
    }
    return found;
}

/* Where somebody awaits the task or made it, its error may end others, too: nothing is promised. */
static void tell_who_is_hit(const Told *told, Buf *out) {
    const uint32_t *on = told->loop->waiting_on;
    const uint64_t alive = tasks_alive(told);
    const uint32_t waiter = awaits_failed(told);
    if (waiter != EVENT_NONE) {
        buf_printf(out, " Its error goes to %s.", task_of(told, waiter));
    } else if (alive > 0 && on[WAIT_TASK] + on[WAIT_TASKS] == 0 &&
               state_task(told->state, told->event->task).parent == EVENT_NONE) {
        buf_append_text(out, alive == 1 ? " The other task goes on." : " The others go on.");
    }
}

/* The system's number of an error says nothing to those who read its words. */
static void tell_task_failed(const Told *told, Buf *out) {
    static const char NUMBERED[] = "OSError: [Errno ", CUT[] = "…";
    const char *error = text_of(told, told->event->text);
    buf_printf(out, "%s failed: ", task_of(told, told->event->task));
    const char *words = strstr(error, "] ");
    if (strncmp(error, NUMBERED, sizeof NUMBERED - 1) == 0 && words != NULL) {
        buf_append_text(out, "OSError: ");
        error = words + 2;
    }
    words_cut(error, 64, out);
    const char *last = out->data + out->size_bytes - strlen(CUT);
    const bool stops =
        out->data[out->size_bytes - 1] == '.' || strncmp(last, CUT, strlen(CUT)) == 0;
    buf_append_text(out, stops ? "" : ".");
    tell_who_is_hit(told, out);
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
    case CANCEL_BY_RUNNER:
        buf_printf(out, "The program ends, so %s is to be cancelled.", name);
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
    SharedInfo shared = {.kind = SHARED_UNKNOWN};
    (void)state_shared_named(told->state, event->text, &shared);
    switch ((SyncWhat)event->a) {
    case SYNC_ACQUIRED:
        if (shared.kind == SHARED_LOCK) {
            buf_printf(out, "%s is free, so %s takes it and goes on.", target, name);
        } else if (shared.kind == SHARED_SEMAPHORE) {
            buf_printf(out, "%s has a place free, so %s takes it and goes on.", target, name);
        } else { /* one of the two */
            buf_printf(out, "Nobody holds %s, so %s takes it and goes on.", target, name);
        }
        break;
    case SYNC_RELEASED:
        if (shared.kind == SHARED_SEMAPHORE) {
            buf_printf(out, "%s gives a place in %s back.", name, target);
        } else if (shared.kind == SHARED_LOCK) {
            buf_printf(out, "%s is finished with %s and frees it.", name, target);
        } else {
            buf_printf(out, "%s is finished with %s.", name, target);
        }
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
    [EV_LOOP_START] = caption_tell_loop_start,
    [EV_POLL] = caption_tell_poll,
    [EV_POLLED] = caption_tell_polled,
    [EV_ITERATION] = caption_tell_iteration,
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
    [EV_LOOP_BLOCKED] = caption_tell_loop_blocked,
    [EV_DEADLOCK] = caption_tell_deadlock,
    [EV_LIMIT] = caption_tell_limit,
    [EV_LOOP_STOP] = caption_tell_loop_stop,
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
