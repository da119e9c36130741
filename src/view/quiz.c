/* Questions: the kinds of them in one table, tried in its order. */
#include "view/quiz_maker.h"

const char *const QUIZ_KIND_WORDS[QUIZ_KIND_COUNT] = {
    [QUIZ_ASKED] = "asked",     [QUIZ_PAUSES] = "pauses",     [QUIZ_CREATED] = "created",
    [QUIZ_RESUMES] = "resumes", [QUIZ_LOCK] = "lock",         [QUIZ_WAKES] = "wakes",
    [QUIZ_HANDED] = "handed",   [QUIZ_GATHERED] = "gathered", [QUIZ_PRINTS] = "prints",
    [QUIZ_NEXT] = "next",       [QUIZ_HANDLES] = "handles"};

const char *const QUIZ_KIND_TITLES[QUIZ_KIND_COUNT] = {
    [QUIZ_ASKED] = "the lesson's own question",
    [QUIZ_PAUSES] = "what pauses a task",
    [QUIZ_CREATED] = "who goes on after a task was created",
    [QUIZ_RESUMES] = "in which iteration a task goes on",
    [QUIZ_LOCK] = "who gets a lock",
    [QUIZ_WAKES] = "whom an event wakes",
    [QUIZ_HANDED] = "who goes on after a put",
    [QUIZ_GATHERED] = "when an awaiter goes on",
    [QUIZ_PRINTS] = "what is printed next",
    [QUIZ_NEXT] = "which task runs next",
    [QUIZ_HANDLES] = "how many tasks an iteration runs",
};

/* How often a kind is asked in a run. */
static const uint8_t ASKED_MAX[QUIZ_KIND_COUNT] = {
    [QUIZ_ASKED] = UINT8_MAX, [QUIZ_PAUSES] = 6, [QUIZ_CREATED] = 2, [QUIZ_RESUMES] = 2,
    [QUIZ_LOCK] = 2,          [QUIZ_WAKES] = 2,  [QUIZ_HANDED] = 2,  [QUIZ_GATHERED] = 2,
    [QUIZ_PRINTS] = 2,        [QUIZ_NEXT] = 4,   [QUIZ_HANDLES] = 2};

/* ---- the author's own ---- */

bool quiz_make_asked(Maker *maker) {
    if (maker->event->kind != EV_STEP || maker->program == NULL) {
        return false;
    }
    const char *at = log_text(timeline_log(maker->timeline), maker->event->text, NULL);
    const ProgramQuestion *question = program_question_at(maker->program, at);
    if (question == NULL) {
        return false;
    }
    Quiz *quiz = maker->quiz;
    quiz_set_text(quiz->text, question->text);
    quiz_set_text(quiz->because, question->because);
    for (uint32_t i = 0; i < question->choice_count; i++) {
        QuizChoice *choice = quiz_choice(quiz, i);
        quiz_set_text(choice->text, question->choices[i]);
        SAY(choice->why, "No, that is not it.");
    }
    return quiz_expect(quiz, question->answer);
}

/* ---- all ---- */

bool quiz_make(Quiz *quiz, const State *state, const Program *program, const QuizTally *tally) {
    static QuizMake *const MAKERS[QUIZ_KIND_COUNT] = {
        [QUIZ_ASKED] = quiz_make_asked,     [QUIZ_PAUSES] = quiz_make_pauses,
        [QUIZ_CREATED] = quiz_make_created, [QUIZ_RESUMES] = quiz_make_resumes,
        [QUIZ_LOCK] = quiz_make_lock,       [QUIZ_WAKES] = quiz_make_wakes,
        [QUIZ_HANDED] = quiz_make_handed,   [QUIZ_GATHERED] = quiz_make_gathered,
        [QUIZ_PRINTS] = quiz_make_prints,   [QUIZ_NEXT] = quiz_make_next,
        [QUIZ_HANDLES] = quiz_make_handles};
    const uint64_t count = state_count(state);
    if (count == 0) {
        return false;
    }
    const Timeline *timeline = state_timeline(state);
    for (int kind = 0; kind < QUIZ_KIND_COUNT; kind++) {
        *quiz =
            (Quiz){.kind = (QuizKind)kind, .at = count, .task = EVENT_NONE, .target = EVENT_NONE};
        Maker maker = {.quiz = quiz,
                       .state = state,
                       .timeline = timeline,
                       .program = program,
                       .tally = tally,
                       .event = log_event(timeline_log(timeline), count - 1)};
        if (tally->kinds[kind] < ASKED_MAX[kind] && MAKERS[kind](&maker)) {
            return true;
        }
    }
    return false;
}

void quiz_count(QuizTally *tally, const Quiz *quiz) {
    if (tally->kinds[quiz->kind] < UINT8_MAX) {
        tally->kinds[quiz->kind]++;
    }
    if (quiz->kind == QUIZ_PAUSES) {
        tally->ops[quiz->choices[quiz->expected].value] |= UINT64_C(1) << quiz->op;
    }
}

_Static_assert(OP_CODE_COUNT <= 64, "a bit an OpCode");
