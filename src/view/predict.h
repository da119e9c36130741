/* Predicting: playback stops before decisions and asks what comes. A small machine beside the
 * player, pure like it: the app hands in the cursor, and what it says decides how far the gate lets
 * the loop go. A question comes before the loop has done it; its answer is read from the recording
 * after the loop did.
 *
 * Ownership: plain data but for the marks (predict_finish frees). Threads: the viewer's. */
#ifndef LOOPSCOPE_VIEW_PREDICT_H
#define LOOPSCOPE_VIEW_PREDICT_H

#include "view/player.h"
#include "view/quiz.h"

typedef enum PredictPhase {
    PREDICT_OFF,
    PREDICT_WATCHING, /* plays on to the next question */
    PREDICT_ASKING,
    PREDICT_JUDGING, /* answered; the loop may go on until the recording shows what is right */
    PREDICT_TOLD,    /* right or wrong, and why */
} PredictPhase;

/* A question that was answered: the first answer counts. */
typedef struct PredictMark {
    Quiz quiz;
    size_t first, right;
} PredictMark;

typedef struct Predict {
    PredictPhase phase;
    Quiz quiz;
    QuizTally tally;
    uint64_t looked; /* cursors up to here were looked at */
    size_t chosen, right;
    bool is_retry; /* this question was answered wrong before */
    PredictMark *marks;
    size_t mark_count, mark_cap;
} Predict;

void predict_finish(Predict *predict);

/* Begins at the cursor, or ends. Keeps the marks. */
void predict_toggle(Predict *predict, uint64_t cursor);

/* After the player has moved: a question between where it was looked at last and the cursor stops
 * it there. `state` is moved. True where something changed. */
bool predict_tick(Predict *predict, Player *player, State *state, const Program *program);

/* How many events may exist, of what the player wants. */
uint64_t predict_wants(const Predict *predict, const Player *player, const Timeline *timeline,
                       uint64_t wants);

void predict_answer(Predict *predict, size_t choice);
void predict_retry(Predict *predict);       /* after a wrong answer */
void predict_go_on(Predict *predict);       /* after the answer was told */
bool predict_holds(const Predict *predict); /* nothing moves until it is answered */

/* Whether the question of the step at a JSON Pointer was answered. */
bool predict_knows(const Predict *predict, const Log *log, const char *pointer);

/* The run is over at the state's cursor, and every question was answered. */
bool predict_is_over(const Predict *predict, const State *state);

/* The question at which it stands, from 1; 0 where it does not. */
size_t predict_number(const Predict *predict);

size_t predict_score(const Predict *predict); /* right at the first try */

/* The results, a line a question, for a file. */
void predict_results(const Predict *predict, const char *name, Buf *out);

#endif
