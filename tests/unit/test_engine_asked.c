/* Predicting as it is seen: the question, right, wrong, the score at the end; cards that answer. */
#include "engine_class.h"

#include "view/predict_panel.h"

/* Plays on until something is asked; false at the end. As in a live run, nothing of what follows
 * is known. */
static bool class_on(Class *class) {
    Predict *predict = &class->predict;
    const Program *program = class->doc.program;
    while (predict->phase == PREDICT_WATCHING && class->player.cursor < log_count(class->run.log)) {
        class->player.cursor++;
        if (timeline_count(class->timeline) < class->player.cursor) {
            assert_true(timeline_follow(class->timeline, 1));
        }
        predict_tick(predict, &class->player, class->doc.before, program);
    }
    return predict->phase == PREDICT_ASKING;
}

static void class_answer(Class *class, bool right) {
    Predict *predict = &class->predict;
    const size_t expected = predict->quiz.expected;
    predict_answer(predict, right ? expected : (expected + 1) % predict->quiz.choice_count);
    while (predict->phase == PREDICT_JUDGING) {
        predict_tick(predict, &class->player, class->doc.before, class->doc.program);
        if (predict->phase == PREDICT_JUDGING) {
            assert_true(timeline_follow(class->timeline, 1));
        }
    }
    assert_int_equal(predict->phase, PREDICT_TOLD);
}

/* To the first question of a kind; those before are answered right. */
static void class_to(Class *class, QuizKind kind) {
    while (class_on(class) && class->predict.quiz.kind != kind) {
        class_answer(class, true);
        predict_go_on(&class->predict);
    }
    assert_int_equal(class->predict.phase, PREDICT_ASKING);
    assert_int_equal(class->predict.quiz.kind, kind);
}

static void panel_asked(const Canvas *canvas) {
    predict_marks_draw(canvas, 20, 20, 1000);
    panel_predict(canvas);
}

static void panel_asked_on_stage(const Canvas *canvas) {
    panel_stage(canvas);
    panel_predict(canvas);
}

static void golden_moments(void **state) {
    (void)state;
    Class class;
    class_open(&class, "scenarios/three-writers.json", false);
    predict_toggle(&class.predict, 0);
    class_to(&class, QUIZ_NEXT);
    class_show(&class, panel_asked, class.predict.quiz.at);
    check_golden_scene(&class.scene, "predict-question");
    class_answer(&class, false);
    class_show(&class, panel_asked, class.predict.quiz.at);
    check_golden_scene(&class.scene, "predict-wrong");
    predict_retry(&class.predict);
    class_answer(&class, true);
    class_show(&class, panel_asked, class.predict.quiz.at);
    check_golden_scene(&class.scene, "predict-right");
    predict_go_on(&class.predict);
    while (class_on(&class)) {
        class_answer(&class, true);
        predict_go_on(&class.predict);
    }
    class_show(&class, panel_asked, log_count(class.run.log));
    assert_true(predict_is_over(&class.predict, class.doc.after));
    check_golden_scene(&class.scene, "predict-score");
    assert_non_null(find_text(&class.scene, "right at the first try"));
    assert_non_null(find_text(&class.scene, "To look at again: which task runs next."));
    class_close(&class);
}

/* A choice that is a task can be clicked where the task is, and only while it is asked. */
static void the_cards_of_tasks_answer(void **state) {
    (void)state;
    Class class;
    class_open(&class, "scenarios/three-writers.json", false);
    predict_toggle(&class.predict, 0);
    class_to(&class, QUIZ_NEXT);
    for (int told = 0; told < 2; told++) {
        const Quiz *quiz = &class.predict.quiz;
        class_show(&class, panel_asked_on_stage, quiz->at);
        for (size_t i = 0; i < quiz->choice_count; i++) {
            size_t on_stage = 0;
            for (size_t k = 0; k < class.scene.hit_count; k++) {
                const Hit *hit = &class.scene.hits[k];
                const bool answers = hit->action == ACTION_ANSWER_1 + (uint32_t)i;
                on_stage += answers && hit->rect.y > class.layout.lane.y;
            }
            assert_int_equal(on_stage, told ? 0 : 1);
        }
        if (!told) {
            class_answer(&class, false);
        }
    }
    class_close(&class);
}

