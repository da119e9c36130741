/* File steps: what is asked of the OS, what comes back, and the bytes on the disk. */
#include "loop_rig.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const EventKind ALL_BUT_IO[] = {
    EV_LOOP_START,   EV_POLL,         EV_POLLED,      EV_ITERATION,     EV_TASK_CREATED,
    EV_TASK_READY,   EV_TASK_RUNNING, EV_STEP,        EV_TASK_WAITING,  EV_CALLBACK_READY,
    EV_CALLBACK_RUN, EV_TIMER_SET,    EV_TIMER_FIRED, EV_TASK_FINISHED, EV_IO_ARRIVED,
    EV_LOOP_STOP,    EV_LOOP_BLOCKED};

static void expect_io(const Rig *rig, const char *wanted) {
    rig_expect_but(rig, wanted, ALL_BUT_IO, sizeof ALL_BUT_IO / sizeof ALL_BUT_IO[0]);
}

/* A handle writes and reads on from where it stands. */
static void many_steps(Rig *rig, RigHow how) {
    rig_task(rig, "t", rig_body(rig, "t"));
    rig_open(rig, "d/a", "f", OPEN_WRITE, how);
    rig_write(rig, "one ", "f", how);
    rig_fill(rig, 3, "f", how);
    rig_write(rig, "", "f", how);
    rig_on_file(rig, OP_FSYNC, "f", how);
    rig_on_file(rig, OP_CLOSE, "f", how);
    rig_open(rig, "d/a", "f", OPEN_APPEND, how);
    rig_write(rig, "\xc3\xa9nd", "f", how);
    rig_on_file(rig, OP_CLOSE, "f", how);
    rig_open(rig, "d/a", "f", OPEN_READ, how);
    rig_read(rig, 5, "f", "text", how);
    const Piece pieces[] = {{.kind = PIECE_TEXT, .text = "<", .length = 1},
                            {.kind = PIECE_NAME, .name = rig_name(rig, "text")},
                            {.kind = PIECE_TEXT, .text = ">", .length = 1}};
    const uint32_t quoted = program_add_template(rig->builder, pieces, 3);
    rig_log_template(rig, quoted);
    rig_read(rig, 3, "f", "text", how); /* cuts the letter in two */
    rig_log_template(rig, quoted);
    rig_read(rig, 100, "f", "text", how);
    rig_log_template(rig, quoted);
    rig_read(rig, 100, "f", "text", how); /* the end */
    rig_log_template(rig, quoted);
    rig_read(rig, 1, "f", NULL, how);
    rig_end(rig);
}

#define OUTPUT_1 "output 0 <one x>\n"
#define OUTPUT_2 "output 0 <xx\xEF\xBF\xBD>\n"
#define OUTPUT_3 "output 0 <\xEF\xBF\xBDnd>\n"
#define OUTPUT_4 "output 0 <>\n"

