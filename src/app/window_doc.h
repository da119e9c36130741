/* A document: what the window shows, be it a scenario that runs or a saved trace.
 *
 * Ownership: document_open/document_close; view's pointers stay valid until the document is closed.
 * Threads: the main thread (the run has its own). */
#ifndef LOOPSCOPE_APP_WINDOW_DOC_H
#define LOOPSCOPE_APP_WINDOW_DOC_H

#include "app/options.h"
#include "app/session.h"
#include "export/export.h"
#include "view/view.h"

typedef struct Document {
    ViewDoc view;
    char *file;
    char name[128];
    Scenario *scenario; /* NULL where a trace has no usable source */
    Session *session;   /* NULL for a trace */
    Log *loaded;        /* a trace's log; NULL for a run */
    TraceWriter *writer;
    Scenario *fixed; /* NULL: nothing in it keeps the thread */
    Listing steps, json, python, fixed_python;
    char trouble[512];
} Document;

/* Opens a scenario (the run waits before its first event) or a trace. NULL and diagnostics. */
Document *document_open(const Options *options, const char *file, bool trace_only, Diags *diags);

/* One of the two ways of a scenario that keeps the thread: as it is, or with nothing in it that
 * does (scenario_fixed). A trace's scenario, which stands in its header, is run anew. */
Document *document_open_way(const Options *options, const char *file, bool fixed, Diags *diags);

/* Over a log that the caller keeps: for pictures. */
Document *document_over(Log *log, const char *file);

void document_close(Document *document); /* ends a run in order; accepts NULL */

/* Takes in what the run has written, and allows it events up to `wants`. True where news came. */
bool document_follow(Document *document, uint64_t wants);

bool document_ended(const Document *document); /* no more events will come */

#endif
