/* The workspace guard: nothing that a scenario names leads out of its folder.
 *
 * Linux: openat2 with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS, and where a
 * filter forbids openat2 a walk with O_NOFOLLOW, name by name. Only regular files are opened; a
 * device, a FIFO, a folder or a symbolic link is refused with EPERM.
 *
 * Threads: workspace_open on any (helper threads use it); the rest on the owner's. */
#ifndef LOOPSCOPE_OS_WORKSPACE_H
#define LOOPSCOPE_OS_WORKSPACE_H

#include "os/os.h"

typedef struct Workspace {
    int dir; /* descriptor of the folder */
    bool openat2_works;
} Workspace;

bool workspace_init(Workspace *workspace, const char *folder, Diags *diags);
void workspace_finish(Workspace *workspace);

/* False where the text alone shows that the path leaves the workspace (absolute, empty, "..", or on
 * Windows what Windows makes of it). Pure. */
bool workspace_path_allowed(const char *path);

/* Makes the folders in `path` (for writing), below the workspace. 0 or -errno. */
int workspace_make_folders(const Workspace *workspace, const char *path);

/* Opens; a descriptor or -errno (-EPERM for what leads out or is no regular file). */
int workspace_open(const Workspace *workspace, const char *path, OsMode mode);

/* After any open: 0 where `file` is a regular file, else it is closed and -EPERM returned. */
int workspace_admit(int file);

/* A fresh folder for a run under the system's temporary folder (mode 0700); false and a diagnostic
 * where it can't be made. `out` holds the path. */
bool workspace_make_temporary(char *out, size_t size_bytes, Diags *diags);

/* Removes a folder made by workspace_make_temporary with everything in it; follows no link. */
bool workspace_remove(const char *folder);

#endif
