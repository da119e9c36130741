/* Deflate (RFC 1951) with its fixed codes, as base64: what a browser's DecompressionStream reads.
 * Bytes are taken as they come, so memory stays flat. Internal to export/.
 *
 * Ownership: a zeroed Deflate is a new one; deflate_finish ends the stream and frees. Threads:
 * one. */
#ifndef LOOPSCOPE_EXPORT_DEFLATE_H
#define LOOPSCOPE_EXPORT_DEFLATE_H

#include "base/buf.h"

#include <stdbool.h>

typedef struct Deflate {
    Buf bytes;       /* the window, and behind it what was not coded yet */
    size_t coded;    /* of those */
    uint32_t *heads; /* of a hash: where its three bytes stood last, + 1 */
    uint32_t *links; /* of a place: where the same hash stood before, + 1 */
    uint32_t bits;   /* not written yet, the next one lowest */
    unsigned bit_count;
    uint8_t group[3]; /* bytes on their way to four signs of base64 */
    unsigned group_count;
    bool begun;
} Deflate;

/* Takes bytes; what is enough for coding goes to `out`. */
void deflate_add(Deflate *deflate, const char *bytes, size_t size_bytes, Buf *out);
void deflate_finish(Deflate *deflate, Buf *out);

#endif
