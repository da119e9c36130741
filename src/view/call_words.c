#include "view/call_words.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "view/caption.h"

enum { NAME_LETTERS = 16 };

/* ---- names ---- */

/* What is called for an operation where it is done by a call that returns when it is over: by a
 * helper thread, or on the spot. Appending writes have no offset. */
static const char *posix_name(IoCall call, bool appends) {
    switch (call) {
    case IO_OPENAT:
        return "openat2";
    case IO_WRITE:
        return appends ? "write" : "pwrite64";
    case IO_READ:
        return appends ? "read" : "pread64";
    case IO_FSYNC:
        return "fsync";
    case IO_CLOSE:
        return "close";
    case IO_SEND:
        return "sendto";
    case IO_RECV:
        return "recvfrom";
    default:
        return "thread";
    }
}

static const char *windows_name(IoCall call, bool on_the_spot) {
    static const char *const NAMES[IO_CALL_COUNT] = {"NtCreateFile",     "WriteFile",   "ReadFile",
                                                     "FlushFileBuffers", "CloseHandle", "WSASend",
                                                     "WSARecv",          "thread"};
    if (on_the_spot && (call == IO_SEND || call == IO_RECV)) {
        return call == IO_SEND ? "send" : "recv";
    }
    return NAMES[call];
}

/* The short names of errors, which is what a call's result is read by; traces have the texts. */
static const char *error_name(const char *text) {
    static const struct {
        const char *text, *name;
    } ROWS[] = {
        {"Operation not permitted", "EPERM"},
        {"No such file or directory", "ENOENT"},
        {"Interrupted system call", "EINTR"},
        {"Input/output error", "EIO"},
        {"Bad file descriptor", "EBADF"},
        {"Resource temporarily unavailable", "EAGAIN"},
        {"Cannot allocate memory", "ENOMEM"},
        {"Permission denied", "EACCES"},
        {"File exists", "EEXIST"},
        {"Not a directory", "ENOTDIR"},
        {"Is a directory", "EISDIR"},
        {"Invalid argument", "EINVAL"},
        {"Too many open files", "EMFILE"},
        {"Too many open files in system", "ENFILE"},
        {"File too large", "EFBIG"},
        {"No space left on device", "ENOSPC"},
        {"Read-only file system", "EROFS"},
        {"Broken pipe", "EPIPE"},
        {"File name too long", "ENAMETOOLONG"},
        {"Too many levels of symbolic links", "ELOOP"},
        {"Disk quota exceeded", "EDQUOT"},
        {"Connection reset by peer", "ECONNRESET"},
        {"Software caused connection abort", "ECONNABORTED"},
        {"Operation canceled", "ECANCELED"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (strcmp(ROWS[i].text, text) == 0) {
            return ROWS[i].name;
        }
    }
    return text;
}

const char *call_plain_name(IoCall call) {
    return call == IO_OPENAT ? "open" : IO_CALL_WORDS[call];
}

/* ---- what a call is about ---- */

bool call_on_channel(const Event *event) {
    return event->a == IO_SEND || event->a == IO_RECV || event->b == IO_MODE_END;
}

static const char *text_or_empty(const Log *log, uint32_t text) {
    return text == EVENT_NONE ? "" : log_text(log, text, NULL);
}

/* The bytes of the first `letters` code points. */
static size_t bytes_of(const char *text, size_t letters) {
    const size_t size_bytes = strlen(text);
    size_t used = 0;
    for (uint32_t code; letters > 0 && used < size_bytes; letters--) {
        used += utf8_decode(text + used, size_bytes - used, &code, NULL);
    }
    return used;
}

void call_short_name(const Log *log, const Event *event, char out[CALL_NAME_MAX_BYTES]) {
    const char *text = text_or_empty(log, event->text);
    const char *slash = strrchr(text, '/');
    const char *name = slash == NULL ? text : slash + 1;
    const size_t letters = utf8_count(name, strlen(name));
    if (letters <= NAME_LETTERS) {
        (void)snprintf(out, CALL_NAME_MAX_BYTES, "%s", name);
    } else {
        (void)snprintf(out, CALL_NAME_MAX_BYTES, "%.*s…%s", (int)bytes_of(name, NAME_LETTERS / 2),
                       name, name + bytes_of(name, letters - NAME_LETTERS / 2));
    }
}

/* ---- its answer ---- */

static bool made_by(const Log *log, const char *backend) {
    const char *name = log_header(log)->backend;
    return name != NULL && strcmp(backend, name) == 0;
}

/* Windows' calls say how many bytes or TRUE, or FALSE and why (its sockets -1, and NtCreateFile the
 * error itself); others say -1 and why. */
static void put_answer(const Log *log, const Event *event, const CallAnswer *answer, char *out,
                       size_t size_bytes) {
    const bool windows = made_by(log, "iocp");
    if (!answer->known) {
        (void)snprintf(out, size_bytes, " ...");
    } else if (answer->result < 0) {
        const bool open = event->a == IO_OPENAT;
        const char *how = !windows || call_on_channel(event) ? " = -1" : open ? ":" : " = FALSE";
        (void)snprintf(out, size_bytes, "%s %s", how,
                       error_name(text_or_empty(log, answer->error_text)));
    } else if (event->a == IO_OPENAT) {
        (void)snprintf(out, size_bytes, windows ? " = a handle" : " = an fd");
    } else if (windows && event->x < 0) {
        (void)snprintf(out, size_bytes, " = TRUE");
    } else {
        (void)snprintf(out, size_bytes, " = %lld", (long long)answer->result);
    }
}

static const char *function_of(const Log *log, const Event *event) {
    const IoCall kind = (IoCall)event->a;
    if (made_by(log, "sim")) {
        return call_plain_name(kind);
    }
    return made_by(log, "iocp") ? windows_name(kind, event->kind == EV_IO_BLOCKING)
                                : posix_name(kind, event->y < 0);
}

void call_words(const Log *log, const Event *event, const CallAnswer *answer,
                char out[CALL_MAX_BYTES]) {
    char name[CALL_NAME_MAX_BYTES], size[32] = "", told[80];
    if (event->c == VIA_IO_URING && event->kind == EV_IO_SUBMITTED) {
        const bool held = log_header(log)->held; /* else one call hands over what was gathered */
        (void)snprintf(out, CALL_MAX_BYTES, held ? "io_uring_enter(1) = 1" : "io_uring entry");
        return;
    }
    if (event->c == VIA_OVERLAPPED && event->kind == EV_IO_SUBMITTED && event->a == IO_RECV) {
        (void)snprintf(size, sizeof size, ", 0"); /* it waits for bytes, and takes none */
    } else if (event->x >= 0 && answer->known && answer->result != event->x) {
        (void)snprintf(size, sizeof size, ", %lld", (long long)event->x);
    }
    put_answer(log, event, answer, told, sizeof told);
    call_short_name(log, event, name);
    (void)snprintf(out, CALL_MAX_BYTES, "%s(%s%s)%s", function_of(log, event), name, size, told);
}

/* ---- waiting ---- */

/* How a wait takes its timeout, and what it is given for none. */
typedef struct WaitForm {
    const char *name;
    bool in_ms; /* whole ones, rounded up; else a timespec */
    const char *unlimited;
} WaitForm;

static const WaitForm *wait_form(const char *name) {
    static const WaitForm FORMS[] = {
        {"epoll_pwait2", false, "NULL"},
        {"epoll_wait", true, "-1"},
        {"kevent", false, "NULL"},
        {"GetQueuedCompletionStatusEx", true, "INFINITE"},
    };
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        if (strcmp(FORMS[i].name, name) == 0) {
            return &FORMS[i];
        }
    }
    return NULL;
}

