/* The table of kinds, and the packing of io_blocking. */
#include "trace_fixture.h"

#include <errno.h>

static void every_row_is_whole(void **unused) {
    (void)unused;
    for (int kind = 0; kind < EV_KIND_COUNT; kind++) {
        const EventKindRow *row = &EVENT_KINDS[kind];
        assert_non_null(row->name);
        assert_true(row->name[0] != '\0');
        assert_null(row->fields[EVENT_FIELDS_MAX - 1].key); /* so a walk ends */
        for (int other = 0; other < kind; other++) {
            assert_string_not_equal(row->name, EVENT_KINDS[other].name);
        }
    }
}

static void fields_have_slots_of_their_type(void **unused) {
    (void)unused;
    for (int kind = 0; kind < EV_KIND_COUNT; kind++) {
        for (const EventField *field = EVENT_KINDS[kind].fields; field->key != NULL; field++) {
            const FieldSlot slot = field->slot;
            const bool narrow = slot == SLOT_A || slot == SLOT_B || slot == SLOT_C;
            const bool id = slot == SLOT_TASK || slot == SLOT_ID;
            assert_true((field->words != NULL) == (field->type == FIELD_WORD));
            switch (field->type) {
            case FIELD_U32:
            case FIELD_U32_ABSENT:
            case FIELD_U32_NULL:
                assert_true(id);
                break;
            case FIELD_TEXT:
            case FIELD_TEXT_RAW:
                assert_int_equal(slot, SLOT_TEXT);
                break;
            case FIELD_TEXT_ABSENT:
                assert_true(slot == SLOT_TEXT || slot == SLOT_X);
                break;
            case FIELD_I64:
            case FIELD_I64_NULL:
            case FIELD_I64_ABSENT:
            case FIELD_RESULT:
                assert_true(slot == SLOT_X || slot == SLOT_Y || slot == SLOT_Z);
                break;
            case FIELD_WORD:
            case FIELD_FLAG:
                assert_true(narrow);
                break;
            default: /* those that need code say in their code what they use */
                break;
            }
        }
    }
}

static void no_slot_serves_two_fields(void **unused) {
    (void)unused;
    for (int kind = 0; kind < EV_KIND_COUNT; kind++) {
        for (const EventField *field = EVENT_KINDS[kind].fields; field->key != NULL; field++) {
            for (const EventField *other = EVENT_KINDS[kind].fields; other != field; other++) {
                const bool packed =
                    other->type == FIELD_IO_RESULT && field->type == FIELD_IO_THREAD;
                assert_true(packed || other->slot != field->slot);
                assert_string_not_equal(other->key, field->key);
            }
        }
    }
}

static size_t word_count(const char *const *words) {
    size_t count = 0;
    while (words[count] != NULL) {
        count++;
    }
    return count;
}

static void words_match_their_enumerations(void **unused) {
    (void)unused;
    assert_int_equal(word_count(READY_WHY_WORDS), READY_CANCELLED + 1);
    assert_int_equal(word_count(WAIT_ON_WORDS), WAIT_ON_COUNT);
    assert_int_equal(word_count(IO_CALL_WORDS), IO_CALL_COUNT);
    assert_int_equal(word_count(IO_MODE_WORDS), IO_MODE_END + 1);
    assert_int_equal(word_count(IO_VIA_WORDS), VIA_COUNT);
    assert_int_equal(word_count(SYNC_WHAT_WORDS), SYNC_GOT + 1);
    assert_int_equal(word_count(STOP_REASON_WORDS), STOP_ERROR + 1);
    assert_int_equal(word_count(CANCEL_BY_WORDS), CANCEL_BY_RUNNER + 1);
    assert_string_equal(WAIT_ON_WORDS[WAIT_CHANNEL], "channel");
    assert_string_equal(IO_CALL_WORDS[IO_THREAD], "thread");
    assert_string_equal(IO_VIA_WORDS[VIA_OVERLAPPED], "overlapped");
    assert_string_equal(STOP_REASON_WORDS[STOP_INTERRUPTED], "interrupted");
    assert_string_equal(IO_MODE_WORDS[IO_MODE_A], "a");
    assert_string_equal(SYNC_WHAT_WORDS[SYNC_CLEARED], "cleared");
}

static void a_made_event_names_nothing(void **unused) {
    (void)unused;
    for (int kind = 0; kind < EV_KIND_COUNT; kind++) {
        const Event event = event_make((EventKind)kind);
        assert_int_equal(event.kind, kind);
        assert_int_equal(event.task, EVENT_NONE);
        assert_int_equal(event.id, EVENT_NONE);
        assert_int_equal(event.text, EVENT_NONE);
        for (const EventField *field = EVENT_KINDS[kind].fields; field->key != NULL; field++) {
            if (field->type == FIELD_I64_NULL || field->type == FIELD_I64_ABSENT ||
                (field->type == FIELD_TEXT_ABSENT && field->slot == SLOT_X)) {
                assert_int_equal(field->slot == SLOT_X ? event.x : event.y, -1);
            }
        }
    }
}

static void blocking_results_come_back(void **unused) {
    (void)unused;
    const struct {
        int64_t bytes, result;
        bool in_thread;
    } CASES[] = {{-1, 0, false},
                 {0, 0, true},
                 {65536, 65536, false},
                 {65536, 100, true},
                 {INT64_C(1) << 40, INT64_C(1) << 40, false},
                 {INT64_C(1) << 40, (INT64_C(1) << 40) - UINT32_MAX, false},
                 {65536, -ENOSPC, false},
                 {65536, -EBADF, true},
                 {-1, -127, false}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Event event = event_make(EV_IO_BLOCKING);
        event.x = CASES[i].bytes;
        const uint64_t bytes = CASES[i].bytes < 0 ? 0 : (uint64_t)CASES[i].bytes;
        event_set_io_result(&event, bytes, CASES[i].result, CASES[i].result < 0 ? 7 : EVENT_NONE,
                            CASES[i].in_thread);
        assert_int_equal(event_io_result(&event), CASES[i].result);
        assert_int_equal(event_io_in_thread(&event), CASES[i].in_thread);
        assert_int_equal(event_io_error_text(&event), CASES[i].result < 0 ? 7 : EVENT_NONE);
    }
}

static void an_errno_beyond_seven_bits_is_an_error_still(void **unused) {
    (void)unused;
    Event event = event_make(EV_IO_BLOCKING);
    event_set_io_result(&event, 10, -133, 4, true);
    assert_int_equal(event_io_result(&event), -EIO);
    assert_int_equal(event_io_error_text(&event), 4);
    assert_true(event_io_in_thread(&event));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(fields_have_slots_of_their_type),
        cmocka_unit_test(no_slot_serves_two_fields),
        cmocka_unit_test(words_match_their_enumerations),
        cmocka_unit_test(a_made_event_names_nothing),
        cmocka_unit_test(blocking_results_come_back),
        cmocka_unit_test(an_errno_beyond_seven_bits_is_an_error_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
