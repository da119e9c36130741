/* Steps that raise errors, catch them, or guard what stands in them. All are in step_table.c. */
#include "scenario/compile.h"

static uint32_t emit(Compiler *compiler, Instr instr) {
    return program_add_instr(compiler->builder, instr);
}

static uint32_t emit_glue(Compiler *compiler, OpCode op) {
    return emit(compiler, program_instr(op, PROGRAM_NONE));
}

static void compile_block(Compiler *compiler, Value block) {
    const ReaderMark mark = reader_enter_member(compiler->reader, block);
    steps_compile(compiler, block);
    reader_leave(compiler->reader, mark);
}

void step_raise(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    Instr instr = program_instr(OP_RAISE, at);
    const char *text = NULL;
    if (read_string(compiler->reader, verb, &text)) {
        instr.arg = text_compile(compiler, verb);
        emit(compiler, instr);
    }
}

/* TRY body TRIED except EXCEPTED FINALLY finally FINISHED; what the step has not is left out. */
void step_try(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Reader *reader = compiler->reader;
    ProgramBuilder *builder = compiler->builder;
    const Value except = value_member(reader, step, "except");
    const Value finally = value_member(reader, step, "finally");
    if (except.json == NULL && finally.json == NULL) {
        diag_set_expected(
            mistake_value(reader, step, "the step \"try\" needs \"except\" or \"finally\""),
            "\"except\", \"finally\" or both");
    }
    const uint32_t head = emit(compiler, program_instr(OP_TRY, at));
    compile_block(compiler, verb);
    if (except.json != NULL) {
        const uint32_t tried = emit_glue(compiler, OP_TRIED);
        program_patch_arg(builder, head, program_pc(builder));
        compiler->excepts++;
        compile_block(compiler, except);
        compiler->excepts--;
        emit_glue(compiler, OP_EXCEPTED);
        program_patch_arg(builder, tried, program_pc(builder));
    }
    if (finally.json != NULL) {
        emit_glue(compiler, OP_FINALLY);
        program_patch_imm(builder, head, program_pc(builder));
        compile_block(compiler, finally);
        emit_glue(compiler, OP_FINISHED);
    }
}

void step_group(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    emit(compiler, program_instr(OP_GROUP, at));
    compiler->groups++;
    compile_block(compiler, verb);
    compiler->groups--;
    emit_glue(compiler, OP_GROUPED);
}

void step_timeout(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = program_instr(OP_TIMEOUT, at);
    read_duration(compiler->reader, verb, &instr.imm);
    emit(compiler, instr);
    const Value steps = value_member(compiler->reader, step, "steps");
    if (steps.json != NULL) {
        compile_block(compiler, steps);
    }
    emit_glue(compiler, OP_TIMED);
}
