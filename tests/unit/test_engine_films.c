/* Films of the shipped scenarios, looked at by a machine: played, stepped back through, and turned
 * round, paused and jumped about in at random. */
#include "engine_rig.h"

#include "view_film.h"

static void nothing_blinks_or_jumps(void **state) {
    EngineRun run;
    assert_true(engine_start(&run, *state, OS_BACKEND_SIM, 1));
    Show show;
    show_over(&show, run.log);
    if (log_count(run.log) < 2000) {
        film_play(&show, PACE_DEFAULT);
        film_back(&show);
        film_restless(&show, 1, 1500);
    }
    show.log = log_create(); /* the run's own is the run's */
    show_close(&show);
    engine_finish(&run);
}

int main(void) {
    return engine_run_each("films", "scenarios", nothing_blinks_or_jumps);
}
