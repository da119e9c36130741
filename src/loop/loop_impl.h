/* The loop's insides, shared by the files of this folder alone: the Loop, and which file does what
 * with it. Handles, timers and errors are in loop_parts.h, tasks in loop_task.h, operations in
 * loop_io.h, what tasks share in loop_shared.h.
 *
 * Ownership: everything hangs on the Loop. Threads: the loop's, but for `interrupted`. */
#ifndef LOOPSCOPE_LOOP_IMPL_H
#define LOOPSCOPE_LOOP_IMPL_H

#include "base/hints.h"
#include "loop/loop_parts.h"
#include "loop/loop_task.h"

enum {
    TASKS_PER_CHUNK = 1024,
    CALL_DEPTH_MAX = 1000,
    CHECK_EVERY_INSTRS = 1024, /* between two looks at the clock in code that never pauses */
    SIM_INSTR_NS = 10,         /* what such code costs on the simulation's clock */
    SLICE_NS = 10000000,       /* computing looks up this often: was the run interrupted? */
    MILLISECOND_NS = 1000000,
    CHECK_AFTER_NS = 20000, /* a step that took the thread is looked behind this often */
    BLOCKED_NS = 100000000, /* asyncio's slow_callback_duration */
    REFUSALS_MAX = 100,
    SCRATCH_KEPT_BYTES = 64 * 1024, /* of loop->scratch, from one text to the next */
    TEXT_OVERHEAD_BYTES = 16,       /* what the log keeps beside a text */
};

typedef enum LimitKind {
    LIMIT_BYTES,
    LIMIT_TIME,
    LIMIT_MEMORY,
    LIMIT_TASKS,
    LIMIT_FILES,
    LIMIT_EVENTS,
    LIMIT_COUNT
} LimitKind;

typedef struct Apart Apart;

/* The functions of `thread` steps each have a Loop of their own, whose root is the real one. */
struct Loop {
    Loop *root;   /* itself, or the one that waits for this function */
    Apart *apart; /* NULL, or the function that this one belongs to (loop_threads.c) */
    const Program *program;
    Os *os;
    Log *log;
    Gate *gate;

    Ring ready;
    Timers timers;
    Task **chunks;
    size_t chunk_count, chunk_cap;
    uint32_t slots;     /* records ever used */
    uint32_t free_slot; /* list through `next`, or NONE */
    uint32_t alive;     /* tasks that have not ended */

    uint64_t now_ns;   /* the clock when it was last read */
    uint64_t start_ns; /* of the OS's clock */
    uint64_t held_ns;
    bool started;
    bool is_clock_fresh; /* since it was read last, nothing was done that takes time */

    uint32_t checks_left; /* instructions until the next look at clock and limits */
    bool check_is_early;  /* the next look comes before CHECK_EVERY_INSTRS have run */
    uint64_t checked_ns;  /* when the last look was */
    bool first_step;      /* of this handle: it began when the handle began */
    bool stopping;
    LoopEnd end;
    LimitKind limit; /* end.limit, as a number */
    _Atomic bool interrupted;
    _Atomic bool halted; /* stopped, and not because all was done: threads end, too */
    _Atomic uint64_t taken[LIMIT_COUNT]; /* the root's, of what functions in threads use, too: bytes
                                          * and files, and of memory what is theirs alone */

    uint64_t used[LIMIT_COUNT]; /* of tasks and memory */
    uint64_t max[LIMIT_COUNT];
    uint64_t iteration;
    uint32_t tasks_made, timers_made, callbacks_made, ops_made; /* the next ids */
    uint32_t callbacks_run;                                     /* the id of the next that runs */
    uint32_t in_flight;
    uint32_t channel_waits; /* of them, on channels: only other tasks could answer them */
    uint32_t peekable;      /* of them, such as a look may show to have arrived */
    bool peeks_channels;    /* it may show those on channels, too */
    const OsLook *look;     /* the system's */
    Io *free_io;
    char *fill; /* what OP_WRITE_FILL writes; made when first needed, never moved */
    uint64_t fill_bytes;
    char *send_fill; /* the same of OP_SEND_FILL, of one size */
    char *spare;     /* a buffer that a receive gave back, for the next of the same size */
    uint64_t spare_bytes;

