/* What the writers and the reader of traces share about the fields of EVENT_KINDS. Internal to
 * export/.
 *
 * Threads: any; no state. */
#ifndef LOOPSCOPE_EXPORT_FIELDS_H
#define LOOPSCOPE_EXPORT_FIELDS_H

#include "export/pen.h"
#include "trace/log.h"

enum { TRACE_FORMAT_VERSION = 1 };

/* What a slot holds; -1 where an id slot is EVENT_NONE. */
int64_t field_value(const Event *event, FieldSlot slot);

/* FIELD_PLACE: "channel" (send and recv, and what closes an end of one), else "path". */
bool field_is_channel(const Event *event);

/* The header and event n as the native format has them, without the newline. */
void export_header_object(const Log *log, Pen *pen);
void export_event_object(const Log *log, uint64_t n, Pen *pen);

#endif
