/* The log: the append-only history of one run. The loop's thread writes it; everything else reads.
 *
 * It is the channel between the threads and the recording in one. Events live in chunks that never
 * move; texts are interned beside them. The writer publishes a count (release); a reader that has
 * seen a count (acquire) may read every event below it and every text that those events name, from
 * any thread, without locks, for as long as the log lives.
 *
 * Ownership: log_create/log_destroy; texts and events belong to the log.
 * Threads: log_intern, log_append and log_finish on one writer thread; the rest on any. */
#ifndef LOOPSCOPE_TRACE_LOG_H
#define LOOPSCOPE_TRACE_LOG_H

#include "base/hints.h"
#include "trace/event.h"

#include <stdatomic.h>
#include <string.h>

enum {
    LOG_CHUNK_EVENTS = 1 << 13,
    LOG_CHUNKS_MAX = 1 << 16, /* 2^29 events; the run's limit on events is far below */
};

/* What stands in the first line of a trace. All texts are copied by log_set_header. */
typedef struct TraceHeader {
    const char *title;
    const char *scenario;  /* the path as the user gave it */
    const char *backend;   /* "io_uring", "threads", "kqueue", "iocp", "sim"; "asyncio": CPython */
    const char *notifier;  /* "epoll", "kqueue", "iocp", "sim" */
    const char *sleeps_in; /* the call of a poll that may sleep: "epoll_pwait2"; "" where unknown */
    uint64_t seed;
    bool has_seed; /* sim only */
    bool held;     /* a viewer could hold the loop */
    int64_t pid;
    int64_t tid;          /* the loop's thread */
    const char *started;  /* ISO 8601 */
    const char *source;   /* the scenario's text */
    const char *language; /* of the source: "python"; "" for a scenario's JSON */
    size_t source_size_bytes;
    const char
        *more; /* members that this version does not know, as JSON: "a": 1, "b": 2; or NULL */
} TraceHeader;

typedef struct Log Log;

Log *log_create(void);
void log_destroy(Log *log); /* accepts NULL */

/* Before the first event, on the thread that will write. */
void log_set_header(Log *log, const TraceHeader *header);
const TraceHeader *log_header(const Log *log);

/* The id of a text; the same text gives the same id. For names, paths, pointers, error texts. */
uint32_t log_intern(Log *log, const char *text, size_t length);

/* A text that is likely to be new (what a task prints): stored without looking it up. */
uint32_t log_add_text(Log *log, const char *text, size_t length);

/* Appends and publishes. Returns the event's number n. */
static WHOLLY_INLINE uint64_t log_append(Log *log, const Event *event);

/* No more events will come; wakes those who wait. */
void log_finish(Log *log);

/* ---- readers ---- */

static inline uint64_t log_count(const Log *log); /* acquire */
bool log_finished(const Log *log); /* acquire; read it before log_count to miss nothing */

/* Event n < a count seen before. */
const Event *log_event(const Log *log, uint64_t n);

/* A text; *length may be NULL. "" for EVENT_NONE. NUL-terminated. */
const char *log_text(const Log *log, uint32_t text, size_t *length);
uint32_t log_text_count(const Log *log);

/* Sleeps until more than `seen` events are there, the log is finished, or timeout_ns (>= 0) have
 * passed. Returns log_count. */
uint64_t log_wait(Log *log, uint64_t seen, int64_t timeout_ns);

/* Bytes held by events and texts, for limits and statistics. */
uint64_t log_size_bytes(const Log *log);

/* ---- log_append, inline: it must cost little more than reading the clock ---- */

/* A Log begins with this. What the writer changes all the time, what it publishes and what readers
 * tell it stand on lines of their own, so that they do not slow each other. */
typedef struct LogTail {
    Event *next; /* the writer's own: room for the next event, which is always there, */
    Event *end;  /* and where the chunk ends */
    _Alignas(64) _Atomic uint64_t count; /* events; the next one's number */
    _Alignas(64) _Atomic bool waiting;   /* someone sleeps in log_wait */
} LogTail;

static inline uint64_t log_count(const Log *log) {
    return atomic_load_explicit(&((const LogTail *)log)->count, memory_order_acquire);
}

COLD void log_append_more(Log *log); /* for log_append: what seldom has to follow */

static WHOLLY_INLINE uint64_t log_append(Log *log, const Event *event) {
    LogTail *tail = (LogTail *)log;
    /* Field by field: inlined where the event is made, it never stands in memory but here. A copy
     * of what was stored a moment ago in other widths would wait for those stores. */
    *tail->next++ = (Event){.t_ns = event->t_ns,
                            .kind = event->kind,
                            .a = event->a,
                            .b = event->b,
                            .c = event->c,
                            .task = event->task,
                            .id = event->id,
                            .text = event->text,
                            .x = event->x,
                            .y = event->y,
                            .z = event->z};
    const uint64_t n = atomic_load_explicit(&tail->count, memory_order_relaxed);
    atomic_store_explicit(&tail->count, n + 1, memory_order_release);
    /* Last of all, so that nothing need be kept for after it. */
    if (tail->next == tail->end || atomic_load_explicit(&tail->waiting, memory_order_relaxed)) {
        log_append_more(log);
    }
    return n;
}

#endif
