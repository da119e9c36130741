/* Questions about the thread: who has it next, and what is printed then. */
#include "view/quiz_maker.h"

#include "base/buf.h"
#include "view/task_body.h"

#include <string.h>

bool quiz_make_next(Maker *maker) {
    enum { READ_MAX = 8 };
    ReadyItem items[READ_MAX];
    size_t count = 0;
    const uint32_t front = quiz_front(maker, items, READ_MAX, &count);
    if (!quiz_handle_ended(maker->event) || front == EVENT_NONE ||
        state_loop(maker->state)->running != EVENT_NONE) {
        return false;
    }
    quiz_choice_task(maker, front);
    quiz_choice_task(maker, maker->event->task);
    if (count > 1 && !items[count - 1].is_callback) {
        quiz_choice_task(maker, items[count - 1].id);
    }
    uint32_t waiting[QUESTION_CHOICES_MAX];
    const size_t waits = state_waiting(maker->state, waiting, QUESTION_CHOICES_MAX);
    for (size_t i = 0; i < waits && i < QUESTION_CHOICES_MAX; i++) {
        quiz_choice_task(maker, waiting[i]);
    }
    SAY(maker->quiz->text, "Which task runs next?");
    SAY(maker->quiz->because, "%s is first in the ready queue: first in, first out.",
        quiz_name(maker, front));
    return quiz_expect(maker->quiz, front);
}

bool quiz_make_created(Maker *maker) {
    const uint32_t running = state_loop(maker->state)->running;
    if (maker->event->kind != EV_TASK_READY || maker->event->a != READY_CREATED ||
        running == EVENT_NONE) {
        return false;
    }
    const uint32_t child = maker->event->task;
    quiz_choice_task(maker, running);
    quiz_choice_task(maker, child);
    SAY(maker->quiz->text, "%s has created %s. Which of them goes on now?",
        quiz_name(maker, running), quiz_name(maker, child));
    SAY(maker->quiz->because,
        "A new task only joins the back of the ready queue; %s keeps the "
        "thread until it has to wait.",
        quiz_name(maker, running));
    return quiz_expect(maker->quiz, running);
}

/* ---- what is printed next ---- */

/* The text that a task prints as soon as it has the thread; false where that is not sure. */
static bool prints_first(const Maker *maker, uint32_t task, char out[QUIZ_TEXT_MAX]) {
    const TaskInfo info = state_task(maker->state, task);
    uint32_t pc = 0;
    if (info.at == EVENT_NONE) {
        const uint32_t body = task_body(maker->timeline, maker->program, task);
        if (body == PROGRAM_NONE) {
            return false;
        }
        pc = maker->program->bodies[body].entry;
    } else {
        const Instr *at = quiz_step(maker, info.at);
        if (at == NULL || at->op != OP_SLEEP) {
            return false;
        }
        pc = (uint32_t)(at - maker->program->code) + 1;
    }
    const Instr *instr = &maker->program->code[pc];
    if (instr->op != OP_LOG || info.cancel_requested) {
        return false;
    }
    const Template *all = &maker->program->templates[instr->arg];
    Buf text = {0};
    bool sure = true;
    for (uint32_t i = 0; i < all->count; i++) {
        const Piece *piece = &maker->program->pieces[all->first + i];
        sure = sure && (piece->kind == PIECE_TEXT || piece->kind == PIECE_TASK);
        if (piece->kind == PIECE_TEXT) {
            buf_append(&text, piece->text, piece->length);
        } else {
            buf_append_text(&text, quiz_name(maker, task));
        }
    }
    sure = sure && text.size_bytes > 0 && text.size_bytes < QUIZ_TEXT_MAX;
    quiz_set_text(out, buf_text(&text));
    buf_finish(&text);
    return sure;
}

static bool has_threads(const Program *program) {
    for (uint32_t i = 0; i < program->code_count; i++) {
        if (program->code[i].op == OP_THREAD) {
            return true;
        }
    }
    return false;
}

bool quiz_make_prints(Maker *maker) {
    enum { READ_MAX = 8 };
    ReadyItem items[READ_MAX];
    size_t count = 0;
    Quiz *quiz = maker->quiz;
    const Event *event = maker->event;
    if ((event->kind != EV_ITERATION && !quiz_handle_ended(event)) ||
        state_loop(maker->state)->running != EVENT_NONE || maker->program == NULL ||
        quiz_front(maker, items, READ_MAX, &count) == EVENT_NONE || has_threads(maker->program)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        char text[QUIZ_TEXT_MAX];
        bool known = false;
        if (items[i].is_callback || !prints_first(maker, items[i].id, text)) {
            if (i == 0) {
                return false;
            }
            continue;
        }
        for (size_t k = 0; k < quiz->choice_count; k++) {
            known = known || strcmp(quiz->choices[k].text, text) == 0;
        }
        QuizChoice *choice = known ? NULL : quiz_choice(quiz, items[i].id);
        if (choice != NULL) {
            quiz_set_text(choice->text, text);
            quiz_why_not(maker, items[i].id, choice->why);
        }
    }
    SAY(quiz->text, "What is printed next?");
    SAY(quiz->because, "%s is first in the ready queue, and that is the first thing it does.",
        quiz_name(maker, items[0].id));
    return quiz_expect(quiz, items[0].id);
}
