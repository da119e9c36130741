/* Perfetto's own format: protocol buffers, a packet after the other, times in nanoseconds. The
 * numbers are those that google/perfetto publishes in protos/perfetto/trace (trace_packet.proto,
 * track_event/, interned_data/); tests/program/perfetto.proto has them by name. */
#include "export/ends.h"
#include "export/export.h"
#include "export/fields.h"
#include "export/idmap.h"
#include "export/protobuf.h"
#include "export/tracks.h"

#include "base/mem.h"

#include <stdlib.h>

enum { TRACE_PACKET = 1 };
enum {
    PACKET_TIMESTAMP = 8,
    PACKET_SEQUENCE_ID = 10,
    PACKET_TRACK_EVENT = 11,
    PACKET_INTERNED_DATA = 12,
    PACKET_SEQUENCE_FLAGS = 13,
    PACKET_TRACK_DESCRIPTOR = 60,
};
enum { FLAG_STATE_CLEARED = 1, FLAG_NEEDS_STATE = 2, SEQUENCE = 1 };
enum {
    INTERNED_CATEGORIES = 1,
    INTERNED_ANNOTATION_NAMES = 3,
    INTERNED_IID = 1,
    INTERNED_NAME = 2
};
enum {
    EVENT_CATEGORY_IIDS = 3,
    EVENT_ANNOTATIONS = 4,
    EVENT_TYPE = 9,
    EVENT_TRACK_UUID = 11,
    EVENT_NAME = 23,
    EVENT_COUNTER_VALUE = 30,
    EVENT_FLOW_IDS = 47,
    EVENT_TERMINATING_FLOW_IDS = 48,
};
enum { TYPE_SLICE_BEGIN = 1, TYPE_SLICE_END = 2, TYPE_INSTANT = 3, TYPE_COUNTER = 4 };
enum {
    ANNOTATION_NAME_IID = 1,
    ANNOTATION_BOOL = 2,
    ANNOTATION_UINT = 3,
    ANNOTATION_INT = 4,
    ANNOTATION_STRING = 6,
    ANNOTATION_NAME = 10,
    ANNOTATION_DICT_ENTRIES = 11,
    ANNOTATION_ARRAY_VALUES = 12,
};
enum {
    DESCRIPTOR_UUID = 1,
    DESCRIPTOR_NAME = 2,
    DESCRIPTOR_PROCESS = 3,
    DESCRIPTOR_THREAD = 4,
    DESCRIPTOR_PARENT_UUID = 5,
    DESCRIPTOR_COUNTER = 8,
    DESCRIPTOR_CHILD_ORDERING = 11,
    DESCRIPTOR_SIBLING_ORDER_RANK = 12,
    DESCRIPTOR_SIBLING_MERGE = 15,
};
enum { ORDERING_EXPLICIT = 3, MERGE_NONE = 2 };
enum { PROCESS_PID = 1, PROCESS_NAME = 6, THREAD_PID = 1, THREAD_TID = 2, THREAD_NAME = 5 };
enum { COUNTER_UNIT = 3, UNIT_COUNT = 2 };

/* Tracks have numbers of 64 bits; the upper half says of which kind. */
typedef enum UuidKind { UUID_ONE, UUID_TASK, UUID_LANE, UUID_COUNTER } UuidKind;
enum { UUID_PROCESS = 1, UUID_LOOP = 2, UUID_TASKS = 3 };

/* A track below a task's for its operations: those in flight at once have one each. */
typedef struct Lane {
    uint32_t next; /* the task's, or EVENT_NONE */
    bool busy;
} Lane;

typedef struct Pftrace {
    const Log *log;
    Stream stream;
    EventKeys keys; /* their places, from 1, are the iids of annotation names */
    Ends ends;      /* of the slices that are open */
    Buf event;      /* a TrackEvent under construction, of the mark that was told last */
    uint64_t event_t_ns;
    uint64_t event_track; /* where an arrow may still end in it; UINT64_MAX: nowhere */
    uint32_t *task_lanes; /* the first lane, or EVENT_NONE */
    Lane *lanes;
    size_t lane_count, lane_cap;
    IdMap op_lanes; /* of the operations in flight */
    Buf line, room;
} Pftrace;

static uint64_t uuid_of(UuidKind kind, uint64_t index) {
    return (uint64_t)kind << 32 | index;
}

static uint64_t track_uuid(uint64_t track) {
    return track == TRACK_LOOP ? UUID_LOOP : uuid_of(UUID_TASK, track - TRACK_TASK);
}

