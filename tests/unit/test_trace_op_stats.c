/* How long operations took, by kind: on a recording whose answers are known. */
#include "trace_fixture.h"

#include "trace/op_stats.h"

static void submit(Tape *tape, uint32_t op, IoCall call, uint64_t t_ns) {
    Event event = event_make(EV_IO_SUBMITTED);
    event.t_ns = t_ns;
    event.id = op;
    event.task = 0;
    event.a = (uint8_t)call;
    log_append(tape->log, &event);
}

static void complete(Tape *tape, uint32_t op, int64_t result, uint64_t t_ns) {
    Event event = event_make(EV_IO_COMPLETED);
    event.t_ns = t_ns;
    event.id = op;
    event.x = result;
    log_append(tape->log, &event);
}

static void kinds_are_apart_and_sorted(void **unused) {
    (void)unused;
    Tape tape = tape_make();
    submit(&tape, 0, IO_WRITE, 10);
    submit(&tape, 1, IO_WRITE, 10);
    submit(&tape, 2, IO_READ, 20);
    submit(&tape, 3, IO_READ, 20); /* never completed */
    complete(&tape, 0, 5, 110);
    complete(&tape, 2, -5, 27);
    complete(&tape, 1, 5, 40);
    complete(&tape, 9, 5, 40); /* of no operation */
    Event blocking = event_make(EV_IO_BLOCKING);
    blocking.a = IO_WRITE;
    blocking.task = 0;
    blocking.t_ns = 50;
    blocking.z = 33;
    event_set_io_result(&blocking, 4, 4, EVENT_NONE, false);
    log_append(tape.log, &blocking);
    OpStats stats;
    op_stats_make(&stats, tape.log, log_count(tape.log));
    assert_int_equal(stats.unfinished, 1);
    const OpKindStats *writes = &stats.awaited[IO_WRITE], *reads = &stats.awaited[IO_READ];
    assert_int_equal(writes->count, 2);
    assert_int_equal(writes->took_ns[0], 30);
    assert_int_equal(writes->took_ns[1], 100);
    assert_int_equal(writes->failed, 0);
    assert_int_equal(reads->count, 1);
    assert_int_equal(reads->failed, 1);
    assert_int_equal(stats.blocking[IO_WRITE].count, 1);
    assert_int_equal(stats.blocking[IO_WRITE].took_ns[0], 33);
    assert_int_equal(stats.blocking[IO_READ].count, 0);
    op_stats_finish(&stats);
    op_stats_make(&stats, tape.log, 4); /* up to a count */
    assert_int_equal(stats.unfinished, 4);
    assert_int_equal(stats.awaited[IO_WRITE].count, 0);
    op_stats_finish(&stats);
    tape_finish(&tape);
}

static void percentiles_are_the_nearest_rank(void **unused) {
    (void)unused;
    uint64_t took[200];
    for (uint64_t i = 0; i < 200; i++) {
        took[i] = i + 1;
    }
    const OpKindStats none = {0}, one = {took, 1, 0}, five = {took, 5, 0}, all = {took, 200, 0};
    assert_int_equal(op_stats_percentile_ns(&none, 50), 0);
    assert_int_equal(op_stats_percentile_ns(&one, 0), 1);
    assert_int_equal(op_stats_percentile_ns(&one, 99), 1);
    assert_int_equal(op_stats_percentile_ns(&five, 50), 3);
    assert_int_equal(op_stats_percentile_ns(&five, 99), 5);
    assert_int_equal(op_stats_percentile_ns(&all, 50), 100);
    assert_int_equal(op_stats_percentile_ns(&all, 99), 198);
    assert_int_equal(op_stats_percentile_ns(&all, 100), 200);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_apart_and_sorted),
        cmocka_unit_test(percentiles_are_the_nearest_rank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
