/* The names of back ends and errors, and which back ends a build has. */
#include "os_fixture.h"

static void test_names(void **state) {
    (void)state;
    for (int i = 0; i < OS_BACKEND_COUNT; i++) {
        OsBackend parsed = OS_BACKEND_COUNT;
        assert_true(os_backend_parse(os_backend_name((OsBackend)i), &parsed));
        assert_int_equal(parsed, i);
    }
    OsBackend untouched = OS_BACKEND_SIM;
    assert_false(os_backend_parse("uring", &untouched));
    assert_false(os_backend_parse("", &untouched));
    assert_false(os_backend_parse("SIM", &untouched));
    assert_int_equal(untouched, OS_BACKEND_SIM);
    assert_string_equal(os_error_text(ENOSPC), "No space left on device");
    assert_string_equal(os_error_text(EPERM), "Operation not permitted");
}

/* What was not built is refused by name; what was has words that say what it is. */
static void test_back_ends_of_other_systems(void **state) {
    (void)state;
    assert_null(os_backend_about(OS_BACKEND_AUTO));
    assert_non_null(os_backend_about(OS_BACKEND_SIM));
    size_t real = 0;
    for (OsBackend backend = OS_BACKEND_IO_URING; backend < OS_BACKEND_SIM; backend++) {
        if (os_backend_about(backend) != NULL) {
            real++;
            continue;
        }
        Diags diags = {0};
        const OsConfig config = {.backend = backend, .workspace = "."};
        assert_null(os_create(&config, &diags));
        assert_int_equal(diags.count, 1);
        assert_non_null(strstr(diags.items[0].message, os_backend_name(backend)));
        assert_non_null(strstr(diags.items[0].message, "is not available on this system"));
        diags_finish(&diags);
    }
    assert_true(real >= 1);
    os_destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_back_ends_of_other_systems),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
