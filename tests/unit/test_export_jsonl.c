/* The native format: every kind's line to the byte, and back again to the same records. */
#include "trace_random.h"

#include "export/export.h"

/* The last event's line. */
static void line_is(Tape *tape, const char *must) {
    Buf line = {0};
    export_event_line(tape->log, log_count(tape->log) - 1, &line);
    char whole[400];
    snprintf(whole, sizeof whole, "{\"n\": %lu, \"t\": %lu, %s}\n",
             (unsigned long)log_count(tape->log) - 1, (unsigned long)(tape->t_ns - tape->step_ns),
             must);
    assert_string_equal(buf_text(&line), whole);
    buf_finish(&line);
}

static void lines_of_the_loop(Tape *tape) {
    tape_plain(tape, EV_LOOP_START);
    line_is(tape, "\"ev\": \"loop_start\"");
    tape_poll(tape, -1);
    line_is(tape, "\"ev\": \"poll\", \"timeout\": null");
    tape_poll(tape, 0);
    line_is(tape, "\"ev\": \"poll\", \"timeout\": 0");
    tape_polled(tape, 2, 1);
    line_is(tape, "\"ev\": \"polled\", \"events\": 2, \"calls\": 1");
    tape_iteration(tape, 4, 3);
    line_is(tape, "\"ev\": \"iteration\", \"iteration\": 4, \"ready\": 3");
    tape_callback(tape, 0, "sleep", 1);
    line_is(tape, "\"ev\": \"callback_ready\", \"callback\": 0, \"what\": \"sleep\", \"task\": 1");
    tape_callback(tape, 1, "close", EVENT_NONE);
    line_is(tape,
            "\"ev\": \"callback_ready\", \"callback\": 1, \"what\": \"close\", \"task\": null");
    tape_callback_run(tape, 0, false);
    line_is(tape, "\"ev\": \"callback_run\", \"callback\": 0");
    tape_callback_run(tape, 1, true);
    line_is(tape, "\"ev\": \"callback_run\", \"callback\": 1, \"cancelled\": true");
    tape_timer(tape, 0, 1, 9000);
    line_is(tape, "\"ev\": \"timer_set\", \"timer\": 0, \"task\": 1, \"due\": 9000");
    tape_fired(tape, 0, 2);
    line_is(tape, "\"ev\": \"timer_fired\", \"timer\": 0, \"callback\": 2");
    tape_timer_cancelled(tape, 0);
    line_is(tape, "\"ev\": \"timer_cancelled\", \"timer\": 0");
    Event event = event_make(EV_LOOP_BLOCKED);
    event.x = 400;
    tape_add(tape, event);
    line_is(tape, "\"ev\": \"loop_blocked\", \"task\": null, \"took\": 400");
    event.task = 2;
    tape_add(tape, event);
    line_is(tape, "\"ev\": \"loop_blocked\", \"task\": 2, \"took\": 400");
    event = event_make(EV_LIMIT);
    event.text = tape_text(tape, "bytes");
    event.x = 8;
    tape_add(tape, event);
    line_is(tape, "\"ev\": \"limit\", \"what\": \"bytes\", \"value\": 8");
    event = event_make(EV_DEADLOCK);
    event.text = tape_text(tape, "[{\"task\": 0, \"on\": \"lock\", \"target\": \"a\"}]");
    tape_add(tape, event);
    line_is(tape, "\"ev\": \"deadlock\", \"tasks\": "
                  "[{\"task\": 0, \"on\": \"lock\", \"target\": \"a\"}]");
    tape_stop(tape, STOP_INTERRUPTED);
    line_is(tape, "\"ev\": \"loop_stop\", \"reason\": \"interrupted\"");
}

