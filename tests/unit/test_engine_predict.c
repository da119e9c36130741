/* The machine that stops before decisions: where it stops, what it allows, what it counts. */
#include "engine_rig.h"

#include "view/predict.h"

typedef struct Lesson {
    EngineRun run;
    Timeline *timeline;
    State *state;
    Player player;
    Predict predict;
} Lesson;

static void lesson_open(Lesson *lesson, const char *file) {
    *lesson = (Lesson){0};
    assert_true(engine_start(&lesson->run, file, OS_BACKEND_SIM, 1));
    lesson->timeline = timeline_create(lesson->run.log);
    lesson->state = state_create(lesson->timeline);
    player_init(&lesson->player);
}

static void lesson_close(Lesson *lesson) {
    predict_finish(&lesson->predict);
    state_destroy(lesson->state);
    timeline_destroy(lesson->timeline);
    engine_finish(&lesson->run);
}

static bool lesson_tick(Lesson *lesson) {
    return predict_tick(&lesson->predict, &lesson->player, lesson->state,
                        lesson->run.scenario->program);
}

/* The loop does what it is allowed, the viewer shows it; true where a question stands. */
static bool lesson_on(Lesson *lesson) {
    while (lesson->predict.phase == PREDICT_WATCHING &&
           lesson->player.cursor < log_count(lesson->run.log)) {
        const uint64_t count = timeline_count(lesson->timeline);
        const uint64_t wants =
            predict_wants(&lesson->predict, &lesson->player, lesson->timeline, UINT64_MAX);
        assert_true(wants <= lesson->player.cursor + 1);
        if (wants > count) {
            assert_true(timeline_follow(lesson->timeline, wants - count));
        }
        lesson->player.cursor++;
        lesson_tick(lesson);
    }
    return lesson->predict.phase == PREDICT_ASKING;
}

static void lesson_answer(Lesson *lesson, size_t choice) {
    Predict *predict = &lesson->predict;
    predict_answer(predict, choice);
    while (predict->phase == PREDICT_JUDGING) {
        const uint64_t count = timeline_count(lesson->timeline);
        assert_int_equal(predict_wants(predict, &lesson->player, lesson->timeline, 0), count + 1);
        assert_true(timeline_follow(lesson->timeline, 1));
        lesson_tick(lesson);
    }
}

/* As in a live run: nothing of what follows exists when the question is put. */
static void a_question_comes_before_the_loop_does_it(void **state) {
    (void)state;
    Lesson lesson;
    lesson_open(&lesson, "scenarios/three-writers.json");
    predict_toggle(&lesson.predict, 0);
    size_t asked = 0;
    while (lesson_on(&lesson)) {
        Predict *predict = &lesson.predict;
        assert_int_equal(lesson.player.cursor, predict->quiz.at);
        assert_true(predict_holds(predict));
        assert_int_equal(predict_wants(predict, &lesson.player, lesson.timeline, UINT64_MAX),
                         predict->quiz.at);
        const size_t wrong = (predict->quiz.expected + 1) % predict->quiz.choice_count;
        lesson_answer(&lesson, asked % 2 == 0 ? predict->quiz.expected : wrong);
        assert_int_equal(predict->phase, PREDICT_TOLD);
        assert_int_equal(predict->right, predict->quiz.expected);
        asked++;
        assert_int_equal(predict->mark_count, asked);
        if (asked % 2 == 0) { /* once more: it is not counted again */
            predict_retry(predict);
            assert_int_equal(predict->phase, PREDICT_ASKING);
            lesson_answer(&lesson, predict->quiz.expected);
            assert_int_equal(predict->mark_count, asked);
        }
        predict_retry(predict); /* after a right answer there is nothing to try again */
        assert_int_equal(predict->phase, PREDICT_TOLD);
        predict_go_on(predict);
    }
    assert_true(asked >= 6);
    assert_int_equal(predict_score(&lesson.predict), (asked + 1) / 2);
    Buf out = {0};
    predict_results(&lesson.predict, "three-writers", &out);
    assert_non_null(strstr(buf_text(&out), "right at the first try\nright\tevent "));
    assert_non_null(strstr(buf_text(&out), "\nwrong\tevent "));
    buf_finish(&out);
    lesson_close(&lesson);
}

/* At full speed a frame may pass a question: the player is brought back to it. */
static void a_question_is_never_passed(void **state) {
    (void)state;
    Lesson lesson;
    lesson_open(&lesson, "scenarios/two-tasks.json");
    assert_true(timeline_follow(lesson.timeline, UINT64_MAX));
    predict_toggle(&lesson.predict, 0);
    lesson.player.playing = true;
    lesson.player.cursor = timeline_count(lesson.timeline);
    assert_true(lesson_tick(&lesson));
    assert_int_equal(lesson.predict.phase, PREDICT_ASKING);
    assert_int_equal(lesson.player.cursor, lesson.predict.quiz.at);
    assert_false(lesson.player.playing);
    predict_answer(&lesson.predict, 9); /* no such choice */
    assert_int_equal(lesson.predict.phase, PREDICT_ASKING);
    predict_toggle(&lesson.predict, 0);
    assert_int_equal(lesson.predict.phase, PREDICT_OFF);
    lesson_close(&lesson);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_comes_before_the_loop_does_it),
        cmocka_unit_test(a_question_is_never_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
