/* Channels, on every back end that this machine has: tries, readiness, back-pressure, closed ends,
 * withdrawn operations. */
#include "os_fixture.h"

enum { BIG_BYTES = 1 << 20 };

static void make_pair(Fixture *fixture, OsFile ends[2]) {
    int error = -1;
    assert_true(os_pair(fixture->os, ends, &error));
    assert_int_equal(error, 0);
    assert_true(ends[0] != ends[1]);
}

static OsOp op_on(OsCall call, OsFile end, char *data, uint64_t size_bytes) {
    return (OsOp){.call = call, .file = end, .data = data, .size_bytes = size_bytes};
}

static int64_t try_op(Fixture *fixture, OsCall call, OsFile end, char *data, uint64_t size_bytes) {
    OsOp op = op_on(call, end, data, size_bytes);
    os_perform(fixture->os, &op);
    assert_false(op.is_readiness);
    return op.result;
}

static int64_t send_text(Fixture *fixture, OsFile end, const char *text) {
    return try_op(fixture, OS_SEND, end, (char *)(uintptr_t)text, strlen(text));
}

static int64_t shut(Fixture *fixture, OsFile end) {
    OsOp op = op_file(OS_CLOSE, end);
    os_perform(fixture->os, &op);
    return op.result;
}

static OsVia channel_via(const Fixture *fixture) {
    static const OsVia VIA[OS_BACKEND_COUNT] = {[OS_BACKEND_IO_URING] = OS_VIA_EPOLL,
                                                [OS_BACKEND_THREADS] = OS_VIA_EPOLL,
                                                [OS_BACKEND_KQUEUE] = OS_VIA_KQUEUE,
                                                [OS_BACKEND_IOCP] = OS_VIA_OVERLAPPED,
                                                [OS_BACKEND_SIM] = OS_VIA_SIM};
    return VIA[fixture->backend];
}

/* Both directions, in pieces, and what is left of a piece. */
static void moves_bytes(Fixture *fixture) {
    OsFile ends[2];
    char got[16] = {0};
    make_pair(fixture, ends);
    assert_int_equal(try_op(fixture, OS_RECV, ends[0], got, 4), -EAGAIN);
    assert_int_equal(send_text(fixture, ends[0], "hello "), 6);
    assert_int_equal(send_text(fixture, ends[0], "world"), 5);
    assert_int_equal(send_text(fixture, ends[1], "back"), 4);
    assert_int_equal(send_text(fixture, ends[1], ""), 0);
    assert_int_equal(try_op(fixture, OS_RECV, ends[1], got, 4), 4);
    assert_memory_equal(got, "hell", 4);
    assert_int_equal(try_op(fixture, OS_RECV, ends[1], got, sizeof got), 7);
    assert_memory_equal(got, "o world", 7);
    assert_int_equal(try_op(fixture, OS_RECV, ends[0], got, sizeof got), 4);
    assert_memory_equal(got, "back", 4);
    assert_int_equal(try_op(fixture, OS_RECV, ends[0], got, sizeof got), -EAGAIN);
}

/* A wait ends when there is something to receive, and moves nothing itself. */
static void tells_readiness(Fixture *fixture) {
    OsFile ends[2];
    char got[4];
    OsWait info;
    make_pair(fixture, ends);
    OsOp receive = op_on(OS_RECV, ends[1], got, sizeof got);
    for (int round = 0; round < 3; round++) {
        os_submit(fixture->os, &receive);
        assert_int_equal(receive.via, channel_via(fixture));
        assert_null(os_wait(fixture->os, 0, &info));
        assert_int_equal(info.events, 0);
        assert_int_equal(send_text(fixture, ends[0], "ab"), 2);
        assert_null(os_peek(fixture->os)); /* the kernel's own list: nobody can look into it */
        assert_ptr_equal(os_wait(fixture->os, WAIT_PATIENCE_NS, &info), &receive);
        assert_null(receive.next);
        assert_int_equal(info.events, 1);
        assert_true(receive.is_readiness);
        assert_int_equal(receive.result, 0);
        os_perform(fixture->os, &receive);
        assert_int_equal(receive.result, 2);
        assert_int_equal(os_in_flight(fixture->os), 0);
    }
    os_submit(fixture->os, &receive); /* ready before it is asked for */
    assert_int_equal(send_text(fixture, ends[0], "cd"), 2);
    assert_ptr_equal(os_wait(fixture->os, -1, NULL), &receive);
}

/* While nothing moves that somebody waits for, asking could tell nothing; where it may, it is never
 * said to be still. */
