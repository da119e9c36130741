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
 * where nothing was sent the answer is known, and the system is not asked. What may have made an
 * operation ready that waits stirs the table. */
int64_t socket_try(FileTable *files, FileEntry *entry, OsOp *op);

/* True where a receive is known to find nothing. */
static inline bool socket_is_empty(const FileEntry *entry) {
    return entry->unread_bytes == 0 && entry->other != OS_FILE_NONE;
}

/* Watches the operation's socket until it is ready for it, which may be so already: that stirs the
 * table. 0 or -errno. */
int socket_wait(Notifier *notifier, FileTable *files, FileEntry *entry, OsOp *op);

/* What the notifier said of the socket: the operations that may be tried now, receive before send,
 * as asyncio's selectors have it. */
void socket_ready(Notifier *notifier, FileEntry *entry, const Notice *notice, OpList *finished);

/* Before it is closed, when nothing waits for it: the notifier says no more of it. */
void socket_leave(Notifier *notifier, FileTable *files, OsFile file);

/* True where the operation still waited; it does not any more. */
bool socket_withdraw(Notifier *notifier, FileEntry *entry, OsOp *op);

#endif
