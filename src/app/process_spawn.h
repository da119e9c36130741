/* Children, where the system is POSIX. Internal to app/'s files for it.
 *
 * Threads: any. */
#ifndef LOOPSCOPE_APP_PROCESS_SPAWN_H
#define LOOPSCOPE_APP_PROCESS_SPAWN_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* Another program: `words` as for process_start, `streams` its input, output and complaints (-1:
 * nothing). In a group of its own, a signal to the group reaches its own children as well. 0, or
 * the errno. */
int process_spawn(const char *const *words, const int streams[3], bool own_group, pid_t *pid);

/* All that was written to the file, from its beginning. */
void process_take(FILE *file, Buf *out);

/* Of what waitpid tells: the exit status, or 128 and the signal's number. */
int process_status(int status);

#endif
