/* The program: what the loop runs. A scenario compiled to one flat, immutable array of
 * instructions.
 *
 * Running a task is a switch over instructions with an index and a short stack; nothing is looked
 * up by name and nothing is allocated in a turn of the loop. Texts with placeholders are templates:
 * short lists of pieces. (The idea of compiling input to a flat array is SQLite's vdbe.h.)
 *
 * Ownership: program_create/program_destroy; everything hangs on the program's arena. A builder
 * (scenario/) appends; afterwards it is read-only. Threads: any, once built. */
#ifndef LOOPSCOPE_PROGRAM_PROGRAM_H
#define LOOPSCOPE_PROGRAM_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRAM_NONE UINT32_MAX

typedef enum OpCode {
    OP_LOG,        /* arg template */
    OP_NOTE,       /* arg template */
    OP_COMPUTE,    /* imm ns */
    OP_SLEEP,      /* imm ns */
    OP_OPEN,       /* arg path template, name handle, mode */
    OP_WRITE_TEXT, /* arg template, name handle */
    OP_WRITE_FILL, /* imm bytes of 'x', name handle */
    OP_READ,       /* imm bytes, name handle, arg name of the variable or NONE */
    OP_FSYNC,      /* name handle */
    OP_CLOSE,      /* name handle */
    OP_SPAWN,      /* arg body, name of the task or NONE */
    OP_AWAIT,      /* name of a task: a local one, or a submitted one */
    OP_CALL,       /* arg body; pushes a frame */
    OP_RETURN,     /* end of a body: pops the frame of the call, or ends the task */
    OP_REPEAT,     /* imm count, arg pc behind the block; pushes a frame with i = 0 */
    OP_NEXT,       /* arg pc of the OP_REPEAT: i += 1, and back or on */
    OP_CANCEL,     /* name of a task, as OP_AWAIT */
    OP_WITH,       /* name of a lock or semaphore; pushes a frame when it is acquired */
    OP_WITHOUT,    /* end of a with: pops its frame, releases */
    OP_ACQUIRE,    /* name of a lock or semaphore */
    OP_RELEASE,    /* the same */
    OP_WAIT_EVENT, /* name of an event */
    OP_SET_EVENT,
    OP_CLEAR_EVENT,
    OP_PUT,       /* arg template, name of a queue */
    OP_GET,       /* name of a queue, arg name of the variable or NONE */
    OP_RAISE,     /* arg template: a RuntimeError */
    OP_TRY,       /* arg pc of its "except" or NONE, imm pc of its "finally" or 0; pushes frames */
    OP_TRIED,     /* end of what an "except" guards: pops its frame; arg pc behind the "except" */
    OP_EXCEPTED,  /* end of an "except": pops the frame with the error */
    OP_FINALLY,   /* begins a "finally" that no error led to: the frame is turned over */
    OP_FINISHED,  /* end of a "finally": an error that led to it goes on */
    OP_GATHER,    /* imm names of tasks, from arg in list_names */
    OP_WAIT,      /* the same; for all of them, or INSTR_FIRST */
    OP_GROUP,     /* opens a task group: pushes a frame */
    OP_GROUPED,   /* end of a group: waits for its tasks, pops the frame */
    OP_TIMEOUT,   /* imm ns; pushes a frame */
    OP_TIMED,     /* end of a timeout: pops its frame */
    OP_THREAD,    /* arg pc behind its OP_THREADED: what stands between runs on a helper thread */
    OP_THREADED,  /* end of it */
    OP_SEND_TEXT, /* arg template, name of a channel, mode the end: 0 or 1 */
    OP_SEND_FILL, /* imm bytes of 'x', name and mode as above */
    OP_RECEIVE,   /* imm bytes, name and mode as above, arg name of the variable or NONE */
    OP_SHUT,      /* name and mode as above */
    OP_ASK,       /* arg question: a comment */
    OP_CODE_COUNT
} OpCode;

/* Flags of an instruction. */
enum {
    INSTR_BLOCKING = 1, /* a file step: done on the spot */
    INSTR_GROUPED = 2,  /* OP_SPAWN: into the innermost group of this body */
    INSTR_FIRST = 4     /* OP_WAIT: for the first one */
};

typedef enum OpenMode { OPEN_WRITE = 1, OPEN_APPEND, OPEN_READ } OpenMode; /* as trace's IoMode */

typedef struct Instr {
    uint8_t op;    /* OpCode */
    uint8_t flags; /* INSTR_... */
    uint8_t mode;  /* OP_OPEN: OpenMode; OP_SEND_... OP_SHUT: which end */
    uint8_t unused;
    uint32_t name; /* index into names, or PROGRAM_NONE */
    uint32_t arg;
    uint32_t
        at; /* index into pointers: the step's place; PROGRAM_NONE for glue (RETURN, NEXT ...) */
    uint64_t imm;
} Instr;

_Static_assert(sizeof(Instr) == 24, "instructions are small");

/* One name of the program. Local names are per task, given by `as`; the same spelling is the same
 * name in every task. */
typedef struct Name {
    const char *text;
    bool global;
    uint32_t task;   /* global: index into tasks (submitted, one copy); else PROGRAM_NONE */
    uint32_t object; /* a lock's, semaphore's, event's or queue's: index into objects */
} Name;

typedef enum PieceKind {
    PIECE_TEXT,  /* text, length */
    PIECE_TASK,  /* {task}: the running task's name */
    PIECE_LOOP,  /* {i}: the index of the innermost repeat frame */
    PIECE_COPY,  /* {i} outside any repeat: the task's copy number */
    PIECE_NAME,  /* {NAME}: a variable, index into names */
    PIECE_ERROR, /* {error}: of the innermost "except" */
} PieceKind;

