/* The scenarios of tests/order, whose order is compared with CPython's there: each one's trace is
 * by the rules of docs/trace.md, on every back end and under many orders of completion. */
#include "engine_rig.h"

enum { SIM_SEEDS = 6 };

static void trace_is_legal(void **state) {
    const BackEnds here = back_ends();
    for (size_t i = 0; i < here.count; i++) {
        const uint64_t seeds = here.all[i] == OS_BACKEND_SIM ? SIM_SEEDS : 1;
        for (uint64_t seed = 1; seed <= seeds; seed++) {
            EngineRun run;
            if (engine_start(&run, *state, here.all[i], seed)) {
                /* Some leave tasks behind that wait for each other for ever. */
                assert_true(run.end.reason == STOP_DONE || run.end.reason == STOP_DEADLOCK);
                rig_check(run.log);
            } else {
                assert_int_equal(here.all[i], OS_BACKEND_IO_URING); /* the only one that may miss */
            }
            engine_finish(&run);
        }
    }
}

int main(void) {
    return engine_run_each("legal", "tests/order", trace_is_legal);
}
