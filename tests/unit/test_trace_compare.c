/* Two runs beside each other: what is the order, where it parts, and which tasks go together. */
#include "trace_fixture.h"

#include "trace/compare.h"

/* Hands over a write each, in turn; the completions come in the order that `first` begins. */
static Tape writers(uint32_t first, uint64_t step_ns) {
    Tape tape = tape_make();
    tape.step_ns = step_ns;
    tape_new(&tape, 0, "a");
    tape_new(&tape, 1, "b");
    tape_plain(&tape, EV_LOOP_START);
    tape_iteration(&tape, 1, 2);
    for (uint32_t task = 0; task < 2; task++) {
        tape_task(&tape, EV_TASK_RUNNING, task);
        tape_said(&tape, EV_STEP, task, "/steps/0");
        tape_submit(&tape, task, task, IO_WRITE, IO_MODE_NONE, task == 0 ? "a" : "b", 64, 0);
        tape_waiting(&tape, task, WAIT_IO, TARGET_OP, task);
    }
    tape_poll(&tape, -1);
    tape_polled(&tape, 2, 1);
    for (uint32_t i = 0; i < 2; i++) {
        const uint32_t task = i == 0 ? first : 1 - first;
        tape_completed(&tape, task, 64);
        tape_ready(&tape, task, READY_RESUMED);
    }
    for (uint32_t i = 0; i < 2; i++) {
        const uint32_t task = i == 0 ? first : 1 - first;
        tape_task(&tape, EV_TASK_RUNNING, task);
        tape_task(&tape, EV_TASK_FINISHED, task);
    }
    tape_stop(&tape, STOP_DONE);
    return tape;
}

static void compare(Comparison *comparison, const Tape *a, const Tape *b) {
    const Log *const logs[COMPARE_RUNS] = {a->log, b->log};
    const uint64_t counts[COMPARE_RUNS] = {log_count(a->log), log_count(b->log)};
    comparison_make(comparison, logs, counts);
}

static void a_run_is_like_itself_however_fast(void **unused) {
    (void)unused;
    Tape a = writers(0, 10), b = writers(0, 1000);
    Comparison comparison;
    compare(&comparison, &a, &b);
    assert_false(comparison.first.any);
    assert_int_equal(comparison.first.n[0], UINT64_MAX);
    assert_true(comparison.first.alike > 10);
    assert_true(comparison_ratio(&comparison) > 99 && comparison_ratio(&comparison) < 101);
    comparison_finish(&comparison);
    tape_finish(&a);
    tape_finish(&b);
}

/* The completions stand between what is the same and what follows from them. */
static void the_orders_part_at_the_first_completion(void **unused) {
    (void)unused;
    Tape a = writers(0, 10), b = writers(1, 10);
    Comparison comparison;
    compare(&comparison, &a, &b);
    assert_true(comparison.first.any);
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        const Event *event = log_event(run == 0 ? a.log : b.log, comparison.first.n[run]);
        assert_int_equal(event->kind, EV_IO_COMPLETED);
        assert_int_equal(event->id, run);
    }
    comparison_finish(&comparison);
    tape_finish(&a);
    tape_finish(&b);
}

/* Two short tapes, the second with one event more or with another one. */
static Tape one_task(EventKind extra, const char *source) {
    const TraceHeader header = {.title = "",
                                .scenario = "",
                                .backend = "sim",
                                .notifier = "sim",
                                .started = "",
                                .source = source,
                                .source_size_bytes = strlen(source)};
    Tape tape = tape_make();
    log_set_header(tape.log, &header);
    tape_new(&tape, 0, "a");
    tape_plain(&tape, EV_LOOP_START);
    tape_iteration(&tape, 1, 1);
    tape_task(&tape, EV_TASK_RUNNING, 0);
    if (extra == EV_NOTE || extra == EV_OUTPUT || extra == EV_STEP) {
        tape_said(&tape, extra, 0, "text");
    } else if (extra == EV_LOOP_BLOCKED) {
        tape_task(&tape, extra, 0);
    }
    tape_task(&tape, EV_TASK_FINISHED, 0);
    tape_stop(&tape, STOP_DONE);
    return tape;
}

