/* Captions: what tasks share, how a run ends early, whole runs, texts of any length. */
#include "view_told.h"

#include "base/utf8.h"
#include "view_log.h"

static void waits_and_sync_are_told(void **state) {
    (void)state;
    static const struct {
        WaitOn on;
        const char *name, *words;
    } ROWS[] = {
        {WAIT_LOCK, "gate", "anna is paused: it waits for the lock gate."},
        {WAIT_SEMAPHORE, "pool", "anna is paused: it waits for a place in pool."},
        {WAIT_EVENT, "go", "The event go is not set, so anna is paused until it is."},
        {WAIT_QUEUE, "jobs", "The queue jobs is empty, so anna is paused until there is an item."},
        {WAIT_TASKS, "[0,1]", "anna is paused: it waits for 2 tasks."},
    };
    Told told;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        two_tasks(&told);
        tape_waiting_name(&told.tape, 0, ROWS[i].on,
                          ROWS[i].on == WAIT_TASKS ? TARGET_TASKS : TARGET_NAME, ROWS[i].name);
        assert_string_equal(last(&told), ROWS[i].words);
        told_finish(&told);
    }
    two_tasks(&told);
    tape_waiting(&told.tape, 0, WAIT_TASK, TARGET_TASK, 1);
    assert_string_equal(last(&told), "anna is paused: it waits for the result of bert.");
    const TaskInfo info = state_task(told.state, 0);
    Buf card = {0};
    caption_wait(told.state, &info, &card);
    assert_string_equal(buf_text(&card), "the result of bert");
    buf_finish(&card);
    tape_task(&told.tape, EV_TASK_RUNNING, 1);
    Event put = event_make(EV_SYNC);
    put.task = 1;
    put.a = SYNC_PUT;
    put.text = tape_text(&told.tape, "jobs");
    put.x = tape_text(&told.tape, "one");
    tape_add(&told.tape, put);
    assert_string_equal(last(&told), "bert puts “one” into jobs.");
    for (int what = SYNC_ACQUIRED; what <= SYNC_CLEARED; what++) {
        put.a = (uint8_t)what;
        put.x = -1;
        tape_add(&told.tape, put);
        assert_non_null(strstr(last(&told), "jobs"));
        assert_non_null(strstr(last(&told), "bert"));
    }
    tape_task(&told.tape, EV_TASK_FINISHED, 1);
    tape_ready(&told.tape, 0, READY_RESUMED);
    assert_string_equal(last(&told), "bert has ended, so anna joins the back of the ready queue.");
    told_finish(&told);
}

static void a_wait_names_who_has_it(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    Tape *tape = &told.tape;
    tape_sync(tape, 0, SYNC_ACQUIRED, "gate", NULL);
    tape_sync(tape, 0, SYNC_ACQUIRED, "pool", NULL);
    tape_sync(tape, 0, SYNC_ACQUIRED, "pool", NULL);
    tape_sync(tape, 0, SYNC_PUT, "jobs", "one");
    tape_timer(tape, 0, 0, 5000);
    tape_waiting(tape, 0, WAIT_TIMER, TARGET_TIMER, 0);
    tape_task(tape, EV_TASK_RUNNING, 1);
    const struct {
        WaitOn on;
        const char *name, *words;
    } ROWS[] = {
        {WAIT_LOCK, "gate", "bert is paused: it waits for the lock gate, which anna holds."},
        {WAIT_SEMAPHORE, "pool",
         "bert is paused: it waits for a place in pool, of which all 2 are taken."},
        {WAIT_QUEUE, "jobs", "The queue jobs is full, so bert is paused until there is room."},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        tape_waiting_name(tape, 1, ROWS[i].on, TARGET_NAME, ROWS[i].name);
        assert_string_equal(last(&told), ROWS[i].words);
        tape_ready(tape, 1, READY_RESUMED);
        tape_iteration(tape, (int64_t)i + 2, 1);
        tape_task(tape, EV_TASK_RUNNING, 1);
    }
    told_finish(&told);
}

static void cancelling_is_told(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    Event event = event_make(EV_CANCEL_REQUESTED);
    event.task = 1;
    event.b = CANCEL_BY_TASK;
    event.id = 0;
    tape_add(&told.tape, event);
    assert_string_equal(last(&told), "anna asks for bert to be cancelled.");
    event.b = CANCEL_BY_TIMEOUT;
    event.id = EVENT_NONE;
    tape_add(&told.tape, event);
    assert_string_equal(last(&told), "The time is up, so bert is to be cancelled.");
    event.b = CANCEL_BY_GROUP;
    tape_add(&told.tape, event);
    assert_string_equal(last(&told), "Its task group ends, so bert is to be cancelled.");
    Event set = event_make(EV_TIMER_SET);
    set.id = 0;
    set.task = 0;
    set.x = 1000000;
    tape_add(&told.tape, set);
    Event cancelled = event_make(EV_TIMER_CANCELLED);
    cancelled.id = 0;
    tape_add(&told.tape, cancelled);
    assert_string_equal(last(&told), "anna no longer needs its timer: it is cancelled.");
    told_finish(&told);
}

