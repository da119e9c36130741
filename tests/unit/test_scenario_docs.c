/* docs/scenario.md: every example in it is good, and every step of this version has one.
 * An example in a ```json fence with a "title" is a whole scenario; another is a step, and is put
 * into a scenario that gives the names it uses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/scenario.h"

#include <stdio.h>
#include <string.h>

#define DOCUMENT "docs/scenario.md"
#define FENCE    "```json\n"

/* What stands around a step. */
#define BEFORE                                                                                     \
    "{\"title\": \"a step\", \"locks\": [\"door\"], \"semaphores\": {\"seats\": 2}, "              \
    "\"events\": [\"ready\"], \"queues\": {\"orders\": 3}, \"channels\": [\"line\"], "             \
    "\"coroutines\": {\"show\": []}, "                                                             \
    "\"tasks\": [{\"name\": \"a\", "                                                               \
    "\"steps\": [{\"open\": \"f\", \"as\": \"f\"}, {\"spawn\": \"show\", \"as\": \"child\"},\n"
#define BEHIND "\n]}, {\"name\": \"helper\", \"steps\": []}]}"

static void read_document(Buf *out) {
    FILE *file = fopen(DOCUMENT, "rb");
    assert_non_null(file);
    char chunk[4096];
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        buf_append(out, chunk, got);
    }
    fclose(file);
}

/* The next example at or behind `at`; NULL where there is none. */
static const char *next_example(const char *at, Buf *out, bool *is_whole) {
    const char *fence = strstr(at, FENCE);
    if (fence == NULL) {
        return NULL;
    }
    const char *start = fence + strlen(FENCE);
    const char *end = strstr(start, "```");
    assert_non_null(end);
    Buf example = {0};
    buf_append(&example, start, (size_t)(end - start));
    *is_whole = strstr(example.data, "\"title\"") != NULL;
    buf_clear(out);
    buf_printf(out, "%s%s%s", *is_whole ? "" : BEFORE, example.data, *is_whole ? "" : BEHIND);
    buf_finish(&example);
    return end + 3;
}

static Scenario *load_good(const Buf *text) {
    Diags diags = {0};
    Buf told = {0};
    Scenario *scenario = scenario_load_text(DOCUMENT, text->data, text->size_bytes, &diags);
    for (size_t i = 0; i < diags.count; i++) {
        diag_format(&diags.items[i], &told);
    }
    if (scenario == NULL) {
        fail_msg("%s\n%s", text->data, buf_text(&told));
    }
    buf_finish(&told);
    diags_finish(&diags);
    return scenario;
}

static void every_example_is_good_and_every_step_has_one(void **state) {
    (void)state;
    Buf document = {0}, example = {0};
    uint32_t wholes = 0, steps = 0, shown[OP_CODE_COUNT] = {0};
    bool is_whole = false;
    read_document(&document);
    for (const char *at = document.data; (at = next_example(at, &example, &is_whole)) != NULL;) {
        Scenario *scenario = load_good(&example);
        const Program *program = scenario->program;
        for (uint32_t i = 0; !is_whole && i < program->code_count; i++) {
            shown[program->code[i].op]++;
        }
        wholes += is_whole;
        steps += !is_whole;
        scenario_destroy(scenario);
    }
    assert_true(wholes >= 3);
    assert_true(steps >= OP_RETURN);
    for (uint32_t op = 0; op < OP_CODE_COUNT; op++) {
        const uint32_t around = op == OP_OPEN || op == OP_SPAWN ? steps : 0; /* by BEFORE */
        assert_true(shown[op] > around);
    }
    buf_finish(&document);
    buf_finish(&example);
}

/* The page shows what `check` says of a mistake: it really does. */
static void the_mistake_shown_is_told_like_that(void **state) {
    (void)state;
    static const char TEXT[] = "{\n  \"title\": \"t\",\n  \"tasks\": [\n"
                               "    { \"name\": \"a\", \"steps\": [\n"
                               "      { \"slep\": \"20ms\" },\n"
                               "      { \"log\": \"on\" }]}]}\n";
    Diags diags = {0};
    Buf document = {0}, told = {0}, indented = {0};
    assert_null(scenario_load_text("lesson.json", TEXT, sizeof TEXT - 1, &diags));
    assert_int_equal(diags.count, 1);
    diag_format(&diags.items[0], &told);
    for (const char *at = told.data; *at != '\0';) {
        const size_t length = strcspn(at, "\n") + 1;
        buf_append_text(&indented, "    ");
        buf_append(&indented, at, length);
        at += length;
    }
    read_document(&document);
    if (strstr(document.data, indented.data) == NULL) {
        fail_msg("%s does not show:\n%s", DOCUMENT, indented.data);
    }
    diags_finish(&diags);
    buf_finish(&document);
    buf_finish(&told);
    buf_finish(&indented);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_is_good_and_every_step_has_one),
        cmocka_unit_test(the_mistake_shown_is_told_like_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
