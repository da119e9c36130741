/* The simulated system's channels: two ends each, bytes in memory, and the limits of the real
 * thing, for back-pressure depends on them: a Linux socket pair takes 208 KiB counted with what
 * each piece costs the kernel to keep, and calls itself writable when a quarter of that is used.
 *
 * Readiness is told in the order in which epoll would: that in which ends became ready. Nothing
 * here knows of time; nothing touches a real socket.
 *
 * Ownership: sim_channels_create/sim_channels_destroy. Threads: one at a time. */
#ifndef LOOPSCOPE_OS_SIM_CHANNELS_H
#define LOOPSCOPE_OS_SIM_CHANNELS_H

#include "os/op_list.h"

typedef struct SimChannels SimChannels;

SimChannels *sim_channels_create(void);
void sim_channels_destroy(SimChannels *channels);

/* An end's number is never a file's (they count from 0) and never used twice. */
void sim_channels_pair(SimChannels *channels, OsFile ends[2]);
bool sim_channels_is_open(const SimChannels *channels, OsFile file);

/* OS_SEND, OS_RECV (once, without waiting) or OS_CLOSE: sets the result; EBADF where the end is not
 * open. */
void sim_channels_do(SimChannels *channels, OsOp *op);

/* Keeps the operation until its end is ready for it; sim_channels_reap appends it then and returns
 * how many ends were ready (one may be so for a receive and a send). */
void sim_channels_wait(SimChannels *channels, OsOp *op);
uint32_t sim_channels_reap(SimChannels *channels, OpList *finished);

/* True where the operation still waited; it does not any more. */
bool sim_channels_withdraw(SimChannels *channels, OsOp *op);

#endif
