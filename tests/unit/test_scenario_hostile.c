/* Files that nobody would write by hand: each ends in a program or in mistakes at good places,
 * never in a crash, and costs what its size allows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario_check.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":["
#define TAIL "]}]}"

static const char *const SHIPPED[] = {
    "scenarios/three-writers.json", "scenarios/spawn-and-await.json", "scenarios/read-back.json",
    "scenarios/blocking-writes.json", "scenarios/frozen-loop.json"};

enum { SHIPPED_COUNT = sizeof SHIPPED / sizeof SHIPPED[0] };

static void read_file(const char *name, Buf *out) {
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    char chunk[4096];
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        buf_append(out, chunk, got);
    }
    fclose(file);
}

/* A copy of its own size: reading beyond it is seen by the sanitizer. */
static bool check_exact(const char *text, size_t size_bytes) {
    char *copy = malloc(size_bytes == 0 ? 1 : size_bytes);
    assert_non_null(copy);
    if (size_bytes > 0) {
        memcpy(copy, text, size_bytes);
    }
    const bool good = scenario_check_text(copy, size_bytes);
    free(copy);
    return good;
}

/* ---- cut off ---- */

static void check_cut(const char *text, size_t cut) {
    Diags diags = {0};
    char *copy = malloc(cut + 1);
    assert_non_null(copy);
    memcpy(copy, text, cut);
    assert_null(scenario_load_text("cut.json", copy, cut, &diags));
    scenario_check_mistakes(&diags);
    uint32_t line = 0, column = 0;
    scenario_place_of(text, cut, &line, &column);
    const Diag *last = &diags.items[diags.count - 1];
    assert_non_null(strstr(last->message, cut == 0 ? "the file is empty" : "ends too early"));
    assert_int_equal(last->line, line);
    assert_int_equal(last->column, column);
    free(copy);
    diags_finish(&diags);
}

/* Wherever a good file is cut off, its end is what is wrong, at the place just behind it. */
static void every_cut_is_an_early_end(void **state) {
    (void)state;
    Buf text = {0};
    read_file(SHIPPED[0], &text);
    size_t size = text.size_bytes;
    while (text.data[size - 1] != '}') {
        size--;
    }
    for (size_t cut = 0; cut < size; cut++) {
        check_cut(text.data, cut);
    }
    assert_true(check_exact(text.data, size));
    buf_finish(&text);
}

/* ---- changed ---- */

