/* What could be written instead of a mistake: told where there is one such form, and else not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/scenario.h"

#include <stdio.h>
#include <string.h>

typedef struct Row {
    const char *text; /* of the file, or of a task's steps */
    const char *write;
} Row;

/* One of the file's mistakes offers it; for NULL: the first one offers nothing. */
static void check(const char *file, const char *write) {
    Diags diags = {0};
    assert_null(scenario_load_text("test.json", file, strlen(file), &diags));
    assert_true(diags.count > 0);
    diags_sort(&diags);
    size_t at = 0;
    while (write != NULL && at < diags.count &&
           (diags.items[at].write == NULL || strcmp(diags.items[at].write, write) != 0)) {
        at++;
    }
    if (at == diags.count) {
        fail_msg("%s\ndoes not offer %s", file, write);
    }
    char line[128];
    Buf text = {0};
    diag_format(&diags.items[at], &text);
    snprintf(line, sizeof line, "  write %s", write == NULL ? "" : write);
    if ((strstr(buf_text(&text), line) != NULL) != (write != NULL)) {
        fail_msg("%s\nis told as %s", file, buf_text(&text));
    }
    buf_finish(&text);
    diags_finish(&diags);
}

static void check_steps(const Row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char file[1024];
        snprintf(file, sizeof file,
                 "{\"title\": \"T\", \"tasks\": [{\"name\": \"a\", \"steps\": [%s]}]}",
                 rows[i].text);
        check(file, rows[i].write);
    }
}

static void durations(void **state) {
    (void)state;
    static const Row ROWS[] = {{"{\"sleep\": \"20 ms\"}", "\"sleep\": \"20ms\""},
                               {"{\"sleep\": \"20MSEC\"}", "\"sleep\": \"20ms\""},
                               {"{\"sleep\": \"1.5 seconds\"}", "\"sleep\": \"1.5s\""},
                               {"{\"sleep\": \"5\xC2\xB5s\"}", "\"sleep\": \"5us\""},
                               {"{\"sleep\": \"0.5\"}", "\"sleep\": 0.5"},
                               {"{\"sleep\": \"05\"}", NULL},
                               {"{\"sleep\": \"5 days\"}", NULL},
                               {"{\"sleep\": \"soon\"}", NULL},
                               {"{\"sleep\": \"\"}", NULL},
                               {"{\"sleep\": -1}", "\"sleep\": 0"},
                               {"{\"sleep\": 2e9}", "\"sleep\": 1000000000"},
                               {"{\"sleep\": true}", NULL},
                               {"{\"sleep\": [1]}", NULL}};
    check_steps(ROWS, sizeof ROWS / sizeof ROWS[0]);
}

#define OPENED "{\"open\": \"f\", \"as\": \"f\"}, {\"write\": {\"bytes\": "
#define TO     "}, \"to\": \"f\"}"

static void sizes(void **state) {
    (void)state;
    static const Row ROWS[] = {{OPENED "\"64 KiB\"" TO, "\"bytes\": \"64KiB\""},
                               {OPENED "\"64kib\"" TO, "\"bytes\": \"64KiB\""},
                               {OPENED "\"65536\"" TO, "\"bytes\": 65536"},
                               {OPENED "\"65536 bytes\"" TO, "\"bytes\": 65536"},
                               {OPENED "\"1.5MiB\"" TO, "\"bytes\": 1572864"},
                               {OPENED "\"0.3KiB\"" TO, NULL},
                               {OPENED "\"99999999999999999999.5GiB\"" TO, NULL},
                               {OPENED "\"64 KB\"" TO, NULL}, /* 64000 or 65536 */
                               {OPENED "\"much\"" TO, NULL},
                               {OPENED "-1" TO, "\"bytes\": 0"},
                               {OPENED "9007199254740993" TO, "\"bytes\": 9007199254740992"},
                               {OPENED "1.5" TO, NULL},
                               {OPENED "null" TO, NULL}};
    check_steps(ROWS, sizeof ROWS / sizeof ROWS[0]);
}

