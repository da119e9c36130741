/* Names, placeholders and paths: who gives a name, who may use it, and what the text shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario_mistakes.h"

/* Two tasks "a" and "b" on lines 2 and 3, coroutines on line 4, more on line 5. */
#define WHOLE(a, b, coroutines, more)                                                              \
    "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":[\n" a                                  \
    "]},{\"name\":\"b\",\"steps\":[\n" b "]}],\"coroutines\":{\n" coroutines "}" more "}"

#define OPEN_F  "{\"open\":\"x\",\"as\":\"f\"}"
#define CLOSE_F "{\"close\":\"f\"}"

static void a_name_is_known_where_its_task_gives_it(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {WHOLE(OPEN_F "," CLOSE_F, "", "", ""), "good"},
        {WHOLE(CLOSE_F "," OPEN_F, "", "", ""), "good"}, /* too late: the run tells */
        {WHOLE(CLOSE_F, "", "", ""), "2:10 unknown name \"f\": nothing gives it"},
        {WHOLE(CLOSE_F, OPEN_F, "", ""),
         "2:10 \"f\" is a file handle of another task; nothing gives the name here"},
        {WHOLE("{\"open\":\"x\",\"as\":\"file\"},{\"close\":\"fiel\"}", "", "", ""),
         "2:35 unknown name \"fiel\": nothing gives it: did you mean \"file\"?"},
        {WHOLE("{\"repeat\":0,\"steps\":[" OPEN_F "]}," CLOSE_F, "", "", ""), "good"},
        {WHOLE("{\"fsync\":\"g\"},{\"write\":\"x\",\"to\":\"g\"},{\"read\":1,\"from\":\"g\"}", "",
               "", ""),
         "2:10 unknown name \"g\": nothing gives it\n"
         "2:33 unknown name \"g\": nothing gives it\n"
         "2:55 unknown name \"g\": nothing gives it"},
        {WHOLE("{\"slep\":1,\"as\":\"f\"},{\"opn\":\"x\",\"as\":\"f\"}," CLOSE_F, "", "", ""),
         "2:2 unknown step \"slep\": did you mean \"sleep\"?\n"
         "2:22 unknown step \"opn\": did you mean \"open\"?"},
    };
    CHECK_MISTAKES(CASES);
}

static void a_called_coroutine_shares_its_callers_names(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {WHOLE(OPEN_F ",{\"call\":\"c\"}", "", "\"c\":[" CLOSE_F "]", ""), "good"},
        {WHOLE("{\"call\":\"c\"}," CLOSE_F, "", "\"c\":[" OPEN_F "]", ""), "good"},
        {WHOLE("{\"call\":\"o\"},{\"call\":\"c\"}", "", "\"o\":[" OPEN_F "],\"c\":[" CLOSE_F "]",
               ""),
         "good"},
        {WHOLE(OPEN_F ",{\"call\":\"c\"}", "{\"call\":\"c\"}", "\"c\":[" CLOSE_F "]", ""), "good"},
        {WHOLE(OPEN_F ",{\"call\":\"c\"}", "", "\"c\":[{\"call\":\"d\"}],\"d\":[" CLOSE_F "]", ""),
         "good"},
        {WHOLE(OPEN_F ",{\"call\":\"c\"}", "",
               "\"c\":[{\"call\":\"d\"}],\"d\":[{\"call\":\"c\"}," CLOSE_F "]", ""),
         "good"},
        {WHOLE(OPEN_F, "{\"call\":\"c\"}", "\"c\":[" CLOSE_F "]", ""),
         "4:15 \"f\" is a file handle of another task; nothing gives the name here"},
        {WHOLE("", "", "\"c\":[" CLOSE_F "]", ""), "4:15 unknown name \"f\": nothing gives it"},
        {WHOLE("", "", "\"c\":[{\"call\":\"d\"}," CLOSE_F "],\"d\":[{\"call\":\"c\"}]", ""),
         "4:28 unknown name \"f\": nothing gives it"},
    };
    CHECK_MISTAKES(CASES);
}

