/* Beats: events with one cause, played as one. Which they are, how their clock goes, what the
 * player makes of them, and that the stage stays true at every moment of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_checks.h"
#include "view_player.h"
#include "view_tapes.h"

#include "view/caption.h"

static Log *crowded(void) {
    return view_log_make(VIEW_CROWDED, CROWDED, VIA_THREADS, "threads");
}

/* The first beat of that kind. */
static Beat beat_of(const Timeline *timeline, EventKind kind) {
    Beat beat = {0};
    for (uint64_t n = 0; n < timeline_count(timeline); n++) {
        if (beat_make(&beat, timeline, n, timeline_count(timeline)) && beat.kind == kind) {
            return beat;
        }
    }
    fail_msg("no such beat");
    return beat;
}

/* ---- which events ---- */

static void completions_of_one_wait_are_a_beat(void **state) {
    (void)state;
    Rig rig;
    rig_record(&rig, crowded());
    const Beat beat = beat_of(rig.timeline, EV_IO_COMPLETED);
    assert_int_equal(log_event(rig.log, beat.first - 1)->kind, EV_POLLED);
    assert_int_equal(beat.count, 3);
    static const uint32_t TASKS[] = {1, 2, 3};
    for (size_t i = 0; i < beat.count; i++) {
        assert_int_equal(beat.moves[i].end, beat.first + 2 * (i + 1));
        assert_int_equal(log_event(rig.log, beat.moves[i].end - 2)->kind, EV_IO_COMPLETED);
        assert_int_equal(log_event(rig.log, beat.moves[i].end - 2)->id, beat.moves[i].op);
        assert_int_equal(log_event(rig.log, beat.moves[i].end - 1)->kind, EV_TASK_READY);
        assert_int_equal(beat.moves[i].task, TASKS[i]);
    }
    const Beat timers = beat_of(rig.timeline, EV_TIMER_FIRED);
    assert_int_equal(timers.count, 2);
    assert_int_equal(timers.first, beat_end(&beat));
    assert_int_equal(timers.moves[0].task, 4);
    assert_int_equal(timers.moves[1].task, 5);
    Beat part; /* no more than is there, and never one alone */
    assert_true(beat_make(&part, rig.timeline, beat.first, beat.first + 4));
    assert_int_equal(beat_end(&part), beat.first + 4);
    assert_false(beat_make(&part, rig.timeline, beat.first, beat.first + 2));
    assert_false(beat_make(&part, rig.timeline, beat.first - 1, count(&rig)));
    assert_false(beat_make(&part, rig.timeline, count(&rig), count(&rig)));
    rig_finish(&rig);
}

/* What is said to the audience, what a task does and what is red are never inside one. */
static void a_beat_is_the_loops_own_work_alone(void **state) {
    (void)state;
    Rig rig;
    rig_record(&rig, crowded());
    size_t beats = 0;
    for (uint64_t n = 0; n < count(&rig); n++) {
        Beat beat;
        if (!beat_make(&beat, rig.timeline, n, count(&rig))) {
            continue;
        }
        beats++;
        for (uint64_t i = beat.first; i < beat_end(&beat); i++) {
            const uint8_t kind = log_event(rig.log, i)->kind;
            assert_true(kind == EV_IO_COMPLETED || kind == EV_TIMER_FIRED ||
                        kind == EV_TASK_READY || kind == EV_CALLBACK_READY);
        }
    }
    assert_true(beats > 2);
    rig_finish(&rig);
}

