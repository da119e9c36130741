#include "os/openat2.h"

#include <errno.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

uint64_t openat2_resolve(void) {
    return RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
}

int openat2_beneath(int dir, const char *path, int flags, unsigned mode) {
    const struct open_how how = {
        .flags = (uint64_t)(unsigned)flags, .mode = mode, .resolve = openat2_resolve()};
    const long file = syscall(SYS_openat2, dir, path, &how, sizeof how);
    return file >= 0 ? (int)file : -errno;
}
