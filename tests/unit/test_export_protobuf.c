/* The wire format of protocol buffers, byte by byte, and the order in which open slices end. */
#include "export/ends.h"
#include "export/protobuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void is_bytes(Buf *out, const char *must, size_t size_bytes) {
    assert_int_equal(out->size_bytes, size_bytes);
    assert_memory_equal(buf_text(out), must, size_bytes);
    buf_clear(out);
}

#define IS(out, literal) is_bytes((out), (literal), sizeof(literal) - 1)

/* The examples are those of the encoding's own documentation. */
static void numbers_are_varints(void **unused) {
    (void)unused;
    Buf out = {0};
    protobuf_u64(&out, 1, 150);
    IS(&out, "\x08\x96\x01");
    protobuf_u64(&out, 1, 0);
    IS(&out, "\x08\x00");
    protobuf_u64(&out, 1, 127);
    IS(&out, "\x08\x7f");
    protobuf_u64(&out, 16, 128);
    IS(&out, "\x80\x01\x80\x01");
    protobuf_i64(&out, 1, -2);
    IS(&out, "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    protobuf_u64(&out, 1, UINT64_MAX);
    IS(&out, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    protobuf_bool(&out, 2, true);
    IS(&out, "\x10\x01");
    protobuf_fixed64(&out, 47, 0x0102030405060708u);
    IS(&out, "\xf9\x02\x08\x07\x06\x05\x04\x03\x02\x01");
    buf_finish(&out);
}

static void texts_are_utf8(void **unused) {
    (void)unused;
    Buf out = {0};
    protobuf_text(&out, 2, "testing", 7);
    IS(&out, "\x12\x07testing");
    protobuf_text(&out, 2, "", 0);
    IS(&out, "\x12\x00");
    protobuf_text(&out, 2,
                  "a\xff"
                  "b",
                  3);
    IS(&out, "\x12\x05"
             "a\xef\xbf\xbd"
             "b");
    protobuf_bytes(&out, 2,
                   "a\xff"
                   "b",
                   3);
    IS(&out, "\x12\x03"
             "a\xff"
             "b");
    buf_finish(&out);
}

/* Lengths on both sides of each limit where they need one more byte, message within message. */
static void messages_know_their_length(void **unused) {
    (void)unused;
    static const size_t SIZES[] = {0, 1, 125, 126, 127, 128, 16381, 16384, 2097151, 2097152};
    Buf out = {0}, must = {0};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        char *bytes = malloc(SIZES[i] + 1);
        memset(bytes, 'x', SIZES[i]);
        buf_clear(&must);
        protobuf_bytes(&must, 3, bytes, SIZES[i]);
        const size_t outer = protobuf_begin(&out, 1);
        protobuf_u64(&out, 1, 150);
        const size_t inner = protobuf_begin(&out, 3);
        buf_append(&out, bytes, SIZES[i]);
        protobuf_end(&out, inner);
        protobuf_end(&out, outer);
        Buf whole = {0}, body = {0};
        protobuf_u64(&body, 1, 150);
        buf_append(&body, buf_text(&must), must.size_bytes);
        protobuf_bytes(&whole, 1, buf_text(&body), body.size_bytes);
        is_bytes(&out, buf_text(&whole), whole.size_bytes);
        buf_finish(&whole);
        buf_finish(&body);
        free(bytes);
    }
    buf_finish(&out);
    buf_finish(&must);
}

static void slices_end_by_time_and_the_inner_first(void **unused) {
    (void)unused;
    Ends ends = {0};
    uint64_t end_ns = 0, track = 0;
    assert_false(ends_take(&ends, UINT64_MAX, &end_ns, &track));
    ends_add(&ends, 20, 0);
    ends_add(&ends, 20, 1);
    ends_add(&ends, 5, 2);
    ends_add(&ends, 20, 3);
    assert_false(ends_take(&ends, 4, &end_ns, &track));
    static const uint64_t ORDER[] = {2, 3, 1, 0};
    for (size_t i = 0; i < 4; i++) {
        assert_true(ends_take(&ends, 20, &end_ns, &track));
        assert_int_equal(track, ORDER[i]);
        assert_int_equal(end_ns, i == 0 ? 5 : 20);
    }
    assert_false(ends_take(&ends, UINT64_MAX, &end_ns, &track));
    uint64_t random = 1, last = 0;
    for (int i = 0; i < 1000; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        ends_add(&ends, random >> 54, random >> 60);
    }
    for (int i = 0; i < 1000; i++) {
        assert_true(ends_take(&ends, UINT64_MAX, &end_ns, &track));
        assert_true(end_ns >= last);
        last = end_ns;
    }
    assert_false(ends_take(&ends, UINT64_MAX, &end_ns, &track));
    ends_finish(&ends);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_varints),
        cmocka_unit_test(texts_are_utf8),
        cmocka_unit_test(messages_know_their_length),
        cmocka_unit_test(slices_end_by_time_and_the_inner_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
