/* Lines as the writer writes them are read by a shorter way (export/read_written.c); a blank before
 * a line sends it the long way. Both must tell the same. For the unit tests and the fuzz target. */
#ifndef LOOPSCOPE_TESTS_READ_ALIKE_H
#define LOOPSCOPE_TESTS_READ_ALIKE_H

#include "base/assert.h"
#include "export/export.h"

#include <string.h>

static inline void alike_lines(const Log *log, Buf *out) {
    buf_clear(out);
    for (uint64_t n = 0; n < log_count(log); n++) {
        export_event_line(log, n, out);
    }
}

static inline void alike_blanks(const char *text, size_t size_bytes, Buf *out) {
    for (size_t at = 0; at < size_bytes; at++) {
        buf_append_char(out, text[at]);
        if (text[at] == '\n' && at + 1 < size_bytes && text[at + 1] == '{') {
            buf_append_char(out, ' ');
        }
    }
}

/* Of a native trace; one in the Chrome form has no room for blanks. */
static inline void read_alike(const char *text, size_t size_bytes) {
    Buf blanks = {0}, lines = {0}, long_lines = {0};
    Diags diags = {0}, long_diags = {0};
    alike_blanks(text, size_bytes, &blanks);
    Log *log = trace_read_text("t", text, size_bytes, &diags);
    Log *long_log = trace_read_text("t", buf_text(&blanks), blanks.size_bytes, &long_diags);
    ASSERT((log == NULL) == (long_log == NULL) && diags.count == long_diags.count);
    for (size_t i = 0; i < diags.count; i++) {
        ASSERT(diags.items[i].line == long_diags.items[i].line);
        ASSERT(strcmp(diags.items[i].message, long_diags.items[i].message) == 0);
    }
    if (log != NULL) {
        alike_lines(log, &lines);
        alike_lines(long_log, &long_lines);
        ASSERT(lines.size_bytes == long_lines.size_bytes);
        ASSERT(memcmp(buf_text(&lines), buf_text(&long_lines), lines.size_bytes) == 0);
        ASSERT(log_text_count(log) == log_text_count(long_log));
    }
    log_destroy(log);
    log_destroy(long_log);
    diags_finish(&diags);
    diags_finish(&long_diags);
    buf_finish(&blanks);
    buf_finish(&lines);
    buf_finish(&long_lines);
}

#endif
