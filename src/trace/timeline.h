/* The timeline: the state at any event, forwards and backwards. The fold of events 0..n.
 *
 * A Timeline follows a log: it checks every new event against the legal transitions, and keeps
 * keyframes and per-task indexes so that any event of a 10-million-event log is reached in a few
 * milliseconds. A State is a cursor: the state after its first `count` events (0: nothing happened
 * yet). Two States over one Timeline give the picture before and after an event.
 *
 * Ownership: create/destroy. Threads: one reader thread for a Timeline and all of its States; the
 * log may be written meanwhile. Index memory: at most 16 bytes an event on average. */
#ifndef LOOPSCOPE_TRACE_TIMELINE_H
#define LOOPSCOPE_TRACE_TIMELINE_H

#include "base/diag.h"
#include "trace/log.h"

typedef struct Timeline Timeline;
typedef struct State State;

/* ---- following the log ---- */

Timeline *timeline_create(const Log *log);

/* One for who only goes on: its memory does not grow with the events. A State of it can stand after
 * the last event taken in alone; of tasks that have ended it may have forgotten how long they did
 * what, and what is asked about the whole recording (lanes, iterations, outputs) it can't tell. */
Timeline *timeline_create_brief(const Log *log);
void timeline_destroy(Timeline *timeline); /* accepts NULL */

/* Takes in what the log has by now, up to max_events more; false where an event is no legal
 * transition: then timeline_count stays before it and timeline_error tells which and why. */
bool timeline_follow(Timeline *timeline, uint64_t max_events);
uint64_t timeline_count(const Timeline *timeline);
const Log *timeline_log(const Timeline *timeline);

typedef struct TimelineError {
    uint64_t n;        /* the event */
    char message[160]; /* one sentence */
} TimelineError;

const TimelineError *timeline_error(const Timeline *timeline); /* NULL where all is well */

/* Bytes that the timeline holds beside the log. */
uint64_t timeline_index_size_bytes(const Timeline *timeline);

/* ---- the state ---- */

typedef enum TaskPhase {
    TASK_ABSENT, /* not created yet */
    TASK_NEW,    /* created, not queued yet */
    TASK_READY,
    TASK_RUNNING,
    TASK_WAITING,
    TASK_FINISHED,
    TASK_FAILED,
    TASK_CANCELLED,
    TASK_PHASE_COUNT
} TaskPhase;

typedef enum LoopPhase {
    LOOP_BEFORE,  /* tasks are being submitted */
    LOOP_STARTED, /* between phases: after loop_start, or a turn's end */
    LOOP_ASKING,  /* between poll and polled: the thread is in the OS */
    LOOP_TAKING,  /* after polled: completions are taken */
    LOOP_TIMERS,  /* due timers fire */
    LOOP_RUNNING, /* handles of the turn run */
    LOOP_STOPPED
} LoopPhase;

typedef struct LoopInfo {
    uint64_t now_ns; /* t of the last event, 0 before */
    LoopPhase phase;
    uint64_t iteration;        /* 0 before the first */
    uint64_t turn_ready;       /* handles that this turn runs */
    uint64_t turn_done;        /* of them, begun */
    uint64_t poll_start_ns;    /* LOOP_ASKING: since when */
    int64_t poll_timeout_ns;   /* of the last poll; -1 no limit */
    uint64_t polled_events;    /* of the last polled */
    uint64_t polls;            /* polled events so far */
    uint64_t calls;            /* sum of their `calls` */
    uint32_t running;          /* task, or EVENT_NONE */
    uint32_t running_callback; /* callback id, or EVENT_NONE */
    uint64_t running_since_ns;
    uint64_t phase_counts[TASK_PHASE_COUNT]; /* tasks in each phase */
    uint32_t waiting_on[WAIT_ON_COUNT];      /* of the waiting ones: for what */
    uint64_t tasks;                          /* created */
    uint64_t ready_handles;                  /* in the ready queue, callbacks included */
    uint64_t in_flight;                      /* operations submitted and not completed */
    uint64_t arrived;                        /* of them, seen finished at the OS */
    uint64_t timers;                         /* armed */
    uint64_t outputs;                        /* output events so far */
    uint64_t bytes_written;                  /* by writes that completed or were done on the spot */
    bool deadlocked;                         /* nothing can ever wake the tasks that are left */
    StopReason stop_reason;                  /* LOOP_STOPPED */
} LoopInfo;

