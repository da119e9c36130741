/* The step `thread` on every back end: what the trace tells, limits, interruption, what is left. */
#include "engine_rig.h"
#include "temp_file.h"

#include <stdatomic.h>

#define TASK(steps) "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":[" steps "]}]}"

/* One run of a scenario's text; ended by engine_finish. False where there is no such back end. */
static bool run_text(EngineRun *run, const char *text, OsBackend backend, LoopLimits limits) {
    char path[TEMP_FILE_MAX_BYTES];
    assert_true(temp_file_write(path, text, strlen(text)));
    const bool good = engine_start_limited(run, path, backend, 1, limits);
    assert_true(file_remove(path));
    return good;
}

static void on_each(const char *text, LoopLimits limits, void (*look)(EngineRun *run)) {
    const BackEnds here = back_ends();
    for (size_t i = 0; i < here.count; i++) {
        EngineRun run = {.print = NULL};
        if (run_text(&run, text, here.all[i], limits)) {
            Diags diags = {0};
            if (!trace_check(run.log, &diags)) {
                engine_fail_with("the trace", &diags);
            }
            diags_finish(&diags);
            look(&run);
        }
        engine_finish(&run);
    }
}

/* Events of a kind; *last is the last of them. */
static unsigned count_of(const EngineRun *run, EventKind kind, const Event **last) {
    unsigned count = 0;
    for (uint64_t n = 0; n < log_count(run->log); n++) {
        const Event *event = log_event(run->log, n);
        if (event->kind == kind) {
            count++;
            *last = event;
        }
    }
    return count;
}

/* ---- what is told ---------------------------------------------------------------------------- */

static void tells(EngineRun *run) {
    const Event *submitted = NULL, *completed = NULL, *waiting = NULL, *blocking = NULL;
    assert_int_equal(run->end.reason, STOP_DONE);
    assert_int_equal(count_of(run, EV_IO_SUBMITTED, &submitted), 1);
    assert_int_equal(submitted->a, IO_THREAD);
    assert_int_equal(submitted->c, os_backend(run->os) == OS_BACKEND_SIM ? VIA_SIM : VIA_THREADS);
    assert_int_equal(count_of(run, EV_TASK_WAITING, &waiting), 1);
    assert_int_equal(waiting->a, WAIT_THREAD);
    assert_int_equal(waiting->b, TARGET_OP);
    assert_int_equal(waiting->id, submitted->id);
    assert_int_equal(count_of(run, EV_IO_COMPLETED, &completed), 1);
    assert_int_equal(completed->x, 0);
    assert_int_equal(count_of(run, EV_IO_BLOCKING, &blocking), 5);
    bool done = false;
    for (uint64_t n = 0; n < log_count(run->log); n++) {
        const Event *event = log_event(run->log, n);
        done = done || event->kind == EV_IO_COMPLETED;
        if (event->kind == EV_IO_BLOCKING || event->kind == EV_OUTPUT) {
            assert_true(done); /* the story follows the end */
        }
        if (event->kind == EV_IO_BLOCKING) {
            assert_true(event_io_in_thread(event));
            assert_true(event->text != EVENT_NONE);
        }
    }
    assert_int_equal(event_io_result(blocking), 3); /* the read */
    Buf output = {0};
    engine_output(run, &output);
    assert_string_equal(buf_text(&output), "one\ngot abc\n");
    buf_finish(&output);
}

