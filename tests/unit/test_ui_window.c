/* The window on SDL's dummy display: events are pushed as SDL would bring them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/icon.h"
#include "ui/window_own.h"

#include <SDL.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* SDL ends a round of polling by itself now and then; what is there comes with the next one. */
static WindowEvent next_event(Window *window) {
    WindowEvent event = {.kind = WINDOW_NONE};
    for (int round = 0; round < 3 && event.kind == WINDOW_NONE; round++) {
        event = window_next_event(window, 0);
    }
    return event;
}

static Window *open_window(void) {
    Diags diags = {0};
    Window *window = window_create("test", 1280, 720, false, &diags);
    assert_non_null(window);
    assert_int_equal(diags.count, 0);
    while (next_event(window).kind != WINDOW_NONE) { /* what opening brought */
    }
    return window;
}

static int use_dummy(void **state) {
    (void)state;
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    setenv("SDL_RENDER_DRIVER", "software", 1);
    return 0;
}

static void push_key(SDL_Keycode key, Uint16 modifiers, Uint8 repeat) {
    SDL_Event event;
    memset(&event, 0, sizeof event);
    event.type = SDL_KEYDOWN;
    event.key.keysym.sym = key;
    event.key.keysym.mod = modifiers;
    event.key.repeat = repeat;
    assert_int_equal(SDL_PushEvent(&event), 1);
}

static void push_text(const char *text) {
    SDL_Event event;
    memset(&event, 0, sizeof event);
    event.type = SDL_TEXTINPUT;
    SDL_strlcpy(event.text.text, text, sizeof event.text.text);
    assert_int_equal(SDL_PushEvent(&event), 1);
}

static void push_motion(int x, int y) {
    SDL_Event event;
    memset(&event, 0, sizeof event);
    event.type = SDL_MOUSEMOTION;
    event.motion.x = x;
    event.motion.y = y;
    assert_int_equal(SDL_PushEvent(&event), 1);
}

static void push_button(Uint32 type, Uint8 button, int x, int y) {
    SDL_Event event;
    memset(&event, 0, sizeof event);
    event.type = type;
    event.button.button = button;
    event.button.x = x;
    event.button.y = y;
    assert_int_equal(SDL_PushEvent(&event), 1);
}

static void push_window(Uint8 change) {
    SDL_Event event;
    memset(&event, 0, sizeof event);
    event.type = SDL_WINDOWEVENT;
    event.window.event = change;
    assert_int_equal(SDL_PushEvent(&event), 1);
}

static void expect_key(Window *window, const char *key, bool shift, bool ctrl) {
    const WindowEvent event = next_event(window);
    assert_int_equal(event.kind, WINDOW_KEY);
    assert_string_equal(event.key, key);
    assert_int_equal(event.shift, shift);
    assert_int_equal(event.ctrl, ctrl);
}

static void expect_nothing(Window *window) {
    assert_int_equal(next_event(window).kind, WINDOW_NONE);
}

static void keys_have_names_and_modifiers(void **state) {
    (void)state;
    Window *window = open_window();
    push_key(SDLK_SPACE, KMOD_NONE, 0);
    push_text(" ");
    expect_key(window, "Space", false, false);
    push_key(SDLK_RIGHT, KMOD_LSHIFT, 0);
    expect_key(window, "Right", true, false);
    push_key(SDLK_PAGEDOWN, KMOD_NUM, 0);
    expect_key(window, "PageDown", false, false);
    push_key(SDLK_q, KMOD_RCTRL, 0);
    expect_key(window, "Q", false, true);
    push_key(SDLK_v, KMOD_NONE, 0);
    push_text("v");
    expect_key(window, "V", false, false);
    push_key(SDLK_F11, KMOD_NONE, 0);
    expect_key(window, "F11", false, false);
    push_key(SDLK_LALT, KMOD_LALT, 0);
    push_key(SDLK_F4, KMOD_LALT, 0); /* the desktop's */
    expect_nothing(window);
    window_destroy(window);
}

static void signs_come_as_they_are_written(void **state) {
    (void)state;
    Window *window = open_window();
    push_key(SDLK_SLASH, KMOD_LSHIFT, 0); /* an English keyboard */
    push_text("?");
    expect_key(window, "?", false, false);
    push_key(0xDF, KMOD_LSHIFT, 0); /* a German one */
    push_text("?");
    expect_key(window, "?", false, false);
    push_key(SDLK_7, KMOD_LSHIFT, 0);
    push_text("/");
    expect_key(window, "/", false, false);
    push_key(SDLK_1, KMOD_NONE, 0);
    push_text("1");
    expect_key(window, "1", false, false);
    push_key(SDLK_SLASH, KMOD_LCTRL, 0); /* writes nothing */
    expect_key(window, "/", false, true);
    push_text("\xC3\xA9"); /* a name may have it */
    expect_key(window, "\xC3\xA9", false, false);
    SDL_SetModState(KMOD_LCTRL);
    push_text("="); /* Ctrl with it was a key already */
    expect_nothing(window);
    SDL_SetModState(KMOD_NONE);
    window_destroy(window);
}