typedef struct Piece {
    PieceKind kind;
    uint32_t name;
    const char *text;
    size_t length;
} Piece;

typedef struct Template {
    uint32_t first; /* index into pieces */
    uint32_t count;
} Template;

/* The code of a submitted task or a coroutine. */
typedef struct Body {
    const char *name;
    uint32_t entry; /* pc of its first instruction; it ends with OP_RETURN */
} Body;

/* A submitted task: `count` copies, NAME where count is 1, else NAME-0 ... */
typedef struct ProgramTask {
    const char *name;
    uint32_t body;
    uint32_t count;
    bool numbered; /* the file says "count" > 1 */
} ProgramTask;

typedef enum ObjectKind {
    OBJECT_LOCK,
    OBJECT_SEMAPHORE,
    OBJECT_EVENT,
    OBJECT_QUEUE,
    OBJECT_CHANNEL
} ObjectKind;

/* What tasks share. */
typedef struct ProgramObject {
    ObjectKind kind;
    uint32_t name;
    uint64_t count; /* a semaphore's value, a queue's maxsize (0: unbounded) */
} ProgramObject;

enum { QUESTION_CHOICES_MAX = 4 };

/* What a scenario asks its audience. */
typedef struct ProgramQuestion {
    uint32_t at; /* index into pointers: the step's place */
    const char *text;
    const char *choices[QUESTION_CHOICES_MAX];
    uint32_t choice_count; /* at least 2 */
    uint32_t answer;       /* index of the right one */
    const char *because;
} ProgramQuestion;

#define PROGRAM_NO_LIMIT UINT64_MAX

/* The scenario's own limits; PROGRAM_NO_LIMIT where it names none. 0 allows nothing at all. */
typedef struct ProgramLimits {
    uint64_t bytes, time_ns, memory_bytes, tasks, files, events;
} ProgramLimits;

typedef struct Program {
    const Instr *code;
    uint32_t code_count;
    const Name *names;
    uint32_t name_count;
    const Piece *pieces;
    uint32_t piece_count;
    const Template *templates;
    uint32_t template_count;
    const Body *bodies; /* the tasks' bodies and the coroutines */
    uint32_t body_count;
    const ProgramTask *tasks;
    uint32_t task_count;
    const ProgramObject *objects;
    uint32_t object_count;
    const uint32_t *list_names; /* indexes into names: what OP_GATHER and OP_WAIT list */
    uint32_t list_name_count;
    const ProgramQuestion *questions;
    uint32_t question_count;
    const char *const *pointers; /* JSON Pointers of the steps, e.g. "/tasks/0/steps/2" */
    uint32_t pointer_count;
    ProgramLimits limits;
    uint64_t max_fill_bytes; /* the largest OP_WRITE_FILL */
} Program;

/* ---- building (scenario/ and tests) ---- */

typedef struct ProgramBuilder ProgramBuilder;

ProgramBuilder *program_builder_create(void);
void program_builder_destroy(ProgramBuilder *builder); /* accepts NULL; for one not finished */

uint32_t program_add_instr(ProgramBuilder *builder, Instr instr); /* returns its pc */
void program_patch_arg(ProgramBuilder *builder, uint32_t pc, uint32_t arg);
void program_patch_imm(ProgramBuilder *builder, uint32_t pc, uint64_t imm);
uint32_t program_pc(const ProgramBuilder *builder); /* the next pc */
/* What was added, for messages; valid until the builder is destroyed. */
const char *program_name_text(const ProgramBuilder *builder, uint32_t name);
const char *program_pointer_text(const ProgramBuilder *builder, uint32_t pointer);
uint32_t program_add_name(ProgramBuilder *builder, const char *text); /* finds or adds; local */
void program_set_global(ProgramBuilder *builder, uint32_t name, uint32_t task);
/* Makes `name` global, and the object's. */
void program_add_object(ProgramBuilder *builder, ObjectKind kind, uint32_t name, uint64_t count);
/* One more name of a list; returns its index. */
uint32_t program_add_list_name(ProgramBuilder *builder, uint32_t name);
/* Copies its texts; returns its index. */
uint32_t program_add_question(ProgramBuilder *builder, const ProgramQuestion *question);
uint32_t program_add_pointer(ProgramBuilder *builder, const char *pointer);
uint32_t program_add_template(ProgramBuilder *builder, const Piece *pieces, uint32_t count);
uint32_t program_add_body(ProgramBuilder *builder, const char *name); /* entry set later */
void program_set_entry(ProgramBuilder *builder, uint32_t body, uint32_t entry);
uint32_t program_add_task(ProgramBuilder *builder, const char *name, uint32_t body, uint32_t count,
                          bool numbered);
ProgramLimits program_no_limits(void);
void program_set_limits(ProgramBuilder *builder, ProgramLimits limits); /* without: none */

/* Takes the builder with it. Asserts that every index is in range. */
Program *program_build(ProgramBuilder *builder);
void program_destroy(Program *program); /* accepts NULL */

/* The pc of the step at a JSON Pointer, or PROGRAM_NONE; as fast in a program of any length. */
uint32_t program_step_at(const Program *program, const char *pointer);

/* The question that is asked by the step at a JSON Pointer, or NULL. */
const ProgramQuestion *program_question_at(const Program *program, const char *pointer);

/* An Instr with op and at, everything else none. */
Instr program_instr(OpCode op, uint32_t at);

#endif
