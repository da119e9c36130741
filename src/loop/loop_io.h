/* Operations on files: what is in flight, and the files they work on. Internal to loop/.
 *
 * Ownership: the Loop's; a file belongs to the name that it has. Threads: the loop's. */
#ifndef LOOPSCOPE_LOOP_LOOP_IO_H
#define LOOPSCOPE_LOOP_LOOP_IO_H

#include "loop/loop_impl.h"

/* A file that a task opened. */
struct File {
    OsFile file;
    uint64_t offset; /* where the next read or write begins; unused when appending */
    uint32_t path;   /* text in the log */
    uint8_t mode;    /* OsMode */
    bool open;
    bool is_lent;   /* to a thread, which does not free it */
    bool is_orphan; /* no name is left: it goes with its last operation */
    Io *left;       /* an operation that its task did not wait for, in flight */
};

struct Io {
    OsOp op;
    Io *next;            /* free ones */
    uint32_t id;         /* in the trace */
    uint32_t task;       /* slot; NONE: the task has left */
    uint32_t name;       /* what it gives on success: the handle, the variable; or NONE */
    uint32_t path;       /* text in the log */
    File *file;          /* NULL for an open */
    End *end;            /* of a channel; NULL for files */
    char *buffer;        /* the path, the text to write or the bytes read; owned; NULL for others */
    uint64_t size_bytes; /* of the buffer */
    uint64_t left_bytes; /* of a send: what is not sent yet */
    Apart *apart;        /* OS_THREAD: the function; owned */
    bool is_left;        /* the task that began it was cancelled; `task` may wait for its end */
    bool is_cut;         /* a read that asks for less than its step, for want of memory */
    bool is_lost;        /* on a channel: another task took its place, nothing wakes it any more */
    bool is_fill;        /* a send of 'x' alone: every part of it looks the same */
};

/* ---- loop_files.c ---- */

StepResult loop_step_open(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_write_text(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_write_fill(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_read(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_fsync(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_close(Loop *loop, Task *task, const Instr *instr);

Io *loop_io_take(Loop *loop, const Task *task, OsCall call, File *file);
void loop_io_set_buffer(Loop *loop, Io *io, char *buffer, uint64_t size_bytes); /* owned by io */

/* call, mode, path, bytes and offset, as both kinds of event have them. Inline: see log_append. */
static inline bool loop_io_moves_bytes(const Io *io) {
    const unsigned those = 1u << OS_WRITE | 1u << OS_READ | 1u << OS_SEND | 1u << OS_RECV;
    return (those >> io->op.call & 1u) != 0;
}

static inline Event loop_io_event(const Io *io, const Task *task, EventKind kind) {
    Event event = loop_event(kind);
    event.task = task->id;
    event.a = (uint8_t)io->op.call;
    event.b =
        (uint8_t)(io->op.call == OS_CLOSE && io->end != NULL ? (int)IO_MODE_END : (int)io->op.mode);
    event.text = io->path;
    event.x = loop_io_moves_bytes(io) ? (int64_t)io->op.size_bytes : -1;
    event.y = io->op.offset;
    return event;
}

uint32_t loop_io_text_of(Loop *loop, int64_t error); /* for loop_io_error_text */

/* EVENT_NONE where it is no error. */
static inline uint32_t loop_io_error_text(Loop *loop, int64_t result) {
    return result >= 0 ? EVENT_NONE : loop_io_text_of(loop, result);
}

static inline void loop_io_tell_submitted(Loop *loop, const Task *task, const Io *io) {
    Event submitted = loop_io_event(io, task, EV_IO_SUBMITTED);
    submitted.id = io->id;
    submitted.c = (uint8_t)io->op.via;
    loop_emit_append(loop, &submitted);
}

/* A result as a trace shows it. */
static inline int64_t loop_io_number(int64_t result) {
    return result < 0 ? -os_error_number((int)-result) : result;
}

/* The OS told that it is done. */
void loop_io_complete(Loop *loop, OsOp *op);

/* The task that started it is cancelled: it leaves, the operation goes on to its end. */
void loop_io_leave(Task *task);

/* The task that started it takes the result. */
StepResult loop_io_take_result(Loop *loop, Task *task, Io *io);
void loop_io_release(Loop *loop, Io *io);

/* An operation that a cancelled step left behind still uses the file: the task waits for its end,
 * and the step begins afterwards. */
bool loop_waits_for_file(Loop *loop, Task *task, uint32_t name);

/* ---- for loop_threads.c ---- */

Io *loop_io_take(Loop *loop, const Task *task, OsCall call, File *file);

/* What OP_WRITE_FILL writes: there from now on, never moved. */
void loop_fill_make(Loop *loop);

/* Hands it over; the task waits. */
StepResult loop_io_submit(Loop *loop, Task *task, Io *io);

/* The function has ended: its story is told, its files are the loop's again. */
void loop_thread_settle(Loop *loop, Io *io);
StepResult loop_thread_take(Loop *loop, Task *task, Io *io);
void loop_thread_leave(Io *io); /* the task leaves */
void loop_thread_drop(Loop *loop, Io *io);

#endif
