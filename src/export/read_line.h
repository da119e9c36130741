/* The two kinds of line in a native trace, read. Internal to export/.
 *
 * A false result leaves a fault: what is wrong, in words, and at which byte of the line. Nothing of
 * a faulty line reaches the log, save texts that nothing names.
 *
 * Ownership: the caller's. Threads: one at a time. */
#ifndef LOOPSCOPE_EXPORT_READ_LINE_H
#define LOOPSCOPE_EXPORT_READ_LINE_H

#include "base/buf.h"
#include "trace/log.h"

typedef struct LineFault {
    size_t at;
    char what[200];
} LineFault;

/* Sets the log's header. */
bool read_header_line(Log *log, const char *line, size_t size_bytes, LineFault *fault);

/* The keys of one kind's fields as the writer writes them: `, "task": `. */
typedef struct WrittenKey {
    char text[24];
    size_t length;
} WrittenKey;

/* What reading the events of one trace carries from line to line. */
typedef struct EventReader {
    Log *log;
    uint64_t last_ns;
    Buf room; /* for texts with escapes */
    WrittenKey keys[EV_KIND_COUNT][EVENT_FIELDS_MAX];
    size_t name_length[EV_KIND_COUNT];
    uint8_t next_kind[EV_KIND_COUNT]; /* which came last behind it: tried first */
    uint8_t last_kind;
} EventReader;

void event_reader_init(EventReader *reader, Log *log);
void event_reader_finish(EventReader *reader); /* the log stays */

/* Appends the event. */
bool read_event_line(EventReader *reader, const char *line, size_t size_bytes, LineFault *fault);

/* The same for a line that stands byte by byte as the writer writes it, as most do, several times
 * faster. False: it does not, or something in it is unusual; nothing was done, and read_event_line
 * has to look at it, which alone knows all rules and finds words. */
bool read_written_line(EventReader *reader, const char *line, size_t size_bytes);

#endif
