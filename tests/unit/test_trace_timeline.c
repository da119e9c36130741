/* The timeline against a fold by the plainest means: at every event of small logs, at random ones
 * of large logs, reached from anywhere. */
#include "trace_naive.h"
#include "trace_random.h"

#include "trace/check.h"

enum { ITEMS_MAX = 4096 };

/* ---- comparing ---- */

static void compare_loop(const LoopInfo *is, const LoopInfo *must) {
    assert_int_equal(is->now_ns, must->now_ns);
    assert_int_equal(is->phase, must->phase);
    assert_int_equal(is->iteration, must->iteration);
    assert_int_equal(is->turn_ready, must->turn_ready);
    assert_int_equal(is->turn_done, must->turn_done);
    assert_int_equal(is->poll_start_ns, must->poll_start_ns);
    assert_int_equal(is->poll_timeout_ns, must->poll_timeout_ns);
    assert_int_equal(is->polled_events, must->polled_events);
    assert_int_equal(is->polls, must->polls);
    assert_int_equal(is->calls, must->calls);
    assert_int_equal(is->running, must->running);
    assert_int_equal(is->running_callback, must->running_callback);
    assert_int_equal(is->running_since_ns, must->running_since_ns);
    for (int phase = TASK_NEW; phase < TASK_PHASE_COUNT; phase++) {
        assert_int_equal(is->phase_counts[phase], must->phase_counts[phase]);
    }
    for (int on = 0; on < WAIT_ON_COUNT; on++) {
        assert_int_equal(is->waiting_on[on], must->waiting_on[on]);
    }
    assert_int_equal(is->deadlocked, must->deadlocked);
    assert_int_equal(is->tasks, must->tasks);
    assert_int_equal(is->ready_handles, must->ready_handles);
    assert_int_equal(is->in_flight, must->in_flight);
    assert_int_equal(is->arrived, must->arrived);
    assert_int_equal(is->timers, must->timers);
    assert_int_equal(is->outputs, must->outputs);
    assert_int_equal(is->bytes_written, must->bytes_written);
    assert_int_equal(is->stop_reason, must->stop_reason);
}

static void compare_task(const TaskInfo *is, const TaskInfo *must) {
    assert_int_equal(is->phase, must->phase);
    assert_int_equal(is->name, must->name);
    assert_int_equal(is->parent, must->parent);
    assert_int_equal(is->at, must->at);
    assert_int_equal(is->since_ns, must->since_ns);
    assert_int_equal(is->since_n, must->since_n);
    assert_int_equal(is->run_ns, must->run_ns);
    assert_int_equal(is->wait_ns, must->wait_ns);
    assert_int_equal(is->ready_ns, must->ready_ns);
    assert_int_equal(is->steps, must->steps);
    assert_int_equal(is->on, must->on);
    assert_int_equal(is->target_kind, must->target_kind);
    assert_int_equal(is->target_id, must->target_id);
    assert_int_equal(is->target_text, must->target_text);
    assert_int_equal(is->cancel_requested, must->cancel_requested);
}

static void compare_tasks(const State *state, const Naive *naive) {
    static uint32_t waiting[ITEMS_MAX];
    const size_t count = state_waiting(state, waiting, ITEMS_MAX);
    size_t seen = 0;
    for (uint32_t task = 0; task < naive->loop.tasks; task++) {
        const TaskInfo is = state_task(state, task);
        compare_task(&is, &naive->tasks[task]);
        if (naive->tasks[task].phase == TASK_WAITING) {
            assert_true(seen < count);
            assert_int_equal(waiting[seen++], task);
        }
    }
    assert_int_equal(seen, count);
    assert_int_equal(state_task(state, (uint32_t)naive->loop.tasks).phase, TASK_ABSENT);
}

static void compare_ready(const State *state, const Naive *naive) {
    static ReadyItem ready[ITEMS_MAX];
    const size_t count = state_ready(state, ready, ITEMS_MAX);
    assert_int_equal(count, naive->end - naive->first);
    for (size_t i = 0; i < count; i++) {
        const ReadyItem *must = &naive->queue[naive->first + i];
        assert_int_equal(ready[i].is_callback, must->is_callback);
        assert_int_equal(ready[i].id, must->id);
        assert_int_equal(ready[i].task, must->task);
        assert_int_equal(ready[i].what, must->what);
        assert_int_equal(ready[i].since_ns, must->since_ns);
        assert_int_equal(ready[i].since_n, must->since_n);
    }
}

