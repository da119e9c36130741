/* A door at which one thread sleeps until another one, or a signal's handler, rings: for the
 * simulation, which has no notifier.
 *
 * Ownership: waker_init/waker_finish for memory that the caller supplies.
 * Threads: waker_ring on any and in a signal handler; the rest on the sleeper's. */
#ifndef LOOPSCOPE_OS_WAKER_H
#define LOOPSCOPE_OS_WAKER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Waker {
    intptr_t ends[2]; /* a pipe's; on Windows an event */
} Waker;

int waker_init(Waker *waker); /* 0 or -errno */
void waker_finish(Waker *waker);
void waker_ring(Waker *waker);
void waker_sleep(Waker *waker); /* until it was rung since the last clear; may return early */
void waker_clear(Waker *waker);

#endif
