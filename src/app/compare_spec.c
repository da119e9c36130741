#include "app/compare_spec.h"

#include "app/resources.h"
#include "base/files.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#include <stdio.h>
#include <string.h>

CompareSpec compare_spec_make(const Options *options, const char *first, const char *second) {
    return (CompareSpec){
        .file = {first, second},
        .backend = {options->backend,
                    options->has_backend_b ? options->backend_b : options->backend},
        .seed = {options->seed, options->has_seed_b ? options->seed_b : options->seed}};
}

CompareSpec compare_spec_copy(const CompareSpec *spec) {
    CompareSpec copy = *spec;
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        copy.file[run] = mem_copy_text(spec->file[run], strlen(spec->file[run]));
    }
    return copy;
}

void compare_spec_free(CompareSpec *copy) {
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        free((char *)copy->file[run]);
    }
    *copy = (CompareSpec){0};
}

bool compare_spec_options(const CompareSpec *spec, const Options *both, size_t run,
                          char folder[COMPARE_FOLDER_MAX], Options *out) {
    *out = *both;
    out->backend = spec->backend[run];
    out->seed = spec->seed[run];
    out->trace = NULL; /* it is a single run's: each would write over it */
    if (both->workdir != NULL) {
        out->workdir = folder;
        file_make_folder(
            both->workdir); /* where it can't be made, the folder below can't, either */
        return snprintf(folder, COMPARE_FOLDER_MAX, "%s/%zu", both->workdir, run + 1) <
               COMPARE_FOLDER_MAX;
    }
    return true;
}

void compare_spec_names(const CompareSpec *spec, char names[COMPARE_RUNS][128]) {
    for (size_t run = 0; run < COMPARE_RUNS; run++) {
        resources_name(spec->file[run], names[run], sizeof names[run]);
        if (run == 1 && spec->fixed) {
            const size_t length = strlen(names[run]);
            snprintf(names[run] + length, sizeof names[run] - length, ", fixed");
        }
    }
}
