/* The machine's monotonic clock: no calendar, never set back.
 *
 * Threads: any. */
#ifndef LOOPSCOPE_BASE_CLOCK_H
#define LOOPSCOPE_BASE_CLOCK_H

#include <stdint.h>

uint64_t clock_now_ns(void);

#endif
