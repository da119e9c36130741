/* Events in few words, and their fields one by one: from the same table as the trace's format. */
#include "view/inspect.h"

#include "base/format.h"
#include "view/caption_words.h"

const char *inspect_kind_words(EventKind kind) {
    static const char *const WORDS[EV_KIND_COUNT] = {
        [EV_LOOP_START] = "loop start",
        [EV_POLL] = "ask the OS",
        [EV_POLLED] = "OS answers",
        [EV_ITERATION] = "iteration",
        [EV_TASK_CREATED] = "created",
        [EV_TASK_READY] = "ready",
        [EV_CALLBACK_READY] = "callback ready",
        [EV_CALLBACK_RUN] = "callback runs",
        [EV_TASK_RUNNING] = "run",
        [EV_STEP] = "step",
        [EV_TASK_WAITING] = "paused",
        [EV_IO_SUBMITTED] = "I/O submitted",
        [EV_IO_ARRIVED] = "finished at the OS",
        [EV_IO_COMPLETED] = "completion",
        [EV_IO_BLOCKING] = "I/O on the spot",
        [EV_TIMER_SET] = "timer set",
        [EV_TIMER_FIRED] = "timer fired",
        [EV_TIMER_CANCELLED] = "timer cancelled",
        [EV_OUTPUT] = "output",
        [EV_NOTE] = "note",
        [EV_SYNC] = "shared",
        [EV_CANCEL_REQUESTED] = "cancel asked",
        [EV_TASK_FINISHED] = "done",
        [EV_TASK_FAILED] = "failed",
        [EV_TASK_CANCELLED] = "cancelled",
        [EV_LOOP_BLOCKED] = "loop blocked",
        [EV_DEADLOCK] = "deadlock",
        [EV_LIMIT] = "limit",
        [EV_LOOP_STOP] = "loop stop",
    };
    return WORDS[kind];
}

static void op_words(const Timeline *timeline, uint32_t op, Buf *out) {
    const Event *asked = words_op_submitted(timeline, op);
    if (asked != NULL) {
        words_op((IoCall)asked->a, -1, out);
    }
}

void inspect_row_words(const Timeline *timeline, uint64_t n, Buf *out) {
    const Log *log = timeline_log(timeline);
    const Event *event = log_event(log, n);
    char text[FORMAT_MAX], ready[FORMAT_MAX];
    switch ((EventKind)event->kind) {
    case EV_POLLED:
        buf_printf(out, "%s event%s", format_count(text, (uint64_t)event->x),
                   event->x == 1 ? "" : "s");
        break;
    case EV_ITERATION:
        buf_printf(out, "%s, %s ready", format_count(text, (uint64_t)event->x),
                   format_count(ready, (uint64_t)event->y));
        break;
    case EV_TASK_READY:
        buf_append_text(out, READY_WHY_WORDS[event->a]);
        break;
    case EV_TASK_WAITING:
        words_wait(timeline, event, n, WORDS_LABEL, out);
        break;
    case EV_IO_SUBMITTED:
    case EV_IO_BLOCKING:
        words_op((IoCall)event->a, event->x, out);
        break;
    case EV_IO_ARRIVED:
        op_words(timeline, event->id, out);
        break;
    case EV_IO_COMPLETED:
        op_words(timeline, event->id, out);
        buf_printf(out, " = %lld", (long long)event->x);
        break;
    case EV_STEP:
        words_step(log_text(log, event->text, NULL), out);
        break;
    case EV_SYNC:
        buf_printf(out, "%s ", SYNC_WHAT_WORDS[event->a]);
        words_cut(log_text(log, event->text, NULL), 24, out);
        break;
    case EV_LOOP_STOP:
        buf_append_text(out, STOP_REASON_WORDS[event->a]);
        break;
    case EV_LOOP_BLOCKED:
        buf_append_text(out, format_duration(text, (uint64_t)event->x));
        break;
    case EV_LIMIT:
    case EV_OUTPUT:
    case EV_NOTE:
    case EV_TASK_FAILED:
    case EV_CALLBACK_READY:
        words_cut(log_text(log, event->text, NULL), 48, out);
        break;
    default:
        break;
    }
}

/* ---- fields ---- */

static int64_t slot_value(const Event *event, FieldSlot slot) {
    const uint32_t ids[] = {
        [SLOT_TASK] = event->task, [SLOT_ID] = event->id, [SLOT_TEXT] = event->text};
    switch (slot) {
    case SLOT_A:
        return event->a;
    case SLOT_B:
        return event->b;
    case SLOT_C:
        return event->c;
    case SLOT_X:
        return event->x;
    case SLOT_Y:
        return event->y;
    case SLOT_Z:
        return event->z;
    default:
        return ids[slot] == EVENT_NONE ? -1 : (int64_t)ids[slot];
    }
}

static void put_text(const Log *log, int64_t text, Buf *out) {
    words_cut(log_text(log, (uint32_t)text, NULL), 120, out);
}

static void put_i64(int64_t value, Buf *out) {
    buf_append_i64(out, value);
}

static bool put_target(const Log *log, const Event *event, Buf *out) {
    static const char *const KINDS[] = {
        [TARGET_OP] = "op ", [TARGET_TIMER] = "timer ", [TARGET_TASK] = "task "};
    if (event->b == TARGET_NONE) {
        return false;
    }
    if (event->b == TARGET_TASKS || event->b == TARGET_NAME) {
        put_text(log, event->text, out);
        return true;
    }
    buf_append_text(out, KINDS[event->b]);
    put_i64(event->id, out);
    return true;
}

bool inspect_field(const Log *log, const Event *event, const EventField *field, Buf *out) {
    const int64_t value = slot_value(event, field->slot);
    switch (field->type) {
    case FIELD_U32:
    case FIELD_I64:
    case FIELD_RESULT:
        put_i64(value, out);
        return true;
    case FIELD_U32_NULL:
    case FIELD_I64_NULL:
        if (value < 0) {
            buf_append_text(out, "null");
            return true;
        }
        put_i64(value, out);
        return true;
    case FIELD_U32_ABSENT:
    case FIELD_I64_ABSENT:
        if (value >= 0) {
            put_i64(value, out);
        }
        return value >= 0;
    case FIELD_TEXT:
    case FIELD_TEXT_RAW:
    case FIELD_TEXT_ABSENT:
    case FIELD_PLACE:
        if (value >= 0) {
            put_text(log, value, out);
        }
        return value >= 0;
    case FIELD_WORD:
        buf_append_text(out, field->words[value]);
        return field->words[value][0] != '\0';
    case FIELD_FLAG:
        buf_append_text(out, value != 0 ? "true" : "");
        return value != 0;
    case FIELD_TARGET:
        return put_target(log, event, out);
    case FIELD_BY:
        if (event->b != CANCEL_BY_TASK) {
            buf_append_text(out, CANCEL_BY_WORDS[event->b]);
        } else {
            put_i64(event->id, out);
        }
        return true;
    case FIELD_IO_RESULT:
        put_i64(event_io_result(event), out);
        return true;
    case FIELD_IO_ERROR:
        if (event_io_error_text(event) != EVENT_NONE) {
            put_text(log, event_io_error_text(event), out);
            return true;
        }
        return false;
    case FIELD_IO_THREAD:
        buf_append_text(out, event_io_in_thread(event) ? "true" : "");
        return event_io_in_thread(event);
    }
    return false;
}
