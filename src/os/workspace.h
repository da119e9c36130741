/* The workspace guard: nothing that a scenario names leads out of its folder.
 *
 * Linux: openat2 with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS, and where a
 * filter forbids openat2 a walk with O_NOFOLLOW, name by name. Only regular files are opened; a
 * device, a FIFO, a socket or a symbolic link is refused with EPERM. A folder is refused with
 * EISDIR, as Python's open() does.
 *
 * Ownership: workspace_init/workspace_finish for memory that the caller supplies.
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

/* False where the text alone shows that the path leaves the workspace (absolute, empty, more ".."
 * than names before it, or on Windows what Windows makes of it). Pure. */
bool workspace_path_allowed(const char *path);

/* Makes the folders in `path` (for writing), below the workspace. 0 or -errno. */
int workspace_make_folders(const Workspace *workspace, const char *path);

/* Opens, and makes the folders in the path when it is for writing and they are missing; a
 * descriptor or -errno (-EPERM for what leads out or is no regular file). Never waits for the other
 * end of a FIFO. */
int workspace_open(const Workspace *workspace, const char *path, OsMode mode);

/* The flags of open(2) for `mode`, those included that keep a FIFO or a terminal from doing
 * harm. */
int workspace_open_flags(OsMode mode);

/* What a refused open means here: -EPERM for the errors by which the kernel says that a path leads
 * out or names a thing that is no file; any other error stays what it is. */
int workspace_open_error(int error);

/* True where an open failed only because folders in the path are missing and `mode` makes them. */
bool workspace_wants_folders(const char *path, OsMode mode, int error);

/* After any open: 0 where `file` is a regular file, else it is closed and -EPERM (a folder:
 * -EISDIR) returned. */
int workspace_admit(int file);

/* A fresh folder for a run under the system's temporary folder (mode 0700); false and a diagnostic
 * where it can't be made. `out` holds the path. */
bool workspace_make_temporary(char *out, size_t size_bytes, Diags *diags);

/* Removes a folder made by workspace_make_temporary with everything in it; follows no link. */
bool workspace_remove(const char *folder);

#endif
