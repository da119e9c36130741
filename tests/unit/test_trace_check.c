/* The checker: quiet about legal logs, loud about what the timeline can't see at the time, and
 * right about the sizes of files. (Breaches that both see: test_trace_legal.c.) */
#include "trace_random.h"

#include "trace/check.h"

static void legal_logs_are_clean(void **unused) {
    (void)unused;
    for (uint64_t seed = 1; seed < 60; seed++) {
        Log *log = random_log(seed, 1 + (uint32_t)seed % 7, 20, 200 * (seed % 9));
        Diags diags = {0};
        assert_true(trace_check(log, &diags));
        assert_int_equal(diags.count, 0);
        log_destroy(log);
    }
}

/* A run that was killed leaves no loop_stop: nothing is missing, as far as one can tell. */
static void a_cut_log_is_clean(void **unused) {
    (void)unused;
    Log *log = random_log(4, 3, 8, 300);
    for (uint64_t count = 0; count < log_count(log); count += 3) {
        Tape cut = tape_make();
        while (log_count(cut.log) < count) {
            log_append(cut.log, log_event(log, log_count(cut.log)));
        }
        Diags diags = {0};
        assert_true(trace_check(cut.log, &diags));
        tape_finish(&cut);
    }
    log_destroy(log);
}

static Tape one_write(void) {
    Tape tape = tape_make();
    tape_new(&tape, 0, "a");
    tape_plain(&tape, EV_LOOP_START);
    tape_iteration(&tape, 1, 1);
    tape_task(&tape, EV_TASK_RUNNING, 0);
    tape_submit(&tape, 0, 0, IO_WRITE, IO_MODE_NONE, "a.txt", 10, 0);
    return tape;
}

static void breach_at_the_last(Tape *tape, size_t count, const char *why) {
    Diags diags = {0};
    assert_false(trace_check(tape->log, &diags));
    assert_int_equal(diags.count, count);
    assert_string_equal(diags.items[0].file, "trace");
    assert_int_equal(diags.items[0].line, log_count(tape->log) - 1 + 2);
    if (strstr(diags.items[0].message, why) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", diags.items[0].message, why);
    }
    diags_finish(&diags);
    tape_finish(tape);
}

static void a_done_run_leaves_nothing_open(void **unused) {
    (void)unused;
    Tape tape = one_write();
    tape_task(&tape, EV_TASK_FINISHED, 0);
    tape_stop(&tape, STOP_DONE);
    breach_at_the_last(&tape, 1, "operation 0 was never completed");

    tape = one_write();
    tape_waiting(&tape, 0, WAIT_IO, TARGET_OP, 0);
    tape_poll(&tape, -1);
    tape_polled(&tape, 1, 1);
    tape_completed(&tape, 0, 10);
    tape_stop(&tape, STOP_DONE);
    breach_at_the_last(&tape, 1, "task 0 never ended");

    tape = one_write(); /* the same is fine where the run was interrupted */
    tape_stop(&tape, STOP_INTERRUPTED);
    Diags diags = {0};
    assert_true(trace_check(tape.log, &diags));
    tape_finish(&tape);
}

static void an_iteration_runs_all_its_handles(void **unused) {
    (void)unused;
    Tape tape = tape_make();
    tape_new(&tape, 0, "a");
    tape_new(&tape, 1, "b");
    tape_plain(&tape, EV_LOOP_START);
    tape_iteration(&tape, 1, 2);
    tape_task(&tape, EV_TASK_RUNNING, 0);
    tape_task(&tape, EV_TASK_FINISHED, 0);
    tape_stop(&tape, STOP_DEADLOCK);
    breach_at_the_last(&tape, 1, "1 of its handles not run");
}

