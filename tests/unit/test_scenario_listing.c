/* The listings of the code pane: the steps in words, and the file's own lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/scenario.h"

#include <string.h>

typedef void ListScenario(const Scenario *scenario, Listing *out);

static Scenario *load(const char *text) {
    Diags diags = {0};
    Scenario *scenario = scenario_load_text("f.json", text, strlen(text), &diags);
    assert_non_null(scenario);
    diags_finish(&diags);
    return scenario;
}

/* Each line: "#" for a heading, "~" for one that may give up control, the indent as dots, the
 * text. */
static void check_listing(const char *text, ListScenario *list, const char *wanted) {
    Scenario *scenario = load(text);
    Listing listing = {0};
    Buf out = {0};
    list(scenario, &listing);
    for (uint32_t i = 0; i < listing.count; i++) {
        const ListingLine *line = &listing.lines[i];
        buf_printf(&out, "%s%s%.*s%s%s%s\n", line->heading ? "# " : "", line->awaits ? "~ " : "",
                   (int)line->indent, "..........", line->text, line->at == NULL ? "" : " @",
                   line->at == NULL ? "" : line->at);
    }
    assert_string_equal(buf_text(&out), wanted);
    buf_finish(&out);
    listing_finish(&listing);
    scenario_destroy(scenario);
}

static const char LESSON[] =
    "{\n"
    "  \"title\": \"t\",\n"
    "  \"coroutines\": { \"child\": [{ \"sleep\": \"100ms\" }] },\n"
    "  \"tasks\": [\n"
    "    { \"name\": \"a\", \"steps\": [\n"
    "      { \"open\": \"write-a.txt\", \"as\": \"f\" },\n"
    "      { \"write\": { \"bytes\": \"64KiB\" }, \"to\": \"f\" }, { \"fsync\": \"f\" },\n"
    "      { \"repeat\": 3,\n"
    "\t\"steps\": [\n"
    "          { \"spawn\": \"child\", \"as\": \"c\" }, { \"await\": \"c\" }\n"
    "      ]}\n"
    "    ]},\r\n"
    "    { \"name\": \"many\", \"count\": 10000, \"steps\": [] }\n"
    "  ]\n"
    "}";

static void the_steps_in_words(void **state) {
    (void)state;
    check_listing(LESSON, scenario_list_steps,
                  "# task a\n"
                  "~ .open write-a.txt as f @/tasks/0/steps/0\n"
                  "~ .write 64 KiB to f @/tasks/0/steps/1\n"
                  "~ .fsync f @/tasks/0/steps/2\n"
                  ".repeat 3 times @/tasks/0/steps/3\n"
                  "..spawn child as c @/tasks/0/steps/3/steps/0\n"
                  "~ ..await c @/tasks/0/steps/3/steps/1\n"
                  "\n"
                  "# task many, 10\xE2\x80\xAF"
                  "000 copies\n"
                  "\n"
                  "# coroutine child\n"
                  "~ .sleep 100 ms @/coroutines/child/0\n");
}

static void every_step_has_its_words(void **state) {
    (void)state;
    check_listing(
        "{\"title\":\"t\",\"coroutines\":{\"c\":[]},\"tasks\":[{\"name\":\"a\",\"steps\":["
        "{\"log\":\"hi "
        "\\\"you\\\"\\n{task}\"},{\"note\":\"look\\nhere\"},{\"compute\":0.4},{\"sleep\":0},"
        "{\"sleep\":\"250us\"},{\"sleep\":1.5},{\"open\":\"a b\",\"as\":\"f\",\"mode\":\"a\"},"
        "{\"open\":\"x\",\"as\":\"f\",\"mode\":\"r\",\"blocking\":true},{\"write\":\"x\\n\",\"to\":"
        "\"f\"},"
        "{\"read\":100,\"from\":\"f\",\"as\":\"v\"},{\"read\":\"1MiB\",\"from\":\"f\",\"blocking\":"
        "true},"
        "{\"close\":\"f\",\"blocking\":true},{\"call\":\"c\"},{\"spawn\":\"c\"},"
        "{\"repeat\":1,\"steps\":[]}]}]}",
        scenario_list_steps,
        "# task a\n"
        ".print \"hi \\\"you\\\"\\n{task}\" @/tasks/0/steps/0\n"
        ".# look @/tasks/0/steps/1\n"
        ".compute for 400 ms @/tasks/0/steps/2\n"
        "~ .sleep 0 @/tasks/0/steps/3\n"
        "~ .sleep 250 µs @/tasks/0/steps/4\n"
        "~ .sleep 1.5 s @/tasks/0/steps/5\n"
        "~ .open \"a b\" to append as f @/tasks/0/steps/6\n"
        ".open x to read as f, blocking @/tasks/0/steps/7\n"
        "~ .write \"x\\n\" to f @/tasks/0/steps/8\n"
        "~ .read 100 B from f as v @/tasks/0/steps/9\n"
        ".read 1 MiB from f, blocking @/tasks/0/steps/10\n"
        ".close f, blocking @/tasks/0/steps/11\n"
        "~ .call c @/tasks/0/steps/12\n"
        ".spawn c @/tasks/0/steps/13\n"
        ".repeat 1 time @/tasks/0/steps/14\n"
        "\n"
        "# coroutine c\n");
}