static void early_ends_are_told(void **state) {
    (void)state;
    static const struct {
        const char *what;
        int64_t value;
        const char *words;
    } LIMITS[] = {{"bytes", 1 << 30, "1 GiB written"},
                  {"tasks", 1000000, "1\u202f000\u202f000 tasks"},
                  {"memory", 1 << 20, "1 MiB of memory"},
                  {"files", 64, "64 open files"}};
    Told told;
    two_tasks(&told);
    for (size_t i = 0; i < sizeof LIMITS / sizeof LIMITS[0]; i++) {
        char text[128];
        Event limit = event_make(EV_LIMIT);
        limit.text = tape_text(&told.tape, LIMITS[i].what);
        limit.x = LIMITS[i].value;
        tape_add(&told.tape, limit);
        snprintf(text, sizeof text, "The run reaches its limit of %s and ends here.",
                 LIMITS[i].words);
        assert_string_equal(last(&told), text);
    }
    told_finish(&told);
    for (int reason = STOP_DEADLOCK; reason <= STOP_ERROR; reason++) {
        two_tasks(&told);
        tape_waiting(&told.tape, 0, WAIT_TASK, TARGET_TASK, 1);
        tape_task(&told.tape, EV_TASK_RUNNING, 1);
        tape_waiting(&told.tape, 1, WAIT_TASK, TARGET_TASK, 0);
        tape_said(&told.tape, EV_DEADLOCK, EVENT_NONE, "[]");
        assert_string_equal(last(&told),
                            "Deadlock: the 2 tasks that are left wait for what can never come.");
        Event stop = event_make(EV_LOOP_STOP);
        stop.a = (uint8_t)reason;
        tape_add(&told.tape, stop);
        assert_non_null(strstr(last(&told), "the loop stops."));
        told_finish(&told);
    }
}

/* ---- whole runs ---- */

static void check_run(Log *log, bool *seen) {
    Timeline *timeline = timeline_create(log);
    assert_true(timeline_follow(timeline, UINT64_MAX));
    State *state = state_create(timeline);
    for (uint64_t n = 0; n < timeline_count(timeline); n++) {
        Buf text = {0};
        state_seek(state, n + 1);
        caption_event(state, n, &text);
        const char *words = buf_text(&text);
        assert_true(words[0] != '\0' && words[text.size_bytes - 1] == '.');
        assert_true(utf8_count(words, text.size_bytes) <= 96);
        const uint32_t task = caption_task(state, n);
        assert_true(task == EVENT_NONE || task < timeline_task_count(timeline));
        seen[log_event(log, n)->kind] = true;
        buf_finish(&text);
    }
    state_destroy(state);
    timeline_destroy(timeline);
    log_destroy(log);
}

static void whole_runs_are_told_in_short_sentences(void **state) {
    (void)state;
    bool seen[EV_KIND_COUNT] = {false};
    check_run(view_log_make(VIEW_THREE, 3, VIA_IO_URING, "io_uring"), seen);
    check_run(view_log_make(VIEW_THREE, 3, VIA_THREADS, "threads"), seen);
    check_run(view_log_make(VIEW_THREE, 3, VIA_SIM, "sim"), seen);
    check_run(view_log_make(VIEW_SLEEPERS, 3, VIA_IO_URING, "io_uring"), seen);
    check_run(view_log_make(VIEW_FROZEN, 4, VIA_IO_URING, "io_uring"), seen);
    static const EventKind KINDS[] = {
        EV_LOOP_START,   EV_POLL,         EV_POLLED,        EV_ITERATION,    EV_TASK_CREATED,
        EV_TASK_READY,   EV_TASK_RUNNING, EV_STEP,          EV_TASK_WAITING, EV_IO_SUBMITTED,
        EV_IO_ARRIVED,   EV_IO_COMPLETED, EV_TIMER_SET,     EV_TIMER_FIRED,  EV_CALLBACK_READY,
        EV_CALLBACK_RUN, EV_OUTPUT,       EV_TASK_FINISHED, EV_LOOP_BLOCKED, EV_LOOP_STOP};
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        assert_true(seen[KINDS[i]]);
    }
}

static void long_texts_are_cut(void **state) {
    (void)state;
    Told told;
    two_tasks(&told);
    char text[400];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    tape_said(&told.tape, EV_OUTPUT, 0, text);
    const char *words = last(&told);
    assert_true(utf8_count(words, strlen(words)) <= 96);
    assert_non_null(strstr(words, "…”."));
    tape_said(&told.tape, EV_OUTPUT, 0, "first\nsecond");
    assert_string_equal(last(&told), "anna prints “first…”.");
    told_finish(&told);
}

static void operations_and_calls_have_names(void **state) {
    (void)state;
    static const char *const CALLS[][2] = {{"epoll", "epoll_wait()"},
                                           {"kqueue", "kevent()"},
                                           {"iocp", "GetQueuedCompletionStatusEx()"},
                                           {"sim", "sim_wait()"}};
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++) {
        Told told;
        told_begin(&told, CALLS[i][0]);
        assert_string_equal(caption_wait_call(told.tape.log), CALLS[i][1]);
        told_finish(&told);
    }
    static const struct {
        IoCall call;
        int64_t bytes;
        const char *words;
    } OPS[] = {{IO_WRITE, 65536,
                "write 65\xE2\x80\xAF"
                "536 B"},
               {IO_OPENAT, -1, "open"},
               {IO_READ, 10, "read 10 B"},
               {IO_FSYNC, -1, "fsync"},
               {IO_CLOSE, -1, "close"}};
    for (size_t i = 0; i < sizeof OPS / sizeof OPS[0]; i++) {
        Buf text = {0};
        const OpInfo op = {.call = OPS[i].call, .bytes = OPS[i].bytes};
        caption_op(NULL, &op, &text);
        assert_string_equal(buf_text(&text), OPS[i].words);
        buf_finish(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_and_sync_are_told),
        cmocka_unit_test(a_wait_names_who_has_it),
        cmocka_unit_test(cancelling_is_told),
        cmocka_unit_test(early_ends_are_told),
        cmocka_unit_test(whole_runs_are_told_in_short_sentences),
        cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(operations_and_calls_have_names),
    };
    return cmocka_run_group_tests_name("view/caption more", tests, NULL, NULL);
}
