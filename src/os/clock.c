#include "os/back_end.h"

#include "base/clock.h"

/* Arithmetic that the compiler can't leave out, in bites short enough to end close to the mark:
 * a thread that slept would give its core away, which is the opposite of what is to be shown. */
void os_clock_spend(uint64_t ns) {
    enum { ROUNDS_A_BITE = 200 };
    const uint64_t begin_ns = clock_now_ns();
    volatile uint64_t sink = begin_ns;
    while (clock_now_ns() - begin_ns < ns) {
        uint64_t x = sink | 1u;
        for (int i = 0; i < ROUNDS_A_BITE; i++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
        }
        sink = x;
    }
}
