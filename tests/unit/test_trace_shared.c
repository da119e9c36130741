/* What tasks share: who holds a lock, how long a queue is, how many wait, at any event. */
#include "trace_random.h"

#include "trace/timeline.h"

typedef struct Rig {
    Tape tape;
    Timeline *timeline;
    State *state;
} Rig;

static void rig_begin(Rig *rig, uint32_t tasks) {
    static const char *const NAMES[] = {"anna", "bert", "carl", "dora"};
    *rig = (Rig){.tape = tape_make()};
    for (uint32_t i = 0; i < tasks; i++) {
        tape_new(&rig->tape, i, NAMES[i % 4]);
    }
    tape_plain(&rig->tape, EV_LOOP_START);
    tape_iteration(&rig->tape, 1, tasks);
}

static void rig_fold(Rig *rig) {
    rig->timeline = timeline_create(rig->tape.log);
    if (!timeline_follow(rig->timeline, UINT64_MAX)) {
        fail_msg("%s", timeline_error(rig->timeline)->message);
    }
    rig->state = state_create(rig->timeline);
}

static void rig_finish(Rig *rig) {
    state_destroy(rig->state);
    timeline_destroy(rig->timeline);
    tape_finish(&rig->tape);
}

static SharedInfo at(Rig *rig, uint64_t n, const char *name) {
    SharedInfo info;
    state_seek(rig->state, n + 1);
    assert_true(state_shared_named(rig->state, tape_text(&rig->tape, name), &info));
    return info;
}

static void a_lock_has_one_holder_and_a_line(void **unused) {
    (void)unused;
    Rig rig;
    rig_begin(&rig, 3);
    Tape *tape = &rig.tape;
    tape_task(tape, EV_TASK_RUNNING, 0);
    const uint64_t taken = tape_sync(tape, 0, SYNC_ACQUIRED, "door", NULL);
    tape_timer(tape, 0, 0, 5000);
    tape_waiting(tape, 0, WAIT_TIMER, TARGET_TIMER, 0);
    tape_task(tape, EV_TASK_RUNNING, 1);
    const uint64_t first = tape_waiting_name(tape, 1, WAIT_LOCK, TARGET_NAME, "door");
    tape_task(tape, EV_TASK_RUNNING, 2);
    const uint64_t second = tape_waiting_name(tape, 2, WAIT_LOCK, TARGET_NAME, "door");
    tape_fired(tape, 0, 0);
    tape_callback(tape, 0, "wake", 0);
    tape_iteration(tape, 2, 1);
    tape_callback_run(tape, 0, false);
    tape_ready(tape, 0, READY_RESUMED);
    tape_iteration(tape, 3, 1);
    tape_task(tape, EV_TASK_RUNNING, 0);
    const uint64_t freed = tape_sync(tape, 0, SYNC_RELEASED, "door", NULL);
    const uint64_t woken = tape_ready(tape, 1, READY_RESUMED);
    tape_task(tape, EV_TASK_FINISHED, 0);
    tape_iteration(tape, 4, 1);
    tape_task(tape, EV_TASK_RUNNING, 1);
    const uint64_t again = tape_sync(tape, 1, SYNC_ACQUIRED, "door", NULL);
    rig_fold(&rig);

    SharedInfo none;
    state_seek(rig.state, taken);
    assert_int_equal(state_shared(rig.state, &none, 1), 0);
    assert_false(state_shared_named(rig.state, tape_text(tape, "door"), &none));
    assert_false(state_shared_named(rig.state, tape_text(tape, "anna"), &none));
    const struct {
        uint64_t n;
        int32_t level;
        uint32_t waiters, holder;
    } MUST[] = {{taken, 1, 0, 0}, {first, 1, 1, 0}, {second, 1, 2, 0},
                {freed, 0, 2, 9}, {woken, 0, 1, 9}, {again, 1, 1, 1}};
    for (size_t i = 0; i < sizeof MUST / sizeof MUST[0]; i++) {
        const SharedInfo is = at(&rig, MUST[i].n, "door");
        assert_int_equal(is.kind, SHARED_LOCK);
        assert_int_equal(is.level, MUST[i].level);
        assert_int_equal(is.waiters, MUST[i].waiters);
        assert_int_equal(is.since_n, MUST[i].n);
        assert_int_equal(is.holder_count, MUST[i].level);
        if (is.holder_count > 0) {
            assert_int_equal(is.holders[0], MUST[i].holder);
        }
    }
    rig_finish(&rig);
}

