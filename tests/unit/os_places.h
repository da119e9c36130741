/* Files, folders and links put in place by hand, for the tests of the workspace. */
#ifndef LOOPSCOPE_TESTS_OS_PLACES_H
#define LOOPSCOPE_TESTS_OS_PLACES_H

#include "os_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

static inline char *path_in(const char *folder, const char *name, char out[1024]) {
    snprintf(out, 1024, "%s/%s", folder, name);
    return out;
}

static inline void put_file(const char *folder, const char *name, const char *text) {
    char path[1024];
    FILE *file = fopen(path_in(folder, name, path), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static inline bool holds(const char *folder, const char *name, const char *text) {
    char path[1024];
    char got[64] = "";
    FILE *file = fopen(path_in(folder, name, path), "rb");
    if (file == NULL) {
        return false;
    }
    const size_t size = fread(got, 1, sizeof got - 1, file);
    fclose(file);
    return size == strlen(text) && memcmp(got, text, size) == 0;
}

static inline bool exists(const char *folder, const char *name) {
    char path[1024];
    struct stat what;
    return lstat(path_in(folder, name, path), &what) == 0;
}

static inline void put_link(const char *folder, const char *name, const char *target) {
    char path[1024];
    assert_int_equal(symlink(target, path_in(folder, name, path)), 0);
}

static inline void put_folder(const char *folder, const char *name) {
    char path[1024];
    assert_int_equal(mkdir(path_in(folder, name, path), 0700), 0);
}

#endif