/* ---- packets ---- */

static size_t packet_begin(Pftrace *trace, uint64_t flags) {
    const size_t packet = protobuf_begin(&trace->stream.text, TRACE_PACKET);
    protobuf_u64(&trace->stream.text, PACKET_SEQUENCE_ID, SEQUENCE);
    protobuf_u64(&trace->stream.text, PACKET_SEQUENCE_FLAGS, flags);
    return packet;
}

static void put_interned(Buf *out, uint32_t field, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const size_t entry = protobuf_begin(out, field);
        protobuf_u64(out, INTERNED_IID, i + 1);
        protobuf_text(out, INTERNED_NAME, names[i], strlen(names[i]));
        protobuf_end(out, entry);
    }
}

static void write_interned(Pftrace *trace) {
    Buf *out = &trace->stream.text;
    const size_t packet = packet_begin(trace, FLAG_STATE_CLEARED | FLAG_NEEDS_STATE);
    const size_t data = protobuf_begin(out, PACKET_INTERNED_DATA);
    put_interned(out, INTERNED_CATEGORIES, MARK_CATEGORIES, MARK_CATEGORY_COUNT);
    put_interned(out, INTERNED_ANNOTATION_NAMES, trace->keys.keys, trace->keys.count);
    protobuf_end(out, data);
    protobuf_end(out, packet);
}

static void write_event(Pftrace *trace, uint64_t t_ns, const Buf *event) {
    const size_t packet = packet_begin(trace, FLAG_NEEDS_STATE);
    protobuf_u64(&trace->stream.text, PACKET_TIMESTAMP, t_ns);
    protobuf_bytes(&trace->stream.text, PACKET_TRACK_EVENT, buf_text(event), event->size_bytes);
    protobuf_end(&trace->stream.text, packet);
}

static void write_waiting(Pftrace *trace) {
    if (trace->event.size_bytes > 0) {
        write_event(trace, trace->event_t_ns, &trace->event);
        buf_clear(&trace->event);
    }
    trace->event_track = UINT64_MAX;
}

static void event_begin(Pftrace *trace, uint64_t t_ns, uint64_t uuid, uint64_t type) {
    trace->event_t_ns = t_ns;
    protobuf_u64(&trace->event, EVENT_TRACK_UUID, uuid);
    protobuf_u64(&trace->event, EVENT_TYPE, type);
}

/* Slices that end by then are closed, in the order of their ends. */
static void advance(Pftrace *trace, uint64_t t_ns) {
    uint64_t end_ns = 0, track = 0;
    write_waiting(trace);
    while (ends_take(&trace->ends, t_ns, &end_ns, &track)) {
        event_begin(trace, end_ns, track_uuid(track), TYPE_SLICE_END);
        write_waiting(trace);
    }
}

/* ---- what describes a track ---- */

static size_t descriptor_begin(Pftrace *trace, size_t *packet, uint64_t uuid, uint64_t parent,
                               const char *name, size_t size_bytes) {
    Buf *out = &trace->stream.text;
    *packet = packet_begin(trace, FLAG_NEEDS_STATE);
    const size_t descriptor = protobuf_begin(out, PACKET_TRACK_DESCRIPTOR);
    protobuf_u64(out, DESCRIPTOR_UUID, uuid);
    if (parent != 0) {
        protobuf_u64(out, DESCRIPTOR_PARENT_UUID, parent);
    }
    protobuf_text(out, DESCRIPTOR_NAME, name, size_bytes);
    return descriptor;
}

static void descriptor_end(Pftrace *trace, size_t packet, size_t descriptor) {
    protobuf_end(&trace->stream.text, descriptor);
    protobuf_end(&trace->stream.text, packet);
}

/* Process and thread ids are 32 bits there; a run that has none is process 1. */
static uint64_t pid_of(int64_t pid) {
    return pid > 0 && pid <= INT32_MAX ? (uint64_t)pid : 1;
}

static void describe_process(Pftrace *trace) {
    const TraceHeader *header = log_header(trace->log);
    Buf *out = &trace->stream.text;
    size_t packet = 0;
    buf_clear(&trace->line);
    buf_printf(&trace->line, "loopscope: %s", header->title);
    const char *title = buf_text(&trace->line);
    const size_t length = trace->line.size_bytes;
    const size_t whole = descriptor_begin(trace, &packet, UUID_PROCESS, 0, title, length);
    const size_t process = protobuf_begin(out, DESCRIPTOR_PROCESS);
    protobuf_u64(out, PROCESS_PID, pid_of(header->pid));
    protobuf_text(out, PROCESS_NAME, title, length);
    protobuf_end(out, process);
    descriptor_end(trace, packet, whole);
}

