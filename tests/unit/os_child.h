/* Processes of their own, for what can't be taken back: limits, filters, mounts. POSIX. */
#ifndef LOOPSCOPE_TESTS_OS_CHILD_H
#define LOOPSCOPE_TESTS_OS_CHILD_H

#include "os_fixture.h"

#include <sys/wait.h>
#include <unistd.h>

/* Runs `body` in a process of its own, for limits and filters that can't be taken back. True where
 * it returned true. */
static inline bool in_child(bool (*body)(void *), void *argument) {
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const bool ok = body(argument);
        fflush(NULL);
        _exit(ok ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* In a child, where cmocka's jumps would leave the process's own test. */
#define CHILD_EXPECT(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            print_error("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                    \
            return false;                                                                          \
        }                                                                                          \
    } while (0)

/* For a child: one operation to its end, without cmocka. */
static inline int64_t child_run(Os *os, OsOp *op) {
    os_submit(os, op);
    while (os_wait(os, WAIT_PATIENCE_NS, NULL) == NULL) {
    }
    return op->result;
}

#endif