static void stillness(Fixture *fixture) {
    OsFile ends[2];
    char got[4];
    make_pair(fixture, ends);
    OsOp receive = op_on(OS_RECV, ends[1], got, 2);
    os_submit(fixture->os, &receive);
    assert_null(os_wait(fixture->os, 0, NULL));
    const bool is_known = os_channels_are_still(fixture->os);
    assert_true(is_known || fixture->backend == OS_BACKEND_SIM);
    assert_int_equal(send_text(fixture, ends[1], "back"), 4); /* nobody waits for that */
    assert_int_equal(try_op(fixture, OS_RECV, ends[0], got, 4), 4);
    assert_int_equal(os_channels_are_still(fixture->os), is_known);
    assert_int_equal(send_text(fixture, ends[0], "abc"), 3);
    assert_false(os_channels_are_still(fixture->os));
    assert_ptr_equal(os_wait(fixture->os, WAIT_PATIENCE_NS, NULL), &receive);
    assert_int_equal(os_channels_are_still(fixture->os), is_known);
    os_perform(fixture->os, &receive);
    assert_int_equal(receive.result, 2);
    os_submit(fixture->os, &receive); /* one byte is left, and was told before */
    assert_false(os_channels_are_still(fixture->os));
    assert_ptr_equal(os_wait(fixture->os, WAIT_PATIENCE_NS, NULL), &receive);
    os_perform(fixture->os, &receive);
    assert_int_equal(receive.result, 1);
    os_submit(fixture->os, &receive);
    assert_int_equal(os_channels_are_still(fixture->os), is_known);
    assert_int_equal(shut(fixture, ends[0]), 0);
    assert_false(os_channels_are_still(fixture->os));
    assert_ptr_equal(os_wait(fixture->os, WAIT_PATIENCE_NS, NULL), &receive);
}

/* An end that is received from anew stands behind those that became ready before it, though it was
 * ready earlier, too, and is watched still. */
static void new_wait_new_place(Fixture *fixture) {
    OsFile ends[2], others[2];
    char got[4], got_too[4];
    make_pair(fixture, ends);
    make_pair(fixture, others);
    OsOp receive = op_on(OS_RECV, ends[1], got, sizeof got);
    OsOp other = op_on(OS_RECV, others[1], got_too, sizeof got_too);
    os_submit(fixture->os, &other);
    for (int round = 0; round < 4; round++) {
        os_submit(fixture->os, &receive);
        assert_int_equal(send_text(fixture, ends[0], "ab"), 2);
        assert_ptr_equal(os_wait(fixture->os, WAIT_PATIENCE_NS, NULL), &receive);
        os_perform(fixture->os, &receive);
        assert_int_equal(receive.result, 2);
        if (round % 2 == 1) { /* it comes and goes while nobody waits */
            assert_int_equal(send_text(fixture, ends[0], "ab"), 2);
            assert_int_equal(try_op(fixture, OS_RECV, ends[1], got, sizeof got), 2);
        }
        os_submit(fixture->os, &receive);
        assert_int_equal(send_text(fixture, others[0], "cd"), 2);
        assert_int_equal(send_text(fixture, ends[0], "ef"), 2);
        OsOp *first = os_wait(fixture->os, WAIT_PATIENCE_NS, NULL);
        assert_ptr_equal(first, &other);
        if (first->next == NULL) { /* a clock may stand between them */
            first = os_wait(fixture->os, WAIT_PATIENCE_NS, NULL);
            assert_ptr_equal(first, &receive);
        } else {
            assert_ptr_equal(first->next, &receive);
        }
        os_perform(fixture->os, &receive);
        os_perform(fixture->os, &other);
        os_submit(fixture->os, &other);
    }
    os_cancel(fixture->os, &other);
    assert_ptr_equal(os_wait(fixture->os, WAIT_PATIENCE_NS, NULL), &other);
}

/* Somebody else may take what made an end ready: then it is not told. */
static void readiness_can_pass(Fixture *fixture) {
    OsFile ends[2];
    char got[4];
    make_pair(fixture, ends);
    OsOp receive = op_on(OS_RECV, ends[1], got, sizeof got);
    os_submit(fixture->os, &receive);
    assert_int_equal(send_text(fixture, ends[0], "ab"), 2);
    assert_int_equal(try_op(fixture, OS_RECV, ends[1], got, sizeof got), 2);
    assert_null(os_wait(fixture->os, 0, NULL));
    assert_int_equal(send_text(fixture, ends[0], "cd"), 2);
    assert_ptr_equal(os_wait(fixture->os, -1, NULL), &receive);
}

/* In the order in which the ends became ready; of one end, the receive first. kqueue tells the two
 * apart: as two events, each in its own place. */
