/* What a trace looks like on tracks: slices, instants, arrows and counters, a track a task and one
 * for the loop. The formats of trace viewers (chrome.c, pftrace.c) are sinks for it, so they all
 * show the same. Internal to export/.
 *
 * Marks come sorted by time. Slices of a track nest: each lies in the one that is open, or behind
 * it. Every event of the trace is carried by exactly one mark.
 *
 * Memory: a few words a task, and what spans.h says.
 * Ownership: the caller's. Threads: one at a time, on events below a seen count. */
#ifndef LOOPSCOPE_EXPORT_TRACKS_H
#define LOOPSCOPE_EXPORT_TRACKS_H

#include "export/stream.h"
#include "trace/log.h"

enum { TRACK_LOOP = 0, TRACK_TASK = 1 /* task 0's */ };

#define TRACK_LOOP_NAME "the loop"

typedef enum MarkKind {
    MARK_SLICE,
    MARK_INSTANT,
    MARK_OP_BEGIN, /* an operation, from submission over arrival to completion: beside the slices */
    MARK_OP_STEP,
    MARK_OP_END,
    MARK_ARROW_BEGIN,
    MARK_ARROW_STEP,
    MARK_ARROW_END, /* at the beginning of the slice that was the last mark, or an instant */
} MarkKind;

typedef enum MarkCategory {
    MARK_TASK,
    MARK_STEP,
    MARK_LOOP,
    MARK_IO,
    MARK_BLOCKING,
    MARK_SAYS,
    MARK_WARNING,
    MARK_EVENT,
    MARK_FLOW,
    MARK_CATEGORY_COUNT
} MarkCategory;

extern const char *const MARK_CATEGORIES[MARK_CATEGORY_COUNT];

/* From a submission over its completion to the run of the task that it wakes; from a parent to its
 * child's first run. */
typedef enum Arrow { ARROW_OPERATION, ARROW_SPAWNED, ARROW_COUNT } Arrow;

extern const char *const ARROW_NAMES[ARROW_COUNT];

/* The name is `name`, then `detail`, a text of the trace, cut if long, where it is not NULL. */
typedef struct Mark {
    MarkKind kind;
    MarkCategory category;
    const char *name; /* of an arrow: what its detail does there */
    const char *detail;
    size_t detail_size_bytes;
    uint64_t track;
    uint64_t t_ns;
    uint64_t dur_ns; /* MARK_SLICE */
    Arrow arrow;
    uint32_t id; /* of the operation; of an arrow: the operation or the child */
    uint64_t n;  /* the event of the trace that it carries; UINT64_MAX: none */
} Mark;

typedef enum TrackCounter { COUNT_READY, COUNT_WAITING, COUNT_IN_FLIGHT, COUNTERS } TrackCounter;

extern const char *const TRACK_COUNTERS[COUNTERS];

typedef struct TrackSink {
    void *context;
    Stream *stream; /* that it writes to: handed on now and then */
    void (*begin)(void *context, uint32_t task_count);
    void (*name_task)(void *context, uint32_t task, const char *name, size_t size_bytes);
    void (*mark)(void *context, const Mark *mark);
    void (*count)(void *context, TrackCounter counter, uint64_t t_ns, uint64_t value);
} TrackSink;

/* Tells the events of the stream's job, which are legal. False: the stream can't be written. */
bool tracks_tell(const TrackSink *sink);

#endif
