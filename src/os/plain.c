#include "os/plain.h"

#include "base/assert.h"
#include "base/system.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int64_t write_whole(const OsOp *op, int file, uint32_t chunk_bytes) {
    uint64_t done = 0;
    do {
        const uint64_t left = op->size_bytes - done;
        const size_t chunk = left < chunk_bytes ? (size_t)left : chunk_bytes;
        const ssize_t wrote =
            op->offset < 0 ? write(file, op->data + done, chunk)
                           : pwrite(file, op->data + done, chunk, op->offset + (int64_t)done);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            return -errno;
        }
        if (wrote == 0 && chunk > 0) {
            return -EIO; /* no progress and no reason given */
        }
        done += (uint64_t)wrote;
    } while (done < op->size_bytes);
    return (int64_t)done;
}

static int64_t read_once(const OsOp *op, int file) {
    ssize_t got = -1;
    do {
        got = pread(file, op->data, (size_t)op->size_bytes, op->offset);
    } while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got;
}

static int64_t flush(int file) {
    int flushed = -1;
    do {
        flushed = system_file_flush(file);
    } while (flushed < 0 && errno == EINTR);
    return flushed < 0 ? -errno : 0;
}

/* Never twice: even an interrupted close has given the number back. */
static int64_t close_once(int file) {
    return close(file) < 0 && errno != EINTR ? -errno : 0;
}

int64_t plain_do(const Workspace *workspace, const OsOp *op, int target, uint32_t chunk_bytes) {
    switch (op->call) {
    case OS_OPENAT:
        return workspace_open(workspace, op->path, op->mode);
    case OS_WRITE:
        return write_whole(op, target, chunk_bytes);
    case OS_READ:
        return read_once(op, target);
    case OS_FSYNC:
        return flush(target);
    default:
        ASSERT(op->call == OS_CLOSE);
        return close_once(target);
    }
}

void plain_helper_begin(uint32_t number) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    char name[16]; /* the system's limit */
    snprintf(name, sizeof name, "helper-%u", number);
    system_thread_name(name);
}

long plain_cores(void) {
    return sysconf(_SC_NPROCESSORS_ONLN);
}