static void many_are_several_beats(void **state) {
    (void)state;
    char names[20][16];
    const char *list[20];
    for (int i = 0; i < 20; i++) {
        snprintf(names[i], sizeof names[i], "t%d", i);
        list[i] = names[i];
    }
    Tape tape = tapes_begin(list, 20, "io_uring");
    for (uint32_t i = 0; i < 20; i++) {
        tapes_run(&tape, i, "/0");
        tape_submit(&tape, i, i, IO_FSYNC, IO_MODE_NONE, "f", -1, -1);
        tape_waiting(&tape, i, WAIT_IO, TARGET_OP, i);
    }
    tape_poll(&tape, -1);
    tape_polled(&tape, 1, 1);
    for (uint32_t i = 0; i < 20; i++) {
        tape_completed(&tape, i, 3);
        tape_ready(&tape, i, READY_RESUMED);
    }
    tape_iteration(&tape, 2, 20);
    Rig rig;
    rig_record(&rig, tape.log);
    uint64_t n = beat_of(rig.timeline, EV_IO_COMPLETED).first;
    static const size_t COUNTS[] = {BEAT_MOVES_MAX, BEAT_MOVES_MAX, 4};
    for (int i = 0; i < 3; i++) {
        Beat beat;
        assert_true(beat_make(&beat, rig.timeline, n, count(&rig)));
        assert_int_equal(beat.count, COUNTS[i]);
        assert_int_equal(beat.moves[0].ms, 120 + 420 + 520); /* none was seen before */
        n = beat_end(&beat);
    }
    assert_int_equal(log_event(rig.log, n)->kind, EV_ITERATION);
    rig_finish(&rig);
}

/* ---- the clock ---- */

static void each_move_begins_90_ms_after_the_one_before(void **state) {
    (void)state;
    Rig rig;
    rig_record(&rig, crowded());
    const Beat beat = beat_of(rig.timeline, EV_IO_COMPLETED);
    const float all = (float)beat_ms(&beat);
    for (size_t i = 0; i < beat.count; i++) { /* what waits behind the gate has its check already */
        const OpEvents op = timeline_op(rig.timeline, beat.moves[i].op);
        const bool waits = op.arrived_n < op.completed_n;
        assert_int_equal(beat.moves[i].ms, waits ? 520 : 120 + 420 + 520);
    }
    assert_int_equal(beat_ms(&beat), beat.moves[2].ms + 2 * 90);
    for (int ms = 0; ms <= (int)all; ms++) {
        const float t = ((float)ms + 0.01f) / all;
        assert_int_equal(beat_begun(&beat, t), ms < 90 ? 1 : ms < 180 ? 2 : 3);
        assert_int_equal(beat_cursor(&beat, t), beat.first + 2 * beat_begun(&beat, t));
        for (size_t i = 0; i < beat.count; i++) {
            const float own = ((float)ms - 90 * (float)i) / (float)beat.moves[i].ms;
            assert_float_equal(beat_phase(&beat, i, t), fminf(fmaxf(own, 0), 1), 0.001);
        }
    }
    assert_int_equal(beat_begun(&beat, 0), 1);
    for (size_t i = 0; i < beat.count; i++) {
        assert_true(beat_phase(&beat, i, 0) == 0 && beat_phase(&beat, i, 1) == 1);
    }
    rig_finish(&rig);
}

/* ---- the player ---- */

/* Plays on from the event before the beat, until the beat begins. */
static Beat play_to_beat(Rig *rig, int pace) {
    const Beat beat = beat_of(rig->timeline, EV_IO_COMPLETED);
    player_act(&rig->player, rig->timeline, ACTION_SEEK, (int64_t)beat.first - 1);
    player_act(&rig->player, rig->timeline, ACTION_SET_PACE, pace);
    act(rig, ACTION_PLAY_PAUSE);
    for (int i = 0; i < 10000 && rig->player.cursor <= beat.first; i++) {
        tick(rig, 1);
    }
    return beat;
}

