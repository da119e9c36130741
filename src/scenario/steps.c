/* The steps: one table of every verb of the format, and a function for each that this version runs. */
#include "scenario/compile.h"

#include "base/assert.h"

#include <string.h>

enum { OPTIONS_MAX = 5 };

typedef void StepCompile(Compiler *compiler, Value step, Value verb, uint32_t at);

typedef struct StepRow {
    const char *verb;
    StepCompile *compile;              /* NULL: not supported yet */
    const char *required[OPTIONS_MAX]; /* NULL ends */
    const char *optional[OPTIONS_MAX];
    bool awaits; /* it may give up control */
} StepRow;

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
    scope_use(compiler, name, NAME_HANDLE, compiler->reader->scan.nodes[value.node].start);
    return name;
}

static uint32_t give_as(Compiler *compiler, Value step, NameKind kind) {
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
    const char *text = NULL;
    if (!read_name(compiler->reader, verb, &text)) {
        return PROGRAM_NONE;
    }
    const uint32_t name = program_add_name(compiler->builder, text);
    const uint32_t body = compiler_coroutine(compiler, name);
    if (body == PROGRAM_NONE) {
        Buf message = {0};
        buf_printf(&message, "there is no coroutine \"%.64s\"", text);
        near_name(&message, text, compiler->coroutine_names, compiler->coroutine_count);
        diag_set_expected(mistake_value(compiler->reader, verb, "%s", buf_text(&message)),
                          "a name from \"coroutines\"");
        buf_finish(&message);
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
        instr.arg = text_compile(compiler, verb, text);
        emit(compiler, instr);
    }
}

static void step_log(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_text_step(compiler, OP_LOG, verb, at);
}

static void step_note(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_text_step(compiler, OP_NOTE, verb, at);
}

static void compile_duration(Compiler *compiler, OpCode op, Value verb, uint32_t at) {
    Instr instr = program_instr(op, at);
    if (read_duration(compiler->reader, verb, &instr.imm)) {
        emit(compiler, instr);
    }
}

static void step_compute(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    compile_duration(compiler, OP_COMPUTE, verb, at);
}

static void step_sleep(Compiler *compiler, Value step, Value verb, uint32_t at) {
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
    diag_set_expected(mistake_value(compiler->reader, option,
                                    "\"mode\" must be \"w\", \"a\" or \"r\", not \"%.32s\"", text),
                      "\"w\" to write, \"a\" to append, \"r\" to read");
    return OPEN_WRITE;
}

static void step_open(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = file_instr(compiler, OP_OPEN, step, at);
    const char *path = NULL;
    const bool good = read_string(compiler->reader, verb, &path);
    instr.mode = (uint8_t)read_mode(compiler, step);
    instr.name = give_as(compiler, step, NAME_HANDLE);
    if (good) {
        text_check_path(compiler, verb, path);
        instr.arg = text_compile(compiler, verb, path);
        emit(compiler, instr);
    }
}

/* {"bytes": SIZE} in the place of a text. */
static bool read_fill(Compiler *compiler, Value verb, uint64_t *size) {
    Reader *reader = compiler->reader;
    bool found = false;
    check_duplicate_keys(reader, verb);
    for (Value member = value_child(reader, verb); member.json != NULL;
         member = value_next(reader, member)) {
        if (strcmp(member.json->string, "bytes") == 0) {
            found = read_size(reader, member, 0, size);
            if (!found) {
                return false;
            }
        } else {
            mistake_key(reader, member, "unknown key \"%.64s\"; expected \"bytes\"",
                        member.json->string);
        }
    }
    if (!found) {
        diag_set_expected(mistake_value(reader, verb, "the key \"bytes\" is missing"),
                          "{\"bytes\": \"64KiB\"}");
    }
    return found;
}

static void step_write(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = file_instr(compiler, OP_WRITE_TEXT, step, at);
    instr.name = use_handle(compiler, value_member(compiler->reader, step, "to"));
    bool good = true;
    if (value_is_string(verb)) {
        instr.arg = text_compile(compiler, verb, verb.json->valuestring);
    } else if (value_is_object(verb)) {
        instr.op = OP_WRITE_FILL;
        good = read_fill(compiler, verb, &instr.imm);
    } else {
        good = mistake_type(compiler->reader, verb, "a text or {\"bytes\": SIZE}");
    }
    if (good) {
        emit(compiler, instr);
    }
}

static void step_read(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = file_instr(compiler, OP_READ, step, at);
    instr.name = use_handle(compiler, value_member(compiler->reader, step, "from"));
    instr.arg = give_as(compiler, step, NAME_VARIABLE);
    if (read_size(compiler->reader, verb, 1, &instr.imm)) {
        emit(compiler, instr);
    }
}

static void step_fsync(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = file_instr(compiler, OP_FSYNC, step, at);
    instr.name = use_handle(compiler, verb);
    emit(compiler, instr);
}

static void step_close(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = file_instr(compiler, OP_CLOSE, step, at);
    instr.name = use_handle(compiler, verb);
    emit(compiler, instr);
}

