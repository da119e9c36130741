#include "export/narration.h"
#include "export/export.h"
#include "export/stream.h"

#include "base/format.h"
#include "base/utf8.h"
#include "view/caption.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A number, to the right of its column; code points are counted. */
static void append_column(Buf *out, const char *text, size_t columns) {
    for (size_t used = utf8_count(text, strlen(text)); used < columns; used++) {
        buf_append_char(out, ' ');
    }
    buf_append_text(out, text);
}

void narration_line(State *state, uint64_t n, Buf *out) {
    state_seek(state, n + 1);
    char number[FORMAT_MAX], when[FORMAT_MAX];
    snprintf(number, sizeof number, "%" PRIu64, n);
    append_column(out, number, 5);
    append_column(out, format_duration(when, state_loop(state)->now_ns), 12);
    buf_append_text(out, "  ");
    caption_event(state, n, out);
    buf_append_char(out, '\n');
}

bool export_narration(const ExportJob *job, Diags *diags) {
    Stream stream;
    if (!stream_open(&stream, job, diags)) {
        return false;
    }
    Timeline *timeline = timeline_create_brief(job->log);
    State *state = state_create(timeline);
    bool good = true;
    for (uint64_t n = 0; good && n < job->end && timeline_follow(timeline, 1); n++) {
        if (n >= job->from) {
            narration_line(state, n, &stream.text);
            good = stream_pass(&stream, n);
        }
    }
    state_destroy(state);
    timeline_destroy(timeline);
    return stream_close(&stream, good);
}