static void a_spawned_coroutine_begins_with_no_names(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {WHOLE(OPEN_F ",{\"spawn\":\"c\"}", "", "\"c\":[" CLOSE_F "]", ""),
         "4:15 \"f\" is a file handle of another task; nothing gives the name here"},
        {WHOLE("{\"spawn\":\"c\"}", "", "\"c\":[" OPEN_F "," CLOSE_F "]", ""), "good"},
        {WHOLE("{\"spawn\":\"c\"}," CLOSE_F, "", "\"c\":[" OPEN_F "]", ""),
         "2:24 \"f\" is a file handle of another task; nothing gives the name here"},
        {WHOLE(OPEN_F ",{\"spawn\":\"c\"},{\"call\":\"c\"}", "", "\"c\":[" CLOSE_F "]", ""),
         "good"},
        {WHOLE("{\"spawn\":\"c\",\"as\":\"k\"},{\"await\":\"k\"}", "{\"await\":\"k\"}", "\"c\":[]",
               ""),
         "3:10 \"k\" is a spawned task of another task; nothing gives the name here"},
    };
    CHECK_MISTAKES(CASES);
}

static void kinds_are_not_mixed_up(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {WHOLE(OPEN_F ",{\"await\":\"f\"}", "", "", ""),
         "2:32 \"f\" is a file handle, not a spawned task"},
        {WHOLE("{\"spawn\":\"c\",\"as\":\"k\"},{\"close\":\"k\"}", "", "\"c\":[]", ""),
         "2:33 \"k\" is a spawned task, not a file handle"},
        {WHOLE(OPEN_F ",{\"log\":\"{f}\"}", "", "", ""),
         "2:31 \"f\" is a file handle, not a variable"},
        {WHOLE(OPEN_F ",{\"read\":1,\"from\":\"f\",\"as\":\"f\"}", "", "", ""),
         "2:49 \"f\" is already a file handle in the same task"},
        {WHOLE(OPEN_F
               "," OPEN_F
               ",{\"read\":1,\"from\":\"f\",\"as\":\"v\"},{\"read\":1,\"from\":\"f\",\"as\":\"v\"}",
               "{\"spawn\":\"c\",\"as\":\"f\"}", "\"c\":[]", ""),
         "good"}, /* the same kind again; another kind in another task */
        {WHOLE("{\"close\":\"b\"},{\"close\":\"m\"},{\"await\":\"m\"},{\"call\":\"m\"},{\"call\":"
               "\"b\"}",
               "", "", ",\"locks\":[\"m\"]"),
         "2:10 \"b\" is a task, not a file handle\n"
         "2:24 \"m\" is a lock, not a file handle\n"
         "2:38 \"m\" is a lock, not a task\n"
         "2:51 \"m\" is a lock, not a coroutine\n"
         "2:64 \"b\" is a task, not a coroutine"},
    };
    CHECK_MISTAKES(CASES);
}

static void global_names_are_given_once_and_never_hidden(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {"{\"title\":\"t\",\"locks\":[\"x\",\"x\"],\n\"events\":[\"x\"],\"channels\":[\"x\"],\n"
         "\"semaphores\":{\"x\":1},\"queues\":{\"x\":1},\n"
         "\"tasks\":[{\"name\":\"x\",\"steps\":[]},{\"name\":\"y\",\"steps\":[]},{\"name\":\"y\","
         "\"steps\":[]}]}",
         "1:27 the name \"x\" is taken already, by a lock\n"
         "2:11 the name \"x\" is taken already, by a lock\n"
         "2:28 the name \"x\" is taken already, by a lock\n"
         "3:15 the name \"x\" is taken already, by a lock\n"
         "3:32 the name \"x\" is taken already, by a lock\n"
         "4:18 the name \"x\" is taken already, by a lock\n"
         "4:66 the name \"y\" is taken already, by a task"},
        {WHOLE("{\"open\":\"x\",\"as\":\"b\"},{\"open\":\"x\",\"as\":\"m\"}", "", "",
               ",\"events\":[\"m\"]"),
         "2:18 \"b\" would hide the task of that name\n"
         "2:40 \"m\" would hide the event of that name"},
        {WHOLE("{\"call\":\"a\"}", "", "\"a\":[]", ""),
         "good"}, /* coroutines have names of their own */
        {WHOLE("", "", "\"c\":[],\"c\":[]", ""), "4:8 the key \"c\" is given twice"},
    };
    CHECK_MISTAKES(CASES);
}

