/* What could be written instead of a mistake, where there is one obvious form: the window's panel
 * and `check` show it as "write". Internal to scenario/.
 *
 * Each is about the mistake that was reported last and does nothing where it can't tell. */
#ifndef LOOPSCOPE_SCENARIO_OFFER_H
#define LOOPSCOPE_SCENARIO_OFFER_H

#include "scenario/reader.h"

/* A near name, for the key or the text at fault. */
void offer_near(Reader *reader, const Diag *diag, const char *near);

/* The value as it should be, in JSON. */
void offer_value(Reader *reader, const char *format, ...) PRINTF_LIKE(2, 3);

void offer_text(Reader *reader, Value value);     /* in quotes: a number, true, false */
void offer_name(Reader *reader, Value value);     /* "my-task": "my_task" */
void offer_bool(Reader *reader, Value value);     /* "True": true */
void offer_integer(Reader *reader, Value value);  /* "3": 3 */
void offer_duration(Reader *reader, Value value); /* "20 msec": "20ms" */
void offer_size(Reader *reader, Value value);     /* "64 kib": "64KiB" */

#endif