static void compare_op(const OpInfo *is, uint32_t op, const NaiveOp *must) {
    assert_int_equal(is->op, op);
    assert_int_equal(is->task, must->submitted.task);
    assert_int_equal(is->call, must->submitted.a);
    assert_int_equal(is->mode, must->submitted.b);
    assert_int_equal(is->via, must->submitted.c);
    assert_int_equal(is->path, must->submitted.text);
    assert_int_equal(is->bytes, must->submitted.x);
    assert_int_equal(is->offset, must->submitted.y);
    assert_int_equal(is->submitted_n, must->n);
    assert_int_equal(is->submitted_ns, must->submitted.t_ns);
    assert_int_equal(is->arrived, must->arrived);
    assert_int_equal(is->arrived_n, must->arrived_n);
    assert_int_equal(is->arrived_ns, must->arrived_ns);
}

static void compare_ops(const State *state, const Naive *naive) {
    static OpInfo ops[ITEMS_MAX];
    const size_t count = state_ops(state, ops, ITEMS_MAX);
    size_t seen = 0;
    for (uint32_t op = 0; op < naive->op_count; op++) {
        OpInfo one;
        assert_int_equal(state_op(state, op, &one), naive->ops[op].open);
        if (naive->ops[op].open) {
            assert_true(seen < count);
            compare_op(&ops[seen++], op, &naive->ops[op]);
            compare_op(&one, op, &naive->ops[op]);
        }
    }
    assert_int_equal(seen, count);
}

static void compare_timers(const State *state, const Naive *naive) {
    static TimerInfo timers[ITEMS_MAX], few[3];
    const size_t count = state_timers(state, timers, ITEMS_MAX);
    assert_int_equal(count, naive->loop.timers);
    for (size_t i = 0; i < count; i++) {
        const NaiveTimer *must = &naive->timers[timers[i].timer];
        assert_true(must->armed);
        assert_int_equal(timers[i].task, must->info.task);
        assert_int_equal(timers[i].set_ns, must->info.set_ns);
        assert_int_equal(timers[i].due_ns, must->info.due_ns);
        if (i > 0) {
            assert_true(timers[i - 1].due_ns < timers[i].due_ns ||
                        (timers[i - 1].due_ns == timers[i].due_ns &&
                         timers[i - 1].timer < timers[i].timer));
        }
    }
    for (size_t i = 0, due = 0; i < count; i = due) {
        for (due = i + 1; due < count && timers[due].due_ns == timers[i].due_ns;) {
            due++;
        }
        assert_int_equal(state_timers_due(state, timers[i].due_ns), due);
    }
    assert_int_equal(state_timers(state, few, 3), count);
    for (size_t i = 0; i < 3 && i < count; i++) {
        assert_int_equal(few[i].timer, timers[i].timer);
    }
}

static void compare(const State *state, const Naive *naive) {
    assert_int_equal(state_count(state), naive->count);
    compare_loop(state_loop(state), &naive->loop);
    compare_tasks(state, naive);
    compare_ready(state, naive);
    compare_ops(state, naive);
    compare_timers(state, naive);
}

static Timeline *follow_all(const Log *log) {
    Timeline *timeline = timeline_create(log);
    const bool good = timeline_follow(timeline, UINT64_MAX);
    if (!good) {
        const TimelineError *error = timeline_error(timeline);
        print_message("event %lu (%s): %s\n", (unsigned long)error->n,
                      EVENT_KINDS[log_event(log, error->n)->kind].name, error->message);
    }
    assert_true(good);
    assert_null(timeline_error(timeline));
    assert_int_equal(timeline_count(timeline), log_count(log));
    return timeline;
}

/* ---- the tests ---- */

static void every_event_of_small_logs(void **unused) {
    (void)unused;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        Log *log = random_log(seed, 1 + (uint32_t)seed % 5, 12, 400);
        Timeline *timeline = follow_all(log);
        State *state = state_create(timeline);
        State *jumping = state_create(timeline);
        Naive naive = naive_make(log);
        for (uint64_t count = 0; count <= timeline_count(timeline); count++) {
            naive_go(&naive, count);
            state_seek(state, count);
            compare(state, &naive);
            state_seek(jumping, count * 7919 % (timeline_count(timeline) + 1));
            state_seek(jumping, count);
            compare(jumping, &naive);
        }
        naive_finish(&naive);
        state_destroy(jumping);
        state_destroy(state);
        timeline_destroy(timeline);
        log_destroy(log);
    }
}

