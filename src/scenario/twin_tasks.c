/* The Python twin: steps on tasks, and on what tasks share. */
#include "scenario/twin_writer.h"

/* coroutine(...), with what it needs of its caller; a new task has names and a depth of its own. */
static void append_coroutine(TwinWriter *writer, uint32_t target, bool new_task) {
    const TwinBody *caller = &writer->plan->bodies[writer->body];
    const TwinBody *body = &writer->plan->bodies[target];
    Buf *line = &writer->line;
    const char *comma = "";
    buf_printf(line, "%s(", body->ident);
    if ((body->needs & TWIN_NEEDS_NAMES) != 0 && body->is_called) {
        buf_append_text(line, new_task ? "Names()" : "names");
        comma = ", ";
    }
    if ((body->needs & TWIN_NEEDS_NUMBER) != 0) {
        const bool has_number = !new_task && (caller->needs & TWIN_NEEDS_NUMBER) != 0;
        buf_printf(line, "%s%s", comma, has_number ? "number" : "0");
        comma = ", ";
    }
    if ((body->needs & TWIN_NEEDS_DEPTH) != 0) {
        const bool is_first = caller->task != PROGRAM_NONE;
        buf_printf(line, "%s%s", comma, new_task ? "0" : is_first ? "1" : "depth + 1");
    }
    buf_append_char(line, ')');
}

void twin_say_call(TwinWriter *writer, const Instr *instr) {
    buf_append_text(&writer->line, "await ");
    append_coroutine(writer, instr->arg, false);
    twin_say_line(writer, instr, true);
}

void twin_say_spawn(TwinWriter *writer, const Instr *instr) {
    const bool counts = twin_spawn_counts(writer->plan, instr);
    const bool in_group = (instr->flags & INSTR_GROUPED) != 0;
    Buf *line = &writer->line;
    twin_give(writer, instr->name);
    if (counts) {
        buf_append_text(line, "spawn(");
    } else if (in_group) {
        twin_append_group(line, writer->groups - 1);
        buf_append_text(line, ".create_task(");
    } else {
        buf_append_text(line, "asyncio.create_task(");
    }
    append_coroutine(writer, instr->arg, true);
    buf_printf(line, ", %s\"%s\"", counts ? "" : "name=", twin_spawn_name(writer->program, instr));
    if (counts && in_group) {
        buf_append_text(line, ", ");
        twin_append_group(line, writer->groups - 1);
    }
    buf_append_char(line, ')');
    twin_say_line(writer, instr, false);
}

/* ---- tasks ---- */

static void append_task(TwinWriter *writer, uint32_t name) {
    if (writer->program->names[name].global) {
        buf_printf(&writer->line, "tasks[\"%s\"]", writer->program->names[name].text);
    } else {
        twin_append_name(writer, name);
    }
}

/* Where one is not set, that is said. */
static bool check_tasks(TwinWriter *writer, const Instr *instr) {
    const TwinNames used = twin_used(writer->program, instr);
    for (uint32_t i = 0; i < used.count; i++) {
        const uint32_t name = used.names[i];
        if (writer->program->names[name].global || twin_is_set(writer, name)) {
            continue;
        }
        for (uint32_t k = 0; k < i; k++) { /* the first that is not set is the error */
            twin_say_look(writer, used.names[k]);
        }
        return twin_check_name(writer, instr, name);
    }
    return true;
}

void twin_say_await(TwinWriter *writer, const Instr *instr) {
    if (check_tasks(writer, instr)) {
        buf_append_text(&writer->line, "await ");
        append_task(writer, instr->name);
        twin_say_line(writer, instr, true);
    }
}

void twin_say_cancel(TwinWriter *writer, const Instr *instr) {
    if (check_tasks(writer, instr)) {
        append_task(writer, instr->name);
        buf_append_text(&writer->line, ".cancel()");
        twin_say_line(writer, instr, false);
    }
}

static void append_tasks(TwinWriter *writer, const Instr *instr) {
    const TwinNames used = twin_used(writer->program, instr);
    for (uint32_t i = 0; i < used.count; i++) {
        buf_append_text(&writer->line, i > 0 ? ", " : "");
        append_task(writer, used.names[i]);
    }
}

