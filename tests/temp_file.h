/* A file for a test, in the system's folder for such files, on every system. */
#ifndef LOOPSCOPE_TESTS_TEMP_FILE_H
#define LOOPSCOPE_TESTS_TEMP_FILE_H

#include "base/clock.h"
#include "base/files.h"

#include <stdio.h>

enum { TEMP_FILE_MAX_BYTES = 1024 };

/* Its name is written to `path`; the caller removes it. False where it can't be made. */
static inline bool temp_file_write(char path[TEMP_FILE_MAX_BYTES], const void *bytes,
                                   size_t size_bytes) {
    char folder[TEMP_FILE_MAX_BYTES / 2];
    const bool named = file_variable("TMPDIR", folder, sizeof folder) ||
                       file_variable("TEMP", folder, sizeof folder);
    snprintf(path, TEMP_FILE_MAX_BYTES, "%s/loopscope-test-%llx", named ? folder : "/tmp",
             (unsigned long long)clock_now_ns());
    const int file = file_open(path, FILE_USE_CREATE_NEW);
    return file >= 0 && file_write_all(file, bytes, size_bytes) && file_close(file);
}

#endif
