/* Lanes and counts, against what the states say and against lanes by the plainest means. */
#include "trace_naive.h"
#include "trace_random.h"

enum { SEGMENTS_MAX = 1 << 17 };

typedef struct Recording {
    Log *log;
    Timeline *timeline;
    uint64_t end_ns;
} Recording;

static Recording record(uint64_t seed, uint32_t tasks, uint32_t tasks_max, uint64_t events) {
    Recording made = {.log = random_log(seed, tasks, tasks_max, events)};
    made.timeline = timeline_create(made.log);
    assert_true(timeline_follow(made.timeline, UINT64_MAX));
    made.end_ns = timeline_end_ns(made.timeline);
    return made;
}

static void forget(Recording *made) {
    timeline_destroy(made->timeline);
    log_destroy(made->log);
}

static LaneSegment segments[SEGMENTS_MAX];

/* What one walk over the log says of a task's life. */
static size_t plain_lane(const Log *log, uint32_t task, LaneSegment *out) {
    size_t count = 0;
    uint64_t end_ns = 0;
    TaskPhase phase = TASK_ABSENT;
    for (uint64_t n = 0; n < log_count(log); n++) {
        const Event *event = log_event(log, n);
        end_ns = event->t_ns;
        const bool mine = event->task == task;
        TaskPhase now = phase;
        if (mine && event->kind == EV_TASK_READY) {
            now = TASK_READY;
        } else if (mine && event->kind == EV_TASK_RUNNING) {
            now = TASK_RUNNING;
        } else if (mine && event->kind == EV_TASK_WAITING) {
            now = TASK_WAITING;
        } else if (mine && event->kind >= EV_TASK_FINISHED && event->kind <= EV_TASK_CANCELLED) {
            now = (TaskPhase)(TASK_FINISHED + (event->kind - EV_TASK_FINISHED));
        }
        if (now != phase) {
            if (count > 0) {
                out[count - 1].end_ns = event->t_ns;
            }
            out[count++] = (LaneSegment){
                .phase = now, .start_ns = event->t_ns, .end_ns = event->t_ns, .start_n = n};
            phase = now;
        }
    }
    if (count > 0 && phase <= TASK_WAITING) {
        out[count - 1].end_ns = end_ns;
    }
    return count;
}

static void without_folding_every_segment_is_there(void **unused) {
    (void)unused;
    for (uint64_t seed = 1; seed < 12; seed++) {
        Recording made = record(seed, 4, 9, 6000);
        LaneSegment *plain = mem_alloc(SEGMENTS_MAX, sizeof *plain);
        for (uint32_t task = 0; task < timeline_task_count(made.timeline); task++) {
            const size_t must = plain_lane(made.log, task, plain);
            const size_t is =
                timeline_lane(made.timeline, task, 0, made.end_ns, 0, segments, SEGMENTS_MAX);
            assert_int_equal(is, must);
            for (size_t i = 0; i < is; i++) {
                assert_int_equal(segments[i].phase, plain[i].phase);
                assert_int_equal(segments[i].start_ns, plain[i].start_ns);
                assert_int_equal(segments[i].end_ns, plain[i].end_ns);
                assert_int_equal(segments[i].start_n, plain[i].start_n);
                assert_int_equal(segments[i].folded, 0);
            }
            assert_int_equal(timeline_lane(made.timeline, task, 0, made.end_ns, 0, segments, 3),
                             must < 3 ? must : 3);
        }
        free(plain);
        forget(&made);
    }
}

static void a_life_is_the_lane_part_by_part(void **unused) {
    (void)unused;
    for (uint64_t seed = 1; seed < 6; seed++) {
        Recording made = record(seed, 4, 9, 3000);
        for (uint32_t task = 0; task < timeline_task_count(made.timeline); task++) {
            const size_t count =
                timeline_lane(made.timeline, task, 0, made.end_ns, 0, segments, SEGMENTS_MAX);
            const uint64_t parts = timeline_life_count(made.timeline, task);
            size_t at = 0;
            for (uint64_t k = 0; k < parts; k++) {
                const LifePart part = timeline_life(made.timeline, task, k);
                if (part.phase == TASK_ABSENT) { /* it yielded: no stretch of the lane */
                    assert_true(part.start_ns == part.end_ns);
                    continue;
                }
                assert_int_equal(part.phase, segments[at].phase);
                assert_int_equal(part.start_n, segments[at].start_n);
                assert_int_equal(part.end_ns, segments[at].end_ns);
                assert_int_equal(timeline_life_at(made.timeline, task, part.start_n), k);
                if (part.end_n != UINT64_MAX) {
                    assert_int_equal(timeline_life_at(made.timeline, task, part.end_n - 1), k);
                }
                at++;
            }
            assert_int_equal(at, count);
            const uint64_t first = parts > 0 ? timeline_life(made.timeline, task, 0).start_n : 0;
            assert_true(first == 0 ||
                        timeline_life_at(made.timeline, task, first - 1) == UINT64_MAX);
        }
        forget(&made);
    }
}

