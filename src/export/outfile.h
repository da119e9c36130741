/* A file that appears whole under its final name or not at all.
 *
 * "-" is standard output. Ownership: outfile_commit and outfile_discard free. Threads: one. */
#ifndef LOOPSCOPE_EXPORT_OUTFILE_H
#define LOOPSCOPE_EXPORT_OUTFILE_H

#include "base/diag.h"

typedef struct Outfile Outfile;

/* A temporary beside `file`, or the file itself where it is a device; NULL: can't. */
Outfile *outfile_create(const char *file, Diags *diags);
bool outfile_write(Outfile *out, const void *bytes, size_t size_bytes, Diags *diags);
bool outfile_commit(Outfile *out, Diags *diags); /* flush, fsync, rename */
void outfile_discard(Outfile *out);              /* removes the temporary; accepts NULL */

#endif
