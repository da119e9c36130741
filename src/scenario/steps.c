/* The steps that this version runs, a function each. The table of all is in step_table.c. */
#include "scenario/compile.h"

#include <string.h>

/* ---- shared pieces ---- */

static uint32_t emit(Compiler *compiler, Instr instr) {
    return program_add_instr(compiler->builder, instr);
}

static bool is_blocking(Compiler *compiler, Value step) {
    const Value option = value_member(compiler->reader, step, "blocking");
    bool blocking = false;
    if (option.json != NULL) {
        read_bool(compiler->reader, option, &blocking);
    }
    return blocking;
}

/* A use of a file handle in an option or a verb's value; the name's index, or NONE. */
static uint32_t use_handle(Compiler *compiler, Value value) {
    const char *text = NULL;
    if (value.json == NULL || !read_name(compiler->reader, value, &text)) {
        return PROGRAM_NONE;
    }
    const uint32_t name = program_add_name(compiler->builder, text);
    scope_use(compiler, name, NAME_HANDLE, value);
    return name;
}

uint32_t step_give_as(Compiler *compiler, Value step, NameKind kind) {
    const Value option = value_member(compiler->reader, step, "as");
    const char *text = NULL;
    if (option.json == NULL || !read_name(compiler->reader, option, &text)) {
        return PROGRAM_NONE;
    }
    const uint32_t name = program_add_name(compiler->builder, text);
    scope_give(compiler, name, kind, option);
    return name;
}

static uint32_t use_coroutine(Compiler *compiler, Value verb) {
    Reader *reader = compiler->reader;
    const char *text = NULL;
    if (!read_name(reader, verb, &text)) {
        return PROGRAM_NONE;
    }
    const uint32_t name = program_add_name(compiler->builder, text);
    const uint32_t body = compiler_coroutine(compiler, name);
    const NameKind global = compiler_global(compiler, name);
    if (body == PROGRAM_NONE && global != NAME_UNKNOWN) {
        diag_set_expected(mistake_value(reader, verb, "%s is %s, not a coroutine",
                                        quoted(reader, text), NAME_KIND_WORDS[global]),
                          "a name from \"coroutines\"");
    } else if (body == PROGRAM_NONE) {
        Diag *diag = mistake_value(reader, verb, "there is no coroutine %s", quoted(reader, text));
        diag_set_expected(diag, "a name from \"coroutines\"");
        suggest(reader, diag, text, compiler->coroutine_names, compiler->coroutine_count);
    }
    return body;
}

static Instr file_instr(Compiler *compiler, OpCode op, Value step, uint32_t at) {
    Instr instr = program_instr(op, at);
    instr.flags = is_blocking(compiler, step) ? INSTR_BLOCKING : 0;
    return instr;
}

/* ---- the steps ---- */

static void compile_text_step(Compiler *compiler, OpCode op, Value verb, uint32_t at) {
    Instr instr = program_instr(op, at);
    const char *text = NULL;
    if (read_string(compiler->reader, verb, &text)) {
        instr.arg = text_compile(compiler, verb);
        emit(compiler, instr);
    }
}

void step_log(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_text_step(compiler, OP_LOG, verb, at);
}

void step_note(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_text_step(compiler, OP_NOTE, verb, at);
}

static void compile_duration(Compiler *compiler, OpCode op, Value verb, uint32_t at) {
    Instr instr = program_instr(op, at);
    if (read_duration(compiler->reader, verb, &instr.imm)) {
        emit(compiler, instr);
    }
}

void step_compute(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_duration(compiler, OP_COMPUTE, verb, at);
}

void step_sleep(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_duration(compiler, OP_SLEEP, verb, at);
}

static OpenMode read_mode(Compiler *compiler, Value step) {
    static const char *const MODES[] = {"w", "a", "r"};
    const Value option = value_member(compiler->reader, step, "mode");
    const char *text = NULL;
    if (option.json == NULL || !read_string(compiler->reader, option, &text)) {
        return OPEN_WRITE;
    }
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(text, MODES[i]) == 0) {
            return (OpenMode)(OPEN_WRITE + i);
        }
    }
    mistake_range(compiler->reader, option, "\"w\" to write, \"a\" to append or \"r\" to read");
    return OPEN_WRITE;
}

