#include "base/system.h"

#include <mach-o/dyld.h>
#include <time.h>

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
