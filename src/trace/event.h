/* The event: one fixed-size record, and the table that gives every kind its name and its fields.
 *
 * The record has no pointers, so a log can be stored, copied and indexed freely. Texts are ids into
 * the log's text table. What a slot means depends on the kind; EVENT_KINDS (event.c) says it once,
 * and the JSON writer, the JSON reader, the CSV writer and the inspector all walk that table.
 *
 * Threads: plain data and constant tables. */
#ifndef LOOPSCOPE_TRACE_EVENT_H
#define LOOPSCOPE_TRACE_EVENT_H

#include "base/assert.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_NONE UINT32_MAX /* "no task", "no text", "no id" in the 32-bit slots */

typedef enum EventKind {
    EV_LOOP_START,
    EV_POLL,             /* x timeout ns, -1 no limit */
    EV_POLLED,           /* x events, y calls */
    EV_ITERATION,        /* x iteration, y ready */
    EV_TASK_CREATED,     /* task; text name; id parent or NONE; x text id of `at`, or -1 */
    EV_TASK_READY,       /* task; a ReadyWhy */
    EV_CALLBACK_READY,   /* id callback; text what; task or NONE */
    EV_CALLBACK_RUN,     /* id callback; a 1 where cancelled */
    EV_TASK_RUNNING,     /* task */
    EV_STEP,             /* task; text at (JSON Pointer) */
    EV_TASK_WAITING,     /* task; a WaitOn; b TargetKind; id op, timer or task; text name, or of
                          TARGET_TASKS the JSON array of ids, "[0,2]" */
    EV_IO_SUBMITTED,     /* id op; task; a IoCall; b IoMode; c IoVia; text path or channel;
                          x bytes (-1 none), y offset (-1 none) */
    EV_IO_ARRIVED,       /* id op */
    EV_IO_COMPLETED,     /* id op; x result; text error or NONE */
    EV_IO_BLOCKING,      /* task; a IoCall; b IoMode; text path or channel; x bytes; y offset;
                          z took ns; c and id: see event_io_result */
    EV_TIMER_SET,        /* id timer; task or NONE; x due ns */
    EV_TIMER_FIRED,      /* id timer; x callback */
    EV_TIMER_CANCELLED,  /* id timer */
    EV_OUTPUT,           /* task; text; a 1 where a thread printed it when it ran (not in files) */
    EV_NOTE,             /* task; text */
    EV_SYNC,             /* task; a SyncWhat; text target; x text id of value, or -1 */
    EV_CANCEL_REQUESTED, /* task; b CancelBy; id task (CANCEL_BY_TASK) */
    EV_TASK_FINISHED,    /* task */
    EV_TASK_FAILED,      /* task; text error */
    EV_TASK_CANCELLED,   /* task */
    EV_LOOP_BLOCKED,     /* task or NONE; x took ns */
    EV_DEADLOCK,         /* text: the JSON array of {task, on, target} */
    EV_LIMIT,            /* text what; x value */
    EV_LOOP_STOP,        /* a StopReason */
    EV_KIND_COUNT
} EventKind;

typedef enum ReadyWhy { READY_CREATED, READY_YIELDED, READY_RESUMED, READY_CANCELLED } ReadyWhy;

typedef enum WaitOn {
    WAIT_IO,
    WAIT_TIMER,
    WAIT_TASK,
    WAIT_TASKS,
    WAIT_LOCK,
    WAIT_SEMAPHORE,
    WAIT_EVENT,
    WAIT_QUEUE,
    WAIT_CHANNEL,
    WAIT_THREAD,
    WAIT_ON_COUNT
} WaitOn;

typedef enum TargetKind {
    TARGET_NONE,
    TARGET_OP,
    TARGET_TIMER,
    TARGET_TASK,
    TARGET_TASKS,
    TARGET_NAME
} TargetKind;

typedef enum IoCall {
    IO_OPENAT,
    IO_WRITE,
    IO_READ,
    IO_FSYNC,
    IO_CLOSE,
    IO_SEND,
    IO_RECV,
    IO_THREAD,
    IO_CALL_COUNT
} IoCall;

typedef enum IoMode {
    IO_MODE_NONE,
    IO_MODE_W,
    IO_MODE_A,
    IO_MODE_R,
    IO_MODE_END /* of a close: it is an end of a channel that is closed */
} IoMode;

typedef enum IoVia {
    VIA_IO_URING,
    VIA_THREADS,
    VIA_EPOLL,
    VIA_KQUEUE,
    VIA_OVERLAPPED,
    VIA_SIM,
    VIA_COUNT
} IoVia;

typedef enum SyncWhat {
    SYNC_ACQUIRED,
    SYNC_RELEASED,
    SYNC_SET,
    SYNC_CLEARED,
    SYNC_PUT,
    SYNC_GOT
} SyncWhat;

typedef enum CancelBy {
    CANCEL_BY_TASK,
    CANCEL_BY_TIMEOUT,
    CANCEL_BY_GROUP,
    CANCEL_BY_RUNNER /* asyncio.run, at the end of a Python program */
} CancelBy;

