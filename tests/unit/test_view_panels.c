/* The panels around the stage: nothing clipped, nothing over anything else, at every size; and each
 * says what it should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_panes.h"

#include <math.h>

/* ---- at every size ---- */

static void nothing_is_clipped_or_covered(void **state) {
    (void)state;
    static const float SCALES[] = {1, 1.18f, 1.35f};
    Show show;
    show_three(&show);
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        for (size_t s = 0; s < 3; s++) {
            show.input.width_px = SIZES[i][0];
            show.input.height_px = SIZES[i][1];
            show.input.text_scale = SCALES[s];
            for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor += 7) {
                show_at(&show, cursor);
                check_texts(&show);
            }
        }
    }
    show_finish(&show);
}

static void names_and_troubles_of_any_length_fit(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.doc.name = "a-scenario-with-a-name-that-somebody-made-far-too-long-for-any-window";
    show.doc.trouble = "the trace is cut off in line 4711, and all that stands before it is shown";
    show.doc.about = "A text without an end: it goes on and on, over line after line, and says "
                     "nothing that would not fit into half a line, but the author liked to write, "
                     "and nobody was there to stop it, so it is as long as it is, and longer.";
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        show.input.width_px = SIZES[i][0];
        show.input.height_px = SIZES[i][1];
        show_at(&show, 0);
        check_texts(&show);
    }
    show_finish(&show);
}

/* ---- the top bar ---- */

static void the_back_end_is_named(void **state) {
    (void)state;
    static const struct {
        const char *backend;
        IoVia via;
        const char *words;
    } ROWS[] = {{"io_uring", VIA_IO_URING, "Linux: io_uring + epoll"},
                {"threads", VIA_THREADS, "helper threads + epoll"},
                {"sim", VIA_SIM, "simulated OS, seed 0"}};
    for (size_t i = 0; i < 3; i++) {
        Show show;
        show_begin(&show, view_log_make(VIEW_THREE, 3, ROWS[i].via, ROWS[i].backend), VIEW_THREE,
                   3);
        show_at(&show, 5);
        for (size_t k = 0; k < 3; k++) {
            assert_int_equal(find_text(&show.scene, ROWS[k].words) != NULL, i == k);
        }
        show_finish(&show);
    }
}

static void a_recording_is_not_called_live(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show_at(&show, 5);
    assert_non_null(find_text(&show.scene, "recorded run, 103 events"));
    show.doc.live = true;
    show_at(&show, 5);
    assert_null(find_text(&show.scene, "recorded run"));
    assert_non_null(find_text(&show.scene, "live"));
    show_finish(&show);
}

/* ---- the caption ---- */

static void the_caption_before_the_first_event(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show_at(&show, 0);
    assert_non_null(find_text(&show.scene, "Three tasks write a file each."));
    assert_non_null(find_text(&show.scene, "Space"));
    show_at(&show, 1);
    assert_null(find_text(&show.scene, "Three tasks write a file each."));
    assert_non_null(find_text(&show.scene, "Task write-a is created"));
    show_finish(&show);
}

static void the_start_card_tells_it_all(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.doc.about =
        "First of all.\nThen a second paragraph, which is long enough to take more than "
        "one line on the card, whatever the window's size may be just now.\nThe end.";
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        show.input.width_px = SIZES[i][0];
        show.input.height_px = SIZES[i][1];
        show_at(&show, 0);
        const Layout layout = layout_of(&show);
        const char *const parts[] = {"First of all.", "Then a second", "just now.", "The end."};
        float last = 0;
        for (size_t k = 0; k < 4; k++) {
            const Draw *draw = find_text(&show.scene, parts[k]);
            assert_non_null(draw);
            assert_true(rect_inside(text_box(draw), layout.user));
            assert_true(draw->rect.y > last);
            last = draw->rect.y;
        }
    }
    show_finish(&show);
}

static void the_caption_tells_this_event_and_the_one_before(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    const uint64_t cursor = after_kind(&show, EV_TASK_WAITING, 0);
    show_at(&show, cursor);
    const Draw *now = find_text(&show.scene, "write-a is paused");
    const Draw *then = find_text(&show.scene, "write-a asks the OS to open");
    assert_non_null(now);
    assert_non_null(then);
    assert_true(then->rect.y < now->rect.y && then->size_px < now->size_px);
    show_finish(&show);
}

