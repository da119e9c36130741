/* The ways and the times of the look: the table of motions row by row, ways that keep off the
 * thread's line, and the outlines where nothing travels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_checks.h"
#include "view_show.h"
#include "view_tapes.h"

#include <math.h>

static void the_table_is_the_looks(void **state) {
    (void)state;
    static const struct {
        EventKind kind;
        uint8_t a;
        uint32_t delay_ms, ms;
        Ease ease;
    } ROWS[] = {
        {EV_TASK_CREATED, 0, 0, 200, EASE_OUT},
        {EV_TASK_READY, READY_CREATED, 0, 200, EASE_OUT},
        {EV_CALLBACK_READY, 0, 0, 200, EASE_OUT},
        {EV_TASK_RUNNING, 0, 0, 320, EASE_IN_OUT},
        {EV_CALLBACK_RUN, 0, 0, 320, EASE_IN_OUT},
        {EV_STEP, 0, 0, 120, EASE_LINEAR},
        {EV_IO_SUBMITTED, 0, 0, 420, EASE_IN_OUT},
        {EV_TASK_WAITING, WAIT_IO, 80, 300, EASE_OUT},
        {EV_TASK_WAITING, WAIT_TIMER, 80, 300, EASE_OUT},
        {EV_TASK_WAITING, WAIT_LOCK, 80, 300, EASE_IN_OUT},
        {EV_TASK_WAITING, WAIT_QUEUE, 80, 300, EASE_IN_OUT},
        {EV_TASK_WAITING, WAIT_TASK, 80, 300, EASE_IN_OUT},
        {EV_POLL, 0, 0, 240, EASE_OUT},
        {EV_POLLED, 0, 0, 240, EASE_OUT},
        {EV_IO_ARRIVED, 0, 120, 420, EASE_IN_OUT},
        {EV_TASK_READY, READY_RESUMED, 0, 520, EASE_IN_OUT},
        {EV_TIMER_SET, 0, 0, 200, EASE_OUT},
        {EV_TIMER_FIRED, 0, 0, 360, EASE_IN_OUT},
        {EV_SYNC, SYNC_RELEASED, 0, 300, EASE_IN_OUT},
        {EV_OUTPUT, 0, 0, 160, EASE_OUT},
        {EV_TASK_FINISHED, 0, 0, 600, EASE_OUT},
        {EV_TASK_FAILED, 0, 0, 600, EASE_OUT},
        {EV_TASK_CANCELLED, 0, 0, 600, EASE_OUT},
        {EV_LOOP_BLOCKED, 0, 0, 160, EASE_LINEAR},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        Event event = event_make(ROWS[i].kind);
        event.a = ROWS[i].a;
        const Motion motion = motion_of(&event);
        assert_int_equal(motion.delay_ms, ROWS[i].delay_ms);
        assert_int_equal(motion.ms, ROWS[i].ms);
        assert_int_equal(motion.ease, ROWS[i].ease);
        const float all_ms = (float)motion_ms(motion);
        const float begins = (float)motion.delay_ms / all_ms, half = (1 + begins) / 2;
        assert_true(motion_share(motion, 0) == 0 && motion_share(motion, 1) == 1);
        assert_true(motion_share(motion, begins) < 0.001f);
        assert_float_equal(motion_share(motion, half), motion.ease == EASE_OUT ? 0.875 : 0.5,
                           0.001);
    }
}

/* ---- ways ---- */

/* How near the badge of a task is to the thread's line now, in units; far where one is not seen. */
static float badge_to_thread(const Show *show, uint32_t task) {
    const Scene *scene = &show->scene;
    const Draw *badge = NULL;
    float nearest = INFINITY;
    for (size_t i = 0; i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (draw->id == stage_id(STAGE_ID_BADGE, task) && draw->kind == DRAW_TEXT) {
            badge = draw;
        }
    }
    for (size_t i = 0; badge != NULL && i < scene->draw_count; i++) {
        const Draw *draw = &scene->draws[i];
        if (draw->id != stage_id(STAGE_ID_THREAD, 0) || draw->kind != DRAW_POLYLINE) {
            continue;
        }
        for (uint32_t k = 0; k < draw->count; k++) {
            const Point point = scene->points[draw->first + k];
            nearest = fminf(nearest, hypotf(point.x - badge->rect.x, point.y - badge->rect.y));
        }
    }
    return nearest / show->layout.u;
}

