/* The code pane over scenarios that were run: where each task stands, long lines, golden scenes. */
#include "engine_class.h"

#include "view/code_places.h"
#include "view/code_rows.h"

#include <math.h>

static const CodeView VIEWS[] = {CODE_STEPS, CODE_PYTHON, CODE_JSON};

/* The heading of what a task runs, in each view. */
static const char *const HEADINGS[] = {
    [CODE_STEPS] = "%s %s", [CODE_PYTHON] = "async def %s(", [CODE_JSON] = "\"%s\": ["};

static void check_heading(const Class *class, CodeView view, uint32_t task, const char *name,
                          bool spawned) {
    const int32_t line =
        places_line_of(&class->doc, &class->listings[view], class->doc.after, task);
    assert_true(line >= 0);
    const ListingLine *heading = &class->listings[view].lines[line];
    char wanted[128];
    assert_true(heading->heading);
    if (view == CODE_STEPS) {
        snprintf(wanted, sizeof wanted, HEADINGS[view], spawned ? "coroutine" : "task", name);
    } else {
        snprintf(wanted, sizeof wanted, HEADINGS[view], name);
    }
    const bool braces = view == CODE_JSON && !spawned; /* a task of the file is an object */
    if (strncmp(heading->text, braces ? "{" : wanted, strlen(braces ? "{" : wanted)) != 0) {
        fail_msg("task %u stands at \"%s\"", task, heading->text);
    }
}

static void a_task_that_has_not_begun_stands_at_its_heading(void **state) {
    (void)state;
    Class class;
    class_open(&class, "scenarios/gather.json", true);
    const uint64_t cursor = class_after(&class, EV_NOTE, 0); /* three are made, none has begun */
    state_seek(class.doc.after, cursor);
    assert_int_equal(state_loop(class.doc.after)->tasks, 4);
    static const char *const NAMES[] = {NULL, "buy_bread", "buy_milk", "buy_fruit"};
    for (size_t i = 0; i < 3; i++) {
        for (uint32_t task = 1; task < 4; task++) {
            check_heading(&class, VIEWS[i], task, NAMES[task], true);
        }
        state_seek(class.doc.after, 2); /* "shop" was created, and is ready */
        check_heading(&class, VIEWS[i], 0, "shop", false);
        state_seek(class.doc.after, cursor);
    }
    class_close(&class);
}

/* Wherever a task stands that is alive, every view has a line for it. */
static void every_task_stands_somewhere(void **state) {
    Class class;
    class_open(&class, *state, true);
    const uint64_t count = timeline_count(class.timeline);
    for (uint64_t cursor = 1; cursor <= count && cursor <= 600; cursor++) {
        state_seek(class.doc.after, cursor);
        const uint64_t tasks = state_loop(class.doc.after)->tasks;
        for (uint32_t task = 0; task < tasks && task < 40; task++) {
            for (size_t i = 0; i < 3; i++) {
                assert_true(places_line_of(&class.doc, &class.listings[VIEWS[i]], class.doc.after,
                                           task) >= 0);
            }
        }
        Places places;
        places_find(&places, &class.doc, &class.listings[CODE_PYTHON]);
        uint64_t found = 0;
        for (size_t i = 0; i < places.count; i++) {
            found += places.places[i].line >= 0 ? places.places[i].count : 0;
        }
        const uint64_t *phases = state_loop(class.doc.after)->phase_counts;
        assert_int_equal(found, phases[TASK_NEW] + phases[TASK_READY] + phases[TASK_RUNNING] +
                                    phases[TASK_WAITING]);
    }
    class_close(&class);
}

/* ---- long lines ---- */

/* The texts drawn in the pane, one after the other, without blanks. */
static void drawn_text(const Class *class, Buf *out) {
    for (size_t i = 0; i < class->scene.draw_count; i++) {
        const Draw *draw = &class->scene.draws[i];
        const char *text = class->scene.text + draw->first;
        for (uint32_t k = 0; draw->kind == DRAW_TEXT && k < draw->count; k++) {
            if (text[k] != ' ') {
                buf_append_char(out, text[k]);
            }
        }
    }
}

static void without_blanks(const char *text, Buf *out) {
    for (; *text != '\0'; text++) {
        if (*text != ' ') {
            buf_append_char(out, *text);
        }
    }
}

