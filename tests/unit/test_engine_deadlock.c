/* Deadlocks in words: what is waited for, who holds it, who could end it. On the simulation. */
#include "engine_rig.h"
#include "temp_file.h"

#define HEAD                                                                                       \
    "{\"title\":\"t\",\"locks\":[\"x\",\"y\"],\"semaphores\":{\"s\":2,\"z\":0,\"big\":30},"        \
    "\"events\":[\"go\"],\"queues\":{\"q\":0,\"r\":1},"                                            \
    "\"coroutines\":{\"setter\":[{\"set_event\":\"go\"}],"                                         \
    "\"endless\":[{\"call\":\"endless\"}],"                                                        \
    "\"take\":[{\"acquire\":\"big\"},{\"get\":\"q\"}]},\"tasks\":["
#define TASK(name, steps) "{\"name\":\"" name "\",\"steps\":[" steps "]}"
#define TAIL              "]}"

typedef struct DeadlockCase {
    const char *tasks;
    const char *words;
} DeadlockCase;

static const DeadlockCase CASES[] = {
    {TASK("a", "{\"with\":\"y\",\"steps\":[{\"sleep\":0},{\"acquire\":\"x\"}]}") "," TASK(
         "b", "{\"with\":\"x\",\"steps\":[{\"sleep\":0},{\"acquire\":\"y\"}]}"),
     "task a waits for lock \"x\", held by b, who waits for lock \"y\", held by a\n"},
    {TASK("a", "{\"acquire\":\"x\"},{\"acquire\":\"x\"}"),
     "task a waits for lock \"x\", held by itself\n"},
    {TASK("a", "{\"acquire\":\"x\"}") "," TASK("b", "{\"sleep\":0},{\"acquire\":\"x\"}"),
     "task b waits for lock \"x\", held by a, which has ended\n"},
    /* Released by another than the one that took it: it is the new one's all the same. */
    {TASK("a", "{\"acquire\":\"x\"},{\"get\":\"q\"}") "," TASK(
         "b", "{\"release\":\"x\"},{\"acquire\":\"x\"},{\"acquire\":\"x\"}"),
     "task a waits for queue \"q\", which is empty and nobody is left to fill\n"
     "task b waits for lock \"x\", held by itself\n"},
    {TASK("a", "{\"acquire\":\"s\"},{\"get\":\"q\"}") "," TASK(
         "b", "{\"acquire\":\"s\"},{\"wait_event\":\"go\"}") "," TASK("c", "{\"acquire\":\"s\"}"),
     "task a waits for queue \"q\", which is empty and nobody is left to fill\n"
     "task b waits for event \"go\", which nobody is left to set\n"
     "task c waits for a place in semaphore \"s\", held by a and b\n"},
    {TASK("c", "{\"sleep\":0},{\"acquire\":\"s\"}") "," TASK(
         "a", "{\"acquire\":\"s\"},{\"acquire\":\"s\"},{\"await\":\"c\"}"),
     "task c waits for a place in semaphore \"s\", held by a, who waits for task c\n"},
    {TASK("a", "{\"acquire\":\"z\"}") "," TASK("b", "{\"await\":\"a\"},{\"release\":\"z\"}"),
     "task a waits for a place in semaphore \"z\", which only b could release, who waits for task "
     "a\n"},
    /* Beyond the holders that are remembered by name. */
    {"{\"name\":\"a\",\"steps\":[{\"repeat\":31,\"steps\":[{\"spawn\":\"take\",\"as\":\"t\"}]},"
     "{\"await\":\"t\"}]}",
     "task a waits for task t-31, who waits for a place in semaphore \"big\", held by t, t-2, t-3 "
     "and 27 more; t waits for queue \"q\", "},
    {TASK("a", "{\"wait_event\":\"go\"},{\"put\":\"x\",\"in\":\"q\"}") "," TASK(
         "b", "{\"get\":\"q\"},{\"call\":\"setter\"}"),
     "task a waits for event \"go\", which only b could set, who waits for queue \"q\", which is "
     "empty and only a could fill\n"},
    /* What stands before the wait is over, but for the rounds that a loop has left. */
    {TASK("a", "{\"put\":\"x\",\"in\":\"q\"},{\"get\":\"q\"},{\"wait_event\":\"go\"}") "," TASK(
         "b", "{\"get\":\"q\"}"),
     "task a waits for event \"go\", which nobody is left to set\n"
     "task b waits for queue \"q\", which is empty and nobody is left to fill\n"},
    {TASK("a", "{\"repeat\":9,\"steps\":[{\"put\":\"x\",\"in\":\"q\"},{\"get\":\"q\"},"
               "{\"wait_event\":\"go\"}]}") "," TASK("b", "{\"sleep\":0},{\"get\":\"q\"}"),
     "task a waits for event \"go\", which nobody is left to set\n"
     "task b waits for queue \"q\", which is empty and only a could fill\n"},
    {TASK("a", "{\"put\":\"1\",\"in\":\"r\"},{\"put\":\"2\",\"in\":\"r\"}") "," TASK(
         "b", "{\"await\":\"a\"},{\"get\":\"r\"}") "," TASK("c",
                                                            "{\"await\":\"a\"},{\"get\":\"r\"}"),
     "task a waits for queue \"r\", which is full and b or c could empty; b waits for task a\n"
     "task c waits for task a\n"},
    {TASK("a", "{\"gather\":[\"b\",\"c\"]}") "," TASK("b", "{\"wait_event\":\"go\"}") "," TASK(
         "c", "{\"await\":\"a\"}"),
     "task a waits for tasks b, c; b waits for event \"go\", which nobody is left to set\n"
     "task c waits for task a\n"},
    /* A coroutine that calls itself is looked into once. */
    {TASK("a", "{\"wait_event\":\"go\"},{\"call\":\"endless\"}") "," TASK(
         "b", "{\"wait_event\":\"go\"},{\"call\":\"endless\"}"),
     "task a waits for event \"go\", which nobody is left to set\n"
     "task b waits for event \"go\", which nobody is left to set\n"},
};

