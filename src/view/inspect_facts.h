/* What an event tells, in words and with units: the details of Inspect mode, from the recording.
 * Internal to view/. */
#ifndef LOOPSCOPE_VIEW_INSPECT_FACTS_H
#define LOOPSCOPE_VIEW_INSPECT_FACTS_H

#include "base/buf.h"
#include "view/view.h"

enum { FACTS_MAX = 8, FACT_MAX_BYTES = 200 };

typedef struct Fact {
    const char *key;
    char value[FACT_MAX_BYTES];
    bool strong; /* what there is to learn from it */
} Fact;

/* The facts of event n, the last before the document's cursor; returns how many. */
size_t inspect_facts(const ViewDoc *doc, uint64_t n, Fact out[FACTS_MAX]);

/* The operation that event n is about, or whose end a task begins to wait for; EVENT_NONE. */
uint32_t inspect_op(const Timeline *timeline, uint64_t n);

/* From when until when the system had an operation, as far as it is known. */
typedef struct OpSpan {
    uint64_t from_ns, to_ns; /* to_ns UINT64_MAX: it still has it at the recording's end */
    bool seen;               /* it was seen finished before the loop asked; else the loop took it */
    uint64_t taken_ns;       /* when the loop took its end; UINT64_MAX: it did not */
} OpSpan;

bool inspect_op_span(const Timeline *timeline, uint32_t op, OpSpan *out);

/* "at the OS", "at the simulated OS", "in a helper thread": who had it. */
const char *inspect_op_where(const Timeline *timeline, uint32_t op);

#endif