static void step_call(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    Instr instr = program_instr(OP_CALL, at);
    instr.arg = use_coroutine(compiler, verb);
    if (instr.arg != PROGRAM_NONE) {
        scope_call(compiler, instr.arg);
        emit(compiler, instr);
    }
}

static void step_spawn(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Instr instr = program_instr(OP_SPAWN, at);
    instr.arg = use_coroutine(compiler, verb);
    instr.name = give_as(compiler, step, NAME_LOCAL_TASK);
    if (instr.arg != PROGRAM_NONE) {
        scope_spawn(compiler, instr.arg);
        emit(compiler, instr);
    }
}

static void step_await(Compiler *compiler, Value step, Value verb, uint32_t at) {
    (void)step;
    Reader *reader = compiler->reader;
    Instr instr = program_instr(OP_AWAIT, at);
    const char *text = NULL;
    if (!read_name(reader, verb, &text)) {
        return;
    }
    instr.name = program_add_name(compiler->builder, text);
    const NameKind global = compiler_global(compiler, instr.name);
    if (compiler->task_name != NULL && strcmp(text, compiler->task_name) == 0) {
        mistake_value(reader, verb, "a task can't await itself");
    } else if (global == NAME_TASKS) {
        mistake_value(reader, verb,
                      "\"%.64s\" stands for several copies; a task with one copy can be awaited",
                      text);
    } else if (global != NAME_UNKNOWN && global != NAME_TASK) {
        diag_set_expected(mistake_value(reader, verb, "\"%.64s\" is %s, not a task", text,
                                        NAME_KIND_WORDS[global]),
                          "the name of a task");
    } else if (global == NAME_UNKNOWN) {
        scope_use(compiler, instr.name, NAME_LOCAL_TASK, reader->scan.nodes[verb.node].start);
    }
    emit(compiler, instr);
}

static void step_repeat(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Reader *reader = compiler->reader;
    Instr instr = program_instr(OP_REPEAT, at);
    read_integer(reader, verb, 0, INTEGER_MAX, &instr.imm);
    instr.arg = 0; /* patched below */
    const uint32_t head = emit(compiler, instr);
    const Value steps = value_member(reader, step, "steps");
    if (steps.json != NULL) {
        const size_t mark = reader_push_key(reader, "steps");
        compiler->loops++;
        steps_compile(compiler, steps);
        compiler->loops--;
        reader_pop(reader, mark);
    }
    Instr next = program_instr(OP_NEXT, PROGRAM_NONE);
    next.arg = head;
    emit(compiler, next);
    program_patch_arg(compiler->builder, head, program_pc(compiler->builder));
}

/* ---- the table ---- */

static const StepRow STEPS[] = {
    {"log", step_log, {NULL}, {NULL}, false},
    {"note", step_note, {NULL}, {NULL}, false},
    {"compute", step_compute, {NULL}, {NULL}, false},
    {"sleep", step_sleep, {NULL}, {NULL}, true},
    {"open", step_open, {"as"}, {"mode", "blocking"}, true},
    {"write", step_write, {"to"}, {"blocking"}, true},
    {"read", step_read, {"from"}, {"as", "blocking"}, true},
    {"fsync", step_fsync, {NULL}, {"blocking"}, true},
    {"close", step_close, {NULL}, {"blocking"}, true},
    {"call", step_call, {NULL}, {NULL}, true},
    {"spawn", step_spawn, {NULL}, {"as"}, false},
    {"await", step_await, {NULL}, {NULL}, true},
    {"gather", NULL, {NULL}, {NULL}, true},
    {"wait", NULL, {NULL}, {"until"}, true},
    {"cancel", NULL, {NULL}, {NULL}, false},
    {"group", NULL, {NULL}, {NULL}, true},
    {"timeout", NULL, {"steps"}, {NULL}, true},
    {"raise", NULL, {NULL}, {NULL}, false},
    {"try", NULL, {NULL}, {"except", "finally"}, false},
    {"repeat", step_repeat, {"steps"}, {NULL}, false},
    {"with", NULL, {"steps"}, {NULL}, true},
    {"acquire", NULL, {NULL}, {NULL}, true},
    {"release", NULL, {NULL}, {NULL}, false},
    {"wait_event", NULL, {NULL}, {NULL}, true},
    {"set_event", NULL, {NULL}, {NULL}, false},
    {"clear_event", NULL, {NULL}, {NULL}, false},
    {"put", NULL, {"in"}, {NULL}, true},
    {"get", NULL, {NULL}, {"as"}, true},
    {"send", NULL, {"to"}, {NULL}, true},
    {"receive", NULL, {"from"}, {"as"}, true},
    {"shut", NULL, {NULL}, {NULL}, false},
    {"thread", NULL, {NULL}, {NULL}, true},
};

enum { STEP_COUNT = sizeof STEPS / sizeof STEPS[0] };

static const StepRow *row_of(const char *key) {
    for (size_t i = 0; i < STEP_COUNT; i++) {
        if (strcmp(STEPS[i].verb, key) == 0) {
            return &STEPS[i];
        }
    }
    return NULL;
}

