/* What only Windows has: names that are more than names, links of its own kind, a completion port
 * that moves what is sent by itself. */
#include "os_fixture.h"

#include "base/files.h"
#include "base/wide.h"

#include <windows.h>

/* ---- names ----------------------------------------------------------------------------------- */

/* Each with what it would be. */
static const char *const REFUSED[] = {
    "CON",
    "con",
    "nul",
    "NUL.txt",
    "aux.tar.gz",
    "PRN",
    "COM1",
    "com9.log",
    "LPT1",
    "lpt3.x.y",
    "COM\xc2\xb9",
    "LPT\xc2\xb3.txt",
    "CONIN$",
    "conout$",
    "nul .txt",
    "sub/nul",
    "sub/COM1/x",
    "a.txt.",
    "a.txt ",
    "a. . .",
    "sub./x",
    "sub /x",
    "...",
    "C:",
    "C:x",
    "c:\\x",
    "C:/Windows/x",
    "\\x",
    "\\\\host\\share\\x",
    "//host/share",
    "\\\\?\\C:\\x",
    "\\\\.\\pipe\\x",
    "sub\\..\\..\\x",
    "..\\x",
    "a\\b",
    "a.txt:b",
    "a.txt::$DATA",
    ":b",
    "sub:$I30/x",
    "../x",
    "sub/../../x",
    "/x",
    "",
    "sub/nul.txt/../x",
};

/* Names that look like those and are names. */
static const char *const ALLOWED[] = {
    "console",
    "CONS.txt",
    "com",
    "COM10",
    "COMX",
    "lpt",
    "nulls",
    "a.CON",
    "auxiliary.c",
    ".hidden",
    "a..b",
    "a b.txt",
    " a",
    "sub/./b",
    "sub/../c",
    "sub//d",
    "zeit \xe6\x99\x82.txt",
};

static void names_are_read_as_windows_reads_them(Fixture *fixture) {
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        if (workspace_path_allowed(REFUSED[i])) {
            fail_msg("\"%s\" is allowed", REFUSED[i]);
        }
        assert_int_equal(open_result(fixture->os, REFUSED[i], OS_MODE_R), -EPERM);
        assert_int_equal(open_result(fixture->os, REFUSED[i], OS_MODE_W), -EPERM);
        assert_int_equal(open_result(fixture->os, REFUSED[i], OS_MODE_A), -EPERM);
    }
    for (size_t i = 0; i < sizeof ALLOWED / sizeof ALLOWED[0]; i++) {
        if (!workspace_path_allowed(ALLOWED[i])) {
            fail_msg("\"%s\" is refused", ALLOWED[i]);
        }
        write_file(fixture->os, ALLOWED[i], ALLOWED[i]);
        expect_text(fixture->os, ALLOWED[i], ALLOWED[i]);
    }
}

static void count_files(const char *folder, size_t *count) {
    FileFolder *listing = file_folder_open(folder);
    assert_non_null(listing);
    for (const char *name; (name = file_folder_next(listing)) != NULL; (*count)++) {
        print_message("left behind: %s\n", name);
    }
    file_folder_close(listing);
}

static void what_is_refused_leaves_nothing(Fixture *fixture) {
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        (void)open_result(fixture->os, REFUSED[i], OS_MODE_W);
    }
    size_t count = 0;
    count_files(fixture->folder, &count);
    assert_int_equal(count, 0);
}

/* Unknown letters, and names that are longer than Windows' usual limit: one, and all together. */
static void odd_and_long_names(Fixture *fixture) {
    assert_int_equal(open_result(fixture->os, "a?b", OS_MODE_W), -EINVAL);
    assert_int_equal(open_result(fixture->os, "a*b", OS_MODE_R), -EINVAL);
    assert_int_equal(open_result(fixture->os, "bad \xff utf-8", OS_MODE_W), -EINVAL);
    char name[300];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(open_result(fixture->os, name, OS_MODE_W), -ENAMETOOLONG);
    name[120] = '\0';
    char path[1200] = "";
    for (int i = 0; i < 6; i++) {
        strcat(strcat(path, name), "/");
    }
    strcat(path, "deep.txt");
    write_file(fixture->os, path, "deep");
    expect_text(fixture->os, path, "deep");
}

