/* The pairs of runs that come with the program: what is worth comparing.
 *
 * Threads: a constant table. */
#ifndef LOOPSCOPE_APP_PAIRS_H
#define LOOPSCOPE_APP_PAIRS_H

#include "os/os.h"
#include "trace/compare.h"

#include <stddef.h>

typedef struct ShippedPair {
    const char *name;
    const char *line;                   /* what there is to see */
    const char *scenario[COMPARE_RUNS]; /* of those that come with the program */
    OsBackend backend[COMPARE_RUNS];    /* AUTO: the one that is taken without being asked */
} ShippedPair;

extern const ShippedPair PAIRS[];
extern const size_t PAIR_COUNT;

/* Whether this machine has what the pair needs; `automatic` is the back end that AUTO takes. */
bool pair_is_possible(const ShippedPair *pair, OsBackend automatic);

#endif
