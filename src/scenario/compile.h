/* The compiler: from the file's values to a program. Internal to scenario/.
 *
 * Ownership: the compiler belongs to scenario_load; nothing here outlives it. Threads: one. */
#ifndef LOOPSCOPE_SCENARIO_COMPILE_H
#define LOOPSCOPE_SCENARIO_COMPILE_H

#include "program/program.h"
#include "scenario/reader.h"

/* What a name stands for. Shared objects and submitted tasks are global, the rest are a task's. */
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

extern const char *const NAME_KIND_WORDS[NAME_KIND_COUNT]; /* "a lock" */

/* A place where a body gives or uses a name. */
typedef struct NameUse {
    uint32_t name;
    NameKind kind;    /* what is given, or wanted */
    Value value;      /* where */
    uint32_t offset;  /* in the file: the value's, or a placeholder's in it */
    uint32_t at;      /* the step's pointer */
    const char *list; /* the verb of the array that it stands in, or NULL */
    size_t index;     /* there */
    bool gives;
    bool is_placeholder;
    bool settled; /* a use that some task gives; a gift that was reported */
} NameUse;

/* What a body does with names; its uses and calls lie together in the compiler's arrays. */
typedef struct BodyScope {
    bool is_root;       /* a task's, or one that is spawned */
    bool is_called;     /* by some body */
    uint32_t task_name; /* of a task with one copy; else PROGRAM_NONE */
    size_t first_use, use_count;
    size_t first_call, call_count;
} BodyScope;

typedef struct Compiler {
    Reader *reader;
    ProgramBuilder *builder;
    NameUse *uses;
    size_t use_count, use_cap;
    uint32_t *calls; /* bodies that are called */
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
    uint32_t at;           /* the step's pointer */
    unsigned loops;        /* repeats that lexically enclose the step */
    unsigned excepts;      /* the same of "except" */
    unsigned threads;      /* the same of "thread" */
    unsigned groups;       /* the same of "group" */
    const char *list_verb; /* names are used in its array, at list_index; else NULL */
    size_t list_index;
    size_t pointer_bytes;     /* of all steps */
    size_t placeholder_count; /* of all texts */
    bool is_full;             /* a bound was passed and reported: nothing more is compiled */
} Compiler;

NameKind compiler_global(const Compiler *compiler, uint32_t name);
void compiler_set_global(Compiler *compiler, uint32_t name, NameKind kind);
uint32_t compiler_coroutine(const Compiler *compiler, uint32_t name); /* PROGRAM_NONE */
void compiler_set_coroutine(Compiler *compiler, const char *text, uint32_t name, uint32_t body);

/* ---- scope.c: who gives a name, who uses it ---- */

/* Between begin and end the body's names are recorded; task_name as in BodyScope. */
void scope_begin(Compiler *compiler, uint32_t body, bool is_task, uint32_t task_name);
void scope_end(Compiler *compiler);

void scope_use(Compiler *compiler, uint32_t name, NameKind wanted, Value value);
void scope_use_placeholder(Compiler *compiler, uint32_t name, Value value, uint32_t offset);
void scope_give(Compiler *compiler, uint32_t name, NameKind kind, Value value);
void scope_call(Compiler *compiler, uint32_t body);
void scope_spawn(Compiler *compiler, uint32_t body);

/* After all bodies: reports names that nothing ever gives, names of the wrong kind, and tasks that
 * await themselves. */
void scope_check(Compiler *compiler);

/* ---- text.c ---- */

/* Compiles a text with placeholders; reports what is wrong in it. Returns the template. */
uint32_t text_compile(Compiler *compiler, Value value);

/* Reports a path that the text shows to leave the workspace. */
void text_check_path(Compiler *compiler, Value value);

/* ---- steps.c, steps_tasks.c, steps_block.c, steps_shared.c, steps_channels.c ---- */

/* Gives the name of the step's "as"; PROGRAM_NONE where it has none. */
uint32_t step_give_as(Compiler *compiler, Value step, NameKind kind);

/* {"bytes": SIZE} in the place of a text; `where` for messages, "in what is written". */
bool step_read_fill(Compiler *compiler, Value verb, const char *where, uint64_t *size);

/* Compiles an array of steps into the current body. */
void steps_compile(Compiler *compiler, Value steps);

enum { STEP_OPTIONS_MAX = 5 };

/* `at`: the index of the step's pointer. */
typedef void StepCompile(Compiler *compiler, Value step, Value verb, uint32_t at);

typedef struct StepRow {
    const char *verb;
    StepCompile *compile;
    const char *required[STEP_OPTIONS_MAX]; /* NULL ends */
    const char *optional[STEP_OPTIONS_MAX];
    bool awaits; /* it may give up control */
} StepRow;

/* The keys of a scenario, one by one; NULL behind the last. */
const char *load_key(size_t index);

extern const StepRow STEP_ROWS[];
extern const size_t STEP_ROW_COUNT;

const StepRow *step_row(const char *verb); /* NULL: no such step */

/* The member whose key is a verb, the first where there are more; absent where there is none. */
Value step_verb(const Reader *reader, Value step);

StepCompile step_log, step_note, step_compute, step_sleep, step_open, step_write, step_read;
StepCompile step_fsync, step_close, step_call, step_spawn, step_await, step_repeat;
StepCompile step_with, step_acquire, step_release, step_wait_event, step_set_event;
StepCompile step_clear_event, step_put, step_get;
StepCompile step_send, step_receive, step_shut;
StepCompile step_cancel, step_raise, step_try, step_gather, step_wait, step_group, step_timeout;

/* ---- steps_ask.c ---- */

StepCompile step_ask;

/* ---- steps_thread.c ---- */

StepCompile step_thread;

/* Whether such a step may stand inside "thread". */
bool thread_may_hold(const char *verb);

/* Reports a step inside "thread" that may not stand there, or not so. */
void thread_check_step(Compiler *compiler, Value step, Value verb);

#endif