static void only_arrows_repeat(void **state) {
    (void)state;
    Window *window = open_window();
    push_key(SDLK_RIGHT, KMOD_NONE, 1);
    expect_key(window, "Right", false, false);
    push_key(SDLK_SPACE, KMOD_NONE, 1);
    push_text(" ");
    push_key(SDLK_SLASH, KMOD_LSHIFT, 1);
    push_text("?");
    push_key(SDLK_m, KMOD_NONE, 1);
    push_text("m");
    expect_nothing(window);
    push_key(SDLK_SLASH, KMOD_LSHIFT, 0);
    push_text("?");
    expect_key(window, "?", false, false);
    window_destroy(window);
}

static void motions_in_a_row_are_one(void **state) {
    (void)state;
    Window *window = open_window();
    for (int x = 0; x < 20; x++) {
        push_motion(x, 5);
    }
    push_button(SDL_MOUSEBUTTONDOWN, SDL_BUTTON_LEFT, 30, 40);
    push_motion(31, 41);
    push_motion(32, 42);
    push_button(SDL_MOUSEBUTTONUP, SDL_BUTTON_LEFT, 33, 43);
    push_button(SDL_MOUSEBUTTONDOWN, SDL_BUTTON_RIGHT, 1, 1);
    static const struct {
        WindowEventKind kind;
        float x, y;
    } WANTED[] = {{WINDOW_POINTER, 19, 5},
                  {WINDOW_PRESS, 30, 40},
                  {WINDOW_POINTER, 32, 42},
                  {WINDOW_RELEASE, 33, 43}};
    for (size_t i = 0; i < sizeof WANTED / sizeof *WANTED; i++) {
        const WindowEvent event = next_event(window);
        assert_int_equal(event.kind, WANTED[i].kind);
        assert_true(event.x == WANTED[i].x && event.y == WANTED[i].y);
    }
    expect_nothing(window);
    window_destroy(window);
}

static void the_wheel_turns(void **state) {
    (void)state;
    Window *window = open_window();
    SDL_Event push;
    memset(&push, 0, sizeof push);
    push.type = SDL_MOUSEWHEEL;
    push.wheel.preciseY = -1.5F;
    push.wheel.preciseX = 2;
    SDL_PushEvent(&push);
    WindowEvent event = next_event(window);
    assert_int_equal(event.kind, WINDOW_WHEEL);
    assert_true(event.dy == -1.5F && event.dx == 2);
    push.wheel.direction = SDL_MOUSEWHEEL_FLIPPED;
    SDL_PushEvent(&push);
    event = next_event(window);
    assert_true(event.dy == 1.5F && event.dx == -2);
    window_destroy(window);
}

static void changes_of_the_window_are_told(void **state) {
    (void)state;
    static const struct {
        Uint8 change;
        WindowEventKind kind;
    } CHANGES[] = {
        {SDL_WINDOWEVENT_EXPOSED, WINDOW_RESIZE},  {SDL_WINDOWEVENT_SIZE_CHANGED, WINDOW_RESIZE},
        {SDL_WINDOWEVENT_RESTORED, WINDOW_RESIZE}, {SDL_WINDOWEVENT_LEAVE, WINDOW_LEAVE},
        {SDL_WINDOWEVENT_CLOSE, WINDOW_QUIT},      {SDL_WINDOWEVENT_MOVED, WINDOW_NONE}};
    Window *window = open_window();
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        push_window(CHANGES[i].change);
        assert_int_equal(next_event(window).kind, CHANGES[i].kind);
    }
    /* A lost device, or lost targets: painted anew, and shown as before. */
    static const uint32_t FRAME[64 * 64];
    SDL_Event event = {.type = SDL_FIRSTEVENT};
    for (int lost = 0; lost < 4; lost++) {
        event.type = lost % 2 == 0 ? SDL_RENDER_DEVICE_RESET : SDL_RENDER_TARGETS_RESET;
        SDL_PushEvent(&event);
        assert_int_equal(next_event(window).kind, WINDOW_RESIZE);
        window_show(window, FRAME, 64, 64);
    }
    event.type = SDL_QUIT;
    SDL_PushEvent(&event);
    assert_int_equal(next_event(window).kind, WINDOW_QUIT);
    window_destroy(window);
}

