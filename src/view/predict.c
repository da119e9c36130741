#include "view/predict.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void predict_finish(Predict *predict) {
    free(predict->marks);
    *predict = (Predict){0};
}

void predict_toggle(Predict *predict, uint64_t cursor) {
    predict->phase = predict->phase == PREDICT_OFF ? PREDICT_WATCHING : PREDICT_OFF;
    predict->looked = cursor > 0 ? cursor - 1 : 0; /* what stands here is asked as well */
    predict->is_retry = false;
}

bool predict_holds(const Predict *predict) {
    return predict->phase == PREDICT_ASKING || predict->phase == PREDICT_JUDGING;
}

static void mark_add(Predict *predict, size_t right) {
    predict->marks = mem_grow(predict->marks, &predict->mark_cap, predict->mark_count + 1,
                              sizeof *predict->marks);
    predict->marks[predict->mark_count++] =
        (PredictMark){.quiz = predict->quiz, .first = predict->chosen, .right = right};
}

static void judge(Predict *predict, const Timeline *timeline) {
    const int judged = quiz_judge(&predict->quiz, timeline);
    const Log *log = timeline_log(timeline);
    const bool more = !log_finished(log) || timeline_count(timeline) < log_count(log);
    if (judged == QUIZ_PENDING && more) {
        return;
    }
    if (judged != (int)predict->quiz.expected) { /* the run was ended, or an error came between */
        predict->phase = PREDICT_WATCHING;
        return;
    }
    predict->right = (size_t)judged;
    predict->phase = PREDICT_TOLD;
    if (!predict->is_retry) {
        mark_add(predict, predict->right);
    }
}

static bool look(Predict *predict, Player *player, State *state, const Program *program) {
    const Timeline *timeline = state_timeline(state);
    const uint64_t count = timeline_count(timeline);
    const uint64_t cursor = player->cursor < count ? player->cursor : count;
    while (predict->looked < cursor) {
        state_seek(state, ++predict->looked);
        if (quiz_make(&predict->quiz, state, program, &predict->tally)) {
            quiz_count(&predict->tally, &predict->quiz);
            if (player->cursor != predict->looked || player->playing || player->has_target) {
                player_act(player, timeline, ACTION_SEEK, (int64_t)predict->looked);
            }
            predict->phase = PREDICT_ASKING;
            predict->is_retry = false;
            return true;
        }
    }
    return false;
}

bool predict_tick(Predict *predict, Player *player, State *state, const Program *program) {
    const PredictPhase before = predict->phase;
    if (before == PREDICT_WATCHING) {
        return look(predict, player, state, program);
    }
    if (before == PREDICT_JUDGING) {
        judge(predict, state_timeline(state));
    }
    return predict->phase != before;
}

uint64_t predict_wants(const Predict *predict, const Player *player, const Timeline *timeline,
                       uint64_t wants) {
    const uint64_t count = timeline_count(timeline);
    uint64_t most = UINT64_MAX;
    if (predict->phase == PREDICT_ASKING) {
        most = predict->quiz.at;
    } else if (predict->phase == PREDICT_JUDGING) {
        return count + 1; /* just as far as the answer is */
    } else if (predict->phase == PREDICT_WATCHING) {
        most = player->cursor + 1; /* the loop never runs ahead of a question */
    }
    return wants < most ? wants : most;
}

void predict_answer(Predict *predict, size_t choice) {
    if (predict->phase == PREDICT_ASKING && choice < predict->quiz.choice_count) {
        predict->chosen = choice;
        predict->phase = PREDICT_JUDGING;
    }
}

void predict_retry(Predict *predict) {
    if (predict->phase == PREDICT_TOLD && predict->chosen != predict->right) {
        predict->phase = PREDICT_ASKING;
        predict->is_retry = true;
    }
}

void predict_go_on(Predict *predict) {
    if (predict->phase == PREDICT_TOLD) {
        predict->phase = PREDICT_WATCHING;
    }
}

bool predict_knows(const Predict *predict, const Log *log, const char *pointer) {
    for (size_t i = 0; i < predict->mark_count; i++) {
        const Quiz *quiz = &predict->marks[i].quiz;
        if (quiz->kind == QUIZ_ASKED && quiz->at <= log_count(log) &&
            strcmp(log_text(log, log_event(log, quiz->at - 1)->text, NULL), pointer) == 0) {
            return true;
        }
    }
    return false;
}

bool predict_is_over(const Predict *predict, const State *state) {
    return predict->phase == PREDICT_WATCHING && predict->mark_count > 0 &&
           state_loop(state)->phase == LOOP_STOPPED &&
           state_count(state) == timeline_count(state_timeline(state));
}

size_t predict_number(const Predict *predict) {
    const bool is_new = predict_holds(predict) && !predict->is_retry;
    return predict->phase < PREDICT_ASKING ? 0 : predict->mark_count + is_new;
}

size_t predict_score(const Predict *predict) {
    size_t score = 0;
    for (size_t i = 0; i < predict->mark_count; i++) {
        score += predict->marks[i].first == predict->marks[i].right;
    }
    return score;
}

void predict_results(const Predict *predict, const char *name, Buf *out) {
    buf_printf(out, "%s: %zu of %zu right at the first try\n", name, predict_score(predict),
               predict->mark_count);
    for (size_t i = 0; i < predict->mark_count; i++) {
        const PredictMark *mark = &predict->marks[i];
        const bool right = mark->first == mark->right;
        buf_printf(out, "%s\tevent %llu\t%s\t%s\tanswered: %s", right ? "right" : "wrong",
                   (unsigned long long)mark->quiz.at, QUIZ_KIND_WORDS[mark->quiz.kind],
                   mark->quiz.text, mark->quiz.choices[mark->first].text);
        if (!right) {
            buf_printf(out, "\tright: %s", mark->quiz.choices[mark->right].text);
        }
        buf_append_char(out, '\n');
    }
}
