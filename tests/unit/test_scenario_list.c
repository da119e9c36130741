/* The two listings of the code pane: the words of every step, and on which line each step stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/scenario.h"
#include "scenario_check.h"

typedef void MakeListing(const Scenario *scenario, Listing *out);

static Scenario *load(const char *text) {
    Diags diags = {0};
    Scenario *scenario = scenario_load_text("list.json", text, strlen(text), &diags);
    if (scenario == NULL) {
        fail_msg("%s:\n%s", diags.items[0].message, text);
    }
    diags_finish(&diags);
    return scenario;
}

/* A line a line: "*" where it may give up control, "#" for a heading, the indent, text, its step. */
static void dump(const Listing *listing, Buf *out) {
    for (uint32_t i = 0; i < listing->count; i++) {
        const ListingLine *line = &listing->lines[i];
        buf_printf(out, "%c %*s%s",
                   line->heading  ? '#'
                   : line->awaits ? '*'
                                  : ' ',
                   2 * (int)line->indent, "", line->text);
        if (line->at != NULL) {
            buf_printf(out, "  <%s>", line->at);
        }
        buf_append_char(out, '\n');
    }
}

static void check_listing(MakeListing *make, const char *text, const char *wanted) {
    Scenario *scenario = load(text);
    Listing listing = {0};
    Buf got = {0};
    make(scenario, &listing);
    dump(&listing, &got);
    assert_string_equal(buf_text(&got), wanted);
    scenario_check_listing(scenario->program, &listing);
    buf_finish(&got);
    listing_finish(&listing);
    scenario_destroy(scenario);
}

#define TASK(steps)                                                                                \
    "{\"title\":\"t\",\"coroutines\":{\"c\":[]},\"tasks\":[{\"name\":\"a\",\"steps\":[" steps "]}" \
                                                                                              "]}"

/* One step in words, behind the heading of its task. */
static void check_step(const char *step, const char *words) {
    Buf text = {0};
    buf_printf(&text, TASK("{\"open\":\"f\",\"as\":\"f\"},{\"spawn\":\"c\",\"as\":\"k\"},%s"),
               step);
    Scenario *scenario = load(text.data);
    Listing listing = {0};
    scenario_list_steps(scenario, &listing);
    assert_string_equal(listing.lines[3].text, words);
    assert_string_equal(listing.lines[3].at, "/tasks/0/steps/2");
    listing_finish(&listing);
    scenario_destroy(scenario);
    buf_finish(&text);
}

static void every_step_has_words(void **state) {
    (void)state;
    static const char *const STEPS[][2] = {
        {"{\"log\":\"hi {task}\"}", "print \"hi {task}\""},
        {"{\"log\":\"a\\n\\t\\\"b\\\"\"}", "print \"a\\n\\t\\\"b\\\"\""},
        {"{\"log\":\"\"}", "print \"\""},
        {"{\"note\":\"look\\nhere\"}", "# look"},
        {"{\"sleep\":0}", "sleep 0"},
        {"{\"sleep\":\"0.5s\"}", "sleep 500 ms"},
        {"{\"sleep\":1.5}", "sleep 1.5 s"},
        {"{\"compute\":\"250us\"}", "compute for 250 µs"},
        {"{\"open\":\"out/{i}.txt\",\"as\":\"g\"}", "open out/{i}.txt for writing, as g"},
        {"{\"open\":\"a b\",\"as\":\"g\",\"mode\":\"a\"}", "open \"a b\" for appending, as g"},
        {"{\"open\":\"a\",\"as\":\"g\",\"mode\":\"r\",\"blocking\":true}",
         "open a for reading, as g, blocking"},
        {"{\"write\":\"x\\n\",\"to\":\"f\"}", "write \"x\\n\" to f"},
        {"{\"write\":{\"bytes\":\"64KiB\"},\"to\":\"f\",\"blocking\":true}",
         "write 64 KiB to f, blocking"},
        {"{\"read\":100,\"from\":\"f\"}", "read 100 B from f"},
        {"{\"read\":\"1MiB\",\"from\":\"f\",\"as\":\"v\"}", "read 1 MiB from f, as v"},
        {"{\"fsync\":\"f\"}", "fsync f"},
        {"{\"close\":\"f\",\"blocking\":true}", "close f, blocking"},
        {"{\"close\":\"f\",\"blocking\":false}", "close f"},
        {"{\"call\":\"c\"}", "call c"},
        {"{\"spawn\":\"c\"}", "spawn c"},
        {"{\"spawn\":\"c\",\"as\":\"k\"}", "spawn c, as k"},
        {"{\"await\":\"k\"}", "await k"},
        {"{\"repeat\":1,\"steps\":[]}", "repeat 1 time"},
        {"{\"repeat\":1e4,\"steps\":[]}", "repeat 10\xE2\x80\xAF"
                                          "000 times"},
        {"{\"as\":\"k\",\"spawn\":\"c\"}", "spawn c, as k"}, /* the order of keys is the author's */
    };
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++) {
        check_step(STEPS[i][0], STEPS[i][1]);
    }
}

