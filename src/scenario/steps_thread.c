/* The step `thread`: what may stand in it. The table of all steps is in step_table.c. */
#include "scenario/compile.h"

#include <string.h>

/* What an ordinary function that is not a coroutine can do; all of these steps must work away from
 * the loop's thread (loop_threads.c). */
static const char *const VERBS[] = {"log",   "compute", "repeat", "open",
                                    "write", "read",    "fsync",  "close"};

bool thread_may_hold(const char *verb) {
    for (size_t i = 0; i < sizeof VERBS / sizeof VERBS[0]; i++) {
        if (strcmp(VERBS[i], verb) == 0) {
            return true;
        }
    }
    return false;
}

void thread_check_step(Compiler *compiler, Value step, Value verb) {
    Reader *reader = compiler->reader;
    const Value blocking = value_member(reader, step, "blocking");
    if (!thread_may_hold(verb.json->string)) {
        diag_set_expected(mistake_key(reader, verb, "a step \"%s\" can't stand inside \"thread\"",
                                      verb.json->string),
                          "log, compute, repeat, open, write, read, fsync or close");
    } else if (blocking.json != NULL) {
        diag_set_expected(
            mistake_key(reader, blocking, "\"blocking\" has no meaning inside \"thread\""),
            "no such key: file steps in a thread are plain calls already");
    }
}

/* THREAD body THREADED */
void step_thread(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    ProgramBuilder *builder = compiler->builder;
    const uint32_t head = program_add_instr(builder, program_instr(OP_THREAD, at));
    const ReaderMark mark = reader_enter_member(compiler->reader, verb);
    compiler->threads++;
    steps_compile(compiler, verb);
    compiler->threads--;
    reader_leave(compiler->reader, mark);
    program_add_instr(builder, program_instr(OP_THREADED, PROGRAM_NONE));
    program_patch_arg(builder, head, program_pc(builder));
}
