#include "export/stream.h"

enum { BATCH_BYTES = 1 << 16 };

bool stream_open(Stream *stream, const char *file, Diags *diags) {
    *stream = (Stream){.out = outfile_create(file, diags), .diags = diags};
    return stream->out != NULL;
}

static bool flush(Stream *stream) {
    const bool good =
        outfile_write(stream->out, buf_text(&stream->text), stream->text.size_bytes, stream->diags);
    buf_clear(&stream->text);
    return good;
}

bool stream_pass(Stream *stream) {
    return stream->text.size_bytes < BATCH_BYTES || flush(stream);
}

bool stream_close(Stream *stream, bool good) {
    good = good && flush(stream);
    buf_finish(&stream->text);
    if (!good) {
        outfile_discard(stream->out);
        return false;
    }
    return outfile_commit(stream->out, stream->diags);
}
