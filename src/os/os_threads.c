/* Helper threads as the engine: each operation is an ordinary call that blocks a helper instead of
 * the loop's thread. */
#include "base/mem.h"
#include "base/system.h"
#include "os/engine.h"
#include "os/plain.h"
#include "os/pool.h"

#include <stdlib.h>

typedef struct Helpers {
    Engine engine;
    const Notifier *notifier;
    const Workspace *workspace;
    Pool *pool;
} Helpers;

static Pool *pool_of(Engine *engine) {
    return ((Helpers *)engine)->pool;
}

/* ---- on helper threads ----------------------------------------------------------------------- */

static void helper_begin(void *user, uint32_t number) {
    (void)user;
    plain_helper_begin(number);
}

static void helper_run(void *user, OsOp *op) {
    const Helpers *helpers = user;
    if (op->call == OS_THREAD) {
        while (op->run(op)) {
        }
        return;
    }
    op->result = plain_do(helpers->workspace, op, (int)(int64_t)op->back_end[SLOT_TARGET],
                          helpers->engine.chunk_bytes);
}

static void helper_signal(void *user) {
    notifier_signal(((Helpers *)user)->notifier);
}

/* ---- on the loop's --------------------------------------------------------------------------- */

static void helpers_submit(Engine *engine, OsOp *op) {
    pool_submit(pool_of(engine), op);
}

static void helpers_reap(Engine *engine, OpList *finished) {
    pool_reap(pool_of(engine), finished);
}

static OsOp *helpers_peek(Engine *engine) {
    OsOp *op = pool_peek(pool_of(engine));
    if (op != NULL) {
        op->back_end[SLOT_PEEKED] = 1;
    }
    return op;
}

static bool helpers_push(Engine *engine) {
    (void)engine;
    return false;
}

static void helpers_block(Engine *engine) {
    pool_block(pool_of(engine));
}

static void helpers_destroy(Engine *engine) {
    pool_destroy(pool_of(engine));
    free(engine);
}

static const EngineTable HELPERS_TABLE = {
    .via = OS_VIA_THREADS,
    .destroy = helpers_destroy,
    .submit = helpers_submit,
    .reap = helpers_reap,
    .peek = helpers_peek,
    .push = helpers_push,
    .block = helpers_block,
};

Engine *engine_threads_create(Notifier *notifier, const Workspace *workspace, uint32_t threads_max,
                              Buf *reason) {
    (void)reason; /* it can be had everywhere */
    Helpers *helpers = mem_alloc(1, sizeof *helpers);
    helpers->engine = (Engine){.table = &HELPERS_TABLE, .chunk_bytes = PLAIN_CHUNK_BYTES};
    helpers->notifier = notifier;
    helpers->workspace = workspace;
    helpers->pool = pool_create(&(PoolConfig){
        .run = helper_run,
        .signal = helper_signal,
        .begin = helper_begin,
        .user = helpers,
        .threads_max = threads_max > 0 ? threads_max : pool_threads_default(plain_cores()),
    });
    return &helpers->engine;
}
