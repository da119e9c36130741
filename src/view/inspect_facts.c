#include "view/inspect_facts.h"

#include "base/format.h"
#include "view/caption.h"
#include "view/caption_words.h"

#include <stdio.h>
#include <string.h>

typedef struct Facts {
    const ViewDoc *doc;
    const Event *event;
    uint64_t n;
    Fact *out;
    size_t count;
} Facts;

/* The text is taken over, and cut where it is longer than a screen is wide. */
static void fact_buf(Facts *facts, const char *key, Buf *text, bool strong) {
    if (facts->count < FACTS_MAX && text->size_bytes > 0) {
        Fact *fact = &facts->out[facts->count++];
        Buf cut = {0};
        words_cut(buf_text(text), 60, &cut);
        *fact = (Fact){.key = key, .strong = strong};
        (void)snprintf(fact->value, sizeof fact->value, "%s", buf_text(&cut));
        buf_finish(&cut);
    }
    buf_finish(text);
}

static void fact_text(Facts *facts, const char *key, const char *text) {
    Buf copy = {0};
    buf_append_text(&copy, text);
    fact_buf(facts, key, &copy, false);
}

static void fact_log(Facts *facts, const char *key, uint32_t text) {
    if (text != EVENT_NONE) {
        fact_text(facts, key, log_text(facts->doc->log, text, NULL));
    }
}

static void fact_time(Facts *facts, const char *key, uint64_t ns) {
    char text[FORMAT_MAX];
    fact_text(facts, key, format_duration(text, ns));
}

static void fact_count(Facts *facts, const char *key, int64_t count, const char *one,
                       const char *more) {
    char number[FORMAT_MAX];
    Buf text = {0};
    buf_append_text(&text, format_count(number, (uint64_t)count));
    if (more[0] != '\0') {
        buf_printf(&text, " %s", count == 1 ? one : more);
    }
    fact_buf(facts, key, &text, false);
}

static void fact_task(Facts *facts, const char *key, uint32_t task) {
    if (task != EVENT_NONE) {
        fact_text(facts, key, words_task(facts->doc->timeline, task));
    }
}

static uint64_t event_ns(const Facts *facts, uint64_t n) {
    return log_event(facts->doc->log, n)->t_ns;
}

/* ---- operations ---- */

uint32_t inspect_op(const Timeline *timeline, uint64_t n) {
    const Event *event = log_event(timeline_log(timeline), n);
    const bool waits = event->kind == EV_TASK_WAITING && event->b == TARGET_OP;
    if (waits || event->kind == EV_IO_SUBMITTED || event->kind == EV_IO_ARRIVED ||
        event->kind == EV_IO_COMPLETED) {
        return event->id < timeline_op_count(timeline) ? event->id : EVENT_NONE;
    }
    return EVENT_NONE;
}

bool inspect_op_span(const Timeline *timeline, uint32_t op, OpSpan *out) {
    const Log *log = timeline_log(timeline);
    if (op >= timeline_op_count(timeline)) {
        return false;
    }
    const OpEvents events = timeline_op(timeline, op);
    const uint64_t none = UINT64_MAX;
    *out = (OpSpan){.from_ns = log_event(log, events.submitted_n)->t_ns,
                    .to_ns = none,
                    .taken_ns = none,
                    .seen = events.arrived_n != none};
    if (events.completed_n != none) {
        out->taken_ns = out->to_ns = log_event(log, events.completed_n)->t_ns;
    }
    if (events.arrived_n != none) {
        out->to_ns = log_event(log, events.arrived_n)->t_ns;
    }
    return true;
}

const char *inspect_op_where(const Timeline *timeline, uint32_t op) {
    static const char *const WHERE[VIA_COUNT] = {
        [VIA_IO_URING] = "at the OS",   [VIA_THREADS] = "in a helper thread",
        [VIA_EPOLL] = "at the OS",      [VIA_KQUEUE] = "at the OS",
        [VIA_OVERLAPPED] = "at the OS", [VIA_SIM] = "at the simulated OS"};
    const Event *asked = words_op_submitted(timeline, op);
    return asked == NULL ? "at the OS" : WHERE[asked->c];
}

static void op_result(Facts *facts, const Event *asked, const Event *done) {
    Buf text = {0};
    words_io_completion(facts->doc->timeline, asked, done->x, done->text, &text);
    fact_buf(facts, "result", &text, false);
}

