/* A table of scenarios and what is wrong with them, for tests of the loader.
 *
 * Each case is a text and its mistakes, a line each: "LINE:COLUMN message". STEPS(...) puts the
 * steps of one task "a" on line 2. */
#ifndef LOOPSCOPE_TESTS_SCENARIO_MISTAKES_H
#define LOOPSCOPE_TESTS_SCENARIO_MISTAKES_H

#include "scenario/scenario.h"
#include "scenario_schema.h"

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

/* Of the loader's mistakes, those that a schema can see, too: by a part of the message. What needs
 * numbers in full (2^53 + 1 is 2^53 as a double) or texts that are counted is beyond it. */
static bool schema_sees(const char *mistakes) {
    static const char *const SEEN[] = {
        " must be ",          " needs the key ",   " needs a verb",    "unknown key ",
        "unknown step ",      " has one verb",     " needs at least ", " in the list twice",
        "can't stand inside", "no meaning inside", " needs \"except\""};
    static const char *const UNSEEN[] = {" at most 2^53", " 0 to 1e9 seconds"};
    for (size_t i = 0; i < sizeof UNSEEN / sizeof UNSEEN[0]; i++) {
        if (strstr(mistakes, UNSEEN[i]) != NULL) {
            return false;
        }
    }
    for (size_t i = 0; i < sizeof SEEN / sizeof SEEN[0]; i++) {
        if (strstr(mistakes, SEEN[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* The schema accepts what the loader does, and refuses of the rest what it can. */
static void check_schema(const cJSON *schema, const MistakeCase *each) {
    bool is_json = false;
    const bool accepts = schema_accepts(schema, each->text, strlen(each->text), &is_json);
    if (is_json && accepts && schema_sees(each->mistakes)) {
        fail_msg("the schema accepts\n%s\n%s", each->text, each->mistakes);
    }
    if (!accepts && strcmp(each->mistakes, "good") == 0) {
        fail_msg("the schema refuses\n%s", each->text);
    }
}

static void check_mistakes(const MistakeCase *cases, size_t count) {
    cJSON *schema = schema_read();
    for (size_t i = 0; i < count; i++) {
        Buf told = {0};
        mistakes_of(cases[i].text, strlen(cases[i].text), &told);
        if (strcmp(buf_text(&told), cases[i].mistakes) != 0) {
            print_message("%s\n", cases[i].text);
        }
        assert_string_equal(buf_text(&told), cases[i].mistakes);
        buf_finish(&told);
        check_schema(schema, &cases[i]);
    }
    cJSON_Delete(schema);
}

#define CHECK_MISTAKES(cases) check_mistakes(cases, sizeof cases / sizeof cases[0])

#endif
