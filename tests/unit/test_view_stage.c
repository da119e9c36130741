/* The stage: what is always true of its pictures, and golden scenes of moments that teach. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_checks.h"

/* ---- badges ---- */

static void every_task_has_one_filled_badge(void **state) {
    (void)state;
    static const struct {
        const ViewTask *tasks;
        uint32_t count;
        IoVia via;
        const char *backend;
    } RUNS[] = {{VIEW_THREE, 3, VIA_IO_URING, "io_uring"},
                {VIEW_THREE, 3, VIA_THREADS, "threads"},
                {VIEW_SLEEPERS, 3, VIA_SIM, "sim"},
                {VIEW_FROZEN, 3, VIA_IO_URING, "io_uring"}};
    for (size_t i = 0; i < sizeof RUNS / sizeof RUNS[0]; i++) {
        Show show;
        show_open(&show, RUNS[i].tasks, RUNS[i].count, RUNS[i].via, RUNS[i].backend);
        check_one_badge(&show, RUNS[i].count);
        show_close(&show);
    }
}

/* A way begins where the task was and ends where it is: no jumps, forwards or backwards. */
static void motion_joins_the_pictures_at_rest(void **state) {
    (void)state;
    static const ViewTask *const RUNS[] = {VIEW_THREE, VIEW_SLEEPERS};
    for (size_t run = 0; run < 2; run++) {
        Show show;
        show_open(&show, RUNS[run], 3, VIA_IO_URING, "io_uring");
        for (uint64_t cursor = 1; cursor <= log_count(show.log); cursor++) {
            Point rest[3][2], way[3][2];
            int had[3][2], on_way[3][2];
            for (uint32_t task = 0; task < 3; task++) {
                show_at(&show, cursor - 1, 1);
                had[task][0] = filled_badges(&show.scene, task, &rest[task][0]);
                show_at(&show, cursor, 0);
                on_way[task][0] = filled_badges(&show.scene, task, &way[task][0]);
                show_at(&show, cursor, 0.99999f);
                on_way[task][1] = filled_badges(&show.scene, task, &way[task][1]);
                show_at(&show, cursor, 1);
                had[task][1] = filled_badges(&show.scene, task, &rest[task][1]);
                for (int end = 0; end < 2; end++) {
                    if (had[task][end] && on_way[task][end]) {
                        assert_float_equal(rest[task][end].x, way[task][end].x, 1.5);
                        assert_float_equal(rest[task][end].y, way[task][end].y, 1.5);
                    }
                }
            }
        }
        show_close(&show);
    }
}

static void a_step_back_is_the_same_way(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    for (uint64_t cursor = 1; cursor <= log_count(show.log); cursor += 3) {
        show.player.backwards = false;
        char *forwards = show_dump(&show, cursor, 0.4f);
        show.player.backwards = true;
        char *backwards = show_dump(&show, cursor, 0.4f);
        assert_string_equal(forwards, backwards);
        free(forwards);
        free(backwards);
    }
    show_close(&show);
}

static void the_end_of_a_way_is_the_picture_at_rest(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    for (uint64_t cursor = 1; cursor <= log_count(show.log); cursor++) {
        char *arrived = show_dump(&show, cursor, 1);
        show_at(&show, cursor > 20 ? 1 : log_count(show.log), 0.5f); /* nothing is remembered */
        char *again = show_dump(&show, cursor, 1);
        assert_string_equal(arrived, again);
        free(arrived);
        free(again);
    }
    show_close(&show);
}

static void reduced_motion_shows_an_arrow_and_nothing_moves(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    const uint64_t cursors[] = {find_event(&show, EV_TASK_RUNNING, 0, 0),
                                find_event(&show, EV_IO_SUBMITTED, 0, 0)};
    for (size_t i = 0; i < sizeof cursors / sizeof cursors[0]; i++) {
        show.player.reduced_motion = false;
        char *still = show_dump(&show, cursors[i], 1);
        show.player.reduced_motion = true;
        char *start = show_dump(&show, cursors[i], 0);
        char *end = show_dump(&show, cursors[i], 1);
        assert_string_equal(start, end);
        assert_true(strlen(end) > strlen(still)); /* the arrow */
        free(still);
        free(start);
        free(end);
    }
    check_one_badge(&show, 3);
    show_close(&show);
}

/* ---- truth ---- */

