#include "trace/check_impl.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { BREACHES_MAX = 100 };

bool check_breach(Check *check, const char *format, ...) {
    check->breaches++;
    if (check->breaches > BREACHES_MAX) {
        return false;
    }
    char text[200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    Diag *diag = diags_add(check->diags, "trace", "event %" PRIu64 ": %s", check->n, text);
    if (diag != NULL) {
        diag->line = (uint32_t)check->n + 2;
    }
    return false;
}

static TaskCheck *task_of(Check *check, uint32_t id) {
    if (id >= check->task_count) {
        check_breach(check, "task %" PRIu32 " was never created", id);
        return NULL;
    }
    return &check->tasks[id];
}

/* ---- the queue ---- */

static void enqueue(Check *check, bool is_callback, uint32_t id, uint32_t task) {
    check->queue =
        mem_grow(check->queue, &check->queue_cap, check->queue_end + 1, sizeof *check->queue);
    check->queue[check->queue_end++] = (Queued){.is_callback = is_callback, .id = id, .task = task};
}

/* Invariants 1 and 2, for the handle that begins. */
static void begin_handle(Check *check, bool is_callback, uint32_t id) {
    if (check->running != EVENT_NONE) {
        check_breach(check, "a handle begins while task %" PRIu32 " has the thread",
                     check->running);
    }
    if (check->handles_left == 0 || check->broken_off) {
        check_breach(check, "a handle begins that no iteration announced");
    } else {
        check->handles_left--;
    }
    if (check->queue_first == check->queue_end) {
        check_breach(check, "a handle begins although the ready queue is empty");
        return;
    }
    const Queued front = check->queue[check->queue_first++];
    if (front.is_callback != is_callback || front.id != id) {
        check_breach(check, "%s %" PRIu32 " was queued first",
                     front.is_callback ? "callback" : "task", front.id);
    }
    check->served = is_callback ? front.task : EVENT_NONE;
}

static void end_of_turn(Check *check) {
    if (check->handles_left > 0 && (check->reason == STOP_DONE || check->reason == STOP_DEADLOCK)) {
        check_breach(check, "the iteration ends with %" PRIu64 " of its handles not run",
                     check->handles_left);
    }
    if (check->running != EVENT_NONE && check->reason == STOP_DONE) {
        check_breach(check, "the iteration ends while task %" PRIu32 " has the thread",
                     check->running);
    }
    check->broken_off = check->broken_off || check->handles_left > 0;
    check->handles_left = 0;
}

/* ---- tasks ---- */

void check_need_running(Check *check, const Event *event) {
    if (task_of(check, event->task) != NULL && check->running != event->task) {
        check_breach(check, "%s of task %" PRIu32 ", which has not the thread",
                     EVENT_KINDS[event->kind].name, event->task);
    }
}

/* Operations are the running task's; those on a channel also of one that waits, whose callback
 * tries them again, or whose send was done in part. */
void check_need_worker(Check *check, const Event *event) {
    const bool on_channel = event->a == IO_SEND || event->a == IO_RECV;
    if (!on_channel || check->served == EVENT_NONE || check->served != event->task) {
        check_need_running(check, event);
    }
}

static void release_thread(Check *check, const Event *event, Stand stand) {
    check_need_running(check, event);
    if (event->task < check->task_count) {
        TaskCheck *task = &check->tasks[event->task];
        if (stand == STANDS_ENDED && task->stand == STANDS_ENDED) {
            check_breach(check, "task %" PRIu32 " ends twice", event->task);
        }
        task->stand = (uint8_t)stand;
    }
    check->running = EVENT_NONE;
}

static void check_created(Check *check, const Event *event) {
    if (event->task != check->task_count) {
        check_breach(check, "task %" PRIu32 " is out of sequence", event->task);
        return;
    }
    check->tasks =
        mem_grow(check->tasks, &check->task_cap, check->task_count + 1, sizeof *check->tasks);
    check->tasks[check->task_count++] = (TaskCheck){.stand = STANDS_NEW};
}

/* A wait for several tasks may end with the first of them. */
static bool any_ended(const Check *check, uint32_t text) {
    const char *list = text == EVENT_NONE ? "" : log_text(check->log, text, NULL);
    uint32_t id = 0;
    while (event_ids_next(&list, &id)) {
        if (id < check->task_count && check->tasks[id].stand == STANDS_ENDED) {
            return true;
        }
    }
    return false;
}

/* Invariant 5: what the task waits for is over. */
static void check_woken(Check *check, const Event *event, const TaskCheck *task) {
    const uint32_t id = task->target_id;
    if (task->target == TARGET_OP && (id >= check->op_count || !check->ops[id].completed)) {
        check_breach(check, "task %" PRIu32 " is resumed before operation %" PRIu32 " completed",
                     event->task, id);
    } else if (task->target == TARGET_TIMER &&
               (id >= check->timer_count || !check->timers[id].over)) {
        check_breach(check, "task %" PRIu32 " is resumed before timer %" PRIu32 " fired",
                     event->task, id);
    } else if (task->target == TARGET_TASK &&
               (id >= check->task_count || check->tasks[id].stand != STANDS_ENDED)) {
        check_breach(check, "task %" PRIu32 " is resumed before task %" PRIu32 " ended",
                     event->task, id);
    } else if (task->target == TARGET_TASKS && !any_ended(check, id)) {
        check_breach(check, "task %" PRIu32 " is resumed before any task that it waits for ended",
                     event->task);
    }
}

static void check_ready(Check *check, const Event *event) {
    TaskCheck *task = task_of(check, event->task);
    if (task == NULL) {
        return;
    }
    const Stand stand = (Stand)task->stand;
    bool fits = false;
    switch ((ReadyWhy)event->a) {
    case READY_CREATED:
        fits = stand == STANDS_NEW;
        break;
    case READY_YIELDED:
        fits = stand == STANDS_RUNNING;
        break;
    case READY_RESUMED:
        fits = stand == STANDS_WAITING;
        check_woken(check, event, task);
        break;
    case READY_CANCELLED:
        fits = (stand == STANDS_WAITING || stand == STANDS_RUNNING) && task->cancelling;
        break;
    }
    if (!fits) {
        check_breach(check, "task %" PRIu32 " can't become ready for this reason now", event->task);
    }
    if (check->running == event->task) {
        check->running = EVENT_NONE;
    }
    task->stand = STANDS_QUEUED;
    enqueue(check, false, event->task, event->task);
}

static void check_running(Check *check, const Event *event) {
    TaskCheck *task = task_of(check, event->task);
    begin_handle(check, false, event->task);
    if (task != NULL) {
        if (task->stand != STANDS_QUEUED) {
            check_breach(check, "task %" PRIu32 " runs without having become ready", event->task);
        }
        task->stand = STANDS_RUNNING;
        task->cancelling = false;
        check->running = event->task;
    }
}

static void check_waiting(Check *check, const Event *event) {
    release_thread(check, event, STANDS_WAITING);
    if (event->task < check->task_count) {
        check->tasks[event->task].target = event->b;
        check->tasks[event->task].target_id = event->b == TARGET_TASKS ? event->text : event->id;
    }
}

static void check_callback_ready(Check *check, const Event *event) {
    if (event->id != check->callbacks) {
        check_breach(check, "callback %" PRIu32 " is out of sequence", event->id);
    }
    check->callbacks++;
    enqueue(check, true, event->id, event->task);
}

/* ---- the loop ---- */

static void check_iteration(Check *check, const Event *event) {
    end_of_turn(check);
    if ((uint64_t)event->x != ++check->iteration) {
        check_breach(check, "iteration %" PRId64 " is out of sequence", event->x);
        check->iteration = (uint64_t)event->x;
    }
    const uint64_t queued = check->queue_end - check->queue_first;
    if ((uint64_t)event->y != queued) {
        check_breach(check, "the iteration says %" PRId64 " handles, but %" PRIu64 " are ready",
                     event->y, queued);
    }
    check->handles_left = queued;
}

static void check_polled(Check *check, const Event *event) {
    if (!check->polling) {
        check_breach(check, "an answer, but the loop has not asked");
    }
    if (event->y < 1) {
        check_breach(check, "an answer without a call");
    }
    check->polling = false;
    check->polled_events = (uint64_t)event->x;
}

/* Invariants 4 and 7, at the end. */
static void check_stop(Check *check) {
    check->stopped = true;
    end_of_turn(check);
    if (check->reason != STOP_DONE) {
        return;
    }
    for (size_t i = 0; i < check->op_count; i++) {
        if (!check->ops[i].completed) {
            check_breach(check, "operation %zu was never completed", i);
        }
    }
    for (size_t i = 0; i < check->task_count; i++) {
        if (check->tasks[i].stand != STANDS_ENDED) {
            check_breach(check, "task %zu never ended", i);
        }
    }
}

/* What holds for every kind. */
static void check_place(Check *check, const Event *event) {
    if (event->t_ns < check->last_ns) {
        check_breach(check, "time runs backwards");
    }
    check->last_ns = event->t_ns;
    if (check->stopped) {
        check_breach(check, "%s follows loop_stop", EVENT_KINDS[event->kind].name);
    }
    if (check->polling && event->kind != EV_POLLED) {
        check_breach(check, "%s comes between poll and polled", EVENT_KINDS[event->kind].name);
    }
    if (check->callback_due >= 0 && event->kind != EV_IO_ARRIVED) {
        if (event->kind != EV_CALLBACK_READY || event->id != check->callback_due) {
            check_breach(check, "a timer fired, but its callback_ready does not follow");
        }
        check->callback_due = -1;
    }
}

static void check_of_task(Check *check, const Event *event) {
    switch ((EventKind)event->kind) {
    case EV_TASK_CREATED:
        check_created(check, event);
        break;
    case EV_TASK_READY:
        check_ready(check, event);
        break;
    case EV_TASK_RUNNING:
        check_running(check, event);
        break;
    case EV_TASK_WAITING:
        check_waiting(check, event);
        break;
    case EV_STEP:
        check_need_running(check, event);
        break;
    case EV_IO_BLOCKING:
        if (!event_io_in_thread(event)) {
            check_need_worker(check, event);
        }
        break;
    case EV_CANCEL_REQUESTED:
        if (task_of(check, event->task) != NULL) {
            check->tasks[event->task].cancelling = true;
        }
        break;
    case EV_TASK_FINISHED:
    case EV_TASK_FAILED:
    case EV_TASK_CANCELLED:
        release_thread(check, event, STANDS_ENDED);
        break;
    case EV_OUTPUT:
    case EV_NOTE:
    case EV_SYNC:
        task_of(check, event->task);
        break;
    default: /* loop_blocked, deadlock, limit: nothing that could be checked here */
        break;
    }
}

static void check_event(Check *check, const Event *event) {
    check_place(check, event);
    switch ((EventKind)event->kind) {
    case EV_LOOP_START:
        if (check->started) {
            check_breach(check, "the loop starts twice");
        }
        check->started = true;
        break;
    case EV_POLL:
        end_of_turn(check);
        check->polling = true;
        check->polled_events = 0;
        break;
    case EV_POLLED:
        check_polled(check, event);
        break;
    case EV_ITERATION:
        check_iteration(check, event);
        break;
    case EV_CALLBACK_READY:
        check_callback_ready(check, event);
        break;
    case EV_CALLBACK_RUN:
        begin_handle(check, true, event->id);
        break;
    case EV_IO_SUBMITTED:
        check_op_submitted(check, event);
        break;
    case EV_IO_ARRIVED:
        check_op_arrived(check, event);
        break;
    case EV_IO_COMPLETED:
        check_op_completed(check, event);
        break;
    case EV_TIMER_SET:
        check_timer_set(check, event);
        break;
    case EV_TIMER_FIRED:
    case EV_TIMER_CANCELLED:
        check_timer_over(check, event);
        break;
    case EV_LOOP_STOP:
        check_stop(check);
        break;
    default:
        check_of_task(check, event);
        break;
    }
}

bool trace_check(const Log *log, Diags *diags) {
    const uint64_t count = log_count(log);
    Check check = {.log = log,
                   .diags = diags,
                   .running = EVENT_NONE,
                   .served = EVENT_NONE,
                   .callback_due = -1,
                   .reason = STOP_ERROR};
    if (count > 0 && log_event(log, count - 1)->kind == EV_LOOP_STOP) {
        check.reason = (StopReason)log_event(log, count - 1)->a;
    }
    for (check.n = 0; check.n < count; check.n++) {
        check_event(&check, log_event(log, check.n));
    }
    free(check.tasks);
    free(check.ops);
    free(check.timers);
    free(check.queue);
    return check.breaches == 0;
}
