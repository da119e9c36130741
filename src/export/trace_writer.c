/* The trace, written as the run goes on. It stands at its final name from the beginning, because a
 * run that is killed must leave what it wrote; so a line goes out whole or is taken back. */
#include "export/export.h"

#include "base/files.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_BYTES = 1 << 17 };

struct TraceWriter {
    const Log *log;
    char *file;
    int fd;
    bool failed;         /* told once; nothing is written any more */
    Buf lines;           /* formatted, not written yet */
    uint64_t next;       /* the first event that was not formatted */
    uint64_t whole;      /* lines in the file, the header included */
    int64_t whole_bytes; /* and their bytes */
};

TraceWriter *trace_writer_create(const Log *log, const char *file, Diags *diags) {
    const int fd = file_open(file, FILE_USE_CREATE);
    if (fd < 0) {
        diags_add(diags, file, "the trace can't be created: %s", strerror(errno));
        return NULL;
    }
    TraceWriter *writer = mem_alloc(1, sizeof *writer);
    writer->log = log;
    writer->file = mem_copy_text(file, strlen(file));
    writer->fd = fd;
    export_header_line(log, &writer->lines);
    return writer;
}

static bool fail(TraceWriter *writer, Diags *diags, const char *what, int error) {
    const uint64_t events = writer->whole > 0 ? writer->whole - 1 : 0;
    writer->failed = true;
    diags_add(diags, writer->file, "the trace can't be %s: %s (it ends after %llu events)", what,
              strerror(error), (unsigned long long)events);
    return false;
}

static void count_whole_lines(TraceWriter *writer, const char *bytes, size_t size_bytes) {
    const char *line = bytes;
    const char *end = bytes + size_bytes;
    for (const char *feed; (feed = memchr(line, '\n', (size_t)(end - line))) != NULL;) {
        line = feed + 1;
        writer->whole++;
    }
    writer->whole_bytes += line - bytes;
}

static bool write_lines(TraceWriter *writer, Diags *diags) {
    const char *bytes = buf_text(&writer->lines);
    size_t done = 0;
    int error = 0;
    while (done < writer->lines.size_bytes && error == 0) {
        const int64_t wrote = file_write(writer->fd, bytes + done, writer->lines.size_bytes - done);
        if (wrote > 0) {
            done += (size_t)wrote;
        } else {
            error = wrote == 0 ? EIO : errno;
        }
    }
    if (error != 0) {
        count_whole_lines(writer, bytes, done);
        /* Fails on a pipe, where nothing can be taken back. */
        (void)file_cut(writer->fd, writer->whole_bytes);
        return fail(writer, diags, "written", error);
    }
    writer->whole = writer->next + 1;
    writer->whole_bytes += (int64_t)done;
    buf_clear(&writer->lines);
    return true;
}

bool trace_writer_follow(TraceWriter *writer, Diags *diags) {
    const uint64_t count = log_count(writer->log);
    while (!writer->failed && (writer->next < count || writer->lines.size_bytes > 0)) {
        while (writer->next < count && writer->lines.size_bytes < BATCH_BYTES) {
            export_event_line(writer->log, writer->next++, &writer->lines);
        }
        write_lines(writer, diags);
    }
    return !writer->failed;
}

bool trace_writer_close(TraceWriter *writer, Diags *diags) {
    trace_writer_follow(writer, diags);
    if (!writer->failed && !file_sync(writer->fd)) {
        fail(writer, diags, "brought to the disk", errno);
    }
    if (!file_close(writer->fd) && !writer->failed) {
        fail(writer, diags, "closed", errno);
    }
    const bool good = !writer->failed;
    buf_finish(&writer->lines);
    free(writer->file);
    free(writer);
    return good;
}
