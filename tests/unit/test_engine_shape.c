/* The shapes on the welcome screen's cards, of every scenario that comes with the program: in
 * order, within the card, and what the recording says. */
#include "engine_class.h"

#include "view/shape.h"

static void check_lane(const Timeline *timeline, const ShapeLane *lane) {
    const uint64_t parts = timeline_life_count(timeline, lane->task);
    uint64_t waits = 0, shown_waits = 0;
    for (uint64_t i = 0; i < parts; i++) {
        waits += timeline_life(timeline, lane->task, i).phase == TASK_WAITING;
    }
    float at = 0;
    for (size_t i = 0; i < lane->count; i++) {
        const ShapePart *part = &lane->parts[i];
        assert_true(part->from >= at - 0.001f && part->to >= part->from && part->to <= 1);
        assert_true(!part->kept || part->phase == TASK_RUNNING);
        shown_waits += part->phase == TASK_WAITING;
        at = part->to;
    }
    assert_true(lane->count > 0);
    assert_true(shown_waits <= waits && (shown_waits > 0 || waits == 0));
}

static void a_shape_is_what_the_tasks_did(void **state) {
    Class class;
    class_open(&class, *state, true);
    RunShape shape, again;
    shape_make(class.timeline, &shape);
    shape_make(class.timeline, &again);
    const uint32_t tasks = timeline_task_count(class.timeline);
    assert_int_equal(shape.lane_count, tasks < SHAPE_LANES_MAX ? tasks : SHAPE_LANES_MAX);
    assert_memory_equal(&shape, &again, sizeof shape);
    for (size_t i = 0; i < shape.lane_count; i++) {
        assert_true(shape.lanes[i].task < tasks);
        assert_true(i == 0 || shape.lanes[i].task > shape.lanes[i - 1].task);
        assert_int_equal(shape.lanes[i].identity, tasks > 8 ? -1 : (int)shape.lanes[i].task);
        check_lane(class.timeline, &shape.lanes[i]);
    }
    class_close(&class);
}

/* A call without await is marked, and takes its part of the picture although it is one event. */
static void a_frozen_loop_shows_as_one(void **state) {
    (void)state;
    Class class;
    class_open(&class, "scenarios/frozen-loop.json", true);
    RunShape shape;
    shape_make(class.timeline, &shape);
    size_t kept = 0;
    for (size_t i = 0; i < shape.lane_count; i++) {
        for (size_t k = 0; k < shape.lanes[i].count; k++) {
            const ShapePart *part = &shape.lanes[i].parts[k];
            kept += part->kept;
            assert_true(!part->kept || part->to - part->from > 0.25f);
        }
    }
    assert_int_equal(kept, 1);
    class_close(&class);
}

/* How it ended is the last part. */
static void an_end_is_the_last_part(void **state) {
    (void)state;
    Class class;
    class_open(&class, "scenarios/cancel.json", true);
    RunShape shape;
    shape_make(class.timeline, &shape);
    size_t ends = 0;
    state_seek(class.doc.after, timeline_count(class.timeline));
    for (size_t i = 0; i < shape.lane_count; i++) {
        const ShapeLane *lane = &shape.lanes[i];
        const TaskPhase phase = state_task(class.doc.after, lane->task).phase;
        const bool badly = phase == TASK_FAILED || phase == TASK_CANCELLED;
        assert_int_equal(lane->parts[lane->count - 1].phase == phase, badly);
        ends += badly;
    }
    assert_true(ends > 0);
    class_close(&class);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frozen_loop_shows_as_one),
        cmocka_unit_test(an_end_is_the_last_part),
    };
    int failed = cmocka_run_group_tests_name("view/shape", tests, NULL, NULL);
    failed += engine_run_each("shapes of runs", "scenarios", a_shape_is_what_the_tasks_did);
    return failed;
}
