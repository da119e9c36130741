/* What a task runs: the program's body, told by how the task was made. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_TASK_BODY_H
#define LOOPSCOPE_VIEW_TASK_BODY_H

#include "base/buf.h"
#include "program/program.h"
#include "trace/timeline.h"

/* An index into the program's bodies; PROGRAM_NONE where it is not known. */
uint32_t task_body(const Timeline *timeline, const Program *program, uint32_t task);

/* Appends the place of its heading in listings, "/tasks/0" or "/coroutines/NAME"; false where it is
 * not known. */
bool task_body_place(const Timeline *timeline, const Program *program, uint32_t task, Buf *out);

#endif
