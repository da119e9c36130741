/* The program's own files, by names in UTF-8, on every system. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/system.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_MAX_BYTES = 4096, SHARED_NAMES = 3 };

/* Two names that no old code page has both of, and one with spaces. */
static const char *const NAMES[SHARED_NAMES] = {"schön.txt", "時計 \xf0\x9f\x95\x92.txt", "a b c"};

typedef struct Place {
    char folder[PATH_MAX_BYTES / 4];
} Place;

static int place_make(void **state) {
    Place *place = mem_alloc(1, sizeof *place);
    char parent[PATH_MAX_BYTES / 8];
    const bool named = file_variable("TMPDIR", parent, sizeof parent) ||
                       file_variable("TEMP", parent, sizeof parent);
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(place->folder, sizeof place->folder, "%s/test-files-%llu-%u",
                 named ? parent : "/tmp", (unsigned long long)clock_now_ns(), i);
        if (file_kind(place->folder) == FILE_KIND_NONE && file_make_folder(place->folder)) {
            break;
        }
    }
    *state = place;
    return file_kind(place->folder) == FILE_KIND_FOLDER ? 0 : -1;
}

static int place_remove(void **state) {
    Place *place = *state;
    file_remove_folder(place->folder);
    free(place);
    return 0;
}

static const char *in(const Place *place, const char *name, char out[PATH_MAX_BYTES]) {
    snprintf(out, PATH_MAX_BYTES, "%s/%s", place->folder, name);
    return out;
}

static void put(const char *path, const char *text) {
    const int file = file_open(path, FILE_USE_CREATE);
    assert_true(file >= 0);
    assert_true(file_write_all(file, text, strlen(text)));
    assert_true(file_sync(file));
    assert_true(file_close(file));
}

static void expect(const char *path, const char *text) {
    char got[256];
    FILE *stream = file_stream(path);
    assert_non_null(stream);
    const size_t length = fread(got, 1, sizeof got, stream);
    fclose(stream);
    assert_int_equal(length, strlen(text));
    assert_memory_equal(got, text, length);
}

static void names_in_any_script_are_kept_and_bytes_are_unchanged(void **state) {
    const Place *place = *state;
    char path[PATH_MAX_BYTES];
    for (int i = 0; i < SHARED_NAMES; i++) {
        put(in(place, NAMES[i], path), "one\ntwo\r\n\x1athree\n");
        expect(path, "one\ntwo\r\n\x1athree\n");
    }
    bool seen[SHARED_NAMES] = {false};
    FileFolder *folder = file_folder_open(place->folder);
    assert_non_null(folder);
    int count = 0;
    for (const char *name; (name = file_folder_next(folder)) != NULL; count++) {
        for (int i = 0; i < SHARED_NAMES; i++) {
            seen[i] = seen[i] || strcmp(name, NAMES[i]) == 0;
        }
    }
    file_folder_close(folder);
    assert_int_equal(count, SHARED_NAMES);
    for (int i = 0; i < SHARED_NAMES; i++) {
        assert_true(seen[i]);
        assert_true(file_remove(in(place, NAMES[i], path)));
        assert_int_equal(file_kind(path), FILE_KIND_NONE);
    }
}

static void a_file_takes_the_place_of_another_at_once(void **state) {
    const Place *place = *state;
    char from[PATH_MAX_BYTES], to[PATH_MAX_BYTES];
    put(in(place, "new", from), "new");
    put(in(place, "old", to), "old and longer");
    assert_true(file_replace(from, to));
    expect(to, "new");
    assert_int_equal(file_kind(from), FILE_KIND_NONE);
    assert_false(file_replace(from, to));
    assert_int_equal(errno, ENOENT);
    assert_true(file_remove(to));
}