static void expect_bytes(const Rig *rig, const char *name, const char *wanted) {
    char path[512];
    char got[4096];
    snprintf(path, sizeof path, "%s/%s", rig->folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t size = fread(got, 1, sizeof got, file);
    fclose(file);
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(got, wanted, strlen(wanted));
}

enum { BACKENDS = 3 };

static OsBackend real_and_sim(int i) {
    return i == 0 ? OS_BACKEND_SIM : i == 1 ? back_end_sure() : OS_BACKEND_AUTO;
}

static void a_handle_goes_on_from_where_it_stands(void **state) {
    (void)state;
    for (int i = 0; i < BACKENDS; i++) {
        Rig rig = rig_make();
        many_steps(&rig, RIG_ASYNC);
        rig_run_on(&rig, real_and_sim(i));
        expect_io(&rig, "io_submitted 0 0 openat d/a w\nio_completed 0 -> 0\n"
                        "io_submitted 0 1 write d/a 4@0\nio_completed 1 -> 4\n"
                        "io_submitted 0 2 write d/a 3@4\nio_completed 2 -> 3\n"
                        "io_submitted 0 3 write d/a 0@7\nio_completed 3 -> 0\n"
                        "io_submitted 0 4 fsync d/a\nio_completed 4 -> 0\n"
                        "io_submitted 0 5 close d/a\nio_completed 5 -> 0\n"
                        "io_submitted 0 6 openat d/a a\nio_completed 6 -> 0\n"
                        "io_submitted 0 7 write d/a 4@-1\nio_completed 7 -> 4\n"
                        "io_submitted 0 8 close d/a\nio_completed 8 -> 0\n"
                        "io_submitted 0 9 openat d/a r\nio_completed 9 -> 0\n"
                        "io_submitted 0 10 read d/a 5@0\nio_completed 10 -> 5\n" OUTPUT_1
                        "io_submitted 0 11 read d/a 3@5\nio_completed 11 -> 3\n" OUTPUT_2
                        "io_submitted 0 12 read d/a 100@8\nio_completed 12 -> 3\n" OUTPUT_3
                        "io_submitted 0 13 read d/a 100@11\nio_completed 13 -> 0\n" OUTPUT_4
                        "io_submitted 0 14 read d/a 1@11\nio_completed 14 -> 0\n");
        if (rig.folder[0] != '\0') {
            expect_bytes(&rig, "d/a", "one xxx\xc3\xa9nd");
        }
        rig_finish(&rig);
    }
}

static void a_blocking_step_is_done_on_the_spot(void **state) {
    (void)state;
    for (int i = 0; i < BACKENDS; i++) {
        Rig rig = rig_make();
        many_steps(&rig, RIG_BLOCKING);
        rig_run_on(&rig, real_and_sim(i));
        expect_io(&rig, "io_blocking 0 openat d/a w -> 0\n"
                        "io_blocking 0 write d/a 4@0 -> 4\n"
                        "io_blocking 0 write d/a 3@4 -> 3\n"
                        "io_blocking 0 write d/a 0@7 -> 0\n"
                        "io_blocking 0 fsync d/a -> 0\n"
                        "io_blocking 0 close d/a -> 0\n"
                        "io_blocking 0 openat d/a a -> 0\n"
                        "io_blocking 0 write d/a 4@-1 -> 4\n"
                        "io_blocking 0 close d/a -> 0\n"
                        "io_blocking 0 openat d/a r -> 0\n"
                        "io_blocking 0 read d/a 5@0 -> 5\n" OUTPUT_1
                        "io_blocking 0 read d/a 3@5 -> 3\n" OUTPUT_2
                        "io_blocking 0 read d/a 100@8 -> 3\n" OUTPUT_3
                        "io_blocking 0 read d/a 100@11 -> 0\n" OUTPUT_4
                        "io_blocking 0 read d/a 1@11 -> 0\n");
        assert_int_equal(rig_count(&rig, EV_ITERATION), 1); /* control was never given up */
        assert_int_equal(rig_count(&rig, EV_POLL), 0);
        if (rig.folder[0] != '\0') {
            expect_bytes(&rig, "d/a", "one xxx\xc3\xa9nd");
        }
        rig_finish(&rig);
    }
}

/* The turn of a completion: it is told, the task is queued and runs in this very turn. */
static void a_completion_resumes_in_its_own_turn(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    rig_open(&rig, "a", "f", OPEN_WRITE, RIG_ASYNC);
    rig_log(&rig, "opened");
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 t\ntask_ready 0 created\nloop_start\n"
                     "iteration 1: 1\n"
                     "task_running 0\nstep 0 /0\n"
                     "io_submitted 0 0 openat a w\ntask_waiting 0 on io 0\n"
                     "poll forever\npolled\n"
                     "io_completed 0 -> 0\ntask_ready 0 resumed\n"
                     "iteration 2: 1\n"
                     "task_running 0\nstep 0 /1\noutput 0 opened\ntask_finished 0\n"
                     "loop_stop done\n");
    rig_finish(&rig);
}

/* An operation that ends while tasks run is seen in the completion queue before the loop asks. */
static void what_arrives_while_tasks_run_is_told_when_it_is_seen(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t body = rig_body(&rig, "t");
    rig_open(&rig, "a", "f", OPEN_WRITE, RIG_ASYNC);
    rig_end(&rig);
    const uint32_t busy = rig_body(&rig, "busy");
    rig_timed(&rig, OP_COMPUTE, 20 * MS);
    rig_log(&rig, "computed");
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig_task(&rig, "busy", busy);
    rig_run(&rig);
    rig_expect(&rig, "task_created 0 t\ntask_ready 0 created\n"
                     "task_created 1 busy\ntask_ready 1 created\nloop_start\n"
                     "iteration 1: 2\n"
                     "task_running 0\nstep 0 /0\n"
                     "io_submitted 0 0 openat a w\ntask_waiting 0 on io 0\n"
                     "task_running 1\nstep 1 /1\n"
                     "io_arrived 0\n" /* seen before the next event is appended */
                     "step 1 /2\noutput 1 computed\ntask_finished 1\n"
                     "poll forever\npolled\nio_completed 0 -> 0\ntask_ready 0 resumed\n"
                     "iteration 2: 1\ntask_running 0\ntask_finished 0\n"
                     "loop_stop done\n");
    rig_finish(&rig);
}

