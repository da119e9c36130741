/* The order of events is CPython's: each tests/order/NAME.json under the engine, on every back end and
 * under many orders of completion, prints what NAME.py prints, and leaves the same files. */
#include "engine_rig.h"

#include <sys/wait.h>

enum { SIM_SEEDS = 6 };

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

static bool expect_as_twin(const char *json, const Twin *twin, OsBackend backend, uint64_t seed) {
    EngineRun run;
    const bool there = engine_start(&run, json, backend, seed);
    if (there) {
        Buf output = {0};
        engine_output(&run, &output);
        assert_string_equal(buf_text(&output), twin->output.data);
        buf_finish(&output);
        assert_int_equal(run.end.reason, STOP_DONE);
        rig_check(run.log);
    }
    if (run.folder[0] != '\0' && there) {
        Buf tree = {0};
        engine_tree(run.folder, "", &tree);
        assert_string_equal(buf_text(&tree), buf_text(&twin->tree));
        buf_finish(&tree);
    }
    engine_finish(&run);
    return there;
}

static void order_is_cpythons(void **state) {
    const char *json = *state;
    Twin twin = {{0}, {0}};
    run_twin(json, &twin);
    expect_as_twin(json, &twin, OS_BACKEND_IO_URING, 0); /* where the machine has it */
    assert_true(expect_as_twin(json, &twin, OS_BACKEND_THREADS, 0));
    for (uint64_t seed = 1; seed <= SIM_SEEDS; seed++) {
        assert_true(expect_as_twin(json, &twin, OS_BACKEND_SIM, seed));
    }
    buf_finish(&twin.output);
    buf_finish(&twin.tree);
}

int main(void) {
    return engine_run_each("order", "tests/order", order_is_cpythons);
}
