/* What a back end is, inside os/: a table of functions behind os.h, and the head that every back
 * end's own structure begins with.
 *
 * Ownership: a back end's create function allocates, its destroy function frees; os.c fills in and
 * frees what the head holds. Threads: as os.h says. */
#ifndef LOOPSCOPE_OS_BACK_END_H
#define LOOPSCOPE_OS_BACK_END_H

#include "base/buf.h"
#include "os/os.h"

typedef struct OsTable {
    const char *notifier;
    const char *sleeps_in; /* NULL: no call */
    OsVia via;             /* of files */
    OsVia channel_via;     /* of sends and receives */
    int64_t channel_delay_ns;
    bool peeks_channels;
    void (*destroy)(Os *os);
    void (*submit)(Os *os, OsOp *op);
    void (*push)(Os *os); /* NULL: submit gathers nothing */
    OsOp *(*wait)(Os *os, int64_t timeout_ns, OsWait *info);
    OsOp *(*peek)(Os *os);
    void (*perform)(Os *os, OsOp *op);
    void (*thread_perform)(Os *os, OsOp *op);
    void (*lend)(Os *os, OsFile file);
    void (*adopt)(Os *os, OsFile file);
    bool (*pair)(Os *os, OsFile ends[2], int *error);
    void (*cancel)(Os *os, OsOp *op);
    bool (*must_wait)(Os *os, const OsOp *op); /* of a receive; NULL: never known */
    bool (*channels_are_still)(const Os *os);  /* the same */
    void (*wake)(Os *os);
    uint64_t (*now_ns)(Os *os);
    void (*spend)(Os *os, uint64_t ns);
} OsTable;

struct Os {
    const OsTable *table;
    OsBackend backend;
    uint32_t in_flight;
    OsLook look;           /* zeroed: os_peek has to be asked */
    char *fallback_reason; /* or NULL */
};

Os *os_sim_create(const OsConfig *config, Diags *diags);

/* Work that really keeps the thread. */
void os_clock_spend(uint64_t ns);

#endif