/* Three tasks, one file each, many operations in flight at once: each byte in its place. */
static void many_tasks_write_their_own_files(void **state) {
    (void)state;
    enum { TASKS = 20, BLOCKS = 10, BLOCK = 1000 };
    for (int i = 1; i < BACKENDS; i++) {
        Rig rig = rig_make();
        const Piece pieces[] = {{.kind = PIECE_TASK},
                                {.kind = PIECE_TEXT, .text = ".", .length = 1}};
        const uint32_t path = program_add_template(rig.builder, pieces, 1);
        const uint32_t line = program_add_template(rig.builder, pieces, 2);
        const uint32_t body = rig_body(&rig, "w");
        rig_open_template(&rig, path, "f", OPEN_WRITE, RIG_ASYNC);
        const uint32_t repeat = rig_repeat(&rig, BLOCKS);
        rig_fill(&rig, BLOCK, "f", RIG_ASYNC);
        rig_write_template(&rig, line, "f", RIG_ASYNC);
        rig_repeat_end(&rig, repeat);
        rig_on_file(&rig, OP_CLOSE, "f", RIG_ASYNC);
        rig_end(&rig);
        program_add_task(rig.builder, "w", body, TASKS, true);
        rig_run_on(&rig, real_and_sim(i));
        assert_int_equal(rig.end.reason, STOP_DONE);
        assert_int_equal(rig.end.failed, 0);
        for (int task = 0; task < TASKS; task++) {
            Buf wanted = {0};
            for (int block = 0; block < BLOCKS; block++) {
                for (int k = 0; k < BLOCK; k++) {
                    buf_append_char(&wanted, 'x');
                }
                buf_printf(&wanted, "w-%d.", task);
            }
            char path_text[512];
            char *got = calloc(1, wanted.size_bytes + 1);
            assert_non_null(got);
            snprintf(path_text, sizeof path_text, "%s/w-%d", rig.folder, task);
            FILE *file = fopen(path_text, "rb");
            assert_non_null(file);
            assert_int_equal(fread(got, 1, wanted.size_bytes + 1, file), wanted.size_bytes);
            assert_memory_equal(got, wanted.data, wanted.size_bytes);
            fclose(file);
            free(got);
            buf_finish(&wanted);
        }
        rig_finish(&rig);
    }
}

/* A coroutine that is called shares its caller's names: the handle is known in both. */
static void a_called_coroutine_shares_the_handle(void **state) {
    (void)state;
    Rig rig = rig_make();
    const uint32_t prepare = rig_body(&rig, "prepare");
    rig_open(&rig, "a", "f", OPEN_WRITE, RIG_ASYNC);
    rig_end(&rig);
    const uint32_t body = rig_body(&rig, "t");
    rig_call(&rig, prepare);
    rig_write(&rig, "x", "f", RIG_ASYNC);
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig_run(&rig);
    expect_io(&rig, "io_submitted 0 0 openat a w\nio_completed 0 -> 0\n"
                    "io_submitted 0 1 write a 1@0\nio_completed 1 -> 1\n");
    rig_finish(&rig);
}

/* More names than a first table holds, set and read in any order. */
static void a_task_may_have_many_names(void **state) {
    (void)state;
    enum { NAMES = 200 };
    Rig rig = rig_make();
    const uint32_t child = rig_body(&rig, "child");
    rig_end(&rig);
    const uint32_t body = rig_body(&rig, "t");
    for (int i = 0; i < NAMES; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        if (i % 2 == 0) {
            rig_spawn(&rig, child, name);
        } else {
            rig_open(&rig, name, name, OPEN_WRITE, RIG_BLOCKING);
        }
    }
    for (int i = NAMES - 1; i >= 0; i--) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        if (i % 2 == 0) {
            rig_await(&rig, name);
        } else {
            rig_write(&rig, name, name, RIG_BLOCKING);
            rig_on_file(&rig, OP_CLOSE, name, RIG_BLOCKING);
        }
    }
    rig_end(&rig);
    rig_task(&rig, "t", body);
    rig_run(&rig);
    assert_int_equal(rig.end.failed, 0);
    assert_int_equal(rig_count(&rig, EV_IO_BLOCKING), 3 * NAMES / 2);
    rig_finish(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handle_goes_on_from_where_it_stands),
        cmocka_unit_test(a_blocking_step_is_done_on_the_spot),
        cmocka_unit_test(a_completion_resumes_in_its_own_turn),
        cmocka_unit_test(what_arrives_while_tasks_run_is_told_when_it_is_seen),
        cmocka_unit_test(many_tasks_write_their_own_files),
        cmocka_unit_test(a_called_coroutine_shares_the_handle),
        cmocka_unit_test(a_task_may_have_many_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
