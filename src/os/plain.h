/* File operations as ordinary calls that return when they are done: what helper threads run, and
 * what a blocking step runs on the loop's own thread.
 *
 * Threads: any; the operation is the calling thread's meanwhile. */
#ifndef LOOPSCOPE_OS_PLAIN_H
#define LOOPSCOPE_OS_PLAIN_H

#include "os/os.h"
#include "os/workspace.h"

/* Linux moves at most this much at a time; the rest takes another call. */
enum { PLAIN_CHUNK_BYTES = OS_READ_MAX_BYTES };

/* Does `op` on the descriptor `target` (-1 is refused by the system itself with EBADF; unused by
 * OS_OPENAT), at most chunk_bytes in one write, and returns its result: an open's is the
 * descriptor. */
int64_t plain_do(const Workspace *workspace, const OsOp *op, int target, uint32_t chunk_bytes);

/* The first thing on a helper thread: its name ("helper-0"), and no signals, which stay with the
 * program's own threads. */
void plain_helper_begin(uint32_t number);

/* How many processors there are; 0 or less where the system does not say. */
long plain_cores(void);

#endif