static uint64_t overlap(uint64_t a1, uint64_t a2, uint64_t b1, uint64_t b2) {
    const uint64_t from = a1 > b1 ? a1 : b1;
    const uint64_t to = a2 < b2 ? a2 : b2;
    return to > from ? to - from : 0;
}

/* The fold's phase fills at least as much of it as any other, and as many segments are in it. */
static void check_fold(const LaneSegment *fold, const LaneSegment *plain, size_t count,
                       size_t *next) {
    uint64_t ns[TASK_PHASE_COUNT] = {0};
    uint32_t folded = 0;
    while (*next < count && (plain[*next].end_ns <= fold->start_ns && folded == 0) &&
           plain[*next].start_n < fold->start_n) {
        (*next)++;
    }
    assert_int_equal(plain[*next].start_n, fold->start_n);
    for (; *next < count && folded < fold->folded; (*next)++, folded++) {
        ns[plain[*next].phase] +=
            overlap(plain[*next].start_ns, plain[*next].end_ns, fold->start_ns, fold->end_ns);
    }
    assert_int_equal(folded, fold->folded);
    assert_int_equal(plain[*next - 1].end_ns, fold->end_ns);
    for (int phase = 0; phase < TASK_PHASE_COUNT; phase++) {
        assert_true(ns[phase] <= ns[fold->phase]);
    }
}

static void folds_tell_what_is_in_them(void **unused) {
    (void)unused;
    Recording made = record(5, 3, 3, 60000);
    LaneSegment *plain = mem_alloc(SEGMENTS_MAX, sizeof *plain);
    const uint64_t WIDTHS[] = {7, 60, 900, 5000, 40000, 1000000, UINT64_C(1) << 40};
    for (uint32_t task = 0; task < 3; task++) {
        const size_t count = plain_lane(made.log, task, plain);
        for (size_t w = 0; w < sizeof WIDTHS / sizeof *WIDTHS; w++) {
            const uint64_t min_ns = WIDTHS[w];
            const size_t is =
                timeline_lane(made.timeline, task, 0, made.end_ns, min_ns, segments, SEGMENTS_MAX);
            assert_true(is <= 2 * (made.end_ns / min_ns + 1) + 2);
            size_t next = 0;
            for (size_t i = 0; i < is; i++) {
                assert_true(i == 0 || segments[i].start_ns == segments[i - 1].end_ns);
                if (segments[i].folded > 0) {
                    assert_true(segments[i].end_ns - segments[i].start_ns < 2 * min_ns);
                    check_fold(&segments[i], plain, count, &next);
                } else {
                    assert_int_equal(plain[next].start_n, segments[i].start_n);
                    assert_int_equal(plain[next].phase, segments[i].phase);
                    assert_int_equal(plain[next++].end_ns, segments[i].end_ns);
                }
            }
            assert_int_equal(next, count);
        }
    }
    free(plain);
    forget(&made);
}

/* A task whose stints take so long in each phase; it ends waiting, after a whole number of sums. */
static Tape stints_of(const uint64_t (*ns)[3], size_t eras, size_t stints_an_era) {
    Tape tape = tape_make();
    tape.step_ns = 0;
    tape_new(&tape, 0, "a");
    tape_plain(&tape, EV_LOOP_START);
    int64_t iteration = 0;
    uint32_t op = 0;
    for (size_t i = 0; i < eras * stints_an_era; i++) {
        const uint64_t *era = ns[i / stints_an_era];
        tape_iteration(&tape, ++iteration, 1);
        tape.t_ns += era[0];
        tape_task(&tape, EV_TASK_RUNNING, 0);
        tape.t_ns += era[1];
        tape_submit(&tape, op, 0, IO_READ, IO_MODE_NONE, "a", 1, 0);
        tape_waiting(&tape, 0, WAIT_IO, TARGET_OP, op);
        tape_poll(&tape, -1);
        tape.t_ns += era[2];
        tape_polled(&tape, 1, 1);
        if (i + 1 < eras * stints_an_era) {
            tape_completed(&tape, op++, 1);
            tape_ready(&tape, 0, READY_RESUMED);
        }
    }
    return tape;
}

