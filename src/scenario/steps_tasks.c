/* Steps that name tasks: await, cancel, gather, wait. The table of all is in step_table.c. */
#include "scenario/compile.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* What a step does with a task, in the words of messages. */
typedef struct TaskVerb {
    const char *order, *done;
    bool may_be_own; /* a submitted task may do it to itself */
} TaskVerb;

/* NAME-0 and so on, where NAME has copies: they are called so, but no name is one. */
static bool is_copy(Compiler *compiler, Value value) {
    const char *text = value_is_string(value) ? value.json->valuestring : "";
    const char *dash = strrchr(text, '-');
    if (dash == NULL || dash[1] == '\0' || dash[1 + strspn(dash + 1, "0123456789")] != '\0') {
        return false;
    }
    Buf name = {0};
    buf_append(&name, text, (size_t)(dash - text));
    const NameKind kind =
        compiler_global(compiler, program_add_name(compiler->builder, buf_text(&name)));
    buf_finish(&name);
    return kind == NAME_TASKS;
}

static uint32_t use_task(Compiler *compiler, Value value, TaskVerb verb) {
    Reader *reader = compiler->reader;
    const char *text = NULL;
    if (is_copy(compiler, value)) {
        diag_set_expected(mistake_value(reader, value,
                                        "%s is one of several copies; they can't be "
                                        "%s by name",
                                        quoted(reader, value.json->valuestring), verb.done),
                          "the name of a task without \"count\"");
        return PROGRAM_NONE;
    }
    if (!read_name(reader, value, &text)) {
        return PROGRAM_NONE;
    }
    const uint32_t name = program_add_name(compiler->builder, text);
    const NameKind global = compiler_global(compiler, name);
    if (global == NAME_TASKS) {
        diag_set_expected(mistake_value(reader, value,
                                        "%s stands for several tasks; %s one that has a name",
                                        quoted(reader, text), verb.order),
                          "the name of a task without \"count\"");
    } else if (global != NAME_UNKNOWN && global != NAME_TASK) {
        diag_set_expected(mistake_value(reader, value, "%s is %s, not a task", quoted(reader, text),
                                        NAME_KIND_WORDS[global]),
                          "the name of a task");
    } else if (global != NAME_TASK || !verb.may_be_own) {
        scope_use(compiler, name, global == NAME_TASK ? NAME_TASK : NAME_LOCAL_TASK, value);
    }
    return name;
}

void step_await(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    Instr instr = program_instr(OP_AWAIT, at);
    instr.name = use_task(compiler, verb, (TaskVerb){"await", "awaited", false});
    if (instr.name != PROGRAM_NONE) {
        program_add_instr(compiler->builder, instr);
    }
}

void step_cancel(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    Instr instr = program_instr(OP_CANCEL, at);
    instr.name = use_task(compiler, verb, (TaskVerb){"cancel", "cancelled", true});
    if (instr.name != PROGRAM_NONE) {
        program_add_instr(compiler->builder, instr);
    }
}

/* ---- lists of tasks ---- */

/* `seen` has a mark by name; it grows as names are met. */
static bool is_repeated(Compiler *compiler, Value item, uint32_t name, uint8_t **seen,
                        size_t *cap) {
    const size_t before = *cap;
    *seen = mem_grow(*seen, cap, (size_t)name + 1, 1);
    memset(*seen + before, 0, *cap - before);
    if ((*seen)[name] == 0) {
        (*seen)[name] = 1;
        return false;
    }
    Reader *reader = compiler->reader;
    diag_set_expected(mistake_value(reader, item, "%s stands in the list twice",
                                    quoted(reader, item.json->valuestring)),
                      "each task once");
    return true;
}

/* The names of the list, one after the other: arg and imm of the instruction. */
static bool compile_list(Compiler *compiler, Value verb, Instr *instr, TaskVerb words) {
    Reader *reader = compiler->reader;
    if (!value_is_array(verb)) {
        return mistake_type(reader, verb, "an array of names of tasks");
    }
    if (value_count(verb) == 0) {
        diag_set_expected(
            mistake_value(reader, verb, "\"%s\" needs at least one task", verb.json->string),
            "an array of names of tasks");
        return false;
    }
    uint8_t *seen = NULL;
    size_t seen_cap = 0;
    const ReaderMark list = reader_enter_member(reader, verb);
    compiler->list_verb = verb.json->string;
    compiler->list_index = 0;
    for (Value item = value_child(reader, verb); item.json != NULL && !reader_is_full(reader);
         item = value_next(reader, item)) {
        const ReaderMark mark = reader_enter_element(reader, item, compiler->list_index);
        const uint32_t name = use_task(compiler, item, words);
        if (name != PROGRAM_NONE && !is_repeated(compiler, item, name, &seen, &seen_cap)) {
            const uint32_t at = program_add_list_name(compiler->builder, name);
            instr->arg = instr->imm++ == 0 ? at : instr->arg;
        }
        compiler->list_index++;
        reader_leave(reader, mark);
    }
    compiler->list_verb = NULL;
    reader_leave(reader, list);
    free(seen);
    return instr->imm > 0;
}

void step_gather(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    Instr instr = program_instr(OP_GATHER, at);
    if (compile_list(compiler, verb, &instr, (TaskVerb){"gather", "gathered", true})) {
        program_add_instr(compiler->builder, instr);
    }
}

static bool waits_for_first(Compiler *compiler, Value step) {
    const Value until = value_member(compiler->reader, step, "until");
    const char *text = "all";
    if (until.json != NULL && read_string(compiler->reader, until, &text) &&
        strcmp(text, "all") != 0 && strcmp(text, "first") != 0) {
        mistake_range(compiler->reader, until, "\"all\" or \"first\"");
    }
    return strcmp(text, "first") == 0;
}

void step_wait(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = program_instr(OP_WAIT, at);
    instr.flags = waits_for_first(compiler, step) ? INSTR_FIRST : 0;
    if (compile_list(compiler, verb, &instr, (TaskVerb){"wait for", "waited for", true})) {
        program_add_instr(compiler->builder, instr);
    }
}
