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
    return 0;
}

int64_t socket_try(const OsOp *op, int file) {
    ssize_t moved = -1;
    do {
        moved = op->call == OS_SEND
                    ? send(file, op->data, (size_t)op->size_bytes, SYSTEM_SEND_FLAGS)
                    : recv(file, op->data, (size_t)op->size_bytes, 0);
    } while (moved < 0 && errno == EINTR);
    if (moved < 0) {
        return errno == EWOULDBLOCK ? -EAGAIN : -errno;
    }
    return moved;
}

static unsigned interest(const FileEntry *entry) {
    return (entry->receiver != NULL ? NOTICE_READABLE : 0u) |
           (entry->sender != NULL ? NOTICE_WRITABLE : 0u);
}

static OsOp **place_of(FileEntry *entry, const OsOp *op) {
    return op->call == OS_SEND ? &entry->sender : &entry->receiver;
}

int socket_wait(Notifier *notifier, FileEntry *entry, OsOp *op) {
    OsOp **place = place_of(entry, op);
    ASSERT(*place == NULL);
    const unsigned was = interest(entry);
    *place = op;
    const int error = notifier_watch_socket(notifier, (int)op->file, was, interest(entry));
    if (error < 0) {
        *place = NULL;
    }
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
    const unsigned was = interest(entry);
    if ((notice->what & NOTICE_READABLE) != 0) {
        finish(&entry->receiver, finished);
    }
    if ((notice->what & NOTICE_WRITABLE) != 0) {
        finish(&entry->sender, finished);
    }
    const int error = notifier_watch_socket(notifier, notice->file, was, interest(entry));
    ASSERT(error == 0); /* to watch for less takes nothing */
}

bool socket_withdraw(Notifier *notifier, FileEntry *entry, OsOp *op) {
    OsOp **place = place_of(entry, op);
    if (*place != op) {
        return false;
    }
    const unsigned was = interest(entry);
    *place = NULL;
    const int error = notifier_watch_socket(notifier, (int)op->file, was, interest(entry));
    ASSERT(error == 0);
    return true;
}
