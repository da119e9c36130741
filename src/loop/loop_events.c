/* How the loop tells what it does: its clock, the gate before every event, the log. */
#include "loop/loop_impl.h"
#include "loop/loop_io.h"

#include <string.h>

/* The clock stops while the loop stands at the gate: it goes on from where it was last read. */
static void pass_gate(Loop *loop) {
    if (loop->gate == NULL) {
        return;
    }
    if (!gate_allows(loop->gate, loop_events(loop))) {
        os_push(loop->os); /* what was told as handed over is really on its way while we stand */
    }
    if (gate_pass(loop->gate, loop_events(loop)) == 0) {
        return;
    }
    if (loop->started) {
        const uint64_t since_start_ns = os_now_ns(loop->os) - loop->start_ns;
        ASSERT(since_start_ns >= loop->now_ns + loop->held_ns);
        loop->held_ns = since_start_ns - loop->now_ns;
    }
}

void loop_clock_read(Loop *loop) {
    if (!loop->started) {
        return;
    }
    loop->is_clock_fresh = false;
    const uint64_t now_ns = os_now_ns(loop->os) - loop->start_ns - loop->held_ns;
    ASSERT(now_ns >= loop->now_ns);
    loop->now_ns = now_ns;
}

/* Between polls the kernel goes on working. That it finished something meanwhile is seen in memory
 * shared with it, without a system call; what it was, and when, is told here. */
static void tell_arrivals(Loop *loop) {
    OsOp *op = os_peek(loop->os);
    if (op != NULL) {
        loop_clock_read(loop); /* those that are seen together are seen at one time */
    }
    for (; op != NULL; op = os_peek(loop->os)) {
        Event arrived = loop_event(EV_IO_ARRIVED);
        arrived.id = ((const Io *)op->user)->id;
        loop_emit_append(loop, &arrived);
        pass_gate(loop);
    }
}

void loop_emit_wait(Loop *loop) {
    pass_gate(loop);
    if (loop_may_look(loop)) {
        tell_arrivals(loop);
    }
}

void loop_emit_late(Loop *loop, Event *event) {
    loop_emit_wait(loop);
    loop_emit_append(loop, event);
}

void loop_emit_polled(Loop *loop, Event *event) {
    if (loop->log != NULL) {
        pass_gate(loop);
        loop_emit_append(loop, event);
    }
}

uint32_t loop_text_intern(Loop *loop, const char *text, size_t length) {
    if (loop->log == NULL) {
        return NONE;
    }
    const uint32_t before = log_text_count(loop->log);
    const uint32_t id = log_intern(loop->log, text, length);
    if (log_text_count(loop->log) != before) {
        loop->used[LIMIT_MEMORY] += length + TEXT_OVERHEAD_BYTES;
    }
    return id;
}

uint32_t loop_text_add(Loop *loop, const char *text, size_t length) {
    if (loop->log == NULL) {
        return NONE;
    }
    loop->used[LIMIT_MEMORY] += length + TEXT_OVERHEAD_BYTES;
    return log_add_text(loop->log, text, length);
}

uint32_t loop_text_make_pointer(Loop *loop, uint32_t pointer) {
    const char *spelled = loop->program->pointers[pointer];
    const uint32_t text = log_intern(loop->log, spelled, strlen(spelled));
    loop->pointer_texts[pointer] = text;
    return text;
}
