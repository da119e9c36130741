/* Errors in tasks: raised as Python would say them, kept for those that reach nobody. */
#include "loop/loop_impl.h"

#include "base/mem.h"

#include <stdlib.h>

StepResult loop_raise_error(Loop *loop, const char *type, const char *text, size_t length) {
    if (loop->free_error != ERROR_NONE) {
        loop->raised = loop->free_error;
        loop->free_error = loop->errors[loop->raised].next;
    } else {
        loop->errors =
            mem_grow(loop->errors, &loop->error_cap, loop->error_count + 1, sizeof *loop->errors);
        loop->raised = (uint32_t)loop->error_count++;
    }
    loop->errors[loop->raised] =
        (Error){.type = type, .text = mem_copy_text(text, length), .length = length};
    loop->used[LIMIT_MEMORY] += sizeof(Error) + length + 1;
    return STEP_RAISED;
}

void loop_error_append(Buf *out, const Error *error) {
    buf_append_text(out, error->type);
    if (error->length > 0) {
        buf_append_text(out, ": ");
        buf_append(out, error->text, error->length);
    }
}

void loop_error_drop(Loop *loop, uint32_t index) {
    if (index >= loop->error_count || loop->errors[index].is_kept) {
        return;
    }
    Error *error = &loop->errors[index];
    loop->used[LIMIT_MEMORY] -= sizeof(Error) + error->length + 1;
    free(error->text);
    *error = (Error){.next = loop->free_error};
    loop->free_error = index;
}

StepResult loop_raise_runtime(Loop *loop, const char *before, const char *name, const char *after) {
    Buf text = {0};
    buf_printf(&text, "%s%s%s", before, name, after);
    const StepResult result = loop_raise_error(loop, "RuntimeError", text.data, text.size_bytes);
    buf_finish(&text);
    return result;
}

StepResult loop_raise_os(Loop *loop, int error, const Text *path) {
    Buf text = {0};
    buf_printf(&text, "[Errno %d] %s", os_error_number(error), os_error_text(error));
    if (path != NULL) {
        buf_append_text(&text, ": ");
        loop_text_append_repr(&text, path->data, path->length);
    }
    const StepResult result = loop_raise_error(loop, "OSError", text.data, text.size_bytes);
    buf_finish(&text);
    return result;
}

StepResult loop_raise_unset(Loop *loop, uint32_t name) {
    return loop_raise_runtime(loop, "name '", loop->program->names[name].text, "' is not set");
}

void loop_refuse(Loop *loop, const Task *task, const Text *path, const char *why) {
    loop->refusal_count++;
    if (loop->refusal_count > REFUSALS_MAX) {
        return;
    }
    loop->refusals =
        mem_grow(loop->refusals, &loop->refusal_cap, loop->refusal_count, sizeof *loop->refusals);
    Buf text = {0};
    loop_text_append_repr(&text, path->data, path->length);
    buf_printf(&text, " %s", why);
    loop->refusals[loop->refusal_count - 1] =
        (Refusal){.base = task->base, .number = task->number, .text = text.data};
}

void loop_refusals_move(Loop *to, Loop *from) {
    for (size_t i = 0; i < from->refusal_count; i++) {
        to->refusal_count++;
        if (to->refusal_count <= REFUSALS_MAX && i < REFUSALS_MAX) {
            to->refusals =
                mem_grow(to->refusals, &to->refusal_cap, to->refusal_count, sizeof *to->refusals);
            to->refusals[to->refusal_count - 1] = from->refusals[i];
        } else if (i < REFUSALS_MAX) {
            free(from->refusals[i].text);
        }
    }
    from->refusal_count = 0;
}

void loop_errors_free(Loop *loop) {
    for (size_t i = 0; i < loop->error_count; i++) {
        free(loop->errors[i].text);
    }
    const size_t kept = loop->refusal_count < REFUSALS_MAX ? loop->refusal_count : REFUSALS_MAX;
    for (size_t i = 0; i < kept; i++) {
        free(loop->refusals[i].text);
    }
    free(loop->errors);
    free(loop->failures);
    free(loop->refusals);
}
