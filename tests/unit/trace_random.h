/* Legal logs by chance: a little loop without an operating system, which uses every kind of event.
 * It is a third reading of docs/trace.md, beside the fold and the checker.
 *
 * Ownership: the log is the caller's. Threads: the test's. */
#ifndef LOOPSCOPE_TESTS_TRACE_RANDOM_H
#define LOOPSCOPE_TESTS_TRACE_RANDOM_H

#include "trace_fixture.h"

typedef enum RandomStand { R_QUEUED, R_RUNNING, R_WAITING, R_ENDED } RandomStand;

typedef struct RandomTask {
    RandomStand stand;
    TargetKind target;
    uint32_t target_id;
    uint32_t callback; /* of its fired timer, in the queue; or NONE */
} RandomTask;

typedef struct RandomHandle {
    bool is_callback, cancelled;
    uint32_t id, task;
} RandomHandle;

typedef struct RandomLoop {
    Tape tape;
    uint64_t seed, events;
    uint32_t tasks_max;
    RandomTask *tasks;
    uint32_t task_count;
    RandomHandle *queue;
    size_t first, end, queue_cap;
    uint32_t *flying; /* op ids */
    bool *arrived;    /* by op */
    size_t flying_count, flying_cap, arrived_cap;
    uint32_t *armed; /* timer ids */
    uint64_t *due;   /* by timer */
    size_t armed_count, armed_cap, due_cap;
    uint32_t *task_of_timer;
    size_t task_of_timer_cap;
    uint32_t ops, timers, callbacks, alive;
    uint64_t iteration;
    bool closing; /* no new waits: the run comes to its end */
} RandomLoop;

static uint32_t random_below(RandomLoop *loop, uint32_t limit) {
    loop->seed = loop->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((loop->seed >> 33) % limit);
}

static void random_queue(RandomLoop *loop, RandomHandle handle) {
    loop->queue = mem_grow(loop->queue, &loop->queue_cap, loop->end + 1, sizeof *loop->queue);
    loop->queue[loop->end++] = handle;
}

static void random_make_ready(RandomLoop *loop, uint32_t task, ReadyWhy why) {
    tape_ready(&loop->tape, task, why);
    loop->tasks[task].stand = R_QUEUED;
    random_queue(loop, (RandomHandle){.task = task});
}

static void random_create(RandomLoop *loop, uint32_t parent) {
    const uint32_t task = loop->task_count++;
    char name[16];
    snprintf(name, sizeof name, "t%u", (unsigned)task);
    if (parent == EVENT_NONE) {
        tape_created(&loop->tape, task, name);
    } else {
        tape_spawned(&loop->tape, task, name, parent, "/tasks/0/steps/1");
    }
    loop->tasks[task] = (RandomTask){.callback = EVENT_NONE};
    loop->alive++;
    random_make_ready(loop, task, READY_CREATED);
}

static void random_wait_on(RandomLoop *loop, uint32_t task, WaitOn on, TargetKind kind,
                           uint32_t id) {
    loop->tasks[task].stand = R_WAITING;
    loop->tasks[task].target = kind;
    loop->tasks[task].target_id = id;
    if (kind == TARGET_NAME) {
        tape_waiting_name(&loop->tape, task, on, kind, "lock");
    } else {
        tape_waiting(&loop->tape, task, on, kind, id);
    }
}

static void random_submit(RandomLoop *loop, uint32_t task) {
    static const IoCall CALLS[] = {IO_OPENAT, IO_WRITE, IO_WRITE, IO_READ, IO_FSYNC, IO_CLOSE};
    const IoCall call = CALLS[random_below(loop, 6)];
    const bool moves = call == IO_WRITE || call == IO_READ;
    tape_submit(&loop->tape, loop->ops, task, call, call == IO_OPENAT ? IO_MODE_W : IO_MODE_NONE,
                random_below(loop, 2) ? "a.txt" : "b.txt", moves ? 512 : -1,
                call == IO_WRITE ? 0 : -1);
    loop->flying =
        mem_grow(loop->flying, &loop->flying_cap, loop->flying_count + 1, sizeof *loop->flying);
    loop->flying[loop->flying_count++] = loop->ops;
    loop->arrived =
        mem_grow(loop->arrived, &loop->arrived_cap, loop->ops + 1, sizeof *loop->arrived);
    loop->arrived[loop->ops] = false;
    random_wait_on(loop, task, WAIT_IO, TARGET_OP, loop->ops++);
}

static void random_sleep(RandomLoop *loop, uint32_t task) {
    const uint64_t due_ns = loop->tape.t_ns + random_below(loop, 3000);
    tape_timer(&loop->tape, loop->timers, task, (int64_t)due_ns);
    loop->armed =
        mem_grow(loop->armed, &loop->armed_cap, loop->armed_count + 1, sizeof *loop->armed);
    loop->armed[loop->armed_count++] = loop->timers;
    loop->due = mem_grow(loop->due, &loop->due_cap, loop->timers + 1, sizeof *loop->due);
    loop->due[loop->timers] = due_ns;
    loop->task_of_timer = mem_grow(loop->task_of_timer, &loop->task_of_timer_cap, loop->timers + 1,
                                   sizeof *loop->task_of_timer);
    loop->task_of_timer[loop->timers] = task;
    random_wait_on(loop, task, WAIT_TIMER, TARGET_TIMER, loop->timers++);
}

