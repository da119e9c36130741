/* Names: who gives them, who uses them, and whether a user can ever find them given.
 *
 * A coroutine that is called shares its caller's names; one that is spawned starts with none. So a
 * use is good when some root (a task, a spawned coroutine, or a coroutine that nobody runs)
 * reaches it by calls and, among all bodies that this root reaches, one gives the name. */
#include "scenario/compile.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

const char *const NAME_KIND_WORDS[NAME_KIND_COUNT] = {
    "nothing",        "a task",      "a task of several copies",
    "a lock",         "a semaphore", "an event",
    "a queue",        "a channel",   "a file handle",
    "a spawned task", "a variable"};

/* A file may make roots and bodies meet so often that checking all would take minutes. */
#define SCOPE_WORK_MAX UINT64_C(200000000)

NameKind compiler_global(const Compiler *compiler, uint32_t name) {
    return name < compiler->globals_cap ? compiler->globals[name] : NAME_UNKNOWN;
}

void compiler_set_global(Compiler *compiler, uint32_t name, NameKind kind) {
    const size_t old = compiler->globals_cap;
    compiler->globals = mem_grow(compiler->globals, &compiler->globals_cap, (size_t)name + 1,
                                 sizeof *compiler->globals);
    for (size_t i = old; i < compiler->globals_cap; i++) {
        compiler->globals[i] = NAME_UNKNOWN;
    }
    compiler->globals[name] = kind;
}

uint32_t compiler_coroutine(const Compiler *compiler, uint32_t name) {
    return name < compiler->coroutines_cap ? compiler->coroutines[name] : PROGRAM_NONE;
}

void compiler_set_coroutine(Compiler *compiler, const char *text, uint32_t name, uint32_t body) {
    const size_t old = compiler->coroutines_cap;
    compiler->coroutines = mem_grow(compiler->coroutines, &compiler->coroutines_cap,
                                    (size_t)name + 1, sizeof *compiler->coroutines);
    for (size_t i = old; i < compiler->coroutines_cap; i++) {
        compiler->coroutines[i] = PROGRAM_NONE;
    }
    compiler->coroutines[name] = body;
    compiler->coroutine_names =
        mem_grow(compiler->coroutine_names, &compiler->coroutine_name_cap,
                 compiler->coroutine_count + 1, sizeof *compiler->coroutine_names);
    compiler->coroutine_names[compiler->coroutine_count++] = text;
}

/* ---- recording ---- */

static BodyScope *scope_of(Compiler *compiler, uint32_t body) {
    compiler->scopes = mem_grow(compiler->scopes, &compiler->scope_cap, (size_t)body + 1,
                                sizeof *compiler->scopes);
    while (compiler->scope_count <= body) {
        compiler->scopes[compiler->scope_count++] = (BodyScope){.task_name = PROGRAM_NONE};
    }
    return &compiler->scopes[body];
}

void scope_begin(Compiler *compiler, uint32_t body, bool is_task, uint32_t task_name) {
    BodyScope *scope = scope_of(compiler, body);
    scope->is_root = scope->is_root || is_task;
    scope->task_name = task_name;
    scope->first_use = compiler->use_count;
    scope->first_call = compiler->call_count;
    compiler->body = body;
}

void scope_end(Compiler *compiler) {
    BodyScope *scope = scope_of(compiler, compiler->body);
    scope->use_count = compiler->use_count - scope->first_use;
    scope->call_count = compiler->call_count - scope->first_call;
}

static NameUse *add_use(Compiler *compiler, uint32_t name, NameKind kind, Value value) {
    compiler->uses = mem_grow(compiler->uses, &compiler->use_cap, compiler->use_count + 1,
                              sizeof *compiler->uses);
    NameUse *use = &compiler->uses[compiler->use_count++];
    *use = (NameUse){.name = name,
                     .kind = kind,
                     .value = value,
                     .offset = value_start(compiler->reader, value),
                     .at = compiler->at,
                     .list = compiler->list_verb,
                     .index = compiler->list_index};
    return use;
}

void scope_use(Compiler *compiler, uint32_t name, NameKind wanted, Value value) {
    add_use(compiler, name, wanted, value);
}

void scope_use_placeholder(Compiler *compiler, uint32_t name, Value value, uint32_t offset) {
    NameUse *use = add_use(compiler, name, NAME_VARIABLE, value);
    use->offset = offset;
    use->is_placeholder = true;
}

void scope_give(Compiler *compiler, uint32_t name, NameKind kind, Value value) {
    const NameKind global = compiler_global(compiler, name);
    if (global != NAME_UNKNOWN) {
        Reader *reader = compiler->reader;
        const char *word = strchr(NAME_KIND_WORDS[global], ' ') + 1;
        diag_set_expected(mistake_value(reader, value, "%s would hide the %s of that name",
                                        quoted(reader, value.json->valuestring), word),
                          "a name that nothing at the top level has");
        return;
    }
    add_use(compiler, name, kind, value)->gives = true;
}

