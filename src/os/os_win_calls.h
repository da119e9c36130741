/* Overlapped operations: begun at once, finished by a packet at the completion port.
 *
 * Ownership: win_calls_finish frees; a zeroed WinCalls with its port set is empty. An operation is
 * theirs from win_calls_begin until win_calls_arrived hands it back. Threads: the loop's. */
#ifndef LOOPSCOPE_OS_OS_WIN_CALLS_H
#define LOOPSCOPE_OS_OS_WIN_CALLS_H

#include "os/os.h"

/* What a packet at the port is about: its key. */
enum WinKey { WIN_KEY_WAKE = 1, WIN_KEY_POOL, WIN_KEY_OVERLAPPED, WIN_KEY_REFUSED };

/* OsOp.back_end while in flight; zeroed at the start. */
enum WinSlot {
    WIN_SLOT_TARGET, /* the handle to work on, or -1 */
    WIN_SLOT_CALL,   /* its WinCall */
    WIN_SLOT_PEEKED, /* os_peek has shown it */
};

typedef struct WinCall WinCall;

typedef struct WinCalls {
    void *port;
    WinCall *first, *last; /* in flight, in the order in which they were begun */
    WinCall *spare;
} WinCalls;

void win_calls_finish(WinCalls *calls);

bool win_is_on_socket(const OsOp *op);
int win_target(const OsOp *op);

/* A packet will come in any case. */
void win_calls_begin(WinCalls *calls, OsOp *op);

/* For the system's structure that a packet brought (with WIN_KEY_OVERLAPPED or WIN_KEY_REFUSED):
 * the operation with its result; NULL where the rest of a write went on its way. A receive's
 * readiness may have an error for a result, which the system maybe tells only here. */
OsOp *win_calls_arrived(WinCalls *calls, void *overlapped, bool was_refused);

/* One on a file that the system has finished and no look has shown; NULL where none is seen. Only
 * the first few in flight are looked at, so that a look stays cheap. No system call. */
OsOp *win_calls_peek(const WinCalls *calls);

/* Asks the system to withdraw it; its packet comes all the same. */
void win_calls_cancel(const OsOp *op);

#endif
