/* A table of scenarios and what is wrong with them, for tests of the loader.
 *
 * Each case is a text and its mistakes, a line each: "LINE:COLUMN message". STEPS(...) puts the
 * steps of one task "a" on line 2. */
#ifndef LOOPSCOPE_TESTS_SCENARIO_MISTAKES_H
#define LOOPSCOPE_TESTS_SCENARIO_MISTAKES_H

#include "scenario/scenario.h"

#include <string.h>

#define STEPS(steps) "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":[\n" steps "\n]}]}"

typedef struct MistakeCase {
    const char *text;
    const char *mistakes;
} MistakeCase;

/* What the loader says; "good" where it loads. */
static void mistakes_of(const char *text, size_t size, Buf *out) {
    Diags diags = {0};
    Scenario *scenario = scenario_load_text("f.json", text, size, &diags);
    assert_int_equal(scenario != NULL, diags.count == 0);
    for (size_t i = 0; i < diags.count; i++) {
        const Diag *diag = &diags.items[i];
        buf_printf(out, "%s%u:%u %s", i == 0 ? "" : "\n", diag->line, diag->column, diag->message);
        assert_string_equal(diag->file, "f.json");
        assert_non_null(diag->expected); /* the window shows it */
        assert_non_null(diag->excerpt);
        assert_true(diag->caret >= 1 && diag->caret <= DIAG_EXCERPT_COLUMNS + 1);
    }
    if (diags.count == 0) {
        buf_append_text(out, "good");
    }
    scenario_destroy(scenario);
    diags_finish(&diags);
}

static void check_mistakes(const MistakeCase *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Buf told = {0};
        mistakes_of(cases[i].text, strlen(cases[i].text), &told);
        if (strcmp(buf_text(&told), cases[i].mistakes) != 0) {
            print_message("%s\n", cases[i].text);
        }
        assert_string_equal(buf_text(&told), cases[i].mistakes);
        buf_finish(&told);
    }
}

#define CHECK_MISTAKES(cases) check_mistakes(cases, sizeof cases / sizeof cases[0])

#endif
