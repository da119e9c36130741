/* Questions over every shipped scenario: what the rule expects is what the trace then shows. */
#include "engine_rig.h"

#include "view/quiz.h"

#include <dirent.h>

typedef struct Found {
    unsigned kinds[QUIZ_KIND_COUNT], answers[QUESTION_CHOICES_MAX];
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

/* Every question of every cursor, as if none had been asked before. */
static void ask_all(const char *file, OsBackend backend, uint64_t seed, Found *found) {
    EngineRun run;
    if (!engine_start(&run, file, backend, seed)) {
        return;
    }
    Timeline *timeline = timeline_create(run.log);
    assert_true(timeline_follow(timeline, UINT64_MAX));
    State *state = state_create(timeline);
    const QuizTally none = {{0}, 0};
    const uint64_t count = timeline_count(timeline) < 3000 ? timeline_count(timeline) : 3000;
    for (uint64_t cursor = 0; cursor <= count; cursor++) {
        state_seek(state, cursor);
        QuizTally tally = none;
        Quiz quiz;
        while (quiz_make(&quiz, state, run.scenario->program, &tally)) {
            check_quiz(&quiz, file);
            const int judged = quiz_judge(&quiz, timeline);
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

static void every_answer_is_what_the_trace_shows(void **state) {
    (void)state;
    Found found = {{0}, {0}};
    DIR *folder = opendir("scenarios");
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (strstr(entry->d_name, ".json") == NULL) {
            continue;
        }
        char file[300];
        snprintf(file, sizeof file, "scenarios/%s", entry->d_name);
        for (uint64_t seed = 1; seed <= 5; seed++) {
            ask_all(file, OS_BACKEND_SIM, seed, &found);
        }
        ask_all(file, OS_BACKEND_AUTO, 1, &found);
    }
    closedir(folder);
    for (int kind = QUIZ_PAUSES; kind < QUIZ_KIND_COUNT; kind++) {
        assert_true(found.kinds[kind] > 0);
    }
    for (size_t i = 0; i < 3; i++) { /* no place among the choices gives the answer away */
        assert_true(found.answers[i] > 0);
    }
}

/* No question looks ahead: with the rest of the recording gone it is the same. */
static void nothing_that_comes_later_is_used(void **state) {
    (void)state;
    EngineRun run;
    assert_true(engine_start(&run, "scenarios/three-writers.json", OS_BACKEND_SIM, 1));
    Timeline *whole = timeline_create(run.log);
    Timeline *part = timeline_create(run.log);
    assert_true(timeline_follow(whole, UINT64_MAX));
    State *known = state_create(whole), *fresh = state_create(part);
    const QuizTally none = {{0}, 0};
    for (uint64_t cursor = 1; cursor <= timeline_count(whole); cursor++) {
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_is_what_the_trace_shows),
        cmocka_unit_test(nothing_that_comes_later_is_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
