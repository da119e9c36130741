#include "loop/loop_channels.h"
#include "loop/loop_shared.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILL_BYTES = 1024 * 1024, /* of 'x', sent again and again; more than a socket takes at once */
    RECEIVE_MAX_BYTES = 1024 * 1024, /* the same */
};

static const char END_NAMES[] = "ab";

/* ---- the pairs ---- */

static uint32_t end_text(Loop *loop, uint32_t name, size_t end) {
    buf_clear(&loop->scratch);
    buf_printf(&loop->scratch, "%s.%c", loop->program->names[name].text, END_NAMES[end]);
    return loop_text_intern(loop, loop->scratch.data, loop->scratch.size_bytes);
}

static void channel_make(Loop *loop, Shared *shared) {
    OsFile files[2] = {OS_FILE_NONE, OS_FILE_NONE};
    shared->channel = mem_alloc(1, sizeof *shared->channel);
    const bool made = os_pair(loop->os, files, &shared->channel->error);
    for (size_t i = 0; i < 2; i++) {
        shared->channel->ends[i] = (End){.file = files[i],
                                         .is_open = made,
                                         .text = end_text(loop, shared->name, i),
                                         .what_send = NONE,
                                         .what_receive = NONE};
    }
}

void loop_channels_make(Loop *loop) {
    for (uint32_t i = 0; i < loop->program->object_count; i++) {
        if (loop->shared[i].kind == OBJECT_CHANNEL) {
            channel_make(loop, &loop->shared[i]);
        }
    }
}

/* The end that a step works on; NULL where it is not open, and *result says what came of it. */
static End *named_end(Loop *loop, const Instr *instr, StepResult *result) {
    Channel *channel = loop_shared_of(loop, instr)->channel;
    End *end = &channel->ends[instr->mode];
    if (end->is_open) {
        return end;
    }
    *result = loop_raise_os(loop, channel->error != 0 ? channel->error : EBADF, NULL);
    return NULL;
}

/* ---- one try ---- */

static WHOLLY_INLINE void tell_done(Loop *loop, const Task *task, const Io *io, uint64_t since_ns) {
    loop_clock_read(loop);
    loop_check_if_due(loop);
    if (loop->log != NULL) {
        Event done = loop_io_event(io, task, EV_IO_BLOCKING);
        event_set_io_result(&done, io->op.size_bytes, loop_io_number(io->op.result),
                            loop_io_error_text(loop, io->op.result), false);
        done.z = (int64_t)(loop->now_ns - since_ns);
        loop_emit_append(loop, &done);
    }
    loop_clock_mark(loop);
}

static uint64_t next_size(const Io *io) {
    const bool fills = io->buffer == NULL && io->is_fill;
    const uint64_t most = fills ? FILL_BYTES : OS_READ_MAX_BYTES;
    return io->left_bytes < most ? io->left_bytes : most;
}

/* What was sent is behind us. */
static void advance(Io *io, uint64_t sent_bytes) {
    ASSERT(sent_bytes <= io->left_bytes);
    io->left_bytes -= sent_bytes;
    io->op.data += io->is_fill ? 0 : sent_bytes;
    io->op.size_bytes = next_size(io);
}

/* True where it is over, well or not; false where it must wait until the socket is ready. A part
 * that was sent is not followed by a second try, unless it was all that was asked for. */
static bool try_now(Loop *loop, const Task *task, Io *io) {
    for (;;) {
        loop_clock_freshen(loop);
        loop_emit_prepare(loop); /* the viewer allows it before it happens */
        const uint64_t since_ns = loop->now_ns;
        const uint64_t asked_bytes = io->op.size_bytes;
        os_perform(loop->os, &io->op);
        if (io->op.result == -EAGAIN) {
            if (io->op.is_instant) {
                loop_clock_mark(loop);
            }
            return false;
        }
        tell_done(loop, task, io, since_ns);
        if (io->op.result < 0 || io->op.call == OS_RECV) {
            return true;
        }
        const uint64_t sent_bytes = (uint64_t)io->op.result;
        advance(io, sent_bytes);
        if (io->left_bytes == 0) {
            return true;
        }
        if (sent_bytes < asked_bytes) {
            return false;
        }
    }
}

/* ---- waiting ---- */

static Io **place_of(Io *io) {
    return io->op.call == OS_SEND ? &io->end->sender : &io->end->receiver;
}

