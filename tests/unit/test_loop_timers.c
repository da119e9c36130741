/* Timers come in the order of their deadlines, equal ones in the order in which they were set,
 * however they are kept. */
#include "loop/loop_impl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

enum { MANY = 50000 };

static uint64_t chance(uint64_t *seed) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static int by_due_and_id(const void *a, const void *b) {
    const Timer *x = a, *y = b;
    if (x->due_ns != y->due_ns) {
        return x->due_ns < y->due_ns ? -1 : 1;
    }
    return (int32_t)(x->id - y->id) < 0 ? -1 : x->id != y->id;
}

typedef uint64_t (*DueFunction)(uint64_t *seed, uint32_t i);

static uint64_t due_anywhere(uint64_t *seed, uint32_t i) {
    (void)i;
    return chance(seed) * 1000;
}

static uint64_t due_in_few(uint64_t *seed, uint32_t i) {
    (void)i;
    return chance(seed) % 7;
}

static uint64_t due_rising(uint64_t *seed, uint32_t i) {
    return i + chance(seed) % 2;
}

static uint64_t due_falling(uint64_t *seed, uint32_t i) {
    (void)seed;
    return MANY - i;
}

static const DueFunction DUES[] = {due_anywhere, due_in_few, due_rising, due_falling};
enum { DUE_KINDS = sizeof DUES / sizeof DUES[0] };

static void all_set_then_all_popped(void **state) {
    (void)state;
    Timer *expected = malloc(MANY * sizeof *expected);
    assert_non_null(expected);
    for (uint32_t kind = 0; kind < DUE_KINDS; kind++) {
        Timers timers = {0};
        uint64_t seed = 1;
        const uint32_t first_id = UINT32_MAX - MANY / 2; /* ids wrap around on the way */
        for (uint32_t i = 0; i < MANY; i++) {
            expected[i] = (Timer){.due_ns = DUES[kind](&seed, i), .id = first_id + i, .of = i};
            loop_timers_push(&timers, expected[i]);
        }
        qsort(expected, MANY, sizeof *expected, by_due_and_id);
        for (uint32_t i = 0; i < MANY; i++) {
            assert_int_equal(loop_timers_first(&timers)->id, expected[i].id);
            const Timer timer = loop_timers_pop(&timers);
            assert_int_equal(timer.id, expected[i].id);
            assert_int_equal(timer.due_ns, expected[i].due_ns);
            assert_int_equal(timer.of, expected[i].of);
        }
        assert_null(loop_timers_first(&timers));
        loop_timers_free(&timers);
    }
    free(expected);
}

/* Some are set, some popped, in bursts of any size: each popped one is the least of those there. */
static void set_and_popped_in_turns(void **state) {
    (void)state;
    bool *is_there = calloc(MANY, sizeof *is_there);
    Timer *all = malloc(MANY * sizeof *all);
    assert_true(is_there != NULL && all != NULL);
    Timers timers = {0};
    uint64_t seed = 3;
    uint32_t made = 0, there = 0;
    Timer last = {0};
    while (made < MANY || there > 0) {
        const uint32_t burst = (uint32_t)(chance(&seed) % (chance(&seed) % 8 == 0 ? 6000 : 20));
        for (uint32_t i = 0; i < burst && made < MANY; i++, made++, there++) {
            const uint64_t after = chance(&seed) % 3 == 0 ? 100000 : chance(&seed) % 200000;
            all[made] = (Timer){.due_ns = last.due_ns + after, .id = made, .of = made};
            is_there[made] = true;
            loop_timers_push(&timers, all[made]);
        }
        const uint32_t pops = (uint32_t)(chance(&seed) % (chance(&seed) % 8 == 0 ? 5000 : 20));
        for (uint32_t i = 0; i < pops && there > 0; i++, there--) {
            const Timer timer = loop_timers_pop(&timers);
            assert_true(is_there[timer.of]);
            is_there[timer.of] = false;
            assert_true(timer.due_ns >= last.due_ns);
            assert_int_equal(timer.due_ns, all[timer.of].due_ns);
            last.due_ns = timer.due_ns;
        }
        assert_int_equal(timers.count, there);
    }
    loop_timers_free(&timers);
    free(all);
    free(is_there);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_set_then_all_popped),
        cmocka_unit_test(set_and_popped_in_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
