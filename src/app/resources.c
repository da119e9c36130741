#include "app/resources.h"

#include "base/system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* The folder without "..", where it is one. */
static bool use_folder(char *out, size_t size_bytes) {
    if (!is_folder(out)) {
        return false;
    }
    char *whole = realpath(out, NULL);
    const bool fits = whole != NULL && snprintf(out, size_bytes, "%s", whole) < (int)size_bytes;
    free(whole);
    return fits;
}

bool resources_scenarios(char *out, size_t size_bytes) {
    static const char *const BESIDE[] = {"scenarios", "../scenarios", "../../scenarios",
                                         "../share/loopscope/scenarios"};
    const char *chosen = getenv("LOOPSCOPE_SCENARIOS");
    if (chosen != NULL) {
        return snprintf(out, size_bytes, "%s", chosen) < (int)size_bytes &&
               use_folder(out, size_bytes);
    }
    char program[4096];
    const char *slash = system_program_path(program, sizeof program) ? strrchr(program, '/') : NULL;
    for (size_t i = 0; slash != NULL && i < sizeof BESIDE / sizeof BESIDE[0]; i++) {
        const int needed =
            snprintf(out, size_bytes, "%.*s/%s", (int)(slash - program), program, BESIDE[i]);
        if (needed > 0 && needed < (int)size_bytes && use_folder(out, size_bytes)) {
            return true;
        }
    }
    return snprintf(out, size_bytes, "scenarios") < (int)size_bytes && use_folder(out, size_bytes);
}

void resources_name(const char *file, char *out, size_t size_bytes) {
    const char *slash = strrchr(file, '/');
    const char *name = slash == NULL ? file : slash + 1;
    const char *dot = strrchr(name, '.');
    const int length = (int)(dot == NULL || dot == name ? strlen(name) : (size_t)(dot - name));
    snprintf(out, size_bytes, "%.*s", length, name);
}
