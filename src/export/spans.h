/* When does what event n begins end? A slice is written where it begins, so a writer must look
 * ahead, without keeping the whole trace's answers: they are found for a block of events at a time.
 * Internal to export/.
 *
 * Memory: at most a sixteenth of a word an event, or a few MiB; a word a task.
 * Ownership: create/destroy. Threads: one at a time, on events below a seen count. */
#ifndef LOOPSCOPE_EXPORT_SPANS_H
#define LOOPSCOPE_EXPORT_SPANS_H

#include "trace/log.h"

typedef struct Spans Spans;

Spans *spans_create(const Log *log, uint64_t count, uint32_t task_count);
void spans_destroy(Spans *spans); /* accepts NULL */

/* `n` never decreases from call to call by more than a block. All give the time at which it ends;
 * the last event's where the trace ends first. */
uint64_t spans_phase_end_ns(Spans *spans, uint64_t n); /* task_ready, task_running, task_waiting */
uint64_t spans_step_end_ns(const Spans *spans, uint64_t n);     /* step */
uint64_t spans_callback_end_ns(const Spans *spans, uint64_t n); /* callback_run */
uint64_t spans_loop_end_ns(const Spans *spans, uint64_t n);     /* poll, polled, iteration */

/* Whether the event changes what its task does: ready, running, waiting, ended. */
bool spans_is_phase(const Event *event);

#endif