static void the_slot_is_empty_while_the_loop_has_the_thread(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor++) {
        show_at(&show, cursor, 1);
        const LoopInfo *loop = state_loop(show.doc.after);
        const bool runs = loop->running != EVENT_NONE || loop->running_callback != EVENT_NONE;
        assert_int_equal(draws_of(&show.scene, STAGE_ID_SLOT) > 0, runs);
        assert_int_equal(shows_text(&show.scene, "the only thread") ||
                             shows_text(&show.scene, "the thread sleeps in the OS"),
                         runs || loop->phase == LOOP_ASKING || loop->phase == LOOP_TAKING);
    }
    show_close(&show);
}

static void the_gate_opens_only_while_completions_are_taken(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    bool waited = false;
    for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor++) {
        show_at(&show, cursor, 1);
        const LoopInfo *loop = state_loop(show.doc.after);
        assert_int_equal(shows_text(&show.scene, "gate opens at"), loop->phase != LOOP_TAKING);
        const size_t tokens = draws_of(&show.scene, STAGE_ID_TOKEN);
        assert_int_equal(tokens > 0, loop->arrived > 0);
        waited |= tokens > 0 && loop->running != EVENT_NONE;
    }
    assert_true(waited); /* the run does have a completion that waits behind the gate */
    show_close(&show);
}

static void what_is_simulated_says_so(void **state) {
    (void)state;
    for (int sim = 0; sim < 2; sim++) {
        Show show;
        show_open(&show, VIEW_THREE, 3, sim ? VIA_SIM : VIA_IO_URING, sim ? "sim" : "io_uring");
        for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor++) {
            show_at(&show, cursor, 1);
            assert_int_equal(shows_text(&show.scene, "Simulated OS"), sim);
            assert_int_equal(shows_text(&show.scene, "Operating system"), !sim);
            if (sim) {
                assert_false(shows_text(&show.scene, "io_uring_enter"));
                assert_false(shows_text(&show.scene, "epoll_wait"));
            }
        }
        show_close(&show);
    }
}

static void calls_are_those_of_the_back_end(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_THREADS, "threads");
    show_at(&show, find_event(&show, EV_TASK_WAITING, 0, 1), 1);
    assert_true(shows_text(&show.scene, "pwrite64(write-a.txt) ..."));
    assert_true(shows_text(&show.scene, "helper"));
    assert_false(shows_text(&show.scene, "io_uring_enter"));
    show_close(&show);
    show_open(&show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    show_at(&show, find_event(&show, EV_TASK_WAITING, 0, 1), 1);
    assert_true(shows_text(&show.scene, "io_uring entry"));
    assert_true(shows_text(&show.scene, "1 write"));
    show_close(&show);
}

static void a_kept_thread_is_told(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_FROZEN, 4, VIA_IO_URING, "io_uring");
    show_at(&show, find_event(&show, EV_STEP, 0, 1), 1); /* compute begins */
    assert_false(shows_text(&show.scene, "frozen for"));
    show_at(&show, find_event(&show, EV_STEP, 0, 2), 1); /* 400 ms later */
    assert_true(shows_text(&show.scene, "frozen for"));
    assert_true(shows_text(&show.scene, "work-a keeps"));
    assert_true(shows_text(&show.scene, "the thread"));
    assert_true(shows_text(&show.scene, "nobody else can enter"));
    assert_true(shows_text(&show.scene, "none for 400"));
    assert_true(shows_text(&show.scene, "its sleep is over"));
    assert_true(shows_text(&show.scene, "300 ms late") ||
                shows_text(&show.scene, "300\xE2\x80\xAFms late"));
    show_at(&show, find_event(&show, EV_LOOP_BLOCKED, 0, 0), 1);
    assert_true(shows_text(&show.scene, "work-a kept the thread for"));
    show_close(&show);
}

/* ---- room ---- */

static void nothing_is_clipped_or_overlaps(void **state) {
    (void)state;
    static const struct {
        int width, height;
        float scale;
    } SIZES[] = {{1280, 720, 1},     {1024, 640, 1},     {1600, 900, 1},    {1920, 1080, 1},
                 {1280, 720, 1.18f}, {1600, 900, 1.35f}, {1024, 768, 1},    {1400, 1050, 1},
                 {2560, 1080, 1},    {1024, 640, 1.18f}, {1280, 720, 1.35f}};
    static const ViewTask *const RUNS[] = {VIEW_THREE, VIEW_SLEEPERS, VIEW_FROZEN};
    for (size_t run = 0; run < 3; run++) {
        Show show;
        show_open(&show, RUNS[run], run == 2 ? 4 : 3, VIA_IO_URING, "io_uring");
        for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
            show_size(&show, SIZES[i].width, SIZES[i].height, SIZES[i].scale);
            for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor++) {
                check_room(&show, cursor);
            }
        }
        show_close(&show);
    }
}

