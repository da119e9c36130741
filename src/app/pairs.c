#include "app/pairs.h"

const ShippedPair PAIRS[] = {
    {"blocking and async writes",
     "Who waits for the disk: the thread, or only the task?",
     {"blocking-writes", "async-writes"},
     {OS_BACKEND_AUTO, OS_BACKEND_AUTO}},
    {"one by one and gather",
     "Three errands of 30 ms: awaited one after another, and all at once.",
     {"awaiting-is-not-parallel", "errands-together"},
     {OS_BACKEND_AUTO, OS_BACKEND_AUTO}},
    {"io_uring and helper threads",
     "Two ways to hand a file to the system. The same scenario, twice.",
     {"three-writers", "three-writers"},
     {OS_BACKEND_IO_URING, OS_BACKEND_THREADS}},
};
const size_t PAIR_COUNT = sizeof PAIRS / sizeof PAIRS[0];

bool pair_is_possible(const ShippedPair *pair, OsBackend automatic) {
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        /* io_uring is taken where it works; helper threads work wherever it could have. */
        if (pair->backend[run] == OS_BACKEND_IO_URING && automatic != OS_BACKEND_IO_URING) {
            return false;
        }
    }
    return true;
}