static void test_what_is_told(void **state) {
    (void)state;
    on_each(TASK("{\"thread\":[{\"log\":\"one\"},{\"open\":\"x\",\"as\":\"f\"},"
                 "{\"write\":\"abc\",\"to\":\"f\"},{\"close\":\"f\"},"
                 "{\"open\":\"x\",\"as\":\"f\",\"mode\":\"r\"},"
                 "{\"read\":9,\"from\":\"f\",\"as\":\"v\"}]},{\"log\":\"got {v}\"}"),
            loop_limits_default(), tells);
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void fails_with(EngineRun *run, const char *wanted) {
    Buf text = {0};
    loop_explain_errors(run->loop, &text);
    assert_string_equal(buf_text(&text), wanted);
    buf_finish(&text);
}

static void name_is_unset(EngineRun *run) {
    fails_with(run, "task a failed: RuntimeError: name 'f' is not set\n");
}

static void test_unset_name(void **state) {
    (void)state;
    on_each(TASK("{\"thread\":[{\"write\":\"x\",\"to\":\"f\"},{\"open\":\"x\",\"as\":\"f\"}]}"),
            loop_limits_default(), name_is_unset);
}

static void is_refused(EngineRun *run) {
    fails_with(run, "task a failed: OSError: [Errno 1] Operation not permitted: '../out'\n");
    Buf text = {0};
    loop_explain_refusals(run->loop, &text);
    assert_string_equal(buf_text(&text), "task a: '../out' leads out of the workspace: refused\n");
    buf_finish(&text);
}

/* What only the run can see: the path comes out of a file. */
static void test_outside_the_workspace(void **state) {
    (void)state;
    on_each(TASK("{\"open\":\"p\",\"as\":\"f\"},{\"write\":\"..\",\"to\":\"f\"},{\"close\":\"f\"},"
                 "{\"open\":\"p\",\"as\":\"f\",\"mode\":\"r\"},{\"read\":9,\"from\":\"f\",\"as\":"
                 "\"up\"},"
                 "{\"thread\":[{\"open\":\"{up}/out\",\"as\":\"g\"}]}"),
            loop_limits_default(), is_refused);
}

/* Names that it gave before the error are the task's all the same. */
static void names_stay(EngineRun *run) {
    Buf output = {0};
    engine_output(run, &output);
    assert_string_equal(buf_text(&output), "abc\n");
    buf_finish(&output);
    assert_int_equal(run->end.errors_lost, 0);
}

static void test_names_before_an_error(void **state) {
    (void)state;
    on_each(TASK("{\"open\":\"x\",\"as\":\"f\"},{\"write\":\"abc\",\"to\":\"f\"},"
                 "{\"try\":[{\"thread\":[{\"open\":\"x\",\"as\":\"g\",\"mode\":\"r\"},"
                 "{\"read\":9,\"from\":\"g\",\"as\":\"v\"},{\"read\":9,\"from\":\"f\"}]}],"
                 "\"except\":[{\"log\":\"{v}\"}]},{\"read\":9,\"from\":\"g\"}"),
            loop_limits_default(), names_stay);
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void stops_at(EngineRun *run, const char *limit) {
    assert_int_equal(run->end.reason, STOP_LIMIT);
    assert_string_equal(run->end.limit, limit);
}

static void at_bytes(EngineRun *run) {
    stops_at(run, "bytes");
    if (run->folder[0] != '\0') {
        Buf tree = {0};
        engine_tree(run->folder, "", &tree);
        assert_non_null(strstr(buf_text(&tree), "80"));
        buf_finish(&tree);
    }
}

static void at_files(EngineRun *run) {
    stops_at(run, "files");
}

static void at_time(EngineRun *run) {
    stops_at(run, "time");
}

static void at_events(EngineRun *run) {
    stops_at(run, "events");
    assert_true(log_count(run->log) <= 1100);
}

static void at_memory(EngineRun *run) {
    stops_at(run, "memory");
}

static void test_limits(void **state) {
    (void)state;
    LoopLimits limits = loop_limits_default();
    limits.bytes = 85; /* two threads and the loop, writing tens: eight of them */
    on_each("{\"title\":\"t\",\"coroutines\":{\"w\":[{\"thread\":[{\"open\":\"x\",\"as\":\"f\","
            "\"mode\":\"a\"},"
            "{\"repeat\":100,\"steps\":[{\"write\":{\"bytes\":10},\"to\":\"f\"}]}]}]},"
            "\"tasks\":[{\"name\":\"a\",\"steps\":[{\"spawn\":\"w\"},{\"spawn\":\"w\"},{\"sleep\":"
            "1}]}]}",
            limits, at_bytes);
    limits = loop_limits_default();
    limits.files = 5;
    on_each(TASK("{\"thread\":[{\"repeat\":9,\"steps\":[{\"open\":\"f{i}\",\"as\":\"f\"}]}]}"),
            limits, at_files);
    limits = loop_limits_default();
    limits.time_ns = 50 * MS;
    on_each(TASK("{\"thread\":[{\"compute\":9}]}"), limits, at_time);
    on_each(TASK("{\"thread\":[{\"repeat\":9007199254740992,\"steps\":[]}]}"), limits, at_time);
    limits = loop_limits_default();
    limits.events = 1000;
    on_each(TASK("{\"thread\":[{\"repeat\":9007199254740992,\"steps\":[{\"log\":\"x\"}]}]}"),
            limits, at_events);
    limits = loop_limits_default();
    limits.memory_bytes = 2 << 20;
    on_each(TASK("{\"thread\":[{\"repeat\":9007199254740992,\"steps\":[{\"log\":\"text {i}\"}]}]}"),
            limits, at_memory);
}

/* ---- interruption ---------------------------------------------------------------------------- */

static void interrupt_when_told(void *user, const char *text, size_t length) {
    EngineRun *run = user;
    (void)text;
    (void)length;
    loop_interrupt(run->loop);
}

/* It interrupts the run itself, then computes for a year: the run ends at once. */
static void test_interrupted_while_computing(void **state) {
    (void)state;
    const BackEnds here = back_ends();
    for (size_t i = 0; i < here.count; i++) {
        EngineRun run = {.print = interrupt_when_told};
        LoopLimits limits = loop_limits_default();
        limits.time_ns = UINT64_MAX / 4;
        if (run_text(&run, TASK("{\"thread\":[{\"log\":\"now\"},{\"compute\":31536000}]}"),
                     here.all[i], limits)) {
            assert_int_equal(run.end.reason, STOP_INTERRUPTED);
        }
        engine_finish(&run);
    }
}

/* ---- cancelling ------------------------------------------------------------------------------ */

static void is_waited_for(EngineRun *run) {
    const Event *blocking = NULL;
    assert_int_equal(run->end.reason, STOP_DONE);
    assert_true(count_of(run, EV_IO_BLOCKING, &blocking) >= 2);
    assert_int_equal(event_io_result(blocking), 4);
    if (run->folder[0] != '\0') {
        Buf tree = {0};
        engine_tree(run->folder, "", &tree);
        assert_non_null(strstr(buf_text(&tree), "late"));
        buf_finish(&tree);
    }
}

/* The task leaves, with its names; the thread writes its file to the end all the same. */
static void test_cancelled(void **state) {
    (void)state;
    on_each("{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":[{\"open\":\"x\",\"as\":\"f\"},"
            "{\"thread\":[{\"write\":\"in time \",\"to\":\"f\"},{\"compute\":\"250ms\"},"
            "{\"open\":\"y\",\"as\":\"g\"},{\"write\":\"late\",\"to\":\"f\"}]}]},"
            "{\"name\":\"b\",\"steps\":[{\"sleep\":\"80ms\"},{\"cancel\":\"a\"}]}]}",
            loop_limits_default(), is_waited_for);
}

/* What the task still does to the file waits for the thread that has it. */
static void comes_after_the_thread(EngineRun *run) {
    assert_int_equal(run->end.reason, STOP_DONE);
    Buf output = {0};
    engine_output(run, &output);
    assert_string_equal(buf_text(&output), "leaves\nby the thread, by the task\n");
    buf_finish(&output);
}

static void test_file_of_a_cancelled_thread(void **state) {
    (void)state;
    on_each(
        "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":[{\"open\":\"x\",\"as\":\"f\"},"
        "{\"try\":[{\"thread\":[{\"compute\":\"200ms\"},{\"write\":\"by the thread, "
        "\",\"to\":\"f\"}]}],"
        "\"finally\":[{\"log\":\"leaves\"},{\"write\":\"by the "
        "task\",\"to\":\"f\"},{\"close\":\"f\"},"
        "{\"open\":\"x\",\"as\":\"g\",\"mode\":\"r\"},{\"read\":99,\"from\":\"g\",\"as\":\"v\"},"
        "{\"log\":\"{v}\"}]}]},"
        "{\"name\":\"b\",\"steps\":[{\"sleep\":\"80ms\"},{\"cancel\":\"a\"}]}]}",
        loop_limits_default(), comes_after_the_thread);
}

/* A file that a cancelled open opened is nobody's: it does not count as open. */
static void opens_are_not_lost(EngineRun *run) {
    assert_int_equal(run->end.reason, STOP_DONE);
}

static void test_cancelled_opens(void **state) {
    (void)state;
    LoopLimits limits = loop_limits_default();
    limits.files = 2;
    on_each("{\"title\":\"t\",\"coroutines\":{\"o\":[{\"open\":\"x\",\"as\":\"f\"}]},"
            "\"tasks\":[{\"name\":\"a\",\"steps\":[{\"repeat\":12,\"steps\":["
            "{\"spawn\":\"o\",\"as\":\"t\"},{\"sleep\":0},{\"cancel\":\"t\"},{\"sleep\":\"20ms\"}]}"
            "]}]}",
            limits, opens_are_not_lost);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_told),
        cmocka_unit_test(test_unset_name),
        cmocka_unit_test(test_outside_the_workspace),
        cmocka_unit_test(test_names_before_an_error),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_interrupted_while_computing),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_file_of_a_cancelled_thread),
        cmocka_unit_test(test_cancelled_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
