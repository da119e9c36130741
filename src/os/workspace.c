#include "os/workspace.h"

#include "base/assert.h"
#include "os/openat2.h"
#include "os/workspace_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* openat2 gives up with EAGAIN when somebody renames while it follows a ".."; then once more. */
enum { OPEN_ATTEMPTS = 16 };

bool workspace_init(Workspace *workspace, const char *folder, Diags *diags) {
    *workspace = (Workspace){.dir = -1};
    workspace->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (workspace->dir < 0) {
        diags_add(diags, folder, "can't use this folder as the workspace: %s",
                  os_error_text(errno));
        return false;
    }
    const int probe = openat2_beneath(workspace->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    workspace->openat2_works = probe >= 0;
    if (probe >= 0) {
        close(probe);
    }
    return true;
}

void workspace_finish(Workspace *workspace) {
    if (workspace->dir >= 0) {
        close(workspace->dir);
    }
    workspace->dir = -1;
}

bool workspace_path_allowed(const char *path) {
    if (path[0] == '\0' || path[0] == '/') {
        return false;
    }
    size_t depth = 0;
    for (const char *name = path; *name != '\0';) {
        const size_t length = strcspn(name, "/");
        if (length == 2 && memcmp(name, "..", 2) == 0) {
            if (depth == 0) {
                return false;
            }
            depth--;
        } else if (length > 0 && !(length == 1 && name[0] == '.')) {
            depth++;
        }
        name += length;
        name += *name == '/';
    }
    return true;
}

/* O_NONBLOCK: opening a FIFO returns at once instead of waiting for its other end. O_NOCTTY: a
 * terminal that was planted in the folder does not become ours. */
int workspace_open_flags(OsMode mode) {
    const int harmless = O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    switch (mode) {
    case OS_MODE_W:
        return O_WRONLY | O_CREAT | O_TRUNC | harmless;
    case OS_MODE_A:
        return O_WRONLY | O_CREAT | O_APPEND | harmless;
    default:
        ASSERT(mode == OS_MODE_R);
        return O_RDONLY | harmless;
    }
}

/* EXDEV: it leads out. ELOOP: a link. ENXIO, EOPNOTSUPP: a socket, a FIFO without a reader, a
 * device without a driver; a regular file never gives them. */
int workspace_open_error(int error) {
    ASSERT(error < 0);
    return error == -EXDEV || error == -ELOOP || error == -ENXIO || error == -EOPNOTSUPP ? -EPERM
                                                                                         : error;
}

bool workspace_wants_folders(const char *path, OsMode mode, int error) {
    return error == -ENOENT && mode != OS_MODE_R && strchr(path, '/') != NULL;
}

int workspace_make_folders(const Workspace *workspace, const char *path) {
    if (!workspace_path_allowed(path)) {
        return -EPERM;
    }
    const int made = walk_make_folders(workspace->dir, path);
    return made < 0 ? workspace_open_error(made) : 0;
}

int workspace_admit(int file) {
    struct stat what;
    int result = 0;
    if (fstat(file, &what) < 0) {
        result = -errno;
    } else if (S_ISDIR(what.st_mode)) {
        result = -EISDIR;
    } else if (!S_ISREG(what.st_mode)) {
        result = -EPERM;
    }
    if (result < 0) {
        close(file);
        return result;
    }
    /* O_NONBLOCK has done its work. Left on, some file systems would answer EAGAIN to a write. */
    const int flags = fcntl(file, F_GETFL);
    if (flags >= 0) {
        (void)fcntl(file, F_SETFL, flags & ~O_NONBLOCK);
    }
    return 0;
}

static int open_once(const Workspace *workspace, const char *path, OsMode mode) {
    const int flags = workspace_open_flags(mode);
    const unsigned permissions = (flags & O_CREAT) != 0 ? 0666 : 0;
    if (!workspace->openat2_works) {
        return walk_open(workspace->dir, path, flags, permissions);
    }
    int file = -EAGAIN;
    for (int i = 0; i < OPEN_ATTEMPTS && file == -EAGAIN; i++) {
        file = openat2_beneath(workspace->dir, path, flags, permissions);
    }
    return file;
}

int workspace_open(const Workspace *workspace, const char *path, OsMode mode) {
    if (!workspace_path_allowed(path)) {
        return -EPERM;
    }
    int file = open_once(workspace, path, mode);
    if (workspace_wants_folders(path, mode, file)) {
        const int made = workspace_make_folders(workspace, path);
        if (made < 0) {
            return made;
        }
        file = open_once(workspace, path, mode);
    }
    if (file < 0) {
        return workspace_open_error(file);
    }
    const int admitted = workspace_admit(file);
    return admitted < 0 ? admitted : file;
}