    Base *bases;
    uint32_t *base_of_task, *base_of_body, *base_of_name; /* by index into the program's arrays */
    uint32_t *submitted; /* slots by index into program->tasks; NONE where a name means no task */
    uint32_t *pointer_texts;  /* texts in the log, made when first needed; else NONE */
    uint32_t *template_texts; /* the same, of templates that are one constant text */
    uint32_t what_sleep;      /* text in the log */

    Scopes scopes;
    Shared *shared;  /* by index into the program's objects */
    uint32_t raised; /* index into errors, between a step that raises and what catches it */
    uint32_t free_error;
    Error *errors;
    size_t error_count, error_cap;
    Failure *failures;
    size_t failure_count, failure_cap;
    Refusal *refusals;
    size_t refusal_count, refusal_cap; /* the count goes on beyond REFUSALS_MAX */
    Buf scratch;                       /* texts under construction */
    void (*print)(void *user, const char *text, size_t length);
    void *print_user;
};

/* What a step says to the task that runs it. */
typedef enum StepResult {
    STEP_ON,      /* the next instruction */
    STEP_PAUSED,  /* control is given up */
    STEP_ENDED,   /* the task's body is over */
    STEP_RAISED,  /* loop->raised */
    STEP_STOPPED, /* the step was not begun: the run ends */
} StepResult;

typedef StepResult (*StepFunction)(Loop *loop, Task *task, const Instr *instr);

extern const StepFunction LOOP_STEPS[OP_CODE_COUNT];

static inline Task *task_at(const Loop *loop, uint32_t slot) {
    return &loop->chunks[slot / TASKS_PER_CHUNK][slot % TASKS_PER_CHUNK];
}

/* ---- loop_events.c: clock, gate, log ---- */

void loop_clock_read(Loop *loop);

/* That were told so far. */
static inline uint64_t loop_events(const Loop *loop) {
    return loop->log != NULL ? log_count(loop->log) : 0;
}

COLD void loop_emit_wait(Loop *loop); /* for loop_emit_prepare */

/* Something is on its way that a look may show to have arrived. */
static inline bool loop_may_look(const Loop *loop) {
    return loop->peekable > 0 && !os_look_is_empty(loop->look);
}

/* Two halves, for events that tell what is done between them: first the gate is passed and what
 * arrived meanwhile is told; then the event is written, at the loop's clock as it was last read. */
static inline void loop_emit_prepare(Loop *loop) {
    if (loop->log != NULL && (loop->gate != NULL || loop_may_look(loop))) {
        loop_emit_wait(loop);
    }
}

static WHOLLY_INLINE void loop_emit_append(Loop *loop, Event *event) {
    event->t_ns = loop->now_ns;
    log_append(loop->log, event);
}

static inline Event loop_event(EventKind kind) {
    return (Event){.kind = (uint8_t)kind, .task = NONE, .id = NONE, .text = NONE};
}

COLD void loop_emit_late(Loop *loop, Event *event); /* for loop_emit_recorded */

/* Both at once. Inline: the record is put together where it stays, unless it has to wait. */
static WHOLLY_INLINE void loop_emit_recorded(Loop *loop, Event *event) {
    if (loop->gate != NULL || loop_may_look(loop)) {
        Event late = *event;
        loop_emit_late(loop, &late);
    } else {
        loop_emit_append(loop, event);
    }
}

static WHOLLY_INLINE void loop_emit(Loop *loop, Event *event) {
    if (loop->log != NULL) {
        loop_emit_recorded(loop, event);
    }
}

/* EV_POLLED: nothing stands between it and its EV_POLL, so what arrives then is told after it. */
void loop_emit_polled(Loop *loop, Event *event);

/* For what may follow loop_clock_mark: a reading costs more than many a step. Without a log, only
 * the limit on time asks, and seldom. */
static inline void loop_clock_freshen(Loop *loop) {
    if (!loop->is_clock_fresh || loop->log == NULL) {
        loop_clock_read(loop);
    }
    loop->is_clock_fresh = false;
}

