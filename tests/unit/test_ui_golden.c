/* Golden pictures of the main screens, painted with the window's own fonts and made a quarter as
 * large: tests/golden/pictures/NAME.png, which UPDATE_GOLDEN=1 writes anew; look at them. What the
 * golden scenes say exactly is seen here as a whole: a panel that is not painted, wrong colours,
 * another order. Fonts differ a little from version to version, so pictures may, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui_stand.h"
#include "view_screens.h"

#include "ui/painter.h"
#include "ui/picture.h"

#include <SDL_image.h>

enum {
    WIDTH = 1280,
    HEIGHT = 720,
    SMALLER = 4,
    SMALL_WIDTH = WIDTH / SMALLER,
    SMALL_HEIGHT = HEIGHT / SMALLER,
    PIXELS = SMALL_WIDTH * SMALL_HEIGHT,
    FAR_APART = 40,         /* of 255: another thing stands there */
    FAR_MOST = PIXELS / 100 /* words that are a little wider move others */
};

typedef struct GoldenRow {
    const char *name;   /* of the picture */
    const char *screen; /* of SCREENS */
    ThemeName theme;
} GoldenRow;

static const GoldenRow ROWS[] = {
    {"main", "three", THEME_DARK},
    {"main-light", "three", THEME_LIGHT},
    {"main-contrast", "three", THEME_CONTRAST},
    {"frozen", "two ways", THEME_DARK},
    {"question", "question", THEME_DARK},
    {"inspect", "inspect", THEME_DARK},
    {"crowd", "crowd of thousands", THEME_DARK},
    {"compare", "compare", THEME_DARK},
    {"welcome", "welcome", THEME_DARK},
    {"problem", "problem", THEME_LIGHT},
};

static const ScreenRow *screen_named(const char *name) {
    size_t i = 0;
    while (i < SCREEN_ROWS && strcmp(SCREENS[i].name, name) != 0) {
        i++;
    }
    assert_true(i < SCREEN_ROWS);
    return &SCREENS[i];
}

static int part_of(uint32_t pixel, int channel) {
    return (int)(pixel >> (8 * channel) & 0xFF);
}

/* Each pixel is the mean of those that it stands for. */
static void make_smaller(const uint32_t *pixels, uint32_t *small) {
    for (int at = 0; at < PIXELS; at++) {
        const int left = at % SMALL_WIDTH * SMALLER, top = at / SMALL_WIDTH * SMALLER;
        small[at] = 0xFF000000U;
        for (int channel = 0; channel < 3; channel++) {
            int sum = 0;
            for (int i = 0; i < SMALLER * SMALLER; i++) {
                sum += part_of(pixels[(top + i / SMALLER) * WIDTH + left + i % SMALLER], channel);
            }
            small[at] |= (uint32_t)(sum / (SMALLER * SMALLER)) << (8 * channel);
        }
    }
}

static void golden_read_picture(const char *file, uint32_t *small) {
    SDL_Surface *loaded = IMG_Load(file);
    if (loaded == NULL) {
        fail_msg("%s is missing: make golden", file);
        return;
    }
    SDL_Surface *surface = SDL_ConvertSurfaceFormat(loaded, SDL_PIXELFORMAT_ARGB8888, 0);
    assert_non_null(surface);
    assert_int_equal(surface->w, SMALL_WIDTH);
    assert_int_equal(surface->h, SMALL_HEIGHT);
    for (int y = 0; y < SMALL_HEIGHT; y++) {
        memcpy(small + (ptrdiff_t)y * SMALL_WIDTH, (char *)surface->pixels + y * surface->pitch,
               SMALL_WIDTH * sizeof *small);
    }
    SDL_FreeSurface(surface);
    SDL_FreeSurface(loaded);
}

/* How many pixels are far apart. */
static int far_apart(const uint32_t *a, const uint32_t *b) {
    int count = 0;
    for (int at = 0; at < PIXELS; at++) {
        bool is_far = false;
        for (int channel = 0; channel < 3; channel++) {
            is_far |= abs(part_of(a[at], channel) - part_of(b[at], channel)) > FAR_APART;
        }
        count += is_far;
    }
    return count;
}

static void paint(Painter *painter, const GoldenRow *row, uint32_t *small) {
    const ScreenRow *screen = screen_named(row->screen);
    Stand stand;
    stand_open(&stand, screen, painter_metrics(painter));
    show_size(&stand.show, WIDTH, HEIGHT, 1);
    stand.show.input.theme = row->theme;
    screen->draw(&stand);
    make_smaller(painter_paint(painter, &stand.show.scene), small);
    stand_close(&stand);
}

static void the_main_screens_look_as_they_did(void **state) {
    static uint32_t got[PIXELS], want[PIXELS];
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        char file[128];
        (void)snprintf(file, sizeof file, "tests/golden/pictures/%s.png", ROWS[i].name);
        paint(*state, &ROWS[i], got);
        if (getenv("UPDATE_GOLDEN") != NULL) {
            Diags diags = {0};
            assert_true(picture_write_png(file, got, SMALL_WIDTH, SMALL_HEIGHT, &diags));
            continue;
        }
        golden_read_picture(file, want);
        const int count = far_apart(got, want);
        if (count > FAR_MOST) {
            fail_msg("%s: %d of %d pixels differ much", file, count, PIXELS);
        }
    }
}

/* The measure itself: screens that are not the same are told apart. */
static void other_screens_look_different(void **state) {
    static uint32_t a[PIXELS], b[PIXELS];
    for (size_t i = 1; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        paint(*state, &ROWS[i - 1], a);
        paint(*state, &ROWS[i], b);
        assert_true(far_apart(a, b) > FAR_MOST);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_main_screens_look_as_they_did),
        cmocka_unit_test(other_screens_look_different),
    };
    return cmocka_run_group_tests_name("ui/golden", tests, open_painter, close_painter);
}
