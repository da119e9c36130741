/* On which line of the two listings each step stands; the places are found without the loader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/scenario.h"
#include "scenario_check.h"

static Scenario *load(const char *text) {
    Diags diags = {0};
    Scenario *scenario = scenario_load_text("list.json", text, strlen(text), &diags);
    if (scenario == NULL) {
        fail_msg("%s:\n%s", diags.items[0].message, text);
    }
    diags_finish(&diags);
    return scenario;
}

/* Several steps on one line: all are found there. */
static void a_line_may_hold_several_steps(void **state) {
    (void)state;
    Scenario *scenario = load("{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":[\n"
                              "{\"log\":\"1\"},{\"repeat\":2,\"steps\":[{\"log\":\"2\"},\n"
                              "{\"log\":\"3\"}]},{\"log\":\"4\"}]}]}");
    static const struct {
        const char *at;
        int32_t line;
    } PLACES[] = {{"/tasks/0/steps/0", 1},         {"/tasks/0/steps/1", 1},
                  {"/tasks/0/steps/1/steps/0", 1}, {"/tasks/0/steps/1/steps/1", 2},
                  {"/tasks/0/steps/2", 2},         {"/tasks/0/steps/2/steps/7", 2},
                  {"/tasks/1/steps/0", -1}};
    Listing listing = {0};
    scenario_list_json(scenario, &listing);
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        assert_int_equal(listing_line_of(&listing, PLACES[i].at), PLACES[i].line);
    }
    listing_finish(&listing);
    scenario_destroy(scenario);
}

/* The place of the value that a JSON Pointer names, found in the text without the loader: keys and
 * indexes are counted by brackets and commas outside of texts. */
static size_t place_of_pointer(const char *text, const char *pointer) {
    size_t at = strspn(text, " \t\r\n");
    while (*pointer == '/') {
        const size_t length = strcspn(++pointer, "/");
        const bool in_array = text[at] == '[';
        size_t index = 0, wanted = 0;
        for (size_t i = 0; in_array && i < length; i++) {
            wanted = wanted * 10 + (size_t)(pointer[i] - '0');
        }
        bool found = in_array && wanted == 0;
        int depth = 0;
        for (at++; !found || strchr(" \t\r\n", text[at]) != NULL; at++) {
            assert_int_not_equal(text[at], '\0');
            if (text[at] == '"') {
                const size_t start = at + 1;
                for (at++; text[at] != '"'; at++) {
                    at += text[at] == '\\';
                }
                const size_t colon = at + 1 + strspn(text + at + 1, " \t\r\n");
                if (depth == 0 && !in_array && text[colon] == ':' && at - start == length &&
                    strncmp(text + start, pointer, length) == 0) {
                    found = true;
                    at = colon;
                }
            } else if (text[at] == '[' || text[at] == '{') {
                depth++;
            } else if (text[at] == ']' || text[at] == '}') {
                depth--;
            } else if (text[at] == ',' && depth == 0) {
                found = in_array && ++index == wanted;
            }
        }
        pointer += length;
    }
    return at;
}

static void every_step_stands_where_it_is_written(void **state) {
    (void)state;
    static const char *const FILES[] = {
        "scenarios/read-back.json", "scenarios/frozen-loop.json", "scenarios/spawn-and-await.json",
        "scenarios/call-is-not-a-task.json", "scenarios/sleepers.json"};
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        Diags diags = {0};
        Scenario *scenario = scenario_load(FILES[i], &diags);
        assert_non_null(scenario);
        Listing json = {0}, words = {0};
        scenario_list_json(scenario, &json);
        scenario_list_steps(scenario, &words);
        for (uint32_t k = 0; k < scenario->program->pointer_count; k++) {
            const char *at = scenario->program->pointers[k];
            uint32_t line = 0, column = 0;
            scenario_place_of(scenario->source, place_of_pointer(scenario->source, at), &line,
                              &column);
            assert_int_equal(listing_line_of(&json, at), line - 1);
            const int32_t said = listing_line_of(&words, at);
            assert_string_equal(words.lines[said].at, at); /* a step a line */
        }
        listing_finish(&json);
        listing_finish(&words);
        scenario_destroy(scenario);
        diags_finish(&diags);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_may_hold_several_steps),
        cmocka_unit_test(every_step_stands_where_it_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