static uint64_t next_random(uint64_t *seed) { /* xorshift64 (Marsaglia) */
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static size_t below(uint64_t *seed, size_t bound) {
    return (size_t)(next_random(seed) % bound);
}

/* One change: a byte turned or put in, a piece taken out, doubled, or replaced by a word. */
static void change(Buf *text, uint64_t *seed) {
    static const char *const WORDS[] = {"{",  "}",       "[",       "]",      "\"",    ",",
                                        ":",  "\\",      "null",    "-1",     "1e999", "\"\"",
                                        "{}", "\\u0000", "\\ud800", "\xFF",   "{i}",   "//",
                                        "/*", "\n",      "\t",      "\"as\"", "\"f\"", "\"steps\""};
    Buf out = {0};
    const size_t size = text->size_bytes, at = below(seed, size);
    size_t more = 1 + below(seed, 40);
    more = more > size - at ? size - at : more;
    buf_append(&out, text->data, at);
    switch (below(seed, 5)) {
    case 0:
        buf_append_char(&out, (char)(text->data[at] ^ (1 << below(seed, 8))));
        buf_append(&out, text->data + at + 1, size - at - 1);
        break;
    case 1:
        buf_append_char(&out, (char)below(seed, 256));
        buf_append(&out, text->data + at, size - at);
        break;
    case 2:
        buf_append(&out, text->data + at + more, size - at - more);
        break;
    case 3:
        buf_append(&out, text->data + at, more);
        buf_append(&out, text->data + at, size - at);
        break;
    default:
        buf_append_text(&out, WORDS[below(seed, sizeof WORDS / sizeof WORDS[0])]);
        buf_append(&out, text->data + at + more, size - at - more);
        break;
    }
    buf_finish(text);
    *text = out;
}

static void changed_files_never_crash(void **state) {
    (void)state;
    enum { ROUNDS = 4000, CHANGES_MAX = 4 };
    uint64_t seed = UINT64_C(0x9E3779B97F4A7C15);
    unsigned good = 0;
    Buf originals[SHIPPED_COUNT] = {{0}};
    for (size_t i = 0; i < SHIPPED_COUNT; i++) {
        read_file(SHIPPED[i], &originals[i]);
    }
    for (unsigned round = 0; round < ROUNDS; round++) {
        const Buf *original = &originals[round % SHIPPED_COUNT];
        Buf text = {0};
        buf_append(&text, original->data, original->size_bytes);
        for (size_t changes = 1 + below(&seed, CHANGES_MAX); changes > 0; changes--) {
            change(&text, &seed);
        }
        good += check_exact(text.data, text.size_bytes) ? 1 : 0;
        buf_finish(&text);
    }
    /* Both happen, or the changes are no test: some hit a text, most hit the structure. */
    assert_in_range(good, ROUNDS / 50, ROUNDS / 2);
    for (size_t i = 0; i < SHIPPED_COUNT; i++) {
        buf_finish(&originals[i]);
    }
}

/* Every byte of a file in turn becomes each character that means something. */
static void every_byte_may_be_any_sign(void **state) {
    (void)state;
    static const char SIGNS[] = "{}[]\",:\\/-0e\n\0\xFF";
    Buf text = {0};
    read_file("scenarios/two-tasks.json", &text);
    for (size_t at = 0; at < text.size_bytes; at++) {
        const char was = text.data[at];
        for (size_t i = 0; i < sizeof SIGNS - 1; i++) {
            text.data[at] = SIGNS[i];
            check_exact(text.data, text.size_bytes);
        }
        text.data[at] = was;
    }
    buf_finish(&text);
}

/* ---- large ---- */

static void append_times(Buf *out, const char *text, size_t times) {
    for (size_t i = 0; i < times; i++) {
        buf_append_text(out, text);
    }
}

/* Loads HEAD, `before`, `text` so many times, `behind`, TAIL. */
static bool check_repeated(const char *before, const char *text, size_t times, const char *behind) {
    Buf file = {0};
    buf_append_text(&file, HEAD);
    buf_append_text(&file, before);
    append_times(&file, text, times);
    buf_append_text(&file, behind);
    buf_append_text(&file, TAIL);
    const bool good = check_exact(file.data, file.size_bytes);
    buf_finish(&file);
    return good;
}

static void large_good_files_are_good(void **state) {
    (void)state;
    enum { MANY = 100000 };
    assert_true(check_repeated("{\"log\":\"", "long ", 10 * MANY, "\"}"));
    assert_true(check_repeated("{\"log\":\"", "{{}}", MANY, "\"}"));
    assert_true(check_repeated("{\"log\":\"", "{task}-{i} ", MANY, "\"}"));
    assert_true(check_repeated("{\"sleep\":0.", "0", MANY, "1}"));
    assert_true(check_repeated("", "{\"log\":\"x\"},", MANY / 4, "{\"sleep\":0}"));
    assert_true(check_repeated("", " \n\t", MANY, ""));
    assert_true(check_repeated("{\"spawn\":\"", "", 0, "x\"}") == false);
    assert_true(check_repeated("{\"open\":\"f\",\"as\":\"", "n", MANY, "\"}"));
}

static void large_bad_files_end_in_a_message(void **state) {
    (void)state;
    enum { MANY = 100000 };
    assert_false(check_repeated("", "[", MANY, ""));
    assert_false(check_repeated("", "{\"repeat\":1,\"steps\":[", MANY, ""));
    assert_false(check_repeated("{\"log\":\"", "{x}", MANY, "\"}"));
    assert_false(check_repeated("{\"log\":\"", "{", MANY + 1, "\"}"));
    assert_false(check_repeated("{\"log\":\"", "}a", MANY, "\"}"));
    assert_false(check_repeated("{\"log\":\"", "\\ud800", MANY, "\"}"));
    assert_false(check_repeated("{\"log\":\"", "\xFF", MANY, "\"}"));
    assert_false(check_repeated("{\"log\":\"x\"", ",\"k\":1", MANY, "}"));
    assert_false(check_repeated("", "{\"sleep\":-1}\n", MANY / 4, ""));
    assert_false(check_repeated("", "{\"sleep\":-1},", MANY / 4, "{}"));
    assert_false(check_repeated("", "//\n", MANY, ""));
    assert_false(check_repeated("{\"repeat\":1e", "9", MANY, ",\"steps\":[]}"));
    assert_false(check_repeated("{\"repeat\":", "9", MANY, ",\"steps\":[]}"));
    assert_false(check_repeated("{\"", "k", 10 * MANY, "\":1}"));
    assert_false(check_repeated("{\"await\":\"", "n", 10 * MANY, "\"}"));
}

/* Blocks nest as deep as the file may: 256 levels, of which the document, the array of tasks, the
 * task and its steps take four, and each block two. */
static void blocks_nest_to_the_bound(void **state) {
    (void)state;
    for (size_t blocks = 125; blocks <= 127; blocks++) {
        Buf file = {0};
        buf_append_text(&file, HEAD);
        append_times(&file, "{\"repeat\":1,\"steps\":[", blocks);
        append_times(&file, "]}", blocks);
        buf_append_text(&file, TAIL);
        assert_int_equal(check_exact(file.data, file.size_bytes), blocks <= 126);
        buf_finish(&file);
    }
}

/* Names that differ in their last letters, used where they are not given: near names are looked for
 * in a table that grows with the file. */
static void many_names_are_not_compared_with_each_other(void **state) {
    (void)state;
    enum { MANY = 20000 };
    Buf file = {0};
    buf_append_text(&file, HEAD);
    for (unsigned i = 0; i < MANY; i++) {
        buf_printf(&file, "{\"open\":\"f\",\"as\":\"given%u\"},{\"close\":\"wanted%u\"},", i, i);
    }
    buf_append_text(&file, "{\"log\":\"\"}" TAIL);
    Diags diags = {0};
    assert_null(scenario_load_text("names.json", file.data, file.size_bytes, &diags));
    assert_int_equal(diags.count, DIAGS_MAX);
    assert_int_equal(diags.count + diags.dropped, MANY);
    diags_finish(&diags);
    buf_finish(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut_is_an_early_end),
        cmocka_unit_test(changed_files_never_crash),
        cmocka_unit_test(every_byte_may_be_any_sign),
        cmocka_unit_test(large_good_files_are_good),
        cmocka_unit_test(large_bad_files_end_in_a_message),
        cmocka_unit_test(blocks_nest_to_the_bound),
        cmocka_unit_test(many_names_are_not_compared_with_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