static void a_long_fold_has_the_phase_of_its_time(void **unused) {
    (void)unused;
    enum { ERAS = 6, STINTS = 400 };
    static const uint64_t NS[ERAS][3] = {{70, 20, 10}, {10, 20, 70}, {10, 70, 20},
                                         {70, 20, 10}, {20, 10, 70}, {20, 70, 10}};
    static const TaskPhase PHASES[ERAS] = {TASK_READY, TASK_WAITING, TASK_RUNNING,
                                           TASK_READY, TASK_WAITING, TASK_RUNNING};
    Tape tape = stints_of(NS, ERAS, STINTS);
    Timeline *timeline = timeline_create(tape.log);
    assert_true(timeline_follow(timeline, UINT64_MAX));
    const uint64_t era_ns = 100 * STINTS;
    for (uint64_t stints = 1; stints <= STINTS; stints += 13) {
        const size_t count =
            timeline_lane(timeline, 0, 0, ERAS * era_ns, 100 * stints, segments, SEGMENTS_MAX);
        for (size_t i = 0; i < count; i++) {
            const uint64_t era = segments[i].start_ns / era_ns;
            if (segments[i].folded > 2 && segments[i].end_ns <= (era + 1) * era_ns) {
                assert_int_equal(segments[i].phase, PHASES[era]);
            }
        }
    }
    /* All of it in one fold, which no sum stands behind: 2,400 stints are 150 x 16. */
    assert_int_equal(timeline_lane(timeline, 0, 0, tape.t_ns, tape.t_ns * 2, segments, 2), 1);
    assert_int_equal(segments[0].folded, ERAS * STINTS * 3);
    assert_int_equal(segments[0].end_ns, tape.t_ns);
    timeline_destroy(timeline);
    tape_finish(&tape);
}

static void a_view_shows_what_overlaps_it(void **unused) {
    (void)unused;
    Recording made = record(8, 3, 6, 4000);
    LaneSegment *plain = mem_alloc(SEGMENTS_MAX, sizeof *plain);
    for (uint64_t i = 0; i < 300; i++) {
        const uint64_t from = made.end_ns / 300 * i, to = from + made.end_ns / 50;
        const uint32_t task = (uint32_t)i % timeline_task_count(made.timeline);
        const size_t count = plain_lane(made.log, task, plain);
        const size_t is = timeline_lane(made.timeline, task, from, to, 0, segments, SEGMENTS_MAX);
        size_t seen = 0;
        for (size_t k = 0; k < count; k++) {
            if (plain[k].end_ns > from && plain[k].start_ns < to) { /* more than touches it */
                while (seen < is && segments[seen].start_n < plain[k].start_n) {
                    seen++;
                }
                assert_true(seen < is && segments[seen].start_n == plain[k].start_n);
            }
        }
        for (size_t k = 0; k < is; k++) {
            assert_true(segments[k].end_ns >= from && segments[k].start_ns <= to);
        }
    }
    free(plain);
    forget(&made);
}

/* ---- the loop's lane ---- */

static LoopSegment loop_segments[SEGMENTS_MAX];

static void the_loop_sleeps_and_runs(void **unused) {
    (void)unused;
    Recording made = record(21, 3, 8, 5000);
    const size_t count =
        timeline_loop_lane(made.timeline, 0, made.end_ns, 0, loop_segments, SEGMENTS_MAX);
    size_t next = 0;
    for (uint64_t n = 0; n < log_count(made.log); n++) {
        const Event *event = log_event(made.log, n);
        if (event->kind != EV_POLL && event->kind != EV_ITERATION) {
            continue;
        }
        assert_true(next < count);
        const LoopSegment *segment = &loop_segments[next++];
        assert_int_equal(segment->start_n, n);
        assert_int_equal(segment->start_ns, event->t_ns);
        assert_int_equal(segment->asleep, event->kind == EV_POLL);
        assert_int_equal(segment->iteration, event->kind == EV_POLL ? 0 : event->x);
        if (event->kind == EV_POLL) {
            assert_int_equal(segment->end_ns, log_event(made.log, n + 1)->t_ns);
        }
    }
    assert_int_equal(next, count);
    forget(&made);
}

