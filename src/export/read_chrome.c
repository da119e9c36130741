#include "export/read_chrome.h"
#include "export/chrome.h"
#include "export/scan.h"

#include <string.h>

enum { LOOKED_AT_BYTES = 4096 };

static bool starts_with(const char *line, size_t size_bytes, const char *start) {
    return size_bytes >= strlen(start) && memcmp(line, start, strlen(start)) == 0;
}

static bool has(const char *line, size_t size_bytes, const char *part) {
    const size_t end = size_bytes < LOOKED_AT_BYTES ? size_bytes : LOOKED_AT_BYTES;
    for (size_t at = 0; at < end; at++) {
        if (starts_with(line + at, end - at, part)) {
            return true;
        }
    }
    return false;
}

bool chrome_line_begins(const char *line, size_t size_bytes) {
    if (starts_with(line, size_bytes, CHROME_HEAD_BEGIN)) {
        return true;
    }
    return (starts_with(line, size_bytes, "{") || starts_with(line, size_bytes, "[")) &&
           (has(line, size_bytes, "\"traceEvents\"") || has(line, size_bytes, "\"ph\""));
}

ChromePart chrome_line_header(const char *line, size_t size_bytes) {
    const size_t before = sizeof CHROME_HEAD_BEGIN - 1;
    if (!starts_with(line, size_bytes, CHROME_HEAD_BEGIN)) {
        return (ChromePart){0};
    }
    Scan scan = scan_make(line + before, size_bytes - before);
    ScanValue header;
    if (!scan_value(&scan, &header) || header.type != SCAN_OBJECT ||
        !has(header.start, header.size_bytes, "\"loopscope_trace\"")) {
        return (ChromePart){0};
    }
    return (ChromePart){header.start, header.size_bytes};
}

/* The args that carry an event have its number; a counter's or a name's have none. */
static bool carries(const ScanValue *args) {
    return args->type == SCAN_OBJECT && starts_with(args->start, args->size_bytes, "{\"n\": ");
}

ChromeWhat chrome_line_part(const char *line, size_t size_bytes, ChromePart *part,
                            const char **error, size_t *at) {
    *part = (ChromePart){0};
    if (size_bytes == strlen(CHROME_TAIL) && starts_with(line, size_bytes, CHROME_TAIL)) {
        return CHROME_END;
    }
    Scan scan = scan_make(line, size_bytes);
    ScanValue key, value;
    ScanNext next = scan_open(&scan, '{') ? SCAN_MORE : SCAN_BAD;
    for (bool first = true; next == SCAN_MORE; first = false) {
        next = scan_member(&scan, first, &key, &value);
        if (next == SCAN_MORE && scan_is(&key, "args") && carries(&value)) {
            *part = (ChromePart){value.start, value.size_bytes};
        }
    }
    *error = scan.error;
    *at = scan.at;
    if (next == SCAN_BAD) {
        return CHROME_BAD;
    }
    if (scan.at < size_bytes && line[scan.at] == ',') {
        scan.at++;
    }
    if (!scan_only_blanks_left(&scan)) {
        *error = scan.error;
        *at = scan.at;
        return CHROME_BAD;
    }
    return CHROME_EVENT;
}
