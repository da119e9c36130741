/* Gather, wait, groups and timeouts where CPython 3.11, which the pairs of tests/order may meet, is
 * not 3.12; what is told of them; and how they bear great numbers. */
#include "loop_rig.h"

#include "scenario/scenario.h"

typedef struct Case {
    const char *steps; /* of task a */
    const char *more;  /* behind it: other tasks */
    const char *printed;
    uint32_t lost;
} Case;

static const char COROUTINES[] =
    "\"coroutines\":{\"quick\":[{\"log\":\"{task}\"}],\"bad\":[{\"raise\":\"broken\"}],"
    "\"nap\":[{\"try\":[{\"sleep\":9}],\"finally\":[{\"log\":\"{task} leaves\"}]}],"
    "\"deep\":[{\"group\":[{\"timeout\":9,\"steps\":[{\"call\":\"deep\"}]}]}],"
    "\"turns\":[{\"repeat\":9,\"steps\":[{\"log\":\"turn {i}\"},{\"sleep\":0}]}]}";

static Rig run_json(const char *steps, const char *more, LoopLimits limits) {
    Buf text = {0};
    Diags diags = {0};
    buf_printf(&text, "{\"title\":\"t\",%s,\"tasks\":[{\"name\":\"a\",\"steps\":[%s]}%s]}",
               COROUTINES, steps, more);
    Scenario *scenario = scenario_load_text("t.json", text.data, text.size_bytes, &diags);
    assert_non_null(scenario);
    Rig rig = {.limits = limits, .program = scenario->program};
    scenario->program = NULL;
    scenario_destroy(scenario);
    buf_finish(&text);
    rig_prepare(&rig, OS_BACKEND_SIM);
    rig_run_prepared(&rig);
    return rig;
}

static void check_case(const Case *one) {
    Rig rig = run_json(one->steps, one->more, loop_limits_default());
    rig_expect_output(&rig, one->printed);
    assert_int_equal(rig.end.reason, STOP_DONE);
    assert_int_equal(rig.end.errors_lost, one->lost);
    rig_finish(&rig);
}

#define SPAWN(name, as) "{\"spawn\":\"" name "\",\"as\":\"" as "\"},"
#define TURN            "{\"sleep\":0},"
#define LOG(text)       "{\"log\":\"" text "\"}"

