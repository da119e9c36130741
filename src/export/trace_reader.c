/* The native format, read: strict, line by line. What stands before a damaged line is kept. */
#include "export/export.h"
#include "export/read_chrome.h"
#include "export/read_line.h"

#include "base/files.h"
#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_BYTES = 1 << 20,
    LINE_MAX_BYTES = 1 << 29, /* the longest text that a run can make fits many times */
    EVENTS_MAX = 1 << 28,     /* what a log takes, texts included */
};

typedef struct Reader {
    const char *file;
    Diags *diags;
    EventReader events;
    uint32_t lines; /* begun, the header included */
    bool header_good;
    bool header_only; /* what stands behind it is not asked for */
    bool chrome;      /* it stands in a Chrome trace that Loopscope exported */
    bool ended;       /* that one's last line was seen */
} Reader;

static bool tell_fault(Reader *reader, const char *line, size_t size_bytes, bool cut_off,
                       const LineFault *fault) {
    Diag *diag = NULL;
    if (reader->lines == 1) {
        diag = diags_add_at(reader->diags, reader->file, line, size_bytes, fault->at, "%s",
                            fault->what);
    } else {
        const uint64_t kept = log_count(reader->events.log);
        diag = diags_add_at(reader->diags, reader->file, line, size_bytes, fault->at,
                            "%s: %s; the %llu event%s before it %s kept",
                            cut_off ? "the trace is cut off here" : "this line is damaged",
                            fault->what, (unsigned long long)kept, kept == 1 ? "" : "s",
                            kept == 1 ? "is" : "are");
    }
    if (diag != NULL) {
        diag->line = reader->lines;
    }
    return false;
}

static bool take_header(Reader *reader, const char *line, size_t size_bytes, LineFault *fault) {
    Log *log = reader->events.log;
    if (!chrome_line_begins(line, size_bytes)) {
        return read_header_line(log, line, size_bytes, fault);
    }
    const ChromePart header = chrome_line_header(line, size_bytes);
    if (header.start == NULL) {
        snprintf(fault->what, sizeof fault->what,
                 "a Chrome trace that was made elsewhere is not a Loopscope trace: it does not say "
                 "what an event loop did; only one that Loopscope exported can be opened again");
        return false;
    }
    reader->chrome = true;
    const bool good = read_header_line(log, header.start, header.size_bytes, fault);
    fault->at += (size_t)(header.start - line);
    return good;
}

/* Of most lines of a Chrome trace the args are an event; the others draw it. */
static bool take_chrome(Reader *reader, const char *line, size_t size_bytes, LineFault *fault) {
    ChromePart part;
    const char *error = "nothing may stand behind the end";
    const ChromeWhat what =
        reader->ended ? CHROME_BAD : chrome_line_part(line, size_bytes, &part, &error, &fault->at);
    if (what == CHROME_BAD) {
        snprintf(fault->what, sizeof fault->what, "%s", error);
        return false;
    }
    reader->ended = what == CHROME_END;
    if (part.start == NULL) {
        return true;
    }
    const bool good = read_written_line(&reader->events, part.start, part.size_bytes) ||
                      read_event_line(&reader->events, part.start, part.size_bytes, fault);
    fault->at += (size_t)(part.start - line);
    return good;
}

static bool take_line(Reader *reader, const char *line, size_t size_bytes, bool ended) {
    LineFault fault;
    fault.at = 0;
    fault.what[0] = '\0';
    reader->lines++;
    bool good = false;
    if (log_count(reader->events.log) == EVENTS_MAX) {
        strcpy(fault.what, "more events than can be shown");
    } else if (reader->lines == 1) {
        good = take_header(reader, line, size_bytes, &fault);
        reader->header_good = good;
    } else if (reader->chrome) {
        good = take_chrome(reader, line, size_bytes, &fault);
    } else {
        good = read_written_line(&reader->events, line, size_bytes) ||
               read_event_line(&reader->events, line, size_bytes, &fault);
    }
    return good || tell_fault(reader, line, size_bytes, !ended, &fault);
}