static void playing_makes_one_beat_of_a_batch(void **state) {
    (void)state;
    for (int pace = 0; PACES[pace] <= 12; pace++) {
        Rig rig;
        rig_record(&rig, crowded());
        const Beat beat = play_to_beat(&rig, pace);
        assert_true(rig.player.phase == 0);
        const double factor = PACES[pace] > 3 ? 0.4 : 1;
        const double most = 6 * 1000 / PACES[pace], whole = factor * beat_ms(&beat);
        const double scale = fmin(most, whole) / beat_ms(&beat);
        uint64_t at = rig.player.cursor;
        assert_int_equal(at, beat.moves[0].end);
        size_t begun = 1;
        int ms = 0;
        for (; rig.player.phase < 1; ms++) {
            assert_true(ms < 3000);
            tick(&rig, 1);
            assert_true(rig.player.cursor >= at);
            if (rig.player.cursor > beat_end(&beat)) {
                break; /* the next event was due, and has waited for the last move */
            }
            if (rig.player.cursor > at) {
                at = rig.player.cursor;
                assert_int_equal(at, beat.moves[begun].end);
                assert_true(fabs(ms + 1 - 90 * scale * (double)begun) < 1.5);
                begun++;
            }
        }
        assert_int_equal(begun, beat.count);
        assert_int_equal(at, beat_end(&beat));
        assert_true(fabs(ms - beat_ms(&beat) * scale) < 2);
        for (int i = 0; i < 5000 && rig.player.cursor == at; i++) {
            Beat shown;
            assert_true(player_beat(&rig.player, rig.timeline, &shown)); /* its words stand on */
            tick(&rig, 1);
        }
        assert_true(rig.player.cursor > at);
        rig_finish(&rig);
    }
}

static void a_batch_is_not_one_where_it_may_not_be(void **state) {
    (void)state;
    enum { BY_KEY, REDUCED, FAST, PREDICTING, WAYS };
    for (int way = 0; way < WAYS; way++) {
        Rig rig;
        rig_record(&rig, crowded());
        const Beat beat = beat_of(rig.timeline, EV_IO_COMPLETED);
        player_act(&rig.player, rig.timeline, ACTION_SEEK, (int64_t)beat.first);
        rig.player.reduced_motion = way == REDUCED;
        rig.player.one_by_one = way == PREDICTING;
        player_act(&rig.player, rig.timeline, ACTION_SET_PACE, way == FAST ? 7 : 3);
        if (way != BY_KEY) {
            act(&rig, ACTION_PLAY_PAUSE);
        }
        uint64_t at = beat.first;
        for (int i = 0; at < beat_end(&beat); i++) {
            assert_true(i < 10000);
            if (way == BY_KEY) {
                act(&rig, ACTION_STEP);
            }
            tick(&rig, 1);
            assert_true(rig.player.cursor <= at + 1);
            at = rig.player.cursor;
            Beat shown;
            assert_false(player_beat(&rig.player, rig.timeline, &shown));
        }
        rig_finish(&rig);
    }
}

static void a_beat_turns_round_ends_and_is_completed(void **state) {
    (void)state;
    Rig rig;
    rig_record(&rig, crowded());
    Beat beat = play_to_beat(&rig, 3), shown;
    tick(&rig, 120);
    assert_int_equal(rig.player.cursor, beat.moves[1].end);
    act(&rig, ACTION_PLAY_PAUSE); /* what has begun as one ends as one */
    for (int i = 0; i < 2000 && player_moving(&rig.player); i++) {
        tick(&rig, 1);
    }
    assert_int_equal(rig.player.cursor, beat_end(&beat));
    assert_true(player_beat(&rig.player, rig.timeline, &shown));
    act(&rig, ACTION_STEP_BACK); /* at rest a key takes one event */
    assert_false(player_beat(&rig.player, rig.timeline, &shown));
    while (player_moving(&rig.player)) {
        tick(&rig, 1);
    }
    assert_int_equal(rig.player.cursor, beat_end(&beat) - 1);

    beat = play_to_beat(&rig, 3);
    tick(&rig, 120);
    act(&rig, ACTION_STEP_BACK);
    float before = 1;
    for (int i = 0; rig.player.backwards; i++) {
        assert_true(i < 1000 && rig.player.phase <= before);
        before = rig.player.phase;
        assert_true(player_beat(&rig.player, rig.timeline, &shown));
        assert_int_equal(rig.player.cursor, beat_cursor(&beat, rig.player.phase));
        tick(&rig, 1);
    }
    assert_int_equal(rig.player.cursor, beat.first);
    assert_true(rig.player.phase == 1);

    beat = play_to_beat(&rig, 3);
    tick(&rig, 120);
    act(&rig, ACTION_STEP); /* completes it, and takes the next event */
    assert_int_equal(rig.player.cursor, beat_end(&beat) + 1);
    beat = play_to_beat(&rig, 3);
    tick(&rig, 120);
    player_act(&rig.player, rig.timeline, ACTION_SCRUB, (int64_t)beat.first + 3);
    assert_int_equal(rig.player.cursor, beat.first + 3);
    assert_true(rig.player.phase == 1);
    assert_false(player_beat(&rig.player, rig.timeline, &shown));
    rig_finish(&rig);
}