static void submit(Loop *loop, const Task *task, Io *io) {
    if (loop->log != NULL) {
        loop_clock_freshen(loop);
    }
    loop_emit_prepare(loop);
    io->id = loop->ops_made++;
    loop->in_flight++;
    loop->channel_waits++;
    loop->peekable += loop->peeks_channels;
    os_submit(loop->os, &io->op);
    if (loop->log != NULL) {
        loop_io_tell_submitted(loop, task, io);
        loop_clock_mark(loop);
    }
}

static void withdraw(Loop *loop, Io *io) {
    if (io->op.state == OS_OP_IN_FLIGHT) {
        os_cancel(loop->os, &io->op);
    }
}

static StepResult start(Loop *loop, Task *task, Io *io) {
    if (!os_must_wait(loop->os, &io->op) && try_now(loop, task, io)) {
        return loop_io_take_result(loop, task, io);
    }
    Io **place = place_of(io);
    if (*place != NULL) { /* asyncio's add_reader replaces the reader that was there */
        (*place)->is_lost = true;
        withdraw(loop, *place);
    }
    *place = io;
    task->io = io;
    submit(loop, task, io);
    loop_task_wait(loop, task, WAKE_IO, WAIT_CHANNEL, TARGET_OP, io->id);
    return STEP_PAUSED;
}

static void wake(Loop *loop, Io *io) {
    *place_of(io) = NULL;
    loop_task_make_ready(loop, task_at(loop, io->task), READY_RESUMED);
}

/* What the callback that tries again does, for people. */
static uint32_t text_of_callback(Loop *loop, const Io *io) {
    const bool sends = io->op.call == OS_SEND;
    End *end = io->end;
    uint32_t *what = sends ? &end->what_send : &end->what_receive;
    if (*what == NONE && loop->log != NULL) {
        buf_clear(&loop->scratch);
        buf_printf(&loop->scratch, "%s %s", sends ? "send to" : "receive from",
                   log_text(loop->log, end->text, NULL));
        *what = loop_text_intern(loop, loop->scratch.data, loop->scratch.size_bytes);
    }
    return *what;
}

/* The system did it: the bytes are moved, or it failed. */
static void take_moved(Loop *loop, Io *io) {
    if (io->op.result >= 0 && io->op.call == OS_SEND) {
        advance(io, (uint64_t)io->op.result);
        if (io->left_bytes > 0) {
            submit(loop, task_at(loop, io->task), io);
            return;
        }
    }
    wake(loop, io);
}

void loop_channel_complete(Loop *loop, Io *io) {
    loop->channel_waits--;
    if (io->task == NONE) {
        loop_io_release(loop, io);
    } else if (io->is_lost || loop->stopping) {
        return; /* its task waits on */
    } else if (io->op.is_readiness) {
        loop_callback_queue_as(loop, (Handle){.of = io->task, .kind = HANDLE_CHANNEL},
                               text_of_callback(loop, io), task_at(loop, io->task)->id);
    } else {
        take_moved(loop, io);
    }
}

void loop_channel_run(Loop *loop, Task *task) {
    const bool waits = task->state == STATE_WAITING && !task->io->is_lost;
    loop_callback_tell(loop, !waits); /* else it was cancelled, or its place taken */
    if (!waits) {
        return;
    }
    Io *io = task->io;
    if (try_now(loop, task, io)) {
        wake(loop, io);
    } else {
        submit(loop, task, io);
    }
}

void loop_channel_leave(Loop *loop, Task *task) {
    Io *io = task->io;
    task->io = NULL;
    if (!io->is_lost) {
        *place_of(io) = NULL;
        withdraw(loop, io);
    }
    if (io->op.state == OS_OP_IN_FLIGHT) {
        io->task = NONE; /* released when it is told */
    } else {
        loop_io_release(loop, io);
    }
}

void loop_channels_withdraw(Loop *loop) {
    for (uint32_t i = 0; loop->channel_waits > 0 && i < loop->program->object_count; i++) {
        Channel *channel = loop->shared[i].channel;
        for (size_t k = 0; channel != NULL && k < 2; k++) {
            Io *waiting[] = {channel->ends[k].receiver, channel->ends[k].sender};
            for (size_t w = 0; w < 2; w++) {
                if (waiting[w] != NULL) {
                    withdraw(loop, waiting[w]);
                }
            }
        }
    }
}

/* ---- steps ---- */

static Io *io_make(Loop *loop, const Task *task, OsCall call, End *end) {
    Io *io = loop_io_take(loop, task, call, NULL);
    io->end = end;
    io->path = end->text;
    io->op.file = end->file;
    return io;
}

