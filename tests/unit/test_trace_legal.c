/* What may not come next: every rule of the timeline is broken once, and the event is named. The
 * checker, which is another reader of the same contract, must see each breach too. */
#include "trace_fixture.h"

#include "trace/check.h"
#include "trace/timeline.h"

/* A task that has the thread in the first turn. */
static Tape running(void) {
    Tape tape = tape_make();
    tape_new(&tape, 0, "a");
    tape_plain(&tape, EV_LOOP_START);
    tape_iteration(&tape, 1, 1);
    tape_task(&tape, EV_TASK_RUNNING, 0);
    return tape;
}

/* The same; then it waits for its operation 0 and the loop has asked. */
static Tape asking(void) {
    Tape tape = running();
    tape_submit(&tape, 0, 0, IO_WRITE, IO_MODE_NONE, "a.txt", 10, 0);
    tape_waiting(&tape, 0, WAIT_IO, TARGET_OP, 0);
    tape_poll(&tape, -1);
    return tape;
}

static Tape answered(int64_t events) {
    Tape tape = asking();
    tape_polled(&tape, events, 1);
    return tape;
}

static Tape before(void) {
    Tape tape = tape_make();
    tape_new(&tape, 0, "a");
    tape_new(&tape, 1, "b");
    return tape;
}

/* Two tasks and a callback in the queue of the first turn. */
static Tape queued(void) {
    Tape tape = before();
    tape_plain(&tape, EV_LOOP_START);
    tape_iteration(&tape, 1, 2);
    return tape;
}

/* The last event on the tape is the first illegal one. */
static void last_is_refused(Tape tape, const char *why) {
    Timeline *timeline = timeline_create(tape.log);
    const uint64_t last = log_count(tape.log) - 1;
    assert_false(timeline_follow(timeline, UINT64_MAX));
    const TimelineError *error = timeline_error(timeline);
    assert_non_null(error);
    assert_int_equal(error->n, last);
    assert_int_equal(timeline_count(timeline), last);
    if (strstr(error->message, why) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error->message, why);
    }
    assert_false(timeline_follow(timeline, UINT64_MAX)); /* and stays there */
    State *state = state_create(timeline);
    state_seek(state, last);
    assert_int_equal(state_count(state), last);
    state_destroy(state);
    timeline_destroy(timeline);
    tape_finish(&tape);
}

/* The same, and the checker agrees. */
static void last_is_a_breach(Tape tape, const char *why) {
    Diags diags = {0};
    assert_false(trace_check(tape.log, &diags));
    assert_true(diags.count > 0);
    diags_finish(&diags);
    last_is_refused(tape, why);
}

#define REFUSED(tape, ...)                                                                         \
    do {                                                                                           \
        Tape under_test = (tape);                                                                  \
        Tape *t = &under_test;                                                                     \
        __VA_ARGS__;                                                                               \
    } while (0)

static void ids_out_of_sequence(void **unused) {
    (void)unused;
    REFUSED(before(), tape_created(t, 3, "c"); last_is_a_breach(*t, "task 3 is out of sequence"));
    REFUSED(before(), tape_created(t, 1, "c"); last_is_a_breach(*t, "2 is next"));
    REFUSED(running(), tape_submit(t, 1, 0, IO_READ, IO_MODE_NONE, "a", 1, 0);
            last_is_a_breach(*t, "operation 1 is out of sequence"));
    REFUSED(running(), tape_timer(t, 9, 0, 1); last_is_a_breach(*t, "timer 9 is out of sequence"));
    REFUSED(running(), tape_callback(t, 1, "x", 0);
            last_is_a_breach(*t, "callback 1 is out of sequence"));
    REFUSED(queued(), tape_iteration(t, 3, 2); last_is_a_breach(*t, "is not over"));
    REFUSED(before(), tape_plain(t, EV_LOOP_START); tape_iteration(t, 2, 2);
            last_is_a_breach(*t, "iteration 1 is next"));
}

