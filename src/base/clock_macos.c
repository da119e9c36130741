#include "base/clock.h"

#include <time.h>

/* What kevent's timeouts go by, in nanoseconds; CLOCK_MONOTONIC counts microseconds here. */
uint64_t clock_now_ns(void) {
    return clock_gettime_nsec_np(CLOCK_UPTIME_RAW);
}
