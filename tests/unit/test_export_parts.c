/* The parts that the writers share: the pen, the map of what is open, and where spans end. Each
 * against a simpler way to the same. */
#include "trace_random.h"

#include "export/idmap.h"
#include "export/pen.h"
#include "export/spans.h"

#include <inttypes.h>

static void numbers_are_printfs(void **unused) {
    (void)unused;
    Buf out = {0};
    uint64_t chance = 1;
    for (int round = 0; round < 20000; round++) {
        chance = chance * 6364136223846793005u + 1442695040888963407u;
        static const uint64_t EDGES[] = {0, 9, 10, 99, 100, 999, 1000, INT64_MAX, UINT64_MAX};
        const uint64_t value =
            round < 9 ? EDGES[round] : chance >> (round % 64); /* of every length */
        char must[128];
        buf_clear(&out);
        Pen pen = pen_on(&out);
        pen_u64(&pen, value);
        *pen.at++ = ' ';
        pen_i64(&pen, (int64_t)value);
        *pen.at++ = ' ';
        pen_i64(&pen, -(int64_t)(value >> 1));
        pen_lift(&pen);
        snprintf(must, sizeof must, "%" PRIu64 " %" PRId64 " %" PRId64, value, (int64_t)value,
                 -(int64_t)(value >> 1));
        assert_string_equal(buf_text(&out), must);
    }
    buf_finish(&out);
}

/* Microseconds, read back as whole and decimals. */
static void microseconds_are_exact(void **unused) {
    (void)unused;
    static const struct {
        uint64_t ns;
        const char *text;
    } CASES[] = {{0, "0"},
                 {1, "0.001"},
                 {10, "0.01"},
                 {100, "0.1"},
                 {999, "0.999"},
                 {1000, "1"},
                 {1200, "1.2"},
                 {1050, "1.05"},
                 {1000001, "1000.001"},
                 {UINT64_MAX, "18446744073709551.615"}};
    Buf out = {0};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        buf_clear(&out);
        Pen pen = pen_on(&out);
        pen_us(&pen, CASES[i].ns);
        pen_lift(&pen);
        assert_string_equal(buf_text(&out), CASES[i].text);
    }
    buf_finish(&out);
}

/* Every byte at every place among plain ones, so in and behind each group of eight. */
static void literals_are_bufs(void **unused) {
    (void)unused;
    Buf out = {0}, must = {0};
    char text[24];
    for (size_t size = 0; size <= sizeof text; size++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            memset(text, 'a', sizeof text);
            if (size > 0) {
                text[(byte * 7) % size] = (char)byte;
            }
            buf_clear(&out);
            buf_clear(&must);
            Pen pen = pen_on(&out);
            pen_json(&pen, text, size);
            pen_lift(&pen);
            buf_append_json(&must, text, size);
            assert_string_equal(buf_text(&out), buf_text(&must));
        }
    }
    buf_finish(&out);
    buf_finish(&must);
}

/* Beside an array by id. Ids are put in sequence, taken out in any order. */
static void a_map_knows_what_is_open(void **unused) {
    (void)unused;
    enum { IDS = 4000 };
    static bool open[IDS];
    IdMap map = {0};
    uint32_t n = 0, made = 0;
    assert_false(idmap_get(&map, 0, &n));
    idmap_remove(&map, 0);
    uint64_t chance = 3;
    for (int round = 0; round < 40000; round++) {
        chance = chance * 6364136223846793005u + 1442695040888963407u;
        const uint32_t id = (uint32_t)(chance >> 33) % IDS;
        if (chance >> 63 && made < IDS) {
            idmap_put(&map, made, made * 3);
            open[made++] = true;
        } else {
            idmap_remove(&map, id);
            open[id] = false;
        }
        const uint32_t asked = (uint32_t)(chance >> 13) % IDS;
        assert_int_equal(idmap_get(&map, asked, &n), open[asked]);
        assert_true(!open[asked] || n == asked * 3);
    }
    size_t count = 0;
    for (uint32_t id = 0; id < IDS; id++) {
        count += open[id];
        assert_int_equal(idmap_get(&map, id, &n), open[id]);
    }
    assert_int_equal(map.count, count);
    idmap_finish(&map);
}

static uint64_t phase_end_ns(const Log *log, uint64_t n) {
    const uint64_t count = log_count(log);
    for (uint64_t i = n + 1; i < count; i++) {
        if (log_event(log, i)->task == log_event(log, n)->task &&
            spans_is_phase(log_event(log, i))) {
            return log_event(log, i)->t_ns;
        }
    }
    return log_event(log, count - 1)->t_ns;
}

/* Asked in order, over more than one block of events; and where a trace is cut short. */
static void phases_end_at_the_next_of_the_task(void **unused) {
    (void)unused;
    Log *log = random_log(5, 4, 12, 20000);
    uint32_t tasks = 0;
    for (uint64_t n = 0; n < log_count(log); n++) {
        tasks += log_event(log, n)->kind == EV_TASK_CREATED;
    }
    Spans *spans = spans_create(log, log_count(log), tasks);
    for (uint64_t n = 0; n < log_count(log); n++) {
        const Event *event = log_event(log, n);
        if (event->kind == EV_TASK_READY || event->kind == EV_TASK_RUNNING ||
            event->kind == EV_TASK_WAITING) {
            assert_int_equal(spans_phase_end_ns(spans, n), phase_end_ns(log, n));
        } else if (event->kind == EV_STEP) {
            const uint64_t end_ns = spans_step_end_ns(spans, n);
            assert_true(end_ns >= event->t_ns && end_ns <= phase_end_ns(log, n));
        } else if (event->kind == EV_CALLBACK_RUN) {
            assert_true(spans_callback_end_ns(spans, n) >= event->t_ns);
        } else if (event->kind == EV_ITERATION) {
            assert_true(spans_loop_end_ns(spans, n) >= event->t_ns);
        }
    }
    spans_destroy(spans);
    spans = spans_create(log, 40, tasks);
    for (uint64_t n = 0; n < 40; n++) {
        if (log_event(log, n)->kind == EV_TASK_READY) {
            assert_true(spans_phase_end_ns(spans, n) <= log_event(log, 39)->t_ns);
        }
    }
    spans_destroy(spans);
    log_destroy(log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_printfs),
        cmocka_unit_test(microseconds_are_exact),
        cmocka_unit_test(literals_are_bufs),
        cmocka_unit_test(a_map_knows_what_is_open),
        cmocka_unit_test(phases_end_at_the_next_of_the_task),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