/* Just read; nothing follows, before the next step, handle or turn begins, that takes time. */
static inline void loop_clock_mark(Loop *loop) {
    loop->is_clock_fresh = true;
}

/* Without a log nobody would see the time, so a reading is saved. */
static inline void loop_clock_read_for_log(Loop *loop) {
    if (loop->log != NULL) {
        loop_clock_read(loop);
    }
}

COLD uint32_t loop_text_make_pointer(Loop *loop, uint32_t pointer); /* for loop_text_of_pointer */

/* A step's place in the scenario; NONE where it has none, or nothing is recorded. */
static inline uint32_t loop_text_of_pointer(Loop *loop, uint32_t pointer) {
    if (loop->log == NULL || pointer == PROGRAM_NONE) {
        return NONE;
    }
    const uint32_t known = loop->pointer_texts[pointer];
    return known != NONE ? known : loop_text_make_pointer(loop, pointer);
}

uint32_t loop_text_intern(Loop *loop, const char *text, size_t length); /* counted as memory */
uint32_t loop_text_add(Loop *loop, const char *text, size_t length);    /* the same */

/* ---- loop_limits.c ---- */

COLD void loop_stop_at_limit(Loop *loop, LimitKind kind);

/* False, and the run is stopped, where `more` would pass the limit. */
bool loop_fits(Loop *loop, LimitKind kind, uint64_t more);
/* The same of memory, asked for by every step of some kinds. */
static inline bool loop_fits_memory(Loop *loop, uint64_t more) {
    const uint64_t most = loop->max[LIMIT_MEMORY];
    const uint64_t used =
        loop->used[LIMIT_MEMORY] +
        atomic_load_explicit(&loop->root->taken[LIMIT_MEMORY], memory_order_relaxed);
    return (loop->apart == NULL && used <= most && more <= most - used) ||
           loop_fits(loop, LIMIT_MEMORY, more);
}
/* The same of events, which only the loop itself has: asked for every step and every handle. */
static inline bool loop_fits_events(Loop *loop, uint64_t more) {
    const uint64_t used = loop_events(loop), most = loop->max[LIMIT_EVENTS];
    if (used <= most && more <= most - used) {
        return true;
    }
    loop_stop_at_limit(loop, LIMIT_EVENTS);
    return false;
}

/* The same of the run's time: asked for every step. */
static inline bool loop_fits_time(Loop *loop, uint64_t more_ns) {
    const uint64_t now_ns = loop->now_ns, most_ns = loop->max[LIMIT_TIME];
    if (now_ns < most_ns && more_ns <= most_ns - now_ns) {
        return true;
    }
    loop_stop_at_limit(loop, LIMIT_TIME);
    return false;
}

void loop_limits_apply(Loop *loop, const LoopLimits *limits);
void loop_stop(Loop *loop, StopReason reason);

/* Between instructions, once in CHECK_EVERY_INSTRS of them and after those that take long: the
 * clock, the limit on time, an interruption. False: the run ends. */
bool loop_check(Loop *loop);

static inline void loop_check_soon(Loop *loop) {
    loop->checks_left = 1;
    loop->check_is_early = true;
}

/* Behind a call that took the thread: many in a row that are short share a look. */
static inline void loop_check_if_due(Loop *loop) {
    if (loop->now_ns - loop->checked_ns >= CHECK_AFTER_NS) {
        loop_check_soon(loop);
    }
}

/* Whatever begins with more than one loop can see is counted here: false, and the run is stopped,
 * where it would pass the limit. For LIMIT_BYTES and LIMIT_FILES. */
bool loop_take(Loop *loop, LimitKind kind, uint64_t more);

static inline void loop_give_back(Loop *loop, LimitKind kind, uint64_t less) {
    if (less > 0) { /* most use all that they took, and a locked instruction costs */
        atomic_fetch_sub_explicit(&loop->root->taken[kind], less, memory_order_relaxed);
    }
}

/* In a thread: the run is, or it has stopped for another reason than that all is done. */
bool loop_apart_is_over(const Loop *loop);

static inline bool loop_is_interrupted(Loop *loop) {
    return atomic_load_explicit(&loop->interrupted, memory_order_relaxed) ||
           (loop->apart != NULL && loop_apart_is_over(loop));
}

