/* Steps on what tasks share: locks, semaphores, events and queues. The table of all is in
 * step_table.c. */
#include "scenario/compile.h"

#include "base/mem.h"

#include <stdlib.h>

/* What a step wants; `other` as `kind` where it takes one kind alone. */
typedef struct Wanted {
    NameKind kind, other;
    const char *words; /* "lock or semaphore" */
    const char *expected;
} Wanted;

static const Wanted WANTS_LOCK = {NAME_LOCK, NAME_SEMAPHORE, "lock or semaphore",
                                  "a name from \"locks\" or \"semaphores\""};
static const Wanted WANTS_EVENT = {NAME_EVENT, NAME_EVENT, "event", "a name from \"events\""};
static const Wanted WANTS_QUEUE = {NAME_QUEUE, NAME_QUEUE, "queue", "a name from \"queues\""};

static void suggest_shared(Compiler *compiler, Diag *diag, const char *text, const Wanted *wanted) {
    const char **names = mem_alloc(compiler->globals_cap, sizeof *names);
    size_t count = 0;
    for (uint32_t name = 0; name < compiler->globals_cap; name++) {
        if (compiler->globals[name] == wanted->kind || compiler->globals[name] == wanted->other) {
            names[count++] = program_name_text(compiler->builder, name);
        }
    }
    suggest(compiler->reader, diag, text, names, count);
    free(names);
}

static uint32_t use_shared(Compiler *compiler, Value value, const Wanted *wanted) {
    Reader *reader = compiler->reader;
    const char *text = NULL;
    if (value.json == NULL || !read_name(reader, value, &text)) {
        return PROGRAM_NONE;
    }
    const uint32_t name = program_add_name(compiler->builder, text);
    const NameKind kind = compiler_global(compiler, name);
    if (kind == wanted->kind || kind == wanted->other) {
        return name;
    }
    Diag *diag = kind != NAME_UNKNOWN
                     ? mistake_value(reader, value, "%s is %s, not a shared %s",
                                     quoted(reader, text), NAME_KIND_WORDS[kind], wanted->words)
                     : mistake_value(reader, value, "there is no %s %s", wanted->words,
                                     quoted(reader, text));
    diag_set_expected(diag, "%s", wanted->expected);
    if (kind == NAME_UNKNOWN) {
        suggest_shared(compiler, diag, text, wanted);
    }
    return PROGRAM_NONE;
}

static void compile_shared(Compiler *compiler, OpCode op, Value verb, uint32_t at,
                           const Wanted *wanted) {
    Instr instr = program_instr(op, at);
    instr.name = use_shared(compiler, verb, wanted);
    if (instr.name != PROGRAM_NONE) {
        program_add_instr(compiler->builder, instr);
    }
}

void step_with(Compiler *compiler, Value step, Value verb, uint32_t at) {
    compile_shared(compiler, OP_WITH, verb, at, &WANTS_LOCK);
    const Value steps = value_member(compiler->reader, step, "steps");
    if (steps.json != NULL) {
        const ReaderMark mark = reader_enter_member(compiler->reader, steps);
        steps_compile(compiler, steps);
        reader_leave(compiler->reader, mark);
    }
    program_add_instr(compiler->builder, program_instr(OP_WITHOUT, PROGRAM_NONE));
}

void step_acquire(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_shared(compiler, OP_ACQUIRE, verb, at, &WANTS_LOCK);
}

void step_release(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_shared(compiler, OP_RELEASE, verb, at, &WANTS_LOCK);
}

void step_wait_event(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_shared(compiler, OP_WAIT_EVENT, verb, at, &WANTS_EVENT);
}

void step_set_event(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_shared(compiler, OP_SET_EVENT, verb, at, &WANTS_EVENT);
}

void step_clear_event(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_shared(compiler, OP_CLEAR_EVENT, verb, at, &WANTS_EVENT);
}

void step_put(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = program_instr(OP_PUT, at);
    const char *text = NULL;
    instr.name = use_shared(compiler, value_member(compiler->reader, step, "in"), &WANTS_QUEUE);
    if (read_string(compiler->reader, verb, &text)) {
        instr.arg = text_compile(compiler, verb);
        if (instr.name != PROGRAM_NONE) {
            program_add_instr(compiler->builder, instr);
        }
    }
}

void step_get(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = program_instr(OP_GET, at);
    instr.name = use_shared(compiler, verb, &WANTS_QUEUE);
    instr.arg = step_give_as(compiler, step, NAME_VARIABLE);
    if (instr.name != PROGRAM_NONE) {
        program_add_instr(compiler->builder, instr);
    }
}