static void random_arrivals(RandomLoop *loop) {
    if (loop->flying_count > 0 && random_below(loop, 4) == 0) {
        const uint32_t op = loop->flying[random_below(loop, (uint32_t)loop->flying_count)];
        if (!loop->arrived[op]) {
            loop->arrived[op] = true;
            tape_arrived(&loop->tape, op);
        }
    }
}

static bool random_waits_for(const RandomLoop *loop, uint32_t task, TargetKind kind, uint32_t id) {
    return loop->tasks[task].stand == R_WAITING && loop->tasks[task].target == kind &&
           loop->tasks[task].target_id == id;
}

static void random_wake_all(RandomLoop *loop, TargetKind kind, uint32_t id) {
    for (uint32_t task = 0; task < loop->task_count; task++) {
        if (random_waits_for(loop, task, kind, id)) {
            random_make_ready(loop, task, READY_RESUMED);
        }
    }
}

/* A waiting task is cancelled: what it waited for goes on without it. */
static void random_cancel(RandomLoop *loop, uint32_t by) {
    const uint32_t victim = random_below(loop, loop->task_count);
    RandomTask *task = &loop->tasks[victim];
    if (task->stand == R_ENDED) {
        return;
    }
    if (random_below(loop, 2) == 0) {
        tape_cancel(&loop->tape, victim, CANCEL_BY_TASK, by);
    } else {
        tape_cancel(&loop->tape, victim, CANCEL_BY_TIMEOUT, EVENT_NONE);
    }
    if (task->stand != R_WAITING) {
        return;
    }
    if (task->target == TARGET_TIMER && task->callback == EVENT_NONE) {
        tape_timer_cancelled(&loop->tape, task->target_id);
        size_t i = 0;
        while (loop->armed[i] != task->target_id) {
            i++;
        }
        loop->armed[i] = loop->armed[--loop->armed_count];
    } else if (task->callback != EVENT_NONE) {
        for (size_t i = loop->first; i < loop->end; i++) {
            loop->queue[i].cancelled |=
                loop->queue[i].is_callback && loop->queue[i].id == task->callback;
        }
        task->callback = EVENT_NONE;
    }
    random_make_ready(loop, victim, READY_CANCELLED);
}

static void random_step(RandomLoop *loop, uint32_t task) {
    static const char *const AT[] = {"/tasks/0/steps/0", "/tasks/0/steps/1", "/tasks/1/steps/0"};
    Tape *tape = &loop->tape;
    tape_said(tape, EV_STEP, task, AT[random_below(loop, 3)]);
    random_arrivals(loop);
    switch (random_below(loop, 9)) {
    case 0:
        tape_said(tape, EV_OUTPUT, task, "a line");
        break;
    case 1:
        tape_said(tape, EV_NOTE, task, "look");
        break;
    case 2:
        if (random_below(loop, 2) == 0) {
            tape_sync(tape, task, SYNC_ACQUIRED, random_below(loop, 2) ? "lock" : "seats", NULL);
            break;
        }
        tape_sync(tape, task, SYNC_RELEASED, "lock", NULL);
        random_wake_all(loop, TARGET_NAME, 0);
        break;
    case 3:
        tape_blocking(tape, task, IO_WRITE, IO_MODE_NONE, "c.txt", 100, 0,
                      random_below(loop, 2) ? 100 : -28);
        break;
    case 4:
        if (!loop->closing && loop->task_count < loop->tasks_max) {
            random_create(loop, task);
        }
        break;
    case 5:
        random_cancel(loop, task);
        break;
    default:
        break;
    }
}

static void random_end(RandomLoop *loop, uint32_t task) {
    static const EventKind ENDS[] = {EV_TASK_FINISHED, EV_TASK_FAILED, EV_TASK_CANCELLED};
    const EventKind end = ENDS[random_below(loop, 3)];
    if (end == EV_TASK_FAILED) {
        tape_said(&loop->tape, end, task, "RuntimeError: so it is");
    } else {
        tape_task(&loop->tape, end, task);
    }
    loop->tasks[task].stand = R_ENDED;
    loop->alive--;
    random_wake_all(loop, TARGET_TASK, task);
    if (loop->closing) {
        random_wake_all(loop, TARGET_NAME, 0);
    }
}