static void unknown_ids(void **unused) {
    (void)unused;
    REFUSED(before(), tape_ready(t, 7, READY_CREATED); last_is_a_breach(*t, "no task 7"));
    REFUSED(queued(), tape_task(t, EV_TASK_RUNNING, UINT32_MAX);
            last_is_a_breach(*t, "there is no task"));
    REFUSED(running(), tape_said(t, EV_OUTPUT, 2, "x"); last_is_a_breach(*t, "no task 2"));
    REFUSED(running(), tape_said(t, EV_STEP, 2, "/x"); last_is_a_breach(*t, "no task 2"));
    REFUSED(running(), tape_sync(t, 5, SYNC_SET, "e", NULL); last_is_a_breach(*t, "no task 5"));
    REFUSED(running(), tape_cancel(t, 5, CANCEL_BY_GROUP, EVENT_NONE);
            last_is_a_breach(*t, "no task 5"));
    REFUSED(running(), tape_cancel(t, 0, CANCEL_BY_TASK, 5); last_is_refused(*t, "no task 5"));
    REFUSED(running(), tape_arrived(t, 0); last_is_a_breach(*t, "no operation 0"));
    REFUSED(answered(1), tape_completed(t, 1, 10); last_is_a_breach(*t, "no operation 1"));
    REFUSED(running(), tape_timer_cancelled(t, 0); last_is_a_breach(*t, "no timer 0"));
    REFUSED(running(), tape_waiting(t, 0, WAIT_IO, TARGET_OP, 4);
            last_is_refused(*t, "no operation 4"));
    REFUSED(running(), tape_waiting(t, 0, WAIT_TIMER, TARGET_TIMER, 4);
            last_is_refused(*t, "no timer 4"));
    REFUSED(running(), tape_waiting(t, 0, WAIT_TASK, TARGET_TASK, 4);
            last_is_refused(*t, "no task 4"));
    REFUSED(running(), tape_spawned(t, 1, "b", 8, "/x"); last_is_refused(*t, "no task 8"));
    REFUSED(running(), tape_callback(t, 0, "x", 8); last_is_refused(*t, "no task 8"));
    REFUSED(running(), Event event = event_make(EV_LOOP_BLOCKED); event.task = 8;
            tape_add(t, event); last_is_refused(*t, "no task 8"));
}

static void the_queue_is_first_in_first_out(void **unused) {
    (void)unused;
    REFUSED(queued(), tape_task(t, EV_TASK_RUNNING, 1);
            last_is_a_breach(*t, "task 0 is at the front"));
    REFUSED(queued(), tape_callback_run(t, 0, false);
            last_is_a_breach(*t, "task 0 is at the front"));
    REFUSED(before(), tape_callback(t, 0, "x", 0); tape_plain(t, EV_LOOP_START);
            tape_iteration(t, 1, 3); tape_task(t, EV_TASK_RUNNING, 0);
            tape_ready(t, 0, READY_YIELDED); tape_task(t, EV_TASK_RUNNING, 1);
            tape_ready(t, 1, READY_YIELDED); tape_callback_run(t, 1, false);
            last_is_a_breach(*t, "callback 0 is at the front"));
    REFUSED(queued(), tape_task(t, EV_TASK_RUNNING, 0); tape_task(t, EV_TASK_RUNNING, 1);
            last_is_a_breach(*t, "task 0 has the thread"));
    REFUSED(before(), tape_task(t, EV_TASK_RUNNING, 0); last_is_a_breach(*t, "no turn"));
    REFUSED(before(), tape_plain(t, EV_LOOP_START); tape_iteration(t, 1, 1);
            last_is_a_breach(*t, "2 handles are ready"));
    REFUSED(running(), tape_ready(t, 0, READY_YIELDED); tape_task(t, EV_TASK_RUNNING, 0);
            last_is_a_breach(*t, "no turn"));
    REFUSED(running(), tape_callback(t, 0, "x", 0); tape_ready(t, 0, READY_YIELDED);
            tape_callback_run(t, 0, false); last_is_a_breach(*t, "no turn"));
    REFUSED(running(), tape_iteration(t, 2, 0); last_is_refused(*t, "is not over"));
}