static void timers_fire_when_they_are_due(void **unused) {
    (void)unused;
    Tape tape = tape_make();
    tape_new(&tape, 0, "a");
    tape_plain(&tape, EV_LOOP_START);
    tape_iteration(&tape, 1, 1);
    tape_task(&tape, EV_TASK_RUNNING, 0);
    tape_timer(&tape, 0, 0, 10000);
    tape_waiting(&tape, 0, WAIT_TIMER, TARGET_TIMER, 0);
    tape_fired(&tape, 0, 0);
    breach_at_the_last(&tape, 1, "before it is due");

    tape = tape_make();
    tape_new(&tape, 0, "a");
    tape_plain(&tape, EV_LOOP_START);
    tape_iteration(&tape, 1, 1);
    tape_task(&tape, EV_TASK_RUNNING, 0);
    tape_timer(&tape, 0, 0, 10);
    tape_waiting(&tape, 0, WAIT_TIMER, TARGET_TIMER, 0);
    tape_fired(&tape, 0, 0);
    tape_callback(&tape, 1, "sleep", 0);
    breach_at_the_last(&tape, 2, "callback_ready does not follow");
}

static void breaches_are_counted_to_a_hundred(void **unused) {
    (void)unused;
    Tape tape = tape_make();
    for (int i = 0; i < 500; i++) {
        tape_said(&tape, EV_OUTPUT, 7, "nobody said this");
    }
    Diags diags = {0};
    assert_false(trace_check(tape.log, &diags));
    assert_int_equal(diags.count, 100);
    diags_finish(&diags);
    tape_finish(&tape);
}

/* Whatever stands in the slots, the checker only complains. */
static void noise_does_no_harm(void **unused) {
    (void)unused;
    uint64_t chance = 99;
    for (int round = 0; round < 200; round++) {
        Tape tape = tape_make();
        for (int i = 0; i < 60; i++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            Event event = event_make((EventKind)((chance >> 30) % EV_KIND_COUNT));
            event.task = (uint32_t)(chance >> 20) % 3;
            event.id = (chance >> 40) % 5 == 0 ? UINT32_MAX - 1 : (uint32_t)(chance >> 50) % 3;
            event.a = (uint8_t)((chance >> 10) % 4);
            event.x = (int64_t)((chance >> 15) % 4) - 1;
            event.y = (int64_t)((chance >> 12) % 4);
            event.text = tape_text(&tape, "text");
            tape_add(&tape, event);
        }
        Diags diags = {0};
        trace_check(tape.log, &diags);
        diags_finish(&diags);
        tape_finish(&tape);
    }
}

/* ---- invariant 6 ---- */

typedef struct Sizes {
    char text[512];
} Sizes;

static void note_size(void *context, const char *path, int64_t size_bytes) {
    Sizes *sizes = context;
    const size_t used = strlen(sizes->text);
    snprintf(sizes->text + used, sizeof sizes->text - used, "%s=%lld ", path,
             (long long)size_bytes);
}

static void sizes_are(Tape *tape, const char *must) {
    Sizes sizes = {""};
    trace_check_files(tape->log, note_size, &sizes);
    assert_string_equal(sizes.text, must);
    tape_finish(tape);
}

/* One operation after the other, on task 0. */
static void done(Tape *tape, uint32_t op, IoCall call, IoMode mode, const char *path, int64_t bytes,
                 int64_t offset, int64_t result) {
    tape_submit(tape, op, 0, call, mode, path, bytes, offset);
    tape_completed(tape, op, result);
}

