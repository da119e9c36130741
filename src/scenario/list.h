/* The walk that listings share: over the tasks and coroutines of a scenario that has been loaded,
 * step by step. list.c says the steps in words, list_json.c gives the file's own lines. Internal to
 * scenario/. Ownership: lister_init/lister_finish. Threads: one. */
#ifndef LOOPSCOPE_SCENARIO_LIST_H
#define LOOPSCOPE_SCENARIO_LIST_H

#include "scenario/reader.h"
#include "scenario/scenario.h"

typedef struct Lister {
    Reader reader;
    Listing *out;
    unsigned threads; /* "thread" around the step: no step in it gives way */
    bool says_blocks; /* the words "except" and "finally" on lines of their own */
    void *user;       /* the visitor's */
} Lister;

typedef void StepVisit(Lister *lister, Value step, Value verb, uint32_t indent);

/* What is done with the program's parts; the reader's pointer is theirs. */
typedef struct Visitor {
    void (*body)(Lister *lister, Value body, const char *heading);
    StepVisit *step;
} Visitor;

bool lister_init(Lister *lister, const Scenario *scenario, Listing *out, Diags *diags);
void lister_finish(Lister *lister, Diags *diags);

/* The tasks first, as they are what begins. */
void lister_visit(Lister *lister, const Visitor *visitor);

/* Whether the step gives the thread back, so that others may run. */
bool lister_gives_way(const Lister *lister, Value step, Value verb);

#endif
