/* Which runs come to the same: what is printed, and how tasks and the whole end; no times. */
#include "trace_fixture.h"

#include "trace/outcomes.h"

/* Two tasks print a word each, in the order that `first` begins; the second fails or not. */
static Tape two_tasks(uint32_t first, const char *error, uint64_t step_ns) {
    Tape tape = tape_make();
    tape.step_ns = step_ns;
    tape_new(&tape, 0, "a");
    tape_new(&tape, 1, "b");
    tape_plain(&tape, EV_LOOP_START);
    tape_iteration(&tape, 1, 2);
    for (uint32_t i = 0; i < 2; i++) {
        const uint32_t task = i == 0 ? first : 1 - first;
        tape_task(&tape, EV_TASK_RUNNING, task);
        tape_said(&tape, EV_OUTPUT, task, task == 0 ? "one" : "two");
        if (task == 1 && error != NULL) {
            tape_said(&tape, EV_TASK_FAILED, task, error);
        } else {
            tape_task(&tape, EV_TASK_FINISHED, task);
        }
    }
    tape_stop(&tape, STOP_DONE);
    return tape;
}

static void add(Outcomes *outcomes, Tape tape, uint64_t seed) {
    outcomes_add(outcomes, tape.log, seed);
    tape_finish(&tape);
}

static void what_comes_to_the_same_is_counted_together(void **unused) {
    (void)unused;
    Outcomes outcomes = {0};
    add(&outcomes, two_tasks(0, NULL, 10), 5);
    add(&outcomes, two_tasks(1, NULL, 10), 6);
    add(&outcomes, two_tasks(1, NULL, 700), 7); /* slower, but the same */
    add(&outcomes, two_tasks(1, "ValueError: no", 10), 8);
    add(&outcomes, two_tasks(1, "ValueError: yes", 10), 9);
    assert_int_equal(outcomes.runs, 5);
    assert_int_equal(outcomes.count, 4);
    outcomes_sort(&outcomes);
    static const uint64_t COUNTS[] = {2, 1, 1, 1}, SEEDS[] = {6, 5, 8, 9};
    for (size_t i = 0; i < outcomes.count; i++) {
        assert_int_equal(outcomes.items[i].count, COUNTS[i]);
        assert_int_equal(outcomes.items[i].seed, SEEDS[i]);
        assert_int_equal(outcomes.items[i].tasks, 2);
        assert_int_equal(outcomes.items[i].reason, STOP_DONE);
    }
    assert_string_equal(outcomes.items[0].printed, "two\none\n");
    assert_string_equal(outcomes.items[1].printed, "one\ntwo\n");
    assert_string_equal(outcomes.items[1].ended, "");
    assert_string_equal(outcomes.items[2].ended, "b failed: ValueError: no\n");
    outcomes_finish(&outcomes);
}

static void who_did_not_end_is_named(void **unused) {
    (void)unused;
    static const EventKind ENDS[] = {EV_TASK_CANCELLED, EV_TASK_FINISHED, EV_KIND_COUNT};
    static const char *const WORDS[] = {"a was cancelled\n", "", "a did not end\n"};
    for (size_t i = 0; i < 3; i++) {
        Tape tape = tape_make();
        tape_new(&tape, 0, "a");
        tape_plain(&tape, EV_LOOP_START);
        tape_iteration(&tape, 1, 1);
        tape_task(&tape, EV_TASK_RUNNING, 0);
        if (ENDS[i] != EV_KIND_COUNT) {
            tape_task(&tape, ENDS[i], 0);
        }
        tape_stop(&tape, ENDS[i] == EV_KIND_COUNT ? STOP_LIMIT : STOP_DONE);
        Outcomes outcomes = {0};
        add(&outcomes, tape, 1);
        assert_string_equal(outcomes.items[0].ended, WORDS[i]);
        assert_int_equal(outcomes.items[0].reason, i == 2 ? STOP_LIMIT : STOP_DONE);
        outcomes_finish(&outcomes);
    }
}

static void nothing_is_nothing(void **unused) {
    (void)unused;
    Outcomes outcomes = {0};
    outcomes_sort(&outcomes);
    add(&outcomes, tape_make(), 1);
    assert_int_equal(outcomes.count, 1);
    assert_string_equal(outcomes.items[0].printed, "");
    assert_string_equal(outcomes.items[0].ended, "");
    outcomes_finish(&outcomes);
    assert_int_equal(outcomes.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_to_the_same_is_counted_together),
        cmocka_unit_test(who_did_not_end_is_named),
        cmocka_unit_test(nothing_is_nothing),
    };
    return cmocka_run_group_tests_name("trace/outcomes", tests, NULL, NULL);
}
