/* An engine brings operations to their end without the loop's thread: io_uring, or helper threads.
 * It makes the notifier tell NOTICE_ENGINE when there is something to reap.
 *
 * An engine hands back an operation with its result (an open's is the descriptor). It uses
 * OsOp.next and the slots below while it has it.
 *
 * Threads: every function on the loop's thread. */
#ifndef LOOPSCOPE_OS_ENGINE_H
#define LOOPSCOPE_OS_ENGINE_H

#include "base/buf.h"
#include "os/notifier.h"
#include "os/op_list.h"
#include "os/workspace.h"

#include <stdint.h>

/* OsOp.back_end while in flight; zeroed at the start. */
enum OpSlot {
    SLOT_TARGET,  /* the descriptor to work on, or -1 */
    SLOT_DONE,    /* bytes of a write that are done */
    SLOT_RETRIES, /* how often an open was tried again */
    SLOT_FOLDERS, /* the folders in the path were made */
    SLOT_PEEKED,  /* os_peek has shown it */
};

typedef struct Engine Engine;

typedef struct EngineTable {
    OsVia via;
    void (*destroy)(Engine *engine);
    /* Takes it; it is handed over by the next push at the latest. */
    void (*submit)(Engine *engine, OsOp *op);
    /* Appends what is finished, in the order in which it finished. */
    void (*reap)(Engine *engine, OpList *finished);
    /* The next finished one that no peek has shown, or NULL; as os_peek. */
    OsOp *(*peek)(Engine *engine);
    /* Hands over what was gathered, and what the system would not take before; true where some of
     * it still waits. */
    bool (*push)(Engine *engine);
    /* The notifier is asked next, and may sleep: it tells of what has ended already, and of what
     * ends then. NULL: it always does. */
    void (*rest)(Engine *engine, bool may_sleep);
    /* Sleeps until something can be reaped, without the notifier. */
    void (*block)(Engine *engine);
} EngineTable;

struct Engine {
    const EngineTable *table;
    bool needs_push;      /* else a push would change nothing */
    uint32_t chunk_bytes; /* the most in one write; the system's limit, which tests lower */
    OsLook look;          /* of `peek`; zeroed: it has to be asked */
};

/* NULL with the reason, a sentence, where this machine can't have it. Borrows the notifier and the
 * workspace. At most threads_max helper threads, which are started as they are needed; 0: the
 * default. */
typedef Engine *EngineCreate(Notifier *notifier, const Workspace *workspace, uint32_t threads_max,
                             Buf *reason);

EngineCreate engine_uring_create;
EngineCreate engine_threads_create;

/* The back end that puts a notifier in front of an engine; as SystemBackend.create. */
Os *os_posix_create(OsBackend backend, EngineCreate *create_engine, const OsConfig *config,
                    Buf *reason, Diags *diags);

#endif
