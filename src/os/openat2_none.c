/* For systems without the call: the walk does its work. */
#include "os/openat2.h"

#include <errno.h>

int openat2_beneath(int dir, const char *path, int flags, unsigned mode) {
    (void)dir, (void)path, (void)flags, (void)mode;
    return -ENOSYS;
}
