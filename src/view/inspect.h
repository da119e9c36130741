/* Inspect mode: the list of events, with a filter, and the details of the one at the cursor.
 * Internal to view/. */
#ifndef LOOPSCOPE_VIEW_INSPECT_H
#define LOOPSCOPE_VIEW_INSPECT_H

#include "base/buf.h"
#include "view/parts.h"

/* In the place of code and output; in a small window over the stage, as the drawers are. */
void panel_inspect(const Canvas *canvas);

/* What an event of the list tells beside its kind: "write = 65536", "back of queue". */
void inspect_row_words(const Timeline *timeline, uint64_t n, Buf *out);

/* "submitted", "ran": the kind in a word or two. */
const char *inspect_kind_words(EventKind kind);

/* A field's value as the trace has it, without quotes; false where the event has none. */
bool inspect_field(const Log *log, const Event *event, const EventField *field, Buf *out);

#endif