static void a_task_lives_in_order(void **unused) {
    (void)unused;
    REFUSED(before(), tape_ready(t, 0, READY_CREATED); last_is_a_breach(*t, "is ready, not new"));
    REFUSED(running(), tape_ready(t, 0, READY_RESUMED);
            last_is_a_breach(*t, "is running, not waiting"));
    REFUSED(answered(1), tape_ready(t, 0, READY_YIELDED);
            last_is_a_breach(*t, "is waiting, not running"));
    REFUSED(queued(), tape_said(t, EV_STEP, 1, "/x");
            last_is_a_breach(*t, "is ready, not running"));
    REFUSED(queued(), tape_task(t, EV_TASK_FINISHED, 0);
            last_is_a_breach(*t, "is ready, not running"));
    REFUSED(running(), tape_task(t, EV_TASK_FINISHED, 0); tape_task(t, EV_TASK_CANCELLED, 0);
            last_is_a_breach(*t, "is finished, not running"));
    REFUSED(running(), tape_task(t, EV_TASK_FINISHED, 0); tape_ready(t, 0, READY_RESUMED);
            last_is_a_breach(*t, "is finished, not waiting"));
    REFUSED(running(), tape_task(t, EV_TASK_FINISHED, 0); tape_ready(t, 0, READY_CANCELLED);
            last_is_a_breach(*t, "can't be woken"));
    REFUSED(answered(1), tape_waiting(t, 0, WAIT_LOCK, TARGET_NONE, EVENT_NONE);
            last_is_a_breach(*t, "is waiting, not running"));
    REFUSED(queued(), tape_submit(t, 0, 1, IO_READ, IO_MODE_NONE, "a", 1, 0);
            last_is_a_breach(*t, "is ready, not running"));
    REFUSED(queued(), tape_blocking(t, 1, IO_READ, IO_MODE_NONE, "a", 1, 0, 1);
            last_is_a_breach(*t, "is ready, not running"));
    REFUSED(running(), tape_created(t, 1, "b"); last_is_refused(*t, "without a parent"));
    REFUSED(queued(), tape_spawned(t, 2, "c", 0, "/x");
            last_is_refused(*t, "is ready, not running"));
}

static void a_wait_ends_for_its_reason(void **unused) {
    (void)unused;
    REFUSED(answered(1), tape_ready(t, 0, READY_RESUMED);
            last_is_a_breach(*t, "waits for operation 0"));
    REFUSED(running(), tape_timer(t, 0, 0, 5); tape_waiting(t, 0, WAIT_TIMER, TARGET_TIMER, 0);
            tape_ready(t, 0, READY_RESUMED); last_is_a_breach(*t, "waits for timer 0"));
    REFUSED(queued(), tape_task(t, EV_TASK_RUNNING, 0);
            tape_waiting(t, 0, WAIT_TASK, TARGET_TASK, 1); tape_ready(t, 0, READY_RESUMED);
            last_is_a_breach(*t, "waits for task 1"));
    REFUSED(answered(1), tape_ready(t, 0, READY_CANCELLED); last_is_a_breach(*t, "nobody asked"));
    /* A request is used up by the task's next run. */
    REFUSED(before(), tape_cancel(t, 0, CANCEL_BY_TASK, 1); tape_plain(t, EV_LOOP_START);
            tape_iteration(t, 1, 2); tape_task(t, EV_TASK_RUNNING, 0);
            tape_waiting(t, 0, WAIT_LOCK, TARGET_NONE, EVENT_NONE);
            tape_ready(t, 0, READY_CANCELLED); last_is_a_breach(*t, "nobody asked"));
}

static void asking_and_answers(void **unused) {
    (void)unused;
    REFUSED(asking(), tape_arrived(t, 0); last_is_a_breach(*t, "between poll and polled"));
    REFUSED(asking(), tape_completed(t, 0, 10); last_is_a_breach(*t, "between poll and polled"));
    REFUSED(asking(), tape_stop(t, STOP_INTERRUPTED);
            last_is_a_breach(*t, "between poll and polled"));
    REFUSED(running(), tape_polled(t, 0, 1); last_is_a_breach(*t, "has not asked"));
    REFUSED(asking(), tape_polled(t, 0, 0); last_is_a_breach(*t, "without a call"));
    REFUSED(before(), tape_poll(t, 0); last_is_refused(*t, "not started"));
    REFUSED(answered(0), tape_completed(t, 0, 10); last_is_a_breach(*t, "no answer"));
    REFUSED(running(), tape_submit(t, 0, 0, IO_READ, IO_MODE_NONE, "a", 1, 0);
            tape_completed(t, 0, 1); last_is_a_breach(*t, "no answer"));
    REFUSED(answered(1), tape_completed(t, 0, 10); tape_completed(t, 0, 10);
            last_is_a_breach(*t, "completed before"));
    REFUSED(answered(1), tape_arrived(t, 0); tape_arrived(t, 0);
            last_is_a_breach(*t, "seen finished before"));
    REFUSED(answered(1), tape_completed(t, 0, 10); tape_arrived(t, 0);
            last_is_a_breach(*t, "completed before"));
}

