/* What became of a run, in words. */
#include "loop/loop_impl.h"

void loop_explain_errors(const Loop *loop, Buf *out) {
    for (size_t i = 0; i < loop->failure_count; i++) {
        const Failure *failure = &loop->failures[i];
        if (failure->retrieved) {
            continue;
        }
        buf_append_text(out, "task ");
        loop_task_name(loop, failure->base, failure->number, out);
        buf_append_text(out, " failed: ");
        loop_error_append(out, &loop->errors[failure->error]);
        buf_append_char(out, '\n');
    }
}

void loop_explain_refusals(const Loop *loop, Buf *out) {
    const size_t kept = loop->refusal_count < REFUSALS_MAX ? loop->refusal_count : REFUSALS_MAX;
    for (size_t i = 0; i < kept; i++) {
        const Refusal *refusal = &loop->refusals[i];
        buf_append_text(out, "task ");
        loop_task_name(loop, refusal->base, refusal->number, out);
        buf_printf(out, ": %s\n", refusal->text);
    }
    if (loop->refusal_count > kept) {
        buf_printf(out, "and %zu more\n", loop->refusal_count - kept);
    }
}