/* What was asked for, how long the OS had it, and how long its end waited for the loop. */
static void op_facts(Facts *facts, uint32_t op) {
    const Timeline *timeline = facts->doc->timeline;
    const Event *asked = words_op_submitted(timeline, op);
    OpSpan span;
    if (asked == NULL || !inspect_op_span(timeline, op, &span)) {
        return;
    }
    char when[FORMAT_MAX], took[FORMAT_MAX];
    Buf text = {0};
    fact_task(facts, "task", asked->task);
    words_io_request(timeline, asked, &text);
    fact_buf(facts, "operation", &text, false);
    text = (Buf){0};
    buf_printf(&text, "at %s, via %s", format_duration(when, span.from_ns), IO_VIA_WORDS[asked->c]);
    fact_buf(facts, "handed over", &text, false);
    if (span.to_ns == UINT64_MAX) {
        fact_text(facts, "time there",
                  facts->doc->live ? "not finished yet" : "not finished in this recording");
        return;
    }
    text = (Buf){0};
    buf_printf(&text, "%s %s", format_duration(took, span.to_ns - span.from_ns),
               inspect_op_where(timeline, op));
    fact_buf(facts, "time there", &text, !span.seen);
    const OpEvents events = timeline_op(timeline, op);
    if (events.completed_n != UINT64_MAX) {
        op_result(facts, asked, log_event(facts->doc->log, events.completed_n));
    }
    if (span.seen && span.taken_ns != UINT64_MAX) {
        text = (Buf){0};
        buf_printf(&text, "%s, until %s", format_duration(took, span.taken_ns - span.to_ns),
                   format_duration(when, span.taken_ns));
        fact_buf(facts, "waits for loop", &text, true);
    }
}

static void blocking_facts(Facts *facts) {
    const Event *event = facts->event;
    Buf text = {0};
    fact_task(facts, "task", event->task);
    words_io_request(facts->doc->timeline, event, &text);
    fact_buf(facts, "operation", &text, false);
    text = (Buf){0};
    words_io_completion(facts->doc->timeline, event, event_io_result(event),
                        event_io_error_text(event), &text);
    fact_buf(facts, "result", &text, false);
    fact_text(facts, "where",
              event_io_in_thread(event) ? "in a helper thread, on the spot"
                                        : "on the loop's thread, on the spot");
    fact_time(facts, "took", (uint64_t)event->z);
}

/* ---- tasks ---- */

static void created_facts(Facts *facts) {
    const Event *event = facts->event;
    fact_task(facts, "task", event->task);
    if (event->id == EVENT_NONE) {
        fact_text(facts, "made by", "the program, at its start");
        return;
    }
    fact_task(facts, "made by", event->id);
    if (event->x >= 0) {
        Buf text = {0};
        words_step(log_text(facts->doc->log, (uint32_t)event->x, NULL), &text);
        fact_buf(facts, "in", &text, false);
    }
}

static void ready_facts(Facts *facts) {
    static const char *const WHY[] = {[READY_CREATED] = "it was created",
                                      [READY_YIELDED] = "it gave the thread back",
                                      [READY_RESUMED] = "what it waited for is there",
                                      [READY_CANCELLED] = "it is cancelled, and runs to see it"};
    const Event *event = facts->event;
    fact_task(facts, "task", event->task);
    fact_text(facts, "because", WHY[event->a]);
    fact_count(facts, "in the queue", (int64_t)state_loop(facts->doc->after)->ready_handles,
               "handle, itself", "handles, itself the last");
    const uint64_t part = timeline_life_at(facts->doc->timeline, event->task, facts->n);
    if (part != UINT64_MAX) {
        const LifePart life = timeline_life(facts->doc->timeline, event->task, part);
        if (life.phase == TASK_READY && life.end_n != UINT64_MAX) {
            fact_time(facts, "runs at", life.end_ns);
        }
    }
}

static void running_facts(Facts *facts) {
    const Event *event = facts->event;
    const TaskInfo before = state_task(facts->doc->before, event->task);
    fact_task(facts, "task", event->task);
    if (before.phase == TASK_READY) {
        Buf text = {0};
        char took[FORMAT_MAX];
        buf_printf(&text, "%s in the ready queue",
                   format_duration(took, event->t_ns - before.since_ns));
        fact_buf(facts, "waited", &text, true);
    }
    const uint64_t part = timeline_life_at(facts->doc->timeline, event->task, facts->n);
    const LifePart life = timeline_life(facts->doc->timeline, event->task, part);
    if (life.end_n != UINT64_MAX) {
        fact_time(facts, "runs for", life.end_ns - life.start_ns);
    }
}