typedef struct TaskInfo {
    TaskPhase phase;
    uint32_t name;     /* text */
    uint32_t parent;   /* task or EVENT_NONE */
    uint32_t at;       /* text: the pointer of the step it is at, or EVENT_NONE */
    uint64_t since_ns; /* when it entered this phase */
    uint64_t since_n;  /* the event that put it there */
    uint64_t run_ns;   /* time it had the thread, until since_ns, or until now where it runs */
    uint64_t wait_ns;  /* the same for waiting */
    uint64_t ready_ns; /* the same for ready */
    uint64_t steps;    /* steps begun */
    WaitOn on;         /* TASK_WAITING */
    TargetKind target_kind;
    uint32_t target_id;    /* op, timer or task */
    uint32_t target_text;  /* name or id list */
    bool cancel_requested; /* asked for, and not yet delivered: it was not run since */
} TaskInfo;

typedef struct ReadyItem {
    bool is_callback;
    uint32_t id;   /* task or callback */
    uint32_t task; /* of a callback: the task it serves, or EVENT_NONE */
    uint32_t what; /* of a callback: text */
    uint64_t since_ns;
    uint64_t since_n;
} ReadyItem;

typedef struct OpInfo {
    uint32_t op;
    uint32_t task;
    IoCall call;
    IoVia via;
    IoMode mode;
    uint32_t path; /* text, or EVENT_NONE */
    int64_t bytes;
    int64_t offset;
    uint64_t submitted_n;
    uint64_t submitted_ns;
    bool arrived;
    uint64_t arrived_n; /* with it the order in which the OS finished them */
    uint64_t arrived_ns;
} OpInfo;

typedef struct TimerInfo {
    uint32_t timer;
    uint32_t task;
    uint64_t set_ns;
    uint64_t due_ns;
} TimerInfo;

/* Something that tasks share: a lock, a semaphore, an event or a queue. */
typedef enum SharedKind {
    SHARED_UNKNOWN, /* a lock or a semaphore: nobody had to wait for it yet */
    SHARED_LOCK,
    SHARED_SEMAPHORE,
    SHARED_EVENT,
    SHARED_QUEUE
} SharedKind;

enum { SHARED_HOLDERS_MAX = 8 };

typedef struct SharedInfo {
    uint32_t name; /* text */
    SharedKind kind;
    int32_t level;    /* places taken (below 0: given back before taken); 1 set; items in it */
    uint32_t waiters; /* tasks that wait there */
    uint64_t since_n; /* the last event that changed it, or who waits for it */
    uint32_t holders[SHARED_HOLDERS_MAX]; /* the last that took it and did not give it back, the */
    uint32_t holder_count;                /* newest first; fewer where they took it long ago */
} SharedInfo;

State *state_create(Timeline *timeline);
void state_destroy(State *state); /* accepts NULL */

/* Moves to "after the first `count` events" (at most timeline_count), from anywhere. */
void state_seek(State *state, uint64_t count);
uint64_t state_count(const State *state);
const Timeline *state_timeline(const State *state); /* the one that it moves over */

const LoopInfo *state_loop(const State *state);
TaskInfo state_task(const State *state, uint32_t task); /* phase TASK_ABSENT for an unknown one */

/* These fill `out` (at most cap) and return how many there are in all. */
size_t state_ready(const State *state, ReadyItem *out, size_t cap);  /* front of the queue first */
size_t state_waiting(const State *state, uint32_t *out, size_t cap); /* task ids, in id order */
size_t state_ops(const State *state, OpInfo *out, size_t cap);       /* in flight, by op id */
size_t state_timers(const State *state, TimerInfo *out, size_t cap); /* armed, soonest first */
size_t state_timers_due(const State *state, uint64_t now_ns);        /* how many of them are due */

bool state_op(const State *state, uint32_t op, OpInfo *out); /* false where it is not in flight */

bool state_timer(const State *state, uint32_t timer, TimerInfo *out); /* false: not armed */

/* What tasks have shared so far, in the order in which each was first used. */
size_t state_shared(const State *state, SharedInfo *out, size_t cap);
bool state_shared_named(const State *state, uint32_t name, SharedInfo *out); /* false: not used */

