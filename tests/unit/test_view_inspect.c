/* Inspect mode: the list of events, its filter, and the details of the event at the cursor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/inspect.h"
#include "view_panes.h"

static void every_event_has_a_row_and_details(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.input.mode = MODE_INSPECT;
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        show.input.width_px = SIZES[i][0];
        show.input.height_px = SIZES[i][1];
        for (uint64_t cursor = 1; cursor <= log_count(show.log); cursor += 2) {
            show_at(&show, cursor);
            check_texts(&show);
            const EventKind kind = (EventKind)log_event(show.log, cursor - 1)->kind;
            assert_non_null(find_text(&show.scene, EVENT_KINDS[kind].name));
            assert_non_null(find_text(&show.scene, inspect_kind_words(kind)));
            assert_non_null(find_hit(&show.scene, ACTION_SEEK, (int64_t)cursor));
            assert_non_null(find_hit(&show.scene, ACTION_COPY, 0));
        }
    }
    show_finish(&show);
}

static void every_kind_has_words(void **state) {
    (void)state;
    for (int kind = 0; kind < EV_KIND_COUNT; kind++) {
        const char *words = inspect_kind_words((EventKind)kind);
        assert_non_null(words);
        for (int other = 0; other < kind; other++) {
            assert_string_not_equal(words, inspect_kind_words((EventKind)other));
        }
    }
}

static void a_filter_finds_what_a_walk_finds(void **state) {
    (void)state;
    static const char *const PATTERNS[] = {"task:write-b",     "write",       "io_completed",
                                           "task:write-a io_", "write-c.txt", "nothing-like-it"};
    Show show;
    show_three(&show);
    for (size_t i = 0; i < sizeof PATTERNS / sizeof PATTERNS[0]; i++) {
        EventFilter filter = {.looked_at = 0};
        event_filter_set(&filter, PATTERNS[i]);
        assert_true(event_filter_is_on(&filter));
        size_t slices = 0;
        while (event_filter_follow(&filter, show.timeline, 7)) {
            slices++;
        }
        assert_int_equal(slices, (log_count(show.log) - 1) / 7);
        size_t count = 0;
        for (uint64_t n = 0; n < log_count(show.log); n++) {
            assert_int_equal(event_list_below(&filter, n), count);
            if (event_filter_matches(PATTERNS[i], show.timeline, n)) {
                assert_int_equal(event_list_at(&filter, count++), n);
            }
        }
        assert_int_equal(event_list_count(&filter, show.timeline), count);
        assert_int_equal(count == 0, i == 5);
        event_filter_finish(&filter);
    }
    show_finish(&show);
}

/* A completion names an operation only: its task is the one that asked for it. */
static void a_task_s_events_are_all_of_them(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    size_t completions = 0;
    for (uint64_t n = 0; n < log_count(show.log); n++) {
        const Event *event = log_event(show.log, n);
        const bool matches = event_filter_matches("task:write-b", show.timeline, n);
        if (event->task != EVENT_NONE) {
            assert_int_equal(matches, event->task == 1);
        }
        completions += matches && event->kind == EV_IO_COMPLETED;
    }
    assert_int_equal(completions, 3);
    show_finish(&show);
}

static void without_a_filter_all_events_are_listed(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    assert_int_equal(event_list_count(NULL, show.timeline), log_count(show.log));
    assert_int_equal(event_list_at(NULL, 17), 17);
    assert_int_equal(event_list_below(NULL, 17), 17);
    EventFilter blank = {.looked_at = 0};
    event_filter_set(&blank, "  ");
    assert_false(event_filter_is_on(&blank));
    show_finish(&show);
}

static void rows_are_gone_through_both_ways(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    EventFilter filter = {.looked_at = 0};
    event_filter_set(&filter, "io_completed");
    event_filter_follow(&filter, show.timeline, UINT64_MAX);
    show.input.mode = MODE_INSPECT;
    show.input.events = &filter;
    show.player.cursor = 0;
    for (size_t i = 0; i < filter.found_count; i++) {
        show.player.cursor = view_list_step(&show.doc, &show.input, true);
        assert_int_equal(show.player.cursor, filter.found[i] + 1);
    }
    assert_int_equal(view_list_step(&show.doc, &show.input, true), show.player.cursor);
    for (size_t i = filter.found_count - 1; i-- > 0;) {
        show.player.cursor = view_list_step(&show.doc, &show.input, false);
        assert_int_equal(show.player.cursor, filter.found[i] + 1);
    }
    event_filter_finish(&filter);
    show_finish(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_has_a_row_and_details),
        cmocka_unit_test(every_kind_has_words),
        cmocka_unit_test(a_filter_finds_what_a_walk_finds),
        cmocka_unit_test(a_task_s_events_are_all_of_them),
        cmocka_unit_test(without_a_filter_all_events_are_listed),
        cmocka_unit_test(rows_are_gone_through_both_ways),
    };
    return cmocka_run_group_tests_name("view/inspect", tests, NULL, NULL);
}
