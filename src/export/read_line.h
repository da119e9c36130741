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

/* What reading the events of one trace carries from line to line. */
typedef struct EventReader {
    Log *log;
    uint64_t last_ns;
    Buf room; /* for texts with escapes */
} EventReader;

/* Appends the event. */
bool read_event_line(EventReader *reader, const char *line, size_t size_bytes, LineFault *fault);

#endif
