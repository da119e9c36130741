/* The openat2 system call, which the C library of Debian 12 has no function for.
 *
 * Threads: any; no state. */
#ifndef LOOPSCOPE_OS_OPENAT2_H
#define LOOPSCOPE_OS_OPENAT2_H

#include <stdint.h>

/* Opens `path` below the folder `dir`; no link is followed, no ".." leaves. A descriptor or -errno;
 * -ENOSYS on a system without it. */
int openat2_beneath(int dir, const char *path, int flags, unsigned mode);

/* The `resolve` field that says so, for those who fill in the structure themselves. */
uint64_t openat2_resolve(void);

#endif
