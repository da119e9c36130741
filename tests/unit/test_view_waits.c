/* The stage where tasks wait for each other: lines at what they share, gathers, channels, threads,
 * cancelling, deadlocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_checks.h"
#include "view_tapes.h"

#include <math.h>

/* ---- always ---- */

typedef Log *MakeLog(void);

static Log *shared_real(void) {
    return tapes_shared("io_uring");
}
static Log *waits_real(void) {
    return tapes_waits("io_uring");
}
static Log *waits_sim(void) {
    return tapes_waits("sim");
}
static Log *ring_of_one(void) {
    return tapes_ring(1);
}
static Log *ring_of_two(void) {
    return tapes_ring(2);
}
static Log *ring_of_five(void) {
    return tapes_ring(5);
}
static Log *ring_of_eight(void) {
    return tapes_ring(8);
}
static Log *ring_of_forty(void) {
    return tapes_ring(40);
}
static Log *chain_of_five(void) {
    return tapes_chain(5, WAIT_EVENT);
}
static Log *chain_to_a_channel(void) {
    return tapes_chain(2, WAIT_CHANNEL);
}

static MakeLog *const LOGS[] = {tapes_channel, shared_real,   waits_real,        waits_sim,
                                ring_of_one,   ring_of_two,   ring_of_five,      ring_of_eight,
                                ring_of_forty, chain_of_five, chain_to_a_channel};
enum { LOG_COUNT = sizeof LOGS / sizeof LOGS[0] };

static void every_task_has_one_filled_badge(void **state) {
    (void)state;
    for (size_t i = 0; i < LOG_COUNT; i++) {
        Show show;
        show_over(&show, LOGS[i]());
        const uint32_t tasks = timeline_task_count(show.doc.timeline);
        if (tasks <= 8) { /* a crowd is counted */
            check_one_badge(&show, tasks);
        }
        show_close(&show);
    }
}

static void nothing_is_clipped_or_overlaps(void **state) {
    (void)state;
    static const struct {
        int width, height;
        float scale;
    } SIZES[] = {{1280, 720, 1},     {1024, 640, 1},     {1920, 1080, 1},
                 {1280, 720, 1.18f}, {1600, 900, 1.35f}, {1024, 768, 1.35f}};
    for (size_t i = 0; i < LOG_COUNT; i++) {
        Show show;
        show_over(&show, LOGS[i]());
        for (size_t k = 0; k < sizeof SIZES / sizeof SIZES[0]; k++) {
            show_size(&show, SIZES[k].width, SIZES[k].height, SIZES[k].scale);
            for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor++) {
                check_room(&show, cursor);
            }
        }
        show_close(&show);
    }
}

static void check_near(const Show *show, uint32_t task, Point rest, Point way) {
    if (fabsf(rest.x - way.x) > 1.5f || fabsf(rest.y - way.y) > 1.5f) {
        fail_msg("cursor %llu, phase %.1f: task %u is at %.0f %.0f, and rests at %.0f %.0f",
                 (unsigned long long)show->player.cursor, (double)show->player.phase,
                 (unsigned)task, (double)way.x, (double)way.y, (double)rest.x, (double)rest.y);
    }
}

/* A badge that moves sets out from where it was and comes to where it is. */
static void motion_joins_the_pictures_at_rest(void **state) {
    (void)state;
    for (size_t i = 0; i < LOG_COUNT; i++) {
        Show show;
        show_over(&show, LOGS[i]());
        const uint32_t tasks = timeline_task_count(show.doc.timeline);
        for (uint64_t cursor = 1; cursor <= log_count(show.log); cursor++) {
            for (uint32_t task = 0; task < tasks && tasks <= 8; task++) {
                Point rest, way;
                show_at(&show, cursor, 1);
                const int is = filled_badges(&show.scene, task, &rest);
                show_at(&show, cursor, 0.99999f);
                if (is > 0 && filled_badges(&show.scene, task, &way) > 0) {
                    check_near(&show, task, rest, way);
                }
                show_at(&show, cursor - 1, 1);
                const int was = filled_badges(&show.scene, task, &rest);
                show_at(&show, cursor, 0);
                if (was > 0 && filled_badges(&show.scene, task, &way) > 0) {
                    check_near(&show, task, rest, way);
                }
            }
        }
        show_close(&show);
    }
}

