#include "trace/event.h"

const char *const READY_WHY_WORDS[] = {"created", "yielded", "resumed", "cancelled", NULL};
const char *const WAIT_ON_WORDS[] = {"io",    "timer", "task",    "tasks",  "lock", "semaphore",
                                     "event", "queue", "channel", "thread", NULL};
const char *const IO_CALL_WORDS[] = {"openat", "write", "read",   "fsync", "close",
                                     "send",   "recv",  "thread", NULL};
const char *const IO_MODE_WORDS[] = {"", "w", "a", "r", "", NULL};
const char *const IO_VIA_WORDS[] = {"io_uring",   "threads", "epoll", "kqueue",
                                    "overlapped", "sim",     NULL};
const char *const SYNC_WHAT_WORDS[] = {"acquired", "released", "set", "cleared",
                                       "put",      "got",      NULL};
const char *const STOP_REASON_WORDS[] = {"done", "deadlock", "limit", "interrupted", "error", NULL};
const char *const CANCEL_BY_WORDS[] = {"", "timeout", "group", "runner", NULL};

#define TASK                                                                                       \
    { "task", FIELD_U32, SLOT_TASK, NULL }
#define CALL                                                                                       \
    { "call", FIELD_WORD, SLOT_A, IO_CALL_WORDS }
#define PLACE                                                                                      \
    { "path", FIELD_PLACE, SLOT_TEXT, NULL }
#define MODE                                                                                       \
    { "mode", FIELD_WORD, SLOT_B, IO_MODE_WORDS }
#define BYTES                                                                                      \
    { "bytes", FIELD_I64_ABSENT, SLOT_X, NULL }
#define OFFSET                                                                                     \
    { "offset", FIELD_I64_NULL, SLOT_Y, NULL }

