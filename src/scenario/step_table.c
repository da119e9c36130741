/* One table of every step of the format, and what is common to all: the verb, the options. */
#include "scenario/compile.h"

#include <string.h>

/* Every step's JSON Pointer is kept for the run; deep blocks and long names can make them huge. */
#define POINTER_BYTES_MAX ((size_t)256 << 20)

const StepRow STEP_ROWS[] = {
    {"log", step_log, {NULL}, {NULL}, false},
    {"note", step_note, {NULL}, {NULL}, false},
    {"ask", step_ask, {"choices", "answer", "because"}, {NULL}, false},
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
    {"gather", step_gather, {NULL}, {NULL}, true},
    {"wait", step_wait, {NULL}, {"until"}, true},
    {"cancel", step_cancel, {NULL}, {NULL}, false},
    {"group", step_group, {NULL}, {NULL}, true},
    {"timeout", step_timeout, {"steps"}, {NULL}, true},
    {"raise", step_raise, {NULL}, {NULL}, false},
    {"try", step_try, {NULL}, {"except", "finally"}, false},
    {"repeat", step_repeat, {"steps"}, {NULL}, false},
    {"with", step_with, {"steps"}, {NULL}, true},
    {"acquire", step_acquire, {NULL}, {NULL}, true},
    {"release", step_release, {NULL}, {NULL}, false},
    {"wait_event", step_wait_event, {NULL}, {NULL}, true},
    {"set_event", step_set_event, {NULL}, {NULL}, false},
    {"clear_event", step_clear_event, {NULL}, {NULL}, false},
    {"put", step_put, {"in"}, {NULL}, true},
    {"get", step_get, {NULL}, {"as"}, true},
    {"send", step_send, {"to"}, {NULL}, true},
    {"receive", step_receive, {"from"}, {"as"}, true},
    {"shut", step_shut, {NULL}, {NULL}, false},
    {"thread", step_thread, {NULL}, {NULL}, true},
};

const size_t STEP_ROW_COUNT = sizeof STEP_ROWS / sizeof STEP_ROWS[0];

const StepRow *step_row(const char *verb) {
    for (size_t i = 0; i < STEP_ROW_COUNT; i++) {
        if (strcmp(STEP_ROWS[i].verb, verb) == 0) {
            return &STEP_ROWS[i];
        }
    }
    return NULL;
}

Value step_verb(const Reader *reader, Value step) {
    Value member = value_child(reader, step);
    while (member.json != NULL && step_row(member.json->string) == NULL) {
        member = value_next(reader, member);
    }
    return member;
}