/* The marks of operations in flight turn with every event: they say nothing of this one. */
static void drop_arcs(char *dump) {
    for (char *line = dump; *line != '\0';) {
        char *next = line + strcspn(line, "\n");
        next += *next == '\n';
        if (strncmp(line, "arc ", 4) == 0) {
            memmove(line, next, strlen(next) + 1);
        } else {
            line = next;
        }
    }
}

/* Every kind of event that changes the stage can be seen to do so on its way; what is only said
 * (steps, outputs, notes, limits) moves in the code, the output and the caption. */
static void every_kind_moves(void **state) {
    (void)state;
    static const EventKind SAID[] = {EV_STEP, EV_OUTPUT, EV_NOTE, EV_LIMIT, EV_IO_BLOCKING};
    bool seen[EV_KIND_COUNT] = {false}, moves[EV_KIND_COUNT] = {false};
    for (size_t i = 0; i < LOG_COUNT + 2; i++) {
        Show show;
        if (i < LOG_COUNT) {
            show_over(&show, LOGS[i]());
        } else if (i == LOG_COUNT) {
            show_open(&show, VIEW_FROZEN, 4, VIA_IO_URING, "io_uring");
        } else {
            show_open(&show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
        }
        for (uint64_t cursor = 1; cursor <= log_count(show.log); cursor++) {
            const uint8_t kind = log_event(show.log, cursor - 1)->kind;
            seen[kind] = true;
            if (!moves[kind]) {
                char *early = show_dump(&show, cursor, 0.3f);
                char *late = show_dump(&show, cursor, 0.7f);
                drop_arcs(early);
                drop_arcs(late);
                moves[kind] = strcmp(early, late) != 0;
                free(early);
                free(late);
            }
        }
        show_close(&show);
    }
    for (int kind = 0; kind < EV_KIND_COUNT; kind++) {
        bool said = false;
        for (size_t i = 0; i < sizeof SAID / sizeof SAID[0]; i++) {
            said |= SAID[i] == (EventKind)kind;
        }
        if (!said && !(seen[kind] && moves[kind])) {
            fail_msg("%s %s", EVENT_KINDS[kind].name, seen[kind] ? "stands still" : "is not here");
        }
    }
}

/* ---- what tasks share ---- */

static StageModel model_at(Show *show, uint64_t cursor) {
    StageModel model;
    show_at(show, cursor, 1);
    stage_model_make(&model, &show->canvas, show->doc.after);
    return model;
}

static void who_waits_stands_in_line(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_shared("io_uring"));
    const uint32_t door = log_intern(show.log, "door", 4);
    const uint64_t second = find_event(&show, EV_TASK_WAITING, 2, 0);
    const StageModel model = model_at(&show, second);
    const StageShared *shared = stage_shared(&model, door);
    assert_non_null(shared);
    assert_int_equal(shared->shell_count, 2);
    const StageShell *first = &model.shells[shared->first_shell];
    assert_int_equal(first->task, 1);
    assert_int_equal(first[1].task, 2);
    assert_true(first->rect.y > shared->rect.y && first[1].rect.y > first->rect.y);
    assert_true(shows_text(&show.scene, "held by"));
    assert_true(shows_text(&show.scene, "first in line"));
    assert_true(shows_text(&show.scene, "2nd in line"));
    /* freed, and not taken yet */
    show_at(&show, find_event(&show, EV_SYNC, 0, 1) + 1, 1);
    assert_true(shows_text(&show.scene, "just freed"));
    /* full */
    show_at(&show, find_event(&show, EV_TASK_WAITING, 0, 1), 1);
    assert_true(shows_text(&show.scene, "3 items"));
    assert_true(shows_text(&show.scene, "for room"));
    /* taken by one who has ended */
    show_size(&show, 1600, 1300, 1);
    show_at(&show, log_count(show.log), 1);
    assert_true(shows_text(&show.scene, "never freed by"));
    show_close(&show);
}