/* ---- loop_queue.c: the ready queue ---- */

COLD void loop_ring_grow(Ring *ring);

static inline void ring_push(Ring *ring, Handle handle) {
    if (ring->count == ring->cap) {
        loop_ring_grow(ring);
    }
    ring->handles[(ring->first + ring->count) & (ring->cap - 1)] = handle;
    ring->count++;
}

static inline Handle ring_pop(Ring *ring) {
    ASSERT(ring->count > 0);
    const Handle handle = ring->handles[ring->first];
    ring->first = (ring->first + 1) & (ring->cap - 1);
    ring->count--;
    return handle;
}

/* A callback enters the queue (_as: what it does, a text in the log, and for which task); one that
 * stood there begins, and does nothing where it was cancelled. loop_callback_tell: one that reads
 * the clock itself before it does anything. */
void loop_callback_queue(Loop *loop, HandleKind kind, uint32_t of);
void loop_callback_queue_as(Loop *loop, Handle handle, uint32_t what, uint32_t task_id);
void loop_callback_begin(Loop *loop, bool is_cancelled);
void loop_callback_tell(Loop *loop, bool is_cancelled);

/* ---- loop_timers.c ---- */

void loop_timers_push(Timers *timers, Timer timer);
const Timer *loop_timers_first(const Timers *timers); /* NULL where there are none */
Timer loop_timers_pop(Timers *timers);
void loop_timers_free(Timers *timers);

/* Drops cancelled timers at the top, and all of them where they are most. */
void loop_timers_sweep(Loop *loop);
bool loop_timer_is_alive(const Loop *loop, const Timer *timer);

/* Due in `in_ns` on the clock as it was last read, for the task of this id; returns the timer's. */
uint32_t loop_timer_set(Loop *loop, uint64_t in_ns, uint32_t of, uint32_t task_id);
void loop_timer_cancel(Loop *loop, uint32_t timer);

/* ---- loop_tasks.c ---- */

Task *loop_task_create(Loop *loop, uint32_t body, uint32_t base, uint32_t number,
                       const Task *parent, uint32_t at);
void loop_task_make_ready(Loop *loop, Task *task, ReadyWhy why);
void loop_task_wait(Loop *loop, Task *task, Wake wake, WaitOn on, TargetKind kind, uint32_t target);
void loop_task_run(Loop *loop, Task *task);
void loop_task_refer(Task *task);
void loop_task_release(Loop *loop, Task *task);
void loop_task_frame_push(Loop *loop, Task *task, uint64_t frame);
void loop_task_frames_free(Loop *loop, Task *task);

static inline uint64_t *task_frames(Task *task) {
    return task->frame_cap_log2 > INLINE_FRAMES_LOG2 ? task->frames.heap : task->frames.here;
}

void loop_task_name(const Loop *loop, uint32_t base, uint32_t number, Buf *out);
void loop_bases_make(Loop *loop);
uint32_t loop_spawn_number(Loop *loop, uint32_t base);
void loop_tasks_free(Loop *loop);

/* ---- loop_names.c ---- */

NameSlot *loop_names_find(const Task *task, uint32_t name); /* NULL where it is not set */
NameSlot *loop_names_set(Loop *loop, Task *task, uint32_t name,
                         NameKind kind);             /* the value is next */
NameSlot *loop_names_next(Task *task, uint32_t *at); /* from *at = 0 on; NULL: no more */
void loop_names_free(Loop *loop, Task *task);

/* ---- loop_steps.c ---- */

/* Begins a step: limits, interruption, its event. False: it is not begun, the run ends. */
bool loop_step_begin(Loop *loop, const Task *task, const Instr *instr);

typedef struct Text {
    const char *data; /* the program's own or loop->scratch's */
    size_t length;
    bool constant;
} Text;

/* loop_step_begin of a step with a text: STEP_ON and the text, or what came of it. */
StepResult loop_step_begin_text(Loop *loop, Task *task, const Instr *instr, Text *out);

/* The task that a name stands for; NULL where it is not set. */
Task *loop_named_task(const Loop *loop, const Task *task, uint32_t name);