/* Upper and lower case name the same file here, and a folder is a folder. */
static void case_and_folders(Fixture *fixture) {
    write_file(fixture->os, "Sub/Mixed.TXT", "mixed");
    expect_text(fixture->os, "sUB/mIXED.txt", "mixed");
    assert_int_equal(open_result(fixture->os, "sub", OS_MODE_R), -EISDIR);
    assert_int_equal(open_result(fixture->os, "sub", OS_MODE_W), -EISDIR);
    assert_int_equal(open_result(fixture->os, "sub/", OS_MODE_R), -EISDIR);
    assert_int_equal(open_result(fixture->os, "sub/Mixed.TXT/x", OS_MODE_R), -ENOTDIR);
}

static void bytes_are_not_translated(Fixture *fixture) {
    static const char BYTES[] = "one\ntwo\r\nthree\x1a\n";
    write_file(fixture->os, "b.txt", BYTES);
    expect_text(fixture->os, "b.txt", BYTES);
    expect_on_disk(fixture, "b.txt", BYTES, sizeof BYTES - 1);
}

/* ---- channels -------------------------------------------------------------------------------- */

static OsOp op_on(OsCall call, OsFile end, char *data, uint64_t size_bytes) {
    return (OsOp){.call = call, .file = end, .data = data, .size_bytes = size_bytes};
}

static void make_pair(Fixture *fixture, OsFile ends[2]) {
    int error = -1;
    assert_true(os_pair(fixture->os, ends, &error));
    assert_int_equal(error, 0);
}

/* A send's completion carries the bytes; a receive's says that there are some. */
static void a_send_moves_and_a_receive_is_ready(Fixture *fixture) {
    OsFile ends[2];
    char text[] = "hello";
    char got[16];
    OsWait info;
    make_pair(fixture, ends);
    OsOp receive = op_on(OS_RECV, ends[1], got, sizeof got);
    OsOp send = op_on(OS_SEND, ends[0], text, 5);
    for (int round = 0; round < 3; round++) {
        memset(got, 0, sizeof got);
        os_submit(fixture->os, &receive);
        assert_int_equal(receive.via, OS_VIA_OVERLAPPED);
        assert_null(os_wait(fixture->os, 0, &info));
        os_submit(fixture->os, &send);
        wait_for(fixture->os, 2);
        assert_int_equal(send.result, 5);
        assert_int_equal(receive.result, 0);
        assert_true(receive.is_readiness && !send.is_readiness);
        os_perform(fixture->os, &receive);
        assert_int_equal(receive.result, 5);
        assert_memory_equal(got, "hello", 5);
    }
}

/* More than both buffers hold: the send is in flight until the other end has taken it. */
static void a_great_send_goes_through(Fixture *fixture) {
    enum { GREAT_BYTES = 16 << 20 };
    OsFile ends[2];
    char *out = mem_alloc(GREAT_BYTES, 1);
    char *in = mem_alloc(GREAT_BYTES, 1);
    for (size_t i = 0; i < GREAT_BYTES; i++) {
        out[i] = (char)(i * 31 >> 3);
    }
    make_pair(fixture, ends);
    OsOp send = op_on(OS_SEND, ends[0], out, GREAT_BYTES);
    os_submit(fixture->os, &send);
    uint64_t received = 0;
    while (received < GREAT_BYTES || send.state == OS_OP_IN_FLIGHT) {
        OsOp receive = op_on(OS_RECV, ends[1], in + received, GREAT_BYTES - received);
        if (received < GREAT_BYTES) {
            os_submit(fixture->os, &receive);
        }
        (void)os_wait(fixture->os, WAIT_PATIENCE_NS, NULL);
        while (receive.state == OS_OP_IN_FLIGHT) {
            (void)os_wait(fixture->os, WAIT_PATIENCE_NS, NULL);
        }
        if (received < GREAT_BYTES) {
            os_perform(fixture->os, &receive);
            assert_true(receive.result > 0);
            received += (uint64_t)receive.result;
        }
        if (send.state == OS_OP_IDLE && (uint64_t)send.result < GREAT_BYTES) {
            assert_true(send.result > 0); /* the loop would send the rest */
            send.data += send.result;
            send.size_bytes -= (uint64_t)send.result;
            os_submit(fixture->os, &send);
        }
    }
    assert_memory_equal(in, out, GREAT_BYTES);
    free(in);
    free(out);
}

