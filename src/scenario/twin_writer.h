/* What the two halves of the twin's writer share: twin.c writes blocks and functions, twin_steps.c
 * the lines of single steps. Internal to scenario/. Ownership: the caller's. Threads: one. */
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
    uint32_t said;          /* lines of the body that are no comments */
    uint32_t *set;          /* by name: body + 1 where the body has given it */
    uint32_t *shared;       /* by name: body + 1 where the body shares it */
    Buf line;
} TwinWriter;

/* Writes a step's line or lines. */
typedef void TwinSayStep(TwinWriter *writer, const Instr *instr);

/* By op; NULL for those of blocks, and for those that can't be said yet. */
extern TwinSayStep *const TWIN_SAY[OP_CODE_COUNT];

/* Ends the line: adds it as the step's (NULL: nobody's), and begins the next one. */
void twin_say_line(TwinWriter *writer, const Instr *instr, bool awaits);

/* i, j, k, i4, i5 ...: the index of a loop that stands in `depth` others. */
void twin_append_index(Buf *out, uint32_t depth);

#endif
