/* Golden traces: every shipped scenario on the simulated system with seed 1, line by line.
 * UPDATE_GOLDEN=1 rewrites tests/golden/; the difference is for people to review. */
#include "engine_rig.h"

enum { LINES_KEPT = 500 };

/* The whole trace, or its beginning and a sum over the rest of a long one. */
static void trace_text(EngineRun *run, Buf *out) {
    export_header_line(run->log, out);
    const uint64_t count = log_count(run->log);
    uint64_t sum = UINT64_C(14695981039346656037); /* FNV-1a */
    Buf line = {0};
    for (uint64_t n = 0; n < count; n++) {
        buf_clear(&line);
        export_event_line(run->log, n, &line);
        if (n < LINES_KEPT) {
            buf_append(out, line.data, line.size_bytes);
        }
        for (size_t k = 0; n >= LINES_KEPT && k < line.size_bytes; k++) {
            sum = (sum ^ (unsigned char)line.data[k]) * UINT64_C(1099511628211);
        }
    }
    if (count > LINES_KEPT) {
        buf_append(out, line.data, line.size_bytes); /* the last one, to be read */
        buf_printf(out, "(%llu events in all; the rest sums up to %016llx)\n",
                   (unsigned long long)count, (unsigned long long)sum);
    }
    buf_finish(&line);
}

static void golden_path(const char *scenario, char *out, size_t size_bytes) {
    const char *name = strrchr(scenario, '/') + 1;
    snprintf(out, size_bytes, "tests/golden/%.*s.jsonl", (int)(strlen(name) - strlen(".json")),
             name);
}

static void compare_lines(const char *path, const char *got, const char *wanted) {
    uint64_t line = 1;
    while (*got != '\0' || *wanted != '\0') {
        const size_t got_length = strcspn(got, "\n");
        const size_t wanted_length = strcspn(wanted, "\n");
        if (got_length != wanted_length || memcmp(got, wanted, got_length) != 0) {
            fail_msg("%s:%llu differs\n  golden: %.*s\n  now:    %.*s\n"
                     "(UPDATE_GOLDEN=1 rewrites it)",
                     path, (unsigned long long)line, (int)wanted_length, wanted, (int)got_length,
                     got);
        }
        got += got_length + (got[got_length] == '\n');
        wanted += wanted_length + (wanted[wanted_length] == '\n');
        line++;
    }
}

static void trace_is_golden(void **state) {
    const char *scenario = *state;
    char path[512];
    golden_path(scenario, path, sizeof path);
    EngineRun run;
    assert_true(engine_start(&run, scenario, OS_BACKEND_SIM, 1));
    rig_check(run.log);
    Buf got = {0};
    trace_text(&run, &got);
    if (getenv("UPDATE_GOLDEN") != NULL) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(got.data, 1, got.size_bytes, file), got.size_bytes);
        assert_int_equal(fclose(file), 0);
    }
    Buf wanted = {0};
    engine_read_file(path, &wanted);
    compare_lines(path, buf_text(&got), buf_text(&wanted));
    buf_finish(&wanted);
    buf_finish(&got);
    engine_finish(&run);
}

/* The same seed gives the same run, another one gives another. */
static void a_seed_decides_the_run(void **state) {
    (void)state;
    Buf texts[3] = {{0}, {0}, {0}};
    static const uint64_t SEEDS[3] = {7, 7, 8};
    for (int i = 0; i < 3; i++) {
        EngineRun run;
        assert_true(engine_start(&run, "scenarios/three-writers.json", OS_BACKEND_SIM, SEEDS[i]));
        for (uint64_t n = 0; n < log_count(run.log); n++) {
            export_event_line(run.log, n, &texts[i]);
        }
        engine_finish(&run);
    }
    assert_string_equal(texts[0].data, texts[1].data);
    assert_string_not_equal(texts[0].data, texts[2].data);
    for (int i = 0; i < 3; i++) {
        buf_finish(&texts[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_seed_decides_the_run)};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + engine_run_each("golden", "scenarios", trace_is_golden);
}