static void what_only_times_or_texts_decide_is_no_difference(void **unused) {
    (void)unused;
    static const struct {
        EventKind kind;
        bool differs;
    } ROWS[] = {{EV_NOTE, false}, {EV_LOOP_BLOCKED, false}, {EV_STEP, false}, {EV_OUTPUT, true}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        Tape a = one_task(EV_KIND_COUNT, ""), b = one_task(ROWS[i].kind, "");
        Comparison comparison;
        compare(&comparison, &a, &b);
        assert_int_equal(comparison.first.any, ROWS[i].differs);
        comparison_finish(&comparison);
        tape_finish(&a);
        tape_finish(&b);
    }
}

/* Steps of the same text are known by their place in it. */
static void steps_count_where_the_scenario_is_the_same(void **unused) {
    (void)unused;
    Tape a = one_task(EV_KIND_COUNT, "{}"), b = one_task(EV_STEP, "{}");
    Comparison comparison;
    compare(&comparison, &a, &b);
    assert_true(comparison.first.any);
    assert_int_equal(log_event(a.log, comparison.first.n[0])->kind, EV_TASK_FINISHED);
    assert_int_equal(log_event(b.log, comparison.first.n[1])->kind, EV_STEP);
    comparison_finish(&comparison);
    tape_finish(&a);
    tape_finish(&b);
}

static void a_run_that_ends_before_has_no_event_there(void **unused) {
    (void)unused;
    Tape a = writers(0, 10), b = writers(0, 10);
    const Log *const logs[COMPARE_RUNS] = {a.log, b.log};
    const uint64_t counts[COMPARE_RUNS] = {log_count(a.log) - 1, log_count(b.log)};
    Comparison comparison;
    comparison_make(&comparison, logs, counts);
    assert_true(comparison.first.any);
    assert_int_equal(comparison.first.n[0], UINT64_MAX);
    assert_int_equal(comparison.first.n[1], log_count(b.log) - 1);
    assert_false(comparison.stats[0].stopped);
    comparison_finish(&comparison);
    tape_finish(&a);
    tape_finish(&b);
}

static void tasks_go_together_by_name_and_turn(void **unused) {
    (void)unused;
    static const char *const NAMES[COMPARE_RUNS][4] = {{"main", "twin", "twin", "left"},
                                                       {"twin", "right", "main", "twin"}};
    static const ComparePair WANTED[] = {
        {{0, 2}}, {{1, 0}}, {{2, 3}}, {{3, EVENT_NONE}}, {{EVENT_NONE, 1}}};
    Tape tapes[COMPARE_RUNS];
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        tapes[run] = tape_make();
        for (uint32_t task = 0; task < 4; task++) {
            tape_new(&tapes[run], task, NAMES[run][task]);
        }
    }
    Comparison comparison;
    compare(&comparison, &tapes[0], &tapes[1]);
    assert_int_equal(comparison.pair_count, sizeof WANTED / sizeof WANTED[0]);
    for (size_t i = 0; i < comparison.pair_count; i++) {
        assert_memory_equal(&comparison.pairs[i], &WANTED[i], sizeof WANTED[i]);
    }
    assert_int_equal(comparison_pair_of(&comparison, 1, 3), 2);
    assert_int_equal(comparison_pair_of(&comparison, 0, 9), comparison.pair_count);
    assert_true(comparison.first.any);
    assert_int_equal(comparison.first.alike, 0);
    comparison_finish(&comparison);
    tape_finish(&tapes[0]);
    tape_finish(&tapes[1]);
}

static void nothing_is_like_nothing(void **unused) {
    (void)unused;
    Tape a = tape_make(), b = tape_make();
    Comparison comparison;
    compare(&comparison, &a, &b);
    assert_false(comparison.first.any);
    assert_int_equal(comparison.pair_count, 0);
    assert_true(comparison_ratio(&comparison) <= 0);
    comparison_finish(&comparison);
    tape_finish(&a);
    tape_finish(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_like_itself_however_fast),
        cmocka_unit_test(the_orders_part_at_the_first_completion),
        cmocka_unit_test(what_only_times_or_texts_decide_is_no_difference),
        cmocka_unit_test(steps_count_where_the_scenario_is_the_same),
        cmocka_unit_test(a_run_that_ends_before_has_no_event_there),
        cmocka_unit_test(tasks_go_together_by_name_and_turn),
        cmocka_unit_test(nothing_is_like_nothing),
    };
    return cmocka_run_group_tests_name("trace/compare", tests, NULL, NULL);
}
