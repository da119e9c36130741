/* The log: what goes in comes out, and a reader sees only what is whole. */
#include "trace_fixture.h"

#include <pthread.h>

enum { MANY = 3 * LOG_CHUNK_EVENTS + 17, TALK = 200000 };

static Event numbered(uint64_t n) {
    Event event = event_make(EV_STEP);
    event.t_ns = n * 3;
    event.task = (uint32_t)n;
    event.x = (int64_t)n * 5;
    event.y = -(int64_t)n;
    event.z = (int64_t)n * 7;
    return event;
}

static void events_come_back(void **unused) {
    (void)unused;
    Log *log = log_create();
    assert_int_equal(log_count(log), 0);
    const Event *first = NULL;
    for (uint64_t n = 0; n < MANY; n++) {
        const Event event = numbered(n);
        assert_int_equal(log_append(log, &event), n);
        first = n == 0 ? log_event(log, 0) : first;
    }
    assert_int_equal(log_count(log), MANY);
    assert_ptr_equal(first, log_event(log, 0)); /* nothing moves */
    for (uint64_t n = 0; n < MANY; n++) {
        const Event must = numbered(n);
        assert_memory_equal(log_event(log, n), &must, sizeof must);
    }
    assert_true(log_size_bytes(log) >= MANY * sizeof(Event));
    assert_false(log_finished(log));
    log_finish(log);
    assert_true(log_finished(log));
    log_destroy(log);
    log_destroy(NULL);
}

static void the_same_text_has_one_id(void **unused) {
    (void)unused;
    Log *log = log_create();
    uint32_t ids[5000];
    char text[32];
    for (int i = 0; i < 5000; i++) {
        const int length = snprintf(text, sizeof text, "text %d", i);
        ids[i] = log_intern(log, text, (size_t)length);
    }
    const uint32_t count = log_text_count(log);
    for (int i = 0; i < 5000; i++) {
        const int length = snprintf(text, sizeof text, "text %d", i);
        assert_int_equal(log_intern(log, text, (size_t)length), ids[i]);
        size_t is = 0;
        assert_string_equal(log_text(log, ids[i], &is), text);
        assert_int_equal(is, length);
    }
    assert_int_equal(log_text_count(log), count);
    assert_int_not_equal(log_add_text(log, "text 0", 6), ids[0]);
    assert_int_equal(log_intern(log, "text 0", 6), ids[0]);
    log_destroy(log);
}

static void texts_of_every_size(void **unused) {
    (void)unused;
    Log *log = log_create();
    char *big = mem_alloc(1 << 20, 1);
    memset(big, 'b', 1 << 20);
    const uint32_t empty = log_intern(log, "", 0);
    const uint32_t zeros = log_intern(log, "a\0b", 3);
    const uint32_t one = log_intern(log, "a", 1);
    const uint32_t huge = log_add_text(log, big, 1 << 20);
    const uint32_t after = log_intern(log, "after", 5);
    size_t length = 99;
    assert_string_equal(log_text(log, empty, &length), "");
    assert_int_equal(length, 0);
    assert_memory_equal(log_text(log, zeros, &length), "a\0b", 4);
    assert_int_equal(length, 3);
    assert_int_not_equal(zeros, one);
    assert_memory_equal(log_text(log, huge, &length), big, 1 << 20);
    assert_int_equal(length, 1 << 20);
    assert_string_equal(log_text(log, after, NULL), "after");
    assert_string_equal(log_text(log, EVENT_NONE, &length), "");
    assert_int_equal(length, 0);
    free(big);
    log_destroy(log);
}

static void the_header_is_copied(void **unused) {
    (void)unused;
    Log *log = log_create();
    assert_string_equal(log_header(log)->title, "");
    char title[] = "Three writers", source[] = "{\"a\":\0 1}";
    log_set_header(log, &(TraceHeader){.title = title,
                                       .backend = "sim",
                                       .seed = 42,
                                       .has_seed = true,
                                       .held = true,
                                       .pid = 7,
                                       .tid = 8,
                                       .source = source,
                                       .source_size_bytes = sizeof source - 1});
    memset(title, 'x', sizeof title - 1);
    memset(source, 'x', sizeof source - 1);
    const TraceHeader *header = log_header(log);
    assert_string_equal(header->title, "Three writers");
    assert_string_equal(header->scenario, "");
    assert_string_equal(header->backend, "sim");
    assert_int_equal(header->seed, 42);
    assert_true(header->has_seed && header->held);
    assert_int_equal(header->pid + header->tid, 15);
    assert_memory_equal(header->source, "{\"a\":\0 1}", 9);
    log_set_header(log, &(TraceHeader){.title = "another"});
    assert_string_equal(log_header(log)->title, "another");
    log_destroy(log);
}

static void waiting_ends(void **unused) {
    (void)unused;
    Log *log = log_create();
    assert_int_equal(log_wait(log, 0, 0), 0);
    assert_int_equal(log_wait(log, 0, 2000000), 0);
    const Event event = numbered(0);
    log_append(log, &event);
    assert_int_equal(log_wait(log, 0, INT64_MAX), 1);
    log_finish(log);
    assert_int_equal(log_wait(log, 1, INT64_MAX), 1);
    log_destroy(log);
}

/* ---- two threads ---- */

/* Each event names a text that was stored just before it, and both say their number. */
static void *talk(void *context) {
    Log *log = context;
    char text[32];
    for (uint64_t n = 0; n < TALK; n++) {
        Event event = numbered(n);
        const int length = snprintf(text, sizeof text, "line %lu", (unsigned long)(n / 2));
        event.text = n % 2 == 0 ? log_intern(log, text, (size_t)length)
                                : log_add_text(log, text, (size_t)length);
        log_append(log, &event);
    }
    log_finish(log);
    return NULL;
}

static void listen(const Log *log, uint64_t from, uint64_t to) {
    char text[32];
    for (uint64_t n = from; n < to; n++) {
        const Event *event = log_event(log, n);
        snprintf(text, sizeof text, "line %lu", (unsigned long)(n / 2));
        if (event->t_ns != n * 3 || event->z != (int64_t)n * 7 ||
            strcmp(log_text(log, event->text, NULL), text) != 0) {
            fail_msg("event %lu is torn", (unsigned long)n);
        }
    }
}

static void a_reader_sees_whole_events(void **unused) {
    (void)unused;
    Log *log = log_create();
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, talk, log), 0);
    uint64_t seen = 0;
    bool finished = false;
    while (!finished) {
        finished = log_finished(log); /* read first, so that nothing is missed */
        const uint64_t count = log_count(log);
        assert_true(count >= seen);
        listen(log, seen, count);
        seen = count;
    }
    assert_int_equal(seen, TALK);
    pthread_join(writer, NULL);
    log_destroy(log);
}

static void a_sleeping_reader_is_woken(void **unused) {
    (void)unused;
    Log *log = log_create();
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, talk, log), 0);
    uint64_t seen = 0;
    while (seen < TALK) {
        const uint64_t count = log_wait(log, seen, INT64_MAX);
        assert_true(count > seen);
        listen(log, seen, count);
        seen = count;
    }
    pthread_join(writer, NULL);
    assert_int_equal(log_wait(log, TALK, INT64_MAX), TALK);
    log_destroy(log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_back),
        cmocka_unit_test(the_same_text_has_one_id),
        cmocka_unit_test(texts_of_every_size),
        cmocka_unit_test(the_header_is_copied),
        cmocka_unit_test(waiting_ends),
        cmocka_unit_test(a_reader_sees_whole_events),
        cmocka_unit_test(a_sleeping_reader_is_woken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