static void what_is_handed_over_is_on_its_way(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_shared("io_uring"));
    const uint64_t put = find_event(&show, EV_SYNC, 0, 4);
    char *rest = show_dump(&show, put, 1);
    char *start = show_dump(&show, put, 0.2f);
    char *later = show_dump(&show, put, 0.8f);
    assert_string_not_equal(start, later);
    assert_string_not_equal(later, rest);
    show.player.reduced_motion = true;
    char *still = show_dump(&show, put, 0.2f);
    char *still_later = show_dump(&show, put, 0.8f);
    assert_string_equal(still, still_later);
    assert_true(strlen(still) > strlen(rest)); /* an arrow */
    free(rest);
    free(start);
    free(later);
    free(still);
    free(still_later);
    show_close(&show);
}

/* ---- several targets, channels, threads, callbacks ---- */

static void every_wait_says_what_for(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_waits("io_uring"));
    show_at(&show, find_event(&show, EV_TASK_WAITING, 7, 0), 1);
    static const char *const WORDS[] = {"3 tasks",        "room in pipe.a", "data at pipe.b",
                                        "thread",         "fred",           "its sleep of 90 ms",
                                        "write 64 KiB",   "to pipe.a",      "from pipe.b",
                                        "a helper thread"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (!shows_text(&show.scene, WORDS[i])) {
            fail_msg("\"%s\" is not shown", WORDS[i]);
        }
    }
    show_close(&show);
}

static void a_channel_is_asked_for_anew(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_channel());
    const StageModel model = model_at(&show, find_event(&show, EV_IO_SUBMITTED, 0, 1));
    assert_int_equal(model.op_count, 1);
    assert_true(model.ops[0].holds_badge);
    assert_float_equal(model.ops[0].rect.y, model.shells[0].rect.y, 0.1);
    assert_true(shows_text(&show.scene, "waits for: room in pipe.a"));
    Point at;
    assert_int_equal(filled_badges(&show.scene, 0, &at), 1);
    assert_true(at.x > show.layout.kernel.x);
    show_close(&show);
}

static void a_callback_is_no_task(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_waits("io_uring"));
    show_at(&show, find_event(&show, EV_TASK_RUNNING, 6, 0), 1);
    assert_true(shows_text(&show.scene, "callback"));
    assert_true(shows_text(&show.scene, "wake those who"));
    Point at;
    assert_int_equal(filled_badges(&show.scene, 0, &at), 1); /* it stays where it waits */
    assert_true(at.x > show.layout.paused.x);
    show_at(&show, find_event(&show, EV_CALLBACK_RUN, EVENT_NONE, 1), 1);
    assert_true(shows_text(&show.scene, "a callback of the loop"));
    show_close(&show);
}

static void a_cancelled_task_is_marked_until_it_hears_of_it(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_waits("io_uring"));
    const uint64_t asked = find_event(&show, EV_CANCEL_REQUESTED, 6, 0);
    show_at(&show, find_event(&show, EV_TASK_READY, 6, 1), 1);
    assert_true(shows_text(&show.scene, "cancelled"));
    show_at(&show, asked - 1, 1);
    assert_false(shows_text(&show.scene, "cancelled"));
    show_at(&show, find_event(&show, EV_TASK_RUNNING, 6, 1), 1);
    const StageModel model = model_at(&show, find_event(&show, EV_TASK_RUNNING, 6, 1));
    assert_false(model.slot_info.cancel_requested);
    show_close(&show);
}

/* ---- deadlocks ---- */

static void what_nobody_waits_for_is_beside_nobodys_card(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_waits("io_uring"));
    size_t seen = 0;
    for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor++) {
        show_at(&show, cursor, 1);
        bool any = false;
        StageModel model;
        stage_model_make(&model, &show.canvas, show.doc.after);
        for (size_t i = 0; i < model.op_count; i++) {
            const StageOp *op = &model.ops[i];
            for (size_t k = 0; op->unawaited && k < model.shell_count; k++) {
                const Rect row = model.shells[k].rect;
                assert_true(row.y + row.h < op->rect.y || op->rect.y + op->rect.h < row.y);
            }
            assert_true(!op->unawaited || op->info.task == 3); /* its thread runs on */
            seen += op->unawaited;
            any = any || (op->unawaited && !op->info.arrived);
        }
        assert_int_equal(shows_text(&show.scene, "nobody waits"), any);
    }
    assert_true(seen > 0);
    show_close(&show);
}

