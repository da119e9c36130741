/* Mistakes in tasks and steps: unknown, missing and superfluous keys, wrong types, values out of
 * range, steps that this version does not run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario_mistakes.h"

#include "scenario/compile.h"

static void the_top_level(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {"[]", "1:1 this must be an object with \"title\" and \"tasks\", not an array"},
        {"{}", "1:1 a scenario needs the key \"title\"\n1:1 a scenario needs the key \"tasks\""},
        {"{\"title\":5,\"tasks\":[]}", "1:10 \"title\" must be a text, not a number\n"
                                       "1:20 \"tasks\" needs at least one task"},
        {"{\"title\":\"t\",\"tasks\":{}}",
         "1:22 \"tasks\" must be an array of tasks, not an object"},
        {"{\"title\":\"t\",\"title\":\"u\",\"tasks\":[3]}",
         "1:14 the key \"title\" is given twice\n"
         "1:35 this must be a task: an object like {\"name\": \"a\", \"steps\": []}, not a number"},
        {"{\"title\":\"t\",\"$schema\":null,\"about\":{},\"locks\":\"m\",\"events\":[1,\"a-b\"],"
         "\n\"channels\":true,\"queues\":[],\"semaphores\":{\"s\":-1,\"2\":1.5},\"coroutines\":[],"
         "\n\"limits\":3,\"tsks\":[],\"Tasks\":[]}",
         "1:1 a scenario needs the key \"tasks\"\n"
         "1:24 \"$schema\" must be a text, not null\n"
         "1:37 \"about\" must be a text or an array of texts, not an object\n"
         "1:48 \"locks\" must be an array of names, not a text\n"
         "1:62 this must be a name, not a number\n"
         "1:64 this must be a name: letters, digits and _, no digit at its beginning\n"
         "2:12 \"channels\" must be an array of names, not true or false\n"
         "2:26 \"queues\" must be an object of names and whole numbers, not an array\n"
         "2:47 \"s\" must be a whole number of at least 0\n"
         "2:50 \"2\" is not a name\n"
         "2:54 \"2\" must be a whole number of at least 0\n"
         "2:72 \"coroutines\" must be an object of names and arrays of steps, not an array\n"
         "3:10 \"limits\" must be an object of limits, not a number\n"
         "3:12 unknown key \"tsks\" in a scenario: did you mean \"tasks\"?\n"
         "3:22 unknown key \"Tasks\" in a scenario: did you mean \"tasks\"?"},
        {"{\"title\":\"t\",\"limits\":{\"bytes\":\"1KB\",\"time\":\"0m\",\"memory\":0,\"tasks\":-1,"
         "\n\"files\":1.5,\"events\":\"many\",\"byte\":1,\"files\":1},\"tasks\":[{\"name\":\"a\","
         "\"steps\":[]}]}",
         "1:32 \"bytes\" must be a size: whole bytes, or a text like \"64KiB\", \"8MiB\" or "
         "\"1GiB\"\n"
         "1:45 \"time\" must be a duration: seconds, or a text like \"250us\", \"20ms\" or "
         "\"1.5s\"\n"
         "1:69 \"tasks\" must be a whole number of at least 0\n"
         "2:9 \"files\" must be a whole number of at least 0\n"
         "2:22 \"events\" must be a whole number of at least 0, not a text\n"
         "2:29 unknown key \"byte\" in \"limits\": did you mean \"bytes\"?\n"
         "2:38 the key \"files\" is given twice"},
        {"{\"title\":\"\",\"about\":[],\"$schema\":\"x\",\"locks\":[\"l\"],\"semaphores\":{\"s\":0}"
         ","
         "\"events\":[\"e\"],\"queues\":{\"q\":2.0},\"channels\":[\"c\"],\"coroutines\":{\"l\":[]},"
         "\"limits\":{},\"tasks\":[{\"name\":\"a\",\"steps\":[]}]}",
         "good"},
    };
    CHECK_MISTAKES(CASES);
}

static void tasks(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {"{\"title\":\"t\",\"tasks\":[\n{},\n{\"name\":\"a b\",\"steps\":{}},\n"
         "{\"nam\":\"a\",\"steps\":[],\"count\":0},\n"
         "{\"name\":\"c\",\"steps\":[],\"count\":1.5,\"name\":\"d\"}]}",
         "2:1 a task needs the key \"name\"\n"
         "2:1 a task needs the key \"steps\"\n"
         "3:9 \"name\" must be a name: letters, digits and _, no digit at its beginning\n"
         "3:23 \"steps\" must be an array of steps, not an object\n"
         "4:1 a task needs the key \"name\"\n"
         "4:2 unknown key \"nam\" in a task: did you mean \"name\"?\n"
         "4:31 \"count\" must be a whole number of at least 1\n"
         "5:32 \"count\" must be a whole number of at least 1\n"
         "5:36 the key \"name\" is given twice"},
        {"{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"count\":9007199254740992,\"steps\":[]}]}",
         "good"},
        {"{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"count\":9007199254740993,\"steps\":[]}]}",
         "1:43 \"count\" must be a whole number of at most 2^53"},
        {"{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"count\":\"2\",\"steps\":[]}]}",
         "1:43 \"count\" must be a whole number of at least 1, not a text"},
    };
    CHECK_MISTAKES(CASES);
}

static void verbs_and_options(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {STEPS("{\"slep\":1}"), "2:2 unknown step \"slep\": did you mean \"sleep\"?"},
        {STEPS("{\"frobnicate\":1}"), "2:2 unknown step \"frobnicate\""},
        {STEPS("{\"raed\":1,\"from\":\"f\"}"), "2:2 unknown step \"raed\": did you mean \"read\"?"},
        {STEPS("{\"to\":\"f\",\"wriet\":\"x\"}"),
         "2:11 unknown step \"wriet\": did you mean \"write\"?"},
        {STEPS("{},{\"to\":\"f\"}"), "2:1 a step needs a verb, such as \"log\"\n"
                                     "2:4 a step needs a verb, such as \"log\""},
        {STEPS("\"log\",[],null"),
         "2:1 this must be a step: an object like {\"log\": \"hello\"}, not a text\n"
         "2:7 this must be a step: an object like {\"log\": \"hello\"}, not an array\n"
         "2:10 this must be a step: an object like {\"log\": \"hello\"}, not null"},
        {STEPS("{\"log\":\"a\",\"sleep\":1}"),
         "2:12 a step has one verb: \"log\" and \"sleep\" are two steps"},
        {STEPS("{\"log\":\"a\",\"log\":\"b\"}"), "2:12 the key \"log\" is given twice"},
        {STEPS("{\"sleep\":1,\"steps\":[]}"), "2:12 unknown key \"steps\" in a step \"sleep\""},
        {STEPS("{\"log\":\"a\",\"blocking\":true}"),
         "2:12 unknown key \"blocking\" in a step \"log\""},
        {STEPS("{\"open\":\"x\",\"sa\":\"f\",\"bloking\":true,\"mod\":\"r\"}"),
         "2:1 the step \"open\" needs the key \"as\"\n"
         "2:13 unknown key \"sa\" in a step \"open\": did you mean \"as\"?\n"
         "2:22 unknown key \"bloking\" in a step \"open\": did you mean \"blocking\"?\n"
         "2:37 unknown key \"mod\" in a step \"open\": did you mean \"mode\"?"},
        {STEPS("{\"write\":\"x\"},{\"read\":1},{\"repeat\":1}"),
         "2:1 the step \"write\" needs the key \"to\"\n"
         "2:15 the step \"read\" needs the key \"from\"\n"
         "2:26 the step \"repeat\" needs the key \"steps\""},
        {STEPS("{\"repeat\":1,\"steps\":[{\"slep\":1}]},{\"repeat\":1,\"steps\":{}}"),
         "2:23 unknown step \"slep\": did you mean \"sleep\"?\n"
         "2:55 \"steps\" must be an array of steps, not an object"},
    };
    CHECK_MISTAKES(CASES);
}

static void values_of_steps(void **state) {
    (void)state;
    static const char DURATION[] =
        " must be a duration: seconds, or a text like \"250us\", \"20ms\" "
        "or \"1.5s\"";
    Buf sleep = {0}, compute = {0};
    buf_printf(&sleep, "2:10 \"sleep\"%s\n2:24 \"sleep\"%s, not true or false", DURATION, DURATION);
    buf_printf(&compute,
               "2:12 \"compute\"%s\n2:29 \"compute\" must be a duration from 0 to 1e9 seconds",
               DURATION);
    const MistakeCase cases[] = {
        {STEPS("{\"log\":5},{\"note\":[]}"), "2:8 \"log\" must be a text, not a number\n"
                                             "2:19 \"note\" must be a text, not an array"},
        {STEPS("{\"sleep\":\"5\"},{\"sleep\":true}"), buf_text(&sleep)},
        {STEPS("{\"compute\":\"5m\"},{\"compute\":-1}"), buf_text(&compute)},
        {STEPS("{\"open\":5,\"as\":\"1f\",\"mode\":\"rw\",\"blocking\":1}"),
         "2:9 \"open\" must be a text, not a number\n"
         "2:16 \"as\" must be a name: letters, digits and _, no digit at its beginning\n"
         "2:28 \"mode\" must be \"w\" to write, \"a\" to append or \"r\" to read\n"
         "2:44 \"blocking\" must be true or false, not a number"},
        {STEPS("{\"open\":\"x\",\"as\":\"f\"},{\"read\":0,\"from\":\"f\"},{\"read\":\"0KiB\","
               "\"from\":\"f\"},"
               "\n{\"read\":\"9007199254740992KiB\",\"from\":\"f\"},{\"read\":9007199254740993,"
               "\"from\":\"f\"}"),
         "2:31 \"read\" must be a whole number of at least 1\n"
         "2:53 \"read\" must be a size of at least 1 byte\n"
         "3:9 \"read\" must be a size of at most 2^53 bytes\n"
         "3:51 \"read\" must be a whole number of at most 2^53"},
        {STEPS(
             "{\"open\":\"x\",\"as\":\"f\"},{\"write\":5,\"to\":\"f\"},{\"write\":{},\"to\":\"f\"},"
             "\n{\"write\":{\"byte\":1},\"to\":\"f\"},{\"write\":{\"bytes\":-1,\"bytes\":0},\"to\":"
             "\"f\"}"),
         "2:32 \"write\" must be a text or {\"bytes\": SIZE}, not a number\n"
         "2:53 this needs the key \"bytes\"\n"
         "3:10 this needs the key \"bytes\"\n"
         "3:11 unknown key \"byte\" in what is written: did you mean \"bytes\"?\n"
         "3:49 \"bytes\" must be a whole number of at least 0\n"
         "3:52 the key \"bytes\" is given twice"},
        {STEPS("{\"fsync\":[\"f\"]},{\"close\":\"\"},{\"await\":3},{\"call\":{}},{\"spawn\":\"a "
               "b\"}"),
         "2:10 \"fsync\" must be a name, not an array\n"
         "2:26 \"close\" must be a name: letters, digits and _, no digit at its beginning\n"
         "2:39 \"await\" must be a name, not a number\n"
         "2:50 \"call\" must be a name, not an object\n"
         "2:63 \"spawn\" must be a name: letters, digits and _, no digit at its beginning"},
        {STEPS("{\"repeat\":-1,\"steps\":[]},{\"repeat\":\"3\",\"steps\":[]},{\"repeat\":2.5,"
               "\"steps\":[]}"),
         "2:11 \"repeat\" must be a whole number of at least 0\n"
         "2:36 \"repeat\" must be a whole number of at least 0, not a text\n"
         "2:62 \"repeat\" must be a whole number of at least 0"},
    };
    check_mistakes(cases, sizeof cases / sizeof cases[0]);
    buf_finish(&sleep);
    buf_finish(&compute);
}

#define ENDS(steps)                                                                                \
    "{\"title\":\"t\",\"channels\":[\"pipe\"],\"queues\":{\"q\":1},\"tasks\":[{\"name\":\"a\","    \
    "\"steps\":"                                                                                   \
    "[\n" steps "\n]}]}"

static void channels(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {ENDS("{\"send\":\"x{i}\",\"to\":\"pipe.a\"},"
              "{\"send\":{\"bytes\":\"1MiB\"},\"to\":\"pipe.b\"},"
              "{\"receive\":1,\"from\":\"pipe.a\",\"as\":\"v\"},{\"log\":\"{v}\"},"
              "{\"shut\":\"pipe.b\"}"),
         "good"},
        {ENDS("{\"send\":5,\"to\":\"pipe\"}"),
         "2:9 \"send\" must be a text or {\"bytes\": SIZE}, not a number\n"
         "2:16 a channel has two ends, a and b"},
        {ENDS("{\"send\":{\"bites\":5},\"to\":\"pip.b\"}"),
         "2:9 this needs the key \"bytes\"\n"
         "2:10 unknown key \"bites\" in what is sent: did you mean \"bytes\"?\n"
         "2:26 there is no channel \"pip\": did you mean \"pipe.b\"?"},
        {ENDS("{\"receive\":0,\"from\":\"pipe.c\"},{\"receive\":1},{\"shut\":\"q.a\"},"
              "{\"shut\":\"7\"}"),
         "2:12 \"receive\" must be a whole number of at least 1\n"
         "2:21 a channel has two ends, a and b\n"
         "2:31 the step \"receive\" needs the key \"from\"\n"
         "2:53 \"q\" is a queue, not a channel\n"
         "2:68 \"shut\" must be an end of a channel, such as \"pipe.a\""},
        {ENDS("{\"send\":\"{nope}\",\"to\":\"pipe.a\",\"as\":\"x\"},"
              "{\"put\":\"x\",\"in\":\"pipe\"}"),
         "2:10 unknown placeholder {nope}\n"
         "2:32 unknown key \"as\" in a step \"send\"\n"
         "2:58 \"pipe\" is a channel, not a shared queue"},
    };
    CHECK_MISTAKES(CASES);
}

static void cancels(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {STEPS(
             "{\"cancel\":5},{\"cancel\":\"x\"},{\"cancl\":\"a\"},{\"cancel\":\"a\",\"as\":\"t\"}"),
         "2:11 \"cancel\" must be a name, not a number\n"
         "2:24 unknown name \"x\": nothing gives it\n"
         "2:30 unknown step \"cancl\": did you mean \"cancel\"?\n"
         "2:57 unknown key \"as\" in a step \"cancel\""},
        {"{\"title\":\"t\",\"locks\":[\"l\"],\"tasks\":[{\"name\":\"m\",\"count\":2,\"steps\":[]},"
         "{\"name\":\"a\",\"steps\":[\n"
         "{\"cancel\":\"m\"},{\"cancel\":\"m-1\"},{\"cancel\":\"l\"},{\"cancel\":\"a\"}]}]}",
         "2:11 \"m\" stands for several tasks; cancel one that has a name\n"
         "2:26 \"m-1\" is one of several copies; they can't be cancelled by name\n"
         "2:43 \"l\" is a lock, not a task"},
        {STEPS("{\"cancel\":\"a\"}"), "good"},
    };
    CHECK_MISTAKES(CASES);
}

static void what_tasks_share(void **state) {
    (void)state;
#define SHARED(steps)                                                                              \
    "{\"title\":\"t\",\"locks\":[\"door\"],\"semaphores\":{\"seats\":2},\"events\":[\"ready\"],"   \
    "\"queues\":{\"orders\":1},\"channels\":[\"pipe\"],\"tasks\":[{\"name\":\"a\",\"steps\":["     \
    "\n" steps "\n]}]}"
    static const MistakeCase CASES[] = {
        {SHARED(
             "{\"with\":\"door\"},{\"with\":\"dor\",\"steps\":[{\"slep\":1}]},{\"with\":\"orders\","
             "\"steps\":1}"),
         "2:1 the step \"with\" needs the key \"steps\"\n"
         "2:25 there is no lock or semaphore \"dor\": did you mean \"door\"?\n"
         "2:41 unknown step \"slep\": did you mean \"sleep\"?\n"
         "2:61 \"orders\" is a queue, not a shared lock or semaphore\n"
         "2:78 \"steps\" must be an array of steps, not a number"},
        {SHARED(
             "{\"acquire\":5},{\"release\":\"ready\"},{\"acquire\":\"seat\"},{\"release\":\"a\"}"),
         "2:12 \"acquire\" must be a name, not a number\n"
         "2:26 \"ready\" is an event, not a shared lock or semaphore\n"
         "2:46 there is no lock or semaphore \"seat\": did you mean \"seats\"?\n"
         "2:65 \"a\" is a task, not a shared lock or semaphore"},
        {SHARED("{\"wait_event\":\"redy\"},{\"set_event\":\"pipe\"},{\"clear_event\":\"door\"}"),
         "2:15 there is no event \"redy\": did you mean \"ready\"?\n"
         "2:36 \"pipe\" is a channel, not a shared event\n"
         "2:59 \"door\" is a lock, not a shared event"},
        {SHARED("{\"put\":\"x\"},{\"put\":5,\"in\":\"order\"},{\"get\":\"door\",\"as\":\"seats\"},"
                "{\"get\":\"x\",\"as\":\"v\"},{\"log\":\"{v}\"}"),
         "2:1 the step \"put\" needs the key \"in\"\n"
         "2:20 \"put\" must be a text, not a number\n"
         "2:27 there is no queue \"order\": did you mean \"orders\"?\n"
         "2:43 \"door\" is a lock, not a shared queue\n"
         "2:55 \"seats\" would hide the semaphore of that name\n"
         "2:71 there is no queue \"x\""},
        {SHARED("{\"with\":\"door\",\"steps\":[{\"acquire\":\"seats\"},{\"release\":\"seats\"}]},"
                "{\"get\":\"orders\"},{\"wait_event\":\"ready\"}"),
         "good"},
    };
    CHECK_MISTAKES(CASES);
#undef SHARED
}

static void errors_and_blocks(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {STEPS("{\"raise\":5},{\"raise\":\"{x}\"},{\"rise\":\"x\"}"),
         "2:10 \"raise\" must be a text, not a number\n"
         "2:23 unknown placeholder {x}\n"
         "2:30 unknown step \"rise\": did you mean \"raise\"?"},
        {STEPS("{\"try\":[]},{\"try\":[],\"exept\":[]}"),
         "2:1 the step \"try\" needs \"except\" or \"finally\"\n"
         "2:12 the step \"try\" needs \"except\" or \"finally\"\n"
         "2:22 unknown key \"exept\" in a step \"try\": did you mean \"except\"?"},
        {STEPS("{\"try\":{},\"except\":1,\"finally\":\"x\"}"),
         "2:8 \"try\" must be an array of steps, not an object\n"
         "2:20 \"except\" must be an array of steps, not a number\n"
         "2:32 \"finally\" must be an array of steps, not a text"},
        {STEPS("{\"try\":[{\"log\":\"oops: {error}\"}],\"except\":[{\"log\":\"{error}\"}],"
               "\"finally\":[{\"log\":\"{error}\"}]}"),
         "2:23 the placeholder {error} stands inside \"except\" alone\n"
         "2:82 the placeholder {error} stands inside \"except\" alone"},
        {STEPS("{\"try\":[],\"except\":[{\"repeat\":2,\"steps\":[{\"try\":[{\"raise\":"
               "\"{error}\"}],\"finally\":[{\"log\":\"{error}\"}]}]}]}"),
         "good"},
        {STEPS("{\"try\":[{\"slep\":1}],\"except\":[{\"slep\":1}],\"finally\":[{\"slep\":1}]}"),
         "2:10 unknown step \"slep\": did you mean \"sleep\"?\n"
         "2:32 unknown step \"slep\": did you mean \"sleep\"?\n"
         "2:55 unknown step \"slep\": did you mean \"sleep\"?"},
    };
    CHECK_MISTAKES(CASES);
}

/* What stands in them is checked, and what they give is given: no mistakes that are none. */
/* In a thread an ordinary function runs: it can't await, and its file calls block nobody. */
static void threads(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {STEPS("{\"thread\":[]}"), "good"},
        {STEPS("{\"thread\":[{\"log\":\"{task}\"},{\"compute\":1},{\"open\":\"x\",\"as\":\"f\"},"
               "{\"repeat\":2,\"steps\":[{\"write\":\"{i}\",\"to\":\"f\"}]},{\"fsync\":\"f\"},"
               "{\"close\":\"f\"}]},{\"close\":\"f\"}"),
         "good"},
        {STEPS("{\"thread\":[{\"open\":\"x\",\"as\":\"f\",\"mode\":\"r\"},"
               "{\"read\":5,\"from\":\"f\",\"as\":\"v\"}]},{\"log\":\"{v}\"}"),
         "good"},
        {STEPS("{\"thread\":\"f\"}"), "2:11 \"thread\" must be an array of steps, not a text"},
        {STEPS("{\"thread\":[{\"slep\":1},{\"open\":\"x\",\"as\":\"f\"}]},{\"close\":\"f\"}"),
         "2:13 unknown step \"slep\": did you mean \"sleep\"?"},
        {STEPS("{\"thread\":[{\"sleep\":1}]}"),
         "2:13 a step \"sleep\" can't stand inside \"thread\""},
        {STEPS("{\"thread\":[{\"repeat\":1,\"steps\":[{\"thread\":[]}]}]}"),
         "2:34 a step \"thread\" can't stand inside \"thread\""},
        {STEPS("{\"thread\":[{\"open\":\"x\",\"as\":\"f\",\"blocking\":true}]}"),
         "2:33 \"blocking\" has no meaning inside \"thread\""},
    };
    CHECK_MISTAKES(CASES);
}