static void tasks_and_coroutines_that_are_not_there(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {WHOLE("{\"await\":\"b\"}", "", "", ""), "good"},
        {WHOLE("{\"await\":\"bb\"}", "", "", ""), "2:10 unknown name \"bb\": nothing gives it"},
        {WHOLE("{\"call\":\"helpr\"},{\"spawn\":\"hlper\"}", "", "\"helper\":[]", ""),
         "2:9 there is no coroutine \"helpr\": did you mean \"helper\"?\n"
         "2:27 there is no coroutine \"hlper\": did you mean \"helper\"?"},
        {WHOLE("{\"await\":\"c\"}", "", "\"c\":[]", ""),
         "2:10 \"c\" is a coroutine: call it, or spawn it \"as\" a name and await that"},
        {WHOLE("{\"await\":\"many\"},{\"await\":\"many-0\"}",
               "]},{\"name\":\"many\",\"count\":2,\"steps\":[", "", ""),
         "2:10 \"many\" stands for several tasks; await one that has a name\n"
         "2:27 \"many-0\" is one of several copies; they can't be awaited by name"},
    };
    CHECK_MISTAKES(CASES);
}

static void no_task_awaits_itself(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {WHOLE("{\"await\":\"a\"}", "", "", ""), "2:10 a task can't await itself"},
        {WHOLE("{\"call\":\"c\"}", "", "\"c\":[{\"await\":\"a\"}]", ""),
         "4:15 a task can't await itself"},
        {WHOLE("{\"call\":\"c\"}", "{\"call\":\"c\"}", "\"c\":[{\"await\":\"a\"}]", ""), "good"},
        {WHOLE("{\"spawn\":\"c\"}", "", "\"c\":[{\"await\":\"a\"}]", ""), "good"},
    };
    CHECK_MISTAKES(CASES);
}

static void placeholders(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {STEPS("{\"log\":\"{task} {i} {{ }} {{{i}}} {{x}}\"}"), "good"},
        {STEPS("{\"log\":\"{}\"}"),
         "2:9 a placeholder holds a name; literal braces are written {{ and }}"},
        {STEPS("{\"log\":\"ä\\n{ i}\"}"),
         "2:12 a placeholder holds a name; literal braces are written {{ and }}"},
        {STEPS("{\"log\":\"\\u00e9\\ud83d\\ude00{x}\"}"), "2:27 unknown placeholder {x}"},
        {STEPS("{\"log\":\"a } b\"}"), "2:11 this } has no {; a literal brace is written }}"},
        {STEPS("{\"log\":\"a { b\"}"), "2:11 this { has no }; a literal brace is written {{"},
        {STEPS("{\"log\":\"{a{i}\"}"), "2:9 this { has no }; a literal brace is written {{"},
        {STEPS("{\"log\":\"{tsak} {I}\"}"),
         "2:9 unknown placeholder {tsak}: did you mean \"task\"?\n"
         "2:16 unknown placeholder {I}"},
        {STEPS("{\"log\":\"{error}\"}"),
         "2:9 the placeholder {error} stands inside \"except\" alone"},
        {STEPS(OPEN_F ",{\"read\":9,\"from\":\"f\",\"as\":\"line\"},{\"log\":\"{line} {lien}\"}"),
         "2:72 unknown placeholder {lien}: did you mean \"line\"?"},
        {STEPS(
             "{\"note\":\"{x}\"},{\"open\":\"{y}\",\"as\":\"f\"},{\"write\":\"{z}\",\"to\":\"f\"}"),
         "2:10 unknown placeholder {x}\n2:25 unknown placeholder {y}\n2:50 unknown placeholder "
         "{z}"},
    };
    CHECK_MISTAKES(CASES);
}

#define PATH(path) STEPS("{\"open\":\"" path "\",\"as\":\"f\"}")

