/* What the writers and the reader of traces share about the fields of EVENT_KINDS. Internal to
 * export/.
 *
 * Threads: any; no state. */
#ifndef LOOPSCOPE_EXPORT_FIELDS_H
#define LOOPSCOPE_EXPORT_FIELDS_H

#include "export/pen.h"
#include "export/scan.h"
#include "trace/log.h"

enum { TRACE_FORMAT_VERSION = 1 };

/* What a slot holds; -1 where an id slot is EVENT_NONE. */
int64_t field_value(const Event *event, FieldSlot slot);

/* FIELD_PLACE: "channel" (send and recv, and what closes an end of one), else "path". */
bool field_is_channel(const Event *event);

enum { EVENT_KEYS_MAX = 64 };

/* The keys that events have, for formats that want them named once. */
typedef struct EventKeys {
    const char *keys[EVENT_KEYS_MAX];
    size_t count;
} EventKeys;

/* Adds every key of EVENT_KINDS that is not there yet, in the order of that table. */
void event_keys_add(EventKeys *keys);
size_t event_keys_find(const EventKeys *keys, const ScanValue *key); /* keys->count: not there */

/* The header and event n as the native format has them, without the newline. */
void export_header_object(const Log *log, Pen *pen);
void export_event_object(const Log *log, uint64_t n, Pen *pen);

#endif
