/* Texts as Python shows and reads them. The expected ones were printed by python3. */
#include "loop/loop_impl.h"
#include "loop_rig.h"

static void expect_repr(const char *text, size_t length, const char *wanted) {
    Buf got = {0};
    loop_text_append_repr(&got, text, length);
    assert_string_equal(buf_text(&got), wanted);
    buf_finish(&got);
}

#define REPR(text, wanted) expect_repr("" text, sizeof(text) - 1, wanted)

static void repr_is_pythons(void **state) {
    (void)state;
    REPR("", "''");
    REPR("a.txt", "'a.txt'");
    REPR("it's", "\"it's\"");
    REPR("say \"hi\"", "'say \"hi\"'");
    REPR("it's \"so\"", "'it\\'s \"so\"'");
    REPR("a\\b", "'a\\\\b'");
    REPR("a\nb\tc\rd", "'a\\nb\\tc\\rd'");
    REPR("\x01\x1f\x7f", "'\\x01\\x1f\\x7f'");
    REPR("nul\0l", "'nul\\x00l'");
    REPR("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "'\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80'");
    REPR("\xc2\xa0\xe2\x80\x8b\xc2\xad", "'\\xa0\\u200b\\xad'");
    REPR("\xf3\xb0\x80\x80\xee\x80\x80", "'\\U000f0000\\ue000'");
}

static void expect_decoded(const char *bytes, size_t length, const char *wanted,
                           size_t wanted_length) {
    Buf got = {0};
    loop_text_append_decoded(&got, bytes, length);
    assert_int_equal(got.size_bytes, wanted_length);
    assert_memory_equal(buf_text(&got), wanted, wanted_length);
    buf_finish(&got);
}

#define R "\xEF\xBF\xBD"
#define DECODED(bytes, wanted)                                                                     \
    expect_decoded("" bytes, sizeof(bytes) - 1, "" wanted, sizeof(wanted) - 1)

static void bytes_that_are_no_text_become_replacement_characters(void **state) {
    (void)state;
    DECODED("", "");
    DECODED("plain \xc3\xa9", "plain \xc3\xa9");
    DECODED("a\0b", "a\0b");
    DECODED("\xff", R);
    DECODED("a\xc3", "a" R);
    DECODED("\xc3(", R "(");
    DECODED("\xe2\x82", R); /* cut short: one for what could have gone on */
    DECODED("\xe2\x82"
            "b",
            R "b");
    DECODED("\xe2(\xa1", R "(" R);
    DECODED("\xf0\x9f\x98", R);
    DECODED("\xf0\x9f\x98\xc3\xa9", R "\xc3\xa9");
    DECODED("\xc0\xaf", R R); /* overlong: none of it could have gone on */
    DECODED("\xe0\x80\x80", R R R);
    DECODED("\xed\xa0\x80", R R R);       /* a surrogate */
    DECODED("\xf4\x90\x80\x80", R R R R); /* beyond U+10FFFF */
    DECODED("\xf8\x88\x80\x80\x80", R R R R R);
    DECODED("\x80\xbf", R R);
}

static Piece piece_of(PieceKind kind) {
    return (Piece){.kind = kind};
}

/* {task}, {i} in and out of loops, and in tasks of every kind. */
static void placeholders_are_filled_in(void **state) {
    (void)state;
    Rig rig = rig_make();
    const Piece all[] = {
        piece_of(PIECE_TASK), {.kind = PIECE_TEXT, .text = ":", .length = 1}, piece_of(PIECE_COPY)};
    const Piece loops[] = {piece_of(PIECE_TASK),
                           {.kind = PIECE_TEXT, .text = " ", .length = 1},
                           piece_of(PIECE_LOOP),
                           piece_of(PIECE_LOOP)};
    const uint32_t outside = program_add_template(rig.builder, all, 3);
    const uint32_t inside = program_add_template(rig.builder, loops, 4);
    const uint32_t empty = program_add_template(rig.builder, NULL, 0);
    const uint32_t child = rig_body(&rig, "child");
    rig_log_template(&rig, outside);
    rig_end(&rig);
    const uint32_t body = rig_body(&rig, "t");
    rig_log_template(&rig, outside);
    const uint32_t outer = rig_repeat(&rig, 2);
    const uint32_t inner = rig_repeat(&rig, 11);
    rig_repeat_end(&rig, inner);
    rig_log_template(&rig, inside);
    rig_repeat_end(&rig, outer);
    rig_log_template(&rig, empty);
    rig_spawn(&rig, child, NULL);
    rig_end(&rig);
    rig_task(&rig, "solo", body);
    program_add_task(rig.builder, "t", body, 2, true);
    rig_run(&rig);
    rig_expect_output(&rig, "solo:0\nsolo 00\nsolo 11\n\n"
                            "t-0:0\nt-0 00\nt-0 11\n\n"
                            "t-1:1\nt-1 00\nt-1 11\n\n"
                            "child:0\nchild-2:0\nchild-3:0\n");
    rig_finish(&rig);
}

static void two_digit_indexes_are_measured_right(void **state) {
    (void)state;
    Rig rig = rig_make();
    const Piece piece = piece_of(PIECE_LOOP);
    const uint32_t text = program_add_template(rig.builder, &piece, 1);
    const uint32_t body = rig_body(&rig, "t");
    const uint32_t repeat = rig_repeat(&rig, 1101);
    rig_log_template(&rig, text);
    rig_repeat_end(&rig, repeat);
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig_run(&rig);
    uint64_t i = 0;
    for (uint64_t n = 0; n < log_count(rig.log); n++) {
        const Event *event = log_event(rig.log, n);
        if (event->kind == EV_OUTPUT) {
            char wanted[24];
            snprintf(wanted, sizeof wanted, "%llu", (unsigned long long)i++);
            assert_string_equal(log_text(rig.log, event->text, NULL), wanted);
        }
    }
    assert_int_equal(i, 1101);
    rig_finish(&rig);
}

/* What is submitted and what is spawned share the names of the run. */
static void spawned_names_avoid_what_there_was(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t worker = rig_body(&rig, "worker");
    rig_end(&rig);
    const uint32_t boss = rig_body(&rig, "boss");
    for (int i = 0; i < 4; i++) {
        rig_spawn(&rig, worker, NULL);
    }
    rig_spawn(&rig, worker, "x");
    rig_spawn(&rig, worker, "x");
    rig_end(&rig);
    program_add_task(rig.builder, "worker", worker, 4, true);
    rig_task(&rig, "boss", boss);
    rig_run(&rig);
    static const char *const WANTED[] = {"worker-0", "worker-1", "worker-2", "worker-3",
                                         "boss",     "worker",   "worker-4", "worker-5",
                                         "worker-6", "x",        "x-2"};
    uint32_t task = 0;
    for (uint64_t n = 0; n < log_count(rig.log); n++) {
        const Event *event = log_event(rig.log, n);
        if (event->kind == EV_TASK_CREATED) {
            assert_true(task < sizeof WANTED / sizeof WANTED[0]);
            assert_string_equal(log_text(rig.log, event->text, NULL), WANTED[task++]);
        }
    }
    assert_int_equal(task, sizeof WANTED / sizeof WANTED[0]);
    rig_finish(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repr_is_pythons),
        cmocka_unit_test(bytes_that_are_no_text_become_replacement_characters),
        cmocka_unit_test(placeholders_are_filled_in),
        cmocka_unit_test(two_digit_indexes_are_measured_right),
        cmocka_unit_test(spawned_names_avoid_what_there_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
