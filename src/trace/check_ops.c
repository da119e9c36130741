/* The checker's view of operations and timers. */
#include "trace/check_impl.h"

#include "base/mem.h"

#include <inttypes.h>

void check_op_submitted(Check *check, const Event *event) {
    check_need_worker(check, event);
    if (event->id != check->op_count) {
        check_breach(check, "operation %" PRIu32 " is out of sequence", event->id);
        return;
    }
    check->ops = mem_grow(check->ops, &check->op_cap, check->op_count + 1, sizeof *check->ops);
    const bool moved_by_system = event->c == VIA_OVERLAPPED && event->a == IO_SEND;
    check->ops[check->op_count++] = (OpCheck){.sender = moved_by_system ? event->task : EVENT_NONE};
}

static OpCheck *op_of(Check *check, const Event *event) {
    if (event->id >= check->op_count) {
        check_breach(check, "operation %" PRIu32 " was never submitted", event->id);
        return NULL;
    }
    OpCheck *op = &check->ops[event->id];
    if (op->completed) {
        check_breach(check, "operation %" PRIu32 " was completed before", event->id);
    }
    return op;
}

void check_op_arrived(Check *check, const Event *event) {
    OpCheck *op = op_of(check, event);
    if (op != NULL) {
        if (op->arrived) {
            check_breach(check, "operation %" PRIu32 " was seen finished before", event->id);
        }
        op->arrived = true;
    }
}

/* Invariants 3 and 4. */
void check_op_completed(Check *check, const Event *event) {
    OpCheck *op = op_of(check, event);
    if (op != NULL) {
        op->completed = true;
        check->served = op->sender; /* what is left of the bytes is handed over at once */
    }
    if (check->polled_events == 0) {
        check_breach(check, "a completion that no answer of the OS brought");
    }
}

void check_timer_set(Check *check, const Event *event) {
    if (event->id != check->timer_count) {
        check_breach(check, "timer %" PRIu32 " is out of sequence", event->id);
        return;
    }
    check->timers =
        mem_grow(check->timers, &check->timer_cap, check->timer_count + 1, sizeof *check->timers);
    check->timers[check->timer_count++] = (TimerCheck){.due_ns = (uint64_t)event->x};
}

void check_timer_over(Check *check, const Event *event) {
    if (event->id >= check->timer_count) {
        check_breach(check, "timer %" PRIu32 " was never set", event->id);
        return;
    }
    TimerCheck *timer = &check->timers[event->id];
    if (timer->over) {
        check_breach(check, "timer %" PRIu32 " was fired or cancelled before", event->id);
    }
    timer->over = true;
    if (event->kind == EV_TIMER_FIRED) {
        check->callback_due = event->x;
        if (event->t_ns < timer->due_ns) {
            check_breach(check, "timer %" PRIu32 " fires before it is due", event->id);
        }
    }
}