/* ---- facts about the whole recording, for lanes, jumps and tables ---- */

uint64_t timeline_end_ns(const Timeline *timeline); /* t of the last event taken in */
uint32_t timeline_task_count(const Timeline *timeline);
uint32_t timeline_task_name(const Timeline *timeline, uint32_t task);    /* text */
uint64_t timeline_task_created(const Timeline *timeline, uint32_t task); /* event */

/* The number of events that happened at or before t_ns (so a cursor value). */
uint64_t timeline_count_at(const Timeline *timeline, uint64_t t_ns);

/* The cursor just after the next (previous) `iteration` event from `count`; the end (0) where there
 * is none. A turn's first event shows, so stepping by iteration stops where a turn begins. */
uint64_t timeline_next_iteration(const Timeline *timeline, uint64_t count);
uint64_t timeline_prev_iteration(const Timeline *timeline, uint64_t count);

/* The k-th `output` event (from 0), and how many there are. */
uint64_t timeline_output_count(const Timeline *timeline);
uint64_t timeline_output(const Timeline *timeline, uint64_t k);

/* The operation's own events; UINT64_MAX where there is none (yet). */
typedef struct OpEvents {
    uint64_t submitted_n, arrived_n, completed_n;
} OpEvents;
uint32_t timeline_op_count(const Timeline *timeline);
OpEvents timeline_op(const Timeline *timeline, uint32_t op);

/* A stretch of a task's life on its lane. */
typedef struct LaneSegment {
    TaskPhase phase;           /* READY, RUNNING, WAITING, or an end with start == end */
    uint64_t start_ns, end_ns; /* end of an open one: timeline_end_ns */
    uint64_t start_n;          /* the event that began it */
    uint32_t folded;           /* > 0: this many shorter ones are drawn as one */
} LaneSegment;

/* The same life as a row of parts, for lists and jumps: any part at once. A part of phase
 * TASK_ABSENT is none: the task gave the thread back and was ready in the same moment. */
typedef struct LifePart {
    TaskPhase phase;
    uint64_t start_ns, end_ns; /* end of an open one: timeline_end_ns */
    uint64_t start_n;          /* the event that began it */
    uint64_t end_n;            /* the event that ended it; UINT64_MAX where none did (yet) */
} LifePart;

uint64_t timeline_life_count(const Timeline *timeline, uint32_t task);
LifePart timeline_life(const Timeline *timeline, uint32_t task, uint64_t part);

/* The last part that event n or an earlier one began; UINT64_MAX before the first. */
uint64_t timeline_life_at(const Timeline *timeline, uint32_t task, uint64_t n);

/* Segments of `task` that overlap [from_ns, to_ns], in order; the first and the last may reach out
 * of it. Segments shorter than min_ns come folded where they touch: as pieces between min_ns and
 * twice that long (shorter where a long segment follows), each with the phase that fills most.
 * So there are at most about 2 (to_ns - from_ns) / min_ns, whatever the task did. Returns how many
 * there are in `out`; the last ones are missing where cap is too small. min_ns 0 folds nothing. */
size_t timeline_lane(const Timeline *timeline, uint32_t task, uint64_t from_ns, uint64_t to_ns,
                     uint64_t min_ns, LaneSegment *out, size_t cap);

/* A stretch of the loop's own lane. */
typedef struct LoopSegment {
    bool asleep;        /* in poll, else the handles of a turn */
    uint64_t iteration; /* of a turn */
    uint64_t start_ns, end_ns;
    uint64_t start_n;
    uint32_t folded;
} LoopSegment;

/* The same for the loop; what lies between its segments is taking completions and timers. */
size_t timeline_loop_lane(const Timeline *timeline, uint64_t from_ns, uint64_t to_ns,
                          uint64_t min_ns, LoopSegment *out, size_t cap);

/* Tasks by phase at evenly spaced times, for the stacked areas of a large run: out[i][phase] in the
 * middle of each of `columns` columns over [from_ns, to_ns]. About 2 us a column. */
void timeline_counts(const Timeline *timeline, uint64_t from_ns, uint64_t to_ns, size_t columns,
                     uint32_t (*out)[TASK_PHASE_COUNT]);

/* The first `count` loop_blocked warnings and so on are found by walking the log. */

#endif
