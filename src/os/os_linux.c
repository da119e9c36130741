/* Linux: epoll in front; behind it io_uring, or helper threads where there is none. */
#include "os/engine.h"
#include "os/system.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

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

void system_try_file(const char *folder, Buf *out) {
    const int place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int file = openat(place, "regular", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const int queue = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLOUT};
    const bool watched = epoll_ctl(queue, EPOLL_CTL_ADD, file, &event) == 0;
    const int error = errno;
    buf_append_text(out, "epoll_ctl(EPOLL_CTL_ADD) of a regular file = ");
    if (watched) {
        buf_append_text(out, "0: this kernel accepts what others refuse");
    } else if (error == EPERM) {
        buf_append_text(out, "-1 EPERM: they go to io_uring or to a helper thread");
    } else {
        buf_printf(out, "-1, %s: it could not be tried", os_error_text(error));
    }
    (void)unlinkat(place, "regular", 0);
    const int files[] = {queue, file, place};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (files[i] >= 0) {
            close(files[i]);
        }
    }
}
