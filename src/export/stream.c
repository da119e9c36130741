#include "export/stream.h"

enum { BATCH_BYTES = 1 << 16 };

bool stream_open(Stream *stream, const ExportJob *job, Diags *diags) {
    *stream = (Stream){.out = outfile_create(job->file, diags), .diags = diags, .job = job};
    return stream->out != NULL;
}

static bool flush(Stream *stream) {
    const bool good =
        outfile_write(stream->out, buf_text(&stream->text), stream->text.size_bytes, stream->diags);
    buf_clear(&stream->text);
    return good;
}

static bool goes_on(Stream *stream, uint64_t n) {
    const ExportJob *job = stream->job;
    const double share =
        n < job->from ? 0 : (double)(n - job->from) / (double)(job->end - job->from);
    if (job->progress == NULL || job->progress->told(job->progress->context, share)) {
        return true;
    }
    diags_add(stream->diags, job->file, EXPORT_STOPPED);
    return false;
}

bool stream_pass(Stream *stream, uint64_t n) {
    return stream->text.size_bytes < BATCH_BYTES || (flush(stream) && goes_on(stream, n));
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
