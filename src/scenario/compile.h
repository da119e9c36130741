/* The compiler: from the file's values to a program. Internal to scenario/.
 *
 * Ownership: the compiler belongs to scenario_load; nothing here outlives it. Threads: one. */
#ifndef LOOPSCOPE_SCENARIO_COMPILE_H
#define LOOPSCOPE_SCENARIO_COMPILE_H

#include "program/program.h"
#include "scenario/reader.h"

/* What a name stands for. Shared objects and submitted tasks are global; the rest belong to tasks. */
typedef enum NameKind {
    NAME_UNKNOWN,
    NAME_TASK,  /* a submitted task with one copy */
    NAME_TASKS, /* a submitted task with more */
    NAME_LOCK,
    NAME_SEMAPHORE,
    NAME_EVENT,
    NAME_QUEUE,
    NAME_CHANNEL,
    NAME_HANDLE,     /* given by "as" of open */
    NAME_LOCAL_TASK, /* of spawn */
    NAME_VARIABLE,   /* of read */
    NAME_KIND_COUNT
} NameKind;

extern const char *const NAME_KIND_WORDS[NAME_KIND_COUNT];

/* A place where a body gives or uses a local name. */
typedef struct NameUse {
    uint32_t name;
    NameKind kind;   /* what is given, or wanted */
    uint32_t offset; /* in the text */
    bool gives;
    bool settled; /* a use that some task gives; a gift that was reported */
} NameUse;

typedef struct CallUse {
    uint32_t body; /* that is called */
} CallUse;

typedef struct BodyScope {
    uint32_t body;
    bool is_root; /* a task's, or one that is spawned */
    bool is_called;
    size_t first_use, use_count;   /* in compiler->uses */
    size_t first_call, call_count; /* in compiler->calls */
} BodyScope;

typedef struct Compiler {
    Reader *reader;
    ProgramBuilder *builder;
    NameUse *uses;
    size_t use_count, use_cap;
    CallUse *calls;
    size_t call_count, call_cap;
    BodyScope *scopes; /* by body */
    size_t scope_count, scope_cap;
    NameKind *globals; /* by name; NAME_UNKNOWN for local ones */
    size_t globals_cap;
    uint32_t *coroutines; /* by name: body, or PROGRAM_NONE */
    size_t coroutines_cap;
    const char **coroutine_names; /* for near names */
    size_t coroutine_count, coroutine_name_cap;
    uint32_t body;         /* being compiled */
    const char *task_name; /* where it is a task with one copy; else NULL */
    unsigned loops;        /* repeats that lexically enclose the step */
} Compiler;

NameKind compiler_global(const Compiler *compiler, uint32_t name);
void compiler_set_global(Compiler *compiler, uint32_t name, NameKind kind);
uint32_t compiler_coroutine(const Compiler *compiler, uint32_t name); /* PROGRAM_NONE */
void compiler_set_coroutine(Compiler *compiler, const char *text, uint32_t name, uint32_t body);

/* Records that the current body uses (or gives) a name. */
void scope_use(Compiler *compiler, uint32_t name, NameKind wanted, uint32_t offset);
void scope_give(Compiler *compiler, uint32_t name, NameKind kind, Value value);
void scope_call(Compiler *compiler, uint32_t body);
void scope_spawn(Compiler *compiler, uint32_t body);
void scope_begin(Compiler *compiler, uint32_t body, bool is_task);
void scope_end(Compiler *compiler);

/* After all bodies: reports names that nothing ever gives, and names of the wrong kind. */
void scope_check(Compiler *compiler);

/* Compiles a text with placeholders; reports what is wrong in it. Returns the template. */
uint32_t text_compile(Compiler *compiler, Value value, const char *text);

/* Reports a path that the text shows to leave the workspace. */
void text_check_path(Compiler *compiler, Value value, const char *path);

/* Compiles an array of steps into the current body. */
void steps_compile(Compiler *compiler, Value steps);

/* A step's verb, and whether that step may give up control (for listings). */
bool step_awaits(const char *verb);
Value step_verb(const Reader *reader, Value step); /* json NULL: none */

#endif
