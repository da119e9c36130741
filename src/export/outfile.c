#include "export/outfile.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 16, NAME_TRIES = 100 };

struct Outfile {
    char *file;      /* the final name, links followed; as given where it is written in place */
    char *temporary; /* NULL: standard output or a device is written in place */
    int fd;
    size_t used_bytes;
    char buffer[BUFFER_BYTES];
};

static bool fail(const Outfile *out, Diags *diags, const char *what) {
    diags_add(diags, out->file, "can't %s: %s", what, strerror(errno));
    return false;
}

/* The file that a name leads to, so that a link stays one and a device is never replaced. */
static char *resolve(const char *file) {
    char *real = realpath(file, NULL);
    return real != NULL ? real : mem_copy_text(file, strlen(file));
}

static bool open_temporary(Outfile *out) {
    Buf name = {0};
    for (unsigned i = 0; i < NAME_TRIES; i++) {
        buf_clear(&name);
        buf_printf(&name, "%s.%ld-%u.tmp", out->file, (long)getpid(), i);
        out->fd = open(buf_text(&name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (out->fd >= 0 || errno != EEXIST) {
            break;
        }
    }
    if (out->fd >= 0) {
        out->temporary = mem_copy_text(buf_text(&name), name.size_bytes);
    }
    buf_finish(&name);
    return out->fd >= 0;
}

static bool open_target(Outfile *out) {
    struct stat info;
    if (stat(out->file, &info) != 0) {
        return open_temporary(out);
    }
    if (S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (!S_ISREG(info.st_mode)) {
        out->fd = open(out->file, O_WRONLY | O_CLOEXEC);
        return out->fd >= 0;
    }
    if (access(out->file, W_OK) != 0 || !open_temporary(out)) {
        return false;
    }
    /* Whoever could read the old file can read the new one; on failure the umask's mode stays. */
    (void)!fchmod(out->fd, info.st_mode & 0777);
    return true;
}

Outfile *outfile_create(const char *file, Diags *diags) {
    Outfile *out = mem_alloc(1, sizeof *out);
    if (strcmp(file, "-") == 0) {
        out->file = mem_copy_text("standard output", strlen("standard output"));
        out->fd = STDOUT_FILENO;
        return out;
    }
    out->file = resolve(file);
    out->fd = -1;
    if (!open_target(out)) {
        diags_add(diags, file, "can't be created: %s", strerror(errno));
        outfile_discard(out);
        return NULL;
    }
    return out;
}

static bool write_all(int fd, const char *bytes, size_t size_bytes) {
    while (size_bytes > 0) {
        const ssize_t wrote = write(fd, bytes, size_bytes);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            errno = wrote == 0 ? EIO : errno;
            return false;
        }
        bytes += wrote;
        size_bytes -= (size_t)wrote;
    }
    return true;
}

static bool flush(Outfile *out, Diags *diags) {
    const size_t used = out->used_bytes;
    out->used_bytes = 0;
    return write_all(out->fd, out->buffer, used) || fail(out, diags, "be written");
}

bool outfile_write(Outfile *out, const void *bytes, size_t size_bytes, Diags *diags) {
    if (size_bytes > BUFFER_BYTES - out->used_bytes && !flush(out, diags)) {
        return false;
    }
    if (size_bytes > BUFFER_BYTES) {
        return write_all(out->fd, bytes, size_bytes) || fail(out, diags, "be written");
    }
    if (size_bytes > 0) {
        memcpy(out->buffer + out->used_bytes, bytes, size_bytes);
        out->used_bytes += size_bytes;
    }
    return true;
}

bool outfile_commit(Outfile *out, Diags *diags) {
    bool good = flush(out, diags);
    if (good && out->temporary != NULL) {
        good = fsync(out->fd) == 0 || fail(out, diags, "be brought to the disk");
        const bool closed = close(out->fd) == 0;
        out->fd = -1;
        good = good && (closed || fail(out, diags, "be closed"));
        good = good &&
               (rename(out->temporary, out->file) == 0 || fail(out, diags, "get its final name"));
        if (good) {
            free(out->temporary);
            out->temporary = NULL; /* nothing is left to remove */
        }
    }
    outfile_discard(out);
    return good;
}

void outfile_discard(Outfile *out) {
    if (out == NULL) {
        return;
    }
    if (out->fd >= 0 && out->fd != STDOUT_FILENO) {
        close(out->fd);
    }
    if (out->temporary != NULL) {
        unlink(out->temporary);
    }
    free(out->temporary);
    free(out->file);
    free(out);
}