static uint64_t first_question(const Class *class) {
    const Program *program = class->doc.program;
    for (uint64_t n = 0; n < log_count(class->run.log); n++) {
        const Event *event = log_event(class->run.log, n);
        if (event->kind == EV_STEP &&
            program_question_at(program, log_text(class->run.log, event->text, NULL)) != NULL) {
            return n + 1;
        }
    }
    fail_msg("the scenario asks nothing");
    return 0;
}

static bool pane_tells(const Class *class, const char *text) {
    Buf all = {0};
    for (size_t i = 0; i < class->scene.draw_count; i++) {
        const Draw *draw = &class->scene.draws[i];
        if (draw->kind == DRAW_TEXT) {
            buf_append(&all, class->scene.text + draw->first, draw->count);
        }
    }
    const bool tells = strstr(buf_text(&all), text) != NULL;
    buf_finish(&all);
    return tells;
}

/* In no view before the answer was given; whoever only watches sees it when it is over. */
static void the_code_keeps_the_answer_to_itself(void **state) {
    (void)state;
    static const char SECRET[] = "\"answer\": 2";
    for (int view = 0; view < CODE_VIEW_COUNT; view++) {
        Class class;
        class_open(&class, "scenarios/sleepers.json", false);
        class.input.code_view = (CodeView)view;
        predict_toggle(&class.predict, 0);
        class_to(&class, QUIZ_ASKED);
        const uint64_t at = class.predict.quiz.at;
        assert_int_equal(at, first_question(&class));
        class_show(&class, panel_code, at);
        assert_false(pane_tells(&class, SECRET));
        assert_true(pane_tells(&class, "Who wakes"));
        class_answer(&class, true);
        class_show(&class, panel_code, at);
        assert_int_equal(pane_tells(&class, SECRET), view == CODE_JSON);
        class.predict.phase = PREDICT_OFF;
        class_show(&class, panel_code, at);
        assert_false(pane_tells(&class, SECRET));
        class_close(&class);
    }
}

/* Where nobody predicts, the caption puts the question; P there asks it. */
static void a_question_can_be_talked_about(void **state) {
    (void)state;
    Class class;
    class_open(&class, "scenarios/sleepers.json", true);
    const uint64_t at = first_question(&class);
    class_show(&class, panel_caption, at);
    assert_non_null(find_text(&class.scene, "Who wakes first?"));
    assert_non_null(find_text(&class.scene, "quick"));
    check_golden_scene(&class.scene, "caption-question");
    predict_toggle(&class.predict, at);
    assert_true(predict_tick(&class.predict, &class.player, class.doc.before, class.doc.program));
    assert_int_equal(class.predict.phase, PREDICT_ASKING);
    assert_int_equal(class.predict.quiz.kind, QUIZ_ASKED);
    class_close(&class);
}

/* Nothing of the question leaves its place, at any size, whatever is asked. */
static void questions_have_room(void **state) {
    static const int SIZES[][2] = {{1024, 640}, {1280, 720}, {1920, 1080}};
    Class class;
    class_open(&class, *state, false);
    predict_toggle(&class.predict, 0);
    for (int asked = 0; asked < 12 && class_on(&class); asked++) {
        class_answer(&class, asked % 2 == 0);
        for (int size = 0; size < 3; size++) {
            class.input.width_px = SIZES[size][0];
            class.input.height_px = SIZES[size][1];
            class_show(&class, panel_predict, class.predict.quiz.at);
            const Layout *layout = &class.layout;
            const Rect room = {layout->caption.x, layout->caption.y, layout->caption.w,
                               layout->timeline.y + layout->timeline.h - layout->caption.y};
            for (size_t i = 0; i < class.scene.draw_count; i++) {
                const Draw *draw = &class.scene.draws[i];
                char text[512];
                if (draw->kind == DRAW_TEXT && draw->rect.y < layout->transport.y &&
                    !rect_inside(text_box(draw), room)) {
                    fail_msg("\"%s\" leaves its place", draw_text(&class.scene, draw, text));
                }
            }
        }
        predict_go_on(&class.predict);
    }
    class_close(&class);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_moments),
        cmocka_unit_test(the_cards_of_tasks_answer),
        cmocka_unit_test(the_code_keeps_the_answer_to_itself),
        cmocka_unit_test(a_question_can_be_talked_about),
    };
    const int failed = cmocka_run_group_tests_name("asked", tests, NULL, NULL);
    return failed + engine_run_each("questions have room", "scenarios", questions_have_room);
}
