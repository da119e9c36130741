/* Films of the shipped scenarios, looked at by a machine: played, stepped back through, and turned
 * round, paused and jumped about in at random. */
#include "engine_rig.h"

#include "view_film.h"

enum { LONG_RUN = 2000 }; /* events; a film of so many would take hours */

static const struct {
    int width_px, height_px;
    float text_scale;
} SIZES[] = {{1024, 640, 1}, {1280, 720, 1.18f}, {1280, 720, 1.35f}, {1920, 1080, 1}};

static void nothing_blinks_or_jumps(void **state) {
    EngineRun run;
    assert_true(engine_start(&run, *state, OS_BACKEND_SIM, 1));
    Show show;
    show_over(&show, run.log);
    if (log_count(run.log) < LONG_RUN) {
        film_play(&show, PACE_DEFAULT);
        film_back(&show);
        film_restless(&show, 1, 1500);
        for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
            show_size(&show, SIZES[i].width_px, SIZES[i].height_px, SIZES[i].text_scale);
            film_play(&show, PACE_DEFAULT);
        }
    }
    show.log = log_create(); /* the run's own is the run's */
    show_close(&show);
    engine_finish(&run);
}

int main(void) {
    return engine_run_each("films", "scenarios", nothing_blinks_or_jumps);
}
