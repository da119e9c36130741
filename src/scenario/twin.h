/* The Python twin: the program that a tutorial would write for a scenario. Internal to scenario/;
 * what it is for stands in scenario.h (scenario_list_python).
 *
 * It is made in two parts. The plan (twin_plan.c, twin_flow.c) looks at the whole program: which
 * coroutines share names with their callers, which tasks need numbers. The writer (twin.c,
 * twin_steps.c, twin_tasks.c) then says every step in its line. Ownership:
 * twin_plan_make/twin_plan_finish. Threads: one. */
#ifndef LOOPSCOPE_SCENARIO_TWIN_H
#define LOOPSCOPE_SCENARIO_TWIN_H

#include "base/buf.h"
#include "program/listing.h"
#include "program/program.h"

/* What a coroutine needs that its caller has. */
typedef enum TwinNeed {
    TWIN_NEEDS_NAMES = 1 << 0,  /* the names that are shared by the coroutines of a task */
    TWIN_NEEDS_NUMBER = 1 << 1, /* the number of the task's copy */
    TWIN_NEEDS_DEPTH = 1 << 2,  /* how deep it was called: it may call itself */
    TWIN_TELLS_TASK = 1 << 3,   /* it, or one that it calls, tells the task's name */
} TwinNeed;

/* Parts of the program's head; written where something uses them. */
typedef enum TwinHelper {
    TWIN_COMPUTE = 1 << 0,   /* def compute(seconds) */
    TWIN_FOLDERS = 1 << 1,   /* def open_below(path, mode) */
    TWIN_INSIDE = 1 << 2,    /* def inside(path) */
    TWIN_SPAWN = 1 << 3,     /* def spawn(coroutine, name) */
    TWIN_CHANNELS = 1 << 10, /* def channel() */
    TWIN_GROUPS = 1 << 9,    /* ... which may be a group's task */
    TWIN_NAMES = 1 << 4,     /* class Names */
    TWIN_TASKS = 1 << 5,     /* tasks = {} */
    TWIN_DEPTH = 1 << 6,     /* sys.setrecursionlimit */
    TWIN_FSYNC = 1 << 7,     /* import os */
    TWIN_THREADS = 1 << 8,   /* from asyncio import to_thread */
} TwinHelper;

typedef struct TwinBody {
    char *ident;    /* the function's name */
    uint32_t task;  /* index into the program's tasks; PROGRAM_NONE for a coroutine */
    unsigned needs; /* TwinNeed */
    bool tells;     /* has {task} itself */
    bool talks;     /* sends or receives itself */
    bool recurses;  /* its calls may lead back to it */
    bool from_copy; /* runs in a task that has copies */
    bool is_root;   /* a task's, or spawned */
    bool is_called; /* by another, or by itself */
    uint32_t first_call, call_count;
    uint32_t first_mention, mention_count;
} TwinBody;

/* Indexes into the program's names. */
typedef struct TwinNames {
    const uint32_t *names;
    uint32_t count;
} TwinNames;

/* A name in a body. */
typedef struct TwinMention {
    uint32_t name;
    bool shared; /* with another coroutine of the task, or not sure to be set where it is used */
} TwinMention;

/* Identifiers that are taken: open addressing, NULL is empty. */
typedef struct TwinIdents {
    char **slots;
    uint32_t cap, count;
} TwinIdents;

typedef struct TwinPlan {
    const Program *program;
    TwinBody *bodies;
    uint32_t *calls; /* of all bodies, by first_call */
    uint32_t call_count;
    TwinMention *mentions;
    uint32_t mention_count;
    char **idents;    /* by name; NULL where no body mentions it */
    char **ends;      /* by object, twice: of a channel's ends */
    uint32_t *spawns; /* by name: sites that spawn a task of that name; 2 stands for more */
    bool *awaited;    /* by task: someone awaits it by name */
    bool *told;       /* by pc of an OP_REPEAT or OP_TRIED: a text in it tells its index or error */
    unsigned helpers; /* TwinHelper */
    bool names_are_told; /* a spawned task tells its name */
    TwinIdents taken;
} TwinPlan;

void twin_plan_make(TwinPlan *plan, const Program *program);
void twin_plan_finish(TwinPlan *plan);

/* The template of an instruction, or PROGRAM_NONE. */
uint32_t twin_template(const Instr *instr);

/* Whether a block of steps ends with it. */
bool twin_ends_block(const Instr *instr);

/* The name that it gives, or PROGRAM_NONE. */
uint32_t twin_given(const Instr *instr);

/* The names that it uses, but for those in its text: the task's, and global ones. */
TwinNames twin_used(const Program *program, const Instr *instr);

/* A file step that does not block: its call is made in another thread. */
bool twin_in_thread(const Instr *instr);

/* The name that a spawn gives its task. */
const char *twin_spawn_name(const Program *program, const Instr *instr);

/* Whether that task's name needs the helper that counts names. */
bool twin_spawn_counts(const TwinPlan *plan, const Instr *instr);

/* Whether an open's path holds a variable, which may lead anywhere. */
bool twin_path_varies(const Program *program, uint32_t template);

/* Whether an open makes the folders in its path. */
bool twin_makes_folders(const Program *program, const Instr *instr);

/* ---- twin_flow.c ---- */

/* Finds the names that may be set or not where a step uses them, and makes them shared. */
void twin_flow_find(TwinPlan *plan);

/* ---- twin_head.c ---- */

/* Everything before the first function: what it is, what it imports, helpers. */
void twin_write_head(const TwinPlan *plan, const char *title, Listing *out);

/* Everything behind the last one: main, and the exit status. */
void twin_write_main(const TwinPlan *plan, Listing *out);

/* ---- twin_names.c ---- */

/* `text` as an identifier that nothing else in the Python program has; `suffix` is tried first
 * where it is taken. The caller owns it. */
char *twin_ident(TwinIdents *taken, const char *text, const char *suffix);
void twin_idents_finish(TwinIdents *taken);

/* Whether it can be an attribute's name, and nothing has it from the start. */
bool twin_is_attribute(const char *text);

/* ---- twin_text.c ---- */

/* Appends text as it stands between Python's quotes; braces are doubled in an f-string. */
void twin_append_escaped(Buf *out, const char *text, size_t length, bool in_f_string);

/* Seconds, as short as they can be said: 0.02. */
void twin_append_seconds(Buf *out, uint64_t ns);

/* A number of bytes: 100, or 64 * 1024. */
void twin_append_size(Buf *out, uint64_t size_bytes);

#endif
