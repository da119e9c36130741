/* The pool of helper threads by itself, with jobs of the test's own. */
#include "os_fixture.h"

#include "os/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { JOBS = 2000, THREADS_MAX = 4 };

typedef struct Rig {
    atomic_uint signals;
    atomic_uint begun;
    atomic_uint numbers; /* a bit for each thread's */
    atomic_uint running;
    atomic_uint running_most;
    atomic_bool held; /* the jobs wait until it is taken back */
} Rig;

static void rig_signal(void *user) {
    atomic_fetch_add(&((Rig *)user)->signals, 1);
}

static void rig_begin(void *user, uint32_t number) {
    Rig *rig = user;
    atomic_fetch_add(&rig->begun, 1);
    atomic_fetch_or(&rig->numbers, 1u << number);
}

static void rig_run(void *user, OsOp *op) {
    Rig *rig = user;
    const unsigned running = atomic_fetch_add(&rig->running, 1) + 1;
    unsigned most = atomic_load(&rig->running_most);
    while (running > most && !atomic_compare_exchange_weak(&rig->running_most, &most, running)) {
    }
    while (atomic_load(&rig->held)) {
        usleep(100);
    }
    op->result = (int64_t)op->size_bytes * 2;
    atomic_fetch_sub(&rig->running, 1);
}

static Pool *rig_pool(Rig *rig, uint32_t threads_max) {
    return pool_create(&(PoolConfig){.run = rig_run,
                                     .signal = rig_signal,
                                     .begin = rig_begin,
                                     .user = rig,
                                     .threads_max = threads_max});
}

static OsOp *jobs_make(void) {
    OsOp *ops = mem_alloc(JOBS, sizeof *ops);
    for (uint64_t i = 0; i < JOBS; i++) {
        ops[i].size_bytes = i;
    }
    return ops;
}

/* Every job comes back once, with its result, and nobody need look before the signal. */
static void test_every_job_comes_back(void **state) {
    (void)state;
    Rig rig = {0};
    Pool *pool = rig_pool(&rig, THREADS_MAX);
    OsOp *ops = jobs_make();
    assert_int_equal(atomic_load(&rig.begun), 0); /* none is started before there is work */
    for (int i = 0; i < JOBS; i++) {
        pool_submit(pool, &ops[i]);
    }
    int told = 0;
    while (told < JOBS) {
        OpList finished = {0};
        pool_block(pool);
        assert_true(atomic_load(&rig.signals) > 0);
        pool_reap(pool, &finished);
        assert_non_null(finished.first);
        for (const OsOp *op = finished.first; op != NULL; op = op->next) {
            assert_int_equal(op->result, op->size_bytes * 2);
            told++;
        }
    }
    assert_int_equal(told, JOBS);
    assert_in_range(atomic_load(&rig.begun), 1, THREADS_MAX);
    assert_in_range(atomic_load(&rig.running_most), 1, THREADS_MAX);
    assert_null(pool_peek(pool));
    pool_destroy(pool);
    free(ops);
}

/* Jobs that hold their threads: one more is started for each, up to the limit, the rest wait. */
static void test_as_many_threads_as_needed(void **state) {
    (void)state;
    enum { HELD = THREADS_MAX + 3 };
    Rig rig = {.held = true};
    Pool *pool = rig_pool(&rig, THREADS_MAX);
    OsOp ops[HELD] = {0};
    for (unsigned i = 0; i < HELD; i++) {
        pool_submit(pool, &ops[i]);
        const unsigned expected = i < THREADS_MAX ? i + 1 : THREADS_MAX;
        while (atomic_load(&rig.running) < expected) {
            usleep(100);
        }
        assert_int_equal(atomic_load(&rig.running), expected);
    }
    assert_int_equal(atomic_load(&rig.signals), 0);
    atomic_store(&rig.held, false);
    pool_destroy(pool); /* does all of it first */
    assert_int_equal(atomic_load(&rig.begun), THREADS_MAX);
    assert_int_equal(atomic_load(&rig.numbers), (1u << THREADS_MAX) - 1);
    assert_int_equal(atomic_load(&rig.signals), 1); /* nobody reaped: one signal is enough */
}

/* A look shows each finished job once, in order, and takes nothing away. */
static void test_peek_shows_each_once(void **state) {
    (void)state;
    Rig rig = {0};
    Pool *pool = rig_pool(&rig, 1);
    OsOp ops[50] = {0};
    for (int i = 0; i < 50; i++) {
        pool_submit(pool, &ops[i]);
    }
    for (int seen = 0; seen < 50;) {
        const OsOp *op = pool_peek(pool); /* NULL where the helper is not so far */
        if (op != NULL) {
            assert_ptr_equal(op, &ops[seen]);
            seen++;
        }
    }
    assert_null(pool_peek(pool));
    OpList finished = {0};
    pool_reap(pool, &finished);
    for (int i = 0; i < 50; i++) {
        assert_ptr_equal(op_list_take(&finished), &ops[i]);
    }
    pool_destroy(pool);
}

static void test_default_count(void **state) {
    (void)state;
    assert_int_equal(pool_threads_default(-1), 5);
    assert_int_equal(pool_threads_default(2), 6);
    assert_int_equal(pool_threads_default(28), 32);
    assert_int_equal(pool_threads_default(1000), 32);
    pool_destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_job_comes_back),
        cmocka_unit_test(test_as_many_threads_as_needed),
        cmocka_unit_test(test_peek_shows_each_once),
        cmocka_unit_test(test_default_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