static void lines_of_tasks(Tape *tape) {
    tape_created(tape, 0, "a \"quoted\"\n");
    line_is(tape, "\"ev\": \"task_created\", \"task\": 0, \"name\": \"a \\\"quoted\\\"\\n\"");
    tape_spawned(tape, 1, "b", 0, "/tasks/0/steps/1");
    line_is(tape, "\"ev\": \"task_created\", \"task\": 1, \"name\": \"b\", \"parent\": 0, "
                  "\"at\": \"/tasks/0/steps/1\"");
    tape_ready(tape, 1, READY_YIELDED);
    line_is(tape, "\"ev\": \"task_ready\", \"task\": 1, \"why\": \"yielded\"");
    tape_task(tape, EV_TASK_RUNNING, 1);
    line_is(tape, "\"ev\": \"task_running\", \"task\": 1");
    tape_said(tape, EV_STEP, 1, "/x");
    line_is(tape, "\"ev\": \"step\", \"task\": 1, \"at\": \"/x\"");
    tape_waiting(tape, 1, WAIT_IO, TARGET_OP, 7);
    line_is(tape, "\"ev\": \"task_waiting\", \"task\": 1, \"on\": \"io\", \"op\": 7");
    tape_waiting(tape, 1, WAIT_TIMER, TARGET_TIMER, 8);
    line_is(tape, "\"ev\": \"task_waiting\", \"task\": 1, \"on\": \"timer\", \"timer\": 8");
    tape_waiting(tape, 1, WAIT_TASK, TARGET_TASK, 0);
    line_is(tape, "\"ev\": \"task_waiting\", \"task\": 1, \"on\": \"task\", \"target\": 0");
    tape_waiting_name(tape, 1, WAIT_TASKS, TARGET_TASKS, "[0,2]");
    line_is(tape, "\"ev\": \"task_waiting\", \"task\": 1, \"on\": \"tasks\", \"target\": [0,2]");
    tape_waiting_name(tape, 1, WAIT_LOCK, TARGET_NAME, "door");
    line_is(tape, "\"ev\": \"task_waiting\", \"task\": 1, \"on\": \"lock\", \"target\": \"door\"");
    tape_waiting(tape, 1, WAIT_THREAD, TARGET_NONE, EVENT_NONE);
    line_is(tape, "\"ev\": \"task_waiting\", \"task\": 1, \"on\": \"thread\"");
    tape_said(tape, EV_OUTPUT, 1, "caf\xC3\xA9 \t\x01");
    line_is(tape, "\"ev\": \"output\", \"task\": 1, \"text\": \"caf\xC3\xA9 \\t\\u0001\"");
    tape_said(tape, EV_NOTE, 1, "");
    line_is(tape, "\"ev\": \"note\", \"task\": 1, \"text\": \"\"");
    tape_sync(tape, 1, SYNC_PUT, "q", "v");
    line_is(tape, "\"ev\": \"sync\", \"task\": 1, \"what\": \"put\", \"target\": \"q\", "
                  "\"value\": \"v\"");
    tape_sync(tape, 1, SYNC_RELEASED, "q", NULL);
    line_is(tape, "\"ev\": \"sync\", \"task\": 1, \"what\": \"released\", \"target\": \"q\"");
    tape_cancel(tape, 1, CANCEL_BY_TASK, 0);
    line_is(tape, "\"ev\": \"cancel_requested\", \"task\": 1, \"by\": 0");
    tape_cancel(tape, 1, CANCEL_BY_GROUP, EVENT_NONE);
    line_is(tape, "\"ev\": \"cancel_requested\", \"task\": 1, \"by\": \"group\"");
    tape_task(tape, EV_TASK_FINISHED, 0);
    line_is(tape, "\"ev\": \"task_finished\", \"task\": 0");
    tape_said(tape, EV_TASK_FAILED, 0, "OSError: no");
    line_is(tape, "\"ev\": \"task_failed\", \"task\": 0, \"error\": \"OSError: no\"");
    tape_task(tape, EV_TASK_CANCELLED, 0);
    line_is(tape, "\"ev\": \"task_cancelled\", \"task\": 0");
}

static void lines_of_io(Tape *tape) {
    tape_submit(tape, 0, 1, IO_OPENAT, IO_MODE_W, "a.txt", -1, -1);
    line_is(tape, "\"ev\": \"io_submitted\", \"op\": 0, \"task\": 1, \"call\": \"openat\", "
                  "\"path\": \"a.txt\", \"mode\": \"w\", \"offset\": null, \"via\": \"io_uring\"");
    tape_submit(tape, 1, 1, IO_WRITE, IO_MODE_NONE, "a.txt", 65536, 0);
    line_is(tape, "\"ev\": \"io_submitted\", \"op\": 1, \"task\": 1, \"call\": \"write\", "
                  "\"path\": \"a.txt\", \"bytes\": 65536, \"offset\": 0, \"via\": \"io_uring\"");
    tape_submit(tape, 2, 1, IO_SEND, IO_MODE_NONE, "pipe.a", 5, -1);
    line_is(tape, "\"ev\": \"io_submitted\", \"op\": 2, \"task\": 1, \"call\": \"send\", "
                  "\"channel\": \"pipe.a\", \"bytes\": 5, \"offset\": null, \"via\": \"io_uring\"");
    tape_submit(tape, 3, 1, IO_THREAD, IO_MODE_NONE, NULL, -1, -1);
    line_is(tape, "\"ev\": \"io_submitted\", \"op\": 3, \"task\": 1, \"call\": \"thread\", "
                  "\"offset\": null, \"via\": \"io_uring\"");
    tape_arrived(tape, 2);
    line_is(tape, "\"ev\": \"io_arrived\", \"op\": 2");
    tape_completed(tape, 1, 65536);
    line_is(tape, "\"ev\": \"io_completed\", \"op\": 1, \"result\": 65536");
    tape_completed(tape, 0, -28);
    line_is(tape, "\"ev\": \"io_completed\", \"op\": 0, \"result\": -28, "
                  "\"error\": \"Some trouble\"");
    tape_blocking(tape, 1, IO_WRITE, IO_MODE_NONE, "a.txt", 70000, 10, 65536);
    line_is(tape, "\"ev\": \"io_blocking\", \"task\": 1, \"call\": \"write\", "
                  "\"path\": \"a.txt\", \"bytes\": 70000, \"offset\": 10, \"result\": 65536, "
                  "\"took\": 1234");
    Event event = event_make(EV_IO_BLOCKING);
    event.task = 1;
    event.a = IO_OPENAT;
    event.b = IO_MODE_R;
    event.text = tape_text(tape, "b.txt");
    event.z = 5;
    event_set_io_result(&event, 0, -2, tape_text(tape, "No such file or directory"), true);
    tape_add(tape, event);
    line_is(tape, "\"ev\": \"io_blocking\", \"task\": 1, \"call\": \"openat\", "
                  "\"path\": \"b.txt\", \"mode\": \"r\", \"offset\": null, \"result\": -2, "
                  "\"error\": \"No such file or directory\", \"took\": 5, \"thread\": true");
}

