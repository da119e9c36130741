/* Names: who gives them, who uses them, and whether a user can ever find them given.
 *
 * A coroutine that is called shares its caller's names; one that is spawned starts with none. So a
 * use is good when some root (a task, a spawned coroutine, or a coroutine that nobody runs) reaches it
 * by calls and, among all bodies that this root reaches, one gives the name. */
#include "scenario/compile.h"

#include "base/assert.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const NAME_KIND_WORDS[NAME_KIND_COUNT] = {
    "nothing",        "a task",      "a task of several copies",
    "a lock",         "a semaphore", "an event",
    "a queue",        "a channel",   "a file handle",
    "a spawned task", "a variable"};

/* A file may make roots and bodies meet so often that checking all would take minutes. Beyond this
 * many looks the rest is taken as good: the run still tells, when such a step is reached. */
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
        const uint32_t added = (uint32_t)compiler->scope_count;
        compiler->scopes[compiler->scope_count++] = (BodyScope){.body = added};
    }
    return &compiler->scopes[body];
}

void scope_begin(Compiler *compiler, uint32_t body, bool is_task) {
    BodyScope *scope = scope_of(compiler, body);
    scope->is_root = scope->is_root || is_task;
    scope->first_use = compiler->use_count;
    scope->first_call = compiler->call_count;
    compiler->body = body;
}

void scope_end(Compiler *compiler) {
    BodyScope *scope = scope_of(compiler, compiler->body);
    scope->use_count = compiler->use_count - scope->first_use;
    scope->call_count = compiler->call_count - scope->first_call;
}

static void add_use(Compiler *compiler, NameUse use) {
    compiler->uses = mem_grow(compiler->uses, &compiler->use_cap, compiler->use_count + 1,
                              sizeof *compiler->uses);
    compiler->uses[compiler->use_count++] = use;
}

void scope_use(Compiler *compiler, uint32_t name, NameKind wanted, uint32_t offset) {
    add_use(compiler, (NameUse){.name = name, .kind = wanted, .offset = offset});
}

void scope_give(Compiler *compiler, uint32_t name, NameKind kind, Value value) {
    const NameKind global = compiler_global(compiler, name);
    if (global != NAME_UNKNOWN) {
        mistake_value(compiler->reader, value, "\"%s\" would hide the %s of that name",
                      value.json->valuestring, strchr(NAME_KIND_WORDS[global], ' ') + 1);
        return;
    }
    add_use(compiler, (NameUse){.name = name,
                                .kind = kind,
                                .offset = compiler->reader->scan.nodes[value.node].start,
                                .gives = true});
}

void scope_call(Compiler *compiler, uint32_t body) {
    compiler->calls = mem_grow(compiler->calls, &compiler->call_cap, compiler->call_count + 1,
                               sizeof *compiler->calls);
    compiler->calls[compiler->call_count++] = (CallUse){.body = body};
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
    uint32_t *reached;    /* bodies of the root at hand */
    size_t reached_count;
    uint64_t work;
} Check;

static void reach(Check *check, uint32_t root) {
    check->reached[0] = root;
    check->reached_count = 1;
    check->seen[root] = root + 1;
    for (size_t i = 0; i < check->reached_count; i++) {
        const BodyScope *scope = &check->compiler->scopes[check->reached[i]];
        for (size_t k = 0; k < scope->call_count; k++) {
            const uint32_t body = check->compiler->calls[scope->first_call + k].body;
            if (check->seen[body] != root + 1) {
                check->seen[body] = root + 1;
                check->reached[check->reached_count++] = body;
            }
        }
        check->work += scope->call_count + scope->use_count;
    }
}

static void take_gift(Check *check, uint32_t root, NameUse *use) {
    Compiler *compiler = check->compiler;
    if (check->given_for[use->name] != root + 1) {
        check->given_for[use->name] = root + 1;
        check->given_kind[use->name] = use->kind;
    } else if (check->given_kind[use->name] != use->kind && !use->settled) {
        use->settled = true;
        mistake_at(compiler->reader, use->offset,
                   "this name already stands for %s in the same task; it can't become %s",
                   NAME_KIND_WORDS[check->given_kind[use->name]], NAME_KIND_WORDS[use->kind]);
    }
}