static void random_events_of_large_logs(void **unused) {
    (void)unused;
    for (uint64_t seed = 100; seed < 103; seed++) {
        const bool many = seed == 102;
        Log *log = random_log(seed, many ? 700 : 3, many ? 900 : 20, 60000);
        Timeline *timeline = follow_all(log);
        State *state = state_create(timeline);
        Naive naive = naive_make(log);
        uint64_t chance = seed;
        for (uint64_t count = 0; count <= timeline_count(timeline); count += 1 + chance % 500) {
            naive_go(&naive, count);
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            state_seek(state, (chance >> 20) % (timeline_count(timeline) + 1));
            state_seek(state, count);
            compare(state, &naive);
            chance >>= 7;
        }
        naive_finish(&naive);
        state_destroy(state);
        timeline_destroy(timeline);
        log_destroy(log);
    }
}

static void following_in_pieces_is_the_same(void **unused) {
    (void)unused;
    Log *log = random_log(7, 4, 12, 3000);
    Timeline *timeline = timeline_create(log);
    State *state = state_create(timeline);
    Naive naive = naive_make(log);
    while (timeline_count(timeline) < log_count(log)) {
        const uint64_t before = timeline_count(timeline);
        assert_true(timeline_follow(timeline, 37));
        assert_int_equal(timeline_count(timeline),
                         before + 37 < log_count(log) ? before + 37 : log_count(log));
        naive_go(&naive, timeline_count(timeline));
        state_seek(state, timeline_count(timeline));
        compare(state, &naive);
    }
    naive_finish(&naive);
    state_destroy(state);
    timeline_destroy(timeline);
    log_destroy(log);
}

static void lists_fill_no_more_than_asked(void **unused) {
    (void)unused;
    Log *log = random_log(3, 40, 60, 2000);
    Timeline *timeline = follow_all(log);
    State *state = state_create(timeline);
    for (uint64_t count = 0; count <= timeline_count(timeline); count += 11) {
        state_seek(state, count);
        ReadyItem ready[2] = {[1] = {.id = 12345}};
        uint32_t waiting[2] = {0, 12345};
        OpInfo ops[2] = {[1] = {.op = 12345}};
        TimerInfo timers[2] = {[1] = {.timer = 12345}};
        assert_int_equal(state_ready(state, ready, 1), state_ready(state, NULL, 0));
        assert_int_equal(state_waiting(state, waiting, 1), state_waiting(state, NULL, 0));
        assert_int_equal(state_ops(state, ops, 1), state_ops(state, NULL, 0));
        assert_int_equal(state_timers(state, timers, 1), state_timers(state, NULL, 0));
        assert_int_equal(ready[1].id, 12345);
        assert_int_equal(waiting[1], 12345);
        assert_int_equal(ops[1].op, 12345);
        assert_int_equal(timers[1].timer, 12345);
    }
    state_destroy(state);
    timeline_destroy(timeline);
    log_destroy(log);
}

static void facts_about_the_whole(void **unused) {
    (void)unused;
    Log *log = random_log(11, 5, 15, 4000);
    Timeline *timeline = follow_all(log);
    const uint64_t count = timeline_count(timeline);
    uint64_t outputs = 0, last_iteration = 0;
    uint32_t ops = 0, tasks = 0;
    for (uint64_t n = 0; n < count; n++) {
        const Event *event = log_event(log, n);
        assert_int_equal(timeline_prev_iteration(timeline, n + 1), last_iteration);
        if (event->kind == EV_ITERATION) {
            assert_int_equal(timeline_next_iteration(timeline, last_iteration), n + 1);
            assert_int_equal(timeline_next_iteration(timeline, n), n + 1);
            last_iteration = n + 1;
        } else if (event->kind == EV_OUTPUT) {
            assert_int_equal(timeline_output(timeline, outputs++), n);
        } else if (event->kind == EV_IO_SUBMITTED) {
            assert_int_equal(timeline_op(timeline, ops++).submitted_n, n);
        } else if (event->kind == EV_IO_ARRIVED) {
            assert_int_equal(timeline_op(timeline, event->id).arrived_n, n);
        } else if (event->kind == EV_IO_COMPLETED) {
            assert_int_equal(timeline_op(timeline, event->id).completed_n, n);
        } else if (event->kind == EV_TASK_CREATED) {
            assert_int_equal(timeline_task_created(timeline, tasks), n);
            assert_int_equal(timeline_task_name(timeline, tasks++), event->text);
        }
        const uint64_t at = timeline_count_at(timeline, event->t_ns);
        assert_true(at > n && log_event(log, at - 1)->t_ns == event->t_ns);
        assert_true(at == count || log_event(log, at)->t_ns > event->t_ns);
    }
    assert_int_equal(timeline_next_iteration(timeline, last_iteration), count);
    assert_int_equal(timeline_output_count(timeline), outputs);
    assert_int_equal(timeline_op_count(timeline), ops);
    assert_int_equal(timeline_task_count(timeline), tasks);
    assert_int_equal(timeline_end_ns(timeline), log_event(log, count - 1)->t_ns);
    timeline_destroy(timeline);
    log_destroy(log);
}

