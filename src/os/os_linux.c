/* Linux: epoll in front; behind it io_uring, or helper threads where there is none. */
#include "os/engine.h"
#include "os/system.h"

static Os *create_uring(const OsConfig *config, Buf *reason, Diags *diags) {
    return os_posix_create(OS_BACKEND_IO_URING, engine_uring_create, config, reason, diags);
}

static Os *create_threads(const OsConfig *config, Buf *reason, Diags *diags) {
    return os_posix_create(OS_BACKEND_THREADS, engine_threads_create, config, reason, diags);
}

const SystemBackend SYSTEM_BACKENDS[] = {
    {OS_BACKEND_IO_URING, "operations go to a ring whose completions epoll watches", create_uring},
    {OS_BACKEND_THREADS, "helper threads do the calls, an eventfd wakes epoll", create_threads},
    {OS_BACKEND_AUTO, NULL, NULL},
};
