/* libev: timers that are all set, then all fire. */
#include "bench_peer.h"

#include <ev.h>

static void fired(struct ev_loop *loop, ev_timer *timer, int events) {
    (void)loop;
    (void)timer;
    (void)events;
}

int main(int argc, char **argv) {
    if (!is_work(argc, argv, "timers", 1)) {
        return 2;
    }
    const size_t count = number(argv[2]);
    struct ev_loop *loop = ev_default_loop(0);
    ev_timer *timers = calloc(count, sizeof *timers);
    for (size_t i = 0; i < count; i++) {
        ev_timer_init(&timers[i], fired, (double)timer_ms(i) / 1000, 0.0);
        ev_timer_start(loop, &timers[i]);
    }
    ev_run(loop, 0);
    free(timers);
    return 0;
}