static void timers(void **unused) {
    (void)unused;
    REFUSED(running(), tape_timer(t, 0, 0, 5); tape_fired(t, 0, 0);
            last_is_refused(*t, "between the OS's answer and the handles"));
    REFUSED(running(), tape_timer(t, 0, 0, 5); tape_timer_cancelled(t, 0);
            tape_timer_cancelled(t, 0); last_is_a_breach(*t, "fired or cancelled before"));
    REFUSED(running(), tape_timer(t, 0, 0, 5); tape_timer_cancelled(t, 0);
            tape_waiting(t, 0, WAIT_LOCK, TARGET_NONE, EVENT_NONE); tape_fired(t, 0, 0);
            last_is_a_breach(*t, "fired or cancelled before"));
}

static void waits_for_tasks(void **unused) {
    (void)unused;
    REFUSED(running(), tape_waiting_name(t, 0, WAIT_TASKS, TARGET_TASKS, "[0,7]");
            last_is_refused(*t, "no task 7"));
    REFUSED(running(), tape_waiting_name(t, 0, WAIT_TASKS, TARGET_TASKS, "[0,4294967296]");
            last_is_refused(*t, "no task"));
    REFUSED(queued(), tape_task(t, EV_TASK_RUNNING, 0);
            tape_waiting_name(t, 0, WAIT_TASKS, TARGET_TASKS, "[0,1]");
            tape_ready(t, 0, READY_RESUMED);
            last_is_a_breach(*t, "waits for tasks of which none has ended"));
}

static void begin_and_end(void **unused) {
    (void)unused;
    REFUSED(running(), tape_plain(t, EV_LOOP_START); last_is_a_breach(*t, "started before"));
    REFUSED(running(), tape_stop(t, STOP_DONE); last_is_a_breach(*t, "not done"));
    REFUSED(running(), tape_stop(t, STOP_LIMIT); tape_said(t, EV_OUTPUT, 0, "x");
            last_is_a_breach(*t, "follows the end"));
    REFUSED(running(), t->t_ns = 5; tape_said(t, EV_OUTPUT, 0, "x");
            last_is_a_breach(*t, "backwards"));
    /* An interruption breaks the turn off: what is in flight comes home, and nothing runs. */
    REFUSED(queued(), tape_task(t, EV_TASK_RUNNING, 0); tape_poll(t, -1); tape_polled(t, 0, 1);
            tape_said(t, EV_STEP, 0, "/x"); last_is_refused(*t, "broken off"));
    REFUSED(queued(), tape_poll(t, -1); tape_polled(t, 0, 1); tape_task(t, EV_TASK_RUNNING, 0);
            last_is_a_breach(*t, "broken off"));
    REFUSED(queued(), tape_poll(t, -1); tape_polled(t, 0, 1); tape_stop(t, STOP_DONE);
            last_is_a_breach(*t, "not done"));
}

/* What no live loop can say, but memory could: values outside their enumerations. */
static void values_out_of_range(void **unused) {
    (void)unused;
    REFUSED(running(), tape_ready(t, 0, (ReadyWhy)200); last_is_refused(*t, "unknown reason"));
    REFUSED(running(), tape_waiting(t, 0, (WaitOn)99, TARGET_NONE, EVENT_NONE);
            last_is_refused(*t, "unknown thing"));
    REFUSED(running(), tape_waiting(t, 0, WAIT_IO, (TargetKind)99, EVENT_NONE);
            last_is_refused(*t, "unknown kind"));
    REFUSED(running(), tape_submit(t, 0, 0, (IoCall)77, IO_MODE_NONE, "a", 1, 0);
            last_is_refused(*t, "unknown call"));
    REFUSED(running(), tape_stop(t, (StopReason)9); last_is_refused(*t, "unknown reason"));
    REFUSED(running(), tape_plain(t, (EventKind)200); last_is_refused(*t, "unknown kind"));
    REFUSED(answered(1), tape_poll(t, -2); last_is_refused(*t, "below zero"));
}

