/* The gate between two threads. */
#include "loop/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>

enum { EVENTS = 20000 };

typedef struct Walk {
    Gate gate;
    _Atomic uint64_t appended; /* events that the loop's thread has passed */
    uint64_t events;
    uint64_t holds; /* how often it was held */
    uint64_t held_ns;
} Walk;

static void *walk(void *context) {
    Walk *run = context;
    for (uint64_t n = 0; n < run->events; n++) {
        const uint64_t held_ns = gate_pass(&run->gate, n);
        run->holds += held_ns > 0;
        run->held_ns += held_ns;
        atomic_store_explicit(&run->appended, n + 1, memory_order_release);
    }
    return NULL;
}

static void wait_until_held(Walk *run) {
    while (!gate_is_held(&run->gate)) {
        sched_yield();
    }
}

static void what_is_allowed_passes_at_once(void **state) {
    (void)state;
    Gate gate;
    gate_init(&gate, 3);
    for (uint64_t n = 0; n < 3; n++) {
        assert_int_equal(gate_pass(&gate, n), 0);
    }
    assert_false(gate_is_held(&gate));
    gate_finish(&gate);
}

static void allowing_never_takes_back(void **state) {
    (void)state;
    Gate gate;
    gate_init(&gate, 10);
    gate_allow(&gate, 4);
    assert_int_equal(gate_pass(&gate, 9), 0);
    gate_open(&gate);
    gate_allow(&gate, 11);
    assert_int_equal(gate_pass(&gate, UINT64_MAX - 1), 0);
    gate_finish(&gate);
}

/* One event a press of the arrow key: never one more than allowed, and held before each. */
static void one_step_lets_one_event_through(void **state) {
    (void)state;
    Walk run = {.events = 200};
    gate_init(&run.gate, 0);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, walk, &run), 0);
    for (uint64_t n = 0; n < run.events; n++) {
        wait_until_held(&run);
        assert_int_equal(atomic_load_explicit(&run.appended, memory_order_acquire), n);
        gate_allow(&run.gate, n + 1);
    }
    pthread_join(thread, NULL);
    assert_int_equal(run.holds, run.events);
    assert_true(run.held_ns >= run.events);
    gate_finish(&run.gate);
}

/* Once it has allowed more, a viewer never sees the loop as held before the event it allowed. */
static void who_is_let_through_is_no_longer_held(void **state) {
    (void)state;
    Walk run = {.events = 2};
    gate_init(&run.gate, 0);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, walk, &run), 0);
    wait_until_held(&run);
    gate_allow(&run.gate, 1);
    /* Either it is on its way, or it stands before the next event and has passed the first. */
    if (gate_is_held(&run.gate)) {
        assert_int_equal(atomic_load_explicit(&run.appended, memory_order_acquire), 1);
    }
    gate_open(&run.gate);
    pthread_join(thread, NULL);
    assert_false(gate_is_held(&run.gate));
    gate_finish(&run.gate);
}

/* The loop runs while the viewer keeps moving the number: it must never overtake it. */
static void the_loop_never_overtakes_the_viewer(void **state) {
    (void)state;
    Walk run = {.events = EVENTS};
    gate_init(&run.gate, 0);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, walk, &run), 0);
    for (uint64_t allowed = 1; allowed < EVENTS; allowed += 1 + allowed % 7) {
        assert_true(atomic_load_explicit(&run.appended, memory_order_acquire) < allowed);
        gate_allow(&run.gate, allowed);
    }
    gate_open(&run.gate);
    pthread_join(thread, NULL);
    assert_int_equal(atomic_load(&run.appended), EVENTS);
    gate_finish(&run.gate);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_allowed_passes_at_once),
        cmocka_unit_test(allowing_never_takes_back),
        cmocka_unit_test(one_step_lets_one_event_through),
        cmocka_unit_test(who_is_let_through_is_no_longer_held),
        cmocka_unit_test(the_loop_never_overtakes_the_viewer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