/* The first step of the log, from now on at this JSON Pointer. */
static Log *with_a_step_at(const char *at) {
    Log *log = view_log_make(VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    uint64_t n = 0;
    while (log_event(log, n)->kind != EV_STEP) {
        n++;
    }
    ((Event *)(uintptr_t)log_event(log, n))->text = log_intern(log, at, strlen(at));
    return log;
}

static void the_slot_counts_steps_as_the_caption_does(void **state) {
    (void)state;
    static const struct {
        const char *at, *caption, *slot;
    } CASES[] = {{"/tasks/0/steps/1", "begins step 2.", "step 2 of 5"},
                 {"/tasks/0/steps/1/steps/0", "begins step 2.1.", "step 2.1"}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        Show show;
        show_begin(&show, with_a_step_at(CASES[i].at), VIEW_THREE, 3);
        show_at(&show, after_kind(&show, EV_STEP, 0));
        assert_non_null(find_text(&show.scene, CASES[i].caption));
        assert_non_null(find_text(&show.scene, CASES[i].slot));
        assert_null(find_text(&show.scene, "step 2.1 of"));
        show_finish(&show);
    }
}

static void a_frozen_loop_turns_the_caption_red(void **state) {
    (void)state;
    Show show;
    show_begin(&show, view_log_make(VIEW_FROZEN, 4, VIA_IO_URING, "io_uring"), VIEW_FROZEN, 4);
    show_at(&show, after_kind(&show, EV_LOOP_BLOCKED, 0));
    const Layout layout = layout_of(&show);
    const Color ground = theme_get(THEME_DARK)->danger_ground;
    bool red = false;
    for (size_t i = 0; i < show.scene.draw_count; i++) {
        const Draw *draw = &show.scene.draws[i];
        red |= draw->kind == DRAW_RECT && same_color(draw->fill, ground) &&
               rect_inside(layout.caption, draw->rect);
    }
    assert_true(red);
    assert_non_null(find_text(&show.scene, "work-b is ready, work-c's open is done, tick's time is "
                                           "over. None of them could go on meanwhile."));
    for (uint64_t cursor = 1; cursor <= log_count(show.doc.log); cursor++) { /* as soon as seen */
        show_at(&show, cursor);
        const LoopInfo *loop = state_loop(show.doc.after);
        const bool frozen =
            loop->running == 0 && loop->now_ns - loop->running_since_ns > 50 * UINT64_C(1000000);
        if (frozen) {
            assert_non_null(find_text(&show.scene, "work-a has kept the thread for 400"));
            break;
        }
    }
    show_finish(&show);
}

static void a_note_fills_the_caption(void **state) {
    (void)state;
    Log *log = log_create();
    Show show;
    log_set_header(log, &(TraceHeader){.title = "t",
                                       .scenario = "t",
                                       .backend = "sim",
                                       .notifier = "sim",
                                       .started = "",
                                       .source = ""});
    Event event = event_make(EV_TASK_CREATED);
    event.task = 0;
    event.text = log_intern(log, "anna", 4);
    event.x = -1;
    log_append(log, &event);
    event = event_make(EV_NOTE);
    event.task = 0;
    event.text = log_intern(log, "Watch the queue now.", 20);
    log_append(log, &event);
    log_finish(log);
    show_begin(&show, log, VIEW_THREE, 1);
    show_at(&show, 2);
    const Draw *note = find_text(&show.scene, "Watch the queue now.");
    assert_non_null(note);
    assert_true(note->size_px >= 18 * layout_of(&show).u);
    assert_null(find_text(&show.scene, "before, at"));
    assert_non_null(find_text(&show.scene, "goes on"));
    show_finish(&show);
}

static void what_is_too_fast_to_read_is_counted(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.player.playing = true;
    show.player.pace = PACE_COUNT - 2;
    show_at(&show, 40);
    assert_non_null(find_text(&show.scene, "Iteration 2:"));
    show.player.pace = 0;
    show_at(&show, 40);
    assert_null(find_text(&show.scene, "Iteration 2:"));
    show_finish(&show);
}

/* ---- the output ---- */

static void the_output_shows_what_was_printed_by_now(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show_at(&show, 3);
    assert_non_null(find_text(&show.scene, "nothing yet"));
    const Layout layout = layout_of(&show);
    for (int printed = 1; printed <= 4; printed++) {
        show_at(&show, after_kind(&show, EV_OUTPUT, printed - 1));
        int rows = 0;
        for (size_t i = 0; i < show.scene.draw_count; i++) {
            const Draw *draw = &show.scene.draws[i];
            char text[512];
            rows += draw->kind == DRAW_TEXT &&
                    rect_contains(layout.output, draw->rect.x, draw->rect.y) &&
                    strncmp(draw_text(&show.scene, draw, text), "write-", 6) == 0;
        }
        assert_int_equal(rows, printed);
    }
    show_finish(&show);
}

/* ---- the transport ---- */

static void the_buttons_do_what_they_say(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show_at(&show, 20);
    const Action actions[] = {ACTION_STEP_BACK, ACTION_PLAY_PAUSE, ACTION_STEP,
                              ACTION_NEXT_ITERATION};
    const Layout layout = layout_of(&show);
    for (size_t i = 0; i < 4; i++) {
        const Hit *hit = find_hit(&show.scene, actions[i], 0);
        assert_non_null(hit);
        assert_true(hit->rect.h >= 36 * layout.u - 0.1f && hit->rect.w >= 36 * layout.u);
        assert_true(hit->tip[0] != '\0');
        for (size_t k = 0; k < i; k++) {
            assert_false(rects_overlap(hit->rect, find_hit(&show.scene, actions[k], 0)->rect));
        }
    }
    assert_non_null(find_text(&show.scene, "Play"));
    show.player.playing = true;
    show_at(&show, 20);
    assert_non_null(find_text(&show.scene, "Pause"));
    show.player.playing = false;
    show_at(&show, 0);
    assert_null(find_hit(&show.scene, ACTION_STEP_BACK, 0));
    show_at(&show, log_count(show.log));
    assert_null(find_hit(&show.scene, ACTION_STEP, 0));
    show_finish(&show);
}

static void the_slider_has_every_pace(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    for (int pace = 0; pace < PACE_COUNT; pace++) {
        char text[64];
        show.player.pace = pace;
        show_at(&show, 20);
        const Hit *hit = find_hit(&show.scene, ACTION_SET_PACE, pace);
        assert_non_null(hit);
        assert_ptr_equal(
            scene_hit_at(&show.scene, hit->rect.x + hit->rect.w / 2, hit->rect.y + hit->rect.h / 2),
            hit);
        assert_non_null(find_text(&show.scene, player_pace_text(&show.player, text)));
    }
    show_finish(&show);
}

static void a_tip_tells_what_a_button_does(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show_at(&show, 20);
    const Hit *hit = find_hit(&show.scene, ACTION_STEP, 0);
    show.input.pointer_x = hit->rect.x + 4;
    show.input.pointer_y = hit->rect.y + 4;
    assert_null(find_text(&show.scene, "One event forward"));
    show_at(&show, 20);
    assert_non_null(find_text(&show.scene, "One event forward (→)"));
    show_finish(&show);
}

static void the_help_lists_every_key(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.input.width_px = 1024;
    show.input.height_px = 640; /* the drawers have their keys there */
    show.input.help = true;
    show_at(&show, 20);
    for (int action = 0; action < ACTION_COUNT; action++) {
        if (ACTIONS[action].words != NULL && action_on_screen(SCREEN_MAIN, (Action)action)) {
            assert_non_null(find_text(&show.scene, ACTIONS[action].words));
        }
    }
    const Hit *top = scene_hit_at(&show.scene, 500, 600);
    assert_int_equal(top->action, ACTION_HELP); /* a click anywhere closes it */
    show_finish(&show);
}

static void drawers_open_in_small_windows_alone(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.input.width_px = 1024;
    show.input.height_px = 640;
    show_at(&show, 20);
    assert_null(find_text(&show.scene, "what the tasks print"));
    assert_null(find_hit(&show.scene, ACTION_CODE_VIEW_SET, CODE_STEPS));
    assert_non_null(find_hit(&show.scene, ACTION_TOGGLE_CODE, 0));
    show.input.code_drawer = true;
    show_at(&show, 20);
    assert_non_null(find_hit(&show.scene, ACTION_CODE_VIEW_SET, CODE_STEPS));
    show.input.output_drawer = true;
    show_at(&show, 20);
    assert_non_null(find_text(&show.scene, "what the tasks print"));
    show.input.width_px = 1280;
    show.input.height_px = 720;
    show_at(&show, 20);
    assert_null(find_hit(&show.scene, ACTION_TOGGLE_CODE, 0));
    show_finish(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_clipped_or_covered),
        cmocka_unit_test(names_and_troubles_of_any_length_fit),
        cmocka_unit_test(the_back_end_is_named),
        cmocka_unit_test(a_recording_is_not_called_live),
        cmocka_unit_test(the_caption_before_the_first_event),
        cmocka_unit_test(the_start_card_tells_it_all),
        cmocka_unit_test(the_caption_tells_this_event_and_the_one_before),
        cmocka_unit_test(the_slot_counts_steps_as_the_caption_does),
        cmocka_unit_test(a_frozen_loop_turns_the_caption_red),
        cmocka_unit_test(a_note_fills_the_caption),
        cmocka_unit_test(what_is_too_fast_to_read_is_counted),
        cmocka_unit_test(the_output_shows_what_was_printed_by_now),
        cmocka_unit_test(the_buttons_do_what_they_say),
        cmocka_unit_test(the_slider_has_every_pace),
        cmocka_unit_test(a_tip_tells_what_a_button_does),
        cmocka_unit_test(the_help_lists_every_key),
        cmocka_unit_test(drawers_open_in_small_windows_alone),
    };
    return cmocka_run_group_tests_name("view/panels", tests, NULL, NULL);
}