/* Played live, the loop goes on to its next handle at most, so that a batch is seen as a whole. */
static void a_live_batch_is_played_as_the_recorded_one(void **state) {
    (void)state;
    Rig rig;
    rig_live(&rig, crowded());
    player_act(&rig.player, rig.timeline, ACTION_SET_PACE, 5);
    act(&rig, ACTION_PLAY_PAUSE);
    size_t beats = 0;
    uint64_t last = 0;
    for (int i = 0; i < 100000 && rig.player.playing; i++) {
        live_on(&rig, 1);
        tick(&rig, 4);
        Beat beat, whole;
        if (rig.player.phase < 1 && player_beat(&rig.player, rig.timeline, &beat) &&
            beat.first != last) {
            last = beat.first;
            beats++;
            assert_true(beat_make(&whole, rig.timeline, beat.first, count(&rig)));
            assert_int_equal(beat_end(&whole), beat_end(&beat));
        }
    }
    assert_int_equal(rig.player.cursor, log_count(rig.source));
    size_t all = 0;
    for (uint64_t n = 0; n < count(&rig);) {
        Beat beat;
        const bool is = beat_make(&beat, rig.timeline, n, count(&rig));
        all += is && beat.kind != EV_TASK_READY;
        n = is ? beat_end(&beat) : n + 1;
    }
    assert_true(all >= 2);
    assert_int_equal(beats, all);
    rig_finish(&rig);
}

/* ---- the stage ---- */

static void show_beat_at(Show *show, const Beat *beat, float t) {
    show->player.beat_first = beat->first;
    show->player.beat_end = beat_end(beat);
    show_begin_at(show, beat_cursor(beat, t), t);
    state_seek(show->doc.before, beat->first);
    panel_stage(&show->canvas);
}

static void open_crowded(Show *show) {
    show_over(show, crowded());
    view_listing_make(&show->steps, VIEW_CROWDED, CROWDED);
    show->doc.listings[CODE_STEPS] = &show->steps;
}

/* One filled badge a task, in a way without a jump, from the picture before to the one after. */
static void a_batch_moves_without_a_jump(void **state) {
    (void)state;
    static const EventKind KINDS[] = {EV_IO_COMPLETED, EV_TIMER_FIRED};
    enum { STEPS = 400 };
    for (size_t k = 0; k < 2; k++) {
        Show show;
        open_crowded(&show);
        const Beat beat = beat_of(show.doc.timeline, KINDS[k]);
        for (uint32_t task = 0; task < CROWDED; task++) {
            Point at, last, rest;
            show_at(&show, beat.first, 1);
            const int had = filled_badges(&show.scene, task, &last);
            if (had == 0) {
                continue; /* it has ended */
            }
            for (int step = 0; step < STEPS; step++) {
                show_beat_at(&show, &beat, (float)step / STEPS);
                assert_int_equal(filled_badges(&show.scene, task, &at), 1);
                assert_true(hypotf(at.x - last.x, at.y - last.y) < (step == 0 ? 1.5f : 40));
                last = at;
            }
            show.player.beat_end = 0;
            show_at(&show, beat_end(&beat), 1);
            assert_int_equal(filled_badges(&show.scene, task, &rest), 1);
            assert_true(hypotf(rest.x - last.x, rest.y - last.y) < 1.5f);
        }
        show_close(&show);
    }
}

