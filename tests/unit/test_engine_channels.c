/* Channels in whole runs: deadlocks that are found at once and told in words, ends that are closed,
 * and traces that stay sound when a wait is cut off. */
#include "engine_rig.h"
#include "temp_file.h"

#include <errno.h>

static void run_text(EngineRun *run, const char *text, OsBackend backend) {
    char path[TEMP_FILE_MAX_BYTES];
    assert_true(temp_file_write(path, text, strlen(text)));
    assert_true(engine_start(run, path, backend, 1));
    assert_true(file_remove(path));
    rig_check(run->log);
}

typedef struct Case {
    const char *text;
    StopReason reason;
    const char *printed;
    const char *told; /* of a deadlock */
} Case;

static const Case CASES[] = {
    /* Nobody is left who could send; the task that ended closed nothing. */
    {"{\"title\":\"t\",\"channels\":[\"p\"],\"tasks\":["
     "{\"name\":\"r\",\"steps\":[{\"receive\":9,\"from\":\"p.b\"}]},"
     "{\"name\":\"s\",\"steps\":[{\"send\":{\"bytes\":\"32MiB\"},\"to\":\"p.b\"}]}]}",
     STOP_DEADLOCK, "",
     "task r waits for channel p.b, where nothing arrives\n"
     "task s waits for channel p.b, where nothing is received at the other end\n"},
    /* What is there already is received before anybody speaks of a deadlock. */
    {"{\"title\":\"t\",\"channels\":[\"p\"],\"tasks\":["
     "{\"name\":\"r\",\"steps\":[{\"receive\":9,\"from\":\"p.b\",\"as\":\"x\"},{\"log\":\"{x}\"}]},"
     "{\"name\":\"s\",\"steps\":[{\"send\":\"hi\",\"to\":\"p.a\"}]}]}",
     STOP_DONE, "hi\n", ""},
    /* The second one takes the first one's place. */
    {"{\"title\":\"t\",\"channels\":[\"p\"],\"tasks\":["
     "{\"name\":\"a\",\"steps\":[{\"receive\":9,\"from\":\"p.b\"}]},"
     "{\"name\":\"b\",\"steps\":[{\"receive\":9,\"from\":\"p.b\",\"as\":\"x\"},{\"log\":\"{x}\"}]},"
     "{\"name\":\"s\",\"steps\":[{\"sleep\":0},{\"send\":\"hi\",\"to\":\"p.a\"}]}]}",
     STOP_DEADLOCK, "hi\n", "task a waits for channel p.b, where a later receive took its place\n"},
    /* An end at which somebody waits is not shut; one that is shut is no end any more. */
    {"{\"title\":\"t\",\"channels\":[\"p\"],\"tasks\":["
     "{\"name\":\"r\",\"steps\":[{\"receive\":9,\"from\":\"p.b\",\"as\":\"x\"},{\"log\":\"[{x}]\"}]"
     "},"
     "{\"name\":\"s\",\"steps\":[{\"try\":[{\"shut\":\"p.b\"}],\"except\":[{\"log\":\"{error}\"}]},"
     "{\"shut\":\"p.a\"},{\"try\":[{\"shut\":\"p.a\"}],\"except\":[{\"log\":\"{error}\"}]}]}]}",
     STOP_DONE, "[Errno 16] Device or resource busy\n[Errno 9] Bad file descriptor\n[]\n", ""},
};

static void runs_end_as_they_should(void **state) {
    (void)state;
    const OsBackend backends[] = {OS_BACKEND_AUTO, back_end_sure(), OS_BACKEND_SIM};
    for (size_t b = 0; b < sizeof backends / sizeof backends[0]; b++) {
        for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
            EngineRun run;
            Buf printed = {0}, told = {0};
            run_text(&run, CASES[i].text, backends[b]);
            assert_int_equal(run.end.reason, CASES[i].reason);
            engine_output(&run, &printed);
            loop_explain_deadlock(run.loop, &told);
            assert_string_equal(buf_text(&printed), CASES[i].printed);
            assert_string_equal(buf_text(&told), CASES[i].told);
            buf_finish(&printed);
            buf_finish(&told);
            engine_finish(&run);
        }
    }
}

/* Every operation that was submitted has its end in the trace, even where a deadlock cuts it. */
static void what_is_withdrawn_is_told(void **state) {
    (void)state;
    const OsBackend backends[] = {OS_BACKEND_AUTO, OS_BACKEND_SIM};
    for (size_t b = 0; b < 2; b++) {
        EngineRun run;
        uint64_t submitted = 0, completed = 0;
        run_text(&run, CASES[0].text, backends[b]);
        for (uint64_t n = 0; n < log_count(run.log); n++) {
            const Event *event = log_event(run.log, n);
            submitted += event->kind == EV_IO_SUBMITTED;
            completed += event->kind == EV_IO_COMPLETED;
            assert_true(event->kind != EV_IO_COMPLETED || event->x == -os_error_number(ECANCELED));
        }
        assert_int_equal(submitted, 2);
        assert_int_equal(completed, 2);
        assert_int_equal(os_in_flight(run.os), 0);
        engine_finish(&run);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_end_as_they_should),
        cmocka_unit_test(what_is_withdrawn_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