static void texts_numbers_and_names(void **state) {
    (void)state;
    static const Row ROWS[] = {
        {"{\"log\": 5}", "\"log\": \"5\""},
        {"{\"log\": true}", "\"log\": \"true\""},
        {"{\"log\": [5]}", NULL},
        {"{\"repeat\": \"3\", \"steps\": []}", "\"repeat\": 3"},
        {"{\"repeat\": \"03\", \"steps\": []}", NULL},
        {"{\"repeat\": \"often\", \"steps\": []}", NULL},
        {"{\"open\": \"f\", \"as\": \"my file\"}", "\"as\": \"my_file\""},
        {"{\"open\": \"f\", \"as\": \"1st\"}", NULL},
        {"{\"open\": \"f\", \"as\": \"\"}", NULL},
    };
    check_steps(ROWS, sizeof ROWS / sizeof ROWS[0]);
}

static void near_names(void **state) {
    (void)state;
    static const Row ROWS[] = {
        {"{\"slep\": \"20ms\"}", "\"sleep\": \"20ms\""},
        {"{\"repaet\": 2, \"steps\": []}", "\"repeat\": 2"},
        {"{\"open\": \"f\", \"az\": \"f\"}", "\"as\": \"f\""},
        {"{\"repeat\": 2, \"step\": [\n]}", "\"steps\":"}, /* more than a line: the key alone */
        {"{\"open\": \"f\", \"as\": \"file\"}, {\"close\": \"flie\"}", "\"close\": \"file\""},
        {"{\"log\": \"hi {tsk}\"}", NULL}, /* a part of a text */
        {"{\"qqqqqq\": 1}", NULL},
    };
    check_steps(ROWS, sizeof ROWS / sizeof ROWS[0]);
}

static void signs_of_json(void **state) {
    (void)state;
    static const Row ROWS[] = {
        {"{\n  \"title\": \"T\"\n  \"tasks\": []\n}", "\"title\": \"T\","},
        {"{\"title\": \"T\" \"tasks\": []}", "\"title\": \"T\","},
        {"{\"tasks\": [\n  { \"name\": \"a\",\n    \"steps\": [] }\n  { \"name\": \"b\" }]}",
         "\"steps\": [] },"},
        {"{\"title\": \"T\", }", "\"title\": \"T\"}"},
        {"{\"title\": [1, 2,\n]}", "2"},
        {"{\"title\": [\"x\" ,]}", "\"x\"]"},
        {"{title: \"T\"}", "\"title\":"},
        {"{'title': \"T\"}", "\"title\":"},
        {"{-: \"T\"}", NULL},
        {"{\"title\" \"T\"}", "\"title\":"},
        {"{\"title\" = \"T\"}", "\"title\":"},
        {"{\"title\": 'T'}", "\"T\""},
        {"{\"title\": 'say \"T\"'}", NULL},
        {"{\"title\": 'T\n'}", NULL},
        {"{\"title\": True}", "true"},
        {"{\"title\": FALSE}", "false"},
        {"{\"title\": None}", "null"},
        {"{\"title\": Truely}", NULL},
        {"{\"title\": 007}", "7"},
        {"{\"title\": -00.5}", "-0.5"},
        {"{\"title\": 00}", "0"},
        {"{\"title\": \"T\" // mine\n \"tasks\": []}", NULL}, /* the comment comes first */
        {"{\"title\": }", NULL},
        {"{\"title\": \"T\"", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        check(ROWS[i].text, ROWS[i].write);
    }
}

/* What a terminal must not see, or nobody would copy, is left out. */
static void no_harm(void **state) {
    (void)state;
    char file[512];
    static const Row ROWS[] = {
        {"{\"slep\": \"\\u001b[31m\"}", "\"sleep\": \"\\u001b[31m\""}, /* as it is written */
        {"{\"slep\": \"\xE2\x80\xAE\"}", NULL},
        {"{\"slep\": \"a text that is much longer than what anybody wants to see there\"}",
         "\"sleep\":"},
    };
    check_steps(ROWS, sizeof ROWS / sizeof ROWS[0]);
    snprintf(file, sizeof file, "{\"title\": '%0100d'}", 0);
    check(file, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations),  cmocka_unit_test(sizes),
        cmocka_unit_test(near_names), cmocka_unit_test(texts_numbers_and_names),
        cmocka_unit_test(no_harm),    cmocka_unit_test(signs_of_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
