/* Blocks: errors that are caught give their memory back, and the cancelled pass "except" by. */
#include "loop_rig.h"

/* TRY raise TRIED except EXCEPTED, a hundred thousand times. */
static void caught_errors_are_forgotten(void **state) {
    (void)state;
    Rig rig = rig_make();
    rig.unlogged = true;
    rig.limits.memory_bytes = 2048;
    rig_task(&rig, "a", rig_body(&rig, "a"));
    const uint32_t repeat = rig_repeat(&rig, 100000);
    const uint32_t attempt = program_add_instr(rig.builder, rig_instr(&rig, OP_TRY));
    Instr raise = rig_instr(&rig, OP_RAISE);
    raise.arg = rig_text(&rig, "an error of some length");
    program_add_instr(rig.builder, raise);
    const uint32_t tried = program_add_instr(rig.builder, program_instr(OP_TRIED, PROGRAM_NONE));
    program_patch_arg(rig.builder, attempt, program_pc(rig.builder));
    program_add_instr(rig.builder, program_instr(OP_EXCEPTED, PROGRAM_NONE));
    program_patch_arg(rig.builder, tried, program_pc(rig.builder));
    rig_repeat_end(&rig, repeat);
    rig_end(&rig);
    rig_run(&rig);
    assert_int_equal(rig.end.reason, STOP_DONE);
    assert_int_equal(rig.end.failed, 0);
    rig_finish(&rig);
}

/* {error} is what the innermost "except" caught; the outer one has its own again behind it. */
static void except_says_its_own_error(void **state) {
    (void)state;
    Rig rig = rig_make();
    rig_task(&rig, "a", rig_body(&rig, "a"));
    const Piece error = {.kind = PIECE_ERROR};
    const uint32_t says_error = program_add_template(rig.builder, &error, 1);
    uint32_t attempts[2], tried[2];
    static const char *const TEXTS[] = {"outer", "inner"};
    for (int depth = 0; depth < 2; depth++) {
        attempts[depth] = program_add_instr(rig.builder, rig_instr(&rig, OP_TRY));
        Instr raise = rig_instr(&rig, OP_RAISE);
        raise.arg = rig_text(&rig, TEXTS[depth]);
        program_add_instr(rig.builder, raise);
        tried[depth] = program_add_instr(rig.builder, program_instr(OP_TRIED, PROGRAM_NONE));
        program_patch_arg(rig.builder, attempts[depth], program_pc(rig.builder));
        rig_log_template(&rig, says_error);
    }
    for (int depth = 1; depth >= 0; depth--) {
        program_add_instr(rig.builder, program_instr(OP_EXCEPTED, PROGRAM_NONE));
        program_patch_arg(rig.builder, tried[depth], program_pc(rig.builder));
        if (depth == 1) {
            rig_log_template(&rig, says_error);
        }
    }
    rig_end(&rig);
    rig_run(&rig);
    rig_expect_output(&rig, "outer\ninner\nouter\n");
    assert_int_equal(rig.end.failed, 0);
    rig_finish(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(caught_errors_are_forgotten),
        cmocka_unit_test(except_says_its_own_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
