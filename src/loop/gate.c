#include "loop/gate.h"

#include "base/assert.h"
#include "base/clock.h"

void gate_init(Gate *gate, uint64_t allowed) {
    atomic_init(&gate->allowed, allowed);
    atomic_init(&gate->waiting, false);
    gate->wanted = 0;
    ASSERT(pthread_mutex_init(&gate->lock, NULL) == 0);
    ASSERT(pthread_cond_init(&gate->changed, NULL) == 0);
}

void gate_finish(Gate *gate) {
    ASSERT(!gate_is_held(gate));
    pthread_cond_destroy(&gate->changed);
    pthread_mutex_destroy(&gate->lock);
}

bool gate_allows(const Gate *gate, uint64_t n) {
    return n < atomic_load_explicit(&gate->allowed, memory_order_acquire);
}

uint64_t gate_pass(Gate *gate, uint64_t n) {
    if (gate_allows(gate, n)) {
        return 0; /* the whole cost at full speed */
    }
    const uint64_t start_ns = clock_now_ns();
    pthread_mutex_lock(&gate->lock);
    while (n >= atomic_load_explicit(&gate->allowed, memory_order_relaxed)) {
        gate->wanted = n;
        atomic_store_explicit(&gate->waiting, true, memory_order_release);
        pthread_cond_wait(&gate->changed, &gate->lock);
    }
    atomic_store_explicit(&gate->waiting, false, memory_order_release);
    pthread_mutex_unlock(&gate->lock);
    const uint64_t held_ns = clock_now_ns() - start_ns;
    return held_ns > 0 ? held_ns : 1;
}

void gate_allow(Gate *gate, uint64_t allowed) {
    pthread_mutex_lock(&gate->lock);
    if (allowed > atomic_load_explicit(&gate->allowed, memory_order_relaxed)) {
        atomic_store_explicit(&gate->allowed, allowed, memory_order_release);
        /* From here on the loop is on its way, even if its thread has not woken up yet. */
        if (gate->wanted < allowed) {
            atomic_store_explicit(&gate->waiting, false, memory_order_release);
        }
        pthread_cond_broadcast(&gate->changed);
    }
    pthread_mutex_unlock(&gate->lock);
}

void gate_open(Gate *gate) {
    gate_allow(gate, UINT64_MAX);
}

bool gate_is_held(const Gate *gate) {
    return atomic_load_explicit(&gate->waiting, memory_order_acquire);
}
