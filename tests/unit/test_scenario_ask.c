/* The step `ask`: its mistakes, what the program keeps of it, and its lines in the listings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario_mistakes.h"

#define GOOD "\"answer\":1,\"because\":\"so\"}"

static void mistakes_stand_where_they_are(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {STEPS("{\"ask\":\"q\",\"choices\":[\"a\",\"b\"]," GOOD), "good"},
        {STEPS("{\"ask\":\"q\"}"), "2:1 the step \"ask\" needs the key \"choices\"\n"
                                   "2:1 the step \"ask\" needs the key \"answer\"\n"
                                   "2:1 the step \"ask\" needs the key \"because\""},
        {STEPS("{\"ask\":\"\",\"choices\":[\"a\",5]," GOOD),
         "2:8 \"ask\" must be a text that says something\n"
         "2:26 this must be a text, not a number"},
        {STEPS("{\"ask\":\"q\",\"choices\":[\"a\"]," GOOD),
         "2:22 \"choices\" must be an array of two to four texts"},
        {STEPS("{\"ask\":\"q\",\"choices\":{}," GOOD),
         "2:22 \"choices\" must be an array of two to four texts, not an object"},
        {STEPS("{\"ask\":\"q\",\"choices\":[\"a\",\"b\"],\"answer\":2,\"because\":\"\"}"),
         "2:41 there is no choice 2: they count from 0\n"
         "2:53 \"because\" must be a text that says something"},
    };
    CHECK_MISTAKES(CASES);
}

static Scenario *load(const char *text) {
    Diags diags = {0};
    Scenario *scenario = scenario_load_text("f.json", text, strlen(text), &diags);
    assert_non_null(scenario);
    diags_finish(&diags);
    return scenario;
}

static void the_program_keeps_the_question(void **state) {
    (void)state;
    Scenario *scenario = load(STEPS("{\"log\":\"x\"},{\"ask\":\"q\\nr\",\"choices\":[\"a\",\"b"
                                    "\\n\"]," GOOD));
    const Program *program = scenario->program;
    assert_null(program_question_at(program, "/tasks/0/steps/0"));
    const ProgramQuestion *question = program_question_at(program, "/tasks/0/steps/1");
    assert_non_null(question);
    assert_string_equal(question->text, "q\nr");
    assert_int_equal(question->choice_count, 2);
    assert_string_equal(question->choices[1], "b\n");
    assert_int_equal(question->answer, 1);
    assert_string_equal(question->because, "so");
    scenario_destroy(scenario);
}

/* A comment that does not tell the answer. */
static void listings_show_it_as_a_comment(void **state) {
    (void)state;
    Scenario *scenario = load(STEPS("{\"ask\":\"q\\nr\",\"choices\":[\"a\",\"b\"]," GOOD));
    Listing python = {0}, steps = {0};
    scenario_list_python(scenario, &python);
    const int32_t line = listing_line_of(&python, "/tasks/0/steps/0");
    assert_true(line > 0);
    assert_string_equal(python.lines[line].text, "# q");
    assert_string_equal(python.lines[line + 1].text, "#   1. a");
    assert_string_equal(python.lines[line + 2].text, "#   2. b");
    scenario_list_steps(scenario, &steps);
    assert_string_equal(steps.lines[listing_line_of(&steps, "/tasks/0/steps/0")].text, "# q");
    listing_finish(&python);
    listing_finish(&steps);
    scenario_destroy(scenario);
}

/* The file's own lines can be shown without what tells the answer, wherever it stands. */
static void lines_that_tell_the_answer_can_hide_it(void **state) {
    (void)state;
    static const struct {
        const char *text, *hidden[4]; /* of the lines from the second on; NULL: nothing to hide */
    } CASES[] = {
        {STEPS("{\"ask\":\"q\",\"choices\":[\"a\",\"b\"]," GOOD),
         {"{\"ask\":\"q\",\"choices\":[\"a\",\"b\"],\"answer\":…,\"because\":…}"}},
        {STEPS("{\"because\": \"so\",\n  \"ask\":\"q\",\n \"answer\":\n 1,\n"
               "\"choices\":[\"a\",\"b\"]}"),
         {"{\"because\": …,", NULL, NULL, "…,"}},
        {STEPS("{\"log\":\"x\"}"), {NULL}},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        Scenario *scenario = load(CASES[i].text);
        Listing json = {0};
        scenario_list_json(scenario, &json);
        for (uint32_t k = 0; k < 4 && k + 1 < json.count; k++) {
            const ListingLine *line = &json.lines[k + 1];
            if (CASES[i].hidden[k] == NULL) {
                assert_null(line->hidden);
            } else {
                assert_string_equal(line->hidden, CASES[i].hidden[k]);
                assert_string_equal(line->question, "/tasks/0/steps/0");
            }
        }
        listing_finish(&json);
        scenario_destroy(scenario);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_stand_where_they_are),
        cmocka_unit_test(the_program_keeps_the_question),
        cmocka_unit_test(listings_show_it_as_a_comment),
        cmocka_unit_test(lines_that_tell_the_answer_can_hide_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
