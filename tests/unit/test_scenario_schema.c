/* docs/scenario.schema.json against the loader: what ships agrees with it, every key and step is in
 * it and the other way round, and what it can see to be wrong it refuses. (That it refuses the
 * loader's own mistakes, too, is tested with them: scenario_mistakes.h.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "scenario_schema.h"

#include "scenario/compile.h"
#include "scenario/scenario.h"

#include <dirent.h>
#include <stdlib.h>

static const cJSON *definition(const cJSON *schema, const char *name) {
    const cJSON *found =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(schema, "$defs"), name);
    if (found == NULL) {
        fail_msg("the schema has no \"%s\"", name);
    }
    return found;
}

/* ---- files ----------------------------------------------------------------------------------- */

static size_t folder_agrees(const cJSON *schema, const char *folder) {
    DIR *list = opendir(folder);
    assert_non_null(list);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        const size_t length = strlen(entry->d_name);
        if (length < 6 || strcmp(entry->d_name + length - 5, ".json") != 0) {
            continue;
        }
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        Diags diags = {0};
        Scenario *scenario = scenario_load(path, &diags);
        assert_non_null(scenario);
        bool is_json = false;
        if (!schema_accepts(schema, scenario->source, scenario->source_size_bytes, &is_json)) {
            fail_msg("%s does not agree with the schema", path);
        }
        scenario_destroy(scenario);
        diags_finish(&diags);
        count++;
    }
    closedir(list);
    return count;
}

static void files_agree(void **state) {
    (void)state;
    cJSON *schema = schema_read();
    assert_true(folder_agrees(schema, "scenarios") > 0);
    assert_true(folder_agrees(schema, "tests/order") > 0);
    cJSON_Delete(schema);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static bool is_listed(const cJSON *list, const char *word) {
    const cJSON *each = NULL;
    cJSON_ArrayForEach(each, list) {
        if (strcmp(each->valuestring, word) == 0) {
            return true;
        }
    }
    return false;
}

static size_t options_agree(const cJSON *rule, const char *const *options, bool required) {
    size_t count = 0;
    for (size_t i = 0; i < STEP_OPTIONS_MAX && options[i] != NULL; i++, count++) {
        const cJSON *known = cJSON_GetObjectItemCaseSensitive(rule, "properties");
        assert_non_null(cJSON_GetObjectItemCaseSensitive(known, options[i]));
        assert_int_equal(is_listed(cJSON_GetObjectItemCaseSensitive(rule, "required"), options[i]),
                         required);
    }
    return count;
}

static void step_agrees(const cJSON *schema, const StepRow *row) {
    char name[64];
    snprintf(name, sizeof name, "step_%s", row->verb);
    const cJSON *rule = definition(schema, name);
    const cJSON *known = cJSON_GetObjectItemCaseSensitive(rule, "properties");
    assert_non_null(cJSON_GetObjectItemCaseSensitive(known, row->verb));
    assert_true(is_listed(cJSON_GetObjectItemCaseSensitive(rule, "required"), row->verb));
    assert_true(cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(rule, "additionalProperties")));
    assert_non_null(cJSON_GetObjectItemCaseSensitive(rule, "description"));
    const size_t required = options_agree(rule, row->required, true);
    const size_t optional = options_agree(rule, row->optional, false);
    if ((size_t)cJSON_GetArraySize(known) != 1 + required + optional) {
        fail_msg("\"%s\" has other options in the schema than in the table", row->verb);
    }
    const cJSON *examples = cJSON_GetObjectItemCaseSensitive(rule, "examples");
    assert_true(cJSON_GetArraySize(examples) > 0);
    assert_true(schema_agrees(schema, rule, examples->child));
}

/* A list of {"$ref": "#/$defs/step_VERB"}: how many steps it has, each of them in the table. */
static size_t steps_listed(const cJSON *list) {
    static const char BEFORE[] = "#/$defs/step_";
    size_t count = 0;
    const cJSON *each = NULL;
    cJSON_ArrayForEach(each, list) {
        const char *reference = each->child->valuestring;
        if (strncmp(reference, BEFORE, sizeof BEFORE - 1) == 0) {
            assert_non_null(step_row(reference + sizeof BEFORE - 1));
            count++;
        }
    }
    return count;
}