void scope_call(Compiler *compiler, uint32_t body) {
    compiler->calls = mem_grow(compiler->calls, &compiler->call_cap, compiler->call_count + 1,
                               sizeof *compiler->calls);
    compiler->calls[compiler->call_count++] = body;
    scope_of(compiler, body)->is_called = true;
}

void scope_spawn(Compiler *compiler, uint32_t body) {
    scope_of(compiler, body)->is_root = true;
}

/* ---- checking ---- */

typedef struct Check {
    Compiler *compiler;
    uint32_t *seen;       /* by body: the root that reached it last, + 1 */
    uint32_t *given_for;  /* by name: the root that it is given for, + 1 */
    NameKind *given_kind; /* by name, for that root */
    NameKind *ever_given; /* by name: what anything gives it to, for messages */
    uint32_t *reached;    /* bodies of the root at hand */
    size_t reached_count;
    uint64_t work;
    const char **near[NAME_KIND_COUNT]; /* names that are given, by kind; NULL: not gathered yet */
    size_t near_count[NAME_KIND_COUNT];
} Check;

static void reach(Check *check, uint32_t root) {
    check->reached[0] = root;
    check->reached_count = 1;
    check->seen[root] = root + 1;
    for (size_t i = 0; i < check->reached_count; i++) {
        const BodyScope *scope = &check->compiler->scopes[check->reached[i]];
        for (size_t k = 0; k < scope->call_count; k++) {
            const uint32_t body = check->compiler->calls[scope->first_call + k];
            if (check->seen[body] != root + 1) {
                check->seen[body] = root + 1;
                check->reached[check->reached_count++] = body;
            }
        }
        check->work += 1 + scope->call_count + scope->use_count;
    }
}

/* The walk is over, so the pointer is put together again. */
static void set_pointer(const Compiler *compiler, Diag *diag, const NameUse *use) {
    Buf pointer = {0};
    buf_append_text(&pointer, program_pointer_text(compiler->builder, use->at));
    if (use->list != NULL) {
        buf_printf(&pointer, "/%s/%zu", use->list, use->index);
    } else {
        buf_printf(&pointer, "/%s", use->value.json->string); /* a verb or an option: no escapes */
    }
    diag_set_pointer(diag, buf_text(&pointer));
    buf_finish(&pointer);
}

static void take_gift(Check *check, uint32_t root, NameUse *use) {
    Reader *reader = check->compiler->reader;
    if (check->given_for[use->name] != root + 1) {
        check->given_for[use->name] = root + 1;
        check->given_kind[use->name] = use->kind;
        check->ever_given[use->name] = use->kind;
    } else if (check->given_kind[use->name] != use->kind && !use->settled) {
        use->settled = true;
        const char *was = NAME_KIND_WORDS[check->given_kind[use->name]];
        Diag *diag = mistake_value(reader, use->value, "%s is already %s in the same task",
                                   quoted(reader, use->value.json->valuestring), was);
        diag_set_expected(diag, "another name, or the name of %s", was);
        set_pointer(check->compiler, diag, use);
    }
}

/* Whether the name means what the use wants, when it runs in a task of this root. */
static bool is_met(const Check *check, uint32_t root, const NameUse *use) {
    if (use->kind == NAME_TASK) { /* a submitted task is always there: but not for itself */
        return check->compiler->scopes[root].task_name != use->name;
    }
    return check->given_for[use->name] == root + 1 && check->given_kind[use->name] == use->kind;
}

static void take_uses(Check *check, uint32_t root, bool gifts) {
    for (size_t i = 0; i < check->reached_count; i++) {
        const BodyScope *scope = &check->compiler->scopes[check->reached[i]];
        for (size_t k = 0; k < scope->use_count; k++) {
            NameUse *use = &check->compiler->uses[scope->first_use + k];
            if (use->gives && gifts) {
                take_gift(check, root, use);
            } else if (!use->gives && !gifts) {
                use->settled = use->settled || is_met(check, root, use);
            }
        }
    }
}

static void check_roots(Check *check, bool real) {
    const Compiler *compiler = check->compiler;
    for (uint32_t body = 0; body < compiler->scope_count && check->work <= SCOPE_WORK_MAX; body++) {
        const BodyScope *scope = &compiler->scopes[body];
        if (real ? scope->is_root || !scope->is_called : check->seen[body] == 0) {
            reach(check, body);
            take_uses(check, body, true);
            take_uses(check, body, false);
        }
    }
}

/* ---- telling ---- */

