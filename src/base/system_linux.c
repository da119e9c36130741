#include "base/system.h"

#include <sys/socket.h>
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

const int SYSTEM_SEND_FLAGS = MSG_NOSIGNAL;

void system_socket_quiet(int socket) {
    (void)socket;
}
