/* Numbers as people read them. One place, so that the window, the narration, the summary and the
 * exports say the same. Results go into a caller's buffer; the return value is the buffer.
 *
 * Threads: any; no state. */
#ifndef LOOPSCOPE_BASE_FORMAT_H
#define LOOPSCOPE_BASE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

enum { FORMAT_MAX = 48 };

/* "0", "850 ns", "1 180 µs" (below 10 ms, with a narrow space U+202F between thousands),
 * "12.3 ms", "1.405 s", "61.2 s". */
char *format_duration(char out[FORMAT_MAX], uint64_t ns);

/* As a file's author writes it: "20ms", "1.5s", "250us"; the shortest exact form. */
char *format_duration_plain(char out[FORMAT_MAX], uint64_t ns);

/* "512 B", "64 KiB", "10 MiB"; a whole number of the largest unit, else bytes with separators. */
char *format_size(char out[FORMAT_MAX], uint64_t size_bytes);

/* "1 000": a narrow space (U+202F) between thousands, from four digits on. */
char *format_count(char out[FORMAT_MAX], uint64_t count);

#endif
