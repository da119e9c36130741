/* The Chrome Trace Event Format, written. Internal to export/: what chrome.c (which events there
 * are) and chrome_line.c (how one is written) share.
 *
 * Every event of the trace is the `args` of exactly one Chrome event, word for word as the native
 * format has it, so the file can be read back (read_chrome.c) and nothing is lost on the way.
 *
 * Ownership: the caller's. Threads: one at a time. */
#ifndef LOOPSCOPE_EXPORT_CHROME_H
#define LOOPSCOPE_EXPORT_CHROME_H

#include "export/pen.h"
#include "trace/log.h"

enum { CHROME_LOOP_TID = 1, CHROME_TASK_TID = 2 /* task 0's */ };

/* The lines that frame the events: a Chrome event a line between them. */
#define CHROME_HEAD_BEGIN "{\"displayTimeUnit\":\"ns\",\"otherData\":"
#define CHROME_HEAD_END   ",\"traceEvents\":["
#define CHROME_TAIL       "]}"

typedef struct ChromeLine {
    const Log *log;
    Buf *out;
    char pid[32]; /* ,"pid":1234 */
} ChromeLine;

/* One Chrome event. The name is `name`, then `detail` where it is not NULL. */
typedef struct ChromeEvent {
    char ph;
    const char *cat;
    const char *name;
    const char *detail;
    size_t detail_size_bytes;
    uint64_t tid;
    uint64_t t_ns;
    uint64_t dur_ns; /* X */
    uint64_t id;     /* b, n, e, s, f */
    uint64_t n;      /* args: this event of the trace; UINT64_MAX: none */
} ChromeEvent;

void chrome_event(ChromeLine *line, const ChromeEvent *event);
void chrome_counter(ChromeLine *line, const char *name, uint64_t t_ns, uint64_t value);
void chrome_name(ChromeLine *line, const char *what, uint64_t tid, const char *name, size_t length);
void chrome_sort_index(ChromeLine *line, const char *what, uint64_t tid, uint64_t index);

#endif