Value step_verb(const Reader *reader, Value step) {
    Value member = value_child(reader, step);
    while (member.json != NULL && row_of(member.json->string) == NULL) {
        member = value_next(reader, member);
    }
    return member;
}

bool step_awaits(const char *verb) {
    const StepRow *row = row_of(verb);
    return row != NULL && row->awaits;
}

static bool is_listed(const char *const *list, const char *key) {
    for (size_t i = 0; i < OPTIONS_MAX && list[i] != NULL; i++) {
        if (strcmp(list[i], key) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_option_somewhere(const char *key) {
    for (size_t i = 0; i < STEP_COUNT; i++) {
        if (is_listed(STEPS[i].required, key) || is_listed(STEPS[i].optional, key)) {
            return true;
        }
    }
    return false;
}

/* No key of the object is a verb: the first that is no option either was probably meant as one. */
static void mistake_no_verb(Compiler *compiler, Value step) {
    Reader *reader = compiler->reader;
    Value member = value_child(reader, step);
    while (member.json != NULL && is_option_somewhere(member.json->string)) {
        member = value_next(reader, member);
    }
    if (member.json == NULL) {
        diag_set_expected(mistake_value(reader, step, "a step needs a verb, such as \"log\""),
                          "an object like {\"log\": \"hello\"}");
        return;
    }
    const char *verbs[STEP_COUNT];
    for (size_t i = 0; i < STEP_COUNT; i++) {
        verbs[i] = STEPS[i].verb;
    }
    Buf message = {0};
    buf_printf(&message, "unknown step \"%.64s\"", member.json->string);
    near_name(&message, member.json->string, verbs, STEP_COUNT);
    diag_set_expected(mistake_key(reader, member, "%s", buf_text(&message)),
                      "a step's verb: log, sleep, open, write, ...");
    buf_finish(&message);
}

static void mistake_unknown_option(Compiler *compiler, const StepRow *row, Value member) {
    const char *known[2 * OPTIONS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < OPTIONS_MAX && row->required[i] != NULL; i++) {
        known[count++] = row->required[i];
    }
    for (size_t i = 0; i < OPTIONS_MAX && row->optional[i] != NULL; i++) {
        known[count++] = row->optional[i];
    }
    Buf message = {0};
    buf_printf(&message, "unknown key \"%.64s\" in a step \"%s\"", member.json->string, row->verb);
    near_name(&message, member.json->string, known, count);
    mistake_key(compiler->reader, member, "%s", buf_text(&message));
    buf_finish(&message);
}

static void check_options(Compiler *compiler, const StepRow *row, Value step, Value verb) {
    Reader *reader = compiler->reader;
    for (Value member = value_child(reader, step); member.json != NULL;
         member = value_next(reader, member)) {
        const char *key = member.json->string;
        if (member.json == verb.json || strcmp(key, row->verb) == 0 ||
            is_listed(row->required, key) || is_listed(row->optional, key)) {
            continue;
        }
        if (row_of(key) != NULL) {
            mistake_key(reader, member, "a step has one verb; \"%s\" and \"%s\" are two steps",
                        row->verb, key);
        } else {
            mistake_unknown_option(compiler, row, member);
        }
    }
    for (size_t i = 0; i < OPTIONS_MAX && row->required[i] != NULL; i++) {
        if (value_member(reader, step, row->required[i]).json == NULL) {
            diag_set_expected(mistake_value(reader, step, "a step \"%s\" needs the key \"%s\"",
                                            row->verb, row->required[i]),
                              "\"%s\"", row->required[i]);
        }
    }
}

static void step_compile(Compiler *compiler, Value step) {
    Reader *reader = compiler->reader;
    if (!value_is_object(step)) {
        mistake_type(reader, step, "a step: an object like {\"log\": \"hello\"}");
        return;
    }
    check_duplicate_keys(reader, step);
    const Value verb = step_verb(reader, step);
    if (verb.json == NULL) {
        mistake_no_verb(compiler, step);
        return;
    }
    const StepRow *row = row_of(verb.json->string);
    if (row->compile == NULL) {
        diag_set_expected(mistake_key(reader, verb,
                                      "the step \"%s\" is not supported yet by this version",
                                      row->verb),
                          "one of the steps of docs/scenario.md");
        return;
    }
    check_options(compiler, row, step, verb);
    row->compile(compiler, step, verb,
                 program_add_pointer(compiler->builder, buf_text(&reader->pointer)));
}

void steps_compile(Compiler *compiler, Value steps) {
    Reader *reader = compiler->reader;
    if (!value_is_array(steps)) {
        mistake_type(reader, steps, "an array of steps");
        return;
    }
    size_t index = 0;
    for (Value step = value_child(reader, steps); step.json != NULL;
         step = value_next(reader, step), index++) {
        const size_t mark = reader_push_index(reader, index);
        step_compile(compiler, step);
        reader_pop(reader, mark);
    }
}
