/* What the program, as opposed to a run, asks of its system.
 *
 * Threads: the main thread. */
#ifndef LOOPSCOPE_APP_PROCESS_H
#define LOOPSCOPE_APP_PROCESS_H

#include "base/buf.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* First of all: what would end the program becomes an error that is told (a closed pipe, a file
 * that grows too large); the standard streams carry bytes, unchanged. */
void process_prepare(void);

/* Calls `interrupted` when the user or the system wants the program to end: in a signal's handler
 * or on a thread of the system's, so it may do no more than a handler may. */
void process_on_interrupt(void (*interrupted)(void));

/* As pthread_create; signals never come to the new thread. */
int process_thread_start(pthread_t *thread, void *(*run)(void *), void *argument);

/* Whether somebody reads along. */
bool process_on_terminal(FILE *stream);

/* A window is there: a console that was opened for this program alone goes away. */
void process_leave_console(void);

/* Opens the file in the user's editor ($VISUAL, $EDITOR), else in what the system has for it; false
 * where it could not even be tried. Does not wait. */
bool process_edit(const char *file);

/* Another program that reads what we write: `words` are its name (looked for where the system
 * looks) and its arguments, ended by NULL. What it prints is dropped, its complaints are kept.
 * NULL with errno set where it can't be started; process_wait frees. */
typedef struct Child Child;
Child *process_start(const char *const *words);
bool process_feed(Child *child, const void *bytes, size_t size_bytes); /* false: it reads no more */
/* The end of its input; waits for its end. Appends its complaints. 0 where it ended well, its exit
 * status, or 128 and the signal's number. */
int process_wait(Child *child, Buf *complaints);

/* "Linux", "Windows" */
void process_system_name(char *out, size_t size_bytes);

#endif
