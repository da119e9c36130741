#include "os/workspace_walk.h"

#include "base/assert.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK };

/* One name of the path. */
typedef struct Name {
    uint16_t at;
    uint16_t length;
} Name;

/* The folders between the workspace and where the walk stands. */
typedef struct Trail {
    const char *path;
    bool make;
    int root; /* the caller's */
    int here; /* ours, or root */
    size_t depth;
    Name names[PATH_MAX / 2]; /* a name and a slash take two bytes at least */
} Trail;

/* The next name from *at on; false at the end. Empty names and "." are skipped. */
static bool next_name(const char *path, size_t *at, Name *name) {
    for (;;) {
        while (path[*at] == '/') {
            (*at)++;
        }
        if (path[*at] == '\0') {
            return false;
        }
        const size_t begin = *at;
        const size_t length = strcspn(path + begin, "/");
        *at += length;
        if (length != 1 || path[begin] != '.') {
            *name = (Name){(uint16_t)begin, (uint16_t)length};
            return true;
        }
    }
}

static bool is_parent(const Trail *trail, Name name) {
    return name.length == 2 && memcmp(trail->path + name.at, "..", 2) == 0;
}

static int copy_name(const Trail *trail, Name name, char out[NAME_MAX + 1]) {
    if (name.length > NAME_MAX) {
        return -ENAMETOOLONG;
    }
    memcpy(out, trail->path + name.at, name.length);
    out[name.length] = '\0';
    return 0;
}

static void stand(Trail *trail, int folder) {
    if (trail->here != trail->root) {
        close(trail->here);
    }
    trail->here = folder;
}

/* A link in the way gives ENOTDIR, ELOOP, EMLINK or EFTYPE, as the system likes; openat2 says
 * ELOOP. */
static int open_error(const Trail *trail, const char *name, int error) {
    struct stat what;
    const bool link =
        fstatat(trail->here, name, &what, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(what.st_mode);
    return link ? -ELOOP : -error;
}

static int enter(Trail *trail, Name name) {
    char text[NAME_MAX + 1];
    const int copied = copy_name(trail, name, text);
    if (copied < 0) {
        return copied;
    }
    if (trail->make && mkdirat(trail->here, text, 0777) < 0 && errno != EEXIST) {
        return open_error(trail, text, errno);
    }
    const int folder = openat(trail->here, text, FOLDER_FLAGS);
    if (folder < 0) {
        return open_error(trail, text, errno);
    }
    stand(trail, folder);
    return 0;
}

/* Back to the parent: anew from the root, since the ".." of a folder that somebody moves meanwhile
 * may be anywhere. */
static int leave(Trail *trail) {
    if (trail->depth == 0) {
        return -EXDEV;
    }
    trail->depth--;
    stand(trail, trail->root);
    for (size_t i = 0; i < trail->depth; i++) {
        const int entered = enter(trail, trail->names[i]);
        if (entered < 0) {
            return entered;
        }
    }
    return 0;
}

static int step(Trail *trail, Name name) {
    if (is_parent(trail, name)) {
        return leave(trail);
    }
    const int entered = enter(trail, name);
    if (entered == 0) {
        ASSERT(trail->depth < sizeof trail->names / sizeof trail->names[0]);
        trail->names[trail->depth++] = name;
    }
    return entered;
}

/* Walks all names but the last, which is handed out; its length is 0 in a path of dots alone. */
static int walk(Trail *trail, Name *last) {
    size_t at = 0;
    *last = (Name){0};
    while (next_name(trail->path, &at, last)) {
        size_t ahead = at;
        Name following;
        if (!next_name(trail->path, &ahead, &following)) {
            break;
        }
        const int stepped = step(trail, *last);
        if (stepped < 0) {
            return stepped;
        }
    }
    return 0;
}

/* "x/", "x/." and "x/.." name folders, whatever x is. */
static int open_last(Trail *trail, Name last, int flags, unsigned mode) {
    const bool folder =
        last.length == 0 || is_parent(trail, last) || trail->path[last.at + last.length] != '\0';
    if (folder) {
        const int stepped = (flags & O_CREAT) != 0 || last.length == 0 ? 0 : step(trail, last);
        return stepped < 0 ? stepped : -EISDIR;
    }
    char text[NAME_MAX + 1];
    const int copied = copy_name(trail, last, text);
    if (copied < 0) {
        return copied;
    }
    const int file = openat(trail->here, text, flags | O_NOFOLLOW, mode);
    return file >= 0 ? file : open_error(trail, text, errno);
}

static int start(Trail *trail, int dir, const char *path, bool make) {
    if (strlen(path) >= PATH_MAX) {
        return -ENAMETOOLONG;
    }
    trail->path = path;
    trail->make = make;
    trail->root = dir;
    trail->here = dir;
    trail->depth = 0;
    return 0;
}

int walk_open(int dir, const char *path, int flags, unsigned mode) {
    Trail trail;
    Name last;
    int file = start(&trail, dir, path, false);
    if (file < 0) {
        return file;
    }
    file = walk(&trail, &last);
    if (file == 0) {
        file = open_last(&trail, last, flags, mode);
    }
    stand(&trail, trail.root);
    return file;
}

int walk_make_folders(int dir, const char *path) {
    Trail trail;
    Name last;
    int made = start(&trail, dir, path, true);
    if (made < 0) {
        return made;
    }
    made = walk(&trail, &last);
    stand(&trail, trail.root);
    return made;
}
