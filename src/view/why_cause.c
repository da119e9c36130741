/* What ended a wait: looked for among the events just before the task was ready again. */
#include "view/why.h"

#include "base/format.h"
#include "view/caption_words.h"

enum { LOOK_BACK_EVENTS = 4096 };

static bool is_end_of(const Event *event, uint32_t task) {
    return event->task == task &&
           (event->kind == EV_TASK_FINISHED || event->kind == EV_TASK_FAILED ||
            event->kind == EV_TASK_CANCELLED);
}

static bool is_one_of(const Log *log, const Event *wait, const Event *event) {
    const char *list = log_text(log, wait->text, NULL);
    for (uint32_t id; event_ids_next(&list, &id);) {
        if (is_end_of(event, id)) {
            return true;
        }
    }
    return false;
}

/* Whether `event` can have ended `wait`. */
static bool ends_wait(const Log *log, const Event *wait, const Event *event) {
    switch ((TargetKind)wait->b) {
    case TARGET_OP:
        return event->kind == EV_IO_COMPLETED && event->id == wait->id;
    case TARGET_TIMER:
        return event->kind == EV_TIMER_FIRED && event->id == wait->id;
    case TARGET_TASK:
        return is_end_of(event, wait->id);
    case TARGET_TASKS:
        return is_one_of(log, wait, event);
    case TARGET_NAME:
        return event->kind == EV_SYNC && event->text == wait->text && event->task != wait->task;
    case TARGET_NONE:
        break;
    }
    return false;
}

uint64_t why_woken(const Timeline *timeline, uint32_t task, uint64_t part) {
    const Log *log = timeline_log(timeline);
    const LifePart wait = timeline_life(timeline, task, part);
    if (wait.phase != TASK_WAITING || wait.end_n == UINT64_MAX) {
        return UINT64_MAX;
    }
    const Event *begun = log_event(log, wait.start_n), *ready = log_event(log, wait.end_n);
    const bool cancelled = ready->kind == EV_TASK_READY && ready->a == READY_CANCELLED;
    const uint64_t least =
        wait.end_n - wait.start_n > LOOK_BACK_EVENTS ? wait.end_n - LOOK_BACK_EVENTS : wait.start_n;
    for (uint64_t n = wait.end_n; n-- > least + 1;) {
        const Event *event = log_event(log, n);
        if (cancelled ? event->kind == EV_CANCEL_REQUESTED && event->task == task
                      : ends_wait(log, begun, event)) {
            return n;
        }
    }
    if (!cancelled && begun->b == TARGET_OP && begun->id < timeline_op_count(timeline)) {
        const uint64_t done = timeline_op(timeline, begun->id).completed_n;
        return done < wait.end_n ? done : wait.end_n;
    }
    return wait.end_n;
}

static void end_words(const Timeline *timeline, const LaneSegment *part, Buf *out) {
    const Event *event = log_event(timeline_log(timeline), part->start_n);
    char when[FORMAT_MAX];
    format_duration(when, part->start_ns);
    if (part->phase == TASK_FAILED) {
        buf_printf(out, " failed at %s: ", when);
        words_cut(log_text(timeline_log(timeline), event->text, NULL), 60, out);
    } else {
        buf_printf(out, part->phase == TASK_FINISHED ? " is done at %s" : " was cancelled at %s",
                   when);
    }
}

void why_part_words(const Timeline *timeline, uint32_t task, const LaneSegment *part, Buf *out) {
    static const char *const MOSTLY[] = {
        [TASK_READY] = "ready", [TASK_RUNNING] = "running", [TASK_WAITING] = "waiting"};
    char length[FORMAT_MAX], count[FORMAT_MAX];
    format_duration(length, part->end_ns - part->start_ns);
    words_cut(words_task(timeline, task), 40, out);
    if (part->phase >= TASK_FINISHED) {
        end_words(timeline, part, out);
    } else if (part->folded > 0) {
        buf_printf(out, ": %s short stretches in %s, most of it %s",
                   format_count(count, part->folded), length, MOSTLY[part->phase]);
    } else if (part->phase == TASK_RUNNING) {
        buf_printf(out, " runs for %s", length);
    } else if (part->phase == TASK_READY) {
        buf_printf(out, " is ready, and waits %s for the thread", length);
    } else {
        const Event *event = log_event(timeline_log(timeline), part->start_n);
        buf_printf(out, " waits %s for ", length);
        words_wait(timeline, event, part->start_n, WORDS_SENTENCE, out);
    }
}