/* The words of a block's parts stand on lines of their own, which are no steps. */
static void the_parts_of_a_try_have_their_words(void **state) {
    (void)state;
    check_listing("{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":["
                  "{\"finally\":[{\"sleep\":0}],\"try\":[{\"raise\":\"no \\\"tea\\\"\"}],"
                  "\"except\":[{\"try\":[],\"finally\":[]}]}]}]}",
                  scenario_list_steps,
                  "# task a\n"
                  ".try @/tasks/0/steps/0\n"
                  "..raise \"no \\\"tea\\\"\" @/tasks/0/steps/0/try/0\n"
                  ".except\n"
                  "..try @/tasks/0/steps/0/except/0\n"
                  "..finally\n"
                  ".finally\n"
                  "~ ..sleep 0 @/tasks/0/steps/0/finally/0\n");
}

static void what_tasks_share_has_its_words(void **state) {
    (void)state;
    check_listing(
        "{\"title\":\"t\",\"locks\":[\"m\"],\"events\":[\"e\"],\"queues\":{\"q\":0},"
        "\"tasks\":[{\"name\":\"a\",\"steps\":[{\"with\":\"m\",\"steps\":[{\"cancel\":\"a\"}]},"
        "{\"acquire\":\"m\"},{\"release\":\"m\"},{\"wait_event\":\"e\"},{\"set_event\":\"e\"},"
        "{\"clear_event\":\"e\"},{\"put\":\"x y\",\"in\":\"q\"},{\"get\":\"q\",\"as\":\"v\"}]}]}",
        scenario_list_steps,
        "# task a\n"
        "~ .with m @/tasks/0/steps/0\n"
        "..cancel a @/tasks/0/steps/0/steps/0\n"
        "~ .acquire m @/tasks/0/steps/1\n"
        ".release m @/tasks/0/steps/2\n"
        "~ .wait for event e @/tasks/0/steps/3\n"
        ".set event e @/tasks/0/steps/4\n"
        ".clear event e @/tasks/0/steps/5\n"
        "~ .put \"x y\" in q @/tasks/0/steps/6\n"
        "~ .get q as v @/tasks/0/steps/7\n");
}

static void the_lines_of_the_file(void **state) {
    (void)state;
    check_listing(
        LESSON, scenario_list_json,
        "# {\n"
        ".\"title\": \"t\",\n"
        "# ~ .\"coroutines\": { \"child\": [{ \"sleep\": \"100ms\" }] }, @/coroutines/child/0\n"
        ".\"tasks\": [\n"
        "# ..{ \"name\": \"a\", \"steps\": [\n"
        "~ ...{ \"open\": \"write-a.txt\", \"as\": \"f\" }, @/tasks/0/steps/0\n"
        "~ ...{ \"write\": { \"bytes\": \"64KiB\" }, \"to\": \"f\" }, { \"fsync\": \"f\" }, "
        "@/tasks/0/steps/1\n"
        "...{ \"repeat\": 3, @/tasks/0/steps/3\n"
        ".\"steps\": [\n"
        ".....{ \"spawn\": \"child\", \"as\": \"c\" }, { \"await\": \"c\" } "
        "@/tasks/0/steps/3/steps/0\n"
        "...]}\n"
        "..]},\n"
        "# ..{ \"name\": \"many\", \"count\": 10000, \"steps\": [] }\n"
        ".]\n"
        "}\n");
}

/* In all listings, every step and every heading has its line: alone or with others. */
static void every_step_has_a_line(void **state) {
    (void)state;
    ListScenario *const lists[] = {scenario_list_steps, scenario_list_json};
    static const char *const PLACES[] = {"/tasks/0/steps/0",
                                         "/tasks/0/steps/1",
                                         "/tasks/0/steps/2",
                                         "/tasks/0/steps/3",
                                         "/tasks/0/steps/3/steps/0",
                                         "/tasks/0/steps/3/steps/1",
                                         "/coroutines/child/0",
                                         "/tasks/0",
                                         "/tasks/1",
                                         "/coroutines/child"};
    enum { PLACE_COUNT = sizeof PLACES / sizeof PLACES[0] };
    static const uint32_t LINES[2][PLACE_COUNT] = {{1, 2, 3, 4, 5, 6, 11, 0, 8, 10},
                                                   {5, 6, 6, 7, 9, 9, 2, 4, 12, 2}};
    Scenario *scenario = load(LESSON);
    for (size_t i = 0; i < 2; i++) {
        Listing listing = {0};
        lists[i](scenario, &listing);
        for (size_t k = 0; k < PLACE_COUNT; k++) {
            assert_int_equal(listing_line_of(&listing, PLACES[k]), LINES[i][k]);
        }
        assert_int_equal(scenario->program->pointer_count, 7);
        listing_finish(&listing);
    }
    Listing python = {0};
    scenario_list_python(scenario, &python);
    static const char *const DEFS[] = {"async def a():", "async def many():", "async def child():"};
    for (size_t k = 0; k < 3; k++) {
        const int32_t line = listing_line_of(&python, PLACES[7 + k]);
        assert_true(line >= 0);
        assert_string_equal(python.lines[line].text, DEFS[k]);
    }
    listing_finish(&python);
    scenario_destroy(scenario);
}

/* Whatever stands in a text, a line of a listing is one line. */
static void a_line_is_one_line(void **state) {
    (void)state;
    Scenario *scenario =
        load("{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":[{\"log\":\"a\\nb\\rc\"},"
             "{\"note\":\"a\\r\\nb\"},{\"open\":\"a\\nb\\u0001\\u007f\",\"as\":\"f\"},"
             "{\"write\":\"\\n\\n\",\"to\":\"f\"}]}]}");
    Listing listing = {0};
    scenario_list_steps(scenario, &listing);
    assert_int_equal(listing.count, 5);
    for (uint32_t i = 0; i < listing.count; i++) {
        assert_null(strpbrk(listing.lines[i].text, "\r\n\x01"));
    }
    listing_finish(&listing);
    scenario_destroy(scenario);
}

/* The format in short says what files are read with: every key, every step with its options. */
static void the_format_in_short(void **state) {
    (void)state;
    static const char *const WANTED[] = {"title",
                                         "tasks",
                                         "coroutines",
                                         "log",
                                         "write \"to\" [blocking]",
                                         "read \"from\" [as] [blocking]",
                                         "thread"};
    Listing format = {0};
    scenario_list_format(&format);
    size_t headings = 0;
    for (uint32_t i = 0; i < format.count; i++) {
        headings += format.lines[i].heading;
    }
    assert_int_equal(headings, 2);
    for (size_t i = 0; i < sizeof WANTED / sizeof WANTED[0]; i++) {
        size_t found = 0;
        for (uint32_t k = 0; k < format.count; k++) {
            const bool here = strcmp(format.lines[k].text, WANTED[i]) == 0;
            found += here;
            assert_true(!here || format.lines[k].awaits == (i > 3));
        }
        assert_int_equal(found, 1);
    }
    listing_finish(&format);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_format_in_short),
        cmocka_unit_test(the_steps_in_words),
        cmocka_unit_test(every_step_has_its_words),
        cmocka_unit_test(the_lines_of_the_file),
        cmocka_unit_test(every_step_has_a_line),
        cmocka_unit_test(a_line_is_one_line),
        cmocka_unit_test(what_tasks_share_has_its_words),
        cmocka_unit_test(the_parts_of_a_try_have_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
