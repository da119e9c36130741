#include "os/waker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

int waker_init(Waker *waker) {
    int ends[2];
    if (pipe(ends) < 0) {
        return -errno;
    }
    for (int i = 0; i < 2; i++) {
        (void)fcntl(ends[i], F_SETFL, O_NONBLOCK);
        (void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        waker->ends[i] = ends[i];
    }
    return 0;
}

void waker_finish(Waker *waker) {
    close((int)waker->ends[0]);
    close((int)waker->ends[1]);
}

void waker_ring(Waker *waker) {
    const int saved = errno;                   /* this may be a signal handler */
    (void)!write((int)waker->ends[1], "w", 1); /* a full pipe wakes as well */
    errno = saved;
}

void waker_sleep(Waker *waker) {
    struct pollfd end = {.fd = (int)waker->ends[0], .events = POLLIN};
    (void)poll(&end, 1, -1);
}

void waker_clear(Waker *waker) {
    char bytes[64];
    while (read((int)waker->ends[0], bytes, sizeof bytes) > 0) {
    }
}
