/* Helper threads: a queue of operations, threads that bring them to their end by ordinary calls,
 * and a list of what is finished. For every back end: C11 and pthread, nothing of one system.
 *
 * Threads are started as they are needed (an operation finds none that is free), at most
 * threads_max, and end with the pool. Where the system grants no more of them, those that are there
 * do all the work; where it grants not even one, the operation is finished at once with the result
 * -EAGAIN, so that nobody waits for ever.
 *
 * Ownership: pool_create/pool_destroy. An operation is the pool's from pool_submit until pool_reap
 * hands it back; it uses OsOp.next meanwhile.
 *
 * Threads: every function on the one thread that owns the pool. `run` and `begin` are called on
 * helper threads; `signal` on any of them or, where there is none, on the owner's. */
#ifndef LOOPSCOPE_OS_POOL_H
#define LOOPSCOPE_OS_POOL_H

#include "os/op_list.h"

#include <stdint.h>

typedef struct PoolConfig {
    void (*run)(void *user, OsOp *op);          /* does it and sets its result */
    void (*signal)(void *user);                 /* something is there to be reaped */
    void (*begin)(void *user, uint32_t number); /* on each new thread, first; or NULL */
    void *user;                                 /* of all three */
    uint32_t threads_max;                       /* at least 1 */
} PoolConfig;

typedef struct Pool Pool;

/* As many threads as asyncio's default executor has: min(32, cores + 4). */
uint32_t pool_threads_default(long cores);

Pool *pool_create(const PoolConfig *config); /* starts no thread yet */

/* Does what is still queued, then ends the threads. Accepts NULL. */
void pool_destroy(Pool *pool);

void pool_submit(Pool *pool, OsOp *op);

/* Appends what is finished, in the order in which it finished. `signal` was called once at least
 * since the list was last empty. */
void pool_reap(Pool *pool, OpList *finished);

/* The next finished one that no peek has shown, or NULL. Never waits: where a helper holds the list
 * just now, the next peek will see. No system call. */
OsOp *pool_peek(Pool *pool);

/* Sleeps until something is finished. Something must be in the pool. */
void pool_block(Pool *pool);

#endif
