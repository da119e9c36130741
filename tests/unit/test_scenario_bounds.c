/* The loader's own bounds: beyond each of them a file is refused with a message that names it, at a
 * cost that the bound keeps in hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "scenario_check.h"

#include <cjson/cJSON.h>

#include <stdlib.h>

#define HEAD "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":["
#define TAIL "]}]}"

/* The file is refused; one of its mistakes has this message at this place. */
static void check_refused(Buf *file, uint32_t line, uint32_t column, const char *message) {
    Diags diags = {0};
    assert_null(scenario_load_text("big.json", file->data, file->size_bytes, &diags));
    bool found = false;
    for (size_t i = 0; i < diags.count && !found; i++) {
        found = strcmp(diags.items[i].message, message) == 0 && diags.items[i].line == line &&
                diags.items[i].column == column;
    }
    if (!found) {
        fail_msg("%u:%u %s, not \"%s\"", diags.items[0].line, diags.items[0].column,
                 diags.items[0].message, message);
    }
    scenario_check_mistakes(&diags);
    diags_finish(&diags);
    buf_finish(file);
}

static void append_times(Buf *out, const char *text, size_t times) {
    for (size_t i = 0; i < times; i++) {
        buf_append_text(out, text);
    }
}

static void a_file_beyond_64_mib_is_refused_unread(void **state) {
    (void)state;
    Diags diags = {0};
    char *text = mem_alloc((size_t)SCENARIO_SIZE_MAX_BYTES + 1, 1);
    assert_null(scenario_load_text("big.json", text, (size_t)SCENARIO_SIZE_MAX_BYTES + 1, &diags));
    assert_int_equal(diags.count, 1);
    assert_string_equal(diags.items[0].message, "the file is larger than 64 MiB");
    assert_int_equal(diags.items[0].line, 0);
    diags_finish(&diags);
    memset(text, ' ', SCENARIO_SIZE_MAX_BYTES);
    assert_null(scenario_load_text("big.json", text, SCENARIO_SIZE_MAX_BYTES, &diags));
    assert_non_null(strstr(diags.items[0].message, "the file is empty"));
    assert_int_equal(diags.items[0].column, SCENARIO_SIZE_MAX_BYTES + 1);
    diags_finish(&diags);
    free(text);
}

static void no_more_than_so_many_values(void **state) {
    (void)state;
    enum { VALUES_MAX = 1 << 24 };
    Buf file = {0};
    buf_append_text(&file, "[\n");
    append_times(&file, "0,0,0,0,", VALUES_MAX / 4);
    buf_append_text(&file, "0]");
    /* The array is a value, too; its last allowed number stands before the comma. */
    check_refused(&file, 2, 2 * (VALUES_MAX - 1) + 1,
                  "the file holds too many values; expected at most 16,777,216");
}

static void no_more_than_so_many_placeholders(void **state) {
    (void)state;
    enum { PLACEHOLDERS_MAX = 1 << 22 };
    Buf file = {0};
    buf_append_text(&file, HEAD "{\"log\":\n\"");
    append_times(&file, "{i}", PLACEHOLDERS_MAX + 1);
    buf_append_text(&file, "\"}" TAIL);
    check_refused(&file, 2, 1, "too many placeholders");
}

/* Each step keeps its JSON Pointer, here of a mebibyte. */
static void no_more_than_so_much_for_the_places_of_steps(void **state) {
    (void)state;
    enum { NAME_BYTES = 1 << 20, STEPS = 260 };
    Buf file = {0};
    buf_append_text(&file, "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":[]}],"
                           "\"coroutines\":{\"");
    append_times(&file, "n", NAME_BYTES);
    buf_append_text(&file, "\":[\n");
    append_times(&file, "{\"sleep\":0},\n", STEPS);
    buf_append_text(&file, "{}]}}");
    /* 255 pointers of a little more than a mebibyte fit into 256 MiB. */
    check_refused(&file, 2 + 255, 1, "too many steps in blocks this deep or names this long");
}

static void no_more_than_so_many_ways_to_call(void **state) {
    (void)state;
    enum { USES = 20000, TASKS = 10001 };
    Buf file = {0};
    buf_append_text(&file, "{\"title\":\"t\",\"coroutines\":{\"c\":[{\"open\":\"f\",\"as\":\"f\"}");
    append_times(&file, ",{\"close\":\"f\"}", USES);
    buf_append_text(&file, "]},\"tasks\":[");
    for (unsigned i = 0; i < TASKS; i++) {
        buf_printf(&file, "{\"name\":\"t%u\",\"steps\":[{\"call\":\"c\"}]}%s", i,
                   i + 1 < TASKS ? "," : "]}");
    }
    check_refused(&file, 1, 1, "the coroutines call each other in too many ways");
}

static void *no_memory(size_t size_bytes) {
    (void)size_bytes;
    return NULL;
}

static void a_lack_of_memory_is_told(void **state) {
    (void)state;
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = no_memory, .free_fn = free});
    Buf file = {0};
    buf_append_text(&file, HEAD TAIL);
    check_refused(&file, 1, 1, "there is not enough memory for this file");
    cJSON_InitHooks(NULL);
}

static void a_file_that_is_not_there_is_told(void **state) {
    (void)state;
    static const char WORDS[] = "the file can't be read: ";
    Diags diags = {0};
    assert_null(scenario_load("/nowhere/at/all.json", &diags));
    assert_int_equal(strncmp(diags.items[0].message, WORDS, strlen(WORDS)), 0);
    assert_int_equal(diags.items[0].line, 0);
    diags_finish(&diags);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_beyond_64_mib_is_refused_unread),
        cmocka_unit_test(no_more_than_so_many_values),
        cmocka_unit_test(no_more_than_so_many_placeholders),
        cmocka_unit_test(no_more_than_so_much_for_the_places_of_steps),
        cmocka_unit_test(no_more_than_so_many_ways_to_call),
        cmocka_unit_test(a_lack_of_memory_is_told),
        cmocka_unit_test(a_file_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
