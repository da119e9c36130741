/* The simulated system's files: folders and bytes in memory, and the errors that a real system
 * gives. Nothing here knows of time; nothing touches a real file.
 *
 * Ownership: sim_files_create/sim_files_destroy. Threads: one at a time. */
#ifndef LOOPSCOPE_OS_SIM_FILES_H
#define LOOPSCOPE_OS_SIM_FILES_H

#include "os/os.h"

typedef struct SimFiles SimFiles;

SimFiles *sim_files_create(void);
void sim_files_destroy(SimFiles *files);

/* Does the operation: sets result, and file after an open. A handle is never used twice, so that a
 * closed one stays closed. */
void sim_files_do(SimFiles *files, OsOp *op);

bool sim_files_is_open(const SimFiles *files, OsFile file);

/* Bytes of a file, for tests and for looking at what a run left; false where there is none. Valid
 * until the next operation. */
bool sim_files_look(const SimFiles *files, const char *path, const char **data,
                    uint64_t *size_bytes);

#endif