static void every_step_is_in_it(void **state) {
    (void)state;
    cJSON *schema = schema_read();
    size_t in_thread = 0;
    for (size_t i = 0; i < STEP_ROW_COUNT; i++) {
        step_agrees(schema, &STEP_ROWS[i]);
        in_thread += thread_may_hold(STEP_ROWS[i].verb);
    }
    const cJSON *any = cJSON_GetObjectItemCaseSensitive(definition(schema, "step"), "anyOf");
    assert_int_equal(steps_listed(any), STEP_ROW_COUNT);
    any = cJSON_GetObjectItemCaseSensitive(definition(schema, "stepInThread"), "anyOf");
    assert_int_equal(steps_listed(any) + 1, in_thread); /* repeat has a form of its own there */
    cJSON_Delete(schema);
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* What the loader says it expects where a key is unknown: the list of those it knows. */
static char *keys_of(const char *text) {
    Diags diags = {0};
    char *keys = NULL;
    assert_null(scenario_load_text("f.json", text, strlen(text), &diags));
    for (size_t i = 0; i < diags.count; i++) {
        if (strstr(diags.items[i].message, "unknown key") != NULL) {
            keys = mem_copy_text(diags.items[i].expected, strlen(diags.items[i].expected));
        }
    }
    diags_finish(&diags);
    assert_non_null(keys);
    return keys;
}

static void keys_agree(const char *text, const cJSON *rule) {
    char *keys = keys_of(text);
    size_t quotes = 0;
    for (const char *at = keys; *at != '\0'; at++) {
        quotes += *at == '"';
    }
    const cJSON *known = cJSON_GetObjectItemCaseSensitive(rule, "properties");
    const cJSON *each = NULL;
    cJSON_ArrayForEach(each, known) {
        char quoted[64];
        snprintf(quoted, sizeof quoted, "\"%s\"", each->string);
        if (strstr(keys, quoted) == NULL) {
            fail_msg("the loader knows no key %s: %s", quoted, keys);
        }
    }
    assert_int_equal(cJSON_GetArraySize(known), quotes / 2);
    free(keys);
}

static void every_key_is_in_it(void **state) {
    (void)state;
    cJSON *schema = schema_read();
    keys_agree("{\"none\":1}", schema);
    keys_agree("{\"title\":\"t\",\"tasks\":[{\"none\":1}]}", definition(schema, "task"));
    const cJSON *limits = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(schema, "properties"), "limits");
    keys_agree("{\"title\":\"t\",\"tasks\":[],\"limits\":{\"none\":1}}", limits);
    cJSON_Delete(schema);
}

/* ---- mistakes -------------------------------------------------------------------------------- */

#define IN_TASK(steps) "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":[" steps "]}]}"

static void mistakes_are_refused(void **state) {
    (void)state;
    static const char *const WRONG[] = {
        "[]",
        "{\"title\":\"t\"}",
        "{\"title\":\"t\",\"tasks\":[]}",
        "{\"titel\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":[]}]}",
        "{\"title\":\"t\",\"tasks\":[{\"name\":\"9\",\"steps\":[]}]}",
        "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"count\":0,\"steps\":[]}]}",
        "{\"title\":\"t\",\"locks\":[5],\"tasks\":[{\"name\":\"a\",\"steps\":[]}]}",
        "{\"title\":\"t\",\"queues\":{\"a b\":1},\"tasks\":[{\"name\":\"a\",\"steps\":[]}]}",
        IN_TASK("{}"),
        IN_TASK("{\"slep\":1}"),
        IN_TASK("{\"log\":1}"),
        IN_TASK("{\"log\":\"a\",\"sleep\":1}"),
        IN_TASK("{\"sleep\":-1}"),
        IN_TASK("{\"sleep\":\"20 ms\"}"),
        IN_TASK("{\"open\":\"/etc/passwd\",\"as\":\"f\"}"),
        IN_TASK("{\"open\":\"\",\"as\":\"f\"}"),
        IN_TASK("{\"open\":\"x\"}"),
        IN_TASK("{\"open\":\"x\",\"as\":\"f\",\"mode\":\"rw\"}"),
        IN_TASK("{\"write\":{\"byte\":1},\"to\":\"f\"}"),
        IN_TASK("{\"read\":\"0KiB\",\"from\":\"f\"}"),
        IN_TASK("{\"try\":[]}"),
        IN_TASK("{\"gather\":[\"b\",\"b\"]}"),
        IN_TASK("{\"wait\":[]}"),
        IN_TASK("{\"repeat\":1.5,\"steps\":[]}"),
        IN_TASK("{\"thread\":[{\"sleep\":1}]}"),
        IN_TASK("{\"thread\":[{\"repeat\":1,\"steps\":[{\"note\":\"x\"}]}]}"),
        IN_TASK("{\"thread\":[{\"open\":\"x\",\"as\":\"f\",\"blocking\":false}]}"),
        IN_TASK("{\"send\":\"x\",\"to\":\"pipe\"}"),
    };
    cJSON *schema = schema_read();
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        bool is_json = false;
        if (schema_accepts(schema, WRONG[i], strlen(WRONG[i]), &is_json)) {
            fail_msg("the schema accepts %s", WRONG[i]);
        }
        assert_true(is_json);
    }
    cJSON_Delete(schema);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_agree),
        cmocka_unit_test(every_step_is_in_it),
        cmocka_unit_test(every_key_is_in_it),
        cmocka_unit_test(mistakes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