static void ends_that_are_closed(Fixture *fixture) {
    OsFile ends[2];
    char got[4];
    make_pair(fixture, ends);
    OsOp receive = op_on(OS_RECV, ends[0], got, sizeof got);
    os_submit(fixture->os, &receive);
    OsOp shut = op_file(OS_CLOSE, ends[1]);
    os_perform(fixture->os, &shut);
    assert_int_equal(shut.result, 0);
    wait_for(fixture->os, 1);
    assert_true(receive.is_readiness);
    os_perform(fixture->os, &receive);
    assert_int_equal(receive.result, 0); /* the end of what is sent */
    OsOp send = op_on(OS_SEND, ends[0], got, sizeof got);
    for (int i = 0; i < 100 && send.result >= 0; i++) { /* the first may still find a buffer */
        (void)run_op(fixture->os, &send);
    }
    assert_int_equal(send.result, -EPIPE);
    receive = op_on(OS_RECV, ends[1], got, sizeof got);
    assert_int_equal(run_op(fixture->os, &receive), -EBADF);
    OsOp write = op_write(ends[0], got, 1, 0); /* a file step on an end is no way around */
    assert_int_equal(run_op(fixture->os, &write), -EBADF);
}

/* The other end is closed with bytes in it that nobody received. Whoever waits to receive is told,
 * though the system may say it only as the end of that wait; a send is refused. */
static void an_end_that_is_reset(Fixture *fixture) {
    OsFile ends[2];
    char data[4] = "lost";
    make_pair(fixture, ends);
    OsOp send = op_on(OS_SEND, ends[0], data, sizeof data);
    assert_int_equal(run_op(fixture->os, &send), 4);
    OsOp receive = op_on(OS_RECV, ends[0], data, sizeof data);
    os_submit(fixture->os, &receive);
    OsOp shut = op_file(OS_CLOSE, ends[1]);
    os_perform(fixture->os, &shut);
    wait_for(fixture->os, 1);
    assert_true(receive.is_readiness);
    assert_int_equal(receive.result, 0);
    os_perform(fixture->os, &receive);
    assert_int_equal(receive.result, -ECONNRESET);
    os_perform(fixture->os, &send);
    assert_int_equal(send.result, -EPIPE);
}

