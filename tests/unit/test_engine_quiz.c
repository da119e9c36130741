/* Questions over every shipped scenario: what the rule expects is what the trace then shows. */
#include "engine_rig.h"

#include "temp_file.h"
#include "view/quiz.h"

typedef struct Found {
    unsigned kinds[QUIZ_KIND_COUNT], answers[QUESTION_CHOICES_MAX];
    unsigned void_count; /* an error, a cancellation or the end came between */
} Found;

static void check_quiz(const Quiz *quiz, const char *file) {
    assert_in_range(quiz->choice_count, 2, QUESTION_CHOICES_MAX);
    assert_true(quiz->expected < quiz->choice_count);
    assert_true(quiz->text[0] != '\0' && quiz->because[0] != '\0');
    for (size_t i = 0; i < quiz->choice_count; i++) {
        assert_true(quiz->choices[i].text[0] != '\0');
        assert_true(quiz->choices[i].why[0] != '\0');
        for (size_t k = 0; k < i; k++) {
            if (strcmp(quiz->choices[i].text, quiz->choices[k].text) == 0) {
                fail_msg("%s: %s: the same twice: %s", file, quiz->text, quiz->choices[i].text);
            }
        }
    }
}

/* What comes between a question and its answer, and was not decided when it was asked. */
static bool comes_between(const Log *log, uint64_t from) {
    for (uint64_t n = from; n < log_count(log); n++) {
        const uint8_t kind = log_event(log, n)->kind;
        if (kind == EV_CANCEL_REQUESTED || kind == EV_TASK_FAILED || kind == EV_DEADLOCK ||
            kind == EV_LIMIT) {
            return true;
        }
    }
    return false;
}

/* Every question of every cursor, as if none had been asked before. */
static void ask_all(const char *file, OsBackend backend, uint64_t seed, Found *found) {
    EngineRun run;
    if (!engine_start(&run, file, backend, seed)) {
        return;
    }
    Timeline *timeline = timeline_create(run.log);
    assert_true(timeline_follow(timeline, UINT64_MAX));
    State *state = state_create(timeline);
    const QuizTally none = {0};
    const uint64_t count = timeline_count(timeline) < 3000 ? timeline_count(timeline) : 3000;
    for (uint64_t cursor = 0; cursor <= count; cursor++) {
        state_seek(state, cursor);
        QuizTally tally = none;
        Quiz quiz;
        while (quiz_make(&quiz, state, run.scenario->program, &tally)) {
            check_quiz(&quiz, file);
            const int judged = quiz_judge(&quiz, timeline);
            if (judged != (int)quiz.expected && comes_between(run.log, quiz.at)) {
                found->void_count++;
                tally.kinds[quiz.kind] = UINT8_MAX;
                continue;
            }
            if (judged != (int)quiz.expected) {
                fail_msg("%s, after %llu events: %s: expected %s, the trace says %s", file,
                         (unsigned long long)cursor, quiz.text, quiz.choices[quiz.expected].text,
                         judged < 0 ? "nothing" : quiz.choices[judged].text);
            }
            found->kinds[quiz.kind]++;
            found->answers[judged]++;
            tally.kinds[quiz.kind] = UINT8_MAX; /* the other kinds of this cursor */
        }
    }
    state_destroy(state);
    timeline_destroy(timeline);
    engine_finish(&run);
}

static void ask_folder(const char *folder, uint64_t seeds, bool real, Found *found) {
    size_t count = 0;
    char **files = engine_files(folder, ".json", &count);
    for (size_t i = 0; i < count; i++) {
        for (uint64_t seed = 1; seed <= seeds; seed++) {
            ask_all(files[i], OS_BACKEND_SIM, seed, found);
        }
        if (real) {
            ask_all(files[i], OS_BACKEND_AUTO, 1, found);
        }
        free(files[i]);
    }
    free(files);
    assert_true(count > 0);
}

static void every_answer_is_what_the_trace_shows(void **state) {
    (void)state;
    Found found = {0};
    ask_folder("scenarios", 5, true, &found);
    for (size_t i = 0; i < 3; i++) { /* no place among the choices gives the answer away */
        assert_true(found.answers[i] > 0);
    }
    ask_folder("tests/order", 1, false, &found);
    unsigned all = 0;
    for (int kind = QUIZ_PAUSES; kind < QUIZ_KIND_COUNT; kind++) {
        if (found.kinds[kind] == 0) {
            fail_msg("nothing was asked of \"%s\"", QUIZ_KIND_TITLES[kind]);
        }
        all += found.kinds[kind];
    }
    assert_true(found.void_count * 50 < all);
}

