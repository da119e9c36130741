/* For the systems whose conditions can go by the monotonic clock. */
#include "base/system.h"

#include <time.h>

enum { NS_PER_S = 1000000000 };

void system_cond_init(pthread_cond_t *cond) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

void system_cond_nap(pthread_cond_t *cond, pthread_mutex_t *lock, uint64_t ns) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    const uint64_t ns_of_second = (uint64_t)until.tv_nsec + ns % NS_PER_S;
    until.tv_sec += (time_t)(ns / NS_PER_S + ns_of_second / NS_PER_S);
    until.tv_nsec = (long)(ns_of_second % NS_PER_S);
    pthread_cond_timedwait(cond, lock, &until);
}
