/* Exports: a writer a format, in one table, and the reader of the native format.
 *
 * Writers stream: memory stays flat however long the trace is. A file appears whole under its final
 * name or not at all (a temporary beside it, fsync, rename), see export/outfile.h.
 * Ownership: the caller's. Threads: any, on a log whose events below a seen count are read. */
#ifndef LOOPSCOPE_EXPORT_EXPORT_H
#define LOOPSCOPE_EXPORT_EXPORT_H

#include "base/buf.h"
#include "base/diag.h"
#include "trace/log.h"

/* ---- the native format, docs/trace.md ---- */

void export_header_line(const Log *log, Buf *out);            /* with its newline */
void export_event_line(const Log *log, uint64_t n, Buf *out); /* with its newline */

/* Appends the trace to a file as the run goes on. */
typedef struct TraceWriter TraceWriter;
TraceWriter *trace_writer_create(const Log *log, const char *file, Diags *diags); /* NULL: can't */
/* Writes what is new, whole lines only. False once the file can't be written; that is told once. */
bool trace_writer_follow(TraceWriter *writer, Diags *diags);
/* Writes the rest, fsyncs, closes, frees. */
bool trace_writer_close(TraceWriter *writer, Diags *diags);

/* Reads a native trace. What stands before a damaged line is kept: returns the log (finished) with
 * a diagnostic in diags that names the line; NULL where not even the header is good. */
Log *trace_read(const char *file, Diags *diags);
Log *trace_read_header(const char *file, Diags *diags); /* of it alone: a log without events */
Log *trace_read_text(const char *file, const char *text, size_t size_bytes, Diags *diags);

/* ---- the table of formats ---- */

/* Hears how far a long export is, 0..1; false: it shall stop and leave nothing behind. */
typedef struct Progress {
    void *context;
    bool (*told)(void *context, double share);
} Progress;

/* What is told where it stopped. */
#define EXPORT_STOPPED "stopped: nothing was written"

/* What is written: the events from `from` on, before `end`. */
typedef struct ExportJob {
    const Log *log;
    uint64_t from, end;
    const char *file;         /* "-": standard output */
    const Progress *progress; /* or NULL */
} ExportJob;

typedef bool ExportWrite(const ExportJob *job, Diags *diags);

typedef struct ExportFormat {
    const char *ending; /* ".jsonl"; "/": a folder */
    const char *name;   /* for messages and lists */
    const char *about;  /* what it is good for */
    ExportWrite *write; /* NULL: a picture, written by the app with the painter */
    bool begins_later;  /* it means something without the events before `from`; else that is 0 */
    bool is_text;       /* can go to standard output */
} ExportFormat;

extern const ExportFormat EXPORT_FORMATS[];
extern const size_t EXPORT_FORMAT_COUNT;

ExportWrite export_chrome, export_pftrace, export_csv, export_narration;

const ExportFormat *export_format_slides(void);            /* the folder's */
const ExportFormat *export_format_named(const char *name); /* "jsonl"; NULL */
const ExportFormat *export_format_of(const char *file);    /* by its ending; NULL */

#endif
