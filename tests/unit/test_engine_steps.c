/* The steps that are ticked off, over scenarios that were run: what is told of each is what the
 * recording says. */
#include "engine_class.h"

#include "view/code_places.h"
#include "view/code_steps.h"

static int32_t line_of(const Class *class, const char *at) {
    return listing_line_of(&class->listings[CODE_STEPS], at);
}

static StepPast step_at(const Class *class, uint64_t cursor, uint32_t task, const char *at) {
    StepsPast past;
    state_seek(class->doc.after, cursor);
    steps_past_find(&past, &class->doc, &class->listings[CODE_STEPS], task);
    const int32_t line = line_of(class, at);
    assert_true(line >= 0);
    return steps_past_of(&past, (uint32_t)line);
}

/* Of one task at one cursor; returns how long its steps are said to have waited. */
static uint64_t check_task(const Class *class, uint32_t task) {
    const Listing *listing = &class->listings[CODE_STEPS];
    const TaskInfo info = state_task(class->doc.after, task);
    StepsPast past;
    steps_past_find(&past, &class->doc, listing, task);
    const int32_t here = places_line_of(&class->doc, listing, class->doc.after, task);
    uint64_t waited_ns = 0;
    size_t current = 0, waiting = 0;
    for (size_t i = 0; i < past.count; i++) {
        const StepPast *step = &past.steps[i];
        assert_true(step->line < listing->count);
        if (step->paused && !listing->lines[step->line].awaits) {
            fail_msg("\"%s\" has paused", listing->lines[step->line].text);
        }
        if (step->state == STEP_CURRENT) {
            assert_int_equal(step->line, here);
            current++;
        }
        waiting += step->waits;
        waited_ns += step->waited_ns;
    }
    const bool begun = past.count > 0 && info.at != EVENT_NONE;
    assert_int_equal(current, begun && info.phase != TASK_FINISHED);
    assert_int_equal(waiting, begun && info.phase == TASK_WAITING);
    return waited_ns;
}

static void what_is_told_of_steps_is_what_happened(void **state) {
    Class class;
    class_open(&class, *state, true);
    const uint64_t count = timeline_count(class.timeline);
    for (uint64_t cursor = 1; cursor <= count && cursor <= 400; cursor++) {
        state_seek(class.doc.after, cursor);
        const uint64_t tasks = state_loop(class.doc.after)->tasks;
        for (uint32_t task = 0; task < tasks && task < 12; task++) {
            const uint64_t waited_ns = check_task(&class, task);
            assert_true(waited_ns <= state_task(class.doc.after, task).wait_ns);
        }
    }
    class_close(&class);
}

/* Without loops every pause is told, each beside its step. */
static void all_pauses_are_told(void **state) {
    (void)state;
    Class class;
    class_open(&class, "scenarios/three-writers.json", true);
    for (uint64_t cursor = 1; cursor <= timeline_count(class.timeline); cursor++) {
        state_seek(class.doc.after, cursor);
        for (uint32_t task = 0; task < 3; task++) {
            const uint64_t waited_ns = check_task(&class, task);
            assert_int_equal(waited_ns, state_task(class.doc.after, task).wait_ns);
        }
    }
    class_close(&class);
}