static void order_of_readiness(Fixture *fixture) {
    enum { PAIRS = 20 };
    OsFile ends[PAIRS][2];
    OsOp receives[PAIRS];
    OsOp send;
    char got[4];
    for (int i = 0; i < PAIRS; i++) {
        make_pair(fixture, ends[i]);
        receives[i] = op_on(OS_RECV, ends[i][1], got, sizeof got);
        os_submit(fixture->os, &receives[i]);
    }
    for (int i = PAIRS - 1; i >= 0; i--) {
        assert_int_equal(send_text(fixture, ends[i][0], "x"), 1);
    }
    send = op_on(OS_SEND, ends[7][1], got, sizeof got);
    os_submit(fixture->os, &send);
    OsWait info;
    const OsOp *op = os_wait(fixture->os, -1, &info);
    const bool apart = fixture->backend == OS_BACKEND_KQUEUE;
    assert_int_equal(info.events, apart ? PAIRS + 1 : PAIRS);
    bool sent = false;
    for (int i = PAIRS - 1; i >= 0; i--) {
        if (op == &send) {
            assert_true(!sent && (apart || i == 6));
            sent = true;
            op = op->next;
        }
        assert_ptr_equal(op, &receives[i]);
        op = op->next;
    }
    assert_true(sent ? op == NULL : apart && op == &send && op->next == NULL);
}

/* A full buffer stops the sender until the other end has made room; nothing is lost on the way. */
static void back_pressure(Fixture *fixture) {
    OsFile ends[2];
    char *out = mem_alloc(BIG_BYTES, 1);
    char *in = mem_alloc(BIG_BYTES, 1);
    uint64_t sent = 0;
    uint64_t received = 0;
    unsigned waits = 0;
    make_pair(fixture, ends);
    for (size_t i = 0; i < BIG_BYTES; i++) {
        out[i] = (char)(i * 31 >> 3);
    }
    while (sent < BIG_BYTES) {
        const int64_t moved = try_op(fixture, OS_SEND, ends[0], out + sent, BIG_BYTES - sent);
        assert_true(moved > 0 || moved == -EAGAIN);
        sent += moved > 0 ? (uint64_t)moved : 0;
        if (sent == BIG_BYTES) {
            break;
        }
        OsOp wait = op_on(OS_SEND, ends[0], out + sent, BIG_BYTES - sent);
        os_submit(fixture->os, &wait);
        while (os_wait(fixture->os, 0, NULL) == NULL) {
            const uint64_t left = BIG_BYTES - received;
            const int64_t got =
                try_op(fixture, OS_RECV, ends[1], in + received, left < 10000 ? left : 10000);
            assert_true(got > 0);
            received += (uint64_t)got;
        }
        assert_true(wait.is_readiness);
        waits++;
    }
    assert_true(waits > 0);
    while (received < BIG_BYTES) {
        const int64_t got = try_op(fixture, OS_RECV, ends[1], in + received, BIG_BYTES - received);
        assert_true(got > 0);
        received += (uint64_t)got;
    }
    assert_memory_equal(in, out, BIG_BYTES);
    free(in);
    free(out);
}

/* That bytes were lost at the other end is an error on Linux and Windows, once; BSD does not say
 * so. */
static void closed_ends(Fixture *fixture) {
    OsFile ends[2];
    char got[4];
    make_pair(fixture, ends);
    assert_int_equal(send_text(fixture, ends[0], "last"), 4);
    OsOp receive = op_on(OS_RECV, ends[0], got, sizeof got);
    os_submit(fixture->os, &receive);
    assert_int_equal(shut(fixture, ends[1]), 0); /* with four bytes that nobody received */
    assert_ptr_equal(os_wait(fixture->os, -1, NULL), &receive);
    assert_true(receive.is_readiness);
    assert_int_equal(send_text(fixture, ends[0], "x"), -EPIPE); /* and no signal */
    const int64_t lost = try_op(fixture, OS_RECV, ends[0], got, sizeof got);
    assert_true(lost == -ECONNRESET || (lost == 0 && fixture->backend == OS_BACKEND_KQUEUE));
    assert_int_equal(try_op(fixture, OS_RECV, ends[0], got, sizeof got), 0);
    assert_int_equal(try_op(fixture, OS_RECV, ends[1], got, sizeof got), -EBADF);
    assert_int_equal(send_text(fixture, ends[1], "x"), -EBADF);
    assert_int_equal(shut(fixture, ends[1]), -EBADF);

    make_pair(fixture, ends);
    assert_int_equal(send_text(fixture, ends[0], "last"), 4);
    assert_int_equal(shut(fixture, ends[0]), 0);
    assert_int_equal(try_op(fixture, OS_RECV, ends[1], got, sizeof got), 4);
    assert_int_equal(try_op(fixture, OS_RECV, ends[1], got, sizeof got), 0);
    OsOp send = op_on(OS_SEND, ends[1], got, sizeof got);
    os_submit(fixture->os, &send); /* ready: it fails at once */
    assert_ptr_equal(os_wait(fixture->os, -1, NULL), &send);
    assert_true(send.is_readiness);
}

