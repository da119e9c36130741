/* How questions are made: what the makers share, and the makers. Each looks at the last event, and
 * fills the quiz where it has a question; the table of them is in quiz.c. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_QUIZ_MAKER_H
#define LOOPSCOPE_VIEW_QUIZ_MAKER_H

#include "view/quiz.h"

#include <stdio.h>

typedef struct Maker {
    Quiz *quiz;
    const State *state;
    const Timeline *timeline;
    const Program *program; /* or NULL */
    const QuizTally *tally;
    const Event *event; /* the last one */
} Maker;

#define SAY(out, ...) ((void)snprintf(out, QUIZ_TEXT_MAX, __VA_ARGS__))

const char *quiz_name(const Maker *maker, uint32_t task);
void quiz_set_text(char out[QUIZ_TEXT_MAX], const char *text);

/* What a task that is not next is really doing. */
void quiz_why_not(const Maker *maker, uint32_t task, char out[QUIZ_TEXT_MAX]);

/* One more choice, in the order of their values; a value that is there already is none: NULL. */
QuizChoice *quiz_choice(Quiz *quiz, int64_t value);

/* The same of a task, with what it is really doing as why it is wrong. */
void quiz_choice_task(Maker *maker, uint32_t task);

/* The same of a number: "in iteration 4". */
void quiz_choice_number(Quiz *quiz, int64_t value, const char *before, const char *why);

/* The same of an amount: "1 task", "3 tasks". */
void quiz_choice_amount(Quiz *quiz, int64_t value, const char *one, const char *many,
                        const char *why);

/* The right choice; false where it is none of them, or the only one. */
bool quiz_expect(Quiz *quiz, int64_t value);

/* The instruction of a step (text of its pointer), or NULL. */
const Instr *quiz_step(const Maker *maker, uint32_t at);

/* The task in front of the ready queue; EVENT_NONE where there is none or a callback stands there.
 * Fills items, at most cap. */
uint32_t quiz_front(const Maker *maker, ReadyItem *items, size_t cap, size_t *count);

/* The last event ended a task's handle. */
bool quiz_handle_ended(const Event *event);

/* ---- the makers: true where there is a question ---- */

typedef bool QuizMake(Maker *maker);

QuizMake quiz_make_asked;                                          /* quiz.c */
QuizMake quiz_make_pauses;                                         /* quiz_pauses.c */
QuizMake quiz_make_created, quiz_make_next, quiz_make_prints;      /* quiz_thread.c */
QuizMake quiz_make_resumes, quiz_make_handles, quiz_make_gathered; /* quiz_turns.c */
QuizMake quiz_make_lock, quiz_make_wakes, quiz_make_handed;        /* quiz_shared.c */

#endif