static void a_ring_shows_who_waits_for_whom(void **state) {
    (void)state;
    static const uint32_t SIZES[] = {1, 2, 3, 8, 9, 40};
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        Show show;
        show_over(&show, tapes_ring(SIZES[i]));
        const uint64_t found = find_event(&show, EV_DEADLOCK, EVENT_NONE, 0);
        assert_int_equal(model_at(&show, found - 1).knot.count, 0);
        const StageModel model = model_at(&show, found);
        assert_true(model.knot.closed);
        const uint32_t shown = SIZES[i] < STAGE_KNOT_MAX ? SIZES[i] : (uint32_t)STAGE_KNOT_MAX;
        assert_int_equal(model.knot.count, shown);
        assert_int_equal(model.knot.more, SIZES[i] - shown);
        for (uint32_t k = 0; k < shown; k++) { /* each waits for what the next one holds */
            assert_int_equal(model.knot.tasks[k], (model.knot.tasks[0] + k) % SIZES[i]);
            Point at;
            assert_int_equal(filled_badges(&show.scene, model.knot.tasks[k], &at), 1);
            assert_float_equal(at.x, model.knot.at[k].x, 0.1);
        }
        assert_true(shows_text(&show.scene, "deadlock"));
        assert_false(shows_text(&show.scene, "Run ready tasks")); /* this ring is over */
        show_at(&show, log_count(show.log), 1);
        assert_true(shows_text(&show.scene, "deadlock"));
        show_close(&show);
    }
}

/* However many stand in line between those of the ring, and since it was taken. */
static void a_ring_is_found_in_a_crowd(void **state) {
    (void)state;
    enum { COUNT = 6000 };
    Show show;
    show_over(&show, tapes_ring_afar(COUNT));
    const StageModel model = model_at(&show, find_event(&show, EV_DEADLOCK, EVENT_NONE, 0));
    assert_true(model.knot.closed);
    assert_int_equal(model.knot.count, 2);
    assert_int_equal(model.knot.tasks[0] + model.knot.tasks[1], COUNT - 1);
    assert_false(shows_text(&show.scene, "just freed"));
    show_close(&show);
}

static void a_chain_ends_where_nobody_is_left(void **state) {
    (void)state;
    static const struct {
        uint32_t count;
        WaitOn on;
        const char *words;
    } ROWS[] = {{1, WAIT_EVENT, "nobody is left to set it"},
                {5, WAIT_EVENT, "nobody is left to set it"},
                {2, WAIT_QUEUE, "nobody is left to put an item in"},
                {2, WAIT_LOCK, "nobody is left to free it"},
                {3, WAIT_CHANNEL, "nobody is left at the other end"}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        Show show;
        show_over(&show, tapes_chain(ROWS[i].count, ROWS[i].on));
        const StageModel model = model_at(&show, find_event(&show, EV_DEADLOCK, EVENT_NONE, 0));
        assert_false(model.knot.closed);
        assert_int_equal(model.knot.tasks[model.knot.count - 1], ROWS[i].count - 1);
        assert_int_equal(model.knot.count + model.knot.more, ROWS[i].count);
        assert_true(shows_text(&show.scene, ROWS[i].words));
        show_close(&show);
    }
}

/* ---- golden scenes ---- */

/* What the OS finished first is at the gate, also when the loop saw both in one look: at the same
 * time, though submitted the other way round. */
static void events_stand_at_the_gate_as_they_came(void **state) {
    (void)state;
    static const char *const NAMES[] = {"anna", "bert", "carl"};
    Tape tape = tapes_begin(NAMES, 3, "io_uring");
    for (uint32_t task = 0; task < 2; task++) {
        tapes_run(&tape, task, "/tasks/0/steps/0");
        tapes_submit(&tape, task, task, IO_WRITE, VIA_IO_URING, "a.txt", 65536, WAIT_IO);
    }
    tapes_run(&tape, 2, "/tasks/2/steps/0");
    tape.step_ns = 0;
    tape_arrived(&tape, 1);
    tape_arrived(&tape, 0);
    Show show;
    show_over(&show, tape.log);
    show_at(&show, log_count(show.log), 1);
    Point anna, bert;
    assert_true(draws_of(&show.scene, STAGE_ID_TOKEN) > 0);
    assert_int_equal(filled_badges(&show.scene, 0, &anna), 1);
    assert_int_equal(filled_badges(&show.scene, 1, &bert), 1);
    assert_float_equal(anna.y, bert.y, 0.5);
    assert_true(bert.x < anna.x);
    show_close(&show);
}