static void who_wakes_keeps_off_the_threads_line(void **state) {
    (void)state;
    static const struct {
        int width_px, height_px;
        float text_scale;
    } SIZES[] = {{1600, 900, 1}, {1024, 640, 1}, {1280, 720, 1.35f}, {1920, 1080, 1.18f}};
    Log *const logs[] = {tapes_shared("io_uring"), tapes_waits("sim"),
                         view_log_make(VIEW_SLEEPERS, 3, VIA_SIM, "sim")};
    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
        Show show;
        show_over(&show, logs[i]);
        size_t looked = 0;
        for (uint64_t n = 0; n < log_count(show.log); n++) {
            const Event *event = log_event(show.log, n);
            const bool sleeps = event->kind == EV_TASK_WAITING && event->a == WAIT_TIMER;
            for (size_t s = 0; s < 4 && (event->kind == EV_TASK_READY || sleeps); s++) {
                show_size(&show, SIZES[s].width_px, SIZES[s].height_px, SIZES[s].text_scale);
                for (int t = 0; t <= 40; t++) {
                    show_at(&show, n + 1, (float)t / 40);
                    const float near_u = badge_to_thread(&show, event->task);
                    /* In the slot it is beside the end of the line. */
                    assert_true(near_u > 10);
                    looked += near_u < INFINITY;
                }
            }
        }
        assert_true(looked > 100);
        show_close(&show);
    }
}

/* ---- too quick for travel ---- */

/* Outlines outside a card, drawn over everything: how many, and the strongest. */
static size_t flashes(Show *show, uint8_t *strongest) {
    size_t count = 0;
    *strongest = 0;
    for (size_t i = 0; i < show->scene.draw_count; i++) {
        const Draw *draw = &show->scene.draws[i];
        if (draw->kind == DRAW_RECT && draw->id == 0 && draw->fill.a == 0 &&
            draw->stroke_px == 3 * show->layout.u) {
            count++;
            *strongest = draw->stroke.a > *strongest ? draw->stroke.a : *strongest;
        }
    }
    return count;
}

static void places_are_outlined_where_nothing_travels(void **state) {
    (void)state;
    Show show;
    show_open(&show, VIEW_THREE, 3, VIA_IO_URING, "io_uring");
    const uint64_t runs = find_event(&show, EV_TASK_RUNNING, 0, 0);
    for (int pace = 0; pace < PACE_COUNT; pace++) {
        show.player.pace = pace;
        uint8_t strongest, later;
        show.player.playing = false;
        show_at(&show, runs, 1);
        assert_int_equal(flashes(&show, &strongest), 0); /* a pause is still */
        show.player.playing = true;
        show_at(&show, runs, 1);
        const size_t seen = flashes(&show, &strongest);
        if (PACES[pace] <= 12 || PACES[pace] > 60) {
            assert_int_equal(seen, 0);
            continue;
        }
        assert_true(seen > 0);
        assert_int_equal(strongest, 255);
        show_at(&show, runs + 1, 1); /* the step that follows moves nothing */
        assert_true(flashes(&show, &later) > 0);
        assert_true(later < strongest);
        show.player.reduced_motion = true;
        show_at(&show, runs, 1);
        assert_int_equal(flashes(&show, &strongest), 0);
        show.player.reduced_motion = false;
    }
    show_close(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_the_looks),
        cmocka_unit_test(who_wakes_keeps_off_the_threads_line),
        cmocka_unit_test(places_are_outlined_where_nothing_travels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
