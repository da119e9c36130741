/* The ring itself: set up in the best way that this kernel offers, tried out, watched by the
 * notifier; and how its completions come into its queue.
 *
 * In the best way a ring is *deferred*: when an operation ends, the kernel's worker only notes it
 * and raises a flag in shared memory. The completions are put into the queue, many in one go, when
 * this thread asks for them. So whoever looks reads the flag as well as the queue's tail, and asks
 * where it is raised.
 *
 * Threads: uring_ring_init on any; uring_ring_enable and what follows on the one that submits. */
#ifndef LOOPSCOPE_OS_OS_URING_RING_H
#define LOOPSCOPE_OS_OS_URING_RING_H

#include "base/buf.h"
#include "os/notifier.h"
#include "os/workspace.h"

#include <liburing.h>
#include <stdatomic.h>
#include <stdbool.h>

/* False with the reason, a sentence, where this machine can't have one that works. */
bool uring_ring_init(struct io_uring *ring, Notifier *notifier, const Workspace *workspace,
                     Buf *reason);

/* Before the first submit: the ring is this thread's from here on. 0 or -errno. */
int uring_ring_enable(struct io_uring *ring);

static inline bool uring_ring_is_deferred(const struct io_uring *ring) {
    return (ring->flags & IORING_SETUP_DEFER_TASKRUN) != 0;
}

/* Of a deferred ring: something may have ended that is not in the queue. */
static inline bool uring_ring_is_behind(const struct io_uring *ring) {
    const _Atomic unsigned *flags = (const _Atomic unsigned *)ring->sq.kflags;
    return (atomic_load_explicit(flags, memory_order_acquire) & IORING_SQ_TASKRUN) != 0;
}

/* Has all that has ended put into the queue. */
void uring_ring_fetch(struct io_uring *ring);

/* The notifier will be asked: it tells of what lies in the queue by itself. Of what ends while it
 * sleeps a worker tells it, which has to be ordered, since each time costs. */
void uring_ring_order_wake(struct io_uring *ring);
void uring_ring_cancel_wake(struct io_uring *ring);

#endif