static void describe_loop(Pftrace *trace) {
    const TraceHeader *header = log_header(trace->log);
    Buf *out = &trace->stream.text;
    size_t packet = 0;
    const size_t length = sizeof TRACK_LOOP_NAME - 1;
    const size_t whole =
        descriptor_begin(trace, &packet, UUID_LOOP, UUID_PROCESS, TRACK_LOOP_NAME, length);
    const size_t thread = protobuf_begin(out, DESCRIPTOR_THREAD);
    protobuf_u64(out, THREAD_PID, pid_of(header->pid));
    protobuf_u64(out, THREAD_TID, pid_of(header->tid));
    protobuf_text(out, THREAD_NAME, TRACK_LOOP_NAME, length);
    protobuf_end(out, thread);
    descriptor_end(trace, packet, whole);
}

/* A process track has no children in the viewer, only siblings: so the tasks have a track above. */
static void describe_tasks(Pftrace *trace) {
    size_t packet = 0;
    const size_t whole = descriptor_begin(trace, &packet, UUID_TASKS, UUID_PROCESS, "tasks", 5);
    protobuf_u64(&trace->stream.text, DESCRIPTOR_CHILD_ORDERING, ORDERING_EXPLICIT);
    descriptor_end(trace, packet, whole);
}

static void describe_counters(Pftrace *trace) {
    for (uint64_t i = 0; i < COUNTERS; i++) {
        size_t packet = 0;
        const size_t whole =
            descriptor_begin(trace, &packet, uuid_of(UUID_COUNTER, i), UUID_PROCESS,
                             TRACK_COUNTERS[i], strlen(TRACK_COUNTERS[i]));
        const size_t counter = protobuf_begin(&trace->stream.text, DESCRIPTOR_COUNTER);
        protobuf_u64(&trace->stream.text, COUNTER_UNIT, UNIT_COUNT);
        protobuf_end(&trace->stream.text, counter);
        descriptor_end(trace, packet, whole);
    }
}

/* Tasks of one name are still tasks of their own. */
static void pftrace_name_task(void *context, uint32_t task, const char *name, size_t size_bytes) {
    Pftrace *trace = context;
    size_t packet = 0;
    const size_t whole =
        descriptor_begin(trace, &packet, uuid_of(UUID_TASK, task), UUID_TASKS, name, size_bytes);
    protobuf_u64(&trace->stream.text, DESCRIPTOR_SIBLING_ORDER_RANK, (uint64_t)task + 1);
    protobuf_u64(&trace->stream.text, DESCRIPTOR_SIBLING_MERGE, MERGE_NONE);
    descriptor_end(trace, packet, whole);
}

/* ---- the lanes of operations ---- */

static uint32_t add_lane(Pftrace *trace, uint32_t task) {
    static const char NAME[] = "operations";
    const uint32_t lane = (uint32_t)trace->lane_count++;
    size_t packet = 0;
    trace->lanes =
        mem_grow(trace->lanes, &trace->lane_cap, trace->lane_count, sizeof *trace->lanes);
    trace->lanes[lane] = (Lane){.next = EVENT_NONE};
    const size_t whole = descriptor_begin(trace, &packet, uuid_of(UUID_LANE, lane),
                                          uuid_of(UUID_TASK, task), NAME, sizeof NAME - 1);
    descriptor_end(trace, packet, whole);
    return lane;
}

static uint32_t take_lane(Pftrace *trace, uint32_t task, uint32_t op) {
    uint32_t lane = trace->task_lanes[task], last = EVENT_NONE;
    while (lane != EVENT_NONE && trace->lanes[lane].busy) {
        last = lane;
        lane = trace->lanes[lane].next;
    }
    if (lane == EVENT_NONE) {
        lane = add_lane(trace, task);
        *(last == EVENT_NONE ? &trace->task_lanes[task] : &trace->lanes[last].next) = lane;
    }
    trace->lanes[lane].busy = true;
    idmap_put(&trace->op_lanes, op, lane);
    return lane;
}

static uint64_t lane_uuid(Pftrace *trace, const Mark *mark) {
    uint32_t lane = 0;
    if (mark->kind == MARK_OP_BEGIN) {
        lane = take_lane(trace, (uint32_t)(mark->track - TRACK_TASK), mark->id);
    } else {
        idmap_get(&trace->op_lanes, mark->id, &lane);
    }
    if (mark->kind == MARK_OP_END) {
        trace->lanes[lane].busy = false;
        idmap_remove(&trace->op_lanes, mark->id);
    }
    return uuid_of(UUID_LANE, lane);
}

