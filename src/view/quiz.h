/* Questions that a recording asks: made from the state at a cursor and the program alone, before
 * anything of what follows is known, and judged by what the recording then shows.
 *
 * Only what is decided by then is asked: never what the OS finishes first, or whether it has.
 * Wrong choices are what people commonly believe. Ownership: plain data. Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_QUIZ_H
#define LOOPSCOPE_VIEW_QUIZ_H

#include "program/program.h"
#include "trace/timeline.h"

typedef enum QuizKind {
    QUIZ_ASKED,    /* by the scenario's author */
    QUIZ_PAUSES,   /* does this step pause its task? */
    QUIZ_CREATED,  /* a task was made: who goes on? */
    QUIZ_RESUMES,  /* in which iteration does a sleeper go on? */
    QUIZ_LOCK,     /* a lock is freed: who gets it? */
    QUIZ_WAKES,    /* an event is set: how many become ready? */
    QUIZ_HANDED,   /* an item was put for one that waits: who goes on? */
    QUIZ_GATHERED, /* the last task that was awaited ended: when does its awaiter go on? */
    QUIZ_PRINTS,   /* what is printed next? */
    QUIZ_NEXT,     /* which task runs next? */
    QUIZ_HANDLES,  /* how many does the next iteration run? */
    QUIZ_KIND_COUNT
} QuizKind;

extern const char *const QUIZ_KIND_WORDS[QUIZ_KIND_COUNT];  /* for the results file */
extern const char *const QUIZ_KIND_TITLES[QUIZ_KIND_COUNT]; /* what it is about, for people */

enum { QUIZ_TEXT_MAX = 192 };

/* The values of the choices of QUIZ_PAUSES. */
enum { QUIZ_KEEPS, QUIZ_PAUSED };

typedef struct QuizChoice {
    char text[QUIZ_TEXT_MAX];
    uint32_t task;           /* or EVENT_NONE */
    int64_t value;           /* what the recording would show */
    char why[QUIZ_TEXT_MAX]; /* told where it was chosen and is wrong */
} QuizChoice;

typedef struct Quiz {
    QuizKind kind;
    uint64_t at; /* the cursor: it is asked after this many events */
    uint32_t task;
    uint32_t target; /* QUIZ_LOCK: text of its name */
    uint8_t op;      /* QUIZ_PAUSES: the step's OpCode */
    char text[QUIZ_TEXT_MAX];
    QuizChoice choices[QUESTION_CHOICES_MAX];
    size_t choice_count;
    size_t expected;             /* by the rule; the recording has the last word */
    char because[QUIZ_TEXT_MAX]; /* the rule, in one sentence */
} Quiz;

/* How often each was asked, so that no kind is asked again and again. */
typedef struct QuizTally {
    uint8_t kinds[QUIZ_KIND_COUNT];
    uint64_t ops[2]; /* QUIZ_PAUSES: by the answer, a bit an OpCode */
} QuizTally;

/* The question at the state's cursor; false where there is none. `program` may be NULL: then only
 * what the events alone decide is asked. */
bool quiz_make(Quiz *quiz, const State *state, const Program *program, const QuizTally *tally);
void quiz_count(QuizTally *tally, const Quiz *quiz);

enum { QUIZ_PENDING = -1, QUIZ_VOID = -2 };

/* The choice that the recording proves right; QUIZ_PENDING where it has not come so far, QUIZ_VOID
 * where it never will (the run was ended). */
int quiz_judge(const Quiz *quiz, const Timeline *timeline);

#endif