void step_open(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = file_instr(compiler, OP_OPEN, step, at);
    const char *path = NULL;
    const bool good = read_string(compiler->reader, verb, &path);
    instr.mode = (uint8_t)read_mode(compiler, step);
    instr.name = step_give_as(compiler, step, NAME_HANDLE);
    if (good) {
        text_check_path(compiler, verb);
        instr.arg = text_compile(compiler, verb);
        emit(compiler, instr);
    }
}

/* {"bytes": SIZE} in the place of a text. */
bool step_read_fill(Compiler *compiler, Value verb, const char *where, uint64_t *size) {
    static const char *const KEYS[] = {"bytes"};
    Reader *reader = compiler->reader;
    const ReaderMark mark = reader_enter_member(reader, verb);
    check_duplicate_keys(reader, verb);
    check_keys(reader, verb, KEYS, 1, where);
    check_has_key(reader, verb, "bytes", "this");
    const Value bytes = value_member(reader, verb, "bytes");
    const bool good = bytes.json != NULL && read_size(reader, bytes, 0, size);
    reader_leave(reader, mark);
    return good;
}

void step_write(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = file_instr(compiler, OP_WRITE_TEXT, step, at);
    instr.name = use_handle(compiler, value_member(compiler->reader, step, "to"));
    bool good = true;
    if (value_is_string(verb)) {
        instr.arg = text_compile(compiler, verb);
    } else if (value_is_object(verb)) {
        instr.op = OP_WRITE_FILL;
        good = step_read_fill(compiler, verb, "in what is written", &instr.imm);
    } else {
        good = mistake_type(compiler->reader, verb, "a text or {\"bytes\": SIZE}");
    }
    if (good) {
        emit(compiler, instr);
    }
}

void step_read(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = file_instr(compiler, OP_READ, step, at);
    instr.name = use_handle(compiler, value_member(compiler->reader, step, "from"));
    instr.arg = step_give_as(compiler, step, NAME_VARIABLE);
    if (read_size(compiler->reader, verb, 1, &instr.imm)) {
        emit(compiler, instr);
    }
}

void step_fsync(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = file_instr(compiler, OP_FSYNC, step, at);
    instr.name = use_handle(compiler, verb);
    emit(compiler, instr);
}

void step_close(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = file_instr(compiler, OP_CLOSE, step, at);
    instr.name = use_handle(compiler, verb);
    emit(compiler, instr);
}

void step_call(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    Instr instr = program_instr(OP_CALL, at);
    instr.arg = use_coroutine(compiler, verb);
    if (instr.arg != PROGRAM_NONE) {
        scope_call(compiler, instr.arg);
        emit(compiler, instr);
    }
}

void step_spawn(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = program_instr(OP_SPAWN, at);
    instr.arg = use_coroutine(compiler, verb);
    instr.name = step_give_as(compiler, step, NAME_LOCAL_TASK);
    if (instr.arg != PROGRAM_NONE) {
        scope_spawn(compiler, instr.arg);
        instr.flags = compiler->groups > 0 ? INSTR_GROUPED : 0;
        emit(compiler, instr);
    }
}

void step_repeat(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Reader *reader = compiler->reader;
    Instr instr = program_instr(OP_REPEAT, at);
    read_integer(reader, verb, 0, &instr.imm);
    instr.arg = 0; /* patched below */
    const uint32_t head = emit(compiler, instr);
    const Value steps = value_member(reader, step, "steps");
    if (steps.json != NULL) {
        const ReaderMark mark = reader_enter_member(reader, steps);
        compiler->loops++;
        steps_compile(compiler, steps);
        compiler->loops--;
        reader_leave(reader, mark);
    }
    Instr next = program_instr(OP_NEXT, PROGRAM_NONE);
    next.arg = head;
    emit(compiler, next);
    program_patch_arg(compiler->builder, head, program_pc(compiler->builder));
}
