/* libev: timers that are all set, then all fire.
 *
 * usage: libev timers COUNT    (CPU time is measured from outside) */
#include <ev.h>
#include <stdlib.h>
#include <string.h>

static void fired(struct ev_loop *loop, ev_timer *timer, int events) {
    (void)loop;
    (void)timer;
    (void)events;
}

int main(int argc, char **argv) {
    if (argc != 3 || strcmp(argv[1], "timers") != 0) {
        return 2;
    }
    const size_t count = strtoul(argv[2], NULL, 10);
    struct ev_loop *loop = ev_default_loop(0);
    ev_timer *timers = calloc(count + 1, sizeof *timers);
    for (size_t i = 0; i < count; i++) {
        ev_timer_init(&timers[i], fired, (double)(i / 1000 * 7919 % 1000 + 1) / 1000, 0.0);
        ev_timer_start(loop, &timers[i]);
    }
    ev_run(loop, 0);
    free(timers);
    return 0;
}