static void waiting_facts(Facts *facts) {
    const Event *event = facts->event;
    const Timeline *timeline = facts->doc->timeline;
    const LoopInfo *before = state_loop(facts->doc->before);
    char took[FORMAT_MAX], when[FORMAT_MAX];
    Buf text = {0};
    fact_task(facts, "task", event->task);
    words_wait(timeline, event, facts->n, WORDS_CARD, &text);
    fact_buf(facts, "waits for", &text, false);
    fact_time(facts, "ran for", event->t_ns - before->running_since_ns);
    const uint64_t part = timeline_life_at(timeline, event->task, facts->n);
    const LifePart life = timeline_life(timeline, event->task, part);
    text = (Buf){0};
    if (life.end_n == UINT64_MAX) {
        buf_append_text(&text, "to the end of the recording");
    } else {
        buf_printf(&text, "%s, until %s", format_duration(took, life.end_ns - life.start_ns),
                   format_duration(when, life.end_ns));
    }
    fact_buf(facts, "is paused", &text, true);
}

static void step_facts(Facts *facts) {
    const Listing *steps = facts->doc->listings[CODE_STEPS];
    const char *at = log_text(facts->doc->log, facts->event->text, NULL);
    Buf text = {0};
    fact_task(facts, "task", facts->event->task);
    words_step(at, &text);
    fact_buf(facts, "begins", &text, false);
    const int32_t line = steps == NULL ? -1 : listing_line_of(steps, at);
    if (line >= 0 && steps->lines[line].hidden == NULL) {
        fact_text(facts, "which is", steps->lines[line].text);
        fact_text(facts, "may pause", steps->lines[line].awaits ? "yes: it awaits" : "no");
    }
}

static void end_facts(Facts *facts) {
    const Event *event = facts->event;
    const TaskInfo info = state_task(facts->doc->after, event->task);
    fact_task(facts, "task", event->task);
    if (event->kind == EV_TASK_FAILED) {
        fact_log(facts, "error", event->text);
    }
    const uint64_t made = timeline_task_created(facts->doc->timeline, event->task);
    fact_time(facts, "lived for", event->t_ns - event_ns(facts, made));
    fact_time(facts, "ran for", info.run_ns);
    fact_time(facts, "was ready", info.ready_ns);
    fact_time(facts, "was paused", info.wait_ns);
}

static void cancel_facts(Facts *facts) {
    static const char *const BY[] = {[CANCEL_BY_TASK] = "",
                                     [CANCEL_BY_TIMEOUT] = "its timeout",
                                     [CANCEL_BY_GROUP] = "its group",
                                     [CANCEL_BY_RUNNER] = "the runner, at the end"};
    fact_task(facts, "task", facts->event->task);
    if (facts->event->b == CANCEL_BY_TASK) {
        fact_task(facts, "asked by", facts->event->id);
    } else {
        fact_text(facts, "asked by", BY[facts->event->b]);
    }
}

static void sync_facts(Facts *facts) {
    const Event *event = facts->event;
    fact_task(facts, "task", event->task);
    fact_text(facts, "did", SYNC_WHAT_WORDS[event->a]);
    fact_log(facts, "of", event->text);
    if (event->x >= 0) {
        fact_log(facts, "value", (uint32_t)event->x);
    }
}

/* ---- the loop ---- */

static void poll_facts(Facts *facts) {
    const int64_t timeout_ns = facts->event->x;
    char text[FORMAT_MAX], words[FORMAT_MAX + 24];
    fact_text(facts, "calls", caption_wait_call(facts->doc->log));
    (void)snprintf(words, sizeof words, "at most %s, for a timer",
                   format_duration(text, timeout_ns < 0 ? 0 : (uint64_t)timeout_ns));
    fact_text(facts, "may sleep",
              timeout_ns < 0    ? "until there is news"
              : timeout_ns == 0 ? "not at all: there is work"
                                : words);
}

static void polled_facts(Facts *facts) {
    const LoopInfo *before = state_loop(facts->doc->before);
    fact_text(facts, "call", caption_wait_call(facts->doc->log));
    fact_count(facts, "brings", facts->event->x, "event", "events");
    if (before->phase == LOOP_ASKING) {
        fact_time(facts, "took", facts->event->t_ns - before->poll_start_ns);
    }
    fact_count(facts, "which took", facts->event->y, "system call", "system calls");
}

