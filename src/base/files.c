#include "base/files.h"

#include <errno.h>

bool file_write_all(int file, const void *bytes, size_t size_bytes) {
    const char *next = bytes;
    while (size_bytes > 0) {
        const int64_t wrote = file_write(file, next, size_bytes);
        if (wrote < 0) {
            return false;
        }
        if (wrote == 0) {
            errno = EIO; /* no progress and no reason given */
            return false;
        }
        next += wrote;
        size_bytes -= (size_t)wrote;
    }
    return true;
}
