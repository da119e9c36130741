/* What the program, as opposed to a run, asks of its system.
 *
 * Threads: the main thread. */
#ifndef LOOPSCOPE_APP_PROCESS_H
#define LOOPSCOPE_APP_PROCESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* First of all: what would end the program becomes an error that is told (a closed pipe, a file
 * that grows too large); the standard streams carry bytes, unchanged. */
void process_prepare(void);

/* Calls `interrupted` when the user or the system wants the program to end: in a signal's handler
 * or on a thread of the system's, so it may do no more than a handler may. */
void process_on_interrupt(void (*interrupted)(void));

/* As pthread_create; signals never come to the new thread. */
int process_thread_start(pthread_t *thread, void *(*run)(void *), void *argument);

/* A window is there: a console that was opened for this program alone goes away. */
void process_leave_console(void);

/* Opens the file in the user's editor ($VISUAL, $EDITOR), else in what the system has for it; false
 * where it could not even be tried. Does not wait. */
bool process_edit(const char *file);

/* "Linux", "Windows" */
void process_system_name(char *out, size_t size_bytes);

#endif
