#include "os/pool.h"

#include "base/assert.h"
#include "base/mem.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { THREADS_DEFAULT_MAX = 32, THREADS_BEYOND_CORES = 4, STACK_BYTES = 512 * 1024 };

struct Pool {
    PoolConfig config;
    pthread_t *threads;
    uint32_t thread_count;

    pthread_mutex_t lock; /* for all below */
    pthread_cond_t work;
    pthread_cond_t done;
    OpList queue;
    uint32_t queued;
    uint32_t idle;  /* threads that wait for work */
    uint32_t begun; /* threads that have a number */
    bool ending;
    OpList finished;
    OsOp *unpeeked;                  /* the first finished one that no peek has shown */
    _Atomic uint32_t unpeeked_count; /* so that a peek in vain takes no lock */
};

uint32_t pool_threads_default(long cores) {
    const long max = (cores > 0 ? cores : 1) + THREADS_BEYOND_CORES;
    return (uint32_t)(max < THREADS_DEFAULT_MAX ? max : THREADS_DEFAULT_MAX);
}

/* With the lock held. One signal is enough for all that wait in the list: whoever reaps takes
 * all. */
static void finish(Pool *pool, OsOp *op) {
    const bool first = pool->finished.first == NULL;
    op_list_append(&pool->finished, op);
    if (pool->unpeeked == NULL) {
        pool->unpeeked = op;
    }
    atomic_fetch_add(&pool->unpeeked_count, 1);
    pthread_cond_signal(&pool->done);
    if (first) {
        pool->config.signal(pool->config.user);
    }
}

static void *help(void *argument) {
    Pool *pool = argument;
    pthread_mutex_lock(&pool->lock);
    const uint32_t number = pool->begun++;
    if (pool->config.begin != NULL) {
        pool->config.begin(pool->config.user, number);
    }
    for (;;) {
        while (pool->queue.first == NULL && !pool->ending) {
            pool->idle++;
            pthread_cond_wait(&pool->work, &pool->lock);
            pool->idle--;
        }
        OsOp *op = op_list_take(&pool->queue);
        if (op == NULL) {
            break;
        }
        pool->queued--;
        pthread_mutex_unlock(&pool->lock);
        pool->config.run(pool->config.user, op);
        pthread_mutex_lock(&pool->lock);
        finish(pool, op);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* One more thread, if the system grants it. */
static void add_thread(Pool *pool) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return;
    }
    (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
    if (pthread_create(&pool->threads[pool->thread_count], &attributes, help, pool) == 0) {
        pool->thread_count++;
    }
    pthread_attr_destroy(&attributes);
}

void pool_submit(Pool *pool, OsOp *op) {
    pthread_mutex_lock(&pool->lock);
    const bool short_of_hands = pool->idle <= pool->queued;
    if (short_of_hands && pool->thread_count < pool->config.threads_max) {
        add_thread(pool);
    }
    if (pool->thread_count == 0) { /* no thread at all: the caller is told, rather than hang */
        op->result = -EAGAIN;
        finish(pool, op);
    } else {
        op_list_append(&pool->queue, op);
        pool->queued++;
        pthread_cond_signal(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
}

void pool_reap(Pool *pool, OpList *finished) {
    pthread_mutex_lock(&pool->lock);
    op_list_append_all(finished, &pool->finished);
    pool->unpeeked = NULL;
    atomic_store(&pool->unpeeked_count, 0);
    pthread_mutex_unlock(&pool->lock);
}

OsOp *pool_peek(Pool *pool) {
    if (atomic_load(&pool->unpeeked_count) == 0 || pthread_mutex_trylock(&pool->lock) != 0) {
        return NULL;
    }
    OsOp *op = pool->unpeeked;
    if (op != NULL) {
        pool->unpeeked = op->next;
        atomic_fetch_sub(&pool->unpeeked_count, 1);
    }
    pthread_mutex_unlock(&pool->lock);
    return op;
}

void pool_block(Pool *pool) {
    pthread_mutex_lock(&pool->lock);
    while (pool->finished.first == NULL) {
        pthread_cond_wait(&pool->done, &pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
}

void pool_destroy(Pool *pool) {
    if (pool == NULL) {
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->ending = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (uint32_t i = 0; i < pool->thread_count; i++) {
        pthread_join(pool->threads[i], NULL);
    }
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->done);
    pthread_mutex_destroy(&pool->lock);
    free(pool->threads);
    free(pool);
}

Pool *pool_create(const PoolConfig *config) {
    ASSERT(config->run != NULL && config->signal != NULL && config->threads_max > 0);
    Pool *pool = mem_alloc(1, sizeof *pool);
    pool->config = *config;
    pool->threads = mem_alloc(config->threads_max, sizeof *pool->threads);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->done, NULL);
    return pool;
}