/* No question looks ahead: with the rest of the recording gone it is the same. */
static void check_unknown(const char *file) {
    EngineRun run;
    assert_true(engine_start(&run, file, OS_BACKEND_SIM, 1));
    Timeline *whole = timeline_create(run.log);
    Timeline *part = timeline_create(run.log);
    assert_true(timeline_follow(whole, UINT64_MAX));
    State *known = state_create(whole), *fresh = state_create(part);
    const QuizTally none = {0};
    for (uint64_t cursor = 1; cursor <= timeline_count(whole) && cursor < 1500; cursor++) {
        assert_true(timeline_follow(part, 1));
        state_seek(known, cursor);
        state_seek(fresh, cursor);
        Quiz a, b;
        const bool asked = quiz_make(&a, known, run.scenario->program, &none);
        assert_int_equal(asked, quiz_make(&b, fresh, run.scenario->program, &none));
        if (asked) {
            assert_string_equal(a.text, b.text);
            assert_int_equal(a.expected, b.expected);
            assert_true(a.kind == QUIZ_ASKED || quiz_judge(&b, part) == QUIZ_PENDING);
        }
    }
    state_destroy(known);
    state_destroy(fresh);
    timeline_destroy(whole);
    timeline_destroy(part);
    engine_finish(&run);
}

static void nothing_that_comes_later_is_used(void **state) {
    (void)state;
    check_unknown("scenarios/three-writers.json");
    check_unknown("scenarios/gather.json");
    check_unknown("scenarios/queue.json");
    check_unknown("tests/order/events.json");
    check_unknown("tests/order/locks.json");
}

/* One gathers what has ended, what has not, what has failed, and its own that nobody knows yet. */
static const char GATHERS[] =
    "{\"title\": \"t\", \"coroutines\": {\"nap\": [{\"sleep\": 0}]}, \"tasks\": ["
    "{\"name\": \"a\", \"steps\": [{\"log\": \"a\"}]},"
    "{\"name\": \"b\", \"steps\": [{\"log\": \"b\"}]},"
    "{\"name\": \"bad\", \"steps\": [{\"raise\": \"broken\"}]},"
    "{\"name\": \"long\", \"steps\": [{\"repeat\": 6, \"steps\": [{\"sleep\": 0}]}]},"
    "{\"name\": \"c\", \"steps\": [{\"sleep\": 0}, {\"gather\": [\"a\", \"b\"]}, {\"log\": \"c\"},"
    " {\"gather\": [\"a\", \"long\"]}, {\"spawn\": \"nap\", \"as\": \"n\"}, {\"gather\": [\"n\"]},"
    " {\"try\": [{\"gather\": [\"a\", \"bad\"]}], \"except\": [{\"log\": \"{error}\"}]}]}]}";

static void a_gather_of_what_has_ended_is_no_pause(void **state) {
    (void)state;
    char path[TEMP_FILE_MAX_BYTES];
    assert_true(temp_file_write(path, GATHERS, sizeof GATHERS - 1));
    EngineRun run;
    assert_true(engine_start(&run, path, OS_BACKEND_SIM, 1));
    Timeline *timeline = timeline_create(run.log);
    assert_true(timeline_follow(timeline, UINT64_MAX));
    State *at = state_create(timeline);
    const QuizTally none = {0};
    int expected[4] = {0}, count = 0;
    for (uint64_t cursor = 1; cursor <= timeline_count(timeline); cursor++) {
        Quiz quiz;
        state_seek(at, cursor);
        if (quiz_make(&quiz, at, run.scenario->program, &none) &&
            strstr(quiz.text, "gathers tasks") != NULL) {
            assert_in_range(count, 0, 3);
            assert_int_equal(quiz_judge(&quiz, timeline), quiz.expected);
            expected[count++] = (int)quiz.choices[quiz.expected].value;
        }
    }
    assert_int_equal(count, 2); /* of "n" and of "bad" it can't be told */
    assert_int_equal(expected[0], QUIZ_KEEPS);
    assert_int_equal(expected[1], QUIZ_PAUSED);
    state_destroy(at);
    timeline_destroy(timeline);
    engine_finish(&run);
    assert_int_equal(remove(path), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_is_what_the_trace_shows),
        cmocka_unit_test(a_gather_of_what_has_ended_is_no_pause),
        cmocka_unit_test(nothing_that_comes_later_is_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
