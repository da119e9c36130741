/* The simulation: a seed is a run, the same on every machine, whoever looks at it meanwhile. */
#include "os_fixture.h"

#include <sys/stat.h>

enum { FILES = 12, WRITES = 6 };

static Os *create_sim(uint64_t seed) {
    Diags diags = {0};
    const OsConfig config = {.backend = OS_BACKEND_SIM, .seed = seed};
    Os *os = os_create(&config, &diags);
    assert_non_null(os);
    assert_int_equal(diags.count, 0);
    diags_finish(&diags);
    return os;
}

static uint64_t mix(uint64_t hash, uint64_t value) {
    for (int i = 0; i < 8; i++) {
        hash = (hash ^ ((value >> (8 * i)) & 0xff)) * 0x100000001b3u;
    }
    return hash;
}

/* What was told when, as one number. */
static uint64_t take_all(Os *os, const OsOp *ops, uint64_t hash, bool looks) {
    while (os_in_flight(os) > 0) {
        if (looks) {
            while (os_peek(os) != NULL) {
            }
        }
        for (const OsOp *op = os_wait(os, -1, NULL); op != NULL; op = op->next) {
            hash = mix(hash, os_now_ns(os));
            hash = mix(hash, (uint64_t)(op - ops));
            hash = mix(hash, (uint64_t)op->result);
        }
    }
    return hash;
}

/* A little of everything; the number stands for the whole history. */
static uint64_t history(uint64_t seed, bool looks) {
    static char data[3000];
    Os *os = create_sim(seed);
    OsOp ops[FILES];
    char paths[FILES][16];
    uint64_t hash = 0xcbf29ce484222325u;
    for (int i = 0; i < FILES; i++) {
        snprintf(paths[i], sizeof paths[i], "d%d/f", i);
        ops[i] = op_open(paths[i], i % 5 == 4 ? OS_MODE_R : OS_MODE_W);
        os_submit(os, &ops[i]);
    }
    hash = take_all(os, ops, hash, looks);
    for (int round = 0; round < WRITES; round++) {
        for (int i = 0; i < FILES; i++) {
            ops[i] = round == 3 ? op_file(OS_FSYNC, ops[i].file)
                                : op_write(ops[i].file, data, (uint64_t)(100 + 200 * i), 0);
            os_submit(os, &ops[i]);
        }
        os_spend(os, 20000);
        hash = take_all(os, ops, hash, looks);
    }
    os_destroy(os);
    return hash;
}

static void test_a_seed_is_a_run(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        assert_true(history(seed, false) == history(seed, false));
        assert_true(history(seed, false) == history(seed, true));
        assert_true(history(seed, false) != history(seed + 1, false));
    }
}

/* The recorded runs of the project depend on these numbers: they change only on purpose. */
static void test_the_same_everywhere(void **state) {
    (void)state;
    static const uint64_t EXPECTED[] = {0xaa6a9f3de4a12a38u, 0xed7ceb97513ed2a0u,
                                        0xd6393c76e826ba66u};
    static const uint64_t SEEDS[] = {0, 1, UINT64_MAX};
    bool same = true;
    for (size_t i = 0; i < 3; i++) {
        const uint64_t got = history(SEEDS[i], false);
        if (got != EXPECTED[i]) {
            print_error("seed %u: got 0x%016llx\n", (unsigned)i, (unsigned long long)got);
        }
        same = same && got == EXPECTED[i];
    }
    assert_true(same);
}

typedef struct Range {
    OsCall call;
    uint64_t size_bytes;
    uint64_t least_ns;
    uint64_t most_ns;
} Range;

/* Each kind takes as long as it does on a real machine, give or take. */
static void test_durations(void **state) {
    (void)state;
    static char data[65536];
    static const Range RANGES[] = {
        {OS_OPENAT, 0, 30000, 82000},     {OS_WRITE, 4096, 9000, 100000},
        {OS_WRITE, 65536, 24000, 350000}, {OS_READ, 4096, 5000, 70000},
        {OS_FSYNC, 0, 300000, 1002000},   {OS_CLOSE, 0, 5000, 22000},
    };
    for (size_t i = 0; i < sizeof RANGES / sizeof RANGES[0]; i++) {
        const Range *range = &RANGES[i];
        uint64_t distinct = 0;
        uint64_t last_ns = 0;
        for (uint64_t seed = 0; seed < 200; seed++) {
            Os *os = create_sim(seed);
            const bool reads = range->call == OS_READ;
            OsOp op = op_open("f", OS_MODE_W);
            os_perform(os, &op);
            if (reads) {
                op = op_open("f", OS_MODE_R);
                os_perform(os, &op);
            }
            op = (OsOp){.call = range->call,
                        .file = op.file,
                        .path = "g",
                        .mode = OS_MODE_W,
                        .data = data,
                        .size_bytes = range->size_bytes};
            const uint64_t begin_ns = os_now_ns(os);
            os_submit(os, &op);
            assert_ptr_equal(os_wait(os, -1, NULL), &op);
            const uint64_t took_ns = os_now_ns(os) - begin_ns;
            assert_in_range(took_ns, range->least_ns, range->most_ns);
            distinct += took_ns != last_ns;
            last_ns = took_ns;
            os_destroy(os);
        }
        assert_true(distinct > 150);
    }
}