static void sizes_follow_opens_and_writes(void **unused) {
    (void)unused;
    Tape tape = tape_make();
    done(&tape, 0, IO_OPENAT, IO_MODE_W, "a.txt", -1, -1, 0);
    done(&tape, 1, IO_WRITE, IO_MODE_NONE, "a.txt", 100, 0, 100);
    done(&tape, 2, IO_WRITE, IO_MODE_NONE, "a.txt", 50, 100, 50);
    done(&tape, 3, IO_WRITE, IO_MODE_NONE, "a.txt", 10, 20, 10); /* within */
    done(&tape, 4, IO_OPENAT, IO_MODE_W, "b/c.txt", -1, -1, 0);
    done(&tape, 5, IO_WRITE, IO_MODE_NONE, "b/c.txt", 7, 0, 7);
    done(&tape, 6, IO_OPENAT, IO_MODE_A, "./b//x/../c.txt", -1, -1, 0);
    done(&tape, 7, IO_WRITE, IO_MODE_NONE, "./b//x/../c.txt", 5, -1, 5);
    tape_blocking(&tape, 0, IO_WRITE, IO_MODE_NONE, "b/c.txt", 3, -1, 3);
    sizes_are(&tape, "a.txt=150 b/c.txt=15 ");

    tape = tape_make(); /* opened anew: empty; read: not changed; refused: not there */
    done(&tape, 0, IO_OPENAT, IO_MODE_W, "a.txt", -1, -1, 0);
    done(&tape, 1, IO_WRITE, IO_MODE_NONE, "a.txt", 100, 0, 100);
    done(&tape, 2, IO_OPENAT, IO_MODE_R, "a.txt", -1, -1, 0);
    done(&tape, 3, IO_READ, IO_MODE_NONE, "a.txt", 999, 0, 100);
    done(&tape, 4, IO_OPENAT, IO_MODE_R, "none.txt", -1, -1, -2);
    tape_blocking(&tape, 0, IO_OPENAT, IO_MODE_W, "late.txt", -1, -1, 0);
    sizes_are(&tape, "a.txt=100 late.txt=0 ");

    tape = tape_make();
    done(&tape, 0, IO_OPENAT, IO_MODE_W, "a.txt", -1, -1, 0);
    done(&tape, 1, IO_WRITE, IO_MODE_NONE, "a.txt", 100, 0, 100);
    done(&tape, 2, IO_OPENAT, IO_MODE_W, "a.txt", -1, -1, 0);
    sizes_are(&tape, "a.txt=0 ");
}

static void what_the_trace_can_not_tell(void **unused) {
    (void)unused;
    Tape tape = tape_make();
    done(&tape, 0, IO_OPENAT, IO_MODE_W, "a.txt", -1, -1, 0);
    done(&tape, 1, IO_WRITE, IO_MODE_NONE, "a.txt", 100, 0, -28); /* part of it may be there */
    sizes_are(&tape, "a.txt=-1 ");

    tape = tape_make(); /* it was there before the run */
    done(&tape, 0, IO_OPENAT, IO_MODE_R, "a.txt", -1, -1, 0);
    sizes_are(&tape, "a.txt=-1 ");

    tape = tape_make(); /* a write in flight while the file is emptied */
    done(&tape, 0, IO_OPENAT, IO_MODE_W, "a.txt", -1, -1, 0);
    tape_submit(&tape, 1, 0, IO_WRITE, IO_MODE_NONE, "a.txt", 100, 0);
    tape_submit(&tape, 2, 0, IO_OPENAT, IO_MODE_W, "a.txt", -1, -1);
    tape_completed(&tape, 1, 100);
    tape_completed(&tape, 2, 0);
    sizes_are(&tape, "a.txt=-1 ");

    tape = tape_make(); /* never seen to complete */
    done(&tape, 0, IO_OPENAT, IO_MODE_W, "a.txt", -1, -1, 0);
    tape_submit(&tape, 1, 0, IO_WRITE, IO_MODE_NONE, "a.txt", 100, 0);
    sizes_are(&tape, "a.txt=-1 ");

    tape = tape_make(); /* emptied later, with nothing in flight: known again */
    done(&tape, 0, IO_OPENAT, IO_MODE_W, "a.txt", -1, -1, 0);
    done(&tape, 1, IO_WRITE, IO_MODE_NONE, "a.txt", 100, 0, -28);
    done(&tape, 2, IO_OPENAT, IO_MODE_W, "a.txt", -1, -1, 0);
    done(&tape, 3, IO_WRITE, IO_MODE_NONE, "a.txt", 9, 0, 9);
    sizes_are(&tape, "a.txt=9 ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legal_logs_are_clean),
        cmocka_unit_test(a_cut_log_is_clean),
        cmocka_unit_test(a_done_run_leaves_nothing_open),
        cmocka_unit_test(an_iteration_runs_all_its_handles),
        cmocka_unit_test(timers_fire_when_they_are_due),
        cmocka_unit_test(breaches_are_counted_to_a_hundred),
        cmocka_unit_test(noise_does_no_harm),
        cmocka_unit_test(sizes_follow_opens_and_writes),
        cmocka_unit_test(what_the_trace_can_not_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
