/* Why? What the panel of a selected task says, and where its rows lead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/why.h"
#include "view_panes.h"
#include "view_tapes.h"

static void the_panel_answers_in_every_phase(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        show.input.width_px = SIZES[i][0];
        show.input.height_px = SIZES[i][1];
        for (uint32_t task = 0; task < 3; task++) {
            show.input.selected = task;
            for (uint64_t cursor = 1; cursor <= log_count(show.log); cursor += 3) {
                show_at(&show, cursor);
                check_texts(&show);
                static const char *const ANSWERS[TASK_PHASE_COUNT] = {
                    [TASK_ABSENT] = "not there yet",  [TASK_NEW] = "It is created",
                    [TASK_READY] = "It is ready",     [TASK_RUNNING] = "It runs",
                    [TASK_WAITING] = "It waits for ", [TASK_FINISHED] = "It is done"};
                const TaskPhase phase = state_task(show.after, task).phase;
                assert_non_null(find_text(&show.scene, ANSWERS[phase]));
                assert_int_equal(find_text(&show.scene, "History") != NULL, phase != TASK_ABSENT);
                assert_int_equal(find_text(&show.scene, "held by") != NULL,
                                 phase == TASK_READY || phase == TASK_WAITING);
            }
        }
    }
    show_finish(&show);
}

static void the_output_gives_way_and_comes_back(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show_at(&show, 40);
    assert_non_null(find_text(&show.scene, "what the tasks print"));
    show.input.selected = 1;
    show_at(&show, 40);
    assert_null(find_text(&show.scene, "what the tasks print"));
    show.input.width_px = 1024;
    show.input.height_px = 640;
    show.input.code_drawer = true; /* what was opened by hand stays */
    show_at(&show, 40);
    assert_null(find_text(&show.scene, "History"));
    show_finish(&show);
}

static void its_waker_is_named_and_leads_there(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.input.selected = 1;
    for (uint64_t cursor = 1; cursor <= log_count(show.log); cursor++) {
        const uint64_t at = timeline_life_at(show.timeline, 1, cursor - 1);
        if (at == UINT64_MAX || at == 0 ||
            timeline_life(show.timeline, 1, at).phase != TASK_READY ||
            timeline_life(show.timeline, 1, at - 1).phase != TASK_WAITING) {
            continue;
        }
        const uint64_t woke = why_woken(show.timeline, 1, at - 1);
        assert_int_equal(log_event(show.log, woke)->kind, EV_IO_COMPLETED);
        show_at(&show, cursor);
        assert_non_null(find_text(&show.scene, "woken by"));
        assert_non_null(find_hit(&show.scene, ACTION_SEEK, (int64_t)woke + 1));
    }
    show_finish(&show);
}

static void a_sleeper_is_woken_by_its_timer(void **state) {
    (void)state;
    Show show;
    show_begin(&show, view_log_make(VIEW_SLEEPERS, 3, VIA_IO_URING, "io_uring"), VIEW_SLEEPERS, 3);
    for (uint32_t task = 0; task < 3; task++) {
        for (uint64_t part = 0; part < timeline_life_count(show.timeline, task); part++) {
            const LifePart life = timeline_life(show.timeline, task, part);
            const uint64_t woke = why_woken(show.timeline, task, part);
            if (life.phase != TASK_WAITING) {
                assert_true(woke == UINT64_MAX);
                continue;
            }
            assert_int_equal(log_event(show.log, woke)->kind, EV_TIMER_FIRED);
            assert_int_equal(log_event(show.log, woke)->id, log_event(show.log, life.start_n)->id);
        }
    }
    show_finish(&show);
}

/* The cursor behind the first event of that kind that `task` has at `from` or later. */
static uint64_t behind(const Show *show, uint64_t from, EventKind kind, uint32_t task) {
    uint64_t n = from;
    while (log_event(show->log, n)->kind != kind || log_event(show->log, n)->task != task) {
        n++;
    }
    return n + 1;
}

