/* The ready queue and the timers' heap, against plain models of them. */
#include "loop/loop_impl.h"
#include "loop_rig.h"

#include <stdlib.h>

static uint64_t draw(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static void the_ring_is_first_in_first_out(void **state) {
    (void)state;
    uint64_t seed = 7;
    Ring ring = {0};
    uint32_t in = 0, out = 0;
    for (int i = 0; i < 200000; i++) {
        const bool grows = (i / 20000) % 2 == 0;
        if (ring.count == 0 || draw(&seed) % 8 < (grows ? 5u : 3u)) {
            ring_push(&ring, (Handle){.of = in, .kind = in ^ 0x55});
            in++;
        } else {
            const Handle handle = ring_pop(&ring);
            assert_int_equal(handle.of, out);
            assert_int_equal(handle.kind, out ^ 0x55);
            out++;
        }
        assert_int_equal(ring.count, in - out);
    }
    assert_true(ring.cap > 64); /* it has grown while its front was anywhere */
    free(ring.handles);
}

static int compare_timers(const void *a, const void *b) {
    const Timer *left = a;
    const Timer *right = b;
    if (left->due_ns != right->due_ns) {
        return left->due_ns < right->due_ns ? -1 : 1;
    }
    return (left->id > right->id) - (left->id < right->id);
}

/* Few different deadlines, so that most are equal to another's. */
static void timers_come_by_deadline_then_by_age(void **state) {
    (void)state;
    enum { COUNT = 3000 };
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint64_t random = seed;
        Timer *wanted = calloc(COUNT, sizeof *wanted);
        assert_non_null(wanted);
        Timers timers = {0};
        for (uint32_t i = 0; i < COUNT; i++) {
            wanted[i] = (Timer){.due_ns = draw(&random) % (seed * 9), .id = i, .of = i};
            loop_timers_push(&timers, wanted[i]);
        }
        qsort(wanted, COUNT, sizeof *wanted, compare_timers);
        for (uint32_t i = 0; i < COUNT; i++) {
            assert_int_equal(loop_timers_pop(&timers).id, wanted[i].id);
        }
        assert_int_equal(timers.count, 0);
        loop_timers_free(&timers);
        free(wanted);
    }
}

/* Pops between pushes, as a run has them: each pop is the least of what is there. */
static void timers_stay_in_order_while_they_are_used(void **state) {
    (void)state;
    enum { COUNT = 4000 };
    uint64_t random = 99;
    bool *there = calloc(COUNT, sizeof *there);
    Timer *all = calloc(COUNT, sizeof *all);
    assert_non_null(there);
    assert_non_null(all);
    Timers timers = {0};
    for (uint32_t i = 0; i < COUNT; i++) {
        all[i] = (Timer){.due_ns = draw(&random) % 50, .id = i, .of = i};
        there[i] = true;
        loop_timers_push(&timers, all[i]);
        if (draw(&random) % 3 == 0) {
            const Timer popped = loop_timers_pop(&timers);
            assert_true(there[popped.id]);
            there[popped.id] = false;
            for (uint32_t k = 0; k <= i; k++) {
                assert_false(there[k] && compare_timers(&all[k], &popped) < 0);
            }
        }
    }
    loop_timers_free(&timers);
    free(all);
    free(there);
}

static void ids_that_wrap_around_keep_their_order(void **state) {
    (void)state;
    Timers timers = {0};
    for (uint32_t i = 0; i < 8; i++) {
        loop_timers_push(&timers, (Timer){.due_ns = 1, .id = UINT32_MAX - 3 + i, .of = i});
    }
    for (uint32_t i = 0; i < 8; i++) {
        assert_int_equal(loop_timers_pop(&timers).of, i);
    }
    loop_timers_free(&timers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ring_is_first_in_first_out),
        cmocka_unit_test(timers_come_by_deadline_then_by_age),
        cmocka_unit_test(timers_stay_in_order_while_they_are_used),
        cmocka_unit_test(ids_that_wrap_around_keep_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