/* Enlarged words about the thread keep off the ring's arrow: it is of the same colour. */
static void the_threads_words_keep_off_the_ring(void **state) {
    (void)state;
    static const ViewTask *const RUNS[] = {VIEW_THREE, VIEW_FROZEN};
    static const float SCALES[] = {1, 1.18f, 1.35f};
    for (size_t run = 0; run < 2; run++) {
        Show show;
        show_open(&show, RUNS[run], run == 1 ? 4 : 3, VIA_IO_URING, "io_uring");
        for (size_t i = 0; i < 6; i++) {
            show_size(&show, i < 3 ? 1280 : 1024, i < 3 ? 720 : 640, SCALES[i % 3]);
            for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor++) {
                show_at(&show, cursor, 1);
                const Layout *layout = &show.layout;
                for (size_t k = 0; k < show.scene.draw_count; k++) {
                    const Draw *draw = &show.scene.draws[k];
                    const Rect box = draw_bounds(draw);
                    if (draw->kind == DRAW_TEXT && draw->id == stage_id(STAGE_ID_THREAD, 0) &&
                        box.y < layout->ring.y) {
                        assert_true(box.x > layout->ring.x + layout->ring_radius * 0.87f);
                        assert_true(box.x + box.w < layout->paused.x);
                    }
                }
            }
        }
        show_close(&show);
    }
}

/* However many lines there are, and however large the text is: a line's words stand within it. */
static void words_stand_within_their_line(void **state) {
    (void)state;
    ViewTask tasks[8];
    for (uint32_t i = 0; i < 8; i++) {
        tasks[i] = (ViewTask){"typography", {{VIEW_OPEN, 900000}, {VIEW_WRITE, 900000}}};
    }
    Show show;
    show_open(&show, tasks, 8, VIA_IO_URING, "io_uring");
    for (size_t i = 0; i < 4; i++) {
        show_size(&show, i % 2 ? 1280 : 1024, i % 2 ? 720 : 640, i < 2 ? 1 : 1.35f);
        show_at(&show, find_event(&show, EV_TASK_WAITING, 7, 0), 1);
        Rect row = {0};
        size_t words = 0;
        for (size_t k = 0; k < show.scene.draw_count; k++) {
            const Draw *draw = &show.scene.draws[k];
            const uint64_t kind = draw->id >> 32;
            if (kind != STAGE_ID_SHELL && kind != STAGE_ID_OP) {
                continue;
            }
            if (draw->kind == DRAW_RECT && draw->rect.w > 100) {
                row = draw->rect;
            } else if (draw->kind == DRAW_TEXT) {
                words++;
                assert_true(draw->size_px <= 0.8f * row.h);
            }
        }
        assert_true(words >= 8 * 4);
    }
    show_close(&show);
}

/* Where a handle keeps the thread, all that is finished waits at the gate, each with its badge. */
static void eight_completions_are_told_apart(void **state) {
    (void)state;
    ViewTask tasks[8];
    for (uint32_t i = 0; i < 8; i++) {
        tasks[i] = (ViewTask){"writer", {{VIEW_OPEN, 200000 + i * 1000}, {VIEW_COMPUTE, 4000000}}};
    }
    Show show;
    show_open(&show, tasks, 8, VIA_IO_URING, "io_uring");
    uint64_t most = 0;
    for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor++) {
        show_size(&show, 1280, 720, 1.35f);
        check_room(&show, cursor);
        const uint64_t arrived = state_loop(show.doc.after)->arrived;
        most = arrived > most ? arrived : most;
        size_t badges = 0;
        for (uint32_t task = 0; task < 8; task++) {
            Point at;
            badges += filled_badges(&show.scene, task, &at) == 1 && at.y > show.layout.event_lane.y;
        }
        assert_int_equal(badges, arrived);
    }
    assert_true(most > 4);
    show_close(&show);
}

/* ---- many ---- */

