/* What the checker notes down, shared by its files.
 *
 * Ownership: trace_check's. Threads: one. */
#ifndef LOOPSCOPE_TRACE_CHECK_IMPL_H
#define LOOPSCOPE_TRACE_CHECK_IMPL_H

#include "base/printf_like.h"
#include "trace/check.h"

typedef enum Stand {
    STANDS_NEW,
    STANDS_QUEUED,
    STANDS_RUNNING,
    STANDS_WAITING,
    STANDS_ENDED
} Stand;

typedef struct TaskCheck {
    uint8_t stand;      /* Stand */
    uint8_t target;     /* TargetKind, while it waits */
    bool cancelling;    /* asked to cancel since it last had the thread */
    uint32_t target_id; /* of TARGET_TASKS the text */
} TaskCheck;

typedef struct OpCheck {
    bool arrived, completed;
    uint32_t sender; /* the task whose bytes the system itself sends, or NONE */
} OpCheck;

typedef struct TimerCheck {
    uint64_t due_ns;
    bool over;
} TimerCheck;

typedef struct Queued {
    bool is_callback;
    uint32_t id;
    uint32_t task; /* that it serves */
} Queued;

/* What a reader with a pencil would note down. */
typedef struct Check {
    const Log *log;
    Diags *diags;
    uint64_t n;
    size_t breaches;

    uint64_t last_ns;
    bool started, stopped, polling;
    StopReason reason;      /* of the last event; STOP_ERROR where the trace was cut off */
    bool broken_off;        /* a poll came within a turn */
    uint64_t polled_events; /* of the last answer */
    uint64_t iteration, handles_left;
    uint32_t running;     /* task or NONE */
    uint32_t served;      /* whom the running callback, or what just completed, serves; or NONE */
    int64_t callback_due; /* timer_fired: the callback whose callback_ready must follow; or -1 */

    TaskCheck *tasks;
    size_t task_count, task_cap;
    OpCheck *ops;
    size_t op_count, op_cap;
    TimerCheck *timers;
    size_t timer_count, timer_cap;
    Queued *queue;
    size_t queue_first, queue_end, queue_cap;
    uint32_t callbacks;
} Check;

/* Reports it at the event at hand. False. */
bool check_breach(Check *check, const char *format, ...) PRINTF_LIKE(2, 3);

/* The event's task must have the thread. */
void check_need_running(Check *check, const Event *event);

/* The same, or a callback that serves it. */
void check_need_worker(Check *check, const Event *event);

/* ---- check_ops.c ---- */

void check_op_submitted(Check *check, const Event *event);
void check_op_arrived(Check *check, const Event *event);
void check_op_completed(Check *check, const Event *event);
void check_timer_set(Check *check, const Event *event);
void check_timer_over(Check *check, const Event *event);

#endif