typedef enum StopReason {
    STOP_DONE,
    STOP_DEADLOCK,
    STOP_LIMIT,
    STOP_INTERRUPTED,
    STOP_ERROR
} StopReason;

typedef struct Event {
    uint64_t t_ns; /* since loop_start, the loop's clock; never decreasing */
    uint8_t kind;  /* EventKind */
    uint8_t a;
    uint8_t b;
    uint8_t c;
    uint32_t task;
    uint32_t id;
    uint32_t text;
    int64_t x;
    int64_t y;
    int64_t z;
} Event;

_Static_assert(sizeof(Event) == 48, "the log's record size is part of its speed");

/* How one JSON field of a kind is stored. "Absent": the key is left out where there is none. */
typedef enum FieldType {
    FIELD_U32,         /* an id slot (task, id) */
    FIELD_U32_ABSENT,  /* the same; EVENT_NONE: absent */
    FIELD_U32_NULL,    /* the same; EVENT_NONE: null */
    FIELD_TEXT,        /* a text id slot (text) */
    FIELD_TEXT_ABSENT, /* a text id slot (text, or x with -1 for none): absent */
    FIELD_TEXT_RAW,    /* a text that is JSON already (an array) */
    FIELD_I64,         /* x, y, z */
    FIELD_I64_NULL,    /* -1: null */
    FIELD_I64_ABSENT,  /* -1: absent */
    FIELD_RESULT,      /* x: bytes done, or -errno */
    FIELD_WORD,        /* a, b or c through a word table; an empty word: absent */
    FIELD_FLAG,        /* a: true where 1, absent where 0 */
    FIELD_PLACE,       /* text: "path" or, of send and recv, "channel"; none: absent */
    FIELD_TARGET,      /* task_waiting's b, id and text: "op", "timer" or "target" */
    FIELD_BY,          /* cancel_requested's b and id: a task's id or a word */
    FIELD_IO_RESULT,   /* the next three: io_blocking's, see event_io_result */
    FIELD_IO_ERROR,
    FIELD_IO_THREAD,
} FieldType;

typedef enum FieldSlot {
    SLOT_A,
    SLOT_B,
    SLOT_C,
    SLOT_TASK,
    SLOT_ID,
    SLOT_TEXT,
    SLOT_X,
    SLOT_Y,
    SLOT_Z
} FieldSlot;

typedef struct EventField {
    const char *key;
    FieldType type;
    FieldSlot slot;
    const char *const *words; /* FIELD_WORD: NULL-terminated */
} EventField;

enum { EVENT_FIELDS_MAX = 12 };

typedef struct EventKindRow {
    const char *name;                    /* the value of "ev" */
    EventField fields[EVENT_FIELDS_MAX]; /* in the order in which they are written; key NULL ends */
} EventKindRow;

extern const EventKindRow EVENT_KINDS[EV_KIND_COUNT];

/* The words of the enumerations, NULL-terminated, for captions and tables. */
extern const char *const READY_WHY_WORDS[];
extern const char *const WAIT_ON_WORDS[];
extern const char *const IO_CALL_WORDS[];
extern const char *const IO_MODE_WORDS[]; /* "", "w", "a", "r", "" */
extern const char *const IO_VIA_WORDS[];
extern const char *const SYNC_WHAT_WORDS[];
extern const char *const STOP_REASON_WORDS[];

extern const char *const CANCEL_BY_WORDS[]; /* "", "timeout", "group", "runner" */

/* The ids in the text of TARGET_TASKS, one by one: the next, and *list behind it; false at the end.
 * An id too large for any task is EVENT_NONE. */
bool event_ids_next(const char **list, uint32_t *id);

/* An event of `kind`: every id slot NONE, and x, y, z none where the kind knows one, else 0. */
Event event_make(EventKind kind);

/* c of io_blocking: the top bit tells of a thread, the others are the errno, 0 for success. */
enum { IO_IN_THREAD = 0x80, IO_ERRNO_MASK = 0x7F };

/* EV_IO_BLOCKING keeps bytes, result, error and thread in few slots; these are the only places that
 * know how. `result` is bytes done (<= bytes, less than 2^32 short of it) or -errno; an errno that
 * does not fit 7 bits (Linux has six, none a file call's) is kept as EIO beside its own text. */
static inline void event_set_io_result(Event *event, uint64_t bytes, int64_t result,
                                       uint32_t error_text, bool in_thread) {
    event->c = in_thread ? IO_IN_THREAD : 0;
    if (result < 0) {
        const int64_t error = result < -IO_ERRNO_MASK ? EIO : -result;
        event->c = (uint8_t)(event->c | error);
        event->id = error_text;
        return;
    }
    ASSERT((uint64_t)result <= bytes && bytes - (uint64_t)result <= UINT32_MAX);
    event->id = (uint32_t)(bytes - (uint64_t)result);
}

int64_t event_io_result(const Event *event);
uint32_t event_io_error_text(const Event *event); /* EVENT_NONE where it succeeded */
bool event_io_in_thread(const Event *event);

#endif