static void steps_are_listed_task_by_task(void **state) {
    (void)state;
    check_listing(scenario_list_steps,
                  "{\"coroutines\":{\"w\":[{\"sleep\":1}],\"v\":[]},\"title\":\"t\",\"tasks\":["
                  "{\"steps\":[{\"log\":\"x\"},{\"repeat\":2,\"steps\":[{\"call\":\"w\"},"
                  "{\"repeat\":3,\"steps\":[]}]},{\"await\":\"b\"}],\"name\":\"a\"},"
                  "{\"name\":\"b\",\"steps\":[]},{\"name\":\"c\",\"count\":3,\"steps\":["
                  "{\"open\":\"f\",\"as\":\"f\",\"blocking\":true}]}]}",
                  "# task a\n"
                  "    print \"x\"  </tasks/0/steps/0>\n"
                  "    repeat 2 times  </tasks/0/steps/1>\n"
                  "*     call w  </tasks/0/steps/1/steps/0>\n"
                  "      repeat 3 times  </tasks/0/steps/1/steps/1>\n"
                  "*   await b  </tasks/0/steps/2>\n"
                  "  \n"
                  "# task b\n"
                  "  \n"
                  "# task c, 3 copies\n"
                  "    open f for writing, as f, blocking  </tasks/2/steps/0>\n"
                  "  \n"
                  "# coroutine w\n"
                  "*   sleep 1 s  </coroutines/w/0>\n"
                  "  \n"
                  "# coroutine v\n");
}

static void the_file_is_listed_line_by_line(void **state) {
    (void)state;
    check_listing(scenario_list_json,
                  "{ \"title\": \"t\",\r\n"
                  "  \"tasks\": [\n"
                  "\t{ \"name\": \"a\", \"steps\": [ {\"log\": \"x\"},  {\"sleep\": 0},\n"
                  "\n"
                  "      {\n"
                  "        \"repeat\": 2,\n"
                  "        \"steps\": [ { \"call\":\n"
                  "          \"w\" } ] }   \n"
                  "    ] } ],\n"
                  "  \"coroutines\": { \"w\": [\n"
                  "{\"note\": \"n\"}] } }",
                  "# { \"title\": \"t\",\n"
                  "    \"tasks\": [\n"
                  "    { \"name\": \"a\", \"steps\": [ {\"log\": \"x\"},  {\"sleep\": 0},"
                  "  </tasks/0/steps/0>\n"
                  "  \n"
                  "        {  </tasks/0/steps/2>\n"
                  "          \"repeat\": 2,\n"
                  "*         \"steps\": [ { \"call\":  </tasks/0/steps/2/steps/0>\n"
                  "            \"w\" } ] }\n"
                  "      ] } ],\n"
                  "    \"coroutines\": { \"w\": [\n"
                  "  {\"note\": \"n\"}] } }  </coroutines/w/0>\n");
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
        cmocka_unit_test(every_step_has_words),
        cmocka_unit_test(steps_are_listed_task_by_task),
        cmocka_unit_test(the_file_is_listed_line_by_line),
        cmocka_unit_test(a_line_may_hold_several_steps),
        cmocka_unit_test(every_step_stands_where_it_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