/* A send that is in flight when the other end is closed fails, and so does the next. */
static void a_send_that_is_cut_off(Fixture *fixture) {
    enum { GREAT_BYTES = 16 << 20 };
    OsFile ends[2];
    char *out = mem_alloc(GREAT_BYTES, 1);
    make_pair(fixture, ends);
    OsOp send = op_on(OS_SEND, ends[0], out, GREAT_BYTES);
    os_submit(fixture->os, &send);
    assert_null(os_wait(fixture->os, 0, NULL));
    OsOp shut = op_file(OS_CLOSE, ends[1]);
    os_perform(fixture->os, &shut);
    wait_for(fixture->os, 1);
    assert_int_equal(send.result, -EPIPE);
    assert_int_equal(run_op(fixture->os, &send), -EPIPE);
    free(out);
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Reads and writes are the system's, opens and the like a helper's; each says so. */
static void every_way_is_told(Fixture *fixture) {
    OsOp op = op_open("w", OS_MODE_W);
    assert_int_equal(run_op(fixture->os, &op), 0);
    assert_int_equal(op.via, OS_VIA_THREADS);
    const OsFile file = op.file;
    char text[] = "x";
    op = op_write(file, text, 1, 0);
    assert_int_equal(run_op(fixture->os, &op), 1);
    assert_int_equal(op.via, OS_VIA_OVERLAPPED);
    op = op_file(OS_FSYNC, file);
    assert_int_equal(run_op(fixture->os, &op), 0);
    assert_int_equal(op.via, OS_VIA_THREADS);
    op = op_read(file, text, 1, 0);
    assert_int_equal(run_op(fixture->os, &op), -EBADF); /* it was opened to write */
    assert_int_equal(op.via, OS_VIA_OVERLAPPED);
    assert_int_equal(close_file(fixture->os, file), 0);
    assert_string_equal(os_notifier_name(fixture->os), "iocp");
    assert_string_equal(os_error_text(ENOENT), "No such file or directory");
}

static void errors_have_linux_numbers(Fixture *fixture) {
    assert_non_null(fixture->os);
    assert_int_equal(os_error_number(ENOENT), 2);
    assert_int_equal(os_error_number(EPIPE), 32);
    assert_int_equal(os_error_number(ENAMETOOLONG), 36);
    assert_int_equal(os_error_number(ECONNRESET), 104);
    assert_int_equal(os_error_number(ECANCELED), 125);
    assert_string_equal(os_error_text(ENAMETOOLONG), "File name too long");
}

/* What the system refuses, each by a real call: asynchronous, and on the spot. */
static void expect_open_error(Os *os, const char *path, OsMode mode, int number, const char *text) {
    OsOp op = op_open(path, mode);
    const int64_t result = run_op(os, &op);
    OsOp now = op_open(path, mode);
    os_perform(os, &now);
    if (os_error_number((int)-result) != number || now.result != result) {
        fail_msg("\"%s\": %d, and on the spot %d", path, (int)result, (int)now.result);
    }
    assert_string_equal(os_error_text((int)-result), text);
}

static void errors_of_real_calls(Fixture *fixture) {
    Os *os = fixture->os;
    char whole[1024];
    write_file(os, "folder/file", "x");
    write_file(os, "held", "x");
    expect_open_error(os, "none", OS_MODE_R, 2, "No such file or directory");
    expect_open_error(os, "none/at/all", OS_MODE_R, 2, "No such file or directory");
    expect_open_error(os, "folder", OS_MODE_A, 21, "Is a directory");
    expect_open_error(os, "folder/file/x", OS_MODE_R, 20, "Not a directory");
    expect_open_error(os, "folder/file/x", OS_MODE_W, 20, "Not a directory");
    expect_open_error(os, "a<b", OS_MODE_W, 22, "Invalid argument");
    expect_open_error(os, "../out", OS_MODE_W, 1, "Operation not permitted");
    snprintf(whole, sizeof whole, "%s\\held", fixture->folder);
    wchar_t *name = wide_path(whole);
    const HANDLE held = CreateFileW(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    assert_true(held != INVALID_HANDLE_VALUE);
    expect_open_error(os, "held", OS_MODE_R, 13, "Permission denied");
    expect_open_error(os, "held", OS_MODE_W, 13, "Permission denied");
    CloseHandle(held);
    assert_true(CreateFileW(name, GENERIC_READ, 0, NULL, CREATE_NEW, 0, NULL) ==
                INVALID_HANDLE_VALUE);
    assert_int_equal(wide_errno(GetLastError()), EEXIST);
    free(name);
    snprintf(whole, sizeof whole, "%s\\folder", fixture->folder);
    assert_false(file_remove_folder(whole));
    assert_int_equal(os_error_number(errno), 39);
    assert_string_equal(os_error_text(errno), "Directory not empty");
}

/* The read-only attribute refuses whoever would write, and nobody who reads; the bytes stay. */
static void a_file_that_is_read_only(Fixture *fixture) {
    Os *os = fixture->os;
    char whole[1024];
    write_file(os, "kept", "as it was");
    snprintf(whole, sizeof whole, "%s\\kept", fixture->folder);
    wchar_t *name = wide_path(whole);
    assert_true(SetFileAttributesW(name, FILE_ATTRIBUTE_READONLY));
    expect_open_error(os, "kept", OS_MODE_W, 13, "Permission denied");
    expect_open_error(os, "kept", OS_MODE_A, 13, "Permission denied");
    expect_text(os, "kept", "as it was");
    assert_true(SetFileAttributesW(name, FILE_ATTRIBUTE_NORMAL));
    free(name);
    write_file(os, "kept", "changed");
    expect_text(os, "kept", "changed");
}

/* Refused while it is begun, again and again, beside others that go through: each ends once. */
static void a_write_that_no_disk_holds(Fixture *fixture) {
    enum { ROUNDS = 20 };
    const OsFile file = open_file(fixture->os, "f", OS_MODE_W);
    char text[] = "x";
    for (int i = 0; i < ROUNDS; i++) {
        OsOp refused = op_write(file, text, 1, INT64_MAX - 1);
        OsOp good = op_write(file, text, 1, i);
        os_submit(fixture->os, &refused);
        os_submit(fixture->os, &good);
        wait_for(fixture->os, 2);
        assert_int_equal(good.result, 1);
        assert_true(refused.result < 0);
    }
    assert_null(os_wait(fixture->os, 0, NULL));
    assert_int_equal(close_file(fixture->os, file), 0);
    expect_text(fixture->os, "f", "xxxxxxxxxxxxxxxxxxxx");
}

/* The same on the spot and overlapped, mixed on one handle: no completion goes astray. */
static void on_the_spot_and_overlapped(Fixture *fixture) {
    const OsFile file = open_file(fixture->os, "m", OS_MODE_W);
    char letters[] = "abcdefghijklmnop";
    OsOp writes[8];
    for (int i = 0; i < 8; i++) {
        writes[i] = op_write(file, letters + 2 * i, 1, 2 * i);
        os_submit(fixture->os, &writes[i]);
        OsOp now = op_write(file, letters + 2 * i + 1, 1, 2 * i + 1);
        os_perform(fixture->os, &now);
        assert_int_equal(now.result, 1);
    }
    wait_for(fixture->os, 8);
    assert_null(os_wait(fixture->os, 0, NULL));
    assert_int_equal(close_file(fixture->os, file), 0);
    expect_text(fixture->os, "m", letters);
}

int main(void) {
    static const Case CASES[] = {
        {"names are read as Windows reads them", names_are_read_as_windows_reads_them, ONLY_REAL},
        {"what is refused leaves nothing", what_is_refused_leaves_nothing, ONLY_REAL},
        {"odd and long names", odd_and_long_names, ONLY_REAL},
        {"case and folders", case_and_folders, ONLY_REAL},
        {"bytes are not translated", bytes_are_not_translated, ONLY_REAL},
        {"a send moves, and a receive is ready", a_send_moves_and_a_receive_is_ready, ONLY_REAL},
        {"a great send goes through", a_great_send_goes_through, ONLY_REAL},
        {"ends that are closed", ends_that_are_closed, ONLY_REAL},
        {"an end that is reset", an_end_that_is_reset, ONLY_REAL},
        {"a send that is cut off", a_send_that_is_cut_off, ONLY_REAL},
        {"every way is told", every_way_is_told, ONLY_REAL},
        {"errors have Linux's numbers", errors_have_linux_numbers, ONLY_REAL},
        {"errors of real calls", errors_of_real_calls, ONLY_REAL},
        {"a file that is read-only", a_file_that_is_read_only, ONLY_REAL},
        {"a write that no disk holds", a_write_that_no_disk_holds, ONLY_REAL},
        {"on the spot and overlapped", on_the_spot_and_overlapped, ONLY_REAL},
    };
    return run_cases("windows", CASES, sizeof CASES / sizeof CASES[0]);
}
