/* The gate: one number between the viewer and the loop. The loop may not append event n until the
 * viewer allows n. Play, pause, step and pace are changes of that number; full speed is infinity.
 *
 * Ownership: gate_init/gate_finish for memory that the caller supplies.
 * Threads: gate_pass on the loop's; gate_allow and gate_open on the viewer's. */
#ifndef LOOPSCOPE_LOOP_GATE_H
#define LOOPSCOPE_LOOP_GATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Gate {
    _Atomic uint64_t allowed; /* events below this number may be appended */
    _Atomic bool waiting;     /* the loop stands at the gate */
    uint64_t wanted;          /* the event that it stands before; under the lock */
    pthread_mutex_t lock;
    pthread_cond_t changed;
} Gate;

void gate_init(Gate *gate, uint64_t allowed);
void gate_finish(Gate *gate);

bool gate_allows(const Gate *gate, uint64_t n); /* gate_pass would not hold now */

/* Returns as soon as event n is allowed; how long the loop was held, in ns (0 where it was not). */
uint64_t gate_pass(Gate *gate, uint64_t n);

/* Allows every event below `allowed`; never takes back what was allowed. */
void gate_allow(Gate *gate, uint64_t allowed);
void gate_open(Gate *gate); /* full speed, for good */

bool gate_is_held(const Gate *gate); /* the loop stands at the gate right now */

#endif