/* ---- loop_cancel.c ---- */

/* Task.cancel(). False where tasks wait for each other in a ring, round which Python asks until its
 * stack is full: what comes before the ring is cancelled. It may stop the run at a limit. */
bool loop_task_cancel(Loop *loop, Task *task, Canceller canceller);

/* The same; NULL, or a task of that ring. And the error that asking a ring is. */
const Task *loop_task_ask(Loop *loop, Task *task, Canceller canceller);
StepResult loop_raise_ring(Loop *loop, const Task *ring);

/* A task that was cancelled while it ran begins to wait: the wait is cancelled at once. */
void loop_cancel_wait(Loop *loop, Task *task);

/* The task has the thread again: what it had waited for is let go, CancelledError is raised. */
StepResult loop_cancel_take(Loop *loop, Task *task);

StepResult loop_step_cancel(Loop *loop, Task *task, const Instr *instr);

/* ---- loop_text.c: templates, and texts as Python has them ---- */

/* The bytes that a template makes, UINT64_MAX where a name in it is not set (*unset). */
uint64_t loop_text_measure(const Loop *loop, Task *task, uint32_t template, uint32_t *unset);
Text loop_text_expand(Loop *loop, Task *task, uint32_t template);

/* True where a template is at most one constant text: that one, which needs no measuring and no
 * expanding. */
static inline bool loop_text_constant(const Loop *loop, uint32_t template, Text *out) {
    const Template *all = &loop->program->templates[template];
    const Piece *first = all->count > 0 ? &loop->program->pieces[all->first] : NULL;
    if (all->count > 1 || (first != NULL && first->kind != PIECE_TEXT)) {
        return false;
    }
    *out = (Text){.data = first != NULL ? first->text : "",
                  .length = first != NULL ? first->length : 0,
                  .constant = true};
    return true;
}

/* An own copy, NUL-terminated; a long text in loop->scratch is handed over without copying. */
char *loop_text_keep(Loop *loop, const char *text, size_t length);

/* repr() of a str. */
void loop_text_append_repr(Buf *out, const char *text, size_t length);

/* bytes.decode(errors="replace"). */
void loop_text_append_decoded(Buf *out, const char *bytes, size_t length);

/* ---- loop_errors.c ---- */

StepResult loop_raise_error(Loop *loop, const char *type, const char *text, size_t length);
StepResult loop_raise_runtime(Loop *loop, const char *before, const char *name, const char *after);
StepResult loop_raise_os(Loop *loop, int error, const Text *path); /* path NULL: str() without it */
StepResult loop_raise_unset(Loop *loop, uint32_t name);
void loop_refuse(Loop *loop, const Task *task, const Text *path, const char *why);
void loop_error_append(Buf *out, const Error *error); /* "OSError: ..."; a type alone */
void loop_error_drop(Loop *loop, uint32_t error);     /* nobody will look at it any more */
void loop_errors_free(Loop *loop);
void loop_refusals_move(Loop *to, Loop *from);

/* ---- loop_blocks.c ---- */

StepResult loop_step_raise(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_try(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_tried(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_excepted(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_finally(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_finished(Loop *loop, Task *task, const Instr *instr);

/* Leaves blocks and calls until one takes loop->raised (STEP_ON) or must wait first (STEP_PAUSED);
 * STEP_RAISED where none does. */
StepResult loop_unwind(Loop *loop, Task *task);

/* ---- loop_threads.c: functions on helper threads ---- */

StepResult loop_step_thread(Loop *loop, Task *task, const Instr *instr);

/* In such a function: what it prints and what it does to files, and the memory that it uses. */
StepResult loop_apart_print(Loop *loop, const Text *text);
StepResult loop_apart_tell_io(Loop *loop, const Event *event, int64_t result);
uint32_t loop_apart_path(Loop *loop, const char *text, size_t length); /* a path's number */
void loop_apart_add_file(Loop *loop, File *file);
uint64_t loop_apart_memory(Loop *loop);

/* ---- loop_explain.c ---- */

void loop_deadlock_json(const Loop *loop, Buf *out); /* the deadlock event's `tasks` */

#endif
