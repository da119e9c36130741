/* What Inspect mode tells of an event: its facts are what a walk over the log finds, and the
 * bracket on the timeline says the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/format.h"
#include "view/inspect_facts.h"
#include "view_panes.h"
#include "view_tapes.h"

static const Fact *fact_named(const Fact *facts, size_t count, const char *key) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(facts[i].key, key) == 0) {
            return &facts[i];
        }
    }
    return NULL;
}

static size_t facts_at(Show *show, uint64_t n, Fact facts[FACTS_MAX]) {
    state_seek(show->after, n + 1);
    state_seek(show->before, n);
    return inspect_facts(&show->doc, n, facts);
}

/* The event of an operation, found by walking; UINT64_MAX where there is none. */
static uint64_t walk_op(const Show *show, EventKind kind, uint32_t op) {
    for (uint64_t n = 0; n < log_count(show->log); n++) {
        const Event *event = log_event(show->log, n);
        if (event->kind == kind && event->id == op) {
            return n;
        }
    }
    return UINT64_MAX;
}

static uint64_t walk_ns(const Show *show, EventKind kind, uint32_t op) {
    const uint64_t n = walk_op(show, kind, op);
    return n == UINT64_MAX ? UINT64_MAX : log_event(show->log, n)->t_ns;
}

static void an_operation_is_told_with_its_times(void **state) {
    (void)state;
    Show show;
    size_t seen = 0, told = 0;
    show_three(&show);
    for (uint64_t n = 0; n < log_count(show.log); n++) {
        const Event *event = log_event(show.log, n);
        const uint32_t op = inspect_op(show.timeline, n);
        if (op == EVENT_NONE || event->kind == EV_TASK_WAITING) {
            continue;
        }
        Fact facts[FACTS_MAX];
        char text[FORMAT_MAX], wanted[2 * FORMAT_MAX + 32];
        const size_t count = facts_at(&show, n, facts);
        const uint64_t from_ns = walk_ns(&show, EV_IO_SUBMITTED, op);
        const uint64_t arrived_ns = walk_ns(&show, EV_IO_ARRIVED, op);
        const uint64_t taken_ns = walk_ns(&show, EV_IO_COMPLETED, op);
        const uint64_t to_ns = arrived_ns != UINT64_MAX ? arrived_ns : taken_ns;
        (void)snprintf(wanted, sizeof wanted, "%s at the OS",
                       format_duration(text, to_ns - from_ns));
        assert_string_equal(fact_named(facts, count, "time there")->value, wanted);
        const Fact *waits = fact_named(facts, count, "waits for loop");
        assert_int_equal(waits != NULL, arrived_ns != UINT64_MAX);
        if (waits != NULL) {
            char until[FORMAT_MAX];
            (void)snprintf(wanted, sizeof wanted, "%s, until %s",
                           format_duration(text, taken_ns - arrived_ns),
                           format_duration(until, taken_ns));
            assert_string_equal(waits->value, wanted);
            assert_true(waits->strong);
            seen++;
        }
        told++;
    }
    assert_true(seen > 0 && told > 3 * seen);
    show_finish(&show);
}

/* How long a task ran, waited and was ready is what the state adds up. */
static void a_task_s_end_tells_its_times(void **state) {
    (void)state;
    Show show;
    size_t ends = 0;
    show_three(&show);
    for (uint64_t n = 0; n < log_count(show.log); n++) {
        const Event *event = log_event(show.log, n);
        if (event->kind != EV_TASK_FINISHED) {
            continue;
        }
        Fact facts[FACTS_MAX];
        char text[FORMAT_MAX];
        const size_t count = facts_at(&show, n, facts);
        const TaskInfo info = state_task(show.after, event->task);
        const uint64_t made = timeline_task_created(show.timeline, event->task);
        const uint64_t lived_ns = event->t_ns - log_event(show.log, made)->t_ns;
        assert_int_equal(info.run_ns + info.ready_ns + info.wait_ns, lived_ns);
        assert_string_equal(fact_named(facts, count, "lived for")->value,
                            format_duration(text, lived_ns));
        assert_string_equal(fact_named(facts, count, "ran for")->value,
                            format_duration(text, info.run_ns));
        ends++;
    }
    assert_int_equal(ends, 3);
    show_finish(&show);
}

/* Every kind that occurs has facts; none is empty, none is told twice. */
static void every_event_has_facts(void **state) {
    (void)state;
    bool met[EV_KIND_COUNT] = {false};
    size_t kinds = 0;
    Log *(*const TAPES[])(const char *) = {tapes_shared, tapes_waits};
    for (size_t i = 0; i < sizeof TAPES / sizeof TAPES[0] + 1; i++) {
        Show show;
        if (i == 0) {
            show_three(&show);
        } else {
            show_begin(&show, TAPES[i - 1]("sim"), VIEW_THREE, 3);
        }
        for (uint64_t n = 0; n < log_count(show.log); n++) {
            Fact facts[FACTS_MAX];
            const size_t count = facts_at(&show, n, facts);
            assert_true(count >= 1 && count <= FACTS_MAX);
            for (size_t k = 0; k < count; k++) {
                assert_true(facts[k].value[0] != '\0');
                assert_ptr_equal(fact_named(facts, count, facts[k].key), &facts[k]);
            }
            kinds += !met[log_event(show.log, n)->kind];
            met[log_event(show.log, n)->kind] = true;
        }
        show_finish(&show);
    }
    assert_true(kinds >= 20);
}

/* ---- the bracket ---- */

/* "465 µs at the OS" below the transport; the legend's "finished at the OS" has no digit. */
static bool has_bracket(const Show *show) {
    const Layout layout = layout_of(show);
    for (size_t i = 0; i < show->scene.draw_count; i++) {
        const Draw *draw = &show->scene.draws[i];
        char text[512];
        if (draw->kind == DRAW_TEXT && draw->rect.y > layout.timeline.y &&
            strstr(draw_text(&show->scene, draw, text), " at the OS") != NULL) {
            return text[0] >= '0' && text[0] <= '9';
        }
    }
    return false;
}

static void the_bracket_says_how_long_the_os_had_it(void **state) {
    (void)state;
    Show show;
    show_three(&show);
    show.input.mode = MODE_INSPECT;
    for (uint64_t n = 0; n < log_count(show.log); n++) {
        show_at(&show, n + 1);
        assert_int_equal(has_bracket(&show), inspect_op(show.timeline, n) != EVENT_NONE);
    }
    show.input.mode = MODE_WATCH;
    show_at(&show, walk_op(&show, EV_IO_SUBMITTED, 0) + 1);
    assert_false(has_bracket(&show));
    show_finish(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_operation_is_told_with_its_times),
        cmocka_unit_test(a_task_s_end_tells_its_times),
        cmocka_unit_test(every_event_has_facts),
        cmocka_unit_test(the_bracket_says_how_long_the_os_had_it),
    };
    return cmocka_run_group_tests_name("view/inspect_facts", tests, NULL, NULL);
}