static void suggest_name(Check *check, Diag *diag, const NameUse *use, const char *name) {
    Compiler *compiler = check->compiler;
    const char ***near = &check->near[use->kind];
    size_t *count = &check->near_count[use->kind];
    if (*near == NULL) {
        *near = mem_alloc(compiler->use_count + 2, sizeof **near);
        for (size_t i = 0; i < compiler->use_count; i++) {
            if (compiler->uses[i].gives && compiler->uses[i].kind == use->kind) {
                (*near)[(*count)++] = program_name_text(compiler->builder, compiler->uses[i].name);
            }
        }
        if (use->kind == NAME_VARIABLE) {
            (*near)[(*count)++] = "task";
            (*near)[(*count)++] = "i";
        }
    }
    suggest(compiler->reader, diag, name, *near, *count);
}

static Diag *mistake_use(Check *check, const NameUse *use, const char *name) {
    Compiler *compiler = check->compiler;
    Reader *reader = compiler->reader;
    const NameKind global = compiler_global(compiler, use->name);
    const NameKind other = global != NAME_UNKNOWN ? global : check->ever_given[use->name];
    const char *wanted = NAME_KIND_WORDS[use->kind];
    if (use->kind == NAME_TASK) {
        return mistake_at(reader, use->value, use->offset, "a task can't await itself");
    }
    if (other != NAME_UNKNOWN && other != use->kind) {
        return mistake_at(reader, use->value, use->offset, "%s is %s, not %s", quoted(reader, name),
                          NAME_KIND_WORDS[other], wanted);
    }
    if (use->kind == NAME_LOCAL_TASK && compiler_coroutine(compiler, use->name) != PROGRAM_NONE) {
        return mistake_at(reader, use->value, use->offset,
                          "%s is a coroutine: call it, or spawn it \"as\" a name and await that",
                          quoted(reader, name));
    }
    if (other == use->kind) {
        return mistake_at(reader, use->value, use->offset,
                          "%s is %s of another task; nothing gives the name here",
                          quoted(reader, name), wanted);
    }
    Diag *diag =
        use->is_placeholder
            ? mistake_at(reader, use->value, use->offset, "unknown placeholder {%.60s}", name)
            : mistake_at(reader, use->value, use->offset, "unknown name %s: nothing gives it",
                         quoted(reader, name));
    suggest_name(check, diag, use, name);
    return diag;
}

static void report_use(Check *check, const NameUse *use) {
    static const char *const EXPECTED[NAME_KIND_COUNT] = {
        [NAME_TASK] = "the name of another task",
        [NAME_HANDLE] = "the name of a file handle, given by \"as\" of an open step",
        [NAME_LOCAL_TASK] =
            "the name of a task: a submitted one, or given by \"as\" of a spawn step",
        [NAME_VARIABLE] =
            "{task}, {i} or the {NAME} of a variable, given by \"as\" of a read step"};
    Compiler *compiler = check->compiler;
    Diag *diag = mistake_use(check, use, program_name_text(compiler->builder, use->name));
    diag_set_expected(diag, "%s", EXPECTED[use->kind]);
    set_pointer(compiler, diag, use);
}

static void report_uses(Check *check) {
    const Compiler *compiler = check->compiler;
    if (check->work > SCOPE_WORK_MAX) {
        diag_set_expected(mistake_value(compiler->reader, reader_root(compiler->reader),
                                        "the coroutines call each other in too many ways"),
                          "fewer calls between coroutines");
        return;
    }
    if (compiler->is_full) {
        return; /* steps that were not compiled may give them */
    }
    for (size_t i = 0; i < compiler->use_count && !reader_is_full(compiler->reader); i++) {
        if (!compiler->uses[i].gives && !compiler->uses[i].settled) {
            report_use(check, &compiler->uses[i]);
        }
    }
}

void scope_check(Compiler *compiler) {
    const size_t bodies = compiler->scope_count;
    uint32_t names = 0;
    for (size_t i = 0; i < compiler->use_count; i++) {
        names = compiler->uses[i].name >= names ? compiler->uses[i].name + 1 : names;
    }
    Check check = {.compiler = compiler,
                   .seen = mem_alloc(bodies, sizeof *check.seen),
                   .given_for = mem_alloc(names, sizeof *check.given_for),
                   .given_kind = mem_alloc(names, sizeof *check.given_kind),
                   .ever_given = mem_alloc(names, sizeof *check.ever_given),
                   .reached = mem_alloc(bodies, sizeof *check.reached)};
    check_roots(&check, true);
    check_roots(&check, false); /* coroutines that only call each other */
    report_uses(&check);
    free(check.seen);
    free(check.given_for);
    free(check.given_kind);
    free(check.ever_given);
    free(check.reached);
    for (size_t i = 0; i < NAME_KIND_COUNT; i++) {
        free(check.near[i]);
    }
}
