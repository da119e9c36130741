/* What the parts of the twin's writer share: twin.c writes blocks and functions, twin_steps.c and
 * twin_tasks.c the lines of single steps, twin_thread.c functions in threads. Internal to
 * scenario/. Ownership: the caller's. Threads: one. */
#ifndef LOOPSCOPE_SCENARIO_TWIN_WRITER_H
#define LOOPSCOPE_SCENARIO_TWIN_WRITER_H

#include "scenario/twin.h"

typedef struct TwinWriter {
    const TwinPlan *plan;
    const Program *program;
    Listing *out;
    uint32_t body;
    uint32_t indent, depth; /* depth: loops around the step */
    uint32_t never;         /* those of them that go round 0 times */
    uint32_t excepts;       /* "except" around the step */
    uint32_t groups;        /* the same of "group" */
    uint32_t functions;     /* of threads, in this body so far */
    bool in_thread;         /* the step is one of such a function */
    uint32_t said;          /* lines of the body that are no comments */
    uint32_t *set;          /* by name: body + 1 where the body has given it */
    uint32_t *shared;       /* by name: body + 1 where the body shares it */
    Buf line;
} TwinWriter;

/* Writes a step's line or lines. */
typedef void TwinSayStep(TwinWriter *writer, const Instr *instr);

/* By op; NULL for those of blocks. */
extern TwinSayStep *const TWIN_SAY[OP_CODE_COUNT];

/* Ends the line: adds it as the step's (NULL: nobody's), and begins the next one. */
void twin_say_line(TwinWriter *writer, const Instr *instr, bool awaits);

/* i, j, k, i4, i5 ...: the index of a loop that stands in `depth` others. */
void twin_append_index(Buf *out, uint32_t depth);

/* error, error_2 ...: of an "except" that stands in `depth` others. */
void twin_append_error(Buf *out, uint32_t depth);

/* group, group_2 ...: the same of a group. */
void twin_append_group(Buf *out, uint32_t depth);

/* ---- names and texts ---- */

/* A name that the task has. */
void twin_append_name(TwinWriter *writer, uint32_t name);

/* Appends `name = `; nothing for PROGRAM_NONE. */
void twin_give(TwinWriter *writer, uint32_t name);

/* Where the name, or one in the step's text, is not set, the step is an error: says that, and
 * returns false. */
bool twin_check_name(TwinWriter *writer, const Instr *instr, uint32_t name);
bool twin_check_text(TwinWriter *writer, const Instr *instr);

/* Whether it is plain to see that the name is set, or for Python to see. */
bool twin_is_set(const TwinWriter *writer, uint32_t name);

/* A line that is an error where one of the task's names is not set; none for a plain variable. */
void twin_say_look(TwinWriter *writer, uint32_t name);

/* The text as a literal, or as one of bytes. */
void twin_append_literal(TwinWriter *writer, uint32_t template);
void twin_append_bytes(TwinWriter *writer, uint32_t template);

/* b"x" * n */
void twin_append_fill(TwinWriter *writer, uint64_t size_bytes);

/* ---- twin_tasks.c ---- */

TwinSayStep twin_say_call, twin_say_spawn, twin_say_await, twin_say_cancel;
TwinSayStep twin_say_gather, twin_say_wait;
TwinSayStep twin_say_acquire, twin_say_release;
TwinSayStep twin_say_wait_event, twin_say_set_event, twin_say_clear_event;
TwinSayStep twin_say_put, twin_say_get;
TwinSayStep twin_say_send_text, twin_say_send_fill, twin_say_receive, twin_say_shut;

/* ---- twin_thread.c ---- */

/* Writes the steps from `pc` on to the end of their block, whose pc it returns. */
typedef uint32_t TwinSayBlock(TwinWriter *writer, uint32_t pc);

/* Returns the pc behind it. */
uint32_t twin_say_thread(TwinWriter *writer, uint32_t pc, TwinSayBlock *say_block);

#endif
