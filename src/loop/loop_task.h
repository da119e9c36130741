/* Tasks: their records, the frames of what they are in, and the names they have. Internal to loop/.
 *
 * Ownership: the Loop's. Threads: the loop's. */
#ifndef LOOPSCOPE_LOOP_LOOP_TASK_H
#define LOOPSCOPE_LOOP_LOOP_TASK_H

#include "base/assert.h"
#include "loop/loop.h"

enum { INLINE_FRAMES_LOG2 = 1, INLINE_FRAMES = 1 << INLINE_FRAMES_LOG2 };

#define NONE     UINT32_MAX
#define IS_OTHER UINT32_C(0x80000000) /* where mostly a slot stands: this is a link or a scope */

/* ---- tasks ---- */

typedef enum TaskState {
    STATE_FREE, /* the record waits to be used again */
    STATE_READY,
    STATE_RUNNING,
    STATE_WAITING,
    STATE_FINISHED, /* from here on it has ended */
    STATE_FAILED,
    STATE_CANCELLED
} TaskState;

/* What a task does first when it gets the thread back. */
typedef enum Wake {
    WAKE_GO_ON,  /* nothing: it was created, it yielded, or its sleep is over */
    WAKE_IO,     /* take the operation's result */
    WAKE_TASK,   /* take the awaited task's end: its error is raised here */
    WAKE_RETRY,  /* nothing: its file is idle again, and the step begins now */
    WAKE_SYNC,   /* a lock, semaphore, event or queue: go on with that step */
    WAKE_SELF,   /* it awaited itself: the error is raised now, a turn later, as CPython does */
    WAKE_GATHER, /* take how the gather ended */
    WAKE_WAIT,   /* some or all of the tasks have ended: forget the others */
    WAKE_GROUP,  /* go on leaving the group */
} Wake;

/* Why a task gets a CancelledError when it has the thread next. */
typedef enum CancelFlag {
    CANCEL_ASKED = 1, /* asyncio's _must_cancel: it was ready or running when it was cancelled */
    CANCEL_CUT = 2    /* what it waited for was cancelled, and so it became ready */
} CancelFlag;

typedef struct NameTable NameTable;
typedef struct Io Io;
typedef struct File File;
typedef struct Item Item;
typedef struct Shared Shared;
typedef struct Channel Channel;
typedef struct End End;

typedef struct Task {
    uint32_t id; /* in the trace; the record's place (slot) may serve several tasks in turn */
    uint32_t slot;
    uint32_t pc;
    uint32_t frame_count;
    uint8_t frame_cap_log2; /* above INLINE_FRAMES_LOG2: they stand on the heap */
    uint8_t state;          /* TaskState */
    uint8_t wake;           /* Wake */
    bool is_copy : 1;       /* `number` is {i} */
    bool is_listed : 1;     /* in a WaitList */
    bool is_above : 1;      /* a cancel() under way has come through it */
    bool is_spoilt : 1;     /* it has awaited itself: nobody can await it any more */
    uint16_t call_depth;
    uint8_t waits_on;     /* STATE_WAITING: WaitOn */
    uint8_t cancel;       /* CancelFlags */
    uint32_t base;        /* index into bases: the name, or what stands before its number */
    uint32_t number;      /* NAME-number; NONE: the name alone */
    uint32_t refs;        /* names, awaiting tasks, links: while there are any, the record stays */
    uint32_t last_waiter; /* the last of its done callbacks, a ring: slots, and links | IS_OTHER */
    uint32_t next;        /* in such a ring; slot: in a WaitList, or in the list of free records */
    uint32_t prev;        /* in such a ring; slot: in a WaitList */
    union {
        uint32_t target;  /* WAKE_TASK: slot of the task that it awaits; WAIT_TASKS: a scope */
        uint32_t timer;   /* WAIT_TIMER: its id, until it fires; then NONE */
        uint32_t failure; /* STATE_FAILED: index into failures */
    } of;
    NameTable *names;
    union {
        Io *io;     /* WAKE_IO, WAKE_RETRY: the operation that it waits for */
        Item *item; /* WAKE_SYNC: what it waits to put */
    };
    union {
        uint64_t here[INLINE_FRAMES];
        uint64_t *heap;
    } frames;
} Task;

_Static_assert(sizeof(Task) <= 88,
               "with its handle and its timer a live task stays below 128 bytes");

static inline bool task_has_ended(const Task *task) {
    return task->state >= STATE_FINISHED;
}

/* A frame is a kind in the top byte and a number below: a pc, or an index. */
typedef enum FrameKind {
    FRAME_CALL = 1,
    FRAME_REPEAT,
    FRAME_EXCEPT,   /* a pc: an error in what stands above goes there */
    FRAME_FINALLY,  /* a pc: whatever leaves, that runs first */
    FRAME_WITH,     /* an index into objects: released by whatever leaves */
    FRAME_HANDLING, /* in an "except": the error */
    FRAME_LEAVING,  /* in a "finally": the error that goes on behind it, or ERROR_NONE */
    FRAME_GROUP,    /* a scope: whatever leaves waits for its tasks */
    FRAME_TIMEOUT,  /* a scope */
} FrameKind;
#define FRAME_VALUE_MASK ((UINT64_C(1) << 56) - 1)

static inline uint64_t frame_make(FrameKind kind, uint64_t value) {
    return ((uint64_t)kind << 56) | value;
}
static inline FrameKind frame_kind(uint64_t frame) {
    return (FrameKind)(frame >> 56);
}
static inline uint64_t frame_value(uint64_t frame) {
    return frame & FRAME_VALUE_MASK;
}
/* ---- names of one task ---- */

typedef enum NameKind { NAME_UNSET, NAME_TEXT, NAME_FILE, NAME_TASK } NameKind;

typedef struct NameSlot {
    uint32_t name;
    uint8_t kind;     /* NameKind */
    bool is_borrowed; /* in a thread: the task has it already */
    uint32_t task;    /* NAME_TASK: slot */
    union {
        char *text;
        File *file;
    } at;
    size_t length; /* NAME_TEXT */
} NameSlot;

#endif
