/* Standard output of a run: what the scenario's `log` steps print, a line each, in the order in
 * which it happened. The loop's lines are read from the history; those of threads come from the
 * threads themselves, while the loop goes on, as print() in a thread does.
 *
 * Ownership: printer_init/printer_finish; the log is the caller's. Threads: printer_print any,
 * the others one. */
#ifndef LOOPSCOPE_APP_PRINTER_H
#define LOOPSCOPE_APP_PRINTER_H

#include "trace/log.h"

#include <pthread.h>

typedef struct Printer {
    pthread_mutex_t lock; /* for all below */
    const Log *log;       /* NULL: no run has begun */
    uint64_t seen;        /* events */
    bool broken;          /* standard output can't be written: told once, the run goes on */
} Printer;

void printer_init(Printer *printer);
void printer_finish(Printer *printer);

/* Whose history is read; before the run begins. */
void printer_set_log(Printer *printer, const Log *log);

/* What the loop printed up to (not including) event `count`. */
void printer_follow(Printer *printer, uint64_t count);

/* A line of a thread's; what the loop printed before it comes first. For LoopConfig.print. */
void printer_print(void *printer, const char *text, size_t length);

bool printer_is_broken(Printer *printer);

#endif
