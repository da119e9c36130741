/* Scenarios without what keeps the thread: they load, keep their steps' places, and freeze nothing;
 * and the panel that says how to thaw a loop says the lines of both. */
#include "engine_class.h"

#include "view/thaw.h"

static bool keeps_thread(const Event *event) {
    const bool file = event->a != IO_SEND && event->a != IO_RECV && event->b != IO_MODE_END;
    return event->kind == EV_LOOP_BLOCKED ||
           (event->kind == EV_IO_BLOCKING && file && !event_io_in_thread(event));
}

static size_t count_kept(const Log *log) {
    size_t kept = 0;
    for (uint64_t n = 0; n < log_count(log); n++) {
        kept += keeps_thread(log_event(log, n));
    }
    return kept;
}

static Log *run_simulated(const Scenario *scenario) {
    Diags diags = {0};
    Log *log = log_create();
    log_set_header(log, &(TraceHeader){.title = scenario->title,
                                       .scenario = scenario->file,
                                       .backend = "sim",
                                       .notifier = "sim",
                                       .has_seed = true,
                                       .seed = 1,
                                       .started = "",
                                       .source = scenario->source,
                                       .source_size_bytes = scenario->source_size_bytes});
    Os *os = os_create(&(OsConfig){.backend = OS_BACKEND_SIM, .workspace = "", .seed = 1}, &diags);
    assert_non_null(os);
    Loop *loop = loop_create(&(LoopConfig){
        .program = scenario->program, .os = os, .log = log, .limits = loop_limits_default()});
    loop_run(loop);
    loop_destroy(loop);
    os_destroy(os);
    diags_finish(&diags);
    return log;
}

static void a_mended_scenario_keeps_no_thread(void **state) {
    EngineRun run;
    assert_true(engine_start(&run, *state, OS_BACKEND_SIM, 1));
    Scenario *fixed = scenario_fixed(run.scenario);
    const bool says = strstr(run.scenario->source, "\"compute\"") != NULL ||
                      strstr(run.scenario->source, "\"blocking\"") != NULL;
    if (fixed == NULL) {
        assert_int_equal(count_kept(run.log), 0);
        engine_finish(&run);
        return;
    }
    assert_true(says);
    Log *log = run_simulated(fixed);
    assert_int_equal(count_kept(log), 0);
    Listing before = {0}, after = {0};
    scenario_list_python(run.scenario, &before);
    scenario_list_python(fixed, &after);
    for (uint32_t i = 0; i < before.count; i++) {
        const char *at = before.lines[i].at;
        const int32_t line = at == NULL ? -1 : listing_line_of(&after, at);
        assert_true(at == NULL || (line >= 0 && strcmp(after.lines[line].at, at) == 0));
        assert_true(at == NULL || !before.lines[i].awaits || after.lines[line].awaits);
    }
    assert_null(scenario_fixed(fixed)); /* there is nothing left to mend */
    listing_finish(&before);
    listing_finish(&after);
    log_destroy(log);
    scenario_destroy(fixed);
    engine_finish(&run);
}

/* The frozen loop in the window, with the lines of its mended program; gives that program. */
static Scenario *frozen_open(Class *class, Listing *lines) {
    class_open(class, "scenarios/frozen-loop.json", true);
    Scenario *fixed = scenario_fixed(class->run.scenario);
    assert_non_null(fixed);
    *lines = (Listing){0};
    scenario_list_python(fixed, lines);
    class->doc.fixed = lines;
    return fixed;
}

static void the_panel_says_both_lines(void **state) {
    (void)state;
    Class class;
    Listing lines;
    Scenario *fixed = frozen_open(&class, &lines);
    size_t told = 0;
    for (uint64_t cursor = 1; cursor <= timeline_count(class.timeline); cursor++) {
        Thaw thaw;
        state_seek(class.doc.after, cursor);
        if (thaw_find(&class.doc, &thaw)) {
            assert_string_equal(thaw.keeps, "compute(0.4)");
            assert_string_equal(thaw.instead, "await to_thread(work)");
            told++;
        }
    }
    assert_true(told > 0);
    const uint64_t blocked = class_after(&class, EV_LOOP_BLOCKED, 0);
    class_show(&class, panel_code, blocked);
    assert_non_null(find_text(&class.scene, "How to thaw it"));
    assert_non_null(find_text(&class.scene, "compute(0.4)"));
    assert_non_null(find_hit(&class.scene, ACTION_RUN_FIXED, 0));
    class.input.no_controls = true;
    class_show(&class, panel_code, blocked);
    assert_null(find_hit(&class.scene, ACTION_RUN_FIXED, 0));
    class.input.no_controls = false;
    class.input.two_ways = &(TwoWays){.trouble = NULL}; /* they are run, beside the timeline */
    class_show(&class, panel_code, blocked);
    assert_null(find_hit(&class.scene, ACTION_RUN_FIXED, 0));
    class.input.two_ways = NULL;
    class_show(&class, panel_code, blocked + 1);
    assert_null(find_text(&class.scene, "How to thaw it"));
    listing_finish(&lines);
    scenario_destroy(fixed);
    class_close(&class);
}

static void golden_moments(void **state) {
    (void)state;
    Class class;
    Listing lines;
    Scenario *fixed = frozen_open(&class, &lines);
    class.input.width_px = 1600;
    class.input.height_px = 900;
    class.input.code_view = CODE_PYTHON;
    class_show(&class, panel_code, class_after(&class, EV_LOOP_BLOCKED, 0));
    check_golden_scene(&class.scene, "thaw");
    listing_finish(&lines);
    scenario_destroy(fixed);
    class_close(&class);
}

/* A program of which one line keeps the thread is named by it; with several, none is. */
static void one_line_alone_names_a_program(void **state) {
    (void)state;
    static const struct {
        const char *file;
        bool one;
    } ROWS[] = {{"scenarios/frozen-loop.json", true},
                {"scenarios/blocking-writes.json", false},
                {"scenarios/three-writers.json", false}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        Class class;
        Thaw thaw;
        Listing lines = {0};
        class_open(&class, ROWS[i].file, true);
        Scenario *fixed = scenario_fixed(class.run.scenario);
        if (fixed != NULL) {
            scenario_list_python(fixed, &lines);
            class.doc.fixed = &lines;
        }
        assert_int_equal(thaw_only(&class.doc, &thaw), ROWS[i].one);
        if (ROWS[i].one) {
            assert_string_equal(thaw.keeps, "compute(0.4)");
        }
        listing_finish(&lines);
        scenario_destroy(fixed);
        class_close(&class);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_panel_says_both_lines),
        cmocka_unit_test(golden_moments),
        cmocka_unit_test(one_line_alone_names_a_program),
    };
    int failed = cmocka_run_group_tests_name("view/thaw", tests, NULL, NULL);
    failed += engine_run_each("mended scenarios", "scenarios", a_mended_scenario_keeps_no_thread);
    return failed;
}
