#include "view/quiz_maker.h"

#include "base/format.h"
#include "base/utf8.h"
#include "view/caption_words.h"

#include <string.h>

const char *quiz_name(const Maker *maker, uint32_t task) {
    return words_task(maker->timeline, task);
}

void quiz_set_text(char out[QUIZ_TEXT_MAX], const char *text) {
    size_t length = strlen(text);
    length = length < QUIZ_TEXT_MAX - 1 ? length : QUIZ_TEXT_MAX - 1;
    length = utf8_valid_prefix(text, length);
    memcpy(out, text, length);
    out[length] = '\0';
}

QuizChoice *quiz_choice(Quiz *quiz, int64_t value) {
    size_t at = 0;
    while (at < quiz->choice_count && quiz->choices[at].value < value) {
        at++;
    }
    const bool known = at < quiz->choice_count && quiz->choices[at].value == value;
    if (known || quiz->choice_count == QUESTION_CHOICES_MAX) {
        return NULL;
    }
    memmove(&quiz->choices[at + 1], &quiz->choices[at],
            (quiz->choice_count - at) * sizeof *quiz->choices);
    quiz->choice_count++;
    quiz->choices[at] = (QuizChoice){.task = EVENT_NONE, .value = value};
    return &quiz->choices[at];
}

bool quiz_expect(Quiz *quiz, int64_t value) {
    for (size_t i = 0; i < quiz->choice_count; i++) {
        if (quiz->choices[i].value == value) {
            quiz->expected = i;
            return quiz->choice_count >= 2;
        }
    }
    return false;
}

const Instr *quiz_step(const Maker *maker, uint32_t at) {
    if (at == EVENT_NONE || maker->program == NULL) {
        return NULL;
    }
    const char *pointer = log_text(timeline_log(maker->timeline), at, NULL);
    const uint32_t pc = program_step_at(maker->program, pointer);
    return pc == PROGRAM_NONE ? NULL : &maker->program->code[pc];
}

/* ---- choices ---- */

void quiz_why_not(const Maker *maker, uint32_t task, char out[QUIZ_TEXT_MAX]) {
    const TaskInfo info = state_task(maker->state, task);
    OpInfo op;
    const char *name = quiz_name(maker, task);
    if (info.phase == TASK_WAITING && info.target_kind == TARGET_OP &&
        state_op(maker->state, info.target_id, &op) && op.arrived) {
        SAY(out, "Not %s: its event waits behind the gate, which opens when the loop asks.", name);
    } else if (info.phase == TASK_WAITING) {
        SAY(out, "Not %s: it is paused, and what it waits for has not come.", name);
    } else if (info.phase == TASK_READY) {
        SAY(out, "Not %s: it stands further back in the ready queue.", name);
    } else if (info.phase == TASK_RUNNING) {
        SAY(out, "Not %s: nothing takes the thread from a task, so it goes on first.", name);
    } else {
        SAY(out, "Not %s: it has ended.", name);
    }
}

void quiz_choice_task(Maker *maker, uint32_t task) {
    QuizChoice *choice = quiz_choice(maker->quiz, task);
    if (choice != NULL) {
        quiz_set_text(choice->text, quiz_name(maker, task));
        choice->task = task;
        quiz_why_not(maker, task, choice->why);
    }
}

uint32_t quiz_front(const Maker *maker, ReadyItem *items, size_t cap, size_t *count) {
    *count = state_ready(maker->state, items, cap);
    *count = *count < cap ? *count : cap;
    return *count == 0 || items[0].is_callback ? EVENT_NONE : items[0].id;
}

bool quiz_handle_ended(const Event *event) {
    return event->kind == EV_TASK_WAITING || event->kind == EV_TASK_FINISHED ||
           event->kind == EV_TASK_FAILED || event->kind == EV_TASK_CANCELLED ||
           (event->kind == EV_TASK_READY && event->a == READY_YIELDED);
}

void quiz_choice_number(Quiz *quiz, int64_t value, const char *before, const char *why) {
    QuizChoice *choice = value > 0 ? quiz_choice(quiz, value) : NULL;
    char number[FORMAT_MAX];
    if (choice != NULL) {
        SAY(choice->text, "%s %s", before, format_count(number, (uint64_t)value));
        quiz_set_text(choice->why, why);
    }
}

void quiz_choice_amount(Quiz *quiz, int64_t value, const char *one, const char *many,
                        const char *why) {
    QuizChoice *choice = value > 0 ? quiz_choice(quiz, value) : NULL;
    char number[FORMAT_MAX];
    if (choice != NULL) {
        SAY(choice->text, "%s %s", format_count(number, (uint64_t)value), value == 1 ? one : many);
        quiz_set_text(choice->why, why);
    }
}
