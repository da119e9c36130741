/* One suite for every back end: what files do. */
#include "os_fixture.h"

/* ---- bytes ----------------------------------------------------------------------------------- */

static void writes_and_reads(Fixture *fixture) {
    Os *os = fixture->os;
    write_file(os, "a.txt", "hello");
    expect_text(os, "a.txt", "hello");
    expect_on_disk(fixture, "a.txt", "hello", 5);
    write_file(os, "a.txt", "hi"); /* "w" empties it first */
    expect_text(os, "a.txt", "hi");
    expect_on_disk(fixture, "a.txt", "hi", 2);
}

static void offsets_are_kept(Fixture *fixture) {
    Os *os = fixture->os;
    const OsFile file = open_file(os, "o.txt", OS_MODE_W);
    assert_int_equal(write_text(os, file, "world", 6), 5);
    assert_int_equal(write_text(os, file, "hello", 0), 5);
    assert_int_equal(write_text(os, file, "W", 6), 1);
    assert_int_equal(close_file(os, file), 0);
    expect_bytes(os, "o.txt", "hello\0World", 11); /* the hole is a zero */
    expect_on_disk(fixture, "o.txt", "hello\0World", 11);

    const OsFile in = open_file(os, "o.txt", OS_MODE_R);
    char data[8] = "........";
    OsOp op = op_read(in, data, 3, 6);
    assert_int_equal(run_op(os, &op), 3);
    assert_memory_equal(data, "Wor.....", 8);
    op = op_read(in, data, 8, 9);
    assert_int_equal(run_op(os, &op), 2);
    op = op_read(in, data, 8, 11);
    assert_int_equal(run_op(os, &op), 0);
    op = op_read(in, data, 8, 4000);
    assert_int_equal(run_op(os, &op), 0);
    assert_memory_equal(data, "ldr.....", 8);
    assert_int_equal(close_file(os, in), 0);
}

static void appending(Fixture *fixture) {
    Os *os = fixture->os;
    write_file(os, "log.txt", "one,");
    const OsFile first = open_file(os, "log.txt", OS_MODE_A);
    const OsFile second = open_file(os, "log.txt", OS_MODE_A);
    assert_int_equal(write_text(os, first, "two,", -1), 4);
    assert_int_equal(write_text(os, second, "three,", -1), 6);
    assert_int_equal(write_text(os, first, "four", -1), 4);
    assert_int_equal(close_file(os, first), 0);
    assert_int_equal(close_file(os, second), 0);
    expect_text(os, "log.txt", "one,two,three,four");
    expect_on_disk(fixture, "log.txt", "one,two,three,four", 18);
}

static void nothing_and_much(Fixture *fixture) {
    enum { MUCH_BYTES = 8 * 1024 * 1024 };
    Os *os = fixture->os;
    char *much = mem_alloc(MUCH_BYTES, 1);
    for (size_t i = 0; i < MUCH_BYTES; i++) {
        much[i] = (char)(i * 2654435761u >> 13);
    }
    const OsFile file = open_file(os, "much.bin", OS_MODE_W);
    OsOp op = op_write(file, much, 0, 0);
    assert_int_equal(run_op(os, &op), 0);
    op = op_write(file, much, MUCH_BYTES, 0);
    assert_int_equal(run_op(os, &op), MUCH_BYTES);
    op = op_file(OS_FSYNC, file);
    assert_int_equal(run_op(os, &op), 0);
    assert_int_equal(close_file(os, file), 0);
    expect_bytes(os, "much.bin", much, MUCH_BYTES);
    expect_on_disk(fixture, "much.bin", much, MUCH_BYTES);
    const OsFile in = open_file(os, "much.bin", OS_MODE_R);
    op = op_read(in, much, 0, 0);
    assert_int_equal(run_op(os, &op), 0);
    assert_int_equal(close_file(os, in), 0);
    free(much);
}