/* Seeds really differ in who is first, else there would be nothing to explore. */
static void test_every_order_comes(void **state) {
    (void)state;
    enum { RIVALS = 3, ORDERS = 27 };
    bool seen[ORDERS] = {false};
    for (uint64_t seed = 0; seed < 200; seed++) {
        static const char *const NAMES[RIVALS] = {"a", "b", "c"};
        Os *os = create_sim(seed);
        OsOp ops[RIVALS];
        int order = 0;
        for (int i = 0; i < RIVALS; i++) {
            ops[i] = op_open(NAMES[i], OS_MODE_W);
            os_submit(os, &ops[i]);
        }
        while (os_in_flight(os) > 0) {
            for (const OsOp *op = os_wait(os, -1, NULL); op != NULL; op = op->next) {
                order = order * RIVALS + (int)(op - ops);
            }
        }
        seen[order] = true;
        os_destroy(os);
    }
    int distinct = 0;
    for (int i = 0; i < ORDERS; i++) {
        distinct += seen[i];
    }
    assert_int_equal(distinct, 6);
}

/* Time stands still unless the program does something that takes time. */
static void test_the_clock(void **state) {
    (void)state;
    Os *os = create_sim(1);
    assert_int_equal(os_now_ns(os), 0);
    assert_null(os_peek(os));
    assert_int_equal(os_now_ns(os), 0);
    os_spend(os, 12345);
    assert_int_equal(os_now_ns(os), 12345);
    OsOp op = op_open("f", OS_MODE_W);
    os_submit(os, &op);
    const uint64_t submitted_ns = os_now_ns(os);
    assert_in_range(submitted_ns, 12346, 12345 + 2000);
    assert_null(os_peek(os)); /* not yet */
    assert_null(os_wait(os, 1000, NULL));
    assert_int_equal(os_now_ns(os), submitted_ns + 1000);
    os_spend(os, 1000000); /* long over by now */
    assert_ptr_equal(os_peek(os), &op);
    assert_null(os_peek(os));
    OsWait info;
    assert_ptr_equal(os_wait(os, 0, &info), &op);
    assert_int_equal(info.events, 1);
    os_destroy(os);
}

/* Nothing real is touched: the path names no file of this machine's. */
static void test_touches_nothing(void **state) {
    (void)state;
    struct stat what;
    Os *os = create_sim(1);
    write_file(os, "loopscope-sim-was-here/f", "x");
    expect_text(os, "loopscope-sim-was-here/f", "x");
    assert_int_equal(stat("loopscope-sim-was-here", &what), -1);
    os_destroy(os);
}

/* Many files and folders: the table of names grows, and a name is found again. */
static void test_many_names(void **state) {
    (void)state;
    enum { NAMES = 3000 };
    Os *os = create_sim(1);
    for (int i = 0; i < NAMES; i++) {
        char path[32];
        snprintf(path, sizeof path, "d%d/f%d", i % 50, i);
        write_file(os, path, path);
    }
    for (int i = 0; i < NAMES; i++) {
        char path[32];
        snprintf(path, sizeof path, "d%d/../d%d/f%d", i % 7, i % 50, i);
        char text[32];
        snprintf(text, sizeof text, "d%d/f%d", i % 50, i);
        expect_text(os, path, text);
    }
    assert_int_equal(open_result(os, "d1/f0", OS_MODE_R), -ENOENT);
    os_destroy(os);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_seed_is_a_run), cmocka_unit_test(test_the_same_everywhere),
        cmocka_unit_test(test_durations),       cmocka_unit_test(test_every_order_comes),
        cmocka_unit_test(test_the_clock),       cmocka_unit_test(test_touches_nothing),
        cmocka_unit_test(test_many_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