/* Nothing else in the table may stand there. */
static void threads_hold_what_a_function_can_do(void **state) {
    (void)state;
    static const char *const HELD[] = {"log",   "compute", "repeat", "open",
                                       "write", "read",    "fsync",  "close"};
    size_t held = 0;
    for (size_t i = 0; i < STEP_ROW_COUNT; i++) {
        bool expected = false;
        for (size_t k = 0; k < sizeof HELD / sizeof HELD[0]; k++) {
            expected = expected || strcmp(HELD[k], STEP_ROWS[i].verb) == 0;
        }
        assert_int_equal(thread_may_hold(STEP_ROWS[i].verb), expected);
        held += expected;
    }
    assert_int_equal(held, sizeof HELD / sizeof HELD[0]);
}

#define WORKER(steps)                                                                              \
    "{\"title\":\"t\",\"coroutines\":{\"w\":[]},\"tasks\":[{\"name\":\"a\",\"steps\":[\n" steps    \
    "\n]}]}"

static void lists_of_tasks(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {WORKER("{\"spawn\":\"w\",\"as\":\"x\"},{\"gather\":[\"x\",\"a\"]},"
                "{\"wait\":[\"x\"],\"until\":\"first\"},{\"wait\":[\"x\"],\"until\":\"all\"}"),
         "good"},
        {WORKER("{\"gather\":\"a\"}"),
         "2:11 \"gather\" must be an array of names of tasks, not a text"},
        {WORKER("{\"gather\":[]}"), "2:11 \"gather\" needs at least one task"},
        {WORKER("{\"wait\":[]}"), "2:9 \"wait\" needs at least one task"},
        {WORKER("{\"gather\":[\"a\",1]}"), "2:16 this must be a name, not a number"},
        {WORKER("{\"spawn\":\"w\",\"as\":\"x\"},{\"wait\":[\"x\",\"a\",\"x\"]}"),
         "2:41 \"x\" stands in the list twice"},
        {WORKER("{\"gather\":[\"a\",\"nobody\"]}"),
         "2:16 unknown name \"nobody\": nothing gives it"},
        {WORKER("{\"wait\":[\"a\"],\"until\":\"last\"}"),
         "2:23 \"until\" must be \"all\" or \"first\""},
    };
    CHECK_MISTAKES(CASES);
}

