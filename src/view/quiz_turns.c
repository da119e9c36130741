/* Questions about iterations, the loop's turns: in which one a task goes on, how many tasks and
 * callbacks one runs. */
#include "view/quiz_maker.h"

#include "base/format.h"

#include <stdlib.h>
#include <string.h>

bool quiz_make_resumes(Maker *maker) {
    const Event *event = maker->event;
    const int64_t turn = (int64_t)state_loop(maker->state)->iteration;
    const uint64_t count = state_count(maker->state);
    const Event *before = count < 2 ? NULL : log_event(timeline_log(maker->timeline), count - 2);
    const bool yields = event->kind == EV_TASK_READY && event->a == READY_YIELDED;
    const bool fires = event->kind == EV_CALLBACK_READY && event->task != EVENT_NONE &&
                       before != NULL && before->kind == EV_TIMER_FIRED;
    if (!yields && !(fires && state_task(maker->state, event->task).on == WAIT_TIMER)) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    quiz->task = event->task;
    const int64_t right = yields ? turn + 1 : turn + 2;
    char number[FORMAT_MAX];
    for (int64_t value = right - 1; value <= right + 1; value++) {
        quiz_choice_number(quiz, value, "in iteration",
                           value > right ? "Not so late."
                           : yields ? "Not in this one: it runs only what was ready as it began."
                                    : "Not so soon: the timer does not run the task itself.");
    }
    if (yields) {
        SAY(quiz->text, "In iteration %s %s gives up control. When does it run again?",
            format_count(number, (uint64_t)turn), quiz_name(maker, event->task));
        SAY(quiz->because, "It goes to the back of the queue, and an iteration runs only what was "
                           "ready as it began: so in the next one.");
    } else {
        SAY(quiz->text, "%s's time is over after iteration %s. In which one does it go on?",
            quiz_name(maker, event->task), format_count(number, (uint64_t)turn));
        SAY(quiz->because, "In the next iteration a callback sets the sleep's result and makes the "
                           "task ready; in the one after that it runs.");
    }
    return quiz_expect(quiz, right);
}

/* Whether it is sure that no callback is in the queue. */
static bool only_tasks_ready(const Maker *maker) {
    ReadyItem items[64];
    const size_t cap = sizeof items / sizeof items[0];
    const size_t count = state_ready(maker->state, items, cap);
    bool only = count <= cap;
    for (size_t i = 0; only && i < count; i++) {
        only = !items[i].is_callback;
    }
    return only;
}

bool quiz_make_handles(Maker *maker) {
    const LoopInfo *loop = state_loop(maker->state);
    const bool starts = maker->event->kind == EV_LOOP_START;
    const bool ends = quiz_handle_ended(maker->event) && loop->turn_done == loop->turn_ready &&
                      loop->running == EVENT_NONE;
    const int64_t ready = (int64_t)loop->ready_handles;
    /* What the OS or a timer may bring until then would be a guess. An ended task may still wake
     * others. */
    if ((!starts && !ends) || ready == 0 || loop->in_flight > 0 || loop->timers > 0 ||
        maker->event->kind == EV_TASK_FINISHED || maker->event->kind == EV_TASK_FAILED ||
        maker->event->kind == EV_TASK_CANCELLED) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    const bool tasks = only_tasks_ready(maker);
    const char *one = tasks ? "task" : "task or callback";
    const char *many = tasks ? "tasks" : "tasks and callbacks";
    char number[FORMAT_MAX];
    const char *more = "Not so many: an iteration takes in nothing that comes meanwhile.";
    quiz_choice_amount(quiz, ready, one, many, more);
    quiz_choice_amount(quiz, 1, one, many, "Not only one: an iteration runs all that is ready.");
    quiz_choice_amount(quiz, ready + 1, one, many, more);
    quiz_choice_amount(quiz, 2 * ready, one, many, more);
    SAY(quiz->text, "How many %s does iteration %s run?", many,
        format_count(number, loop->iteration + 1));
    SAY(quiz->because,
        "An iteration runs what is ready as it begins, each once; the rest waits for the next.");
    return quiz_expect(quiz, ready);
}

/* ---- after the end of what is awaited ---- */

/* All of the tasks in a list, "[0,2]", have finished, and `task` is one of them. */
static bool all_finished(const Maker *maker, uint32_t list_text, uint32_t task) {
    const char *list = log_text(timeline_log(maker->timeline), list_text, NULL);
    bool holds = false;
    for (list += strcspn(list, "0123456789"); *list != '\0'; list += strcspn(list, "0123456789")) {
        char *end;
        const uint32_t id = (uint32_t)strtoul(list, &end, 10);
        holds = holds || id == task;
        if (state_task(maker->state, id).phase != TASK_FINISHED) {
            return false;
        }
        list = end;
    }
    return holds;
}

/* A task that waits for the end of `task`, which is all that was missing; and how many turns later
 * it goes on. */
static uint32_t awaiter_of(const Maker *maker, uint32_t task, int64_t *turns) {
    uint32_t waiting[16];
    const size_t cap = sizeof waiting / sizeof waiting[0];
    const size_t count = state_waiting(maker->state, waiting, cap);
    for (size_t i = 0; i < count && i < cap; i++) {
        const TaskInfo info = state_task(maker->state, waiting[i]);
        const Instr *step = quiz_step(maker, info.at);
        if (step == NULL || info.cancel_requested) {
            continue;
        }
        if (step->op == OP_AWAIT && info.target_kind == TARGET_TASK && info.target_id == task) {
            *turns = 1;
            return waiting[i];
        }
        if (step->op == OP_GATHER && info.target_kind == TARGET_TASKS &&
            all_finished(maker, info.target_text, task)) {
            *turns = 2;
            return waiting[i];
        }
    }
    return EVENT_NONE;
}

bool quiz_make_gathered(Maker *maker) {
    const Event *event = maker->event;
    const int64_t turn = (int64_t)state_loop(maker->state)->iteration;
    char number[FORMAT_MAX];
    int64_t turns = 0;
    const uint32_t awaiter =
        event->kind == EV_TASK_FINISHED ? awaiter_of(maker, event->task, &turns) : EVENT_NONE;
    if (awaiter == EVENT_NONE) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    quiz->task = awaiter;
    for (int64_t value = turn; value <= turn + 3; value++) {
        quiz_choice_number(quiz, value, "in iteration",
                           value == turn ? "Not in this one: it runs only what was ready as it "
                                           "began."
                           : value > turn + turns
                               ? "Not so late."
                               : "Not so soon: first gather's callback has to run.");
    }
    SAY(quiz->text,
        turns == 1 ? "%s ends in iteration %s, and %s awaits it. When does %s go on?"
                   : "%s ends in iteration %s, the last that %s waits for. When does %s go on?",
        quiz_name(maker, event->task), format_count(number, (uint64_t)turn),
        quiz_name(maker, awaiter), quiz_name(maker, awaiter));
    quiz_set_text(quiz->because,
                  turns == 1 ? "The end of a task makes its awaiter ready, and what becomes ready "
                               "runs in the next iteration."
                             : "In the next iteration gather's callback counts the task and wakes "
                               "who gathers; in the one after that it runs.");
    return quiz_expect(quiz, turn + turns);
}