/* Takes the whole lines in `text`; *used is where the rest begins. */
static bool take_lines(Reader *reader, const char *text, size_t size_bytes, size_t *used) {
    *used = 0;
    for (;;) {
        const char *line = text + *used;
        const char *feed = size_bytes == *used ? NULL : memchr(line, '\n', size_bytes - *used);
        if (feed == NULL) {
            return true;
        }
        const size_t length = (size_t)(feed - line);
        *used += length + 1;
        if (!take_line(reader, line, length, true) || reader->header_only) {
            return false;
        }
    }
}

static bool take_end(Reader *reader, const char *rest, size_t size_bytes) {
    const bool whole = !reader->chrome || reader->ended;
    if (size_bytes == 0 && reader->lines > 0 && whole) {
        return true;
    }
    return take_line(reader, rest, size_bytes, false);
}

/* The log with what was good, or NULL where not even the header was. */
static Log *finish(Reader *reader) {
    Log *log = reader->events.log;
    event_reader_finish(&reader->events);
    if (!reader->header_good) {
        log_destroy(log);
        return NULL;
    }
    log_finish(log);
    return log;
}

Log *trace_read_text(const char *file, const char *text, size_t size_bytes, Diags *diags) {
    Reader reader = {.file = file, .diags = diags};
    event_reader_init(&reader.events, log_create());
    size_t used = 0;
    if (take_lines(&reader, text, size_bytes, &used)) {
        take_end(&reader, text + used, size_bytes - used);
    }
    return finish(&reader);
}

/* One block of the file. `rest` holds the beginning of a line that the last block did not end. */
static bool take_block(Reader *reader, Buf *rest, const char *block, size_t size_bytes) {
    size_t used = 0;
    if (rest->size_bytes > 0) {
        const char *feed = memchr(block, '\n', size_bytes);
        const size_t more = feed == NULL ? size_bytes : (size_t)(feed - block) + 1;
        buf_append(rest, block, more);
        block += more;
        size_bytes -= more;
        if (feed != NULL && !take_lines(reader, buf_text(rest), rest->size_bytes, &used)) {
            return false;
        }
        if (feed != NULL) {
            buf_clear(rest);
        }
    }
    if (!take_lines(reader, block, size_bytes, &used)) {
        return false;
    }
    buf_append(rest, block + used, size_bytes - used);
    if (rest->size_bytes > LINE_MAX_BYTES) {
        reader->lines++;
        return tell_fault(reader, "", 0, false, &(LineFault){.what = "the line is too long"});
    }
    return true;
}

static void take_file(Reader *reader, int fd) {
    char *block = mem_alloc(BLOCK_BYTES, 1);
    Buf rest = {0};
    bool good = true;
    int64_t got = 1;
    while (good && got != 0) {
        got = file_read(fd, block, BLOCK_BYTES);
        if (got > 0) {
            good = take_block(reader, &rest, block, (size_t)got);
        } else if (got == 0) {
            good = take_end(reader, buf_text(&rest), rest.size_bytes);
        } else {
            diags_add(reader->diags, reader->file, "can't be read: %s", strerror(errno));
            good = false;
        }
    }
    buf_finish(&rest);
    free(block);
}

static Log *read_file(const char *file, bool header_only, Diags *diags) {
    const int fd = file_open(file, FILE_USE_READ);
    if (fd < 0) {
        diags_add(diags, file, "can't be read: %s", strerror(errno));
        return NULL;
    }
    Reader reader = {.file = file, .diags = diags, .header_only = header_only};
    event_reader_init(&reader.events, log_create());
    take_file(&reader, fd);
    file_close(fd);
    return finish(&reader);
}

Log *trace_read(const char *file, Diags *diags) {
    return read_file(file, false, diags);
}

Log *trace_read_header(const char *file, Diags *diags) {
    return read_file(file, true, diags);
}
