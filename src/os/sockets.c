#include "os/sockets.h"

#include "base/assert.h"
#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

int sockets_pair(FileTable *files, OsFile ends[2]) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) {
        return -errno;
    }
    for (int i = 0; i < 2; i++) {
        (void)fcntl(pair[i], F_SETFD, FD_CLOEXEC);
        (void)fcntl(pair[i], F_SETFL, O_NONBLOCK);
        system_socket_quiet(pair[i]);
        file_table_add(files, pair[i]);
        file_table_entry(files, pair[i])->is_socket = true;
        ends[i] = pair[i];
    }
    for (int i = 0; i < 2; i++) {
        file_table_entry(files, ends[i])->other = ends[1 - i];
    }
    return 0;
}

/* Some implementations of kqueue take the error from the socket to tell it with the event. Then the
 * socket would only show its end. */
static int64_t end_of(FileEntry *entry) {
    const int error = entry->error;
    entry->error = 0;
    return -error;
}

/* The answer to a receive is known: it would have to wait. */
static bool is_empty(const FileEntry *entry, const OsOp *op) {
    return op->call == OS_RECV && socket_is_empty(entry);
}

/* The other end, as long as it is open. */
static FileEntry *other_end(FileTable *files, const FileEntry *entry) {
    return file_table_entry(files, entry->other);
}

/* What waits at the other end for this: only that may be ready now. */
static void stir(FileTable *files, const FileEntry *other, const OsOp *op) {
    if (other == NULL || (op->call == OS_SEND ? other->receiver : other->sender) != NULL) {
        files->is_stirred = true;
    }
}

static int64_t try_failed(FileTable *files, FileEntry *entry, const OsOp *op, int error) {
    if (error == EAGAIN || error == EWOULDBLOCK) {
        return -EAGAIN;
    }
    stir(files, entry == NULL ? NULL : other_end(files, entry), op);
    if (entry != NULL && error == entry->error) {
        entry->error = 0; /* the socket has it still, and says so itself */
    }
    return -error;
}

int64_t socket_try(FileTable *files, FileEntry *entry, OsOp *op) {
    const int file = entry == NULL ? -1 : (int)op->file;
    if (entry != NULL && is_empty(entry, op)) {
        op->is_instant = true;
        return -EAGAIN;
    }
    ptrdiff_t moved = -1;
    do {
        moved = op->call == OS_SEND ? system_send(file, op->data, (size_t)op->size_bytes)
                                    : system_receive(file, op->data, (size_t)op->size_bytes);
    } while (moved < 0 && errno == EINTR);
    if (moved < 0) {
        return try_failed(files, entry, op, errno);
    }
    ASSERT(entry != NULL);
    FileEntry *other = other_end(files, entry);
    stir(files, other, op);
    /* Both ends are this program's alone, so how much lies between them is known. */
    if (op->call == OS_SEND) {
        if (other != NULL) {
            other->unread_bytes += (uint64_t)moved;
            other->roused = files->waits;
        }
        return moved;
    }
    ASSERT((uint64_t)moved <= entry->unread_bytes);
    entry->unread_bytes -= (uint64_t)moved;
    return moved == 0 && op->size_bytes > 0 ? end_of(entry) : moved;
}

/* A task that has received mostly receives again. So a socket stays watched for readability when
 * its receiver is served, and only where it becomes readable and nobody waits the watch ends: a
 * system call less for each wait. That takes a notifier that tells once: one that tells for as long
 * as it is so keeps the socket in its line, and it would stand before those that are ready since.
 * Writable it is nearly always: that watch ends at once. */
static int watch(Notifier *notifier, FileEntry *entry, OsFile file, unsigned wanted) {
    const int error = wanted == entry->watched
                          ? 0
                          : notifier_watch_socket(notifier, (int)file, entry->watched, wanted);
    entry->watched = error == 0 ? wanted : entry->watched;
    return error;
}

static OsOp **place_of(FileEntry *entry, const OsOp *op) {
    return op->call == OS_SEND ? &entry->sender : &entry->receiver;
}

/* What was told once is not told again; and what came since the notifier was asked, and is gone,
 * has its place in the line still. A new watch begins at the end of it. */
static bool is_stale(const FileTable *files, const FileEntry *entry, const OsOp *op) {
    return !is_empty(entry, op) || entry->roused == files->waits;
}

int socket_wait(Notifier *notifier, FileTable *files, FileEntry *entry, OsOp *op) {
    OsOp **place = place_of(entry, op);
    ASSERT(*place == NULL);
    const unsigned wanted = op->call == OS_SEND ? NOTICE_WRITABLE : NOTICE_READABLE;
    int error = 0;
    if ((entry->watched & wanted) != 0 && is_stale(files, entry, op)) {
        error = watch(notifier, entry, op->file, entry->watched & ~wanted);
        ASSERT(error == 0);
    }
    error = watch(notifier, entry, op->file, entry->watched | wanted);
    *place = error == 0 ? op : NULL;
    files->is_stirred = files->is_stirred || !is_empty(entry, op);
    return error;
}

static void finish(OsOp **place, OpList *finished) {
    if (*place != NULL) {
        (*place)->result = 0;
        (*place)->is_readiness = true;
        op_list_append(finished, *place);
        *place = NULL;
    }
}

void socket_ready(Notifier *notifier, FileEntry *entry, const Notice *notice, OpList *finished) {
    unsigned wanted = entry->watched;
    if (notice->error != 0) {
        entry->error = notice->error;
    }
    if ((notice->what & NOTICE_READABLE) != 0) {
        wanted &=
            entry->receiver == NULL || !NOTIFIER_TELLS_ONCE ? ~(unsigned)NOTICE_READABLE : ~0u;
        finish(&entry->receiver, finished);
    }
    if ((notice->what & NOTICE_WRITABLE) != 0) {
        wanted &= ~(unsigned)NOTICE_WRITABLE;
        finish(&entry->sender, finished);
    }
    const int error = watch(notifier, entry, notice->file, wanted);
    ASSERT(error == 0); /* to watch for less takes nothing */
}

bool socket_withdraw(Notifier *notifier, FileEntry *entry, OsOp *op) {
    OsOp **place = place_of(entry, op);
    if (*place != op) {
        return false;
    }
    *place = NULL;
    const unsigned one = op->call == OS_SEND ? NOTICE_WRITABLE : NOTICE_READABLE;
    const int error = watch(notifier, entry, op->file, entry->watched & ~one);
    ASSERT(error == 0);
    return true;
}

void socket_leave(Notifier *notifier, FileTable *files, OsFile file) {
    FileEntry *entry = file_table_entry(files, file);
    FileEntry *other = other_end(files, entry);
    ASSERT(entry->receiver == NULL && entry->sender == NULL);
    if (other != NULL) {
        other->other = OS_FILE_NONE;
    }
    const int error = watch(notifier, entry, file, 0);
    ASSERT(error == 0);
}
