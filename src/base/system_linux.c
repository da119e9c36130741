#include "base/system.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int64_t system_thread_id(void) {
    return gettid();
}

void system_thread_name(const char *name) {
    (void)pthread_setname_np(pthread_self(), name);
}

bool system_program_path(char *out, size_t size_bytes) {
    const ssize_t length = readlink("/proc/self/exe", out, size_bytes);
    if (length <= 0 || (size_t)length >= size_bytes) {
        return false;
    }
    out[length] = '\0';
    return true;
}

int system_file_flush(int file) {
    return fsync(file);
}

void system_socket_quiet(int socket) {
    (void)socket;
}

/* In the C library's own functions a thread can be cancelled. In a program that has a second thread
 * each of them prepares for it, with two locked instructions a call. Here nobody is. */
ptrdiff_t system_send(int socket, const void *data, size_t size_bytes) {
    return syscall(SYS_sendto, socket, data, size_bytes, MSG_NOSIGNAL, NULL, 0);
}

ptrdiff_t system_receive(int socket, void *data, size_t size_bytes) {
    return syscall(SYS_recvfrom, socket, data, size_bytes, 0, NULL, NULL);
}