/* ---- annotations: what the native line says ---- */

static void put_value(Pftrace *trace, const ScanValue *value);

static void put_values(Pftrace *trace, const ScanValue *value) {
    Buf *out = &trace->event;
    const bool is_dict = value->type == SCAN_OBJECT;
    Scan scan = scan_make(value->start, value->size_bytes);
    ScanValue key, item;
    scan_open(&scan, is_dict ? '{' : '[');
    for (bool first = true; (is_dict ? scan_member(&scan, first, &key, &item)
                                     : scan_element(&scan, first, &item)) == SCAN_MORE;
         first = false) {
        const size_t entry =
            protobuf_begin(out, is_dict ? ANNOTATION_DICT_ENTRIES : ANNOTATION_ARRAY_VALUES);
        if (is_dict) {
            size_t length = 0;
            const char *name = scan_text(&key, &trace->room, &length);
            protobuf_text(out, ANNOTATION_NAME, name, length);
        }
        put_value(trace, &item);
        protobuf_end(out, entry);
    }
}

/* The scanner bounds the depth. */
static void put_value(Pftrace *trace, const ScanValue *value) {
    Buf *out = &trace->event;
    int64_t number = 0;
    size_t length = value->size_bytes;
    switch (value->type) {
    case SCAN_NULL:
        return;
    case SCAN_FALSE:
    case SCAN_TRUE:
        protobuf_bool(out, ANNOTATION_BOOL, value->type == SCAN_TRUE);
        return;
    case SCAN_INTEGER:
        if (scan_i64(value, &number)) {
            protobuf_i64(out, ANNOTATION_INT, number);
        } else {
            protobuf_u64(out, ANNOTATION_UINT, value->magnitude);
        }
        return;
    case SCAN_ARRAY:
    case SCAN_OBJECT:
        put_values(trace, value);
        return;
    default: {
        const char *text =
            value->type == SCAN_TEXT ? scan_text(value, &trace->room, &length) : value->start;
        protobuf_text(out, ANNOTATION_STRING, text, length);
        return;
    }
    }
}

/* null is no value ("no limit", "no task"): left out. */
static void put_annotation(Pftrace *trace, const ScanValue *key, const ScanValue *value) {
    Buf *out = &trace->event;
    if (value->type == SCAN_NULL) {
        return;
    }
    const size_t place = event_keys_find(&trace->keys, key);
    const size_t annotation = protobuf_begin(out, EVENT_ANNOTATIONS);
    if (place < trace->keys.count) {
        protobuf_u64(out, ANNOTATION_NAME_IID, place + 1);
    } else {
        protobuf_text(out, ANNOTATION_NAME, key->start, key->size_bytes);
    }
    put_value(trace, value);
    protobuf_end(out, annotation);
}

/* The members of the object in `line`. */
static void put_line(Pftrace *trace) {
    Scan scan = scan_make(buf_text(&trace->line), trace->line.size_bytes);
    ScanValue key, value;
    scan_open(&scan, '{');
    for (bool first = true; scan_member(&scan, first, &key, &value) == SCAN_MORE; first = false) {
        put_annotation(trace, &key, &value);
    }
}

/* ---- marks ---- */

static uint64_t flow_id(Arrow arrow, uint32_t id) {
    return (uint64_t)(arrow + 1) << 32 | id;
}

static void put_name(Pftrace *trace, const Mark *mark) {
    Buf *out = &trace->event;
    protobuf_u64(out, EVENT_CATEGORY_IIDS, (uint64_t)mark->category + 1);
    if (mark->detail == NULL) {
        protobuf_text(out, EVENT_NAME, mark->name, strlen(mark->name));
        return;
    }
    buf_clear(&trace->line);
    buf_append_text(&trace->line, mark->name);
    buf_append(&trace->line, mark->detail, mark->detail_size_bytes);
    protobuf_text(out, EVENT_NAME, buf_text(&trace->line), trace->line.size_bytes);
}

static void put_event(Pftrace *trace, uint64_t n) {
    if (n != UINT64_MAX) {
        Pen pen = (buf_clear(&trace->line), pen_on(&trace->line));
        export_event_object(trace->log, n, &pen);
        pen_lift(&pen);
        put_line(trace);
    }
}

