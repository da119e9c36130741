/* The back ends that this build has, for tests that run on all of them, or on any real one. */
#ifndef LOOPSCOPE_TESTS_BACK_ENDS_H
#define LOOPSCOPE_TESTS_BACK_ENDS_H

#include "base/assert.h"
#include "os/os.h"

typedef struct BackEnds {
    OsBackend all[OS_BACKEND_COUNT];
    size_t count;
} BackEnds;

/* In OsBackend's order, the simulated one last. io_uring may be missing on this machine. */
static inline BackEnds back_ends(void) {
    BackEnds found = {.count = 0};
    for (OsBackend backend = OS_BACKEND_AUTO; backend < OS_BACKEND_COUNT; backend++) {
        if (os_backend_about(backend) != NULL) {
            found.all[found.count++] = backend;
        }
    }
    return found;
}

/* The real one that every machine of this system has: what helper threads alone can do. */
static inline OsBackend back_end_sure(void) {
    static const OsBackend SURE[] = {OS_BACKEND_THREADS, OS_BACKEND_KQUEUE, OS_BACKEND_IOCP};
    size_t i = 0;
    while (os_backend_about(SURE[i]) == NULL) {
        i++;
        ASSERT(i < sizeof SURE / sizeof SURE[0]);
    }
    return SURE[i];
}

#endif
