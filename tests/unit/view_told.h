/* Events told: a tape, its timeline, and the sentence of any event. */
#ifndef LOOPSCOPE_TESTS_VIEW_TOLD_H
#define LOOPSCOPE_TESTS_VIEW_TOLD_H

#include "trace_fixture.h"

#include "base/buf.h"
#include "view/caption.h"
#include "view/caption_words.h"

typedef struct Told {
    Tape tape;
    Timeline *timeline;
    State *state;
    Buf text;
} Told;

TAPE_UNUSED static void told_begin(Told *told, const char *notifier) {
    *told = (Told){.tape = tape_make()};
    const TraceHeader header = {.title = "t",
                                .scenario = "t.json",
                                .backend = "x",
                                .notifier = notifier,
                                .started = "",
                                .source = ""};
    log_set_header(told->tape.log, &header);
    told->timeline = timeline_create(told->tape.log);
    told->state = state_create(told->timeline);
}

TAPE_UNUSED static void told_finish(Told *told) {
    buf_finish(&told->text);
    state_destroy(told->state);
    timeline_destroy(told->timeline);
    tape_finish(&told->tape);
}

/* The sentence of event n. */
TAPE_UNUSED static const char *sentence(Told *told, uint64_t n) {
    if (!timeline_follow(told->timeline, UINT64_MAX)) {
        fail_msg("%s", timeline_error(told->timeline)->message);
    }
    state_seek(told->state, n + 1);
    buf_clear(&told->text);
    caption_event(told->state, n, &told->text);
    assert_int_equal(state_count(told->state), n + 1);
    return buf_text(&told->text);
}

TAPE_UNUSED static const char *last(Told *told) {
    return sentence(told, log_count(told->tape.log) - 1);
}

/* Two tasks, the first of which has the thread. */
TAPE_UNUSED static void two_tasks(Told *told) {
    told_begin(told, "epoll");
    Tape *tape = &told->tape;
    tape_new(tape, 0, "anna");
    tape_new(tape, 1, "bert");
    tape_plain(tape, EV_LOOP_START);
    tape_iteration(tape, 1, 2);
    tape_task(tape, EV_TASK_RUNNING, 0);
}

TAPE_UNUSED static uint32_t submit(Told *told, uint32_t task, IoCall call, IoVia via,
                                   const char *path, int64_t bytes) {
    Event event = event_make(EV_IO_SUBMITTED);
    if (!timeline_follow(told->timeline, UINT64_MAX)) {
        fail_msg("%s", timeline_error(told->timeline)->message);
    }
    event.id = timeline_op_count(told->timeline);
    event.task = task;
    event.a = (uint8_t)call;
    event.c = (uint8_t)via;
    event.text = tape_text(&told->tape, path);
    event.x = bytes;
    event.y = -1;
    tape_add(&told->tape, event);
    return event.id;
}

TAPE_UNUSED static void complete(Told *told, uint32_t op, int64_t result, const char *error) {
    Event event = event_make(EV_IO_COMPLETED);
    event.id = op;
    event.x = result;
    if (error != NULL) {
        event.text = tape_text(&told->tape, error);
    }
    tape_add(&told->tape, event);
}

#endif