static void an_interrupted_run_is_legal(void **unused) {
    (void)unused;
    Tape tape = queued();
    tape_task(&tape, EV_TASK_RUNNING, 0);
    tape_submit(&tape, 0, 0, IO_WRITE, IO_MODE_NONE, "a.txt", 10, 0);
    tape_waiting(&tape, 0, WAIT_IO, TARGET_OP, 0);
    tape_poll(&tape, -1); /* task 1 did not run */
    tape_polled(&tape, 1, 1);
    tape_completed(&tape, 0, 10);
    tape_ready(&tape, 0, READY_RESUMED);
    tape_stop(&tape, STOP_INTERRUPTED);
    Diags diags = {0};
    Timeline *timeline = timeline_create(tape.log);
    assert_true(timeline_follow(timeline, UINT64_MAX));
    assert_true(trace_check(tape.log, &diags));
    assert_int_equal(diags.count, 0);
    timeline_destroy(timeline);
    diags_finish(&diags);
    tape_finish(&tape);
}

static void submit_part(Tape *tape, uint32_t op, IoCall call, IoVia via) {
    Event event = event_make(EV_IO_SUBMITTED);
    event.id = op;
    event.task = 0;
    event.a = (uint8_t)call;
    event.c = (uint8_t)via;
    event.text = tape_text(tape, "pipe.a");
    event.x = 10;
    (void)tape_add(tape, event);
}

/* The answer to operation 0, with which another one has finished, too. */
static Tape first_part(IoCall call, IoVia via) {
    Tape tape = running();
    submit_part(&tape, 0, call, via);
    submit_part(&tape, 1, IO_RECV, via);
    tape_waiting(&tape, 0, WAIT_CHANNEL, TARGET_OP, 0);
    tape_poll(&tape, -1);
    tape_polled(&tape, 1, 1);
    tape_completed(&tape, 0, 4);
    tape_arrived(&tape, 1);
    return tape;
}

/* A system that sends by itself may do a part: the rest is handed over while the task waits. */
static void a_send_goes_on(void **unused) {
    (void)unused;
    Tape tape = first_part(IO_SEND, VIA_OVERLAPPED);
    submit_part(&tape, 2, IO_SEND, VIA_OVERLAPPED);
    tape_stop(&tape, STOP_INTERRUPTED);
    Diags diags = {0};
    assert_true(trace_check(tape.log, &diags));
    Timeline *timeline = timeline_create(tape.log);
    assert_true(timeline_follow(timeline, UINT64_MAX));
    timeline_destroy(timeline);
    tape_finish(&tape);
    REFUSED(first_part(IO_RECV, VIA_OVERLAPPED), submit_part(t, 2, IO_SEND, VIA_OVERLAPPED);
            last_is_a_breach(*t, "is waiting, not running"));
    REFUSED(first_part(IO_SEND, VIA_EPOLL), submit_part(t, 2, IO_SEND, VIA_EPOLL);
            last_is_a_breach(*t, "is waiting, not running"));
    REFUSED(first_part(IO_SEND, VIA_OVERLAPPED), submit_part(t, 2, IO_SEND, VIA_OVERLAPPED);
            submit_part(t, 3, IO_SEND, VIA_OVERLAPPED);
            last_is_refused(*t, "is waiting, not running"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_out_of_sequence),
        cmocka_unit_test(unknown_ids),
        cmocka_unit_test(the_queue_is_first_in_first_out),
        cmocka_unit_test(a_task_lives_in_order),
        cmocka_unit_test(a_wait_ends_for_its_reason),
        cmocka_unit_test(asking_and_answers),
        cmocka_unit_test(timers),
        cmocka_unit_test(waits_for_tasks),
        cmocka_unit_test(begin_and_end),
        cmocka_unit_test(values_out_of_range),
        cmocka_unit_test(an_interrupted_run_is_legal),
        cmocka_unit_test(a_send_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
