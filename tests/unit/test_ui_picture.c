#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/picture.h"

#include <SDL_image.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WIDTH = 37, HEIGHT = 23 };

typedef struct Place {
    char folder[64], file[96];
    uint32_t pixels[WIDTH * HEIGHT];
} Place;

static int open_place(void **state) {
    Place *place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/loopscope-picture-XXXXXX");
    if (place == NULL || mkdtemp(place->folder) == NULL) {
        return -1;
    }
    snprintf(place->file, sizeof place->file, "%s/a picture.png", place->folder);
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i++) {
        place->pixels[i] = 0xFF000000U | (i * 2654435761U >> 8);
    }
    *state = place;
    return 0;
}

static int close_place(void **state) {
    Place *place = *state;
    unlink(place->file);
    rmdir(place->folder);
    free(place);
    return 0;
}

/* How many files the folder holds. */
static int files_in(const char *folder) {
    DIR *dir = opendir(folder);
    int count = 0;
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        count += entry->d_name[0] != '.';
    }
    closedir(dir);
    return count;
}

static void assert_shows(const char *file, const uint32_t *pixels) {
    SDL_Surface *loaded = IMG_Load(file);
    assert_non_null(loaded);
    SDL_Surface *surface = SDL_ConvertSurfaceFormat(loaded, SDL_PIXELFORMAT_ARGB8888, 0);
    assert_non_null(surface);
    assert_int_equal(surface->w, WIDTH);
    assert_int_equal(surface->h, HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
        assert_memory_equal((char *)surface->pixels + y * surface->pitch, pixels + y * WIDTH,
                            WIDTH * sizeof *pixels);
    }
    SDL_FreeSurface(surface);
    SDL_FreeSurface(loaded);
}

static void a_picture_reads_back_as_it_was(void **state) {
    Place *place = *state;
    Diags diags = {0};
    assert_true(picture_write_png(place->file, place->pixels, WIDTH, HEIGHT, &diags));
    assert_int_equal(diags.count, 0);
    assert_shows(place->file, place->pixels);
    assert_int_equal(files_in(place->folder), 1);
    diags_finish(&diags);
}

static void a_picture_replaces_the_old_one(void **state) {
    Place *place = *state;
    Diags diags = {0};
    FILE *old = fopen(place->file, "w");
    assert_non_null(old);
    fputs("what was here before", old);
    fclose(old);
    assert_true(picture_write_png(place->file, place->pixels, WIDTH, HEIGHT, &diags));
    assert_shows(place->file, place->pixels);
    assert_int_equal(files_in(place->folder), 1);
    diags_finish(&diags);
}

static void a_missing_folder_is_told(void **state) {
    Place *place = *state;
    Diags diags = {0};
    char file[160];
    snprintf(file, sizeof file, "%s/not/here.png", place->folder);
    assert_false(picture_write_png(file, place->pixels, WIDTH, HEIGHT, &diags));
    assert_int_equal(diags.count, 1);
    assert_string_equal(diags.items[0].file, file);
    assert_non_null(strstr(diags.items[0].message, strerror(2)));
    diags_finish(&diags);
}

/* What a limit or a full disk cuts off is removed, and the old picture stays. */
static void a_write_cut_short_leaves_the_old_picture(void **state) {
    Place *place = *state;
    Diags diags = {0};
    FILE *old = fopen(place->file, "w");
    assert_non_null(old);
    fputs("old", old);
    fclose(old);
    struct rlimit before, tight;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = before;
    tight.rlim_cur = 100;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    const bool written = picture_write_png(place->file, place->pixels, WIDTH, HEIGHT, &diags);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_false(written);
    assert_int_equal(diags.count, 1);
    assert_int_equal(files_in(place->folder), 1);
    char text[8] = "";
    FILE *left = fopen(place->file, "r");
    assert_non_null(left);
    assert_non_null(fgets(text, sizeof text, left));
    fclose(left);
    assert_string_equal(text, "old");
    diags_finish(&diags);
}

static void a_full_device_is_told_and_stays(void **state) {
    Place *place = *state;
    Diags diags = {0};
    if (access("/dev/full", W_OK) != 0) {
        skip();
    }
    assert_false(picture_write_png("/dev/full", place->pixels, WIDTH, HEIGHT, &diags));
    assert_int_equal(diags.count, 1);
    assert_non_null(strstr(diags.items[0].message, "space"));
    struct stat info;
    assert_int_equal(stat("/dev/full", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
    diags_finish(&diags);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_picture_reads_back_as_it_was, open_place, close_place),
        cmocka_unit_test_setup_teardown(a_picture_replaces_the_old_one, open_place, close_place),
        cmocka_unit_test_setup_teardown(a_missing_folder_is_told, open_place, close_place),
        cmocka_unit_test_setup_teardown(a_write_cut_short_leaves_the_old_picture, open_place,
                                        close_place),
        cmocka_unit_test_setup_teardown(a_full_device_is_told_and_stays, open_place, close_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
