/* Which back ends this system has: one file a system (os_linux.c, os_kqueue.c, ...), which the
 * Makefile chooses.
 *
 * Threads: the loop's; no state. */
#ifndef LOOPSCOPE_OS_SYSTEM_H
#define LOOPSCOPE_OS_SYSTEM_H

#include "os/back_end.h"

typedef struct SystemBackend {
    OsBackend backend;
    const char *about; /* who does the work and who wakes the loop, for `loopscope doctor` */
    /* NULL with `reason` (a sentence) where this machine can't have it; NULL with a diagnostic and
     * no reason where the configuration is wrong whatever the back end. */
    Os *(*create)(const OsConfig *config, Buf *reason, Diags *diags);
} SystemBackend;

/* Best first; the last one has no backend but OS_BACKEND_AUTO. */
extern const SystemBackend SYSTEM_BACKENDS[];

#endif