static bool is_listed(const char *const *list, const char *key) {
    for (size_t i = 0; i < STEP_OPTIONS_MAX && list[i] != NULL; i++) {
        if (strcmp(list[i], key) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_option_somewhere(const char *key) {
    for (size_t i = 0; i < STEP_ROW_COUNT; i++) {
        if (is_listed(STEP_ROWS[i].required, key) || is_listed(STEP_ROWS[i].optional, key)) {
            return true;
        }
    }
    return false;
}

/* What the step's "as" gives, where its verb is one of those that give something. */
static void give_name(Compiler *compiler, const char *verb, Value step) {
    const Value as = value_member(compiler->reader, step, "as");
    const NameKind kind = strcmp(verb, "open") == 0    ? NAME_HANDLE
                          : strcmp(verb, "spawn") == 0 ? NAME_LOCAL_TASK
                                                       : NAME_VARIABLE;
    const char *name = NULL;
    if (as.json != NULL && read_name(compiler->reader, as, &name)) {
        scope_give(compiler, program_add_name(compiler->builder, name), kind, as);
    }
}

/* No key of the object is a verb: the first that is no option either was probably meant as one. The
 * names that it gives are given all the same, so that one wrong letter is one mistake. */
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
    enum { VERBS_MAX = 64 };
    const char *verbs[VERBS_MAX];
    for (size_t i = 0; i < STEP_ROW_COUNT && i < VERBS_MAX; i++) {
        verbs[i] = STEP_ROWS[i].verb;
    }
    const char *key = member.json->string;
    Diag *diag = mistake_key(reader, member, "unknown step %s", quoted(reader, key));
    diag_set_expected(diag, "a step's verb, such as log, sleep, open or write");
    suggest(reader, diag, key, verbs, STEP_ROW_COUNT);
    const char *near = diag_nearest(key, verbs, STEP_ROW_COUNT);
    const StepRow *row = near == NULL ? NULL : step_row(near);
    if (row != NULL && (is_listed(row->required, "as") || is_listed(row->optional, "as"))) {
        give_name(compiler, near, step);
    }
}

static void mistake_unknown_option(Reader *reader, const StepRow *row, Value member) {
    const char *known[2 * STEP_OPTIONS_MAX];
    size_t count = 0;
    Buf list = {0};
    for (size_t i = 0; i < 2 * STEP_OPTIONS_MAX; i++) {
        const char *const *options = i < STEP_OPTIONS_MAX ? row->required : row->optional;
        const char *option = options[i % STEP_OPTIONS_MAX];
        if (option != NULL) {
            buf_printf(&list, "%s\"%s\"", count == 0 ? "" : ", ", option);
            known[count++] = option;
        }
    }
    const char *key = member.json->string;
    Diag *diag = mistake_key(reader, member, "unknown key %s in a step \"%s\"", quoted(reader, key),
                             row->verb);
    diag_set_expected(diag, "%s", count == 0 ? "no other key" : buf_text(&list));
    suggest(reader, diag, key, known, count);
    buf_finish(&list);
}

static void check_options(Reader *reader, const StepRow *row, Value step) {
    for (Value member = value_child(reader, step); member.json != NULL && !reader_is_full(reader);
         member = value_next(reader, member)) {
        const char *key = member.json->string;
        if (strcmp(key, row->verb) == 0 || is_listed(row->required, key) ||
            is_listed(row->optional, key)) {
            continue;
        }
        if (step_row(key) != NULL) {
            diag_set_expected(mistake_key(reader, member,
                                          "a step has one verb: \"%s\" and \"%s\" are two steps",
                                          row->verb, key),
                              "a step of its own");
        } else {
            mistake_unknown_option(reader, row, member);
        }
    }
    for (size_t i = 0; i < STEP_OPTIONS_MAX && row->required[i] != NULL; i++) {
        if (value_member(reader, step, row->required[i]).json == NULL) {
            diag_set_expected(mistake_value(reader, step, "the step \"%s\" needs the key \"%s\"",
                                            row->verb, row->required[i]),
                              "\"%s\"", row->required[i]);
        }
    }
}

/* The index of the step's pointer; false where the bound is passed (reported). */
static bool take_pointer(Compiler *compiler, Value step) {
    Reader *reader = compiler->reader;
    compiler->pointer_bytes += reader->pointer.size_bytes;
    if (compiler->pointer_bytes > POINTER_BYTES_MAX) {
        compiler->is_full = true;
        diag_set_expected(
            mistake_value(reader, step, "too many steps in blocks this deep or names this long"),
            "fewer steps, flatter blocks or shorter names");
        return false;
    }
    compiler->at = program_add_pointer(compiler->builder, buf_text(&reader->pointer));
    return true;
}

static void step_compile(Compiler *compiler, Value step) {
    Reader *reader = compiler->reader;
    if (!value_is_object(step)) {
        mistake_type(reader, step, "a step: an object like {\"log\": \"hello\"}");
        return;
    }
    check_duplicate_keys(reader, step);
    if (!take_pointer(compiler, step)) {
        return;
    }
    const Value verb = step_verb(reader, step);
    if (verb.json == NULL) {
        mistake_no_verb(compiler, step);
        return;
    }
    const StepRow *row = step_row(verb.json->string);
    check_options(reader, row, step);
    if (compiler->threads > 0) {
        thread_check_step(compiler, step, verb);
    }
    row->compile(compiler, step, verb, compiler->at);
}

void steps_compile(Compiler *compiler, Value steps) {
    Reader *reader = compiler->reader;
    if (!value_is_array(steps)) {
        mistake_type(reader, steps, "an array of steps");
        return;
    }
    size_t index = 0;
    for (Value step = value_child(reader, steps);
         step.json != NULL && !compiler->is_full && !reader_is_full(reader);
         step = value_next(reader, step)) {
        const ReaderMark mark = reader_enter_element(reader, step, index++);
        step_compile(compiler, step);
        reader_leave(reader, mark);
    }
}
