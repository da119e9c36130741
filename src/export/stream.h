/* A file in the making, written text by text: what all writers of text and bytes share. Internal to
 * export/.
 *
 * Ownership: stream_open begins, stream_close ends and frees either way. Threads: one. */
#ifndef LOOPSCOPE_EXPORT_STREAM_H
#define LOOPSCOPE_EXPORT_STREAM_H

#include "base/buf.h"
#include "export/outfile.h"

typedef struct Stream {
    Outfile *out;
    Diags *diags;
    Buf text; /* made, not handed on yet: append here */
} Stream;

bool stream_open(Stream *stream, const char *file, Diags *diags); /* false: nothing to close */

/* Hands on what was made, once it is much. Call it now and then; false: it can't be written. */
bool stream_pass(Stream *stream);

/* The file gets its name where all was `good` until now; else nothing is left of it. */
bool stream_close(Stream *stream, bool good);

#endif