static void timer_facts(Facts *facts) {
    const Event *event = facts->event;
    const Event *set =
        event->kind == EV_TIMER_SET ? event : words_timer_set(facts->doc->log, facts->n, event->id);
    fact_task(facts, "for", set == NULL ? EVENT_NONE : set->task);
    if (set == NULL) {
        return;
    }
    const uint64_t due_ns = (uint64_t)set->x;
    fact_time(facts, "set at", set->t_ns);
    fact_time(facts, "due at", due_ns);
    fact_time(facts, "set for", due_ns > set->t_ns ? due_ns - set->t_ns : 0);
    if (event->kind == EV_TIMER_FIRED) {
        fact_time(facts, "late by", event->t_ns > due_ns ? event->t_ns - due_ns : 0);
    }
}

static void callback_facts(Facts *facts) {
    const Event *event = facts->event;
    const Event *ready = event->kind == EV_CALLBACK_READY
                             ? event
                             : words_callback_ready(facts->doc->log, facts->n, event->id);
    if (ready == NULL) {
        return;
    }
    fact_log(facts, "callback", ready->text);
    fact_task(facts, "for", ready->task);
    if (ready != event) {
        fact_time(facts, "waited", event->t_ns - ready->t_ns);
        fact_text(facts, "runs", event->a != 0 ? "not: it was cancelled" : "now");
    }
}

static void limit_facts(Facts *facts) {
    Buf text = {0};
    words_limit(log_text(facts->doc->log, facts->event->text, NULL), (uint64_t)facts->event->x,
                &text);
    fact_buf(facts, "limit", &text, false);
}

static void loop_facts(Facts *facts) {
    const Event *event = facts->event;
    const LoopInfo *loop = state_loop(facts->doc->after);
    switch ((EventKind)event->kind) {
    case EV_ITERATION:
        fact_count(facts, "iteration", event->x, "", "");
        fact_count(facts, "runs", event->y, "handle", "handles");
        fact_count(facts, "at the OS", (int64_t)loop->in_flight, "operation", "operations");
        fact_count(facts, "timers", (int64_t)loop->timers, "set", "set");
        break;
    case EV_LOOP_BLOCKED:
        fact_task(facts, "held by", event->task);
        fact_time(facts, "for", (uint64_t)event->x);
        break;
    case EV_LOOP_STOP:
        fact_text(facts, "because", STOP_REASON_WORDS[event->a]);
        fact_count(facts, "iterations", (int64_t)loop->iteration, "", "");
        fact_count(facts, "asked the OS", (int64_t)loop->polls, "time", "times");
        break;
    case EV_LIMIT:
        limit_facts(facts);
        break;
    default:
        fact_task(facts, "task", event->task);
        fact_log(facts, "text", event->text);
        break;
    }
}

static void (*const FACTS[EV_KIND_COUNT])(Facts *) = {
    [EV_POLL] = poll_facts,
    [EV_POLLED] = polled_facts,
    [EV_TASK_CREATED] = created_facts,
    [EV_TASK_READY] = ready_facts,
    [EV_CALLBACK_READY] = callback_facts,
    [EV_CALLBACK_RUN] = callback_facts,
    [EV_TASK_RUNNING] = running_facts,
    [EV_STEP] = step_facts,
    [EV_TASK_WAITING] = waiting_facts,
    [EV_IO_BLOCKING] = blocking_facts,
    [EV_TIMER_SET] = timer_facts,
    [EV_TIMER_FIRED] = timer_facts,
    [EV_TIMER_CANCELLED] = timer_facts,
    [EV_SYNC] = sync_facts,
    [EV_CANCEL_REQUESTED] = cancel_facts,
    [EV_TASK_FINISHED] = end_facts,
    [EV_TASK_FAILED] = end_facts,
    [EV_TASK_CANCELLED] = end_facts,
};

size_t inspect_facts(const ViewDoc *doc, uint64_t n, Fact out[FACTS_MAX]) {
    Facts facts = {.doc = doc, .event = log_event(doc->log, n), .n = n, .out = out};
    fact_time(&facts, "when", facts.event->t_ns);
    const EventKind kind = (EventKind)facts.event->kind;
    if (kind == EV_IO_SUBMITTED || kind == EV_IO_ARRIVED || kind == EV_IO_COMPLETED) {
        facts.count = 0; /* "handed over" and "waits for loop" tell when */
        op_facts(&facts, inspect_op(doc->timeline, n));
    } else if (FACTS[kind] != NULL) {
        FACTS[kind](&facts);
    } else {
        loop_facts(&facts);
    }
    return facts.count;
}
