/* System calls in words: what was called, of what, and what it answered, as each system says it;
 * and the name of the call that waits, whole in a small window. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/call_words.h"
#include "view_checks.h"

static Log *log_of(const char *backend) {
    Log *log = log_create();
    log_set_header(log, &(TraceHeader){.title = "t", .backend = backend, .notifier = "n"});
    return log;
}

typedef struct Row {
    const char *backend;
    EventKind kind;
    IoCall call;
    IoVia via;
    const char *name;
    int64_t bytes, offset;
    int known;
    int64_t result;
    const char *error, *words;
} Row;

static const Row ROWS[] = {
    {"threads", EV_IO_SUBMITTED, IO_WRITE, VIA_THREADS, "sub/a.txt", 4096, 0, 0, 0, NULL,
     "pwrite64(a.txt) ..."},
    {"threads", EV_IO_SUBMITTED, IO_WRITE, VIA_THREADS, "sub/a.txt", 4096, 0, 1, 4096, NULL,
     "pwrite64(a.txt) = 4096"},
    {"threads", EV_IO_SUBMITTED, IO_WRITE, VIA_THREADS, "a.txt", 4096, -1, 1, 100, NULL,
     "write(a.txt, 4096) = 100"},
    {"threads", EV_IO_SUBMITTED, IO_OPENAT, VIA_THREADS, "a.txt", -1, -1, 1, 0, NULL,
     "openat2(a.txt) = an fd"},
    {"threads", EV_IO_SUBMITTED, IO_OPENAT, VIA_THREADS, "a.txt", -1, -1, 1, -2,
     "No such file or directory", "openat2(a.txt) = -1 ENOENT"},
    {"io_uring", EV_IO_BLOCKING, IO_SEND, VIA_IO_URING, "pipe.a", 9000, -1, 1, 5000, NULL,
     "sendto(pipe.a, 9000) = 5000"},
    {"io_uring", EV_IO_BLOCKING, IO_SEND, VIA_IO_URING, "pipe.a", 5, -1, 1, -32, "Broken pipe",
     "sendto(pipe.a, 5) = -1 EPIPE"},
    {"io_uring", EV_IO_BLOCKING, IO_RECV, VIA_IO_URING, "pipe.a", 5, -1, 1, -99, "A new trouble",
     "recvfrom(pipe.a, 5) = -1 A new trouble"},
    {"io_uring", EV_IO_BLOCKING, IO_CLOSE, VIA_IO_URING, "a-name-so-long-ä-that-ö-nobody.txt", -1,
     -1, 1, 0, NULL, "close(a-name-s…body.txt) = 0"},
    {"iocp", EV_IO_SUBMITTED, IO_WRITE, VIA_OVERLAPPED, "a.txt", 4096, 0, 1, -28,
     "No space left on device", "WriteFile(a.txt, 4096) = FALSE ENOSPC"},
    {"iocp", EV_IO_SUBMITTED, IO_FSYNC, VIA_THREADS, "a.txt", -1, -1, 1, 0, NULL,
     "FlushFileBuffers(a.txt) = TRUE"},
    {"iocp", EV_IO_SUBMITTED, IO_OPENAT, VIA_THREADS, "a.txt", -1, -1, 1, -13, "Permission denied",
     "NtCreateFile(a.txt): EACCES"},
    {"iocp", EV_IO_SUBMITTED, IO_OPENAT, VIA_THREADS, "a.txt", -1, -1, 1, 0, NULL,
     "NtCreateFile(a.txt) = a handle"},
    {"iocp", EV_IO_SUBMITTED, IO_RECV, VIA_OVERLAPPED, "pipe.a", 100, -1, 1, 0, NULL,
     "WSARecv(pipe.a, 0) = 0"},
    {"iocp", EV_IO_BLOCKING, IO_RECV, VIA_IO_URING, "pipe.a", 100, -1, 1, -104,
     "Connection reset by peer", "recv(pipe.a, 100) = -1 ECONNRESET"},
    {"sim", EV_IO_SUBMITTED, IO_WRITE, VIA_SIM, "a.txt", 10, 0, 1, 10, NULL, "write(a.txt) = 10"},
};

static void each_system_has_its_words(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const Row *row = &ROWS[i];
        Log *log = log_of(row->backend);
        Event event = event_make(row->kind);
        event.a = (uint8_t)row->call;
        event.c = row->kind == EV_IO_SUBMITTED ? (uint8_t)row->via : 0;
        event.text = log_intern(log, row->name, strlen(row->name));
        event.x = row->bytes;
        event.y = row->offset;
        const CallAnswer answer = {
            .known = row->known != 0,
            .result = row->result,
            .error_text =
                row->error == NULL ? EVENT_NONE : log_intern(log, row->error, strlen(row->error))};
        char words[CALL_MAX_BYTES];
        call_words(log, &event, &answer, words);
        assert_string_equal(words, row->words);
        log_destroy(log);
    }
}

/* One call an entry is claimed only where the run could be held, and so made one for each. */
static void an_entry_of_the_ring_claims_no_call(void **state) {
    (void)state;
    for (int held = 0; held < 2; held++) {
        Log *log = log_create();
        log_set_header(log, &(TraceHeader){.title = "t", .backend = "io_uring", .held = held != 0});
        Event event = event_make(EV_IO_SUBMITTED);
        event.a = IO_WRITE;
        event.c = VIA_IO_URING;
        event.text = log_intern(log, "a.txt", strlen("a.txt"));
        event.x = 10;
        char words[CALL_MAX_BYTES];
        call_words(log, &event, &(CallAnswer){.known = false}, words);
        assert_string_equal(words, held ? "io_uring_enter(1) = 1" : "io_uring entry");
        log_destroy(log);
    }
}

