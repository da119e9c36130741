#include "base/system.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <mach-o/dyld.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int64_t system_thread_id(void) {
    uint64_t id = 0;
    return pthread_threadid_np(NULL, &id) == 0 ? (int64_t)id : 0;
}

void system_thread_name(const char *name) {
    (void)pthread_setname_np(name);
}

bool system_program_path(char *out, size_t size_bytes) {
    uint32_t room = size_bytes < UINT32_MAX ? (uint32_t)size_bytes : UINT32_MAX;
    return _NSGetExecutablePath(out, &room) == 0;
}

/* There is no pthread_condattr_setclock, but a wait for a length of time instead of until one. */
void system_cond_init(pthread_cond_t *cond) {
    pthread_cond_init(cond, NULL);
}

void system_cond_nap(pthread_cond_t *cond, pthread_mutex_t *lock, uint64_t ns) {
    enum { NS_PER_S = 1000000000 };
    const struct timespec nap = {.tv_sec = (time_t)(ns / NS_PER_S),
                                 .tv_nsec = (long)(ns % NS_PER_S)};
    pthread_cond_timedwait_relative_np(cond, lock, &nap);
}

/* fsync leaves the bytes in the drive's own memory; not every file system knows better. */
int system_file_flush(int file) {
    if (fcntl(file, F_FULLFSYNC) == 0) {
        return 0;
    }
    return errno == EINTR || errno == EBADF || errno == EIO ? -1 : fsync(file);
}

void system_socket_quiet(int socket) {
    const int on = 1;
    (void)setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
}

ptrdiff_t system_send(int socket, const void *data, size_t size_bytes) {
    return send(socket, data, size_bytes, 0);
}

ptrdiff_t system_receive(int socket, void *data, size_t size_bytes) {
    return recv(socket, data, size_bytes, 0);
}

bool system_settings_folder(char *out, size_t size_bytes) {
    char home[4096];
    return file_variable("HOME", home, sizeof home) &&
           snprintf(out, size_bytes, "%s/Library/Application Support", home) < (int)size_bytes;
}
