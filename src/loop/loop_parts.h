/* What a Loop is made of: its handles, its timers, what it keeps of scopes and of errors. Internal
 * to loop/.
 *
 * Ownership: the Loop's. Threads: the loop's. */
#ifndef LOOPSCOPE_LOOP_LOOP_PARTS_H
#define LOOPSCOPE_LOOP_LOOP_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- handles, timers ---- */

typedef enum HandleKind {
    HANDLE_TASK,    /* a task's step; its slot */
    HANDLE_SLEEP,   /* sets a sleep's result; the sleeper's slot */
    HANDLE_LINK,    /* a done callback; the link */
    HANDLE_TIMEOUT, /* ends a timeout; the scope */
    HANDLE_CHANNEL  /* tries a send or a receive again; the slot of the task that waits */
} HandleKind;

/* One entry of the ready queue: a task's step, or a callback. Callbacks run in the order in which
 * they were queued, so their ids need not be kept. */
typedef struct Handle {
    uint32_t of;
    uint32_t kind; /* HandleKind */
} Handle;

typedef struct Ring {
    Handle *handles;
    uint32_t cap; /* a power of two, or 0 */
    uint32_t first;
    uint32_t count;
} Ring;

typedef struct Timer {
    uint64_t due_ns;
    uint32_t id; /* in the order in which they were set, so it breaks ties */
    uint32_t of; /* the slot of a task that sleeps, or a timeout's scope | IS_OTHER */
} Timer;

typedef struct Timers {
    size_t count; /* of the heap and the run */
    size_t dead;  /* of them, cancelled ones: dropped when they come up */
    Timer *heap;
    size_t heap_count, heap_cap;
    Timer *run; /* sorted; the next one stands at run_first */
    size_t run_first, run_cap;
} Timers;

/* ---- scopes: see loop_scopes.h ---- */

typedef enum ScopeKind {
    SCOPE_FREE,
    SCOPE_GATHER,
    SCOPE_WAIT,
    SCOPE_GROUP,
    SCOPE_TIMEOUT,
    SCOPE_KIND_COUNT
} ScopeKind;

typedef struct Scope Scope;
typedef struct Link Link;

/* Who cancels a task. */
typedef struct Canceller {
    uint32_t by;   /* CancelBy */
    uint32_t task; /* CANCEL_BY_TASK: id */
} Canceller;

/* A task that is still to be asked; or, with NONE, one whose tasks have all been asked above. */
typedef struct CancelStop {
    uint32_t task; /* slot */
    uint32_t from; /* the id of the task that passes the request on */
} CancelStop;

typedef struct Scopes {
    Scope *all;
    Link *links;
    size_t count, cap, link_count, link_cap;
    uint32_t free, free_link;
    uint32_t timeouts;               /* blocks that tasks are in */
    uint32_t what[SCOPE_KIND_COUNT]; /* texts in the log, of callbacks */
    CancelStop *stops;               /* of a cancel() that is under way */
    size_t stop_count, stop_cap;
} Scopes;

/* ---- errors ---- */

/* Owned by the failure of the task that it ended, else by the one frame it is in. */
typedef struct Error {
    const char *type; /* "OSError" */
    char *text;       /* str(error), NUL-terminated */
    size_t length;
    bool is_kept;  /* by a failure: stays to the end of the run */
    uint32_t next; /* free ones */
} Error;

#define ERROR_NONE      UINT32_MAX
#define ERROR_CANCELLED (UINT32_MAX - 1) /* CancelledError: no Exception, and without words */

typedef struct Failure {
    uint32_t task; /* id */
    uint32_t base, number;
    uint32_t error;
    bool retrieved; /* somebody awaited it */
} Failure;

typedef struct Refusal {
    uint32_t base, number;
    char *text; /* "'path': why" */
} Refusal;

/* A name from which tasks' names are made. */
typedef struct Base {
    const char *text;
    uint64_t copies; /* NAME-0 ... NAME-(copies-1) were submitted */
    uint32_t next;   /* the next number to try for a spawned one */
    bool used;       /* a task has the plain name */
} Base;

#endif