/* What may sleep is another call than what may not, on Linux; the trace's header knows which. Of a
 * second call, and of a call that is not known, no timeout is claimed. */
static void a_wait_has_the_name_and_the_timeout_of_its_call(void **state) {
    (void)state;
    static const struct {
        const char *backend, *notifier, *sleeps_in;
        int64_t timeout_ns, events, calls; /* events -1: not answered yet */
        const char *words;
    } WAITS[] = {
        {"io_uring", "epoll", "epoll_pwait2", 0, 1, 1, "epoll_wait(0) = 1"},
        {"io_uring", "epoll", "epoll_pwait2", 5000000, 0, 1, "epoll_pwait2({0, 5000000}) = 0"},
        {"io_uring", "epoll", "epoll_pwait2", 2000000001, 1, 1, "epoll_pwait2({2, 1}) = 1"},
        {"io_uring", "epoll", "epoll_pwait2", 5000000, 1, 2, "epoll_pwait2() = 1"},
        {"threads", "epoll", "epoll_pwait2", -1, -1, 1, "epoll_pwait2(NULL) ..."},
        {"threads", "epoll", "epoll_wait", -1, 2, 1, "epoll_wait(-1) = 2"},
        {"threads", "epoll", "epoll_wait", 5000001, 0, 1, "epoll_wait(6) = 0"},
        {"asyncio", "epoll", NULL, -1, 1, 1, "epoll_wait() = 1"},
        {"kqueue", "kqueue", "kevent", -1, 1, 1, "kevent(NULL) = 1"},
        {"kqueue", "kqueue", "kevent", 0, 1, 1, "kevent({0, 0}) = 1"},
        {"iocp", "iocp", "GetQueuedCompletionStatusEx", -1, 3, 1,
         "GetQueuedCompletionStatusEx(INFINITE) = TRUE, 3"},
        {"iocp", "iocp", "GetQueuedCompletionStatusEx", 20000000, 0, 1,
         "GetQueuedCompletionStatusEx(20) = FALSE"},
        {"sim", "sim", NULL, 5000000, 1, 1, "sim_wait() = 1"},
    };
    for (size_t i = 0; i < sizeof WAITS / sizeof WAITS[0]; i++) {
        Log *log = log_create();
        log_set_header(log, &(TraceHeader){.title = "t",
                                           .backend = WAITS[i].backend,
                                           .notifier = WAITS[i].notifier,
                                           .sleeps_in = WAITS[i].sleeps_in});
        Event poll = event_make(EV_POLL), polled = event_make(EV_POLLED);
        poll.x = WAITS[i].timeout_ns;
        polled.x = WAITS[i].events;
        polled.y = WAITS[i].calls;
        char words[CALL_MAX_BYTES];
        call_wait_words(log, &poll, WAITS[i].events < 0 ? NULL : &polled, words);
        assert_string_equal(words, WAITS[i].words);
        log_destroy(log);
    }
}

/* The longest name, where the room is least: nothing is cut off, and no neighbour is touched. */
static void the_waiting_call_is_whole(void **state) {
    (void)state;
    static const int SIZES[][2] = {{1024, 640}, {1280, 720}, {1600, 900}, {1920, 1080}};
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_OVERLAPPED, "iocp");
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        show_size(&show, SIZES[i][0], SIZES[i][1], 1);
        show_at(&show, find_event(&show, EV_TASK_RUNNING, 0, 0), 1);
        if (!shows_text(&show.scene, "GetQueuedCompletionStatusEx()")) {
            assert_true(shows_text(&show.scene, "GetQueuedCompletion"));
            assert_true(shows_text(&show.scene, "StatusEx()"));
        }
        assert_false(shows_text(&show.scene, "GetQueued…"));
        show_at(&show, find_event(&show, EV_POLLED, EVENT_NONE, 0), 1); /* the panel's row */
        assert_true(shows_text(&show.scene, "StatusEx() = TRUE, 1"));
        assert_true(shows_text(&show.scene, "slept ")); /* below it: it has no room beside */
    }
    show_close(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_system_has_its_words),
        cmocka_unit_test(an_entry_of_the_ring_claims_no_call),
        cmocka_unit_test(a_wait_has_the_name_and_the_timeout_of_its_call),
        cmocka_unit_test(the_waiting_call_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