static void withdrawn(Fixture *fixture) {
    OsFile ends[2];
    char got[4];
    OsWait info;
    make_pair(fixture, ends);
    OsOp receive = op_on(OS_RECV, ends[0], got, sizeof got);
    os_submit(fixture->os, &receive);
    os_cancel(fixture->os, &receive);
    assert_int_equal(receive.state, OS_OP_IN_FLIGHT);
    assert_null(os_peek(fixture->os));
    assert_ptr_equal(os_wait(fixture->os, -1, &info), &receive);
    assert_true(info.events > 0);
    assert_int_equal(receive.result, -ECANCELED);
    assert_false(receive.is_readiness);
    assert_int_equal(send_text(fixture, ends[1], "x"), 1);
    assert_null(os_wait(fixture->os, 0, &info)); /* nobody waits for it any more */
    os_submit(fixture->os, &receive);
    os_cancel(fixture->os, &receive);
    assert_int_equal(shut(fixture, ends[0]), 0); /* not told yet, and not in the way */
    assert_ptr_equal(os_wait(fixture->os, -1, NULL), &receive);
    const bool came_first = fixture->backend == OS_BACKEND_IOCP && receive.is_readiness;
    assert_true(receive.result == -ECANCELED || came_first);
}

/* Sockets and files are told by the same wait; a file step on an end is no way around it. */
static void beside_files(Fixture *fixture) {
    OsFile ends[2];
    char got[4];
    make_pair(fixture, ends);
    OsOp receive = op_on(OS_RECV, ends[0], got, sizeof got);
    os_submit(fixture->os, &receive);
    write_file(fixture->os, "a.txt", "text"); /* told alone: the receive goes on waiting */
    expect_text(fixture->os, "a.txt", "text");
    assert_int_equal(send_text(fixture, ends[1], "x"), 1);
    assert_ptr_equal(os_wait(fixture->os, -1, NULL), &receive);
}

/* Pieces of many sizes fill as many as a real pair takes, and the same part of them must be
 * received before it calls itself writable again: what the simulation says is what Linux does. */
static void fills_alike(Fixture *fixture) {
    static const struct {
        uint64_t piece;
        uint64_t pieces;
        uint64_t writable_after;
    } SIZES[] = {{1, 278, 209},       {100, 278, 20900},  {400, 167, 50400},
                 {1000, 93, 70000},   {4096, 44, 139264}, {10000, 17, 130000},
                 {20000, 11, 180000}, {36544, 6, 182720}, {BIG_BYTES, 1, 182720}};
    if (is_real(fixture)) {
        return; /* kernels and their settings differ; these are the figures of Linux 6 */
    }
    char *data = mem_alloc(BIG_BYTES, 1);
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        OsFile ends[2];
        make_pair(fixture, ends);
        uint64_t pieces = 0;
        while (try_op(fixture, OS_SEND, ends[0], data, SIZES[i].piece) >= 0) {
            pieces++;
        }
        assert_int_equal(pieces, SIZES[i].pieces);
        OsOp wait = op_on(OS_SEND, ends[0], data, 1);
        os_submit(fixture->os, &wait);
        uint64_t received = 0;
        while (os_wait(fixture->os, 0, NULL) == NULL) {
            assert_int_equal(try_op(fixture, OS_RECV, ends[1], data, 1), 1);
            received++;
        }
        assert_int_equal(received, SIZES[i].writable_after);
    }
    free(data);
}

static const Case CASES[] = {
    {"moves bytes", moves_bytes, false},
    {"tells readiness", tells_readiness, false},
    {"stillness", stillness, ONLY_READINESS},
    {"a new wait has a new place", new_wait_new_place, ONLY_READINESS},
    {"readiness can pass", readiness_can_pass, ONLY_READINESS},
    {"order of readiness", order_of_readiness, ONLY_READINESS},
    {"back-pressure", back_pressure, ONLY_READINESS},
    {"closed ends", closed_ends, ONLY_READINESS},
    {"withdrawn", withdrawn, false},
    {"beside files", beside_files, false},
    {"fills alike", fills_alike, false},
};

int main(void) {
    return run_cases("channels", CASES, sizeof CASES / sizeof CASES[0]);
}