/* The order of the events of a turn shows in the loop's phase. */
static void phases_of_a_turn(void **unused) {
    (void)unused;
    Tape tape = tape_make();
    tape_new(&tape, 0, "a");
    const uint64_t start = tape_plain(&tape, EV_LOOP_START);
    tape_iteration(&tape, 1, 1);
    tape_task(&tape, EV_TASK_RUNNING, 0);
    tape_timer(&tape, 0, 0, 70);
    const uint64_t wait = tape_waiting(&tape, 0, WAIT_TIMER, TARGET_TIMER, 0);
    const uint64_t poll = tape_poll(&tape, 10);
    const uint64_t polled = tape_polled(&tape, 0, 1);
    const uint64_t fired = tape_fired(&tape, 0, 0);
    tape_callback(&tape, 0, "sleep", 0);
    const uint64_t iteration = tape_iteration(&tape, 2, 1);
    const uint64_t run = tape_callback_run(&tape, 0, false);
    tape_ready(&tape, 0, READY_RESUMED);
    tape_iteration(&tape, 3, 1);
    tape_task(&tape, EV_TASK_RUNNING, 0);
    tape_task(&tape, EV_TASK_FINISHED, 0);
    const uint64_t stop = tape_stop(&tape, STOP_DONE);
    Timeline *timeline = follow_all(tape.log);
    State *state = state_create(timeline);
    const struct {
        uint64_t n;
        LoopPhase phase;
    } MUST[] = {{start, LOOP_STARTED},   {start + 1, LOOP_RUNNING}, {wait, LOOP_STARTED},
                {poll, LOOP_ASKING},     {polled, LOOP_TAKING},     {fired, LOOP_TIMERS},
                {run - 1, LOOP_RUNNING}, {run, LOOP_RUNNING},       {stop, LOOP_STOPPED}};
    assert_int_equal(run - 1, iteration);
    for (size_t i = 0; i < sizeof MUST / sizeof *MUST; i++) {
        state_seek(state, MUST[i].n + 1);
        assert_int_equal(state_loop(state)->phase, MUST[i].phase);
    }
    state_seek(state, run + 2);
    assert_int_equal(state_loop(state)->running_callback, 0);
    state_seek(state, 0);
    assert_int_equal(state_loop(state)->phase, LOOP_BEFORE);
    state_destroy(state);
    timeline_destroy(timeline);
    tape_finish(&tape);
}

static void the_index_is_small(void **unused) {
    (void)unused;
    const uint32_t TASKS[] = {1, 3, 500};
    for (size_t i = 0; i < sizeof TASKS / sizeof *TASKS; i++) {
        Log *log = random_log(i + 1, TASKS[i], TASKS[i], 40000);
        Timeline *timeline = follow_all(log);
        assert_true(timeline_index_size_bytes(timeline) <= 16 * timeline_count(timeline));
        timeline_destroy(timeline);
        log_destroy(log);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_of_small_logs),
        cmocka_unit_test(random_events_of_large_logs),
        cmocka_unit_test(following_in_pieces_is_the_same),
        cmocka_unit_test(lists_fill_no_more_than_asked),
        cmocka_unit_test(facts_about_the_whole),
        cmocka_unit_test(phases_of_a_turn),
        cmocka_unit_test(the_index_is_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
