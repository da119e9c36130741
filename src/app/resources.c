#include "app/resources.h"

#include "base/files.h"
#include "base/system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The folder without "..", where it is one. */
static bool use_folder(char *out, size_t size_bytes) {
    if (file_kind(out) != FILE_KIND_FOLDER) {
        return false;
    }
    char *whole = file_real_path(out);
    const bool fits = whole != NULL && snprintf(out, size_bytes, "%s", whole) < (int)size_bytes;
    free(whole);
    return fits;
}

bool resources_scenarios(char *out, size_t size_bytes) {
    static const char *const BESIDE[] = {"scenarios", "../scenarios", "../../scenarios",
                                         "../share/loopscope/scenarios"};
    if (getenv("LOOPSCOPE_SCENARIOS") != NULL) {
        return file_variable("LOOPSCOPE_SCENARIOS", out, size_bytes) && use_folder(out, size_bytes);
    }
    char program[4096];
    const bool known = system_program_path(program, sizeof program);
    const int folder = known ? (int)(file_base_name(program) - program) : 0;
    for (size_t i = 0; known && i < sizeof BESIDE / sizeof BESIDE[0]; i++) {
        const int needed = snprintf(out, size_bytes, "%.*s%s", folder, program, BESIDE[i]);
        if (needed > 0 && needed < (int)size_bytes && use_folder(out, size_bytes)) {
            return true;
        }
    }
    return snprintf(out, size_bytes, "scenarios") < (int)size_bytes && use_folder(out, size_bytes);
}

void resources_name(const char *file, char *out, size_t size_bytes) {
    const char *name = file_base_name(file);
    const char *dot = strrchr(name, '.');
    const int length = (int)(dot == NULL || dot == name ? strlen(name) : (size_t)(dot - name));
    snprintf(out, size_bytes, "%.*s", length, name);
}

/* A trace begins with its header; a scenario never has that key. */
bool resources_is_trace(const char *file) {
    char head[64] = {0};
    FILE *stream = file_stream(file);
    if (stream == NULL) {
        return false;
    }
    const size_t length = fread(head, 1, sizeof head - 1, stream);
    fclose(stream);
    head[length] = '\0';
    return strstr(head, "\"loopscope_trace\"") != NULL;
}