static void random_run_task(RandomLoop *loop, uint32_t task) {
    tape_task(&loop->tape, EV_TASK_RUNNING, task);
    loop->tasks[task].stand = R_RUNNING;
    for (uint32_t steps = random_below(loop, 4); steps > 0; steps--) {
        random_step(loop, task);
    }
    if (loop->closing) {
        random_end(loop, task);
        return;
    }
    switch (random_below(loop, 24)) {
    case 0:
        if (task > 0 && loop->alive > 3) {
            random_end(loop, task);
            return;
        }
        break;
    case 1:
    case 2:
    case 3:
        random_make_ready(loop, task, READY_YIELDED);
        return;
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
        random_sleep(loop, task);
        return;
    case 9:
    case 10: /* who waits for whom never closes a circle */
        if (task % 3 == 1 && task + 1 < loop->task_count &&
            loop->tasks[task + 1].stand != R_ENDED) {
            random_wait_on(loop, task, WAIT_TASK, TARGET_TASK, task + 1);
            return;
        }
        break;
    case 11:
    case 12:
        if (task % 3 == 2) {
            random_wait_on(loop, task, WAIT_LOCK, TARGET_NAME, 0);
            return;
        }
        break;
    default:
        break;
    }
    random_submit(loop, task);
}

static void random_run_callback(RandomLoop *loop, const RandomHandle *handle) {
    tape_callback_run(&loop->tape, handle->id, handle->cancelled);
    if (!handle->cancelled) {
        loop->tasks[handle->task].callback = EVENT_NONE;
        random_make_ready(loop, handle->task, READY_RESUMED);
    }
}

/* `least` completions at least, and some more. */
static void random_completions(RandomLoop *loop, size_t least) {
    size_t count = random_below(loop, (uint32_t)loop->flying_count + 1);
    count = count < least ? least : count;
    tape_polled(&loop->tape, count > 0, 1 + random_below(loop, 2));
    for (; count > 0; count--) {
        const size_t i = random_below(loop, (uint32_t)loop->flying_count);
        const uint32_t op = loop->flying[i];
        loop->flying[i] = loop->flying[--loop->flying_count];
        tape_completed(&loop->tape, op, random_below(loop, 8) == 0 ? -28 : 512);
        random_wake_all(loop, TARGET_OP, op);
    }
}

static void random_timers(RandomLoop *loop) {
    for (size_t i = loop->armed_count; i > 0; i--) {
        const uint32_t timer = loop->armed[i - 1];
        if (loop->due[timer] <= loop->tape.t_ns) {
            const uint32_t task = loop->task_of_timer[timer];
            loop->armed[i - 1] = loop->armed[--loop->armed_count];
            tape_fired(&loop->tape, timer, loop->callbacks);
            tape_callback(&loop->tape, loop->callbacks, "sleep", task);
            loop->tasks[task].callback = loop->callbacks;
            random_queue(
                loop, (RandomHandle){.is_callback = true, .id = loop->callbacks++, .task = task});
        }
    }
}

/* False where nothing can ever happen again. */
static bool random_turn(RandomLoop *loop) {
    const bool idle = loop->first == loop->end;
    if (idle && loop->flying_count == 0 && loop->armed_count == 0) {
        return false;
    }
    if (idle || random_below(loop, 3) > 0) {
        tape_poll(&loop->tape, idle && loop->armed_count == 0 ? -1 : 0);
        loop->tape.t_ns += idle ? random_below(loop, 4000) : 0;
        random_completions(loop, idle && loop->armed_count == 0);
    }
    random_timers(loop);
    const size_t ready = loop->end - loop->first;
    if (ready == 0) {
        return true;
    }
    tape_iteration(&loop->tape, (int64_t)++loop->iteration, (int64_t)ready);
    for (size_t i = 0; i < ready; i++) {
        const RandomHandle handle = loop->queue[loop->first++];
        if (handle.is_callback) {
            random_run_callback(loop, &handle);
        } else {
            random_run_task(loop, handle.task);
        }
    }
    return true;
}

/* A run of about `events` events with at most tasks_max tasks, ended in order: done where every
 * task ended, else a deadlock. */
TAPE_UNUSED static Log *random_log(uint64_t seed, uint32_t tasks, uint32_t tasks_max,
                                   uint64_t events) {
    RandomLoop loop = {.tape = tape_make(), .seed = seed * 2654435761u + 1, .tasks_max = tasks_max};
    loop.tasks = mem_alloc(tasks_max, sizeof *loop.tasks);
    for (uint32_t i = 0; i < tasks; i++) {
        random_create(&loop, EVENT_NONE);
    }
    tape_plain(&loop.tape, EV_LOOP_START);
    bool more = true;
    while (more) {
        loop.closing = log_count(loop.tape.log) >= events;
        more = random_turn(&loop);
    }
    bool done = true;
    for (uint32_t i = 0; i < loop.task_count; i++) {
        done = done && loop.tasks[i].stand == R_ENDED;
    }
    tape_stop(&loop.tape, done ? STOP_DONE : STOP_DEADLOCK);
    log_finish(loop.tape.log);
    free(loop.tasks);
    free(loop.queue);
    free(loop.flying);
    free(loop.arrived);
    free(loop.armed);
    free(loop.due);
    free(loop.task_of_timer);
    return loop.tape.log;
}

#endif