/* The vocabulary of docs/trace.md: a row a kind, its fields in the order of writing. */
const EventKindRow EVENT_KINDS[EV_KIND_COUNT] = {
    [EV_LOOP_START] = {"loop_start", {{0}}},
    [EV_POLL] = {"poll", {{"timeout", FIELD_I64_NULL, SLOT_X, NULL}}},
    [EV_POLLED] = {"polled",
                   {{"events", FIELD_I64, SLOT_X, NULL}, {"calls", FIELD_I64, SLOT_Y, NULL}}},
    [EV_ITERATION] = {"iteration",
                      {{"iteration", FIELD_I64, SLOT_X, NULL}, {"ready", FIELD_I64, SLOT_Y, NULL}}},
    [EV_TASK_CREATED] = {"task_created",
                         {TASK,
                          {"name", FIELD_TEXT, SLOT_TEXT, NULL},
                          {"parent", FIELD_U32_ABSENT, SLOT_ID, NULL},
                          {"at", FIELD_TEXT_ABSENT, SLOT_X, NULL}}},
    [EV_TASK_READY] = {"task_ready", {TASK, {"why", FIELD_WORD, SLOT_A, READY_WHY_WORDS}}},
    [EV_CALLBACK_READY] = {"callback_ready",
                           {{"callback", FIELD_U32, SLOT_ID, NULL},
                            {"what", FIELD_TEXT, SLOT_TEXT, NULL},
                            {"task", FIELD_U32_NULL, SLOT_TASK, NULL}}},
    [EV_CALLBACK_RUN] = {"callback_run",
                         {{"callback", FIELD_U32, SLOT_ID, NULL},
                          {"cancelled", FIELD_FLAG, SLOT_A, NULL}}},
    [EV_TASK_RUNNING] = {"task_running", {TASK}},
    [EV_STEP] = {"step", {TASK, {"at", FIELD_TEXT, SLOT_TEXT, NULL}}},
    [EV_TASK_WAITING] = {"task_waiting",
                         {TASK,
                          {"on", FIELD_WORD, SLOT_A, WAIT_ON_WORDS},
                          {"target", FIELD_TARGET, SLOT_ID, NULL}}},
    [EV_IO_SUBMITTED] = {"io_submitted",
                         {{"op", FIELD_U32, SLOT_ID, NULL},
                          TASK,
                          CALL,
                          PLACE,
                          MODE,
                          BYTES,
                          OFFSET,
                          {"via", FIELD_WORD, SLOT_C, IO_VIA_WORDS}}},
    [EV_IO_ARRIVED] = {"io_arrived", {{"op", FIELD_U32, SLOT_ID, NULL}}},
    [EV_IO_COMPLETED] = {"io_completed",
                         {{"op", FIELD_U32, SLOT_ID, NULL},
                          {"result", FIELD_RESULT, SLOT_X, NULL},
                          {"error", FIELD_TEXT_ABSENT, SLOT_TEXT, NULL}}},
    [EV_IO_BLOCKING] = {"io_blocking",
                        {TASK,
                         CALL,
                         PLACE,
                         MODE,
                         BYTES,
                         OFFSET,
                         {"result", FIELD_IO_RESULT, SLOT_C, NULL},
                         {"error", FIELD_IO_ERROR, SLOT_ID, NULL},
                         {"took", FIELD_I64, SLOT_Z, NULL},
                         {"thread", FIELD_IO_THREAD, SLOT_C, NULL}}},
    [EV_TIMER_SET] = {"timer_set",
                      {{"timer", FIELD_U32, SLOT_ID, NULL},
                       {"task", FIELD_U32_NULL, SLOT_TASK, NULL},
                       {"due", FIELD_I64, SLOT_X, NULL}}},
    [EV_TIMER_FIRED] = {"timer_fired",
                        {{"timer", FIELD_U32, SLOT_ID, NULL},
                         {"callback", FIELD_I64, SLOT_X, NULL}}},
    [EV_TIMER_CANCELLED] = {"timer_cancelled", {{"timer", FIELD_U32, SLOT_ID, NULL}}},
    [EV_OUTPUT] = {"output", {TASK, {"text", FIELD_TEXT, SLOT_TEXT, NULL}}},
    [EV_NOTE] = {"note", {TASK, {"text", FIELD_TEXT, SLOT_TEXT, NULL}}},
    [EV_SYNC] = {"sync",
                 {TASK,
                  {"what", FIELD_WORD, SLOT_A, SYNC_WHAT_WORDS},
                  {"target", FIELD_TEXT, SLOT_TEXT, NULL},
                  {"value", FIELD_TEXT_ABSENT, SLOT_X, NULL}}},
    [EV_CANCEL_REQUESTED] = {"cancel_requested", {TASK, {"by", FIELD_BY, SLOT_ID, NULL}}},
    [EV_TASK_FINISHED] = {"task_finished", {TASK}},
    [EV_TASK_FAILED] = {"task_failed", {TASK, {"error", FIELD_TEXT, SLOT_TEXT, NULL}}},
    [EV_TASK_CANCELLED] = {"task_cancelled", {TASK}},
    [EV_LOOP_BLOCKED] = {"loop_blocked",
                         {{"task", FIELD_U32_NULL, SLOT_TASK, NULL},
                          {"took", FIELD_I64, SLOT_X, NULL}}},
    [EV_DEADLOCK] = {"deadlock", {{"tasks", FIELD_TEXT_RAW, SLOT_TEXT, NULL}}},
    [EV_LIMIT] = {"limit",
                  {{"what", FIELD_TEXT, SLOT_TEXT, NULL}, {"value", FIELD_I64, SLOT_X, NULL}}},
    [EV_LOOP_STOP] = {"loop_stop", {{"reason", FIELD_WORD, SLOT_A, STOP_REASON_WORDS}}},
};

Event event_make(EventKind kind) {
    Event event = {.kind = (uint8_t)kind, .task = EVENT_NONE, .id = EVENT_NONE, .text = EVENT_NONE};
    switch (kind) {
    case EV_POLL:
    case EV_TASK_CREATED:
    case EV_SYNC:
        event.x = -1;
        break;
    case EV_IO_SUBMITTED:
    case EV_IO_BLOCKING:
        event.x = -1;
        event.y = -1;
        break;
    default:
        break;
    }
    return event;
}

bool event_ids_next(const char **list, uint32_t *id) {
    const char *at = *list;
    while (*at != '\0' && (*at < '0' || *at > '9')) {
        at++;
    }
    if (*at == '\0') {
        return false;
    }
    uint64_t value = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        value = value < EVENT_NONE ? value * 10 + (uint64_t)(*at - '0') : value;
    }
    *id = value < EVENT_NONE ? (uint32_t)value : EVENT_NONE;
    *list = at;
    return true;
}

int64_t event_io_result(const Event *event) {
    const int64_t error = event->c & IO_ERRNO_MASK;
    if (error != 0) {
        return -error;
    }
    const int64_t bytes = event->x < 0 ? 0 : event->x;
    return bytes - (int64_t)event->id;
}

uint32_t event_io_error_text(const Event *event) {
    return (event->c & IO_ERRNO_MASK) != 0 ? event->id : EVENT_NONE;
}

bool event_io_in_thread(const Event *event) {
    return (event->c & IO_IN_THREAD) != 0;
}
