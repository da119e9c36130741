/* What the loop itself does, in sentences: its phases, what holds it up, how it ends. */
#include "view/caption_told.h"

void caption_tell_loop_start(const Told *told, Buf *out) {
    const uint64_t ready = told->loop->phase_counts[TASK_READY];
    char count[FORMAT_MAX];
    buf_printf(out, "The event loop starts: %s task%s %s ready.", format_count(count, ready),
               plural(ready), ready == 1 ? "is" : "are");
}

void caption_tell_poll(const Told *told, Buf *out) {
    const int64_t timeout = told->event->x;
    char text[FORMAT_MAX];
    if (timeout == 0) {
        buf_printf(out, "%s, so the loop only looks for news, without sleeping in ",
                   told->loop->ready_handles > 0 ? "Work is ready"
                   : told->loop->timers > 0      ? "A timer is due"
                                                 : "Nothing but sockets is waited for");
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
        buf_printf(out,
                   told->loop->arrived == 1 ? ": %s operation is finished already."
                                            : ", once for all: %s operations are finished.",
                   format_count(text, told->loop->arrived));
    } else if (told->loop->in_flight > 1) {
        buf_printf(out, ": one call waits for %s operations at once.",
                   format_count(text, told->loop->in_flight));
    } else if (told->loop->in_flight > 0) {
        buf_printf(out, "; %s works on 1 operation.", the_os(told));
    } else {
        buf_printf(out, " until %s has news.", the_os(told));
    }
}

void caption_tell_polled(const Told *told, Buf *out) {
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

void caption_tell_iteration(const Told *told, Buf *out) {
    const uint64_t ready = (uint64_t)told->event->y, tasks = told->loop->phase_counts[TASK_READY];
    const uint64_t callbacks = ready > tasks ? ready - tasks : 0;
    char number[FORMAT_MAX], count[FORMAT_MAX];
    buf_printf(out, "Iteration %s starts: ", format_count(number, (uint64_t)told->event->x));
    if (ready == 0) {
        buf_append_text(out, "nothing is ready.");
        return;
    }
    if (tasks > 0) {
        buf_printf(out, "%s task%s%s", format_count(count, tasks), plural(tasks),
                   callbacks > 0 ? " and " : "");
    }
    if (callbacks > 0) {
        buf_printf(out, "%s callback%s", format_count(count, callbacks), plural(callbacks));
    }
    buf_append_text(out, ready == 1 ? " is ready." : " are ready.");
}

/* "Both tasks are done", "All 3 tasks have ended, 1 of them with an error and 1 cancelled". */
static void tell_all_ended(const LoopInfo *loop, Buf *out) {
    const uint64_t failed = loop->phase_counts[TASK_FAILED];
    const uint64_t cancelled = loop->phase_counts[TASK_CANCELLED];
    const uint64_t other = failed + cancelled;
    char count[FORMAT_MAX];
    if (loop->tasks == 1) {
        buf_append_text(out, "The only task ");
    } else if (loop->tasks == 2) {
        buf_append_text(out, "Both tasks ");
    } else {
        buf_printf(out, "All %s tasks ", format_count(count, loop->tasks));
    }
    if (other == 0) {
        buf_append_text(out, loop->tasks == 1 ? "is done" : "are done");
        return;
    }
    buf_append_text(out, loop->tasks == 1 ? "has ended, " : "have ended, ");
    if (failed > 0 && loop->tasks > 1) {
        buf_printf(out, "%s of them ", format_count(count, failed));
    }
    buf_append_text(out, failed > 0 ? "with an error" : "");
    buf_append_text(out, failed > 0 && cancelled > 0 ? " and " : "");
    if (cancelled > 0 && loop->tasks > 1) {
        buf_printf(out, "%s %s", format_count(count, cancelled), failed > 0 ? "" : "of them ");
    }
    buf_append_text(out, cancelled > 0 ? "cancelled" : "");
}

void caption_tell_loop_stop(const Told *told, Buf *out) {
    switch ((StopReason)told->event->a) {
    case STOP_DONE:
        tell_all_ended(told->loop, out);
        buf_append_text(out, ": the loop stops.");
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

void caption_tell_loop_blocked(const Told *told, Buf *out) {
    char text[FORMAT_MAX];
    buf_printf(out, "%s kept the thread for %s without an await: the whole loop was frozen.",
               told->event->task == EVENT_NONE ? "A callback" : task_of(told, told->event->task),
               format_duration(text, (uint64_t)told->event->x));
}

void caption_tell_deadlock(const Told *told, Buf *out) {
    const uint64_t left = told->loop->phase_counts[TASK_WAITING];
    char count[FORMAT_MAX];
    if (left == 1) {
        buf_append_text(out, "Deadlock: the task that is left waits for what can never come.");
    } else {
        buf_printf(out, "Deadlock: the %s tasks that are left wait for what can never come.",
                   format_count(count, left));
    }
}

void caption_tell_limit(const Told *told, Buf *out) {
    buf_append_text(out, "The run reaches its limit of ");
    words_limit(text_of(told, told->event->text), (uint64_t)told->event->x, out);
    buf_append_text(out, " and ends here.");
}