static void ended_tasks_are_gathered_on_the_spot(void **state) {
    (void)state;
    static const Case CASES[] = {
        {SPAWN("quick", "x") SPAWN("quick", "y") TURN SPAWN("turns", "t") TURN
         "{\"gather\":[\"x\",\"y\"]}," LOG("no pause"),
         "",
         "x\ny\nturn 0\nno pause\nturn 1\nturn 2\nturn 3\nturn 4\nturn 5\nturn 6\nturn 7\nturn 8\n",
         0},
        /* The one that failed decides at once; the other's error is seen when it comes. */
        {SPAWN("bad", "x")
             TURN SPAWN("bad", "y") "{\"try\":[{\"gather\":[\"y\",\"x\"]}],\"except\":[" LOG(
                 "{error}") "]}," LOG("no pause"),
         "", "broken\nno pause\n", 0},
        {SPAWN("quick", "x") "{\"cancel\":\"x\"}," TURN
                             "{\"try\":[{\"gather\":[\"x\"]}],\"finally\":[" LOG("cancelled") "]}",
         "", "cancelled\n", 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        check_case(&CASES[i]);
    }
}

static void errors_reach_somebody_or_nobody(void **state) {
    (void)state;
    static const Case CASES[] = {
        {SPAWN("bad", "x") "{\"wait\":[\"x\"]}," LOG("over"), "", "over\n", 1},
        {SPAWN("bad", "x") "{\"try\":[{\"gather\":[\"x\"]}],\"except\":[]}", "", "", 0},
        {"{\"try\":[{\"group\":[{\"spawn\":\"bad\"},{\"spawn\":\"bad\"}]}],\"except\":[" LOG(
             "{error}") "]}",
         "", "unhandled errors in a TaskGroup (2 sub-exceptions)\n", 0},
        {"{\"group\":[{\"spawn\":\"bad\"}]}", "", "", 1},
        /* The gather is over when the second error comes, and nobody is left to run. */
        {SPAWN("bad", "x") SPAWN("bad", "y") "{\"try\":[{\"gather\":[\"x\",\"y\"]}],\"except\":[]}",
         "", "", 0},
        {SPAWN("bad", "x") TURN "{\"cancel\":\"x\"}", "", "", 0}, /* as asyncio has it */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        check_case(&CASES[i]);
    }
}

/* The count of requests is compared with what it was when the block began. */
static void a_timeout_knows_its_own_request(void **state) {
    (void)state;
    static const Case CASES[] = {
        /* Cancelled once before, and survived: the timeout still knows its own. */
        {"{\"try\":[{\"try\":[{\"cancel\":\"a\"}," TURN LOG(
             "never") "],\"finally\":[{\"raise\":\"instead\"}]}],"
                      "\"except\":[" LOG("{error}") "]},"
                                                    "{\"try\":[{\"timeout\":1,\"steps\":[{"
                                                    "\"sleep\":9}]}],\"except\":[" LOG(
                                                        "[{error}]") "]}",
         "", "instead\n[]\n", 0},
        /* Cancelled from outside in the very turn: the request from outside goes on. */
        {"{\"try\":[{\"timeout\":0,\"steps\":[{\"sleep\":9}]}],\"except\":[" LOG(
             "never") "],"
                      "\"finally\":[" LOG("out") "]}",
         ",{\"name\":\"b\",\"steps\":[{\"cancel\":\"a\"}]}", "out\n", 0},
        /* A group that fails in its end asks its task without taking it back. */
        {"{\"try\":[{\"timeout\":1,\"steps\":[{\"try\":[{\"group\":[{\"spawn\":\"bad\"}]}],"
         "\"except\":[" LOG("{error}") "]},{\"sleep\":9}]}],\"except\":[" LOG(
             "never") "],\"finally\":[" LOG("out") "]}",
         "", "unhandled errors in a TaskGroup (1 sub-exception)\nout\n", 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        check_case(&CASES[i]);
    }
}

static void a_group_tells_what_it_does(void **state) {
    (void)state;
    Rig rig = run_json(
        "{\"try\":[{\"group\":[{\"spawn\":\"nap\"},{\"spawn\":\"bad\"},{\"spawn\":\"nap\"},"
        "{\"sleep\":9}]}],\"except\":[]}",
        "", loop_limits_default());
    static const EventKind SKIP[] = {EV_POLL,         EV_POLLED, EV_ITERATION,  EV_STEP,
                                     EV_TASK_CREATED, EV_OUTPUT, EV_LOOP_START, EV_TIMER_SET};
    rig_expect_but(&rig,
                   "task_ready 0 created\ntask_running 0\ntask_ready 1 created\n"
                   "task_ready 2 created\ntask_ready 3 created\ntask_waiting 0 on timer 0\n"
                   "task_running 1\ntask_waiting 1 on timer 1\n"
                   "task_running 2\ntask_failed 2 RuntimeError: broken\ncallback_ready 0 0\n"
                   "task_running 3\ntask_waiting 3 on timer 2\n"
                   "callback_run 0\n"
                   "cancel_requested 1\ntimer_cancelled\ntask_ready 1 cancelled\n"
                   "cancel_requested 3\ntimer_cancelled\ntask_ready 3 cancelled\n"
                   "cancel_requested 0\ntimer_cancelled\ntask_ready 0 cancelled\n"
                   "task_running 1\ntask_cancelled 1\ncallback_ready 0 1\n"
                   "task_running 3\ntask_cancelled 3\ncallback_ready 0 2\n"
                   "task_running 0\ntask_waiting 0 on tasks [1,3]\n"
                   "callback_run 1\ncallback_run 2\ntask_ready 0 resumed\n"
                   "task_running 0\ntask_finished 0\nloop_stop done\n",
                   SKIP, sizeof SKIP / sizeof SKIP[0]);
    for (uint64_t n = 0; n < log_count(rig.log); n++) {
        const Event *event = log_event(rig.log, n);
        assert_true(event->kind != EV_CANCEL_REQUESTED || event->b == CANCEL_BY_GROUP);
    }
    rig_finish(&rig);
}

static void who_waits_for_tasks_is_told(void **state) {
    (void)state;
    Rig rig = run_json(SPAWN("quick", "x") "{\"gather\":[\"x\",\"b\"]}",
                       ",{\"name\":\"b\",\"steps\":[{\"wait\":[\"a\"]}]}", loop_limits_default());
    Buf told = {0};
    loop_explain_deadlock(rig.loop, &told);
    assert_int_equal(rig.end.reason, STOP_DEADLOCK);
    assert_string_equal(buf_text(&told), "task a waits for task b, who waits for task a\n");
    buf_finish(&told);
    rig_finish(&rig);
}

/* What is over costs nothing; what stands open does, and is freed where a limit cuts it off. */
static void open_scopes_count_as_memory(void **state) {
    (void)state;
    LoopLimits limits = loop_limits_default();
    limits.memory_bytes = 64 * 1024;
    Rig rig = run_json("{\"repeat\":50,\"steps\":[{\"spawn\":\"nap\",\"as\":\"x\"},{\"try\":["
                       "{\"timeout\":1,\"steps\":[{\"group\":[{\"spawn\":\"nap\"},"
                       "{\"gather\":[\"x\"]}]}]}],\"except\":[]}]}",
                       "", limits);
    assert_int_equal(rig.end.reason, STOP_DONE);
    rig_finish(&rig);
    limits.memory_bytes = 32 * 1024;
    rig = run_json("{\"call\":\"deep\"}", "", limits);
    assert_int_equal(rig.end.reason, STOP_LIMIT);
    assert_string_equal(rig.end.limit, "memory");
    rig_finish(&rig);
}

/* Two tasks gather the two below them, and so on: asking the topmost asks 2^n times. */
static void a_ladder_of_gathers_ends_at_a_limit(void **state) {
    (void)state;
    enum { RUNGS = 40 };
    Buf more = {0};
    for (int i = 0; i < RUNGS; i++) {
        for (int side = 0; side < 2; side++) {
            buf_printf(&more, ",{\"name\":\"%c%d\",\"steps\":[", side == 0 ? 'l' : 'r', i);
            if (i + 1 < RUNGS) {
                buf_printf(&more, "{\"gather\":[\"l%d\",\"r%d\"]}]}", i + 1, i + 1);
            } else {
                buf_append_text(&more, "{\"sleep\":9}]}");
            }
        }
    }
    LoopLimits limits = loop_limits_default();
    limits.events = 20000;
    Rig rig = run_json(TURN "{\"cancel\":\"l0\"}", buf_text(&more), limits);
    assert_int_equal(rig.end.reason, STOP_LIMIT);
    assert_string_equal(rig.end.limit, "events");
    buf_finish(&more);
    rig_finish(&rig);
}

/* A wait for the first that is over takes its callbacks back, thousands of times: neither memory
 * nor time grows with them. */
static void many_waits_on_one_task(void **state) {
    (void)state;
    Rig rig = run_json("{\"sleep\":9}",
                       ",{\"name\":\"w\",\"steps\":[{\"repeat\":20000,\"steps\":["
                       "{\"spawn\":\"bad\",\"as\":\"x\"},{\"cancel\":\"x\"},"
                       "{\"wait\":[\"a\",\"x\"],\"until\":\"first\"}]}]}",
                       loop_limits_default());
    assert_int_equal(rig.end.reason, STOP_DONE);
    assert_int_equal(rig.end.failed, 0);
    rig_finish(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ended_tasks_are_gathered_on_the_spot),
        cmocka_unit_test(errors_reach_somebody_or_nobody),
        cmocka_unit_test(a_timeout_knows_its_own_request),
        cmocka_unit_test(a_group_tells_what_it_does),
        cmocka_unit_test(who_waits_for_tasks_is_told),
        cmocka_unit_test(open_scopes_count_as_memory),
        cmocka_unit_test(a_ladder_of_gathers_ends_at_a_limit),
        cmocka_unit_test(many_waits_on_one_task),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