/* The numbers are those of the recording after the events that have begun. */
static void the_counts_are_those_of_the_cursor(void **state) {
    (void)state;
    Show show;
    open_crowded(&show);
    const Beat beat = beat_of(show.doc.timeline, EV_IO_COMPLETED);
    state_seek(show.doc.before, beat.first);
    const uint64_t in_flight = state_loop(show.doc.before)->in_flight;
    for (int step = 0; step < 40; step++) {
        const float t = (float)step / 40;
        show_beat_at(&show, &beat, t);
        assert_int_equal(state_count(show.doc.after), beat_cursor(&beat, t));
        const LoopInfo *loop = state_loop(show.doc.after);
        assert_int_equal(loop->in_flight, in_flight - beat_begun(&beat, t));
        Stage stage = {.canvas = &show.canvas, .phase = t};
        stage_beat_make(&stage, &beat, t);
        assert_int_equal(stage.after.loop.in_flight, loop->in_flight);
        assert_int_equal(stage.after.lane_total, loop->ready_handles);
        assert_int_equal(stage.after.paused_total, loop->phase_counts[TASK_WAITING]);
    }
    show_close(&show);
}

static void a_batch_is_told_in_one_sentence(void **state) {
    (void)state;
    Show show;
    open_crowded(&show);
    static const struct {
        EventKind kind;
        const char *words;
    } TOLD[] = {{EV_IO_COMPLETED,
                 "The OS reports through epoll: 3 operations are finished; ann, bob "
                 "and cyd join the ready queue."},
                {EV_TIMER_FIRED, "2 timers are due: a callback for each joins the ready queue."}};
    for (size_t i = 0; i < sizeof TOLD / sizeof TOLD[0]; i++) {
        const Beat beat = beat_of(show.doc.timeline, TOLD[i].kind);
        Buf text = {0};
        state_seek(show.doc.after, beat_end(&beat));
        caption_beat(show.doc.after, &beat, &text);
        assert_string_equal(buf_text(&text), TOLD[i].words);
        buf_finish(&text);
    }
    show_close(&show);
}

static void golden_moments(void **state) {
    (void)state;
    Show show;
    open_crowded(&show);
    const Beat beat = beat_of(show.doc.timeline, EV_IO_COMPLETED);
    show_beat_at(&show, &beat, 0.1f); /* two have begun, the third has not */
    check_golden_scene(&show.scene, "stage-beat-begins");
    show_beat_at(&show, &beat, 0.72f); /* one is there, the others on their way */
    check_golden_scene(&show.scene, "stage-beat-lands");
    show_close(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(completions_of_one_wait_are_a_beat),
        cmocka_unit_test(a_beat_is_the_loops_own_work_alone),
        cmocka_unit_test(many_are_several_beats),
        cmocka_unit_test(each_move_begins_90_ms_after_the_one_before),
        cmocka_unit_test(playing_makes_one_beat_of_a_batch),
        cmocka_unit_test(a_batch_is_not_one_where_it_may_not_be),
        cmocka_unit_test(a_beat_turns_round_ends_and_is_completed),
        cmocka_unit_test(a_live_batch_is_played_as_the_recorded_one),
        cmocka_unit_test(a_batch_moves_without_a_jump),
        cmocka_unit_test(the_counts_are_those_of_the_cursor),
        cmocka_unit_test(a_batch_is_told_in_one_sentence),
        cmocka_unit_test(golden_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
