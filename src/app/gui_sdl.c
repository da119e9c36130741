/* The graphical side, with a window. */
#include "app/gui.h"

#include "app/process.h"
#include "app/window_app.h"
#include "ui/fonts.h"

#include <stdlib.h>

enum { WINDOW_WIDTH_PX = 1280, WINDOW_HEIGHT_PX = 720 };

static void input_init(ViewInput *input, const Options *options) {
    *input = (ViewInput){.theme = options->theme,
                         .text_scale = options->font_scale > 0 ? (float)options->font_scale : 1,
                         .selected = EVENT_NONE,
                         .pointer_x = -1,
                         .pointer_y = -1};
}

static int gui_without_window(const char *file, const CompareSpec *spec, Diags *diags) {
    if (spec != NULL) {
        diags_add(diags, "loopscope", "without a window: loopscope compare %s %s --no-window",
                  spec->file[0], spec->file[1]);
    } else {
        diags_add(diags, "loopscope", "without a window: loopscope run %s --narrate",
                  file == NULL ? "SCENARIO" : file);
    }
    command_report(diags);
    return EXIT_USAGE;
}

/* The window on one file, on two (`spec`), or on the welcome screen. */
static int gui_run(const Options *options, const char *file, bool trace_only,
                   const CompareSpec *spec) {
    Diags diags = {0};
    App app = {.options = options, .trace_only = trace_only};
    app.painter = painter_create(&diags);
    if (app.painter != NULL) {
        app.window = window_create("Loopscope", WINDOW_WIDTH_PX, WINDOW_HEIGHT_PX,
                                   options->fullscreen, &diags);
    }
    if (app.window == NULL) {
        painter_destroy(app.painter);
        return gui_without_window(file, spec, &diags);
    }
    process_leave_console();
    input_init(&app.input, options);
    player_init(&app.player);
    app.player.pace = player_pace_near(options->pace);
    app_room_begin(&app);
    welcome_load(&app.welcome, &app.settings);
    if (spec != NULL) {
        app_compare_open(&app, spec);
    } else if (file != NULL) {
        app_open(&app, file, trace_only);
    }
    const int status = app_main_loop(&app);
    app_room_end(&app);
    if (options->report_frames) {
        report_print(&app.frames);
    }
    report_finish(&app.frames);
    welcome_finish(&app.welcome);
    scene_finish(&app.scene);
    window_destroy(app.window);
    painter_destroy(app.painter);
    return status;
}

int gui_open(const Options *options, const char *file, bool trace_only) {
    return gui_run(options, file, trace_only, NULL);
}

int gui_compare(const Options *options, const CompareSpec *spec) {
    return gui_run(options, NULL, false, spec);
}

bool gui_doctor(Buf *out) {
    char display[160];
    const bool shown = window_display_available(display, sizeof display);
    buf_printf(out, "display   %s\n", display);
    if (!shown) {
        buf_append_text(out, "          without one: loopscope run SCENARIO --narrate\n");
    }
    char font[4096];
    bool fonts = true;
    for (int i = 0; i < FONT_COUNT; i++) {
        fonts = fonts_find((Font)i, font, sizeof font) && fonts;
    }
    if (fonts) {
        buf_printf(out, "fonts     Inter and JetBrains Mono are here\n");
    } else {
        buf_printf(out, "fonts     missing: install %s\n", fonts_packages());
    }
    return fonts;
}
