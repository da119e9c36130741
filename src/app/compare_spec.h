/* What is compared: two files, and how each is run where it is a scenario.
 *
 * Ownership: the texts are the caller's. Threads: the main thread. */
#ifndef LOOPSCOPE_APP_COMPARE_SPEC_H
#define LOOPSCOPE_APP_COMPARE_SPEC_H

#include "app/options.h"
#include "trace/compare.h"

typedef struct CompareSpec {
    const char *file[COMPARE_RUNS];
    OsBackend backend[COMPARE_RUNS];
    uint64_t seed[COMPARE_RUNS];
    bool fixed; /* both run one scenario, the second without what keeps the thread */
} CompareSpec;

/* The same back end and seed for both, but for what the options say of the second. */
CompareSpec compare_spec_make(const Options *options, const char *first, const char *second);

/* With copies of the files' names, to be freed. */
CompareSpec compare_spec_copy(const CompareSpec *spec);
void compare_spec_free(CompareSpec *copy); /* accepts {0}; leaves it */

/* The options of one of the two runs. Each has a folder of its own: where --workdir names one, "1"
 * and "2" below it; `folder` keeps that path. False where it is too long. */
enum { COMPARE_FOLDER_MAX = 4096 };
bool compare_spec_options(const CompareSpec *spec, const Options *both, size_t run,
                          char folder[COMPARE_FOLDER_MAX], Options *out);

/* The names of the two, for titles: the files', without their endings. */
void compare_spec_names(const CompareSpec *spec, char names[COMPARE_RUNS][128]);

#endif
