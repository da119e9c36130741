/* The filter: which names a pattern matches, and tasks that are made while it is on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_checks.h"
#include "view_tapes.h"

#include "view/filter.h"

static void patterns(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *name;
        bool matches;
    } ROWS[] = {
        {"work", "worker-12", true},
        {"WORK", "worker-12", true},
        {"12", "worker-12", true},
        {"13", "worker-12", false},
        {"", "worker", true},
        {"worker-12x", "worker-12", false},
        {"*", "", true},
        {"w*2", "worker-12", true},
        {"w*3", "worker-12", false},
        {"work", "wor", false},
        {"worker-??", "worker-12", true},
        {"worker-?", "worker-12", false},
        {"*er-1*", "worker-12", true},
        {"*-*-*", "worker-12", false},
        {"a*b*c", "aXbYbZc", true},
        {"a*b*c", "aXbYbZ", false},
        {"**", "x", true},
        {"?", "", false},
        {"r-1", "rr-1", true},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (filter_matches(ROWS[i].pattern, ROWS[i].name) != ROWS[i].matches) {
            fail_msg("\"%s\" on \"%s\"", ROWS[i].pattern, ROWS[i].name);
        }
    }
}

static void tasks_that_are_made_later_are_looked_at(void **state) {
    (void)state;
    Tape tape = tape_make();
    Timeline *timeline = timeline_create(tape.log);
    TaskFilter filter = {.looked_at = 0};
    assert_true(filter_has(&filter, 7));
    assert_true(filter_has(NULL, 7));
    assert_false(filter_is_on(NULL) || filter_is_on(&filter));
    filter_set(&filter, "even");
    for (uint32_t task = 0; task < 1000; task++) {
        char name[24];
        (void)snprintf(name, sizeof name, "%s-%u", task % 2 ? "odd" : "even", (unsigned)task);
        tape_new(&tape, task, name);
        if (task % 100 == 50) {
            assert_true(timeline_follow(timeline, UINT64_MAX));
            filter_follow(&filter, timeline);
            assert_int_equal(filter.matches, task / 2 + 1);
        }
    }
    assert_true(filter_has(&filter, 2) && !filter_has(&filter, 3));
    assert_false(filter_has(&filter, 998)); /* not looked at yet */
    assert_true(timeline_follow(timeline, UINT64_MAX));
    filter_follow(&filter, timeline);
    assert_true(filter_has(&filter, 998));
    assert_int_equal(filter.first[3], 6);
    filter_set(&filter, "odd");
    filter_follow(&filter, timeline);
    assert_int_equal(filter.matches, 500);
    assert_true(filter_has(&filter, 3) && !filter_has(&filter, 2));
    filter_finish(&filter);
    timeline_destroy(timeline);
    tape_finish(&tape);
}

static uint8_t alpha_of(const Scene *scene, const char *name) {
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (draw->kind == DRAW_TEXT && draw->count == strlen(name) &&
            memcmp(scene->text + draw->first, name, draw->count) == 0) {
            return draw->fill.a;
        }
    }
    fail_msg("\"%s\" is not shown", name);
    return 0;
}

static void the_stage_lets_matches_stand_out(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_shared("io_uring"));
    TaskFilter filter = {.looked_at = 0};
    filter_set(&filter, "*RL");
    filter_follow(&filter, show.doc.timeline);
    show.input.filter = &filter;
    show_at(&show, find_event(&show, EV_TASK_WAITING, 2, 0), 1);
    assert_int_equal(alpha_of(&show.scene, "carl"), 255);
    assert_true(alpha_of(&show.scene, "bert") < 128);
    assert_true(shows_text(&show.scene, "/*rl") || shows_text(&show.scene, "/*RL"));
    assert_true(shows_text(&show.scene, "1 of 6 tasks"));
    check_room(&show, find_event(&show, EV_TASK_WAITING, 2, 0));
    filter_finish(&filter);
    show_close(&show);
}

/* In a crowd those that are followed have a letter, wherever they are. */
static void the_followed_have_letters(void **state) {
    (void)state;
    Show show;
    show_over(&show, tapes_ring(40));
    show.input.followed[0] = 17;
    show.input.followed[1] = 3;
    show.input.followed_count = 2;
    show_at(&show, 100, 1);
    assert_int_equal(identity_of(&show.canvas, 17), 0);
    assert_int_equal(identity_of(&show.canvas, 3), 1);
    assert_int_equal(identity_of(&show.canvas, 0), -1);
    assert_true(shows_text(&show.scene, "following"));
    assert_true(shows_text(&show.scene, "thinker17"));
    for (uint64_t cursor = 0; cursor <= log_count(show.log); cursor += 7) {
        check_room(&show, cursor);
    }
    show_close(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns),
        cmocka_unit_test(tasks_that_are_made_later_are_looked_at),
        cmocka_unit_test(the_stage_lets_matches_stand_out),
        cmocka_unit_test(the_followed_have_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