static void check_shown(Window *window, uint32_t color) {
    uint32_t pixel = 0;
    assert_int_equal(SDL_RenderReadPixels(window->renderer, &(SDL_Rect){31, 17, 1, 1},
                                          SDL_PIXELFORMAT_ARGB8888, &pixel, sizeof pixel),
                     0);
    assert_int_equal(pixel & 0xFFFFFF, color & 0xFFFFFF);
}

/* The texture that frames go through dies with its device; the next frame makes it anew. Here is
 * no device to be lost, but a renderer that has a texture. */
static void a_lost_device_is_made_up_for(void **state) {
    (void)state;
    Window *window = open_window();
    if (window->renderer == NULL) {
        window->renderer = SDL_CreateRenderer(window->sdl, -1, SDL_RENDERER_SOFTWARE);
    }
    assert_non_null(window->renderer);
    static uint32_t frame[64 * 64];
    SDL_Event event = {.type = SDL_FIRSTEVENT};
    for (uint32_t lost = 0; lost < 4; lost++) {
        const uint32_t color = 0xFF204060 + lost;
        for (size_t i = 0; i < sizeof frame / sizeof frame[0]; i++) {
            frame[i] = color;
        }
        window_show(window, frame, 64, 64);
        assert_non_null(window->texture);
        check_shown(window, color);
        const bool device = lost % 2 == 0;
        event.type = device ? SDL_RENDER_DEVICE_RESET : SDL_RENDER_TARGETS_RESET;
        SDL_PushEvent(&event);
        assert_int_equal(next_event(window).kind, WINDOW_RESIZE); /* so it is painted anew */
        assert_int_equal(window->texture == NULL, device);
        SDL_RenderClear(window->renderer);
        window_show(window, frame, 64, 64);
        check_shown(window, color);
    }
    window_destroy(window);
}

static void a_dropped_file_brings_its_path(void **state) {
    (void)state;
    Window *window = open_window();
    for (int i = 0; i < 2; i++) { /* the first path is given back by then */
        SDL_Event push;
        memset(&push, 0, sizeof push);
        push.type = SDL_DROPFILE;
        push.drop.file = SDL_strdup("/tmp/a b.json");
        SDL_PushEvent(&push);
        const WindowEvent event = next_event(window);
        assert_int_equal(event.kind, WINDOW_DROP);
        assert_string_equal(event.path, "/tmp/a b.json");
    }
    window_destroy(window);
}

static void *wake_it(void *unused) {
    (void)unused;
    window_wake();
    return NULL;
}

/* The wait is a minute; the test's end shows that it was not waited for. */
static void another_thread_wakes_the_wait(void **state) {
    (void)state;
    Window *window = open_window();
    pthread_t thread;
    const Uint64 start = SDL_GetTicks64();
    assert_int_equal(pthread_create(&thread, NULL, wake_it, NULL), 0);
    assert_int_equal(window_next_event(window, 60 * 1000).kind, WINDOW_NONE);
    assert_true(SDL_GetTicks64() - start < 60 * 1000);
    pthread_join(thread, NULL);
    expect_nothing(window);
    window_destroy(window);
}

static void events_not_ours_do_not_end_the_wait(void **state) {
    (void)state;
    Window *window = open_window();
    const Uint64 start = SDL_GetTicks64();
    for (int i = 0; i < 5; i++) {
        push_window(SDL_WINDOWEVENT_MOVED);
    }
    assert_int_equal(window_next_event(window, 60).kind, WINDOW_NONE);
    assert_true(SDL_GetTicks64() - start >= 60);
    window_destroy(window);
}

/* SDL counts its windows. */
static SDL_Surface *surface_of_the_window(void) {
    for (Uint32 id = 1; id < 1000; id++) {
        SDL_Window *window = SDL_GetWindowFromID(id);
        if (window != NULL) {
            return SDL_GetWindowSurface(window);
        }
    }
    return NULL;
}