void twin_say_gather(TwinWriter *writer, const Instr *instr) {
    if (check_tasks(writer, instr)) {
        buf_append_text(&writer->line, "await asyncio.gather(");
        append_tasks(writer, instr);
        buf_append_char(&writer->line, ')');
        twin_say_line(writer, instr, true);
    }
}

void twin_say_wait(TwinWriter *writer, const Instr *instr) {
    if (check_tasks(writer, instr)) {
        const bool first = (instr->flags & INSTR_FIRST) != 0;
        buf_append_text(&writer->line, "await asyncio.wait([");
        append_tasks(writer, instr);
        buf_append_text(&writer->line, first ? "], return_when=asyncio.FIRST_COMPLETED)" : "])");
        twin_say_line(writer, instr, true);
    }
}

/* ---- what tasks share ---- */

static void say_method(TwinWriter *writer, const Instr *instr, const char *method, bool awaits) {
    buf_printf(&writer->line, "%s%s.%s()", awaits ? "await " : "",
               writer->plan->idents[instr->name], method);
    twin_say_line(writer, instr, awaits);
}

void twin_say_acquire(TwinWriter *writer, const Instr *instr) {
    say_method(writer, instr, "acquire", true);
}

void twin_say_release(TwinWriter *writer, const Instr *instr) {
    say_method(writer, instr, "release", false);
}

void twin_say_wait_event(TwinWriter *writer, const Instr *instr) {
    say_method(writer, instr, "wait", true);
}

void twin_say_set_event(TwinWriter *writer, const Instr *instr) {
    say_method(writer, instr, "set", false);
}

void twin_say_clear_event(TwinWriter *writer, const Instr *instr) {
    say_method(writer, instr, "clear", false);
}

void twin_say_put(TwinWriter *writer, const Instr *instr) {
    if (twin_check_text(writer, instr)) {
        buf_printf(&writer->line, "await %s.put(", writer->plan->idents[instr->name]);
        twin_append_literal(writer, instr->arg);
        buf_append_char(&writer->line, ')');
        twin_say_line(writer, instr, true);
    }
}

void twin_say_get(TwinWriter *writer, const Instr *instr) {
    twin_give(writer, instr->arg);
    say_method(writer, instr, "get", true);
}

/* ---- channels ---- */

enum { RECEIVE_MAX_BYTES = 1024 * 1024 };

static const char *end_of(const TwinWriter *writer, const Instr *instr) {
    return writer->plan->ends[2 * writer->program->names[instr->name].object + instr->mode];
}

void twin_say_send_text(TwinWriter *writer, const Instr *instr) {
    if (twin_check_text(writer, instr)) {
        buf_printf(&writer->line, "await loop.sock_sendall(%s, ", end_of(writer, instr));
        twin_append_bytes(writer, instr->arg);
        buf_append_char(&writer->line, ')');
        twin_say_line(writer, instr, true);
    }
}

void twin_say_send_fill(TwinWriter *writer, const Instr *instr) {
    buf_printf(&writer->line, "await loop.sock_sendall(%s, ", end_of(writer, instr));
    twin_append_fill(writer, instr->imm);
    buf_append_char(&writer->line, ')');
    twin_say_line(writer, instr, true);
}

void twin_say_receive(TwinWriter *writer, const Instr *instr) {
    const bool keeps = instr->arg != PROGRAM_NONE;
    twin_give(writer, instr->arg);
    buf_printf(&writer->line, "%sawait loop.sock_recv(%s, ", keeps ? "(" : "",
               end_of(writer, instr));
    twin_append_size(&writer->line,
                     instr->imm < RECEIVE_MAX_BYTES ? instr->imm : RECEIVE_MAX_BYTES);
    buf_append_text(&writer->line, keeps ? ")).decode(\"utf-8\", \"replace\")" : ")");
    twin_say_line(writer, instr, true);
}

void twin_say_shut(TwinWriter *writer, const Instr *instr) {
    buf_printf(&writer->line, "%s.close()", end_of(writer, instr));
    twin_say_line(writer, instr, false);
}