/* ---- and back ---- */

static void write_all(const Log *log, Buf *out) {
    export_header_line(log, out);
    for (uint64_t n = 0; n < log_count(log); n++) {
        export_event_line(log, n, out);
    }
}

static void no_trouble(const Diags *diags) {
    if (diags->count > 0) {
        fail_msg("line %u, column %u: %s", diags->items[0].line, diags->items[0].column,
                 diags->items[0].message);
    }
}

/* Text ids may differ; what they say may not, so the text written again is compared. */
static void comes_back(const Log *log) {
    Buf once = {0}, twice = {0};
    Diags diags = {0};
    write_all(log, &once);
    Log *read = trace_read_text("t.jsonl", buf_text(&once), once.size_bytes, &diags);
    no_trouble(&diags);
    assert_non_null(read);
    assert_true(log_finished(read));
    assert_int_equal(log_count(read), log_count(log));
    write_all(read, &twice);
    assert_int_equal(once.size_bytes, twice.size_bytes);
    assert_memory_equal(buf_text(&once), buf_text(&twice), once.size_bytes);
    for (uint64_t n = 0; n < log_count(log); n++) {
        const Event *was = log_event(log, n), *is = log_event(read, n);
        assert_int_equal(is->t_ns, was->t_ns);
        assert_int_equal(is->kind, was->kind);
        assert_int_equal(is->a, was->a);
        assert_int_equal(is->b, was->b);
        assert_int_equal(is->c, was->c);
        assert_int_equal(is->task, was->task);
        assert_int_equal(is->y, was->y);
        assert_int_equal(is->z, was->z);
    }
    log_destroy(read);
    buf_finish(&once);
    buf_finish(&twice);
}

static void every_kind_of_line(void **unused) {
    (void)unused;
    Tape tape = tape_make();
    lines_of_tasks(&tape);
    lines_of_io(&tape);
    lines_of_the_loop(&tape);
    bool seen[EV_KIND_COUNT] = {false};
    for (uint64_t n = 0; n < log_count(tape.log); n++) {
        seen[log_event(tape.log, n)->kind] = true;
    }
    for (int kind = 0; kind < EV_KIND_COUNT; kind++) {
        assert_true(seen[kind]);
    }
    comes_back(tape.log);
    tape_finish(&tape);
}

static void random_logs_come_back(void **unused) {
    (void)unused;
    for (uint64_t seed = 1; seed < 20; seed++) {
        Log *log = random_log(seed, 3, 9, 1000);
        comes_back(log);
        log_destroy(log);
    }
}

static void the_header(void **unused) {
    (void)unused;
    Log *log = log_create();
    const char source[] = "{\n  \"title\": \"\xC3\xA9\"\n}";
    log_set_header(log, &(TraceHeader){.title = "T \"x\"",
                                       .scenario = "scenarios/x.json",
                                       .backend = "sim",
                                       .notifier = "sim",
                                       .seed = UINT64_MAX,
                                       .has_seed = true,
                                       .held = true,
                                       .pid = 12,
                                       .tid = 13,
                                       .started = "2024-05-06T07:08:09Z",
                                       .source = source,
                                       .source_size_bytes = sizeof source - 1});
    Buf line = {0};
    export_header_line(log, &line);
    assert_string_equal(
        buf_text(&line),
        "{\"loopscope_trace\": 1, \"title\": \"T \\\"x\\\"\", \"scenario\": \"scenarios/x.json\", "
        "\"backend\": \"sim\", \"notifier\": \"sim\", \"seed\": 18446744073709551615, "
        "\"held\": true, \"pid\": 12, \"tid\": 13, \"started\": \"2024-05-06T07:08:09Z\", "
        "\"source\": \"{\\n  \\\"title\\\": \\\"\xC3\xA9\\\"\\n}\"}\n");
    Diags diags = {0};
    Log *read = trace_read_text("t", buf_text(&line), line.size_bytes, &diags);
    no_trouble(&diags);
    const TraceHeader *header = log_header(read);
    assert_string_equal(header->title, "T \"x\"");
    assert_int_equal(header->seed, UINT64_MAX);
    assert_true(header->has_seed && header->held);
    assert_int_equal(header->tid, 13);
    assert_string_equal(header->source, source);
    assert_int_equal(header->source_size_bytes, sizeof source - 1);
    log_destroy(read);
    buf_finish(&line);
    log_destroy(log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_line),
        cmocka_unit_test(random_logs_come_back),
        cmocka_unit_test(the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
