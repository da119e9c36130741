/* The run's own folder: made fresh under the system's temporary folder, removed with all in it. */
#include "os_fixture.h"
#include "os_places.h"

static void test_temporary(void **state) {
    (void)state;
    char first[512];
    char second[512];
    struct stat what;
    make_folder(first, sizeof first);
    make_folder(second, sizeof second);
    assert_string_not_equal(first, second);
    assert_int_equal(lstat(first, &what), 0);
    assert_true(S_ISDIR(what.st_mode));
    assert_int_equal(what.st_mode & 0777, 0700);
    put_folder(first, "a");
    put_folder(first, "a/b");
    put_folder(first, "empty");
    put_file(first, "a/b/file", "x");
    put_file(first, ".removing-0", "a name that removing itself would take");
    put_link(first, "a/b/out", second);
    put_file(second, "stays", "stays");
    assert_true(workspace_remove(first));
    assert_int_equal(lstat(first, &what), -1);
    assert_true(holds(second, "stays", "stays"));
    assert_false(workspace_remove(first)); /* it is gone */
    assert_true(workspace_remove(second));
}

static void test_temporary_refused(void **state) {
    (void)state;
    char out[512];
    char tiny[8];
    Diags diags = {0};
    const char *before = getenv("TMPDIR");
    char *kept = before == NULL ? NULL : mem_copy_text(before, strlen(before));
    assert_false(workspace_make_temporary(tiny, sizeof tiny, &diags));
    assert_int_equal(diags.count, 1);
    setenv("TMPDIR", "/nowhere/at/all", 1);
    assert_false(workspace_make_temporary(out, sizeof out, &diags));
    assert_int_equal(diags.count, 2);
    assert_non_null(strstr(diags.items[1].message, "No such file or directory"));
    setenv("TMPDIR", "relative", 1);
    assert_true(workspace_make_temporary(out, sizeof out, &diags));
    assert_int_equal(strncmp(out, "/tmp/", 5), 0);
    assert_true(workspace_remove(out));
    if (kept == NULL) {
        unsetenv("TMPDIR");
    } else {
        setenv("TMPDIR", kept, 1);
    }
    free(kept);
    diags_finish(&diags);
}

/* Removing is for folders of ours alone. */
static void test_removes_only_its_own(void **state) {
    (void)state;
    char folder[512];
    char path[1024];
    char link[1024];
    make_folder(folder, sizeof folder);
    put_folder(folder, "other");
    put_file(folder, "other/file", "x");
    put_file(folder, "loopscope-file", "x");
    assert_false(workspace_remove(path_in(folder, "other", path)));
    assert_false(workspace_remove(path_in(folder, "loopscope-file", path)));
    put_link(folder, "loopscope-link", "other");
    assert_false(workspace_remove(path_in(folder, "loopscope-link", link)));
    assert_true(holds(folder, "other/file", "x"));
    assert_true(workspace_remove(folder));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_temporary),
        cmocka_unit_test(test_temporary_refused),
        cmocka_unit_test(test_removes_only_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
