/* Films, looked at by a machine: a recording is played at 60 frames a second, and from frame to
 * frame no thing of the stage comes, goes or jumps at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_checks.h"
#include "view_film.h"
#include "view_tapes.h"

static void nothing_blinks_or_jumps(void **state) {
    (void)state;
    static const struct {
        const ViewTask *tasks;
        uint32_t count;
        IoVia via;
        const char *backend;
        size_t beats_least;
    } RUNS[] = {{VIEW_THREE, 3, VIA_IO_URING, "io_uring", 0},
                {VIEW_THREE, 3, VIA_THREADS, "threads", 0},
                {VIEW_SLEEPERS, 3, VIA_SIM, "sim", 0},
                {VIEW_FROZEN, 4, VIA_IO_URING, "io_uring", 0},
                {VIEW_CROWDED, CROWDED, VIA_THREADS, "threads", 2},
                {VIEW_CROWDED, CROWDED, VIA_IO_URING, "io_uring", 2}};
    for (size_t i = 0; i < sizeof RUNS / sizeof RUNS[0]; i++) {
        for (int pace = PACE_DEFAULT; PACES[pace] <= 3; pace++) {
            Show show;
            show_open(&show, RUNS[i].tasks, RUNS[i].count, RUNS[i].via, RUNS[i].backend);
            assert_true(film_play(&show, pace) >= RUNS[i].beats_least);
            film_back(&show);
            film_restless(&show, (uint32_t)pace, 1500);
            show_close(&show);
        }
    }
}

/* Locks, queues, cancelling, deadlocks, channels. */
static void nothing_shared_blinks_or_jumps(void **state) {
    (void)state;
    Log *const logs[] = {tapes_shared("io_uring"), tapes_waits("sim"), tapes_channel(),
                         tapes_ring(5), tapes_chain(4, WAIT_EVENT)};
    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
        Show show;
        show_over(&show, logs[i]);
        film_play(&show, PACE_DEFAULT);
        film_back(&show);
        film_restless(&show, 1, 1500);
        show_close(&show);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_blinks_or_jumps),
        cmocka_unit_test(nothing_shared_blinks_or_jumps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
