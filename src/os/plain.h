/* File operations as ordinary calls that return when they are done: what helper threads run, and
 * what a blocking step runs on the loop's own thread.
 *
 * Threads: any; the operation is the calling thread's meanwhile. */
#ifndef LOOPSCOPE_OS_PLAIN_H
#define LOOPSCOPE_OS_PLAIN_H

#include "os/os.h"
#include "os/workspace.h"

/* Does `op` on the descriptor `target` (-1 is refused by the system itself with EBADF; unused by
 * OS_OPENAT) and returns its result: an open's is the descriptor. */
int64_t plain_do(const Workspace *workspace, const OsOp *op, int target);

#endif
