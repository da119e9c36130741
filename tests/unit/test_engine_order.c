/* The order of events is CPython's: each tests/order/NAME.json under the engine, on every back end
 * and under many orders of completion, prints what NAME.py prints, and leaves the same files. */
#include "engine_rig.h"

#include <sys/wait.h>
#include <unistd.h>

enum { SIM_SEEDS = 6, ATTEMPTS = 4 };

typedef struct Twin {
    Buf output;
    Buf tree;
} Twin;

static void run_twin(const char *json, Twin *twin) {
    char folder[256];
    char here[512];
    char command[1024];
    assert_true(workspace_make_temporary(folder, sizeof folder, NULL));
    assert_non_null(getcwd(here, sizeof here));
    snprintf(command, sizeof command, "cd '%s' && exec python3 '%s/%.*s.py' 2>/dev/null", folder,
             here, (int)(strlen(json) - strlen(".json")), json);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    char bytes[4096];
    for (size_t got = 0; (got = fread(bytes, 1, sizeof bytes, pipe)) > 0;) {
        buf_append(&twin->output, bytes, got);
    }
    const int status = pclose(pipe);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(twin->output.size_bytes > 0);
    engine_tree(folder, "", &twin->tree);
    assert_true(workspace_remove(folder));
}

/* Whether the run agrees with its twin; on the simulation no files are to be seen. */
static bool agrees(EngineRun *run, const Twin *twin) {
    Buf output = {0};
    engine_output(run, &output);
    bool same = strcmp(buf_text(&output), twin->output.data) == 0;
    buf_finish(&output);
    if (run->folder[0] != '\0') {
        Buf tree = {0};
        engine_tree(run->folder, "", &tree);
        same = same && strcmp(buf_text(&tree), buf_text(&twin->tree)) == 0;
        buf_finish(&tree);
    }
    return same;
}

static bool runs_as_twin(const char *json, const Twin *twin, OsBackend backend, uint64_t seed) {
    EngineRun run;
    bool same = true;
    if (engine_start(&run, json, backend, seed)) {
        /* Some twins leave tasks behind that wait for each other for ever. */
        assert_true(run.end.reason == STOP_DONE || run.end.reason == STOP_DEADLOCK);
        rig_check(run.log);
        same = agrees(&run, twin);
        if (!same) {
            Buf output = {0};
            engine_output(&run, &output);
            print_message("%s, seed %llu:\n%sCPython:\n%s", os_backend_name(backend),
                          (unsigned long long)seed, buf_text(&output), twin->output.data);
            buf_finish(&output);
        }
    } else {
        assert_int_equal(backend, OS_BACKEND_IO_URING); /* the only one that may be missing */
    }
    engine_finish(&run);
    return same;
}

static bool attempt(const char *json) {
    Twin twin = {{0}, {0}};
    run_twin(json, &twin);
    bool same = true;
    const BackEnds here = back_ends();
    for (size_t i = 0; same && i < here.count; i++) {
        const uint64_t seeds = here.all[i] == OS_BACKEND_SIM ? SIM_SEEDS : 1;
        for (uint64_t seed = 1; same && seed <= seeds; seed++) {
            same = runs_as_twin(json, &twin, here.all[i], seed);
        }
    }
    buf_finish(&twin.output);
    buf_finish(&twin.tree);
    return same;
}

/* A busy machine may delay a turn past a timer, here or there: a wrong order is wrong each time. */
static void order_is_cpythons(void **state) {
    bool same = false;
    for (int attempts = 0; !same && attempts < ATTEMPTS; attempts++) {
        same = attempt(*state);
    }
    assert_true(same);
}

int main(void) {
    return engine_run_each("order", "tests/order", order_is_cpythons);
}