static void a_semaphore_has_several_holders(void **unused) {
    (void)unused;
    Rig rig;
    rig_begin(&rig, 3);
    Tape *tape = &rig.tape;
    uint64_t n[8];
    tape_task(tape, EV_TASK_RUNNING, 0);
    n[0] = tape_sync(tape, 0, SYNC_ACQUIRED, "seats", NULL);
    n[1] = tape_sync(tape, 0, SYNC_ACQUIRED, "seats", NULL); /* twice: two places */
    tape_timer(tape, 0, 0, 5000);
    tape_waiting(tape, 0, WAIT_TIMER, TARGET_TIMER, 0);
    tape_task(tape, EV_TASK_RUNNING, 1);
    n[2] = tape_sync(tape, 1, SYNC_ACQUIRED, "seats", NULL);
    n[3] = tape_sync(tape, 1, SYNC_RELEASED, "seats", NULL);
    n[4] = tape_sync(tape, 1, SYNC_RELEASED, "seats", NULL); /* it gives back another's */
    n[5] = tape_sync(tape, 1, SYNC_RELEASED, "seats", NULL);
    n[6] = tape_sync(tape, 1, SYNC_RELEASED, "seats", NULL);
    rig_fold(&rig);
    const int32_t LEVELS[] = {1, 2, 3, 2, 1, 0, -1};
    for (size_t i = 0; i < 7; i++) {
        const SharedInfo is = at(&rig, n[i], "seats");
        assert_int_equal(is.kind, SHARED_SEMAPHORE);
        assert_int_equal(is.level, LEVELS[i]);
        assert_int_equal(is.holder_count <= SHARED_HOLDERS_MAX, 1);
    }
    SharedInfo is = at(&rig, n[2], "seats");
    assert_int_equal(is.holder_count, 3);
    assert_int_equal(is.holders[0], 1);
    assert_int_equal(is.holders[1], 0);
    assert_int_equal(is.holders[2], 0);
    is = at(&rig, n[3], "seats");
    assert_int_equal(is.holder_count, 2);
    assert_int_equal(is.holders[0], 0);
    rig_finish(&rig);
}

/* Thousands join the line and leave nothing but themselves between now and the taking. */
static void the_holder_is_known_however_long_the_line(void **unused) {
    (void)unused;
    enum { TASKS = 5000 };
    Rig rig;
    rig_begin(&rig, TASKS);
    Tape *tape = &rig.tape;
    tape_task(tape, EV_TASK_RUNNING, 0);
    tape_sync(tape, 0, SYNC_ACQUIRED, "door", NULL);
    tape_ready(tape, 0, READY_YIELDED);
    uint64_t waiting[TASKS];
    for (uint32_t i = 1; i < TASKS; i++) {
        tape_task(tape, EV_TASK_RUNNING, i);
        waiting[i] = tape_waiting_name(tape, i, WAIT_LOCK, TARGET_NAME, "door");
    }
    rig_fold(&rig);
    for (uint32_t i = 1; i < TASKS; i += 7) {
        const SharedInfo is = at(&rig, waiting[i], "door");
        assert_int_equal(is.waiters, i);
        assert_int_equal(is.holder_count, 1);
        assert_int_equal(is.holders[0], 0);
    }
    rig_finish(&rig);
}

static void events_are_set_and_queues_have_a_length(void **unused) {
    (void)unused;
    Rig rig;
    rig_begin(&rig, 1);
    Tape *tape = &rig.tape;
    tape_task(tape, EV_TASK_RUNNING, 0);
    const uint64_t put = tape_sync(tape, 0, SYNC_PUT, "jobs", "x");
    const uint64_t more = tape_sync(tape, 0, SYNC_PUT, "jobs", "y");
    const uint64_t set = tape_sync(tape, 0, SYNC_SET, "go", NULL);
    const uint64_t set_again = tape_sync(tape, 0, SYNC_SET, "go", NULL);
    const uint64_t cleared = tape_sync(tape, 0, SYNC_CLEARED, "go", NULL);
    const uint64_t got = tape_sync(tape, 0, SYNC_GOT, "jobs", "x");
    rig_fold(&rig);
    assert_int_equal(at(&rig, put, "jobs").level, 1);
    assert_int_equal(at(&rig, more, "jobs").level, 2);
    assert_int_equal(at(&rig, got, "jobs").level, 1);
    assert_int_equal(at(&rig, got, "jobs").kind, SHARED_QUEUE);
    assert_int_equal(at(&rig, set, "go").level, 1);
    assert_int_equal(at(&rig, set_again, "go").level, 1);
    assert_int_equal(at(&rig, cleared, "go").level, 0);
    assert_int_equal(at(&rig, cleared, "go").kind, SHARED_EVENT);
    assert_int_equal(at(&rig, cleared, "go").holder_count, 0);
    SharedInfo all[4];
    assert_int_equal(state_shared(rig.state, all, 4), 2);
    assert_int_equal(all[0].name, tape_text(tape, "jobs"));
    assert_int_equal(all[1].name, tape_text(tape, "go"));
    rig_finish(&rig);
}