static void folders_are_made(Fixture *fixture) {
    Os *os = fixture->os;
    write_file(os, "a/b/c.txt", "deep");
    write_file(os, "a/b/../d.txt", "up");
    write_file(os, "./a//e.txt", "same");
    write_file(os, "new/../f.txt", "top"); /* mkdir -p would make "new", too */
    expect_text(os, "a/b/c.txt", "deep");
    expect_text(os, "a/d.txt", "up");
    expect_text(os, "a/e.txt", "same");
    expect_text(os, "f.txt", "top");
    assert_int_equal(open_result(os, "missing/g.txt", OS_MODE_R), -ENOENT);
    assert_int_equal(open_result(os, "missing", OS_MODE_R), -ENOENT);
    expect_on_disk(fixture, "a/b/c.txt", "deep", 4);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void opens_are_refused(Fixture *fixture) {
    Os *os = fixture->os;
    write_file(os, "folder/file", "x");
    assert_int_equal(open_result(os, "nothing", OS_MODE_R), -ENOENT);
    for (OsMode mode = OS_MODE_W; mode <= OS_MODE_R; mode++) {
        assert_int_equal(open_result(os, "folder", mode), -EISDIR);
        assert_int_equal(open_result(os, "folder/", mode), -EISDIR);
        assert_int_equal(open_result(os, ".", mode), -EISDIR);
        assert_int_equal(open_result(os, "folder/..", mode), -EISDIR);
        assert_int_equal(open_result(os, "folder/file/x", mode), -ENOTDIR);
        assert_int_equal(open_result(os, "", mode), -EPERM);
        assert_int_equal(open_result(os, "/etc/passwd", mode), -EPERM);
        assert_int_equal(open_result(os, "..", mode), -EPERM);
        assert_int_equal(open_result(os, "../x", mode), -EPERM);
        assert_int_equal(open_result(os, "folder/../../x", mode), -EPERM);
        assert_int_equal(open_result(os, "no/../../such/x", mode), -EPERM);
    }
    char name[300];
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_int_equal(open_result(os, name, OS_MODE_W), -ENAMETOOLONG);
    expect_text(os, "folder/file", "x");
}

static void handles_are_refused(Fixture *fixture) {
    Os *os = fixture->os;
    char data[4] = "abcd";
    write_file(os, "f", "1234");
    const OsFile out = open_file(os, "g", OS_MODE_W);
    const OsFile in = open_file(os, "f", OS_MODE_R);
    OsOp op = op_read(out, data, 4, 0);
    assert_int_equal(run_op(os, &op), -EBADF);
    assert_int_equal(write_text(os, in, "no", 0), -EBADF);
    assert_int_equal(close_file(os, out), 0);
    assert_int_equal(close_file(os, out), -EBADF);
    assert_int_equal(write_text(os, out, "no", 0), -EBADF);
    op = op_file(OS_FSYNC, out);
    assert_int_equal(run_op(os, &op), -EBADF);
    op = op_read(OS_FILE_NONE, data, 4, 0);
    assert_int_equal(run_op(os, &op), -EBADF);
    op = op_read(1000000, data, 4, 0);
    assert_int_equal(run_op(os, &op), -EBADF);
    assert_int_equal(close_file(os, in), 0);
    expect_text(os, "f", "1234");
    assert_memory_equal(data, "abcd", 4);
}

/* The same errors everywhere, with the words that people know. */
static void errors_have_the_systems_text(Fixture *fixture) {
    Os *os = fixture->os;
    write_file(os, "folder/file", "x");
    const OsFile in = open_file(os, "folder/file", OS_MODE_R);
    const struct {
        int64_t result;
        int error;
        const char *text;
    } errors[] = {
        {open_result(os, "nothing", OS_MODE_R), ENOENT, "No such file or directory"},
        {open_result(os, "folder", OS_MODE_W), EISDIR, "Is a directory"},
        {open_result(os, "folder/file/x", OS_MODE_W), ENOTDIR, "Not a directory"},
        {open_result(os, "../x", OS_MODE_W), EPERM, "Operation not permitted"},
        {write_text(os, in, "no", 0), EBADF, "Bad file descriptor"},
    };
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        assert_int_equal(errors[i].result, -errors[i].error);
        assert_string_equal(os_error_text(errors[i].error), errors[i].text);
    }
    assert_int_equal(close_file(os, in), 0);
}

/* ---- closing --------------------------------------------------------------------------------- */

/* The close must not overtake the write: the number could be another file's by then. */
static void close_waits_for_writes(Fixture *fixture) {
    enum { SIZE_BYTES = 1024 * 1024, WRITES = 4, ROUNDS = 5 };
    char *data = mem_alloc(SIZE_BYTES, 1);
    memset(data, 'w', SIZE_BYTES);
    for (int round = 0; round < ROUNDS; round++) {
        const OsFile file = open_file(fixture->os, "w", OS_MODE_W);
        OsOp writes[WRITES];
        for (int i = 0; i < WRITES; i++) {
            writes[i] = op_write(file, data, SIZE_BYTES, 0);
            os_submit(fixture->os, &writes[i]);
        }
        OsOp closing = op_file(OS_CLOSE, file);
        os_submit(fixture->os, &closing);
        OsOp late = op_write(file, data, 1, SIZE_BYTES);
        os_submit(fixture->os, &late);
        OsOp twice = op_file(OS_CLOSE, file);
        os_submit(fixture->os, &twice);
        OsOp other = op_open("other", OS_MODE_W); /* would like the number */
        os_submit(fixture->os, &other);
        assert_int_equal(os_in_flight(fixture->os), WRITES + 4);
        wait_for(fixture->os, WRITES + 4);
        for (int i = 0; i < WRITES; i++) {
            assert_int_equal(writes[i].result, SIZE_BYTES);
        }
        assert_int_equal(closing.result, 0);
        assert_int_equal(late.result, -EBADF);
        assert_int_equal(twice.result, -EBADF);
        assert_int_equal(other.result, 0);
        expect_text(fixture->os, "other", "");
        assert_int_equal(close_file(fixture->os, other.file), 0);
    }
    expect_bytes(fixture->os, "w", data, SIZE_BYTES);
    free(data);
}

