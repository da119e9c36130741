/* Helper threads: each takes an operation from a queue, does it as an ordinary call that blocks
 * this thread instead of the loop's, puts it among the finished and signals the notifier. */
#include "base/assert.h"
#include "base/mem.h"
#include "os/engine.h"
#include "os/plain.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS_DEFAULT_MAX = 32, THREADS_BEYOND_CORES = 4, STACK_BYTES = 512 * 1024 };

typedef struct Pool {
    Engine engine;
    const Notifier *notifier;
    const Workspace *workspace;
    pthread_t *threads;
    uint32_t thread_count;
    uint32_t thread_max;

    pthread_mutex_t lock; /* for all below */
    pthread_cond_t work;
    pthread_cond_t done;
    OpList queue;
    uint32_t queued;
    uint32_t idle;  /* threads that wait for work */
    uint32_t named; /* threads that have begun */
    bool ending;
    OpList finished;
    OsOp *unpeeked;                  /* the first finished one that no peek has shown */
    _Atomic uint32_t unpeeked_count; /* so that a peek in vain takes no lock */
} Pool;

static Pool *pool_of(Engine *engine) {
    return (Pool *)engine;
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
        notifier_signal(pool->notifier);
    }
}

static void name_this_thread(uint32_t number) {
    char name[16]; /* the system's limit */
    snprintf(name, sizeof name, "helper-%u", number);
#if defined(__linux__)
    (void)pthread_setname_np(pthread_self(), name);
#endif
}

static void *help(void *argument) {
    Pool *pool = argument;
    pthread_mutex_lock(&pool->lock);
    name_this_thread(pool->named++);
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
        op->result = plain_do(pool->workspace, op, (int)(int64_t)op->back_end[SLOT_TARGET],
                              pool->engine.chunk_bytes);
        pthread_mutex_lock(&pool->lock);
        finish(pool, op);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* One more thread, if the system grants it. Signals stay with the program's own threads. */
static void add_thread(Pool *pool) {
    sigset_t all;
    sigset_t before;
    pthread_attr_t attributes;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_init(&attributes);
    (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_t *thread = &pool->threads[pool->thread_count];
    if (pthread_create(thread, &attributes, help, pool) == 0) {
        pool->thread_count++;
    }
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void pool_submit(Engine *engine, OsOp *op) {
    Pool *pool = pool_of(engine);
    pthread_mutex_lock(&pool->lock);
    const bool short_of_hands = pool->idle <= pool->queued;
    if (short_of_hands && pool->thread_count < pool->thread_max) {
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

static void pool_reap(Engine *engine, OpList *finished) {
    Pool *pool = pool_of(engine);
    pthread_mutex_lock(&pool->lock);
    op_list_append_all(finished, &pool->finished);
    pool->unpeeked = NULL;
    atomic_store(&pool->unpeeked_count, 0);
    pthread_mutex_unlock(&pool->lock);
}

/* Where a helper has the lock just now, the next peek will see; waiting for it is a system call. */
static OsOp *pool_peek(Engine *engine) {
    Pool *pool = pool_of(engine);
    if (atomic_load(&pool->unpeeked_count) == 0 || pthread_mutex_trylock(&pool->lock) != 0) {
        return NULL;
    }
    OsOp *op = pool->unpeeked;
    if (op != NULL) {
        pool->unpeeked = op->next;
        atomic_fetch_sub(&pool->unpeeked_count, 1);
        op->back_end[SLOT_PEEKED] = 1;
    }
    pthread_mutex_unlock(&pool->lock);
    return op;
}

static bool pool_push(Engine *engine) {
    (void)engine;
    return false;
}

static void pool_block(Engine *engine) {
    Pool *pool = pool_of(engine);
    pthread_mutex_lock(&pool->lock);
    while (pool->finished.first == NULL) {
        pthread_cond_wait(&pool->done, &pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
}

static void pool_destroy(Engine *engine) {
    Pool *pool = pool_of(engine);
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

static const EngineTable POOL_TABLE = {
    .via = OS_VIA_THREADS,
    .destroy = pool_destroy,
    .submit = pool_submit,
    .reap = pool_reap,
    .peek = pool_peek,
    .push = pool_push,
    .block = pool_block,
};

/* As many as asyncio's default executor has. */
static uint32_t default_max(void) {
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const long max = (cores > 0 ? cores : 1) + THREADS_BEYOND_CORES;
    return (uint32_t)(max < THREADS_DEFAULT_MAX ? max : THREADS_DEFAULT_MAX);
}

Engine *engine_threads_create(const Notifier *notifier, const Workspace *workspace,
                              uint32_t threads_max) {
    Pool *pool = mem_alloc(1, sizeof *pool);
    pool->engine = (Engine){.table = &POOL_TABLE, .chunk_bytes = PLAIN_CHUNK_BYTES};
    pool->notifier = notifier;
    pool->workspace = workspace;
    pool->thread_max = threads_max > 0 ? threads_max : default_max();
    pool->threads = mem_alloc(pool->thread_max, sizeof *pool->threads);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->done, NULL);
    return &pool->engine;
}
