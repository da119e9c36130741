/* The fold on well-formed events in any order: every EVENT_BYTES bytes of input make one event, so
 * that the fuzzer's changes stay changes of events. They go through the trace's text, as a file's
 * would, because the reader is what keeps values in range. */
#include "fuzz_fold.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes);

enum { EVENT_BYTES = 8, IDS = 8 };

/* A byte as a number: small ones, and those at which sums overflow. */
static int64_t number_of(uint8_t byte) {
    static const int64_t EDGES[] = {-1,        1000,          100000001, UINT32_MAX,
                                    INT64_MAX, INT64_MAX - 1, -28,       INT64_MIN};
    return byte < 248 ? byte : EDGES[byte - 248];
}

static uint32_t id_of(uint8_t byte) {
    return byte < 250 ? byte % IDS : byte < 253 ? EVENT_NONE : EVENT_NONE - 1;
}

static uint32_t text_of(Log *log, EventKind kind, uint8_t byte) {
    static const char *const TEXTS[] = {"a", "b", "/tasks/0/steps/0", "/tasks/1/steps/2", ""};
    const char *text = TEXTS[byte % 5];
    if (kind == EV_DEADLOCK) {
        text = byte % 2 == 0 ? "[]" : "[{\"task\":0,\"on\":\"lock\",\"target\":\"x\"}]";
    } else if (kind == EV_TASK_WAITING) {
        text = byte % 2 == 0 ? "[0,1]" : "lock";
    }
    return log_intern(log, text, strlen(text));
}

static uint8_t word_of(const EventField *field, uint8_t byte) {
    uint8_t count = 0;
    while (field->words[count] != NULL) {
        count++;
    }
    return byte % count;
}

static void set_slot(Event *event, FieldSlot slot, uint8_t value) {
    *(slot == SLOT_A ? &event->a : slot == SLOT_B ? &event->b : &event->c) = value;
}

static Event event_of(Log *log, const uint8_t bytes[EVENT_BYTES]) {
    Event event = event_make((EventKind)(bytes[0] % EV_KIND_COUNT));
    event.task = id_of(bytes[2]);
    event.id = id_of(bytes[3]);
    event.text = text_of(log, (EventKind)event.kind, bytes[4]);
    event.x = number_of(bytes[5]);
    event.y = number_of(bytes[6]);
    event.z = number_of(bytes[7]);
    const EventField *field = EVENT_KINDS[event.kind].fields;
    for (unsigned i = 0; i < EVENT_FIELDS_MAX && field[i].key != NULL; i++) {
        if (field[i].type == FIELD_WORD) {
            set_slot(&event, field[i].slot, word_of(&field[i], bytes[4 + i % 4]));
        } else if (field[i].type == FIELD_FLAG) {
            event.a = bytes[7] % 2;
        } else if (field[i].type == FIELD_TARGET) {
            event.b = (uint8_t)(TARGET_OP + bytes[6] % (TARGET_NAME - TARGET_NONE));
        } else if (field[i].type == FIELD_BY) {
            event.b = bytes[6] % 3;
        } else if (field[i].type == FIELD_TEXT_ABSENT && field[i].slot == SLOT_X) {
            event.x = bytes[5] % 2 == 0 ? -1 : (int64_t)event.text;
        } else if (field[i].type == FIELD_IO_RESULT) {
            event.x = bytes[5];
            event_set_io_result(&event, (uint64_t)event.x, bytes[6] % 2 == 0 ? event.x : -2,
                                event.text, false);
        }
    }
    return event;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes) {
    static const TraceHeader HEADER = {.title = "t",
                                       .scenario = "s.json",
                                       .backend = "sim",
                                       .notifier = "sim",
                                       .started = "2000-01-01T00:00:00Z",
                                       .source = ""};
    Log *log = log_create();
    log_set_header(log, &HEADER);
    uint64_t t_ns = 0;
    for (size_t at = 0; at + EVENT_BYTES <= size_bytes; at += EVENT_BYTES) {
        Event event = event_of(log, data + at);
        t_ns += data[at + 1];
        event.t_ns = t_ns;
        event.x += event.kind == EV_TIMER_SET && event.x >= 0 && event.x < 248 ? (int64_t)t_ns : 0;
        log_append(log, &event);
    }
    log_finish(log);
    Buf text = {0};
    Diags diags = {0};
    fold_append_trace(log, &text);
    Log *read = trace_read_text("fuzz.jsonl", buf_text(&text), text.size_bytes, &diags);
    ASSERT(read != NULL);
    fold_log(read);
    log_destroy(read);
    log_destroy(log);
    diags_finish(&diags);
    buf_finish(&text);
    return 0;
}