static void begin(EngineRun *run, const char *text) {
    char path[TEMP_FILE_MAX_BYTES];
    assert_true(temp_file_write(path, text, strlen(text)));
    assert_true(engine_start(run, path, OS_BACKEND_SIM, 1));
    assert_true(file_remove(path));
    assert_int_equal(run->end.reason, STOP_DEADLOCK);
}

static void explain(const char *text, Buf *out) {
    EngineRun run;
    begin(&run, text);
    loop_explain_deadlock(run.loop, out);
    engine_finish(&run);
}

static void test_the_event(void **state) {
    (void)state;
    EngineRun run;
    begin(&run, "{\"title\":\"t\",\"events\":[\"go\"],\"tasks\":["
                "{\"name\":\"a\",\"steps\":[{\"gather\":[\"b\",\"c\"]}]},"
                "{\"name\":\"b\",\"steps\":[{\"wait_event\":\"go\"}]},"
                "{\"name\":\"c\",\"steps\":[{\"wait\":[\"b\"]}]}]}");
    const Event *event = log_event(run.log, log_count(run.log) - 2);
    assert_int_equal(event->kind, EV_DEADLOCK);
    assert_string_equal(log_text(run.log, event->text, NULL),
                        "[{\"task\":0,\"on\":\"tasks\",\"target\":[1,2]},"
                        "{\"task\":1,\"on\":\"event\",\"target\":\"go\"},"
                        "{\"task\":2,\"on\":\"tasks\",\"target\":[1]}]");
    engine_finish(&run);
}

static void test_who_waits_for_what(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        Buf text = {0}, told = {0};
        buf_printf(&text, "%s%s%s", HEAD, CASES[i].tasks, TAIL);
        explain(buf_text(&text), &told);
        const size_t length = strlen(CASES[i].words);
        if (strncmp(buf_text(&told), CASES[i].words, length) != 0 ||
            (CASES[i].words[length - 1] == '\n' && told.size_bytes != length)) {
            fail_msg("%s\ntells:\n%swanted:\n%s", CASES[i].tasks, buf_text(&told), CASES[i].words);
        }
        buf_finish(&text);
        buf_finish(&told);
    }
}

/* Thousands wait: no more than a hundred lines, and no more hops than one can follow. */
static void test_many(void **state) {
    (void)state;
    Buf told = {0};
    explain("{\"title\":\"t\",\"events\":[\"go\"],\"tasks\":[{\"name\":\"a\",\"count\":5000,"
            "\"steps\":[{\"wait_event\":\"go\"}]}]}",
            &told);
    unsigned lines = 0;
    for (size_t i = 0; i < told.size_bytes; i++) {
        lines += told.data[i] == '\n';
    }
    assert_int_equal(lines, 101);
    assert_non_null(strstr(buf_text(&told), "and 4\u202f900 more tasks\n"));
    buf_clear(&told);
    explain(
        "{\"title\":\"t\",\"events\":[\"go\"],\"coroutines\":{\"c\":[{\"put\":\"x\",\"in\":\"q\"},"
        "{\"spawn\":\"c\",\"as\":\"next\"},{\"await\":\"next\"}]},\"queues\":{\"q\":50},"
        "\"tasks\":[{\"name\":\"a\",\"steps\":[{\"call\":\"c\"}]}]}",
        &told);
    assert_non_null(strstr(buf_text(&told), ", and so on\n"));
    buf_finish(&told);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_who_waits_for_what),
                                       cmocka_unit_test(test_many),
                                       cmocka_unit_test(test_the_event)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
