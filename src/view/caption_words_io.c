/* What tasks ask of the system, in words: of a file, a channel, a helper thread. */
#include "view/caption_words.h"

#include <errno.h>

/* A trace from Linux or Windows has Linux's number, one of this system may have its own. */
enum { LINUX_ECANCELED = 125 };

const char *words_verb(IoCall call) {
    static const char *const VERBS[IO_CALL_COUNT] = {"open",  "write", "read",    "fsync",
                                                     "close", "send",  "receive", "thread"};
    return VERBS[call];
}

void words_op(IoCall call, int64_t bytes, Buf *out) {
    buf_append_text(out, words_verb(call));
    if (bytes >= 0 && (call == IO_WRITE || call == IO_READ || call == IO_SEND || call == IO_RECV)) {
        char count[FORMAT_MAX];
        buf_printf(out, " %s B", format_count(count, (uint64_t)bytes));
    }
}

static const char *path_of(const Timeline *timeline, const Event *io) {
    return io->text == EVENT_NONE ? "its file" : log_text(timeline_log(timeline), io->text, NULL);
}

static void append_size(int64_t bytes, Buf *out) {
    char text[FORMAT_MAX];
    buf_append_text(out, format_size(text, bytes < 0 ? 0 : (uint64_t)bytes));
}

void words_io_request(const Timeline *timeline, const Event *io, Buf *out) {
    static const struct {
        const char *verb, *between;
        bool sized;
        const char *after;
    } ROWS[IO_CALL_COUNT] = {
        [IO_OPENAT] = {"open ", "", false, ""},
        [IO_WRITE] = {"write ", " to ", true, ""},
        [IO_READ] = {"read ", " from ", true, ""},
        [IO_FSYNC] = {"flush ", "", false, " to the disk"},
        [IO_CLOSE] = {"close ", "", false, ""},
        [IO_SEND] = {"tell when there is room in ", "", false, ""},
        [IO_RECV] = {"tell when there is data in ", "", false, ""},
        [IO_THREAD] = {"run its function", NULL, false, ""},
    };
    const IoCall call = (IoCall)io->a;
    buf_append_text(out, ROWS[call].verb);
    if (ROWS[call].sized) {
        append_size(io->x, out);
    }
    if (ROWS[call].between != NULL) {
        buf_append_text(out, ROWS[call].between);
        buf_append_text(out, path_of(timeline, io));
    }
    buf_append_text(out, ROWS[call].after);
}

void words_io_noun(const Timeline *timeline, const Event *io, Buf *out) {
    static const char *const NOUNS[IO_CALL_COUNT] = {
        "opening of ", "write to ",     "read from ",    "flush of ",
        "closing of ", "send through ", "receive from ", "thread's function"};
    buf_append_text(out, NOUNS[io->a]);
    if (io->a != IO_THREAD) {
        buf_append_text(out, path_of(timeline, io));
    }
}

/* What is told of a channel by its notifier moves no bytes, unless the system did the operation. */
static bool say_channel(const Event *io, int64_t result, const char *path, Buf *out) {
    if ((io->a != IO_SEND && io->a != IO_RECV) || io->c == VIA_OVERLAPPED || result > 0) {
        return false;
    }
    const bool sends = io->a == IO_SEND;
    if (result == -LINUX_ECANCELED || result == -ECANCELED) {
        buf_printf(out, "nobody waits to %s %s any more", sends ? "send to" : "receive from", path);
    } else if (result == 0) {
        buf_printf(out, "%s is ready to %s, so it can be tried", path, sends ? "send" : "receive");
    } else {
        return false;
    }
    return true;
}

void words_io_completion(const Timeline *timeline, const Event *io, int64_t result,
                         uint32_t error_text, Buf *out) {
    if (!say_channel(io, result, path_of(timeline, io), out)) {
        words_io_result(timeline, io, result, error_text, out);
    }
}

void words_io_result(const Timeline *timeline, const Event *io, int64_t result, uint32_t error_text,
                     Buf *out) {
    const char *path = path_of(timeline, io);
    if (result < 0) {
        buf_append_text(out, "the ");
        words_io_noun(timeline, io, out);
        buf_append_text(out, " failed: ");
        buf_append_text(out, log_text(timeline_log(timeline), error_text, NULL));
        return;
    }
    switch ((IoCall)io->a) {
    case IO_OPENAT:
        buf_printf(out, "%s is open", path);
        break;
    case IO_WRITE:
        append_size(result, out);
        buf_printf(out, " are written to %s", path);
        break;
    case IO_READ:
        if (result == 0) {
            buf_printf(out, "%s has nothing more to read", path);
            break;
        }
        append_size(result, out);
        buf_printf(out, " are read from %s", path);
        break;
    case IO_RECV:
        if (result == 0) {
            buf_printf(out, "nothing more will come from %s: its other end is closed", path);
            break;
        }
        append_size(result, out);
        buf_printf(out, " are received from %s", path);
        break;
    case IO_FSYNC:
        buf_printf(out, "%s is safe on the disk", path);
        break;
    case IO_CLOSE:
        buf_printf(out, "%s is closed", path);
        break;
    case IO_SEND:
        append_size(result, out);
        buf_printf(out, " are sent through %s", path);
        break;
    default:
        buf_append_text(out, "the thread's function is finished");
        break;
    }
}

void words_io_actor(const Timeline *timeline, const Event *blocking, uint32_t running, Buf *out) {
    const char *task = words_task(timeline, blocking->task);
    const char *os = words_os(timeline_log(timeline));
    const bool tries = blocking->a == IO_SEND || blocking->a == IO_RECV;
    if (event_io_in_thread(blocking)) {
        buf_printf(out, "In its thread %s asks, and %s does it on the spot: ", task, os);
    } else if (running != blocking->task) { /* a channel's callback has the thread */
        buf_printf(out, "The callback tries for %s: ", task);
    } else if (tries) {
        buf_printf(out, "%s asks, and %s does it on the spot: ", task, os);
    } else {
        buf_printf(out, "%s keeps the thread until %s has done it: ", task, os);
    }
}

void words_io_wait(const Timeline *timeline, const Event *io, WordsStyle style, Buf *out) {
    const char *path = path_of(timeline, io);
    const bool sized = io->x >= 0 && (io->a == IO_WRITE || io->a == IO_READ);
    if (style != WORDS_LABEL && (io->a == IO_SEND || io->a == IO_RECV)) {
        buf_printf(out, io->a == IO_SEND ? "room in %s" : "data at %s", path);
        return;
    }
    if (style != WORDS_SENTENCE) {
        words_op((IoCall)io->a, -1, out);
        if (sized) {
            buf_append_char(out, ' ');
            append_size(io->x, out);
        }
    } else if (sized) {
        buf_append_text(out, io->a == IO_WRITE ? "its write of " : "its read of ");
        append_size(io->x, out);
    } else if (io->a == IO_OPENAT || io->a == IO_CLOSE) {
        buf_printf(out, "%s to %s", path, io->a == IO_OPENAT ? "open" : "close");
    } else if (io->a == IO_FSYNC) {
        buf_printf(out, "%s to reach the disk", path);
    } else {
        buf_append_text(out, io->a == IO_THREAD ? "its thread" : path);
    }
}
