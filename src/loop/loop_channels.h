/* Channels: pairs of sockets. A send or a receive is tried at once; one that would have to wait is
 * submitted, and tried again by a callback each time when the system calls its socket ready, as
 * asyncio's sock_sendall and sock_recv do it. Internal to loop/.
 *
 * Ownership: the Loop's; what waits is its task's. Threads: the loop's. */
#ifndef LOOPSCOPE_LOOP_LOOP_CHANNELS_H
#define LOOPSCOPE_LOOP_LOOP_CHANNELS_H

#include "loop/loop_io.h"

/* A socket. One task at a time waits to receive at it, and one to send: who comes later takes the
 * place of the one before, as add_reader does, and that one is not woken any more. */
struct End {
    OsFile file;
    bool is_open;
    uint32_t text;                    /* "pipe.a", in the log */
    uint32_t what_send, what_receive; /* of the callbacks; NONE: not needed yet */
    Io *receiver;
    Io *sender;
};

struct Channel {
    End ends[2];
    int error; /* there is no pair, and this is why: an errno; else 0 */
};

/* The pairs, before the first turn. Freed with what tasks share. */
void loop_channels_make(Loop *loop);

StepResult loop_step_send_text(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_send_fill(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_receive(Loop *loop, Task *task, const Instr *instr);
StepResult loop_step_shut(Loop *loop, Task *task, const Instr *instr);

/* The system told of a socket; loop_io_complete's part for channels. */
void loop_channel_complete(Loop *loop, Io *io);

/* The turn of the callback that tries again has come. */
void loop_channel_run(Loop *loop, Task *task);

/* A task that waits is cancelled: its operation is withdrawn. */
void loop_channel_leave(Loop *loop, Task *task);

/* The run ends: whatever is in flight is withdrawn, and told by the next wait. */
void loop_channels_withdraw(Loop *loop);

/* "pipe.a, where nothing arrives"; "pipe.a". */
void loop_channel_explain(const Loop *loop, const Task *task, Buf *out);
void loop_channel_name(const Loop *loop, const Task *task, Buf *out);

#endif
