/* Protocol Buffers, written: the wire format's few forms (varint, eight bytes, a length and what it
 * counts). Internal to export/.
 *
 * Ownership: the Buf is the caller's. Threads: one at a time. */
#ifndef LOOPSCOPE_EXPORT_PROTOBUF_H
#define LOOPSCOPE_EXPORT_PROTOBUF_H

#include "base/buf.h"

#include <stdbool.h>

void protobuf_u64(Buf *out, uint32_t field, uint64_t value);
void protobuf_i64(Buf *out, uint32_t field, int64_t value); /* int64, not sint64 */
void protobuf_bool(Buf *out, uint32_t field, bool value);
void protobuf_fixed64(Buf *out, uint32_t field, uint64_t value);
void protobuf_bytes(Buf *out, uint32_t field, const char *bytes, size_t size_bytes);

/* A `string` is UTF-8: what is not becomes U+FFFD. */
void protobuf_text(Buf *out, uint32_t field, const char *text, size_t size_bytes);

/* A message within: what is appended between the two is its fields. */
size_t protobuf_begin(Buf *out, uint32_t field);
void protobuf_end(Buf *out, size_t begun); /* what protobuf_begin gave */

#endif