static void take_uses(Check *check, uint32_t root, bool gifts) {
    for (size_t i = 0; i < check->reached_count; i++) {
        const BodyScope *scope = &check->compiler->scopes[check->reached[i]];
        for (size_t k = 0; k < scope->use_count; k++) {
            NameUse *use = &check->compiler->uses[scope->first_use + k];
            if (use->gives && gifts) {
                take_gift(check, root, use);
            } else if (!use->gives && !gifts && check->given_for[use->name] == root + 1 &&
                       check->given_kind[use->name] == use->kind) {
                use->settled = true;
            }
        }
    }
}

/* All names of one kind, for near names; the texts come from where they are given. */
static size_t names_of_kind(const Compiler *compiler, NameKind kind, const char ***out,
                            char **storage) {
    size_t count = 0;
    *out = mem_alloc(compiler->use_count, sizeof **out);
    Buf texts = {0};
    size_t *starts = mem_alloc(compiler->use_count, sizeof *starts);
    for (size_t i = 0; i < compiler->use_count; i++) {
        const NameUse *use = &compiler->uses[i];
        if (use->gives && use->kind == kind) {
            const char *quote = compiler->reader->text + use->offset + 1;
            starts[count++] = texts.size_bytes;
            buf_append(&texts, quote, strcspn(quote, "\"\\"));
            buf_append_char(&texts, '\0');
        }
    }
    for (size_t i = 0; i < count; i++) {
        (*out)[i] = texts.data + starts[i];
    }
    free(starts);
    *storage = texts.data;
    return count;
}

/* The name as it stands at the place of its use: a text, or a placeholder in one. */
static void name_at(const Compiler *compiler, uint32_t offset, char out[64]) {
    const char *text = compiler->reader->text + offset + 1;
    const size_t length = strcspn(text, "\"}\\");
    snprintf(out, 64, "%.*s", (int)(length < 63 ? length : 63), text);
}

static void report_use(Compiler *compiler, const NameUse *use) {
    char name[64];
    name_at(compiler, use->offset, name);
    for (size_t i = 0; i < compiler->use_count; i++) {
        const NameUse *gift = &compiler->uses[i];
        if (gift->gives && gift->name == use->name && gift->kind != use->kind) {
            diag_set_expected(mistake_at(compiler->reader, use->offset, "\"%s\" is %s, not %s",
                                         name, NAME_KIND_WORDS[gift->kind],
                                         NAME_KIND_WORDS[use->kind]),
                              "%s", NAME_KIND_WORDS[use->kind]);
            return;
        }
    }
    const char **candidates = NULL;
    char *storage = NULL;
    Buf message = {0};
    const size_t count = names_of_kind(compiler, use->kind, &candidates, &storage);
    buf_printf(&message, "nothing gives the name \"%s\" to %s here", name,
               NAME_KIND_WORDS[use->kind]);
    near_name(&message, name, candidates, count);
    diag_set_expected(mistake_at(compiler->reader, use->offset, "%s", buf_text(&message)),
                      "the name of %s, given by \"as\"", NAME_KIND_WORDS[use->kind]);
    buf_finish(&message);
    free(candidates);
    free(storage);
}

static void report_uses(Compiler *compiler) {
    enum { REPORTS_MAX = DIAGS_MAX };
    size_t reports = 0;
    for (size_t i = 0; i < compiler->use_count && reports < REPORTS_MAX; i++) {
        const NameUse *use = &compiler->uses[i];
        if (!use->gives && !use->settled) {
            report_use(compiler, use);
            reports++;
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
                   .reached = mem_alloc(bodies, sizeof *check.reached)};
    check_roots(&check, true);
    check_roots(&check, false); /* coroutines that only call each other */
    if (check.work <= SCOPE_WORK_MAX) {
        report_uses(compiler);
    }
    free(check.seen);
    free(check.given_for);
    free(check.given_kind);
    free(check.reached);
}
