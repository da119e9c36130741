/* The timeline that forgets: after each event it says what one that keeps everything says, and what
 * it holds does not grow with the events. */
#include "trace_random.h"

#include "trace/timeline.h"

enum { SOME = 64 };

/* Structs are compared field by field: what lies between fields is nobody's. */
static void same_task(const State *brief, const State *whole, uint32_t task) {
    const TaskInfo a = state_task(brief, task), b = state_task(whole, task);
    assert_int_equal(a.phase, b.phase);
    assert_int_equal(a.name, b.name);
    assert_int_equal(a.parent, b.parent);
    assert_int_equal(a.since_ns, b.since_ns);
    assert_int_equal(a.since_n, b.since_n);
    assert_int_equal(a.target_kind, b.target_kind);
    assert_int_equal(a.target_id, b.target_id);
    assert_int_equal(a.target_text, b.target_text);
    assert_int_equal(a.cancel_requested, b.cancel_requested);
    if (a.phase < TASK_FINISHED) {
        assert_int_equal(a.on, b.on);
        assert_int_equal(a.at, b.at);
        assert_int_equal(a.run_ns, b.run_ns);
        assert_int_equal(a.wait_ns, b.wait_ns);
        assert_int_equal(a.ready_ns, b.ready_ns);
        assert_int_equal(a.steps, b.steps);
    }
}

static void same_shared(const State *brief, const State *whole) {
    SharedInfo a[SOME], b[SOME];
    const size_t count = state_shared(brief, a, SOME);
    assert_int_equal(count, state_shared(whole, b, SOME));
    for (size_t i = 0; i < count && i < SOME; i++) {
        assert_int_equal(a[i].name, b[i].name);
        assert_int_equal(a[i].level, b[i].level);
        assert_int_equal(a[i].waiters, b[i].waiters);
        assert_int_equal(a[i].holder_count, b[i].holder_count);
    }
}

static void same_queues(const State *brief, const State *whole) {
    ReadyItem a[SOME], b[SOME];
    uint32_t waits[SOME], all_waits[SOME];
    size_t count = state_ready(brief, a, SOME);
    assert_int_equal(count, state_ready(whole, b, SOME));
    for (size_t i = 0; i < count && i < SOME; i++) {
        assert_int_equal(a[i].is_callback, b[i].is_callback);
        assert_int_equal(a[i].id, b[i].id);
        assert_int_equal(a[i].since_n, b[i].since_n);
    }
    count = state_waiting(brief, waits, SOME);
    assert_int_equal(count, state_waiting(whole, all_waits, SOME));
    for (size_t i = 0; i < count && i < SOME; i++) {
        assert_int_equal(waits[i], all_waits[i]);
    }
    assert_int_equal(state_ops(brief, NULL, 0), state_ops(whole, NULL, 0));
    assert_int_equal(state_timers(brief, NULL, 0), state_timers(whole, NULL, 0));
}

static void it_says_what_the_whole_one_says(void **unused) {
    (void)unused;
    Log *log = random_log(11, 5, 40, 250000);
    Timeline *brief = timeline_create_brief(log), *whole = timeline_create(log);
    State *here = state_create(brief), *there = state_create(whole);
    assert_true(timeline_follow(whole, UINT64_MAX));
    for (uint64_t n = 0; timeline_count(brief) < log_count(log); n++) {
        assert_true(timeline_follow(brief, n % 3 == 0 ? 1 : 700));
        state_seek(here, timeline_count(brief));
        state_seek(there, timeline_count(brief));
        assert_int_equal(state_loop(here)->now_ns, state_loop(there)->now_ns);
        assert_int_equal(state_loop(here)->running, state_loop(there)->running);
        assert_int_equal(state_loop(here)->ready_handles, state_loop(there)->ready_handles);
        for (uint32_t task = 0; task < state_loop(there)->tasks; task++) {
            same_task(here, there, task);
        }
        same_shared(here, there);
        same_queues(here, there);
    }
    state_destroy(here);
    state_destroy(there);
    timeline_destroy(brief);
    timeline_destroy(whole);
    log_destroy(log);
}

/* Three tasks that give up control in turns; what else grows is a word an operation or timer. */
static Log *turns(uint64_t turns) {
    Tape tape = tape_make();
    Event event = event_make(EV_TASK_CREATED);
    for (uint32_t task = 0; task < 3; task++) {
        event = event_make(EV_TASK_CREATED);
        event.task = task;
        event.text = log_intern(tape.log, "t", 1);
        log_append(tape.log, &event);
        event = event_make(EV_TASK_READY);
        event.task = task;
        log_append(tape.log, &event);
    }
    event = event_make(EV_LOOP_START);
    log_append(tape.log, &event);
    for (uint64_t turn = 1; turn <= turns; turn++) {
        event = event_make(EV_ITERATION);
        event.x = (int64_t)turn;
        event.y = 3;
        log_append(tape.log, &event);
        for (uint32_t task = 0; task < 3; task++) {
            event = event_make(EV_TASK_RUNNING);
            event.task = task;
            log_append(tape.log, &event);
            event = event_make(EV_TASK_READY);
            event.task = task;
            event.a = READY_YIELDED;
            log_append(tape.log, &event);
        }
    }
    log_finish(tape.log);
    return tape.log;
}

static void what_it_holds_does_not_grow(void **unused) {
    (void)unused;
    static const uint64_t TURNS[] = {100, 40000, 160000};
    uint64_t held[3];
    for (size_t i = 0; i < 3; i++) {
        Log *log = turns(TURNS[i]);
        Timeline *brief = timeline_create_brief(log);
        assert_true(timeline_follow(brief, UINT64_MAX));
        assert_int_equal(timeline_count(brief), log_count(log));
        held[i] = timeline_index_size_bytes(brief);
        timeline_destroy(brief);
        log_destroy(log);
    }
    assert_true(held[0] <= held[1]);
    assert_true(held[2] <= 2 * held[1]); /* arrays grow in steps */
    assert_true(held[2] < 4 << 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_the_whole_one_says),
        cmocka_unit_test(what_it_holds_does_not_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