static void the_loop_folds(void **unused) {
    (void)unused;
    Recording made = record(22, 3, 8, 30000);
    uint64_t asleep_ns = 0, start_ns = 0;
    for (uint64_t n = 0; n < log_count(made.log); n++) {
        const Event *event = log_event(made.log, n);
        start_ns = event->kind == EV_POLL ? event->t_ns : start_ns;
        asleep_ns += event->kind == EV_POLLED ? event->t_ns - start_ns : 0;
    }
    const size_t one =
        timeline_loop_lane(made.timeline, 0, made.end_ns, UINT64_C(1) << 50, loop_segments, 9);
    assert_int_equal(one, 1);
    assert_int_equal(loop_segments[0].asleep,
                     2 * asleep_ns > loop_segments[0].end_ns - loop_segments[0].start_ns);
    for (uint64_t min_ns = 10; min_ns < made.end_ns; min_ns *= 5) {
        const size_t count =
            timeline_loop_lane(made.timeline, 0, made.end_ns, min_ns, loop_segments, SEGMENTS_MAX);
        assert_true(count <= 2 * (made.end_ns / min_ns + 1) + 2);
        for (size_t i = 0; i < count; i++) {
            assert_true(i == 0 || loop_segments[i].start_ns >= loop_segments[i - 1].end_ns);
            assert_true(loop_segments[i].folded == 0 ||
                        loop_segments[i].end_ns - loop_segments[i].start_ns < 2 * min_ns);
        }
    }
    forget(&made);
}

static void counts_are_those_of_the_states(void **unused) {
    (void)unused;
    Recording made = record(31, 20, 90, 8000);
    enum { COLUMNS = 100 };
    uint32_t counts[COLUMNS][TASK_PHASE_COUNT];
    const uint64_t from = made.end_ns / 10, to = made.end_ns / 10 + 99 * 1000;
    timeline_counts(made.timeline, from, to, COLUMNS, counts);
    Naive naive = naive_make(made.log);
    for (size_t i = 0; i < COLUMNS; i++) {
        const uint64_t t_ns = from + (to - from) / COLUMNS * i + (to - from) / COLUMNS / 2;
        naive_go(&naive, timeline_count_at(made.timeline, t_ns));
        uint64_t sum = 0;
        for (int phase = TASK_NEW; phase < TASK_PHASE_COUNT; phase++) {
            assert_int_equal(counts[i][phase], naive.loop.phase_counts[phase]);
            sum += counts[i][phase];
        }
        assert_int_equal(sum, naive.loop.tasks);
    }
    naive_finish(&naive);
    forget(&made);
}

static void an_empty_log_has_empty_lanes(void **unused) {
    (void)unused;
    Tape tape = tape_make();
    tape_created(&tape, 0, "a");
    Timeline *timeline = timeline_create(tape.log);
    LoopSegment loop;
    LaneSegment lane;
    uint32_t counts[2][TASK_PHASE_COUNT];
    assert_int_equal(timeline_loop_lane(timeline, 0, 100, 10, &loop, 1), 0);
    timeline_counts(timeline, 0, 0, 2, counts);
    assert_int_equal(counts[1][TASK_NEW], 0);
    assert_int_equal(timeline_next_iteration(timeline, 0), 0);
    assert_true(timeline_follow(timeline, UINT64_MAX));
    assert_int_equal(timeline_lane(timeline, 0, 0, 100, 10, &lane, 1), 0); /* new, not queued */
    timeline_destroy(timeline);
    tape_finish(&tape);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_folding_every_segment_is_there),
        cmocka_unit_test(a_life_is_the_lane_part_by_part),
        cmocka_unit_test(folds_tell_what_is_in_them),
        cmocka_unit_test(a_long_fold_has_the_phase_of_its_time),
        cmocka_unit_test(a_view_shows_what_overlaps_it),
        cmocka_unit_test(the_loop_sleeps_and_runs),
        cmocka_unit_test(the_loop_folds),
        cmocka_unit_test(counts_are_those_of_the_states),
        cmocka_unit_test(an_empty_log_has_empty_lanes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