static void paths_stay_below_the_workspace(void **state) {
    (void)state;
    static const MistakeCase CASES[] = {
        {PATH(""), "2:9 a path may not be empty"},
        {PATH("/etc/passwd"), "2:9 an absolute path leaves the workspace"},
        {PATH("/"), "2:9 an absolute path leaves the workspace"},
        {PATH(".."), "2:9 this path leaves the workspace"},
        {PATH("../x"), "2:9 this path leaves the workspace"},
        {PATH("a/../../x"), "2:9 this path leaves the workspace"},
        {PATH("./../x"), "2:9 this path leaves the workspace"},
        {PATH("a//../../x"), "2:9 this path leaves the workspace"},
        {PATH("{task}/../../x"), "2:9 this path leaves the workspace"},
        {PATH("{i}/../.."), "2:9 this path leaves the workspace"},
        {PATH("{{v}}/../../x"), "2:9 this path leaves the workspace"},
        {PATH("a/../x"), "good"},
        {PATH("..x/y.."), "good"},
        {PATH(".../x"), "good"},
        {PATH("a\\\\..\\\\..\\\\x"), "good"}, /* a backslash is a letter like any other */
        {PATH("{task}/{i}.txt"), "good"},
        {PATH("ä/€ 😀.txt"), "good"},
        {STEPS(OPEN_F
               ",{\"read\":9,\"from\":\"f\",\"as\":\"v\"},{\"open\":\"{v}/../../x\",\"as\":\"g\"}"),
         "good"}, /* "{v}" may be two folders: the run tells */
    };
    CHECK_MISTAKES(CASES);
}

/* The window's error panel shows where the value stands, and what was expected. */
static void pointers_lead_to_the_value(void **state) {
    (void)state;
    static const struct {
        const char *text, *pointer, *found;
    } CASES[] = {
        {STEPS("{\"sleep\":\"5m\"}"), "/tasks/0/steps/0/sleep", "\"5m\""},
        {STEPS("{\"repeat\":1,\"steps\":[{\"slep\":1}]}"), "/tasks/0/steps/0/steps/0/slep", NULL},
        {STEPS("{\"write\":\"x\"}"), "/tasks/0/steps/0", NULL},
        {STEPS("{\"close\":\"f\"}"), "/tasks/0/steps/0/close", NULL},
        {STEPS("{\"log\":\"{x}\"}"), "/tasks/0/steps/0/log", NULL},
        {STEPS(OPEN_F ",{\"write\":{\"bytes\":[]},\"to\":\"f\"}"), "/tasks/0/steps/1/write/bytes",
         "[]"},
        {WHOLE("", "", "\"c\":[3]", ""), "/coroutines/c/0", "3"},
        {WHOLE("", "", "\"a/b~c\":[]", ""), "/coroutines/a~1b~0c", NULL},
        {WHOLE("", "", "", ",\"limits\":{\"time\":-1}"), "/limits/time", "-1"},
        {WHOLE("", "", "", ",\"locks\":[\"l\",\"l\"]"), "/locks/1", NULL},
        {WHOLE("", "", "", ",\"titel\":1"), "/titel", NULL},
        {WHOLE(OPEN_F ",{\"spawn\":\"c\",\"as\":\"f\"}", "", "\"c\":[]", ""), "/tasks/0/steps/1/as",
         NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        Diags diags = {0};
        assert_null(scenario_load_text("f", CASES[i].text, strlen(CASES[i].text), &diags));
        assert_int_equal(diags.count, 1);
        assert_string_equal(diags.items[0].pointer, CASES[i].pointer);
        if (CASES[i].found != NULL) {
            assert_string_equal(diags.items[0].found, CASES[i].found);
        }
        diags_finish(&diags);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_known_where_its_task_gives_it),
        cmocka_unit_test(a_called_coroutine_shares_its_callers_names),
        cmocka_unit_test(a_spawned_coroutine_begins_with_no_names),
        cmocka_unit_test(kinds_are_not_mixed_up),
        cmocka_unit_test(global_names_are_given_once_and_never_hidden),
        cmocka_unit_test(tasks_and_coroutines_that_are_not_there),
        cmocka_unit_test(no_task_awaits_itself),
        cmocka_unit_test(placeholders),
        cmocka_unit_test(paths_stay_below_the_workspace),
        cmocka_unit_test(pointers_lead_to_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