static char *room_take(Loop *loop, uint64_t size_bytes) {
    if (loop->spare == NULL || loop->spare_bytes != size_bytes) {
        return mem_resize(NULL, size_bytes, 1);
    }
    char *room = loop->spare;
    loop->spare = NULL;
    return room;
}

static StepResult send_from(Loop *loop, Task *task, Io *io, char *data, uint64_t size_bytes) {
    io->op.data = data;
    io->left_bytes = size_bytes;
    io->op.size_bytes = next_size(io);
    return start(loop, task, io);
}

StepResult loop_step_send_text(Loop *loop, Task *task, const Instr *instr) {
    Text text;
    StepResult result = loop_step_begin_text(loop, task, instr, &text);
    if (result != STEP_ON) {
        return result;
    }
    End *end = named_end(loop, instr, &result);
    if (end == NULL) {
        return result;
    }
    Io *io = io_make(loop, task, OS_SEND, end);
    if (text.constant) {
        return send_from(loop, task, io, (char *)(uintptr_t)text.data, text.length);
    }
    loop_io_set_buffer(loop, io, loop_text_keep(loop, text.data, text.length), text.length + 1);
    return send_from(loop, task, io, io->buffer, text.length);
}

StepResult loop_step_send_fill(Loop *loop, Task *task, const Instr *instr) {
    StepResult result = STEP_STOPPED;
    if (!loop_step_begin(loop, task, instr)) {
        return result;
    }
    End *end = named_end(loop, instr, &result);
    if (end == NULL) {
        return result;
    }
    if (loop->send_fill == NULL) {
        loop->send_fill = mem_resize(NULL, FILL_BYTES, 1);
        memset(loop->send_fill, 'x', FILL_BYTES);
        loop->is_clock_fresh = false;
    }
    Io *io = io_make(loop, task, OS_SEND, end);
    io->is_fill = true;
    return send_from(loop, task, io, loop->send_fill, instr->imm);
}

StepResult loop_step_receive(Loop *loop, Task *task, const Instr *instr) {
    const uint64_t size = instr->imm < RECEIVE_MAX_BYTES ? instr->imm : RECEIVE_MAX_BYTES;
    StepResult result = STEP_STOPPED;
    const bool is_first = loop->first_step;
    if (!loop_fits_memory(loop, size) || !loop_step_begin(loop, task, instr)) {
        return result;
    }
    if (!is_first) { /* the step's own reading serves the try */
        loop_clock_mark(loop);
    }
    End *end = named_end(loop, instr, &result);
    if (end == NULL) {
        return result;
    }
    Io *io = io_make(loop, task, OS_RECV, end);
    io->name = instr->arg;
    loop_io_set_buffer(loop, io, room_take(loop, size), size);
    io->op.data = io->buffer;
    io->op.size_bytes = size;
    return start(loop, task, io);
}

StepResult loop_step_shut(Loop *loop, Task *task, const Instr *instr) {
    StepResult result = STEP_STOPPED;
    if (!loop_step_begin(loop, task, instr)) {
        return result;
    }
    End *end = named_end(loop, instr, &result);
    if (end == NULL) {
        return result;
    }
    if (end->receiver != NULL || end->sender != NULL) {
        return loop_raise_os(loop, EBUSY, NULL);
    }
    Io *io = io_make(loop, task, OS_CLOSE, end);
    end->is_open = false;
    loop_clock_read(loop);
    loop_emit_prepare(loop);
    const uint64_t since_ns = loop->now_ns;
    os_perform(loop->os, &io->op);
    tell_done(loop, task, io, since_ns);
    return loop_io_take_result(loop, task, io);
}

/* ---- in words ---- */

static const Instr *step_of(const Loop *loop, const Task *task) {
    return &loop->program->code[task->pc - 1];
}

void loop_channel_name(const Loop *loop, const Task *task, Buf *out) {
    const Instr *instr = step_of(loop, task);
    buf_printf(out, "%s.%c", loop->program->names[instr->name].text, END_NAMES[instr->mode]);
}

void loop_channel_explain(const Loop *loop, const Task *task, Buf *out) {
    const Instr *instr = step_of(loop, task);
    const bool receives = instr->op == OP_RECEIVE;
    loop_channel_name(loop, task, out);
    if (task->io->is_lost) {
        buf_printf(out, ", where a later %s took its place", receives ? "receive" : "send");
    } else if (receives) {
        buf_append_text(out, ", where nothing arrives");
    } else {
        buf_append_text(out, ", where nothing is received at the other end");
    }
}