void call_wait_name(const Log *log, bool may_sleep, char out[CALL_NAME_MAX_BYTES]) {
    const char *sleeps_in = log_header(log)->sleeps_in;
    const char *call = caption_wait_call(log);
    if (may_sleep && sleeps_in[0] != '\0') {
        (void)snprintf(out, CALL_NAME_MAX_BYTES, "%s", sleeps_in);
    } else {
        (void)snprintf(out, CALL_NAME_MAX_BYTES, "%.*s", (int)strcspn(call, "("), call);
    }
}

/* Only where the header says which call it was; and of one poll's second call nobody noted how much
 * was left. */
static void put_timeout(const Log *log, const Event *poll, const Event *polled, const char *name,
                        char *out, size_t size_bytes) {
    enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };
    const WaitForm *form = log_header(log)->sleeps_in[0] == '\0' ? NULL : wait_form(name);
    const long long ns = (long long)poll->x;
    if (form == NULL || (polled != NULL && polled->y != 1)) {
        out[0] = '\0';
    } else if (ns < 0) {
        (void)snprintf(out, size_bytes, "%s", form->unlimited);
    } else if (form->in_ms) {
        (void)snprintf(out, size_bytes, "%lld", ns / NS_PER_MS + (ns % NS_PER_MS != 0));
    } else {
        (void)snprintf(out, size_bytes, "{%lld, %lld}", ns / NS_PER_S, ns % NS_PER_S);
    }
}

void call_wait_words(const Log *log, const Event *poll, const Event *polled,
                     char out[CALL_MAX_BYTES]) {
    char name[CALL_NAME_MAX_BYTES], timeout[64], told[32] = " ...";
    call_wait_name(log, poll->x != 0, name);
    put_timeout(log, poll, polled, name, timeout, sizeof timeout);
    if (polled != NULL && polled->x == 0 && made_by(log, "iocp")) {
        (void)snprintf(told, sizeof told, " = FALSE");
    } else if (polled != NULL) { /* Windows tells how many beside the answer */
        (void)snprintf(told, sizeof told, " = %s%lld", made_by(log, "iocp") ? "TRUE, " : "",
                       (long long)polled->x);
    }
    (void)snprintf(out, CALL_MAX_BYTES, "%s(%s)%s", name, timeout, told);
}