static float line_to_buf(Class *class, const CodeGrid *grid, const ListingLine *line, Buf *out) {
    scene_clear(&class->scene, 1280, 720);
    const float end = code_line_draw(&class->canvas, grid, line, &(CodeLook){0}, 40, 100);
    drawn_text(class, out);
    return end;
}

/* Whatever the room, no sign of a line is lost, and none reaches out of the pane. */
static void long_lines_are_wrapped_whole(void **state) {
    Class class;
    class_open(&class, *state, true);
    class_show(&class, panel_code, 1);
    const float column = canvas_width(&class.canvas, FONT_MONO, 15, "0");
    for (uint32_t columns = 16; columns <= 40; columns += 8) {
        const CodeGrid grid = {.view = CODE_PYTHON,
                               .size_u = 15,
                               .column_px = column,
                               .pitch_px = 20,
                               .columns = columns,
                               .rows_max = CODE_ROWS_MAX};
        const Listing *listing = &class.listings[CODE_PYTHON];
        for (uint32_t i = 0; i < listing->count && i < 120; i++) {
            Buf got = {0}, wanted = {0};
            const float end = line_to_buf(&class, &grid, &listing->lines[i], &got);
            without_blanks(listing->lines[i].text, &wanted);
            assert_string_equal(buf_text(&got), buf_text(&wanted));
            assert_true(end <= 40 + column * (float)(columns + 1));
            const float bottom = 100 + 20 * (float)(code_line_rows(&grid, &listing->lines[i]) - 1);
            for (size_t k = 0; k < class.scene.draw_count; k++) {
                const Draw *draw = &class.scene.draws[k];
                assert_true(draw->kind != DRAW_TEXT || draw->rect.y <= bottom + 0.1f);
                assert_true(draw->kind != DRAW_TEXT ||
                            draw->rect.x + draw->rect.w <= 40 + column * ((float)columns + 3.1f));
            }
            buf_finish(&got);
            buf_finish(&wanted);
        }
    }
    class_close(&class);
}

/* The current line's ground is as high as its rows, and in sight, in every view. */
static void the_whole_current_step_is_marked(void **state) {
    Class class;
    class_open(&class, *state, true);
    const uint64_t count = timeline_count(class.timeline);
    for (uint64_t cursor = 1; cursor <= count && cursor <= 120; cursor++) {
        for (size_t i = 0; i < 3; i++) {
            class.input.code_view = VIEWS[i];
            class_show(&class, panel_code, cursor);
            size_t bars = 0;
            for (size_t k = 0; k < class.scene.draw_count; k++) {
                const Draw *draw = &class.scene.draws[k];
                if (draw->kind == DRAW_RECT && draw->rect.x == 0 &&
                    fabsf(draw->rect.w - 5 * class.layout.u) < 0.1f) {
                    bars++;
                    assert_true(draw->rect.y >= class.layout.code.y + 60 * class.layout.u);
                    assert_true(draw->rect.y < class.layout.code.y + class.layout.code.h);
                }
            }
            assert_int_equal(bars, 1);
        }
    }
    class_close(&class);
}

static void golden_moments(void **state) {
    (void)state;
    Class class;
    class_open(&class, "scenarios/three-writers.json", true);
    class.input.code_view = CODE_PYTHON;
    class_show(&class, panel_code, class_after(&class, EV_TASK_RUNNING, 1));
    check_golden_scene(&class.scene, "code-begins");
    class_show(&class, panel_code, class_after(&class, EV_STEP, 3));
    check_golden_scene(&class.scene, "code-wrapped");
    class.input.code_view = CODE_JSON;
    class_show(&class, panel_code, class_after(&class, EV_STEP, 3));
    check_golden_scene(&class.scene, "code-json");
    class.input.code_view = CODE_STEPS;
    class_show(&class, panel_code, class_after(&class, EV_STEP, 3));
    check_golden_scene(&class.scene, "code-steps");
    class_close(&class);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_that_has_not_begun_stands_at_its_heading),
        cmocka_unit_test(golden_moments),
    };
    int failed = cmocka_run_group_tests_name("code", tests, NULL, NULL);
    failed += engine_run_each("where tasks stand", "scenarios", every_task_stands_somewhere);
    failed += engine_run_each("long lines", "scenarios", long_lines_are_wrapped_whole);
    failed += engine_run_each("the current step", "scenarios", the_whole_current_step_is_marked);
    return failed;
}
