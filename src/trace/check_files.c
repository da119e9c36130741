/* Invariant 6: the size that every file must have, told from the trace alone. */
#include "trace/check.h"

#include "base/buf.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A file, by its path without "." and "..". Unknown is a state of its own: an error part-way, or a
 * file that was there before the run. An open that truncates makes it known again. */
typedef struct FileCheck {
    char *path;
    int64_t size_bytes;           /* -1: can't be told */
    bool exists;                  /* some open succeeded */
    uint32_t writes, truncations; /* in flight */
    bool raced;                   /* both at once: which came first can't be told */
} FileCheck;

typedef struct FilesCheck {
    const Log *log;
    FileCheck *files;
    size_t count, cap;
    uint32_t *by_text; /* index into files + 1, by text id; 0: not looked up yet */
    const Event **ops; /* submissions, by op id */
    size_t op_count, op_cap;
} FilesCheck;

static void normalize(const char *path, Buf *out) {
    buf_clear(out);
    while (*path != '\0') {
        const size_t length = strcspn(path, "/");
        if (length == 2 && strncmp(path, "..", 2) == 0) {
            while (out->size_bytes > 0 && out->data[--out->size_bytes] != '/') {
            }
        } else if (length > 0 && !(length == 1 && *path == '.')) {
            buf_append(out, "/", out->size_bytes > 0);
            buf_append(out, path, length);
        }
        path += length + (path[length] == '/');
    }
    buf_append(out, "", 0); /* its NUL, after a ".." */
}

static FileCheck *file_of(FilesCheck *check, uint32_t text) {
    if (text == EVENT_NONE) {
        return NULL;
    }
    if (check->by_text[text] == 0) {
        Buf path = {0};
        normalize(log_text(check->log, text, NULL), &path);
        size_t i = 0;
        while (i < check->count && strcmp(check->files[i].path, buf_text(&path)) != 0) {
            i++;
        }
        if (i == check->count) {
            check->files =
                mem_grow(check->files, &check->cap, check->count + 1, sizeof *check->files);
            check->files[check->count++] =
                (FileCheck){.path = mem_copy_text(buf_text(&path), path.size_bytes)};
        }
        buf_finish(&path);
        check->by_text[text] = (uint32_t)i + 1;
    }
    return &check->files[check->by_text[text] - 1];
}

static bool truncates(const Event *io) {
    return io->a == IO_OPENAT && io->b == IO_MODE_W;
}

static void begin(FileCheck *file, const Event *io) {
    file->writes += io->a == IO_WRITE;
    file->truncations += truncates(io);
    file->raced = file->raced || (file->writes > 0 && file->truncations > 0);
}

static void finish(FileCheck *file, const Event *io, int64_t result) {
    file->writes -= io->a == IO_WRITE;
    file->truncations -= truncates(io);
    if (io->a == IO_OPENAT && result >= 0) {
        const bool was_there = file->exists || io->b != IO_MODE_R;
        file->exists = true;
        file->size_bytes = truncates(io) ? 0 : was_there ? file->size_bytes : -1;
    }
    if (io->a == IO_WRITE && result < 0) {
        file->size_bytes = -1; /* part of it may have been written */
    } else if (io->a == IO_WRITE && result > 0 && file->size_bytes >= 0) {
        const int64_t end = (io->y < 0 ? file->size_bytes : io->y) + result;
        file->size_bytes = end > file->size_bytes ? end : file->size_bytes;
    }
    if (file->raced) {
        file->size_bytes = -1;
        file->raced = file->writes > 0 || file->truncations > 0;
    }
}

static void take_event(FilesCheck *check, const Event *event) {
    FileCheck *file = NULL;
    switch ((EventKind)event->kind) {
    case EV_IO_SUBMITTED:
        check->ops = mem_grow(check->ops, &check->op_cap, check->op_count + 1, sizeof *check->ops);
        check->ops[check->op_count++] = event;
        file = file_of(check, event->text);
        if (file != NULL) {
            begin(file, event);
        }
        break;
    case EV_IO_COMPLETED:
        if (event->id < check->op_count) {
            const Event *submitted = check->ops[event->id];
            file = file_of(check, submitted->text);
            if (file != NULL) {
                finish(file, submitted, event->x);
            }
        }
        break;
    case EV_IO_BLOCKING:
        file = file_of(check, event->text);
        if (file != NULL) {
            begin(file, event);
            finish(file, event, event_io_result(event));
        }
        break;
    default:
        break;
    }
}

void trace_check_files(const Log *log,
                       void (*each)(void *context, const char *path, int64_t size_bytes),
                       void *context) {
    const uint64_t count = log_count(log);
    FilesCheck check = {.log = log};
    check.by_text = mem_alloc(log_text_count(log), sizeof *check.by_text);
    for (uint64_t n = 0; n < count; n++) {
        take_event(&check, log_event(log, n));
    }
    for (size_t i = 0; i < check.count; i++) {
        const FileCheck *file = &check.files[i];
        const bool open_end = file->writes > 0 || file->truncations > 0;
        if (file->exists) {
            each(context, file->path, open_end ? -1 : file->size_bytes);
        }
        free(file->path);
    }
    free(check.files);
    free(check.by_text);
    free(check.ops);
}
