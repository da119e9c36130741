/* io_arrived: what the system finished while the loop was busy is told when it is seen, once, and
 * never of what a wait has already brought. On the best back end, the sure one, the simulation. */
#include "loop_rig.h"

enum { TASKS = 30, ROUNDS = 4, PAUSE_MS = 60, PAUSE_MAX_MS = 4000 };

/* Writers, and one that keeps the thread while the system works for them. */
static void run_writers(Rig *rig, OsBackend backend, uint64_t compute_ns) {
    const uint32_t writer = rig_body(rig, "writer");
    const Piece pieces[] = {{.kind = PIECE_TASK}, {.kind = PIECE_TEXT, .text = ".f", .length = 2}};
    rig_open_template(rig, program_add_template(rig->builder, pieces, 2), "f", OPEN_WRITE,
                      RIG_ASYNC);
    for (int i = 0; i < ROUNDS; i++) {
        rig_fill(rig, 3000, "f", RIG_ASYNC);
    }
    rig_on_file(rig, OP_CLOSE, "f", RIG_ASYNC);
    rig_end(rig);
    const uint32_t busy = rig_body(rig, "busy");
    for (int i = 0; i < ROUNDS; i++) {
        rig_timed(rig, OP_COMPUTE, compute_ns);
        rig_log(rig, "computed");
        rig_sleep(rig, 0);
    }
    rig_end(rig);
    for (int i = 0; i < TASKS; i++) {
        char name[16];
        snprintf(name, sizeof name, "w%d", i);
        rig_task(rig, name, writer);
    }
    rig_task(rig, "busy", busy);
    rig_run_on(rig, backend);
}

/* Each after its submission and before its completion, once; and what a wait brought is not told
 * as seen between that wait and its completion. */
static void expect_honest_arrivals(const Rig *rig) {
    const uint64_t count = log_count(rig->log);
    uint64_t polled_n = 0;
    uint8_t seen[TASKS * (ROUNDS + 2)] = {0};
    for (uint64_t n = 0; n < count; n++) {
        const Event *event = log_event(rig->log, n);
        if (event->kind == EV_POLLED) {
            polled_n = n;
        } else if (event->kind == EV_IO_ARRIVED) {
            assert_int_equal(seen[event->id], 0);
            seen[event->id] = 1;
        } else if (event->kind == EV_IO_COMPLETED) {
            for (uint64_t k = polled_n; k < n; k++) {
                const Event *other = log_event(rig->log, k);
                assert_false(other->kind == EV_IO_ARRIVED && other->id == event->id);
            }
            assert_true(seen[event->id] < 2);
            seen[event->id] = 2;
        }
    }
    rig_check(rig->log);
}

static void each_is_told_once_and_in_its_place(void **state) {
    (void)state;
    const OsBackend all[] = {OS_BACKEND_AUTO, back_end_sure(), OS_BACKEND_SIM};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        Rig rig = rig_make();
        run_writers(&rig, all[i], MS);
        assert_int_equal(rig.end.reason, STOP_DONE);
        assert_int_equal(rig_count(&rig, EV_IO_COMPLETED), TASKS * (ROUNDS + 2));
        expect_honest_arrivals(&rig);
        rig_finish(&rig);
    }
}

static uint32_t arrived_before_output(const Rig *rig) {
    uint32_t arrived = 0;
    for (uint64_t n = 0; log_event(rig->log, n)->kind != EV_OUTPUT; n++) {
        arrived += log_event(rig->log, n)->kind == EV_IO_ARRIVED;
    }
    return arrived;
}

/* A long computation hides nothing: all that was in flight before it has arrived when it is over,
 * helper threads' work like the kernel's. How long is long is the machine's matter. */
static void what_ends_during_a_computation_is_seen_after_it(void **state) {
    (void)state;
    const OsBackend all[] = {OS_BACKEND_AUTO, back_end_sure(), OS_BACKEND_SIM};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        uint32_t arrived = 0;
        for (uint64_t ms = PAUSE_MS; arrived < TASKS && ms < PAUSE_MAX_MS; ms *= 4) {
            Rig rig = rig_make();
            run_writers(&rig, all[i], ms * MS);
            arrived = arrived_before_output(&rig);
            expect_honest_arrivals(&rig);
            rig_finish(&rig);
        }
        assert_int_equal(arrived, TASKS); /* every open */
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_told_once_and_in_its_place),
        cmocka_unit_test(what_ends_during_a_computation_is_seen_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