/* In a loop's second round its later steps are ahead again, and the loop itself is still open. */
static void a_loops_next_round_begins_anew(void **state) {
    (void)state;
    static const char LOOP[] = "/tasks/0/steps/0", PRINT[] = "/tasks/0/steps/0/steps/0",
                      SLEEP[] = "/tasks/0/steps/0/steps/1";
    Class class;
    class_open(&class, "scenarios/frozen-loop.json", true);
    const uint64_t second = class_after(&class, EV_TIMER_SET, 0); /* in the first round */
    assert_int_equal(step_at(&class, second, 0, LOOP).state, STEP_OPEN);
    assert_int_equal(step_at(&class, second, 0, PRINT).state, STEP_DONE);
    assert_int_equal(step_at(&class, second, 0, SLEEP).state, STEP_CURRENT);
    for (uint64_t n = second, prints = 0; prints < 1; n++) {
        const Event *event = log_event(class.run.log, n);
        if (event->kind == EV_OUTPUT && event->task == 0) {
            assert_int_equal(step_at(&class, n + 1, 0, LOOP).state, STEP_OPEN);
            assert_int_equal(step_at(&class, n + 1, 0, PRINT).state, STEP_CURRENT);
            assert_int_equal(step_at(&class, n + 1, 0, SLEEP).state, STEP_AHEAD);
            prints++;
        }
    }
    const uint64_t end = timeline_count(class.timeline);
    assert_int_equal(step_at(&class, end, 0, LOOP).state, STEP_DONE);
    assert_int_equal(step_at(&class, end, 0, SLEEP).state, STEP_DONE);
    class_close(&class);
}

/* A call is open while what it calls runs, and done when it has come back. */
static void a_call_is_open_until_it_returns(void **state) {
    (void)state;
    static const char CALL[] = "/tasks/0/steps/0";
    Class class;
    class_open(&class, "scenarios/blocking-writes.json", true);
    for (uint64_t n = 0; n < timeline_count(class.timeline); n++) {
        const Event *event = log_event(class.run.log, n);
        if (event->kind == EV_STEP && event->task == 0 &&
            strncmp(log_text(class.run.log, event->text, NULL), "/coroutines/", 12) == 0) {
            assert_int_equal(step_at(&class, n + 1, 0, CALL).state, STEP_OPEN);
        }
    }
    assert_int_equal(step_at(&class, timeline_count(class.timeline), 0, CALL).state, STEP_DONE);
    class_close(&class);
}

/* A section that one task runs is that task's; of one that several run, nobody's. */
static void a_section_has_the_task_that_alone_runs_it(void **state) {
    (void)state;
    Class class;
    class_open(&class, "scenarios/frozen-loop.json", true);
    const Listing *steps = &class.listings[CODE_STEPS];
    state_seek(class.doc.after, 0);
    assert_int_equal(places_section_task(&class.doc, steps, (uint32_t)line_of(&class, "/tasks/1")),
                     EVENT_NONE);
    state_seek(class.doc.after, timeline_count(class.timeline));
    for (uint32_t task = 0; task < 3; task++) {
        char at[32];
        (void)snprintf(at, sizeof at, "/tasks/%u", (unsigned)task);
        assert_int_equal(places_section_task(&class.doc, steps, (uint32_t)line_of(&class, at)),
                         task);
    }
    class.input.selected = 0; /* shown; the second one's steps are ticked off as well */
    class.input.width_px = 1920;
    class.input.height_px = 1080;
    class_show(&class, panel_code, timeline_count(class.timeline));
    assert_non_null(find_text_n(&class.scene, "has paused", 1));
    assert_null(find_text(&class.scene, "may pause"));
    class_close(&class);
    class_open(&class, "scenarios/spawn-and-await.json", true);
    const int32_t shared = line_of(&class, "/coroutines/fetch");
    assert_true(shared >= 0);
    state_seek(class.doc.after, timeline_count(class.timeline));
    assert_int_equal(places_section_task(&class.doc, &class.listings[CODE_STEPS], (uint32_t)shared),
                     EVENT_NONE);
    class_close(&class);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pauses_are_told),
        cmocka_unit_test(a_loops_next_round_begins_anew),
        cmocka_unit_test(a_call_is_open_until_it_returns),
        cmocka_unit_test(a_section_has_the_task_that_alone_runs_it),
    };
    int failed = cmocka_run_group_tests_name("view/code_steps", tests, NULL, NULL);
    failed +=
        engine_run_each("steps that are told", "scenarios", what_is_told_of_steps_is_what_happened);
    return failed;
}