static void golden_moments(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_shared("sim"));
    check_golden(&show, "lines", find_event(&show, EV_TASK_WAITING, 5, 0), 1);
    check_golden(&show, "handed-over", find_event(&show, EV_SYNC, 0, 1), 0.5f);
    check_golden(&show, "never-freed", find_event(&show, EV_DEADLOCK, EVENT_NONE, 0), 1);
    show_close(&show);
    show_over(&show, tapes_waits("sim"));
    check_golden(&show, "waits", find_event(&show, EV_TASK_WAITING, 7, 0), 1);
    check_golden(&show, "callbacks", find_event(&show, EV_TASK_RUNNING, 6, 0), 1);
    check_golden(&show, "cancel-asked", find_event(&show, EV_CANCEL_REQUESTED, 6, 0), 0.5f);
    check_golden(&show, "cancelled", find_event(&show, EV_TASK_READY, 3, 1), 1);
    check_golden(&show, "batch", find_event(&show, EV_IO_COMPLETED, EVENT_NONE, 1), 0.5f);
    check_golden(&show, "failed", find_event(&show, EV_TASK_FAILED, 7, 0), 0.5f);
    check_golden(&show, "ended-cancelled", find_event(&show, EV_TASK_CANCELLED, 6, 0), 0.5f);
    show_close(&show);
    show_over(&show, tapes_ring(3));
    check_golden(&show, "deadlock", find_event(&show, EV_DEADLOCK, EVENT_NONE, 0), 1);
    check_golden(&show, "deadlock-comes", find_event(&show, EV_DEADLOCK, EVENT_NONE, 0), 0.5f);
    show_close(&show);
    show_over(&show, tapes_ring(8));
    check_golden(&show, "deadlock-of-eight", find_event(&show, EV_DEADLOCK, EVENT_NONE, 0), 1);
    show_close(&show);
    show_over(&show, tapes_ring(40));
    show.input.followed[show.input.followed_count++] = 21;
    check_golden(&show, "crowd-in-line", find_event(&show, EV_TASK_WAITING, 20, 0), 1);
    check_golden(&show, "deadlock-of-forty", find_event(&show, EV_DEADLOCK, EVENT_NONE, 0), 1);
    show_close(&show);
    show_over(&show, tapes_channel());
    check_golden(&show, "channel-again", find_event(&show, EV_IO_SUBMITTED, 0, 1), 0.5f);
    show_close(&show);
    show_over(&show, tapes_chain(3, WAIT_EVENT));
    check_golden(&show, "deadlock-chain", find_event(&show, EV_DEADLOCK, EVENT_NONE, 0), 1);
    show_close(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_has_one_filled_badge),
        cmocka_unit_test(nothing_is_clipped_or_overlaps),
        cmocka_unit_test(motion_joins_the_pictures_at_rest),
        cmocka_unit_test(every_kind_moves),
        cmocka_unit_test(who_waits_stands_in_line),
        cmocka_unit_test(what_is_handed_over_is_on_its_way),
        cmocka_unit_test(every_wait_says_what_for),
        cmocka_unit_test(a_channel_is_asked_for_anew),
        cmocka_unit_test(a_callback_is_no_task),
        cmocka_unit_test(a_cancelled_task_is_marked_until_it_hears_of_it),
        cmocka_unit_test(what_nobody_waits_for_is_beside_nobodys_card),
        cmocka_unit_test(a_ring_shows_who_waits_for_whom),
        cmocka_unit_test(a_ring_is_found_in_a_crowd),
        cmocka_unit_test(a_chain_ends_where_nobody_is_left),
        cmocka_unit_test(events_stand_at_the_gate_as_they_came),
        cmocka_unit_test(golden_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
