/* Which back ends this system has: one file a system (os_linux.c, os_kqueue.c, ...), which the
 * Makefile chooses.
 *
 * Threads: any; no state. */
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

/* Really asks this system's notifier to watch a regular file in `folder`, and says in one sentence
 * what came of it, for `loopscope doctor`. */
void system_try_file(const char *folder, Buf *out);

#endif
