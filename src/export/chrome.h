/* The lines of a Chrome trace that frame the events: what its writer and its reader share. Internal
 * to export/.
 *
 * Every event of the trace is the `args` of exactly one Chrome event, word for word as the native
 * format has it, so the file can be read back (read_chrome.c) and nothing is lost on the way.
 *
 * Threads: any; constants. */
#ifndef LOOPSCOPE_EXPORT_CHROME_H
#define LOOPSCOPE_EXPORT_CHROME_H

/* A Chrome event a line between them. */
#define CHROME_HEAD_BEGIN "{\"displayTimeUnit\":\"ns\",\"otherData\":"
#define CHROME_HEAD_END   ",\"traceEvents\":["
#define CHROME_TAIL       "]}"

#endif