static ViewTask *many_tasks(uint32_t count) {
    ViewTask *tasks = calloc(count, sizeof *tasks);
    assert_non_null(tasks);
    for (uint32_t i = 0; i < count; i++) {
        tasks[i] =
            (ViewTask){"worker-12345",
                       {{VIEW_OPEN, 200000 + (i * 7919 % 1000) * 1000},
                        {VIEW_WRITE, 300000 + (i * 104729 % 3000) * 1000},
                        {i % 5 ? VIEW_CLOSE : VIEW_SLEEP, 100000 + (i * 31 % 100) * 100000}}};
    }
    return tasks;
}

static void any_number_of_tasks_has_room_and_few_draws(void **state) {
    (void)state;
    static const uint32_t COUNTS[] = {4, 5, 6, 7, 9, 10, 26, 101, 1000};
    for (size_t i = 0; i < sizeof COUNTS / sizeof COUNTS[0]; i++) {
        ViewTask *tasks = many_tasks(COUNTS[i]);
        Show show;
        show_open(&show, tasks, COUNTS[i], VIA_IO_URING, "io_uring");
        const uint64_t events = log_count(show.log);
        const uint64_t step = events / 97 + 1;
        for (uint64_t cursor = 0; cursor <= events; cursor += step) {
            show_size(&show, 1280, 720, 1);
            check_room(&show, cursor);
            assert_true(show.scene.draw_count < 2000);
            show_size(&show, 1024, 640, 1.35f);
            check_room(&show, cursor);
            show_at(&show, cursor, 0.5f);
            assert_true(show.scene.draw_count < 2000);
        }
        show_close(&show);
        free(tasks);
    }
}

/* ---- golden scenes ---- */

static void golden_moments(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_SIM, "sim");
    check_golden(&show, "before", 0, 1);
    check_golden(&show, "three-ready", find_event(&show, EV_LOOP_START, EVENT_NONE, 0), 1);
    check_golden(&show, "run-start", find_event(&show, EV_TASK_RUNNING, 0, 0), 0.5f);
    check_golden(&show, "submitted", find_event(&show, EV_IO_SUBMITTED, 0, 0), 0.5f);
    check_golden(&show, "paused", find_event(&show, EV_TASK_WAITING, 0, 0), 0.6f);
    check_golden(&show, "third-paused", find_event(&show, EV_TASK_WAITING, 2, 0), 0.5f);
    const uint64_t completed = find_event(&show, EV_IO_COMPLETED, EVENT_NONE, 0);
    check_golden(&show, "row-leaves", completed + 1, 0.55f);
    check_golden(&show, "asleep", find_event(&show, EV_TASK_WAITING, 2, 1) + 1, 1);
    check_golden(&show, "completed", find_event(&show, EV_IO_COMPLETED, EVENT_NONE, 3), 0.6f);
    check_golden(&show, "arrived", find_event(&show, EV_IO_ARRIVED, EVENT_NONE, 0), 1);
    check_golden(&show, "stopped", log_count(show.log), 1);
    show_close(&show);
    show_open(&show, VIEW_SLEEPERS, 3, VIA_SIM, "sim");
    check_golden(&show, "timers", find_event(&show, EV_TASK_WAITING, 2, 0), 1);
    check_golden(&show, "callback", find_event(&show, EV_CALLBACK_RUN, EVENT_NONE, 0), 1);
    show_close(&show);
    show_open(&show, VIEW_FROZEN, 4, VIA_SIM, "sim");
    check_golden(&show, "frozen", find_event(&show, EV_STEP, 0, 2), 1);
    show_close(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_has_one_filled_badge),
        cmocka_unit_test(motion_joins_the_pictures_at_rest),
        cmocka_unit_test(a_step_back_is_the_same_way),
        cmocka_unit_test(the_end_of_a_way_is_the_picture_at_rest),
        cmocka_unit_test(reduced_motion_shows_an_arrow_and_nothing_moves),
        cmocka_unit_test(the_slot_is_empty_while_the_loop_has_the_thread),
        cmocka_unit_test(the_gate_opens_only_while_completions_are_taken),
        cmocka_unit_test(what_is_simulated_says_so),
        cmocka_unit_test(calls_are_those_of_the_back_end),
        cmocka_unit_test(a_kept_thread_is_told),
        cmocka_unit_test(nothing_is_clipped_or_overlaps),
        cmocka_unit_test(the_threads_words_keep_off_the_ring),
        cmocka_unit_test(words_stand_within_their_line),
        cmocka_unit_test(eight_completions_are_told_apart),
        cmocka_unit_test(any_number_of_tasks_has_room_and_few_draws),
        cmocka_unit_test(golden_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
