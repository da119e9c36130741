/* A file in the making, written text by text: what all writers of text and bytes share. Internal to
 * export/.
 *
 * Ownership: stream_open begins, stream_close ends and frees either way. Threads: one. */
#ifndef LOOPSCOPE_EXPORT_STREAM_H
#define LOOPSCOPE_EXPORT_STREAM_H

#include "export/export.h"
#include "export/outfile.h"

typedef struct Stream {
    Outfile *out;
    Diags *diags;
    const ExportJob *job;
    Buf text; /* made, not handed on yet: append here */
} Stream;

/* False: nothing to close. */
bool stream_open(Stream *stream, const ExportJob *job, Diags *diags);

/* Hands on what was made, once it is much, and tells that it is at event n. Call it now and then;
 * false: it can't be written, or shall not. */
bool stream_pass(Stream *stream, uint64_t n);

/* The file gets its name where all was `good` until now; else nothing is left of it. */
bool stream_close(Stream *stream, bool good);

#endif