/* A lock that is handed to and fro: its index stays within what an event may cost. */
static void the_index_of_a_busy_lock_is_small(void **unused) {
    (void)unused;
    Rig rig;
    rig_begin(&rig, 2);
    Tape *tape = &rig.tape;
    tape_task(tape, EV_TASK_RUNNING, 0);
    tape_sync(tape, 0, SYNC_ACQUIRED, "door", NULL);
    tape_ready(tape, 0, READY_YIELDED);
    tape_task(tape, EV_TASK_RUNNING, 1);
    tape_waiting_name(tape, 1, WAIT_LOCK, TARGET_NAME, "door");
    uint32_t holder = 1;
    for (uint32_t turn = 2; turn < 10002; turn++) {
        const uint32_t other = holder;
        holder = 1 - holder;
        tape_iteration(tape, (int64_t)turn, turn == 2 ? 1 : 2);
        if (turn > 2) { /* the one who was woken takes it */
            tape_task(tape, EV_TASK_RUNNING, holder);
            tape_sync(tape, holder, SYNC_ACQUIRED, "door", NULL);
            tape_ready(tape, holder, READY_YIELDED);
            tape_task(tape, EV_TASK_RUNNING, other);
            tape_waiting_name(tape, other, WAIT_LOCK, TARGET_NAME, "door");
            tape_iteration(tape, (int64_t)++turn, 1);
        }
        tape_task(tape, EV_TASK_RUNNING, holder);
        tape_sync(tape, holder, SYNC_RELEASED, "door", NULL);
        tape_ready(tape, other, READY_RESUMED);
        tape_ready(tape, holder, READY_YIELDED);
    }
    rig_fold(&rig);
    const uint64_t count = timeline_count(rig.timeline);
    assert_true(count > 40000);
    assert_true(timeline_index_size_bytes(rig.timeline) <= 16 * count);
    for (uint64_t n = count; n > 20; n -= n / 20) {
        SharedInfo info;
        state_seek(rig.state, n);
        assert_true(state_shared_named(rig.state, tape_text(tape, "door"), &info));
        assert_true(info.level >= 0 && info.level <= 1 && info.waiters <= 1);
        assert_int_equal(info.holder_count, info.level);
    }
    rig_finish(&rig);
}

/* Against a plain walk from the first event. */
static void at_every_event_of_random_logs(void **unused) {
    (void)unused;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        Log *log = random_log(seed, 6, 12, 3000);
        Timeline *timeline = timeline_create(log);
        assert_true(timeline_follow(timeline, UINT64_MAX));
        State *state = state_create(timeline);
        const uint32_t names[2] = {log_intern(log, "lock", 4), log_intern(log, "seats", 5)};
        int32_t levels[2] = {0, 0};
        for (uint64_t count = 1; count <= log_count(log); count++) {
            const Event *event = log_event(log, count - 1);
            for (int i = 0; i < 2 && event->kind == EV_SYNC; i++) {
                levels[i] += event->text != names[i] ? 0 : event->a == SYNC_ACQUIRED ? 1 : -1;
            }
            state_seek(state, count);
            uint32_t waiting[64], waiters = 0;
            const size_t waits = state_waiting(state, waiting, 64);
            for (size_t i = 0; i < waits; i++) {
                waiters += state_task(state, waiting[i]).on == WAIT_LOCK;
            }
            SharedInfo info = {.level = 0};
            state_shared_named(state, names[0], &info);
            assert_int_equal(info.level, levels[0]);
            assert_int_equal(info.waiters, waiters);
            SharedInfo seats = {.level = 0};
            state_shared_named(state, names[1], &seats);
            assert_int_equal(seats.level, levels[1]);
            assert_int_equal(seats.waiters, 0);
            assert_int_equal(seats.holder_count, seats.level < SHARED_HOLDERS_MAX
                                                     ? (uint32_t)seats.level
                                                     : (uint32_t)SHARED_HOLDERS_MAX);
        }
        state_destroy(state);
        timeline_destroy(timeline);
        log_destroy(log);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_has_one_holder_and_a_line),
        cmocka_unit_test(a_semaphore_has_several_holders),
        cmocka_unit_test(the_holder_is_known_however_long_the_line),
        cmocka_unit_test(events_are_set_and_queues_have_a_length),
        cmocka_unit_test(the_index_of_a_busy_lock_is_small),
        cmocka_unit_test(at_every_event_of_random_logs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
