/* Whatever operation the system lets fail, the loop goes on: over all scenarios that come with the
 * program, the n-th operation of the simulated system fails or does a part, for n = 1, 2, ... until
 * none is left that could. (The idea of the sweep is SQLite's.) */
#include "engine_rig.h"

#include <errno.h>

enum { MANY_OPERATIONS = 40 };

static bool tells_result(const Log *log, int64_t result) {
    for (uint64_t n = 0; n < log_count(log); n++) {
        const Event *event = log_event(log, n);
        if ((event->kind == EV_IO_COMPLETED && event->x == result) ||
            (event->kind == EV_IO_BLOCKING && event_io_result(event) == result)) {
            return true;
        }
    }
    return false;
}

/* A task that failed may leave others waiting for what it would have sent: that is found, too. Two
 * locks are the lesson on deadlock. */
static void expect_sound(const EngineRun *run, const Scenario *scenario) {
    const bool has_two_locks =
        scenario->program->object_count == 2 && scenario->program->objects[0].kind == OBJECT_LOCK;
    const bool has_channels =
        scenario->program->object_count > 0 && scenario->program->objects[0].kind == OBJECT_CHANNEL;
    if (run->end.reason != STOP_DONE) {
        assert_true((has_channels || has_two_locks) && run->end.reason == STOP_DEADLOCK);
    }
    rig_check(run->log);
}

/* One run with one fault; false where it never fired. */
static bool run_with(const char *file, OsFault fault) {
    EngineRun run = {.fault = &fault};
    assert_true(engine_start_limited(&run, file, OS_BACKEND_SIM, 1, loop_limits_default()));
    const bool fired = fault.seen >= fault.at;
    expect_sound(&run, run.scenario);
    const bool is_pair = fault.at <= run.scenario->program->object_count;
    if (fired && fault.error != 0 && !is_pair && !tells_result(run.log, -fault.error)) {
        fail_msg("%s: fault %llu is told nowhere", file, (unsigned long long)fault.at);
    }
    engine_finish(&run);
    return fired;
}

/* Where there are very many operations they are all alike: some of them stand for all. */
static uint64_t next_after(uint64_t n) {
    return n < MANY_OPERATIONS ? n + 1 : n * 2;
}

static void survives_every_fault(void **state) {
    const char *file = *state;
    static const OsFault FAULTS[] = {
        {.error = EIO},
        {.error = ENOSPC, .bytes_done = 1},
        {.error = ENOSPC, .bytes_done = 4096},
        {.error = EMFILE},
        {.error = 0, .bytes_done = 1},
        {.error = 0, .bytes_done = 1000},
    };
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++) {
        OsFault fault = FAULTS[i];
        for (fault.at = 1; run_with(file, fault);) {
            fault.at = next_after(fault.at);
        }
    }
}

int main(void) {
    return engine_run_each("faults", "scenarios", survives_every_fault);
}