/* True where the arrow ends in the slice that was begun just before. */
static bool arrow_ends_here(Pftrace *trace, const Mark *mark) {
    const bool here = mark->kind == MARK_ARROW_END && trace->event_track == mark->track &&
                      trace->event_t_ns == mark->t_ns;
    if (here) {
        protobuf_fixed64(&trace->event, EVENT_TERMINATING_FLOW_IDS, flow_id(mark->arrow, mark->id));
    }
    return here;
}

static void pftrace_mark(void *context, const Mark *mark) {
    static const uint8_t TYPES[] = {
        [MARK_SLICE] = TYPE_SLICE_BEGIN,    [MARK_INSTANT] = TYPE_INSTANT,
        [MARK_OP_BEGIN] = TYPE_SLICE_BEGIN, [MARK_OP_STEP] = TYPE_INSTANT,
        [MARK_OP_END] = TYPE_SLICE_END,     [MARK_ARROW_BEGIN] = TYPE_INSTANT,
        [MARK_ARROW_STEP] = TYPE_INSTANT,   [MARK_ARROW_END] = TYPE_INSTANT};
    Pftrace *trace = context;
    if (arrow_ends_here(trace, mark)) {
        return;
    }
    advance(trace, mark->t_ns);
    const bool is_op = mark->kind >= MARK_OP_BEGIN && mark->kind <= MARK_OP_END;
    const uint64_t uuid = is_op ? lane_uuid(trace, mark) : track_uuid(mark->track);
    event_begin(trace, mark->t_ns, uuid, TYPES[mark->kind]);
    if (mark->kind != MARK_OP_END) {
        put_name(trace, mark);
    }
    put_event(trace, mark->n);
    if (mark->kind == MARK_SLICE) {
        ends_add(&trace->ends, mark->t_ns + mark->dur_ns, mark->track);
        trace->event_track = mark->track;
    } else if (mark->kind == MARK_OP_BEGIN) {
        protobuf_fixed64(&trace->event, EVENT_FLOW_IDS, flow_id(ARROW_OPERATION, mark->id));
    } else if (mark->kind == MARK_ARROW_END) {
        protobuf_fixed64(&trace->event, EVENT_TERMINATING_FLOW_IDS, flow_id(mark->arrow, mark->id));
    } else if (mark->category == MARK_FLOW) {
        protobuf_fixed64(&trace->event, EVENT_FLOW_IDS, flow_id(mark->arrow, mark->id));
    }
}

static void pftrace_count(void *context, TrackCounter counter, uint64_t t_ns, uint64_t value) {
    Pftrace *trace = context;
    advance(trace, t_ns);
    event_begin(trace, t_ns, uuid_of(UUID_COUNTER, counter), TYPE_COUNTER);
    protobuf_u64(&trace->event, EVENT_COUNTER_VALUE, value);
}

/* ---- the whole ---- */

/* The header is what an instant of the process says: nothing of the trace is left out. */
static void tell_header(Pftrace *trace) {
    event_begin(trace, 0, UUID_PROCESS, TYPE_INSTANT);
    put_name(trace, &(Mark){.category = MARK_EVENT, .name = "trace"});
    buf_clear(&trace->line);
    Pen pen = pen_on(&trace->line);
    export_header_object(trace->log, &pen);
    pen_lift(&pen);
    put_line(trace);
}

static void pftrace_begin(void *context, uint32_t task_count) {
    Pftrace *trace = context;
    trace->task_lanes = mem_alloc(task_count, sizeof *trace->task_lanes);
    memset(trace->task_lanes, 0xFF, task_count * sizeof *trace->task_lanes); /* EVENT_NONE */
    write_interned(trace);
    describe_process(trace);
    describe_loop(trace);
    describe_counters(trace);
    describe_tasks(trace);
    tell_header(trace);
}

bool export_pftrace(const ExportJob *job, Diags *diags) {
    Pftrace trace = {.log = job->log, .event_track = UINT64_MAX, .keys = {{"n", "t", "ev"}, 3}};
    if (!stream_open(&trace.stream, job, diags)) {
        return false;
    }
    event_keys_add(&trace.keys);
    const TrackSink sink = {&trace,       &trace.stream, pftrace_begin, pftrace_name_task,
                            pftrace_mark, pftrace_count};
    const bool good = tracks_tell(&sink);
    advance(&trace, UINT64_MAX);
    ends_finish(&trace.ends);
    idmap_finish(&trace.op_lanes);
    free(trace.task_lanes);
    free(trace.lanes);
    buf_finish(&trace.event);
    buf_finish(&trace.line);
    buf_finish(&trace.room);
    return stream_close(&trace.stream, good);
}
