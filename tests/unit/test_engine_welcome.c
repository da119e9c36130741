/* The welcome screen with what only the engine can give it: the shapes of scenarios that were run
 * on its cards, and the real format beside a problem. Golden scenes. */
#include "engine_class.h"

#include "view_welcome_stand.h"

#include "view/shape.h"

static const char *const SHOWN[] = {"three-writers", "sleepers", "frozen-loop", "cancel",
                                    "group-error",   "deadlock", "ten-thousand"};
enum { SHOWN_COUNT = sizeof SHOWN / sizeof SHOWN[0] };

static void the_cards_have_their_shapes(void **state) {
    (void)state;
    static RunShape shapes[SHOWN_COUNT];
    Welcome welcome;
    welcome_begin(&welcome);
    welcome.input.width_px = 1600;
    welcome.input.height_px = 900;
    welcome_show(&welcome);
    const size_t bare = welcome.scene.draw_count;
    for (size_t i = 0; i < SHOWN_COUNT; i++) {
        char file[128];
        Class class;
        (void)snprintf(file, sizeof file, "scenarios/%s.json", SHOWN[i]);
        class_open(&class, file, true);
        shape_make(class.timeline, &shapes[i]);
        assert_true(shapes[i].lane_count > 0);
        class_close(&class);
        welcome.items[i].name = SHOWN[i];
        welcome.items[i].shape = &shapes[i];
    }
    welcome_show(&welcome);
    assert_true(welcome.scene.draw_count > bare);
    check_golden_scene(&welcome.scene, "welcome-shapes");
    welcome_finish(&welcome);
}

static void the_format_is_told_in_short(void **state) {
    (void)state;
    Welcome welcome;
    Listing format = {0};
    scenario_list_format(&format);
    welcome_begin(&welcome);
    welcome_problem(&welcome, "\"64 KiB\"");
    welcome.input.format = &format;
    welcome.input.width_px = 1600;
    welcome.input.height_px = 900;
    welcome_show(&welcome);
    check_golden_scene(&welcome.scene, "welcome-format");
    welcome.input.width_px = 1024;
    welcome.input.height_px = 640;
    welcome_show(&welcome);
    check_golden_scene(&welcome.scene, "welcome-format-small");
    welcome_finish(&welcome);
    listing_finish(&format);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cards_have_their_shapes),
        cmocka_unit_test(the_format_is_told_in_short),
    };
    return cmocka_run_group_tests_name("welcome screen", tests, NULL, NULL);
}