static void what_is_shared_is_told_in_words(void **state) {
    (void)state;
    static const struct {
        uint32_t task;
        const char *held, *woken;
    } ROWS[] = {
        {1, "anna, which is waiting", "anna, which freed door"},
        {3, "nobody: the event is not set", "anna, which set go"},
        {4, "nobody: the queue is empty", "anna, which put into jobs"},
    };
    Show show;
    show_begin(&show, tapes_shared("sim"), VIEW_THREE, 3);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const uint32_t task = show.input.selected = ROWS[i].task;
        const uint64_t waits = behind(&show, 0, EV_TASK_WAITING, task);
        show_at(&show, waits);
        assert_non_null(find_text(&show.scene, ROWS[i].held));
        show_at(&show, behind(&show, waits, EV_TASK_READY, task));
        assert_non_null(find_text(&show.scene, ROWS[i].woken));
    }
    const uint64_t full =
        behind(&show, behind(&show, behind(&show, 0, EV_TASK_WAITING, 0), EV_TASK_RUNNING, 0),
               EV_TASK_WAITING, 0);
    show.input.selected = 0;
    show_at(&show, full);
    assert_non_null(find_text(&show.scene, "nobody: the queue has 3 items"));
    show_at(&show, behind(&show, full, EV_TASK_READY, 0));
    assert_non_null(find_text(&show.scene, "emil, which took from jobs"));
    show_finish(&show);
}

static void a_send_in_two_goes_is_held_by_who_has_it(void **state) {
    (void)state;
    Show show;
    show_begin(&show, tapes_channel(), VIEW_THREE, 3);
    show.input.selected = 0;
    uint64_t cursor = behind(&show, 0, EV_TASK_WAITING, 0);
    show_at(&show, cursor);
    assert_non_null(find_text(&show.scene, "the OS since"));
    cursor = behind(&show, cursor, EV_CALLBACK_READY, 0);
    show_at(&show, cursor);
    assert_non_null(find_text(&show.scene, "the loop, which has the news of it"));
    show_at(&show, behind(&show, cursor, EV_IO_SUBMITTED, 0));
    assert_non_null(find_text(&show.scene, "the OS since"));
    show_finish(&show);
}

static void who_waits_for_several_sees_how_many(void **state) {
    (void)state;
    Show show;
    show_begin(&show, tapes_waits("sim"), VIEW_THREE, 3);
    show.input.selected = 0;
    show_at(&show, behind(&show, 0, EV_TASK_WAITING, 0));
    assert_non_null(find_text(&show.scene, ", and 2 more"));
    show_finish(&show);
}

static void the_history_is_gone_through_both_ways(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.input.selected = 2;
    uint64_t stops[64];
    size_t count = 0;
    show.player.cursor = 0;
    for (;;) {
        const uint64_t next = view_history_step(&show.doc, &show.input, true);
        if (next == show.player.cursor) {
            break;
        }
        assert_true(next > show.player.cursor && count < 64);
        stops[count++] = show.player.cursor = next;
    }
    assert_true(count > 8);
    while (count-- > 1) {
        show.player.cursor = view_history_step(&show.doc, &show.input, false);
        assert_int_equal(show.player.cursor, stops[count - 1]);
    }
    assert_int_equal(view_history_step(&show.doc, &show.input, false), stops[0]);
    show.input.selected = EVENT_NONE;
    assert_int_equal(view_history_step(&show.doc, &show.input, true), stops[0]);
    show_finish(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_panel_answers_in_every_phase),
        cmocka_unit_test(the_output_gives_way_and_comes_back),
        cmocka_unit_test(its_waker_is_named_and_leads_there),
        cmocka_unit_test(a_sleeper_is_woken_by_its_timer),
        cmocka_unit_test(what_is_shared_is_told_in_words),
        cmocka_unit_test(a_send_in_two_goes_is_held_by_who_has_it),
        cmocka_unit_test(who_waits_for_several_sees_how_many),
        cmocka_unit_test(the_history_is_gone_through_both_ways),
    };
    return cmocka_run_group_tests_name("view/why", tests, NULL, NULL);
}
