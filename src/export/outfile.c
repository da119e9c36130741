#include "export/outfile.h"

#include "base/files.h"
#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    char *real = file_real_path(file);
    return real != NULL ? real : mem_copy_text(file, strlen(file));
}

static bool open_temporary(Outfile *out) {
    Buf name = {0};
    for (unsigned i = 0; i < NAME_TRIES; i++) {
        buf_clear(&name);
        buf_printf(&name, "%s.%ld-%u.tmp", out->file, (long)getpid(), i);
        out->fd = file_open(buf_text(&name), FILE_USE_CREATE_NEW);
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
    switch (file_kind(out->file)) {
    case FILE_KIND_NONE:
        return open_temporary(out);
    case FILE_KIND_FOLDER:
        errno = EISDIR;
        return false;
    case FILE_KIND_OTHER:
        out->fd = file_open(out->file, FILE_USE_WRITE);
        return out->fd >= 0;
    default:
        break;
    }
    if (!file_is_writable(out->file) || !open_temporary(out)) {
        return false;
    }
    /* Whoever could read the old file can read the new one; on failure the umask's mode stays. */
    file_copy_permissions(out->fd, out->file);
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

static bool flush(Outfile *out, Diags *diags) {
    const size_t used = out->used_bytes;
    out->used_bytes = 0;
    return file_write_all(out->fd, out->buffer, used) || fail(out, diags, "be written");
}

bool outfile_write(Outfile *out, const void *bytes, size_t size_bytes, Diags *diags) {
    if (size_bytes > BUFFER_BYTES - out->used_bytes && !flush(out, diags)) {
        return false;
    }
    if (size_bytes > BUFFER_BYTES) {
        return file_write_all(out->fd, bytes, size_bytes) || fail(out, diags, "be written");
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
        good = file_sync(out->fd) || fail(out, diags, "be brought to the disk");
        const bool closed = file_close(out->fd);
        out->fd = -1;
        good = good && (closed || fail(out, diags, "be closed"));
        good = good &&
               (file_replace(out->temporary, out->file) || fail(out, diags, "get its final name"));
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
        file_close(out->fd);
    }
    if (out->temporary != NULL) {
        file_remove(out->temporary);
    }
    free(out->temporary);
    free(out->file);
    free(out);
}
