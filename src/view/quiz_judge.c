/* The answers: what the recording shows after a question. */
#include "view/quiz.h"

#include <string.h>

static int choice_of(const Quiz *quiz, int64_t value) {
    for (size_t i = 0; i < quiz->choice_count; i++) {
        if (quiz->choices[i].value == value) {
            return (int)i;
        }
    }
    return QUIZ_VOID;
}

/* The choice of what is printed; several tasks may print the same. */
static int choice_printed(const Quiz *quiz, const Log *log, const Event *event) {
    for (size_t i = 0; i < quiz->choice_count; i++) {
        if (strcmp(quiz->choices[i].text, log_text(log, event->text, NULL)) == 0) {
            return (int)i;
        }
    }
    return QUIZ_VOID;
}

static int judge_event(const Quiz *quiz, const Log *log, const Event *event, int64_t *turn) {
    const bool ends = event->kind == EV_TASK_FINISHED || event->kind == EV_TASK_FAILED ||
                      event->kind == EV_TASK_CANCELLED;
    const bool own = event->task == quiz->task;
    if (event->kind == EV_LOOP_STOP || event->kind == EV_LIMIT) {
        return QUIZ_VOID;
    }
    if (event->kind == EV_ITERATION) {
        *turn = event->x;
    }
    switch (quiz->kind) {
    case QUIZ_PAUSES:
        return own && (event->kind == EV_TASK_WAITING ||
                       (event->kind == EV_TASK_READY && event->a == READY_YIELDED))
                   ? choice_of(quiz, QUIZ_PAUSED)
               : own && (ends || event->kind == EV_STEP) ? choice_of(quiz, QUIZ_KEEPS)
                                                         : QUIZ_PENDING;
    case QUIZ_CREATED:
    case QUIZ_HANDED:
        return ends || event->kind == EV_STEP || event->kind == EV_TASK_RUNNING ||
                       event->kind == EV_TASK_WAITING
                   ? choice_of(quiz, event->task)
                   : QUIZ_PENDING;
    case QUIZ_LOCK:
        return event->kind == EV_SYNC && event->a == SYNC_ACQUIRED && event->text == quiz->target
                   ? choice_of(quiz, event->task)
                   : QUIZ_PENDING;
    case QUIZ_NEXT:
        return event->kind == EV_TASK_RUNNING ? choice_of(quiz, event->task) : QUIZ_PENDING;
    case QUIZ_RESUMES:
    case QUIZ_GATHERED:
        return own && event->kind == EV_TASK_RUNNING ? choice_of(quiz, *turn) : QUIZ_PENDING;
    case QUIZ_HANDLES:
        return event->kind == EV_ITERATION ? choice_of(quiz, event->y) : QUIZ_PENDING;
    case QUIZ_PRINTS:
        return event->kind == EV_OUTPUT ? choice_printed(quiz, log, event) : QUIZ_PENDING;
    case QUIZ_WAKES: /* counted below */
    case QUIZ_ASKED:
    case QUIZ_KIND_COUNT:
        break;
    }
    return QUIZ_PENDING;
}

/* Setting an event makes its waiters ready at once: the events of that follow it. */
static int judge_wakes(const Quiz *quiz, const Timeline *timeline) {
    const Log *log = timeline_log(timeline);
    uint64_t n = quiz->at;
    while (n < timeline_count(timeline) && log_event(log, n)->kind == EV_TASK_READY) {
        n++;
    }
    return n < timeline_count(timeline) ? choice_of(quiz, (int64_t)(n - quiz->at)) : QUIZ_PENDING;
}

int quiz_judge(const Quiz *quiz, const Timeline *timeline) {
    const Log *log = timeline_log(timeline);
    if (quiz->kind == QUIZ_WAKES) {
        return judge_wakes(quiz, timeline);
    }
    int64_t turn = 0;
    int found = quiz->kind == QUIZ_ASKED ? (int)quiz->expected : QUIZ_PENDING;
    for (uint64_t n = quiz->at; n < timeline_count(timeline) && found == QUIZ_PENDING; n++) {
        found = judge_event(quiz, log, log_event(log, n), &turn);
    }
    return found;
}