/* ---- on the spot ----------------------------------------------------------------------------- */

static int64_t perform(Os *os, OsOp op, OsFile *file) {
    os_perform(os, &op);
    assert_int_equal(op.state, OS_OP_IDLE);
    assert_int_equal(os_in_flight(os), 0);
    if (file != NULL) {
        *file = op.file;
    }
    return op.result;
}

static void performs(Fixture *fixture) {
    Os *os = fixture->os;
    OsFile file = OS_FILE_NONE;
    char text[] = "on the spot";
    assert_int_equal(perform(os, op_open("p/q.txt", OS_MODE_W), &file), 0);
    assert_int_equal(perform(os, op_write(file, text, 11, 0), NULL), 11);
    assert_int_equal(perform(os, op_file(OS_FSYNC, file), NULL), 0);
    assert_int_equal(perform(os, op_file(OS_CLOSE, file), NULL), 0);
    assert_int_equal(perform(os, op_file(OS_CLOSE, file), NULL), -EBADF);
    expect_text(os, "p/q.txt", "on the spot");
    expect_on_disk(fixture, "p/q.txt", "on the spot", 11);
    assert_int_equal(perform(os, op_open("p/q.txt", OS_MODE_A), &file), 0);
    assert_int_equal(perform(os, op_write(file, text, 2, -1), NULL), 2);
    assert_int_equal(write_text(os, file, "!", -1), 1); /* both ways on one handle */
    assert_int_equal(perform(os, op_file(OS_CLOSE, file), NULL), 0);
    expect_text(os, "p/q.txt", "on the spoton!");
    assert_int_equal(perform(os, op_open("none", OS_MODE_R), &file), -ENOENT);
    assert_true(file == OS_FILE_NONE);
    assert_int_equal(perform(os, op_open("../none", OS_MODE_W), &file), -EPERM);
    assert_int_equal(perform(os, op_open("/none", OS_MODE_W), &file), -EPERM);
    assert_int_equal(perform(os, op_open("p", OS_MODE_R), &file), -EISDIR);
    assert_int_equal(perform(os, op_read(1000000, text, 2, 0), NULL), -EBADF);
}

/* A blocking close waits for what is in flight on its file; that is told afterwards all the
 * same. */
static void performed_close_waits(Fixture *fixture) {
    enum { SIZE_BYTES = 4 * 1024 * 1024 };
    Os *os = fixture->os;
    char *data = mem_alloc(SIZE_BYTES, 1);
    memset(data, 'p', SIZE_BYTES);
    const OsFile file = open_file(os, "p", OS_MODE_W);
    OsOp write = op_write(file, data, SIZE_BYTES, 0);
    os_submit(os, &write);
    OsOp close = op_file(OS_CLOSE, file);
    os_perform(os, &close);
    assert_int_equal(close.result, 0);
    assert_int_equal(os_in_flight(os), 1);
    assert_ptr_equal(os_peek(os), &write);
    assert_null(os_peek(os));
    wait_for(os, 1);
    assert_int_equal(write.result, SIZE_BYTES);
    assert_int_equal(write_text(os, file, "late", 0), -EBADF);
    expect_bytes(os, "p", data, SIZE_BYTES);
    free(data);
}

int main(void) {
    static const Case CASES[] = {
        {"bytes come back as they were written", writes_and_reads, false},
        {"offsets are kept, a hole is zeros, past the end is nothing", offsets_are_kept, false},
        {"appending goes to the end, whoever wrote before", appending, false},
        {"no bytes, and 8 MiB at once", nothing_and_much, false},
        {"folders in a path are made for writing only", folders_are_made, false},
        {"opens that are refused", opens_are_refused, false},
        {"handles that are closed or of the wrong mode", handles_are_refused, false},
        {"errors have the system's text", errors_have_the_systems_text, false},
        {"a close waits for the writes before it", close_waits_for_writes, false},
        {"operations on the spot", performs, false},
        {"a close on the spot waits, too", performed_close_waits, false},
    };
    return run_cases("os_conformance", CASES, sizeof CASES / sizeof CASES[0]);
}
