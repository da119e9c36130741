#include "base/system.h"

#include <sys/param.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <sys/sysctl.h>
#include <unistd.h>

#if defined(__NetBSD__)
#include <lwp.h>

int64_t system_thread_id(void) {
    return _lwp_self();
}

void system_thread_name(const char *name) {
    (void)pthread_setname_np(pthread_self(), "%s", (void *)(uintptr_t)name);
}
#else
#include <pthread_np.h>

#if defined(__FreeBSD__)
int64_t system_thread_id(void) {
    return pthread_getthreadid_np();
}
#else
int64_t system_thread_id(void) {
    return 0;
}
#endif

void system_thread_name(const char *name) {
    pthread_set_name_np(pthread_self(), name);
}
#endif

bool system_program_path(char *out, size_t size_bytes) {
#if defined(__NetBSD__)
    static const int NAME[] = {CTL_KERN, KERN_PROC_ARGS, -1, KERN_PROC_PATHNAME};
#elif defined(KERN_PROC_PATHNAME)
    static const int NAME[] = {CTL_KERN, KERN_PROC, KERN_PROC_PATHNAME, -1};
#endif
#if defined(KERN_PROC_PATHNAME)
    size_t length = size_bytes;
    return sysctl(NAME, sizeof NAME / sizeof NAME[0], out, &length, NULL, 0) == 0;
#else
    (void)out, (void)size_bytes;
    return false;
#endif
}

int system_file_flush(int file) {
    return fsync(file);
}

void system_socket_quiet(int socket) {
    (void)socket;
}

ptrdiff_t system_send(int socket, const void *data, size_t size_bytes) {
    return send(socket, data, size_bytes, MSG_NOSIGNAL);
}

ptrdiff_t system_receive(int socket, void *data, size_t size_bytes) {
    return recv(socket, data, size_bytes, 0);
}