static void frames_of_any_size_are_shown(void **state) {
    (void)state;
    Window *window = open_window();
    int width_px = 0, height_px = 0;
    window_size(window, &width_px, &height_px);
    assert_int_equal(width_px, 1024); /* SDL's dummy screen is 1024 x 768: no larger than that */
    assert_int_equal(height_px, 720);
    assert_string_equal(window_renderer_name(window), "software");
    static const int SIZES[][2] = {{1280, 720}, {1024, 640}, {1920, 1080}, {1, 1}};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        const size_t count = (size_t)SIZES[i][0] * (size_t)SIZES[i][1];
        uint32_t *pixels =
            calloc(count, sizeof *pixels); /* exactly, so that ASan sees any overrun */
        assert_non_null(pixels);
        pixels[0] = 0xFF123456;
        pixels[count - 1] = 0xFF654321;
        window_show(window, pixels, SIZES[i][0], SIZES[i][1]);
        const SDL_Surface *surface = surface_of_the_window();
        assert_non_null(surface);
        const uint32_t first = *(const uint32_t *)surface->pixels & 0xFFFFFF;
        assert_int_equal(first, count == 1 ? 0x654321 : 0x123456);
        free(pixels);
    }
    window_toggle_fullscreen(window);
    window_toggle_fullscreen(window);
    window_set_title(window, "another title");
    window_destroy(window);
    window_destroy(NULL);
}

static void signals_stay_the_programs(void **state) {
    (void)state;
    struct sigaction before, after;
    sigaction(SIGINT, NULL, &before);
    Window *window = open_window();
    sigaction(SIGINT, NULL, &after);
    assert_true(before.sa_handler == after.sa_handler);
    sigaction(SIGTERM, NULL, &after);
    assert_true(after.sa_handler == SIG_DFL);
    window_destroy(window);
}

/* Sets a variable (NULL: unsets it); returns what it was, for restore_variable. */
static char *replace_variable(const char *name, const char *value) {
    char *before = getenv(name) == NULL ? NULL : strdup(getenv(name));
    if (value == NULL) {
        unsetenv(name);
    } else {
        setenv(name, value, 1);
    }
    return before;
}

static void restore_variable(const char *name, char *before) {
    free(replace_variable(name, before));
    free(before);
}

static void expect_no_display(void) {
    Diags diags = {0};
    char line[160] = "";
    assert_null(window_create("test", 1280, 720, false, &diags));
    assert_int_equal(diags.count, 1);
    assert_non_null(strstr(diags.items[0].message, "display"));
    assert_false(window_display_available(line, sizeof line));
    assert_true(strlen(line) > 4);
    diags_finish(&diags);
}

static void no_display_is_a_sentence(void **state) {
    (void)state;
    char line[160];
    assert_true(window_display_available(line, sizeof line));
    assert_non_null(strstr(line, "dummy"));
    char *driver = replace_variable("SDL_VIDEODRIVER", "x11");
    char *display = replace_variable("DISPLAY", ":4242");
    char *wayland = replace_variable("WAYLAND_DISPLAY", NULL);
    expect_no_display();
    /* SDL would fall back to a driver that shows nothing to anybody. */
    unsetenv("SDL_VIDEODRIVER");
    unsetenv("DISPLAY");
    expect_no_display();
    restore_variable("WAYLAND_DISPLAY", wayland);
    restore_variable("DISPLAY", display);
    restore_variable("SDL_VIDEODRIVER", driver);
}

static void the_icon_is_a_mark_on_a_round_tile(void **state) {
    (void)state;
    enum { SIDE = 64 };
    static uint32_t pixels[SIDE * SIDE];
    icon_draw(pixels, SIDE);
    assert_int_equal(pixels[0] >> 24, 0);                             /* the corners are open */
    assert_int_equal(pixels[SIDE * SIDE / 2 + SIDE / 2], 0xFF171C23); /* the ring is hollow */
    int light = 0, half = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
        light += (pixels[i] & 0xFF) > 0xE0 && pixels[i] >> 24 == 0xFF;
        half += pixels[i] >> 24 > 0 && pixels[i] >> 24 < 0xFF;
    }
    assert_in_range(light, 200, 900);
    assert_in_range(half, 8, 400);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_have_names_and_modifiers),
        cmocka_unit_test(signs_come_as_they_are_written),
        cmocka_unit_test(only_arrows_repeat),
        cmocka_unit_test(motions_in_a_row_are_one),
        cmocka_unit_test(the_wheel_turns),
        cmocka_unit_test(changes_of_the_window_are_told),
        cmocka_unit_test(a_lost_device_is_made_up_for),
        cmocka_unit_test(a_dropped_file_brings_its_path),
        cmocka_unit_test(another_thread_wakes_the_wait),
        cmocka_unit_test(events_not_ours_do_not_end_the_wait),
        cmocka_unit_test(frames_of_any_size_are_shown),
        cmocka_unit_test(signals_stay_the_programs),
        cmocka_unit_test(no_display_is_a_sentence),
        cmocka_unit_test(the_icon_is_a_mark_on_a_round_tile),
    };
    return cmocka_run_group_tests(tests, use_dummy, NULL);
}
