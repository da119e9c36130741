/* The run's own folder: made fresh, and removed with all that it holds. */
#include "os/workspace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_PREFIX "loopscope-"

bool workspace_make_temporary(char *out, size_t size_bytes, Diags *diags) {
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] != '/') {
        parent = "/tmp";
    }
    const int length = snprintf(out, size_bytes, "%s/" FOLDER_PREFIX "XXXXXX", parent);
    if (length < 0 || (size_t)length >= size_bytes) {
        diags_add(diags, parent, "can't make a folder for the run: its path would be too long");
        return false;
    }
    if (mkdtemp(out) == NULL) {
        diags_add(diags, parent, "can't make a folder for the run: %s", os_error_text(errno));
        return false;
    }
    return true;
}

static bool is_dots(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* What is being emptied, and a number for the next name that nothing in it has. */
typedef struct Removal {
    int root;
    unsigned serial;
} Removal;

/* Moves a folder from deep below to the top under a fresh name, so that neither the depth of the
 * tree nor the number of open descriptors matters. */
static bool lift(Removal *removal, int parent, const char *name) {
    for (;;) {
        char fresh[32];
        snprintf(fresh, sizeof fresh, "%s%u", ".removing-", removal->serial++);
        struct stat what;
        if (fstatat(removal->root, fresh, &what, AT_SYMLINK_NOFOLLOW) < 0) {
            return renameat(parent, name, removal->root, fresh) == 0;
        }
    }
}

/* Removes what `name` in `parent` is, where it can go at once; a link goes, not what it names. */
static bool remove_entry(int parent, const char *name) {
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) {
        return true;
    }
    return (errno == EISDIR || errno == EPERM) && unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

/* Empties the folder `name` of the root: files go, filled folders move up to the root. */
static bool empty_folder(Removal *removal, const char *name) {
    const int folder = openat(removal->root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *list = folder >= 0 ? fdopendir(folder) : NULL;
    if (list == NULL) {
        if (folder >= 0) {
            close(folder);
        }
        return false;
    }
    bool ok = true;
    for (struct dirent *entry = readdir(list); entry != NULL && ok; entry = readdir(list)) {
        ok = is_dots(entry->d_name) || remove_entry(folder, entry->d_name) ||
             lift(removal, folder, entry->d_name);
    }
    closedir(list);
    return ok;
}

/* One pass over the root; *left counts what it found, for entries come up while it runs. */
static bool sweep(Removal *removal, size_t *left) {
    const int again = openat(removal->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = again >= 0 ? fdopendir(again) : NULL;
    if (list == NULL) {
        if (again >= 0) {
            close(again);
        }
        return false;
    }
    bool ok = true;
    *left = 0;
    for (struct dirent *entry = readdir(list); entry != NULL && ok; entry = readdir(list)) {
        if (is_dots(entry->d_name)) {
            continue;
        }
        (*left)++;
        ok = remove_entry(removal->root, entry->d_name) ||
             (empty_folder(removal, entry->d_name) && remove_entry(removal->root, entry->d_name));
    }
    closedir(list);
    return ok;
}

/* Only a folder that workspace_make_temporary may have made: its name, and owned by this user. */
static int open_own(const char *folder) {
    const char *slash = strrchr(folder, '/');
    const char *name = slash == NULL ? folder : slash + 1;
    if (strncmp(name, FOLDER_PREFIX, sizeof FOLDER_PREFIX - 1) != 0) {
        return -1;
    }
    const int root = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat what;
    if (root >= 0 && (fstat(root, &what) < 0 || what.st_uid != geteuid())) {
        close(root);
        return -1;
    }
    return root;
}

bool workspace_remove(const char *folder) {
    Removal removal = {.root = open_own(folder)};
    if (removal.root < 0) {
        return false;
    }
    size_t left = 1;
    bool ok = true;
    while (ok && left > 0) {
        ok = sweep(&removal, &left);
    }
    close(removal.root);
    return ok && rmdir(folder) == 0;
}
