/* The builder: what is added stays as it was, names are one, the program outlives the builder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "program/program.h"

#include <stdio.h>
#include <string.h>

static void an_instruction_begins_with_nothing(void **state) {
    (void)state;
    const Instr instr = program_instr(OP_FSYNC, 7);
    assert_int_equal(instr.op, OP_FSYNC);
    assert_int_equal(instr.at, 7);
    assert_int_equal(instr.name, PROGRAM_NONE);
    assert_int_equal(instr.arg, PROGRAM_NONE);
    assert_int_equal(instr.flags + instr.mode + instr.unused, 0);
    assert_int_equal(instr.imm, 0);
}

static void a_spelling_is_one_name(void **state) {
    (void)state;
    enum { NAMES = 5000 };
    ProgramBuilder *builder = program_builder_create();
    char text[16];
    for (uint32_t i = 0; i < NAMES; i++) {
        snprintf(text, sizeof text, "name_%u", i);
        assert_int_equal(program_add_name(builder, text), i);
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        snprintf(text, sizeof text, "name_%u", i);
        assert_int_equal(program_add_name(builder, text), i);
        assert_string_equal(program_name_text(builder, i), text);
    }
    Program *program = program_build(builder);
    assert_int_equal(program->name_count, NAMES);
    assert_string_equal(program->names[NAMES - 1].text, "name_4999");
    assert_false(program->names[0].global);
    assert_int_equal(program->names[0].task, PROGRAM_NONE);
    program_destroy(program);
}

/* repeat 3 { log "a{i}{NAME}" }, written by hand. */
static Program *small_program(void) {
    ProgramBuilder *builder = program_builder_create();
    char text[] = "a", pointer[] = "/tasks/0/steps/0", name[] = "t";
    const uint32_t variable = program_add_name(builder, "v");
    const uint32_t global = program_add_name(builder, name);
    program_set_global(builder, global, 0);
    const uint32_t body = program_add_body(builder, name);
    program_set_entry(builder, body, program_pc(builder));
    Instr repeat = program_instr(OP_REPEAT, program_add_pointer(builder, pointer));
    repeat.imm = 3;
    const uint32_t head = program_add_instr(builder, repeat);
    Instr log = program_instr(OP_LOG, program_add_pointer(builder, "/tasks/0/steps/0/steps/0"));
    const Piece pieces[] = {{.kind = PIECE_TEXT, .text = text, .length = 1},
                            {.kind = PIECE_LOOP},
                            {.kind = PIECE_NAME, .name = variable}};
    log.arg = program_add_template(builder, pieces, 3);
    program_add_instr(builder, log);
    Instr fill = program_instr(OP_WRITE_FILL, PROGRAM_NONE);
    fill.imm = 4096;
    program_add_instr(builder, fill);
    Instr next = program_instr(OP_NEXT, PROGRAM_NONE);
    next.arg = head;
    program_add_instr(builder, next);
    program_patch_arg(builder, head, program_pc(builder));
    program_add_instr(builder, program_instr(OP_RETURN, PROGRAM_NONE));
    program_add_task(builder, name, body, 4, true);
    ProgramLimits limits = program_no_limits();
    limits.tasks = 9;
    program_set_limits(builder, limits);
    memset(text, '?', sizeof text); /* what was added is a copy */
    memset(pointer, '?', sizeof pointer);
    memset(name, '?', sizeof name);
    return program_build(builder);
}

static void a_program_is_what_was_added(void **state) {
    (void)state;
    Program *program = small_program();
    assert_int_equal(program->code_count, 5);
    assert_int_equal(program->code[0].op, OP_REPEAT);
    assert_int_equal(program->code[0].arg, 4); /* behind the block */
    assert_int_equal(program->code[3].arg, 0); /* back to its head */
    assert_string_equal(program->pointers[program->code[0].at], "/tasks/0/steps/0");
    const Template all = program->templates[program->code[1].arg];
    assert_int_equal(all.count, 3);
    const Piece *pieces = program->pieces + all.first;
    assert_int_equal(pieces[0].kind, PIECE_TEXT);
    assert_int_equal(pieces[0].length, 1);
    assert_string_equal(pieces[0].text, "a");
    assert_int_equal(pieces[1].kind, PIECE_LOOP);
    assert_string_equal(program->names[pieces[2].name].text, "v");
    assert_string_equal(program->bodies[0].name, "t");
    assert_int_equal(program->bodies[0].entry, 0);
    assert_string_equal(program->tasks[0].name, "t");
    assert_int_equal(program->tasks[0].count, 4);
    assert_true(program->tasks[0].numbered);
    assert_true(program->names[1].global);
    assert_int_equal(program->names[1].task, 0);
    assert_int_equal(program->limits.tasks, 9);
    assert_int_equal(program->limits.bytes, PROGRAM_NO_LIMIT);
    assert_int_equal(program->max_fill_bytes, 4096);
    program_destroy(program);
}

static void many_instructions_and_templates_are_kept(void **state) {
    (void)state;
    enum { STEPS = 20000 };
    ProgramBuilder *builder = program_builder_create();
    char text[16];
    for (unsigned i = 0; i < STEPS; i++) {
        const int length = snprintf(text, sizeof text, "%u", i);
        Instr instr = program_instr(OP_LOG, program_add_pointer(builder, text));
        instr.arg = program_add_template(
            builder, &(Piece){.kind = PIECE_TEXT, .text = text, .length = (size_t)length}, 1);
        assert_int_equal(program_add_instr(builder, instr), i);
        assert_string_equal(program_pointer_text(builder, i), text);
    }
    Program *program = program_build(builder);
    for (unsigned i = 0; i < STEPS; i++) {
        snprintf(text, sizeof text, "%u", i);
        const Template all = program->templates[program->code[i].arg];
        assert_string_equal(program->pieces[all.first].text, text);
        assert_string_equal(program->pointers[program->code[i].at], text);
        assert_int_equal(program_step_at(program, text), i);
    }
    assert_int_equal(program_step_at(program, "/nowhere"), PROGRAM_NONE);
    program_destroy(program);
}

static void what_was_never_finished_can_be_dropped(void **state) {
    (void)state;
    ProgramBuilder *builder = program_builder_create();
    program_add_name(builder, "n");
    program_add_body(builder, "b");
    program_add_pointer(builder, "/p");
    program_builder_destroy(builder);
    program_builder_destroy(NULL);
    program_destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instruction_begins_with_nothing),
        cmocka_unit_test(a_spelling_is_one_name),
        cmocka_unit_test(a_program_is_what_was_added),
        cmocka_unit_test(many_instructions_and_templates_are_kept),
        cmocka_unit_test(what_was_never_finished_can_be_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
