/* Traces in Chrome's format, told apart: one that Loopscope exported carries every event of its
 * trace (chrome.h), a line each; one that was made elsewhere has none. Internal to export/.
 *
 * Ownership: spans point into the line. Threads: any; no state. */
#ifndef LOOPSCOPE_EXPORT_READ_CHROME_H
#define LOOPSCOPE_EXPORT_READ_CHROME_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ChromePart {
    const char *start; /* the header or the event, as the native format has it; NULL: none here */
    size_t size_bytes;
} ChromePart;

/* Whether a file that begins with this line is a Chrome trace of any making. */
bool chrome_line_begins(const char *line, size_t size_bytes);

/* The header in the first line; none where the trace was made elsewhere. */
ChromePart chrome_line_header(const char *line, size_t size_bytes);

typedef enum ChromeWhat { CHROME_EVENT, CHROME_END, CHROME_BAD } ChromeWhat;

/* Another line: an event of Chrome's with or without a part of the trace, or the end of the file.
 * CHROME_BAD: neither; *error is what is wrong and *at where. */
ChromeWhat chrome_line_part(const char *line, size_t size_bytes, ChromePart *part,
                            const char **error, size_t *at);

#endif
