/* The ends of channels on systems with sockets: a connected pair, one try at sending or receiving,
 * and the operations that wait until the notifier calls their socket ready.
 *
 * Ownership: the pair's descriptors are the FileTable's. Threads: the loop's. */
#ifndef LOOPSCOPE_OS_SOCKETS_H
#define LOOPSCOPE_OS_SOCKETS_H

#include "os/file_table.h"
#include "os/notifier.h"
#include "os/op_list.h"

/* 0 or -errno. */
int sockets_pair(FileTable *files, OsFile ends[2]);

/* OS_SEND or OS_RECV, once, without waiting: bytes or -errno. NULL for `entry`: EBADF. Of a receive
 * where nothing was sent the answer is known, and the system is not asked. */
int64_t socket_try(FileTable *files, FileEntry *entry, OsOp *op);

/* True where what was tried, with this result, may have made an operation ready that waits. */
bool socket_stirs(FileTable *files, const FileEntry *entry, const OsOp *op, int64_t result);

/* True where an operation that begins to wait can't be ready yet. */
bool socket_is_empty(const FileEntry *entry, const OsOp *op);

/* Watches the operation's socket until it is ready for it. 0 or -errno. */
int socket_wait(Notifier *notifier, const FileTable *files, FileEntry *entry, OsOp *op);

/* What the notifier said of the socket: the operations that may be tried now, receive before send,
 * as asyncio's selectors have it. */
void socket_ready(Notifier *notifier, FileEntry *entry, const Notice *notice, OpList *finished);

/* Before it is closed, when nothing waits for it: the notifier says no more of it. */
void socket_leave(Notifier *notifier, FileTable *files, OsFile file);

/* True where the operation still waited; it does not any more. */
bool socket_withdraw(Notifier *notifier, FileEntry *entry, OsOp *op);

#endif