static void what_is_there_is_not_made_anew_unasked(void **state) {
    const Place *place = *state;
    char path[PATH_MAX_BYTES];
    put(in(place, "a", path), "12345678");
    assert_int_equal(file_open(path, FILE_USE_CREATE_NEW), -1);
    assert_int_equal(errno, EEXIST);
    const int file = file_open(path, FILE_USE_WRITE);
    assert_true(file >= 0);
    assert_true(file_write_all(file, "ab", 2));
    assert_true(file_cut(file, 5));
    assert_true(file_close(file));
    expect(path, "ab345");
    assert_true(file_is_writable(path));
    assert_int_equal(file_kind(path), FILE_KIND_REGULAR);
    assert_true(file_remove(path));
    assert_int_equal(file_open(path, FILE_USE_READ), -1);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(file_open(path, FILE_USE_WRITE), -1);
    assert_int_equal(errno, ENOENT);
}

/* Windows' functions take 259 letters unless they are asked in another way. */
static void long_paths_work(void **state) {
    const Place *place = *state;
    char path[PATH_MAX_BYTES];
    char name[121];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    snprintf(path, sizeof path, "%s", place->folder);
    size_t lengths[4];
    for (int i = 0; i < 4; i++) {
        lengths[i] = strlen(path);
        snprintf(path + lengths[i], sizeof path - lengths[i], "/%s", name);
        assert_true(file_make_folder(path));
        assert_int_equal(file_kind(path), FILE_KIND_FOLDER);
    }
    const size_t length = strlen(path);
    snprintf(path + length, sizeof path - length, "/deep.txt");
    put(path, "deep");
    expect(path, "deep");
    char *whole = file_real_path(path);
    assert_non_null(whole);
    assert_string_equal(file_base_name(whole), "deep.txt");
    assert_true(strlen(whole) > 4 * (sizeof name - 1));
    free(whole);
    assert_true(file_remove(path));
    path[length] = '\0';
    for (int i = 3; i >= 0; i--) {
        assert_true(file_remove_folder(path));
        path[lengths[i]] = '\0';
    }
}

static void a_path_is_told_whole(void **state) {
    const Place *place = *state;
    char path[PATH_MAX_BYTES];
    put(in(place, "a", path), "");
    in(place, "./../.", path);
    char *parent = file_real_path(path);
    assert_non_null(parent);
    char *whole = file_real_path(in(place, "a", path));
    assert_non_null(whole);
    assert_memory_equal(whole, parent, strlen(parent));
    assert_null(strstr(whole, "?"));
    free(whole);
    free(parent);
    assert_true(file_remove(path));
    assert_null(file_real_path(path));
    assert_int_equal(errno, ENOENT);
}

static void the_program_knows_its_own_file(void **state) {
    (void)state;
    char program[PATH_MAX_BYTES];
    assert_true(system_program_path(program, sizeof program));
    assert_int_equal(file_kind(program), FILE_KIND_REGULAR);
    assert_memory_equal(file_base_name(program), "test_base_files", strlen("test_base_files"));
    char tight[4];
    assert_false(system_program_path(tight, sizeof tight));
    assert_false(file_variable("LOOPSCOPE_NO_SUCH_VARIABLE", program, sizeof program));
    assert_string_equal(file_base_name("no-slash"), "no-slash");
    assert_string_equal(file_base_name("a/b/"), "");
}

static void the_clock_moves_on_and_a_wait_ends(void **state) {
    (void)state;
    pthread_cond_t cond;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    system_cond_init(&cond);
    const uint64_t begin_ns = clock_now_ns();
    pthread_mutex_lock(&lock);
    uint64_t waits = 0;
    while (clock_now_ns() - begin_ns < 50000000) {
        system_cond_nap(&cond, &lock, 50000000);
        waits++;
    }
    pthread_mutex_unlock(&lock);
    assert_in_range(waits, 1, 1000); /* it sleeps; it does not spin */
    pthread_cond_destroy(&cond);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_in_any_script_are_kept_and_bytes_are_unchanged,
                                        place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_file_takes_the_place_of_another_at_once, place_make,
                                        place_remove),
        cmocka_unit_test_setup_teardown(what_is_there_is_not_made_anew_unasked, place_make,
                                        place_remove),
        cmocka_unit_test_setup_teardown(long_paths_work, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_path_is_told_whole, place_make, place_remove),
        cmocka_unit_test(the_program_knows_its_own_file),
        cmocka_unit_test(the_clock_moves_on_and_a_wait_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