static void groups_and_timeouts(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {WORKER("{\"group\":[{\"spawn\":\"w\",\"as\":\"x\"},{\"await\":\"x\"}]},{\"await\":\"x\"}"),
         "good"},
        {WORKER("{\"timeout\":\"5ms\",\"steps\":[{\"group\":[]}]}"), "good"},
        {WORKER("{\"group\":{}}"), "2:10 \"group\" must be an array of steps, not an object"},
        {WORKER("{\"timeout\":1}"), "2:1 the step \"timeout\" needs the key \"steps\""},
        {WORKER("{\"timeout\":-1,\"steps\":[{\"slep\":1}]}"),
         "2:12 \"timeout\" must be a duration from 0 to 1e9 seconds\n2:25 unknown step \"slep\": "
         "did you mean \"sleep\"?"},
        {WORKER("{\"group\":[],\"steps\":[]}"), "2:13 unknown key \"steps\" in a step \"group\""},
    };
    CHECK_MISTAKES(CASES);
}

static void messages_can_not_be_forged(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {STEPS("{\"a\\n\\u001b[31m\\u202e\\\"\\\\\":1}"),
         "2:2 unknown step \"a\\u000a\\u001b[31m\\u202e\\\"\\\\\""},
        {STEPS("{\"%s%n\":1}"), "2:2 unknown step \"%s%n\""},
        {STEPS("{\"0123456789012345678901234567890123456789012345678901234567890123456789\":1}"),
         "2:2 unknown step \"012345678901234567890123456789012345678901234567890123456789...\""},
    };
    CHECK_MISTAKES(CASES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_top_level),
        cmocka_unit_test(tasks),
        cmocka_unit_test(verbs_and_options),
        cmocka_unit_test(values_of_steps),
        cmocka_unit_test(cancels),
        cmocka_unit_test(what_tasks_share),
        cmocka_unit_test(errors_and_blocks),
        cmocka_unit_test(lists_of_tasks),
        cmocka_unit_test(groups_and_timeouts),
        cmocka_unit_test(threads),
        cmocka_unit_test(threads_hold_what_a_function_can_do),
        cmocka_unit_test(channels),
        cmocka_unit_test(messages_can_not_be_forged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
